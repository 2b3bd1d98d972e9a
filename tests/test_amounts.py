"""Amounts as intervals: the arithmetic that docs/model.md promises, on values alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, Inexact

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.amounts import Interval, Outcome, Qualifier, Rule, Term, bounds, reconcile, rounding, total_of

RULE = Rule("rule:1", Decimal("0.05"), Decimal("0.01"), Decimal(1), Decimal("0.5"))
STEPS = replace(RULE, zero_share=Decimal("0.05"))
MILLION = Decimal(1_000_000)
Q = Qualifier


def interval(text: str) -> Interval:
    """An interval from mathematical notation, in millions: `[120, 130.5)`; `..` is unbounded."""
    lower, upper = text[1:-1].split(",")
    low, high = (None if end.strip() == ".." else Decimal(end.strip()) * MILLION for end in (lower, upper))
    return Interval(low, high, low is not None and text[0] == "(", high is not None and text[-1] == ")")


def words(text: str, step: str = "1", rule: Rule = RULE) -> Interval:
    """`almost 190` in millions, as an interval."""
    qualifier, value = text.split()
    low, _, high = value.partition("-")
    return bounds(
        Decimal(low) * MILLION, Decimal(high or low) * MILLION, Q(qualifier), Decimal(step) * MILLION, rule
    )


def term(text: str, step: str = "1", years: int | None = None) -> Term:
    """A term from its words, in millions; `?` is a part of which nothing is stated."""
    if text == "?":
        return Term("part", (), None, None, None, False, Interval(Decimal(0)), Interval(Decimal(0)))
    qualifier, number = text.split()
    value = Decimal(number) * MILLION
    wide = bounds(value, value, Q(qualifier), Decimal(step) * MILLION, RULE)
    near = rounding(value, value, Q(qualifier), Decimal(step) * MILLION, RULE)
    if years:
        wide, near = wide.scale(years), near.scale(years)
    return Term("part", ("figure",), value, Q(qualifier), years, True, wide, near)


def increase(text: str) -> Term:
    """A part of which only the increase is stated."""
    stated = term(text)
    return replace(
        stated,
        known=False,
        allowed=stated.allowed.upwards(),
        rounded=stated.rounded.upwards(),
        raised=stated.allowed,
    )


# What must come out (docs/model.md), in millions.


def test_the_level_of_the_scheme_before_2020() -> None:
    assert words("almost 190").subtract(words("exact 60")) == interval("[120, 130.5)")


def test_broadband_in_2019_is_below_206_5() -> None:
    assert words("exact 256").subtract(words("over 50")) == interval("(.., 206.5)")


def test_the_health_platform_adds_up_exactly() -> None:
    residual = reconcile(term("exact 523.2", "0.1"), [term("exact 123.2", "0.1"), term("exact 400")], True)
    assert residual.nominal == 0
    assert residual.allowed == interval("[-0.6, 0.6]")
    assert residual.outcome is Outcome.EXACT
    assert residual.remainder is None


def test_nine_times_6_7_is_60_within_rounding() -> None:
    residual = reconcile(term("exact 60"), [term("exact 6.7", "0.1", years=3)] * 3, True)
    assert residual.nominal == Decimal(300_000)
    assert residual.allowed == interval("[-0.65, 1.25]")
    assert residual.outcome is Outcome.WITHIN_ROUNDING


def test_three_times_6_7_contradicts_60() -> None:
    residual = reconcile(term("exact 60"), [term("exact 6.7", "0.1")] * 3, True)
    assert residual.nominal == Decimal(-39_900_000)
    assert residual.allowed == interval("[-40.55, -39.25]")
    assert residual.outcome is Outcome.CONTRADICTION


def test_97_and_57_against_plain_155() -> None:
    residual = reconcile(term("exact 155"), [term("about 97"), term("exact 57")], True)
    assert residual.nominal == -MILLION
    assert residual.allowed == interval("[-3, 1]")
    assert residual.outcome is Outcome.WITHIN_ROUNDING


def test_97_and_57_against_more_than_155_is_saved_by_circa_only() -> None:
    residual = reconcile(term("over 155"), [term("about 97"), term("exact 57")], True)
    assert residual.allowed == interval("(.., 0.5)")
    assert residual.outcome is Outcome.WITHIN_QUALIFIER
    without = reconcile(term("over 155"), [term("exact 97"), term("exact 57")], True)
    assert without.outcome is Outcome.CONTRADICTION


def test_the_cumulative_650_less_the_level_of_2020() -> None:
    residual = reconcile(term("exact 650"), [term("almost 190")], False)
    assert residual.outcome is Outcome.INCOMPLETE_LIST
    assert residual.nominal == -460 * MILLION
    assert residual.remainder == interval("(459.5, 470]")


def test_101_less_84_leaves_an_amount_that_is_not_stated() -> None:
    residual = reconcile(term("exact 101"), [term("exact 84"), term("?")], True)
    assert residual.outcome is Outcome.AMOUNT_MISSING
    assert residual.nominal == -17 * MILLION
    assert residual.allowed == interval("[-18, ..]")
    assert residual.remainder == interval("[16, 18]")


def test_a_listed_increase_comes_off_what_243_leaves_but_bounds_its_part_from_below_only() -> None:
    residual = reconcile(term("exact 243"), [increase("exact 131"), term("?")], True)
    assert residual.outcome is Outcome.AMOUNT_MISSING
    assert residual.nominal == -112 * MILLION
    assert residual.allowed == interval("[-113, ..]")
    assert residual.remainder == interval("[111, 113]")


def test_a_list_that_is_not_complete_is_so_before_an_amount_is_missing_in_it() -> None:
    residual = reconcile(term("exact 101"), [term("exact 84"), term("?")], False)
    assert residual.outcome is Outcome.INCOMPLETE_LIST
    assert residual.remainder == interval("[16, 18]")


def test_a_total_without_a_number_leaves_nobody_knows_what() -> None:
    unread = Term("whole", ("figure",), None, None, None, False, Interval(), Interval())
    residual = reconcile(unread, [term("exact 84")], True)
    assert residual.outcome is Outcome.AMOUNT_MISSING
    assert (residual.nominal, residual.remainder) == (None, Interval())


def test_an_increase_above_the_total_is_a_contradiction() -> None:
    residual = reconcile(term("exact 243"), [increase("exact 245"), term("?")], True)
    assert residual.outcome is Outcome.CONTRADICTION
    assert residual.remainder is None


def test_numbers_without_a_step_are_exact_where_they_add_up_and_undecided_where_not() -> None:
    """The width of their rounding is not known: a difference may be rounding or not."""
    total, one, other = (
        replace(term(text), allowed=Interval(), rounded=Interval()) for text in ("exact 7", "exact 3", "exact 4")
    )
    found = reconcile(total, [one, other], exhaustive=True)
    assert (found.outcome, found.nominal, found.allowed) == (Outcome.EXACT, Decimal(0), Interval())
    found = reconcile(total, [one, one], exhaustive=True)
    assert (found.outcome, found.nominal, found.allowed) == (Outcome.WIDTH_UNKNOWN, -1 * MILLION, Interval())
    assert found.remainder is None


def test_over_700_against_the_listed_measures_leaves_160_4() -> None:
    listed = [term(f"exact {each}") for each in (10, 35, 30, 40, 11, 84)]
    listed += [term("almost 190"), term("exact 8.6", "0.1"), increase("exact 131")]
    residual = reconcile(term("over 700"), listed, False)
    assert residual.outcome is Outcome.INCOMPLETE_LIST
    assert residual.nominal == Decimal("-160.4") * MILLION
    assert residual.allowed == Interval()
    assert residual.remainder == interval("(156.85, ..]")


# Words.


@pytest.mark.parametrize(
    ("text", "step", "expected"),
    [
        ("exact 60", "1", "[59.5, 60.5]"),
        ("exact 6.7", "0.1", "[6.65, 6.75]"),
        ("exact 650", "10", "[645, 655]"),
        ("over 155", "1", "(155, ..]"),
        ("almost 190", "1", "[180.5, 190)"),
        ("almost 0", "1", "[0, 0]"),
        ("about 97", "1", "[96, 98]"),
        ("about 250", "1", "[247.5, 252.5]"),
        ("about 6.7", "0.1", "[6.6, 6.8]"),
        ("atLeast 10", "1", "[10, ..]"),
        ("upTo 10", "1", "[0, 10]"),
        ("exact 10-15", "1", "[9.5, 15.5]"),
        ("about 10-200", "1", "[9, 202]"),
        ("almost 10-15", "1", "[9.5, 15)"),
        ("over 10-15", "1", "(10, ..]"),
        ("atLeast 10-15", "1", "[10, ..]"),
        ("upTo 10-15", "1", "[0, 15]"),
        ("exact -60", "1", "[-60.5, -59.5]"),
        ("over -60", "1", "(.., -60)"),
        ("almost -60", "1", "(-60, -57]"),
    ],
)
def test_a_word_becomes_an_interval(text: str, step: str, expected: str) -> None:
    qualifier, value = text.split()
    low, high = (value, value) if value.startswith("-") else (value.partition("-")[0], value.rpartition("-")[2])
    found = bounds(Decimal(low) * MILLION, Decimal(high) * MILLION, Q(qualifier), Decimal(step) * MILLION, RULE)
    assert found == interval(expected)


@pytest.mark.parametrize(
    ("millions", "step"),
    [("200", "10"), ("2850", "10"), ("1000", "100"), ("75", "1"), ("9.1", "0.1"), ("450", "10"), ("-200", "10")],
)
def test_a_step_that_nobody_read_is_as_wide_as_zeros_and_5_per_cent_allow(millions: str, step: str) -> None:
    value = Decimal(millions) * MILLION
    assert STEPS.assumed_step(value, value) == Decimal(step) * MILLION
    assert RULE.assumed_step(value, value) is None  # a rule without a share assumes nothing


def test_of_a_range_the_finer_step_is_assumed_and_of_nothing_none() -> None:
    assert STEPS.assumed_step(75 * MILLION, 200 * MILLION) == MILLION
    assert STEPS.assumed_step(Decimal(0), 200 * MILLION) == 10 * MILLION
    assert STEPS.assumed_step(Decimal(0), Decimal(0)) is None


@given(st.integers(1, 10**12))
def test_an_assumed_step_divides_its_number_and_the_next_wider_one_would_not_do(number: int) -> None:
    value = Decimal(number)
    step = STEPS.assumed_step(value, value)
    assert step is not None and value % step == 0 and step / 2 <= value / 20
    assert value % (step * 10) != 0 or step * 5 > value / 20


def test_another_rule_reads_almost_as_two_per_cent() -> None:
    assert words("almost 190", rule=replace(RULE, almost_share=Decimal("0.02"))) == interval("[186.2, 190)")


@pytest.mark.parametrize(("qualifier", "step"), [(None, Decimal(1)), (Q.EXACT, None), (Q.ABOUT, None)])
def test_a_wording_that_is_not_known_allows_anything(qualifier: Qualifier | None, step: Decimal | None) -> None:
    assert bounds(MILLION, MILLION, qualifier, step, RULE) == Interval()


def test_rounding_reads_about_as_exact_and_almost_as_half_a_step() -> None:
    assert rounding(97 * MILLION, 97 * MILLION, Q.ABOUT, MILLION, RULE) == interval("[96.5, 97.5]")
    assert rounding(190 * MILLION, 190 * MILLION, Q.ALMOST, MILLION, RULE) == interval("[189.5, 190)")
    assert rounding(190 * MILLION, 190 * MILLION, Q.OVER, MILLION, RULE) == interval("(190, ..]")


def test_a_range_upside_down_is_refused() -> None:
    with pytest.raises(ValueError, match="lower end"):
        bounds(Decimal(2), Decimal(1), Q.EXACT, Decimal(1), RULE)


@pytest.mark.parametrize("ends", [(2, 1, False, False), (1, 1, True, False), (1, 1, False, True)])
def test_an_empty_interval_is_refused(ends: tuple[int, int, bool, bool]) -> None:
    with pytest.raises(ValueError, match="nothing in it"):
        Interval(Decimal(ends[0]), Decimal(ends[1]), ends[2], ends[3])


def test_an_unbounded_end_is_not_open() -> None:
    with pytest.raises(ValueError, match="unbounded"):
        Interval(None, Decimal(1), lower_open=True)


@pytest.mark.parametrize("times", [0, -1])
def test_an_amount_is_scaled_by_whole_years_only(times: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        Interval(Decimal(1), Decimal(2)).scale(times)


def test_a_sum_is_never_rounded_to_the_28_digits_of_the_default_context() -> None:
    large, small = Interval.point(Decimal(10) ** 40), Interval.point(Decimal("0.5"))
    assert large.add(small).subtract(large) == small
    with pytest.raises(Inexact):
        Interval.point(Decimal(10) ** 120).add(small)


def test_what_is_exact_by_number_but_not_by_word_is_only_within_rounding() -> None:
    assert reconcile(term("about 100"), [term("exact 100")], True).outcome is Outcome.WITHIN_ROUNDING
    assert reconcile(term("exact 100"), [term("about 60"), term("exact 40")], True).outcome is (
        Outcome.WITHIN_ROUNDING
    )


def test_the_empty_list_is_nothing_or_not_complete() -> None:
    assert total_of([]) == Interval.point(Decimal(0))
    assert reconcile(term("exact 100"), [], True).outcome is Outcome.CONTRADICTION
    found = reconcile(term("exact 100"), [], False)
    assert (found.outcome, found.nominal) == (Outcome.INCOMPLETE_LIST, None)
    assert found.remainder == interval("[99.5, 100.5]")


def test_a_contradiction_is_one_however_much_of_the_list_is_missing() -> None:
    for exhaustive in (True, False):
        assert reconcile(term("exact 100"), [term("exact 102"), term("?")], exhaustive).outcome is (
            Outcome.CONTRADICTION
        )


# Properties.

numbers = st.integers(-10_000, 10_000).map(Decimal)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    lower, upper = draw(st.none() | numbers), draw(st.none() | numbers)
    if lower is not None and upper is not None:
        lower, upper = min(lower, upper), max(lower, upper)
    lower_open = lower is not None and draw(st.booleans())
    upper_open = upper is not None and draw(st.booleans())
    if lower == upper and lower is not None:
        lower_open = upper_open = False
    return Interval(lower, upper, lower_open, upper_open)


@st.composite
def members(draw: st.DrawFn) -> tuple[Interval, Decimal]:
    found = draw(intervals())
    low = found.lower if found.lower is not None else (found.upper or Decimal(0)) - 20_000
    high = found.upper if found.upper is not None else low + 20_000
    share = Decimal(draw(st.integers(0, 8))) / 8
    value = low + (high - low) * share
    assume(found.contains(value))
    return found, value


@given(members(), members())
def test_sums_and_differences_contain_those_of_their_members(
    one: tuple[Interval, Decimal], other: tuple[Interval, Decimal]
) -> None:
    assert one[0].add(other[0]).contains(one[1] + other[1])
    assert one[0].subtract(other[0]).contains(one[1] - other[1])


@given(st.lists(members(), max_size=6))
def test_a_sum_of_intervals_contains_every_sum_of_their_members(terms: list[tuple[Interval, Decimal]]) -> None:
    assert total_of(each for each, _ in terms).contains(sum((value for _, value in terms), Decimal(0)))


@given(intervals(), intervals())
def test_a_sum_is_no_wider_than_its_terms(one: Interval, other: Interval) -> None:
    found = one.add(other)
    for end in ("lower", "upper"):
        ends = [getattr(one, end), getattr(other, end)]
        if None in ends:
            assert getattr(found, end) is None
        else:
            assert getattr(found, end) == sum(ends)
            is_open = getattr(one, f"{end}_open") or getattr(other, f"{end}_open")
            assert found.contains(sum(ends, Decimal(0))) is not is_open


@given(members(), st.integers(1, 50))
def test_an_amount_each_year_is_in_the_whole_period(one: tuple[Interval, Decimal], years: int) -> None:
    assert one[0].scale(years).contains(one[1] * years)
    assert one[0].scale(1) == one[0]


@given(members(), intervals())
def test_widening_keeps_every_member(one: tuple[Interval, Decimal], other: Interval) -> None:
    assert one[0].widen(other).contains(one[1])
    assert other.widen(one[0]) == one[0].widen(other)
    assert one[0].widen(one[0]) == one[0]


@given(members())
def test_negating_twice_changes_nothing(one: tuple[Interval, Decimal]) -> None:
    assert one[0].negate().contains(-one[1])
    assert one[0].negate().negate() == one[0]


amounts = st.builds(
    lambda value, digits: (Decimal(value) * Decimal(10) ** digits, Decimal(10) ** digits),
    st.integers(0, 999),
    st.integers(0, 7),
)


@st.composite
def terms(draw: st.DrawFn) -> Term:
    value, step = draw(amounts)
    qualifier = draw(st.sampled_from(Qualifier))
    return stated(value, step, qualifier)


def stated(value: Decimal, step: Decimal, qualifier: Qualifier) -> Term:
    wide = bounds(value, value, qualifier, step, RULE)
    return Term(
        "part", ("figure",), value, qualifier, None, True, wide, rounding(value, value, qualifier, step, RULE)
    )


@given(terms(), st.lists(terms() | st.just(term("?")), max_size=5), st.booleans(), st.randoms())
def test_a_reconciliation_does_not_depend_on_order(
    total: Term, parts: list[Term], exhaustive: bool, random: st.DataObject
) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert reconcile(total, shuffled, exhaustive) == reconcile(total, parts, exhaustive)


@given(terms(), st.lists(terms() | st.just(term("?")), max_size=5), st.booleans())
def test_an_outcome_is_what_its_residual_says(total: Term, parts: list[Term], exhaustive: bool) -> None:
    found = reconcile(total, parts, exhaustive)
    known = [part for part in parts if part.known]
    agrees = found.allowed.contains(Decimal(0))
    assert (found.outcome is Outcome.CONTRADICTION) is not agrees
    assert (found.outcome is Outcome.INCOMPLETE_LIST) is (agrees and not exhaustive)
    assert (found.outcome is Outcome.AMOUNT_MISSING) is (agrees and exhaustive and len(known) < len(parts))
    missing = found.outcome in (Outcome.INCOMPLETE_LIST, Outcome.AMOUNT_MISSING)
    assert (found.remainder is not None) is missing
    assert (found.nominal is not None) is bool(known)
    if known and total.value is not None:
        assert found.nominal == sum((part.value or Decimal(0) for part in known), -total.value)


# From a narrower word to a wider one, for the same number.
WIDER = [(Q.EXACT, Q.ABOUT), (Q.OVER, Q.AT_LEAST), (Q.ALMOST, Q.UP_TO)]


@given(amounts, st.sampled_from(WIDER))
def test_a_wider_word_allows_all_that_the_narrower_does(
    amount: tuple[Decimal, Decimal], pair: tuple[Qualifier, Qualifier]
) -> None:
    narrow, wide = (bounds(amount[0], amount[0], word, amount[1], RULE) for word in pair)
    assert narrow.widen(wide) == wide


@given(terms(), st.lists(terms(), max_size=4), st.booleans(), amounts, st.sampled_from(WIDER), st.booleans())
def test_widening_a_qualifier_never_turns_agreement_into_contradiction(
    total: Term,
    parts: list[Term],
    exhaustive: bool,
    amount: tuple[Decimal, Decimal],
    pair: tuple[Qualifier, Qualifier],
    on_total: bool,
) -> None:
    outcomes = []
    for word in pair:
        changed = stated(*amount, word)
        if on_total:
            outcomes.append(reconcile(changed, parts, exhaustive).outcome)
        else:
            outcomes.append(reconcile(total, [*parts, changed], exhaustive).outcome)
    assert outcomes[0] is Outcome.CONTRADICTION or outcomes[1] is not Outcome.CONTRADICTION


@given(terms(), st.lists(terms(), max_size=4), st.decimals("0.05", "0.5", places=2))
def test_a_wider_rule_never_turns_agreement_into_contradiction(
    total: Term, parts: list[Term], share: Decimal
) -> None:
    wider = replace(RULE, almost_share=share, about_share=share)

    def under(rule: Rule, each: Term) -> Term:
        assert each.value is not None
        step = MILLION / 1000
        return replace(each, allowed=bounds(each.value, each.value, each.qualifier, step, rule))

    outcomes = [
        reconcile(under(rule, total), [under(rule, part) for part in parts], True).outcome
        for rule in (RULE, wider)
    ]
    assert outcomes[0] is Outcome.CONTRADICTION or outcomes[1] is not Outcome.CONTRADICTION
