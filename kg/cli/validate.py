"""`kg validate`: the graph, or new data together with it."""

from __future__ import annotations

import sys

import click

from kg import formats
from kg.cli.options import data_option, lang_option, output_option, write
from kg.errors import UsageError


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE…]")
@click.option("-f", "--format", "form", metavar="FORMAT", help=f"{' '.join(formats.REPORTS)}  [default: text]")
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "warning", "info", "never"]),
    default="violation",
    show_default=True,
    help="Exit 1 on findings of at least this severity.",
)
@click.option(
    "--shapes", multiple=True, metavar="FILE", help="SHACL shapes in place of the project's; may be repeated."
)
@click.option("--alone", is_flag=True, help="Leave the project's graph out: the data stands by itself.")
@click.option("--together", is_flag=True, help="All files as one body of new data, not each by itself.")
@click.option("--from", "syntax", metavar="SYNTAX", help="RDF syntax of the files, where the ending does not say.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "pyshacl"]),
    default="auto",
    show_default=True,
    hidden=False,
    help="auto: candidates are found fast, pyshacl decides on them; pyshacl: it decides on everything.",
)
@click.option(
    "--max", "limit", type=click.IntRange(0), metavar="N", help="Show at most N findings; the exit code knows all."
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    envvar="KG_TIMEOUT",
    default=300.0,
    show_default=True,
    metavar="S",
    help="Seconds before the validation is stopped (exit 3).",
)
@click.option(
    "--memory", type=click.IntRange(256), metavar="MB", help="Memory that each process may use.  [default: 3/4]"
)
@output_option
@lang_option
@data_option
def command(
    files: tuple[str, ...],
    form: str | None,
    fail_on: str,
    shapes: tuple[str, ...],
    alone: bool,
    together: bool,
    syntax: str | None,
    engine: str,
    limit: int | None,
    timeout: float,
    memory: int | None,
    output: str | None,
    lang: str,
    data: str | None,
) -> int:
    """Check the graph, or new data (Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML) together with it.

    Without FILE: the project's own data. With FILE (- is stdin): each file together with the graph that it refers
    to, and only what concerns the new data is reported. --shapes S --alone checks any data with any shapes.
    Exit 0: nothing to complain about; 1: findings; 2: the command or the shapes are wrong; 3: the world failed.
    """
    from kg.cli.progress import bar
    from kg.project import Project
    from kg.validation import validate

    if form is None:
        form = formats.of_ending(output, formats.REPORTS) or "text"
    formats.known(form, formats.REPORTS, "a report")
    if alone and not files:
        raise UsageError("command", "--alone needs a file", help="kg validate --alone FILE")
    report = validate(
        Project.find(data),
        files,
        shapes=shapes,
        alone=alone,
        together=together,
        syntax=syntax,
        engine=engine,
        timeout=timeout,
        memory=memory * 1024 * 1024 if memory else None,
        stdin=sys.stdin.buffer.read() if "-" in files else None,
        progress=bar("reading the graph"),
    )
    from kg.validation.formats import write as written  # after the work of others, which it would hold up

    for note in report.notes:
        click.echo(f"note: {note}", err=True)
    write(written(report, form, lang=lang, limit=limit), output)
    return 1 if report.fails(fail_on) else 0
