"""The whole graph for others: canonical, sorted, byte-identical from run to run.

What is exported is what the store answers from: the ontology's terms, codes and alignment, the graph's files and
what is derived from them. Lexical forms are those of the files. Turtle and JSON-LD merge everything; TriG and
N-Quads keep one named graph a file, and one for what is derived.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox

from kg import rdf
from kg.project import Project
from kg.store import Store
from kg.terms import GRAPH, PREFIXES

FORMATS = ("turtle", "ntriples", "trig", "nquads", "jsonld")  # of kg.formats
DERIVED = GRAPH + "derived"


def quads(project: Project, rule: str | None = None) -> list[ox.Quad]:
    """Every statement of the files and every derived one, each in its named graph, sorted, none twice."""
    from kg.derive import derive

    found: set[ox.Quad] = set()
    for path in project.term_files() + project.graph_files():
        graph = rdf.iri(project.graph_name(path))
        found.update(_in(quad.triple, graph) for quad in rdf.parse(path))
    derived = rdf.iri(DERIVED)
    for triple in derive(Store.of(quad.triple for quad in found), rule).triples():
        found.add(_in(triple, derived))
    return sorted(found, key=_order)


def export(project: Project, form: str = "turtle", rule: str | None = None) -> bytes:
    """The graph in one of `FORMATS`. Raises WorldError where a file does not parse."""
    everything = quads(project, rule)
    if form == "nquads":
        return rdf.serialize(everything, ox.RdfFormat.N_QUADS, {})
    if form == "trig":
        return _with_prefixes(everything, ox.RdfFormat.TRIG)
    triples = _distinct(quad.triple for quad in everything)
    if form == "ntriples":
        return rdf.serialize(triples, ox.RdfFormat.N_TRIPLES, {})
    return jsonld(triples) if form == "jsonld" else turtle(triples)


def turtle(triples: Iterable[ox.Triple], heading: str = "") -> bytes:
    """`triples` as sorted Turtle with the project's prefixes, under a comment `heading` (one line), if any."""
    comment = f"# {heading}\n".encode() if heading else b""
    return comment + _with_prefixes(_distinct(triples), ox.RdfFormat.TURTLE)


def jsonld(triples: Iterable[ox.Triple]) -> bytes:
    """`triples` as JSON-LD 1.1: the prefixes as context, one object a subject, every number a typed string."""
    expanded = json.loads(rdf.serialize(_distinct(triples), ox.RdfFormat.JSON_LD, {}))
    graph = [_compact(node) for node in expanded]
    document = {"@context": dict(sorted(PREFIXES.items())), "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _distinct(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    return sorted(set(triples), key=lambda triple: tuple(str(term) for term in _type_first(triple)))


def _type_first(triple: ox.Triple) -> tuple[Any, ...]:
    return (triple.subject, "" if triple.predicate == rdf.TYPE else triple.predicate, triple.object)


def _in(triple: ox.Triple, graph: ox.NamedNode) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _order(quad: ox.Quad) -> tuple[str, ...]:
    return (str(quad.graph_name), *(str(term) for term in _type_first(quad.triple)))


def _with_prefixes(statements: list[ox.Triple] | list[ox.Quad], form: ox.RdfFormat) -> bytes:
    """Serialised with a sorted prefix header: the library writes its own in no fixed order."""
    body = rdf.serialize(statements, form, PREFIXES).decode("utf-8").splitlines(keepends=True)
    used = sorted(line for line in body if line.startswith("@prefix "))
    rest = "".join(line for line in body if not line.startswith("@prefix "))
    return ("".join(used) + "\n" + rest).encode("utf-8")


def _compact(value: Any) -> Any:
    """Expanded JSON-LD with IRIs shortened by the prefixes, and arrays of one unwrapped."""
    if isinstance(value, list):
        return _compact(value[0]) if len(value) == 1 else [_compact(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"@value"}:
        return value["@value"]
    return {
        _short(key): _short(item)
        if key == "@id"
        else ([_short(one) for one in item] if isinstance(item, list) else _short(item))
        if key == "@type"
        else _compact(item)
        for key, item in value.items()
    }


def _short(iri: str) -> str:
    from kg.terms import shorten

    short = shorten(iri) if not iri.startswith(("@", "_:")) else iri
    return short[1:-1] if short.startswith("<") else short
