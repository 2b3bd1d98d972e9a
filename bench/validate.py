"""Validation beside its peers, in one run: time of the whole process, memory of all its processes, same results.

    bench/install-peers.sh                      once: Jena (Debian), pyshifty (PyPI) into .venv-bench
    python -m bench.validate [--size 1000 …] [--peers .venv-bench] [--runs 3] [--limit 300]

Every engine gets the same two files: the project's shapes, and a generated graph (1 % of the commitments
spoilt) with the ontology's terms. A row has the median of the runs in seconds and the processor seconds of that
run; the peak of the resident memory, summed over all processes of the engine, so that pages that two of them share
count twice; how often the time of `kg validate` its time is; how often the time at the size before; and whether
the results are the same as sets of (focus, path, value, component). An engine that is cut off at the limit, or that
would be by its time at the size before, says so in its row. One that takes more than a fifth of the limit runs once.

A time stands only beside results that are those of `kg validate`: an engine that is not installed, that ended with an
error or that gave other results has a row that says so, and the command ends with exit code 1 where one has. --foreign
takes data and shapes that have nothing of this project (bench/foreign.py), since an engine is soon tuned to its own.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from bench import foreign
from bench.generate import generate, write_turtle
from kg.project import Project

ROOT = Path(__file__).parent.parent
SHACL = "http://www.w3.org/ns/shacl#"
Results = frozenset[tuple[str, str, str, str]]


class Run(NamedTuple):
    """One run of an engine."""

    seconds: float
    processor: float  # seconds, of the process and all below it
    memory: int  # peak bytes
    ended: bool  # in time
    code: int


def measured(command: list[str], out: Path, limit: float) -> Run:
    """Run a command, its standard output into `out`; what is still at work at the limit is killed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    ended, peak = True, 0
    with out.open("wb") as stream:
        process = subprocess.Popen(
            command,
            stdout=stream,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )
        while process.poll() is None:
            peak = max(peak, tree_memory(process.pid))
            if time.perf_counter() - start > limit:
                ended = False
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            time.sleep(0.02)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, processor, peak, ended, process.returncode)


def tree_memory(pid: int) -> int:
    """Resident bytes of a process and all below it (Linux)."""
    total, todo = 0, [pid]
    while todo:
        current = todo.pop()
        try:
            pages = int(Path(f"/proc/{current}/statm").read_text().split()[1])
            for task in Path(f"/proc/{current}/task").iterdir():
                todo += [int(child) for child in (task / "children").read_text().split()]
        except (OSError, ValueError, IndexError):
            continue
        total += pages * os.sysconf("SC_PAGE_SIZE")
    return total


def of_json(path: Path) -> Results:
    """Our own report."""
    found = json.loads(path.read_text(encoding="utf-8"))["findings"]
    return frozenset((f["focus"], f["path"] or "", f["value"] or "", f["component"]) for f in found)


def of_graph(path: Path, form: ox.RdfFormat = ox.RdfFormat.TURTLE) -> Results:
    """A standard sh:ValidationReport. A path that is not one predicate is compared as a path of its kind only."""
    store = ox.Store()
    store.bulk_load(path.read_bytes(), format=form)
    nested = {q.object for q in store.quads_for_pattern(None, ox.NamedNode(SHACL + "detail"), None)}
    results = set()
    for quad in store.quads_for_pattern(None, ox.NamedNode(SHACL + "sourceConstraintComponent"), None):
        if quad.subject in nested:
            continue

        def term(name: str, node: object = quad.subject) -> str:
            for found in store.quads_for_pattern(node, ox.NamedNode(SHACL + name), None):  # type: ignore[arg-type]  # a node
                return plain(found.object)
            return ""

        results.add((term("focusNode"), term("resultPath"), term("value"), quad.object.value))  # type: ignore[union-attr]  # an IRI
    return frozenset(results)


def plain(term: object) -> str:
    """A term as our reports write it; a blank node is a path, of whichever structure."""
    if isinstance(term, ox.BlankNode):
        return "path"
    if isinstance(term, ox.Literal):
        return f'"{term.value}"@{term.language}' if term.language else f'"{term.value}"^^<{term.datatype.value}>'
    return str(term)


def simple(results: Results) -> Results:
    """Paths other than one predicate made alike, as in `of_graph`."""
    return frozenset(
        (f, p if not p or (p.count("<") == 1 and p[0] == "<") else "path", v, c) for f, p, v, c in results
    )


def files(size: int, folder: Path) -> tuple[Path, Path]:
    """The data and the shapes, each one file of Turtle."""
    data, shapes = folder / f"data-{size}.ttl", folder / "shapes.ttl"
    project = Project.find()
    with data.open("w", encoding="utf-8") as out:
        write_turtle(generate(size, 0.01, 1), out)
    terms = itertools.chain.from_iterable(
        ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        for path in project.term_files()
    )
    written = ox.serialize(
        (ox.Triple(q.subject, q.predicate, q.object) for q in terms), format=ox.RdfFormat.N_TRIPLES
    )
    with data.open("ab") as stream:
        stream.write(written or b"")
    shapes.write_bytes(b"\n".join(path.read_bytes() for path in project.shape_files()))
    return data, shapes


def others(size: int, folder: Path) -> tuple[Path, Path]:
    """Data and shapes of bench/foreign.py."""
    data, shapes = folder / f"data-{size}.ttl", folder / "shapes.ttl"
    shapes.write_text(foreign.SHAPES, encoding="utf-8")
    with data.open("w", encoding="utf-8") as out:
        foreign.write(size, out)
    return data, shapes


