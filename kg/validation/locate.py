"""From a result to its place: the triple at fault, or the subject where a triple is missing."""

from __future__ import annotations

import contextlib
import re
import xml.parsers.expat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.terms import PREFIXES
from kg.turtle.places import Places, Spot
from kg.turtle.triples import Placed
from kg.validation.inputs import Input

_SH = PREFIXES["sh"]
_IRI = re.compile(r"(\^?)(<[^>]*>)")
# Results that are about one value too many: they point at the last.
_TOO_MANY = {f"<{_SH}{name}ConstraintComponent>" for name in ("MaxCount", "UniqueLang", "QualifiedMaxCount")}
_TEXTS = ("turtle", "trig", "ntriples", "nquads")
_JSON_ID = re.compile(r'"@id"\s*:\s*"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: the node at fault, and the path, value and component where they are known."""

    focus: str
    path: str | None = None
    value: str | None = None
    component: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A place, and how good it is: 3 the triple, 2 the subject, 1 somewhere that leads to it."""

    file: str
    spot: Spot
    rank: int
    exact: bool = True


class Locator:
    """Finds places in some inputs. `blanks`: for each file, its blank nodes' keys in the order of the parser."""

    def __init__(
        self, inputs: Sequence[Input], blanks: Mapping[str, Sequence[str]], *, bases: Mapping[str, str]
    ) -> None:
        """Nothing is read yet."""
        self._inputs = inputs
        self._blanks = {name: {key: n for n, key in enumerate(keys)} for name, keys in blanks.items()}
        self._bases = bases
        self._places: dict[str, Places] = {}
        self._lines: dict[str, dict[str, Spot]] = {}

    def prepare(self, questions: Sequence[Question]) -> None:
        """Read the statements of all subjects that will be asked for, in one pass over each file."""
        subjects = {q.focus for q in questions if q.focus.startswith("<")}
        for source in self._inputs:
            if source.syntax in _TEXTS:
                text = source.text
                present = {s for s in subjects if self._may_hold(s, text)} if len(self._inputs) > 1 else subjects
                self._places[source.name] = Places(text, source.syntax, present, base=self._bases.get(source.name))

    @staticmethod
    def _may_hold(subject: str, text: str) -> bool:
        """Whether the end of an IRI occurs in a text at all."""
        local = re.split(r"[/#:]", subject[1:-1])[-1]
        return local in text

    def find(self, question: Question) -> Answer | None:
        """The best place in any input."""
        best: Answer | None = None
        for source in self._inputs:
            answer = self._in(source, question) if source.syntax in _TEXTS else self._by_name(source, question)
            if answer is not None and (best is None or answer.rank > best.rank):
                best = answer
            if best is not None and best.rank == 3:
                break
        return best

    def _in(self, source: Input, question: Question) -> Answer | None:
        places = self._places[source.name]
        if (
            len(self._inputs) > 1
            and question.focus.startswith("<")
            and not self._may_hold(question.focus, source.text)
        ):
            return None
        focus = self._own(source, question.focus)
        value = self._own(source, question.value) if question.value is not None else None
        own = places.of(focus) if focus is not None else []
        placed, offset, rank = _choose(own, question, value)
        if placed is None and focus is not None:
            back = _inverse(question.path)
            if value is not None and back is not None and not value.startswith('"'):
                hits = [p for p in places.of(value) if p.predicate == back and p.object == focus]
                if hits:
                    placed, offset, rank = hits[0], hits[0].at_object, 3
            if placed is None:
                placed = next(places.leading_to(focus), None)
                offset, rank = (placed.at_object if placed else 0), 1
        return Answer(source.name, places.spot(offset), rank) if placed is not None else None

    def _own(self, source: Input, key: str) -> str | None:
        """A key as it is in the file's own reading; None for a blank node of another file."""
        if not key.startswith("_:"):
            return key
        number = self._blanks.get(source.name, {}).get(key)
        return None if number is None else self._places[source.name].blank(number)

    def _by_name(self, source: Input, question: Question) -> Answer | None:
        """JSON-LD and RDF/XML: the line that names the subject, which is as far as those syntaxes go."""
        if source.name not in self._lines:
            self._lines[source.name] = dict(
                _xml_names(source) if source.syntax == "rdfxml" else _json_names(source)
            )
        iri = question.focus[1:-1]
        names = self._lines[source.name]
        for name, spot in names.items():
            if name == iri:
                return Answer(source.name, spot, 2, exact=False)
        for name, spot in names.items():
            local = name.rpartition(":")[2].lstrip("#")
            if local and "//" not in name and iri.endswith(local) and not iri[: -len(local)][-1:].isalnum():
                return Answer(source.name, spot, 2, exact=False)
        return None


def _inverse(path: str | None) -> str | None:
    match = _IRI.fullmatch(path) if path else None
    return match[2] if match and match[1] else None


def _choose(own: list[Placed], question: Question, value: str | None) -> tuple[Placed | None, int, int]:
    """The triple of the focus node that the result is about, the offset to point at, and how good it is."""
    if not own:
        return None, 0, 0
    steps = _IRI.findall(question.path or "")
    predicates = [iri for mark, iri in steps if not mark]
    if value is not None:
        hits = [p for p in own if p.object == value and (not predicates or p.predicate in predicates)]
        if hits and value != question.focus:
            return hits[0], hits[0].at_object, 3
    for predicate in predicates:
        hits = [p for p in own if p.predicate == predicate]
        if hits:
            if question.component in _TOO_MANY:
                return hits[-1], hits[-1].at_object, 3
            return hits[0], hits[0].at_object if len(steps) == 1 else hits[0].at_predicate, 3
    return own[0], own[0].at_subject, 2


def _json_names(source: Input) -> list[tuple[str, Spot]]:
    text = source.text
    lines = text.splitlines()
    found: dict[str, Spot] = {}
    for match in _JSON_ID.finditer(text):
        line = text.count("\n", 0, match.start(1)) + 1
        column = match.start(1) - (text.rfind("\n", 0, match.start(1)) + 1) + 1
        found.setdefault(match[1], Spot(line, column, max(1, len(match[1])), lines[line - 1]))
    return list(found.items())


def _xml_names(source: Input) -> list[tuple[str, Spot]]:
    lines = source.text.splitlines()
    found: dict[str, Spot] = {}
    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    rdf = PREFIXES["rdf"]

    def start(_name: str, attributes: dict[str, str]) -> None:
        for kind in ("about", "ID", "nodeID"):
            value = attributes.get(f"{rdf} {kind}")
            if value is not None:
                line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
                excerpt = lines[line - 1] if line <= len(lines) else ""
                found.setdefault(value, Spot(line, column, 1, excerpt))

    parser.StartElementHandler = start
    # pyoxigraph has read it: what expat got to has its line.
    with contextlib.suppress(xml.parsers.expat.ExpatError, LookupError, ValueError):
        parser.Parse(source.data, True)
    return list(found.items())
