"""What an amount is: its role and basis, stage, kind and novelty, the programme and the time that it is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.draft.context import Context, Place, between, of_kind, with_code
from kg.draft.model import Mention, Proposal
from kg.draft.vocabulary import Entity, Hit

# --- Role: level, increase, cumulative, leveraged. Basis: for the period or a year.

# So near must a verb stand to govern the amount.
_REACH = 110
# … and what says it directly before the amount, or what the amount is for, or a year after it.
_DIRECTLY = 30
_PURPOSE = 60
_YEARLY = 25


def role(context: Context, index: int) -> Iterator[Proposal]:
    """The role of the amount; kept for the rules that ask for it."""
    for proposal in _role(context, index):
        context.places[index].role = proposal.value
        yield proposal
        return


def _role(context: Context, index: int) -> Iterator[Proposal]:
    """What says the role, the surest first."""
    mention, place = context.mentions[index], context.places[index]
    if mention.change:
        why = f"one end of a change: '{mention.change}'"
        yield context.propose(index, "role", "level", mention.anchor, why, 0.9)
    cut = False
    if cues := place.sentence.of("role"):
        # A cue beside the amount decides; elsewhere in the sentence only what has grown over years does.
        beside = between(cues, place.floor, place.ceiling)
        yield from _leveraged(context, index, beside)
        yield from _cumulative(context, index, cues)
        yield from _increased(context, index, beside)
        cut = _is_cut(context, index, beside)
    if not cut:  # the model has no role for a cut, so it stays open
        why = "no word of increase, leverage or accumulation"
        yield context.propose(index, "role", "level", mention.anchor, why, 0.91)


def _leveraged(context: Context, index: int, beside: Sequence[Hit]) -> Iterator[Proposal]:
    start = context.mentions[index].anchor[0]
    if context.places[index].floor == (context.mentions[index - 1].end if index else -1):
        for hit in reversed(with_code(beside, "leveraged")):
            if hit.start < start and start - hit.end <= _REACH:
                why = f"{context.quoted(hit)} before the amount"
                yield context.propose(index, "role", "leveraged", hit, why, 0.91)


def _cumulative(context: Context, index: int, cues: Sequence[Hit]) -> Iterator[Proposal]:
    """Money of all the years since one that the sentence names."""
    place, start = context.places[index], context.mentions[index].anchor[0]
    since = with_code(place.sentence.of("period"), "since")
    for hit in cues if since else []:
        if hit.start >= place.ceiling or hit.start > since[-1].start:
            return
        if hit.code == "cumulative" and (place.floor <= hit.start or hit.end <= start):
            why = f"{context.quoted(hit)} a year"
            yield context.propose(index, "role", "cumulative", hit, why, 0.91)


def _increased(context: Context, index: int, beside: Sequence[Hit]) -> Iterator[Proposal]:
    increase = _increase(context, index, beside) if beside else None
    if increase is None:
        return
    hit, why = increase
    if _next_sentence_divides(context, index):
        anchor = context.mentions[index].anchor
        yield context.propose(index, "role", "level", anchor, "the next sentence divides the amount", 0.9)
    yield context.propose(index, "role", "increase", hit, f"{context.quoted(hit)} {why}", 0.92)


def _increase(context: Context, index: int, beside: Sequence[Hit]) -> tuple[Hit, str] | None:
    mention, low = context.mentions[index], context.low
    start, end = mention.anchor[0], max(mention.end, mention.anchor[1])
    before = [hit for hit in beside if hit.start < start]
    after = [hit for hit in beside if hit.start >= end]
    for hit in with_code(before, "increase_directly"):
        if hit.start >= start - _DIRECTLY and not low[hit.end : start].strip():
            return hit, "directly before the amount"
    for hit in with_code(after, "increase_after"):
        if not low[end : hit.start].strip(" .\n"):
            return hit, "directly after the amount"
    for hit in with_code(after, "increase_purpose"):
        if hit.start < end + _PURPOSE:
            return hit, "is what the amount is for"
    word = low[max(0, start - 8) : start].split()[-1:] if before else []
    if not word:
        return None
    verbal, *nominal = context.words.connect["with"]
    governs = {
        "increase_verb": word[0] == verbal,
        "increase_noun": word[0] in (*nominal, "of", "om"),
    }
    for hit in reversed(before):
        if governs.get(hit.code) and start - hit.end <= _REACH:
            return hit, f"… '{word[0]}' before the amount"
    return None


def _next_sentence_divides(context: Context, index: int) -> bool:
    block, end = context.places[index].block, context.places[index].sentence.end
    divides = with_code(block.of("role"), "divides")
    return block.sentences[-1][0] >= end and bool(divides) and divides[0].start - end <= 3


def _is_cut(context: Context, index: int, beside: Sequence[Hit]) -> bool:
    start = context.mentions[index].anchor[0]
    word = context.low[max(0, start - 6) : start].split()[-1:]
    if not word or word[0] not in context.words.connect["with"]:
        return False
    return any(hit.start < start and start - hit.end <= _REACH for hit in with_code(beside, "decrease"))


def basis(context: Context, index: int) -> Iterator[Proposal]:
    """Per year, where words directly after the amount say so."""
    for hit in with_code(context.after(index, "basis"), "perYear")[:1]:
        if hit.start - context.mentions[index].end <= _YEARLY:
            why = f"{context.quoted(hit)} after the amount"
            yield context.propose(index, "basis", "perYear", hit, why, 0.93)


# --- Stage, kind and novelty.

# What money is only where a word beside the amount says so; the first of them counts.
_BESIDE = ("loan", "guarantee", "authorisation")
_ONLY_BESIDE = ("loan", "guarantee")


def stage(context: Context, index: int) -> Iterator[Proposal]:
    """How far the money has come: in the sentence, over the list, in the paragraph, in the document."""
    place, whole = context.places[index], context.stage
    if cues := place.sentence.of("stage"):
        hit, where, confidence = _firmest(cues, context.mentions[index].start), "in the sentence", 0.93
    elif place.intro is not None and (cues := place.intro.of("stage")):
        hit, where, confidence = _firmest(cues, place.intro.end), "over the list", 0.92
    elif cues := place.block.of("stage"):
        hit, where, confidence = _firmest(cues, 0), "in the paragraph", 0.85
    elif whole is not None:
        hit, where, confidence = whole, "in the document", 0.85
    else:
        return
    why = f"{context.quoted(hit)} {where}"
    code = hit.code
    if code == "pledged" and whole is not None:
        code, confidence = whole.code, 0.85
        why = f"{context.quoted(hit)}, and {context.quoted(whole)} in the document"
    yield context.propose(index, "stage", code, hit, why, confidence)


def _firmest(hits: Sequence[Hit], position: int) -> Hit:
    """The last cue that ends before `position`, else the first; a pledge only where nothing firmer is said."""
    before = [hit for hit in hits if hit.end <= position]
    firmer = (hit for hit in (*reversed(before), *hits) if hit.code != "pledged")
    return next(firmer, before[-1] if before else hits[0])


def kind(context: Context, index: int) -> Iterator[Proposal]:
    """What sort of money it is: loan, guarantee, authorisation beside the amount; else what is said near."""
    place = context.places[index]
    own, around = place.sentence.of("kind"), place.block.of("kind")
    clause = between(own, place.floor, place.ceiling)
    if beside := with_code(clause, *_BESIDE):
        hit = min(beside, key=lambda hit: _BESIDE.index(hit.code))
        yield context.propose(index, "kind", hit.code, hit, f"{context.quoted(hit)} beside the amount", 0.88)
        return
    # A loan is one only beside its amount; a government that proposes contributes nothing to another's money.
    skipped = (*_ONLY_BESIDE, "contribution") if context.government_proposes else _ONLY_BESIDE
    hits = [hit for hit in clause if hit.code not in skipped] or [hit for hit in own if hit.code not in skipped]
    # Leave to commit is said once and holds for the paragraph.
    if not with_code(own, "authorisation", "appropriation"):
        hits += with_code(around, "authorisation")
    hits = hits or list(place.intro.of("kind") if place.intro else ())
    hits = hits or with_code(around, "appropriation", "contribution")
    if hits:
        start, floor, ceiling = context.mentions[index].start, place.floor, place.ceiling
        hit = min(hits, key=lambda hit: (not floor <= hit.start < ceiling, abs(hit.start - start)))
        yield context.propose(index, "kind", hit.code, hit, f"{context.quoted(hit)} near the amount", 0.7)


def novelty(context: Context, index: int) -> Iterator[Proposal]:
    """New, continued, strengthened: in the sentence and over the list."""
    place = context.places[index]
    hits = [*place.sentence.of("novelty"), *(place.intro.of("novelty") if place.intro else ())]
    besides = with_code(hits, "besides")
    seen = {"besides"}
    for hit in hits:
        if hit.code in seen:
            continue
        if hit.code == "new" and any(0 <= hit.start - other.end <= 30 for other in besides):
            continue  # "in addition to new measures": these are others
        seen.add(hit.code)
        yield context.propose(index, "novelty", hit.code, hit, context.quoted(hit), 0.8)


# --- The programme.

# From here on a programme is the amount's own: its sentence names it.
_OWN = 0.85


def programme(context: Context, index: int) -> Iterator[Proposal]:
    """The programme that the amount is for, the surest naming of it; kept where it is the amount's own."""
    for entity, words, why, confidence in _programmes(context, index):
        if confidence >= _OWN:
            context.places[index].programme = entity.name.iri
        yield context.propose_name(index, "programme", entity.name, words, why, confidence)
        return


