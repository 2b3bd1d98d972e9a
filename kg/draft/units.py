"""The scale and currency words after a number, as one reading: "mill. kr", "(2019-pl) mio. kr.", "bn"."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import NamedTuple

from kg.draft.lexicon import Lexicon, lexicon, trie
from kg.draft.tokens import Token

BLANK = " \t\u00a0\u2009\u202f"
CODE_FOLLOWED_BY_NUMBER = re.compile(rf"[{BLANK}]?\d")
# Between a number and its unit: nothing, a space, a line break, a hyphen, marks of emphasis.
_GAP = re.compile(rf"[*_]{{0,2}}(?:[-‑]|[{BLANK}]{{0,3}}(?:\r?\n[{BLANK}>]{{0,8}})?)[*_]{{0,2}}")
_LETTERS = re.compile(rf"[{BLANK}]?([a-zA-Z]{{1,3}})(?![^\W_])\.?")
_YEAR_BEGINS = frozenset("12")
_YEAR_PRICE = re.compile(r"(?:19|20)\d\d-")
# Shorter scale words mean other things too ("t", "md", "mil"): only with a currency are they money.
_ALWAYS_SCALE = frozenset({"mio", "mia", "mrd", "mill", "bn", "mdr", "milj"})
_LONGEST_SHORT = 5
_new = tuple.__new__


class Units(NamedTuple):
    """The units after a number: where they end, what they say."""

    end: int
    factor: int
    currency: str
    named: bool
    has_currency: bool
    minor: bool
    tokens: tuple[Token, ...]


@functools.cache
def _price_level(code: str) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in lexicon(code).price_level)
    return re.compile(rf"[{BLANK}]?\((?:[^()\n]{{0,18}}(?:{words})[^()\n]{{0,18}})\)[{BLANK}]?")


@functools.cache
def _nationality(code: str) -> re.Pattern[str]:
    return re.compile(rf"({trie(lexicon(code).nationality)})[{BLANK}]?(?:\r?\n[{BLANK}]{{0,8}})?(?=\w)")


class UnitReader:
    """Reads the units of one text. `used`: where the words and signs begin that some number has taken."""

    def __init__(self, text: str, low: str, words: Lexicon, tokens: list[Token]) -> None:
        self.text = text
        self.low = low
        self.words = words
        self.by_start: Mapping[int, Token] = {token.start: token for token in tokens}
        self.used: set[int] = set()
        self.nations = frozenset(word[0] for word in words.nationality)
        self._price = _price_level(words.code)
        self._nation = _nationality(words.code)

    def after(self, end: int, prefixed: bool) -> Units | None:
        """The scale and currency after a number that ends at `end`."""
        text, low = self.text, self.low
        position = end
        broken = False
        if text[end : end + 1] == " " and text[end + 1 : end + 2].isalnum():
            position = end + 1  # as most numbers stand
        else:
            if text.startswith(("(", " (", "\u00a0("), position) and (price := self._price.match(low, position)):
                position = price.end()
            gap = _GAP.match(text, position)
            assert gap is not None
            position = gap.end()
            broken = "\n" in gap[0]
        token = self.by_start.get(position)
        headed = token is not None and not token.unit.named and text[position].isupper()
        if headed and broken and text[position + 1].islower():
            return None  # "… 1:5\nMio. kr.": the head of a table on a line of its own
        if token is None or token.start in self.used:
            return self._letters(end, prefixed) or self._currency(position, 1, (), 0)
        if token.unit.kind == "scale":
            factor = token.unit.factor
            taken: tuple[Token, ...] = (token,)
            if factor == 1000:
                gap = _GAP.match(text, token.after)
                more = self.by_start.get(gap.end()) if gap else None
                if more is not None and more.unit.kind == "scale" and more.unit.factor >= 10**6:
                    factor, taken = factor * more.unit.factor, (token, more)
            after = taken[-1].after
            bracket = text.startswith(("(", " (", "\u00a0("), after)
            price = self._price.match(low, after) if bracket else None
            if price is not None and (money := self._currency(price.end(), factor, taken, price.end())):
                return money
            # "£45 million. GBP 20 million": a whole word has no point of its own.
            if not (taken[-1].dot and len(token.word) > _LONGEST_SHORT) and (
                money := self._currency(self._over_gap(after), factor, taken, after)
            ):
                return money
            weak = len(token.word) <= 4 and token.word not in _ALWAYS_SCALE
            if (weak or factor == 1000) and not prefixed:
                return None
            return _new(Units, (taken[-1].end, factor, "", False, False, False, taken))
        if token.unit.kind == "scaled":
            return Units(
                token.end, token.unit.factor, token.unit.currency, token.unit.named, True, False, (token,)
            )
        if token.unit.kind == "minor":
            if len(token.word) == 1 and (token.start != end or text[max(0, end - 4) : end].isdigit()):
                return None  # "45p", but not "45 p" or "1080p"
            return Units(token.end, 1, token.unit.currency, token.unit.named, True, True, (token,))
        if prefixed and token.unit.named and CODE_FOLLOWED_BY_NUMBER.match(text, token.end):
            return None
        if not prefixed and not token.word.isalpha() and text[token.end : token.end + 1].isdigit():
            return None  # "5 £6": the sign belongs to what follows
        return self._currency(position, 1, (), 0)

    def _letters(self, end: int, prefixed: bool) -> Units | None:
        """A letter for a scale directly after the number: £5m, 500k EUR, SEK 3 bn."""
        match = _LETTERS.match(self.text, end)
        if match is None:
            return None
        factor = self.words.letters.get(match[1].lower())
        if factor is None or (match[1].lower() == "k" and match[0][0] in BLANK):
            return None
        closing = match.end(1)
        gap = _GAP.match(self.text, closing)
        money = self._currency(gap.end(), factor, (), closing) if gap else None
        if money is not None and not prefixed:
            return money
        if prefixed or match[1].lower() == "bn":
            return Units(closing, factor, "", False, False, False, ())
        return None

    def _currency(self, position: int, factor: int, taken: tuple[Token, ...], after: int) -> Units | None:
        """The currency word at `position`, with the year of its price level or its country before it."""
        text, low = self.text, self.low
        if text[position : position + 1] in _YEAR_BEGINS and (year := _YEAR_PRICE.match(text, position)):
            position = year.end()
            if factor == 1:
                return None
        country = ""
        token = self.by_start.get(position)
        if (
            token is None
            and low[position : position + 1] in self.nations
            and (nation := self._nation.match(low, position))
        ):
            country = self.words.nationality[nation[1]]
            token = self.by_start.get(nation.end())
            if token is not None and token.unit.named and token.unit.currency not in ("USD", "GBP"):
                country = ""
        if token is None or token.start in self.used or token.unit.kind != "currency":
            return None
        sign = token.unit.named and not token.word.isalpha()
        if taken and sign and token.start != after and text[token.end : token.end + 1].isdigit():
            return None  # "5 million £6": a sign after a space and before a digit opens the next amount
        unit = token.unit
        # As Units(…) makes it, in half the time.
        return _new(
            Units,
            (
                token.end,
                factor,
                country or unit.currency,
                bool(country) or unit.named,
                True,
                False,
                (*taken, token),
            ),
        )

    def _over_gap(self, position: int) -> int:
        """Where the next word or number begins if only a gap parts it from `position`."""
        text = self.text
        if text[position : position + 1] == " " and text[position + 1 : position + 2].isalnum():
            return position + 1  # as most stand
        gap = _GAP.match(text, position)
        assert gap is not None
        return gap.end()