PYSHIFTY = """
import pathlib, sys, shifty
conforms, graph, text = shifty.validate(
    pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[1]), graph_mode='data', infer=False, on_unsupported='error')
sys.stdout.write(graph.serialize(format='turtle'))
"""
PYSHACL = """
import sys, pyshacl
conforms, graph, text = pyshacl.validate(
    sys.argv[2], shacl_graph=sys.argv[1], data_graph_format='turtle', inplace=True)
sys.stdout.write(graph.serialize(format='turtle'))
"""
LOAD = "import sys, pyoxigraph as o; o.Store().bulk_load(path=sys.argv[1], format=o.RdfFormat.TURTLE)"


class Engine(NamedTuple):
    """One engine: its name, its command without the files, the order of those, and how its results are read."""

    name: str
    command: list[str]
    files: Callable[[Path, Path], list[str]]  # of the shapes and the data
    read: Callable[[Path], Results] | None
    installed: bool = True


def engines(peers: Path) -> list[Engine]:
    """Our command, a bare load as the yardstick, and the peers, installed or not."""
    kg = [sys.executable, "-m", "kg", "validate", "--alone", "-f", "json", "--fail-on", "never", "--shapes"]
    python, classes = peers / "bin" / "python", peers / "jena.classpath"
    path = classes.read_text().strip() if classes.exists() else ""
    java = ["java", "-cp", path, "shacl.shacl", "validate"]

    def plain(shapes: Path, data: Path) -> list[str]:
        return [str(shapes), str(data)]

    return [
        Engine("kg validate", kg, plain, of_json),
        Engine("bare load, pyoxigraph", [sys.executable, "-c", LOAD], lambda shapes, data: [str(data)], None),
        Engine("pyshifty", [str(python), "-c", PYSHIFTY], plain, of_graph, python.exists()),
        Engine(
            "Jena shacl",
            java,
            lambda shapes, data: ["--shapes", str(shapes), "--data", str(data)],
            of_graph,
            bool(path),
        ),
        Engine("pyshacl", [sys.executable, "-c", PYSHACL], plain, of_graph),
    ]


class Table:
    """The rows, printed as they come; what later rows need of earlier ones."""

    def __init__(self, runs: int, limit: float) -> None:
        """`limit` in seconds for one run."""
        self.runs = runs
        self.limit = limit
        self.times: dict[str, tuple[int, float]] = {}  # engine → size and seconds of its last row
        self.ours: Results | None = None
        self.our_time: float | None = None
        self.failed = 0

    def head(self) -> None:
        """Print what the columns are."""
        columns = f"{'size':>7} {'engine':<22} {'s':>8} {'CPU s':>8} {'MB':>6} {'of kg':>7} {'growth':>7}"
        print(f"{columns} {'results':>8}", flush=True)

    def row(self, size: int, engine: Engine, shapes: Path, data: Path, out: Path) -> None:
        """Run one engine at one size, and print its row."""
        start = f"{size:>7} {engine.name:<22}"
        if not engine.installed:
            self._fail(start, "not installed: bench/install-peers.sh does that")
            return
        before = self.times.get(engine.name)
        if before is not None and before[1] * size / before[0] > self.limit:
            print(
                f"{start} not run: {before[1]:.0f} s at {before[0]}, the limit is {self.limit:.0f} s", flush=True
            )
            return
        done: list[Run] = []
        while len(done) < self.runs and (not done or done[-1].seconds < self.limit / 5):
            done.append(measured([*engine.command, *engine.files(shapes, data)], out, self.limit))
        run = sorted(done)[len(done) // 2]
        self.times[engine.name] = (size, run.seconds)
        memory = max(run.memory for run in done)
        if not run.ended:
            print(f"{start} cut off at {self.limit:.0f} s, {memory / 1e6:.0f} MB", flush=True)
            return
        ours = engine.read is of_json
        if ours:
            self.ours = None
        count, fault = self._results(engine, out)
        if run.code not in (0, 1) or fault:
            self._fail(start, fault or f"ended with exit code {run.code}")
            del self.times[engine.name]
            return
        if ours:
            self.our_time = run.seconds
        ratio = f"{run.seconds / self.our_time:.2f}" if self.our_time else ""
        growth = f"{run.seconds / before[1]:.1f}" if before else ""
        print(
            f"{start} {run.seconds:>8.2f} {run.processor:>8.2f} {memory / 1e6:>6.0f} {ratio:>7} {growth:>7} {count:>8}",
            flush=True,
        )

    def _fail(self, start: str, why: str) -> None:
        self.failed += 1
        print(f"{start} failed: {why}", flush=True)

    def _results(self, engine: Engine, out: Path) -> tuple[str, str]:
        """How many results, and what is wrong where they are not those of `kg validate`."""
        if engine.read is None:
            return "", ""
        try:
            results = simple(engine.read(out))
        except (ValueError, SyntaxError, KeyError) as error:
            return "", f"no report: {' '.join(str(error).split())[:80]}"
        if self.ours is None:
            self.ours = results
        more, less = len(results - self.ours), len(self.ours - results)
        return str(len(results)), f"other results: {more} more, {less} fewer" if more or less else ""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.validate", description="Validation beside its peers.")
    parser.add_argument(
        "--size", type=int, action="append", help="commitments; may be repeated (1000 10000 100000)"
    )
    parser.add_argument("--peers", type=Path, default=ROOT / ".venv-bench", help="bench/install-peers.sh made it")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for one run")
    parser.add_argument("--foreign", action="store_true", help="data and shapes that have nothing of this project")
    options = parser.parse_args(arguments)
    table = Table(options.runs, options.limit)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table.head()
        for size in options.size or [1_000, 10_000, 100_000]:
            data, shapes = (others if options.foreign else files)(size, folder)
            for engine in engines(options.peers):
                table.row(size, engine, shapes, data, folder / "out")
            data.unlink()
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main())
