"""The results of shapes on new data over a graph: those that the graph does not have without it.

Where what the new data matters to can be told (kg.validation.reach), only those nodes are judged, with it and
without it; else everything is.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Quad

from kg.validation.body import Base, Quads, chain
from kg.validation.court import Court, Result
from kg.validation.engine import Engine, Selection, decide
from kg.validation.index import Graph, Index, Overlay
from kg.validation.reach import Reach, Targets, Unbounded, added
from kg.validation.suspects import Selects
from kg.validation.terms import Node, node

Identities = set[tuple[str | None, ...]]


class Verdicts:
    """One shapes graph, and the judge that has been given it."""

    def __init__(self, shapes: Index, court: Court, engine: str, notes: list[str]) -> None:
        """`engine` as in kg.validation.validate; `notes` takes what people should know."""
        self._shapes = shapes
        self._court = court
        self._engine = engine
        self._notes = notes

    def of(self, new: Index, base: Base | None) -> list[Result]:
        """The results of `new` over `base` that `base` does not have by itself. Raises Refused."""
        if not self._shapes.size:
            return []
        if base is None:
            return self._whole(new, chain(new, None))
        if self._engine != "pyshacl":
            try:
                return self._reached(new, base)
            except Unbounded as reason:
                if base.folder is not None:
                    self._notes.append(f"the whole graph was read: {reason}")
        results = self._whole(Overlay(base.whole, new), chain(new, base.whole))
        return self._without_old(results, base)

    def _whole(self, data: Graph, quads: Quads) -> list[Result]:
        """All results of a graph."""
        if self._engine == "pyshacl":
            self._court.data(quads(None))
            return self._court.whole(None)
        results, selection = decide(self._court, Engine(self._shapes, data, quads))
        if selection.whole is None or selection.whole:
            self._notes.extend(f"pyshacl alone decided on {reason}" for reason in selection.reasons)
            self._court.fresh()
            self._court.data(quads(None))
            results += self._court.whole(selection.whole)
        return results

    def _without_old(self, results: list[Result], base: Base) -> list[Result]:
        if not results:
            return results
        self._court.fresh()
        old = _identities(self._whole(base.whole, chain(base.whole, None)))
        return [result for result in results if result.identity not in old]

    def _reached(self, new: Index, base: Base) -> list[Result]:
        """The results of what the new data matters to. Raises Unbounded where that cannot be told."""
        data = Overlay(base.graph, new)
        selects = Selects(self._shapes, data, _none, lambda _: ())
        reach = Reach(self._shapes, data, added(new, base.graph), selects.select)
        results, selection = self._judged(data, Engine(self._shapes, data, _none, reach.focus))
        if not results:
            return results
        asked = {focus for _, _, nodes in selection.work for focus in nodes}
        if not asked.issuperset(node(result.focus) for result in results):
            # A property shape inside another reports the value as focus node: which led to it is not said.
            return self._without_old(results, base)
        self._court.fresh()
        targets = Targets(self._shapes, base.graph)

        def before(shape: Node) -> dict[Node, None]:
            return {focus: None for focus in asked if targets.holds(shape, focus)}

        found, _ = self._judged(base.graph, Engine(self._shapes, base.graph, _none, before))
        old = _identities(found)
        return [result for result in results if result.identity not in old]

    def _judged(self, data: Graph, engine: Engine) -> tuple[list[Result], Selection]:
        results, selection = decide(self._court, engine)
        if selection.whole is None or selection.whole:
            self._court.fresh()
            raise Unbounded("; ".join(selection.reasons))
        return results, selection


def _identities(results: list[Result]) -> Identities:
    return {result.identity for result in results}


def _none(_: frozenset[str] | None) -> Iterator[Quad]:
    """Stands for the statements of a graph where nothing asks for them."""
    raise Unbounded("a SPARQL constraint reads the whole graph")
