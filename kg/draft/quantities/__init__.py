"""The grammar of amounts: a text to the amounts of money in it.

Numbers are bound to the words beside them (`binding`), lend and borrow scale and currency (`connectives`, `tables`),
and what the sentence does not know as money is left out. Every step is linear in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from kg.draft.lexicon import language_of, lexicon
from kg.draft.model import MOST_ANCHOR, Mention, Span
from kg.draft.quantities.binding import bind, take_minus
from kg.draft.quantities.connectives import NEXT_WORD, share
from kg.draft.quantities.tables import read_tables
from kg.draft.quantities.units import LONGEST_ABBREVIATION, Quantity, Reading

_CONFIDENCE = {"written": 0.98, "shared": 0.95, "table": 0.93, "context": 0.92}
_LESS_SURE = 0.94


def read_amounts(text: str, language: str | None = None) -> Sequence[Mention]:
    """Every amount of money in `text`, in order, with its place.

    `language` is one of da, nb, nn, sv, en; without it the text's own words decide, and English where there are
    none. Positions count code points of `text`.
    """
    words = lexicon(language or language_of(text) or "en")
    reading = bind(text, words)
    _keep_money(reading)
    share(reading)
    take_minus(reading)
    read_tables(reading)
    _settle_currencies(reading)
    points = _Points(reading)
    mentions: list[Mention] = []
    reached = 0
    for quantity in reading.quantities:
        if quantity.start >= reached:
            mentions.append(_mention(reading, quantity, points))
            reached = mentions[-1].end
    return tuple(mentions)


def _mention(reading: Reading, quantity: Quantity, points: _Points) -> Mention:
    text, start = reading.text, quantity.start
    end = quantity.end + points.belongs(quantity)
    code, qualified = _qualifier_before(reading, start)
    qualifier_text = text[qualified:start].strip() if code else ""
    if quantity.range:
        code = f"range-{quantity.range}"
    code = code or _qualifier_after(reading, end) or "exact"
    scale = Decimal("0.01") if quantity.minor else max(quantity.factor, 1)
    ground = quantity.ground if quantity.has_currency or quantity.ground != "written" else "context"
    confidence = _CONFIDENCE[ground]
    if quantity.range or (quantity.in_words and ground == "shared"):
        confidence = min(confidence, _LESS_SURE)
    return Mention(
        start=start,
        end=end,
        text=text[start:end],
        value=quantity.value * scale,
        step=quantity.step * scale,
        currency=quantity.currency,
        currency_stated=quantity.has_currency,
        qualifier=code,
        qualifier_text=qualifier_text,
        anchor=_anchor(qualified, start, quantity.number, end),
        ground=ground,
        change=quantity.change,
        confidence=confidence,
    )


def _anchor(qualified: int, start: int, number: Span, end: int) -> Span:
    """An amount with its qualifier; where that is too long as much of number and units as an anchor may hold."""
    for first in (qualified, start):
        if end - first <= MOST_ANCHOR:
            return first, end
    most = start + MOST_ANCHOR
    return start, max(most, number[1]) if number[1] - start <= MOST_ANCHOR else most


class _Points:
    """Whether the point after a word is its own: by the text's habit ("kr." or "kr"), seen where no sentence ends."""

    # As much text as shows a habit.
    _SAMPLE = 400_000
    _SENTENCE_END = re.compile(r"\.(?:\s*$|\s*\n\s*\n|\s+[A-ZÆØÅÄÖ–—•\"«»(]|\s*\n\s*[•*\-])")

    def __init__(self, reading: Reading) -> None:
        self._text = reading.text
        self._dotted = reading.words.dotted
        self._habits: dict[str, bool] = {}

    def belongs(self, quantity: Quantity) -> bool:
        """Whether a quantity ends with a point of its own."""
        token = quantity.last
        if token is None or not token.dot or token.end != quantity.end:
            return False
        scale = token.unit.kind in ("scale", "scaled")
        if token.word != "kr" and not (scale and len(token.word) <= LONGEST_ABBREVIATION):
            return False
        return self._SENTENCE_END.match(self._text, quantity.end) is None or self._is_habit(token.word)

    def _is_habit(self, word: str) -> bool:
        if word not in self._habits:
            text = self._text[: self._SAMPLE]
            plain = f"(?<![^\\W\\d_])(?i:{re.escape(word)})"
            own = len(re.findall(plain + r"\.[ \u00a0]?[a-zæøåäö\d,;)(/]", text))
            none = len(re.findall(plain + r"[ \u00a0\n,;)]", text))
            self._habits[word] = own > none or (own == none and word in self._dotted)
        return self._habits[word]


# --- Money, or a count of something.

# So far from an amount its sentence is looked at, and so near a word beats one that is farther.
_SENTENCE = 260
_NEAR = 60
_STOP = re.compile(r"[.!?]\s+(?=[A-ZÆØÅÄÖ–—•])|\n\s*\n|\n\s*[•*\-|#]")


def _keep_money(reading: Reading) -> None:
    """Leave out the quantities that count things: people, cars, tonnes."""
    any_currency = any(quantity.has_currency for quantity in reading.quantities)
    reading.quantities = [
        quantity
        for quantity in reading.quantities
        if quantity.has_currency or _is_money(reading, quantity, any_currency)
    ]


