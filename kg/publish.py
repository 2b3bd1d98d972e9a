"""The whole graph for others: canonical, sorted, byte-identical from run to run.

What is exported is what the store answers from: the ontology's terms, codes and alignment, the graph's files and
what is derived from them. Lexical forms are those of the files. Turtle and JSON-LD merge everything; TriG and
N-Quads keep one named graph a file, and one for what is derived.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from kg import rdf
from kg.project import Project
from kg.store import Store
from kg.terms import DERIVED, PREFIXES, shorten

FORMATS = ("turtle", "ntriples", "trig", "nquads", "jsonld")  # of kg.formats
_DEFAULT = ox.DefaultGraph()


def quads(project: Project, rule: str | None = None, prefixes: dict[str, str] | None = None) -> list[ox.Quad]:
    """Every statement of the files and every derived one, each in its named graph, sorted, none twice.

    What a file says in a named graph of its own stays there. The prefixes of the files are added to `prefixes`.
    """
    from kg.derive import derive

    found: set[ox.Quad] = set()
    for path in project.term_files() + project.graph_files():
        graph = rdf.iri(project.graph_name(path))
        found.update(
            quad if quad.graph_name != _DEFAULT else _in(quad.triple, graph) for quad in rdf.parse(path, prefixes)
        )
    derived = rdf.iri(DERIVED)
    for triple in derive(Store.of(quad.triple for quad in found), rule).triples():
        found.add(_in(triple, derived))
    return sorted(found, key=_order)


def export(project: Project, form: str = "turtle", rule: str | None = None) -> bytes:
    """The graph in one of `FORMATS`. Raises WorldError where a file does not parse."""
    prefixes = dict(PREFIXES)
    everything = quads(project, rule, prefixes)
    if form == "nquads":
        return rdf.serialize(everything, ox.RdfFormat.N_QUADS, {})
    if form == "trig":
        return _with_prefixes(everything, ox.RdfFormat.TRIG, prefixes)
    triples = _distinct(quad.triple for quad in everything)
    if form == "ntriples":
        return rdf.serialize(triples, ox.RdfFormat.N_TRIPLES, {})
    return jsonld(triples, prefixes) if form == "jsonld" else turtle(triples, prefixes=prefixes)


def turtle(triples: Iterable[ox.Triple], heading: str = "", prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """`triples` as sorted Turtle with those of `prefixes` that it uses, under a comment `heading`, if any."""
    comment = f"# {heading}\n".encode() if heading else b""
    return comment + _with_prefixes(_distinct(triples), ox.RdfFormat.TURTLE, prefixes)


def jsonld(triples: Iterable[ox.Triple], prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """`triples` as JSON-LD 1.1: the prefixes as context, one object a subject, every number a typed string."""
    distinct = _distinct(triples)
    used = _used(distinct, prefixes)
    expanded = json.loads(rdf.serialize(distinct, ox.RdfFormat.JSON_LD, {}))
    names = {namespace: name for name, namespace in used.items() if name}
    graph = [_compact(node, names) for node in expanded]
    document = {"@context": {name: used[name] for name in sorted(used) if name}, "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _distinct(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    return sorted(set(triples), key=lambda triple: tuple(str(term) for term in _type_first(triple)))


def _type_first(triple: ox.Triple) -> tuple[Any, ...]:
    return (triple.subject, "" if triple.predicate == rdf.TYPE else triple.predicate, triple.object)


def _in(triple: ox.Triple, graph: ox.NamedNode) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _order(quad: ox.Quad) -> tuple[str, ...]:
    return (str(quad.graph_name), *(str(term) for term in _type_first(quad.triple)))


def _used(statements: Iterable[ox.Triple | ox.Quad], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Those of `prefixes` that some IRI of the statements begins with."""
    iris: set[str] = set()
    for statement in statements:
        for term in statement:
            if isinstance(term, ox.NamedNode):
                iris.add(term.value)
            elif isinstance(term, ox.Literal):
                iris.add(term.datatype.value)
    ordered = sorted(iris)

    def begins(namespace: str) -> bool:
        at = bisect_left(ordered, namespace)
        return at < len(ordered) and ordered[at].startswith(namespace)

    return {name: namespace for name, namespace in prefixes.items() if begins(namespace)}


def _with_prefixes(
    statements: list[ox.Triple] | list[ox.Quad], form: ox.RdfFormat, prefixes: Mapping[str, str]
) -> bytes:
    """Serialised with a sorted prefix header: the library writes its own in no fixed order."""
    body = rdf.serialize(statements, form, _used(statements, prefixes)).decode("utf-8").splitlines(keepends=True)
    used = sorted(line for line in body if line.startswith("@prefix "))
    rest = "".join(line for line in body if not line.startswith("@prefix "))
    return ("".join(used) + "\n" + rest).encode("utf-8")


def _compact(value: Any, names: Mapping[str, str]) -> Any:
    """Expanded JSON-LD with IRIs shortened by the names of namespaces, and arrays of one unwrapped."""
    if isinstance(value, list):
        return _compact(value[0], names) if len(value) == 1 else [_compact(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"@value"}:
        return value["@value"]

    def short(iri: str) -> str:
        found = shorten(iri, names) if not iri.startswith(("@", "_:")) else iri
        return found[1:-1] if found.startswith("<") else found

    return {
        short(key): short(item)
        if key == "@id"
        else ([short(one) for one in item] if isinstance(item, list) else short(item))
        if key == "@type"
        else _compact(item, names)
        for key, item in value.items()
    }
