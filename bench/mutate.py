"""Mutated inputs by the hundred thousand: no traceback, no death, no changed file.

    python -m bench.mutate [100000] [--seed 1] [--batch 1000]

Files in all six syntaxes are changed at random (bench/mutations.py) and validated: four of five are small ones against
shapes with nearly every constraint (bench/mutate/), the fifth is an example of the ontology against the project's own
shapes. Every input must be read, or refused with a finding; each finding must have its place inside the file; all five
forms of the report must be well-formed; `kg fmt` must lay Turtle out or refuse it by name. The same seed gives the same
inputs. Prints how the inputs of each syntax ended; exits 1 after a failure, whose input is kept.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from bench.mutations import mutated
from kg import formats, rdf
from kg.errors import KgError
from kg.files import shown
from kg.project import Project
from kg.turtle.canonical import canonical
from kg.turtle.tokens import Lines
from kg.validation import validate
from kg.validation.formats import write
from kg.validation.report import Finding, Report

HERE = Path(__file__).parent / "mutate"
EXAMPLES = Path(__file__).parent.parent / "ontology" / "examples" / "valid"
REFUSALS = {"too-deep", "entity"}  # rules of inputs that are not handed to a parser; the rest of them is syntax
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def seeds(path: Path) -> Iterator[tuple[str, bytes]]:
    """One Turtle file in each syntax, with its ending."""
    data = path.read_bytes()
    parser = ox.parse(data, format=ox.RdfFormat.TURTLE)
    triples = [ox.Triple(q.subject, q.predicate, q.object) for q in parser]
    for name in formats.RDF:
        ending, form = formats.FORMATS[name].endings[0], rdf.format_named(name)
        beside = path.with_suffix(ending)
        made = (
            beside.read_bytes()
            if beside.exists()
            else ox.serialize(triples, format=form, prefixes=parser.prefixes)
        )
        yield ending, made or b""


class Run:
    """Inputs tried so far, and how they ended."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.project = project
        self.folder = folder
        self.failures = 0
        self.ends: dict[str, Counter[str]] = defaultdict(Counter)
        self.rules: Counter[str] = Counter()

    def batch(self, inputs: dict[Path, bytes], shapes: list[Path]) -> None:
        """Validate inputs together; where that fails, by halves."""
        try:
            report = validate(self.project, list(inputs), shapes=shapes, alone=True)
        except KgError as error:
            if len(inputs) > 1:
                listed = list(inputs.items())
                self.batch(dict(listed[: len(listed) // 2]), shapes)
                self.batch(dict(listed[len(listed) // 2 :]), shapes)
            else:
                self.failed(*next(iter(inputs.items())), error.render())
            return
        by_file: dict[str, list[Finding]] = defaultdict(list)
        for finding in report.findings:
            by_file[finding.file].append(finding)
        self.rules.update(finding.rule for finding in report.findings)
        for path, data in inputs.items():
            found = by_file[shown(path)]
            rules = {finding.rule for finding in found}
            end = (
                "refused"
                if rules & REFUSALS
                else "syntax"
                if "syntax" in rules
                else "findings"
                if found
                else "conforms"
            )
            self.ends[path.suffix][end] += 1
            if path.read_bytes() != data:
                self.failed(path, data, "the file was changed")
            try:
                in_order(found, data, path)
            except Exception as error:  # any exception at all is what is looked for
                self.failed(path, data, f"{type(error).__name__}: {error}")

    def failed(self, path: Path, data: bytes, why: str) -> None:
        """Keep the input and say what happened."""
        self.failures += 1
        self.ends[path.suffix]["failed"] += 1
        kept = Path(tempfile.gettempdir()) / f"mutated-{hashlib.sha256(data).hexdigest()[:12]}{path.suffix}"
        kept.write_bytes(data)
        print(f"\n{kept}: {why}", file=sys.stderr)


def in_order(found: list[Finding], data: bytes, path: Path) -> None:
    """Raise where a finding has no place in the file, a form of the report is broken, or the layout fails."""
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    lines = Lines(text)
    count = lines.place(len(text))[0]
    for finding in found:
        if finding.line is not None:
            assert 1 <= finding.line <= count, f"{finding.rule}: line {finding.line} of {count}"
            if finding.column is not None:
                length = len(lines.line(finding.line))
                assert 1 <= finding.column <= length + 1, f"{finding.rule}: column {finding.column} of {length}"
    if found:
        report = Report(tuple(found), (path.name,))
        for form in ("text", "github"):
            for line in write(report, form).split("\n"):
                assert not _UNPRINTABLE.search(line), f"{form}: a control character: {line!r}"
        json.loads(write(report, "json"))
        json.loads(write(report, "sarif"))
        list(ox.parse(write(report, "turtle").encode(), format=ox.RdfFormat.TURTLE))
    if path.suffix == ".ttl":
        with contextlib.suppress(KgError):  # refused by name
            canonical(data, path.name)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.mutate", description="Mutated inputs without a traceback.")
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1000)
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    project, start = Project.find(), time.perf_counter()
    plain = list(seeds(HERE / "data.ttl"))
    own = [seed for path in sorted(EXAMPLES.glob("*.ttl")) for seed in seeds(path)]
    with tempfile.TemporaryDirectory() as name:
        run = Run(project, Path(name))
        for first in range(0, options.count, options.batch):
            ours = first // options.batch % 5 == 4
            kinds = own if ours else plain
            others = [data for _, data in kinds]
            inputs: dict[Path, bytes] = {}
            for number in range(first, min(first + options.batch, options.count)):
                ending, data = chance.choice(kinds)
                path = run.folder / f"{number}{ending}"
                inputs[path] = mutated(chance, data, others)
                path.write_bytes(inputs[path])
            run.batch(inputs, [] if ours else [HERE / "shapes.ttl"])
            for path in inputs:
                path.unlink()
            print(
                f"\r{first + len(inputs)} inputs, {run.failures} failures, {time.perf_counter() - start:.0f} s",
                end="",
                file=sys.stderr,
            )
    print(file=sys.stderr)
    print(f"{options.count} mutated inputs, seed {options.seed}: {run.failures} failures\n")
    columns = ("syntax", "refused", "findings", "conforms", "failed")
    print("| | inputs | " + " | ".join(columns) + " |\n|---" + "|--:" * (len(columns) + 1) + "|")
    for ending in (formats.FORMATS[name].endings[0] for name in formats.RDF):
        ends = run.ends[ending]
        print(f"| {ending} | {ends.total()} | " + " | ".join(str(ends[column]) for column in columns) + " |")
    print(
        f"\n{run.rules.total()} findings of {len(run.rules)} rules; most often {dict(run.rules.most_common(12))}"
    )
    return 1 if run.failures else 0


if __name__ == "__main__":
    sys.exit(main())
