"""The syntax tree of a Turtle or TriG file, comments and blank lines included.

Every node knows its offset in the text. Comments hang on what they stand before (`lead`) or behind on the
same line (`trail`); those that stand before a closing mark hang on its container (`tail`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.errors import DataError
from kg.turtle.tokens import Token, tokens

MAX_DEPTH = 200  # brackets inside brackets; deeper input is refused before any parser sees it


@dataclass(slots=True)
class Term:
    """An IRI, a prefixed name, a literal, a blank node label, `a`: its text as written."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Collection:
    """`( … )`."""

    items: list[Item]
    tail: list[str]
    start: int
    end: int


@dataclass(slots=True)
class Anonymous:
    """`[ … ]`: a blank node with its properties."""

    pairs: list[Pair]
    tail: list[str]
    start: int
    end: int


Node = Term | Collection | Anonymous


@dataclass(slots=True)
class Item:
    """One object or element, with the comments that are its own."""

    node: Node
    lead: list[str]
    trail: str | None = None


@dataclass(slots=True)
class Pair:
    """One predicate with its objects."""

    predicate: Term
    objects: list[Item]
    lead: list[str]
    trail: str | None = None
    semicolon: bool = False


@dataclass(slots=True)
class Statement:
    """A directive, triples of one subject, or (TriG) the opening or the end of a graph.

    `kind` is "prefix", "base", "version", "triples", "open" or "close". A directive's `words` are its
    arguments as written. `lead` has "" for a blank line between comments.
    """

    kind: str
    start: int
    lead: list[str]
    words: list[str] = field(default_factory=list)
    subject: Node | None = None
    pairs: list[Pair] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    trail: str | None = None
    graph: Term | None = None


class Unsupported(DataError):
    """Syntax that is valid but not kept here, refused by name."""

    def __init__(self, what: str, start: int) -> None:
        """`what` is the name of the syntax; `start` its offset."""
        super().__init__("turtle-syntax", f"{what} is not supported here")
        self.start = start


def statements(text: str, start: int = 0, *, quads: bool = False) -> Iterator[Statement]:
    """The statements of `text` from offset `start`; the comments at the end come as a statement "end".

    `quads`: N-Quads, whose fourth term is a graph. Raises Unsupported for RDF 1.2's triple terms,
    reifiers and annotations, and DataError where the text is not what the grammar expects.
    """
    return _Reader(text, start, quads).statements()


