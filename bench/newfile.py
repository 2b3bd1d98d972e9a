"""A new file of 100 commitments against graphs that grow: time of the whole process, memory, and the same verdict.

    python -m bench.newfile [--size 1000 --size 10000 --size 100000] [--runs 7] [--no-whole]

The graph and the file are one generated graph (3 % of the commitments spoilt) cut in two. The verdict on the file is
held against that on everything: what `kg validate` finds in both together less what it finds in the graph alone.
The first run makes the stored index; the times are those of the runs after it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.generate import Statement, generate, write_turtle
from bench.validate import measured

COMMITMENTS = 100
_OWN = re.compile(r"(?:c(\d{7})|doc-synthetic-(\d{6}))")
_PER_DOCUMENT = 20
Finding = tuple[str | None, ...]


def is_new(subject: str, size: int) -> bool:
    """Whether a subject of the generated graph is of a commitment from `size` on, or of a document of such."""
    own = _OWN.search(subject)
    if own is None:
        return False
    return int(own[1]) >= size if own[1] else int(own[2]) >= size // _PER_DOCUMENT


def cut(folder: Path, size: int) -> tuple[Path, Path]:
    """(folder with a graph of `size` commitments, file of COMMITMENTS more); beside them a folder with both."""
    for name in ("graph", "both"):
        (folder / name).mkdir()

    def statements(new: bool) -> Iterator[Statement]:
        return (s for s in generate(size + COMMITMENTS, 0.03, 1) if is_new(s[0], size) == new)

    for place, new in ((folder / "graph" / "old.ttl", False), (folder / "new.ttl", True)):
        with place.open("w", encoding="utf-8", newline="\n") as out:
            write_turtle(statements(new), out)
    for place in (folder / "graph" / "old.ttl", folder / "new.ttl"):
        os.link(place, folder / "both" / place.name)
    return folder / "graph", folder / "new.ttl"


def findings(path: Path) -> set[Finding]:
    """What a report says, places left out: in the whole graph they are in other files."""
    found = json.loads(path.read_text(encoding="utf-8"))["findings"]
    return {
        (f["rule"], f["severity"], f["focus"], f["path"], f["value"], f["component"], f["shape"]) for f in found
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.newfile", description="A new file against graphs that grow.")
    parser.add_argument("--size", type=int, action="append", help="commitments in the graph; may be repeated")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--limit", type=float, default=900.0, help="seconds for one run")
    parser.add_argument("--no-whole", action="store_true", help="time only: everything is not validated beside")
    options = parser.parse_args(arguments)
    kg = [sys.executable, "-m", "kg", "validate", "-f", "json", "--fail-on", "never", "--timeout", "900", "--data"]
    print(f"{'size':>7} {'first s':>8} {'median s':>9} {'least s':>8} {'MB':>5} {'findings':>8}  same verdict")
    same = True
    for size in options.size or [1000, 10_000, 100_000]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            graph, file = cut(folder, size)
            os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
            out = folder / "out"
            first = measured([*kg, str(graph), str(file)], out, options.limit).seconds
            time.sleep(2.5)  # until the times of its files are old enough to be trusted
            times, memory = [], 0
            for _ in range(options.runs + 1):
                run = measured([*kg, str(graph), str(file)], out, options.limit)
                times.append(run.seconds)
                memory = max(memory, run.memory)
            times = sorted(times[1:])  # the first reads the files anew, to note their digest
            ours = findings(out)
            verdict = "not asked"
            if not options.no_whole:
                measured([*kg, str(folder / "both")], out, options.limit)
                expected = findings(out)
                measured([*kg, str(graph)], out, options.limit)
                expected -= findings(out)
                same &= expected == ours
                more, less = len(ours - expected), len(expected - ours)
                verdict = "yes" if ours == expected else f"{more} more, {less} fewer"
            median = times[len(times) // 2]
            row = f"{size:>7} {first:>8.2f} {median:>9.2f} {times[0]:>8.2f} {memory / 1e6:>5.0f} {len(ours):>8}"
            print(f"{row}  {verdict}", flush=True)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
