"""One validation from files to a report, inside the process that may be killed.

Run as `python -m kg.validation.run`: an Order comes pickled on stdin, and goes back as a Report or an error.
"""

from __future__ import annotations

import gc
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad, Store

from kg.errors import KgError, Place, UsageError, WorldError
from kg.terms import PREFIXES
from kg.validation.court import Court, Result
from kg.validation.engine import Engine, Selection, decide
from kg.validation.hints import hint
from kg.validation.index import TYPE, Graph, Index, Overlay
from kg.validation.inputs import Input, Refused, triples
from kg.validation.locate import Answer, Locator, Question
from kg.validation.report import SEVERITIES, Finding, Report
from kg.validation.terms import display, key, node
from kg.validation.vocabulary import faults

if TYPE_CHECKING:
    from kg.validation.checks import Row

_SH = PREFIXES["sh"]
_STATEMENTS_OF_A_SMALL_GRAPH = 400_000
_SMALL, _LARGE = 50_000, 1_000_000  # statements


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be validated.

    `inputs` each by itself (or `together`), over the files of `base` unless there are none; `shapes` and
    `terms` (the ontology, part of the data) are files, too. `lint`: also what no shape says, and the checks.
    """

    inputs: tuple[Input, ...]
    base: tuple[Input, ...] = ()
    shapes: tuple[Input, ...] = ()
    checks: tuple[str, ...] = ()
    lint: bool = True
    together: bool = False
    engine: str = "auto"
    relative: bool = False  # relative IRIs are resolved against the file, not refused


@dataclass(slots=True)
class Body:
    """Some inputs as one graph, with the blank nodes of each file in the order of its parser."""

    inputs: tuple[Input, ...]
    index: Index = field(default_factory=Index)
    blanks: dict[str, list[str]] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)


def base_of(source: Input) -> str:
    """The IRI of a file, against which its relative IRIs are resolved."""
    try:
        return Path(source.name).resolve().as_uri()
    except ValueError:
        return "file:///-"


def read(inputs: tuple[Input, ...], *, relative: bool) -> Body:
    """Parse inputs into one graph. Raises Refused for the first that cannot be read."""
    body = Body(inputs)
    for source in inputs:
        before = len(body.index.by_subject)
        base = base_of(source) if relative else None
        if base is not None:
            body.bases[source.name] = base
        # Blank nodes of two files are never one.
        body.index.add(triples(source, base=base, rename=len(inputs) > 1, prefixes=body.prefixes))
        subjects = list(body.index.by_subject)[before:]
        body.blanks[source.name] = [key(s) for s in subjects if type(s) is BlankNode]
    return body


class Validation:
    """One order being carried out."""

    def __init__(self, order: Order, court: Court) -> None:
        """`court` is a judge that has been started."""
        self.order = order
        self.court = court
        shapes = read(order.shapes, relative=True)
        self.shapes = shapes.index
        court.shapes(self.shapes)
        self.notes: list[str] = []
        self._known: frozenset[str] | None = None

    def report(self) -> Report:
        """Validate every input."""
        order = self.order
        findings: list[Finding] = []
        count = 0
        # The inputs may be files of the project: the graph that they are held against is the rest of it.
        base: Body | None = None
        groups = [order.inputs] if order.together else [(source,) for source in order.inputs]
        for number, group in enumerate(groups):
            try:
                new = read(group, relative=order.relative)
            except Refused as refused:
                findings.append(refused.finding)
                continue
            count += new.index.size
            names = {Path(source.name).resolve() for source in group}
            rest = tuple(source for source in order.base if Path(source.name).resolve() not in names)
            if rest and (base is None or base.inputs != rest):
                base = read(rest, relative=False)
            if number:
                self.court.fresh()
            findings.extend(self._one(new, base if rest else None))
        unique = sorted(findings, key=Finding.order)
        files = tuple(source.name for source in order.inputs)
        return Report(tuple(unique), files, count, order.engine, tuple(dict.fromkeys(self.notes)))

    def _one(self, new: Body, base: Body | None) -> Iterator[Finding]:
        data: Graph = Overlay(base.index, new.index) if base is not None else new.index
        results = self._results(new, base, data)
        problems = self._lint(new, base, data, results) if self.order.lint else []
        locator = Locator(new.inputs, new.blanks, bases=new.bases)
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

    def _results(self, new: Body, base: Body | None, data: Graph) -> list[Result]:
        if not self.shapes.size:
            return []
        quads = _chain(new, base)
        # pyshacl lets a SPARQL constraint use the prefixes of the data, declared or not.
        self.court.prefixes(new.prefixes)
        if self.order.engine == "pyshacl":
            self.court.data(quads(None))
            results = self.court.whole(None)
            return results if base is None else self._without_old(results, new, base, None)
        by_two = _SMALL < new.index.size <= _LARGE
        if by_two:
            self.court.settle()
        engine = Engine(self.shapes, data, quads, by_two=by_two)
        results, selection = decide(self.court, engine)
        if selection.whole is None or selection.whole:
            self.notes.extend(f"pyshacl alone decided on {reason}" for reason in selection.reasons)
            self.court.fresh()
            self.court.data(quads(None))
            results += self.court.whole(selection.whole)
        return results if base is None else self._without_old(results, new, base, selection)

    def _without_old(
        self, results: list[Result], new: Body, base: Body, selection: Selection | None
    ) -> list[Result]:
        """Leave out what the graph says of itself without the new data."""
        if not results:
            return results
        touched = [result for result in results if base.index.lookup(node(result.focus)) is not None]
        if not touched:
            return results
        self.court.fresh()
        old: set[tuple[str | None, ...]] = set()
        if selection is None or selection.whole is None or selection.whole:
            self.court.data(base.index.quads())
            old.update(r.identity for r in self.court.whole(None if selection is None else selection.whole))
        if selection is not None and selection.work:
            wanted = {node(result.focus) for result in touched}
            before = Engine(
                self.shapes,
                base.index,
                _chain(base, None),
                lambda _, focus: {n: None for n in focus if n in wanted},
            )
            found, _ = decide(self.court, before)
            old.update(r.identity for r in found)
        return [result for result in results if result.identity not in old]

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
        self, new: Body, base: Body | None, data: Graph, results: list[Result]
    ) -> list[tuple[Question, Finding]]:
        found: list[tuple[Question, Finding]] = []
        said = {(result.focus, result.value) for result in results}
        file = new.inputs[0].name
        known = lambda: self._declared(data)  # noqa: E731
        for fault in faults(new.index.by_subject, known):
            if fault.rule == "ill-typed-literal" and (fault.focus, fault.value) in said:
                continue
            finding = Finding(
                file,
                "violation",
                fault.rule,
                {"en": fault.message},
                help=fault.help,
                focus=fault.focus,
                path=fault.predicate,
                value=fault.value,
            )
            found.append((Question(fault.focus, fault.predicate, fault.value), finding))
        for row in self._check_rows(new, base):
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
        if self._known is None:
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
            self._known = frozenset(
                str(term.value) for kind in kinds for term in data.subjects(TYPE, kind) if type(term) is NamedNode
            )
        return self._known

    def _check_rows(self, new: Body, base: Body | None) -> Iterable[Row]:
        order = self.order
        if not order.checks:
            return []
        from kg.validation import checks as checks_

        found = [checks_.read_check(Path(path)) for path in order.checks]
        size = new.index.size + (base.index.size if base is not None else 0)
        if base is not None and size > _STATEMENTS_OF_A_SMALL_GRAPH:
            self.notes.append(
                "queries/checks read the whole graph and were left out; kg validate without a file runs them"
            )
            return []
        store = Store()
        if base is not None:
            store.bulk_extend(base.index.quads())
            old = {(row.check.name, row.columns) for row in checks_.run(found, store)}
        else:
            old = set()
        store.bulk_extend(new.index.quads())
        return [row for row in checks_.run(found, store) if (row.check.name, row.columns) not in old]


def _chain(new: Body, base: Body | None) -> Callable[[frozenset[str] | None], Iterator[Quad]]:
    def quads(predicates: frozenset[str] | None) -> Iterator[Quad]:
        yield from new.index.quads(predicates)
        if base is not None:
            yield from base.index.quads(predicates)

    return quads


def rule_name(shape: str, component: str) -> str:
    """The name of a rule: the local name of its shape, else of its constraint component."""
    if shape.startswith("<"):
        iri = shape[1:-1]
        local = iri.rpartition("#")[2] if "#" in iri else iri.rstrip("/").rpartition("/")[2]
        return local or iri
    return component[1:-1].removeprefix(_SH).removesuffix("ConstraintComponent") or "shape"


def _messages(result: Result) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag, text in result.messages:
        found.setdefault(tag, " ".join(text.split()))
    return found or {"en": f"does not conform to {display(result.shape)}"}


def _placed(finding: Finding, answer: Answer | None, new: Body) -> Finding:
    if answer is None:
        return finding
    spot = answer.spot
    return replace(
        finding,
        file=answer.file,
        line=spot.line,
        column=spot.column,
        end_column=spot.column + spot.length,
        excerpt=spot.excerpt,
        exact=answer.exact,
    )


def main() -> None:
    """Answer one order on stdin."""
    from kg.validation.confine import confine

    confine()
    gc.disable()  # one run, then the end of the process: nothing to collect in time
    channel = sys.stdout.buffer
    sys.stdout = sys.stderr
    reply: Report | KgError
    with Court() as court:
        try:
            order = pickle.load(sys.stdin.buffer)
            reply = Validation(order, court).report()
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


if __name__ == "__main__":
    main()
    # Taking millions of terms apart one by one takes longer than the operating system needs.
    import os

    os._exit(0)
