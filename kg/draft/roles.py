"""Role and basis of an amount: level, increase, cumulative, leveraged; for the period or a year."""

from __future__ import annotations

from collections.abc import Sequence

from kg.draft.around import Around, between
from kg.draft.cues import Hit
from kg.draft.proposals import Proposal

# So near must a verb stand to govern the amount.
_REACH = 110
# … and what says it directly before the amount, or what the amount is for.
_DIRECTLY = 30
_PURPOSE = 60


def role(near: Around, index: int) -> Sequence[Proposal]:
    """The role of the amount, read once."""
    place = near.places[index]
    if place.role is None:
        found = _find_role(near, index)
        place.role = (found,) if found is not None else ()
    return place.role


def _find_role(near: Around, index: int) -> Proposal | None:
    mention, place = near.mentions[index], near.places[index]
    if mention.change:
        return near.say(index, "role", "level", mention.anchor, f"one end of a change: '{mention.change}'", 0.9)
    said = place.said.hits.get("role")
    if said:
        # A cue beside the amount decides; elsewhere in the sentence only what has grown over years does.
        own = between(said, place.floor, place.ceiling)
        found = _leveraged(near, index, own) or _cumulative(near, index, said) or _increased(near, index, own)
        if found is not None:
            return found
        if _is_cut(near, index, own):
            return None  # the model has no role for a cut, so it stays open
    return near.say(index, "role", "level", mention.anchor, "no word of increase, leverage or accumulation", 0.91)


def _leveraged(near: Around, index: int, own: Sequence[Hit]) -> Proposal | None:
    start = near.mentions[index].anchor[0]
    if near.places[index].floor != (near.mentions[index - 1].end if index else -1):
        return None
    for hit in reversed(own):
        if hit.code == "leveraged" and hit.start < start and start - hit.end <= _REACH:
            return near.say(
                index, "role", "leveraged", (hit.start, hit.end), f"'{near.quoted(hit)}' before the amount", 0.91
            )
    return None


def _cumulative(near: Around, index: int, said: Sequence[Hit]) -> Proposal | None:
    """Money of all the years since one that the sentence names."""
    place, start = near.places[index], near.mentions[index].anchor[0]
    since = [hit.start for hit in place.said.hits.get("period", ()) if hit.code == "since"]
    for hit in said if since else ():
        if hit.start >= place.ceiling or hit.start > since[-1]:
            break
        if hit.code == "cumulative" and (place.floor <= hit.start or hit.end <= start):
            return near.say(
                index, "role", "cumulative", (hit.start, hit.end), f"'{near.quoted(hit)}' a year", 0.91
            )
    return None


def _increased(near: Around, index: int, own: Sequence[Hit]) -> Proposal | None:
    increase = _increase(near, index, own) if own else None
    if increase is None:
        return None
    hit, why = increase
    if _next_sentence_divides(near, index):
        anchor = near.mentions[index].anchor
        return near.say(index, "role", "level", anchor, "the next sentence divides the amount", 0.9)
    return near.say(index, "role", "increase", (hit.start, hit.end), f"'{near.quoted(hit)}' {why}", 0.92)


def _increase(near: Around, index: int, own: Sequence[Hit]) -> tuple[Hit, str] | None:
    mention, words = near.mentions[index], near.survey.words
    start, end = mention.anchor[0], max(mention.end, mention.anchor[1])
    before = [hit for hit in own if hit.start < start]
    after = [hit for hit in own if hit.start >= end]
    for hit in before:
        directly = hit.code == "increase_directly" and hit.start >= start - _DIRECTLY
        if directly and not near.low[hit.end : start].strip():
            return hit, "directly before the amount"
    for hit in after:
        if hit.code == "increase_after" and not near.low[end : hit.start].strip(" .\n"):
            return hit, "directly after the amount"
    for hit in after:
        if hit.code == "increase_purpose" and hit.start < end + _PURPOSE:
            return hit, "is what the amount is for"
    word = near.low[max(0, start - 8) : start].split()[-1:] if before else []
    if not word:
        return None
    verbal = word[0] in words.connect["with"][:1]
    nominal = word[0] in (*words.connect["with"][1:], "of", "om")
    for hit in reversed(before):
        governs = verbal if hit.code == "increase_verb" else nominal and hit.code == "increase_noun"
        if governs and start - hit.end <= _REACH:
            return hit, f"… '{word[0]}' before the amount"
    return None


def _next_sentence_divides(near: Around, index: int) -> bool:
    block, end = near.places[index].block, near.places[index].sentence[1]
    if block.sentences[-1][0] < end:
        return False
    divides = near.hits(block, "role", "divides")
    return bool(divides) and divides[0].start - end <= 3


def _is_cut(near: Around, index: int, own: Sequence[Hit]) -> bool:
    start = near.mentions[index].anchor[0]
    word = near.low[max(0, start - 6) : start].split()[-1:]
    if not word or word[0] not in near.survey.words.connect["with"]:
        return False
    return any(hit.code == "decrease" and hit.start < start and start - hit.end <= _REACH for hit in own)


def basis(near: Around, index: int) -> Sequence[Proposal]:
    """Per year, where words directly after the amount say so."""
    for hit in near.after(index, "basis"):
        if hit.code == "perYear" and hit.start - near.mentions[index].end <= 25:
            reason = f"'{near.quoted(hit)}' after the amount"
            return (near.say(index, "basis", "perYear", (hit.start, hit.end), reason, 0.93),)
    return ()


def role_of(near: Around, index: int) -> str:
    """The code of the amount's role, or "" where it is open."""
    found = role(near, index)
    return found[0].value if found else ""
