"""SHACL shapes compiled over a graph: which focus nodes surely conform.

What is not known here is never skipped: a shape with it goes to pyshacl whole (Uncompiled).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Protocol

from pyoxigraph import NamedNode

from kg.shacl import characteristic_sets as sets
from kg.shacl import constraints as c
from kg.shacl.characteristic_sets import (
    NO_PROPERTIES,
    Given,
    OfPath,
    OfValue,
    OfValues,
    Remaining,
    Verdict,
    any_of,
    counts,
    every,
    exactly_one,
    negation,
    signature,
    tested,
)
from kg.shacl.graph import SUBCLASS, TYPE, Graph, Index, Node, values
from kg.shacl.paths import Path, Uncompiled, compile_path, items, read_path
from kg.shacl.syntax import carried_out
from kg.shacl.vocabulary import KNOWN, MANY, OF_PROPERTIES, SH, SILENT, sh

_KEPT = 20_000  # verdicts, and signatures, for one shape


class Selects(Protocol):
    """What is asked of SPARQL constraints."""

    def read(self, node: Node, /) -> object:
        """The constraint at `node` of the shapes graph. Raises Uncompiled where it is not read."""

    def may_reject(self, node: Node, focus: Node, /) -> bool:
        """Whether the constraint may reject a node."""


class Recursive(Exception):
    """A node came to be validated against a shape while it was being validated against it."""


@dataclass(slots=True)
class Shape:
    """One compiled shape: what is left to test of a node whose predicates are known.

    `selects` are its own SPARQL constraints, which `given` leaves out; `nested_selects`: shapes in it have some.
    """

    node: Node
    data: Graph
    path: Path | None = None
    given: Given = lambda counts: None
    selects: list[Node] = field(default_factory=list)
    nested_selects: bool = False
    of_value: OfValue | None = None  # the whole test, where it is of the node alone and not of its properties
    _remaining: dict[Hashable, Remaining] = field(default_factory=dict)
    _known: dict[Node, Verdict] = field(default_factory=dict)

    def check(self, node: Node) -> Verdict:
        """The verdict on one node. Codes and the like are asked for again and again: verdicts are kept."""
        try:
            return self._known[node]
        except KeyError:
            verdict = self._check(node)
            if len(self._known) < _KEPT:
                self._known[node] = verdict
            return verdict

    def _check(self, node: Node) -> Verdict:
        properties = self.data.lookup(node) or NO_PROPERTIES
        own = signature(properties)
        try:
            remaining = self._remaining[own]
        except KeyError:
            remaining = self.given(counts(properties))
            if len(self._remaining) < _KEPT:
                self._remaining[own] = remaining
        return tested(remaining, node, properties)


@dataclass(slots=True)
class Tests:
    """The tests of one shape while it is being compiled."""

    of_value: list[OfValue] = field(default_factory=list)
    of_values: list[OfValues] = field(default_factory=list)
    of_focus: list[OfValues] = field(default_factory=list)
    parts: list[Given] = field(default_factory=list)  # of a node shape: shapes that test the same node
    least: int = 0
    most: int | None = None


class Shapes:
    """The shapes of a graph, compiled as they are asked for, over one data graph."""

    def __init__(self, shapes: Index, data: Graph, selects: Selects) -> None:
        """Compile nothing yet; `selects` are the SPARQL constraints.

        Raises Uncompiled for shapes graphs with constraint components of their own.
        """
        self.graph = shapes
        self.data = data
        self._selects = selects
        self._made: dict[Node, Shape] = {}
        self._open: set[Node] = set()
        self._active: set[tuple[Node, Node]] = set()
        self.recursive = False
        component = NamedNode(sh("ConstraintComponent"))
        kinds = {component, *shapes.subjects(SUBCLASS, component)}
        if any(not str(n.value).startswith(SH) for kind in kinds for n in shapes.subjects(TYPE, kind)):
            raise Uncompiled("a constraint component of its own")

    def compiled(self) -> list[Shape]:
        """Every shape compiled so far."""
        return list(self._made.values())

    def shape(self, node: Node) -> Shape:
        """The compiled shape. Raises Uncompiled where it, or one that it leads to, has something unknown."""
        made = self._made.get(node)
        if made is None:
            made = self._made[node] = Shape(node, self.data)
            self._open.add(node)
            try:
                self._compile(made)
            except Uncompiled:
                del self._made[node]
                raise
            finally:
                self._open.discard(node)
        elif node in self._open:
            self.recursive = True
        return made

    def _compile(self, shape: Shape) -> None:
        properties = self.graph.lookup(shape.node) or {}
        for predicate in properties:
            name = predicate.removeprefix(SH)
            if predicate.startswith(SH) and predicate not in SILENT and name not in KNOWN and carried_out(name):
                raise Uncompiled(f"sh:{name}")
        paths = values(properties, sh("path"))
        if len(paths) > 1:
            raise Uncompiled("two paths")
        if paths:
            shape.path = read_path(self.graph, paths[0])
        if any(c.truth(value) for value in values(properties, sh("deactivated"))):
            shape.given = lambda counts: True
            return
        tests = Tests()
        for predicate in sorted(properties):
            name = predicate[len(SH) :] if predicate.startswith(SH) else ""
            if name in KNOWN:
                for parameter in values(properties, predicate):
                    self._constraint(shape, name, parameter, tests)
        shape.given = self._finished(shape, tests)

    def _finished(self, shape: Shape, tests: Tests) -> Given:
        if shape.path is not None:
            made = OfPath(shape.path, compile_path(shape.path, self.data))
            made.least, made.most = tests.least, tests.most
            made.of_value, made.of_values, made.of_focus = tests.of_value, tests.of_values, tests.of_focus
            return made.given
        of_values = [*tests.of_values, *tests.of_focus]
        if not tests.parts and not of_values:
            shape.of_value = every(tests.of_value)
        if tests.of_value or of_values:
            tests.parts.append(sets.of_node(tests.of_value, of_values))
        return sets.conjunction(tests.parts)

    def _single(self, shape: Shape, name: str) -> None:
        if len(values(self.graph.lookup(shape.node), sh(name))) > 1:
            raise Uncompiled(f"two values of sh:{name}")

    def _constraint(self, shape: Shape, name: str, parameter: Node, tests: Tests) -> None:
        if name not in MANY:
            self._single(shape, name)
        if name in OF_PROPERTIES and shape.path is None:
            raise Uncompiled(f"sh:{name} on a node shape")
        if name == "minCount":
            tests.least = c.whole(parameter)
        elif name == "maxCount":
            tests.most = c.whole(parameter)
        elif name == "class":
            tests.of_value.append(c.of_class(parameter, self.data))
        elif name == "pattern":
            self._single(shape, "flags")
            flags = values(self.graph.lookup(shape.node), sh("flags"))
            tests.of_value.append(c.pattern(parameter, str(flags[0].value).lower() if flags else ""))
        elif name == "hasValue":
            tests.of_values.append(c.has_value(parameter))
        elif name == "uniqueLang":
            if c.truth(parameter):
                tests.of_values.append(c.unique_lang)
        elif name in ("equals", "disjoint", "lessThan", "lessThanOrEquals"):
            tests.of_focus.append(c.pair(name, parameter, self.data))
        elif name == "closed":
            if c.truth(parameter):
                tests.of_value.append(self._closed(shape))
        elif name == "sparql":
            self._selects.read(parameter)
            shape.selects.append(parameter)
        elif name in ("node", "property", "and", "or", "xone", "not", "qualifiedValueShape"):
            self._shape_based(shape, name, parameter, tests)
        else:
            tests.of_value.append(c.of_value(name, parameter, self.graph))

    def _shape_based(self, shape: Shape, name: str, parameter: Node, tests: Tests) -> None:
        several = name in ("and", "or", "xone")
        inner = [self.shape(node) for node in (items(self.graph, parameter) if several else [parameter])]
        if not inner:
            raise Uncompiled(f"an empty sh:{name}")
        one = inner[0]
        if (name == "node" and one.path is not None) or (name == "property" and one.path is None):
            raise Uncompiled(f"sh:{name} that leads to no shape of its kind")
        shape.nested_selects |= any(made.selects or made.nested_selects for made in inner)
        # On a node shape the value is the node itself: its predicates are known, and go into the residue.
        here = shape.path is None and not any(made.node in self._open or made.selects for made in inner)
        parts = [made.given for made in inner]
        checks = [] if here else [self._guarded(made) for made in inner]
        if name == "qualifiedValueShape":
            tests.of_values.append(self._qualified(shape, parameter, checks[0], inner))
        elif name == "xone":
            checks = checks or [self._guarded(made) for made in inner]
            tests.of_value.append(lambda value: exactly_one([check(value) for check in checks]))
        elif name == "not" and here:
            tests.parts.append(sets.opposite(parts[0]))
        elif name == "not":
            tests.of_value.append(lambda value: negation(checks[0](value)))
        elif name == "or" and here:
            tests.parts.append(sets.disjunction(parts))
        elif name == "or":
            tests.of_value.append(lambda value: any_of(check(value) for check in checks))
        elif here:
            tests.parts.extend(parts)
        else:
            tests.of_value.extend(checks)

    def _guarded(self, shape: Shape) -> OfValue:
        """The check of an inner shape with its own SPARQL constraints.

        A shape that is not compiled yet is met by way of itself: there, recursion on one node is watched for.
        """
        if shape.node in self._open:
            return self._watched(shape)
        if not shape.selects:
            return shape.of_value or shape.check

        def check(value: Node) -> Verdict:
            verdict = shape.check(value)
            if verdict is True and any(self._selects.may_reject(select, value) for select in shape.selects):
                return None
            return verdict

        return check

    def _watched(self, shape: Shape) -> OfValue:
        def check(value: Node) -> Verdict:
            here = (shape.node, value)
            if here in self._active:
                raise Recursive(f"{shape.node} on {value}")
            self._active.add(here)
            try:
                verdict = shape.check(value)
                return None if verdict is True and shape.selects else verdict
            finally:
                self._active.discard(here)

        return check

    def _closed(self, shape: Shape) -> OfValue:
        properties = self.graph.lookup(shape.node) or {}
        allowed: set[str] = set()
        for head in values(properties, sh("ignoredProperties")):
            allowed.update(str(item.value) for item in items(self.graph, head))
        for inner in values(properties, sh("property")):
            path = self.shape(inner).path
            if path is not None and path.iri is not None:
                allowed.add(path.iri)
        lookup = self.data.lookup
        return lambda value: all(predicate in allowed for predicate in lookup(value) or ())

    def _qualified(self, shape: Shape, parameter: Node, check: OfValue, inner: list[Shape]) -> OfValues:
        properties = self.graph.lookup(shape.node) or {}
        for name in ("qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"):
            self._single(shape, name)
        least, most = (values(properties, sh(f"qualified{end}Count")) for end in ("Min", "Max"))
        if not least and not most:
            raise Uncompiled("sh:qualifiedValueShape without a count")
        siblings: list[OfValue] = []
        if any(c.truth(value) for value in values(properties, sh("qualifiedValueShapesDisjoint"))):
            for other in self._siblings(shape.node, parameter):
                made = self.shape(other)
                inner.append(made)
                shape.nested_selects |= bool(made.selects) or made.nested_selects
                siblings.append(self._guarded(made))
        lower, upper = c.whole(least[0]) if least else 0, c.whole(most[0]) if most else None
        return c.qualified(check, siblings, lower, upper)

    def _siblings(self, shape: Node, parameter: Node) -> list[Node]:
        """The other qualified value shapes of the shapes that this property shape belongs to."""
        others: set[Node] = set()
        for parent in self.graph.subjects(sh("property"), shape):
            for property_shape in values(self.graph.lookup(parent), sh("property")):
                others.update(values(self.graph.lookup(property_shape), sh("qualifiedValueShape")))
        return sorted(others - {parameter}, key=str)
