"""The nodes that SPARQL constraints may reject, found by one query each over a store of what they read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from kg.terms import PREFIXES
from kg.validation.components import sh
from kg.validation.index import TYPE, Graph, Index, values
from kg.validation.paths import Uncompiled
from kg.validation.selects import Select, read_select
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


class Statements(Surroundings):
    """Surroundings that are only to be queried: the statements of what was read, which may be said twice."""

    def __init__(self, graph: Graph) -> None:
        """Nothing read yet."""
        super().__init__(graph)
        self.found: list[Quad] = []
        self._asked: set[tuple[Node, str, bool]] = set()
        self._names: dict[str, NamedNode] = {}

    def forward(self, node: Node, predicate: str) -> Sequence[Node]:
        """Read the values of one property."""
        found = values(self.graph.lookup(node), predicate)
        if found and self._is_new(node, predicate, forward=True):
            name = self._names.setdefault(predicate, NamedNode(predicate))
            self.found.extend([Quad(node, name, value) for value in found])  # type: ignore[arg-type]  # a subject
        return found

    def backward(self, node: Node, predicate: str) -> Sequence[Node]:
        """Read the nodes that have `node` for `predicate`."""
        found = self.graph.subjects(predicate, node)
        if found and self._is_new(node, predicate, forward=False):
            name = self._names.setdefault(predicate, NamedNode(predicate))
            self.found.extend([Quad(subject, name, node) for subject in found])  # type: ignore[arg-type]  # subjects
        return found

    def _is_new(self, node: Node, predicate: str, *, forward: bool) -> bool:
        before = len(self._asked)
        self._asked.add((node, predicate, forward))
        return len(self._asked) > before


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
        self._violators: dict[Node, frozenset[Node] | None] = {}

    def select(self, node: Node) -> Select:
        """The constraint at `node` of the shapes graph. Raises Uncompiled."""
        found = self._read.get(node)
        if found is None:
            found = self._read[node] = self._read_select(node)
        return found

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

    def violators(self, node: Node) -> frozenset[Node] | None:
        """The nodes that the constraint may reject; None where any may be."""
        if node not in self._violators:
            self._violators[node] = self._run(self.select(node), node)
        return self._violators[node]

    def may_reject(self, node: Node, focus: Node) -> bool:
        """Whether the constraint may reject a node."""
        violators = self.violators(node)
        return violators is None or focus in violators

    def shares(self, nodes: Iterable[Node]) -> list[list[Node]]:
        """The constraints in groups that can be asked apart: first those that share one store."""
        local = [node for node in nodes if self._is_local(node, self.select(node))]
        return [[node for node in nodes if node not in local], *([node] for node in local)]

    def run(self, nodes: Iterable[Node]) -> list[list[Node] | None]:
        """Find the violators of several constraints; what is handed out is for `put`, in this process or another."""
        found = [self.violators(node) for node in nodes]
        return [None if violators is None else list(violators) for violators in found]

    def put(self, nodes: Iterable[Node], found: list[list[Node] | None]) -> None:
        """Take in what `run` found."""
        for node, violators in zip(nodes, found, strict=True):
            self._violators[node] = None if violators is None else frozenset(violators)

    def _run(self, select: Select, node: Node) -> frozenset[Node] | None:
        if select.text is None:
            return None
        focus = self._focus(node) if self._is_local(node, select) else None
        if focus is None:
            store, even = self._filled(select)
        elif focus:
            store, even = self._around(select, focus)
        else:
            return frozenset()
        try:
            solutions = store.query(select.text)
            assert isinstance(solutions, QuerySolutions)
            found: set[Node] = {solution["this"] for solution in solutions}
        except (SyntaxError, RuntimeError, OSError, ValueError):
            return None
        if not even:
            for this in self._focus(node) if focus is None else focus:
                around = Surroundings(self._data)
                select.gather([this], self._data, around)
                if not all(is_even(quad.object) for quad in around.quads()):  # type: ignore[arg-type]  # no quoted triples
                    found.add(this)
        return frozenset(found)

    def _filled(self, select: Select) -> tuple[Store, bool]:
        """All statements with the predicates of constraints that read many, and whether those of one are even."""
        if self._store is None:
            self._store = Store()
            reads = [s.predicates for node, s in self._read.items() if not self._is_local(node, s)]
            quads = list(self._quads(frozenset[str]().union(*reads)))
            self._store.bulk_extend(quads)
            self._uneven = {q.predicate.value for q in quads if not is_even(q.object)}  # type: ignore[arg-type]  # no quoted triples
        return self._store, self._uneven.isdisjoint(select.predicates)

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

    def _around(self, select: Select, focus: Collection[Node]) -> tuple[Store, bool]:
        """What the constraint sees from some nodes, and whether that is even."""
        around = Statements(self._data)
        select.gather(focus, self._data, around)
        store = Store()
        store.bulk_extend(around.found)
        return store, all(is_even(quad.object) for quad in around.found)  # type: ignore[arg-type]  # no quoted triples

    def gather(self, node: Node, focus: Node, into: Surroundings) -> None:
        """Note in `into` what the constraint can see from `focus`."""
        self.select(node).gather([focus], self._data, into)
