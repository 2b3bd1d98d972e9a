"""`kg sparql`: a question of one's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from kg.cli.answers import answer_options, give
from kg.cli.options import data_option
from kg.cli.sources import at_option, timeout_option, untrusted
from kg.errors import KgError, UsageError
from kg.project import Project
from kg.results import Answer, Source, Table
from kg.sparql import Question, read_only
from kg.worker import Limits

_LIMITS = Limits()


@click.command()
@click.argument("file", required=False, metavar="[FILE | -]")
@click.option("-e", "--execute", "text", metavar="TEXT", help="The query itself.")
@data_option
@at_option
@timeout_option
@click.option(
    "--max-rows",
    type=click.IntRange(min=1),
    default=_LIMITS.rows,
    show_default=True,
    metavar="N",
    help="Cut the answer after so many rows, and say so.",
)
@click.option(
    "--max-memory",
    type=click.IntRange(min=1),
    default=_LIMITS.memory >> 20,
    show_default=True,
    metavar="MB",
    help="End where the question needs more than this beyond the graph itself.",
)
def _sparql(
    file: str | None,
    text: str | None,
    data: str | None,
    at: str | None,
    timeout: float | None,
    max_rows: int,
    max_memory: int,
    **how: Any,
) -> None:
    """Ask a question of your own in SPARQL 1.1, read-only. The project's prefixes are known.

    The query is in FILE, on standard input (-), or in -e TEXT. It has 30 seconds if --timeout does not say else.
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
    try:
        question = read_only(text, graphs=not at)
        source = untrusted(Project.find(data), at, timeout, max_memory << 20, max_rows, named=question.graphs)
        give(_remarked(source, question, bool(at)), None, question.text, **how)
    except UsageError as error:
        if error.place and error.place.file == "query" and file:
            error.place = error.place._replace(file="<stdin>" if file == "-" else file)
        raise


@contextmanager
def _remarked(opened: AbstractContextManager[Source], question: Question, remote: bool) -> Iterator[Source]:
    """The source, with remarks on its answer when it is done with; a remote one is asked for them only at need."""
    from kg import remarks

    with opened as source:
        asked = _Asked(source)
        yield asked
        notes = list(remarks.of_text(question))
        if asked.answer is not None and not (remote and isinstance(asked.answer, Table) and asked.answer.rows):
            with suppress(KgError):  # the answer is there, whatever may be said of it
                notes += remarks.of_answer(question, source, asked.answer)
    for note in notes:
        click.echo(f"kg: note: {note}", err=True)


class _Asked:
    """A source that keeps its first answer."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.answer: Answer | None = None

    def query(self, text: str) -> Answer:
        answer = self._source.query(text)
        if self.answer is None:
            self.answer = answer
        return answer


command = answer_options(_sparql)
