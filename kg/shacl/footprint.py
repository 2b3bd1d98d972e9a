"""What a SPARQL query reads, seen from the nodes that one of its variables may be.

The query is read by rdflib into the algebra of SPARQL 1.1 (section 18.2). Its triple patterns, followed from `this`,
are the paths along which it reads a graph: the statements around some nodes that it needs, and backwards the nodes
that a new statement can matter to. The same reading says in which form another engine may run it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from pyoxigraph import NamedNode, Quad
from rdflib import paths as rdflib_paths
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, URIRef, Variable

from kg.shacl.graph import OWL, RDF, RDFS, Graph, Node, values
from kg.shacl.paths import Path, Uncompiled, reverse
from kg.shacl.view import from_rdflib
from kg.sparql import tokens

_PREFIXES = {"rdf": RDF, "rdfs": RDFS, "owl": OWL}
_LONGEST = 20_000  # characters of a query
# The steps that lead from `this` to what is read, the last of which reads it; a term in front: from that term.
Way = tuple[Node | Path, ...]
# What is known of each variable: the nodes that it may be, or the ways that lead to it.
Known = dict[str, dict[Any, None]]
# Follows a path from the things known of a variable, or from a term.
Follow = Callable[[Path, dict[Any, None]], dict[Any, None]]


class Form(Enum):
    """How another engine than pyshacl's may find at least the nodes that a constraint rejects."""

    FREE = "once for all nodes, with `this` free"
    BOUND = "once for each node, which is put in the place of `this`"
    NEITHER = "not at all"


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
    joined: list[Group] = field(default_factory=list)  # sub-selects
    unions: list[list[Group]] = field(default_factory=list)
    projected: set[str] | None = None  # of a sub-select
    negated: bool = False  # a NOT EXISTS

    def inner(self) -> list[Group]:
        """Every group inside this one."""
        return [*self.optional, *self.exists, *self.joined, *(g for union in self.unions for g in union)]

    def predicates(self) -> set[str]:
        """Every predicate that is read by its name."""
        return set().union(*(p.path.predicates() for p in self.patterns), *(g.predicates() for g in self.inner()))

    def any_predicate(self) -> bool:
        """Whether a variable stands for a predicate."""
        return any(p.path.kind == "any" for p in self.patterns) or any(g.any_predicate() for g in self.inner())

    def certain(self) -> set[str]:
        """The variables that every solution binds by a pattern that reads a triple."""
        certain = set().union(*(p.variables() for p in self.patterns if not p.path.may_stay))
        for inner in self.joined:
            certain |= inner.certain() if inner.projected is None else inner.certain() & inner.projected
        for union in self.unions:
            certain |= set.intersection(*(branch.certain() for branch in union))
        return certain

    def variables(self) -> set[str]:
        """Every variable of its patterns."""
        return set().union(*(p.variables() for p in self.patterns), *(g.variables() for g in self.inner()))


class Reading:
    """The statements of a graph that were read, each once."""

    def __init__(self, graph: Graph) -> None:
        """Nothing read yet."""
        self.graph = graph
        self._statements: dict[tuple[Node, str, Node], None] = {}

    def forward(self, node: Node, predicate: str) -> Sequence[Node]:
        """Read the values of one property."""
        found = values(self.graph.lookup(node), predicate)
        for value in found:
            self._statements[node, predicate, value] = None
        return found

    def backward(self, node: Node, predicate: str) -> Sequence[Node]:
        """Read the nodes that have `node` for `predicate`."""
        subjects = self.graph.subjects(predicate, node)
        for subject in subjects:
            self._statements[subject, predicate, node] = None
        return subjects

    def everything(self, node: Node) -> list[Node]:
        """Read all values of all properties of a node."""
        return [value for predicate in self.graph.lookup(node) or () for value in self.forward(node, predicate)]

    def along(self, path: Path, node: Node) -> Iterable[Node]:
        """Read all that the path leads by; the nodes that it leads to."""
        match path.kind:
            case "iri":
                return self.forward(node, path.iri or "")
            case "inverse":
                return self.backward(node, path.parts[0].iri or "")
            case "any":
                return self.everything(node)
            case "leading":
                leading = self.graph.leading(node)
                return [subject for predicate in leading for subject in self.backward(node, predicate)]
            case "sequence":
                nodes: Iterable[Node] = (node,)
                for part in path.parts:
                    nodes = dict.fromkeys(after for before in nodes for after in self.along(part, before))
                return nodes
            case "alternative":
                return dict.fromkeys(after for part in path.parts for after in self.along(part, node))
        reached: dict[Node, None] = {} if path.kind == "some" else {node: None}
        todo = list(self.along(path.parts[0], node))
        while todo:
            after = todo.pop()
            if after not in reached:
                reached[after] = None
                if path.kind != "maybe":
                    todo.extend(self.along(path.parts[0], after))
        return reached

    def quads(self) -> Iterator[Quad]:
        """The statements."""
        return (Quad(s, NamedNode(p), o) for s, p, o in self._statements)  # type: ignore[arg-type]  # no quoted triples

    def terms(self) -> set[Node]:
        """The values in them."""
        return {value for _, _, value in self._statements}


