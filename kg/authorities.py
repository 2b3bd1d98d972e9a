"""What countries and currencies are called: Unicode's CLDR for the codes of the EU's authority tables."""

from __future__ import annotations

from collections.abc import Iterator

from babel import Locale
from babel.core import get_global

from kg.terms import PREFIXES

COUNTRY, CURRENCY = PREFIXES["country"], PREFIXES["cur"]
_LOCALES = {lang: Locale.parse(lang) for lang in ("da", "nb", "nn", "sv", "en", "fi")}
# The tables' codes are those of ISO, but for the EU itself; EL is how the EU writes Greece.
_OF_THE_EU = {"EUR": "EU", "EL": "GR"}


def named(iri: str, lang: str) -> str | None:
    """The name of a country or a currency in a language; None for anything else."""
    if iri.startswith(COUNTRY):
        name = _LOCALES[lang].territories.get(_region(iri.removeprefix(COUNTRY)))
    else:
        name = _LOCALES[lang].currencies.get(iri.removeprefix(CURRENCY))
    return str(name) if name else None


def names(iri: str) -> Iterator[str]:
    """Whatever a country or a currency of the tables may be called: its codes, and its name in six languages."""
    yield from (name for lang in _LOCALES if (name := named(iri, lang)))
    if iri.startswith(COUNTRY):
        region = _region(iri.removeprefix(COUNTRY))
        yield region
        others = {**get_global("territory_aliases"), **{code: [to] for code, to in _OF_THE_EU.items()}}
        yield from (code for code, regions in others.items() if regions == [region] and not code.isdigit())


def _region(code: str) -> str:
    """The two letters that CLDR has for a country of the table."""
    return _OF_THE_EU.get(code) or str(get_global("territory_aliases").get(code, [code])[0])
