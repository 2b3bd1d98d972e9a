"""SPARQL constraints read far enough to run them once for all focus nodes instead of once for each.

SHACL binds $this before the query runs. Here the query runs once with $this free, over a store of only the
predicates that it names, and its $this are the suspects. That finds every node that the bound query rejects
when $this is bound by a triple pattern wherever it is used, which is what `read_select` makes sure of; anything
else raises Uncompiled. The same reading says which triples the query can see from one $this.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from kg.terms import PREFIXES
from kg.validation.index import Graph
from kg.validation.paths import Path, Uncompiled, walk
from kg.validation.patterns import Group, Pattern, check_bindings
from kg.validation.select_reader import Reader
from kg.validation.sight import Follow, Nothing, see, see_all
from kg.validation.surroundings import Surroundings
from kg.validation.terms import Node

_SPARQL_PREFIXES = {name: PREFIXES[name] for name in ("rdf", "rdfs", "owl")}

# The steps that lead from $this to what is read, the last of which reads it; a term in front: from that term.
Way = tuple[Node | Path, ...]


class Select(NamedTuple):
    """A SPARQL constraint: the text to run with $this free, the predicates it reads, what it sees.

    The text finds at least what pyshacl finds; None where no text is sure to.
    """

    text: str | None
    predicates: frozenset[str]
    any_predicate: bool
    group: Group
    counts: bool = False  # whether it aggregates

    def gather(self, nodes: Iterable[Node], graph: Graph, into: Surroundings) -> None:
        """Note in `into` every triple that the query can see when $this is one of `nodes`."""

        def follow(path: Path, starts: dict[Node, None]) -> dict[Node, None]:
            if path.kind == "any":
                return {after: None for node in starts for after in into.everything(node)}
            return {after: None for node in starts for after in walk(path, graph, node, into)}

        self.follow(follow, dict.fromkeys(nodes))

    def follow(self, step: Follow, starts: dict[Any, None]) -> None:
        """Follow every pattern by `step` from what $this may be, as far as each leads to something."""
        with contextlib.suppress(Nothing):
            see(self.group, {"this": starts}, step)

    def ways(self) -> list[Way]:
        """The paths along which `gather` reads, each from $this or, where a term comes first, from that term."""
        found: dict[Way, None] = {}

        def follow(path: Path, starts: dict[Any, None]) -> dict[Any, None]:
            ways: dict[Way, None] = {
                ((*start, path) if isinstance(start, tuple) else (start, path)): None for start in starts
            }
            found.update(ways)
            return ways

        self.follow(follow, {(): None})
        return list(found)

    def rising(self) -> Select:
        """The same without each NOT EXISTS that more triples can only make false: where more can add solutions."""
        return self if self.counts else self._replace(group=_rising(self.group))


def read_select(text: str, prefixes: dict[str, str]) -> Select:
    """Read the text of sh:select. Raises Uncompiled for anything that is not sure to mean the same unbound."""
    if len(text) > 20_000:
        raise Uncompiled("a long SPARQL constraint")
    known = {**_SPARQL_PREFIXES, **prefixes}
    reader = Reader(text, known)
    group = reader.query()
    _check(group)
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(known.items()))
    widened = None if reader.doubtful else head + reader.widened()
    return Select(widened, frozenset(group.predicates()), group.any_predicate(), group, reader.counts)


def read_check(text: str) -> Select:
    """Read a check of `queries/checks`, whose ?this is its $this. Raises Uncompiled as `read_select` does.

    The order of its rows, and that some variables have given values only, does not add to what it reads.
    """
    reader = Reader(text, dict(_SPARQL_PREFIXES), without=("order", "values"))
    group = _lead(reader.query())
    _check(group)
    return Select(text, frozenset(group.predicates()), group.any_predicate(), group, reader.counts)


def _check(group: Group) -> None:
    check_bindings(group)
    see_all(group)


def _rising(group: Group) -> Group:
    def falls(inner: Group) -> bool:
        parts = inner.inner()
        return not inner.exists and not inner.optional and all(falls(part) for part in parts)

    return replace(
        group,
        exists=[inner for inner in group.exists if not (inner.negated and falls(inner))],
        joined=[_rising(inner) for inner in group.joined],
        unions=[[_rising(branch) for branch in union] for union in group.unions],
    )


def _lead(group: Group) -> Group:
    """With `?any ?property ?x`, where nothing else is asked of ?any, as the question what leads to ?x."""
    patterns = [
        Pattern(p.object, Path("leading"), p.subject) if p.path.kind == "any" and _asked_once(p, group) else p
        for p in group.patterns
    ]
    return replace(group, patterns=patterns, exists=[_lead(inner) for inner in group.exists])


def _asked_once(pattern: Pattern, group: Group) -> bool:
    others = [p for p in group.patterns if p is not pattern]
    return (
        isinstance(pattern.object, str)
        and pattern.subject != "this"
        and not any(pattern.subject in p.variables() for p in others)
        and not group.inner()
        and not group.mentions
    )
