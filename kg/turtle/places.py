"""Where in a file a triple stands: line, column and length, read only around the statements that are asked for.

Tokenising a whole file of a quarter of a million triples takes seconds in Python; finding the statements by one
expression takes a tenth of one, and only those of wanted subjects are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.errors import DataError
from kg.turtle.tokens import Lines, string_end, tokens
from kg.turtle.tree import statements
from kg.turtle.triples import Placed, Scope, placed_triples, triples_of

# A statement up to its full stop, or to a string with an escape or quotes in it, or as far as so many steps lead; or a
# comment between statements. A dot before a letter or digit belongs to a name or a number.
_STEPS = r"""
    (?>(?:[^"'<#.\\]++
      | "(?!"")[^"\\\r\n]*+"
      | '(?!'')[^'\\\r\n]*+'
      | \"\"\"[^"\\]*+\"\"\"
      | '''[^'\\]*+'''
      | <[^<>"\s]*+>
      | <
      | \#[^\r\n]*+
      | \\.?
      | \.(?=[\w:%-])
    ){0,500}) (?P<stop>\.(?![\w:%-])|\Z)?
    """
_ON = re.compile(_STEPS, re.VERBOSE | re.DOTALL)
_STATEMENT = re.compile(
    rf"""
    [ \t\r\n]*+
    (?:\#[^\r\n]*+|(?P<head>@?[^\s<>"'\[\](){{}};,#\\]++|<<|<[^<>\s]*+>|[\[({{]){_STEPS})
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTE = re.compile("\"\"\"|'''|[\"']")
_LINE = re.compile(r"^[ \t]*+(?P<head><[^>\s]*+>|_:[^\s<]++)[^\r\n]*+", re.MULTILINE)


def _heads(text: str) -> Iterator[tuple[str, int]]:
    """The first token of every statement, and its offset. Raises DataError where a string does not end."""
    position = 0
    while found := _STATEMENT.match(text, position):
        position = found.end()
        if found["head"] is not None:
            yield found["head"], found.start("head")
            if found["stop"] is None:
                position = _stop(text, position)


def _stop(text: str, position: int) -> int:
    """The offset behind the full stop of the statement that goes on at `position`."""
    while True:
        if quote := _QUOTE.match(text, position):
            position = string_end(text, quote.end(), quote.group())
        elif found := _ON.match(text, position):
            position = found.end()
            if found["stop"] is not None:
                return position


class Spot(NamedTuple):
    """A place in a text: line and column from 1, the length of the token there, the line's text."""

    line: int
    column: int
    length: int
    excerpt: str


class Places:
    """The places of triples in one Turtle, TriG, N-Triples or N-Quads text.

    `subjects`: keys of the IRIs whose statements are wanted. Blank nodes are asked for by number: the n-th
    distinct blank node that is a subject, in the order of the parser.
    """

    def __init__(self, text: str, syntax: str, subjects: Iterable[str] = (), *, base: str | None = None) -> None:
        """Read the statements of `subjects`; others are read when asked for, with the whole text."""
        self._text = text
        self._syntax = syntax
        self._base = base
        self._lines: Lines | None = None
        self._by_subject: dict[str, list[Placed]] = {}
        self._complete = False
        self._blank: list[str] = []
        self._passed = False  # whether a pass has found all that it was to find
        self.also(subjects)

    def also(self, subjects: Iterable[str]) -> None:
        """Read the statements of more IRIs in one more pass.

        Where the first pass is not sure to work, the whole text is read; after one that did, what begins no statement
        is no subject here.
        """
        wanted = {subject for subject in subjects if subject.startswith("<") and subject not in self._by_subject}
        if self._complete or not wanted:
            return
        by_line = self._syntax in ("ntriples", "nquads")
        try:
            found = self._by_line(wanted) if by_line else self._by_statement(wanted)
        except DataError:
            found = False  # those that were read before it have their places
        if not found and not self._passed:
            self._read_all()
            return
        self._passed = True
        for subject in wanted:
            self._by_subject.setdefault(subject, [])

    def _by_line(self, wanted: set[str]) -> bool:
        for match in _LINE.finditer(self._text):
            if match["head"] in wanted:
                for placed in placed_triples(match.group(), quads=self._syntax == "nquads"):
                    shifted = placed._replace(
                        at_subject=placed.at_subject + match.start(),
                        at_predicate=placed.at_predicate + match.start(),
                        at_object=placed.at_object + match.start(),
                    )
                    self._by_subject.setdefault(placed.subject, []).append(shifted)
        return True

    def _by_statement(self, wanted: set[str]) -> bool:
        """Read the statements whose first token is a wanted subject; False where that is not sure to work."""
        if self._syntax == "trig":
            return False
        scope = Scope(self._base)
        spelled: dict[str, str] = {subject: subject for subject in wanted}
        for head, start in _heads(self._text):
            if head in spelled:
                for statement in statements(self._text, start):
                    for placed in triples_of(statement, scope):
                        self._by_subject.setdefault(placed.subject, []).append(placed)
                    break
            elif head.lower() in ("@prefix", "prefix", "@base", "base", "@version", "version"):
                if not head.startswith("@"):
                    return False
                directive = next(statements(self._text, start))
                if directive.kind == "base":
                    return False
                scope.declare(directive)
                name, iri = directive.words[0], directive.words[1][1:-1]
                for subject in wanted:
                    if subject.startswith(f"<{iri}"):
                        spelled[name + subject[len(iri) + 1 : -1]] = subject
        return all(subject in self._by_subject for subject in wanted)

    def _read_all(self) -> None:
        self._complete = True
        self._by_subject.clear()
        try:
            for placed in placed_triples(self._text, self._base, quads=self._syntax == "nquads"):
                self._by_subject.setdefault(placed.subject, []).append(placed)
        except DataError:
            pass  # what could be read has its places; the rest has none
        self._blank = [subject for subject in self._by_subject if subject.startswith("_:")]

    def of(self, subject: str) -> list[Placed]:
        """The triples of a subject with their offsets; empty where it is no subject here."""
        if subject not in self._by_subject and not self._complete:
            self._read_all()
        return self._by_subject.get(subject, [])

    def blank(self, number: int) -> str | None:
        """The label here of the blank node with this number, for `of`."""
        if not self._complete:
            self._read_all()
        return self._blank[number] if number < len(self._blank) else None

    def leading_to(self, value: str) -> Iterator[Placed]:
        """The triples whose object is `value`; reads the whole text."""
        if not self._complete:
            self._read_all()
        return (placed for own in self._by_subject.values() for placed in own if placed.object == value)

    def spot(self, offset: int) -> Spot:
        """Line, column, length and line text of the token at an offset."""
        if self._lines is None:
            self._lines = Lines(self._text)
        line, column = self._lines.place(offset)
        excerpt = self._lines.around(offset)
        try:
            length = len(next(tokens(self._text, offset)).text)
        except (DataError, StopIteration):
            length = 1
        return Spot(line, column, max(1, min(length, len(excerpt) - column + 1)), excerpt)
