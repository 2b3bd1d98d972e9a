"""SHACL shapes compiled to closures over a graph: which focus nodes surely conform, and what they read.

What is not known here is never skipped: a shape with it goes to pyshacl whole (`Compiled.whole`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from kg.terms import PREFIXES
from kg.validation import constraints as c
from kg.validation.index import SUBCLASS, TYPE, Graph, Index, Properties, values
from kg.validation.paths import Path, Uncompiled, compile_path, items, read_path, walk
from kg.validation.surroundings import Surroundings
from kg.validation.terms import Node

SH, RDF, RDFS, OWL = (PREFIXES[p] for p in ("sh", "rdf", "rdfs", "owl"))


def sh(name: str) -> str:
    """The IRI of a term of the SHACL vocabulary."""
    return SH + name


SILENT = frozenset(
    sh(name)
    for name in [
        "name",
        "description",
        "message",
        "severity",
        "order",
        "group",
        "defaultValue",
        "path",
        "flags",
        "ignoredProperties",
        "targetClass",
        "targetNode",
        "targetSubjectsOf",
        "targetObjectsOf",
        "deactivated",
        "qualifiedMinCount",
        "qualifiedMaxCount",
        "qualifiedValueShapesDisjoint",
    ]
)
TARGETS = tuple(sh(name) for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"))
SPARQL = sh("sparql")

Check = Callable[[Node], c.Verdict]
# The same, for a node whose properties have been looked up already.
Known = Callable[[Node, Properties], c.Verdict]
Gather = Callable[[Node, Surroundings], None]
# Notes what a constraint reads: of a focus node and its value nodes.
Reads = Callable[[Node, Sequence[Node], Surroundings], None]


@dataclass(slots=True)
class Shape:
    """One compiled shape. `predicates` are those it reads; `selects` its own SPARQL constraints."""

    node: Node
    path: Path | None
    check: Check = lambda node: None
    known: Known = lambda node, properties: None
    gather: Gather = lambda node, into: None
    step: Callable[[Node], Sequence[Node]] | None = None
    selects: list[Node] = field(default_factory=list)
    nested_selects: bool = False
    of_known: list[Known] = field(default_factory=list)  # its property shapes, tested on one look-up
    least: int = 0  # sh:minCount
    most: int | None = None  # sh:maxCount


class Recursive(Exception):
    """A node came to be validated against a shape while it was being validated against it."""


class Shapes:
    """The shapes of a graph, compiled as they are asked for, over one data graph.

    `violators` gives the nodes that a SPARQL constraint may reject, or raises Uncompiled.
    """

    def __init__(
        self,
        shapes: Index,
        data: Graph,
        violators: Callable[[Node], frozenset[Node]],
        gather_select: Callable[[Node, Node, Surroundings], None],
    ) -> None:
        """Compile nothing yet; raises Uncompiled for shapes graphs with constraint components of their own."""
        self.graph = shapes
        self.data = data
        self._violators = violators
        self._gather_select = gather_select
        self._made: dict[Node, Shape] = {}
        self._open: set[Node] = set()
        self._active: set[tuple[Node, Node]] = set()
        self.recursive = False
        component = NamedNode(sh("ConstraintComponent"))
        kinds = {component, *shapes.subjects(SUBCLASS, component)}
        if any(not str(n.value).startswith(SH) for kind in kinds for n in shapes.subjects(TYPE, kind)):
            raise Uncompiled("a constraint component of its own")

    def targeted(self) -> list[Node]:
        """The shapes with targets of their own, implicit class targets included, in a stable order."""
        found = {subject for target in TARGETS for subject, _ in self.graph.pairs(target)}
        classes: set[Node] = {NamedNode(RDFS + "Class"), NamedNode(OWL + "Class")}
        classes.update(self.graph.subjects(SUBCLASS, NamedNode(RDFS + "Class")))
        shape_kinds = (NamedNode(sh("NodeShape")), NamedNode(sh("PropertyShape")))
        for subject, properties in self.graph.by_subject.items():
            kinds = set(values(properties, TYPE))
            shape_like = kinds.intersection(shape_kinds) or any(
                p.startswith(SH) and p not in SILENT for p in properties
            )
            if kinds & classes and shape_like:
                found.add(subject)
        return sorted(found, key=str)

    def focus_nodes(self, shape: Node) -> dict[Node, None]:
        """The focus nodes of a shape's targets (SHACL 1.0, section 2.1.3)."""
        properties = self.graph.lookup(shape)
        data = self.data
        found: dict[Node, None] = dict.fromkeys(values(properties, sh("targetNode")))
        classes = list(values(properties, sh("targetClass")))
        kinds = set(values(properties, TYPE))
        above: set[Node] = {NamedNode(RDFS + "Class"), NamedNode(OWL + "Class")}
        above.update(self.graph.subjects(SUBCLASS, NamedNode(RDFS + "Class")))
        if kinds & above:
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

    def shape(self, node: Node) -> Shape:
        """The compiled shape. Raises Uncompiled where it, or one that it leads to, has something unknown."""
        made = self._made.get(node)
        if made is None:
            made = self._made[node] = Shape(node, None)
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
            if predicate.startswith(SH) and predicate not in SILENT and name not in KNOWN:
                raise Uncompiled(f"sh:{name}")
        paths = values(properties, sh("path"))
        if len(paths) > 1:
            raise Uncompiled("two paths")
        if paths:
            shape.path = read_path(self.graph, paths[0])
            shape.step = compile_path(shape.path, self.data)
        if any(c.truth(value) for value in values(properties, sh("deactivated"))):
            shape.check, shape.known = lambda node: True, lambda node, properties: True
            shape.gather = lambda node, into: None
            return
        of_value: list[c.OfValue] = []
        of_values: list[c.OfValues] = []
        gathers: list[Reads] = []
        for predicate in sorted(properties):
            name = predicate[len(SH) :] if predicate.startswith(SH) else ""
            if name in KNOWN:
                for parameter in values(properties, predicate):
                    self._constraint(shape, name, parameter, of_value, of_values, gathers)
        self._finish(shape, of_value, of_values)
        shape.gather = self._gatherer(shape, gathers)

    def _single(self, shape: Shape, name: str) -> None:
        if len(values(self.graph.lookup(shape.node), sh(name))) > 1:
            raise Uncompiled(f"two values of sh:{name}")

    def _constraint(
        self,
        shape: Shape,
        name: str,
        parameter: Node,
        of_value: list[c.OfValue],
        of_values: list[c.OfValues],
        gathers: list[Reads],
    ) -> None:
        data, properties = self.data, self.graph.lookup(shape.node) or {}
        if name not in _MANY:
            self._single(shape, name)
        if name in _OF_PROPERTIES and shape.path is None:
            raise Uncompiled(f"sh:{name} on a node shape")
        if name == "minCount":
            shape.least = c.whole(parameter)
        elif name == "maxCount":
            shape.most = c.whole(parameter)
        elif name == "datatype":
            of_value.append(c.datatype(parameter))
        elif name == "nodeKind":
            of_value.append(c.node_kind(parameter))
        elif name == "class":
            of_value.append(c.of_class(parameter, data))
            gathers.append(_gather_types)
        elif name == "minLength":
            of_value.append(c.length(c.whole(parameter), None))
        elif name == "maxLength":
            of_value.append(c.length(None, c.whole(parameter)))
        elif name == "pattern":
            self._single(shape, "flags")
            flags = values(properties, sh("flags"))
            of_value.append(c.pattern(parameter, str(flags[0].value).lower() if flags else ""))
        elif name == "languageIn":
            of_value.append(c.language_in(self.graph, parameter))
        elif name == "in":
            of_value.append(c.one_of(self.graph, parameter))
        elif name == "hasValue":
            of_values.append(c.has_value(parameter))
        elif name == "uniqueLang":
            if c.truth(parameter):
                of_values.append(c.unique_lang)
        elif name in ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"):
            of_value.append(c.bound(parameter, lower=name.startswith("min"), inclusive=name.endswith("Inclusive")))
        elif name in ("equals", "disjoint", "lessThan", "lessThanOrEquals"):
            of_values.append(_pair(name, parameter, data))
            gathers.append(_gather_property(_iri(parameter)))
        elif name == "closed":
            if c.truth(parameter):
                of_value.append(self._closed(shape))
                gathers.append(_gather_everything)
        elif name == "sparql":
            shape.selects.append(parameter)
        else:
            self._shape_based(shape, name, parameter, of_value, of_values, gathers)

    def _shape_based(
        self,
        shape: Shape,
        name: str,
        parameter: Node,
        of_value: list[c.OfValue],
        of_values: list[c.OfValues],
        gathers: list[Reads],
    ) -> None:
        several = name in ("and", "or", "xone")
        inner = [self.shape(node) for node in (items(self.graph, parameter) if several else [parameter])]
        if not inner:
            raise Uncompiled(f"an empty sh:{name}")
        one = inner[0]
        if (name == "node" and one.path is not None) or (name == "property" and one.path is None):
            raise Uncompiled(f"sh:{name} that leads to no shape of its kind")
        checks = [self._guarded(made) for made in inner]
        shape.nested_selects |= any(made.selects or made.nested_selects for made in inner)
        # On a node shape the value is the node itself, whose properties are at hand: no look-up is needed.
        known = [made.known for made in inner] if shape.path is None else []
        if any(check is not made.check for check, made in zip(checks, inner, strict=True)):
            known = []
        if name in ("node", "property", "and"):
            shape.of_known.extend(known)
            of_value.extend([] if known else checks)
        elif name == "not" and known:
            shape.of_known.append(lambda node, properties: _negation(known[0](node, properties)))
        elif name == "not":
            of_value.append(lambda value: _negation(checks[0](value)))
        elif name == "or" and known:
            shape.of_known.append(_either(known))
        elif name == "or":
            of_value.append(lambda value: _any(check(value) for check in checks))
        elif name == "xone":
            of_value.append(lambda value: _exactly_one([check(value) for check in checks]))
        elif name == "qualifiedValueShape":
            of_values.append(self._qualified(shape, parameter, checks[0], inner))

        def gather(focus: Node, found: Sequence[Node], into: Surroundings) -> None:
            for value in found:
                for made in inner:
                    self._gather(made, value, into)

        gathers.append(gather)

    def _gather(self, shape: Shape, node: Node, into: Surroundings) -> None:
        if (shape.node, node) not in into.seen:
            into.seen.add((shape.node, node))
            shape.gather(node, into)
            for select in shape.selects:
                self._gather_select(select, node, into)

    def _guarded(self, shape: Shape) -> c.OfValue:
        """The check of an inner shape with its own SPARQL constraints.

        A shape that is not compiled yet is met by way of itself: there, recursion on one node is watched for.
        """
        if shape.node in self._open:
            return self._watched(shape)
        if not shape.selects:
            return shape.check
        own = shape.check

        def check(value: Node) -> c.Verdict:
            verdict = own(value)
            if verdict is True:
                return None if any(value in self._violators(select) for select in shape.selects) else True
            return verdict

        return check

    def _watched(self, shape: Shape) -> c.OfValue:
        def check(value: Node) -> c.Verdict:
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

    def _closed(self, shape: Shape) -> c.OfValue:
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

    def _qualified(self, shape: Shape, parameter: Node, check: c.OfValue, inner: list[Shape]) -> c.OfValues:
        properties = self.graph.lookup(shape.node) or {}
        for name in ("qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"):
            self._single(shape, name)
        least, most = (values(properties, sh(f"qualified{end}Count")) for end in ("Min", "Max"))
        if not least and not most:
            raise Uncompiled("sh:qualifiedValueShape without a count")
        lower = c.whole(least[0]) if least else 0
        upper = c.whole(most[0]) if most else None
        siblings: list[c.OfValue] = []
        if any(c.truth(value) for value in values(properties, sh("qualifiedValueShapesDisjoint"))):
            others: set[Node] = set()
            for parent in self.graph.subjects(sh("property"), shape.node):
                for property_shape in values(self.graph.lookup(parent), sh("property")):
                    others.update(values(self.graph.lookup(property_shape), sh("qualifiedValueShape")))
            for other in sorted(others - {parameter}, key=str):
                made = self.shape(other)
                inner.append(made)
                shape.nested_selects |= bool(made.selects) or made.nested_selects
                siblings.append(self._guarded(made))

        def counted(value: Node) -> c.Verdict:
            verdict = check(value)
            if verdict is False or not siblings:
                return verdict
            other = _any(sibling(value) for sibling in siblings)
            if other is True:
                return False
            return verdict if other is False else None

        def of_values(focus: Node, found: Sequence[Node]) -> c.Verdict:
            verdicts = [counted(value) for value in found]
            sure, perhaps = verdicts.count(True), len(verdicts) - verdicts.count(False)
            if sure >= lower and (upper is None or perhaps <= upper):
                return True
            return False if perhaps < lower or (upper is not None and sure > upper) else None

        return of_values

    def _finish(self, shape: Shape, of_value: list[c.OfValue], of_values: list[c.OfValues]) -> None:
        path, step, lookup = shape.path, shape.step, self.data.lookup
        if step is None or path is None:
            shape.known = _on_node(shape.of_known, of_value, of_values)
        elif path.iri is not None:
            shape.known = _on_predicate(path.iri, shape.least, shape.most, of_value, of_values)
        else:
            if shape.least or shape.most is not None:
                of_values.insert(0, _count(shape.least, shape.most))

            def check(node: Node) -> c.Verdict:
                return _verdict(node, step(node), of_value, of_values)

            def careful(node: Node) -> c.Verdict:
                # pyshacl leaves a node out that a + path leads back to; where it does, pyshacl decides.
                return None if node in step(node) else check(node)

            shape.check = own = careful if "some" in _kinds(path) else check
            shape.known = lambda node, properties: own(node)
            return
        known = shape.known
        shape.check = lambda node: known(node, lookup(node) or _NO_PROPERTIES)

    def _gatherer(self, shape: Shape, gathers: list[Reads]) -> Gather:
        path, data = shape.path, self.data

        def gather(node: Node, into: Surroundings) -> None:
            found = walk(path, data, node, into) if path is not None else (node,)
            for inner in gathers:
                inner(node, found, into)

        return gather

    def compiled(self) -> list[Shape]:
        """Every shape compiled so far."""
        return list(self._made.values())

    def gather(self, shape: Shape, nodes: Iterable[Node], into: Surroundings) -> None:
        """Note in `into` all that validating `nodes` against `shape` reads."""
        for node in nodes:
            self._gather(shape, node, into)


