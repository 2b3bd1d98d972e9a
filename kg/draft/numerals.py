"""Numbers as people write them, in digits and in words, to exact values.

A value is a `Decimal`, never a float; the step is one unit of the last digit that was written.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from kg.draft.lexicon import Lexicon

SPACES = " \u00a0\u2009\u202f"
# What has no end in decimals (a third) is no exact amount and is not read.
VULGAR = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_ONE = Decimal(1)
_FRACTION = "[" + "".join(VULGAR) + "]"
# No amount of public money has more digits; a longer run is a key or a number of an account.
_MOST_DIGITS = 15

# A number in digits. Groups of three share one separator, though one space may be a no-break space and the next
# not; at most six of them, so that no input is read twice.
NUMBER = re.compile(
    rf"(?<!\w)(?<!\d[.,])(?:(?:\d{{1,3}}([{SPACES}.,'’])\d{{3}}(?:(?:\1|(?<=[{SPACES}]\d\d\d)[{SPACES}])\d{{3}}){{0,5}}(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    rf"(?:[{SPACES}]?{_FRACTION}|[{SPACES}][13]/[24](?!\d))?|{_FRACTION}|[13]/[24](?![\d/]))"
)
# Every number begins where such a run does.
RUN = re.compile(rf"(?:\d|{_FRACTION})+")
_SLASHED = re.compile(r"([13])/([24])$")
_NO_BLANKS = str.maketrans("", "", SPACES + "'’")
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN_WORDS = re.compile(r"[ \t\u00a0\u202f\u2009]?(?:-|\r?\n[ \t]*)?[ \t\u00a0]?")
_DIGITS_BEFORE = re.compile(r"(?<![\w.,])\d{1,4}[ \u00a0]$")


class Number(NamedTuple):
    """A number in a text: where it stands, its value, one unit of its last digit."""

    start: int
    end: int
    value: Decimal
    step: Decimal


def numbers_in(text: str, runs: Iterable[int]) -> list[re.Match[str]]:
    """Every number in digits, in order: as `NUMBER.finditer`, which would stop to look at each letter.

    `runs`: where each `RUN` of the text begins.
    """
    found: list[re.Match[str]] = []
    reached = 0
    for start in runs:
        if start >= reached and (match := NUMBER.match(text, start)) is not None:
            found.append(match)
            reached = match.end()
    return found


def read_digits(written: str, decimal: str, scaled: bool) -> tuple[Decimal, Decimal] | None:
    """The value and the step of a number in digits; None where it is no number of an amount.

    `decimal` is the language's decimal sign. One sign before exactly three digits could group or divide: it
    divides where it is the language's decimal sign and a scale follows ("1,575 mia."), and groups otherwise
    ("2.600 mio. kr.", "1,500 kr"), for no currency here has three decimals.
    """
    if written.isdigit():
        return (Decimal(written), _ONE) if len(written) <= _MOST_DIGITS else None
    part = None
    step = _ONE
    if written[-1] in VULGAR:
        part = VULGAR[written[-1]]
        written = written[:-1].rstrip(SPACES)
    elif slashed := _SLASHED.search(written):
        part = Decimal(int(slashed[1])) / int(slashed[2])
        written = written[: slashed.start()].rstrip(SPACES)
    if part is not None:
        step = _unit(part)
        if not written:
            return part, step
    written = written.translate(_NO_BLANKS)
    signs = [character for character in written if character in ".,"]
    mark = ""
    if len(set(signs)) == 2:
        mark = signs[-1] if signs.count(signs[-1]) == 1 else ""
    elif len(signs) == 1:
        head, _, tail = written.partition(signs[0])
        groups = len(tail) == 3 and len(head) <= 3 and not head.startswith("0")
        if not groups or (scaled and signs[0] == decimal):
            mark = signs[0]
    whole, _, decimals = written.rpartition(mark) if mark else (written, "", "")
    digits = whole.replace(".", "").replace(",", "")
    if len(digits) + len(decimals) > _MOST_DIGITS:
        return None
    if decimals:
        return Decimal(f"{digits}.{decimals}"), _ONE.scaleb(-len(decimals))
    return Decimal(digits) + (part or 0), step


def _unit(part: Decimal) -> Decimal:
    """The fraction that a part is made of: a half for ½, a quarter for ¾."""
    return Decimal("0.5") if part == Decimal("0.5") else Decimal("0.25")


def read_words_before(text: str, end: int, lexicon: Lexicon) -> Number | None:
    """The number in words that ends at `end` in the lower-cased `text`: "fem hundre", "en og en halv", "½" not.

    Looks at most nine words back. "2 og en halv" is read too, with its digits.
    """
    last = end
    while last and last > end - 40 and text[last - 1].isalpha():
        last -= 1
    if last == end or _segments(text[last:end], lexicon.code) is None:
        return None
    floor = max(0, end - 90)
    words = list(_WORD.finditer(text, floor, end))
    parts: list[tuple[int, Part]] = []
    edge = end
    for word in reversed(words[-9:]):
        if _BETWEEN_WORDS.fullmatch(text, word.end(), edge) is None:
            break
        if word.start() == floor > 0:
            break
        segments = _segments(word[0], lexicon.code)
        if segments is None:
            break
        parts[:0] = [(word.start(), segment) for segment in segments]
        edge = word.start()
    for i, (start, part) in enumerate(parts):
        # A word that was cut in two segments must be taken whole.
        if i and parts[i - 1][0] == start:
            continue
        value = _evaluate(tuple(p for _, p in parts[i:]))
        if value is not None and _vague(text, start, lexicon):
            return None
        if value is not None:
            return Number(start, end, value, _ONE if value == int(value) else _unit(value % 1))
        if part == _AND and i + 1 < len(parts):
            fraction = _evaluate(tuple(p for _, p in parts[i + 1 :]))
            before = _DIGITS_BEFORE.search(text, max(0, start - 8), start)
            if fraction is not None and 0 < fraction < 1 and before:
                value = int(before[0]) + fraction
                return Number(before.start(), end, value, _unit(fraction))
    return None


def _vague(text: str, start: int, lexicon: Lexicon) -> bool:
    """Whether the word before makes no number of it: "flere hundrede", "some hundred"."""
    before = text[max(0, start - 14) : start].split()
    return bool(before) and before[-1] in lexicon.vague


_AND = "&"
_OF = "of"
Part = int | Decimal | str


@functools.lru_cache(maxsize=8192)
def _segments(word: str, code: str) -> tuple[Part, ...] | None:
    """The numbers that a word is made of ("femogtyve": 5, and, 20), or None where it is no number word."""
    from kg.draft.lexicon import lexicon

    words = lexicon(code)
    if word in words.connect["and"]:
        return (_AND,)
    if code == "en" and word == "of":
        return (_OF,)
    if word in words.fractions:
        return (words.fractions[word],)
    if word in words.numbers:
        return (words.numbers[word],)
    pattern = _compound(code)
    if len(word) > 40 or pattern.fullmatch(word) is None:
        return None
    parts: list[Part] = []
    for piece in re.finditer(_atoms(code), word):
        parts.append(words.numbers.get(piece[0], _AND))
    if parts[0] == _AND or parts[-1] == _AND:
        return None
    return tuple(parts)


@functools.cache
def _atoms(code: str) -> str:
    from kg.draft.lexicon import lexicon, trie

    words = lexicon(code)
    return trie([*(word for word in words.numbers if len(word) > 1), words.connect["and"][0]])


@functools.cache
def _compound(code: str) -> re.Pattern[str]:
    return re.compile(f"(?:{_atoms(code)}){{2,8}}")


def _evaluate(parts: tuple[Part, ...]) -> Decimal | None:
    """The value of a row of number parts, or None where they are no one number ("ti og tjue")."""
    while parts and parts[-1] in (1, _OF) and len(parts) > 1 and isinstance(parts[-2], Decimal | str):
        # "half a million", "a quarter of a billion": the article belongs to the scale.
        if parts[-1] == 1 and parts[-2] == _AND:
            return None
        parts = parts[:-1]
    if not parts or parts[0] in (_AND, _OF):
        return None
    if isinstance(parts[-1], Decimal):
        fraction, rest = parts[-1], parts[:-1]
        if not rest:
            return fraction
        if len(rest) == 1 and isinstance(rest[0], int) and rest[0] < 10:
            return fraction * rest[0]
        if rest[-1] == 1 and len(rest) > 1:
            rest = rest[:-1]
        if rest[-1] != _AND:
            return None
        whole = _whole(rest[:-1])
        return None if whole is None or fraction >= 1 else whole + fraction
    return _whole(parts)


def _whole(parts: tuple[Part, ...]) -> Decimal | None:
    total, current = 0, 0
    joined = False
    for part in parts:
        if part == _AND:
            if joined or not (current or total):
                return None
            joined = True
            continue
        if not isinstance(part, int):
            return None
        below = current % 100
        if part == 1000:
            if joined or total:
                return None
            total, current = max(current, 1) * 1000, 0
        elif part == 100:
            if joined or current >= 100:
                return None
            current = max(current, 1) * 100
        elif below == 0 and not (joined and current == 0 and total == 0):
            if current == 0 and not joined and total == 0 and len(parts) > 1 and part == 0:
                return None
            current += part
        elif (below >= 20 and below % 10 == 0 and part < 10 and not joined) or (
            below < 10 and 20 <= part < 100 and joined
        ):
            current += part
        else:
            return None
        joined = False
    return None if joined else Decimal(total + current)
