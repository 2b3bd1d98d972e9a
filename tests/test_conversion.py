"""Amounts in another currency: with rate, year and source, or no number; never one to one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.conversion import Conversion, convert
from kg.project import Project
from kg.queries import find
from kg.rates import Rates
from kg.results import Table
from kg.store import Store


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
        round(Decimal(400000000) / rate.value, 2)
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


def test_bounds_keep_their_order(store: Store, project: Project) -> None:
    found = asked(store, project, "commitments", "EUR")
    for lower, value, upper in zip(
        *(column(found, f"{name}EUR") for name in ("lower", "value", "upper")), strict=True
    ):
        for low, high in ((lower, value), (value, upper)):
            assert low is None or high is None or Decimal(low) <= Decimal(high)


def test_what_has_no_amounts_stays_as_it_is(store: Store, project: Project) -> None:
    assert asked(store, project, "names", "EUR").columns == ()
