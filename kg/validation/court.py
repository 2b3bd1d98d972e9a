"""The judge from the other side: start the process, send suspects, receive results."""

from __future__ import annotations

import contextlib
import pickle
import threading
from collections.abc import Iterable
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from kg.errors import DataError, UsageError, WorldError
from kg.validation.index import Index
from kg.validation.terms import Node, key

if TYPE_CHECKING:
    from kg.validation.copies import Process


class Result(NamedTuple):
    """One result of pyshacl; terms as keys."""

    focus: str
    shape: str
    component: str
    severity: str
    path: str | None
    value: str | None
    constraint: str | None
    messages: tuple[tuple[str, str], ...]

    @property
    def identity(self) -> tuple[str | None, ...]:
        """What makes two results the same: focus, path, value, component and shape."""
        return (self.focus, self.path, self.value, self.component, self.shape, self.constraint)


def ntriples(quads: Iterable[Quad]) -> bytes:
    """Statements as N-Triples, graph names left out."""
    written = serialize((Triple(q.subject, q.predicate, q.object) for q in quads), format=RdfFormat.N_TRIPLES)
    assert written is not None
    return written


class Court:
    """A running judge. Use as a context manager: it ends with the block, whatever happens."""

    def __init__(self, process: Process | None = None) -> None:
        """With a judge that has been started, or start one; it imports pyshacl while this one goes on."""
        if process is None:
            from kg.validation.start import start_judge

            process = start_judge()
        self._process = process
        self._outbox: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._writer: threading.Thread | None = None

    def _write(self) -> None:
        """Send what is in the outbox: the other side may be at work, and a full pipe must not hold us up."""
        assert self._process.stdin is not None
        while (request := self._outbox.get()) is not None:
            try:
                pickle.dump(request, self._process.stdin, pickle.HIGHEST_PROTOCOL)
                self._process.stdin.flush()
            except (OSError, ValueError):
                return  # it has ended; whoever waits for its answer learns so

    def __enter__(self) -> Court:
        return self

    def __exit__(self, *_: object) -> None:
        self._outbox.put(None)
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()
        self._process.wait()

    def _send(self, request: dict[str, Any]) -> None:
        if self._writer is None:
            self._writer = threading.Thread(target=self._write, daemon=True)
            self._writer.start()
        self._outbox.put(request)

    def settle(self) -> None:
        """Wait until all is sent, so that no thread is at work: a process with one cannot be copied (tandem)."""
        if self._writer is not None:
            self._outbox.put(None)
            self._writer.join()
            self._writer = None

    def _died(self) -> WorldError:
        code = self._process.wait()
        return WorldError(
            "judge", f"pyshacl ended before it answered (exit {code})", help="it may have run out of memory"
        )

    def _receive(self) -> list[Result]:
        assert self._process.stdout is not None
        try:
            answer = pickle.load(self._process.stdout)
        except (EOFError, pickle.UnpicklingError, OSError):
            raise self._died() from None
        if "error" in answer:
            kind, text = answer["error"]
            raise judgement_error(kind, text)
        return [
            Result(
                found["focus"],
                found["shape"],
                found["component"],
                found["severity"],
                found.get("path"),
                found.get("value"),
                found.get("constraint"),
                tuple(sorted(found["messages"])),
            )
            for found in answer["results"]
        ]

    def limits(self, memory: int, seconds: float) -> None:
        """Limit the judge as kg.validation.confine says; before any data."""
        self._send({"limits": (memory, seconds)})

    def shapes(self, shapes: Index) -> None:
        """Give the shapes graph; comes first."""
        self._send({"shapes": ntriples(shapes.quads())})

    def queries(self) -> None:
        """Have the judge be ready for SPARQL constraints before it meets one: it takes a moment."""
        self._send({"queries": True})

    def data(self, quads: Iterable[Quad]) -> None:
        """Add to the data graph."""
        self._send({"data": ntriples(quads)})

    def fresh_shapes(self) -> None:
        """Forget everything, errors too; shapes come next."""
        self._send({"anew": True})

    def prefixes(self, prefixes: dict[str, str]) -> None:
        """Give the prefixes of the data."""
        self._send({"prefixes": prefixes})

    def fresh(self) -> None:
        """Forget the data graph."""
        self._send({"fresh": True})

    def ask(self, work: list[tuple[Node, str, list[Node]]]) -> None:
        """Have nodes validated: (shape, part, nodes); what comes of it is for `results` to fetch."""
        self._send({"judge": [(key(shape), part, [key(node) for node in nodes]) for shape, part, nodes in work]})

    def results(self) -> list[Result]:
        """All that came of every `ask` since the last time."""
        self._send({"collect": True})
        return self._receive()

    def whole(self, shapes: list[Node] | None) -> list[Result]:
        """Validate these shapes (None: all) on all their targets in the data graph."""
        self._send({"whole": None if shapes is None else [key(shape) for shape in shapes]})
        return self._receive()


def judgement_error(kind: str, text: str) -> DataError | UsageError | WorldError:
    """What the judge could not decide, as an error with a name."""
    line = " ".join(text.split())
    line = line if len(line) <= 400 else line[:400] + "…"
    if kind == "recursion":
        return DataError(
            "recursive-shapes",
            "the shapes refer to themselves and the data leads in a circle: SHACL leaves that undefined",
            help="break the circle, in the shapes or in the data",
        )
    if kind == "shapes":
        return UsageError("shapes", f"the shapes graph cannot be used: {line}", help="mend the shapes")
    return WorldError("judge", f"pyshacl failed: {line}", help="please report it, with the shapes and the data")
