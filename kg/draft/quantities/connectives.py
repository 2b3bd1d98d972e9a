"""Scale and currency that one amount lends to its neighbours, over the words and signs that connect them.

Lists ("40,1, 9,1 og 1 mia."), ranges ("5–10 mio."), changes ("fra 5 til 10 mio."), parts ("varav 160"), years.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kg.draft.lexicon import Lexicon, Number, read_words_before
from kg.draft.quantities.numerals import is_labelled, is_year, read_digits
from kg.draft.quantities.units import Quantity, Reading
from kg.draft.text import BLANK

# What a connection says; a comma is a list that has only begun.
_Kind = Literal["range", "change", "list", "comma"]
_Match = re.Match[str]

# The longest text between two numbers that share; a longer one is another sentence part.
_REACH = 60
_PART_REACH = 90
# No list is longer.
_MOST_ADDED = 40
# What an amount is compared with is not more than so many times as large or small.
_TIMES = 10
_ENDING = re.compile(r"[.!?;:]\s|\n\s*\n|\n\s*[•*|-]")
_YEAR_OR_LETTER = re.compile(r"(?:(?:19|20)\d\d|[^\W\d_])$")
NEXT_WORD = re.compile(rf"[{BLANK}]{{0,3}}(?:\r?\n[{BLANK}>]{{0,8}})?([^\W\d_]+)?")
_SPACE = rf"(?:[{BLANK}]{{1,3}}|[{BLANK}]{{0,3}}\r?\n[{BLANK}>]{{0,8}})"


@dataclass(frozen=True, slots=True)
class Connectives:
    """What may stand between two numbers that share a scale or a currency, in one language."""

    between: re.Pattern[str]
    words_before: re.Pattern[str]
    # What `words_before` may end in, the blanks left out.
    ends: tuple[str, ...]
    part: re.Pattern[str]
    further: re.Pattern[str]
    later: re.Pattern[str]
    to: re.Pattern[str]
    against: re.Pattern[str]
    in_year: re.Pattern[str]


def _either(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s") for phrase in sorted(phrases, key=len, reverse=True))


@functools.cache
def connectives(words: Lexicon) -> Connectives:
    """What connects numbers in one language, read once."""
    connect = {name: _either(phrases) for name, phrases in words.connect.items()}
    year = rf"(?:{_SPACE}(?:{connect['in']}){_SPACE}(?:19|20)\d\d)?"
    qualifier = _either(" ".join(phrase) for phrase in words.qualifier)
    further = _either(words.connect["further"] + words.connect["respectively"])
    loose = rf"(?:(?:{further})\.?{_SPACE})?(?:(?:{qualifier})\.?{_SPACE})?"
    joins = _either(words.connect["and"] + words.connect["against"])
    conjunction = (
        rf"(?P<and>{connect['and']})|(?P<or>{_either(words.connect['or'] + words.connect['respectively'])})\.?"
        rf"|(?P<to>{connect['to']})"
    )
    return Connectives(
        between=re.compile(
            rf"{year}(?:[{BLANK}]?(?:,[{BLANK}])?(?P<dash>[-–—‐‑−])[{BLANK}]?(?:\r?\n)?|(?P<slash>[{BLANK}]?/[{BLANK}]?)"
            rf"|(?P<comma>[,;]){_SPACE}(?:(?:{conjunction.replace('?P<', '?P<c')}){_SPACE})?"
            rf"|{_SPACE}(?:{conjunction}){_SPACE}){loose}"
        ),
        words_before=re.compile(
            rf"(?:(?P<dash>[-–])|{_SPACE}(?:(?P<and>{connect['and']})|(?P<or>{connect['or']})"
            rf"|(?P<to>{connect['to']})){_SPACE})$"
        ),
        ends=("-", "–", *(p.split()[-1] for name in ("and", "or", "to") for p in words.connect[name])),
        part=re.compile(rf"(?:^|[\s(,])(?:{connect['part']}){_SPACE}{loose}$"),
        further=re.compile(rf"[\s,](?:{connect['and']}){_SPACE}(?:(?:{connect['further']}){_SPACE})$"),
        later=re.compile(
            rf"{year}(?:,|{_SPACE}(?:{joins}))(?:{_SPACE}(?:{joins}))?{_SPACE}"
            rf"(?:(?:{connect['in']}){_SPACE}(?:19|20)\d\d{_SPACE})?{loose}"
        ),
        to=re.compile(rf"{year}{_SPACE}(?:{connect['to']}){_SPACE}{loose}"),
        against=re.compile(rf"(?:,|(?<=\s))(?:{_SPACE})?(?:{connect['against']}){_SPACE}{loose}$"),
        in_year=re.compile(rf"{_SPACE}(?:{connect['in']}){_SPACE}(?:19|20)\d\d(?!\d)"),
    )


def share(reading: Reading) -> None:
    """Lend scale and currency between neighbours; new quantities are added, in order, and ranges marked."""
    _Sharing(reading).share()


class _Sharing:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.text
        self.low = reading.low
        self.words = reading.words
        self.connect = reading.words.connect
        self.numbers = reading.numbers
        self.starts = reading.starts
        self.connectives = connectives(reading.words)
        # The indexes of the numbers that a quantity has.
        self.taken = {index for quantity in reading.quantities for index in self._index(quantity)}

    def share(self) -> None:
        reading, added = self.reading, list[Quantity]()
        left: Quantity | None = None
        for quantity in reading.quantities:
            floor = left.end if left is not None else 0
            if left is not None and 0 < quantity.start - floor <= _REACH:
                self._connect(left, quantity)
            if quantity.factor or quantity.has_currency:
                added += self._lend_left(quantity, floor)
            left = quantity
        reading.add(added)
        added = []
        ceilings = [*(quantity.start for quantity in reading.quantities[1:]), len(self.text)]
        for quantity, ceiling in zip(reading.quantities, ceilings, strict=False):
            if quantity.factor > 1:
                added += self._lend_right(quantity, ceiling)
        reading.add(added)

    def _index(self, quantity: Quantity) -> Iterable[int]:
        """The index of a quantity's number among those in digits; none where it is written in words."""
        start, end = quantity.number
        index = bisect_left(self.starts, start + 1) - 1
        if index >= 0 and self.numbers[index].end() >= end > self.starts[index]:
            yield index

    def _connect(self, left: Quantity, right: Quantity) -> None:
        """Two near amounts that each have a unit: a currency or a scale may still go from one to the other."""
        match = self.connectives.between.fullmatch(self.low, left.after, right.start)
        if match is None:
            return
        kind = self._kind(match, left.start)
        if left.factor <= 1 and right.factor > 1 and left.prefixed and left.last is None and kind != "comma":
            lends = not right.prefixed or (kind in ("range", "change") and left.value < right.value)
            if lends and left.value < 1000:
                left.factor, left.ground = right.factor, "shared"
        if left.has_currency and left.prefixed and not right.has_currency:
            right.currency, right.named, right.has_currency = left.currency, left.named, True
        elif right.has_currency and not left.has_currency:
            left.currency, left.named, left.has_currency = right.currency, right.named, True
        worth, more = left.value * max(left.factor, 1), right.value * max(right.factor, 1)
        if kind == "range" and match["dash"] and match[0][:1].isspace() and worth >= more:
            return  # "250 millioner kroner – 50 millioner kroner mer enn": a dash of thought
        if kind == "range" and match["to"] and left.has_currency and not left.prefixed and right.has_currency:
            word = self._word_before(left.start)
            if word in self.connect["with"] or word in self.connect["from"]:
                return
        _mark(kind, left, right)

    def _kind(self, match: _Match, start: int) -> _Kind:
        """What a connection says; `start`: where the number before it begins."""
        group = match.groupdict()
        if group.get("dash"):
            return "range"
        if group.get("to"):
            return "change" if self._preceded(start, "from") else "range"
        if group.get("and") and self._preceded(start, "between"):
            return "range"
        if group.get("comma") and not any(group.get(name) for name in ("cand", "cor", "cto")):
            return "comma"
        return "list"

    def _word_before(self, start: int) -> str:
        edge = start
        while edge and self.low[edge - 1] in " \u00a0\n\t":
            edge -= 1
        first = edge
        while first and first > edge - 20 and self.low[first - 1].isalpha():
            first -= 1
        return self.low[first:edge]

    def _preceded(self, start: int, connective: str) -> bool:
        """Whether a connective stands before `start`, a qualifier between them allowed."""
        words = self.low[max(0, start - 40) : start].split()[-4:]
        for back in range(1, min(3, len(words)) + 1):
            if words[-back].strip("(.,") in self.connect[connective]:
                between = tuple(word.rstrip(".") for word in words[len(words) - back + 1 :])
                return not between or between in self.words.qualifier or between in self.words.filler
        return False

    # --- To the left.

    def _lend_left(self, quantity: Quantity, floor: int) -> list[Quantity]:
        """The bare numbers before a quantity that share its units: "40,1, 9,1 og 1 mia.", "fra 5 til 4 mill."."""
        added: list[Quantity] = []
        right = quantity
        while len(added) < _MOST_ADDED:
            connected = self._connected_before(right, floor)
            if connected is None:
                if (in_words := self._words_before(right, floor)) is not None:
                    added.append(in_words)
                break
            index, match = connected
            number = self._number(index, quantity.factor > 1)
            if number is None or not self._may_share(self.numbers[index], match, right):
                break
            kind = self._kind(match, number.start)
            if right is quantity and kind == "comma" and not self._runs_up(quantity, index):
                break
            lent = _lend(quantity, number)
            if kind != "range" or not right.range:
                _mark(kind, lent, right)
            self.taken.add(index)
            added.append(lent)
            right = lent
            if kind in ("range", "change"):
                break
        return added

    def _connected_before(self, right: Quantity, floor: int) -> tuple[int, _Match] | None:
        """The bare number before a quantity, a year between them allowed, and what connects the two."""
        last = bisect_left(self.starts, right.start) - 1
        for index in (last, last - 1):
            if index < 0 or index in self.taken:
                return None
            number = self.numbers[index]
            if number.end() <= floor or right.start - number.end() > _REACH:
                return None
            match = self.connectives.between.fullmatch(self.low, number.end(), right.start)
            if match is not None:
                return index, match
            if not is_year(number[0]):
                return None
        return None

    def _number(self, index: int, scaled: bool) -> Number | None:
        match = self.numbers[index]
        read = read_digits(match[0], self.words.decimal, scaled)
        return None if read is None else Number(match.start(), match.end(), *read)

    def _runs_up(self, quantity: Quantity, index: int) -> bool:
        """Whether a list without "and" leads up to the amount: "5, 6, 7 milliarder".

        Only three or more plain numbers that grow: "i gruppe 3, 45 millioner" and a row of counts are something else.
        """
        if quantity.factor <= 1 or quantity.prefixed or quantity.in_words:
            return False
        right, above, length = quantity.start, quantity.value, 0
        while index >= 0 and index not in self.taken:
            match = self.numbers[index]
            if right - match.end() > _REACH:
                break
            connective = self.connectives.between.fullmatch(self.low, match.end(), right)
            if connective is None:
                break
            number = self._number(index, True)
            gap = self.low[match.end() : right]
            plain = gap.strip() == "," and "\n" not in gap
            if not plain or number is None or number.value >= above or is_year(match[0]):
                return False
            if not self._may_share(match, connective, quantity):
                return False
            right, above, length, index = match.start(), number.value, length + 1, index - 1
        return length >= 2

    def _words_before(self, right: Quantity, floor: int) -> Quantity | None:
        """A number in words before a quantity: "fem til seks milliarder"."""
        first = max(floor, right.start - 24)
        if not self.low[first : right.start].rstrip(BLANK + "\r\n>").endswith(self.connectives.ends):
            return None
        match = self.connectives.words_before.search(self.low, first, right.start)
        number = read_words_before(self.low, match.start(), self.words) if match is not None else None
        if match is None or number is None or number.start < floor or (number.value == 1 and not right.in_words):
            return None
        kind = self._kind(match, number.start)
        if kind == "list" and not right.in_words:
            return None
        lent = _lend(right, number)
        lent.in_words = True
        _mark(kind, lent, right)
        return lent

    def _may_share(self, number: _Match, connective: _Match, right: Quantity) -> bool:
        low, start = self.low, number.start()
        if is_labelled(low, start, self.words):
            return False
        dashed = low[start - 1 : start] in ("-", "+", "–", "/")
        if dashed and _YEAR_OR_LETTER.search(low, max(0, start - 5), start - 1):
            return False  # "2022-23", "B-50"
        if not is_year(number[0]):
            return True
        other = self.text[right.number[0] : right.number[1]]
        ranged = any(connective.groupdict().get(name) for name in ("dash", "to", "and"))
        if not ranged or not other.isdigit() or len(other) != 4 or right.factor > 10**6:
            return False
        return self._word_before(start) not in self.connect["in"]

    # --- To the right.

    def _lend_right(self, quantity: Quantity, ceiling: int) -> list[Quantity]:
        """Bare numbers after a quantity: "50 mio. kr. i 2020, 60 i 2021", "varav 160 i …", "fra 5 mio. til 3"."""
        added: list[Quantity] = []
        last = quantity
        passed = False
        for index in range(bisect_left(self.starts, quantity.end), bisect_left(self.starts, ceiling)):
            match = self.numbers[index]
            start = match.start()
            if start - last.end > _PART_REACH or index in self.taken:
                break
            if is_year(match[0]):
                continue
            if _ENDING.search(self.low, last.after, start):
                break
            number = self._number(index, quantity.factor > 1)
            if number is None:
                break
            if not self._shares_with(quantity, last, number, passed, bool(added)):
                passed = True
                if added:
                    break
                continue
            lent = _lend(quantity, number)
            if last.change == "from":
                lent.change = "to"
            self.taken.add(index)
            added.append(lent)
            last = lent
        return added

    def _shares_with(
        self, quantity: Quantity, last: Quantity, number: Number, passed: bool, continued: bool
    ) -> bool:
        """Whether a number shares the units of `quantity`, or of `last`, which shares them too.

        `passed`: another bare number stands between; `continued`: `last` is a number that shares.
        """
        low, patterns, gap, start, end = self.low, self.connectives, last.after, number.start, number.end
        if patterns.later.fullmatch(low, gap, start) and patterns.in_year.match(low, end):
            return True
        if patterns.to.fullmatch(low, gap, start):
            if not self._preceded(last.start, "from") or not self._open_end(end):
                return False
            last.change = "from"
            return True
        if passed:
            return False
        if self._is_parallel(gap, start, end):
            return True
        window = max(gap, start - 40)
        if patterns.against.search(low, window, start):
            return self._open_end(end) and _comparable(quantity.value, number.value)
        part = patterns.part.search(low, window, start)
        if part or (continued and patterns.further.search(low, window, start)):
            return self._open_end(end)
        return False

    def _is_parallel(self, gap: int, start: int, end: int) -> bool:
        """Whether the number repeats the amount's pattern: "450 millioner til skole og 50 til barnehage"."""
        opening, closing = NEXT_WORD.match(self.low, gap), NEXT_WORD.match(self.low, end)
        if opening is None or closing is None or not opening[1] or opening[1] != closing[1]:
            return False
        if opening[1] not in self.connect["to"] and opening[1] not in self.connect["in"]:
            return False
        return self._word_before(start) in self.connect["and"] and start - gap <= _REACH

    def _open_end(self, end: int) -> bool:
        """Whether nothing countable follows: the end, punctuation, or a word that may stand after an amount."""
        if self.low[end : end + 1] in (*"%‰/-–:",):
            return False
        match = NEXT_WORD.match(self.low, end)
        if match is not None and match[1] is not None:
            return match[1] in self.words.after
        follows = self.low[match.end() : match.end() + 1] if match else ""
        return not (follows.isdigit() or follows == "%")


def _lend(quantity: Quantity, number: Number) -> Quantity:
    """A quantity of its own for a number that shares another's units."""
    span = number.start, number.end
    lent = Quantity(*span, span, number.value, number.step, quantity.factor, quantity.currency, quantity.named)
    lent.has_currency, lent.minor, lent.ground = quantity.has_currency, quantity.minor, "shared"
    return lent


def _mark(kind: _Kind, left: Quantity, right: Quantity) -> None:
    """Mark two quantities as the ends of a range or a change, where they are that."""
    if kind == "range":
        left.range, right.range = "low", "high"
    elif kind == "change":
        left.change, right.change = "from", "to"


def _comparable(value: Decimal, other: Decimal) -> bool:
    """Whether two numbers can be the same thing at two times: within ten times one another."""
    return value <= other * _TIMES and other <= value * _TIMES
