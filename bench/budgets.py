"""What a State spends in a year, for the warning about amounts above it: totals of the budgets of four countries.

    python -m bench.budgets DATA    # the folder with the budgets' files; writes graph/reference/budgets.ttl

Norway: the adopted budget, all expenditure. Sweden: the total that the bill states. Finland: every appropriation of the
finance ministry's proposal. Denmark: the Act has net lines, so those above zero are added.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from kg.terms import GRAPH, ID
from kg.turtle.statements import Statements, text

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
FILE = Path(__file__).parent.parent / "graph" / "reference" / "budgets.ttl"


class Budget(NamedTuple):
    """One budget: `total` in whole units of `currency`; `label` and `note` in English; `url`: who publishes it."""

    country: str
    year: int
    currency: str
    total: int
    label: str
    note: str
    url: str


def budgets(data: Path) -> Iterator[Budget]:
    """The budgets whose files are in `data`."""
    yield Budget(
        "DNK",
        2021,
        "DKK",
        denmark(data / "dk-finanslov" / "finanslov_y2021.tsv.gz"),
        "Danish Finance Act for 2021, net expenditure",
        "Sum of the lines of column F 2021 that are above zero: lines are net, so gross expenditure is not known.",
        "https://github.com/kalkun/finansloven",
    )
    yield Budget(
        "NOR",
        2024,
        "NOK",
        norway(data / "no-statsregnskap" / "totals_2014_2024.csv", "2024"),
        "Norwegian State budget for 2024 as adopted, expenditure",
        "Adopted expenditure, items below and above 90 added; in millions with one decimal.",
        "https://statsregnskapet.dfo.no/last-ned",
    )
    yield Budget(
        "SWE",
        2024,
        "SEK",
        sweden(data / "se-budgetproposition" / "budget_bill_2024.csv"),
        "Swedish budget bill for 2024, appropriations",
        "The total that the bill states (summa anslag); a proposal.",
        "https://www.regeringen.se/sveriges-regering/finansdepartementet/statens-budget/",
    )
    yield Budget(
        "FIN",
        2024,
        "EUR",
        finland(data / "fi-talousarvio" / "ministry_proposal_2024.csv"),
        "Finnish finance ministry's budget proposal for 2024, appropriations",
        "Sum of the appropriations; the ministry's proposal, not the Government's.",
        "https://budjetti.vm.fi",
    )


def denmark(path: Path) -> int:
    """Million kroner with one decimal, a line an account."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        amounts = [Decimal(line["F 2021"].replace(",", ".")) for line in lines if line["F 2021"]]
    return int(sum(amount for amount in amounts if amount > 0) * 1_000_000)


def norway(path: Path, year: str) -> int:
    """Million kroner with one decimal."""
    with path.open(encoding="utf-8") as file:
        found = [
            Decimal(line["million_nok"])
            for line in csv.DictReader(file)
            if (line["year"], line["side"], line["column"]) == (year, "expenditure", "adopted")
        ]
    return int(sum(found) * 1_000_000)


def sweden(path: Path) -> int:
    """Thousand kronor."""
    with path.open(encoding="utf-8") as file:
        (total,) = (line["thousand_sek"] for line in csv.DictReader(file) if line["level"] == "total")
    return int(total) * 1_000


def finland(path: Path) -> int:
    """Euro; a second header begins the revenue."""
    total = 0
    with path.open(encoding="utf-8-sig") as file:
        for line in csv.DictReader(file, delimiter=";"):
            if not line["Määräraha"].lstrip("-").isdecimal():
                if total and "numero" in str(line["Pääluokan numero"]):
                    break
                continue
            total += int(line["Määräraha"])
    return total


def written(data: Path) -> str:
    """The table as a file of the graph."""
    found = Statements()
    found.made_by(f"{GRAPH}reference/budgets", LICENCE, f"{ID}agent-software-kg", "kg import")
    for budget in budgets(data):
        iri = f"{ID}budget-{budget.country.lower()}-{budget.year}"
        found.add(iri, "a", "schema:MonetaryAmount")
        found.add(iri, "skos:prefLabel", text(budget.label, "en"))
        found.add(iri, "dcterms:spatial", f"country:{budget.country}")
        found.add(iri, "til:period", f"id:year-{budget.year}")
        found.add(iri, "til:currency", f"cur:{budget.currency}")
        found.add(iri, "schema:value", str(budget.total))
        found.add(iri, "skos:editorialNote", text(budget.note, "en"))
        found.add(iri, "rdfs:seeAlso", budget.url)
    return found.turtle("What a State spends in a year: an amount above it is doubted (python -m bench.budgets).")


if __name__ == "__main__":
    FILE.write_text(written(Path(sys.argv[1])), encoding="utf-8")
