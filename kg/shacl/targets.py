"""The shapes of a graph that have targets, and their focus nodes (SHACL 1.0, section 2.1.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyoxigraph import Literal, NamedNode

from kg.shacl.constraints import iri
from kg.shacl.graph import OWL, RDFS, SUBCLASS, TYPE, Graph, Index, Node, values
from kg.shacl.vocabulary import SH, SILENT, TARGETS, sh

_SHAPES = (NamedNode(sh("NodeShape")), NamedNode(sh("PropertyShape")))


def _classes(shapes: Index) -> set[Node]:
    """What makes a shape of this type a class, too, whose instances are its focus nodes."""
    found: set[Node] = {NamedNode(RDFS + "Class"), NamedNode(OWL + "Class")}
    found.update(shapes.subjects(SUBCLASS, NamedNode(RDFS + "Class")))
    return found


def targeted(shapes: Index) -> list[Node]:
    """The shapes with targets of their own, implicit class targets included, in a stable order."""
    found = {subject for target in TARGETS for subject, _ in shapes.pairs(target)}
    classes = _classes(shapes)
    for subject, properties in shapes.by_subject.items():
        kinds = set(values(properties, TYPE))
        if kinds & classes and (
            kinds.intersection(_SHAPES) or any(p.startswith(SH) and p not in SILENT for p in properties)
        ):
            found.add(subject)
    return sorted(found, key=str)


def target_classes(shapes: Index, shape: Node) -> list[Node]:
    """The classes whose instances are focus nodes: those named, and the shape itself where it is a class."""
    properties = shapes.lookup(shape)
    implicit = [] if _classes(shapes).isdisjoint(values(properties, TYPE)) else [shape]
    return [*values(properties, sh("targetClass")), *implicit]


def focus_nodes(shapes: Index, shape: Node, data: Graph) -> dict[Node, None]:
    """The focus nodes of a shape's targets. Raises Uncompiled for a target that is not read."""
    properties = shapes.lookup(shape)
    found: dict[Node, None] = dict.fromkeys(values(properties, sh("targetNode")))
    classes = target_classes(shapes, shape)
    done: set[Node] = set()
    while classes:
        kind = classes.pop()
        if kind not in done:
            done.add(kind)
            found.update(dict.fromkeys(data.subjects(TYPE, kind)))
            classes.extend(data.subjects(SUBCLASS, kind))
    for predicate in values(properties, sh("targetSubjectsOf")):
        found.update(dict.fromkeys(data.having(iri(predicate))))
    for predicate in values(properties, sh("targetObjectsOf")):
        found.update((value, None) for _, value in data.pairs(iri(predicate)))
    return found


def same_targets(shapes: Index, shape: Node) -> tuple[Node, ...]:
    """What two shapes share when they surely have the same focus nodes: the same targets, of one kind only."""
    properties = shapes.lookup(shape)
    given = [(name, values(properties, name)) for name in TARGETS if values(properties, name)]
    if len(given) != 1 or list(values(properties, TYPE)) != [_SHAPES[0]]:
        return (shape,)
    name, targets = given[0]
    return (NamedNode(name), *sorted(targets, key=str))


class Targets:
    """Whether a node is a target of a shape, without listing all that are."""

    def __init__(self, shapes: Index, graph: Graph) -> None:
        """Targets in `graph`."""
        self._shapes = shapes
        self._graph = graph
        self._tests: dict[Node, tuple[list[Callable[[Node], object]], dict[Node, bool]]] = {}
        self._held: dict[tuple[Sequence[Node], ...], dict[Node, bool]] = {}  # by what is targeted
        self._kinds: dict[Node, frozenset[Node]] = {}

    def holds(self, shape: Node, node: Node) -> bool:
        """Whether `node` is one of the targets of `shape`. Raises Uncompiled for a target that is not read."""
        known = self._tests.get(shape)
        if known is None:
            properties = self._shapes.lookup(shape)
            given = (
                *(tuple(values(properties, name)) for name in TARGETS),
                tuple(target_classes(self._shapes, shape)),
            )
            known = self._tests[shape] = self._read(shape), self._held.setdefault(given, {})
        tests, held = known
        found = held.get(node)
        if found is None:
            found = held[node] = any(test(node) for test in tests)
        return found

    def _read(self, shape: Node) -> list[Callable[[Node], object]]:
        properties, graph = self._shapes.lookup(shape), self._graph
        tests: list[Callable[[Node], object]] = [frozenset(values(properties, sh("targetNode"))).__contains__]
        classes = frozenset(target_classes(self._shapes, shape))
        if classes:
            tests.append(lambda node: not classes.isdisjoint(self._kinds_of(node)))
        for name in map(iri, values(properties, sh("targetSubjectsOf"))):
            tests.append(lambda node, name=name: values(graph.lookup(node), name))  # type: ignore[misc]  # bound now
        for name in map(iri, values(properties, sh("targetObjectsOf"))):
            tests.append(lambda node, name=name: graph.subjects(name, node))  # type: ignore[misc]  # bound now
        return tests

    def _kinds_of(self, node: Node) -> frozenset[Node]:
        """The types of a node and the classes above them."""
        found = self._kinds.get(node)
        if found is None:
            kinds = [] if isinstance(node, Literal) else list(values(self._graph.lookup(node), TYPE))
            for kind in kinds:
                kinds.extend(above for above in values(self._graph.lookup(kind), SUBCLASS) if above not in kinds)
            found = self._kinds[node] = frozenset(kinds)
        return found
