"""What follows of documents: whether each is a primary or a secondary source."""

from __future__ import annotations

from collections.abc import Iterator

from kg import rdf
from kg.results import Source, select
from kg.terms import TIL

_SOURCE_KIND = rdf.iri(TIL + "sourceKind")


def source_kinds(source: Source) -> Iterator[rdf.Triple]:
    """til:sourceKind of each foaf:Document that has a genre (dcterms:type): that of the genre's concept."""
    pattern = "?document a foaf:Document ; dcterms:type ?genre . ?genre til:sourceKind ?kind"
    for document, kind in select(source, f"SELECT DISTINCT ?document ?kind WHERE {{ {pattern} }}").rows:
        if isinstance(document, rdf.NamedNode) and kind is not None:
            yield rdf.Triple(document, _SOURCE_KIND, kind)
