"""Totals against what should add up to them, as sentences that a newspaper could print.

The sentences are literals of `code/sentence`, in four languages, with named places for amounts and words: none stands
here. What they say is computed in `kg.derive`; here it is put into words and in the order of reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kg.amounts import Interval, Outcome, Qualifier, Term
from kg.derive.reading import Basis, Figure
from kg.derive.totals import Method, Reconciliation
from kg.display import period
from kg.labels import filled, labels
from kg.rdf import iri
from kg.results import Source, plain, select
from kg.terms import CODE

if TYPE_CHECKING:
    from kg.derive import Derived

_OTHER_READING, _DOUBTFUL = 1, 2
_CHUNK = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One total for a reader, in words of one language.

    `under` is true for another reading of the line above; `iri` is the reconciliation's. `total` is the amount as its
    words stand; `listed`, what the list comes to; `difference`, that less the total by the numbers as written, `bounds`
    by the words; `left`, what is not accounted for; `count`, how many amounts are stated of how many. `assumed`: the
    width of an amount is.
    """

    iri: str
    under: bool
    sentence: str
    what: str
    total: str
    listed: str
    difference: str
    bounds: str
    left: str
    count: str
    assumed: bool


# The names of the columns, and what else stands beside the amounts: codes of `code/sentence`.
NAMES = (
    "whatComesOfIt",
    "totalFor",
    "asItsWordsStand",
    "listedAmounts",
    "differenceAsWritten",
    "differenceByTheWords",
    "notAccountedFor",
    "statedAmounts",
    "width",
    "widthAssumed",
)


def names(source: Source, lang: str) -> dict[str, str]:
    """What each of NAMES is called in a language."""
    found = labels(source, [iri(f"{CODE}sentence/{name}") for name in NAMES], lang)
    return {name: found.get(f"{CODE}sentence/{name}", name) for name in NAMES}


def lines(derived: Derived, source: Source, lang: str) -> tuple[Line, ...]:
    """Every reconciliation as a line, other readings and doubtful wordings under the one that they belong to.

    A claim about several years is held against every year, where these are known; what an earlier claim or one year
    alone makes of it is then no line.
    """
    by_years = {each.total.figures for each in derived.reconciliations if each.method is Method.YEARS}
    found = [
        each
        for each in derived.reconciliations
        if each.method is not Method.INCLUDED or each.total.figures not in by_years
    ]
    written = _Writing(derived, source, lang, found)
    return tuple(written.line(each) for each in sorted(found, key=lambda each: _place(derived, each)))


def _place(derived: Derived, one: Reconciliation) -> tuple[str, str, int, str]:
    """What it is for, then the figure that counts and the method, then itself before its other readings."""
    figure = derived.reading.figures[one.total.figures[0]]
    kind = _OTHER_READING if one.other_reading else _DOUBTFUL if _doubtful(figure) else 0
    counts = figure.rewords if figure.rewords and kind else figure.iri
    return one.total.of or "", f"{counts} {one.method}", kind, one.iri


def _doubtful(figure: Figure) -> bool:
    return bool(figure.rewords) and figure.qualifier_inferred