class Footprint(NamedTuple):
    """A query as it reads a graph. `text` finds at least what pyshacl finds, run in its `form`."""

    text: str
    form: Form
    group: Group
    counts: bool  # whether it aggregates

    @property
    def predicates(self) -> frozenset[str]:
        """The predicates that it names."""
        return frozenset(self.group.predicates())

    def gather(self, nodes: Iterable[Node], into: Reading) -> None:
        """Read in `into` every statement that the query can see when `this` is one of `nodes`."""
        # Groups of a query ask the same of the same nodes: what a variable may be is one and the same dictionary.
        followed: dict[tuple[Path, int], tuple[dict[Any, None], dict[Any, None]]] = {}

        def follow(path: Path, starts: dict[Any, None]) -> dict[Any, None]:
            asked = (path, id(starts))
            if asked not in followed:
                followed[asked] = starts, {after: None for node in starts for after in into.along(path, node)}
            return followed[asked][1]

        self._follow(follow, dict.fromkeys(nodes))

    def ways(self) -> list[Way]:
        """The paths along which `gather` reads, each from `this` or, where a term comes first, from that term."""
        ways: dict[Way, None] = {}

        def follow(path: Path, starts: dict[Any, None]) -> dict[Any, None]:
            longer: dict[Way, None] = {
                ((*start, path) if isinstance(start, tuple) else (start, path)): None for start in starts
            }
            ways.update(longer)
            return longer

        self._follow(follow, {(): None})
        return list(ways)

    def _follow(self, step: Follow, starts: dict[Any, None]) -> None:
        with contextlib.suppress(_Nothing):
            _see(self.group, {"this": starts}, step)

    def rising(self) -> Footprint:
        """The same without each NOT EXISTS that more triples can only make false: where more can add solutions."""
        return self if self.counts else self._replace(group=_rising(self.group))


def of_constraint(text: str, prefixes: dict[str, str]) -> Footprint:
    """The footprint of the text of a sh:select. Raises Uncompiled where it is not read."""
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted({**_PREFIXES, **prefixes}.items()))
    return _of_constraint(head + text)


@cache
def _of_constraint(text: str) -> Footprint:
    reader = _Reader(text)
    _see(reader.group, {"this": {}}, None)
    return Footprint(_widened(text), reader.form(), reader.group, reader.counts)


@cache
def of_check(text: str) -> Footprint:
    """The footprint of a query that is run as it is, with a `?this`. Raises Uncompiled where it is not read."""
    reader = _Reader(text, given_values=True)
    _see(reader.group, {"this": {}}, None)
    return Footprint(text, Form.NEITHER, reader.group, reader.counts)


# The algebra read

# Engines give different values for these without an error.
_UNEVEN = {f"Aggregate_{name}" for name in ("Min", "Max", "Avg", "Sample", "GroupConcat")} | {"Builtin_COALESCE"}
# What SHACL forbids, what asks elsewhere, and what depends on more than the graph.
_REFUSED = {f"Builtin_{name}" for name in ("RAND", "UUID", "STRUUID", "NOW")} | {
    "Minus",
    "Graph",
    "ServiceGraphPattern",
}
# Equality and kinds of terms: the same to every engine.
_PLAIN = {
    "RelationalExpression",
    "ConditionalAndExpression",
    "ConditionalOrExpression",
    "UnaryNot",
    "TrueFilter",
} | {
    f"Builtin_{name}"
    for name in (
        *("BOUND", "STR", "LANG", "DATATYPE", "sameTerm", "isIRI", "isURI", "isBLANK", "isLITERAL"),
        *("EXISTS", "NOTEXISTS"),
    )
}


