"""From a result to its place: the triple at fault, or the subject where a triple is missing.

- A value at fault has the triple that gives it, at the value: along a path of several predicates the last
  triple, which may be another subject's; along an inverse path the triple of the other subject whose object is the
  node at fault. A property that a closed shape does not know has its triple at the property.
- sh:minCount, sh:qualifiedMinCount: the subject that lacks the triple, which on a path of several predicates is
  the one where the path breaks off. sh:hasValue: the same, or the one value that stands in its stead.
- One value too many (sh:maxCount, sh:qualifiedMaxCount): the last one. sh:uniqueLang: the first whose language was
  there before.
- A node as a whole (sh:or and sh:xone between shapes, sh:class of the node itself, SPARQL without ?value): the subject.
- What stands in another file than the one that is checked: the link that leads there.
"""

from __future__ import annotations

import contextlib
import re
import xml.parsers.expat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.shacl.paths import Path, read_spelling
from kg.terms import PREFIXES
from kg.turtle.places import Places, Spot
from kg.turtle.tokens import Lines
from kg.turtle.triples import Placed
from kg.validation.inputs import Input, column_of_byte

_SH = PREFIXES["sh"]
_CLOSED, _EQUALS, _HAS_VALUE, _UNIQUE = (
    f"<{_SH}{name}ConstraintComponent>" for name in ("Closed", "Equals", "HasValue", "UniqueLang")
)
_TOO_FEW = {f"<{_SH}{name}ConstraintComponent>" for name in ("MinCount", "QualifiedMinCount")}
_TOO_MANY = {f"<{_SH}{name}ConstraintComponent>" for name in ("MaxCount", "QualifiedMaxCount")}
_TEXTS = ("turtle", "trig", "ntriples", "nquads")
_ROUNDS = 8  # passes over the files for nodes further along the paths


class Question(NamedTuple):
    """What is looked for: the node at fault, and the path, value and component where they are known."""

    focus: str
    path: str | None = None
    value: str | None = None
    component: str | None = None


class Answer(NamedTuple):
    """A place; `exact` is False where it is that of the subject only, found by search."""

    file: str
    spot: Spot
    exact: bool = True