def _verdict(
    node: Node, found: Sequence[Node], of_value: Sequence[c.OfValue], of_values: Sequence[c.OfValues]
) -> c.Verdict:
    sure: c.Verdict = True
    for test in of_values:
        verdict = test(node, found)
        if verdict is not True:
            if verdict is False:
                return False
            sure = None
    for value_test in of_value:
        for value in found:
            verdict = value_test(value)
            if verdict is not True:
                if verdict is False:
                    return False
                sure = None
    return sure


def _count(least: int, most: int | None) -> c.OfValues:
    return lambda focus, found: len(found) >= least and (most is None or len(found) <= most)


_NO_PROPERTIES: Properties = {}


def _on_node(of_known: list[Known], of_value: list[c.OfValue], of_values: list[c.OfValues]) -> Known:
    """The check of a node shape: the node is its own and only value."""

    if len(of_known) == 1 and not of_value and not of_values:
        return of_known[0]

    def check(node: Node, properties: Properties) -> c.Verdict:
        sure: c.Verdict = True
        for known in of_known:
            verdict = known(node, properties)
            if verdict is not True:
                if verdict is False:
                    return False
                sure = None
        for test in of_value:
            verdict = test(node)
            if verdict is not True:
                if verdict is False:
                    return False
                sure = None
        if of_values:
            verdict = _verdict(node, (node,), (), of_values)
            if verdict is not True:
                return verdict
        return sure

    return check


