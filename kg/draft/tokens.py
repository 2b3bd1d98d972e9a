"""The words and signs of money in a text and its digits, found in one pass, before they are bound together."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from kg.draft.lexicon import Lexicon, Unit, lexicon, read_words, trie
from kg.draft.numerals import RUN
from kg.draft.passage import Known

# Words that end as "kroner" does but are no money.
_NOT_KRONER = tuple(read_words("common")["not_kroner"])
_KRONE = ("krone", "kroner", "kronor", "kronorna", "kronerne", "kronene", "kroners", "kronors", "kronar")
_SHORTEST_KRONE = len("krone")
# What mostly parts a word from the one before; no letters.
_PARTS = frozenset(" \n\t.(-|\u00a0")
_LETTER = re.compile(r"[^\W\d_]")
# A word that a line break has cut: "milli-\noner".
_BROKEN = re.compile(r"(?<=[^\W\d_])(?:-\r?\n[ \t]*|\u00ad\r?\n?)(?=[^\W\d_])")


_PORTION = 1 << 20  # characters
# A number with no word or sign at it.
_BARE = re.compile(r"[\d.,;:]+")
_new = tuple.__new__


class Token(NamedTuple):
    """A scale or currency word: from `start` to `end`, a point after it not counted; `word` as looked up."""

    start: int
    end: int
    word: str
    unit: Unit
    dot: bool

    @property
    def after(self) -> int:
        """Where the text goes on, the token's own point left behind."""
        return self.end + self.dot


def _small(text: str) -> str:
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


# The reader and the survey ask for the same text.
@functools.lru_cache(maxsize=1)
def lower(text: str) -> str:
    """`text` in small letters, each at its own place: the few that would become two letters stay as they are."""
    return _small(text)


class _Patterns(NamedTuple):
    """What is looked for. `ending`: a name at the end of a word, which may be the whole word; `named`: a name that
    is a whole word, or a krone at the end of one; `codes`: at the end of a word too.

    A pattern that begins with a letter is found several times as fast as one that first looks behind itself, so
    `ending` and `codes` are searched for and what stands in front of a match is looked at afterwards.
    """

    ending: re.Pattern[str]
    named: re.Pattern[str]
    signs: re.Pattern[str]
    codes: re.Pattern[str]


@functools.cache
def _patterns(code: str, broken: bool) -> _Patterns:
    words = lexicon(code)
    names, krone, either = trie(words.units), trie(_KRONE), trie([*words.units, *_KRONE])
    if broken:
        names, krone, either = _breakable(names), _breakable(krone), _breakable(either)
    codes = trie(words.codes)
    return _Patterns(
        re.compile(rf"(?:{either})(?![^\W\d_])"),
        re.compile(rf"(?:(?<![^\W\d_])(?:{names})|{krone})(?![^\W\d_])"),
        re.compile(trie(sign.lower() for sign in words.signs)),
        re.compile(rf"(?:{codes})(?:(?![^\W\d_])(?!-?[A-Z])|(?=m\b|bn\b))"),
    )


def _named(low: str, patterns: _Patterns) -> Iterator[re.Match[str]]:
    """Every scale and currency word: a whole word, or a krone at the end of one."""
    for match in patterns.ending.finditer(low):
        start, end = match.span()
        if not start or low[start - 1] in _PARTS or not _LETTER.match(low, start - 1):
            yield match
        elif end - start >= _SHORTEST_KRONE:
            yield from patterns.named.finditer(low, start, end)


def _breakable(pattern: str) -> str:
    """`pattern` with a hyphen and a line break allowed after any of its letters."""
    return re.sub(r"([^\W\d_])", r"\1(?:-\\r?\\n[ \\t]*|\\u00ad\\r?\\n?)?", pattern)


@functools.cache
def _sign(currency: str) -> Unit:
    return Unit("currency", 1, currency, True)


class Seen(NamedTuple):
    """What stands in a piece of a text: its scale and currency words, and where its runs of digits begin."""

    tokens: Sequence[Token]
    runs: Sequence[int]


def scan(text: str, low: str, words: Lexicon) -> tuple[list[Token], list[int]]:
    """Every scale and currency word of `text` in order, and where its runs of digits begin.

    `low` is the same text in small letters. The text is cut at its blanks, and a piece that comes again is looked
    at once; not so where a line break may cut a word, or a currency is named in two words.
    """
    broken = "\u00ad" in text or "-\n" in text or "-\r\n" in text
    if broken or any(name in low for name in words.units if " " in name):
        return _tokens(text, low, words, broken), _runs(text)
    tokens: list[Token] = []
    runs: list[int] = []
    for first, last in _portions(text):
        pieces = text[first:last].replace("\n", " ").split(" ")
        ends = list(accumulate(map(len, pieces)))
        seen = enumerate(map(_pieces(words.code).__getitem__, pieces))
        for i, (found, begun) in [(i, known) for i, known in seen if known is not None]:
            place = first + ends[i] - len(pieces[i]) + i
            for start, end, word, unit, dot in found:
                # As Token(…) makes it, in half the time.
                tokens.append(_new(Token, (place + start, place + end, word, unit, dot)))
            for start in begun:
                runs.append(place + start)
    return tokens, runs


def _portions(text: str) -> Iterator[tuple[int, int]]:
    """The text in parts that end with a blank: the pieces of all of it at once would take ten times its room."""
    first = 0
    while first < len(text):
        last = text.find(" ", first + _PORTION) + 1 or len(text)
        yield first, last
        first = last


@functools.cache
def _pieces(code: str) -> Known[Seen | None]:
    words = lexicon(code)

    def look(piece: str) -> Seen | None:
        tokens = () if _BARE.fullmatch(piece) else _tokens(piece, _small(piece), words, False)
        runs = _runs(piece)
        return Seen(tokens, runs) if tokens or runs else None

    return Known(look)


def _runs(text: str) -> list[int]:
    return [run.start() for run in RUN.finditer(text)]


def _tokens(text: str, low: str, words: Lexicon, broken: bool) -> list[Token]:
    """The scale and currency words of a text or a piece of one; `broken`: a line break may cut them."""
    patterns = _patterns(words.code, broken)
    found: list[Token] = []
    units = words.units
    own = Unit("currency")
    size = len(text)
    for match in _named(low, patterns):
        start, end = match.span()
        word = match[0]
        if broken:
            word = _BROKEN.sub("", word).rstrip("-\r\n \u00ad")
        unit = units.get(word)
        if start and _LETTER.match(low, start - 1):
            # A compound: kommunekroner, skattekroner. It counts from its first letter.
            first = start
            while first and first > start - 30 and _LETTER.match(low, first - 1):
                first -= 1
            if low[first:end].startswith(_NOT_KRONER):
                continue
            start, unit = first, own
        if unit is not None:
            # As Token(…) makes it, in half the time.
            found.append(_new(Token, (start, end, word, unit, end < size and text[end] == ".")))
    for match in patterns.signs.finditer(low):
        currency = words.signs.get(match[0].upper(), words.signs.get(match[0], ""))
        found.append(Token(match.start(), match.end(), match[0], _sign(currency), False))
    for match in patterns.codes.finditer(text):
        if match.start() and _LETTER.match(text, match.start() - 1):
            continue
        found.append(Token(match.start(), match.end(), match[0], words.codes[match[0]], False))
    found.sort(key=itemgetter(0))
    return found
