"""Numbers bound to the scale and currency words beside them, and to the minus before them.

The result is a list of quantities: numbers that are known to be money, or may be. Connectives and tables add to them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from kg.draft.lexicon import Lexicon, read_words_before
from kg.draft.quantities.numerals import NUMBER, is_labelled, is_year, read_digits
from kg.draft.quantities.units import (
    CODE_FOLLOWED_BY_NUMBER,
    Head,
    Quantity,
    Reading,
    Token,
    UnitReader,
    Units,
    tokens_of,
)
from kg.draft.text import BLANK, lower

_PREFIX_GAP = re.compile(rf"[:]?[{BLANK}]{{0,2}}(?:\r?\n[{BLANK}]{{0,8}})?")
_DASH_PRICE = re.compile(r"[,:][-–—](?!\d)")
# "£10–15m": the sign before the first number holds for the second.
_RANGE_PREFIX = re.compile(rf"(?:[£€$]|[A-Z]{{3}} ?)\d[\d.,]{{0,9}}[{BLANK}]?[-–—][{BLANK}]?$")
_SIGN_SCALE = re.compile(r"['’]?(000s?|m|bn|k)\b")
# Currency words in small letters that may stand before their number.
_MAY_PRECEDE = frozenset({"kr", "kroner", "euro", "kronor"})
# What stands before a number that is the scale of a table: "(i 1 000 kr)", "NOK 1,000" over a column.
_OPENS_HEAD = (["i"], ["in"], ["beløp"], ["hele"], ["tall"])
_ENDS_HEAD = ("(i", "beløp i", "tall i", "belopp i", "|", "(", "kroner i")


def bind(text: str, words: Lexicon) -> Reading:
    """Every number of `text` with a scale or currency beside it, in order, and the heads left over."""
    low = lower(text)
    numbers = list(NUMBER.finditer(text))
    reading = Reading(text, low, words, numbers, [match.start() for match in numbers])
    tokens = tokens_of(text, low, words)
    binder = _Binder(reading, tokens)
    reading.add([*binder.in_digits(), *binder.in_words()])
    binder.find_heads()
    return reading


class _Binder:
    def __init__(self, reading: Reading, tokens: Sequence[Token]) -> None:
        self.text = reading.text
        self.low = reading.low
        self.words = reading.words
        self.numbers = reading.numbers
        self.heads = reading.heads
        self.tokens = tokens
        self.units = UnitReader(reading.text, reading.low, reading.words, tokens)
        self.used = self.units.used
        self.by_end: dict[int, Token] = {}
        for token in tokens:
            if token.unit.kind != "minor":
                self.by_end[token.end] = token
                self.by_end[token.after] = token

    def in_digits(self) -> list[Quantity]:
        """Numbers in digits with a word or sign before or after them."""
        quantities: list[Quantity] = []
        for match in self.numbers:
            start, end = match.span()
            prefix = self._prefix(start)
            ranged = prefix is None and self._continues_range(start)
            units = self.units.after(end, prefix is not None or ranged)
            if prefix is None and units is None:
                if self.words.code == "en" or not _DASH_PRICE.match(self.text, end):
                    continue
                units = Units(end + 2, 1, "", False, True, False, ())
            quantity = self._quantity(match, prefix, units)
            if quantity is None:
                continue
            if ranged and not quantity.has_currency and quantities:
                # "£60-70m": the sign before the first number is the second's too.
                first = quantities[-1]
                quantity.has_currency, quantity.currency, quantity.named = True, first.currency, first.named
            quantities.append(quantity)
        return quantities

    def _prefix(self, start: int) -> Token | None:
        """The word or sign before a number, where it is a currency that belongs to no earlier number."""
        text, ending = self.text, self.by_end.get
        token = ending(start) or ending(start - 1) or ending(start - 2) or ending(start - 3)
        if token is None or token.start in self.used or token.unit.kind == "scale":
            return None
        if not _PREFIX_GAP.fullmatch(text, token.after, start):
            return None
        if token.dot and token.word != "kr":
            return None  # "… kroner. 27 mill. kroner": a sentence ends between them
        plain = token.word.isalpha() and token.word.islower()
        if plain and (token.word not in _MAY_PRECEDE or "\n" in text[token.end : start]):
            return None
        before = ending(token.start) or ending(token.start - 1)
        if before is not None and before.unit.kind == "scale" and before.start not in self.used:
            return None  # "mill. kr 2020": the head of a column
        return token

    def _continues_range(self, start: int) -> bool:
        """Whether a number follows a dash, a number and a sign: "£10–15m"."""
        dashed = self.text[max(0, start - 2) : start].rstrip(" ").endswith(("-", "–", "—"))
        return dashed and _RANGE_PREFIX.search(self.text, max(0, start - 20), start) is not None

    def _quantity(self, match: re.Match[str], prefix: Token | None, units: Units | None) -> Quantity | None:
        start, end = match.span()
        if prefix is None and units is not None and self._is_price_level(match, units):
            return None
        scaled = (units is not None and units.factor > 1) or (prefix is not None and prefix.unit.factor > 1)
        read = read_digits(match[0], self.words.decimal, scaled)
        if read is None:
            return None
        value, step = read
        if (unlabelled := self._without_label(match)) is not None:
            value, step, start = unlabelled
        if self._is_head(match, prefix, units, value):
            return None
        quantity = Quantity(start, end, (start, end), value, step)
        if prefix is not None:
            self.used.add(prefix.start)
            quantity.start, quantity.prefixed, quantity.has_currency = prefix.start, True, True
            quantity.currency, quantity.named = prefix.unit.currency, prefix.unit.named
            quantity.factor = prefix.unit.factor if prefix.unit.kind == "scaled" else 0
            if _DASH_PRICE.match(self.text, end):
                quantity.end = end + 2
        if units is not None:
            self._take(quantity, units)
        return quantity

    def _is_price_level(self, match: re.Match[str], units: Units) -> bool:
        """Whether a year is a price level (2019-kroner), or its code belongs to the next number (2020 NOK 300)."""
        if units.factor > 1 or not units.tokens or not is_year(match[0]):
            return False
        token = units.tokens[-1]
        code = not token.word.islower() or token.word == "kr"
        hyphen = self.text[match.end()] in "-‑"
        return hyphen or (code and CODE_FOLLOWED_BY_NUMBER.match(self.text, token.after) is not None)

    def _take(self, quantity: Quantity, units: Units) -> None:
        """Give a quantity its units, and take their words."""
        for token in units.tokens:
            self.used.add(token.start)
            quantity.last = token
        quantity.end, quantity.minor = units.end, units.minor
        if units.factor > 1:
            quantity.factor = max(quantity.factor, units.factor)
        if units.has_currency and (units.named or not quantity.named):
            quantity.has_currency, quantity.currency, quantity.named = True, units.currency, units.named

    def _without_label(self, match: re.Match[str]) -> tuple[Decimal, Decimal, int] | None:
        """Value, step and start of a number whose first group is a label's: "post 60 150 mill."."""
        separator = match[1]
        if separator is None or separator not in " \u00a0" or not is_labelled(self.low, match.start(), self.words):
            return None
        cut = match.start() + match[0].index(separator) + 1
        read = read_digits(self.text[cut : match.end()], self.words.decimal, True)
        return None if read is None else (*read, cut)

    def _is_head(self, match: re.Match[str], prefix: Token | None, units: Units | None, value: Decimal) -> bool:
        """Whether the number is itself a scale: "(i 1 000 kr)", "NOK 1,000" over a column; then it is one head more."""
        if value not in (1000, 1_000_000) or (units is not None and units.factor > 1):
            return False
        start = prefix.start if prefix is not None else match.start()
        end = units.end if units is not None else match.end()
        before = self.low[max(0, start - 12) : start].rstrip()
        after = self.low[end : end + 1]
        opened = before.endswith(("(", "|", "[")) or before.split()[-1:] in _OPENS_HEAD
        closed = (after in ")|]\n\r,;: " or not after) and not (before.endswith(" i") and after == " ")
        if not (opened and closed) and not before.endswith(_ENDS_HEAD):
            return False
        currency = prefix.unit.currency if prefix is not None else units.currency if units is not None else ""
        self.heads.append(Head(start, end, int(value), currency, True))
        self.used.update(token.start for token in (prefix, *(units.tokens if units is not None else ())) if token)
        return True

    def in_words(self) -> list[Quantity]:
        """Numbers in words before a scale or a currency: "ti millioner", "en halv miljard", "fem kroner"."""
        quantities: list[Quantity] = []
        for token in self.tokens:
            before = self.text[token.start - 1 : token.start]
            if token.start in self.used or token.unit.kind == "minor" or before not in (*" \u00a0-\n\u202f\t",):
                continue
            edge = self._back_over(token.start - 1, " \r\t" if before == "\n" else " \n\r\t")
            if token.unit.kind == "currency":
                # "fem svenska kronor"
                nation_start = edge
                while nation_start and self.low[nation_start - 1].isalpha():
                    nation_start -= 1
                if self.low[nation_start:edge] in self.words.nationality:
                    edge = self._back_over(nation_start, " \n\r\t\u00a0")
            number = read_words_before(self.low, edge, self.words)
            units = self.units.after(edge, False) if number is not None else None
            if number is None or units is None or not units.tokens or units.tokens[0].start > token.start:
                continue
            if units.factor == 1 and (number.value <= 1 or number.value == 1000):
                continue  # "hver en krone", "tusen kroner" over a column
            span = number.start, edge
            quantities.append(Quantity(*span, span, number.value, number.step, in_words=True))
            self._take(quantities[-1], units)
        return quantities

    def _back_over(self, position: int, blanks: str) -> int:
        while position and self.text[position - 1] in blanks:
            position -= 1
        return position

    def find_heads(self) -> None:
        """Scales and currencies that no number has taken."""
        joined: Token | None = None
        for index, token in enumerate(self.tokens):
            more = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
            if token is joined or token.start in self.used or token.unit.kind == "minor":
                continue
            factor, currency, end = token.unit.factor, token.unit.currency, token.after
            has_currency = token.unit.kind != "scale"
            if more is not None and more.start not in self.used and self._are_one_head(token, more):
                factor *= more.unit.factor
                currency = currency or more.unit.currency
                has_currency, end, joined = True, more.after, more
            if token.word in ("£", "€", "$") and (letter := _SIGN_SCALE.match(self.text, end, end + 6)):
                factor = 1000 if letter[1][0] == "0" else self.words.letters[letter[1]]
                end = letter.end()
            self.heads.append(Head(token.start, end, factor, currency, has_currency))
        self.heads.sort()

    def _are_one_head(self, token: Token, more: Token) -> bool:
        """Whether a scale and a currency stand together."""
        gap = self.text[token.after : more.start]
        kinds = token.unit.kind, more.unit.kind
        joins = kinds in (("scale", "currency"), ("currency", "scale"))
        return joins and len(gap) <= 2 and not gap.strip(BLANK)


