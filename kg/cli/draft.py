"""`kg draft`: a document to candidate triples that a person only has to check."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import formats
from kg.cli.options import data_option, output_option, write

if TYPE_CHECKING:
    from kg.draft.document import Document
    from kg.project import Project

_FORMATS = ("turtle", "json", "html")


@click.command()
@click.argument("document", metavar="DOCUMENT")
@click.option(
    "--lang", "language", metavar="LANG", help="The text's language: da nb nn sv en  [default: its words]"
)
@click.option("--date", "date", metavar="DATE", help="The document's date, for 'the next three years'.")
@click.option(
    "-f", "--format", "form", metavar="FORMAT", help="turtle json html  [default: turtle, or the ending of -o]"
)
@output_option
@data_option
def command(
    document: str, language: str | None, date: str | None, form: str | None, output: str | None, data: str | None
) -> None:
    """Read a document (.txt, .html, .pdf, or - for standard input) into candidate triples.

    Every amount becomes a figure with its anchor; role, stage, period, payer, recipient and programme are
    proposed, each with the words that say so. Nothing is written into the graph. With -o the text that the
    anchors count in is kept beside the draft, as NAME.txt, where the document is not that text already and the
    draft goes into a file.
    """
    from kg.draft.document import read_document
    from kg.draft.lexicon import check_language
    from kg.errors import UsageError
    from kg.project import Project

    form = formats.known(form or formats.of_ending(output, _FORMATS) or "turtle", _FORMATS)
    check_language(language)
    project = Project.find(data)
    if output and Path(output).resolve().is_relative_to(project.data.resolve()):
        raise UsageError(
            "draft-in-graph",
            f"{output} is in the graph",
            help="write the draft elsewhere, read it, then move it there",
        )
    source = read_document(document)
    _draft(source, project, language, _day(date), form, output)


def _draft(
    source: Document,
    project: Project,
    language: str | None,
    date: datetime.date | None,
    form: str,
    output: str | None,
) -> None:
    from kg.draft import draft_document
    from kg.draft.write import json_of, page, turtle
    from kg.files import keeps
    from kg.store import Store

    drafted = draft_document(source, Store.of_files(project.graph_files()), language, date)
    if form == "json":
        pieces = json_of(source, drafted.draft)
    elif form == "html":
        pieces = page(source, drafted.draft)
    else:
        pieces = turtle(source, drafted.draft, drafted.setting)
    # A long draft is many times as long as its document, so it is never whole on its way to a pipe.
    if output is None:
        sys.stdout.writelines(pieces)
    else:
        write("".join(pieces), output)
    if output and not source.as_it_stands and keeps(Path(output)):
        kept = Path(output).with_suffix(".txt")
        write(source.text, str(kept))
        click.echo(f"{kept}: the text that the anchors count in, sha256 {source.checksum}", err=True)
    if not drafted.draft.mentions:
        click.echo(f"{source.name}: no amount of money was found in it", err=True)
    if drafted.language_guessed_from_nothing:
        click.echo(f"{source.name}: its language is not known, read as English (--lang says otherwise)", err=True)
    sys.stderr.flush()


def _day(written: str | None) -> datetime.date | None:
    from kg.errors import UsageError

    if written is None:
        return None
    try:
        return datetime.date.fromisoformat(written)
    except ValueError:
        raise UsageError("date", f"not a date: {written!r}", help="write it as 2020-01-31") from None
