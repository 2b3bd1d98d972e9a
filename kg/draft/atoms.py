"""What is known of a number that may be money, and of words of money without one, while a text is read."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from kg.draft.lexicon import Lexicon
from kg.draft.mentions import Ground
from kg.draft.tokens import Token

_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(slots=True)
class Atom:
    """A number with what was found beside it. `value` and `step` are those of the number, before the scale."""

    start: int
    end: int
    number: tuple[int, int]
    value: Decimal
    step: Decimal
    factor: int = 0
    currency: str = ""
    named: bool = False
    has_currency: bool = False
    prefixed: bool = False
    minor: bool = False
    in_words: bool = False
    ground: Ground = "written"
    range: str = ""
    change: str = ""
    inside: int = 0
    last: Token | None = None


by_start = attrgetter("start")


class Head(NamedTuple):
    """A scale or currency that stands without a number: the head of a table, perhaps."""

    start: int
    end: int
    factor: int
    currency: str
    has_currency: bool


@dataclass(slots=True)
class Bound:
    """A text with its numbers and words bound: what the later steps work on."""

    text: str
    low: str
    words: Lexicon
    numbers: list[re.Match[str]]
    starts: list[int]
    atoms: list[Atom] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)

    def number_before(self, position: int) -> int:
        """The index of the last number in digits that begins before `position`, or -1."""
        return bisect_left(self.starts, position) - 1


def is_year(written: str) -> bool:
    """Whether the digits alone look like a year."""
    return len(written) == 4 and _YEAR.fullmatch(written) is not None


def labelled(low: str, start: int, words: Lexicon) -> bool:
    """Whether the word before `start` makes a label of the number: "kap. 540", "side 3"."""
    edge = start
    while edge and start - edge < 3 and low[edge - 1] in " \u00a0.\t":
        edge -= 1
    first = edge
    while first and first > edge - 16 and (low[first - 1].isalpha() or low[first - 1] == "§"):
        first -= 1
    return first < edge < start and low[first:edge] in words.label
