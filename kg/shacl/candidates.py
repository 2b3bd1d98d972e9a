"""Which focus nodes of which shapes may not conform: those that pyshacl is to decide on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass, field

from kg.shacl.characteristic_sets import NO_PROPERTIES, Counts, Given, Test, counts, signature
from kg.shacl.compile import Recursive, Shape, Shapes
from kg.shacl.graph import Graph, Index, Node, key
from kg.shacl.paths import FIRST, Uncompiled
from kg.shacl.sparql import Constraints
from kg.shacl.targets import focus_nodes, same_targets, targeted
from kg.shacl.vocabulary import SPARQL, sh

_PLANS = 20_000  # kept; data with more signatures is irregular beyond help

# For nodes of one signature: the numbers of the tests that they do not surely pass, and those left to do.
Plan = tuple[list[int], list[tuple[int, Test]]]
# A shape, a part of it, and the nodes to be decided on. The part is "core" (all but SPARQL constraints), "full", or the
# key of one SPARQL constraint.
Work = tuple[Node, str, list[Node]]


@dataclass(slots=True)
class Selection:
    """What is left for pyshacl: candidates, and shapes that are not compiled, each with its reason."""

    work: list[Work] = field(default_factory=list)
    whole: list[Node] | None = field(default_factory=list)  # None: every shape
    reasons: list[str] = field(default_factory=list)
    compiled: int = 0
    focus: int = 0  # focus nodes, those of several shapes counted for each

    @property
    def nodes(self) -> frozenset[Node]:
        """Every candidate."""
        return frozenset(node for _, _, nodes in self.work for node in nodes)


def select(shapes: Index, data: Graph, focus: Callable[[Node], dict[Node, None]] | None = None) -> Selection:
    """Find the candidates of a shapes graph in a data graph.

    `focus`, where given, hands out the few focus nodes of a shape that are of interest, in place of all its targets.
    Raises Recursive where shapes refer to themselves and the data leads in a circle.
    """
    return _Search(shapes, data, focus).selection()


class _Search:
    def __init__(self, shapes: Index, data: Graph, focus: Callable[[Node], dict[Node, None]] | None) -> None:
        self._shapes = shapes
        self._data = data
        self._given = focus
        self._focus: dict[Node, dict[Node, None]] = {}
        self._same: dict[tuple[Node, ...], dict[Node, None]] = {}  # of shapes with the same targets

    def selection(self) -> Selection:
        selection = Selection()
        few = self._given is not None
        constraints = Constraints(self._shapes, self._data, self._focus_of_select, few=few)
        try:
            compiled = Shapes(self._shapes, self._data, constraints)
        except Uncompiled as reason:
            selection.whole = None
            selection.reasons.append(str(reason))
            selection.focus = sum(len(self._targets(node)) for node in targeted(self._shapes))
            return selection
        made: list[Shape] = []
        assert selection.whole is not None
        for node in targeted(self._shapes):
            try:
                self._focus[node] = self._targets(node)
                shape = compiled.shape(node)
                if few and shape.nested_selects:
                    raise Uncompiled("a SPARQL constraint of a shape that another shape uses")
                made.append(shape)
            except Uncompiled as reason:
                selection.whole.append(node)
                selection.reasons.append(f"{key(node)}: {reason}")
        selection.compiled = len(made)
        selection.focus = sum(map(len, self._focus.values()))
        if few and selection.whole:
            return selection  # all of the graph is read then, for all shapes
        # A shape whose inner shapes have SPARQL constraints is decided on with them.
        nested = {shape.node for shape in made if shape.nested_selects or compiled.recursive}
        decided: dict[Node, set[Node]] = {node: set() for node in nested}
        for shape, nodes in self._checked(made):
            if shape.node in nested:
                decided[shape.node].update(nodes)
            selection.work.append((shape.node, "full" if shape.node in nested else "core", nodes))
        for shape in made:
            done = decided.get(shape.node, ())
            for constraint in shape.selects:
                focus = self._focus[shape.node]
                found = constraints.candidates(constraint)
                asked = focus if found is None else [node for node in found if node in focus]
                rejected = [node for node in asked if node not in done]
                if rejected:
                    selection.work.append((shape.node, key(constraint), rejected))
        return selection

    def _checked(self, shapes: list[Shape]) -> Iterator[tuple[Shape, list[Node]]]:
        """Shapes with those of their focus nodes that do not surely conform.

        Shapes with the same targets are checked together, so that a node is looked up once.
        """
        groups: dict[tuple[Node, ...], list[Shape]] = {}
        for shape in shapes:
            group = same_targets(self._shapes, shape.node) if self._given is None else (shape.node,)
            groups.setdefault(group, []).append(shape)
        for together in groups.values():
            given = [shape.given for shape in together]
            for shape, nodes in zip(together, self._unsure(self._focus[together[0].node], given), strict=True):
                if nodes:
                    yield shape, nodes

    def _unsure(self, nodes: Collection[Node], given: list[Given]) -> list[list[Node]]:
        """For each shape's tests the nodes that do not surely pass them."""
        lookup = self._data.lookup
        unsure: list[list[Node]] = [[] for _ in given]
        plans: dict[Hashable, Plan] = {}
        for node in nodes:
            properties = lookup(node) or NO_PROPERTIES
            own = signature(properties)
            plan = plans.get(own)
            if plan is None:
                plan = _plan(given, counts(properties))
                if len(plans) < _PLANS:
                    plans[own] = plan
            fails, left = plan
            for number in fails:
                unsure[number].append(node)
            for number, test in left:
                if test(node, properties) is not True:
                    unsure[number].append(node)
        return unsure

    def _targets(self, node: Node) -> dict[Node, None]:
        if self._given is not None:
            return self._given(node)
        group = same_targets(self._shapes, node)
        targets = self._same.get(group)
        if targets is None:
            targets = self._same[group] = focus_nodes(self._shapes, node, self._data)
        return targets

    def _focus_of_select(self, select: Node) -> Collection[Node] | None:
        """The nodes that a SPARQL constraint is asked about: the focus nodes of its shapes.

        None where one of these is used inside another: they may be any node then that a shape leads to.
        """
        owners = set(self._shapes.subjects(SPARQL, select))
        using = (sh("property"), sh("node"), sh("not"), FIRST, sh("qualifiedValueShape"))
        if not owners <= set(self._focus) or any(
            self._shapes.subjects(name, owner) for owner in owners for name in using
        ):
            return None
        return dict.fromkeys(node for owner in owners for node in self._focus[owner])


def _plan(given: list[Given], numbers: Counts) -> Plan:
    remaining = [tests(numbers) for tests in given]
    fails = [number for number, left in enumerate(remaining) if left is None or left is False]
    return fails, [(number, left) for number, left in enumerate(remaining) if callable(left)]


__all__ = ["Recursive", "Selection", "Work", "select"]
