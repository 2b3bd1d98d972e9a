"""Where a question is put, decided once: the embedded store, a process that can be killed, or an endpoint."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from kg.cli import BEGUN
from kg.project import Project
from kg.results import Source

_SECONDS = 30.0
_START = 0.3

at_option = click.option(
    "--at", envvar="KG_ENDPOINT", metavar="URL", help="Ask this SPARQL endpoint instead (or set KG_ENDPOINT)."
)
timeout_option = click.option(
    "--timeout",
    envvar="KG_TIMEOUT",
    metavar="SECONDS",
    type=click.FloatRange(min=0.0, min_open=True),
    help="End after so long with exit code 3 (or set KG_TIMEOUT).",
)


@contextmanager
def trusted(project: Project, at: str | None, timeout: float | None, rule: str | None = None) -> Iterator[Source]:
    """For canned questions: an endpoint, or the store in this process, which `timeout` ends."""
    if at:
        from kg.endpoint import Endpoint

        yield Endpoint(at, timeout or _SECONDS)
        return
    from kg.cli.cache import opened

    watch = _watch(timeout)
    try:
        yield opened(project, rule)
    finally:
        watch.cancel()


@contextmanager
def untrusted(
    project: Project, at: str | None, timeout: float | None, memory: int, rows: int, *, named: bool = False
) -> Iterator[Source]:
    """For a question that anyone may have written: an endpoint, or a store in a process that can be killed.

    `named`: it asks for named graphs, which the files have and a stored index has not.
    """
    if at:
        from kg.endpoint import Endpoint

        yield Endpoint(at, timeout or _SECONDS)
        return
    from kg.cli.cache import kept
    from kg.worker import Limits, Worker

    place = None if named else kept(project)
    seconds = timeout or _SECONDS
    with Worker(project, place, Limits(seconds, memory, rows), _begun(), named=named) as worker:
        # The worker holds its questions to the limit; what is made of the answers here is held to it by a watch.
        watch = _watch(seconds + 0.05, worker.end)
        try:
            yield worker
        finally:
            watch.cancel()


def _begun() -> float:
    """When the command began: its start counts, but not the minutes in which an index was built, once."""
    return max(BEGUN, time.monotonic() - _START)


def _watch(timeout: float | None, last: Callable[[], None] = lambda: None) -> threading.Timer:
    """A timer that ends this process: the engine has no timeout, but lets other threads run while it works."""

    def end() -> None:
        text = f"no answer within {timeout:.3g} s\n  help: ask for less, or raise --timeout (KG_TIMEOUT)"
        click.echo(f"kg: error[timeout]: {text}", err=True)
        last()
        os._exit(3)

    timer = threading.Timer(max(0.0, _begun() + (timeout or 0.0) - time.monotonic()), end)
    timer.daemon = True
    if timeout:
        timer.start()
    return timer
