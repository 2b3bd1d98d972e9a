"""What a draft holds: amounts, what is proposed of them, and the figures and commitments that they make.

Every proposal has an anchor of its own, a reason and a confidence. What no rule reads is left open, never guessed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeVar

# From a code point to another, the second excluded.
Span = tuple[int, int]
# How the scale and currency came to the number: by words beside it, by a neighbour, by the head of a table,
# or by the sentence around it.
Ground = Literal["written", "shared", "table", "context"]
Change = Literal["", "from", "to"]

ASPECTS = ("role", "basis", "stage", "kind", "novelty", "period", "proposer", "payer", "recipient", "programme")
# Aspects without which a commitment is not whole.
NEEDED = ("role", "stage", "kind", "payer", "period")
# Aspects whose value is the index of another amount.
LINKS = ("sameAs", "partOf", "increaseTo", "changeFrom")

MOST_ANCHOR = 40
# What is proposed with less is left to the person who reads the draft.
_ENOUGH = 0.7
# So many commitments before and after a figure are looked at for the one that it belongs to.
_WINDOW = 25


@dataclass(slots=True)
class Mention:
    """One amount of money at one place in a text.

    `start`, `end`: from number or currency sign to the last word of the amount, the qualifier left out. `anchor`:
    the same with the qualifier, at most 40 characters. `value` and `step` (one unit of the last digit written) are
    in whole units of `currency`, an ISO 4217 code. `qualifier` is a code of the project's list, or range-low,
    range-high. `confidence`: how sure such a reading is.
    """

    start: int
    end: int
    text: str
    value: Decimal
    step: Decimal
    currency: str
    currency_stated: bool
    qualifier: str
    qualifier_text: str
    anchor: Span
    ground: Ground
    change: Change
    confidence: float

    def amount(self) -> str:
        """The value as plain digits, with a decimal point only where it is not whole."""
        return decimal_text(self.value)


@dataclass(slots=True)
class Proposal:
    """One thing that the text says of one amount.

    `mention`: index of the amount. `value`: a code, an IRI, a period "2008-01-01/2010-12-31" (an end may be
    empty), the index of another amount (LINKS), or a name as the text has it (then `known` is false). `anchor`:
    the words that say so.
    """

    mention: int
    aspect: str
    value: str
    label: str
    anchor: Span
    reason: str
    confidence: float
    known: bool = True


@dataclass(slots=True)
class Open:
    """Something that the text does not say of an amount, or not in words that a rule reads."""

    mention: int
    aspect: str
    why: str


_Item = TypeVar("_Item", Proposal, Open)


@dataclass(slots=True)
class Draft:
    """A text with its amounts and what is proposed of them."""

    text: str
    language: str
    mentions: Sequence[Mention]
    proposals: list[Proposal] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)


def decimal_text(value: Decimal) -> str:
    """`value` in plain decimal digits, exact, with no zeros at the end of its decimals."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def anchor_of(text: str, start: int, end: int) -> Span:
    """A span cut to at most 40 characters, at the end of a word where there is one."""
    if end - start <= MOST_ANCHOR:
        return start, end
    cut = text.rfind(" ", start, start + MOST_ANCHOR + 1)
    return start, cut if cut > start else start + MOST_ANCHOR


@dataclass(slots=True, eq=False)
class Figure:
    """One amount in one role and wording. `mentions`: indexes, the first that said it first."""

    mentions: list[int]
    rewords: Figure | None = None
    upper: int | None = None
    increase_to: Figure | None = None

    @property
    def first(self) -> int:
        """The first saying."""
        return self.mentions[0]


@dataclass(slots=True, eq=False)
class Commitment:
    """What some figures are about. `said`: the proposals that describe it, by aspect; `first`: its first saying."""

    first: int
    said: dict[str, list[Proposal]]
    figures: list[Figure] = field(default_factory=list)
    parts: list[Commitment] = field(default_factory=list)


