"""Namespaces as plain strings; shortening and expanding IRIs.

Own namespaces: `til:` terms, `id:` things, `code/<list>/` codes, `tilsh:` shapes, `graph/` named graphs.
The prefixes here are the ones that every query, file and error message of the project may use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

BASE = "https://w3id.org/tilsagn/"
TIL = BASE + "ns#"
ID = BASE + "id/"
CODE = BASE + "code/"
GRAPH = BASE + "graph/"
DERIVED = GRAPH + "derived"  # the named graph of what follows from the files
SHAPES = BASE + "shapes#"

CODE_LISTS = (
    "kind",
    "stage",
    "novelty",
    "payer-class",
    "figure-role",
    "basis",
    "origin",
    "genre",
    "source-kind",
    "qualifier",
    "outcome",
    "not-summed",
    "reading",
    "sentence",
    "rule",
    "claim-type",
    "verdict",
    "indicator",
    "tenure-answer",
    "method",
    "rights",
)

PREFIXES: dict[str, str] = {
    "til": TIL,
    "id": ID,
    "tilsh": SHAPES,
    "kind": CODE + "kind/",
    "stage": CODE + "stage/",
    "novelty": CODE + "novelty/",
    "payer": CODE + "payer-class/",
    "role": CODE + "figure-role/",
    "basis": CODE + "basis/",
    "origin": CODE + "origin/",
    "genre": CODE + "genre/",
    "sourcekind": CODE + "source-kind/",
    "qual": CODE + "qualifier/",
    "outcome": CODE + "outcome/",
    "why": CODE + "not-summed/",
    "rule": CODE + "rule/",
    "claim": CODE + "claim-type/",
    "verdict": CODE + "verdict/",
    "indicator": CODE + "indicator/",
    "reading": CODE + "reading/",
    "sentence": CODE + "sentence/",
    "answer": CODE + "tenure-answer/",
    "method": CODE + "method/",
    "rights": CODE + "rights/",
    "cur": "http://publications.europa.eu/resource/authority/currency/",
    "country": "http://publications.europa.eu/resource/authority/country/",
    "lang": "http://publications.europa.eu/resource/authority/language/",
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dctypes": "http://purl.org/dc/dcmitype/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "m8g": "http://data.europa.eu/m8g/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}

# A local name that Turtle and SPARQL both write without an escape.
_LOCAL = re.compile(r"[\w](?:[\w.-]*[\w-])?")


def expand(curie: str) -> str | None:
    """The IRI of `prefix:local`, or None where the prefix is not one of the project's."""
    prefix, colon, local = curie.partition(":")
    namespace = PREFIXES.get(prefix)
    return namespace + local if colon and namespace is not None else None


def shorten(iri: str, names: Mapping[str, str] = _BY_NAMESPACE) -> str:
    """`prefix:local` for an IRI in one of the namespaces of `names` (the project's); else `<iri>`."""
    # Every namespace ends in one of these, and no local name that is written plainly has one.
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = names.get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix and _LOCAL.fullmatch(iri, cut) else f"<{iri}>"