def _is_money(reading: Reading, quantity: Quantity, any_currency: bool) -> bool:
    """Whether a number with a scale and no currency is money: the words of its sentence say so, else the document."""
    if quantity.factor <= 1 or _counts_next(reading, quantity.after, quantity.factor):
        return False
    text, low, words = reading.text, reading.low, reading.words
    first = max(0, quantity.start - _SENTENCE)
    for stop in _STOP.finditer(text, first, quantity.start):
        first = stop.end()
    last = min(len(text), quantity.end + _SENTENCE)
    if stopped := _STOP.search(text, quantity.end, last):
        last = stopped.start()
    sentence = low[first:last]
    counts = any(word in sentence for word in words.counts)
    if any(word in sentence for word in words.money):
        near = low[max(first, quantity.start - _NEAR) : min(last, quantity.end + _NEAR)]
        return not counts or any(word in near for word in words.money)
    return not counts and any_currency


def _counts_next(reading: Reading, end: int, factor: int) -> bool:
    """Whether a word follows that a number could count: "1 mio. elbiler".

    Thousands of millions are money unless the word is known to be counted; a Nordic word in -s is a passive verb.
    """
    words = reading.words
    match = NEXT_WORD.match(reading.low, end)
    if match is None:
        return False
    word = match[1]
    if word is None:
        return reading.low[match.end() : match.end() + 1] in ("%", "°")
    if word in words.after:
        return False
    passive = word.endswith("s") and len(word) > 4 and words.code != "en"
    if factor >= 10**9 or passive:
        return word.startswith(tuple(stem.strip() for stem in words.counts)) or len(word) < 3
    return True


# --- The currency that the words leave unsaid.

_SAME_SENTENCE = 500
_CROWNS = ("DKK", "NOK", "SEK", "ISK")
# What an English text calls the countries that have a krone.
_COUNTRIES = {"NOK": ("norw", "oslo"), "DKK": ("dan", "denmark"), "SEK": ("swed", "stockholm")}


def _settle_currencies(reading: Reading) -> None:
    """Give every quantity a currency: its own, else its sentence's, else the document's, else the language's."""
    named = Counter(quantity.currency for quantity in reading.quantities if quantity.named)
    plain = any(quantity.has_currency and not quantity.named for quantity in reading.quantities)
    home = _krone_of(reading.low, named) if plain and reading.words.code == "en" else reading.words.currency
    usual = named.most_common(1)[0][0] if named and not plain else home
    last: Quantity | None = None
    for quantity in reading.quantities:
        if not quantity.named:
            near = last if last is not None and _in_one_sentence(reading, last, quantity) else None
            last = near
            if not quantity.has_currency:
                quantity.currency = near.currency if near is not None else usual
            else:
                crown = near is not None and near.currency in _CROWNS
                quantity.currency = near.currency if near is not None and crown else home
        if quantity.named or last is None or quantity.has_currency:
            last = quantity


def _krone_of(low: str, named: Counter[str]) -> str:
    """Which krone an English text means, which has none of its own: of the country that it names most."""
    crowns = Counter({code: named[code] for code in _COUNTRIES if named[code]})
    for code, names in _COUNTRIES.items():
        crowns[code] += sum(low.count(name) for name in names)
    return crowns.most_common(1)[0][0]


def _in_one_sentence(reading: Reading, left: Quantity, right: Quantity) -> bool:
    near = right.start - left.end <= _SAME_SENTENCE
    return near and _STOP.search(reading.text, left.end, right.start) is None


# --- Qualifiers: "more than", "or more".

_WORDS = re.compile(r"[^\s,;:()\[\]|–—\"«»„“”]+")
_LONGEST_PHRASE = 5
_MOST_FILLERS = 3


def _qualifier_before(reading: Reading, start: int) -> tuple[str, int]:
    """The qualifier code of the words that end before `start`, and where they begin; ("", start) for none."""
    low, words = reading.low, reading.words
    last = low[max(0, start - 24) : start].rsplit(None, 1)[-1:]
    if not last or last[0].strip("~*_'().,") not in words.qualifier_ends:
        return "", start
    window = max(0, start - 48)
    spoken = list(_WORDS.finditer(low, window, start))
    if spoken and window and spoken[0].start() == window:
        spoken = spoken[1:]  # it may begin before
    spoken = spoken[-6:]
    gap = low[spoken[-1].end() : start] if spoken else ""
    if not spoken or gap.strip(" \t\u00a0\u202f\r\n*_") or gap.count("\n") > 1:
        return "", start
    for fillers in range(min(_MOST_FILLERS + 1, len(spoken))):
        ending = len(spoken) - fillers
        if fillers and tuple(match[0] for match in spoken[ending:]) not in words.filler:
            continue
        phrase = _longest([match[0] for match in spoken[:ending]], words.qualifier)
        if phrase is None:
            continue
        code, length = phrase
        # Nothing but blanks between the words of the phrase and to the filler.
        chosen = spoken[ending - length :]
        if all(low[before.end() : after.start()].isspace() for before, after in pairwise(chosen[: length + 1])):
            return code, chosen[0].start()
    return "", start


def _longest(words: Sequence[str], phrases: Mapping[tuple[str, ...], str]) -> tuple[str, int] | None:
    """What the longest phrase says that the words end in, and how many of them it has."""
    plain = tuple(word.rstrip(".").lstrip("~*_'") for word in words[-_LONGEST_PHRASE:])
    for first in range(len(plain)):
        if (code := phrases.get(plain[first:])) is not None:
            return code, len(plain) - first
    return None


def _qualifier_after(reading: Reading, end: int) -> str:
    """The qualifier code of the words that follow an amount ("eller mer"); "" for none."""
    following = reading.low[end : end + 24].split("\n\n")[0].split(".")[0]
    spoken = _WORDS.findall(following)
    for length in (3, 2):
        if code := reading.words.qualifier_after.get(tuple(spoken[:length])):
            return code
    return ""
