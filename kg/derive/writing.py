"""Derived values as triples, in the terms of the ontology."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from kg import rdf
from kg.amounts import Interval
from kg.derive.reading import Basis
from kg.derive.totals import LevelBefore, Reconciliation
from kg.terms import CODE, PREFIXES

if TYPE_CHECKING:
    from kg.derive import Derived


def _til(name: str) -> rdf.NamedNode:
    return rdf.iri(PREFIXES["til"] + name)


def _code(listed: str, code: str) -> rdf.NamedNode:
    return rdf.iri(f"{CODE}{listed}/{code}")


_LOWER, _UPPER = _til("lower"), _til("upper")
_LOWER_OPEN, _UPPER_OPEN = _til("lowerOpen"), _til("upperOpen")
_RULE, _NOT_SUMMED = _til("rule"), _til("notSummed")
_DERIVED_FROM = rdf.iri(PREFIXES["prov"] + "wasDerivedFrom")
_TRUE = rdf.literal("true", "boolean")


def triples(derived: Derived) -> Iterator[rdf.Triple]:
    """Bounds, rule and reasons of the stated figures; derived figures; reconciliations."""
    if derived.rule is None:
        return
    rule = rdf.iri(derived.rule)
    reasons = {why: _code("not-summed", why) for found in derived.not_summed.values() for why in found}
    for iri, interval in derived.bounds.items():
        subject = rdf.iri(iri)
        yield rdf.Triple(subject, _RULE, rule)
        yield from _bounds(subject, interval)
        for why in derived.not_summed.get(iri, ()):
            yield rdf.Triple(subject, _NOT_SUMMED, reasons[why])
    for level in derived.levels_before:
        yield from _level(level, rule)
    for one in derived.reconciliations:
        yield from _reconciliation(one, rule)


def _level(level: LevelBefore, rule: rdf.NamedNode) -> Iterator[rdf.Triple]:
    subject = rdf.iri(level.iri)
    yield from _figure(subject, "level", level.currency, level.basis, level.term.allowed, rule)
    if level.of is not None:
        yield rdf.Triple(subject, _til("figureOf"), rdf.iri(level.of))
    yield from _sources(subject, (level.level, level.increase))


def _reconciliation(one: Reconciliation, rule: rdf.NamedNode) -> Iterator[rdf.Triple]:
    subject = rdf.iri(one.iri)
    yield rdf.Triple(subject, rdf.TYPE, _til("Reconciliation"))
    yield rdf.Triple(subject, _RULE, rule)
    yield rdf.Triple(subject, _til("total"), rdf.iri(one.total.figures[0]))
    terms = sorted({iri for term in one.terms for iri in term.figures})
    for iri in terms:
        yield rdf.Triple(subject, _til("term"), rdf.iri(iri))
    yield from _sources(subject, {one.total.figures[0], *terms})
    if one.residual.nominal is not None:
        yield rdf.Triple(subject, _til("residual"), _decimal(one.residual.nominal))
    yield from _bounds(subject, one.residual.allowed)
    yield rdf.Triple(subject, _til("outcome"), _code("outcome", one.residual.outcome))
    if one.other_reading:
        yield rdf.Triple(subject, _til("otherReading"), _TRUE)
    if one.residual.remainder is not None:
        remainder = rdf.iri(f"{one.iri}-remainder")
        yield rdf.Triple(subject, _til("remainder"), remainder)
        basis = Basis.PER_YEAR if one.per_year else Basis.WHOLE_PERIOD
        yield from _figure(remainder, one.role, one.currency, basis, one.residual.remainder, rule)
        if one.total.of is not None:
            yield rdf.Triple(remainder, _til("figureOf"), rdf.iri(one.total.of))
        known = {iri for term in one.terms if term.known for iri in term.figures}
        yield from _sources(remainder, {one.total.figures[0], *known})


def _figure(
    subject: rdf.NamedNode, role: str, currency: str, basis: str, interval: Interval, rule: rdf.NamedNode
) -> Iterator[rdf.Triple]:
    yield rdf.Triple(subject, rdf.TYPE, _til("Figure"))
    yield rdf.Triple(subject, _til("origin"), _code("origin", "derived"))
    yield rdf.Triple(subject, _til("role"), _code("figure-role", role))
    yield rdf.Triple(subject, _til("basis"), _code("basis", basis))
    yield rdf.Triple(subject, _til("currency"), rdf.iri(currency))
    yield rdf.Triple(subject, _RULE, rule)
    yield from _bounds(subject, interval)


def _bounds(subject: rdf.NamedNode, interval: Interval) -> Iterator[rdf.Triple]:
    if interval.lower is not None:
        yield rdf.Triple(subject, _LOWER, _decimal(interval.lower))
    if interval.upper is not None:
        yield rdf.Triple(subject, _UPPER, _decimal(interval.upper))
    if interval.lower_open:
        yield rdf.Triple(subject, _LOWER_OPEN, _TRUE)
    if interval.upper_open:
        yield rdf.Triple(subject, _UPPER_OPEN, _TRUE)


def _sources(subject: rdf.NamedNode, figures: Iterable[str]) -> Iterator[rdf.Triple]:
    for iri in sorted(figures):
        yield rdf.Triple(subject, _DERIVED_FROM, rdf.iri(iri))


def _decimal(amount: Decimal) -> rdf.Literal:
    return rdf.literal(plain(amount), "decimal")


def plain(amount: Decimal) -> str:
    """An amount in digits: no exponent, no zeros after the point (the canonical xsd:decimal but for `.0`)."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
