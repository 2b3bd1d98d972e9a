"""Amounts in another currency: with rate, year and source, or no number; never one to one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.amounts import Interval, digits
from kg.conversion import Conversion, convert
from kg.project import Project
from kg.queries import find
from kg.rates import Rates
from kg.results import Table
from kg.store import Store
from kg.terms import PREFIXES
from tests.conftest import Kg


def asked(
    store: Store, project: Project, name: str, currency: str, year: int | None = None, **values: str
) -> Conversion:
    query = find(project, name)
    text = query.bind(values)
    table = store.query(text)
    assert isinstance(table, Table)
    return convert(store, table, text, query.money, currency, year)


def column(conversion: Conversion, name: str) -> list[str | None]:
    at = conversion.table.columns.index(name)
    return [None if row[at] is None else row[at].value for row in conversion.table.rows]  # type: ignore[union-attr]  # a literal


def test_the_rate_is_that_of_the_year_in_which_the_money_begins(store: Store, project: Project) -> None:
    found = asked(store, project, "by-kind", "EUR", scope="doc-no-2019-hoyt-digitaliseringstempo", kind="loan")
    rate = Rates.of(store).by_year["NOK", 2020]
    assert [Decimal(str(value)) for value in column(found, "sumEUR")] == [
        round(Decimal(400000000) / rate.value, -5)  # as written, 400 million are known to the million
    ]
    assert column(found, "rate") == [f"1 EUR = {rate.value} NOK, mean of 2020 (id:source-ecb-reference-rates)"]


def test_krone_to_krone_leads_through_the_euro_and_names_both_rates(store: Store, project: Project) -> None:
    found = asked(store, project, "payers", "SEK", 2008)
    assert all(said and "DKK" in said and "SEK" in said for said in column(found, "rate"))
    assert next(Decimal(str(value)) for value in column(found, "sumSEK")) != Decimal(97000000)


def test_the_same_currency_needs_no_rate_and_changes_nothing(store: Store, project: Project) -> None:
    found = asked(store, project, "payers", "DKK")
    assert column(found, "sumDKK") == column(found, "sum")
    assert column(found, "rate") == [None, None, None]


@pytest.mark.parametrize("year", [1999, 2100])
def test_no_rate_no_number(store: Store, project: Project, year: int) -> None:
    found = asked(store, project, "payers", "EUR", year)
    assert column(found, "sumEUR") == [None, None, None] == column(found, "rate")


def test_money_whose_start_is_not_stated_has_no_year_of_its_own(store: Store, project: Project) -> None:
    query = find(project, "by-kind")
    text = query.bind({"scope": "country:DNK", "kind": "unspecified"})
    table = store.query(text)
    assert isinstance(table, Table)
    own = convert(store, table, text, query.money, "EUR")
    given = convert(store, table, text, query.money, "EUR", 2020)
    summed = [at for at, value in enumerate(column(own, "sum")) if value is not None]
    starts = [column(own, "start")[at] for at in summed]
    values = [column(own, "sumEUR")[at] for at in summed]
    assert None in starts and {value for value, start in zip(values, starts, strict=True) if start is None} == {
        None
    }
    assert any(values)
    assert None not in [column(given, "sumEUR")[at] for at in summed]


def test_an_amount_keeps_the_digits_of_the_source_and_its_bounds_lose_nothing(
    store: Store, project: Project
) -> None:
    """At 10.7228: 256 [255.5, 256.5] is 23.874 [23.828, 23.921], 190 [180.5, 190) is 17.719 [16.833, 17.719)."""
    found = asked(store, project, "commitments", "EUR")
    told = {
        figure: (value, lower, upper)
        for figure, value, lower, upper in zip(
            column(found, "figure"),
            *(column(found, f"{name}EUR") for name in ("value", "lower", "upper")),
            strict=True,
        )
    }
    wanted = {
        "bredband-2020-level": ("23900000", "23820000", "23930000"),
        "medfinansieringsordningen-2020-level": ("17700000", "16830000", "17720000"),
        "nye-digitaliseringstiltak-2020-level": ("65000000", "65200000", None),
    }
    for figure, amounts in wanted.items():
        assert told[PREFIXES["id"] + figure] == amounts
    rate = Rates.of(store).by_year["NOK", 2020].value
    for name, sign in (("lower", 1), ("upper", -1)):
        for own, other in zip(column(found, name), column(found, f"{name}EUR"), strict=True):
            assert (own is None) == (other is None)
            assert own is None or other is None or sign * (Decimal(own) / rate - Decimal(other)) >= 0


def test_almost_200_million_kroner_are_almost_20_million_euro(kg: Kg) -> None:
    run = kg("query", "programme-through-years", "--programme", "bredbandsutbygging-no", "--in", "eur", "-f", "md")
    (line,) = (line for line in run.stdout.replace("\u00a0", " ").splitlines() if "almost NOK 200 million" in line)
    assert "| almost EUR 20 million " in line
    assert "| EUR [19.2 million; 20.4 million) " in line


@given(st.decimals(1, 10**12, places=2), st.decimals(0, 10**9, places=2), st.integers(-2, 2))
def test_digits_are_those_above_the_width(value: Decimal, half: Decimal, power: int) -> None:
    told = digits(value, Interval(value - half, value + half))
    assert told >= 1
    assert (
        digits(value.scaleb(power), Interval((value - half).scaleb(power), (value + half).scaleb(power))) == told
    )
    if half:
        # The last digit that is told is worth no more than the width, the one above it more.
        last = Decimal(1).scaleb(value.adjusted() - told + 1)
        assert last <= 2 * half < 10 * last or told == 1


def test_what_has_no_amounts_stays_as_it_is(store: Store, project: Project) -> None:
    assert asked(store, project, "names", "EUR").columns == ()