class _Writing:
    """The names, words and sentences that the lines need, asked for all of them together."""

    def __init__(self, derived: Derived, source: Source, lang: str, found: Iterable[Reconciliation]) -> None:
        self._figures = derived.reading.figures
        self._covers = derived.reading.covers
        self._lang = lang
        # A level before an increase as the two numbers are written, whatever their words.
        self._before = {
            each.iri: level.low - increase.low
            for each in derived.levels_before
            if (level := self._figures[each.level]).low is not None
            and level.low == level.high
            and (increase := self._figures[each.increase]).low is not None
            and increase.low == increase.high
        }
        found = list(found)
        codes = [f"{CODE}basis/{Basis.PER_YEAR}", *(f"{CODE}qualifier/{each}" for each in Qualifier)]
        things = [*codes, *_sentences(source), *(each.total.of for each in found if each.total.of)]
        self._names = labels(source, map(iri, things), lang)
        self._words = _words(
            source, {name for each in found for term in (each.total, *each.terms) for name in term.figures}
        )

    def line(self, one: Reconciliation) -> Line:
        figure = self._figures[one.total.figures[0]]
        doubtful = _doubtful(figure)
        nominal, left = self._nominal(one), one.residual.remainder
        stated = sum(term.listed is not None for term in one.terms)
        return Line(
            one.iri,
            one.other_reading or doubtful,
            self._sentence(one, doubtful),
            self._names.get(one.total.of or "", figure.iri),
            self._total(one, figure),
            self._amount(self._listed(one), one) or self._interval(one.listed, one),
            self._amount(nominal, one),
            self._interval(one.residual.allowed, one),
            "" if left is None else self._with_bounds(None if nominal is None else -nominal, left, one),
            f"{stated}/{len(one.terms)}",
            one.by_policy,
        )

    def _listed(self, one: Reconciliation) -> Decimal | None:
        """What the listed amounts come to by their numbers as written; None where one has none."""
        if one.method is Method.INCREASE:
            return self._before.get(one.terms[0].figures[0])
        return one.listed_nominal

    def _nominal(self, one: Reconciliation) -> Decimal | None:
        """What is listed less the total, by the numbers as written."""
        listed, total = self._listed(one), one.total.nominal
        return one.residual.nominal if listed is None or total is None else listed - total

    def _total(self, one: Reconciliation, figure: Figure) -> str:
        """The amount in the words of its source, else as its number and its word."""
        words = self._words.get(figure.iri) or self._qualified(one)
        if figure.iri in self._covers:
            words += f", {period(*self._covers[figure.iri])}"
        return f"{words}, {self._names[f'{CODE}basis/{Basis.PER_YEAR}']}" if one.per_year else words

    def _qualified(self, one: Reconciliation) -> str:
        amount = self._amount(one.total.value if one.total.nominal is None else one.total.nominal, one)
        qualifier = one.total.qualifier
        return amount if qualifier in (None, Qualifier.EXACT) else f"{self._label(qualifier)} {amount}"

    def _label(self, qualifier: Qualifier | None) -> str:
        return self._names.get(f"{CODE}qualifier/{qualifier}", "")

    def _sentence(self, one: Reconciliation, doubtful: bool) -> str:
        if one.other_reading:
            return self._of_other_reading(one)
        said = self._of_outcome(one)
        if doubtful:
            return self._say("doubtfulWording", word=self._label(one.total.qualifier), sentence=said)
        return said

    def _of_outcome(self, one: Reconciliation) -> str:
        residual = one.residual
        if self._nominal(one) == 0 and residual.outcome in (Outcome.WITHIN_ROUNDING, Outcome.WITHIN_QUALIFIER):
            return self._say(Outcome.EXACT)
        match residual.outcome:
            case Outcome.CONTRADICTION:
                more = residual.allowed.lower is not None and residual.allowed.lower >= 0
                return self._say("contradictionMore" if more else "contradictionLess", x=self._off(one))
            case Outcome.WITHIN_QUALIFIER:
                return self._say("withinQualifier", word=self._saving_word(one))
            case Outcome.INCOMPLETE_LIST | Outcome.AMOUNT_MISSING:
                left = None if residual.nominal is None else -residual.nominal
                exhaustive = residual.outcome is Outcome.AMOUNT_MISSING
                if not exhaustive and left is not None and left <= 0:
                    return self._say("incompleteListMet")
                if not exhaustive and residual.remainder is not None and residual.remainder.contains(Decimal(0)):
                    return self._say(
                        "incompleteListPerhaps",
                        x=self._amount(left, one) or self._interval(residual.remainder, one),
                    )
                missing = [term for term in one.terms if not term.known]
                raised = [term for term in missing if term.raised is not None]
                name = (
                    "incompleteList"
                    if not exhaustive
                    else "increasesOnly"
                    if raised
                    else "oneAmountMissing"
                    if len(missing) == 1
                    else "amountMissing"
                )
                y = self._amount(_sum(term.nominal for term in raised), one) if raised else ""
                x = self._in_sentence(left, residual.remainder, one)
                return self._say(name, n=str(len(missing)), m=str(len(one.terms)), x=x, y=y)
        return self._say(residual.outcome)

    def _of_other_reading(self, one: Reconciliation) -> str:
        allowed = one.residual.allowed
        if one.residual.outcome is Outcome.CONTRADICTION:
            more = allowed.lower is not None and allowed.lower >= 0
            said = self._say("wouldBeMore" if more else "wouldBeLess", x=self._off(one))
        else:
            said = self._of_outcome(one)
        inferred = {
            (figure.low, figure.years)
            for term in one.terms
            for name in term.figures
            if (figure := self._figures.get(name)) is not None and figure.basis_inferred
        }
        basis = {self._figures[name].basis for term in one.terms for name in term.figures if name in self._figures}
        if len(inferred) == 1 and basis == {Basis.PER_YEAR}:
            ((value, years),) = inferred
            if value is not None and years is not None:
                amount = self._amount(value, one)
                return self._say("otherReadingYears", amount=amount, years=str(years), sentence=said)
        return self._say("otherReading", sentence=said)

    def _saving_word(self, one: Reconciliation) -> str:
        """The word without which the total would not add up, as its source has it: "circa", say."""
        wide = [term for term in (*one.terms, one.total) if term.allowed != term.rounded]
        words = [self._word_of(term) for term in wide]
        return ", ".join(dict.fromkeys(word for word in words if word))

    def _word_of(self, term: Term) -> str:
        said = self._words.get(term.figures[0], "") if term.figures else ""
        before = re.match(r"[^\d]+", said)
        return before[0].strip() if before and before[0].strip() else self._label(term.qualifier)

    def _off(self, one: Reconciliation) -> str:
        """How much too much or too little, with bounds: both turned to be positive."""
        allowed, nominal = one.residual.allowed, one.residual.nominal
        if allowed.lower is None or allowed.lower < 0:
            allowed, nominal = allowed.negate(), None if nominal is None else -nominal
        return self._with_bounds(nominal, allowed, one)

    def _in_sentence(self, number: Decimal | None, allowed: Interval | None, one: Reconciliation) -> str:
        """A number alone where the words bound it on both sides; else with what they allow."""
        if allowed is None or (number is not None and None not in (allowed.lower, allowed.upper)):
            return self._amount(number, one)
        return self._with_bounds(number, allowed, one)

    def _with_bounds(self, number: Decimal | None, allowed: Interval, one: Reconciliation) -> str:
        bounds = self._interval(allowed, one)
        written = self._amount(number, one)
        if not written or not bounds or allowed == Interval.point(number or Decimal(0)):
            return written or bounds
        return f"{written} ({bounds})"

    def _amount(self, number: Decimal | None, one: Reconciliation) -> str:
        from kg.money import amount

        return "" if number is None else amount(number, _currency(one), self._lang)

    def _interval(self, allowed: Interval | None, one: Reconciliation) -> str:
        """What the words allow, in words: "more than …", "between … and …"; nothing where they allow everything."""
        if allowed is None or (allowed.lower is None and allowed.upper is None):
            return ""
        a, b = self._amount(allowed.lower, one), self._amount(allowed.upper, one)
        if allowed.lower is None:
            return self._say("lessThan" if allowed.upper_open else "atMost", x=b)
        if allowed.upper is None:
            return self._say("moreThan" if allowed.lower_open else "atLeast", x=a)
        return a if a == b else self._say("between", a=a, b=b)

    def _say(self, name: str, **places: str) -> str:
        return filled(self._names.get(f"{CODE}sentence/{name}", name), places)


