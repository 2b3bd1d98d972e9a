"""What the words around an amount say of it: role, stage, period, payer, recipient, programme, speaker, parts.

Every proposal has an anchor of its own, a reason and a confidence. What no rule reads is left open, never guessed.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.draft.cues import Hit, cues, read_cues, words_of
from kg.draft.lexicon import lexicon
from kg.draft.mentions import MOST_ANCHOR, Mention, Span
from kg.draft.names import Found, Name, Names
from kg.draft.structure import Block, blocks_of, find_quotes
from kg.draft.tokens import lower

ASPECTS = ("role", "basis", "stage", "kind", "novelty", "period", "proposer", "payer", "recipient", "programme")
# Aspects without which a commitment is not whole.
NEEDED = ("role", "stage", "kind", "payer", "period")
_LEAD = 5
# So many blocks before an amount may name what it is for.
_BEFORE = 6


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing that the text says of one amount.

    `mention`: index of the amount. `value`: a code, an IRI, a period "2008-01-01/2010-12-31" (an end may be empty),
    the index of another amount (sameAs, partOf, increaseTo), or a name as the text has it (then `known` is false).
    `anchor`: the words that say so.
    """

    mention: int
    aspect: str
    value: str
    label: str
    anchor: Span
    reason: str
    confidence: float
    known: bool = True


@dataclass(frozen=True, slots=True)
class Open:
    """Something that the text does not say of an amount, or not in words that a rule reads."""

    mention: int
    aspect: str
    why: str


@dataclass(slots=True)
class Place:
    """Where an amount stands: its block and sentence, and what rules over the block."""

    block: Block
    sentence: Span
    intro: Block | None
    previous: Block | None
    section: tuple[Found, ...]
    speaker: tuple[str, Span] | None = None


@dataclass(slots=True)
class Draft:
    """A text with its amounts and what is proposed of them."""

    text: str
    language: str
    mentions: Sequence[Mention]
    proposals: list[Proposal] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)

    def of(self, mention: int, aspect: str) -> list[Proposal]:
        """The proposals of one aspect of one amount."""
        return [p for p in self.by_mention().get(mention, ()) if p.aspect == aspect]

    def by_mention(self) -> dict[int, list[Proposal]]:
        """The proposals of each amount."""
        grouped: dict[int, list[Proposal]] = {}
        for proposal in self.proposals:
            grouped.setdefault(proposal.mention, []).append(proposal)
        return grouped


def propose(
    text: str, language: str, mentions: Sequence[Mention], names: Sequence[Name], date: datetime.date | None = None
) -> Draft:
    """Read what stands around each amount. `names` are those that the graph knows; `date` is the document's."""
    from kg.draft.around import Around

    draft = Draft(text, language, mentions)
    if not mentions:
        return draft
    survey = Survey(text, language, names, [mention.start for mention in mentions])
    around = Around(survey, mentions, date)
    for index in range(len(mentions)):
        draft.proposals += around.about(index)
    draft.proposals = around.repeated(draft.proposals)
    given = {(proposal.mention, proposal.aspect) for proposal in draft.proposals}
    for index in range(len(mentions)):
        for aspect in NEEDED:
            if (index, aspect) not in given:
                draft.open.append(Open(index, aspect, f"no words about the {aspect} are near"))
    draft.proposals.sort(
        key=lambda p: (p.mention, ASPECTS.index(p.aspect) if p.aspect in ASPECTS else 99, p.value)
    )
    return draft


