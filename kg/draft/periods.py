"""The time that an amount is for."""

from __future__ import annotations

from collections.abc import Iterator

from kg.draft.around import Around
from kg.draft.cues import Hit
from kg.draft.proposals import Proposal
from kg.draft.structure import Block


def period(near: Around, index: int) -> Iterator[Proposal]:
    """The years that the money is for: in the sentence, the paragraph, over the list, in the document."""
    place = near.places[index]
    if (own := _own_period(near, index)) is not None:
        near.known_periods[index] = own
        yield own
        return
    if (index, "period") in near.left_open:
        return
    for block, where, confidence in (
        (place.block, "in the paragraph", 0.88),
        (place.intro, "over the list", 0.92),
    ):
        years = [hit for hit in near.hits(block, "period", "year") if not _compares(near, hit, block)]
        if len({hit.number for hit in years}) == 1:
            hit = years[0]
            found = _year(near, index, hit, f"'{near.quoted(hit)}' {where}", confidence)
            near.known_periods[index] = found
            yield found
            return
    if (budget := near.survey.budget_year) is not None:
        found = _year(near, index, budget, f"'{near.quoted(budget)}' in the document", 0.85)
        near.known_periods[index] = found
        yield found


def _compares(near: Around, hit: Hit, block: Block | None) -> bool:
    """Whether a year is only what the amount is compared with: "more than in 2019"."""
    return any(0 <= hit.start - other.end <= 40 for other in near.hits(block, "role", "increase_after"))


def _own_period(near: Around, index: int) -> Proposal | None:
    place = near.places[index]
    hits = [
        hit
        for hit in near.hits(place.block, "period", within=place.sentence)
        if not _compares(near, hit, place.block)
    ]
    after = [hit for hit in hits if near.mentions[index].end <= hit.start < near.ceiling(index)]
    before = [hit for hit in hits if hit.start < near.mentions[index].start]
    later = [hit for hit in hits if hit not in after and hit not in before]
    for hit in [*after, *reversed(before), *later]:
        said = f"'{near.quoted(hit)}' in the sentence"
        span = (hit.start, hit.end)
        horizon = near.survey.horizon
        if hit.code == "same" and index and index - 1 in near.known_periods:
            return near.say(index, "period", near.known_periods[index - 1].value, span, said, 0.85)
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


def _year(near: Around, index: int, hit: Hit, reason: str, confidence: float) -> Proposal:
    last = hit.number
    if near.low[hit.end : hit.end + 1] in "-–—" and near.low[hit.end + 1 : hit.end + 5].isdigit():
        last = int(near.low[hit.end + 1 : hit.end + 5])
    value = f"{hit.number}-01-01/{last}-12-31"
    return near.say(index, "period", value, (hit.start, hit.end), reason, confidence)