# --- The minus before an amount in running text; rows of tables have their own.

# A dash may be many things: a minus stands after a blank or bracket and directly before its number.
_MINUS = re.compile(rf"(?:^|(?<=[{BLANK}\n(]))−$|(?<=[{BLANK}(])[-–]$")
_MINUS_WORD = re.compile(rf"(?<![^\s(])minus[{BLANK}]$")
_REACH = 8
# After a number or the end of a sentence a dash joins or begins something.
_NO_MINUS_AFTER = frozenset("0123456789.!?:;,%½¼¾")


def take_minus(reading: Reading) -> None:
    """Turn the quantities with a minus before them ("−12 millioner"); the sign becomes part of the amount."""
    reached = 0
    for quantity in reading.quantities:
        if not quantity.range and not quantity.change and quantity.value > 0:
            start = _minus_before(reading.low, quantity.start, reached)
            if start is not None:
                quantity.start, quantity.value = start, -quantity.value
        reached = quantity.end


def _minus_before(low: str, start: int, reached: int) -> int | None:
    """Where the minus before `start` begins; `reached` is the end of the amount before."""
    minus = _MINUS.search(low, max(0, start - 2), start) or _MINUS_WORD.search(low, max(0, start - _REACH), start)
    if minus is None:
        return None
    before = low[reached : minus.start()].rstrip(BLANK)
    if minus[0] == "−":
        return None if before[-1:].isdecimal() or (reached and not before) else minus.start()
    # A bullet or a dash of speech begins a line; "5 mill. minus 3 mill." is a subtraction.
    if not before or before[-1] == "\n" or before[-1] in _NO_MINUS_AFTER:
        return None
    return minus.start()
