"""How an answer is given: format, language, place. Shared by `kg query` and `kg sparql`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import click

from kg import formats
from kg.cli.options import lang_option, output_option, write
from kg.cli.progress import seconds
from kg.queries import Query
from kg.results import Answer, Source, Table, Triples
from kg.version import Version, of

_ROWS_SHOWN = 100
_OPTIONS = (
    click.option(
        "-f", "--format", "form", metavar="FORMAT", help="table csv tsv json srj md turtle ntriples jsonld"
    ),
    click.option("--explain", is_flag=True, help="Under each row the words, place and document that support it."),
    output_option,
    lang_option,
)


def answer_options(made: click.Command) -> click.Command:
    """Give a command the options that say how its answer is given."""
    for decorate in reversed(_OPTIONS):
        made = decorate(made)
    return made


def give(
    opened: AbstractContextManager[Source],
    query: Query | None,
    text: str | Callable[[Source], str],
    form: str | None,
    output: str | None,
    lang: str,
    explain: bool = False,
    currency: str | None = None,
    rate_year: int | None = None,
    note: Callable[[Source], str | None] = lambda source: None,
) -> None:
    """Ask `text`, or what it makes of the source, and write the answer. `query`: the canned query that it came from.

    `note` makes a query that is asked where the answer has no row: its rows are sentences about what there is instead.

    `currency`: its amounts in that currency as well, at the rates of `rate_year` or of each row's own year.
    """
    among = formats.TABLES + formats.TRIPLES
    form = formats.known(form, among) if form else formats.of_output(output, among) if output else None
    with opened as source, seconds("still asking"):
        if callable(text):
            text = text(source)
        answer = source.query(text)
        version = _version(source, form, answer)
        basis = _basis(query, answer, text, source, lang)
        instead = _instead(source, note(source), lang) if isinstance(answer, Table) and not answer.rows else []
        terminal = sys.stdout.isatty() and not output
        money = query.money if query else ()
        converted: tuple[str, tuple[str, ...]] = ("", ())
        if currency and query and isinstance(answer, Table):
            from kg.conversion import convert

            conversion = convert(source, answer, text, query.money, currency, rate_year)
            answer, converted = conversion.table, (conversion.currency, conversion.columns)
            if not conversion.columns:
                click.echo(f"kg: note: {query.name} has no amounts to convert", err=True)
        if explain and isinstance(answer, Table):
            written: str | bytes = _explained(answer, text, source, form, lang, terminal, money, converted)
        else:
            written = render(answer, source, form, lang, terminal, money, converted, version)
    if basis and not output:
        click.echo(basis, err=True)
    write(written, output)
    if basis and output:
        click.echo(basis, err=True)
    if isinstance(answer, Table) and not answer.rows:
        click.echo(_why_empty(query), err=True)
        for line in instead:
            click.echo(f"kg: note: {line}", err=True)
    if not isinstance(answer, bool) and answer.cut:
        many = f"{len(answer.rows)} rows" if isinstance(answer, Table) else f"{len(answer.triples)} triples"
        click.echo(f"kg: note: the result was cut: these are the first {many}, and there are more", err=True)


def _basis(query: Query | None, answer: Answer, text: str, source: Source, lang: str) -> str | None:
    """What stands above an answer with amounts: what its sums rest on, or that nothing is summed."""
    if query is None or not query.money or not isinstance(answer, Table) or not answer.rows:
        return None
    from kg.explain import documents
    from kg.labels import sentence

    if "sum" not in query.money:
        return sentence(source, "listed", lang)
    said, read = documents(source, answer, text)
    return sentence(source, "restsOn", lang, k=str(said), n=str(read)) if read else None


def _version(source: Source, form: str | None, answer: Answer) -> Version | None:
    """Which graph answered, asked only where the answer has a place for it."""
    return of(source) if form == "srj" or (isinstance(answer, Triples) and form in (None, "turtle")) else None


def render(
    answer: Answer,
    source: Source,
    form: str | None,
    lang: str,
    terminal: bool,
    money: tuple[str, ...] = (),
    converted: tuple[str, tuple[str, ...]] = ("", ()),
    version: Version | None = None,
) -> str | bytes:
    """The answer in `form`; without one, a table on a terminal and CSV (or Turtle) elsewhere.

    `money` are the columns that are amounts, `converted` a currency and those that are in it.
    `version` is said where the form has a place for it: in SPARQL's JSON, and above Turtle.
    """
    from kg import results

    graph = version.iri if version else None
    if isinstance(answer, bool):
        form = form or "table"
        if form == "srj":
            return results.to_srj(answer, graph)
        return "yes\n" if answer and form == "table" else f"{str(answer).lower()}\n" if form != "table" else "no\n"
    if not isinstance(answer, Table):
        return _graph(answer, form, version)
    form = form or ("table" if terminal else "csv")
    formats.known(form, formats.TABLES)
    if form == "srj":
        return results.to_srj(answer, graph)
    if form in results.WRITERS:
        return results.WRITERS[form](answer)
    return _words(answer, source, form, lang, terminal, money, converted)


def _graph(answer: Any, form: str | None, version: Version | None) -> bytes:
    from kg import publish, rdf

    form = formats.known(form or "turtle", formats.TRIPLES)
    if form == "jsonld":
        return publish.jsonld(answer.triples)
    if form == "ntriples":
        return rdf.serialize(sorted(set(answer.triples), key=str), rdf.format_named("ntriples"), {})
    return publish.turtle(answer.triples, str(version or ""))


def _words(
    answer: Table,
    source: Source,
    form: str,
    lang: str,
    terminal: bool,
    money: tuple[str, ...],
    converted: tuple[str, tuple[str, ...]],
) -> str:
    from kg import display

    shown = _shown(answer) if terminal else answer
    headers, rows = display.cells(shown, source, lang, money, converted)
    if form == "md":
        return display.to_markdown(headers, rows)
    return display.to_text(headers, rows, display.terminal_width())


def _shown(answer: Table) -> Table:
    """As many rows as a person looks through on a terminal; it is said where there are more."""
    if len(answer.rows) <= _ROWS_SHOWN:
        return answer
    click.echo(f"the first {_ROWS_SHOWN} of {len(answer.rows)} rows; -o FILE or a pipe gives all", err=True)
    return Table(answer.columns, answer.rows[:_ROWS_SHOWN])


def _explained(
    answer: Table,
    text: str,
    source: Source,
    form: str | None,
    lang: str,
    terminal: bool,
    money: tuple[str, ...],
    converted: tuple[str, tuple[str, ...]],
) -> str:
    """The answer with what supports each row: lines under it for people, `explanation` for machines."""
    import json

    from kg import display
    from kg.explain import by_row
    from kg.rdf import literal
    from kg.render import support_lines, support_record
    from kg.results import WRITERS, plain

    form = form or ("table" if terminal else "csv")
    if terminal and form in ("table", "md"):
        answer = _shown(answer)
    supports = by_row(source, answer, text)
    if form == "json":
        records = [
            {name: plain(term) for name, term in zip(answer.columns, row, strict=True) if term is not None}
            | {"explanation": [support_record(one) for one in found]}
            for row, found in zip(answer.rows, supports, strict=True)
        ]
        return json.dumps(records, ensure_ascii=False, indent=2) + "\n"
    lines = support_lines(source, supports, lang)
    if form in ("csv", "tsv"):
        told = tuple((*row, literal("; ".join(said))) for row, said in zip(answer.rows, lines, strict=True))
        wide = Table((*answer.columns, "explanation"), told)
        return WRITERS[form](wide)
    if form not in ("table", "md"):
        formats.known(form, ("table", "csv", "tsv", "json", "md"))
    headers, rows = display.cells(answer, source, lang, money, converted)
    blocks = []
    for number, (row, said) in enumerate(zip(rows, lines, strict=True), 1):
        cells = [f"{header}: {cell}" for header, cell in zip(headers, row, strict=True) if cell]
        blocks.append("\n".join([f"{number}. {' · '.join(cells)}", *(f"   - {line}" for line in said)]))
    return "\n".join(blocks) + "\n"


def _instead(source: Source, text: str | None, lang: str) -> list[str]:
    """The rows of a query as sentences: the column `sentence` says which, the others fill its places."""
    from kg.labels import labels, sentence
    from kg.rdf import NamedNode
    from kg.results import plain

    if text is None:
        return []
    answer = source.query(text)
    assert isinstance(answer, Table)
    names = labels(source, {term for row in answer.rows for term in row if isinstance(term, NamedNode)}, lang)
    said = []
    for row in answer.rows:
        cells = dict(zip(answer.columns, row, strict=True))
        which = plain(cells.pop("sentence")).rpartition("/")[2]
        places = {name: names.get(plain(term), plain(term)) for name, term in cells.items() if term}
        said.append(sentence(source, which, lang, **places))
    return said


def _why_empty(query: Query | None) -> str:
    if query and query.empty:
        return f"no rows: {query.empty}"
    return "no rows"
