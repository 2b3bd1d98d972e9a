"""All canned questions beside rdflib, Jena, Virtuoso and maplib in one run, at several sizes, as a Markdown table.

    python -m bench.queries [--sizes 1000 10000 100000] [--engines …] [--only NAME…] [--whole] [--limit S]
                            [--load-only ENGINE…] [--folder DIR]

A generated graph of each size, with what follows from it, is written once as N-Triples (kept in --folder). Each
question is asked with its first parameter bound to the value that most statements have; with --whole also with all
open. Figures are whole processes for kg, rdflib and Jena (start, load and answer; kg has its index), the answer alone
for `store` (in process), `raw` (the plain text in pyoxigraph), Virtuoso (over HTTP, loaded and warm) and maplib
(loaded). Peers that are not installed are left out, and said. `growth` is time at one size over time at the last.
rdflib and Jena load the graph for each question: where one did not end within the limit, or with --load-only was not
asked, start and load alone are a lower bound of its time, written `> seconds`, and the ratio to kg is at least that.

The peers' Python is TILSAGN_BENCH_PYTHON (default .venv-bench/bin/python, made from bench/requirements.lock).
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph

from bench.generate import generate, write_turtle
from kg import cache, queries, rdf, suggestions
from kg.derive import derive
from kg.endpoint import Endpoint
from kg.errors import KgError
from kg.project import Project
from kg.queries import Query
from kg.results import Table
from kg.store import Store
from tests import servers

ROOT = Path(__file__).parent.parent
PYTHON = os.environ.get("TILSAGN_BENCH_PYTHON", str(ROOT / ".venv-bench/bin/python"))
ENGINES = ("kg", "store", "raw", "rdflib", "jena", "virtuoso", "maplib")
_JARS = Path("/usr/share/java")


@dataclass
class Size:
    """One graph: its project, its statements as a file, and what was measured on it."""

    commitments: int
    project: Project
    file: Path
    texts: dict[str, tuple[Query, dict[str, list[str] | None]]] = field(default_factory=dict)
    seconds: dict[tuple[str, str], float] = field(default_factory=dict)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    limit: float = 120.0  # seconds for one text in one engine
    load: dict[str, float] = field(default_factory=dict)  # start and load of an engine that does both each time

    def took(self, engine: str, name: str) -> tuple[float | None, bool]:
        """(seconds, whether the answer came): without an answer, what is known to be less than its time, or None."""
        if (engine, name) in self.seconds:
            return self.seconds[engine, name], True
        failed = self.notes.get(f"{engine} {name}", f"more than {self.limit:g} s").startswith("more than")
        return (self.load.get(engine) if failed else None), False


def prepare(commitments: int, folder: Path, only: list[str], whole: bool) -> Size:
    """The graph of one size, written where it is not there yet, and the texts to ask of it."""
    data, file = folder / f"{commitments}", folder / f"{commitments}.nt"
    if not (data / "graph.ttl").exists():
        data.mkdir(parents=True, exist_ok=True)
        with (data / "graph.ttl").open("w", encoding="utf-8") as out:
            write_turtle(generate(commitments), out)
    project = Project.find(data)
    place = cache.find(project) or cache.build(project)
    store = Store.open(place)
    if not file.exists():
        with file.open("w", encoding="utf-8") as out:
            for path in project.term_files() + project.graph_files():
                out.writelines(f"{quad.triple} .\n" for quad in rdf.parse(path))
            out.writelines(f"{triple} .\n" for triple in derive(store).triples())
    size = Size(commitments, project, file)
    for path in project.query_files():
        query = Query.read(path)
        if only and query.name not in only:
            continue
        everything: dict[str, list[str] | None] = {parameter.name: None for parameter in query.parameters}
        for parameter in query.parameters:
            if parameter.type in ("iri", "code"):
                found = suggestions.common(store, query, parameter, 1)[:1]
            else:
                literals = suggestions.literals(store, query, parameter, "")
                found = [value.value for value in literals[len(literals) // 2 :][:1]]
            if found:
                size.texts[f"{query.name} --{parameter.name}"] = (query, {**everything, parameter.name: found})
                break
        if whole or not query.parameters:
            size.texts[query.name] = (query, everything)
    return size


def measure(size: Size, engines: list[str], load_only: list[str], folder: Path) -> None:
    """Ask everything of every engine; those in `load_only` are only started and given the graph."""
    bound = {name: query.bind(values) for name, (query, values) in size.texts.items()}
    if "kg" in engines:
        _whole_kg(size)
    if {"store", "raw"} & set(engines):
        _in_process(size, bound)
    for engine in ("rdflib", "maplib"):
        if engine in engines:
            _peer(size, engine, {} if engine in load_only else bound)
    if "jena" in engines:
        _jena(size, {} if "jena" in load_only else bound, folder)
    if "virtuoso" in engines:
        _virtuoso(size, bound, folder)


def _in_process(size: Size, bound: dict[str, str]) -> None:
    """What runs, and the plain text that it was made from, in turn: what one warms the other would find warm."""
    place = cache.find(size.project) or cache.build(size.project)
    store, engine = Store.open(place), pyoxigraph.Store.read_only(str(place))
    kept, queries.inline = queries.inline, lambda text: text
    try:
        plain = {name: query.bind(values) for name, (query, values) in size.texts.items()}
    finally:
        queries.inline = kept
    for name, text in bound.items():
        answer = store.query(text)
        size.rows["store", name] = len(answer.rows) if isinstance(answer, Table) else 0
        size.seconds["raw", name], _ = _best(lambda text=plain[name]: list(map(tuple, engine.query(text))), 5)
        size.seconds["store", name], _ = _best(lambda text=text: store.query(text), 5)


def _best(ask: Callable[[], object], times: int = 3) -> tuple[float, object]:
    found = []
    answer: object = None
    gc.collect()
    gc.disable()  # as timeit does: a process that holds many answers looks through all of them for garbage
    for _ in range(times):
        answer = None  # or taking the last one apart would be timed
        begun = time.perf_counter()
        answer = ask()
        found.append(time.perf_counter() - begun)
        if found[-1] > 2:
            break
    gc.enable()
    return sorted(found)[len(found) // 2], answer


def _timed(
    command: list[str], limit: float | None = None
) -> tuple[float, float, subprocess.CompletedProcess[str]]:
    """(seconds, MB at most, the process) of one command."""
    begun = time.perf_counter()
    run = subprocess.run(
        ["/usr/bin/env", "python3", "-c", _RUSAGE, *command], capture_output=True, text=True, timeout=limit
    )
    seconds = time.perf_counter() - begun
    lines = run.stderr.splitlines()
    megabytes = float(lines[-1]) if lines and lines[-1].replace(".", "").isdigit() else 0.0
    return seconds, megabytes, run


_RUSAGE = (
    "import resource, subprocess, sys; code = subprocess.run(sys.argv[1:]).returncode; "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, file=sys.stderr); sys.exit(code)"
)


def _whole_kg(size: Size) -> None:
    command = [sys.executable, "-m", "kg", "query"]
    if cache.find(size.project) is None:
        cache.build(size.project)
    for name, (query, values) in size.texts.items():
        options = [part for key, given in values.items() for part in _options(key, given)]
        arguments = [*command, "--data", str(size.project.data), query.name, *options, "-f", "csv"]
        seconds = []
        for _ in range(3):
            begun = time.perf_counter()
            subprocess.run(arguments, capture_output=True, check=True, cwd=ROOT)
            seconds.append(time.perf_counter() - begun)
            if seconds[-1] > 5:
                break
        size.seconds["kg", name] = sorted(seconds)[len(seconds) // 2]
        print(f"{size.commitments} kg {name}: {size.seconds['kg', name]:.3f} s", file=sys.stderr)
        size.memory["kg"] = max(size.memory.get("kg", 0.0), _timed(arguments)[1])


def _options(key: str, given: list[str] | None) -> Iterator[str]:
    if given is None:
        yield from ("--any", queries.option(key))
    else:
        for value in given:
            yield from (f"--{queries.option(key)}", value)


def _peer(size: Size, engine: str, texts: dict[str, str]) -> None:
    if not Path(PYTHON).exists():
        size.notes[engine] = f"no {PYTHON}"
        return
    left = dict(texts)
    while True:  # a text that takes too long ends the peer: the others are asked of a new one
        run = subprocess.run(
            [PYTHON, str(ROOT / "bench/peer.py"), engine, str(size.file), str(size.limit)],
            input=json.dumps(left),
            capture_output=True,
            text=True,
        )
        load = 0.0
        for line in run.stdout.splitlines():
            said = json.loads(line)
            load = said.get("load", load)
            size.memory[engine] = max(size.memory.get(engine, 0.0), said.get("rss", 0.0))
            if "name" in said:
                left.pop(said["name"])
                if "error" in said:
                    size.notes.setdefault(f"{engine} {said['name']}", said["error"])
                else:
                    whole = load if engine == "rdflib" else 0.0
                    size.seconds[engine, said["name"]] = said["seconds"] + whole
                    size.rows[engine, said["name"]] = said["rows"]
        if engine == "rdflib":
            size.load[engine] = min(load, size.load.get(engine, load))
        if run.returncode == 0 or not left:
            return
        name = next(iter(left))
        size.notes[f"{engine} {name}"] = f"more than {size.limit:g} s, or ended: {run.stderr[-120:]!r}"
        left.pop(name)


def _jena(size: Size, texts: dict[str, str], folder: Path) -> None:
    if not (_JARS / "jena-arq.jar").exists():
        size.notes["jena"] = "libapache-jena-java is not installed"
        return
    classes = _jena_classes(folder)
    for name, text in {"": "ASK {}", **texts}.items():
        query = folder / "query.rq"
        query.write_text(text, encoding="utf-8")
        command = [
            "java",
            "-cp",
            classes,
            "arq.arq",
            "--data",
            str(size.file),
            "--query",
            str(query),
            "--results",
            "csv",
        ]
        try:
            seconds, megabytes, run = _timed(command, size.limit if name else None)
        except subprocess.TimeoutExpired:
            size.notes[f"jena {name}"] = f"more than {size.limit:g} s"
            continue
        if run.returncode:
            size.notes[f"jena {name}"] = " ".join(run.stderr.split())[:120]
            continue
        size.memory["jena"] = max(size.memory.get("jena", 0.0), megabytes)
        if not name:
            size.load["jena"] = seconds
            continue
        size.seconds["jena", name] = seconds
        size.rows["jena", name] = max(0, len(run.stdout.splitlines()) - 1)


def _jena_classes(folder: Path) -> str:
    """The class path of Debian's Jena: its .properties are looked for where they are not, and one logger is enough."""
    extra = folder / "jena-classes"
    if not extra.exists():
        import zipfile

        with zipfile.ZipFile(_JARS / "jena-core.jar") as core:
            for name in core.namelist():
                if name.startswith("org/apache/jena/ext/xerces/") and name.endswith(".properties"):
                    target = extra / name.removeprefix("org/apache/jena/ext/")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(core.read(name))
        extra.mkdir(exist_ok=True)
    wrong = (
        "slf4j-jdk14",
        "slf4j-log4j",
        "slf4j-simple",
        "slf4j-jcl",
        "slf4j-reload4j",
        "over-slf4j",
        "logback",
        "to-slf4j",
    )
    jars = [jar for jar in sorted(_JARS.glob("*.jar")) if not any(part in jar.name for part in wrong)]
    return ":".join([str(extra), *map(str, jars)])


