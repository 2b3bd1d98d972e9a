"""One thing: found by IRI, prefixed name or label; its facts, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.errors import UsageError, fold, nearest
from kg.rdf import Literal, NamedNode, Term, iri
from kg.results import Source, select
from kg.terms import ID, expand

_NAMES = (
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX foaf: <http://xmlns.com/foaf/0.1/> "
    "PREFIX dcterms: <http://purl.org/dc/terms/> "
    "SELECT ?thing ?label WHERE { VALUES ?naming { skos:prefLabel skos:altLabel foaf:name dcterms:title } "
    "?thing ?naming ?label }"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about the thing: `inverse` where the thing is its object and `value` its subject."""

    predicate: str
    value: Term
    inverse: bool = False


def resolve(source: Source, name: str) -> str:
    """The IRI that a person means: a full IRI, `prefix:name`, the last part of one of ours, or a label.

    Labels are compared with case, accents and æ ø å ä ö folded. Raises UsageError where nothing or several
    things answer to the name, with what is near.
    """
    wanted = name.strip().removeprefix("<").removesuffix(">")
    for candidate in (expand(wanted), wanted if ":" in wanted else None, ID + wanted):
        if candidate and _exists(source, candidate):
            return candidate
    by_name: dict[str, set[str]] = {}
    said: dict[str, str] = {}
    for thing, label in select(source, _NAMES).rows:
        if isinstance(thing, NamedNode) and isinstance(label, Literal):
            by_name.setdefault(fold(label.value), set()).add(thing.value)
            said.setdefault(fold(label.value), label.value)
    folded = fold(wanted)
    found = by_name.get(folded, set())
    if not found:
        # Part of a name is enough where only one thing has it: "gron" finds Grøn.
        parts = {label for label in by_name if folded in label}
        found = set().union(*(by_name[label] for label in parts)) if parts and folded else set()
    if len(found) == 1:
        return found.pop()
    if found:
        some = ", ".join(sorted(found)[:5])
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise UsageError("thing", f"{name!r} names {len(found)} things", help=f"one of {some}{more}")
    near = nearest(folded, by_name)
    offer = " or ".join(repr(said[label]) for label in near if label in said)
    raise UsageError(
        "thing",
        f"nothing is called {name!r}",
        help=f"did you mean {offer}?" if offer else "a label, prefix:name or IRI",
    )


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


def _exists(source: Source, candidate: str) -> bool:
    try:
        subject = iri(candidate)
    except ValueError:
        return False
    return bool(source.query(f"ASK {{ {{ {subject} ?p ?o }} UNION {{ ?s ?q {subject} }} }}"))
