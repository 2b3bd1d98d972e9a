"""Claims about money held against what is known: more than before, a record, so much in all.

A claim is held against its figures as a total is against its terms (kg.amounts.reconcile), so that its verdict turns on
the same words. Claims that there is other money beside what is counted are not checked: nothing says how much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from kg.amounts import Interval, Outcome, Residual, Rule, Term, reconcile
from kg.derive.reading import Commitment, Figure, Reading
from kg.derive.totals import LevelBefore, Method, Reconciliation, measure
from kg.derive.yearly import by_year, said, year_amount
from kg.results import Source, plain, select

# What a claim without an amount of its own says of a difference: that it is above nothing.
_MORE = Interval(Decimal(0), lower_open=True)


class Answer(StrEnum):
    """What becomes of a claim; the values are the codes of code/verdict/."""

    AGREES = "agrees"
    ONLY_BY_WORD = "agreesOnlyByWord"
    DISAGREES = "doesNotAgree"
    UNCHECKED = "cannotBeChecked"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the check needs of one claim: `type` is a code of code/claim-type/, the rest IRIs; `names` by language."""

    iri: str
    type: str
    about: tuple[str, ...]
    against: tuple[str, ...]
    comparison: str | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """An amount that the graph has where the claim has its own: what a commitment (`of`) has above another (`over`).

    Both are None where it is a sum, which a reconciliation has as a figure already.
    """

    iri: str
    term: Term
    of: str | None = None
    over: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim and what becomes of it.

    `found` is what is known, None where it is not one amount; `residual` that less what is claimed. `beside` are the
    same by a whole of which the claim compares with a part. `missing` counts the years without an amount. `figures`
    are all that were used, `saving` those without whose word the claim would not hold. `sentences` are by language.
    """

    claim: Claim
    answer: Answer
    currency: str
    figures: tuple[str, ...]
    found: Found | None = None
    residual: Residual | None = None
    beside: tuple[Found, ...] = ()
    missing: int = 0
    saving: tuple[str, ...] = ()
    sentences: Mapping[str, str] = field(default_factory=dict)

    @property
    def iri(self) -> str:
        """The IRI of the verdict."""
        return f"{self.claim.iri}-verdict"


def verdicts(
    source: Source,
    reading: Reading,
    rule: Rule,
    before: Mapping[str, LevelBefore],
    totals: Iterable[Reconciliation],
) -> tuple[Verdict, ...]:
    """The verdict of each claim that can be held against figures, in the order of the claims, without sentences.

    `before` has the levels that follow from increases, by the commitment that they are the level of.
    """
    check = _Check(source, reading, rule, before, {each.iri: each for each in totals})
    checks = {"cumulative": check.cumulative, "moreThanBefore": check.more, "record": check.record}
    found = (checks[claim.type](claim) for claim in _claims(source) if claim.type in checks)
    return tuple(each for each in found if each is not None)


@dataclass(frozen=True, slots=True)
class _Check:
    source: Source
    reading: Reading
    rule: Rule
    before: Mapping[str, LevelBefore]
    totals: Mapping[str, Reconciliation]

    def cumulative(self, claim: Claim) -> Verdict | None:
        """So much in all: the sum of the years."""
        one = self.totals.get(f"{claim.comparison}-against-{Method.YEARS}")
        if one is None:
            return None
        known = [term for term in one.terms if term.known]
        added = one.listed or Interval()
        return Verdict(
            claim,
            _answer(one.residual.outcome),
            one.currency,
            _figures(one.total, *known),
            Found(f"{one.iri}-listed", Term(None, (), one.listed_nominal, None, None, True, added, added)),
            one.residual,
            missing=len(one.terms) - len(known),
            saving=_saving(one.residual.outcome, (*known, one.total)),
        )

    def more(self, claim: Claim) -> Verdict | None:
        """More than an earlier commitment: the difference of the two levels."""
        comparison = self.reading.figures.get(claim.comparison or "")
        level = self._level(claim.about, None if comparison is None else comparison.currency)
        if level is None:
            return None
        own, stated = self._measured(level), () if comparison is None else (self._measured(comparison),)
        earlier = self._level(claim.against, level.currency)
        if earlier is None:
            return Verdict(claim, Answer.UNCHECKED, level.currency, _figures(own, *stated), missing=1)
        other = self._measured(earlier)
        found = _difference(own, other)
        residual = reconcile(stated[0] if stated else _more(), (found,), True)
        beside = tuple(
            Found(
                f"{claim.iri}-verdict-over-{_slug(whole)}",
                _difference(own, self._measured(total)),
                level.of,
                whole,
            )
            for whole in self._around(earlier.of)
            if (total := self._level((whole,), level.currency)) is not None
        )
        return Verdict(
            claim,
            _answer(residual.outcome),
            level.currency,
            _figures(own, other, *stated, *(each.term for each in beside)),
            Found(f"{claim.iri}-verdict-over-{_slug(earlier.of)}", found, level.of, earlier.of),
            residual,
            beside,
            saving=_saving(residual.outcome, (own, other, *stated)),
        )

    def record(self, claim: Claim) -> Verdict | None:
        """More than in any year before: each of them that is known, and how many are not."""
        level = self._level(claim.about, None)
        commitment = None if level is None else self.reading.commitments.get(level.of)
        year = None if commitment is None else _only_year(commitment)
        if level is None or commitment is None or year is None:
            return None
        groups = by_year(self.reading)
        day = said(self.reading, level.iri)
        years = range(min(self._starts(claim, commitment), default=year), year)
        of_years = [
            [each for programme in claim.against for each in groups.get((programme, str(earlier)), ())]
            for earlier in years
        ]
        terms = [
            year_amount(self.reading, self.rule, self.before, of_year, level.currency, day) for of_year in of_years
        ]
        known = [term for term in terms if term.known]
        own = self._measured(level)
        answers = {_answer(reconcile(_more(), (_difference(own, term),), True).outcome) for term in known}
        if len(known) < len(terms) or not known:
            answers.add(Answer.UNCHECKED)
        # What contradicts it decides, then what is not known, then what only a word saves.
        worst = (Answer.DISAGREES, Answer.UNCHECKED, Answer.ONLY_BY_WORD, Answer.AGREES)
        answer = next(each for each in worst if each in answers)
        return Verdict(
            claim,
            answer,
            level.currency,
            _figures(own, *known),
            missing=len(terms) - len(known),
            saving=_saving(Outcome.WITHIN_QUALIFIER if answer is Answer.ONLY_BY_WORD else None, (own, *known)),
        )

    def _measured(self, figure: Figure) -> Term:
        return measure(figure, self.rule, None)

    def _level(self, commitments: tuple[str, ...], currency: str | None) -> Figure | None:
        """The one level of the one commitment that a claim names; None where there is not one with a number."""
        levels = [
            each
            for commitment in commitments
            for each in self.reading.levels(commitment)
            if currency in (None, each.currency) and each.low is not None
        ]
        return levels[0] if len(levels) == 1 else None

    def _around(self, part: str) -> Iterator[str]:
        """The wholes that a commitment is part of, at its own stage and for its own period."""
        own = self.reading.commitments[part]
        for whole, each in self.reading.commitments.items():
            like = (each.stage, each.period) == (own.stage, own.period)
            if like and whole != part and part in self.reading.below(whole):
                yield whole

    def _starts(self, claim: Claim, commitment: Commitment) -> list[int]:
        """The years in which what the claim is held against began.

        Where none is stated, those from which the graph has money in the country: before that there is nothing to ask.
        """
        text = "SELECT ?programme ?start WHERE { ?programme a til:Programme ; til:period/dcat:startDate ?start }"
        stated = [plain(start) for each, start in select(self.source, text).rows if plain(each) in claim.against]
        reached = [
            each.start
            for each in self.reading.commitments.values()
            if each.start and set(each.countries) & set(commitment.countries)
        ]
        return [int(day[:4]) for day in stated or reached]


def _more() -> Term:
    return Term(None, (), None, None, None, True, _MORE, _MORE)


def _answer(outcome: Outcome) -> Answer:
    match outcome:
        case Outcome.CONTRADICTION:
            return Answer.DISAGREES
        case Outcome.EXACT | Outcome.WITHIN_ROUNDING:
            return Answer.AGREES
        case Outcome.WITHIN_QUALIFIER:
            return Answer.ONLY_BY_WORD
    return Answer.UNCHECKED


def _saving(outcome: Outcome | None, terms: Iterable[Term]) -> tuple[str, ...]:
    if outcome is not Outcome.WITHIN_QUALIFIER:
        return ()
    return tuple(term.figures[0] for term in terms if term.figures and term.allowed != term.rounded)


def _figures(*terms: Term) -> tuple[str, ...]:
    return tuple(sorted({name for term in terms for name in term.figures}))


def _difference(one: Term, other: Term) -> Term:
    numbers = (one.nominal, other.nominal)
    return Term(
        one.of,
        _figures(one, other),
        None if numbers[0] is None or numbers[1] is None else numbers[0] - numbers[1],
        None,
        None,
        True,
        one.allowed.subtract(other.allowed),
        one.rounded.subtract(other.rounded),
        by_policy=one.by_policy or other.by_policy,
    )


def _only_year(commitment: Commitment) -> int | None:
    start, end = commitment.start, commitment.end
    return int(start[:4]) if start and end and start[:4] == end[:4] else None


def _slug(name: str) -> str:
    return re.split(r"[/#]", name)[-1]


def _claims(source: Source) -> Iterator[Claim]:
    text = """SELECT ?claim ?property ?value WHERE {
      ?claim til:claimType ?type ; ?property ?value
      FILTER(?property IN (til:claimType, til:about, til:against, til:comparison, skos:prefLabel))
    }"""
    found: dict[str, dict[str, set[str]]] = {}
    names: dict[str, dict[str, str]] = {}
    for claim, what, value in select(source, text).rows:
        language = getattr(value, "language", None)
        if language:
            names.setdefault(plain(claim), {})[language] = plain(value)
        else:
            found.setdefault(plain(claim), {}).setdefault(_slug(plain(what)), set()).add(plain(value))
    for iri, values in sorted(found.items()):
        types, comparisons = values["claimType"], values.get("comparison", set())
        # What is said twice in two ways is taken in neither: validation says so.
        if len(types) == 1 and len(comparisons) <= 1:
            yield Claim(
                iri,
                _slug(min(types)),
                tuple(sorted(values.get("about", ()))),
                tuple(sorted(values.get("against", ()))),
                min(comparisons, default=None),
                names.get(iri, {}),
            )