def _programmes(context: Context, index: int) -> Iterator[tuple[Entity, Hit | Entity, str, float]]:
    """The programme of an amount, the words that name it, why, and how sure that is; the surest first."""
    place, mention = context.places[index], context.mentions[index]
    if inside := place.sentence.programmes:
        entity = _meant(between(inside, place.floor, place.ceiling) or inside, mention)
        yield entity, entity, "named in the sentence", 0.92 if entity.whole else _OWN
    if place.section:
        for hit in with_code(between(place.sentence.of("parts"), place.floor, place.ceiling), "anaphor"):
            yield place.section[-1], hit, f"{context.quoted(hit)}, and the programme named last", _OWN
    named = of_kind(place.block.entities, "programme")
    earlier = [entity for entity in named if entity.start < place.sentence.start]
    later = [entity for entity in named if entity.start >= place.sentence.end]
    for entity in (*earlier[-1:], *later[:1]):
        yield entity, entity, "named in the paragraph", 0.9 if place.block.kind == "item" else 0.8
    if place.section and place.block.kind == "paragraph":
        entity = _spoken_of(place.section)
        yield entity, entity, "what the section speaks of", 0.7


def _meant(group: Sequence[Entity], mention: Mention) -> Entity:
    """Which of several programmes is meant: of a list of parts their whole, else the part, else the nearest."""
    named = dict.fromkeys(entity.name.iri for entity in group)
    parts = {whole: {entity.name.iri for entity in group if whole in entity.name.wholes} for whole in named}
    for whole, inner in parts.items():
        if len(inner) > 1:
            return next(entity for entity in group if entity.name.iri == whole)
    wholes = {whole for whole, inner in parts.items() if inner}
    left = [entity for entity in group if entity.name.iri not in wholes]
    exact = [entity for entity in left if entity.whole]
    near = exact if exact and not wholes else left
    return min(near, key=lambda f: min(abs(f.start - mention.end), abs(mention.start - f.end)))


