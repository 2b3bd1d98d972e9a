"""`kg cache`: the stored indexes, and how a command gets at them."""

from __future__ import annotations

import time
from pathlib import Path

import click

from kg import cache
from kg.cli.options import data_option, rule_option
from kg.cli.progress import bar
from kg.errors import WorldError
from kg.project import Project
from kg.results import Source
from kg.store import Store


def opened(project: Project, rule: str | None = None) -> Source:
    """The project's store: in memory where it is small, else its stored index."""
    place = kept(project, rule)
    if place:
        try:
            return Store.open(place)
        except OSError as error:
            _say_once(f"the index in {place} cannot be opened ({error}): the files are read instead")
    return Store.load(project, rule)


def kept(project: Project, rule: str | None = None) -> Path | None:
    """The folder of the project's stored index, made now if need be; None where memory serves."""
    if cache.size(project) < cache.SMALL:
        return None
    try:
        return cache.find(project, rule) or cache.build(project, rule, bar("reading the graph"))
    except WorldError as error:
        if error.code != "cache":
            raise
        _say_once(f"{error.message}: the files are read each time")
        return None


_said: set[str] = set()


def _say_once(text: str) -> None:
    if text not in _said:
        _said.add(text)
        click.echo(f"kg: note: {text}", err=True)


@click.group(invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Show the stored indexes of large graphs; `clear` removes all.

    One is made anew when it is missing: nothing is lost.
    """
    if ctx.invoked_subcommand is not None:
        return
    found = cache.entries()
    click.echo(f"{cache.folder()}: {_size(sum(entry.size for entry in found))} in {len(found)} stored indexes")
    for entry in found:
        used = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.used))
        click.echo(f"  {_size(entry.size):>8}  last used {used}  {entry.graph}")


@command.command(hidden=True)
@data_option
@rule_option
def warm(data: str | None, rule: str | None) -> None:
    """Nothing: answers are not kept any more."""
    click.echo(
        "kg: note: kg cache warm is not needed any more, and does nothing; the next version is without it",
        err=True,
    )


@command.command()
def clear() -> None:
    """Remove every stored index."""
    click.echo(f"freed {_size(cache.clear())}")


def _size(number: int) -> str:
    return f"{number / (1 << 20):.1f} MB"
