"""Stage, kind and novelty of an amount."""

from __future__ import annotations

from collections.abc import Sequence

from kg.draft.around import Around, between
from kg.draft.cues import Hit
from kg.draft.proposals import Proposal


def stage(near: Around, index: int) -> Sequence[Proposal]:
    """How far the money has come: in the sentence, over the list, in the paragraph, in the document."""
    place, whole = near.places[index], near.survey.stage
    own = place.said.hits.get("stage")
    if own:
        hit, where, confidence = _nearest_before(own, near.mentions[index].start), "in the sentence", 0.93
    elif place.intro is not None and (over := near.hits(place.intro, "stage")):
        hit, where, confidence = _nearest_before(over, place.intro.end), "over the list", 0.92
    elif around := near.hits(place.block, "stage"):
        hit, where, confidence = _nearest_before(around, 0), "in the paragraph", 0.85
    elif whole is not None:
        hit, where, confidence = whole, "in the document", 0.85
    else:
        return ()
    if hit.code == "pledged" and whole is not None:
        why = f"'{near.quoted(hit)}', and '{near.quoted(whole)}' in the document"
        return (near.say(index, "stage", whole.code, (hit.start, hit.end), why, 0.85),)
    why = f"'{near.quoted(hit)}' {where}"
    return (near.say(index, "stage", hit.code, (hit.start, hit.end), why, confidence),)


# What money is only where a word beside the amount says so; the first of them counts.
_BESIDE = ("loan", "guarantee", "authorisation")
_ONLY_BESIDE = ("loan", "guarantee")
_NOT_PROPOSED = ("loan", "guarantee", "contribution")


def _nearest_before(hits: Sequence[Hit], position: int) -> Hit:
    """The last cue that ends before `position`, else the first; a pledge only where nothing firmer is said."""
    if len(hits) == 1:
        return hits[0]
    before = [hit for hit in between(hits, 0, position) if hit.end <= position]
    for found in (reversed(before), hits):
        for hit in found:
            if hit.code != "pledged":
                return hit
    return before[-1] if before else hits[0]


def kind(near: Around, index: int) -> Sequence[Proposal]:
    """What sort of money it is: loan, guarantee, authorisation beside the amount; else what is said near."""
    place = near.places[index]
    own, whole = place.said.hits.get("kind"), place.block.hits.get("kind")
    hits: list[Hit] = []
    if own:
        clause = between(own, place.floor, place.ceiling)
        if beside := [hit for hit in clause if hit[3] in _BESIDE]:
            hit = min(beside, key=lambda hit: _BESIDE.index(hit.code))
            why = f"'{near.quoted(hit)}' beside the amount"
            return (near.say(index, "kind", hit.code, hit[:2], why, 0.88),)
        # A loan is one only beside its amount; a government that proposes contributes nothing to another's money.
        skipped = _NOT_PROPOSED if near.government_proposes else _ONLY_BESIDE
        hits = [hit for hit in clause if hit[3] not in skipped] or [hit for hit in own if hit[3] not in skipped]
    # Leave to commit is said once and holds for the paragraph.
    if whole and not (own and _has(own, "authorisation", "appropriation")):
        hits += [hit for hit in whole if hit[3] == "authorisation"]
    found = hits or near.hits(place.intro, "kind")
    if not found and whole:
        found = [hit for hit in whole if hit.code in ("appropriation", "contribution")]
    if not found:
        return ()
    hit = found[0]
    if len(found) > 1:
        start, floor, ceiling = near.mentions[index].start, place.floor, place.ceiling
        hit = min(found, key=lambda h: (not floor <= h[0] < ceiling, abs(h[0] - start)))
    return (near.say(index, "kind", hit.code, hit[:2], f"'{near.quoted(hit)}' near the amount", 0.7),)


def _has(hits: Sequence[Hit], *codes: str) -> bool:
    return any(hit.code in codes for hit in hits)


def novelty(near: Around, index: int) -> Sequence[Proposal]:
    """New, continued, strengthened: in the sentence and over the list."""
    place = near.places[index]
    own, over = place.said.hits.get("novelty"), near.hits(place.intro, "novelty")
    if not own and not over:
        return ()
    hits = [*(own or ()), *over]
    found: list[Proposal] = []
    seen: set[str] = {"besides"}
    besides = [hit.end for hit in hits if hit.code == "besides"]
    for hit in hits:
        if hit.code not in seen:
            if hit.code == "new" and any(0 <= hit.start - end <= 30 for end in besides):
                continue  # "in addition to new measures": these are others
            seen.add(hit.code)
            found.append(near.say(index, "novelty", hit.code, hit[:2], f"'{near.quoted(hit)}'", 0.8))
    return found
