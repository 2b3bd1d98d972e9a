"""The nodes that SPARQL constraints (SHACL 1.0, section 5) may reject, found by the embedded engine.

The engine runs a constraint's own text over a store of what it reads: once for all nodes where that is the same, else
once for each. What it finds is a superset; pyshacl decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Variable

from kg.shacl.footprint import Footprint, Form, Reading, of_constraint
from kg.shacl.graph import OWL, RDF, TYPE, XSD, Graph, Index, Node, quads_of, values
from kg.shacl.paths import Uncompiled
from kg.shacl.vocabulary import sh

_THIS = Variable("this")
# Lexical forms that pyoxigraph's store keeps as they are and that it and rdflib compare alike.
_EVEN = {
    XSD + "string": re.compile(r".*+", re.DOTALL),
    RDF + "langString": re.compile(r".*+", re.DOTALL),
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,14}"),
    XSD + "decimal": re.compile(r"0|-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{0,8}[1-9])?"),
    XSD + "boolean": re.compile(r"true|false"),
    XSD + "date": re.compile(
        r"[12][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
        r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    ),
}


def is_even(value: Node) -> bool:
    """Whether a value means the same to pyoxigraph's store as to rdflib, beyond doubt."""
    if type(value) is not Literal:
        return True
    form = _EVEN.get(value.datatype.value)
    return form is not None and form.fullmatch(value.value) is not None


class Constraints:
    """The SPARQL constraints of a shapes graph over one data graph."""

    def __init__(
        self,
        shapes: Index,
        data: Graph,
        focus: Callable[[Node], Collection[Node] | None],
        *,
        few: bool = False,
    ) -> None:
        """`focus` gives the nodes that a constraint is asked about, None where they may be any. Where they are `few`,
        it runs over what it sees from them, and nothing counts or lists the graph."""
        self._shapes = shapes
        self._data = data
        self._focus = focus
        self._few = few
        self._read: dict[Node, Footprint] = {}
        self._store: Store | None = None
        self._uneven: set[str] = set()
        self._found: dict[Node, frozenset[Node] | None] = {}

    def read(self, node: Node) -> Footprint:
        """The constraint at `node` of the shapes graph. Raises Uncompiled."""
        footprint = self._read.get(node)
        if footprint is None:
            properties = self._shapes.lookup(node) or {}
            texts = values(properties, sh("select"))
            if len(texts) != 1 or type(texts[0]) is not Literal or texts[0].language:
                raise Uncompiled("sh:sparql without one sh:select")
            if values(properties, sh("deactivated")):
                raise Uncompiled("sh:deactivated on a SPARQL constraint")
            footprint = of_constraint(texts[0].value, self._prefixes(values(properties, sh("prefixes"))))
            self._read[node] = footprint
        return footprint

    def _prefixes(self, nodes: Iterable[Node]) -> dict[str, str]:
        """As pyshacl gathers them: the declarations at the nodes, and those of every ontology."""
        ontologies = self._shapes.subjects(TYPE, NamedNode(OWL + "Ontology"))
        prefixes: dict[str, str] = {}
        declarations = [d for n in (*ontologies, *nodes) for d in values(self._shapes.lookup(n), sh("declare"))]
        for declaration in declarations:
            names = values(self._shapes.lookup(declaration), sh("prefix"))
            namespaces = values(self._shapes.lookup(declaration), sh("namespace"))
            if len(names) != 1 or len(namespaces) != 1:
                raise Uncompiled("sh:declare without one prefix and one namespace")
            name, namespace = str(names[0].value), str(namespaces[0].value)
            if prefixes.setdefault(name, namespace) != namespace:
                raise Uncompiled(f"the prefix {name}: declared twice")
        return prefixes

    def candidates(self, node: Node) -> frozenset[Node] | None:
        """The nodes that the constraint at `node` may reject; None where any may be."""
        if node not in self._found:
            self._found[node] = self._candidates(self.read(node), self._focus(node))
        return self._found[node]

    def may_reject(self, node: Node, focus: Node) -> bool:
        """Whether the constraint at `node` may reject a node."""
        candidates = self.candidates(node)
        return candidates is None or focus in candidates

    def _candidates(self, footprint: Footprint, focus: Collection[Node] | None) -> frozenset[Node] | None:
        if footprint.form is Form.NEITHER or (focus is None and footprint.form is Form.BOUND):
            return None
        if focus is not None and (self._few or footprint.group.any_predicate()):
            reading = Reading(self._data)
            footprint.gather(focus, reading)
            store, even = Store(), all(map(is_even, reading.terms()))
            store.bulk_extend(reading.quads())
        else:
            store, even = self._filled(footprint)
        rejected = (
            _free(store, footprint.text) if footprint.form is Form.FREE else _bound(store, footprint.text, focus)
        )
        if rejected is None or even:
            return rejected
        if focus is None:
            return None
        return rejected | {node for node in focus if not self._sees_even(footprint, node)}

    def _sees_even(self, footprint: Footprint, node: Node) -> bool:
        reading = Reading(self._data)
        footprint.gather([node], reading)
        return all(map(is_even, reading.terms()))

    def _filled(self, footprint: Footprint) -> tuple[Store, bool]:
        """A store of all statements with the predicates of constraints, and whether those of one are even."""
        if self._store is None:
            self._store = Store()
            predicates = frozenset[str]().union(*(each.predicates for each in self._read.values()))
            quads = list(quads_of(self._data, predicates))
            self._store.bulk_extend(quads)
            uneven = {term for term in {quad.object for quad in quads} if not is_even(term)}  # type: ignore[arg-type]  # no quoted triples
            self._uneven = {quad.predicate.value for quad in quads if quad.object in uneven} if uneven else set()
        return self._store, self._uneven.isdisjoint(footprint.predicates)


def _free(store: Store, text: str) -> frozenset[Node] | None:
    try:
        solutions = store.query(text)
        assert isinstance(solutions, QuerySolutions)
        return frozenset(solution["this"] for solution in solutions)
    except (SyntaxError, RuntimeError, OSError, ValueError):
        return None


def _bound(store: Store, text: str, focus: Collection[Node] | None) -> frozenset[Node] | None:
    """The nodes for which there is a row, and those for which the query errs."""

    def may_be(node: Node) -> bool:
        try:
            solutions = store.query(text, substitutions={_THIS: node})
            assert isinstance(solutions, QuerySolutions)
            return next(solutions, None) is not None
        except (RuntimeError, OSError, ValueError):
            return True

    try:
        return frozenset(filter(may_be, focus or ()))
    except SyntaxError:
        return None
