"""What stands around each amount, and the few questions about it that every rule asks.

The rules themselves are functions of this: `roles`, `stages`, `programmes`, `periods`, `parties`, `links`.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from kg.draft.cues import Hit
from kg.draft.mentions import MOST_ANCHOR, Mention, Span
from kg.draft.names import Found
from kg.draft.proposals import Proposal, anchor_of, plain_line
from kg.draft.structure import Block
from kg.draft.survey import Survey

_NONE: Sequence[Hit] = ()
_start = attrgetter("start")
_new = tuple.__new__
# A longer list of cues is searched, not read through.
_FEW = 8
# So many amounts before and after one may say something of it; what is farther is not kept.
NEIGHBOURS = 12
# The programmes named last that a section is known by.
_SECTION = 6


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
    section: Sequence[Found]
    speaker: tuple[str, Span] | None = None
    # What has been read of the amount so far.
    programme: tuple[Found | None, Span, str, float] | None = None
    role: Sequence[Proposal] | None = None
    period: Proposal | None = None

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
        # Whether the document as a whole is a government's proposal.
        self.government_proposes = survey.stage is not None and survey.stage.code == "proposed"
        # Of the amounts near the one that is spoken of.
        self.places: dict[int, Place] = {}
        # Of all amounts: the programme that an amount's own sentence names; who speaks, where only a surname is
        # said; why something stays open although words speak of it, by amount and aspect.
        self.sure_programmes: dict[int, str] = {}
        self.surnames: dict[int, str] = {}
        self.left_open: dict[tuple[int, str], str] = {}
        self._section: list[Found] = []
        self._intro: Block | None = None
        self._block: Block | None = None
        self._previous: Block | None = None
        self._said: Sentence | None = None
        self._located = 0

    def come_to(self, index: int) -> None:
        """Read on to the last neighbour of the amount at `index`, and forget what lies behind the first."""
        while self._located <= index + NEIGHBOURS and self._located < len(self.mentions):
            self.places[self._located] = self._locate(self._located)
            self._located += 1
        passed = index - NEIGHBOURS - 1
        if passed >= 0:
            del self.places[passed]

    def _locate(self, index: int) -> Place:
        mention = self.mentions[index]
        for block in self.survey.blocks_to(mention.start):
            self._enter(block)
        at, said = self._block, self._said
        assert at is not None
        if said is None or not said.span[0] <= mention.start < said.span[1]:
            said = self._said = _sentence(at, at.sentence(self.text, mention.start))
        start, end = said.span
        before = self.mentions[index - 1].end if index else 0
        after = self.mentions[index + 1].anchor[0] if index + 1 < len(self.mentions) else end
        place = Place(
            at,
            said,
            max(start, before),
            min(end, after),
            self._intro if at.kind == "item" else None,
            self._previous,
            self._section if at.kind != "item" else (),
        )
        for (first, last), name in at.quotes:
            if first <= mention.start < last:
                place.speaker = self.text[name[0] : name[1]], name
        return place

    def _enter(self, block: Block) -> None:
        """The next block: what rules over it, and what the section has named so far."""
        self._previous, self._block = self._block, block
        if block.kind == "heading":
            self._section, self._intro = [], None
        elif block.kind == "intro":
            self._intro = block
        elif block.kind == "paragraph":
            self._intro = None
        if block.names:
            programmes = [name for name in block.names if name.name.kind == "programme"]
            self._section = (self._section + programmes)[-_SECTION:]

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
        if span[1] - span[0] > MOST_ANCHOR:
            span = anchor_of(self.text, *span)
        # As Proposal(…) makes it, in half the time.
        return _new(Proposal, (index, aspect, value, label, span, reason, confidence, known))

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
        return plain_line(self.text[hit[0] : hit[1]])

    def after(self, index: int, aspect: str) -> Sequence[Hit]:
        """Cues of the amount's own part of the sentence, after it."""
        place = self.places[index]
        hits = place.said.hits.get(aspect)
        return between(hits, self.mentions[index].end, place.ceiling) if hits else _NONE


def between(hits: Sequence[Hit], first: int, last: int) -> Sequence[Hit]:
    """Those of `hits` that begin from `first` to before `last`."""
    if not hits or hits[0][0] >= last or hits[-1][0] < first:
        return _NONE
    if first <= hits[0][0] and hits[-1][0] < last:
        return hits
    if len(hits) > _FEW:
        at = bisect_left(hits, first, key=_start)
        return hits[at : max(at, bisect_left(hits, last, at, key=_start))]
    return [hit for hit in hits if first <= hit[0] < last]


def _sentence(block: Block, span: Span) -> Sentence:
    start, end = span
    hits: Mapping[str, Sequence[Hit]] = block.hits
    times: Sequence[Hit] = block.times
    names: Sequence[Found] = block.names
    if len(block.sentences) != 1 or block.sentences[0] != span:
        hits = {
            aspect: found
            for aspect, of in block.hits.items()
            # Most are in another sentence altogether.
            if of[0][0] < end and of[-1][0] >= start and (found := between(of, start, end))
        }
        times = between(times, start, end) if times else times
        names = [found for found in names if start <= found.start < end] if names else names
    return Sentence(
        span,
        hits,
        times,
        [found for found in names if found.name.kind == "organisation"] if names else (),
        [found for found in names if found.name.kind == "programme"] if names else (),
    )