class Survey:
    """A text read block by block: cues, names, quotations, and what the document as a whole says."""

    def __init__(self, text: str, language: str, names: Sequence[Name], places: Sequence[int]) -> None:
        self.text = text
        self.low = lower(text)
        self.words = lexicon(language)
        self.cues = cues(language)
        self.phrases = read_cues(language)
        country = self.words.country
        self.names = Names(names, country)
        self.country = country
        self.people: dict[str, str] = {}
        self.state = next(
            (
                n
                for n in names
                if n.country == country
                and n.kind == "organisation"
                and n.iri.rsplit("/", 1)[-1].startswith("staten-")
            ),
            None,
        )
        self._known_people = {n.label: n.iri for n in names if n.kind == "person"}
        self.blocks = list(blocks_of(text))
        self.starts = [block.start for block in self.blocks]
        for index in self._worth_reading(places):
            self._read(self.blocks[index])
        self.stage = self._document_stage()
        self.budget_year = self._document_year()
        self.horizon = self._document_horizon()
        self.government = self._document_government()

    def _worth_reading(self, places: Sequence[int]) -> list[int]:
        """The blocks that can say something of an amount: its own, those before it, what leads and what heads."""
        wanted = set(range(min(_LEAD * 4, len(self.blocks))))
        wanted.update(i for i, block in enumerate(self.blocks) if block.kind in ("heading", "intro"))
        reached = 0
        for place in places:
            at = bisect_right(self.starts, place) - 1
            wanted.update(range(max(reached, at - _BEFORE), at + 1))
            reached = max(reached, at)
        return sorted(wanted)

    def _read(self, block: Block) -> None:
        words = words_of(self.low, block.start, block.end)
        for hit in self.cues.find(words):
            block.hits.setdefault(hit.aspect, []).append(hit)
        block.names = self.names.find(self.text, words)
        block.quotes = find_quotes(self.text, block)
        for _, (first, last) in block.quotes:
            name = self.text[first:last]
            if " " in name:
                self.people.setdefault(name.rsplit(" ", 1)[-1], name)

    def cues_of(self, aspect: str, code: str) -> list[str]:
        """The phrases of one cue."""
        return self.phrases.get(aspect, {}).get(code, [])

    def person(self, name: str) -> tuple[str, bool]:
        """The IRI of a person whom the graph knows, or the whole name that the text gives; and which it is."""
        whole = name if " " in name else self.people.get(name, name)
        iri = self._known_people.get(whole)
        return (iri, True) if iri else (whole, False)

    def _leading(self) -> list[Block]:
        return [block for i, block in enumerate(self.blocks) if i < _LEAD or block.kind in ("heading", "intro")]

    def _document_stage(self) -> Hit | None:
        votes: dict[str, list[Hit]] = {}
        for block in self._leading():
            for hit in block.hits.get("stage", ()):
                if hit.code != "pledged":
                    votes.setdefault(hit.code, []).append(hit)
        if not votes:
            return None
        best = max(votes, key=lambda code: (len(votes[code]), -votes[code][0].start))
        return votes[best][0]

    def _document_year(self) -> Hit | None:
        years = [
            hit
            for block in self._leading()
            for hit in block.hits.get("period", ())
            if hit.code == "year"
            and hit.number
            and "budsj" in self.low[hit.start : hit.end]
        ]
        found = {hit.number for hit in years}
        return years[0] if len(found) == 1 else None

    def _document_horizon(self) -> tuple[int, Hit] | None:
        """The first year of "the next N years" where the text names the last one: ("until 2010", "three years")."""
        ends: dict[int, Hit] = {}
        lengths: set[int] = set()
        for block in self.blocks[:400]:
            for hit in block.hits.get("period", ()):
                if hit.number is None:
                    continue
                if hit.code == "until":
                    ends.setdefault(hit.number, hit)
                elif hit.code == "next_years":
                    lengths.add(hit.number)
        if len(ends) == 1 and len(lengths) == 1:
            end, hit = next(iter(ends.items()))
            return end - next(iter(lengths)) + 1, hit
        return None

    def _document_government(self) -> Found | None:
        found = [name for block in self.blocks[:400] for name in block.names if name.name.kind == "government"]
        return found[0] if len({name.name.iri for name in found}) == 1 else None


def anchor_of(text: str, start: int, end: int) -> Span:
    """A span cut to at most 40 characters, at the end of a word where there is one."""
    if end - start <= MOST_ANCHOR:
        return start, end
    cut = text.rfind(" ", start, start + MOST_ANCHOR + 1)
    return start, cut if cut > start else start + MOST_ANCHOR


def plain_line(words: str) -> str:
    """Words on one line, blanks evened."""
    return re.sub(r"\s+", " ", words).strip()
