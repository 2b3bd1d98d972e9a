"""What is proposed of the amounts of a text, and what is left open.

Every proposal has an anchor of its own, a reason and a confidence. What no rule reads is left open, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.draft.mentions import MOST_ANCHOR, Mention, Span

ASPECTS = ("role", "basis", "stage", "kind", "novelty", "period", "proposer", "payer", "recipient", "programme")
# Aspects without which a commitment is not whole.
NEEDED = ("role", "stage", "kind", "payer", "period")


class Proposal(NamedTuple):
    """One thing that the text says of one amount.

    `mention`: index of the amount. `value`: a code, an IRI, a period "2008-01-01/2010-12-31" (an end may be
    empty), the index of another amount (sameAs, partOf, increaseTo), or a name as the text has it (then `known` is
    false). `anchor`: the words that say so.
    """

    mention: int
    aspect: str
    value: str
    label: str
    anchor: Span
    reason: str
    confidence: float
    known: bool = True


class Open(NamedTuple):
    """Something that the text does not say of an amount, or not in words that a rule reads."""

    mention: int
    aspect: str
    why: str


@dataclass(slots=True)
class Draft:
    """A text with its amounts and what is proposed of them."""

    text: str
    language: str
    mentions: Sequence[Mention]
    proposals: list[Proposal] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)

    def by_mention(self) -> dict[int, list[Proposal]]:
        """The proposals of each amount."""
        grouped: dict[int, list[Proposal]] = {}
        for proposal in self.proposals:
            grouped.setdefault(proposal.mention, []).append(proposal)
        return grouped


def anchor_of(text: str, start: int, end: int) -> Span:
    """A span cut to at most 40 characters, at the end of a word where there is one."""
    if end - start <= MOST_ANCHOR:
        return start, end
    cut = text.rfind(" ", start, start + MOST_ANCHOR + 1)
    return start, cut if cut > start else start + MOST_ANCHOR


def plain_line(words: str) -> str:
    """Words on one line, blanks evened."""
    return " ".join(words.split())
