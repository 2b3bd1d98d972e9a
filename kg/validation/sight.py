"""Which triples a SPARQL constraint can see from $this: its patterns followed from what is known."""

from __future__ import annotations

import contextlib

from kg.validation.index import Graph
from kg.validation.paths import Path, Uncompiled, walk
from kg.validation.patterns import Group
from kg.validation.surroundings import Surroundings
from kg.validation.terms import Node


def see_all(group: Group) -> None:
    """Raise Uncompiled where a pattern cannot be reached from $this: it reads the graph as a whole."""
    see(group, {"this": {}}, None, None)


Known = dict[str, dict[Node, None]]


def see(group: Group, known: Known, graph: Graph | None, into: Surroundings | None) -> Known:
    """Follow the patterns from what is known; without a graph, only make sure that all can be followed.

    What is found for a variable is a superset of what any solution has: the first pattern that reaches it
    decides, filters are left out.
    """
    todo = list(group.patterns)
    inner = [*group.joined]
    unions = list(group.unions)
    while todo or inner or unions:
        pattern = next((p for p in todo if _start(p.subject, known)), None)
        backward = False
        if pattern is None:
            pattern = next((p for p in todo if isinstance(p.object, str) and p.object in known), None)
            backward = True
        if pattern is not None:
            todo.remove(pattern)
            start, end = (pattern.object, pattern.subject) if backward else (pattern.subject, pattern.object)
            reached = _follow(pattern.path, start, known, backward, graph, into)
            if graph is not None and not reached:
                raise Nothing
            if isinstance(end, str):
                known.setdefault(end, reached)
            continue
        if inner:
            known = _join(known, _inner(inner.pop(0), known, graph, into))
            continue
        if unions:
            answers = []
            for branch in unions.pop(0):
                with contextlib.suppress(Nothing):
                    answers.append(_inner(branch, known, graph, into))
            if not answers:
                raise Nothing
            common = set.intersection(*(set(answer) for answer in answers))
            for name in common - set(known):
                known[name] = {node: None for answer in answers for node in answer[name]}
            continue
        raise Uncompiled("a SPARQL constraint that reads what $this does not lead to")
    for side in (*group.optional, *group.exists):
        with contextlib.suppress(Nothing):
            see(side, dict(known), graph, into)
    return known


class Nothing(Exception):
    """A pattern that every solution needs has no match: there is no solution, whatever else is read."""


def _inner(group: Group, known: Known, graph: Graph | None, into: Surroundings | None) -> Known:
    """A group inside, with the variables that it shares with the outside."""
    if group.projected is None:
        return see(group, dict(known), graph, into)
    found = see(group, {n: v for n, v in known.items() if n in group.projected}, graph, into)
    return {name: nodes for name, nodes in found.items() if name in group.projected}


def _join(known: Known, found: Known) -> Known:
    return {**found, **known}


def _start(end: str | Node, known: Known) -> bool:
    return end in known if isinstance(end, str) else True


def _follow(
    path: Path, start: str | Node, known: Known, backward: bool, graph: Graph | None, into: Surroundings | None
) -> dict[Node, None]:
    if graph is None or into is None:
        if backward:
            _reversed(path)
        return {}
    nodes = known[start] if isinstance(start, str) else {start: None}
    if path.kind == "any":
        for node in nodes:
            into.everything(node)
        return {after: None for node in nodes for p in graph.lookup(node) or () for after in into.forward(node, p)}
    way = _reversed(path) if backward else path
    return {after: None for node in nodes for after in walk(way, graph, node, into)}


def _reversed(path: Path) -> Path:
    if path.kind == "iri":
        return Path("inverse", None, (path,))
    if path.kind == "inverse":
        return path.parts[0]
    if path.kind == "any":
        raise Uncompiled("a SPARQL constraint that asks for any property that leads to a node")
    parts = tuple(_reversed(part) for part in path.parts)
    return Path(path.kind, None, tuple(reversed(parts)) if path.kind == "sequence" else parts)
