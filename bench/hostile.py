"""Hostile questions: does every run end in time, with one line, and leave nothing behind?

    python -m bench.hostile [--runs 200] [--limit 1.0]

Each of bench/hostile/*.rq is asked of the real graph by `kg sparql --timeout LIMIT`, in turn, as a process of its
own. Prints a row for each: how it ended, the median and the longest time over the limit, processes left. Exits 1
where fewer than 99 % end within limit + 0.25 s, one ends later than limit + 1 s, or a process is left.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
import uuid
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
# How a run may end: exit 3 with one of these, 2 where the text is refused, or 0 where the answer was cut.
ENDS = ("error[timeout]", "error[memory]", "error[sparql]", "the result was cut")


def run(path: Path, limit: float) -> tuple[float, str, int]:
    """(seconds, how it ended, processes left) of one run."""
    mark = uuid.uuid4().hex
    begun = time.monotonic()
    cut = ["--max-rows", "20000"] if path.stem in ("all-rows", "construct") else []
    done = subprocess.run(
        [sys.executable, "-m", "kg", "sparql", "--timeout", str(limit), *cut, str(path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "KG_BENCH_MARK": mark},
    )
    seconds = time.monotonic() - begun
    known = [end for end in ENDS if end in done.stderr]
    end = (
        f"{done.returncode} {known[0]}"
        if known and "Traceback" not in done.stderr
        else f"WRONG: {done.stderr[:200]}"
    )
    return seconds, end, _left(mark)


def _left(mark: str) -> int:
    """How many processes with this mark in their environment are still there."""
    count = 0
    for place in Path("/proc").glob("[0-9]*"):
        try:
            alive = (place / "stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
            count += alive and mark.encode() in (place / "environ").read_bytes()
        except OSError:
            continue
    return count


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.hostile", description=__doc__.splitlines()[0] if __doc__ else None
    )
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--limit", type=float, default=1.0)
    options = parser.parse_args()
    paths = sorted((ROOT / "bench/hostile").glob("*.rq"))
    times: dict[Path, list[float]] = {path: [] for path in paths}
    ends: dict[Path, Counter[str]] = {path: Counter() for path in paths}
    left = 0
    for number in range(options.runs):
        path = paths[number % len(paths)]
        seconds, end, remaining = run(path, options.limit)
        times[path].append(seconds)
        ends[path][end] += 1
        left += remaining
    print(f"{options.runs} runs, limit {options.limit:g} s\n")
    print("| question | how it ended | median s | longest s |\n|---|---|---|---|")
    for path in paths:
        how = ", ".join(f"{count} × {end}" for end, count in ends[path].most_common())
        print(f"| {path.stem} | {how} | {statistics.median(times[path]):.2f} | {max(times[path]):.2f} |")
    every = [seconds for found in times.values() for seconds in found]
    within = sum(seconds <= options.limit + 0.25 for seconds in every) / len(every)
    wrong = sum(count for found in ends.values() for end, count in found.items() if end.startswith("WRONG"))
    print(
        f"\nwithin the limit + 0.25 s: {within:.1%}; longest {max(every):.2f} s; processes left: {left}; wrong: {wrong}"
    )
    return 0 if within >= 0.99 and max(every) <= options.limit + 1 and left == 0 and wrong == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
