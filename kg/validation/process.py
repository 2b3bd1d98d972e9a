"""A validation in a process of its own: killed when its time is over, and nothing here dies with it."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import errors
from kg.errors import KgError, WorldError

if TYPE_CHECKING:
    from kg.validation.inputs import Request
    from kg.validation.report import Report

_Process = subprocess.Popen[bytes]
_begun: list[_Process] = []


def default_memory() -> int:
    """Bytes of address space for each process: three quarters of the machine's memory, at least 2 GiB."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        total = 4 << 30
    return max(2 << 30, total * 3 // 4)


def run(request: Callable[[], Request], *, timeout: float, memory: int | None) -> Report:
    """Carry out a request, which is made while the other process starts.

    Raises what the other process met, or WorldError where it ended without a word.
    """
    process = _started()
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    alarm = threading.Timer(min(timeout, threading.TIMEOUT_MAX), stop)
    alarm.daemon = True
    try:
        sent = pickle.dumps(((memory or default_memory(), timeout), request()), pickle.HIGHEST_PROTOCOL)
        alarm.start()
        out = _answer(process, sent)
    finally:
        alarm.cancel()
        process.kill()
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


def begin() -> None:
    """Start the process as the first thing of a command: it imports while the command does."""
    _begun.append(_start())


def end() -> None:
    """End what was begun and nothing has taken."""
    for process in _begun:
        process.kill()


def _started() -> _Process:
    return _begun.pop() if _begun else _start()


def _start() -> _Process:
    root = str(Path(__file__).resolve().parents[2])  # with this very package to be found
    return subprocess.Popen(
        [sys.executable, "-m", "kg.validation"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("KG_DEBUG") else subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))},
        start_new_session=True,
    )


def _answer(process: _Process, request: bytes) -> bytes:
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
