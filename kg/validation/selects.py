"""SPARQL constraints read far enough to run them once for all focus nodes instead of once for each.

SHACL binds $this before the query runs. Here the query runs once with $this free, over a store of only the
predicates that it names, and its $this are the suspects. That finds every node that the bound query rejects
when $this is bound by a triple pattern wherever it is used, which is what `read_select` makes sure of; anything
else raises Uncompiled. The same reading says which triples the query can see from one $this.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass

from kg.terms import PREFIXES
from kg.validation.index import Graph
from kg.validation.paths import Uncompiled
from kg.validation.patterns import Group, check_bindings
from kg.validation.select_reader import Reader
from kg.validation.sight import Nothing, see, see_all
from kg.validation.surroundings import Surroundings
from kg.validation.terms import Node

_SPARQL_PREFIXES = {name: PREFIXES[name] for name in ("rdf", "rdfs", "owl")}


@dataclass(frozen=True, slots=True)
class Select:
    """A SPARQL constraint: the text to run with $this free, the predicates it reads, what it sees.

    The text finds at least what pyshacl finds; None where no text is sure to.
    """

    text: str | None
    predicates: frozenset[str]
    any_predicate: bool
    group: Group

    def gather(self, nodes: Iterable[Node], graph: Graph, into: Surroundings) -> None:
        """Note in `into` every triple that the query can see when $this is one of `nodes`."""
        with contextlib.suppress(Nothing):
            see(self.group, {"this": dict.fromkeys(nodes)}, graph, into)


def read_select(text: str, prefixes: dict[str, str]) -> Select:
    """Read the text of sh:select. Raises Uncompiled for anything that is not sure to mean the same unbound."""
    if len(text) > 20_000:
        raise Uncompiled("a long SPARQL constraint")
    known = {**_SPARQL_PREFIXES, **prefixes}
    reader = Reader(text, known)
    group = reader.query()
    check_bindings(group)
    see_all(group)
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(known.items()))
    widened = None if reader.doubtful else head + reader.widened()
    return Select(widened, frozenset(group.predicates()), group.any_predicate(), group)
