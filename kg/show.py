"""One thing: its facts, and the IRI that it has now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.rdf import NamedNode, Term, iri
from kg.results import Source, select


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about the thing: `inverse` where the thing is its object and `value` its subject."""

    predicate: str
    value: Term
    inverse: bool = False


_SUCCESSORS = (
    "PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX dcterms: <http://purl.org/dc/terms/> "
    "SELECT ?old ?new WHERE {{ VALUES ?old {{ {} }} ?old owl:deprecated true ; dcterms:isReplacedBy+ ?new . "
    "FILTER NOT EXISTS {{ ?new owl:deprecated true }} }} ORDER BY ?old ?new"
)


def successors(source: Source, iris: Iterable[str]) -> dict[str, str]:
    """Of IRIs that are kept only for those who know them (owl:deprecated), the one that each has now, by the old."""
    listed = " ".join(str(iri(name)) for name in iris)
    rows = select(source, _SUCCESSORS.format(listed)).rows if listed else ()
    return {old.value: new.value for old, new in rows if isinstance(old, NamedNode) and isinstance(new, NamedNode)}


def facts(source: Source, thing: str, inverse: bool = False) -> list[Fact]:
    """What the graph says of the thing, sorted; with `inverse` also what says something of it."""
    subject = iri(thing)
    found = [
        Fact(str(p)[1:-1], o)
        for p, o in select(source, f"SELECT ?p ?o WHERE {{ {subject} ?p ?o }}").rows
        if p and o
    ]
    if inverse:
        found += [
            Fact(str(p)[1:-1], s, True)
            for p, s in select(source, f"SELECT ?p ?s WHERE {{ ?s ?p {subject} }}").rows
            if p and s
        ]
    return sorted(found, key=lambda fact: (fact.inverse, fact.predicate, str(fact.value)))
