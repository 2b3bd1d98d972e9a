"""A progress bar for the minutes in which a large graph is read for the first time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click


def bar() -> Callable[[int, int], None] | None:
    """A progress bar on standard error, on a terminal only, after half a second."""
    if not sys.stderr.isatty():
        return None
    begun = time.monotonic()

    def show(done: int, total: int) -> None:
        if time.monotonic() - begun < 0.5:
            return
        share = min(1.0, done / total) if total else 1.0
        filled = "█" * round(24 * share)
        end = "\r\x1b[K" if done >= total else ""
        click.echo(f"\rreading the graph {filled:<24} {share:4.0%} {end}", nl=False, err=True)

    return show
