"""The reader: a text to its amounts.

Numbers are bound to the words beside them (`binding`), lend and borrow scale and currency (`sharing`, `tables`),
and what the sentence does not know as money is left out (`context`). Every step is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from kg.draft.atoms import Atom, Bound
from kg.draft.binding import bind
from kg.draft.context import keep_money, qualifier_after, qualifier_before, settle_currencies
from kg.draft.language import language_of
from kg.draft.lexicon import lexicon
from kg.draft.mentions import MOST_ANCHOR, Mention, Span
from kg.draft.sharing import share
from kg.draft.signs import take_signs
from kg.draft.tables import read_tables

_CLOSED = re.compile(r"\.(?:\s*$|\s*\n\s*\n|\s+[A-ZÆØÅÄÖ–—•\"«»(]|\s*\n\s*[•*\-])")
# As much text as shows a habit.
_HABIT_SAMPLE = 400_000
_LONGEST_SHORT = 5
_new = tuple.__new__
_CONFIDENCE = {"written": 0.98, "shared": 0.95, "table": 0.93, "context": 0.92}


def read_amounts(text: str, language: str | None = None) -> Sequence[Mention]:
    """Every amount of money in `text`, in order, with its place.

    `language` is one of da, nb, nn, sv, en; without it the text's own words decide, and English where there are
    none. Positions count code points of `text`.
    """
    words = lexicon(language or language_of(text) or "en")
    bound = bind(text, words)
    keep_money(bound)
    share(bound)
    take_signs(bound)
    read_tables(bound)
    settle_currencies(bound)
    habits = _Habits(bound)
    mentions: list[Mention] = []
    reached = 0
    for atom in bound.atoms:
        if atom.start < reached:
            continue
        mention = _mention(bound, atom, habits)
        mentions.append(mention)
        reached = mention.end
    return tuple(mentions)


class _Habits:
    """Whether the text writes "kr." or "kr", "mio." or "mio", seen where no sentence ends."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._known: dict[str, bool] = {}

    def point_belongs(self, word: str) -> bool:
        """Whether the point after `word` at the end of a sentence is the word's own."""
        if word not in self._known:
            text, words = self._bound.text[:_HABIT_SAMPLE], self._bound.words
            plain = f"(?<![^\\W\\d_])(?i:{re.escape(word)})"
            own = len(re.findall(plain + r"\.[ \u00a0]?[a-zæøåäö\d,;)(/]", text))
            none = len(re.findall(plain + r"[ \u00a0\n,;)]", text))
            self._known[word] = own > none or (own == none and word in words.dotted)
        return self._known[word]


def _mention(bound: Bound, atom: Atom, habits: _Habits) -> Mention:
    text = bound.text
    end = atom.end
    token = atom.last
    if token is not None and token.dot and token.end == end:
        at_close = _CLOSED.match(text, end) is not None
        short = token.word == "kr" or (
            token.unit.kind in ("scale", "scaled") and len(token.word) <= _LONGEST_SHORT
        )
        if short and (not at_close or habits.point_belongs(token.word)):
            end += 1
    code, qualified = qualifier_before(bound, atom.start)
    qualifier_text = text[qualified : atom.start].strip() if code else ""
    start = atom.start
    if not code:
        code = qualifier_after(bound, end)
    anchor = (qualified, end) if end - qualified <= MOST_ANCHOR else _anchor(start, atom, end)
    if atom.range:
        code = "range-" + atom.range
    scale = Decimal("0.01") if atom.minor else max(atom.factor, 1)
    ground = atom.ground if atom.has_currency or atom.ground != "written" else "context"
    confidence = _CONFIDENCE[ground]
    if atom.range or (atom.in_words and ground == "shared"):
        confidence = min(confidence, 0.94)
    # As Mention(…) makes it, in a third of the time.
    return _new(
        Mention,
        (
            start, end, text[start:end], atom.value * scale, atom.step * scale, atom.currency, atom.has_currency,
            code or "exact", qualifier_text, anchor, ground, atom.change, confidence,
        ),
    )  # fmt: skip


def _anchor(start: int, atom: Atom, end: int) -> Span:
    """The anchor of an amount that is too long with its qualifier: as much of number and units as it may hold."""
    if end - start <= MOST_ANCHOR:
        return start, end
    return start, max(min(start + MOST_ANCHOR, end), atom.number[1]) if atom.number[
        1
    ] - start <= MOST_ANCHOR else start + MOST_ANCHOR
