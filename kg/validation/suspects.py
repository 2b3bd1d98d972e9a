"""The nodes that SPARQL constraints may reject, found by one query each over a store of what they read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from kg.terms import PREFIXES
from kg.validation.index import TYPE, Graph, Index, values
from kg.validation.paths import Uncompiled
from kg.validation.selects import Select, read_select
from kg.validation.shapes import sh
from kg.validation.surroundings import Surroundings
from kg.validation.terms import Node

_XSD = PREFIXES["xsd"]
# Lexical forms that pyoxigraph's store keeps as they are and that it and rdflib compare alike.
_EVEN = {
    _XSD + "string": re.compile(r".*+", re.DOTALL),
    PREFIXES["rdf"] + "langString": re.compile(r".*+", re.DOTALL),
    _XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,14}"),
    _XSD + "decimal": re.compile(r"0|-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{0,8}[1-9])?"),
    _XSD + "boolean": re.compile(r"true|false"),
    _XSD + "date": re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"),
}


def is_even(value: Node) -> bool:
    """Whether a value means the same to pyoxigraph's store as to rdflib, beyond doubt."""
    if type(value) is not Literal:
        return True
    form = _EVEN.get(value.datatype.value)
    return form is not None and form.fullmatch(value.value) is not None


class Selects:
    """The SPARQL constraints of a shapes graph over one data graph.

    `quads` hands out the statements of some predicates: all of the graph's, or those around some nodes.
    """

    def __init__(
        self,
        shapes: Index,
        data: Graph,
        quads: Callable[[frozenset[str] | None], Iterable[Quad]],
        focus: Callable[[Node], Collection[Node]],
        *,
        few: bool = False,
    ) -> None:
        """`focus` gives the nodes that a constraint is to be asked about where literals are not even, or that
        are few: then it runs over what it sees from them, and nothing counts or lists the graph."""
        self._shapes = shapes
        self._data = data
        self._quads = quads
        self._focus = focus
        self._few = few
        self._read: dict[Node, Select] = {}
        self._store: Store | None = None
        self._uneven: set[str] = set()
        self._local: dict[Node, bool] = {}
        self._violators: dict[Node, frozenset[Node]] = {}

    def select(self, node: Node) -> Select:
        """The constraint at `node` of the shapes graph. Raises Uncompiled."""
        found = self._read.get(node)
        if found is None:
            found = self._read[node] = self._read_select(node)
        return found

    def read_all(self, nodes: Iterable[Node]) -> None:
        """Read the constraints that can be, so that one store serves them all."""
        for node in nodes:
            try:
                self.select(node)
            except Uncompiled:
                continue

    def _read_select(self, node: Node) -> Select:
        properties = self._shapes.lookup(node) or {}
        texts = values(properties, sh("select"))
        if len(texts) != 1 or type(texts[0]) is not Literal or texts[0].language:
            raise Uncompiled("sh:sparql without one sh:select")
        deactivated = values(properties, sh("deactivated"))
        if deactivated:
            raise Uncompiled("sh:deactivated on a SPARQL constraint")
        return read_select(texts[0].value, self._prefixes(values(properties, sh("prefixes"))))

    def _prefixes(self, nodes: Iterable[Node]) -> dict[str, str]:
        """As pyshacl gathers them: the declarations at the nodes, and those of every ontology."""
        ontologies = self._shapes.subjects(TYPE, NamedNode(PREFIXES["owl"] + "Ontology"))
        found: dict[str, str] = {}
        declarations = [d for n in (*ontologies, *nodes) for d in values(self._shapes.lookup(n), sh("declare"))]
        for declaration in declarations:
            names = values(self._shapes.lookup(declaration), sh("prefix"))
            namespaces = values(self._shapes.lookup(declaration), sh("namespace"))
            if len(names) != 1 or len(namespaces) != 1:
                raise Uncompiled("sh:declare without one prefix and one namespace")
            name, namespace = str(names[0].value), str(namespaces[0].value)
            if found.setdefault(name, namespace) != namespace:
                raise Uncompiled(f"the prefix {name}: declared twice")
        return found

    def violators(self, node: Node) -> frozenset[Node]:
        """The nodes that the constraint may reject. Raises Uncompiled where that cannot be told."""
        found = self._violators.get(node)
        if found is None:
            found = self._violators[node] = self._run(self.select(node), node)
        return found

    def _run(self, select: Select, node: Node) -> frozenset[Node]:
        local = self._is_local(node, select)
        store = self._around_all(select, node) if local else self._filled()
        try:
            solutions = store.query(select.text)
            assert isinstance(solutions, QuerySolutions)
            found: set[Node] = {solution["this"] for solution in solutions}
        except (SyntaxError, RuntimeError, OSError, ValueError) as error:
            raise Uncompiled(f"a SPARQL constraint that does not run: {error}") from None
        if local or select.predicates & self._uneven:
            for focus in self._focus(node):
                around = Surroundings(self._data)
                select.gather(focus, self._data, around)
                if not all(is_even(quad.object) for quad in around.quads()):  # type: ignore[arg-type]  # no quoted triples
                    found.add(focus)
        return frozenset(found)

    def _filled(self) -> Store:
        if self._store is None:
            self._store = Store()
            reads = [s.predicates for node, s in self._read.items() if not self._is_local(node, s)]
            quads = list(self._quads(frozenset[str]().union(*reads)))
            self._store.bulk_extend(quads)
            for quad in quads:
                if type(quad.object) is Literal and not is_even(quad.object):
                    self._uneven.add(quad.predicate.value)
        return self._store

    def _is_local(self, node: Node, select: Select) -> bool:
        """Whether what the constraint sees from its focus nodes is less than all that its predicates have."""
        if node not in self._local:
            if self._few:
                self._local[node] = True
                return True
            focus = self._focus(node)
            everything = sum(len(self._data.having(predicate)) for predicate in select.predicates)
            self._local[node] = select.any_predicate or 4 * len(focus) < everything
        return self._local[node]

    def _around_all(self, select: Select, node: Node) -> Store:
        """What the constraint sees from any focus node."""
        around = Surroundings(self._data)
        for focus in self._focus(node):
            select.gather(focus, self._data, around)
        store = Store()
        store.bulk_extend(around.quads())
        return store

    def gather(self, node: Node, focus: Node, into: Surroundings) -> None:
        """Note in `into` what the constraint can see from `focus`."""
        self.select(node).gather(focus, self._data, into)
