"""Exchange rates: yearly means of the daily table, and amounts in another currency."""

from __future__ import annotations

import datetime
import zipfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import WorldError
from kg.rates import Converted, Rate, Rates
from kg.rates.ecb import CURRENCIES, FILE, averages, turtle
from kg.store import Store
from tests.conftest import Kg

HEADER = "Date,USD,DKK,SEK,NOK,"


def days(year: int, count: int) -> list[str]:
    first = datetime.date(year, 1, 1)
    return [str(first + datetime.timedelta(days=number)) for number in range(count)]


def table(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def year(number: int, dkk: str, sek: str = "9", nok: str = "8", count: int = 250) -> list[str]:
    return [f"{day},1,{dkk},{sek},{nok}," for day in days(number, count)]


def test_a_years_rate_is_the_mean_of_its_days(tmp_path: Path) -> None:
    half = [f"{day},1,7,9,8," for day in days(2019, 250)]
    half[0] = half[0].replace(",7,", ",8,")
    # 249 days at 7 and one at 8: 7.004
    rows = [*half, "2020-01-02,1,5,5,5,"]
    assert averages(table(tmp_path / "t.csv", rows))["DKK", 2019] == Decimal("7.0040")


def test_newest_first_or_oldest_first_is_the_same(tmp_path: Path) -> None:
    rows = [*year(2018, "7.1"), *year(2019, "7.2"), "2020-01-02,1,5,5,5,"]
    there, back = table(tmp_path / "a.csv", rows), table(tmp_path / "b.csv", rows[::-1])
    assert averages(there) == averages(back)


def test_the_year_that_has_not_ended_has_no_rate(tmp_path: Path) -> None:
    rows = [*year(2018, "7.1"), *year(2019, "7.2", count=300)]
    assert {number for _, number in averages(table(tmp_path / "t.csv", rows))} == {2018}


def test_years_before_2001_are_left_alone(tmp_path: Path) -> None:
    rows = [*year(2000, "7.1"), *year(2001, "7.2"), "2002-01-02,1,5,5,5,"]
    assert {number for _, number in averages(table(tmp_path / "t.csv", rows))} == {2001}


def test_a_day_without_a_rate_is_not_a_zero(tmp_path: Path) -> None:
    rows = [*year(2019, "7", count=250), "2019-12-30,1,N/A,9,8,", "2020-01-02,1,5,5,5,"]
    assert averages(table(tmp_path / "t.csv", rows))["DKK", 2019] == Decimal("7.0000")


def test_a_zip_is_read_as_its_table(tmp_path: Path) -> None:
    plain = table(tmp_path / "t.csv", [*year(2019, "7.2"), "2020-01-02,1,5,5,5,"])
    packed = tmp_path / "t.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(plain, "eurofxref-hist.csv")
    assert averages(packed) == averages(plain)


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("Day,USD\n2019-01-01,1\n", "not the ECB's table", 1),
        ("", "not the ECB's table", 1),
        (f"{HEADER}\n1 May,1,7,9,8,\n", "no date", 2),
        (f"{HEADER}\n2019-01-01,1,seven,9,8,\n", "no rate", 2),
        (f"{HEADER}\n2019-01-01,1,0,9,8,\n", "no rate", 2),
        (f"{HEADER}\n2019-01-01,1,NaN,9,8,\n", "no rate", 2),
        (f"{HEADER}\n2019-01-01,1,-7,9,8,\n", "no rate", 2),
        (f"{HEADER}\n2019-01-01,1,7,9,8,\n2020-01-01,1,7,9,8,\n", "only 1 days", None),
    ],
)
def test_a_bad_table_is_refused_with_its_place(text: str, said: str, line: int | None, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WorldError, match=said) as caught:
        averages(path)
    assert caught.value.place is not None
    assert caught.value.place.line == line


