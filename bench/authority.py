"""Codes of currencies and countries for the shapes: ISO 4217 and ISO 3166-1 as pycountry has them, the EU's own beside.

python -m bench.authority    # writes ontology/shapes/authority.ttl
"""

from __future__ import annotations

from pathlib import Path

import pycountry

from kg.terms import PREFIXES
from kg.turtle.layout import layout

FILE = Path(__file__).parent.parent / "ontology" / "shapes" / "authority.ttl"
# In the EU's table of currencies as well: those that the euro took the place of (documents of their time are in them).
BEFORE_THE_EURO = "ATS BEF BGN CYP DEM EEK ESP FIM FRF GRD HRK IEP ITL LTL LUF LVL MTL NLG PTE SIT SKK"
# In ISO's list, and no money: for tests, and for no currency.
NO_MONEY = "XTS XXX"
# In the EU's table of countries and in no ISO list: the Union, and Kosovo.
OF_THE_EU = "EUR 1A0"


def codes() -> dict[str, list[str]]:
    """Codes by the name of their list, sorted."""
    return {
        "currencies": sorted(
            {each.alpha_3 for each in pycountry.currencies} - {*NO_MONEY.split()} | {*BEFORE_THE_EURO.split()}
        ),
        "countries": sorted({each.alpha_3 for each in pycountry.countries} | {*OF_THE_EU.split()}),
    }


def written() -> str:
    """The lists as Turtle: each an RDF list with an IRI, which several shapes name in sh:in."""
    prefixes = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("country", "cur", "rdf", "tilsh"))
    heading = "# Currencies (ISO 4217) and countries (ISO 3166-1) of the EU's tables; python -m bench.authority.\n"
    lists = ""
    for (name, found), prefix in zip(codes().items(), ("cur", "country"), strict=True):
        first, *rest = (f"{prefix}:{code}" for code in found)
        lists += f"tilsh:{name} a rdf:List ; rdf:first {first} ; rdf:rest ( {' '.join(rest)} ) .\n"
    return layout(heading + prefixes + lists)


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
