"""Turtle of a few commitments and their figures, written in a line each, and stores of it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from kg.derive import Derived, derive
from kg.store import Store
from kg.terms import PREFIXES

RULES = (Path(__file__).parent.parent / "ontology" / "codes" / "rule.ttl").read_text(encoding="utf-8")
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
PERIODS = """
id:three-years dcat:startDate "2008-01-01"^^xsd:date ; dcat:endDate "2010-12-31"^^xsd:date .
id:one-year dcat:startDate "2020-01-01"^^xsd:date ; dcat:endDate "2020-12-31"^^xsd:date .
"""


def store_of(*texts: str) -> Store:
    """A store with the rules and these Turtle texts."""
    store = Store.of(quad.triple for quad in ox.parse(RULES.encode(), format=ox.RdfFormat.TURTLE))
    for text in texts:
        quads = ox.parse((HEAD + PERIODS + text).encode(), format=ox.RdfFormat.TURTLE)
        store.add(quad.triple for quad in quads)
    return store


def derived(*texts: str, rule: str | None = None) -> Derived:
    return derive(store_of(*texts), rule)


def commitment(name: str, more: str = "", *, kind: str = "grant", payers: str = "id:state") -> str:
    return f"id:{name} a til:Commitment ; til:kind kind:{kind} ; til:funder {payers} {more} .\n"


def figure(
    name: str,
    of: str,
    millions: float,
    more: str = "",
    *,
    role: str = "level",
    basis: str = "wholePeriod",
    currency: str = "NOK",
    qualifier: str = "exact",
) -> str:
    return (
        f"id:{name} a til:Figure ; til:figureOf id:{of} ; til:role role:{role} ; til:basis basis:{basis} ;"
        f" til:origin origin:stated ; schema:value {round(millions * 1_000_000)} ; til:currency cur:{currency} ;"
        f" til:qualifier qual:{qualifier} ; til:step 1000000 {more} .\n"
    )
