"""The shapes of a graph that have targets, and their focus nodes (SHACL 1.0, section 2.1.3)."""

from __future__ import annotations

from pyoxigraph import NamedNode

from kg.terms import PREFIXES
from kg.validation.components import SH, SILENT, TARGETS, sh
from kg.validation.index import SUBCLASS, TYPE, Graph, Index, values
from kg.validation.paths import Uncompiled
from kg.validation.terms import Node

_RDFS, _OWL = PREFIXES["rdfs"], PREFIXES["owl"]
_SHAPES = (NamedNode(sh("NodeShape")), NamedNode(sh("PropertyShape")))


def _classes(shapes: Index) -> set[Node]:
    """What makes a shape of this type a class, too, whose instances are its focus nodes."""
    found: set[Node] = {NamedNode(_RDFS + "Class"), NamedNode(_OWL + "Class")}
    found.update(shapes.subjects(SUBCLASS, NamedNode(_RDFS + "Class")))
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


def focus_nodes(shapes: Index, shape: Node, data: Graph) -> dict[Node, None]:
    """The focus nodes of a shape's targets. Raises Uncompiled for a target that is not read."""
    properties = shapes.lookup(shape)
    found: dict[Node, None] = dict.fromkeys(values(properties, sh("targetNode")))
    classes = list(values(properties, sh("targetClass")))
    if set(values(properties, TYPE)) & _classes(shapes):
        classes.append(shape)
    done: set[Node] = set()
    while classes:
        kind = classes.pop()
        if kind not in done:
            done.add(kind)
            found.update(dict.fromkeys(data.subjects(TYPE, kind)))
            classes.extend(data.subjects(SUBCLASS, kind))
    for predicate in values(properties, sh("targetSubjectsOf")):
        found.update(dict.fromkeys(data.having(_iri(predicate))))
    for predicate in values(properties, sh("targetObjectsOf")):
        found.update((value, None) for _, value in data.pairs(_iri(predicate)))
    return found


def same_targets(shapes: Index, shape: Node) -> tuple[Node, ...]:
    """What two shapes share when they surely have the same focus nodes: the same targets, of one kind only."""
    properties = shapes.lookup(shape)
    given = [(name, values(properties, name)) for name in TARGETS if values(properties, name)]
    if len(given) != 1 or list(values(properties, TYPE)) != [_SHAPES[0]]:
        return (shape,)
    name, targets = given[0]
    return (NamedNode(name), *sorted(targets, key=str))


def _iri(term: Node) -> str:
    if not isinstance(term, NamedNode):
        raise Uncompiled("a predicate that is no IRI")
    return term.value
