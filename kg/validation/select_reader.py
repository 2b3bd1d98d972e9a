"""The text of a SPARQL constraint read into groups of patterns; what is not read raises Uncompiled."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pyoxigraph import Literal, NamedNode

from kg.terms import PREFIXES
from kg.validation.paths import Path, Uncompiled
from kg.validation.patterns import Group, Pattern, binds_this
from kg.validation.select_tokens import UNEVEN, is_plain, left, tokens
from kg.validation.terms import Node

# What SHACL forbids, what asks elsewhere, and what makes the answer depend on more than the graph.
_REFUSED = frozenset(
    ["minus", "service", "values", "graph", "from", "limit", "offset", "construct", "describe"]
) | frozenset(["ask", "load", "rand", "uuid", "struuid", "now"])


class Reader:
    """One constraint: the group that it asks for, and the text that finds at least what any engine finds.

    Two engines may disagree on an expression where one meets an error: "x" < 1, a product beyond 10^19, a regular
    expression of one's dialect. `widened` counts such errors in favour of a result; `doubtful` is True where that
    cannot be had, and nobody but the deciding engine may say.
    """

    def __init__(self, text: str, prefixes: dict[str, str], without: Collection[str] = ()) -> None:
        """Read nothing yet; `without`: clauses to be left out. Raises Uncompiled for a token that is not known."""
        self._text = text
        self._tokens = list(left(tokens(text), without))
        self._inside: list[str] = []  # the groups around: optional, exists, not
        self._conditions: list[tuple[int, int]] = []  # where an error counts as true
        self.doubtful = False
        self.counts = False  # whether it aggregates
        self._at = 0
        self._prefixes = prefixes

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

    def widened(self) -> str:
        """The text, with errors in its conditions counted in favour of a result."""
        text = self._text
        for start, end in reversed(self._conditions):
            text = f"{text[:start]}(COALESCE(IF({text[start:end]}, true, false), true)){text[end:]}"
        return text

    def query(self) -> Group:
        """Read all of it. Raises Uncompiled."""
        for kind, token, _, _ in self._tokens:
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
                self._condition()
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
        self.doubtful |= not UNEVEN.isdisjoint(words)
        return words[:-1]

    def _condition(self) -> list[str]:
        """The tokens of a FILTER or HAVING."""
        start = self._tokens[self._at][2] if self._at < len(self._tokens) else 0
        words = self._constraint_words()
        if "optional" in self._inside or "not" in self._inside:  # where more matches mean fewer results
            self.doubtful |= not is_plain(words)
        else:
            self._conditions.append((start, self._tokens[self._at - 1][3]))
        return words

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
                group.optional.append(self._group_inside("optional"))
            elif word == "bind":
                self._next()
                words = self._parenthesis()
                # An error leaves the variable unbound, which OPTIONAL does not take for what it is.
                self.doubtful |= any(token == "optional" for _, token, _, _ in self._tokens)
                variables = [w[1:] for w in words if w[0] in "?$"]
                if not variables or variables[-1] == "this":
                    raise Uncompiled("BIND of $this")
                # What BIND uses must be bound before it, so $this in a pattern further up.
                if "this" in variables and not binds_this(group):
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

    def _group_inside(self, kind: str) -> Group:
        self._inside.append(kind)
        group = self._group()
        self._inside.pop()
        return group

    def _filter(self, group: Group) -> None:
        kind = "exists"
        if self._peek() == "not":
            kind = "not"
            self._next()
            if self._peek() != "exists":
                raise Uncompiled("FILTER NOT of a form that is not read")
        if self._peek() == "exists":
            self._next()
            group.exists.append(replace(self._group_inside(kind), negated=kind == "not"))
            return
        words = self._condition()
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