def _sum(numbers: Iterable[Decimal | None]) -> Decimal | None:
    found = list(numbers)
    return None if None in found else sum((number for number in found if number is not None), Decimal(0))


def _currency(one: Reconciliation) -> str:
    return one.currency.rpartition("/")[2]


def _sentences(source: Source) -> list[str]:
    found = select(source, f"SELECT ?sentence WHERE {{ ?sentence skos:inScheme <{CODE}sentence> }}")
    return [plain(row[0]) for row in found.rows]


def _words(source: Source, figures: set[str]) -> dict[str, str]:
    """The words of each figure that has an anchor, of the first place where it is said."""
    found: dict[str, tuple[int, str]] = {}
    ordered = sorted(figures)
    for start in range(0, len(ordered), _CHUNK):
        named = " ".join(str(iri(name)) for name in ordered[start : start + _CHUNK])
        text = (
            f"SELECT ?figure ?start ?words WHERE {{ VALUES ?figure {{ {named} }} ?figure til:evidence ?anchor . "
            "?anchor oa:hasSelector/oa:start ?start ; oa:hasSelector/oa:exact ?words }"
        )
        for figure, place, words in select(source, text).rows:
            said = (int(plain(place)), plain(words))
            found[plain(figure)] = min(found.get(plain(figure), said), said)
    return {figure: words for figure, (_, words) in found.items()}
