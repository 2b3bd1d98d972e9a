"""A graph for the judge that pyshacl can put queries to: rdflib's SPARQL engine, imported with the first of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import rdflib


@cache
def engine() -> Any:
    """The module `rdflib.plugins.sparql`, with corrections, and kept from the network."""
    import rdflib.plugins.sparql as found

    from kg.validation.corrections import correct_queries

    correct_queries()
    found.SPARQL_LOAD_GRAPHS = False  # a FROM in a constraint fetches nothing
    return found


class QueryCache(rdflib.Graph):
    """A graph that parses each SPARQL text once: pyshacl asks the same one for every focus node."""

    prefixes: dict[str, str]

    def query(self, query_object: Any, *arguments: Any, **options: Any) -> Any:  # noqa: D102 - as in rdflib
        if isinstance(query_object, str):
            cache: dict[str, Any] = self.__dict__.setdefault("_parsed", {})
            if query_object not in cache:
                cache[query_object] = engine().prepareQuery(query_object, initNs=self.prefixes)
            query_object = cache[query_object]
        return super().query(query_object, *arguments, **options)
