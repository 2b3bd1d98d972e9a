"""Which total is held against what: parts, what a cumulative figure includes, the level before an increase.

Terms come from the graph, never from a search for a combination that fits. Only like is added to like: a part
whose figure is in another currency, role or kind, or that cannot be brought to the same period, is a term that
is not known. A whole of kind *mixed* is tested against parts of any kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from kg.amounts import Interval, Qualifier, Residual, Rule, Term, bounds, reconcile, rounding, total_of
from kg.derive.reading import Basis, Figure, Reading, Role

_NOT_NEGATIVE = Interval(Decimal(0))
_ANYTHING = Interval()


class Method(StrEnum):
    """What a total is held against; the values end the IRIs of reconciliations."""

    PARTS = "parts"
    INCLUDED = "included"
    INCREASE = "increase"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class LevelBefore:
    """The level that an increase started from, `of` the earlier commitment where the graph names it."""

    iri: str
    of: str | None
    level: str
    increase: str
    currency: str
    basis: Basis
    term: Term


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A stated total against what should add up to it.

    `other_reading`: every inferred basis among total and terms is read the other way. `exhaustive`: the list
    of terms is complete. `per_year`: the comparison is of one year, as the period is not known.
    """

    iri: str
    method: Method
    other_reading: bool
    role: Role
    currency: str
    per_year: bool
    total: Term
    terms: tuple[Term, ...]
    exhaustive: bool
    residual: Residual

    @property
    def listed(self) -> Interval | None:
        """What the listed amounts come to, levels and increases; None where the list has none."""
        stated = [term.listed for term in self.terms if term.listed is not None]
        return total_of(stated) if stated else None

    @property
    def listed_nominal(self) -> Decimal | None:
        """The same by the numbers as written; None where one is missing."""
        numbers = [term.nominal for term in self.terms if term.listed is not None]
        known = [number for number in numbers if number is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(numbers) else None

    @property
    def by_policy(self) -> bool:
        """Whether the width of any of its amounts is assumed."""
        return any(term.by_policy for term in (self.total, *self.terms))


def levels_before(reading: Reading, rule: Rule) -> Iterator[LevelBefore]:
    """For each increase whose level is stated, the level less the increase, in the order of the increases."""
    for iri, figure in reading.figures.items():
        level = reading.figures.get(reading.increase_to.get(iri, ""))
        if figure.role is not Role.INCREASE or level is None or level.role is not Role.LEVEL:
            continue
        if level.currency != figure.currency:
            continue
        if level.basis is figure.basis:
            basis = level.basis
            after, change = measure(level, rule, None), measure(figure, rule, None)
        elif _per_year(level, False) or _per_year(figure, False):
            continue
        else:
            basis = Basis.WHOLE_PERIOD
            after, change = (measure(each, rule, _years(each, False)) for each in (level, figure))
        if not (after.measured and change.measured):
            continue
        plain = after.qualifier is change.qualifier is Qualifier.EXACT
        one, other = after.nominal, change.nominal
        term = Term(
            reading.increase_over.get(iri),
            (f"{iri}-before",),
            one - other if plain and one is not None and other is not None else None,
            Qualifier.EXACT if plain else None,
            None,
            True,
            after.allowed.subtract(change.allowed),
            after.rounded.subtract(change.rounded),
            by_policy=after.by_policy or change.by_policy,
        )
        yield LevelBefore(f"{iri}-before", term.of, level.iri, iri, level.currency, basis, term)


def reconciliations(reading: Reading, rule: Rule, before: Iterable[LevelBefore]) -> tuple[Reconciliation, ...]:
    """Every stated total against its terms, sorted by IRI."""
    found = [
        *_readings(reading, rule, Method.PARTS, _wholes(reading)),
        *_readings(reading, rule, Method.INCLUDED, _cumulatives(reading)),
        *_earlier_levels(reading, rule, before),
    ]
    return tuple(sorted(found, key=lambda each: each.iri))


@dataclass(frozen=True, slots=True)
class _Case:
    total: Figure
    # What each term is for, and the figures that may say how much.
    candidates: tuple[tuple[str | None, tuple[Figure, ...]], ...]
    exhaustive: bool


def _wholes(reading: Reading) -> Iterator[_Case]:
    for whole, commitment in reading.commitments.items():
        if not commitment.parts:
            continue
        stated = tuple(
            (part, tuple(figure for figure in reading.by_subject.get(part, ()) if not figure.rewords))
            for part in reading.listed(whole)
        )
        for total in reading.by_subject.get(whole, ()):
            # A part's increase is a change of either sign: without one stated there is nothing to test.
            tested = total.role is Role.INCREASE and any(
                figure.role is Role.INCREASE and figure.currency == total.currency
                for _, figures in stated
                for figure in figures
            )
            if total.role is Role.LEVEL or tested:
                yield _Case(total, stated, whole in reading.exhaustive)


def _cumulatives(reading: Reading) -> Iterator[_Case]:
    for iri, included in reading.includes.items():
        total = reading.figures.get(iri)
        if total is not None:
            figures = [reading.figures.get(each) for each in included if each != iri]
            stated = tuple((None if each is None else each.of, (each,) if each else ()) for each in figures)
            yield _Case(total, stated, iri in reading.exhaustive)


def _readings(reading: Reading, rule: Rule, method: Method, cases: Iterable[_Case]) -> Iterator[Reconciliation]:
    for case in cases:
        first = _reconciliation(reading, rule, method, case, other=False)
        yield first
        inferred = [case.total, *(figure for _, figures in case.candidates for figure in figures)]
        if any(figure.basis_inferred for figure in inferred):
            second = _reconciliation(reading, rule, method, case, other=True)
            if _amounts(first) != _amounts(second):
                yield second


def _amounts(one: Reconciliation) -> list[Interval]:
    return [term.allowed for term in (one.total, *one.terms)]


def _reconciliation(reading: Reading, rule: Rule, method: Method, case: _Case, *, other: bool) -> Reconciliation:
    total = case.total
    roles = (Role.LEVEL, Role.CUMULATIVE) if method is Method.INCLUDED else (total.role,)
    alike = [
        (of, tuple(figure for figure in figures if _comparable(figure, total, other)))
        for of, figures in case.candidates
    ]
    unlike = _unlike_kinds(reading, total, [of for of, figures in alike if figures])
    alike = [(of, () if of in unlike else figures) for of, figures in alike]
    by_year = _by_year(total, [each for _, figures in alike for each in figures], other)
    terms = [_term(of, figures, roles, rule, other, by_year) for of, figures in alike]
    terms.sort(key=lambda term: (term.of or "", term.figures))
    whole = measure(total, rule, None if by_year else _years(total, other))
    return Reconciliation(
        f"{total.iri}-against-{method}{'-other-reading' if other else ''}",
        method,
        other,
        total.role,
        total.currency,
        by_year or _per_year(total, other),
        whole,
        tuple(terms),
        case.exhaustive,
        reconcile(whole, terms, case.exhaustive),
    )


def _by_year(total: Figure, terms: Sequence[Figure], other: bool) -> bool:
    """Whether all are a year's, for equally many years: then one year is compared, as the source has it."""
    years = {_years(each, other) for each in (total, *terms)}
    return bool(terms) and len(years) == 1 and None not in years


def _comparable(figure: Figure, total: Figure, other: bool) -> bool:
    return figure.currency == total.currency and _per_year(figure, other) == _per_year(total, other)


def _unlike_kinds(reading: Reading, total: Figure, parts: Sequence[str | None]) -> set[str | None]:
    """The parts whose kind may not be added to the rest: a loan to an appropriation, say."""
    wanted = _kind(reading, total.of)
    if wanted in (None, "mixed"):
        return set()
    kinds = {part: _kind(reading, part) for part in parts}
    return {part for part, kind in kinds.items() if kind is not None and kind != wanted}


def _kind(reading: Reading, commitment: str | None) -> str | None:
    known = reading.commitments.get(commitment or "")
    kind = (known.kind or "").rpartition("/")[2] if known else ""
    return None if kind in ("", "unspecified") else kind


def _term(
    of: str | None, figures: tuple[Figure, ...], roles: tuple[Role, ...], rule: Rule, other: bool, by_year: bool
) -> Term:
    floor = _ANYTHING if roles == (Role.INCREASE,) else _NOT_NEGATIVE

    def measured(role: tuple[Role, ...]) -> list[Term]:
        return [
            measure(each, rule, None if by_year else _years(each, other)) for each in figures if each.role in role
        ]

    stated = measured(roles)
    if stated:
        return replace(_side_by_side(stated, floor), of=of)
    if Role.LEVEL in roles:
        # Who gets so much more gets at least that much.
        increases = measured((Role.INCREASE,))
        if increases:
            least = _side_by_side(increases, floor)
            allowed, rounded = (
                each.upwards() if each.lower is not None and each.lower >= 0 else floor
                for each in (least.allowed, least.rounded)
            )
            return replace(least, of=of, known=False, allowed=allowed, rounded=rounded, raised=least.allowed)
    return Term(of, (), None, None, None, False, floor, floor)


def _side_by_side(terms: Sequence[Term], floor: Interval) -> Term:
    """Figures that disagree on one amount stay side by side: whatever any of them allows."""
    first, *rest = terms
    if not all(term.known for term in terms):
        first = replace(first, known=False, allowed=floor, rounded=floor)
    if not rest:
        return first
    allowed, rounded = first.allowed, first.rounded
    for term in rest:
        allowed, rounded = allowed.widen(term.allowed), rounded.widen(term.rounded)
    return replace(
        first,
        figures=tuple(sorted(iri for term in terms for iri in term.figures)),
        value=None,
        qualifier=None,
        years=None,
        allowed=allowed,
        rounded=rounded,
        by_policy=any(term.by_policy for term in terms),
    )


def _earlier_levels(reading: Reading, rule: Rule, before: Iterable[LevelBefore]) -> Iterator[Reconciliation]:
    """The stated level of the earlier commitment against the one that the increase implies."""
    for level in before:
        for total in reading.by_subject.get(level.of or "", ()):
            like = total.currency == level.currency and total.basis is level.basis
            if like and total.role is Role.LEVEL:
                stated = measure(total, rule, None)
                slug = re.split(r"[/#]", level.iri)[-1]
                yield Reconciliation(
                    f"{total.iri}-against-{slug}",
                    Method.INCREASE,
                    False,
                    total.role,
                    total.currency,
                    total.basis is Basis.PER_YEAR,
                    stated,
                    (level.term,),
                    True,
                    reconcile(stated, (level.term,), True),
                )


def _basis(figure: Figure, other: bool) -> Basis:
    if other and figure.basis_inferred:
        if figure.basis is Basis.PER_YEAR:
            return Basis.WHOLE_PERIOD
        if figure.years is not None:
            return Basis.PER_YEAR
    return figure.basis


def _years(figure: Figure, other: bool) -> int | None:
    return figure.years if _basis(figure, other) is Basis.PER_YEAR else None


def _per_year(figure: Figure, other: bool) -> bool:
    """Whether the amount is a year's and stays so, as the number of years is not known."""
    return _basis(figure, other) is Basis.PER_YEAR and figure.years is None


def measure(figure: Figure, rule: Rule, years: int | None) -> Term:
    """A figure as a term, `years` times over (None: once); not known where no number could be read."""
    if figure.low is None or figure.high is None:
        allowed = rounded = _ANYTHING
    else:
        allowed = bounds(figure.low, figure.high, figure.qualifier, figure.step, rule)
        rounded = rounding(figure.low, figure.high, figure.qualifier, figure.step, rule)
    if years is not None:
        allowed, rounded = allowed.scale(years), rounded.scale(years)
    value = figure.low if figure.low == figure.high else None
    known = figure.low is not None and figure.high is not None
    return Term(
        figure.of,
        (figure.iri,),
        value,
        figure.qualifier,
        years,
        known,
        allowed,
        rounded,
        by_policy=figure.by_policy,
    )