class Locator:
    """Finds places in some inputs. `blanks`: for each file, its blank nodes' keys in the order of the parser."""

    def __init__(
        self, inputs: Sequence[Input], blanks: Mapping[str, Sequence[str]], *, bases: Mapping[str, str]
    ) -> None:
        """Nothing is read yet."""
        self._texts = [source for source in inputs if source.syntax in _TEXTS]
        self._others = [source for source in inputs if source.syntax not in _TEXTS]
        self._blanks = {name: {key: n for n, key in enumerate(keys)} for name, keys in blanks.items()}
        self._bases = bases
        self._places: dict[str, Places] = {}
        self._names: dict[str, dict[str, Spot]] = {}
        self._paths: dict[str, Path | None] = {}
        self._holders: dict[str, list[str]] = {}  # IRI → names of the inputs in which it may occur
        self._read: set[str] = set()
        self._wanted: set[str] = set()
        self._trails = Trails(self._triples, self._leading)

    def read(self, subjects: Collection[str]) -> None:
        """Read the statements of some IRIs, in one pass over each file."""
        self._read.update(subjects)
        for source in self._texts:
            present = {s for s in subjects if source.name in self._holding(s)}
            if (places := self._places.get(source.name)) is not None:
                places.also(present)
            else:
                base = self._bases.get(source.name)
                self._places[source.name] = Places(source.text, source.syntax, present, base=base)

    def prepare(self, questions: Sequence[Question]) -> None:
        """Read the statements of all subjects that will be asked for, in one pass over each file for each step."""
        self.read({q.focus for q in questions if q.focus.startswith("<")})
        longer = [q for q in questions if q.path is not None and "/" in re.sub("<[^>]*>", "", q.path)]
        for _ in range(_ROUNDS):
            self._wanted.clear()
            for question in longer:
                path, start = self._path(question), self._start(question.focus)
                if path is not None and start is not None:
                    self._trails.ends(path, start)
                    self._trails.stops(path, start)
            if not self._wanted:
                break
            self._read |= self._wanted
            for source in self._texts:
                self._places[source.name].also(s for s in self._wanted if source.name in self._holding(s))

    def find(self, question: Question) -> Answer | None:
        """The best place in any input."""
        start = self._start(question.focus)
        if start is not None:
            found = self._choose(question, start) or self._subject(start)
            if found is None:
                leading = self._value_elsewhere(question) or next(iter(self._leading(start)), None)
                found = None if leading is None else (leading[0], leading[1].at_object)
            if found is not None:
                return Answer(found[0], self._places[found[0]].spot(found[1]))
        for source in self._others:
            answer = self._by_name(source, question)
            if answer is not None:
                return answer
        return None

    def _choose(self, question: Question, start: Standing) -> tuple[str, int] | None:
        """File and offset of the triple at fault, or of the subject that lacks one further along the path."""
        path, component = self._path(question), question.component
        if path is None:
            return None if question.value in (None, question.focus) else self._own(question, start)
        if component in _TOO_FEW:
            return self._lacking(path, start)
        ends = self._trails.ends(path, start)
        if component == _HAS_VALUE and len({step.to for step in ends}) != 1:
            return self._lacking(path, start)
        step: Step | None = None
        if question.value is not None:
            step = next((s for s in ends if self._is(s.to, question.value)), None)
            if step is None and component == _EQUALS:  # the value of the property that it should equal
                return self._own(question, start)
            if step is None:
                return self._last_known(path, start)
        elif component in _TOO_MANY:
            step = _last_distinct(ends)
        elif component == _UNIQUE:
            step = _repeated_language(ends)
        step = step or (ends[0] if ends else None)
        if step is None:
            return self._last_known(path, start)
        return step.file, step.placed.at_predicate if component == _CLOSED else step.offset

    def _own(self, question: Question, start: Standing) -> tuple[str, int] | None:
        """The node's own triple with the value."""
        for file, placed in self._triples(start):
            if question.value is not None and self._is(Standing.of(placed.object, file), question.value):
                return file, placed.at_object
        return None

    def _lacking(self, path: Path, start: Standing) -> tuple[str, int] | None:
        """The subject where the path breaks off; where it is described in no file, the link to it."""
        node = self._trails.stops(path, start)[0]
        return self._subject(node) or self._last_known(path, start)

    def _last_known(self, path: Path, start: Standing) -> tuple[str, int] | None:
        """The last link along the path that stands in a file."""
        parts = list(path.parts) if path.kind == "sequence" else [path]
        for length in range(len(parts), 0, -1):
            ends = self._trails.ends(Path("sequence", None, tuple(parts[:length])), start)
            if ends:
                return ends[0].file, ends[0].offset
        return None

    def _subject(self, node: Standing) -> tuple[str, int] | None:
        for file, placed in self._triples(node):
            return file, placed.at_subject
        return None

    def _value_elsewhere(self, question: Question) -> tuple[str, Placed] | None:
        """For a node that no file describes: a triple with the value, by the last predicate of the path."""
        path, value = self._path(question), question.value
        if path is None or value is None or value == question.focus:
            return None
        last = path.parts[-1] if path.kind == "sequence" else path
        start = self._start(value)
        if start is None or last.kind != "iri":
            return None
        return next((found for found in self._leading(start) if found[1].predicate == f"<{last.iri}>"), None)

    # Triples and keys

    def _path(self, question: Question) -> Path | None:
        text = question.path
        if text is None:
            return None
        if text not in self._paths:
            try:
                self._paths[text] = read_spelling(text)
            except ValueError:
                self._paths[text] = None
        return self._paths[text]

    def _start(self, key: str) -> Standing | None:
        """A key of the whole graph as a node of the files; None for a blank node of none of them."""
        if not key.startswith("_:"):
            return Standing(key, None)
        for source in self._texts:
            number = self._blanks.get(source.name, {}).get(key)
            label = None if number is None else self._places[source.name].blank(number)
            if label is not None:
                return Standing(label, source.name)
        return None

    def _is(self, node: Standing, key: str) -> bool:
        return node.node == key if node.file is None else node == self._start(key)

    def _holding(self, key: str) -> list[str]:
        """The names of the files in which an IRI may be written, by the end of its name."""
        if len(self._texts) == 1:
            return [self._texts[0].name]
        if key not in self._holders:
            local = re.split(r"[/#:]", key[1:-1])[-1]
            self._holders[key] = [source.name for source in self._texts if local in source.text]
        return self._holders[key]

    def _triples(self, node: Standing) -> Iterable[tuple[str, Placed]]:
        if node.node.startswith('"'):
            return
        if node.file is not None:
            holders = [node.file]
        elif node.node in self._read:
            holders = self._holding(node.node)
        else:
            self._wanted.add(node.node)
            return
        for name in holders:
            for placed in self._places[name].of(node.node):
                yield name, placed

    def _leading(self, node: Standing) -> Iterable[tuple[str, Placed]]:
        holders = [node.file] if node.file is not None else [source.name for source in self._texts]
        if node.node.startswith("<"):
            holders = self._holding(node.node)
        for name in holders:
            for placed in self._places[name].leading_to(node.node):
                yield name, placed

    # Syntaxes without places

    def _by_name(self, source: Input, question: Question) -> Answer | None:
        """JSON-LD and RDF/XML: the line that names the subject, which is as far as those syntaxes go."""
        if source.name not in self._names:
            self._names[source.name] = names(source)
        iri = question.focus[1:-1]
        named = self._names[source.name]
        if iri in named:
            return Answer(source.name, named[iri], exact=False)
        for name, spot in named.items():
            local = name.rpartition(":")[2].lstrip("#")
            if local and "//" not in name and iri.endswith(local) and not iri[: -len(local)][-1:].isalnum():
                return Answer(source.name, spot, exact=False)
        return None


def _last_distinct(steps: Iterable[Step]) -> Step | None:
    """The value that came last, where it is first written: one that is written twice is one."""
    first: dict[Standing, Step] = {}
    for step in steps:
        first.setdefault(step.to, step)
    return list(first.values())[-1] if first else None