def _on_predicate(
    predicate: str, least: int, most: int | None, of_value: list[c.OfValue], of_values: list[c.OfValues]
) -> Known:
    """The check of a property shape whose path is one predicate, which nearly all are: each step counts."""
    limit = 1 << 60 if most is None else most
    predicate = sys.intern(predicate)
    if not of_values and not of_value:

        def count(node: Node, properties: Properties) -> c.Verdict:
            found = properties.get(predicate)
            return least <= (0 if found is None else len(found) if type(found) is list else 1) <= limit

        return count
    if not of_values and len(of_value) == 1 and least <= 1 <= limit:
        only = of_value[0]

        def one(node: Node, properties: Properties) -> c.Verdict:
            found = properties.get(predicate)
            if found is None:
                return least == 0
            if type(found) is not list:
                return only(found)  # type: ignore[arg-type]
            return least <= len(found) <= limit and _verdict(node, found, of_value, ())

        return one

    def check(node: Node, properties: Properties) -> c.Verdict:
        found = properties.get(predicate)
        if found is None:
            return least == 0 and (not of_values or _verdict(node, (), of_value, of_values))
        if type(found) is list:
            if not least <= len(found) <= limit:
                return False
            return _verdict(node, found, of_value, of_values)
        if least > 1 or limit < 1:
            return False
        sure: c.Verdict = True
        if of_values:
            sure = _verdict(node, (found,), (), of_values)  # type: ignore[arg-type]
            if sure is False:
                return False
        for test in of_value:
            verdict = test(found)  # type: ignore[arg-type]
            if verdict is not True:
                if verdict is False:
                    return False
                sure = None
        return sure

    return check


