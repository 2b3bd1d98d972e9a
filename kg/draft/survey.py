"""A text read once, block by block: cues, names, quotations, and what the whole document says.

What is read of a block is several times as long as the block, so it is read when the amounts come to it and
forgotten when they have passed; only what heads and leads is read ahead.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from itertools import islice

from kg.draft.cues import Hit, cues, read_cues
from kg.draft.lexicon import lexicon
from kg.draft.names import Found, Name, Names
from kg.draft.passage import Passage
from kg.draft.structure import Block, blocks_of, find_quotes
from kg.draft.tokens import lower
from kg.draft.vocabulary import Vocabulary

_LEAD = 5
# So many blocks before an amount may name what it is for.
_BEFORE = 6
# So near after "more than" a year is only compared with.
_COMPARED = 40
# The blocks that may say what holds for the whole document.
_FOREMOST = 400


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
        self.vocabulary = Vocabulary(self.cues, self.names)
        self.country = country
        # By surname: where a whole name first stands, and the name.
        self.people: dict[str, tuple[int, str]] = {}
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
        self._bodies: dict[str, Found | None] = {}
        self._known_people = {n.label: n.iri for n in names if n.kind == "person"}
        blocks = list(blocks_of(text))
        _want(blocks, places)
        self._foremost = blocks[:_FOREMOST]
        self._leading = [b for i, b in enumerate(blocks) if i < _LEAD or b.kind in ("heading", "intro")]
        for block in (*self._leading, *self._foremost):
            self._read(block)
        # What is left of the text.
        self._blocks = deque(blocks)
        self.stage = self._document_stage()
        self.budget_year = self._document_year()
        self.horizon = self._document_horizon()
        self.government = self._document_government()

    def blocks_to(self, place: int) -> Sequence[Block]:
        """The blocks that begin at `place` or before it and were not handed out yet, read where they are wanted."""
        blocks = self._blocks
        if not blocks or blocks[0].start > place:
            return ()
        found = []
        while blocks and blocks[0].start <= place:
            block = blocks.popleft()
            self._read(block)
            found.append(block)
        return found

    def _read(self, block: Block) -> None:
        if block.read or not block.wanted:
            return
        block.read = True
        passage = Passage.of(self.low, block.start, block.end)
        cued, named = self.vocabulary.leads(passage)
        block.hits = self.cues.find(passage, cued)
        if "period" in block.hits:
            block.times = _times(block.hits["period"], block.hits.get("role", ()))
            years = [hit for hit in block.times if hit.code == "year"]
            block.year = years[0] if len({hit.number for hit in years}) == 1 else None
        block.names = self.names.find(self.text, passage, named)
        block.quotes = find_quotes(self.text, block)
        for _, (first, last) in block.quotes:
            name = self.text[first:last]
            if " " in name:
                surname = name.rsplit(" ", 1)[-1]
                self.people[surname] = min(self.people.get(surname, (first, name)), (first, name))

    def cues_of(self, aspect: str, code: str) -> list[str]:
        """The phrases of one cue."""
        return self.phrases.get(aspect, {}).get(code, [])

    def person(self, name: str) -> tuple[str, bool]:
        """The IRI of a person whom the graph knows, or the whole name that the text gives; and which it is."""
        whole = name if " " in name or name not in self.people else self.people[name][1]
        iri = self._known_people.get(whole)
        return (iri, True) if iri else (whole, False)

    def body(self, stem: str) -> Found | None:
        """The body that the text names first in words that begin with `stem`."""
        if stem not in self._bodies:
            self._bodies[stem] = next(
                (
                    found
                    for block in self._foremost
                    for found in block.names
                    if found.name.kind == "organisation" and self.low.startswith(stem, found.start, found.end)
                ),
                None,
            )
        return self._bodies[stem]

    def _document_stage(self) -> Hit | None:
        votes: dict[str, list[Hit]] = {}
        for block in self._leading:
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
            for block in self._leading
            for hit in block.hits.get("period", ())
            if hit.code == "year" and hit.number and "budsj" in self.low[hit.start : hit.end]
        ]
        found = {hit.number for hit in years}
        return years[0] if len(found) == 1 else None

    def _document_horizon(self) -> tuple[int, Hit] | None:
        """The first year of "the next N years" where the text names the last: "three years", "until 2010"."""
        ends: dict[int, Hit] = {}
        lengths: set[int] = set()
        for block in self._foremost:
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
        found = [name for block in self._foremost for name in block.names if name.name.kind == "government"]
        return found[0] if len({name.name.iri for name in found}) == 1 else None


def _want(blocks: Sequence[Block], places: Sequence[int]) -> None:
    """Mark the blocks that can say something of an amount: its own, those before it, what leads and what heads."""
    starts = [block.start for block in blocks]
    for block in islice(blocks, _LEAD * 4):
        block.wanted = True
    reached = 0
    for place in places:
        at = bisect_right(starts, place, reached) - 1
        if at > reached or not at:
            for block in blocks[max(reached, at - _BEFORE) : at + 1]:
                block.wanted = True
            reached = at
    for block in blocks:
        if block.kind in ("heading", "intro"):
            block.wanted = True


def _times(hits: Sequence[Hit], roles: Sequence[Hit]) -> list[Hit]:
    """The times but for those that an amount is only compared with: "more than in 2019"."""
    compared = sorted(hit.end for hit in roles if hit.code == "increase_after")
    if not compared:
        return list(hits)
    return [
        hit
        for hit in hits
        if (at := bisect_right(compared, hit.start) - 1) < 0 or hit.start - compared[at] > _COMPARED
    ]
