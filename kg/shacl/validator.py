"""One shapes graph against data graphs: all results, or those that new data brings.

>>> Validator(shapes).validate(data, {}).results
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from kg.shacl.candidates import Selection, select
from kg.shacl.compile import Recursive
from kg.shacl.graph import Graph, Index, Node, Overlay, key
from kg.shacl.incremental import Reach, Unbounded, added
from kg.shacl.sparql import Constraints
from kg.shacl.targets import Targets, focus_nodes, targeted

if TYPE_CHECKING:
    from kg.shacl.pyshacl import Judge, Judgement, Result


class CircularData(Exception):
    """Shapes refer to themselves and the data leads in a circle: SHACL leaves that undefined (3.4.3)."""


class Outcome(NamedTuple):
    """Results, how many shapes were compiled and how many left to pyshacl whole, and what people should know."""

    results: list[Result]
    compiled: int = 0
    left: int = 0
    notes: tuple[str, ...] = ()
    checked: bool = True  # whether any node was a target of a shape


class Validator:
    """A shapes graph. What is compiled finds candidates, on which pyshacl decides; what is not goes to it whole."""

    def __init__(self, shapes: Index, *, compiled: bool = True) -> None:
        """`compiled`: False leaves all to pyshacl."""
        self.shapes = shapes
        self._compiled = compiled
        self._judge: Judge | None = None  # made when something is to be decided: pyshacl takes its time to import

    def validate(self, data: Graph, prefixes: dict[str, str]) -> Outcome:
        """All results of a graph; SPARQL constraints may use its `prefixes` undeclared, as pyshacl lets them.

        Raises pyshacl.ShapesError, pyshacl.RecursionFound and CircularData.
        """
        if not self._compiled:
            shapes = targeted(self.shapes)
            checked = any(focus_nodes(self.shapes, shape, data) for shape in shapes)
            return Outcome(self._over(data, prefixes).whole(None), 0, len(shapes), checked=checked)
        selection = self._select(data, None)
        results = self._over(data, prefixes).decide(selection.work) if selection.work else []
        if selection.whole is None or selection.whole:
            results += self._over(data, prefixes).whole(selection.whole)
        return Outcome(
            results,
            selection.compiled,
            len(selection.reasons),
            tuple(f"pyshacl alone decided on {reason}" for reason in selection.reasons),
            selection.focus > 0,
        )

    def validate_new(
        self, new: Index, base: Graph, whole: Callable[[], Index], prefixes: dict[str, str]
    ) -> Outcome:
        """The results of `new` over `base` that `base` does not have by itself.

        `whole` is `base` in memory, which is asked for where all of it must be read.
        Where what the new data matters to can be told, only those nodes are looked at, with it and without it.
        """
        notes: tuple[str, ...] = ()
        # What is larger than what it is held against matters to most of it: all is sooner looked at than reached.
        if self._compiled and not (isinstance(base, Index) and new.size > base.size):
            try:
                return self._reached(new, base, whole, prefixes)
            except Unbounded as reason:
                if not isinstance(base, Index):
                    notes = (f"the whole graph was read: {reason}",)
        found = self.validate(Overlay(whole(), new), prefixes)
        return found._replace(
            results=self._without_old(found.results, whole(), prefixes), notes=found.notes + notes
        )

    def _reached(self, new: Index, base: Graph, whole: Callable[[], Index], prefixes: dict[str, str]) -> Outcome:
        data = Overlay(base, new)
        constraints = Constraints(self.shapes, data, lambda _: ())
        delta = added(new, base)
        reach = Reach(self.shapes, data, delta, constraints.read)
        selection = self._bounded(data, reach.focus)
        outcome = Outcome([], selection.compiled, checked=selection.focus > 0 or not delta.size)
        if not selection.work:
            return outcome
        results = self._over(data, prefixes).decide(selection.work)
        if not results:
            return outcome
        asked = {key(node): node for node in selection.nodes}
        if not asked.keys() >= {result.focus for result in results}:
            # A property shape inside another reports the value as focus node: which led to it is not said.
            return outcome._replace(results=self._without_old(results, whole(), prefixes))
        targets = Targets(self.shapes, base)

        def before(shape: Node) -> dict[Node, None]:
            return {node: None for node in asked.values() if targets.holds(shape, node)}

        try:
            earlier = self._bounded(base, before)
        except Unbounded:
            return outcome._replace(results=self._without_old(results, whole(), prefixes))
        old = (
            {result.identity for result in self._over(base, prefixes).decide(earlier.work)}
            if earlier.work
            else set()
        )
        return outcome._replace(results=[result for result in results if result.identity not in old])

    def _bounded(self, data: Graph, focus: Callable[[Node], dict[Node, None]]) -> Selection:
        selection = self._select(data, focus)
        if selection.whole is None or selection.whole:
            raise Unbounded("; ".join(selection.reasons))
        return selection

    def _without_old(self, results: list[Result], base: Index, prefixes: dict[str, str]) -> list[Result]:
        if not results:
            return results
        old = {result.identity for result in self.validate(base, prefixes).results}
        return [result for result in results if result.identity not in old]

    def _select(self, data: Graph, focus: Callable[[Node], dict[Node, None]] | None) -> Selection:
        try:
            return select(self.shapes, data, focus)
        except (Recursive, RecursionError) as error:
            raise CircularData(str(error)) from None

    def _over(self, data: Graph, prefixes: dict[str, str]) -> Judgement:
        if self._judge is None:
            from kg.shacl.pyshacl import Judge

            self._judge = Judge(self.shapes)
        return self._judge.over(data, prefixes)