def _repeated_language(steps: Iterable[Step]) -> Step | None:
    """The first of distinct values whose language an earlier one has."""
    values: set[str] = set()
    languages: set[str] = set()
    for step in steps:
        value, quote, language = step.to.node.rpartition('"@')
        if not quote or step.to.node in values:
            continue
        if language in languages:
            return step
        values.add(value + quote + language)
        languages.add(language)
    return None


# Along paths


class Standing(NamedTuple):
    """A node on the way; a blank node's key is that of its file's own reading, so the file belongs to it."""

    node: str
    file: str | None

    @classmethod
    def of(cls, node: str, file: str) -> Standing:
        """The node with the file where that matters."""
        return cls(node, file if node.startswith("_:") else None)


class Step(NamedTuple):
    """A node that a path led to, by the triple `placed` of `file`; `offset` is where the text names it."""

    to: Standing
    file: str
    placed: Placed
    offset: int


Reader = Callable[[Standing], Iterable[tuple[str, Placed]]]


class Trails:
    """Paths over triples that are read when they are asked for.

    `forward` gives the triples of a subject, `backward` those that lead to a node, each with its file.
    """

    def __init__(self, forward: Reader, backward: Reader) -> None:
        """Nothing is read yet."""
        self._forward = forward
        self._backward = backward

    def ends(self, path: Path, start: Standing) -> list[Step]:
        """The last steps of all ways along `path`, in the order of the text; none for a way without a triple."""
        return list(self._along(path, start))

    def stops(self, path: Path, start: Standing) -> list[Standing]:
        """The nodes that have what comes before the last step of `path` that can be made, but lack that step."""
        parts = path.parts if path.kind == "sequence" else (path,)
        before = [start]
        for part in parts:
            after: list[Standing] = []
            lacking: list[Standing] = []
            for node in before:
                steps = [step.to for step in self._along(part, node)]
                (after.extend(steps) if steps else lacking.append(node))
            if not after or part is parts[-1]:
                return lacking or before
            before = list(dict.fromkeys(after))
        return before

    def _along(self, path: Path, start: Standing) -> Iterator[Step]:
        if path.kind == "iri":
            predicate = f"<{path.iri}>"
            for file, placed in self._forward(start):
                if placed.predicate == predicate:
                    yield Step(Standing.of(placed.object, file), file, placed, placed.at_object)
        elif path.kind == "inverse":
            predicate = f"<{path.parts[0].iri}>"
            for file, placed in self._backward(start):
                if placed.predicate == predicate:
                    yield Step(Standing.of(placed.subject, file), file, placed, placed.at_object)
        elif path.kind == "alternative":
            for part in path.parts:
                yield from self._along(part, start)
        elif path.kind == "sequence":
            *leading, last = path.parts
            before = [start]
            for part in leading:
                before = list(dict.fromkeys(self._reached(part, before)))
            for node in before:
                yield from self._along(last, node)
        else:
            seen: set[Standing] = set()
            todo = [start]
            while todo:
                for step in self._along(path.parts[0], todo.pop(0)):
                    yield step
                    if step.to not in seen and path.kind != "maybe":
                        seen.add(step.to)
                        todo.append(step.to)

    def _reached(self, part: Path, nodes: list[Standing]) -> Iterator[Standing]:
        for node in nodes:
            if part.kind in ("many", "maybe"):
                yield node
            for step in self._along(part, node):
                yield step.to


# Where JSON-LD and RDF/XML name their subjects: the line, which is as far as places go in those syntaxes

_JSON_ID = re.compile(r'"@id"\s*:\s*"((?:[^"\\]|\\.)*)"')


def names(source: Input) -> dict[str, Spot]:
    """Every name of a subject as it is written, and where it is first."""
    return _xml_names(source) if source.syntax == "rdfxml" else _json_names(source)


def _json_names(source: Input) -> dict[str, Spot]:
    lines = Lines(source.text)
    found: dict[str, Spot] = {}
    for match in _JSON_ID.finditer(source.text):
        line, column = lines.place(match.start(1))
        found.setdefault(match[1], Spot(line, column, max(1, len(match[1])), lines.line(line)))
    return found


def _xml_names(source: Input) -> dict[str, Spot]:
    lines = Lines(source.text)
    found: dict[str, Spot] = {}
    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    rdf = PREFIXES["rdf"]

    def start(_name: str, attributes: dict[str, str]) -> None:
        for kind in ("about", "ID", "nodeID"):
            value = attributes.get(f"{rdf} {kind}")
            if value is not None and value not in found:
                line = parser.CurrentLineNumber
                column = column_of_byte(lines.line(line), parser.CurrentColumnNumber)
                found[value] = Spot(line, column, 1, lines.line(line))

    parser.StartElementHandler = start
    # pyoxigraph has read it: what expat got to has its line.
    with contextlib.suppress(xml.parsers.expat.ExpatError, LookupError, ValueError):
        parser.Parse(source.data, True)
    return found