def _gather_types(_focus: Node, found: Sequence[Node], into: Surroundings) -> None:
    for value in found:
        into.types(value)


def _gather_everything(_focus: Node, found: Sequence[Node], into: Surroundings) -> None:
    for value in found:
        into.everything(value)


def _gather_property(predicate: str) -> Reads:
    def gather(focus: Node, _found: Sequence[Node], into: Surroundings) -> None:
        into.forward(focus, predicate)

    return gather


KNOWN = frozenset(
    [
        "minCount",
        "maxCount",
        "datatype",
        "nodeKind",
        "class",
        "minLength",
        "maxLength",
        "pattern",
        "languageIn",
        "in",
        "hasValue",
        "uniqueLang",
        "minInclusive",
        "minExclusive",
        "maxInclusive",
        "maxExclusive",
        "equals",
        "disjoint",
        "lessThan",
        "lessThanOrEquals",
        "closed",
        "sparql",
        "node",
        "property",
        "and",
        "or",
        "xone",
        "not",
        "qualifiedValueShape",
    ]
)
# Parameters that may be given several times, each a constraint of its own.
_MANY = frozenset(
    [
        "class",
        "hasValue",
        "equals",
        "disjoint",
        "lessThan",
        "lessThanOrEquals",
        "node",
        "property",
        "and",
        "or",
        "xone",
        "not",
        "sparql",
    ]
)
_OF_PROPERTIES = frozenset(
    ["minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape"]
)


