"""Amounts of one year in another currency, by yearly averages of the ECB's reference rates.

All rates are per euro (graph/reference/rates.ttl, made by `kg import rates`). Where a rate is missing there is
no amount: never 1:1, never another year's rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kg.results import Source, plain, select
from kg.terms import PREFIXES

EURO = "EUR"
_CURRENCY = PREFIXES["cur"]

_QUERY = """
SELECT ?currency ?year ?value ?rate ?source WHERE {
  ?rate a schema:ExchangeRateSpecification ;
    til:perUnitOf cur:EUR ; til:currency ?currency ; schema:value ?value ;
    til:period ?period ; dcterms:source ?source .
  ?period dcat:startDate ?start .
  BIND (YEAR(?start) AS ?year)
}
ORDER BY ?rate ?source
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """What one euro cost on average in `year`, in `currency` (ISO 4217 code); `iri` and `source` are IRIs."""

    currency: str
    year: int
    value: Decimal
    iri: str
    source: str


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in another currency, to the hundredth, and the rates that it took (none, one or two)."""

    amount: Decimal
    currency: str
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of a graph, by currency and year."""

    by_year: Mapping[tuple[str, int], Rate]

    @classmethod
    def of(cls, source: Source) -> Rates:
        """The rates that a source (the embedded store, an endpoint) has."""
        found: dict[tuple[str, int], Rate] = {}
        for row in select(source, _QUERY).rows:
            currency, year, value, iri, origin = (plain(term) for term in row)
            code = currency.removeprefix(_CURRENCY)
            found.setdefault((code, int(year)), Rate(code, int(year), Decimal(value), iri, origin))
        return cls(found)

    def years(self, currency: str) -> tuple[int, ...]:
        """The years that have a rate for `currency`, in order."""
        return tuple(sorted(year for code, year in self.by_year if code == currency))

    def convert(self, amount: Decimal | int, currency: str, to: str, year: int) -> Converted | None:
        """`amount` of `currency` in `to`, at the average rates of `year`; None where a rate is missing.

        Between two currencies that are not the euro the way leads through the euro. Exact until the result,
        which is rounded to the hundredth, half to even. The same currency needs no rate.
        """
        exact = Decimal(amount)
        if currency == to:
            return Converted(exact, to, ())
        rates, result = [], Fraction(exact)
        for code, buys in ((currency, False), (to, True)):
            if code == EURO:
                continue
            rate = self.by_year.get((code, year))
            if rate is None:
                return None
            result = result * Fraction(rate.value) if buys else result / Fraction(rate.value)
            rates.append(rate)
        return Converted(_rounded(result), to, tuple(rates))


def _rounded(value: Fraction) -> Decimal:
    """To the hundredth, half to even, whatever the size."""
    return Decimal(f"{round(value * 100)}E-2")
