"""An answer's amounts in another currency, with the rate, its year and its source; without a rate, no number.

The year is the one given, else the year in which the money of a row begins, where all that the row adds begins in
one year. Nothing is ever converted one to one: the same currency stays as it is and names no rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from kg import explain
from kg.amounts import Interval, digits
from kg.display import BOUNDS, currency_code
from kg.rates import Converted, Rate, Rates
from kg.rdf import Literal, NamedNode, Term, literal
from kg.results import Source, Table, select
from kg.terms import PREFIXES, shorten

_CHUNK = 300
# The columns whose bounds are `lower` and `upper`, and what is said of them; the bounds of another bear its name.
_BOUNDED = ("value", "sum")
_OF_THEM = (*BOUNDS[:2], "adds")
_PREFIXES = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("til", "dcat"))


@dataclass(frozen=True, slots=True)
class Conversion:
    """The table with its new columns, and which of them hold amounts of `currency` (an ISO 4217 code)."""

    table: Table
    currency: str
    columns: tuple[str, ...]


def convert(
    source: Source, table: Table, text: str, money: Iterable[str], currency: str, year: int | None = None
) -> Conversion:
    """`table`, the answer to `text`, with a column `<amount><CUR>` for each of `money`, and the rates used.

    An amount keeps as many digits as the source gives it: almost NOK 200 million become almost EUR 20 million.
    Bounds are converted end by end, rounded outwards, with a digit more.
    """
    wanted = [name for name in (*money, *BOUNDS[:2]) if name in table.columns]
    if "currency" not in table.columns or not wanted:
        return Conversion(table, currency, ())
    rates = Rates.of(source)
    years = [year] * len(table.rows) if year is not None else _years(source, table, text)
    at = {name: index for index, name in enumerate(table.columns)}
    rows = []
    for row, when in zip(table.rows, years, strict=True):
        code = currency_code(row[at["currency"]])
        found = [_converted(rates, row[at[name]], code, currency, when) for name in wanted]
        used = {rate for one in found if one is not None for rate in one.rates}
        said = "; ".join(_said(rate) for rate in sorted(used, key=lambda rate: rate.iri))
        stated = {name: term for name, term in zip(table.columns, row, strict=True) if term is not None}
        amounts = [
            None if one is None else literal(format(_rounded(one, name, stated), "f"), "decimal")
            for name, one in zip(wanted, found, strict=True)
        ]
        rows.append((*row, *amounts, literal(said) if said else None))
    named = tuple(f"{name}{currency}" for name in wanted)
    return Conversion(Table((*table.columns, *named, "rate"), tuple(rows), table.cut), currency, named)


def _converted(rates: Rates, term: Term | None, code: str, to: str, year: int | None) -> Converted | None:
    if not isinstance(term, Literal) or not code or (year is None and code != to):
        return None
    return rates.convert(Decimal(term.value), code, to, year or 0)


def _rounded(converted: Converted, name: str, stated: Mapping[str, Term]) -> Decimal:
    """The amount of column `name` with the digits that the row states; no rate, no rounding."""
    amount = converted.amount
    if not converted.rates or amount == 0:
        return amount
    bound = name in BOUNDS[:2]
    ends = BOUNDS[:2] if name in (*_BOUNDED, *_OF_THEM) else (f"{name}Lower", f"{name}Upper")
    own = Decimal(stated[name].value)
    value = next(filter(None, (_decimal(stated.get(each)) for each in _BOUNDED)), own) if name in _OF_THEM else own
    least, most = (_decimal(stated.get(end)) for end in ends)
    told = digits(value, Interval(least, most))
    # The power of ten of the last digit that means something, as far below the first one as it is in the source.
    last = value.adjusted() - told + 1 - bound + amount.adjusted() - own.adjusted()
    rounding = ROUND_HALF_EVEN if not bound else ROUND_FLOOR if name == BOUNDS[0] else ROUND_CEILING
    return amount.scaleb(-last).to_integral_value(rounding).scaleb(last)


def _decimal(term: Term | None) -> Decimal | None:
    return Decimal(term.value) if isinstance(term, Literal) else None


def _said(rate: Rate) -> str:
    return f"1 EUR = {rate.value} {rate.currency}, mean of {rate.year} ({shorten(rate.source)})"


def _years(source: Source, table: Table, text: str) -> list[int | None]:
    """For each row the year in which its money begins, by the figures that it adds or the things that it names."""
    added = explain.added(source, table, text)
    named = [
        set(figures) or {term.value for term in row if isinstance(term, NamedNode)}
        for row, figures in zip(table.rows, added, strict=True)
    ]
    begins = _begins(source, set().union(*named))
    years = [{begins[thing] for thing in things if thing in begins} for things in named]
    return [found.pop() if len(found) == 1 else None for found in years]


def _begins(source: Source, things: set[str]) -> dict[str, int]:
    """Figure or commitment → the year of the first day of its period."""
    wanted = sorted(things)
    found: dict[str, set[int]] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = " ".join(str(NamedNode(thing)) for thing in wanted[start : start + _CHUNK])
        for pattern in (
            "?thing til:figureOf ?of . ?of til:period ?period . FILTER NOT EXISTS { ?thing til:period ?own }",
            "?thing til:figureOf ?of ; til:period ?period .",
            "?thing til:stage ?stage ; til:period ?period .",
        ):
            rows = select(
                source,
                f"{_PREFIXES}SELECT ?thing ?day WHERE {{ VALUES ?thing {{ {chunk} }} {pattern} "
                "?period dcat:startDate ?day }",
            ).rows
            for thing, day in rows:
                if isinstance(thing, NamedNode) and isinstance(day, Literal):
                    found.setdefault(thing.value, set()).add(int(day.value[:4]))
    return {thing: years.pop() for thing, years in found.items() if len(years) == 1}
