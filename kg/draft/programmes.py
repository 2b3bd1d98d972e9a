"""The programme that an amount is for."""

from __future__ import annotations

from collections.abc import Sequence

from kg.draft.around import Around, Place, between
from kg.draft.mentions import Mention, Span
from kg.draft.names import Found
from kg.draft.proposals import Proposal

# From here on a programme is the amount's own: its sentence names it.
SURE = 0.85


def programme(near: Around, index: int) -> Sequence[Proposal]:
    """The programme that the amount is for, the surest naming of it."""
    found, span, reason, confidence = _programme_of(near, index)
    if found is not None:
        if confidence >= SURE:
            near.sure_programmes[index] = found.name.iri
        return (near.say(index, "programme", found.name.iri, span, reason, confidence, found.name.label),)
    return ()


def _programme_of(near: Around, index: int) -> tuple[Found | None, Span, str, float]:
    """The programme of an amount, the words that name it, why, and how sure that is."""
    place = near.places[index]
    if place.programme is None:
        place.programme = _find_programme(near, index)
    return place.programme


def _find_programme(near: Around, index: int) -> tuple[Found | None, Span, str, float]:
    place, mention = near.places[index], near.mentions[index]
    if inside := place.said.programmes:
        clause = [found for found in inside if place.floor <= found.start < place.ceiling]
        found = _meant(clause or inside, mention)
        return found, (found.start, found.end), "named in the sentence", 0.92 if found.whole else SURE
    parts = place.said.hits.get("parts") if place.section else None
    for hit in between(parts, place.floor, place.ceiling) if parts else ():
        if hit.code == "anaphor":
            reason = f"'{near.quoted(hit)}', and the programme named last"
            return place.section[-1], (hit.start, hit.end), reason, SURE
    if place.block.names and (around := _in_block(place)):
        sure = 0.9 if place.block.kind == "item" else 0.8
        return around[0], (around[0].start, around[0].end), "named in the paragraph", sure
    if place.section and place.block.kind == "paragraph":
        found = _spoken_of(place.section)
        return found, (found.start, found.end), "what the section speaks of", 0.7
    return None, (0, 0), "", 0.0


def _in_block(place: Place) -> list[Found]:
    """The programme named last before the sentence, else first after it."""
    named = [found for found in place.block.names if found.name.kind == "programme"]
    earlier = [found for found in named if found.start < place.sentence[0]]
    return earlier[-1:] or [found for found in named if found.start >= place.sentence[1]][:1]


def sure_programme(near: Around, index: int) -> str | None:
    """The programme that the amount's own sentence names."""
    found, _, _, confidence = _programme_of(near, index)
    return found.name.iri if found is not None and confidence >= SURE else None


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
