"""Derived values as plain data: the JSON of `kg reconcile`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kg.amounts import Interval, Term
from kg.derive.totals import LevelBefore, Reconciliation
from kg.derive.writing import plain

if TYPE_CHECKING:
    from kg.derive import Derived


def records(derived: Derived) -> dict[str, Any]:
    """Everything that `kg reconcile --format json` says: amounts are strings, an unbounded end is null.

    `difference` is the sum of the listed amounts less the total; `notAccountedFor`, where not all amounts are stated,
    the total less the listed amounts.
    """
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
        "byPolicy": level.term.by_policy,
        **_interval(level.term.allowed),
    }


def _reconciliation(one: Reconciliation) -> dict[str, Any]:
    residual, remainder = one.residual, one.residual.remainder
    return {
        "iri": one.iri,
        "method": one.method.value,
        "reading": "other" if one.other_reading else "asModelled",
        "currency": _last(one.currency),
        "perYear": one.per_year,
        "total": {"of": one.total.of, "figure": one.total.figures[0], **_term(one.total)},
        "terms": [
            {
                "of": term.of,
                "figures": list(term.figures),
                "known": term.known,
                **_term(term),
                "increase": None if term.raised is None else _interval(term.raised),
            }
            for term in one.terms
        ],
        "exhaustive": one.exhaustive,
        "listed": None
        if one.listed is None
        else {"nominal": _amount(one.listed_nominal), **_interval(one.listed)},
        "difference": {"nominal": _amount(residual.nominal), **_interval(residual.allowed)},
        "outcome": residual.outcome.value,
        "notAccountedFor": None
        if remainder is None
        else {
            "nominal": None if residual.nominal is None else _amount(-residual.nominal),
            **_interval(remainder),
        },
        "byPolicy": one.by_policy,
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
