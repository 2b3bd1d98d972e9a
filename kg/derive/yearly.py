"""A claim about several years held against what is known of each year.

Of a year counts what was said of it last, not later than the claim itself, and of this the largest whole, whether it
counts as a whole in sums or is divided. Where no level is stated, one that follows from an increase is taken. One award
of several is no year's level: an award counts where it is the only one, or the later stage of the year's frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from kg.amounts import Interval, Rule, Term, reconcile
from kg.derive.reading import Basis, Commitment, Reading, Role, whole_years
from kg.derive.totals import LevelBefore, Method, Reconciliation, measure

_NOT_NEGATIVE = Interval(Decimal(0))
_OF_FRAMES = ("stage/awarded", "stage/paid")


def against_years(reading: Reading, rule: Rule, before: Mapping[str, LevelBefore]) -> Iterator[Reconciliation]:
    """For each cumulative amount of a programme the amounts of its years, in the order of the claims.

    `before` has the levels that follow from increases, by the commitment that they are the level of.
    """
    groups = by_year(reading)
    for iri, claim in reading.figures.items():
        years = _years(reading, iri)
        if claim.role is not Role.CUMULATIVE or claim.rewords or not years:
            continue
        day = said(reading, iri)
        of_years = [groups.get((claim.of, year), ()) for year in years]
        terms = [year_amount(reading, rule, before, of_year, claim.currency, day) for of_year in of_years]
        total = measure(claim, rule, None)
        yield Reconciliation(
            f"{iri}-against-{Method.YEARS}",
            Method.YEARS,
            False,
            claim.role,
            claim.currency,
            False,
            total,
            tuple(terms),
            True,
            reconcile(total, terms, True),
        )


def by_year(reading: Reading) -> dict[tuple[str, str], tuple[Commitment, ...]]:
    """The commitments of each programme, with those of its parts, for each calendar year."""
    found: dict[tuple[str, str], list[Commitment]] = {}
    for commitment in reading.commitments.values():
        start, end = commitment.start or "", commitment.end or ""
        if start[4:] == "-01-01" and end == f"{start[:4]}-12-31":
            for programme in commitment.programme_tree:
                found.setdefault((programme, start[:4]), []).append(commitment)
    return {place: tuple(those) for place, those in found.items()}


def _years(reading: Reading, figure: str) -> tuple[str, ...]:
    """The years that a figure covers; none where its period is not one of whole calendar years."""
    start, end = reading.covers.get(figure, (None, None))
    count = whole_years(start, end)
    if count is None or start is None or start[5:10] != "01-01":
        return ()
    return tuple(str(int(start[:4]) + number) for number in range(count))


def said(reading: Reading, figure: str) -> str | None:
    """The day, month or year of the last document that states a figure; None where none is dated."""
    return max(
        (reading.issued[each] for each in reading.said_in.get(figure, ()) if each in reading.issued), default=None
    )


def year_amount(
    reading: Reading,
    rule: Rule,
    before: Mapping[str, LevelBefore],
    of_year: Sequence[Commitment],
    currency: str,
    day: str | None,
) -> Term:
    """What counts among the commitments of a year, as it was said on a day at the latest (None: ever)."""
    others = [each for each in of_year if each.follows or not (each.stage or "").endswith(_OF_FRAMES)]
    if len(of_year) - len(others) > 1:
        of_year = others
    stated = [
        (said(reading, figure.iri) or "", figure.high or Decimal(0), figure)
        for commitment in of_year
        for figure in reading.levels(commitment.iri)
        if figure.currency == currency and figure.basis is Basis.WHOLE_PERIOD
    ]
    in_time = [each for each in stated if day is None or not _earlier(day, each[0])]
    if in_time:
        last = max(each[0] for each in in_time)
        latest = [each for each in in_time if not _earlier(each[0], last)]
        return measure(max(latest, key=lambda each: (each[1], each[2].iri))[2], rule, None)
    derived = [
        before[commitment.iri].term
        for commitment in of_year
        if commitment.iri in before and before[commitment.iri].currency == currency
    ]
    if derived:
        return derived[0]
    return Term(None, (), None, None, None, False, _NOT_NEGATIVE, _NOT_NEGATIVE)


def _earlier(one: str, other: str) -> bool:
    """Whether one day, month or year is before another; not where one is part of the other."""
    told = min(len(one), len(other))
    return one[:told] < other[:told]
