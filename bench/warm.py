"""Every question with one parameter, after `kg cache warm`: how long the answer takes that nobody has asked for yet.

    python -m bench.warm [--size 100000] [--folder DIR] [--runs 3]

A generated graph is written once (kept in --folder), its index made and `kg cache warm` run. Then each question is
asked with each of its parameters and the others open: of the values that the graph has the two with the most
statements, the two around the number at which warming stops, one in the middle and the last; of literals six. In
process each value is asked, the median of the runs; as a whole process (CSV into a pipe) the value of each parameter
that was slowest in process. What is kept while it is timed is removed before it is asked again. Prints a Markdown table
and exits 1 where an answer took more than 300 ms in process.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bench.generate import generate, write_turtle
from kg import answered, cache, suggestions, warming
from kg.answered import FOLDER, Answered
from kg.project import Project
from kg.queries import Parameter, Query, option
from kg.results import Source, Table
from kg.store import Store

ROOT = Path(__file__).parent.parent
LIMIT = 0.3  # seconds


class Asked(NamedTuple):
    """One parameter of one question: how many values were asked, and the slowest of them with its rows."""

    values: int
    slowest: str
    rows: int
    seconds: float


def values(source: Source, query: Query, parameter: Parameter) -> list[str]:
    """Values of the parameter, from those that most of the graph has to those that hardly any has."""
    if parameter.type not in ("iri", "code"):
        found = [value.value for value in suggestions.literals(source, query, parameter, "")]
        return found[:: max(1, len(found) // 6)]
    found = suggestions.common(source, query, parameter, 1)
    above = len(suggestions.common(source, query, parameter, warming._MANY))
    places = {0, 1, above - 1, above, len(found) // 2, len(found) - 1}
    return [found[place] for place in sorted(places) if 0 <= place < len(found)]


def in_process(source: Source, query: Query, parameter: Parameter, given: list[str], runs: int) -> Asked:
    """The slowest of these values."""
    anything: dict[str, list[str] | None] = {other.name: None for other in query.parameters}
    asked = []
    for value in given:
        text = query.bind({**anything, parameter.name: [value]})
        seconds, answer = _median(partial(source.query, text), runs)
        asked.append((seconds, value, len(answer.rows) if isinstance(answer, Table) else 1))
    seconds, value, rows = max(asked)
    return Asked(len(asked), value, rows, seconds)


def whole(project: Project, kept: Path, query: Query, parameter: Parameter, value: str, runs: int) -> float:
    """Seconds of a whole process that writes the answer as CSV; what it puts into `kept` is removed again."""
    others = [part for other in query.parameters if other != parameter for part in ("--any", option(other.name))]
    command = [sys.executable, "-m", "kg", "query", "--data", str(project.data), query.name, "-f", "csv", *others]
    command += [f"--{option(parameter.name)}", value]
    before = set(kept.glob("*"))

    def forget() -> None:
        for file in set(kept.glob("*")) - before:
            file.unlink()

    return _median(partial(subprocess.run, command, capture_output=True, check=True, cwd=ROOT), runs, forget)[0]


def _median(
    ask: Callable[[], object], runs: int, afterwards: Callable[[], None] = lambda: None
) -> tuple[float, object]:
    found = []
    answer: object = None
    for _ in range(runs):
        answer = None  # or taking the last one apart would be timed
        begun = time.perf_counter()
        answer = ask()
        found.append(time.perf_counter() - begun)
        afterwards()
    return statistics.median(found), answer


def _parameters(project: Project) -> Iterator[tuple[Query, Parameter]]:
    for query in map(Query.read, project.query_files()):
        for parameter in query.parameters:
            yield query, parameter


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.warm", description="Questions after kg cache warm.")
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "tilsagn-bench")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    data = options.folder / str(options.size)
    data.mkdir(parents=True, exist_ok=True)
    if not (data / "graph.ttl").exists():
        with (data / "graph.ttl").open("w", encoding="utf-8") as out:
            write_turtle(generate(options.size), out)
    project = Project.find(data)
    place = cache.find(project) or cache.build(project)
    command = [sys.executable, "-m", "kg", "cache", "warm", "--data", str(data)]
    begun = time.perf_counter()
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()
    print(f"kg cache warm: {time.perf_counter() - begun:.0f} s, {said}\n")
    answered._LONG = float("inf")
    source = Answered(Store.open(place), place)
    print("| question, one parameter bound | values | rows of the slowest | in process, ms | whole process, ms |")
    print("|---|---|---|---|---|")
    count, over = 0, []
    for query, parameter in _parameters(project):
        name = f"{query.name} --{option(parameter.name)}"
        given = values(source, query, parameter)
        if not given:
            print(f"| {name} | 0 | – | – | – |")
            continue
        asked = in_process(source, query, parameter, given, options.runs)
        took = whole(project, place / FOLDER, query, parameter, asked.slowest, options.runs)
        count += asked.values
        if asked.seconds > LIMIT:
            over.append(f"{name} {asked.slowest}")
        cells = [asked.values, asked.rows, f"{1000 * asked.seconds:.1f}", f"{1000 * took:.0f}"]
        print(f"| {name} | {' | '.join(map(str, cells))} |", flush=True)
    print(f"\n{count} values asked; over {1000 * LIMIT:.0f} ms in process: {', '.join(over) or 'none'}.")
    sys.exit(bool(over))


if __name__ == "__main__":
    main()
