"""What surrounds each amount of a text, what the document as a whole says, and the few questions that rules ask of it.

The rules themselves are functions of this: `rules.aspects`, `rules.parties`, `rules.relations`.
"""

from __future__ import annotations

import datetime
import re
import sys
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TypeVar

from kg.draft.lexicon import lexicon, read_cues
from kg.draft.model import Mention, Proposal, Span, anchor_of
from kg.draft.text import Block, blocks_of, lower, plain_line, sentences
from kg.draft.vocabulary import Entity, Hit, Name, Vocabulary

# So many amounts before and after one may say something of it.
NEIGHBOURS = 12
# The blocks that lead into a document, and those that may say what holds for the whole of it.
_LEAD = 5
_FOREMOST = 400
# So many blocks before an amount may name what it is for.
_BEFORE = 6
# So near after "more than" a year is only compared with.
_COMPARED = 40
# The programmes named last that a section is known by.
_SECTION = 6
# So far after "says" the name of the speaker may end.
_SPEAKER_REACH = 140
_OPENING = re.compile(r"[«“”\"»]|(?<![\w])[–−—-]\s?(?=\w)")
_PERSON = re.compile(r"(?:[A-ZÆØÅÄÖÉ][\w'’-]+)(?:\s+(?:[A-ZÆØÅÄÖÉ][\w'’-]+|von|af|de)){0,3}")
_SENTENCE_END = re.compile(r"[.!?]\s")
_Placed = TypeVar("_Placed", Hit, Entity)
_FEW = 8
_start = attrgetter("start")


@dataclass(slots=True)
class Passage(Block):
    """A block with what is read in it.

    `hits`: its cues by aspect. `times`: the cues of a time that money can be for; `year`: the only year of them.
    `quotes`: the spans that somebody says, with the words that name the speaker.
    """

    sentences: Sequence[Span] = ()
    hits: Mapping[str, Sequence[Hit]] = field(default_factory=dict)
    times: Sequence[Hit] = ()
    year: Hit | None = None
    entities: Sequence[Entity] = ()
    quotes: Sequence[tuple[Span, Span]] = ()

    def of(self, aspect: str) -> Sequence[Hit]:
        """The cues of one aspect, in the text's order."""
        return self.hits.get(aspect, ())


@dataclass(slots=True)
class Sentence:
    """A sentence with amounts: its cues by aspect, its times, the bodies and programmes that it names."""

    start: int
    end: int
    hits: Mapping[str, Sequence[Hit]]
    times: Sequence[Hit]
    bodies: Sequence[Entity]
    programmes: Sequence[Entity]

    def of(self, aspect: str) -> Sequence[Hit]:
        """The cues of one aspect, in the text's order."""
        return self.hits.get(aspect, ())


@dataclass(slots=True)
class Place:
    """Where an amount stands: its block and sentence, and what rules over the block.

    `floor`, `ceiling`: the amount's own part of the sentence, from the amount before it to the next. `intro`: the
    line over its list. `section`: the programmes that the section has named so far.
    """

    block: Passage
    sentence: Sentence
    floor: int
    ceiling: int
    intro: Passage | None
    previous: Passage | None
    section: Sequence[Entity]
    # What has been read of the amount: the role, the programme that its own sentence names, the period.
    role: str = ""
    programme: str | None = None
    period: str | None = None


