"""Governments, ministers and their days, from the tables of Wikidata and ParlGov into reference files.

An office is imported where the graph's reference files have it as an org:Role of its country; a row of the
tables is one tenure, an org:Membership for each of its governments, or stands on the list of rows left out with
its reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg import rdf
from kg.cabinets.country import Country, read_country
from kg.cabinets.known import Known, Statement
from kg.cabinets.rows import COUNTRIES, cabinets, holders, parlgov
from kg.project import Project
from kg.terms import ID

FOLDER = "reference/cabinets"
_AGENT = f"{ID}agent-software-kg"


@dataclass(frozen=True, slots=True)
class Import:
    """What an import writes: text by path under the graph's folder; and each country's result."""

    files: dict[str, str]
    countries: tuple[Country, ...]


def import_cabinets(folder: Path, project: Project) -> Import:
    """Read the tables in `folder` (a folder for each country, and `parlgov_nordic.csv`).

    Same tables and same reference files give the same bytes. Raises WorldError with file and line where a
    table cannot be read.
    """
    known = _known(project)
    files, countries = {}, []
    for name, code in COUNTRIES.items():
        country = read_country(
            code,
            name,
            holders(folder / name),
            cabinets(folder / name),
            parlgov(folder / "parlgov_nordic.csv", code),
            known,
        )
        countries.append(country)
        path = f"{FOLDER}/{name}.ttl"
        graph = project.graph_name(project.data / path)
        country.statements.made_by(graph, _LICENCE, _AGENT, "kg import")
        files[path] = country.statements.turtle(_HEADING.format(country=name.capitalize()))
    files[f"{FOLDER}/left-out.csv"] = _left_out(countries)
    return Import(files, tuple(countries))


_HEADING = (
    "Governments, ministers and prime ministers of {country}, as tables of Wikidata and ParlGov have them;"
    " kg import cabinets."
)
_LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"  # Wikidata's, which asks for nothing


def _known(project: Project) -> Known:
    files = sorted((project.data / "reference").rglob("*.ttl"))
    imported = [path for path in files if path.is_relative_to(project.data / FOLDER)]
    by_hand = [path for path in files if path not in imported]
    return Known.of(list(_statements(by_hand)), list(_statements(imported)))


def _statements(paths: list[Path]) -> Iterator[Statement]:
    for path in paths:
        for subject, predicate, value, _ in rdf.parse(path):
            if isinstance(subject, rdf.NamedNode) and isinstance(value, rdf.NamedNode | rdf.Literal):
                language = (value.language or "") if isinstance(value, rdf.Literal) else ""
                yield subject.value, predicate.value, value.value, language


def _left_out(countries: list[Country]) -> str:
    """Every row that is no membership: country, line in its table, what it says, and why."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("country", "line", "position", "person", "item", "start", "end", "reason"))
    for country in countries:
        for row, reason in country.left_out:
            writer.writerow(
                (country.code, row.number, row.position, row.person, row.item, row.start, row.end, reason)
            )
    return out.getvalue()
