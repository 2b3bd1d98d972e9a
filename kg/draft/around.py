"""The rules that read each aspect of an amount from the words around it, nearest first."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from kg.draft.cues import Hit
from kg.draft.mentions import Mention, Span
from kg.draft.names import Found
from kg.draft.proposals import Place, Proposal, Survey, anchor_of, plain_line
from kg.draft.structure import Block

_REACH = 110
# From here on a programme is the amount's own: its sentence names it.
_SURE = 0.85
_SAYINGS = 12


class Around:
    """What stands around the amounts of one text."""

    def __init__(self, survey: Survey, mentions: Sequence[Mention], date: datetime.date | None) -> None:
        self.survey = survey
        self.text = survey.text
        self.low = survey.low
        self.mentions = mentions
        self.date = date
        self.places: list[Place] = []
        self._locate()
        self._known_programmes: dict[int, tuple[Found | None, Span, str, float]] = {}
        self._known_roles: dict[int, list[Proposal]] = {}
        self._periods: dict[int, Proposal] = {}

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

    def about(self, index: int) -> list[Proposal]:
        """Every proposal about the amount at `index`."""
        rules = (
            self._role, self._basis, self._stage, self._kind, self._novelty, self._programme, self._period,
            self._proposer_and_payer, self._recipient, self._speaker, self._parts,
        )  # fmt: skip
        return [proposal for rule in rules for proposal in rule(index)]

    def _say(
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
        return Proposal(index, aspect, value, label, anchor_of(self.text, *span), reason, confidence, known)

    def _hits(self, block: Block | None, aspect: str, *codes: str, within: Span | None = None) -> list[Hit]:
        hits = block.hits.get(aspect) if block is not None else None
        if not hits:
            return []
        if within is None:
            return [hit for hit in hits if not codes or hit.code in codes]
        first, last = within
        return [hit for hit in hits if first <= hit.start < last and (not codes or hit.code in codes)]

    def _quoted(self, hit: Hit | Found) -> str:
        return plain_line(self.text[hit.start : hit.end])

    def _floor(self, index: int) -> int:
        """Where the part of the sentence before the amount begins: after the amount before it."""
        start = self.places[index].sentence[0]
        return max(start, self.mentions[index - 1].end) if index else start

    def _ceiling(self, index: int) -> int:
        """Where the part of the sentence after the amount ends: before the next amount."""
        end = self.places[index].sentence[1]
        return min(end, self.mentions[index + 1].anchor[0]) if index + 1 < len(self.mentions) else end

    def _next_sentence_divides(self, index: int) -> bool:
        place, end = self.places[index], self.places[index].sentence[1]
        after = [s for s in place.block.sentences if s[0] >= end]
        return any(hit.start - end <= 3 for hit in self._hits(place.block, "role", "divides")) and bool(after)

    # --- role

    def _role(self, index: int) -> list[Proposal]:
        if index not in self._known_roles:
            self._known_roles[index] = list(self._find_role(index))
        return self._known_roles[index]

    def _find_role(self, index: int) -> Iterator[Proposal]:
        mention, place = self.mentions[index], self.places[index]
        start, end = mention.anchor[0], max(mention.end, mention.anchor[1])
        floor, ceiling = self._floor(index), self._ceiling(index)
        if mention.change:
            yield self._say(
                index, "role", "level", mention.anchor, f"one end of a change: '{mention.change}'", 0.9
            )
            return
        for hit in reversed(self._hits(place.block, "role", "leveraged", within=(floor, start))):
            if start - hit.end <= _REACH and self._floor(index) == (self.mentions[index - 1].end if index else -1):
                yield self._say(
                    index,
                    "role",
                    "leveraged",
                    (hit.start, hit.end),
                    f"'{self._quoted(hit)}' before the amount",
                    0.91,
                )
                return
        for hit in self._hits(place.block, "role", "cumulative", within=place.sentence):
            near = floor <= hit.start < ceiling or hit.end <= start
            if near and self._hits(place.block, "period", "since", within=(hit.start, place.sentence[1])):
                yield self._say(
                    index, "role", "cumulative", (hit.start, hit.end), f"'{self._quoted(hit)}' a year", 0.91
                )
                return
        if increase := self._increase(index, floor, ceiling, start, end):
            hit, why = increase
            if self._next_sentence_divides(index):
                yield self._say(
                    index, "role", "level", mention.anchor, "the next sentence divides the amount", 0.9
                )
            else:
                yield self._say(
                    index, "role", "increase", (hit.start, hit.end), f"'{self._quoted(hit)}' {why}", 0.92
                )
            return
        for hit in reversed(self._hits(place.block, "role", "decrease", within=(floor, start))):
            word = self.low[max(0, start - 6) : start].split()[-1:]
            if start - hit.end <= _REACH and word and word[0] in self.survey.words.connect["with"]:
                return  # a cut: the model has no role for it, so it stays open
        yield self._say(
            index, "role", "level", mention.anchor, "no word of increase, leverage or accumulation", 0.91
        )

    def _increase(self, index: int, floor: int, ceiling: int, start: int, end: int) -> tuple[Hit, str] | None:
        block, words = self.places[index].block, self.survey.words
        for hit in self._hits(block, "role", "increase_directly", within=(max(floor, start - 30), start)):
            if not self.low[hit.end : start].strip():
                return hit, "directly before the amount"
        for hit in self._hits(block, "role", "increase_after", within=(end, ceiling)):
            if not self.low[end : hit.start].strip(" .\n"):
                return hit, "directly after the amount"
        for hit in self._hits(block, "role", "increase_purpose", within=(end, min(ceiling, end + 60))):
            return hit, "is what the amount is for"
        before = self.low[max(0, start - 8) : start].split()[-1:]
        if not before:
            return None
        verbal = before[0] in words.connect["with"][:1]
        nominal = before[0] in (*words.connect["with"][1:], "of", "om")
        for hit in reversed(self._hits(block, "role", "increase_verb", "increase_noun", within=(floor, start))):
            if start - hit.end <= _REACH and (verbal if hit.code == "increase_verb" else nominal):
                return hit, f"… '{before[0]}' before the amount"
        return None

    def _basis(self, index: int) -> Iterator[Proposal]:
        for hit in self._near(index, "basis", "perYear"):
            if hit.start - self.mentions[index].end <= 25:
                yield self._say(
                    index,
                    "basis",
                    "perYear",
                    (hit.start, hit.end),
                    f"'{self._quoted(hit)}' after the amount",
                    0.93,
                )
                return

    def _near(self, index: int, aspect: str, *codes: str) -> list[Hit]:
        """Cues of the amount's own part of the sentence, after it."""
        return self._hits(
            self.places[index].block, aspect, *codes, within=(self.mentions[index].end, self._ceiling(index))
        )

    # --- stage, kind, novelty

    def _stage(self, index: int) -> Iterator[Proposal]:
        place, whole = self.places[index], self.survey.stage
        own = self._hits(place.block, "stage", within=place.sentence)
        before = [hit for hit in own if hit.end <= self.mentions[index].start]
        for hits, where, confidence in (
            (list(reversed(before)) + own, "in the sentence", 0.93),
            (list(reversed(self._hits(place.intro, "stage"))), "over the list", 0.92),
            (self._hits(place.block, "stage"), "in the paragraph", 0.85),
            ([whole] if whole else [], "in the document", 0.85),
        ):
            firm = [hit for hit in hits if hit.code != "pledged"]
            soft = [hit for hit in hits if hit.code == "pledged"]
            if soft and not firm and whole is not None:
                hit = soft[0]
                why = f"'{self._quoted(hit)}', and '{self._quoted(whole)}' in the document"
                yield self._say(index, "stage", whole.code, (hit.start, hit.end), why, 0.85)
                return
            if firm or soft:
                hit = (firm or soft)[0]
                yield self._say(
                    index, "stage", hit.code, (hit.start, hit.end), f"'{self._quoted(hit)}' {where}", confidence
                )
                return

    def _kind(self, index: int) -> Iterator[Proposal]:
        place, mention = self.places[index], self.mentions[index]
        clause = (self._floor(index), self._ceiling(index))
        hits = self._hits(place.block, "kind", within=clause)
        for code in ("loan", "guarantee", "authorisation"):
            for hit in hits:
                if hit.code == code:
                    yield self._say(
                        index, "kind", code, (hit.start, hit.end), f"'{self._quoted(hit)}' beside the amount", 0.88
                    )
                    return
        hits += self._hits(place.block, "kind", within=place.sentence)
        # Leave to commit is said once and holds for the paragraph; a loan only for the amount beside it.
        if not any(hit.code in ("authorisation", "appropriation") for hit in hits):
            hits += self._hits(place.block, "kind", "authorisation")
        hits = [hit for hit in hits if hit.code not in ("loan", "guarantee")]
        if self._government_proposes():
            hits = [hit for hit in hits if hit.code != "contribution"]
        hits = (
            hits
            or self._hits(place.intro, "kind")
            or self._hits(place.block, "kind", "appropriation", "contribution")
        )
        if hits:
            hit = min(hits, key=lambda h: (not clause[0] <= h.start < clause[1], abs(h.start - mention.start)))
            yield self._say(
                index, "kind", hit.code, (hit.start, hit.end), f"'{self._quoted(hit)}' near the amount", 0.7
            )

    def _government_proposes(self) -> bool:
        stage = self.survey.stage
        return stage is not None and stage.code == "proposed"

    def _novelty(self, index: int) -> Iterator[Proposal]:
        place = self.places[index]
        seen: set[str] = set()
        own = self._hits(place.block, "novelty", within=place.sentence)
        hits = own + self._hits(place.intro, "novelty")
        besides = [hit for hit in hits if hit.code == "besides"]
        for hit in hits:
            if hit.code == "new" and any(0 <= hit.start - other.end <= 30 for other in besides):
                continue  # "in addition to new measures": these are others
            if hit.code != "besides" and hit.code not in seen:
                seen.add(hit.code)
                yield self._say(index, "novelty", hit.code, (hit.start, hit.end), f"'{self._quoted(hit)}'", 0.8)

    # --- programme

    def _programme(self, index: int) -> Iterator[Proposal]:
        found, span, reason, confidence = self._programme_of(index)
        if found is not None:
            yield self._say(index, "programme", found.name.iri, span, reason, confidence, found.name.label)

    def _programme_of(self, index: int) -> tuple[Found | None, Span, str, float]:
        """The programme of an amount, the words that name it, why, and how sure that is."""
        if index in self._known_programmes:
            return self._known_programmes[index]
        self._known_programmes[index] = said = self._find_programme(index)
        return said

    def _find_programme(self, index: int) -> tuple[Found | None, Span, str, float]:
        place, mention = self.places[index], self.mentions[index]
        named = [found for found in place.block.names if found.name.kind == "programme"]
        inside = [found for found in named if place.sentence[0] <= found.start < place.sentence[1]]
        clause = [found for found in inside if self._floor(index) <= found.start < self._ceiling(index)]
        if clause or inside:
            found = _meant(clause or inside, mention)
            return found, (found.start, found.end), "named in the sentence", 0.92 if found.whole else _SURE
        for hit in self._hits(place.block, "parts", "anaphor", within=place.sentence):
            if place.section and self._floor(index) <= hit.start < self._ceiling(index):
                reason = f"'{self._quoted(hit)}', and the programme named last"
                return place.section[-1], (hit.start, hit.end), reason, _SURE
        earlier = [found for found in named if found.start < place.sentence[0]]
        if around := earlier[-1:] or [found for found in named if found.start >= place.sentence[1]][:1]:
            sure = 0.9 if place.block.kind == "item" else 0.8
            return around[0], (around[0].start, around[0].end), "named in the paragraph", sure
        if place.section and place.block.kind == "paragraph":
            found = _spoken_of(place.section)
            return found, (found.start, found.end), "what the section speaks of", 0.7
        return None, (0, 0), "", 0.0

    def _sure_programme(self, index: int) -> str | None:
        """The programme that the amount's own sentence names."""
        found, _, _, confidence = self._programme_of(index)
        return found.name.iri if found is not None and confidence >= _SURE else None

    # --- period

    def _period(self, index: int) -> Iterator[Proposal]:
        place = self.places[index]
        if (own := self._own_period(index)) is not None:
            self._periods[index] = own
            yield own
            return
        for block, where, confidence in (
            (place.block, "in the paragraph", 0.88),
            (place.intro, "over the list", 0.92),
        ):
            years = [hit for hit in self._hits(block, "period", "year") if not self._compares(hit, block)]
            if len({hit.number for hit in years}) == 1:
                hit = years[0]
                found = self._year(index, hit, f"'{self._quoted(hit)}' {where}", confidence)
                self._periods[index] = found
                yield found
                return
        if (hit := self.survey.budget_year) is not None:
            found = self._year(index, hit, f"'{self._quoted(hit)}' in the document", 0.85)
            self._periods[index] = found
            yield found

    def _compares(self, hit: Hit, block: Block | None) -> bool:
        """Whether a year is only what the amount is compared with: "more than in 2019"."""
        return any(0 <= hit.start - other.end <= 40 for other in self._hits(block, "role", "increase_after"))

    def _own_period(self, index: int) -> Proposal | None:
        place = self.places[index]
        hits = [
            hit
            for hit in self._hits(place.block, "period", within=place.sentence)
            if not self._compares(hit, place.block)
        ]
        after = [hit for hit in hits if self.mentions[index].end <= hit.start < self._ceiling(index)]
        before = [hit for hit in hits if hit.start < self.mentions[index].start]
        later = [hit for hit in hits if hit not in after and hit not in before]
        for hit in [*after, *reversed(before), *later]:
            said = f"'{self._quoted(hit)}' in the sentence"
            span = (hit.start, hit.end)
            horizon = self.survey.horizon
            if hit.code == "same" and index and index - 1 in self._periods:
                return self._say(index, "period", self._periods[index - 1].value, span, said, 0.85)
            if hit.code == "until" and hit.number is not None:
                if horizon is not None and horizon[1].number == hit.number:
                    both = f"{said}, and the number of years named elsewhere"
                    return self._say(index, "period", f"{horizon[0]}-01-01/{hit.number}-12-31", span, both, 0.82)
                return self._say(index, "period", f"/{hit.number}-12-31", span, said, 0.88)
            if hit.code == "next_years" and hit.number is not None:
                if horizon is not None and horizon[1].number is not None:
                    last = horizon[1].number
                    both = f"{said}, and '{self._quoted(horizon[1])}' elsewhere"
                    return self._say(
                        index, "period", f"{last - hit.number + 1}-01-01/{last}-12-31", span, both, 0.82
                    )
                if self.date is not None:
                    first = self.date.year + 1
                    value = f"{first}-01-01/{first + hit.number - 1}-12-31"
                    return self._say(
                        index, "period", value, span, f"{said}, counted from the year after the document's", 0.6
                    )
            if hit.code == "since":
                return self._say(index, "period", f"{hit.number}-01-01/", span, said, 0.9)
            if hit.code == "year":
                return self._year(index, hit, said, 0.93)
        return None

    def _year(self, index: int, hit: Hit, reason: str, confidence: float) -> Proposal:
        last = hit.number
        if self.low[hit.end : hit.end + 1] in "-–—" and self.low[hit.end + 1 : hit.end + 5].isdigit():
            last = int(self.low[hit.end + 1 : hit.end + 5])
        value = f"{hit.number}-01-01/{last}-12-31"
        return self._say(index, "period", value, (hit.start, hit.end), reason, confidence)

    # --- who

    def _proposer_and_payer(self, index: int) -> Iterator[Proposal]:
        if self._role_of(index) == "cumulative":
            return  # money of several years, of which the text proposes only the last
        place = self.places[index]
        government = next(
            iter(
                self._hits(place.block, "agent", "government", within=place.sentence)
                or self._hits(place.intro, "agent", "government")
                or self._hits(place.block, "agent", "government")
            ),
            None,
        )
        proposes = self._government_proposes()
        known = self.survey.government
        if proposes and known is not None:
            span = (government.start, government.end) if government else (known.start, known.end)
            yield self._say(
                index,
                "proposer",
                known.name.iri,
                span,
                "the government of the document proposes",
                0.91,
                known.name.label,
            )
        yield from self._payer(index, government, proposes)

    def _payer(self, index: int, government: Hit | None, proposes: bool) -> Iterator[Proposal]:
        place, mention = self.places[index], self.mentions[index]
        bodies = [f for f in place.block.names if f.name.kind == "organisation"]
        inside = [f for f in bodies if place.sentence[0] <= f.start < place.sentence[1]]
        if compound := self._compound(mention):
            yield self._say(
                index,
                "payer",
                compound.name.iri,
                mention.anchor,
                "the currency word names who pays",
                0.8,
                compound.name.label,
            )
            return
        for word in self.survey.cues_of("agent", "from"):
            tail = self.low[mention.end : mention.end + 3 + len(word)].strip()
            if tail.startswith(word + " "):
                payers = [f for f in inside if 0 <= f.start - mention.end <= 60 and f.start < self._ceiling(index)]
                if payers:
                    yield from self._all(index, payers, f"'{word}' and the name after the amount", 0.91)
                    return
        for hit in self._hits(place.block, "agent", "share", within=(mention.end, self._ceiling(index))):
            owner = [
                f
                for f in inside
                if 0 <= hit.start - f.end <= 2 and f.start > mention.end and self.low[f.end - 1] == "s"
            ]
            if owner:
                yield from self._all(index, owner, f"whose '{self._quoted(hit)}' it is", 0.88)
                return
        included = [
            f
            for hit in self._hits(place.block, "agent", "including", within=(mention.end, self._ceiling(index)))
            for f in inside
            if f.start > hit.end and f.start - hit.end < 40
        ]
        verbs = self._hits(place.block, "agent", "payer_verb", within=place.sentence)
        subjects = self._subjects(index, verbs, inside)
        if subjects:
            yield from subjects
        elif (together := self._each(index)) is not None:
            yield from together
        elif proposes and self.survey.state is not None:
            span = (government.start, government.end) if government else mention.anchor
            state = self.survey.state
            yield self._say(
                index, "payer", state.iri, span, "the government proposes, so the state pays", 0.91, state.label
            )
        yield from self._all(index, included, "included in the total", 0.88)

    def _subjects(self, index: int, verbs: list[Hit], inside: list[Found]) -> list[Proposal]:
        """Who stands before a verb of paying, or around it: "Kommunerne lovede", "har regeringen, KL … afsat"."""
        place, mention = self.places[index], self.mentions[index]
        start = self._floor(index)
        for verb in verbs:
            if verb.start > mention.start:
                continue
            names = [f for f in inside if start <= f.start < mention.start and f.start < verb.start]
            rulers = self._hits(place.block, "agent", "government", within=(start, verb.start))
            parties = self._hits(place.block, "agent", "parties", within=(start, mention.start))
            if parties:
                return self._parties(index, parties[0])
            if not names:
                continue
            found = list(self._all(index, names, f"before '{self._quoted(verb)}'", 0.88))
            if rulers and self.survey.state is not None:
                state = self.survey.state
                span = (rulers[0].start, rulers[0].end)
                found.append(
                    self._say(
                        index, "payer", state.iri, span, "the government pays by the state", 0.8, state.label
                    )
                )
            return found
        return []

    def _parties(self, index: int, hit: Hit) -> list[Proposal]:
        """Whom "the parties" are: who pays for the same programme elsewhere, where it is "each", else who was met."""
        place = self.places[index]
        each = self._hits(place.block, "agent", "each", within=place.sentence)
        if each:
            return list(self._each(index) or [])
        previous = place.previous
        if previous is None:
            return []
        met = [f for f in previous.names if f.name.kind == "organisation"]
        for preposition in self.survey.words.connect["with"][:1]:
            cut = self.low.rfind(f" {preposition} ", previous.start, previous.end)
            if cut >= 0 and any(f.start > cut for f in met):
                met = [f for f in met if f.start > cut]
        return list(self._all(index, met, f"'{self._quoted(hit)}': named in the paragraph before", 0.75))

    def _each(self, index: int) -> list[Proposal] | None:
        """Who pays each a share: those who are said to pay for the same programme elsewhere in the text."""
        place = self.places[index]
        each = self._hits(place.block, "agent", "each", within=place.sentence)
        programme = self._sure_programme(index)
        if not each or programme is None:
            return None
        for other in range(len(self.mentions)):
            if other == index or abs(other - index) > 12:
                continue
            block, sentence = self.places[other].block, self.places[other].sentence
            if self._sure_programme(other) != programme or self._hits(block, "agent", "each", within=sentence):
                continue
            inside = [
                f for f in block.names if f.name.kind == "organisation" and sentence[0] <= f.start < sentence[1]
            ]
            verbs = self._hits(block, "agent", "payer_verb", within=sentence)
            subjects = self._subjects(other, [v for v in verbs], inside)
            if subjects:
                return [
                    self._say(
                        index,
                        "payer",
                        s.value,
                        (each[0].start, each[0].end),
                        "each of those who pay for the programme",
                        0.75,
                        s.label,
                    )
                    for s in subjects
                ]
        return None

    def _compound(self, mention: Mention) -> Found | None:
        """The body that the first part of a compound currency word names: kommunekroner."""
        last = mention.text.split()[-1].lower()
        cut = last.find("kron")
        if cut < 4:
            return None
        stem = last[:cut].rstrip("es")
        for block in self.survey.blocks[:400]:
            for found in block.names:
                if found.name.kind == "organisation" and self.low[found.start : found.end].startswith(stem):
                    return found
        return None

    def _all(self, index: int, found: Iterable[Found], reason: str, confidence: float) -> Iterator[Proposal]:
        seen: set[str] = set()
        for one in found:
            if one.name.iri not in seen:
                seen.add(one.name.iri)
                yield self._say(
                    index, "payer", one.name.iri, (one.start, one.end), reason, confidence, one.name.label
                )

    def _recipient(self, index: int) -> Iterator[Proposal]:
        place, mention = self.places[index], self.mentions[index]
        ceiling = self._ceiling(index)
        for found in place.block.names:
            if found.name.kind == "organisation" and mention.end < found.start < ceiling:
                before = self.low[max(mention.end, found.start - 12) : found.start].split()
                if before and before[-1] in self.survey.words.connect["to"]:
                    reason = f"'{before[-1]}' before the name, after the amount"
                    yield self._say(
                        index,
                        "recipient",
                        found.name.iri,
                        (found.start, found.end),
                        reason,
                        0.91,
                        found.name.label,
                    )
                    return

    def _speaker(self, index: int) -> Iterator[Proposal]:
        if (speaker := self.places[index].speaker) is not None:
            name, span = speaker
            value, known = self.survey.person(name)
            yield self._say(index, "speaker", value, span, "the amount stands in what is said", 0.93, name, known)

    # --- between amounts

    def _parts(self, index: int) -> Iterator[Proposal]:
        mention, place = self.mentions[index], self.places[index]
        if index and mention.change == "to" and self.mentions[index - 1].change == "from":
            yield self._say(
                index, "changeFrom", str(index - 1), mention.anchor, "the other end of the change", 0.9
            )
        floor = max(place.sentence[0], 0)
        for hit in self._hits(place.block, "role", "divides", within=(floor, mention.start)):
            wholes = [i for i in range(max(0, index - 8), index) if self.mentions[i].end <= hit.start]
            if wholes and self.places[wholes[-1]].block is place.block:
                whole = wholes[-1]
                if (
                    self.mentions[whole].value > mention.value
                    and self.mentions[whole].currency == mention.currency
                ):
                    yield self._say(
                        index, "partOf", str(whole), (hit.start, hit.end), f"'{self._quoted(hit)}'", 0.9
                    )
                    return
        if index + 1 < len(self.mentions) and self.places[index + 1].sentence == place.sentence:
            after = self.mentions[index + 1]
            for hit in self._hits(place.block, "parts", "together", within=(mention.end, after.anchor[0])):
                if (
                    after.value > mention.value
                    and after.currency == mention.currency
                    and after.anchor[0] - hit.end <= 2
                ):
                    yield self._say(
                        index, "partOf", str(index + 1), (hit.start, hit.end), f"'{self._quoted(hit)}'", 0.85
                    )
                    return
        if index and self._role_of(index - 1) == "increase" and self.places[index - 1].sentence == place.sentence:
            before = self.low[self.mentions[index - 1].end : mention.anchor[0]]
            if (
                before.split()[-1:]
                and before.split()[-1] in self.survey.words.connect["to"]
                and mention.value > self.mentions[index - 1].value
            ):
                yield self._say(
                    index - 1, "increaseTo", str(index), mention.anchor, "the level after the increase", 0.9
                )

    def _role_of(self, index: int) -> str:
        return next((p.value for p in self._role(index)), "")

    def repeated(self, proposals: Sequence[Proposal]) -> list[Proposal]:
        """All proposals, with what is the same fact said again: same amount and role, same programme or enough digits.

        What one saying leaves out, or has only from afar, is taken from the other.
        """
        facts: dict[int, dict[str, list[Proposal]]] = {}
        for proposal in proposals:
            facts.setdefault(proposal.mention, {}).setdefault(proposal.aspect, []).append(proposal)
        groups: dict[tuple[object, ...], list[int]] = {}
        for index, mention in enumerate(self.mentions):
            role = facts.get(index, {}).get("role", [])
            groups.setdefault((mention.value, mention.currency, role[0].value if role else ""), []).append(index)
        added: list[Proposal] = []
        dropped: set[tuple[int, str]] = set()
        for (value, *_), members in groups.items():
            same = self._same(str(value), members, added)
            # The first few sayings know what there is to know; a text that repeats itself stays quick.
            known = same[:_SAYINGS]
            for index in same if len(same) > 1 else ():
                for aspect in ("programme", "period", "stage", "payer"):
                    own = facts.get(index, {}).get(aspect, [])
                    better = self._better(
                        aspect, own, [facts.get(i, {}).get(aspect, []) for i in known if i != index]
                    )
                    if better:
                        dropped.add((index, aspect))
                        added += [
                            Proposal(
                                index, p.aspect, p.value, p.label, p.anchor,
                                f"said of the same amount elsewhere: {p.reason}", min(p.confidence, 0.85), p.known,
                            )
                            for p in better
                        ]  # fmt: skip
        kept = [p for p in proposals if (p.mention, p.aspect) not in dropped]
        return kept + added

    def _same(self, value: str, members: Sequence[int], added: list[Proposal]) -> list[int]:
        """Which amounts of one group are one fact; what says so goes to `added`."""
        digits = len(value.replace(".", "").strip("0"))
        first = members[0]
        same = [first]
        sure = self._sure_programme(first)
        for index in members[1:]:
            own = self._sure_programme(index)
            agree = own is not None and own == sure
            if (own is not None and sure is not None and own != sure) or not (agree or digits >= 3):
                continue
            same.append(index)
            sure = sure or own
            reason = "the same amount of the same programme" if agree else "the same amount, of three digits or more"
            added.append(
                self._say(index, "sameAs", str(first), self.mentions[index].anchor, reason, 0.92 if agree else 0.85)
            )
        return same

    def _better(
        self, aspect: str, own: Sequence[Proposal], others: Sequence[Sequence[Proposal]]
    ) -> Sequence[Proposal]:
        """What another saying knows, where it is near and this one's is missing or from afar."""
        floor = max((p.confidence for p in own), default=0.0)
        if own and (aspect != "programme" or floor >= _SURE):
            return ()
        known = [group for group in others if group and max(p.confidence for p in group) >= max(0.8, floor + 0.01)]
        return max(known, key=lambda group: max(p.confidence for p in group), default=())


def _meant(group: Sequence[Found], mention: Mention) -> Found:
    """Which of several programmes is meant: of a list of parts their whole, else the part, else the nearest."""
    named = {found.name.iri for found in group}
    parts = {whole: [f for f in group if whole in f.name.wholes] for whole in named}
    for whole, inner in parts.items():
        if len({f.name.iri for f in inner}) > 1:
            return next(found for found in group if found.name.iri == whole)
    wholes = {whole for whole, inner in parts.items() if inner}
    left = [found for found in group if found.name.iri not in wholes]
    exact = [found for found in left if found.whole]
    near = exact if exact and not wholes else left
    return min(near, key=lambda f: min(abs(f.start - mention.end), abs(mention.start - f.end)))


def _spoken_of(section: Sequence[Found]) -> Found:
    """The programme that a section names most, a part counting for its whole too; of several the last."""
    votes: dict[str, int] = {}
    for found in section:
        for iri in (found.name.iri, *found.name.wholes):
            votes[iri] = votes.get(iri, 0) + 1
    return max(reversed(section), key=lambda f: votes[f.name.iri])
