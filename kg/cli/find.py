"""`kg find`: things by words, with their amounts."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from decimal import Decimal

import click

from kg import formats
from kg.catalogue import Amount, Catalogue, Found, Wanted, recipe
from kg.cli.answers import render
from kg.cli.options import data_option, lang_option, output_option, write
from kg.errors import UsageError, WorldError
from kg.names import resolve
from kg.project import Project
from kg.queries import RULES
from kg.rdf import Literal, NamedNode, Term, literal
from kg.results import Source, Table
from kg.terms import CODE, PREFIXES, shorten

_COLUMNS = (
    "name",
    "what",
    "amount",
    "currency",
    "qualifier",
    "role",
    "basis",
    "start",
    "end",
    "stage",
    "words",
    "id",
)
_BOUNDS = ("amountLower", "amountUpper", "amountLowerOpen", "amountUpperOpen")
_USUAL = {CODE + "figure-role/level", CODE + "basis/wholePeriod"}


@click.command()
@click.argument("words", nargs=-1)
@click.option("--type", "kind", metavar="NAME", help="Only things of this kind: programme, commitment, person …")
@click.option("--country", metavar="NAME", help="Only what is of this country: its name or code.")
@click.option("--year", metavar="YEAR", help="Only money that runs, and documents that were issued, in this year.")
@click.option("--min", "least", metavar="AMOUNT", help='Only amounts of so much or more: 1000000000, "1 mia.".')
@click.option("--max", "most", metavar="AMOUNT", help="Only amounts of so much or less.")
@click.option("--currency", metavar="NAME", help="Only amounts in this currency.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    metavar="N",
    help="So many rows at most, the best; it is said where there are more.",
)
@click.option("-f", "--format", "form", metavar="FORMAT", help="table csv tsv json md")
@output_option
@lang_option
@data_option
def command(
    words: tuple[str, ...],
    kind: str | None,
    country: str | None,
    year: str | None,
    least: str | None,
    most: str | None,
    currency: str | None,
    limit: int,
    form: str | None,
    output: str | None,
    lang: str,
    data: str | None,
) -> None:
    """Things by words of their names, descriptions, purposes and quotations, best first.

    Any language and spelling serves: å is aa, part of a word is enough. Without WORDS, all that the options leave,
    the largest amounts first. An amount counts as it is written, unless its words deny it: "almost a billion" is less.
    """
    if not words and not any((kind, country, year, least, most, currency)):
        raise UsageError(
            "find", "nothing to look for", help="give words, or an option: kg find bredbånd --year 2020"
        )
    form = (
        formats.known(form, formats.TABLES)
        if form
        else formats.of_output(output, formats.TABLES)
        if output
        else None
    )
    year, smallest, largest = _year(year), _number("--min", least, lang), _number("--max", most, lang)
    from kg.cli.cache import opened

    project = Project.find(data)
    source = opened(project)
    catalogue = _catalogue(project, source)
    wanted = Wanted(
        _kinds(source, catalogue, kind, lang) if kind else frozenset(),
        resolve(source, country, (PREFIXES["country"],), lang, "--country: ").things[0] if country else None,
        year,
        resolve(source, currency, (PREFIXES["cur"],), lang, "--currency: ").things[0] if currency else None,
        smallest,
        largest,
    )
    found, number = catalogue.search(words, wanted, limit)
    if number > limit:
        click.echo(f"kg: note: the first {limit} of {number}; --limit gives more", err=True)
    if not found:
        click.echo(_nothing(catalogue, words), err=True)
    terminal = sys.stdout.isatty() and not output
    for_people = form in ("table", "md") or (not form and terminal)
    write(render(_table(found, source, lang, for_people), source, form, lang, terminal, ("amount",)), output)


def _catalogue(project: Project, source: Source) -> Catalogue:
    """The project's catalogue: in memory where the graph is small, else beside its stored index."""
    from kg import cache
    from kg.cli.progress import seconds

    if cache.size(project) >= cache.SMALL:
        try:
            with seconds("making the catalogue, once"):
                return Catalogue.open(cache.find(project, recipe()) or cache.build(project, recipe()))
        except WorldError as error:
            if error.code != "cache":
                raise
            click.echo(f"kg: note: {error.message}: the catalogue is made each time", err=True)
    return Catalogue.of(source)


def _year(typed: str | None) -> str | None:
    import re

    if typed and not re.fullmatch(RULES["year"][0], typed, re.ASCII):
        raise UsageError("find", f"--year: {typed!r} is no year: {RULES['year'][1]}", help="for example 2020")
    return typed