class _Reader:
    """One query: its group, and what decides on its form."""

    def __init__(self, text: str, *, given_values: bool = False) -> None:
        if len(text) > _LONGEST:
            raise Uncompiled("a long SPARQL constraint")
        self.counts = False
        self._given_values = given_values
        self._doubtful = False  # whether engines may differ otherwise than by an error in a condition
        self._binds = self._optional = self._apart = False  # BIND, OPTIONAL, aggregates not of `this`
        self._order: dict[str, int] = {}
        for piece in tokens(text[text.find("{") :]):
            if piece.kind == "variable":
                self._order.setdefault(piece.text[1:], len(self._order))
        try:
            query = translateQuery(parseQuery(text)).algebra
        except Exception as error:  # rdflib raises what its parser and its translation happen to
            raise Uncompiled(f"SPARQL that is not read: {' '.join(str(error).split())[:80]}") from None
        if query.name != "SelectQuery" or query.datasetClause:
            raise Uncompiled("SPARQL that is no plain SELECT")
        self.group = self._group(query.p, inside=False)
        if "this" not in (self.group.projected or ()):
            raise Uncompiled("a SELECT without $this")

    def form(self) -> Form:
        """The form in which another engine finds at least what pyshacl does."""
        group = self.group
        if self._doubtful or (self._binds and self._optional) or not _is_whole(group, outside=True):
            return Form.NEITHER
        if self._apart or self._binds or group.optional or group.unions or not _binds_this(group):
            return Form.BOUND
        return Form.FREE

    def _group(self, part: CompValue, *, inside: bool) -> Group:
        """`inside` an OPTIONAL or EXISTS, where more matches mean fewer results."""
        name = part.name
        if name in _REFUSED or name == "Slice":
            raise Uncompiled(f"{name} in a SPARQL constraint")
        if name == "BGP":
            return self._together(
                Group([Pattern(_end(s), _path(p), _end(o)) for s, p, o in part.triples]), Group()
            )
        if name in ("Project", "SelectQuery"):
            group = self._group(part.p, inside=inside)
            group.projected = {str(variable) for variable in part.PV}
            return group
        if name in ("Distinct", "Reduced", "OrderBy", "Group"):
            return self._group(part.p, inside=inside)
        if name == "ToMultiSet":
            if part.p.name == "values":
                if not self._given_values:
                    raise Uncompiled("VALUES in a SPARQL constraint")
                return Group()
            return Group(joined=[self._group(part.p, inside=inside)])
        if name == "AggregateJoin":
            self.counts = True
            keys = part.p.expr or []
            # rdflib hands the keys through as samples of themselves.
            aggregates = [each for each in part.A if each.name != "Aggregate_Sample" or each.vars not in keys]
            self._doubtful |= any(each.name in _UNEVEN for each in aggregates)
            self._apart |= Variable("this") not in keys
            return self._group(part.p, inside=inside)
        if name == "Filter":
            group = self._group(part.p, inside=inside)
            # Around EXISTS a condition sees what is around it, else what its own group has.
            self._doubtful |= not inside and _mentions_this(part.expr) and "this" not in group.certain()
            self._condition(part.expr, group, inside)
            return group
        if name == "Extend":
            group = self._group(part.p, inside=inside)
            if isinstance(part.expr, Variable) and part.expr.startswith("__agg_"):
                return group  # an aggregate's value by its name
            if str(part.var) == "this":
                raise Uncompiled("an expression that makes $this")
            self._binds = True
            self._doubtful |= _mentions_this(part.expr) and "this" not in group.certain()
            if any(each.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS") for each in _parts(part.expr)):
                raise Uncompiled("a pattern inside an expression")
            self._look(part.expr)
            return group
        if name == "Join":
            return self._together(self._group(part.p1, inside=inside), self._group(part.p2, inside=inside))
        if name == "LeftJoin":
            self._optional = True
            group, optional = self._group(part.p1, inside=inside), self._group(part.p2, inside=True)
            self._condition(part.expr, optional, inside=True)
            self._doubtful |= _mentions_this(part.expr) and "this" not in group.certain() | optional.certain()
            group.optional.append(optional)
            return group
        if name == "Union":
            return Group(unions=[[self._group(part.p1, inside=inside), self._group(part.p2, inside=inside)]])
        raise Uncompiled(f"{name} in a SPARQL constraint")

    def _together(self, one: Group, other: Group) -> Group:
        """Both, with what names the variables that come first in the text in front: rdflib has an order of its own."""
        patterns = sorted(
            one.patterns + other.patterns,
            key=lambda pattern: min((self._order.get(name, 0) for name in pattern.variables()), default=0),
        )
        return Group(
            patterns,
            one.optional + other.optional,
            one.exists + other.exists,
            one.joined + other.joined,
            one.unions + other.unions,
        )

    def _condition(self, expression: Any, group: Group, inside: bool) -> None:
        self._look(expression)
        self._doubtful |= inside and not _is_plain(expression)
        for each in _parts(expression):
            if each.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
                found = self._group(each.graph, inside=True)
                group.exists.append(replace(found, negated=each.name == "Builtin_NOTEXISTS"))

    def _look(self, expression: Any) -> None:
        names = {each.name for each in _parts(expression)}
        if names & _REFUSED:
            raise Uncompiled("a function that depends on more than the graph")
        self._doubtful |= not names.isdisjoint(_UNEVEN)


def _parts(expression: Any) -> Iterator[CompValue]:
    """An expression and those in it; not what is inside a pattern of EXISTS."""
    if isinstance(expression, CompValue):
        yield expression
        if expression.name not in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            for value in expression.values():
                yield from _parts(value)
    elif isinstance(expression, list | tuple):
        for value in expression:
            yield from _parts(value)


def _mentions_this(expression: Any) -> bool:
    """Whether `this` stands in an expression, outside of its patterns."""
    if isinstance(expression, CompValue):
        if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            return False
        return any(map(_mentions_this, expression.values()))
    if isinstance(expression, list | tuple):
        return any(map(_mentions_this, expression))
    return bool(expression == Variable("this"))


def _is_plain(expression: Any) -> bool:
    """Whether a condition is sure to be the same to every engine: equality and kinds of terms."""
    if isinstance(expression, Variable):  # engines differ on which terms are true by themselves
        return False
    for each in _parts(expression):
        if each.name not in _PLAIN:
            return False
        if each.name == "RelationalExpression" and each.op not in ("=", "!=", "IN", "NOT IN"):
            return False
        if each.name in ("ConditionalAndExpression", "ConditionalOrExpression", "UnaryNot"):
            operands = [each.expr, *(each.other or ())] if each.name != "UnaryNot" else [each.expr]
            if any(isinstance(operand, Variable) for operand in operands):
                return False
    return True


def _end(term: Any) -> str | Node:
    if isinstance(term, Variable):
        return str(term)
    if isinstance(term, BNode):  # in a query a variable that has no name
        return f"_:{term}"
    return from_rdflib(term)


def _path(term: Any) -> Path:
    if isinstance(term, URIRef):
        return Path("iri", str(term))
    if isinstance(term, Variable | rdflib_paths.NegatedPath):
        return Path("any")
    if isinstance(term, rdflib_paths.InvPath):
        return reverse(_path(term.arg))
    if isinstance(term, rdflib_paths.SequencePath):
        return Path("sequence", None, tuple(_path(part) for part in term.args))
    if isinstance(term, rdflib_paths.AlternativePath):
        return Path("alternative", None, tuple(_path(part) for part in term.args))
    if isinstance(term, rdflib_paths.MulPath):
        return Path({"*": "many", "+": "some", "?": "maybe"}[str(term.mod)], None, (_path(term.path),))
    raise Uncompiled("a path that is not known")


# Its form


def _binds_this(group: Group) -> bool:
    """Whether patterns that read a triple bind `this`, and one end of each path that may read none."""
    certain = group.certain()
    return "this" in certain and all(
        not p.path.may_stay or p.variables() & certain for g in (group, *group.inner()) for p in g.patterns
    )


def _is_whole(group: Group, *, outside: bool) -> bool:
    """Whether `this` means the same everywhere: every sub-select hands it out, or has none of it; none in EXISTS."""
    for inner in group.joined:
        if "this" in inner.variables() and "this" not in (inner.projected or ()):
            return False
    if not outside and group.projected is not None:
        return False
    return all(_is_whole(inner, outside=outside) for inner in [*group.joined, *group.optional]) and all(
        not inner.joined and _is_whole(inner, outside=False)
        for inner in [*group.exists, *(g for union in group.unions for g in union if g.joined)]
    )


def _widened(text: str) -> str:
    """The text with errors in its conditions counted in favour of a result.

    Two engines may disagree on an expression where one meets an error: "x" < 1, a product beyond 10^19, a regular
    expression of one's dialect.
    """
    pieces = [piece for piece in tokens(text) if piece.kind not in ("comment", "space")]
    words = [piece.text.upper() if piece.kind == "word" else piece.text for piece in pieces]
    narrow = [False]  # of the braces around: whether more matches mean fewer results
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(pieces):
        word = words[at]
        if word == "{":
            narrow.append(narrow[-1] or words[at - 1] in ("OPTIONAL", "EXISTS"))
        elif word == "}" and len(narrow) > 1:
            narrow.pop()
        elif (
            word in ("FILTER", "HAVING") and not narrow[-1] and words[at + 1 : at + 2] not in (["NOT"], ["EXISTS"])
        ):
            start = at + 1
            depth, at = 0, start
            while at < len(pieces) - 1 and not (words[at] == ")" and depth == 1):
                depth += (words[at] == "(") - (words[at] == ")")
                at += 1
            spans.append((pieces[start].start, pieces[at].start + len(pieces[at].text)))
        at += 1
    for first, last in reversed(spans):
        text = f"{text[:first]}(COALESCE(IF({text[first:last]}, true, false), true)){text[last:]}"
    return text


# What it sees


class _Nothing(Exception):
    """A pattern that every solution needs has no match: there is no solution, whatever else is read."""


def _see(group: Group, known: Known, follow: Follow | None) -> Known:
    """Follow the patterns from what is known; without `follow`, only make sure that all can be followed.

    What is found for a variable is a superset of what any solution has: the first pattern that reaches it
    decides, filters are left out. Raises Uncompiled where a pattern cannot be reached: it reads the whole graph.
    """
    todo = list(group.patterns)
    inner = [*group.joined]
    unions = list(group.unions)
    while todo or inner or unions:
        pattern = next((p for p in todo if not isinstance(p.subject, str) or p.subject in known), None)
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
            known = {**_see_inside(inner.pop(0), known, follow), **known}
            continue
        if unions:
            answers = []
            for branch in unions.pop(0):
                with contextlib.suppress(_Nothing):
                    answers.append(_see_inside(branch, known, follow))
            if not answers:
                raise _Nothing
            for name in set.intersection(*(set(answer) for answer in answers)) - set(known):
                known[name] = {node: None for answer in answers for node in answer[name]}
            continue
        raise Uncompiled("a SPARQL constraint that reads what $this does not lead to")
    for side in (*group.optional, *group.exists):
        with contextlib.suppress(_Nothing):
            _see(side, dict(known), follow)
    return known


def _see_inside(group: Group, known: Known, follow: Follow | None) -> Known:
    """A group inside, with the variables that it shares with the outside."""
    if group.projected is None:
        return _see(group, dict(known), follow)
    seen = _see(group, {name: nodes for name, nodes in known.items() if name in group.projected}, follow)
    return {name: nodes for name, nodes in seen.items() if name in group.projected}


def _rising(group: Group) -> Group:
    def falls(inner: Group) -> bool:
        return not inner.exists and not inner.optional and all(falls(part) for part in inner.inner())

    return replace(
        group,
        exists=[inner for inner in group.exists if not (inner.negated and falls(inner))],
        joined=[_rising(inner) for inner in group.joined],
        unions=[[_rising(branch) for branch in union] for union in group.unions],
    )
