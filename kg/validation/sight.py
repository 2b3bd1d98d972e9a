"""Which triples a SPARQL constraint can see from $this: its patterns followed from what is known."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from kg.validation.paths import Path, Uncompiled, reverse
from kg.validation.patterns import Group
from kg.validation.terms import Node

# What is known of each variable: the nodes that it may be, or (Select.ways) the ways that lead to it.
Known = dict[str, dict[Any, None]]
# Follows a path from the things known of a variable, or from a term.
Follow = Callable[[Path, dict[Any, None]], dict[Any, None]]


def see_all(group: Group) -> None:
    """Raise Uncompiled where a pattern cannot be reached from $this: it reads the graph as a whole."""
    see(group, {"this": {}}, None)


def see(group: Group, known: Known, follow: Follow | None) -> Known:
    """Follow the patterns from what is known; without `follow`, only make sure that all can be followed.

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
            way = reverse(pattern.path) if backward else pattern.path
            reached: dict[Any, None] = {}
            if follow is not None:
                reached = follow(way, known[start] if isinstance(start, str) else {start: None})
                if not reached:
                    raise Nothing
            if isinstance(end, str):
                known.setdefault(end, reached)
            continue
        if inner:
            known = _join(known, _inner(inner.pop(0), known, follow))
            continue
        if unions:
            answers = []
            for branch in unions.pop(0):
                with contextlib.suppress(Nothing):
                    answers.append(_inner(branch, known, follow))
            if not answers:
                raise Nothing
            common = set.intersection(*(set(answer) for answer in answers))
            for name in common - set(known):
                known[name] = {node: None for answer in answers for node in answer[name]}
            continue
        raise Uncompiled("a SPARQL constraint that reads what $this does not lead to")
    for side in (*group.optional, *group.exists):
        with contextlib.suppress(Nothing):
            see(side, dict(known), follow)
    return known


class Nothing(Exception):
    """A pattern that every solution needs has no match: there is no solution, whatever else is read."""


def _inner(group: Group, known: Known, follow: Follow | None) -> Known:
    """A group inside, with the variables that it shares with the outside."""
    if group.projected is None:
        return see(group, dict(known), follow)
    found = see(group, {n: v for n, v in known.items() if n in group.projected}, follow)
    return {name: nodes for name, nodes in found.items() if name in group.projected}


def _join(known: Known, found: Known) -> Known:
    return {**found, **known}


def _start(end: str | Node, known: Known) -> bool:
    return end in known if isinstance(end, str) else True