class Context:
    """What surrounds the amounts of one text. `names` are those that the graph knows; `date` is the document's."""

    def __init__(
        self,
        text: str,
        language: str,
        mentions: Sequence[Mention],
        names: Sequence[Name],
        date: datetime.date | None = None,
    ) -> None:
        self.text = text
        self.low = lower(text)
        self.words = lexicon(language)
        self.cues = read_cues(language)
        self.mentions = mentions
        self.date = date
        # Why something stays open although words speak of it, by amount and aspect.
        self.left_open: dict[tuple[int, str], str] = {}
        self._vocabulary = Vocabulary(language, names)
        self._known_people = {name.label: name.iri for name in names if name.kind == "person"}
        self._bodies: dict[str, Entity | None] = {}
        blocks = [Passage(block.start, block.end, block.kind) for block in blocks_of(text)]
        for block in _that_matter(blocks, mentions):
            self._read(block)
        self._foremost = blocks[:_FOREMOST]
        self._whole_names = self._people(blocks)
        self.places = list(self._places(blocks))
        leading = [b for i, b in enumerate(blocks) if i < _LEAD or b.kind in ("heading", "intro")]
        self.stage = _document_stage(leading)
        self.budget_year = self._budget_year(leading)
        self.horizon = self._horizon()
        self.government = self._government()
        # Whether the document as a whole is a government's proposal.
        self.government_proposes = self.stage is not None and self.stage.code == "proposed"
        self.state = next((name for name in names if self._is_state(name)), None)

    # --- Reading.

    def _read(self, block: Passage) -> None:
        block.hits, block.entities = self._vocabulary.search(self.text, self.low, block.start, block.end)
        block.times = _times(block.of("period"), block.of("role"))
        years = [hit for hit in block.times if hit.code == "year"]
        block.year = years[0] if len({hit.number for hit in years}) == 1 else None
        block.quotes = list(self._quotes(block))

    def _quotes(self, block: Passage) -> Iterator[tuple[Span, Span]]:
        """What somebody says in a block: from a dash or quotation mark to the words that name who says it."""
        floor = block.start
        for hit in block.of("agent"):
            if hit.code != "says" or hit.start < floor:
                continue
            opening = _OPENING.search(self.text, floor, hit.start)
            name = _PERSON.search(self.text, hit.end, min(block.end, hit.end + _SPEAKER_REACH))
            if opening and name and not _SENTENCE_END.search(self.text[hit.end : name.start()]):
                yield (opening.start(), hit.start), name.span()
                floor = name.end()

    def _people(self, blocks: Sequence[Passage]) -> dict[str, str]:
        """The whole name that the text gives first, by surname."""
        spans = sorted(name for block in blocks for _, name in block.quotes)
        people: dict[str, str] = {}
        for start, end in spans:
            name = self.text[start:end]
            if " " in name:
                people.setdefault(name.rsplit(" ", 1)[-1], name)
        return people

    def _places(self, blocks: Sequence[Passage]) -> Iterator[Place]:
        following = iter(blocks)
        ahead = next(following, None)
        block: Passage | None = None
        previous: Passage | None = None
        intro: Passage | None = None
        section: list[Entity] = []
        sentence: Sentence | None = None
        for index, mention in enumerate(self.mentions):
            while ahead is not None and ahead.start <= mention.start:
                previous, block = block, ahead
                if block.kind == "heading":
                    section = []
                if block.kind != "item":
                    intro = block if block.kind == "intro" else None
                section = (section + of_kind(block.entities, "programme"))[-_SECTION:]
                ahead = next(following, None)
            assert block is not None
            if sentence is None or not sentence.start <= mention.start < sentence.end:
                sentence = self._sentence(block, mention.start)
            last = self.mentions[index + 1].anchor[0] if index + 1 < len(self.mentions) else sentence.end
            yield Place(
                block,
                sentence,
                floor=max(sentence.start, self.mentions[index - 1].end if index else 0),
                ceiling=min(sentence.end, last),
                intro=intro if block.kind == "item" else None,
                previous=previous,
                section=section if block.kind != "item" else (),
            )

    def _sentence(self, block: Passage, position: int) -> Sentence:
        """The sentence of a block that holds `position`."""
        if not block.sentences:
            block.sentences = list(sentences(self.text, block.start, block.end, self.words.abbreviations))
        start, end = block.start, block.end
        at = bisect_right(block.sentences, (position, sys.maxsize)) - 1
        if at >= 0 and position < block.sentences[at][1]:
            start, end = block.sentences[at]
        entities = between(block.entities, start, end)
        return Sentence(
            start,
            end,
            {aspect: inside for aspect, hits in block.hits.items() if (inside := between(hits, start, end))},
            between(block.times, start, end),
            of_kind(entities, "organisation"),
            of_kind(entities, "programme"),
        )

    # --- What the document as a whole says.

    def _budget_year(self, leading: Sequence[Passage]) -> Hit | None:
        years = [
            hit
            for block in leading
            for hit in block.of("period")
            if hit.code == "year" and hit.number and "budsj" in self.low[hit.start : hit.end]
        ]
        return years[0] if len({hit.number for hit in years}) == 1 else None

    def _horizon(self) -> tuple[int, Hit] | None:
        """The first year of "the next N years" where the text names the last: "three years", "until 2010"."""
        ends: dict[int, Hit] = {}
        lengths: set[int] = set()
        for block in self._foremost:
            for hit in block.of("period"):
                if hit.number is not None and hit.code == "until":
                    ends.setdefault(hit.number, hit)
                elif hit.number is not None and hit.code == "next_years":
                    lengths.add(hit.number)
        if len(ends) != 1 or len(lengths) != 1:
            return None
        ((end, hit),) = ends.items()
        return end - lengths.pop() + 1, hit

    def _government(self) -> Entity | None:
        governments = [entity for block in self._foremost for entity in of_kind(block.entities, "government")]
        return governments[0] if len({entity.name.iri for entity in governments}) == 1 else None

    def _is_state(self, name: Name) -> bool:
        ours = name.country == self.words.country and name.kind == "organisation"
        return ours and name.iri.rsplit("/", 1)[-1].startswith("staten-")

    # --- Questions of the rules.

    def person(self, name: str) -> tuple[str, bool]:
        """The IRI of a person whom the graph knows, or the whole name that the text gives; and which it is."""
        whole = name if " " in name else self._whole_names.get(name, name)
        iri = self._known_people.get(whole)
        return (iri, True) if iri else (whole, False)

    def body(self, beginning: str) -> Entity | None:
        """The body that the text names first in words with that beginning."""
        if beginning not in self._bodies:
            bodies = (
                entity
                for block in self._foremost
                for entity in of_kind(block.entities, "organisation")
                if self.low.startswith(beginning, entity.start, entity.end)
            )
            self._bodies[beginning] = next(bodies, None)
        return self._bodies[beginning]

    def propose(
        self,
        index: int,
        aspect: str,
        value: str,
        anchor: Span | Hit | Entity,
        reason: str,
        confidence: float,
        label: str = "",
        known: bool = True,
    ) -> Proposal:
        """A proposal about the amount at `index`; its words are cut to an anchor."""
        start, end = anchor if isinstance(anchor, tuple) else (anchor.start, anchor.end)
        return Proposal(index, aspect, value, label, anchor_of(self.text, start, end), reason, confidence, known)

    def propose_name(
        self, index: int, aspect: str, name: Name, anchor: Span | Hit | Entity, reason: str, confidence: float
    ) -> Proposal:
        """A proposal whose value is something that the graph knows."""
        return self.propose(index, aspect, name.iri, anchor, reason, confidence, name.label)

    def quoted(self, words: Hit | Entity) -> str:
        """The words of a cue or name as the text has them, on one line, in quotation marks."""
        return f"'{plain_line(self.text[words.start : words.end])}'"

    def after(self, index: int, aspect: str) -> Sequence[Hit]:
        """Cues of the amount's own part of the sentence, after it."""
        place = self.places[index]
        return between(place.sentence.of(aspect), self.mentions[index].end, place.ceiling)