def _kinds(path: Path) -> str:
    return " ".join([path.kind, *(_kinds(part) for part in path.parts)])


def _pair(name: str, predicate: Node, data: Graph) -> c.OfValues:
    if name == "equals":
        return c.equals(predicate, data)
    if name == "disjoint":
        return c.disjoint(predicate, data)
    return c.less_than(predicate, data, equal=name == "lessThanOrEquals")


def _negation(verdict: c.Verdict) -> c.Verdict:
    return None if verdict is None else not verdict


def _any(verdicts: Iterable[c.Verdict]) -> c.Verdict:
    unsure = False
    for verdict in verdicts:
        if verdict is True:
            return True
        unsure |= verdict is None
    return None if unsure else False


def _either(tests: list[Known]) -> Known:
    def check(node: Node, properties: Properties) -> c.Verdict:
        unsure = False
        for test in tests:
            verdict = test(node, properties)
            if verdict is True:
                return True
            unsure |= verdict is None
        return None if unsure else False

    return check


def _exactly_one(verdicts: list[c.Verdict]) -> c.Verdict:
    if verdicts.count(True) > 1:
        return False
    if None in verdicts:
        return None
    return verdicts.count(True) == 1


def _iri(term: Node) -> str:
    if not isinstance(term, NamedNode):
        raise Uncompiled("a predicate that is no IRI")
    return term.value
