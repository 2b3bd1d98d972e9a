"""The words and signs of scale and currency in a text, and what those after a number say: "mill. kr", "bn"."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kg.draft.lexicon import Lexicon, Unit, read_words, trie
from kg.draft.model import Change, Ground, Span
from kg.draft.text import BLANK

# Words that end as "kroner" does but are no money.
_NOT_KRONER = tuple(read_words("common")["not_kroner"])
_KRONE = ("krone", "kroner", "kronor", "kronorna", "kronerne", "kronene", "kroners", "kronors", "kronar")
_LONGEST_COMPOUND = 30
_LETTER = r"[^\W\d_]"
_A_LETTER = re.compile(_LETTER)
# What may cut a word at the end of a line: "milli-\noner".
_CUT = r"(?:-\r?\n[ \t]*|\u00ad\r?\n?)"
_BROKEN = re.compile(rf"(?<={_LETTER}){_CUT}(?={_LETTER})")


@dataclass(slots=True)
class Token:
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


@dataclass(slots=True)
class Quantity:
    """A number that is money, or may be, and what was found beside it. `value` and `step`: before the scale."""

    start: int
    end: int
    number: Span
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
    change: Change = ""
    last: Token | None = None

    @property
    def after(self) -> int:
        """Where the text goes on, the point of an abbreviation left behind."""
        return self.last.after if self.last is not None and self.last.end == self.end else self.end


@dataclass(slots=True, order=True)
class Head:
    """A scale or currency that stands without a number: the head of a table, perhaps."""

    start: int
    end: int
    factor: int
    currency: str
    has_currency: bool


@dataclass(slots=True)
class Reading:
    """A text while its amounts are read. `starts`: where each of its numbers in digits begins."""

    text: str
    low: str
    words: Lexicon
    numbers: list[re.Match[str]]
    starts: list[int]
    quantities: list[Quantity] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)

    def add(self, quantities: Sequence[Quantity]) -> None:
        """More quantities, in the text's order."""
        self.quantities = sorted([*self.quantities, *quantities], key=lambda quantity: quantity.start)


# --- Words and signs.


@functools.cache
def _name_pattern(words: Lexicon, broken: bool) -> re.Pattern[str]:
    """Names of units that are a whole word, or a krone at the end of one."""
    names, krone = _names(words.units, broken), _names(_KRONE, broken)
    return re.compile(rf"(?:(?<!{_LETTER})(?:{names})|{krone})(?!{_LETTER})")


@functools.cache
def _sign_pattern(words: Lexicon) -> re.Pattern[str]:
    return re.compile(trie(sign.lower() for sign in words.signs))


@functools.cache
def _code_pattern(words: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"(?:{trie(words.codes)})(?:(?!{_LETTER})(?!-?[A-Z])|(?=m\b|bn\b))")


def _names(names: Iterable[str], broken: bool) -> str:
    """A pattern of names; with `broken` the end of a line may cut them after any letter."""
    pattern = trie(names)
    return re.sub(_LETTER, lambda letter: f"{letter[0]}{_CUT}?", pattern) if broken else pattern


def tokens_of(text: str, low: str, words: Lexicon) -> list[Token]:
    """Every scale and currency word and sign of `text` in order; `low` is the same text in small letters."""
    broken = "\u00ad" in text or "-\n" in text or "-\r\n" in text
    tokens: list[Token] = []
    for match in _name_pattern(words, broken).finditer(low):
        start, end = match.span()
        word = match[0]
        if broken:
            word = _BROKEN.sub("", word).rstrip("-\r\n \u00ad")
        unit = words.units.get(word)
        if start and _A_LETTER.match(low, start - 1):
            # A compound: kommunekroner, skattekroner. It counts from its first letter.
            first = start
            while first and first > start - _LONGEST_COMPOUND and _A_LETTER.match(low, first - 1):
                first -= 1
            if low[first:end].startswith(_NOT_KRONER):
                continue
            start, unit = first, Unit("currency")
        if unit is not None:
            tokens.append(Token(start, end, word, unit, text[end : end + 1] == "."))
    for match in _sign_pattern(words).finditer(low):
        currency = words.signs.get(match[0].upper(), words.signs.get(match[0], ""))
        unit = Unit("currency", 1, currency, True)
        tokens.append(Token(match.start(), match.end(), match[0], unit, False))
    for match in _code_pattern(words).finditer(text):
        if not match.start() or not _A_LETTER.match(text, match.start() - 1):
            tokens.append(Token(match.start(), match.end(), match[0], words.codes[match[0]], False))
    tokens.sort(key=lambda token: token.start)
    return tokens


# --- The units after a number.

CODE_FOLLOWED_BY_NUMBER = re.compile(rf"[{BLANK}]?\d")
# Between a number and its unit: nothing, a space, a line break, a hyphen, marks of emphasis.
_GAP = re.compile(rf"[*_]{{0,2}}(?:[-‑]|[{BLANK}]{{0,3}}(?:\r?\n[{BLANK}>]{{0,8}})?)[*_]{{0,2}}")
_SCALE_LETTERS = re.compile(rf"[{BLANK}]?([a-zA-Z]{{1,3}})(?![^\W_])\.?")
_YEAR_PRICE = re.compile(r"(?:19|20)\d\d-")
_BRACKETS = ("(", " (", "\u00a0(")
# Shorter scale words mean other things too ("t", "md", "mil"): only with a currency are they money.
_ALWAYS_SCALE = frozenset({"mio", "mia", "mrd", "mill", "bn", "mdr", "milj"})
_LONGEST_WEAK = 4
LONGEST_ABBREVIATION = 5


