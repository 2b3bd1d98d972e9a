"""The time that an amount is for."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from kg.draft.around import Around, Place, between
from kg.draft.cues import Hit
from kg.draft.mentions import Mention
from kg.draft.proposals import Proposal


def period(near: Around, index: int) -> Sequence[Proposal]:
    """The years that the money is for: in the sentence, the paragraph, over the list, in the document."""
    place = near.places[index]
    if (own := _own_period(near, index)) is not None:
        place.period = own
        return (own,)
    if (index, "period") in near.left_open:
        return ()
    for block, where, confidence in (
        (place.block, "in the paragraph", 0.88),
        (place.intro, "over the list", 0.92),
    ):
        if block is not None and (hit := block.year) is not None:
            found = _year(near, index, hit, f"'{near.quoted(hit)}' {where}", confidence)
            place.period = found
            return (found,)
    if (budget := near.survey.budget_year) is not None:
        found = _year(near, index, budget, f"'{near.quoted(budget)}' in the document", 0.85)
        place.period = found
        return (found,)
    return ()


def _own_period(near: Around, index: int) -> Proposal | None:
    place, mention = near.places[index], near.mentions[index]
    if not place.said.times:
        return None
    for hit in _in_turn(place, mention):
        said = f"'{near.quoted(hit)}' in the sentence"
        span = (hit.start, hit.end)
        horizon = near.survey.horizon
        if hit.code == "same" and index and (before := near.places[index - 1].period) is not None:
            return near.say(index, "period", before.value, span, said, 0.85)
        if hit.code == "until" and hit.number is not None:
            if horizon is not None and horizon[1].number == hit.number:
                both = f"{said}, and the number of years named elsewhere"
                return near.say(index, "period", f"{horizon[0]}-01-01/{hit.number}-12-31", span, both, 0.82)
            return near.say(index, "period", f"/{hit.number}-12-31", span, said, 0.88)
        if hit.code == "next_years" and hit.number is not None:
            if horizon is not None and horizon[1].number is not None:
                last = horizon[1].number
                both = f"{said}, and '{near.quoted(horizon[1])}' elsewhere"
                return near.say(index, "period", f"{last - hit.number + 1}-01-01/{last}-12-31", span, both, 0.82)
            if near.date is not None:
                first = near.date.year + 1
                value = f"{first}-01-01/{first + hit.number - 1}-12-31"
                return near.say(
                    index, "period", value, span, f"{said}, counted from the year after the document's", 0.6
                )
        if hit.code == "next_years":
            near.left_open[index, "period"] = f"'{near.quoted(hit)}': the first year is not known"
            return None
        if hit.code == "since":
            return near.say(index, "period", f"{hit.number}-01-01/", span, said, 0.9)
        if hit.code == "year":
            return _year(near, index, hit, said, 0.93)
    return None


def _in_turn(place: Place, mention: Mention) -> Iterator[Hit]:
    """The times of the sentence: those directly after the amount, those before it, the nearest first, the rest."""
    times = place.said.times
    yield from between(times, mention.end, place.ceiling)
    yield from reversed(between(times, 0, mention.start))
    for hit in between(times, mention.start, place.sentence[1]):
        if hit.start < mention.end or hit.start >= place.ceiling:
            yield hit


@functools.lru_cache(maxsize=1024)
def _years(first: int | None, last: int | None) -> str:
    return f"{first}-01-01/{last}-12-31"


def _year(near: Around, index: int, hit: Hit, reason: str, confidence: float) -> Proposal:
    last = hit.number
    if near.low[hit.end : hit.end + 1] in "-–—" and near.low[hit.end + 1 : hit.end + 5].isdigit():
        last = int(near.low[hit.end + 1 : hit.end + 5])
    return near.say(index, "period", _years(hit.number, last), (hit.start, hit.end), reason, confidence)
