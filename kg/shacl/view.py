"""A graph of ours as rdflib sees it: one Store class, and the terms of two libraries for each other.

pyshacl reads the data where it is: nothing is copied, and terms become rdflib's when they are first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.store import Store
from rdflib.term import BNode, Literal, URIRef

from kg.shacl.graph import STRING, Graph, Node, values

rdflib.NORMALIZE_LITERALS = False  # 007 stays 007, and "yes"^^xsd:boolean does not become false

Triple = tuple[Any, Any, Any]


def to_rdflib(term: Node) -> rdflib.term.Node:
    """A term as rdflib has it; a plain string stays plain, or sh:in would not match it."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    kind = term.datatype.value
    return Literal(term.value) if kind == STRING else Literal(term.value, datatype=URIRef(kind))


def from_rdflib(term: Any) -> Node:
    """A term of rdflib as pyoxigraph has it."""
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or STRING)))


class View(Store):
    """A Graph of kg.shacl.graph as an rdflib store that is only read."""

    context_aware = True  # or rdflib makes no Dataset of it; there is one graph, whatever is asked
    graph_aware = True

    def __init__(self, graph: Graph) -> None:
        """Nothing is read yet."""
        super().__init__()
        self.context: Any = None  # the rdflib graph that all of it is said to be in
        self._graph = graph
        self._terms: dict[Node, Any] = {}
        self._prefixes: dict[str, URIRef] = {}

    def triples(self, triple_pattern: Triple, context: Any = None) -> Iterator[tuple[Triple, Iterator[Any]]]:
        """The triples that have the terms of the pattern, None being any."""
        for triple in self._matching(*triple_pattern):
            yield triple, iter((self.context,))

    def _matching(self, subject: Any, predicate: Any, value: Any) -> Iterator[Triple]:
        if subject is not None:
            try:
                properties = self._graph.lookup(from_rdflib(subject))
            except ValueError:  # no IRI to pyoxigraph, so in no data
                return
            names = [str(predicate)] if predicate is not None else list(properties or ())
            for name in names:
                for found in values(properties, name):
                    term = self._term(found)
                    if value is None or term == value:
                        yield subject, predicate if predicate is not None else URIRef(name), term
            return
        names = [str(predicate)] if predicate is not None else list(self._graph.predicates())
        for name in names:
            named = predicate if predicate is not None else URIRef(name)
            if value is None:
                for one, other in self._graph.pairs(name):
                    yield self._term(one), named, self._term(other)
            else:
                try:
                    subjects = self._graph.subjects(name, from_rdflib(value))
                except ValueError:
                    return
                for one in subjects:
                    yield self._term(one), named, value

    def _term(self, term: Node) -> Any:
        known = self._terms.get(term)
        if known is None:
            known = self._terms[term] = to_rdflib(term)
        return known

    def namespaces(self) -> Iterator[tuple[str, URIRef]]:
        """The prefixes that messages write IRIs with."""
        return iter(self._prefixes.items())

    def namespace(self, prefix: str) -> URIRef | None:
        """The namespace of a prefix."""
        return self._prefixes.get(prefix)

    def prefix(self, namespace: URIRef) -> str | None:
        """The prefix of a namespace."""
        return next((name for name, iri in self._prefixes.items() if iri == namespace), None)

    def bind(self, prefix: str, namespace: URIRef, override: bool = True) -> None:
        """Have messages write IRIs of a namespace with a prefix."""
        if override or prefix not in self._prefixes:
            self._prefixes[prefix] = namespace

    def __len__(self, context: Any = None) -> int:
        """How many triples there are; where new data is laid over a graph, those of both."""
        return self._graph.size