def between(placed: Sequence[_Placed], first: int, last: int) -> Sequence[_Placed]:
    """The cues or names that begin from `first` to before `last`."""
    if len(placed) > _FEW:  # a longer list is searched, not read through
        placed = placed[bisect_left(placed, first, key=_start) : bisect_left(placed, last, key=_start)]
    return [item for item in placed if first <= item.start < last] if placed else placed


def with_code(hits: Sequence[Hit], *codes: str) -> list[Hit]:
    """The cues of some codes."""
    return [hit for hit in hits if hit.code in codes] if hits else []


def of_kind(entities: Sequence[Entity], kind: str) -> list[Entity]:
    """The entities of one kind."""
    return [entity for entity in entities if entity.name.kind == kind] if entities else []


def _that_matter(blocks: Sequence[Passage], mentions: Sequence[Mention]) -> Iterator[Passage]:
    """The blocks that can say something of an amount: its own, those before it, what leads and what heads."""
    wanted = set(range(min(_LEAD * 4, len(blocks))))
    wanted.update(i for i, block in enumerate(blocks) if block.kind in ("heading", "intro"))
    starts = [block.start for block in blocks]
    for mention in mentions:
        at = bisect_right(starts, mention.start) - 1
        wanted.update(range(max(0, at - _BEFORE), at + 1))
    yield from (blocks[index] for index in sorted(wanted))


def _times(hits: Sequence[Hit], roles: Sequence[Hit]) -> list[Hit]:
    """The times but for those that an amount is only compared with: "more than in 2019"."""
    compared = sorted(hit.end for hit in with_code(roles, "increase_after"))
    times: list[Hit] = []
    for hit in hits:
        at = bisect_right(compared, hit.start) - 1
        if at < 0 or hit.start - compared[at] > _COMPARED:
            times.append(hit)
    return times


def _document_stage(leading: Sequence[Passage]) -> Hit | None:
    """The first cue of the stage that leads and headings name most; a pledge is none."""
    hits = [hit for block in leading for hit in block.of("stage") if hit.code != "pledged"]
    votes = Counter(hit.code for hit in hits)
    firsts = {hit.code: hit for hit in reversed(hits)}
    return max(firsts.values(), key=lambda hit: (votes[hit.code], -hit.start), default=None)
