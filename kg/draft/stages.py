"""Stage, kind and novelty of an amount."""

from __future__ import annotations

from collections.abc import Iterator

from kg.draft.around import Around
from kg.draft.proposals import Proposal


def stage(near: Around, index: int) -> Iterator[Proposal]:
    """How far the money has come: in the sentence, over the list, in the paragraph, in the document."""
    place, whole = near.places[index], near.survey.stage
    own = near.hits(place.block, "stage", within=place.sentence)
    before = [hit for hit in own if hit.end <= near.mentions[index].start]
    for hits, where, confidence in (
        (list(reversed(before)) + own, "in the sentence", 0.93),
        (list(reversed(near.hits(place.intro, "stage"))), "over the list", 0.92),
        (near.hits(place.block, "stage"), "in the paragraph", 0.85),
        ([whole] if whole else [], "in the document", 0.85),
    ):
        firm = [hit for hit in hits if hit.code != "pledged"]
        soft = [hit for hit in hits if hit.code == "pledged"]
        if soft and not firm and whole is not None:
            hit = soft[0]
            why = f"'{near.quoted(hit)}', and '{near.quoted(whole)}' in the document"
            yield near.say(index, "stage", whole.code, (hit.start, hit.end), why, 0.85)
            return
        if firm or soft:
            hit = (firm or soft)[0]
            yield near.say(
                index, "stage", hit.code, (hit.start, hit.end), f"'{near.quoted(hit)}' {where}", confidence
            )
            return


def kind(near: Around, index: int) -> Iterator[Proposal]:
    """What sort of money it is: loan, guarantee, authorisation beside the amount; else what is said near."""
    place, mention = near.places[index], near.mentions[index]
    clause = (near.floor(index), near.ceiling(index))
    hits = near.hits(place.block, "kind", within=clause)
    for code in ("loan", "guarantee", "authorisation"):
        for hit in hits:
            if hit.code == code:
                yield near.say(
                    index, "kind", code, (hit.start, hit.end), f"'{near.quoted(hit)}' beside the amount", 0.88
                )
                return
    hits += near.hits(place.block, "kind", within=place.sentence)
    # Leave to commit is said once and holds for the paragraph; a loan only for the amount beside it.
    if not any(hit.code in ("authorisation", "appropriation") for hit in hits):
        hits += near.hits(place.block, "kind", "authorisation")
    hits = [hit for hit in hits if hit.code not in ("loan", "guarantee")]
    if government_proposes(near):
        hits = [hit for hit in hits if hit.code != "contribution"]
    hits = (
        hits or near.hits(place.intro, "kind") or near.hits(place.block, "kind", "appropriation", "contribution")
    )
    if hits:
        hit = min(hits, key=lambda h: (not clause[0] <= h.start < clause[1], abs(h.start - mention.start)))
        yield near.say(index, "kind", hit.code, (hit.start, hit.end), f"'{near.quoted(hit)}' near the amount", 0.7)


def government_proposes(near: Around) -> bool:
    """Whether the document as a whole is a government's proposal."""
    stage = near.survey.stage
    return stage is not None and stage.code == "proposed"


def novelty(near: Around, index: int) -> Iterator[Proposal]:
    """New, continued, strengthened: in the sentence and over the list."""
    place = near.places[index]
    seen: set[str] = set()
    own = near.hits(place.block, "novelty", within=place.sentence)
    hits = own + near.hits(place.intro, "novelty")
    besides = [hit for hit in hits if hit.code == "besides"]
    for hit in hits:
        if hit.code == "new" and any(0 <= hit.start - other.end <= 30 for other in besides):
            continue  # "in addition to new measures": these are others
        if hit.code != "besides" and hit.code not in seen:
            seen.add(hit.code)
            yield near.say(index, "novelty", hit.code, (hit.start, hit.end), f"'{near.quoted(hit)}'", 0.8)
