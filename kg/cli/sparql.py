"""`kg sparql`: a question of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from kg.cli.answers import answer_options, give
from kg.cli.options import data_option
from kg.errors import UsageError
from kg.project import Project


@click.command()
@click.argument("file", required=False, metavar="[FILE | -]")
@click.option("-e", "--execute", "text", metavar="TEXT", help="The query itself.")
@data_option
def _sparql(file: str | None, text: str | None, data: str | None, **how: Any) -> None:
    """Ask a question of your own in SPARQL 1.1, read-only. The project's prefixes are known.

    The query is in FILE, on standard input (-), or in -e TEXT.
    """
    if (file is None) == (text is None):
        raise UsageError("command", "give one query: a FILE, - for standard input, or -e TEXT")
    if text is None:
        from kg import files

        raw = sys.stdin.buffer.read() if file == "-" else files.read(Path(str(file)))
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageError("sparql", f"the query is not UTF-8: {error}") from None
    give(Project.find(data), None, text, **how)


command = answer_options(_sparql)