@dataclass(slots=True)
class Units:
    """The units after a number: where they end, what they say."""

    end: int
    factor: int
    currency: str
    named: bool
    has_currency: bool
    minor: bool
    tokens: tuple[Token, ...]


@functools.cache
def _price_level_pattern(words: Lexicon) -> re.Pattern[str]:
    level = "|".join(re.escape(word) for word in words.price_level)
    return re.compile(rf"[{BLANK}]?\((?:[^()\n]{{0,18}}(?:{level})[^()\n]{{0,18}})\)[{BLANK}]?")


@functools.cache
def _nationality_pattern(words: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"({trie(words.nationality)})[{BLANK}]?(?:\r?\n[{BLANK}]{{0,8}})?(?=\w)")


class UnitReader:
    """Reads the units of one text. `used`: where the words and signs begin that some number has taken."""

    def __init__(self, text: str, low: str, words: Lexicon, tokens: Sequence[Token]) -> None:
        self.text = text
        self.low = low
        self.words = words
        self.by_start = {token.start: token for token in tokens}
        self.used: set[int] = set()
        self._price_level = _price_level_pattern(words)
        self._nationality = _nationality_pattern(words)

    def after(self, end: int, prefixed: bool) -> Units | None:
        """The scale and currency after a number that ends at `end`; `prefixed`: it has a currency before it."""
        text = self.text
        price_level_end = self._after_price_level(end)
        position = self._over_gap(end if price_level_end is None else price_level_end)
        broken = "\n" in text[price_level_end or end : position]
        token = self.by_start.get(position)
        headed = token is not None and not token.unit.named and text[position].isupper()
        if headed and broken and text[position + 1].islower():
            return None  # "… 1:5\nMio. kr.": the head of a table on a line of its own
        if token is None or token.start in self.used:
            return self._letters(end, prefixed) or self._currency(position, 1, (), 0)
        unit = token.unit
        if unit.kind == "scale":
            return self._scale(token, prefixed)
        if unit.kind == "scaled":
            return Units(token.end, unit.factor, unit.currency, unit.named, True, False, (token,))
        if unit.kind == "minor":
            if len(token.word) == 1 and (token.start != end or text[max(0, end - 4) : end].isdigit()):
                return None  # "45p", but not "45 p" or "1080p"
            return Units(token.end, 1, unit.currency, unit.named, True, True, (token,))
        if prefixed and unit.named and CODE_FOLLOWED_BY_NUMBER.match(text, token.end):
            return None
        if not prefixed and not token.word.isalpha() and text[token.end : token.end + 1].isdigit():
            return None  # "5 £6": the sign belongs to what follows
        return self._currency(position, 1, (), 0)

    def _scale(self, token: Token, prefixed: bool) -> Units | None:
        """A scale and the currency after it: "mill. kr", "tusen millioner kroner", "mio. (2019-pl) kr."."""
        factor = token.unit.factor
        taken: tuple[Token, ...] = (token,)
        if factor == 1000:
            more = self.by_start.get(self._over_gap(token.after))
            if more is not None and more.unit.kind == "scale" and more.unit.factor >= 10**6:
                factor, taken = factor * more.unit.factor, (token, more)
        after = taken[-1].after
        priced = self._after_price_level(after)
        if priced is not None and (money := self._currency(priced, factor, taken, priced)):
            return money
        # "£45 million. GBP 20 million": a whole word has no point of its own.
        closed = taken[-1].dot and len(token.word) > LONGEST_ABBREVIATION
        if not closed and (money := self._currency(self._over_gap(after), factor, taken, after)):
            return money
        weak = len(token.word) <= _LONGEST_WEAK and token.word not in _ALWAYS_SCALE
        if (weak or factor == 1000) and not prefixed:
            return None
        return Units(taken[-1].end, factor, "", False, False, False, taken)

    def _letters(self, end: int, prefixed: bool) -> Units | None:
        """A letter for a scale directly after the number: £5m, 500k EUR, SEK 3 bn."""
        match = _SCALE_LETTERS.match(self.text, end)
        if match is None:
            return None
        letters = match[1].lower()
        factor = self.words.letters.get(letters)
        if factor is None or (letters == "k" and match[0][0] in BLANK):
            return None
        closing = match.end(1)
        money = self._currency(self._over_gap(closing), factor, (), closing)
        if money is not None and not prefixed:
            return money
        return Units(closing, factor, "", False, False, False, ()) if prefixed or letters == "bn" else None

    def _currency(self, position: int, factor: int, taken: tuple[Token, ...], after: int) -> Units | None:
        """The currency word at `position`, with the year of its price level or its country before it."""
        text = self.text
        country = ""
        token = self.by_start.get(position)
        if token is None and (year := _YEAR_PRICE.match(text, position)):
            if factor == 1:
                return None
            position = year.end()
            token = self.by_start.get(position)
        if token is None and (nation := self._nationality.match(self.low, position)):
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
        currency, named = country or unit.currency, bool(country) or unit.named
        return Units(token.end, factor, currency, named, True, False, (*taken, token))

    def _after_price_level(self, position: int) -> int | None:
        """The end of a price level in brackets: "5 (2019-pl) mio. kr."."""
        if not self.text.startswith(_BRACKETS, position):
            return None
        level = self._price_level.match(self.low, position)
        return level.end() if level else None

    def _over_gap(self, position: int) -> int:
        """Where the next word or number begins if only a gap parts it from `position`."""
        gap = _GAP.match(self.text, position)
        assert gap is not None
        return gap.end()
