"""What stands around each amount, and the few questions about it that every rule asks.

The rules themselves are functions of this: `roles`, `stages`, `programmes`, `periods`, `parties`, `links`.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from kg.draft.cues import Hit
from kg.draft.mentions import Mention, Span
from kg.draft.names import Found
from kg.draft.proposals import Proposal, anchor_of, plain_line
from kg.draft.structure import Block
from kg.draft.survey import Survey


@dataclass(slots=True)
class Place:
    """Where an amount stands: its block and sentence, and what rules over the block."""

    block: Block
    sentence: Span
    intro: Block | None
    previous: Block | None
    section: tuple[Found, ...]
    speaker: tuple[str, Span] | None = None


class Around:
    """What stands around the amounts of one text, and what has been read of them so far."""

    def __init__(self, survey: Survey, mentions: Sequence[Mention], date: datetime.date | None) -> None:
        self.survey = survey
        self.text = survey.text
        self.low = survey.low
        self.mentions = mentions
        self.date = date
        self.places: list[Place] = []
        self._locate()
        self.known_programmes: dict[int, tuple[Found | None, Span, str, float]] = {}
        self.known_roles: dict[int, list[Proposal]] = {}
        self.known_periods: dict[int, Proposal] = {}
        # Why something stays open although words speak of it, by amount and aspect.
        self.left_open: dict[tuple[int, str], str] = {}

    def _locate(self) -> None:
        section: list[Found] = []
        intro: Block | None = None
        reached = -1
        for mention in self.mentions:
            at = bisect_right(self.survey.starts, mention.start) - 1
            while reached < at:
                reached += 1
                block = self.survey.blocks[reached]
                if block.kind == "heading":
                    section, intro = [], None
                if block.kind == "intro":
                    intro = block
                elif block.kind == "paragraph":
                    intro = None
                section += [name for name in block.names if name.name.kind == "programme"]
            block = self.survey.blocks[at]
            place = Place(
                block,
                block.sentence(mention.start),
                intro if block.kind == "item" else None,
                self.survey.blocks[at - 1] if at else None,
                tuple(section[-6:]) if block.kind != "item" else (),
            )
            for (first, last), name in block.quotes:
                if first <= mention.start < last:
                    place.speaker = self.text[name[0] : name[1]], name
            self.places.append(place)

    def say(
        self,
        index: int,
        aspect: str,
        value: str,
        span: Span,
        reason: str,
        confidence: float,
        label: str = "",
        known: bool = True,
    ) -> Proposal:
        """A proposal about the amount at `index`, its words cut to an anchor."""
        return Proposal(index, aspect, value, label, anchor_of(self.text, *span), reason, confidence, known)

    def hits(self, block: Block | None, aspect: str, *codes: str, within: Span | None = None) -> list[Hit]:
        """The cues of one aspect in a block, of some codes, within a part of it; in the text's order."""
        hits = block.hits.get(aspect) if block is not None else None
        if not hits:
            return []
        if within is None:
            return [hit for hit in hits if not codes or hit.code in codes]
        first, last = within
        if not codes:
            return [hit for hit in hits if first <= hit.start < last]
        return [hit for hit in hits if first <= hit.start < last and hit.code in codes]

    def quoted(self, hit: Hit | Found) -> str:
        """The words of a cue or name as the text has them, on one line."""
        return plain_line(self.text[hit.start : hit.end])

    def floor(self, index: int) -> int:
        """Where the part of the sentence before the amount begins: after the amount before it."""
        start = self.places[index].sentence[0]
        return max(start, self.mentions[index - 1].end) if index else start

    def ceiling(self, index: int) -> int:
        """Where the part of the sentence after the amount ends: before the next amount."""
        end = self.places[index].sentence[1]
        return min(end, self.mentions[index + 1].anchor[0]) if index + 1 < len(self.mentions) else end

    def after(self, index: int, aspect: str, *codes: str) -> list[Hit]:
        """Cues of the amount's own part of the sentence, after it."""
        return self.hits(
            self.places[index].block, aspect, *codes, within=(self.mentions[index].end, self.ceiling(index))
        )