def test_the_command_writes_the_file_or_says_in_one_line_why_not(kg: Kg, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", [*year(2019, "7.2"), "2020-01-02,1,5,5,5,"])
    data = tmp_path / "data"
    data.mkdir()
    assert kg("import", "rates", path, "--data", data).returncode == 0
    assert "schema:value 7.2000" in (data / FILE).read_text(encoding="utf-8")
    failed = kg("import", "rates", tmp_path / "none.zip", "--data", data)
    assert failed.returncode == 3
    assert failed.stderr.count("\n") == 1


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rates.ttl"
    path.write_text(
        turtle({("NOK", 2019): Decimal("9.8511"), ("SEK", 2018): Decimal("10.2583")}), encoding="utf-8"
    )
    rates = Rates.of(Store.of_files([path]))
    assert {key: rate.value for key, rate in rates.by_year.items()} == {
        ("NOK", 2019): Decimal("9.8511"),
        ("SEK", 2018): Decimal("10.2583"),
    }
    assert rates.years("NOK") == (2019,)


# Amounts


def rates(**values: str) -> Rates:
    return Rates(
        {(code, 2019): Rate(code, 2019, Decimal(value), f"id:{code}", "id:ecb") for code, value in values.items()}
    )


SOME = rates(NOK="9.8511", DKK="7.4661", SEK="10.5891")


def test_to_and_from_the_euro() -> None:
    to_euro = SOME.convert(9851100, "NOK", "EUR", 2019)
    assert to_euro is not None
    assert to_euro.amount == Decimal("1000000.00")
    assert [rate.iri for rate in to_euro.rates] == ["id:NOK"]
    back = SOME.convert(1000000, "EUR", "NOK", 2019)
    assert back is not None
    assert back.amount == 9851100


def test_between_two_kroner_both_rates_are_named() -> None:
    found = SOME.convert(100, "DKK", "SEK", 2019)
    assert found is not None
    # 100 / 7.4661 * 10.5891
    assert found.amount == Decimal("141.83")
    assert [rate.currency for rate in found.rates] == ["DKK", "SEK"]


def test_without_a_rate_there_is_no_number() -> None:
    """Never 1:1, never another year's, never a half of the way."""
    assert SOME.convert(100, "NOK", "EUR", 2018) is None
    assert SOME.convert(100, "USD", "EUR", 2019) is None
    assert SOME.convert(100, "NOK", "USD", 2019) is None
    assert Rates({}).convert(100, "DKK", "NOK", 2019) is None


def test_the_same_currency_needs_no_rate_and_loses_nothing() -> None:
    amount = Decimal("0.123456789012345678901234567890123")
    assert Rates({}).convert(amount, "NOK", "NOK", 1950) == Converted(amount, "NOK", ())


@given(
    amount=st.decimals(min_value=-(10**30), max_value=10**30, places=2),
    rate=st.decimals(min_value=Decimal("0.0001"), max_value=1000, places=4),
)
def test_a_conversion_is_exact_to_the_hundredth(amount: Decimal, rate: Decimal) -> None:
    found = rates(NOK=str(rate)).convert(amount, "NOK", "EUR", 2019)
    assert found is not None
    assert abs(Fraction(found.amount) - Fraction(amount) / Fraction(rate)) <= Fraction(1, 200)
    assert found.amount == found.amount.quantize(Decimal("0.01")) if abs(found.amount) < 10**24 else True


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_more_stays_more(one: int, other: int) -> None:
    """Bounds of an interval may be converted one by one."""
    low, high = sorted((one, other))
    first, second = SOME.convert(low, "DKK", "NOK", 2019), SOME.convert(high, "DKK", "NOK", 2019)
    assert first is not None
    assert second is not None
    assert first.amount <= second.amount


# The graph's own rates


def test_every_complete_year_has_its_three_rates(store: Store) -> None:
    found = Rates.of(store)
    years = found.years("NOK")
    assert years[0] == 2001
    assert list(years) == list(range(2001, years[-1] + 1))
    assert all(found.years(currency) == years for currency in CURRENCIES)
    # The krone is pegged to the euro within 2.25 per cent of 7.46038.
    assert all(Decimal("7.29") < found.by_year["DKK", number].value < Decimal("7.63") for number in years)
