"""What a person at a terminal sees of long work: a bar where its end is known, else the seconds."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

_PATIENCE = 2.0  # seconds in which nobody asks whether it still works


def bar(doing: str) -> Callable[[int, int], None] | None:
    """A progress bar of `doing` this, on standard error, on a terminal only, after half a second."""
    if not sys.stderr.isatty():
        return None
    begun = time.monotonic()

    def show(done: int, total: int) -> None:
        if time.monotonic() - begun < 0.5:
            return
        share = min(1.0, done / total) if total else 1.0
        filled = "█" * round(24 * share)
        end = "\r\x1b[K" if done >= total else ""
        click.echo(f"\r{doing} {filled:<24} {share:4.0%} {end}", nl=False, err=True)

    return show


@contextmanager
def seconds(doing: str) -> Iterator[None]:
    """Says on standard error, on a terminal only, for how many seconds it has been `doing` this."""
    if not sys.stderr.isatty():
        yield
        return
    begun, ended = time.monotonic(), threading.Event()

    def show() -> None:
        left = _PATIENCE
        while not ended.wait(left):
            left = 1.0
            # The cursor goes back to the start: whatever is said next is written over it.
            click.echo(f"{doing}, {time.monotonic() - begun:.0f} s\r", nl=False, err=True)
        if left < _PATIENCE:
            click.echo("\x1b[K", nl=False, err=True)

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