def _number(option: str, typed: str | None, lang: str) -> Decimal | None:
    """An amount as it is typed: digits, or as people write it, read as the drafts read documents."""
    if typed is None:
        return None
    if typed.isascii() and typed.isdigit():
        return Decimal(typed)
    from kg.draft.quantities import read_amounts

    if any(one.currency_stated for one in read_amounts(typed, lang)):
        help = 'a number, for example "1.5 billion"; its currency goes to --currency'
        raise UsageError("find", f"{option}: {typed!r} has a currency", help=help)
    text = f"{' '.join(typed.split())} kr"  # without, it would be read as any number
    read = read_amounts(text, lang)
    if len(read) != 1 or read[0].text != text or read[0].change:
        raise UsageError(
            "find", f"{option}: {typed!r} is no amount", help='for example 1000000000 or "1.5 billion"'
        )
    click.echo(f"kg: note: {option} {typed} is read as {read[0].amount()}", err=True)
    return read[0].value


def _kinds(source: Source, catalogue: Catalogue, typed: str, lang: str) -> frozenset[str]:
    """The classes of that name in the catalogue, with those below them."""
    from kg.display import safe
    from kg.errors import did_you_mean
    from kg.labels import LANGUAGES, labels
    from kg.names import among, superclasses

    above = superclasses(source)
    here = {kind: {kind, *above.get(kind, ())} for kind in catalogue.kinds() if kind}
    classes = [NamedNode(one) for one in set().union(*here.values())]
    called: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for one, name in labels(source, classes, language).items():
            called.setdefault(one, set()).add(name)
    meant = set(among(called, typed).things)
    if not meant:
        known = sorted({name for kind in here for name in labels(source, [NamedNode(kind)], lang).values()})
        near = did_you_mean(typed, set().union(*called.values()))
        listed = safe(f"one of {', '.join(known)}")
        raise UsageError(
            "find", f"--type: no kind of thing is called {typed!r}", help=f"{near} {listed}" if near else listed
        )
    return frozenset(kind for kind, of in here.items() if of & meant)


def _nothing(catalogue: Catalogue, words: tuple[str, ...]) -> str:
    near = [
        f"{word!r}: did you mean {' or '.join(map(repr, found))}?"
        for word in words
        if (found := catalogue.near(word))
    ]
    return "\n  help: ".join(["nothing found", *near])


def _table(found: list[Found], source: Source, lang: str, for_people: bool) -> Table:
    """A row for each amount; for people without bounds, unless there is no number, and with the briefest identifier."""
    from kg.labels import labels

    names = labels(source, {NamedNode(iri) for one in found for iri in (one.iri, one.kind) if iri}, lang)
    bounded = not for_people or any(one.amount.currency and not one.amount.value for one in found)
    columns = (*_COLUMNS[:3], *(_BOUNDS if bounded else ()), *_COLUMNS[3:])
    return Table(columns, [_row(one, names, for_people, columns) for one in found])


def _row(one: Found, names: dict[str, str], for_people: bool, columns: Iterable[str]) -> tuple[Term | None, ...]:
    amount = Amount() if for_people and not one.amount.currency else one.amount
    with_bounds = not for_people or not amount.value
    cells = {
        "name": literal(names.get(one.iri, "")) if one.iri in names else None,
        "what": literal(names[one.kind]) if one.kind in names else _thing(one.kind),
        "amount": _plain(amount.value, "decimal"),
        "currency": _thing(amount.currency),
        "qualifier": _thing(amount.qualifier),
        "role": None if for_people and amount.role in _USUAL else _thing(amount.role),
        "basis": None if for_people and amount.basis in _USUAL else _thing(amount.basis),
        "start": _plain(one.start, "date"),
        "end": _plain(one.end, "date"),
        "stage": _thing(one.stage),
        "words": literal(one.words) if one.words else None,
        "id": literal(shorten(one.iri).strip("<>")) if for_people else NamedNode(one.iri),
    }
    if with_bounds:
        cells |= {
            "amountLower": _plain(amount.lower, "decimal"),
            "amountUpper": _plain(amount.upper, "decimal"),
            "amountLowerOpen": _plain(amount.lower_open, "boolean"),
            "amountUpperOpen": _plain(amount.upper_open, "boolean"),
        }
    return tuple(cells.get(column) for column in columns)


def _plain(value: str, datatype: str) -> Literal | None:
    return literal(value, datatype) if value else None


def _thing(iri: str) -> NamedNode | None:
    return NamedNode(iri) if iri else None
