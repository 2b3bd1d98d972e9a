"""Derived values as plain data: the JSON of `kg reconcile`, and the rows of its table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kg.amounts import Interval, Outcome, Qualifier, Term, total_of
from kg.derive.totals import LevelBefore, Method, Reconciliation
from kg.derive.writing import plain

if TYPE_CHECKING:
    from kg.derive import Derived


@dataclass(frozen=True, slots=True)
class Row:
    """One reconciliation for a reader, amounts for the whole period in units of `currency` (an ISO code).

    `of` is what the total is for, `figure` the IRI of its figure; `stated` is its number as written with
    `qualifier`; `sum` the terms' numbers added (None where one is missing), `terms` how many there are and
    `unknown` how many of them are not known; `residual` what the words allow of sum minus total; `remainder`
    what the unknown terms must come to together, where the outcome is open.
    """

    outcome: Outcome
    of: str | None
    figure: str
    method: Method
    other_reading: bool
    currency: str
    stated: Decimal | None
    qualifier: Qualifier | None
    sum: Decimal | None
    terms: int
    unknown: int
    exhaustive: bool
    difference: Decimal | None
    residual: Interval
    remainder: Interval | None


def rows(derived: Derived) -> tuple[Row, ...]:
    """The reconciliations as rows for a reader, in the order of their IRIs."""
    return tuple(_row(one) for one in derived.reconciliations)


def _row(one: Reconciliation) -> Row:
    nominals = [term.nominal for term in one.terms if term.known]
    added = total_of(Interval.point(each) for each in nominals if each is not None).lower
    missing = None in nominals or not nominals
    return Row(
        one.residual.outcome,
        one.total.of,
        one.total.figures[0],
        one.method,
        one.other_reading,
        _last(one.currency),
        one.total.nominal,
        one.total.qualifier,
        None if missing else added,
        len(one.terms),
        sum(not term.known for term in one.terms),
        one.exhaustive,
        one.residual.nominal,
        one.residual.allowed,
        one.residual.remainder,
    )


def records(derived: Derived) -> dict[str, Any]:
    """Everything that `kg reconcile --format json` says: amounts are strings, an unbounded end is null."""
    return {
        "rule": derived.rule,
        "levelsBefore": [_level(level) for level in derived.levels_before],
        "reconciliations": [_reconciliation(one) for one in derived.reconciliations],
    }


def _level(level: LevelBefore) -> dict[str, Any]:
    return {
        "iri": level.iri,
        "of": level.of,
        "level": level.level,
        "increase": level.increase,
        "currency": _last(level.currency),
        "basis": level.basis.value,
        **_interval(level.term.allowed),
    }


def _reconciliation(one: Reconciliation) -> dict[str, Any]:
    residual, remainder = one.residual, one.residual.remainder
    return {
        "iri": one.iri,
        "method": one.method.value,
        "reading": "other" if one.other_reading else "asModelled",
        "currency": _last(one.currency),
        "total": {"of": one.total.of, "figure": one.total.figures[0], **_term(one.total)},
        "terms": [
            {"of": term.of, "figures": list(term.figures), "known": term.known, **_term(term)}
            for term in one.terms
        ],
        "exhaustive": one.exhaustive,
        "residual": {"nominal": _amount(residual.nominal), **_interval(residual.allowed)},
        "outcome": residual.outcome.value,
        "remainder": None if remainder is None else _interval(remainder),
    }


def _term(term: Term) -> dict[str, Any]:
    return {
        "value": _amount(term.value),
        "qualifier": None if term.qualifier is None else term.qualifier.value,
        "years": term.years,
        **_interval(term.allowed),
    }


def _interval(interval: Interval) -> dict[str, Any]:
    return {
        "lower": _amount(interval.lower),
        "lowerOpen": interval.lower_open,
        "upper": _amount(interval.upper),
        "upperOpen": interval.upper_open,
    }


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)


def _last(iri: str) -> str:
    return iri.rpartition("/")[2]
