"""A validation in a process of its own: killed when its time is over, and nothing here dies with it."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kg import errors
from kg.errors import KgError, WorldError
from kg.validation import ahead
from kg.validation.copies import end_group

if TYPE_CHECKING:
    from kg.validation.copies import Process
    from kg.validation.order import Order
    from kg.validation.report import Report


def default_memory() -> int:
    """Bytes of address space for each process: three quarters of the machine's memory, at least 2 GiB."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        total = 4 << 30
    return max(2 << 30, total * 3 // 4)


def run(order: Callable[[], Order], *, timeout: float, memory: int | None) -> Report:
    """Carry out an order, which is made while the other process starts.

    Raises what the other process met, or WorldError where it ended without a word.
    """
    process = _started()
    late = threading.Event()

    def stop() -> None:
        late.set()
        end_group(process.pid)

    alarm = threading.Timer(min(timeout, threading.TIMEOUT_MAX), stop)
    alarm.daemon = True
    try:
        request = pickle.dumps(((memory or default_memory(), timeout), order()), pickle.HIGHEST_PROTOCOL)
        alarm.start()
        out = _answer(process, request)
    finally:
        alarm.cancel()
        end_group(process.pid)  # and its judge
        code = process.wait()
    if late.is_set():
        raise WorldError(
            "timeout",
            f"validation took longer than {timeout:g} s and was stopped",
            help="--timeout gives it more time",
        )
    try:
        reply = pickle.loads(out)
    except (EOFError, pickle.UnpicklingError):
        raise WorldError(
            "validation",
            f"validation ended without a report ({_reason(code)})",
            help="the input may need more memory than it may use (--memory), or be made to break parsers",
        ) from None
    if isinstance(reply, tuple):
        raise _error(*reply)
    return reply  # type: ignore[no-any-return]  # pickled by us


def _started() -> Process:
    begun = ahead.taken()
    if begun is not None:
        return begun
    from kg.validation.start import start_reader

    return start_reader()


def _answer(process: Process, request: bytes) -> bytes:
    """What the process says to a request until it ends."""
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdout:
        with contextlib.suppress(BrokenPipeError), process.stdin:  # where it has ended, its exit code says why
            process.stdin.write(request)
        import kg.validation.report  # noqa: F401 - what comes will be one

        return process.stdout.read()


def _reason(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit {code}"


def _error(name: str, fields: dict[str, Any]) -> KgError:
    kind = getattr(errors, name, KgError)
    made: KgError = kind(
        fields["code"],
        fields["message"],
        help=fields["help"],
        place=fields["place"],
        excerpt=fields["excerpt"],
    )
    return made
