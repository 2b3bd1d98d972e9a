"""A validation in a process of its own: killed when its time is over, and nothing here dies with it."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kg import errors
from kg.errors import KgError, WorldError
from kg.validation.start import environment

if TYPE_CHECKING:
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
    variables = {
        **environment(),
        "KG_VALIDATE_MEMORY": str(memory or default_memory()),
        "KG_VALIDATE_SECONDS": str(timeout),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "kg.validation"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("KG_DEBUG") else subprocess.DEVNULL,
        env=variables,
        start_new_session=True,  # so that it and the judge that it starts are killed as one
    ) as process:
        try:
            out, _ = process.communicate(pickle.dumps(order(), pickle.HIGHEST_PROTOCOL), timeout=timeout)
        except subprocess.TimeoutExpired:
            raise WorldError(
                "timeout",
                f"validation took longer than {timeout:g} s and was stopped",
                help="--timeout gives it more time",
            ) from None
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
    try:
        reply = pickle.loads(out)
    except (EOFError, pickle.UnpicklingError):
        raise WorldError(
            "validation",
            f"validation ended without a report ({_reason(process.returncode)})",
            help="the input may need more memory than it may use (--memory), or be made to break parsers",
        ) from None
    if isinstance(reply, tuple):
        raise _error(*reply)
    return reply  # type: ignore[no-any-return]  # pickled by us


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
