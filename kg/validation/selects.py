"""SPARQL constraints read far enough to run them once for all focus nodes instead of once for each.

SHACL binds $this before the query runs. Here the query runs once with $this free, over a store of only the
predicates that it names, and its $this are the suspects. That finds every node that the bound query rejects
when $this is bound by a triple pattern wherever it is used, which is what `read_select` makes sure of; anything
else raises Uncompiled. The same reading says which triples the query can see from one $this.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.terms import PREFIXES
from kg.validation.index import Graph
from kg.validation.paths import Path, Uncompiled, reverse, walk
from kg.validation.surroundings import Surroundings
from kg.validation.terms import Node

_TOKEN = re.compile(
    r"""\s+|\#[^\r\n]*
  | (?P<iri><[^\x00-\x20<>"{}|^`\\]*>)
  | (?P<var>[?$][A-Za-z_][\w]*)
  | (?P<string>\"(?:[^"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*')(?:@[A-Za-z-]+)?
  | (?P<number>[0-9]+(?:\.[0-9]+)?)
  | (?P<name>[A-Za-z][\w-]*:(?:[\w-](?:[\w.-]*[\w-])?)?)
  | (?P<word>[A-Za-z]+)
  | (?P<mark>\^\^|&&|\|\||!=|<=|>=|[{}().;,*/|^+?!=<>-])
    """,
    re.VERBOSE,
)
# What SHACL forbids, what asks elsewhere, and what makes the answer depend on more than the graph.
_REFUSED = frozenset(
    [
        "minus",
        "service",
        "values",
        "graph",
        "from",
        "limit",
        "offset",
        "construct",
        "describe",
        "ask",
        "load",
        "rand",
        "uuid",
        "struuid",
        "now",
    ]
)
_SPARQL_PREFIXES = {name: PREFIXES[name] for name in ("rdf", "rdfs", "owl")}


@dataclass(frozen=True, slots=True)
class Pattern:
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


# What is known of each variable: the nodes that it may be, or (Select.ways) the ways that lead to it.
Known = dict[str, dict[Any, None]]
# Follows a path from the things known of a variable, or from a term.
Follow = Callable[[Path, dict[Any, None]], dict[Any, None]]
# The steps that lead from $this to what is read, the last of which reads it; a term in front: from that term.
Way = tuple[Node | Path, ...]


@dataclass(frozen=True, slots=True)
class Select:
    """A SPARQL constraint: the text to run with $this free, the predicates it reads, what it sees."""

    text: str
    predicates: frozenset[str]
    any_predicate: bool
    group: Group
    counts: bool = False  # whether it aggregates

    def gather(self, node: Node, graph: Graph, into: Surroundings) -> None:
        """Note in `into` every triple that the query can see when $this is `node`."""

        def follow(path: Path, nodes: dict[Node, None]) -> dict[Node, None]:
            if path.kind == "any":
                for node in nodes:
                    into.everything(node)
                return {a: None for node in nodes for p in graph.lookup(node) or () for a in into.forward(node, p)}
            return {after: None for node in nodes for after in walk(path, graph, node, into)}

        self.follow(follow, {node: None})

    def rising(self) -> Select:
        """The same without each NOT EXISTS that more triples can only make false: where more can add solutions."""
        return self if self.counts else replace(self, group=_rising(self.group))

    def follow(self, step: Follow, starts: dict[Any, None]) -> None:
        """Follow every pattern by `step` from what $this may be, as far as each leads to something."""
        with contextlib.suppress(_Nothing):
            _see(self.group, {"this": starts}, step)

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


def read_select(text: str, prefixes: dict[str, str]) -> Select:
    """Read the text of sh:select. Raises Uncompiled for anything that is not sure to mean the same unbound."""
    if len(text) > 20_000:
        raise Uncompiled("a long SPARQL constraint")
    known = {**_SPARQL_PREFIXES, **prefixes}
    reader = _Reader(text, known)
    group = reader.query()
    _check(group)
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(known.items()))
    return Select(head + text, frozenset(group.predicates()), group.any_predicate(), group)


def read_check(text: str) -> Select:
    """Read a check of `queries/checks`, whose ?this is its $this. Raises Uncompiled as `read_select` does.

    The order of its rows, and that some variables have given values only, does not add to what it reads.
    """
    reader = _Reader(text, dict(_SPARQL_PREFIXES), without=("order", "values"))
    group = _lead(reader.query())
    _check(group)
    return Select(text, frozenset(group.predicates()), group.any_predicate(), group, counts=reader.counts)


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


class _Reader:
    def __init__(self, text: str, prefixes: dict[str, str], without: Collection[str] = ()) -> None:
        self._tokens = list(_left(_tokens(text), without))
        self._at = 0
        self._prefixes = prefixes
        self.counts = False

    def _peek(self) -> str:
        return self._tokens[self._at][1].lower() if self._at < len(self._tokens) else ""

    def _kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        if self._at >= len(self._tokens):
            raise Uncompiled("a SPARQL constraint that ends early")
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _expect(self, mark: str) -> None:
        if self._next().lower() != mark:
            raise Uncompiled("a SPARQL constraint of a form that is not read")

    def query(self) -> Group:
        for kind, token in self._tokens:
            if kind == "word" and token.lower() in _REFUSED:
                raise Uncompiled(f"{token.upper()} in a SPARQL constraint")
        while self._peek() == "prefix":
            self._next()
            kind, name = self._kind(), self._next()
            if kind != "name" or not name.endswith(":") or self._kind() != "iri":
                raise Uncompiled("a PREFIX that is not read")
            self._prefixes = {**self._prefixes, name[:-1]: self._next()[1:-1]}
        group = self._select()
        if self._at != len(self._tokens):
            raise Uncompiled("a SPARQL constraint of a form that is not read")
        return group

    def _select(self) -> Group:
        self._expect("select")
        if self._peek() in ("distinct", "reduced"):
            self._next()
        projected: set[str] = set()
        aggregate = grouped = False
        while self._peek() not in ("where", "{", ""):
            if self._kind() == "var":
                projected.add(self._next()[1:])
            elif self._peek() == "(":
                words = self._parenthesis()
                aggregate |= not _AGGREGATES.isdisjoint(words)
                variables = [word[1:] for word in words if word[0] in "?$"]
                if not variables or variables[-1] == "this":
                    raise Uncompiled("an expression that makes $this")
                projected.add(variables[-1])
            else:
                raise Uncompiled("SELECT * in a SPARQL constraint")
        if self._peek() == "where":
            self._next()
        group = self._group()
        keys: set[str] = set()
        while self._peek() in ("group", "having", "order"):
            word = self._next().lower()
            if word == "having":
                self._constraint_words()
                aggregate = True
            elif word == "group":
                self._expect("by")
                grouped = True
                while self._kind() == "var":
                    keys.add(self._next()[1:])
            else:
                raise Uncompiled("ORDER BY in a SPARQL constraint")
        self.counts |= grouped or aggregate
        if (grouped or aggregate) and "this" not in keys:
            raise Uncompiled("an aggregate that is not grouped by $this")
        if "this" not in projected:
            raise Uncompiled("a SELECT without $this")
        group.projected = projected
        return group

    def _parenthesis(self) -> list[str]:
        """The tokens of one parenthesis, lower case save variables."""
        self._expect("(")
        depth, words = 1, []
        while depth:
            kind, token = self._kind(), self._next()
            depth += (token == "(") - (token == ")")
            if token.lower() in ("exists", "select"):
                raise Uncompiled("a pattern inside an expression")
            words.append(token if kind == "var" else token.lower())
        return words[:-1]

    def _constraint_words(self) -> list[str]:
        words: list[str] = []
        if self._kind() in ("word", "name", "iri"):
            words.append(self._next().lower())
        return words + self._parenthesis()

    def _group(self) -> Group:
        self._expect("{")
        group = Group()
        if self._peek() == "select":
            inner = self._select()
            self._expect("}")
            return inner
        while self._peek() != "}":
            word = self._peek()
            if word == "filter":
                self._next()
                self._filter(group)
            elif word == "optional":
                self._next()
                group.optional.append(self._group())
            elif word == "bind":
                self._next()
                words = self._parenthesis()
                variables = [w[1:] for w in words if w[0] in "?$"]
                if not variables or variables[-1] == "this":
                    raise Uncompiled("BIND of $this")
                # What BIND uses must be bound before it, so $this in a pattern further up.
                if "this" in variables and not _binds_this(group):
                    raise Uncompiled("BIND of $this before it is bound")
                group.mentions.update(variables[:-1])
                group.bound.add(variables[-1])
            elif word == "{":
                branches = [self._group()]
                while self._peek() == "union":
                    self._next()
                    branches.append(self._group())
                if len(branches) == 1:
                    group.joined.append(branches[0])
                else:
                    group.unions.append(branches)
            elif word == ".":
                self._next()
            else:
                self._triples(group)
        self._expect("}")
        return group

    def _filter(self, group: Group) -> None:
        negated = self._peek() == "not"
        if negated:
            self._next()
            if self._peek() != "exists":
                raise Uncompiled("FILTER NOT of a form that is not read")
        if self._peek() == "exists":
            self._next()
            group.exists.append(replace(self._group(), negated=negated))
            return
        words = self._constraint_words()
        group.mentions.update(w[1:] for w in words if w[0] in "?$")

    def _triples(self, group: Group) -> None:
        subject = self._term()
        while True:
            path = self._path()
            while True:
                group.patterns.append(Pattern(subject, path, self._term()))
                if self._peek() != ",":
                    break
                self._next()
            if self._peek() != ";":
                return
            while self._peek() == ";":
                self._next()
            if self._peek() in (".", "}", ""):
                return

    def _term(self) -> str | Node:
        kind, token = self._kind(), self._next()
        if kind == "var":
            return token[1:]
        if kind == "iri":
            return NamedNode(token[1:-1])
        if kind == "name":
            return self._name(token)
        if token.lower() in ("true", "false"):
            return Literal(token.lower(), datatype=NamedNode(PREFIXES["xsd"] + "boolean"))
        if kind == "number" and token.isdigit():
            return Literal(token, datatype=NamedNode(PREFIXES["xsd"] + "integer"))
        if kind == "string" and "\\" not in token and self._peek() not in ("^^", "@"):
            return Literal(token[1:-1])
        raise Uncompiled("a term in a SPARQL constraint that is not read")

    def _name(self, token: str) -> NamedNode:
        prefix, _, local = token.partition(":")
        if prefix not in self._prefixes:
            raise Uncompiled(f"the prefix {prefix}: in a SPARQL constraint")
        return NamedNode(self._prefixes[prefix] + local)

    def _path(self) -> Path:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._next()
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else Path("alternative", None, _plain(branches))

    def _sequence(self) -> Path:
        steps = [self._step()]
        while self._peek() == "/":
            self._next()
            steps.append(self._step())
        return steps[0] if len(steps) == 1 else Path("sequence", None, _plain(steps))

    def _step(self) -> Path:
        kind, token = self._kind(), self._next()
        if token == "^":
            inner = self._step()
            if inner.kind != "iri":
                raise Uncompiled("the inverse of a path that is not one predicate")
            return Path("inverse", None, (inner,))
        if token == "(":
            path = self._path()
            self._expect(")")
        elif kind == "iri":
            path = Path("iri", token[1:-1])
        elif kind == "name":
            path = Path("iri", self._name(token).value)
        elif token == "a":
            path = Path("iri", PREFIXES["rdf"] + "type")
        elif kind == "var" and token[1:] != "this":
            return Path("any")
        else:
            raise Uncompiled("a predicate in a SPARQL constraint that is not an IRI")
        if self._peek() in ("*", "+", "?"):
            path = Path({"*": "many", "+": "some", "?": "maybe"}[self._next()], None, (path,))
        return path


def _plain(parts: list[Path]) -> tuple[Path, ...]:
    if any(part.kind == "any" for part in parts):
        raise Uncompiled("a variable inside a path")
    return tuple(parts)


_AGGREGATES = frozenset(["count", "sum", "min", "max", "avg", "sample", "group_concat"])


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise Uncompiled("a SPARQL constraint with a token that is not read")
        if found.lastgroup is not None:
            yield found.lastgroup, found.group(found.lastgroup)
        position = found.end()


def _left(tokens: Iterable[tuple[str, str]], without: Collection[str]) -> Iterator[tuple[str, str]]:
    """The tokens, less blocks of VALUES and all from ORDER BY on where these are not wanted."""
    dropping = False
    for kind, token in tokens:
        word = token.lower() if kind == "word" else ""
        if word == "order" and word in without:
            return
        dropping |= word == "values" and word in without
        if not dropping:
            yield kind, token
        dropping &= token != "}"


def _binds_this(group: Group) -> bool:
    """Whether a required pattern of the group binds $this."""
    if any("this" in p.variables() and not p.path.may_stay for p in group.patterns):
        return True
    if any(_binds_this(g) and (g.projected is None or "this" in g.projected) for g in group.joined):
        return True
    return any(all(_binds_this(branch) for branch in union) for union in group.unions)


def _certain(group: Group) -> set[str]:
    """The variables that every solution of the group binds by a pattern that reads a triple."""
    found = set().union(*(p.variables() for p in group.patterns if not p.path.may_stay))
    for inner in group.joined:
        found |= _certain(inner) if inner.projected is None else _certain(inner) & inner.projected
    for union in group.unions:
        found |= set.intersection(*(_certain(branch) for branch in union))
    return found


def _check(group: Group) -> None:
    """Raise Uncompiled unless $this means the same free as bound."""
    if not _binds_this(group):
        raise Uncompiled("a SPARQL constraint that does not bind $this by a pattern")
    _check_inside(group, set(), in_exists=False)
    _see_all(group)


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


def _see_all(group: Group) -> None:
    """Raise Uncompiled where a pattern cannot be reached from $this: it reads the graph as a whole."""
    _see(group, {"this": {}}, None)


def _see(group: Group, known: Known, follow: Follow | None) -> Known:
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
                    raise _Nothing
            if isinstance(end, str):
                known.setdefault(end, reached)
            continue
        if inner:
            known = _join(known, _inner(inner.pop(0), known, follow))
            continue
        if unions:
            answers = []
            for branch in unions.pop(0):
                with contextlib.suppress(_Nothing):
                    answers.append(_inner(branch, known, follow))
            if not answers:
                raise _Nothing
            common = set.intersection(*(set(answer) for answer in answers))
            for name in common - set(known):
                known[name] = {node: None for answer in answers for node in answer[name]}
            continue
        raise Uncompiled("a SPARQL constraint that reads what $this does not lead to")
    for side in (*group.optional, *group.exists):
        with contextlib.suppress(_Nothing):
            _see(side, dict(known), follow)
    return known


class _Nothing(Exception):
    """A pattern that every solution needs has no match: there is no solution, whatever else is read."""


def _inner(group: Group, known: Known, follow: Follow | None) -> Known:
    """A group inside, with the variables that it shares with the outside."""
    if group.projected is None:
        return _see(group, dict(known), follow)
    found = _see(group, {n: v for n, v in known.items() if n in group.projected}, follow)
    return {name: nodes for name, nodes in found.items() if name in group.projected}


def _join(known: Known, found: Known) -> Known:
    return {**found, **known}


def _start(end: str | Node, known: Known) -> bool:
    return end in known if isinstance(end, str) else True
