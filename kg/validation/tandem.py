"""Tasks done by two: this process and a copy of it (POSIX fork), which sees the same data without reading it anew.

Each takes the next task when it has done one, so that neither waits for the other. What the copy does not hand
back, whatever became of it, is done here.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, NoReturn, TypeVar

Outcome = TypeVar("Outcome")

_NUMBER = struct.Struct("=H")
_LENGTH = struct.Struct("=Q")
# All numbers go into a pipe before anyone reads it: no more than every system's pipes hold (Linux 64 KiB, macOS 16).
MOST = 4096


def possible() -> bool:
    """Whether a copy can be made and has a processor to itself: one more thread and a fork is not safe."""
    if not hasattr(os, "fork") or threading.active_count() != 1:
        return False
    return len(os.sched_getaffinity(0)) > 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) > 1


def done(tasks: Sequence[Callable[[], Outcome]], *, copy: bool) -> Iterator[tuple[int, Outcome]]:
    """(number, outcome) of every task, in the order in which they are done; with `copy`, by two.

    The copy begins with the first task, so a long one that nobody waits for comes first.
    An outcome must be picklable. What a task raises is raised here, also where the copy met it first.
    """
    if not copy or not 1 < len(tasks) <= MOST:
        for number, task in enumerate(tasks):
            yield number, task()
        return
    missing = set(range(len(tasks)))
    for number, outcome in _by_two(tasks):
        missing.discard(number)
        yield number, outcome
    for number in sorted(missing):
        yield number, tasks[number]()


def _by_two(tasks: Sequence[Callable[[], Outcome]]) -> Iterator[tuple[int, Outcome]]:
    take, put = os.pipe()
    os.write(put, b"".join(map(_NUMBER.pack, range(1, len(tasks)))))
    os.close(put)
    incoming, outgoing = os.pipe()
    child = os.fork()
    if child == 0:
        _be_the_copy(tasks, take, outgoing)
    os.close(outgoing)
    try:
        for number in _taken(take):
            yield number, tasks[number]()
            # What has come is taken in at once: a full pipe would hold the copy up.
            while select.select([incoming], [], [], 0)[0] and (answer := _answer(incoming)) is not None:
                yield answer
        while (answer := _answer(incoming)) is not None:
            yield answer
    finally:
        os.close(take)
        os.close(incoming)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _be_the_copy(tasks: Sequence[Callable[[], object]], take: int, outgoing: int) -> NoReturn:
    """Do tasks until there are none; whatever goes wrong, the original does what is missing."""
    try:
        with open(outgoing, "wb") as answers:
            for number in chain([0], _taken(take)):
                answer = pickle.dumps((number, tasks[number]()), pickle.HIGHEST_PROTOCOL)
                answers.write(_LENGTH.pack(len(answer)) + answer)
                answers.flush()
    finally:
        os._exit(0)  # nothing of the original's is to be closed, flushed or said twice


def _taken(take: int) -> Iterator[int]:
    """Numbers of tasks that nobody else has taken: a read from a pipe is one's own."""
    while number := os.read(take, _NUMBER.size):
        yield _NUMBER.unpack(number)[0]


def _answer(incoming: int) -> Any:
    """The next answer, None where there is none any more."""
    head = _exactly(incoming, _LENGTH.size)
    body = _exactly(incoming, _LENGTH.unpack(head)[0]) if head is not None else None
    return None if body is None else pickle.loads(body)


def _exactly(incoming: int, size: int) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        part = os.read(incoming, min(size - len(found), 1 << 20))
        if not part:
            return None
        found += part
    return bytes(found)
