"""Checks: the queries of `queries/checks`, which must return nothing. Each row is a finding.

A check is read as canned queries are (kg.queries): its first line is the question, its prose the rule that a row
breaks, `@severity` how grave that is. The first column that holds an IRI is the node at fault; the column
`value`, else the next, is what is wrong with it.

Over a stored graph with new data on it a check runs only from the nodes that the new data can matter to: over what it
sees from them with the new data, and without. What only the first gives is what the whole graph would give, less what
it gives by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.errors import UsageError
from kg.queries import Query
from kg.shacl.footprint import Footprint, Reading, of_check
from kg.shacl.graph import Index, Node, Overlay, key
from kg.shacl.incremental import Nodes, Paths, Unbounded, added, of_ways
from kg.shacl.paths import Uncompiled
from kg.shacl.stored import Rewriting, Stored


class Check(NamedTuple):
    """One check: its name (of the file), what a row of it means, severity, text."""

    name: str
    message: str
    severity: str
    text: str


class Row(NamedTuple):
    """One row of a check's answer: node and value as keys, all columns for the message."""

    check: Check
    focus: str
    value: str | None
    columns: tuple[tuple[str, str], ...]


def read_check(path: Path) -> Check:
    """Read a check. Raises WorldError where its header is not right."""
    query = Query.read(path)
    return Check(query.name, " ".join((query.prose or query.question).split()), query.severity, query.text)


def run(checks: Iterable[Check], store: Store) -> list[Row]:
    """Every row of every check. Raises UsageError for a check that is no SELECT or does not parse."""
    rows: list[Row] = []
    for check in checks:
        try:
            solutions = store.query(check.text)
        except (SyntaxError, ValueError) as error:
            raise UsageError("check", f"queries/checks/{check.name}.rq: {' '.join(str(error).split())}") from None
        if not isinstance(solutions, QuerySolutions):
            raise UsageError("check", f"queries/checks/{check.name}.rq is no SELECT")
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            bound = [(name, solution[name]) for name in names if solution[name] is not None]
            focus = next((name for name, term in bound if isinstance(term, NamedNode)), None)
            if focus is None:
                focus = bound[0][0] if bound else ""
            others = [name for name, _ in bound if name != focus]
            value = "value" if "value" in others else (others[0] if others else None)
            terms = dict(bound)
            rows.append(
                Row(
                    check,
                    key(terms[focus]) if focus else "",
                    key(terms[value]) if value else None,
                    tuple((name, key(term)) for name, term in bound),
                )
            )
    return rows


class _Asked(NamedTuple):
    """A check and the nodes that its ?this is asked to be."""

    check: Check
    footprint: Footprint
    nodes: Nodes


class _AsCompared(Overlay):
    """A stored graph with new data on it, as a check's engine would see it: it compares literals as it stores them.

    Where it would have to find the nodes of a literal, and the literals of the predicate are not all stored as they are
    written, this raises Unbounded.
    """

    def __init__(self, stored: Stored, new: Index, rewritten: frozenset[str]) -> None:
        super().__init__(stored, new)
        self._rewritten = rewritten

    def subjects(self, predicate: str, value: Node) -> Sequence[Node]:
        if type(value) is Literal and predicate in self._rewritten:
            raise Unbounded(f"literals of {predicate} are not all written as they are compared")
        return super().subjects(predicate, value)


def run_new(checks: Iterable[Check], stored: Stored, new: Index) -> tuple[list[Row], list[str]]:
    """The rows that checks give of the stored graph with `new` and not without it, and the names of those left out.

    Left out is a check that reads what no path from its ?this leads to.
    """
    rewrites = Rewriting()
    own = {q.predicate.value for q in new.quads() if type(q.object) is Literal and rewrites(q.object)}
    rewritten = stored.rewritten | own
    with_new, without = _AsCompared(stored, new, rewritten), _AsCompared(stored, Index(), rewritten)
    delta = added(new, stored)
    around = Reading(with_new)
    left: list[str] = []
    asked: list[_Asked] = []
    for check in checks:
        try:
            footprint = of_check(check.text)
            reached = of_ways(Paths(with_new, delta), footprint.rising().ways())
            if any(type(node) is Literal for node in reached):
                raise Unbounded("literals that rows begin with")
            footprint.gather(reached, around)
            asked.append(_Asked(check, footprint, reached))
        except (Uncompiled, Unbounded):
            left.append(check.name)
    rows = _rows(asked, around)
    before = Reading(without)
    again = [each for each in asked if any(row.check is each.check for row in rows)]
    for each in again:
        each.footprint.gather(each.nodes, before)
    old = {(row.check.name, row.columns) for row in _rows(again, before)}
    return [row for row in rows if (row.check.name, row.columns) not in old], left


def _rows(asked: list[_Asked], around: Reading) -> list[Row]:
    """The rows of each check whose ?this is one of its nodes: one store has what all of them see."""
    store = Store()
    store.bulk_extend(around.quads())
    rows: list[Row] = []
    for each in asked:
        keys = {key(node) for node in each.nodes}
        rows.extend(row for row in run([each.check], store) if dict(row.columns).get("this") in keys)
    return rows
