"""Validation beside its peers, in one run: time of the whole process, memory of all its processes, same results.

    bench/install-peers.sh                      once: Jena (Debian), pyshifty (PyPI) into .venv-bench
    python -m bench.validate [--size 10000] [--peers .venv-bench] [--runs 3] [--pyshacl]

Every engine gets the same two files: the project's shapes, and a generated graph (1 % of the commitments
spoilt) with the ontology's terms. Results are compared as sets of (focus, path, value, component). pyshacl takes
minutes at 10,000 commitments and runs only when it is asked for; `--engine pyshacl` is our own door to it, which
parses each query once.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from bench.generate import generate, write_turtle
from kg.project import Project

ROOT = Path(__file__).parent.parent
SHACL = "http://www.w3.org/ns/shacl#"
Results = frozenset[tuple[str, str, str, str]]


def measured(command: list[str], out: Path, limit: float) -> tuple[float, int, bool]:
    """(seconds, peak bytes of the process with its children, whether it ended in time)."""
    start = time.perf_counter()
    with out.open("wb") as stream:
        process = subprocess.Popen(
            command, stdout=stream, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, tree_memory(process.pid))
            if time.perf_counter() - start > limit:
                process.kill()
                process.wait()
                return limit, peak, False
            time.sleep(0.02)
    return time.perf_counter() - start, peak, True


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


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.validate", description="Validation beside its peers.")
    parser.add_argument("--size", type=int, action="append", help="commitments; may be repeated")
    parser.add_argument("--peers", type=Path, default=ROOT / ".venv-bench", help="bench/install-peers.sh made it")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for one run")
    parser.add_argument("--pyshacl", action="store_true", help="run pyshacl itself, too")
    options = parser.parse_args(arguments)
    kg = [sys.executable, "-m", "kg", "validate", "--alone", "-f", "json", "--fail-on", "never", "--shapes"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{'size':>7} {'engine':<22} {'median s':>9} {'MB':>6} {'results':>8}  agrees")
        for size in options.size or [1000, 10000]:
            data, shapes = files(size, folder)
            rows: list[tuple[str, list[str], Callable[[Path], Results] | None]] = [
                ("kg validate", [*kg, str(shapes), str(data)], of_json),
                ("bare load, pyoxigraph", [sys.executable, "-c", LOAD, str(data)], None),
            ]
            python, classes = options.peers / "bin" / "python", options.peers / "jena.classpath"
            if python.exists():
                rows.append(("pyshifty", [str(python), "-c", PYSHIFTY, str(shapes), str(data)], of_graph))
            if classes.exists():
                java = ["java", "-cp", classes.read_text().strip(), "shacl.shacl", "validate"]
                rows.append(("Jena shacl", [*java, "--shapes", str(shapes), "--data", str(data)], of_graph))
            if options.pyshacl:
                rows.append(("kg --engine pyshacl", [*kg, str(shapes), "--engine", "pyshacl", str(data)], of_json))
                rows.append(("pyshacl", [sys.executable, "-c", PYSHACL, str(shapes), str(data)], of_graph))
            ours: Results | None = None
            for label, command, read in rows:
                report(size, label, command, read, options, folder, ours)
                if label == "kg validate":
                    ours = simple(of_json(folder / "out"))
    return 0


def report(
    size: int,
    label: str,
    command: list[str],
    read: Callable[[Path], Results] | None,
    options: argparse.Namespace,
    folder: Path,
    ours: Results | None,
) -> None:
    """Run one engine and print its row."""
    times, memory, ended = [], 0, True
    for _ in range(options.runs):
        seconds, peak, ended = measured(command, folder / "out", options.limit)
        times.append(seconds)
        memory = max(memory, peak)
        if not ended:
            break
    median = sorted(times)[len(times) // 2]
    count, agrees = "", ""
    if read is not None and ended:
        try:
            found = simple(read(folder / "out"))
        except (ValueError, SyntaxError) as error:
            agrees = f"no report: {' '.join(str(error).split())[:80]}"
        else:
            count = str(len(found))
            if ours is not None:
                more, less = len(found - ours), len(ours - found)
                agrees = "yes" if not more and not less else f"{more} more, {less} fewer"
    time_text = f"{median:.2f}" if ended else f">{options.limit:.0f}"
    print(f"{size:>7} {label:<22} {time_text:>9} {memory / 1e6:>6.0f} {count:>8}  {agrees}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
