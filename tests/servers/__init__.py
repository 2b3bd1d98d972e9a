"""Real SPARQL servers on loopback, for tests and benchmarks: started here, ended here."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
REQUIRED = bool(os.environ.get("TILSAGN_REQUIRE_SERVERS"))


def absent(what: str, how: str) -> None:
    """Skip the test, saying what is missing; fail it where TILSAGN_REQUIRE_SERVERS says that it must be there."""
    reason = f"{what} is not installed: {how}"
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """A port of loopback that nobody uses just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def virtuoso_is_here() -> bool:
    """Whether the Debian packages are installed."""
    return bool(shutil.which("virtuoso-t") and shutil.which("isql-vt"))


@contextmanager
def virtuoso(
    folder: Path, paths: Sequence[Path], environment: Mapping[str, str] | None = None
) -> Iterator[dict[str, str]]:
    """A Virtuoso with each of these Turtle files as a graph: file stem → address of an endpoint for it alone."""
    port = free_port()
    run = subprocess.Popen(
        ["sh", _HERE / "virtuoso.sh", folder, str(port), str(free_port()), *paths],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    try:
        assert run.stdout and run.stdin
        if run.stdout.readline() != "ready\n":
            raise RuntimeError("Virtuoso did not start, see above")
        base = f"http://127.0.0.1:{port}/sparql?default-graph-uri=urn%3Atilsagn%3A"
        yield {path.stem: base + path.stem for path in paths}
    finally:
        run.communicate()  # closes its standard input, which ends it
        run.wait()


@contextmanager
def oxigraph(folder: Path, path: Path) -> Iterator[str]:
    """The Oxigraph server with one Turtle file as its default graph: the address of its endpoint."""
    binary = Path(sys.executable).with_name("oxigraph")
    if not binary.exists():
        absent("the Oxigraph server", "pip install oxigraph")
    subprocess.run([binary, "load", "--location", folder, "--file", path], check=True, capture_output=True)
    port = free_port()
    run = subprocess.Popen(
        [binary, "serve-read-only", "--location", folder, "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _answers(port, run)
        yield f"http://127.0.0.1:{port}/query"
    finally:
        run.terminate()
        run.wait()


def _answers(port: int, run: subprocess.Popen[bytes]) -> None:
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if run.poll() is not None:
                break
            time.sleep(0.02)
    raise RuntimeError("the server does not listen")
