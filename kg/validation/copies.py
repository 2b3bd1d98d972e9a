"""A copy of this process (POSIX fork) that does some work and ends: it has imported already what this one has."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn


class Copy:
    """A process with a pipe to its standard input and one from its standard output: of Popen, what is needed here."""

    def __init__(self, work: Callable[[], object], *, group: bool = False) -> None:
        """Begin `work`; `group`: in a process group of its own. Only in a process with one thread and open sys.std*."""
        take, put = os.pipe()
        incoming, outgoing = os.pipe()
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _be_it(work, (take, outgoing), (put, incoming), group)
        if group:
            _lead_a_group(self.pid)
        os.close(take)
        os.close(outgoing)
        self.stdin = os.fdopen(put, "wb")
        self.stdout = os.fdopen(incoming, "rb")

    def kill(self) -> None:
        """End it, whatever it is at."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Its exit code, or less than 0 the signal that ended it, when it has ended."""
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode


if TYPE_CHECKING:
    import subprocess

    # A process of a validation: a copy, or a program (kg.validation.start).
    Process = subprocess.Popen[bytes] | Copy


def end_group(pid: int) -> None:
    """Kill the process that leads a group, and what it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _lead_a_group(pid: int) -> None:
    """Said by both, the process and its copy: whoever comes first, the group is there when it is to be killed."""
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)


def _be_it(work: Callable[[], object], own: tuple[int, int], others: tuple[int, int], group: bool) -> NoReturn:
    code = 1
    try:
        if group:
            _lead_a_group(0)
        for stream, descriptor in enumerate(own):
            os.dup2(descriptor, stream)
        if not os.environ.get("KG_DEBUG"):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        for descriptor in (*own, *others):
            os.close(descriptor)
        work()
        code = 0
    except BaseException:  # it has nobody to raise it to
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)  # nothing of the original's is to be closed, flushed or said twice
