"""From a shapes graph and a data graph to results: the fast path finds suspects, pyshacl decides on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad

from kg.validation.court import Court, Result, judgement_error
from kg.validation.index import TYPE, Graph, Index, values
from kg.validation.paths import FIRST, Uncompiled
from kg.validation.shapes import SPARQL, TARGETS, Known, Recursive, Shape, Shapes, sh
from kg.validation.surroundings import Surroundings
from kg.validation.suspects import Selects
from kg.validation.terms import Node, key

# (shape, part, nodes) as the judge takes it.
Work = tuple[Node, str, list[Node]]


@dataclass(slots=True)
class Selection:
    """What is left for pyshacl: suspects with what they read, and shapes that are not compiled."""

    work: list[Work] = field(default_factory=list)
    whole: list[Node] | None = field(default_factory=list)  # None: every shape, the whole graph
    reasons: list[str] = field(default_factory=list)
    focus_nodes: int = 0

    @property
    def suspects(self) -> int:
        """How many nodes pyshacl is asked about."""
        return sum(len(nodes) for _, _, nodes in self.work)


class Engine:
    """One shapes graph over one data graph.

    `focus`, where given, hands out the few focus nodes of a shape that are of interest, in place of all its
    targets; `quads` hands out the statements with some predicates (the SPARQL constraints run on them).
    """

    def __init__(
        self,
        shapes: Index,
        data: Graph,
        quads: Callable[[frozenset[str] | None], Iterable[Quad]],
        focus: Callable[[Node], dict[Node, None]] | None = None,
    ) -> None:
        """Nothing is compiled or run yet."""
        self.shapes = shapes
        self.data = data
        self._quads = quads
        self._given = focus
        self.around = Surroundings(data)
        self._focus: dict[Node, dict[Node, None]] = {}

    def select(self, emit: Callable[[list[Work], Iterator[Quad]], None] | None = None) -> Selection:
        """Find the suspects. `emit` receives each shape's work as it is found, with the triples that it reads."""
        found = Selection()
        few = self._given is not None
        selects = Selects(self.shapes, self.data, self._quads, self._focus_of_select, few=few)
        try:
            compiled = Shapes(self.shapes, self.data, selects.violators, selects.gather)
        except Uncompiled as reason:
            found.whole = None
            found.reasons.append(str(reason))
            return found
        made: list[Shape] = []
        assert found.whole is not None
        for node in compiled.targeted():
            try:
                self._focus[node] = self._targets(compiled, node)
                shape = compiled.shape(node)
                if few and shape.nested_selects:
                    raise Uncompiled("a SPARQL constraint of a shape that another shape uses")
                made.append(shape)
            except Uncompiled as reason:
                found.whole.append(node)
                found.reasons.append(f"{key(node)}: {reason}")
        selects.read_all(select for shape in compiled.compiled() for select in shape.selects)
        for shape, bad in self._checked(made):
            found.focus_nodes += len(self._focus[shape.node])
            try:
                work = self._suspects(shape, bad, selects, compiled.recursive)
                before = len(self.around)
                for _, part, nodes in work:
                    self._note(compiled, selects, shape, part, nodes)
            except Uncompiled as reason:
                found.whole.append(shape.node)
                found.reasons.append(f"{key(shape.node)}: {reason}")
                continue
            if work:
                found.work.extend(work)
                if emit is not None:
                    emit(work, self.around.quads(before))
        return found

    def _checked(self, shapes: list[Shape]) -> Iterator[tuple[Shape, list[Node]]]:
        """Each shape with the focus nodes that do not surely conform.

        Shapes with the same targets are checked together, so that a node is looked up once.
        """
        groups: dict[tuple[Node, ...], list[Shape]] = {}
        for shape in shapes:
            groups.setdefault(self._target_of(shape.node), []).append(shape)
        lookup = self.data.lookup
        for group in groups.values():
            tests: list[tuple[Known, list[Node]]] = [(shape.known, []) for shape in group]
            try:
                for node in self._focus[group[0].node]:
                    properties = lookup(node) or {}
                    for known, bad in tests:
                        if known(node, properties) is not True:
                            bad.append(node)
            except (Recursive, RecursionError) as error:
                raise judgement_error("recursion", str(error)) from None
            for shape, (_, bad) in zip(group, tests, strict=True):
                yield shape, bad

    def _target_of(self, shape: Node) -> tuple[Node, ...]:
        """What makes two shapes have the same focus nodes: the same targets, of one kind only."""
        properties = self.shapes.lookup(shape)
        given = [(name, values(properties, name)) for name in TARGETS if values(properties, name)]
        if (
            self._given is not None
            or len(given) != 1
            or list(values(properties, TYPE)) != [NamedNode(sh("NodeShape"))]
        ):
            return (shape,)
        name, targets = given[0]
        return (NamedNode(name), *sorted(targets, key=str))

    def _targets(self, compiled: Shapes, node: Node) -> dict[Node, None]:
        return compiled.focus_nodes(node) if self._given is None else self._given(node)

    def _focus_of_select(self, select: Node) -> Collection[Node]:
        """The nodes that a SPARQL constraint is asked about: the focus nodes of its shape.

        Where its shape is used inside another, they may be any node that a shape leads to: then all there are.
        """
        owners = set(self.shapes.subjects(SPARQL, select))
        if owners <= set(self._focus) and not any(
            self.shapes.subjects(name, owner)
            for owner in owners
            for name in (sh("property"), sh("node"), sh("not"), FIRST, sh("qualifiedValueShape"))
        ):
            return dict.fromkeys(node for owner in owners for node in self._focus[owner])
        return dict.fromkeys(value for q in self._quads(None) for value in (q.subject, q.object))  # type: ignore[misc]  # no quoted triples

    def _suspects(self, shape: Shape, bad: list[Node], selects: Selects, recursive: bool) -> list[Work]:
        focus = self._focus[shape.node]
        nested = shape.nested_selects or recursive
        work: list[Work] = [(shape.node, "full" if nested else "core", bad)] if bad else []
        own = set(bad) if nested else set()
        for select in shape.selects:
            violators = selects.violators(select)
            rejected = [node for node in focus if node in violators and node not in own]
            if rejected:
                work.append((shape.node, key(select), rejected))
        return work

    def _note(self, compiled: Shapes, selects: Selects, shape: Shape, part: str, nodes: list[Node]) -> None:
        if part == "full":
            compiled.gather(shape, nodes, self.around)
        elif part == "core":
            for node in nodes:
                shape.gather(node, self.around)
        else:
            for select in shape.selects:
                if key(select) == part:
                    for node in nodes:
                        selects.gather(select, node, self.around)


def decide(court: Court, engine: Engine) -> tuple[list[Result], Selection]:
    """All results of an engine's shapes over its data, pyshacl's word for each.

    The judge works on the suspects of one shape while the next shape is checked.
    """

    def emit(work: list[Work], quads: Iterator[Quad]) -> None:
        court.data(quads)
        court.ask(work)

    selection = engine.select(emit)
    # Nobody suspected: no need to wait until the judge has even woken up.
    return court.results() if selection.work else [], selection
