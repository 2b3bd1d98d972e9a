"""Checks over a stored graph with new data on it: only where the new data can matter, from the nodes that it reaches.

A check runs over what it can see from those nodes: with the new data, and without it. What only the first gives is
what the whole graph would give, less what it gives by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from pyoxigraph import Literal, Store

from kg.validation.checks import Check, Row, run
from kg.validation.index import Index, Overlay
from kg.validation.paths import Path, Uncompiled, walk
from kg.validation.reach import Nodes, Paths, Unbounded, added, of_ways
from kg.validation.selects import Select, read_check
from kg.validation.stored import Rewriting, Stored
from kg.validation.surroundings import Surroundings
from kg.validation.terms import Node, key


class Asked(NamedTuple):
    """A check and the nodes that its ?this is asked to be."""

    check: Check
    select: Select
    nodes: Nodes


class View:
    """A stored graph, with new data on it or not, as a check's engine would see it. A kg.validation.index.Graph.

    That engine compares literals as it stores them. Where it would have to find the nodes of a literal, and the
    literals of the predicate are not all stored as they are written, this raises Unbounded.
    """

    def __init__(self, stored: Stored, new: Index | None, rewritten: frozenset[str]) -> None:
        """`rewritten`: predicates with literals that the engine stores otherwise."""
        graph = Overlay(stored, new) if new is not None else stored
        self._stored, self._new, self._graph = stored, new, graph
        self._rewritten = rewritten
        self._names = {name for found in (new.by_subject.values() if new is not None else ()) for name in found}
        self.lookup = graph.lookup

    def subjects(self, predicate: str, value: Node) -> Sequence[Node]:
        """The nodes that have `value` for `predicate`."""
        if type(value) is Literal and predicate in self._rewritten:
            raise Unbounded(f"literals of {predicate} are not all written as they are compared")
        return self._graph.subjects(predicate, value)

    def leading(self, value: Node) -> Iterator[str]:
        """The predicates by which something leads to a node."""
        yield from self._stored.leading(value)
        if self._new is not None:
            yield from (name for name in self._names if self._new.subjects(name, value))

    def pairs(self, predicate: str) -> Iterator[tuple[Node, Node]]:
        """Not asked for."""
        return self._graph.pairs(predicate)

    def having(self, predicate: str) -> Sequence[Node]:
        """Not asked for."""
        return self._graph.having(predicate)


def run_bounded(checks: Iterable[Check], stored: Stored, new: Index) -> tuple[list[Row], list[str]]:
    """The rows that checks give of the stored graph with `new` and not without it, and the names of those left out.

    Left out is a check that reads what no path from its ?this leads to.
    """
    rewrites = Rewriting()
    own = {q.predicate.value for q in new.quads() if type(q.object) is Literal and rewrites(q.object)}
    rewritten = stored.rewritten | own
    with_new, without = View(stored, new, rewritten), View(stored, None, rewritten)
    delta = added(new, stored)
    around = Surroundings(with_new)
    left: list[str] = []
    asked: list[Asked] = []
    for check in checks:
        try:
            select = read_check(check.text)
            reached = of_ways(Paths(with_new, delta), select.rising().ways())
            if any(type(node) is Literal for node in reached):
                raise Unbounded("literals that rows begin with")
            one = Asked(check, select, reached)
            gather(one, with_new, around)
            asked.append(one)
        except (Uncompiled, Unbounded):
            left.append(check.name)
    rows = _rows(asked, around)
    before = Surroundings(without)
    again = [one for one in asked if any(row.check is one.check for row in rows)]
    for one in again:
        gather(one, without, before)
    old = {(row.check.name, row.columns) for row in _rows(again, before)}
    return [row for row in rows if (row.check.name, row.columns) not in old], left


def _rows(asked: list[Asked], around: Surroundings) -> list[Row]:
    """The rows of each check whose ?this is one of its nodes: one store has what all of them see."""
    store = Store()
    store.bulk_extend(around.quads())
    found: list[Row] = []
    for one in asked:
        keys = {key(node) for node in one.nodes}
        found.extend(row for row in run([one.check], store) if dict(row.columns).get("this") in keys)
    return found


def gather(asked: Asked, view: View, around: Surroundings) -> None:
    """Note in `around` what a check can see from its nodes. Raises Unbounded where the view does."""

    # The groups of a check ask the same of the same nodes: what a variable may be is one and the same dictionary.
    known: dict[tuple[Path, int], tuple[Nodes, Nodes]] = {}

    def follow(path: Path, starts: dict[Any, None]) -> dict[Any, None]:
        asked = (path, id(starts))
        if asked not in known:
            known[asked] = starts, {after: None for start in starts for after in steps(path, start)}
        return known[asked][1]

    def steps(path: Path, start: Node) -> Iterable[Node]:
        if path.kind == "any":
            return around.everything(start)
        if path.kind == "leading":
            return [after for name in view.leading(start) for after in around.backward(start, name)]
        return walk(path, view, start, around)

    asked.select.follow(follow, asked.nodes)
