"""Which focus nodes new statements can matter to: those whose validation reads one of them.

A shape reads the graph along paths from its focus node. The same paths, followed backwards from the new statements
over the graph with them in it, lead to every node that may be judged otherwise than without them; nodes that they
do not lead to read what they read before. What SPARQL constraints read is known as paths, too (Select.ways).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kg.shacl import constraints as c
from kg.shacl.footprint import Footprint, Way
from kg.shacl.graph import SUBCLASS, TYPE, Graph, Index, Node, values
from kg.shacl.paths import Path, Uncompiled, compile_path, items, read_path, reverse
from kg.shacl.targets import Targets, target_classes
from kg.shacl.vocabulary import KNOWN, SILENT, sh

Nodes = dict[Node, None]
MANY = 20_000  # nodes; where new statements matter to more, all of the graph may as well be read
_ABOVE = Path("many", None, (Path("iri", SUBCLASS),))
_KINDS = Path("sequence", None, (Path("iri", TYPE), _ABOVE))


class Unbounded(Exception):
    """What new statements matter to is not less than the graph."""


def added(new: Index, base: Graph) -> Index:
    """The statements of `new` that `base` does not have."""
    known = (base.lookup(subject) for subject in new.by_subject)
    if not any(known):
        return new
    found = Index()
    found.add(
        quad
        for quad in new.quads()
        if quad.object not in values(base.lookup(quad.subject), quad.predicate.value)  # type: ignore[arg-type]  # no quoted triples
    )
    return found


class Paths:
    """Paths followed backwards from some statements over a graph that has them."""

    def __init__(self, graph: Graph, delta: Index) -> None:
        """`delta`: the statements."""
        self.graph = graph
        self.delta = delta
        self._back: dict[Path, Callable[[Node], Iterable[Node]]] = {}

    def touched(self, path: Path) -> Nodes:
        """The nodes from which following the path reads one of the statements."""
        if path.kind == "iri":
            return dict.fromkeys(self.delta.having(path.iri or ""))
        if path.kind == "any":
            return dict.fromkeys(self.delta.by_subject)
        if path.kind == "leading":
            return dict.fromkeys(quad.object for quad in self.delta.quads())  # type: ignore[misc]  # no quoted triples
        if path.kind == "inverse":
            return {value: None for _, value in self.delta.pairs(path.parts[0].iri or "")}
        if path.kind == "sequence":
            return self.along(path.parts)
        found = {node: None for part in path.parts for node in self.touched(part)}
        return self.back(Path("many", None, path.parts), found) if path.kind in ("many", "some") else found

    def along(self, steps: tuple[Path, ...], end: Nodes | None = None) -> Nodes:
        """The nodes from which following the steps reads one of the statements, or leads to a node of `end`."""
        found = end or {}
        for step in reversed(steps):
            found = {**self.touched(step), **self.back(step, found)}
        return found

    def back(self, path: Path, nodes: Nodes) -> Nodes:
        """The nodes from which the path leads to one of `nodes`."""
        if not nodes:
            return {}
        step = self._back.get(path)
        if step is None:
            step = self._back[path] = compile_path(reverse(path), self.graph)
        found: Nodes = {}
        for node in nodes:
            found.update(dict.fromkeys(step(node)))
            if len(found) > MANY:
                raise Unbounded(f"the new data matters to more than {MANY} nodes of the graph")
        return found


class Reach:
    """The focus nodes of shapes that new statements matter to. `select` reads the SPARQL constraint at a node."""

    def __init__(self, shapes: Index, graph: Graph, delta: Index, select: Callable[[Node], Footprint]) -> None:
        """`delta`: the new statements, which `graph` has too."""
        self._shapes = shapes
        self._graph = graph
        self._paths = Paths(graph, delta)
        self._select = select
        self._targets = Targets(shapes, graph)
        self._reading: dict[Node, Nodes | None] = {}

    def focus(self, shape: Node) -> Nodes:
        """The focus nodes of a shape whose verdict may not be what it is without the statements.

        Raises Uncompiled where what the shape reads is not known, Unbounded where that is too much.
        """
        found = {**self.reading(shape), **self._new_targets(shape)}
        return {node: None for node in found if self._targets.holds(shape, node)}

    def _new_targets(self, shape: Node) -> Nodes:
        properties, paths = self._shapes.lookup(shape), self._paths
        found: Nodes = {}
        if target_classes(self._shapes, shape):
            found.update(paths.touched(_KINDS))
        for predicate in values(properties, sh("targetSubjectsOf")):
            found.update(dict.fromkeys(paths.delta.having(c.iri(predicate))))
        for predicate in values(properties, sh("targetObjectsOf")):
            found.update((value, None) for _, value in paths.delta.pairs(c.iri(predicate)))
        return found

    def reading(self, shape: Node) -> Nodes:
        """The nodes whose validation against a shape reads one of the statements."""
        if shape in self._reading:
            found = self._reading[shape]
            if found is None:
                raise Unbounded("a shape that leads to itself")
            return found
        self._reading[shape] = None
        try:
            found = self._reading[shape] = self._read(shape)
        finally:
            if self._reading[shape] is None:
                del self._reading[shape]
        return found

    def _read(self, shape: Node) -> Nodes:
        properties = self._shapes.lookup(shape) or {}
        if any(c.truth(value) for value in values(properties, sh("deactivated"))):
            return {}
        own: Nodes = {}
        of_value: Nodes = {}
        paths = self._paths
        for predicate in properties:
            name = predicate.removeprefix(sh(""))
            if name == predicate or predicate in SILENT:
                continue
            if name not in KNOWN:
                raise Uncompiled(f"sh:{name}")
            for parameter in values(properties, predicate):
                if name == "class":
                    of_value.update(paths.touched(_KINDS))
                elif name == "closed":
                    of_value.update(dict.fromkeys(paths.delta.by_subject))
                elif name in ("equals", "disjoint", "lessThan", "lessThanOrEquals"):
                    own.update(dict.fromkeys(paths.delta.having(c.iri(parameter))))
                elif name == "sparql":
                    own.update(of_ways(paths, self._select(parameter).ways()))
                elif name in ("and", "or", "xone"):
                    for inner in items(self._shapes, parameter):
                        of_value.update(self.reading(inner))
                elif name in ("node", "property", "not", "qualifiedValueShape"):
                    of_value.update(self.reading(parameter))
        for sibling in self._siblings(shape):
            of_value.update(self.reading(sibling))
        given = values(properties, sh("path"))
        return {**own, **(paths.along((read_path(self._shapes, given[0]),), of_value) if given else of_value)}

    def _siblings(self, shape: Node) -> Iterable[Node]:
        """The shapes that values are held against for sh:qualifiedValueShapesDisjoint."""
        if values(self._shapes.lookup(shape), sh("qualifiedValueShapesDisjoint")):
            for parent in self._shapes.subjects(sh("property"), shape):
                for property_shape in values(self._shapes.lookup(parent), sh("property")):
                    yield from values(self._shapes.lookup(property_shape), sh("qualifiedValueShape"))


def of_ways(paths: Paths, ways: Iterable[Way]) -> Nodes:
    """The nodes from which one of the ways reads one of the statements. Raises Unbounded where every node does."""
    found: Nodes = {}
    for way in ways:
        steps = tuple(step for step in way if isinstance(step, Path))
        reading = paths.along(steps)
        if len(steps) == len(way):
            found.update(reading)
        elif way[0] in reading:
            raise Unbounded("a SPARQL constraint reads something new that its focus nodes do not lead to")
    return found
