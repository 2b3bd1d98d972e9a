"""Numbers in digits as people write them, to exact values: a `Decimal`, never a float."""

from __future__ import annotations

import re
from decimal import Decimal

from kg.draft.lexicon import Lexicon, fraction_step

_SPACES = " \u00a0\u2009\u202f"
# What has no end in decimals (a third) is no exact amount and is not read.
_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_FRACTION = "[" + "".join(_FRACTIONS) + "]"
# No amount of public money has more digits; a longer run is a key or a number of an account.
_MOST_DIGITS = 15

# A number in digits. Groups of three share one separator, though one space may be a no-break space and the next
# not; at most six of them, so that no input is read twice.
NUMBER = re.compile(
    rf"(?<!\w)(?<!\d[.,])(?:(?:\d{{1,3}}([{_SPACES}.,'’])\d{{3}}(?:(?:\1|(?<=[{_SPACES}]\d\d\d)[{_SPACES}])\d{{3}}){{0,5}}(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    rf"(?:[{_SPACES}]?{_FRACTION}|[{_SPACES}][13]/[24](?!\d))?|{_FRACTION}|[13]/[24](?![\d/]))"
)
_SLASHED = re.compile(r"([13])/([24])$")
_NO_BLANKS = str.maketrans("", "", _SPACES + "'’")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_LABEL = 16


def read_digits(written: str, decimal: str, scaled: bool) -> tuple[Decimal, Decimal] | None:
    """The value of a number in digits and one unit of its last digit; None where it is no number of an amount.

    `decimal` is the language's decimal sign. One sign before exactly three digits could group or divide: it
    divides where it is the language's decimal sign and a scale follows ("1,575 mia."), and groups otherwise
    ("2.600 mio. kr.", "1,500 kr"), for no currency here has three decimals.
    """
    fraction, step = None, Decimal(1)
    if written[-1] in _FRACTIONS:
        fraction = _FRACTIONS[written[-1]]
        written = written[:-1].rstrip(_SPACES)
    elif slashed := _SLASHED.search(written):
        fraction = Decimal(int(slashed[1])) / int(slashed[2])
        written = written[: slashed.start()].rstrip(_SPACES)
    if fraction is not None:
        step = fraction_step(fraction)
        if not written:
            return fraction, step
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
        return Decimal(f"{digits}.{decimals}"), Decimal(1).scaleb(-len(decimals))
    return Decimal(digits) + (fraction or 0), step


def is_year(written: str) -> bool:
    """Whether the digits alone look like a year."""
    return _YEAR.fullmatch(written) is not None


def is_labelled(low: str, start: int, words: Lexicon) -> bool:
    """Whether the word before `start` makes a label of the number: "kap. 540", "side 3"."""
    edge = start
    while edge and start - edge < 3 and low[edge - 1] in " \u00a0.\t":
        edge -= 1
    first = edge
    while first and first > edge - _LONGEST_LABEL and (low[first - 1].isalpha() or low[first - 1] == "§"):
        first -= 1
    return first < edge < start and low[first:edge] in words.label
