"""A part of a text cut at its blanks into pieces, and the words in them.

To cut at blanks is several times as quick as to find words. What stands in a piece ("kroner," or "KS-avtalen") is
looked at once, however often the piece comes again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate
from typing import NamedTuple, TypeVar

WORD = re.compile(r"\w+")
# So many pieces are remembered: more than a language has words, fewer than a hostile text.
_MOST_KNOWN = 200_000
Said = TypeVar("Said")


class Known(dict[str, Said]):
    """What is known of each word or piece, looked up when it is met for the first time."""

    def __init__(self, look: Callable[[str], Said], most: int = _MOST_KNOWN) -> None:
        super().__init__()
        self._look = look
        self._most = most

    def __missing__(self, word: str) -> Said:
        if len(self) > self._most:
            self.clear()
        said = self[word] = self._look(word)
        return said


# A word in small letters, and where it stands: in its piece, or in the text.
Word = tuple[str, int, int]
# A word of a passage: the index of its piece, which word of the piece it is, where it begins and ends in the text.
At = tuple[int, int, int, int]
WORDS: Known[tuple[Word, ...]] = Known(lambda piece: tuple((m[0], *m.span()) for m in WORD.finditer(piece)))


class Passage(NamedTuple):
    """The pieces of a part of a text, in small letters. `ends`: where each would end if there were no blanks."""

    start: int
    pieces: list[str]
    ends: list[int]

    @classmethod
    def of(cls, low: str, start: int, end: int) -> Passage:
        """The passage of the text `low`, in small letters, from `start` to `end`."""
        pieces = low[start:end].replace("\n", " ").split(" ")
        return cls(start, pieces, list(accumulate(map(len, pieces))))

    def place(self, at: int) -> int:
        """Where the piece with that index begins in the text."""
        return self.start + self.ends[at] - len(self.pieces[at]) + at

    def after(self, at: int) -> str:
        """The first word after the piece with that index, or ""."""
        for index in range(at + 1, len(self.pieces)):
            if words := WORDS[self.pieces[index]]:
                return words[0][0]
        return ""

    def run(self, word: At, count: int) -> list[Word]:
        """At most `count` words of the text, from that one on."""
        at, first, _, _ = word
        found: list[Word] = []
        for index in range(at, len(self.pieces)):
            words = WORDS[self.pieces[index]]
            if not words:
                continue
            place = self.place(index)
            for text, start, end in words[first:] if index == at else words:
                found.append((text, place + start, place + end))
                if len(found) == count:
                    return found
        return found
