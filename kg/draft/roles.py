"""Role and basis of an amount: level, increase, cumulative, leveraged; for the period or a year."""

from __future__ import annotations

from collections.abc import Iterator

from kg.draft.around import Around
from kg.draft.cues import Hit
from kg.draft.proposals import Proposal

# So near must a verb stand to govern the amount.
_REACH = 110


def role(near: Around, index: int) -> list[Proposal]:
    """The role of the amount, read once."""
    if index not in near.known_roles:
        near.known_roles[index] = list(_find_role(near, index))
    return near.known_roles[index]


def _find_role(near: Around, index: int) -> Iterator[Proposal]:
    mention, place = near.mentions[index], near.places[index]
    start, end = mention.anchor[0], max(mention.end, mention.anchor[1])
    floor, ceiling = near.floor(index), near.ceiling(index)
    if mention.change:
        yield near.say(index, "role", "level", mention.anchor, f"one end of a change: '{mention.change}'", 0.9)
        return
    for hit in reversed(near.hits(place.block, "role", "leveraged", within=(floor, start))):
        if start - hit.end <= _REACH and near.floor(index) == (near.mentions[index - 1].end if index else -1):
            yield near.say(
                index,
                "role",
                "leveraged",
                (hit.start, hit.end),
                f"'{near.quoted(hit)}' before the amount",
                0.91,
            )
            return
    for hit in near.hits(place.block, "role", "cumulative", within=place.sentence):
        close = floor <= hit.start < ceiling or hit.end <= start
        if close and near.hits(place.block, "period", "since", within=(hit.start, place.sentence[1])):
            yield near.say(index, "role", "cumulative", (hit.start, hit.end), f"'{near.quoted(hit)}' a year", 0.91)
            return
    if increase := _increase(near, index, floor, ceiling, start, end):
        hit, why = increase
        if _next_sentence_divides(near, index):
            yield near.say(index, "role", "level", mention.anchor, "the next sentence divides the amount", 0.9)
        else:
            yield near.say(index, "role", "increase", (hit.start, hit.end), f"'{near.quoted(hit)}' {why}", 0.92)
        return
    for hit in reversed(near.hits(place.block, "role", "decrease", within=(floor, start))):
        word = near.low[max(0, start - 6) : start].split()[-1:]
        if start - hit.end <= _REACH and word and word[0] in near.survey.words.connect["with"]:
            return  # a cut: the model has no role for it, so it stays open
    yield near.say(index, "role", "level", mention.anchor, "no word of increase, leverage or accumulation", 0.91)


def _increase(near: Around, index: int, floor: int, ceiling: int, start: int, end: int) -> tuple[Hit, str] | None:
    block, words = near.places[index].block, near.survey.words
    for hit in near.hits(block, "role", "increase_directly", within=(max(floor, start - 30), start)):
        if not near.low[hit.end : start].strip():
            return hit, "directly before the amount"
    for hit in near.hits(block, "role", "increase_after", within=(end, ceiling)):
        if not near.low[end : hit.start].strip(" .\n"):
            return hit, "directly after the amount"
    for hit in near.hits(block, "role", "increase_purpose", within=(end, min(ceiling, end + 60))):
        return hit, "is what the amount is for"
    before = near.low[max(0, start - 8) : start].split()[-1:]
    if not before:
        return None
    verbal = before[0] in words.connect["with"][:1]
    nominal = before[0] in (*words.connect["with"][1:], "of", "om")
    for hit in reversed(near.hits(block, "role", "increase_verb", "increase_noun", within=(floor, start))):
        if start - hit.end <= _REACH and (verbal if hit.code == "increase_verb" else nominal):
            return hit, f"… '{before[0]}' before the amount"
    return None


def _next_sentence_divides(near: Around, index: int) -> bool:
    place, end = near.places[index], near.places[index].sentence[1]
    after = [s for s in place.block.sentences if s[0] >= end]
    return any(hit.start - end <= 3 for hit in near.hits(place.block, "role", "divides")) and bool(after)


def basis(near: Around, index: int) -> Iterator[Proposal]:
    """Per year, where words directly after the amount say so."""
    for hit in near.after(index, "basis", "perYear"):
        if hit.start - near.mentions[index].end <= 25:
            yield near.say(
                index,
                "basis",
                "perYear",
                (hit.start, hit.end),
                f"'{near.quoted(hit)}' after the amount",
                0.93,
            )
            return


def role_of(near: Around, index: int) -> str:
    """The code of the amount's role, or "" where it is open."""
    return next((p.value for p in role(near, index)), "")
