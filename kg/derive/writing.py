"""Derived values as triples, in the terms of the ontology."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from kg import rdf
from kg.amounts import Interval, Qualifier
from kg.derive.claims import Found, Verdict
from kg.derive.reading import Basis, Commitment, Reading
from kg.derive.totals import LevelBefore, Reconciliation
from kg.derive.tree import PayerClass, Rest, Tree, runs
from kg.terms import CODE, PREFIXES, expand

if TYPE_CHECKING:
    from kg.derive import Derived


def _til(name: str) -> rdf.NamedNode:
    return rdf.iri(PREFIXES["til"] + name)


def _code(listed: str, code: str) -> rdf.NamedNode:
    return rdf.iri(f"{CODE}{listed}/{code}")


_LOWER, _UPPER = _til("lower"), _til("upper")
_LOWER_OPEN, _UPPER_OPEN = _til("lowerOpen"), _til("upperOpen")
_RULE, _BY_POLICY = _til("rule"), _til("byPolicy")
_VALUE = rdf.iri(PREFIXES["schema"] + "value")
_LABEL = rdf.iri(PREFIXES["skos"] + "prefLabel")
_DERIVED_FROM = rdf.iri(PREFIXES["prov"] + "wasDerivedFrom")
_TRUE = rdf.literal("true", "boolean")


def triples(derived: Derived) -> Iterator[rdf.Triple]:
    """Bounds and rule of the stated figures; derived figures; reconciliations; verdicts; the tree of sums."""
    if derived.rule is None:
        return
    rule = rdf.iri(derived.rule)
    for iri, interval in derived.bounds.items():
        subject = rdf.iri(iri)
        yield rdf.Triple(subject, _RULE, rule)
        yield from _bounds(subject, interval)
        if derived.reading.figures[iri].by_policy:
            yield rdf.Triple(subject, _BY_POLICY, _TRUE)
    for level in derived.levels_before:
        yield from _level(level, rule)
    for one in derived.reconciliations:
        yield from _reconciliation(one, rule)
    for verdict in derived.verdicts:
        yield from _verdict(verdict, rule)
    if derived.tree is not None:
        yield from _tree(derived.reading, derived.tree, rule)


def _tree(reading: Reading, tree: Tree, rule: rdf.NamedNode) -> Iterator[rdf.Triple]:
    for iri in sorted(tree.rows):
        yield rdf.Triple(rdf.iri(iri), _til("addable"), _TRUE)
    for iri in sorted(tree.increases):
        yield rdf.Triple(rdf.iri(iri), _til("addableIncrease"), _TRUE)
    for iri, reasons in tree.not_summed.items():
        for why in reasons:
            yield rdf.Triple(rdf.iri(iri), _til("notSummed"), _code("not-summed", why))
    for name, links in (
        ("insideOf", tree.inside),
        ("givesWayTo", tree.gives_way),
        ("mayContain", tree.may_contain),
        ("saidIn", {iri: reading.said_in.get(iri, ()) for iri in reading.figures}),
    ):
        for iri, targets in sorted(links.items()):
            for target in targets:
                yield rdf.Triple(rdf.iri(iri), _til(name), rdf.iri(target))
    for iri, figure in reading.figures.items():
        if figure.basis is Basis.PER_YEAR and figure.years is not None:
            yield rdf.Triple(rdf.iri(iri), _til("years"), rdf.literal(str(figure.years), "integer"))
    for iri, commitment in reading.commitments.items():
        yield from _placed(rdf.iri(iri), commitment, tree.payer_classes[iri])
    for rest in tree.rests:
        yield from _rest(reading, rest, tree.payer_classes[rest.of], rule)


def _placed(subject: rdf.NamedNode, commitment: Commitment, payers: PayerClass) -> Iterator[rdf.Triple]:
    yield rdf.Triple(subject, _til("payerClass"), _code("payer-class", payers))
    running = runs(commitment)
    if running is not None:
        first, last = running
        yield rdf.Triple(subject, _til("runsFrom"), rdf.literal(first, "date"))
        if last is not None:
            yield rdf.Triple(subject, _til("runsTo"), rdf.literal(last, "date"))


def _rest(reading: Reading, rest: Rest, payers: PayerClass, rule: rdf.NamedNode) -> Iterator[rdf.Triple]:
    subject, of = rdf.iri(rest.iri), rdf.iri(rest.of)
    yield from _figure(subject, "level", rest.level.currency, rest.basis, rest.allowed, rule)
    yield rdf.Triple(subject, _til("figureOf"), of)
    if rest.value is not None:
        yield rdf.Triple(subject, _VALUE, _number(rest.value))
    if rest.by_policy:
        yield rdf.Triple(subject, _BY_POLICY, _TRUE)
    yield from _sources(subject, rest.derived_from)
    for document in reading.said_in.get(rest.level.iri, ()):
        yield rdf.Triple(subject, _til("saidIn"), rdf.iri(document))
    if not rest.new:
        return
    whole = reading.commitments[rest.whole]
    for name in ("Commitment", "Rest"):
        yield rdf.Triple(of, rdf.TYPE, _til(name))
    yield rdf.Triple(of, _RULE, rule)
    yield rdf.Triple(of, _til("restOf"), rdf.iri(rest.whole))
    yield rdf.Triple(of, _til("kind"), _code("kind", "unspecified"))
    words = reading.labels.get(PREFIXES["til"] + "Rest", {})
    for language, label in sorted(reading.labels.get(rest.whole, {}).items()):
        # Nynorsk is read by whoever reads bokmål.
        rest_of_it = words.get(language, words.get("nb") if language == "nn" else None)
        if rest_of_it is not None:
            yield rdf.Triple(of, _LABEL, rdf.literal(f"{label}: {rest_of_it}", language=language))
    for name, values in (
        ("til:stage", (whole.stage,)),
        ("til:period", (whole.period,)),
        ("til:funder", rest.funders),
        ("til:proposer", whole.proposers),
        ("til:promiser", whole.promisers),
        ("til:programme", whole.programmes),
        ("dcterms:spatial", whole.countries),
        ("dcterms:source", whole.documents),
    ):
        predicate = rdf.iri(expand(name) or name)
        for value in values:
            if value is not None:
                yield rdf.Triple(of, predicate, rdf.iri(value))
    yield from _placed(of, whole, payers)


def _level(level: LevelBefore, rule: rdf.NamedNode) -> Iterator[rdf.Triple]:
    subject = rdf.iri(level.iri)
    yield from _figure(subject, "level", level.currency, level.basis, level.term.allowed, rule)
    if level.term.nominal is not None and level.term.qualifier is Qualifier.EXACT:
        yield rdf.Triple(subject, _VALUE, _number(level.term.nominal))
    if level.term.by_policy:
        yield rdf.Triple(subject, _BY_POLICY, _TRUE)
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
        yield rdf.Triple(subject, _til("reading"), _code("reading", "other"))
    if one.by_policy:
        yield rdf.Triple(subject, _BY_POLICY, _TRUE)
    basis = Basis.PER_YEAR if one.per_year else Basis.WHOLE_PERIOD
    if one.listed is not None:
        sum_of = rdf.iri(f"{one.iri}-listed")
        yield rdf.Triple(subject, _til("listed"), sum_of)
        yield from _figure(sum_of, one.role, one.currency, basis, one.listed, rule)
        if one.listed_nominal is not None:
            yield rdf.Triple(sum_of, _VALUE, _number(one.listed_nominal))
        listed = [term for term in one.terms if term.listed is not None]
        if any(term.by_policy for term in listed):
            yield rdf.Triple(sum_of, _BY_POLICY, _TRUE)
        if one.total.of is not None:
            yield rdf.Triple(sum_of, _til("figureOf"), rdf.iri(one.total.of))
        yield from _sources(sum_of, {iri for term in listed for iri in term.figures})
    if one.residual.remainder is not None:
        remainder = rdf.iri(f"{one.iri}-remainder")
        yield rdf.Triple(subject, _til("remainder"), remainder)
        yield from _figure(remainder, one.role, one.currency, basis, one.residual.remainder, rule)
        if one.total.of is not None:
            yield rdf.Triple(remainder, _til("figureOf"), rdf.iri(one.total.of))
        if one.residual.nominal is not None:
            yield rdf.Triple(remainder, _VALUE, _number(-one.residual.nominal))
        known = {iri for term in one.terms if term.listed is not None for iri in term.figures}
        yield from _sources(remainder, {one.total.figures[0], *known})


def _verdict(one: Verdict, rule: rdf.NamedNode) -> Iterator[rdf.Triple]:
    """A verdict, and the same as a schema:ClaimReview, which search engines read."""
    subject, claim = rdf.iri(one.iri), rdf.iri(one.claim.iri)
    yield rdf.Triple(subject, rdf.TYPE, _til("Verdict"))
    yield rdf.Triple(subject, _RULE, rule)
    yield rdf.Triple(subject, _til("about"), claim)
    yield rdf.Triple(subject, _til("outcome"), _code("verdict", one.answer))
    yield from _sources(subject, one.figures)
    if one.residual is not None:
        if one.residual.nominal is not None:
            yield rdf.Triple(subject, _til("residual"), _decimal(one.residual.nominal))
        yield from _bounds(subject, one.residual.allowed)
    for name, found in (("found", one.found), *(("foundBeside", each) for each in one.beside)):
        if found is not None:
            yield rdf.Triple(subject, _til(name), rdf.iri(found.iri))
            yield from _found(one, found, rule)
    yield rdf.Triple(subject, rdf.TYPE, rdf.iri(PREFIXES["schema"] + "ClaimReview"))
    yield rdf.Triple(subject, rdf.iri(PREFIXES["schema"] + "itemReviewed"), claim)
    for name, said in (("claimReviewed", one.claim.names), ("reviewBody", one.sentences)):
        for language, text in sorted(said.items()):
            yield rdf.Triple(subject, rdf.iri(PREFIXES["schema"] + name), rdf.literal(text, language=language))
    for language, text in sorted(one.sentences.items()):
        yield rdf.Triple(subject, _LABEL, rdf.literal(text, language=language))


def _found(one: Verdict, found: Found, rule: rdf.NamedNode) -> Iterator[rdf.Triple]:
    if found.of is None or found.over is None:
        return
    subject = rdf.iri(found.iri)
    yield from _figure(subject, "increase", one.currency, Basis.WHOLE_PERIOD, found.term.allowed, rule)
    yield rdf.Triple(subject, _til("figureOf"), rdf.iri(found.of))
    yield rdf.Triple(subject, _til("increaseOver"), rdf.iri(found.over))
    if found.term.nominal is not None:
        yield rdf.Triple(subject, _VALUE, _number(found.term.nominal))
    if found.term.by_policy:
        yield rdf.Triple(subject, _BY_POLICY, _TRUE)
    yield from _sources(subject, found.term.figures)


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


def _number(amount: Decimal) -> rdf.Literal:
    """An amount as sources write it: a whole number, or a decimal where it is none."""
    text = plain(amount)
    return rdf.literal(text, "decimal" if "." in text else "integer")


def plain(amount: Decimal) -> str:
    """An amount in digits: no exponent, no zeros after the point (the canonical xsd:decimal but for `.0`)."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