class Commitments:
    """The figures and commitments of a draft, in the order in which the text first says them.

    Sayings of one fact become one figure with several anchors; another wording of it is a figure that rewords it.
    An increase joins the commitment of its programme; a level is a commitment of its own.
    """

    def __init__(self, draft: Draft) -> None:
        self._mentions = draft.mentions
        self.said: dict[int, dict[str, list[Proposal]]] = {}
        for proposal in draft.proposals:
            if proposal.confidence >= _ENOUGH:
                self.said.setdefault(proposal.mention, {}).setdefault(proposal.aspect, []).append(proposal)
        self._of: dict[Figure, Commitment] = {}
        self.figures = self._figures()
        figure_of = {index: figure for figure in self.figures for index in figure.mentions}
        for index, figure in figure_of.items():
            if (level := self.surest(index, "increaseTo")) is not None:
                figure.increase_to = figure_of.get(int(level.value))
        self.commitments = self._commitments()
        self._join_parts(figure_of)

    def surest(self, mention: int, aspect: str) -> Proposal | None:
        """The surest proposal of one aspect of one amount."""
        return max(self.said.get(mention, {}).get(aspect, ()), key=lambda p: p.confidence, default=None)

    def values(self, mention: int, aspect: str) -> frozenset[str]:
        """What is proposed of one aspect of one amount."""
        return frozenset(p.value for p in self.said.get(mention, {}).get(aspect, ()) if p.known)

    def role(self, figure: Figure) -> str:
        """The role of a figure: a code of the list, or "" where none was read."""
        role = self.surest(figure.first, "role")
        return role.value if role is not None else ""

    def of(self, figure: Figure) -> Commitment:
        """The commitment that a figure is about."""
        return self._of[figure]

    def _figures(self) -> list[Figure]:
        figures: list[Figure] = []
        # By the saying that said the fact first, then by wording.
        groups: dict[int, dict[tuple[str, frozenset[str]], Figure]] = {}
        upper_end = -1
        for index, mention in enumerate(self._mentions):
            if index == upper_end:
                continue
            if mention.qualifier == "range-low" and index + 1 < len(self._mentions):
                upper = self._mentions[index + 1]
                same_unit = upper.qualifier == "range-high" and upper.currency == mention.currency
                if same_unit and upper.value > mention.value:
                    upper_end = index + 1
                    figures.append(Figure([index], upper=upper_end))
                    continue
            same = self.surest(index, "sameAs")
            group = groups.setdefault(int(same.value) if same is not None else index, {})
            wording = mention.qualifier, self.values(index, "payer")
            if (figure := group.get(wording)) is not None:
                figure.mentions.append(index)
            else:
                figure = Figure([index], rewords=next(iter(group.values()), None))
                group[wording] = figure
                figures.append(figure)
        return figures

    def _commitments(self) -> list[Commitment]:
        commitments: list[Commitment] = []
        by_programme: dict[str, list[Commitment]] = {}
        for figure in sorted(self.figures, key=lambda f: self.role(f) != "level"):
            home: Commitment | None = None
            if figure.rewords is not None:
                home = self._of.get(figure.rewords)
            elif figure.increase_to is not None:
                home = self._of.get(figure.increase_to)
            elif (
                self.role(figure) != "level" and (programme := self.surest(figure.first, "programme")) is not None
            ):
                home = self._nearest(figure, by_programme.get(programme.value, []))
            if home is None:
                home = Commitment(figure.first, dict(self.said.get(figure.first, {})))
                commitments.append(home)
                for proposal in home.said.get("programme", ()):
                    by_programme.setdefault(proposal.value, []).append(home)
            home.figures.append(figure)
            home.first = min(home.first, figure.first)
            self._of[figure] = home
        return sorted(commitments, key=lambda commitment: commitment.first)

    def _nearest(self, figure: Figure, commitments: list[Commitment]) -> Commitment | None:
        """The commitment to the same programme whose amount stands nearest, where it is for the same time."""
        period = self.values(figure.first, "period")
        any_time = self.role(figure) == "cumulative" or not period
        at = bisect_left(commitments, figure.first, key=lambda c: c.first)
        near = (
            commitment
            for commitment in commitments[max(0, at - _WINDOW) : at + _WINDOW]
            if any_time or {p.value for p in commitment.said.get("period", ())} in (set(), period)
        )
        return min(near, key=lambda c: abs(c.first - figure.first), default=None)

    def _join_parts(self, figure_of: dict[int, Figure]) -> None:
        joined: set[frozenset[Commitment]] = set()
        for index, figure in figure_of.items():
            part = self.surest(index, "partOf")
            whole = figure_of.get(int(part.value)) if part is not None else None
            if whole is not None:
                outer, inner = self._of[whole], self._of[figure]
                pair = frozenset((outer, inner))
                if outer is not inner and pair not in joined:
                    joined.add(pair)
                    outer.parts.append(inner)


def by_mention(items: Iterable[_Item]) -> dict[int, list[_Item]]:
    """The proposals or open points of each amount."""
    grouped: dict[int, list[_Item]] = {}
    for item in items:
        grouped.setdefault(item.mention, []).append(item)
    return grouped
