"""What stands around each amount, and the few questions about it that every rule asks.

The rules themselves are functions of this: `roles`, `stages`, `programmes`, `periods`, `parties`, `links`.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from kg.draft.cues import Hit
from kg.draft.mentions import Mention, Span
from kg.draft.names import Found
from kg.draft.proposals import Proposal, anchor_of, plain_line
from kg.draft.structure import Block
from kg.draft.survey import Survey

_NONE: Sequence[Hit] = ()
_start = attrgetter("start")
# A longer list of cues is searched, not read through.
_FEW = 8


@dataclass(slots=True)
class Sentence:
    """A sentence with amounts: its cues by aspect, its times, the bodies and programmes that it names."""

    span: Span
    hits: Mapping[str, Sequence[Hit]]
    times: Sequence[Hit]
    bodies: Sequence[Found]
    programmes: Sequence[Found]


@dataclass(slots=True)
class Place:
    """Where an amount stands: its block and sentence, and what rules over the block.

    `floor`, `ceiling`: the amount's own part of the sentence, from the amount before it to the next.
    """

    block: Block
    said: Sentence
    floor: int
    ceiling: int
    intro: Block | None
    previous: Block | None
    section: tuple[Found, ...]
    speaker: tuple[str, Span] | None = None

    @property
    def sentence(self) -> Span:
        """Where the sentence begins and ends."""
        return self.said.span


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
        self.known_roles: dict[int, Sequence[Proposal]] = {}
        self.known_periods: dict[int, Proposal] = {}
        # Why something stays open although words speak of it, by amount and aspect.
        self.left_open: dict[tuple[int, str], str] = {}

    def _locate(self) -> None:
        section: list[Found] = []
        intro: Block | None = None
        reached = -1
        said: Sentence | None = None
        before = 0
        for index, mention in enumerate(self.mentions):
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
            if said is None or not said.span[0] <= mention.start < said.span[1]:
                said = _sentence(block, block.sentence(mention.start))
            start, end = said.span
            after = self.mentions[index + 1].anchor[0] if index + 1 < len(self.mentions) else end
            place = Place(
                block,
                said,
                max(start, before),
                min(end, after),
                intro if block.kind == "item" else None,
                self.survey.blocks[at - 1] if at else None,
                tuple(section[-6:]) if block.kind != "item" else (),
            )
            for (first, last), name in block.quotes:
                if first <= mention.start < last:
                    place.speaker = self.text[name[0] : name[1]], name
            self.places.append(place)
            before = mention.end

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

    def hits(self, block: Block | None, aspect: str, *codes: str, within: Span | None = None) -> Sequence[Hit]:
        """The cues of one aspect in a block, of some codes, within a part of it; in the text's order."""
        hits: Sequence[Hit] | None = block.hits.get(aspect) if block is not None else None
        if not hits:
            return _NONE
        if within is not None:
            hits = between(hits, *within)
        return [hit for hit in hits if hit.code in codes] if codes else hits

    def quoted(self, hit: Hit | Found) -> str:
        """The words of a cue or name as the text has them, on one line."""
        return plain_line(self.text[hit.start : hit.end])

    def after(self, index: int, aspect: str) -> Sequence[Hit]:
        """Cues of the amount's own part of the sentence, after it."""
        place = self.places[index]
        hits = place.said.hits.get(aspect)
        return between(hits, self.mentions[index].end, place.ceiling) if hits else _NONE


def between(hits: Sequence[Hit], first: int, last: int) -> Sequence[Hit]:
    """Those of `hits` that begin from `first` to before `last`."""
    if len(hits) > _FEW:
        at = bisect_left(hits, first, key=_start)
        return hits[at : max(at, bisect_left(hits, last, at, key=_start))]
    return [hit for hit in hits if first <= hit.start < last]


def _sentence(block: Block, span: Span) -> Sentence:
    start, end = span
    hits: Mapping[str, Sequence[Hit]] = block.hits
    times: Sequence[Hit] = block.times
    names: Sequence[Found] = block.names
    if len(block.sentences) != 1 or block.sentences[0] != span:
        hits = {aspect: found for aspect, of in block.hits.items() if (found := between(of, start, end))}
        times = between(times, start, end)
        names = [found for found in names if start <= found.start < end]
    return Sentence(
        span,
        hits,
        times,
        [found for found in names if found.name.kind == "organisation"],
        [found for found in names if found.name.kind == "programme"],
    )
