"""From a shapes graph and a data graph to results: the fast path finds suspects, pyshacl decides on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pyoxigraph import Quad

from kg.validation.components import SPARQL, sh
from kg.validation.court import Court, judgement_error
from kg.validation.index import Graph, Index
from kg.validation.paths import FIRST, Uncompiled
from kg.validation.residues import NO_PROPERTIES, Counts, Given, Known, counts, signature
from kg.validation.shapes import Recursive, Shape, Shapes
from kg.validation.surroundings import Surroundings
from kg.validation.suspects import Selects
from kg.validation.targets import focus_nodes, same_targets, targeted
from kg.validation.terms import Node, key

_PAIRS_OF_A_TASK = 10_000  # of a focus node and a shape: some hundredths of a second
_TASKS_OF_ONE = 6  # that one process has done before another is at work
_PLANS = 20_000  # kept; data with more signatures is irregular beyond help

# For nodes of one signature: the numbers of the tests that they do not surely pass, and those left to do.
Plan = tuple[list[int], list[tuple[int, Known]]]
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
    targets; `quads` hands out the statements with some predicates (the SPARQL constraints run on them). `by_two`
    allows a second process for the selection, which costs the memory of what both change.
    """

    def __init__(
        self,
        shapes: Index,
        data: Graph,
        quads: Callable[[frozenset[str] | None], Iterable[Quad]],
        focus: Callable[[Node], dict[Node, None]] | None = None,
        *,
        by_two: bool = False,
    ) -> None:
        """Nothing is compiled or run yet."""
        self.shapes = shapes
        self.data = data
        self._quads = quads
        self._given = focus
        self._by_two = by_two
        self.around = Surroundings(data)
        self._focus: dict[Node, dict[Node, None]] = {}
        self._same: dict[tuple[Node, ...], dict[Node, None]] = {}  # of shapes with the same targets

    def select(self, emit: Callable[[list[Work], Iterator[Quad]], None] | None = None) -> Selection:
        """Find the suspects. `emit` receives each shape's work as it is found, with the triples that it reads."""
        found = Selection()
        few = self._given is not None
        selects = Selects(self.shapes, self.data, self._quads, self._focus_of_select, few=few)
        try:
            compiled = Shapes(self.shapes, self.data, selects)
        except Uncompiled as reason:
            found.whole = None
            found.reasons.append(str(reason))
            return found
        made: list[Shape] = []
        assert found.whole is not None
        for node in targeted(self.shapes):
            try:
                self._focus[node] = self._targets(node)
                shape = compiled.shape(node)
                if few and shape.nested_selects:
                    raise Uncompiled("a SPARQL constraint of a shape that another shape uses")
                made.append(shape)
            except Uncompiled as reason:
                found.whole.append(node)
                found.reasons.append(f"{key(node)}: {reason}")
        if few and found.whole:
            return found  # all of the graph is read then, for all shapes
        found.focus_nodes = sum(len(self._focus[shape.node]) for shape in made)

        def suspect(shape: Shape, part: str, nodes: list[Node]) -> None:
            before = len(self.around)
            self._note(compiled, selects, shape, part, nodes)
            found.work.append((shape.node, part, nodes))
            if emit is not None:
                emit(found.work[-1:], self.around.quads(before))

        nested = {shape.node for shape in made if shape.nested_selects or compiled.recursive}
        judged: dict[Node, set[Node]] = {node: set() for node in nested}  # with their SPARQL constraints
        wanted = [select for shape in compiled.compiled() for select in shape.selects]
        for shape, bad in self._checked(made, selects, wanted):
            if shape.node in nested:
                judged[shape.node].update(bad)
            suspect(shape, "full" if shape.node in nested else "core", bad)
        for shape in made:
            done = judged.get(shape.node, ())
            for select in shape.selects:
                violators = selects.violators(select)
                focus = self._focus[shape.node]
                asked = focus if violators is None else [node for node in violators if node in focus]
                rejected = [node for node in asked if node not in done]
                if rejected:
                    suspect(shape, key(select), rejected)
        return found

    def _checked(
        self, shapes: list[Shape], selects: Selects, wanted: list[Node]
    ) -> Iterator[tuple[Shape, list[Node]]]:
        """Shapes with some focus nodes that do not surely conform; meanwhile the SPARQL constraints are asked.

        Shapes with the same targets are checked together, so that a node is looked up once; a large graph is
        checked by two processes.
        """
        groups: dict[tuple[Node, ...], list[Shape]] = {}
        for shape in shapes:
            groups.setdefault(self._group(shape.node), []).append(shape)
        # The longest task first; those after it find suspects, with whom pyshacl can begin.
        first, *others = selects.shares(wanted)
        tasks: list[Callable[[], Any]] = [partial(selects.run, first)]
        parts: list[tuple[list[Shape], list[Node]]] = [([], first)]
        for group in groups.values():
            nodes = list(self._focus[group[0].node])
            given = [shape.given for shape in group]
            plans: dict[Hashable, Plan] = {}
            step = max(1, _PAIRS_OF_A_TASK // len(group))
            for start in range(0, len(nodes), step):
                part = nodes[start : start + step]
                tasks.append(partial(self._suspects, part, given, plans))
                parts.append((group, part))
        tasks += [partial(selects.run, share) for share in others]
        parts += [([], share) for share in others]
        try:
            for number, outcome in self._done(tasks):
                group, part = parts[number]
                if not group:
                    selects.put(part, outcome)
                    continue
                for shape, positions in zip(group, outcome, strict=True):
                    if positions:
                        yield shape, [part[position] for position in positions]
        except (Recursive, RecursionError) as error:
            raise judgement_error("recursion", str(error)) from None

    def _done(self, tasks: list[Callable[[], Any]]) -> Iterator[tuple[int, Any]]:
        if self._by_two and len(tasks) > _TASKS_OF_ONE:
            from kg.validation import tandem

            return tandem.done(tasks, copy=tandem.possible())
        return ((number, task()) for number, task in enumerate(tasks))

    def _suspects(self, nodes: list[Node], given: list[Given], plans: dict[Hashable, Plan]) -> list[list[int]]:
        """For each shape's tests, the positions of the nodes that do not surely pass them.

        Nodes with the same predicates have the same tests left: `plans` keeps them.
        """
        lookup = self.data.lookup
        found: list[list[int]] = [[] for _ in given]
        for position, node in enumerate(nodes):
            properties = lookup(node) or NO_PROPERTIES
            own = signature(properties)
            plan = plans.get(own)
            if plan is None:
                plan = _plan(given, counts(properties))
                if len(plans) < _PLANS:
                    plans[own] = plan
            fails, left = plan
            for number in fails:
                found[number].append(position)
            for number, test in left:
                if test(node, properties) is not True:
                    found[number].append(position)
        return found

    def _group(self, shape: Node) -> tuple[Node, ...]:
        return same_targets(self.shapes, shape) if self._given is None else (shape,)

    def _targets(self, node: Node) -> dict[Node, None]:
        if self._given is not None:
            return self._given(node)
        group = same_targets(self.shapes, node)
        found = self._same.get(group)
        if found is None:
            found = self._same[group] = focus_nodes(self.shapes, node, self.data)
        return found

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
            if len(owners) == 1:
                return self._focus[owners.pop()]
            return dict.fromkeys(node for owner in owners for node in self._focus[owner])
        return dict.fromkeys(value for q in self._quads(None) for value in (q.subject, q.object))  # type: ignore[misc]  # no quoted triples

    def _note(self, compiled: Shapes, selects: Selects, shape: Shape, part: str, nodes: list[Node]) -> None:
        if part == "full":
            compiled.gather_all(shape, nodes, self.around)
            return
        for node in nodes:
            if part == "core":
                compiled.gather(shape, node, self.around)
            else:
                for select in shape.selects:
                    if key(select) == part:
                        selects.gather(select, node, self.around)


def _plan(given: list[Given], numbers: Counts) -> Plan:
    residues = [tests(numbers) for tests in given]
    fails = [number for number, residue in enumerate(residues) if residue is None or residue is False]
    return fails, [(number, residue) for number, residue in enumerate(residues) if callable(residue)]


def ask(court: Court, engine: Engine) -> Selection:
    """Ask the judge about an engine's suspects: it works on those of one shape while the next shape is checked."""

    def emit(work: list[Work], quads: Iterator[Quad]) -> None:
        court.data(quads)
        court.ask(work)

    return engine.select(emit)
