"""One validation from files to a report, inside the process that may be killed.

Run as `python -m kg.validation`: a Request comes pickled on stdin, a Report or an error goes back.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Store

from kg.errors import DataError, KgError, Place, UsageError, WorldError
from kg.shacl.graph import TYPE, Graph, Overlay, key, values
from kg.shacl.validator import CircularData, Outcome, Validator
from kg.terms import PREFIXES
from kg.validation import AMOUNTS, EARLIER, quotations
from kg.validation.confine import limit
from kg.validation.hints import display, hint
from kg.validation.inputs import Body, Input, Refused, Request, read
from kg.validation.lint import faults
from kg.validation.report import SEVERITIES, Finding, Report
from kg.validation.shapes import ShapesGraph
from kg.validation.source_map import Answer, Locator, Question

if TYPE_CHECKING:
    from kg.shacl.pyshacl import Result
    from kg.validation.base import Base
    from kg.validation.checks import Row

_SH = PREFIXES["sh"]
_STATEMENTS_OF_A_SMALL_GRAPH = 400_000
_LARGE = 1_000_000  # statements


class Validation:
    """One request being carried out."""

    def __init__(self, request: Request) -> None:
        """Read the shapes. Raises Refused where they cannot be read."""
        self.request = request
        self.shapes_graph = ShapesGraph(request.shapes)
        self.shapes = self.shapes_graph.index
        self.shapes_graph.refuse()
        self.validator = Validator(self.shapes, compiled=request.engine == "auto")
        self.notes: list[str] = []
        self._declared_terms: frozenset[str] | None = None

    def report(self) -> Report:
        """Validate every input."""
        request = self.request
        findings = list(self.shapes_graph.findings())
        count = compiled = left = 0
        # The inputs may be files of the project: the graph that they are held against is the rest of it.
        base: Base | None = None
        groups = [request.inputs] if request.together else [(source,) for source in request.inputs]
        for group in groups:
            try:
                new = read(group, relative=request.relative)
            except Refused as refused:
                findings.append(refused.finding)
                continue
            count += new.index.size
            if not new.index.size:
                findings.append(_empty(group[0]))
                continue
            names = {Path(source.name).resolve() for source in group}
            rest = tuple(source for source in request.base if Path(source.name).resolve() not in names)
            if rest and (base is None or base.inputs != rest):
                from kg.validation.base import Base

                base = Base(rest, request.stored)
            outcome = self._outcome(new, base if rest else None)
            self.notes.extend(outcome.notes)
            if not outcome.checked:
                findings.append(self.shapes_graph.unchecked(new.index, group[0].name))
            compiled, left = compiled + outcome.compiled, left + outcome.left
            findings.extend(self._findings(outcome.results, new, base if rest else None))
            new.index.clear()  # what is judged by itself need not wait in memory for the others
        if left and request.relative:  # shapes of the user's own
            findings.extend(self.shapes_graph.doubts())
        unique = list(_of_today(sorted(findings, key=Finding.order)))
        files = tuple(source.name for source in request.inputs)
        notes = tuple(dict.fromkeys(self.notes))
        return Report(tuple(unique), files, count, request.engine, notes, compiled, left)

    def _outcome(self, new: Body, base: Base | None) -> Outcome:
        """The results of shapes. Raises DataError, UsageError and WorldError for what cannot be decided."""
        if not self.shapes.size:
            return Outcome([], checked=False)
        try:
            if base is None:
                return self.validator.validate(new.index, new.prefixes)
            return self.validator.validate_new(new.index, base.graph, lambda: base.whole, new.prefixes)
        except CircularData:
            raise _CIRCLE from None
        except (KgError, Refused, MemoryError):
            raise
        except Exception as error:
            found = _undecided(error)
            if found is not _CIRCLE:
                self.shapes_graph.refuse_ill_formed(error, isinstance(found, UsageError))
            raise found from None

    def _findings(self, results: list[Result], new: Body, base: Base | None) -> Iterator[Finding]:
        rows = self._check_rows(new, base) if self.request.lint else []
        locator = Locator(new.inputs, new.blanks, bases=new.bases)
        data: Graph = Overlay(base.graph, new.index) if base is not None else new.index
        problems = self._lint(new, data, results, rows) if self.request.lint else []
        if self.request.lint and base is not None:
            problems += list(_described_twice(new, base, data))
        questions = [Question(r.focus, r.path, r.value, r.component) for r in results]
        found = [self._finding(result, new, data) for result in results]
        if new.index.size > _LARGE:
            new.index.clear()  # its memory is what the text needs, in which the places are looked for
        locator.prepare([*questions, *(question for question, _ in problems)])
        for finding, question in zip(found, questions, strict=True):
            yield _placed(finding, locator.find(question), new)
        for question, finding in problems:
            yield _placed(finding, locator.find(question), new)

    # Shapes

    def _finding(self, result: Result, new: Body, data: Graph) -> Finding:
        shape = result.constraint if result.shape.startswith("_:") and result.constraint else result.shape
        severity = result.severity.removeprefix(f"<{_SH}").removesuffix(">").lower()
        return Finding(
            new.inputs[0].name,
            severity if severity in SEVERITIES else "violation",  # a severity of one's own is a grave one
            rule_name(shape, result.component),
            _messages(result),
            help=hint(self.shapes, data, result.shape, result.component, result.path, result.value),
            shape=shape,
            component=result.component,
            focus=result.focus,
            path=result.path,
            value=result.value,
            severity_iri=result.severity,
        )

    # What no shape says

    def _lint(
        self, new: Body, data: Graph, results: list[Result], rows: Iterable[Row]
    ) -> list[tuple[Question, Finding]]:
        found: list[tuple[Question, Finding]] = []
        said = {(result.focus, result.value) for result in results}
        file = new.inputs[0].name
        known = lambda: self._declared(data)  # noqa: E731
        quoted = quotations.faults(new.index.by_subject, data)
        for fault in (*faults(new.index.by_subject, known), *quoted):
            if fault.rule == "ill-typed-literal" and (fault.focus, fault.value) in said:
                continue
            question = Question(fault.focus, fault.predicate, fault.value)
            found.append((question, Finding.of(fault, file)))
        for row in rows:
            named = ", ".join(f"{name} {display(term)}" for name, term in row.columns)
            finding = Finding(
                file,
                row.check.severity,
                row.check.name,
                {"en": f"{row.check.message} ({named})" if named else row.check.message},
                focus=row.focus,
                value=row.value,
            )
            found.append((Question(row.focus, None, row.value), finding))
        return found

    def _declared(self, data: Graph) -> frozenset[str]:
        """The terms of til: that the data graph, with the ontology in it, declares by a type of its own."""
        if self._declared_terms is None:
            kinds = [
                NamedNode(PREFIXES[prefix] + name)
                for prefix, name in (
                    ("owl", "Class"),
                    ("owl", "ObjectProperty"),
                    ("owl", "DatatypeProperty"),
                    ("owl", "AnnotationProperty"),
                    ("owl", "Ontology"),
                    ("rdfs", "Class"),
                    ("rdf", "Property"),
                    ("skos", "Concept"),
                )
            ]
            self._declared_terms = frozenset(
                str(term.value) for kind in kinds for term in data.subjects(TYPE, kind) if type(term) is NamedNode
            )
        return self._declared_terms

    def _check_rows(self, new: Body, base: Base | None) -> Iterable[Row]:
        if not self.request.checks:
            return []
        from kg.validation import checks as checks_

        found = [checks_.read_check(Path(path)) for path in self.request.checks]
        stored = base.stored if base is not None else None
        if stored is not None:
            rows, left = checks_.run_new(found, stored, new.index)
            if left:
                names = ", ".join(left)
                self.notes.append(
                    f"left out, as the whole graph would be read: the checks {names}; kg validate has them"
                )
            return rows
        size = new.index.size + (base.whole.size if base is not None else 0)
        if base is not None and size > _STATEMENTS_OF_A_SMALL_GRAPH:
            self.notes.append(
                "queries/checks read the whole graph and were left out; kg validate without a file runs them"
            )
            return []
        store = Store()
        if base is not None:
            store.bulk_extend(base.whole.quads())
            old = {(row.check.name, row.columns) for row in checks_.run(found, store)}
        else:
            old = set()
        store.bulk_extend(new.index.quads())
        return [row for row in checks_.run(found, store) if (row.check.name, row.columns) not in old]


def _empty(source: Input) -> Finding:
    """A file that says nothing."""
    help = "a @context says what the names in it mean" if source.syntax == "jsonld" else None
    return Finding(source.name, "warning", "no-statement", {"en": "no statement came out of this file"}, help=help)


def rule_name(shape: str, component: str) -> str:
    """The name of a rule: the local name of its shape, else of its constraint component."""
    if shape.startswith("<"):
        iri = shape[1:-1]
        local = iri.rpartition("#")[2] if "#" in iri else iri.rstrip("/").rpartition("/")[2]
        return local or iri
    return component[1:-1].removeprefix(_SH).removesuffix("ConstraintComponent") or "shape"


def _described_twice(new: Body, base: Base, data: Graph) -> Iterator[tuple[Question, Finding]]:
    """What of the new data another file has described already: with the same words, or with others."""
    known = {
        subject: old
        for subject, properties in new.index.by_subject.items()
        if TYPE in properties
        and data.lookup(subject) is not properties
        and type(subject) is NamedNode
        and (old := base.graph.lookup(subject))
        and TYPE in old
    }
    if not known:
        return
    locator = Locator(base.inputs, {}, bases={})
    locator.prepare([Question(key(subject)) for subject in known])
    for subject, old in known.items():
        focus = key(subject)
        found = locator.find(Question(focus))
        where = f" in {found.file}:{found.spot.line}" if found else ""
        properties = new.index.by_subject[subject]
        other = next(
            (name for name in properties if not set(values(properties, name)) <= set(values(old, name))), None
        )
        finding = Finding(
            new.inputs[0].name,
            "warning" if other is None else "violation",
            "already-described",
            {
                "en": f"{display(focus)} is described already{where}"
                + (f", with another {display(f'<{other}>')}" if other else "")
            },
            help="leave it out here"
            if other is None
            else "give this one an IRI of its own, or mend what is there",
            focus=focus,
            path=other and f"<{other}>",
        )
        yield Question(focus, other and f"<{other}>"), finding


def _of_today(findings: list[Finding]) -> Iterator[Finding]:
    """Of a file that is written for an earlier version that alone, once, and what is said of amounts: all else would be
    said in other words."""
    earlier: dict[str, Finding] = {}
    for finding in findings:
        if finding.rule.startswith(EARLIER):
            earlier.setdefault(finding.file, finding)
    yield from (one for one in findings if earlier.get(one.file, one) is one or one.rule.startswith(AMOUNTS))


def _messages(result: Result) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag, text in result.messages:
        found.setdefault(tag, " ".join(text.split()))
    return found or {"en": f"does not conform to {display(result.shape)}"}


def _placed(finding: Finding, answer: Answer | None, new: Body) -> Finding:
    if answer is None:
        return finding
    return finding.at(answer.file, answer.spot, answer.exact)


_CIRCLE = DataError(
    "recursive-shapes",
    "the shapes refer to themselves and the data leads in a circle: SHACL leaves that undefined",
    help="break the circle, in the shapes or in the data",
)


def _undecided(error: Exception) -> KgError:
    """What pyshacl could not decide, as an error with a name."""
    from kg.shacl.pyshacl import RecursionFound, ShapesError

    line = " ".join(str(error).split())
    line = line if len(line) <= 400 else line[:400] + "…"
    if isinstance(error, RecursionFound):
        return _CIRCLE
    if isinstance(error, ShapesError):
        return UsageError("shapes", f"the shapes graph cannot be used: {line}", help="mend the shapes")
    return WorldError(
        "judge",
        f"pyshacl failed: {type(error).__name__}: {line}",
        help="please report it, with the shapes and the data",
    )


def main() -> None:
    """Answer one request with its limits, on stdin."""
    channel = sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints must not come into the answer
    logging.disable(logging.CRITICAL)
    reply: Report | KgError
    try:
        (memory, seconds), request = pickle.load(sys.stdin.buffer)
        limit(memory, seconds)
        reply = Validation(request).report()
    except Refused as refused:
        finding = refused.finding
        reply = UsageError(
            finding.rule,
            f"{finding.message()}",
            place=Place(finding.file, finding.line, finding.column),
            excerpt=finding.excerpt,
            help=finding.help,
        )
    except KgError as error:
        reply = error
    except MemoryError:
        reply = WorldError("memory", "validation needs more memory than it may use", help="raise --memory")
    except RecursionError:
        reply = WorldError("depth", "the input is nested too deeply")
    except Exception as error:  # the last resort: a bug is said in one line, and the parent lives on
        reply = KgError("bug", " ".join(f"{type(error).__name__}: {error}".split()), help="please report it")
    answer = (type(reply).__name__, reply.__dict__) if isinstance(reply, KgError) else reply
    pickle.dump(answer, channel, pickle.HIGHEST_PROTOCOL)
    channel.flush()
    os._exit(0)  # everything is said: giving back the memory of a graph piece by piece takes its time
