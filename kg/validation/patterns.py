"""SPARQL as groups of triple patterns, and whether $this means the same in them free as bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from kg.validation.paths import Path, Uncompiled
from kg.validation.terms import Node


class Pattern(NamedTuple):
    """One triple pattern: subject and object are a variable's name or a term."""

    subject: str | Node
    path: Path
    object: str | Node

    def variables(self) -> set[str]:
        """The variables in it."""
        return {end for end in (self.subject, self.object) if isinstance(end, str)}


@dataclass(slots=True)
class Group:
    """One group: its patterns, and the groups inside it by what they are there for."""

    patterns: list[Pattern] = field(default_factory=list)
    optional: list[Group] = field(default_factory=list)
    exists: list[Group] = field(default_factory=list)
    joined: list[Group] = field(default_factory=list)  # plain groups and sub-selects
    unions: list[list[Group]] = field(default_factory=list)
    mentions: set[str] = field(default_factory=set)  # variables in filters and BIND
    bound: set[str] = field(default_factory=set)  # variables that BIND makes
    projected: set[str] | None = None  # of a sub-select
    negated: bool = False  # a NOT EXISTS

    def inner(self) -> list[Group]:
        """Every group inside this one."""
        return [*self.optional, *self.exists, *self.joined, *(g for union in self.unions for g in union)]

    def predicates(self) -> set[str]:
        """Every predicate that is read by its name."""
        inner = self.inner()
        return set().union(*(p.path.predicates() for p in self.patterns), *(g.predicates() for g in inner))

    def any_predicate(self) -> bool:
        """Whether a variable stands for a predicate."""
        return any(p.path.kind == "any" for p in self.patterns) or any(g.any_predicate() for g in self.inner())


def binds_this(group: Group) -> bool:
    """Whether a required pattern of the group binds $this."""
    if any("this" in p.variables() and not p.path.may_stay for p in group.patterns):
        return True
    if any(binds_this(g) and (g.projected is None or "this" in g.projected) for g in group.joined):
        return True
    return any(all(binds_this(branch) for branch in union) for union in group.unions)


def _certain(group: Group) -> set[str]:
    """The variables that every solution of the group binds by a pattern that reads a triple."""
    found = set().union(*(p.variables() for p in group.patterns if not p.path.may_stay))
    for inner in group.joined:
        found |= _certain(inner) if inner.projected is None else _certain(inner) & inner.projected
    for union in group.unions:
        found |= set.intersection(*(_certain(branch) for branch in union))
    return found


def check_bindings(group: Group) -> None:
    """Raise Uncompiled unless $this means the same free as bound."""
    if not binds_this(group):
        raise Uncompiled("a SPARQL constraint that does not bind $this by a pattern")
    _check_inside(group, set(), in_exists=False)


def _check_inside(group: Group, outer: set[str], *, in_exists: bool) -> None:
    """`outer`: what is surely bound around the group and seen in its filters (OPTIONAL, EXISTS)."""
    certain = _certain(group) | outer
    if "this" in group.mentions and "this" not in certain:
        raise Uncompiled("$this in a filter of a group that does not bind it")
    if in_exists and group.projected is not None:
        raise Uncompiled("a sub-select inside EXISTS")
    for pattern in group.patterns:
        if pattern.path.may_stay and not pattern.variables() & certain:
            raise Uncompiled("a path of no steps between variables that nothing binds")
    for inner in group.optional:
        _check_inside(inner, certain, in_exists=in_exists)
    for inner in group.exists:
        _check_inside(inner, certain, in_exists=True)
    for inner in group.joined + [branch for union in group.unions for branch in union]:
        _check_inside(inner, set(), in_exists=in_exists)