def _virtuoso(size: Size, texts: dict[str, str], folder: Path) -> None:
    if not servers.virtuoso_is_here():
        size.notes["virtuoso"] = "tests/servers/install.sh has not been run"
        return
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder)))
        buffers = {"VIRTUOSO_BUFFERS": "170000", "VIRTUOSO_DIRTY": "130000"}
        begun = time.perf_counter()
        url = stack.enter_context(servers.virtuoso(place / "v", [size.file], buffers))[size.file.stem]
        size.notes["virtuoso load"] = f"{time.perf_counter() - begun:.1f} s, start and checkpoint included"
        for name, text in texts.items():
            try:
                seconds, answer = _best(lambda text=text: Endpoint(url, size.limit).query(text))
            except KgError as error:
                size.notes[f"virtuoso {name}"] = error.message[:120]
                continue
            size.seconds["virtuoso", name] = seconds
            size.rows["virtuoso", name] = len(answer.rows) if isinstance(answer, Table) else 0


def report(sizes: list[Size], engines: list[str]) -> None:
    """The tables."""
    for size in sizes:
        slow = [engine for engine in ("rdflib", "jena") if engine in size.load]
        heads = ["question", "rows", *engines, "store / raw", *(f"{engine} / kg" for engine in slow), "quickest"]
        print(f"\n### {size.commitments:,} commitments\n".replace(",", " "))
        print(f"| {' | '.join(heads)} |\n|" + "---|" * len(heads))
        for name in size.texts:
            cells = [_cell(*size.took(engine, name)) for engine in engines]
            ratio = _ratio(size.seconds.get(("store", name)), size.seconds.get(("raw", name)))
            ratios = [_ratio(size.took(engine, name)[0], size.seconds.get(("kg", name))) for engine in slow]
            alone = {
                e: size.seconds[e, name] for e in ("store", "virtuoso", "maplib") if (e, name) in size.seconds
            }
            quickest = min(alone, key=lambda engine: alone[engine]) if alone else ""
            counts = Counter(size.rows[e, name] for e in engines if (e, name) in size.rows)
            rows = "/".join(map(str, counts)) or "–"
            print(f"| {' | '.join([name, rows, *cells, ratio, *ratios, quickest])} |")
        for engine in slow:
            found = [(size.took(engine, n)[0], size.seconds.get(("kg", n)), n) for n in size.texts]
            least = min(((a / b, n) for a, b, n in found if a and b), default=None)
            if least:
                print(f"\n{engine} takes at least {least[0]:.1f} times as long as kg ({least[1]}).")
        print("\nMB at most: " + ", ".join(f"{engine} {size.memory[engine]:.0f}" for engine in size.memory))
        for engine, seconds in size.load.items():
            print(f"- {engine}: start and load alone {seconds:.1f} s")
        for what, why in size.notes.items():
            print(f"- {what}: {why}")
    for before, after in itertools.pairwise(sizes):
        print(f"\n### Growth, {before.commitments} → {after.commitments} commitments\n")
        print("| question | " + " | ".join(engines) + " |\n|" + "---|" * (len(engines) + 1))
        for name in after.texts:
            cells = [_ratio(after.seconds.get((e, name)), before.seconds.get((e, name))) for e in engines]
            print(f"| {name} | {' | '.join(cells)} |")


def _cell(seconds: float | None, ended: bool) -> str:
    if seconds is None:
        return "–"
    return ("" if ended else "> ") + (f"{seconds:.3f}" if seconds < 10 else f"{seconds:.1f}")


def _ratio(one: float | None, other: float | None) -> str:
    return "–" if one is None or not other else f"{one / other:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.queries", description="All canned questions beside the peers.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--whole", action="store_true", help="also with every parameter open")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for one text in one engine")
    parser.add_argument(
        "--load-only",
        nargs="+",
        choices=("rdflib", "jena"),
        default=[],
        help="peers to start and load, not to ask",
    )
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "tilsagn-bench")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    sizes = []
    for commitments in options.sizes:
        size = prepare(commitments, options.folder, options.only, options.whole)
        size.limit = options.limit
        measure(size, options.engines, options.load_only, options.folder)
        sizes.append(size)
    report(sizes, options.engines)


if __name__ == "__main__":
    main()