def _spoken_of(section: Sequence[Entity]) -> Entity:
    """The programme that a section names most, a part counting for its whole too; of several the last."""
    votes: dict[str, int] = {}
    for entity in section:
        for iri in (entity.name.iri, *entity.name.wholes):
            votes[iri] = votes.get(iri, 0) + 1
    return max(reversed(section), key=lambda entity: votes[entity.name.iri])


# --- The time.


def period(context: Context, index: int) -> Iterator[Proposal]:
    """The years that the money is for, kept for the amount after it: "the same year"."""
    for value, words, why, confidence in _periods(context, index):
        context.places[index].period = value
        yield context.propose(index, "period", value, words, why, confidence)
        return


def _periods(context: Context, index: int) -> Iterator[tuple[str, Hit, str, float]]:
    """The years, the words that name them, why, and how sure that is: the sentence's first, the document's last."""
    place = context.places[index]
    for hit in _in_turn(place, context.mentions[index]):
        yield from _period(context, index, hit)
        if (index, "period") in context.left_open:
            return
    for block, where, confidence in (
        (place.block, "in the paragraph", 0.88),
        (place.intro, "over the list", 0.92),
    ):
        if block is not None and (year := block.year) is not None:
            yield _years(context, year), year, f"{context.quoted(year)} {where}", confidence
    if (year := context.budget_year) is not None:
        yield _years(context, year), year, f"{context.quoted(year)} in the document", 0.85


def _in_turn(place: Place, mention: Mention) -> Iterator[Hit]:
    """The times of the sentence: those directly after the amount, those before it, the nearest first, the rest."""
    times = place.sentence.times
    yield from between(times, mention.end, place.ceiling)
    yield from reversed(between(times, 0, mention.start))
    yield from between(times, mention.start, mention.end)
    yield from between(times, max(mention.start, place.ceiling), place.sentence.end)


def _period(context: Context, index: int, hit: Hit) -> Iterator[tuple[str, Hit, str, float]]:
    """What one time of the amount's sentence says."""
    said = f"{context.quoted(hit)} in the sentence"
    number, horizon = hit.number, context.horizon
    if hit.code == "same" and index and (before := context.places[index - 1].period) is not None:
        yield before, hit, said, 0.85
    elif hit.code == "until" and number is not None:
        if horizon is not None and horizon[1].number == number:
            both = f"{said}, and the number of years named elsewhere"
            yield f"{horizon[0]}-01-01/{number}-12-31", hit, both, 0.82
        yield f"/{number}-12-31", hit, said, 0.88
    elif hit.code == "next_years":
        if number is not None and horizon is not None and (last := horizon[1].number) is not None:
            both = f"{said}, and {context.quoted(horizon[1])} elsewhere"
            yield f"{last - number + 1}-01-01/{last}-12-31", hit, both, 0.82
        elif number is not None and context.date is not None:
            first = context.date.year + 1
            why = f"{said}, counted from the year after the document's"
            yield f"{first}-01-01/{first + number - 1}-12-31", hit, why, 0.6
        context.left_open[index, "period"] = f"{context.quoted(hit)}: the first year is not known"
    elif hit.code == "since":
        yield f"{number}-01-01/", hit, said, 0.9
    elif hit.code == "year":
        yield _years(context, hit), hit, said, 0.93


def _years(context: Context, hit: Hit) -> str:
    """A year, or the years from it to another that a dash joins to it."""
    last = hit.number
    if context.low[hit.end : hit.end + 1] in (*"-–—",) and context.low[hit.end + 1 : hit.end + 5].isdigit():
        last = int(context.low[hit.end + 1 : hit.end + 5])
    return f"{hit.number}-01-01/{last}-12-31"