class _Reader:
    def __init__(self, text: str, start: int, quads: bool) -> None:
        self._text = text
        self._tokens = tokens(text, start)
        self._quads = quads
        self._comments: list[str] = []
        self._behind: str | None = None  # a comment on the same line as the mark before it
        self._last_end = start
        self._depth = 0
        self._graph: Term | None = None
        self._token = Token("end", "", len(text))
        self._advance()

    def _advance(self) -> Token:
        """Hand out the current token and read the next, gathering the comments between."""
        taken = self._token
        end = taken.start + len(taken.text) if taken.kind != "end" else self._last_end
        self._last_end = end
        if self._behind is not None:  # nobody took it: it moves on, it is never lost
            self._comments.insert(0, self._behind)
            self._behind = None
        previous_end, first = end, taken.kind != "end"  # nothing stands before the first comment
        for token in self._tokens:
            gap = self._text[previous_end : token.start]
            if token.kind != "comment":
                if self._comments and _blank_lines(gap):
                    self._comments.append("")
                self._token = token
                return taken
            if first and "\n" not in gap and "\r" not in gap:
                self._behind = token.text.rstrip()
            else:
                if self._comments and _blank_lines(gap):
                    self._comments.append("")
                self._comments.append(token.text.rstrip())
            previous_end, first = token.start + len(token.text), False
        self._token = Token("end", "", len(self._text))
        return taken

    def _lead(self) -> list[str]:
        comments, self._comments = self._comments, []
        while comments and not comments[-1]:
            comments.pop()
        return comments

    def _expect(self, mark: str) -> Token:
        if self._token.text != mark:
            raise DataError("turtle", f"expected {mark!r}, found {self._token.text!r}")
        return self._advance()

    def _take_behind(self) -> str | None:
        behind, self._behind = self._behind, None
        return behind

    def statements(self) -> Iterator[Statement]:
        while self._token.kind != "end":
            yield self._statement()
        yield Statement("end", len(self._text), self._lead())

    def _statement(self) -> Statement:
        # A blank line between the last comment and the statement is kept: the comment is a heading of its own.
        comments, self._comments = self._comments, []
        token = self._token
        word = token.text.lstrip("@").lower() if token.kind in ("at", "word") else ""
        if word in ("prefix", "base", "version"):
            return self._directive(word, comments)
        if word == "graph":
            self._advance()
            return self._open(self._simple(), comments, token.start)
        if token.text == "{":
            return self._open(None, comments, token.start)
        if token.text == "}":
            self._advance()
            self._graph = None
            return Statement("close", token.start, comments, trail=self._take_behind())
        subject = self._node()
        if self._token.text == "{" and isinstance(subject, Term):
            return self._open(subject, comments, token.start)
        pairs: list[Pair] = []
        if self._token.text not in (".", "}"):
            pairs = self._pairs((".", "}"))
        graph = self._graph
        if self._quads and self._token.text != "." and pairs:
            graph = self._simple()
        tail = self._lead()
        trail = None
        if self._token.text == ".":
            self._advance()
            trail = self._take_behind()
        elif self._token.text != "}":
            raise DataError("turtle", f"expected '.', found {self._token.text!r}")
        return Statement("triples", token.start, comments, [], subject, pairs, tail, trail, graph)

    def _directive(self, word: str, comments: list[str]) -> Statement:
        start = self._token.start
        dotted = self._advance().text.startswith("@")
        words = [self._advance().text for _ in range(2 if word == "prefix" else 1)]
        trail = self._behind
        if dotted:
            self._expect(".")
            trail = trail or self._behind
        self._behind = None
        return Statement(word, start, comments, words, trail=trail)

    def _open(self, graph: Term | None, comments: list[str], start: int) -> Statement:
        self._expect("{")
        self._graph = graph
        return Statement(
            "open", start, comments, [graph.text if graph else ""], trail=self._take_behind(), graph=graph
        )

    def _simple(self) -> Term:
        node = self._node()
        if not isinstance(node, Term):
            raise DataError("turtle", "expected an IRI")
        return node

    def _node(self) -> Node:
        token = self._advance()
        if token.text == "[":
            return self._anonymous(token)
        if token.text == "(":
            return self._collection(token)
        if token.kind == "string":
            text, end = token.text, token.start + len(token.text)
            if self._token.kind == "at" and self._token.start == end:
                text += self._advance().text
                end = token.start + len(text)
            elif self._token.text == "^^":
                self._advance()
                kind = self._advance()
                text, end = f"{text}^^{kind.text}", kind.start + len(kind.text)
            return Term(text, token.start, end)
        if token.kind == "mark" and token.text in ("<<", "<<(", "{|", "~"):
            raise Unsupported(f"RDF 1.2 syntax ({token.text!r})", token.start)
        if token.kind in ("iri", "name", "blank", "number", "word"):
            return Term(token.text, token.start, token.start + len(token.text))
        raise DataError("turtle", f"expected a term, found {token.text!r}")

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise DataError("too-deep", f"brackets nested more than {MAX_DEPTH} deep")

    def _anonymous(self, opening: Token) -> Anonymous:
        self._deeper()
        pairs = self._pairs(("]",)) if self._token.text != "]" else []
        tail = self._lead()
        if (behind := self._take_behind()) is not None:
            tail.insert(0, behind)
        closing = self._expect("]")
        self._depth -= 1
        return Anonymous(pairs, tail, opening.start, closing.start + 1)

    def _collection(self, opening: Token) -> Collection:
        self._deeper()
        items: list[Item] = []
        while self._token.text != ")":
            lead = self._lead()
            if (behind := self._take_behind()) is not None:
                lead.insert(0, behind)
            item = Item(self._node(), lead)
            item.trail = self._take_behind()
            items.append(item)
        tail = self._lead()
        if (behind := self._take_behind()) is not None:
            tail.insert(0, behind)
        closing = self._expect(")")
        self._depth -= 1
        return Collection(items, tail, opening.start, closing.start + 1)

    def _pairs(self, closing: tuple[str, ...]) -> list[Pair]:
        pairs: list[Pair] = []
        while True:
            lead = self._lead()
            if (behind := self._take_behind()) is not None:
                lead.insert(0, behind)
            token = self._advance()
            if token.kind not in ("iri", "name", "word"):
                raise DataError("turtle", f"expected a predicate, found {token.text!r}")
            pair = Pair(Term(token.text, token.start, token.start + len(token.text)), [], lead)
            pairs.append(pair)
            self._objects(pair)
            ended = False
            while self._token.text == ";":
                self._advance()
                ended = pair.semicolon = True
                if (behind := self._take_behind()) is not None:
                    pair.trail = f"{pair.trail} {behind}" if pair.trail else behind
            if not ended or self._token.text in closing:
                return pairs

    def _objects(self, pair: Pair) -> None:
        while True:
            lead = self._lead()
            if (behind := self._take_behind()) is not None:
                lead.insert(0, behind)
            item = Item(self._node(), lead)
            item.trail = self._take_behind()
            pair.objects.append(item)
            if self._token.text in ("{|", "~"):
                raise Unsupported(f"RDF 1.2 syntax ({self._token.text!r})", self._token.start)
            if self._token.text != ",":
                return
            self._advance()
            if (behind := self._take_behind()) is not None:
                item.trail = f"{item.trail} {behind}" if item.trail else behind


def _blank_lines(gap: str) -> bool:
    """Whether the space between two tokens holds an empty line."""
    return gap.replace("\r\n", "\n").replace("\r", "\n").count("\n") > 1
