"""A property path read from SPARQL's spelling, in which findings carry it."""

from __future__ import annotations

import re

from kg.validation.paths import Path

_TOKEN = re.compile(r"<[^>]*>|[/|^()*+?]")
_REPEATS = {"*": "many", "+": "some", "?": "maybe"}


def read_spelling(text: str) -> Path:
    """The path that `text` spells: IRIs in angle brackets, no prefixed names. Raises ValueError for what is none."""
    return _Reader(text).path()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[str] = _TOKEN.findall(text)
        self._next = 0

    def path(self) -> Path:
        found = self._alternative()
        if self._next < len(self._tokens):
            raise ValueError(f"no property path: {self._text}")
        return found

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        self._next += 1
        if self._next > len(self._tokens):
            raise ValueError(f"no property path: {self._text}")
        return self._tokens[self._next - 1]

    def _alternative(self) -> Path:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._take()
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else Path("alternative", None, tuple(branches))

    def _sequence(self) -> Path:
        steps = [self._step()]
        while self._peek() == "/":
            self._take()
            steps.append(self._step())
        return steps[0] if len(steps) == 1 else Path("sequence", None, tuple(steps))

    def _step(self) -> Path:
        token = self._take()
        if token == "^":
            return Path("inverse", None, (self._step(),))
        if token == "(":
            inner = self._alternative()
            if self._take() != ")":
                raise ValueError(f"no property path: {self._text}")
        elif token.startswith("<"):
            inner = Path("iri", token[1:-1])
        else:
            raise ValueError(f"no property path: {self._text}")
        if self._peek() in _REPEATS:
            return Path(_REPEATS[self._take()], None, (inner,))
        return inner
