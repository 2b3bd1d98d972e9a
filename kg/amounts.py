"""Amounts as intervals: what a word allows, sums, and a stated total held against its terms.

Pure arithmetic over frozen values: no input or output, no RDF, no floats. Amounts are whole or decimal kroner
(or another currency's units) as `Decimal`; an end that is `None` is unbounded. Decimals are never rounded:
a result that does not fit 100 digits raises `decimal.Inexact`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from enum import StrEnum

# The default context would round a long sum to 28 digits without a word.
_EXACT = Context(prec=100, traps=[Inexact, InvalidOperation, Overflow, DivisionByZero])
_ZERO = Decimal(0)


class Qualifier(StrEnum):
    """The word at an amount; the values are the codes of code/qualifier/."""

    EXACT = "exact"
    OVER = "over"
    ALMOST = "almost"
    ABOUT = "about"
    AT_LEAST = "atLeast"
    UP_TO = "upTo"


class Outcome(StrEnum):
    """What came of holding a total against its terms; the values are the codes of code/outcome/."""

    CONTRADICTION = "contradiction"
    INCOMPLETE_LIST = "incompleteList"
    AMOUNT_MISSING = "amountMissing"
    WIDTH_UNKNOWN = "widthUnknown"
    EXACT = "exact"
    WITHIN_ROUNDING = "withinRounding"
    WITHIN_QUALIFIER = "withinQualifier"


@dataclass(frozen=True, slots=True)
class Rule:
    """How wide each word is: shares of the value, and counts of steps (units of the last digit written).

    `zero_share` is what half a step may be of the value where the step is not stated but read from the zeros that
    the number ends in; None where such a number has no width.
    """

    iri: str
    almost_share: Decimal
    about_share: Decimal
    about_steps: Decimal
    exact_steps: Decimal
    zero_share: Decimal | None = None

    def assumed_step(self, low: Decimal, high: Decimal) -> Decimal | None:
        """The step of a number without one: the greatest power of ten that its zeros allow and the rule permits.

        200 million: 10 million, since half of 100 million would be more than 5 per cent. For a range that of its
        lower end and that of its upper end, the smaller; None for zero, and under a rule without a share.
        """
        if self.zero_share is None:
            return None
        steps = [_widest(abs(end), self.zero_share) for end in (low, high) if end != 0]
        return min(steps, default=None)


def _widest(value: Decimal, share: Decimal) -> Decimal:
    exponent = _EXACT.normalize(value).as_tuple().exponent
    assert isinstance(exponent, int)
    step = Decimal(1).scaleb(exponent)
    while _EXACT.divide(step, Decimal(2)) > _EXACT.multiply(share, value):
        step = step.scaleb(-1)
    return step


@dataclass(frozen=True, slots=True)
class Interval:
    """The amounts between two ends. `None` is unbounded; an open end is not itself in the interval.

    Raises ValueError for an interval with nothing in it, and for an unbounded end that is called open.
    """

    lower: Decimal | None = None
    upper: Decimal | None = None
    lower_open: bool = False
    upper_open: bool = False

    def __post_init__(self) -> None:
        if (self.lower is None and self.lower_open) or (self.upper is None and self.upper_open):
            raise ValueError("an unbounded end is not open")
        if self.lower is not None and self.upper is not None:
            one_sided = self.lower_open or self.upper_open
            if self.lower > self.upper or (self.lower == self.upper and one_sided):
                raise ValueError("an interval with nothing in it")

    @classmethod
    def point(cls, value: Decimal) -> Interval:
        """The one amount `value`."""
        return cls(value, value)

    def contains(self, value: Decimal) -> bool:
        """Whether `value` is one of these amounts."""
        if self.lower is not None and (value < self.lower or (self.lower_open and value == self.lower)):
            return False
        return self.upper is None or value < self.upper or (value == self.upper and not self.upper_open)

    def negate(self) -> Interval:
        """Every amount with its sign turned."""
        return Interval(_negate(self.upper), _negate(self.lower), self.upper_open, self.lower_open)

    def add(self, other: Interval) -> Interval:
        """Every sum of one amount of each."""
        lower, upper = _sum(self.lower, other.lower), _sum(self.upper, other.upper)
        return Interval(
            lower,
            upper,
            lower is not None and (self.lower_open or other.lower_open),
            upper is not None and (self.upper_open or other.upper_open),
        )

    def subtract(self, other: Interval) -> Interval:
        """Every difference of one amount of this and one of `other`."""
        return self.add(other.negate())

    def scale(self, times: int) -> Interval:
        """Every amount `times` over, the same each time. Raises ValueError unless `times` is positive."""
        if times < 1:
            raise ValueError("an amount is scaled by a positive number of years")
        lower = None if self.lower is None else _EXACT.multiply(self.lower, times)
        upper = None if self.upper is None else _EXACT.multiply(self.upper, times)
        return Interval(lower, upper, self.lower_open, self.upper_open)

    def widen(self, other: Interval) -> Interval:
        """The smallest interval with both in it."""
        lower, lower_open = _outer(self.lower, self.lower_open, other.lower, other.lower_open, below=True)
        upper, upper_open = _outer(self.upper, self.upper_open, other.upper, other.upper_open, below=False)
        return Interval(lower, upper, lower_open, upper_open)

    def upwards(self) -> Interval:
        """These amounts and everything above them."""
        return Interval(self.lower, None, self.lower_open)


def digits(value: Decimal, within: Interval) -> int:
    """How many digits of `value` mean something: 2 of 200 [190, 200), 3 of 155 [154.5, 155.5].

    From its first digit to the widest power of ten that is no wider than the interval; where an end is open or there
    is no width, to its last digit that is no zero, but two at least.
    """
    if value == 0:
        return 1
    if within.lower is not None and within.upper is not None and within.lower < within.upper:
        last = (within.upper - within.lower).adjusted()
        return max(value.adjusted() - last + 1, 1)
    return max(len(value.normalize().as_tuple().digits), 2)


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else _EXACT.add(one, other)


def _negate(end: Decimal | None) -> Decimal | None:
    return None if end is None else _EXACT.minus(end)


def _outer(
    one: Decimal | None, one_open: bool, other: Decimal | None, other_open: bool, *, below: bool
) -> tuple[Decimal | None, bool]:
    if one is None or other is None:
        return None, False
    if one == other:
        return one, one_open and other_open
    return (one, one_open) if (one < other) == below else (other, other_open)


def bounds(low: Decimal, high: Decimal, qualifier: Qualifier | None, step: Decimal | None, rule: Rule) -> Interval:
    """The amounts that a wording allows (docs/model.md, "Words become intervals").

    `low` and `high` are equal but for a range ("10–15 million"). Without a qualifier, or without the step
    that the qualifier needs, nothing is known of the width: unbounded. A negative amount mirrors a positive
    one. Raises ValueError where `low` is above `high`.
    """
    if low > high:
        raise ValueError("a range whose lower end is above its upper end")
    if high < 0:
        return bounds(_EXACT.minus(high), _EXACT.minus(low), qualifier, step, rule).negate()
    match qualifier:
        case Qualifier.EXACT if step is not None:
            return _around(low, high, _EXACT.multiply(rule.exact_steps, step))
        case Qualifier.ABOUT if step is not None:
            steps = _EXACT.multiply(rule.about_steps, step)
            least, most = (max(steps, _EXACT.multiply(rule.about_share, end)) for end in (low, high))
            return Interval(_EXACT.subtract(low, least), _EXACT.add(high, most))
        case Qualifier.OVER:
            return Interval(low, None, lower_open=True)
        case Qualifier.ALMOST:
            lower = _EXACT.subtract(low, _EXACT.multiply(rule.almost_share, low))
            return _below(lower, high)
        case Qualifier.AT_LEAST:
            return Interval(low)
        case Qualifier.UP_TO:
            return Interval(_ZERO, high)
    return Interval()


def rounding(
    low: Decimal, high: Decimal, qualifier: Qualifier | None, step: Decimal | None, rule: Rule
) -> Interval:
    """The amounts that rounding alone allows: "about" as exact, "almost" as half a step below at most."""
    if high < 0:
        return rounding(_EXACT.minus(high), _EXACT.minus(low), qualifier, step, rule).negate()
    if qualifier is Qualifier.ABOUT:
        return bounds(low, high, Qualifier.EXACT, step, rule)
    if qualifier is Qualifier.ALMOST and step is not None:
        return _below(_EXACT.subtract(low, _EXACT.multiply(rule.exact_steps, step)), high)
    return bounds(low, high, qualifier, step, rule)


def _around(low: Decimal, high: Decimal, width: Decimal) -> Interval:
    return Interval(_EXACT.subtract(low, width), _EXACT.add(high, width))


def _below(lower: Decimal, high: Decimal) -> Interval:
    # "Almost nothing" has no amount below it to be; it is kept as the one amount.
    return Interval(lower, high, upper_open=lower != high)


@dataclass(frozen=True, slots=True)
class Term:
    """One side, or one item, of a reconciliation, brought to the whole period.

    `of` is what the money is for, `figures` the IRIs of the figures that say it (none where nothing is
    stated, several where they disagree). `value` is the number as written (None for a range, or where it is
    not one number), once a year where `years` is given. `allowed` are the amounts that the words allow,
    `rounded` those that rounding alone allows, both for the whole period. `known` is False where the amount
    itself is not stated and `allowed` is only what can be said of it; `raised` is then the increase that is stated
    instead. `by_policy` is True where the width of a figure is assumed.
    """

    of: str | None
    figures: tuple[str, ...]
    value: Decimal | None
    qualifier: Qualifier | None
    years: int | None
    known: bool
    allowed: Interval
    rounded: Interval
    raised: Interval | None = None
    by_policy: bool = False

    @property
    def listed(self) -> Interval | None:
        """What a list says of it: the amount, or the increase; None where it says neither."""
        return self.allowed if self.known else self.raised

    @property
    def measured(self) -> bool:
        """Whether the wording says how wide the amount is: a number alone does not, without its step."""
        return self.allowed != Interval()

    @property
    def nominal(self) -> Decimal | None:
        """The number as written, for the whole period."""
        return self.value if self.value is None or self.years is None else _EXACT.multiply(self.value, self.years)


@dataclass(frozen=True, slots=True)
class Residual:
    """Terms minus total: by the numbers as written (None where one is missing), and what the words allow.

    `outcome` judges it. `remainder`, where not all amounts are stated, is the total less all that the list says,
    levels and increases: what is not accounted for.
    """

    nominal: Decimal | None
    allowed: Interval
    outcome: Outcome
    remainder: Interval | None


def total_of(intervals: Iterable[Interval]) -> Interval:
    """Every sum of one amount of each interval; of none, the point 0."""
    result = Interval.point(_ZERO)
    for interval in intervals:
        result = result.add(interval)
    return result


def reconcile(total: Term, terms: Iterable[Term], exhaustive: bool) -> Residual:
    """Hold a total against the terms that should add up to it; a list that is not exhaustive adds [0, ∞).

    The terms must be of the total's currency, kind and role: `kg.derive` sees to that.
    """
    terms = tuple(terms)
    complete = exhaustive and total.known and all(term.known for term in terms)
    rest = Interval.point(_ZERO) if exhaustive else Interval(_ZERO)
    allowed = total_of(term.allowed for term in terms).add(rest).subtract(total.allowed)
    listed = [term for term in terms if term.listed is not None]
    nominal = _difference([term.nominal for term in listed], total.nominal) if listed else None
    if not allowed.contains(_ZERO):
        return Residual(nominal, allowed, Outcome.CONTRADICTION, None)
    if complete and nominal == 0 and all(term.qualifier is Qualifier.EXACT for term in (total, *terms)):
        return Residual(nominal, allowed, Outcome.EXACT, None)
    if not complete:
        remainder = total.allowed.subtract(total_of(term.listed for term in listed if term.listed is not None))
        missing = Outcome.AMOUNT_MISSING if exhaustive else Outcome.INCOMPLETE_LIST
        return Residual(nominal, allowed, missing, remainder)
    if not all(term.measured for term in (total, *terms)):
        return Residual(nominal, allowed, Outcome.WIDTH_UNKNOWN, None)
    rounded = total_of(term.rounded for term in terms).subtract(total.rounded)
    within = Outcome.WITHIN_ROUNDING if rounded.contains(_ZERO) else Outcome.WITHIN_QUALIFIER
    return Residual(nominal, allowed, within, None)


def _difference(terms: Iterable[Decimal | None], total: Decimal | None) -> Decimal | None:
    result = _ZERO
    for nominal in (*terms, None if total is None else _EXACT.minus(total)):
        if nominal is None:
            return None
        result = _EXACT.add(result, nominal)
    return result
