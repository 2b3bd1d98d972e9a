"""Start-up: medians of `kg --help`, completion, and every `kg query NAME`, whole process, this environment's Python.

A question is asked twice: into a pipe, which gives CSV, and on a terminal, which gives a table in words.

    python -m bench.startup [--runs 9]

Run it with the environment's own Python; the command is the `kg` beside it. Prints a Markdown table and exits 1
where `kg --help` takes more than 60 ms or a question more than 200 ms.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from kg.project import Project

LIMITS = {"--help": 60.0, "query": 200.0}


def median(arguments: list[str], runs: int, env: dict[str, str] | None = None, terminal: bool = False) -> float:
    """The median of `runs` whole processes in milliseconds, after one that warms the files."""
    command = [str(Path(sys.executable).with_name("kg")), *arguments]
    environment = {**os.environ, **(env or {})}
    found = []
    for number in range(runs + 1):
        begun = time.perf_counter()
        if terminal:
            _on_a_terminal(command, environment)
        else:
            subprocess.run(command, stdout=subprocess.DEVNULL, check=False, env=environment)
        if number:
            found.append(1000 * (time.perf_counter() - begun))
    return statistics.median(found)


def _on_a_terminal(command: list[str], env: dict[str, str]) -> None:
    ours, theirs = os.openpty()
    with subprocess.Popen(command, stdout=theirs, env=env):
        os.close(theirs)
        with contextlib.suppress(OSError):  # the end of a terminal that nobody writes to any more
            while os.read(ours, 1 << 16):
                pass
    os.close(ours)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.startup", description="Medians of whole processes.")
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    bare = statistics.median(_bare() for _ in range(runs))
    rows = [("python -c pass", bare, None), ("kg --help", median(["--help"], runs), LIMITS["--help"])]
    completing = {
        "_KG_COMPLETE": "zsh_complete",
        "COMP_WORDS": "kg query promised-to --recipient h",
        "COMP_CWORD": "4",
    }
    rows.append(("kg query promised-to --recipient h<TAB>", median([], runs, completing), None))
    for path in Project.find().query_files():
        for where in (False, True):
            name = f"kg query {path.stem}{', as a table' if where else ''}"
            rows.append((name, median(["query", path.stem], runs, terminal=where), LIMITS["query"]))
    print("| command | median ms | limit |\n|---|---|---|")
    for name, milliseconds, limit in rows:
        print(f"| {name} | {milliseconds:.0f} | {f'{limit:.0f}' if limit else '–'} |")
    slow = [name for name, milliseconds, limit in rows if limit and milliseconds > limit]
    print(f"\nover the limit: {', '.join(slow) or 'none'}")
    return 1 if slow else 0


def _bare() -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    sys.exit(main())
