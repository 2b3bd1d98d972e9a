"""The triples of a syntax tree, each with the offsets of its subject, predicate and object.

They come in the order in which oxttl (the parser inside pyoxigraph) emits them, so that the n-th triple here is
the n-th triple there: this is how an anonymous blank node, whose label differs from parse to parse, gets its
place. A term is written as one string, its *key*: `<iri>`, `_:label`, `"text"@lang`, `"text"^^<datatype>`, the
text without escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from kg.errors import DataError
from kg.terms import PREFIXES
from kg.turtle.tree import Anonymous, Collection, Node, Pair, Statement, Term, statements

_RDF = PREFIXES["rdf"]
_XSD = PREFIXES["xsd"]
_FIRST, _REST, _NIL = f"<{_RDF}first>", f"<{_RDF}rest>", f"<{_RDF}nil>"
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Placed(NamedTuple):
    """One triple: the keys of its terms, and the offset where each is written."""

    subject: str
    predicate: str
    object: str
    at_subject: int
    at_predicate: int
    at_object: int


class Scope:
    """The prefixes and the base that hold at one point of a file."""

    def __init__(self, base: str | None = None) -> None:
        """Begin without prefixes; `base` resolves relative IRIs."""
        self.base = base
        self.prefixes: dict[str, str] = {}

    def declare(self, statement: Statement) -> None:
        """Take in a directive."""
        if statement.kind == "prefix":
            self.prefixes[statement.words[0][:-1]] = self._iri(statement.words[1])
        elif statement.kind == "base":
            self.base = self._iri(statement.words[0])

    def key(self, text: str) -> str:
        """The key of a term as it is written; `a` is rdf:type. Raises DataError on an unknown prefix."""
        first = text[0]
        if first == "<":
            return f"<{self._iri(text)}>"
        if first in "\"'":
            return self._literal(text)
        if text.startswith("_:"):
            return text
        if text == "a":
            return f"<{_RDF}type>"
        if ":" in text:
            prefix, _, local = text.partition(":")
            if prefix not in self.prefixes:
                raise DataError("unknown-prefix", f"the prefix {prefix}: is not declared")
            return f"<{self.prefixes[prefix]}{_unescape(local)}>"
        if text in ("true", "false"):
            return f'"{text}"^^<{_XSD}boolean>'
        kind = "double" if "e" in text.lower() else "decimal" if "." in text else "integer"
        return f'"{text}"^^<{_XSD}{kind}>'

    def _iri(self, text: str) -> str:
        iri = _unescape(text[1:-1])
        if self.base is not None and not _ABSOLUTE.match(iri):
            return urljoin(self.base, iri) if iri else self.base.partition("#")[0]
        return iri

    def _literal(self, text: str) -> str:
        mark = text[:3] if text[:3] in ('"""', "'''") else text[0]
        end = text.rindex(mark)
        value, suffix = _unescape(text[len(mark) : end]), text[end + len(mark) :]
        if suffix.startswith("@"):
            return f'"{value}"{suffix.lower()}'
        return f'"{value}"^^{self.key(suffix[2:])}' if suffix else f'"{value}"^^<{_XSD}string>'


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text

    def plain(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _ESCAPES.get(match[3], match[3])

    return _ESCAPE.sub(plain, text)


def placed_triples(text: str, base: str | None = None, *, quads: bool = False) -> Iterator[Placed]:
    """The triples of a whole Turtle, TriG, N-Triples or (`quads`) N-Quads text, in the parser's order.

    Anonymous blank nodes are labelled by their offset. Raises DataError where the text cannot be followed.
    """
    scope = Scope(base)
    for statement in statements(text, quads=quads):
        if statement.kind == "triples":
            yield from triples_of(statement, scope)
        else:
            scope.declare(statement)


def triples_of(statement: Statement, scope: Scope) -> list[Placed]:
    """The triples of one statement of kind "triples"."""
    emitter = _Emitter(scope)
    subject = statement.subject
    assert subject is not None
    if isinstance(subject, Collection):
        key = f"{_label(subject.items[0].node)}-cell" if subject.items else _NIL
        emitter.list(subject, None)
    elif isinstance(subject, Anonymous):
        key = _label(subject)
        emitter.pairs(subject.pairs, key, subject.start)
    else:
        key = scope.key(subject.text)
    emitter.pairs(statement.pairs, key, subject.start)
    return emitter.finish()


# Where a node hangs: subject, its offset, predicate, its offset.
_Link = tuple[str, int, str, int]


class _Emitter:
    """Emits as oxttl does, token by token.

    A string without a language or datatype is known to be complete only at the next token, whose own triples
    go first; the link to a list follows its first element where that is one token, else it goes before.
    """

    def __init__(self, scope: Scope) -> None:
        self.triples: list[Placed] = []
        self._scope = scope
        self._pending: Placed | None = None

    def _token(self, *batch: Placed) -> None:
        self.triples.extend(batch)
        if self._pending is not None:
            self.triples.append(self._pending)
            self._pending = None

    def finish(self) -> list[Placed]:
        """Everything, at the end of a statement."""
        self._token()
        return self.triples

    def pairs(self, pairs: list[Pair], subject: str, at: int) -> None:
        for pair in pairs:
            predicate = self._scope.key(pair.predicate.text)
            for item in pair.objects:
                self._token()
                self._element((subject, at, predicate, pair.predicate.start), item.node, None)
            if pair.semicolon:
                self._token()

    def _element(self, link: _Link, node: Node, before: Placed | None) -> None:
        """One object or list element; `before` is the triple that leads to its cell."""
        subject, at, predicate, at_predicate = link
        leading = () if before is None else (before,)
        if isinstance(node, Collection) and node.items:
            self._token(*leading)
            self.list(node, link)
            return
        if isinstance(node, Term):
            own = Placed(subject, predicate, self._scope.key(node.text), at, at_predicate, node.start)
            if node.text[0] not in "\"'":
                self._token(own, *leading)
                return
            self._token(*leading)
            if node.text[-1] in "\"'":
                self._pending = own
            else:
                self._token(own)
            return
        self._token(*leading)
        key = _NIL
        if isinstance(node, Anonymous):
            key = _label(node)
            self.pairs(node.pairs, key, node.start)
        self._token(Placed(subject, predicate, key, at, at_predicate, node.start))

    def list(self, node: Collection, link: _Link | None) -> None:
        """The cells of a list, and the triple `link` that leads to the first."""
        before: str | None = None
        for item in node.items:
            at = item.node.start
            cell = f"{_label(item.node)}-cell"
            leading = None
            if before is not None:
                leading = Placed(before, _REST, cell, at, at, at)
            elif link is not None:
                leading = Placed(link[0], link[2], cell, link[1], link[3], node.start)
            self._element((cell, at, _FIRST, at), item.node, leading)
            before = cell
        if before is not None:
            end = node.end - 1
            self._token(Placed(before, _REST, _NIL, end, end, end))


def _label(node: Node) -> str:
    return f"_:@{node.start}"
