"""Questions that nobody has vouched for, asked in a process of their own, which can be killed.

The engine has no timeout, and ends its process where memory is short: so the store is opened and the question
asked in a child, with a deadline, a memory limit and no way to open a connection. The child ends with its parent,
however that ends: it reads its questions from a pipe, and a closed pipe is the end.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from kg import rdf
from kg.errors import KgError, Place, UsageError, WorldError
from kg.project import Project
from kg.results import Answer, Table, Triples

_HEAD = struct.Struct(">II")  # length of the JSON header, length of the body


@dataclass(frozen=True, slots=True)
class Limits:
    """What one command may cost: seconds in all, bytes of memory beyond the store's own, rows of one answer."""

    seconds: float = 30.0
    memory: int = 1 << 30
    rows: int = 1_000_000


class Worker:
    """A source whose questions run in a child process; `folder` is a stored index, None: the files are read; `named`:
    each file is a named graph as well, which a stored index does not have.

    The seconds of `limits` are for all its questions and its start, counted from `begun` (of time.monotonic).
    A context manager: leaving it ends the child.
    """

    def __init__(
        self,
        project: Project,
        folder: Path | None = None,
        limits: Limits | None = None,
        begun: float | None = None,
        *,
        named: bool = False,
    ) -> None:
        self._limits = limits or Limits()
        self._deadline = (time.monotonic() if begun is None else begun) + self._limits.seconds
        home = str(Path(__file__).parent.parent)
        # -P and an explicit path: no module of the folder that the command happens to run in.
        code = f"import sys; sys.path.insert(0, {home!r}); from kg.worker import serve; serve()"
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt is for us to pass on
        )
        places = [str(path) for path in (project.data, project.ontology, project.queries)]
        setup = {"project": places, "folder": str(folder) if folder else None, "memory": self._limits.memory}
        self._tell({**setup, "named": named})

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child; nothing of it is left."""
        self.end()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def end(self) -> None:
        """Kill the child and see it gone, whatever another thread is asking of it."""
        self._child.kill()
        self._child.wait()

    def query(self, text: str) -> Answer:
        """The answer, cut at the limit of rows.

        Raises UsageError where the text is not a query, WorldError where time or memory ran out.
        """
        self._tell({"text": text, "rows": self._limits.rows})
        head, body = self._hear()
        if "error" in head:
            raise _error(head["error"])
        if head["kind"] == rdf.BOOLEAN:
            return body == b"true"
        if head["kind"] == rdf.TRIPLES:
            return Triples(tuple(rdf.triples(body, rdf.TRIPLES)), head["cut"])
        found = rdf.solutions(body, rdf.TABLE)
        assert not isinstance(found, bool)
        return Table(found[0], tuple(found[1]), head["cut"])

    def _tell(self, message: dict[str, Any]) -> None:
        try:
            _send(self._child.stdin, message)
        except BrokenPipeError:
            raise self._ended() from None

    def _hear(self) -> tuple[dict[str, Any], bytes]:
        """One message of the child. A timer kills it at the deadline, which ends the reading."""
        timer = threading.Timer(max(0.0, self._deadline - time.monotonic()), self._child.kill)
        timer.daemon = True
        timer.start()
        try:
            return _receive(self._child.stdout)
        except EOFError:
            raise self._ended() from None
        finally:
            timer.cancel()

    def _ended(self) -> WorldError:
        code = self._child.wait()
        if time.monotonic() >= self._deadline:
            return WorldError(
                "timeout",
                f"no answer within {self._limits.seconds:g} s",
                help="ask for less, or raise --timeout (KG_TIMEOUT)",
            )
        megabytes = self._limits.memory >> 20
        if code == -signal.SIGABRT:
            return WorldError("memory", f"the question needs more than {megabytes} MB", help="ask for less")
        return WorldError(
            "engine", f"the engine ended on this question (status {code})", help="ask it another way"
        )


def _error(fields: dict[str, Any]) -> KgError:
    kind = UsageError if fields["exit"] == UsageError.exit_code else WorldError
    place = Place(*fields["place"]) if fields["place"] else None
    return kind(fields["code"], fields["message"], help=fields["help"], place=place, excerpt=fields["excerpt"])


def _fields(error: KgError) -> dict[str, Any]:
    place = [error.place.file, error.place.line, error.place.column] if error.place else None
    return {
        "exit": error.exit_code,
        "code": error.code,
        "message": error.message,
        "help": error.help,
        "place": place,
        "excerpt": error.excerpt,
    }


def _send(pipe: IO[bytes] | None, message: dict[str, Any], body: bytes = b"") -> None:
    assert pipe is not None
    head = json.dumps(message).encode()
    pipe.write(_HEAD.pack(len(head), len(body)) + head)
    pipe.write(body)
    pipe.flush()


def _receive(pipe: IO[bytes] | None) -> tuple[dict[str, Any], bytes]:
    assert pipe is not None
    head, body = _HEAD.unpack(_exactly(pipe, _HEAD.size))
    return json.loads(_exactly(pipe, head)), _exactly(pipe, body)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data


def serve() -> None:
    """The child: open the store that the first message names, then answer until the pipe is closed."""
    answers = os.fdopen(os.dup(1), "wb")
    messages: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def listen() -> None:
        # The engine lets other threads run while it works, so that the end of the parent is heard at once.
        try:
            while True:
                messages.put(_receive(sys.stdin.buffer)[0])
        finally:
            os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    setup = messages.get()
    refusal: KgError | None = None
    try:
        store = _open(setup)
    except KgError as error:
        refusal = error
    _confine(setup["memory"])
    while True:
        message = messages.get()
        try:
            if refusal:
                raise refusal
            kind, body, cut = store.written(message["text"], message["rows"])
            _send(answers, {"kind": kind, "cut": cut}, body)
        except KgError as error:
            _send(answers, {"error": _fields(error)})
        except MemoryError:
            os.abort()
        except OSError as error:
            _send(answers, {"error": _fields(WorldError("engine", " ".join(str(error).split())))})


def _open(setup: dict[str, Any]) -> Any:
    import kg.sparql  # noqa: F401 - an error's words must be at hand when no file can be opened any more
    from kg.store import Store

    if setup["folder"]:
        with contextlib.suppress(OSError):  # it may have been removed since: the files are the record
            return Store.open(Path(setup["folder"]))
    data, ontology, queries = map(Path, setup["project"])
    return Store.load(Project(data, ontology, queries), named=setup["named"])


def _confine(memory: int) -> None:
    """No more memory than the store's own and `memory`, no new file or connection (where the system can)."""
    try:
        import resource
    except ImportError:  # not on Windows: there the deadline alone holds
        return
    statm = Path("/proc/self/statm")
    if statm.exists():
        held = int(statm.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + memory, held + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
