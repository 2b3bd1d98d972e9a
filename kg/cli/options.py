"""The options that several commands share, each said once."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

data_option = click.option(
    "--data",
    envvar="KG_DATA",
    metavar="DIR",
    help="A folder with a graph of one's own, in place of the packaged one (or set KG_DATA).",
)
output_option = click.option(
    "-o", "--output", metavar="FILE", help="Write there: a file whole or not at all, a pipe or device as it is."
)
lang_option = click.option(
    "--lang",
    envvar="KG_LANG",
    default="en",
    show_default=True,
    type=click.Choice(["da", "nb", "sv", "en"]),
    help="Language of labels and amounts (or set KG_LANG).",
)


def _rule(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from kg.terms import CODE, expand

    return value and (expand(value) or (value if ":" in value else f"{CODE}rule/{value}"))


in_option = click.option(
    "--in",
    "currency",
    type=click.Choice(["EUR", "DKK", "NOK", "SEK"], case_sensitive=False),
    help="The amounts in that currency as well: rate, year and source beside them; no number without a rate.",
)
year_option = click.option(
    "--rate-year",
    type=click.IntRange(1999, 2100),
    metavar="YEAR",
    help="Take the mean rates of this year; else of the year in which a row's money begins.",
)
rule_option = click.option(
    "--rule",
    callback=_rule,
    metavar="RULE",
    help="Derive under another rule for the width of words: its code, for example 2.",
)


def bold(text: str, output: str | None) -> str:
    """`text` as a heading on a terminal; plain in a pipe, a file, with NO_COLOR or TERM=dumb."""
    plain = (
        output is not None
        or not sys.stdout.isatty()
        or "NO_COLOR" in os.environ
        or os.environ.get("TERM") == "dumb"
    )
    return text if plain else click.style(text, bold=True)


def write(text: str | bytes, output: str | None) -> None:
    """Put `text` on standard output, or in the file `output`: whole, or the old file stays (`kg.files.replace`)."""
    if output is None:
        if isinstance(text, bytes):
            sys.stdout.flush()
            sys.stdout.buffer.write(text)
            sys.stdout.buffer.flush()
        else:
            sys.stdout.write(text)
        return
    from kg.files import replace

    replace(Path(output), text.encode("utf-8") if isinstance(text, str) else text)
