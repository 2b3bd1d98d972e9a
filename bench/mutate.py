"""Mutated inputs by the hundred thousand: no traceback, no death, no changed file.

    python -m bench.mutate [100000] [--seed 1] [--batch 1000]

Small files in all six syntaxes are changed at random (bytes dropped, doubled, swapped, brackets and quotes put in,
pieces of one spliced into another, cut short) and validated against shapes that use what they say; Turtle is laid
out, too. Every input must be read, or refused with a finding; `kg fmt` must lay it out or refuse it by name. The same
seed gives the same inputs.
"""
# ruff: noqa: E501 - tables of bytes and one long line of prose

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyoxigraph as ox

from kg.errors import KgError
from kg.project import Project
from kg.turtle.canonical import canonical
from kg.validation import validate

TURTLE = """@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
# a comment
ex:a a ex:T ; ex:label "navn"@da , '''lang
tekst'''@nb ; ex:size 1 , 2.5 , -3e4 ; # behind
  ex:date "2020-01-31"^^xsd:date ; ex:part [ ex:size "x" ; ex:list ( 1 ex:b "\\u00e9" ) ] .
<http://example.org/b> ex:part ex:a ; ex:label "b" .
"""
SHAPES = """@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:targetSubjectsOf ex:part , ex:size ; sh:property
    [ sh:path ex:label ; sh:minCount 1 ; sh:uniqueLang true ; sh:maxLength 20 ] ,
    [ sh:path ex:size ; sh:datatype xsd:integer ; sh:maxInclusive 9 ] ,
    [ sh:path ( ex:part ex:size ) ; sh:nodeKind sh:Literal ] ,
    [ sh:path ex:date ; sh:datatype xsd:date ; sh:pattern "^[0-9]{4}-" ] ;
    sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <http://example.org/size> ?value FILTER (?value > 8) }" ] .
"""
_BITS = [b"[", b"]", b"(", b")", b'"', b"'", b'"""', b"<", b">", b"<<", b"<<(", b"{|", b"{", b"}", b"@", b"^^", b".", b";", b",",
         b"#", b"\\", b"\\u12", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"_:", b"a", b"@prefix", b"&a;", b"<!ENTITY",
         b"]]>", b"99999999999999999999", b"1e999", b"\xe2\x80\xae", b":", b"ex:", b"ex", b" ", b"GRAPH"]  # fmt: skip


def seeds() -> dict[str, bytes]:
    """One file in each syntax, by ending."""
    quads = list(ox.parse(TURTLE.encode(), format=ox.RdfFormat.TURTLE))
    triples = [ox.Triple(q.subject, q.predicate, q.object) for q in quads]
    prefixes = {"ex": "http://example.org/"}
    made = {
        ".ttl": TURTLE.encode(),
        ".trig": b"@prefix ex: <http://example.org/> .\nGRAPH ex:g { ex:a a ex:T ; ex:size 1 }\n",
    }
    for ending, form in (
        (".nt", ox.RdfFormat.N_TRIPLES),
        (".nq", ox.RdfFormat.N_QUADS),
        (".jsonld", ox.RdfFormat.JSON_LD),
        (".rdf", ox.RdfFormat.RDF_XML),
    ):
        made[ending] = ox.serialize(triples, format=form, prefixes=prefixes) or b""
    return made


def mutated(chance: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """`data` with one to four changes."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((1, 1, 2, 5, 40)))
        match chance.randrange(7):
            case 0:
                data = data[:at] + data[end:]
            case 1:
                data = data[:at] + data[at:end] * chance.choice((2, 3, 50)) + data[end:]
            case 2:
                data = data[:at] + chance.choice(_BITS) * chance.choice((1, 1, 1, 2, 300)) + data[at:]
            case 3:
                data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
            case 4:
                other = chance.choice(others)
                start = chance.randrange(len(other))
                data = data[:at] + other[start : start + chance.randint(1, 80)] + data[end:]
            case 5:
                data = data[:at]
            case _:
                data = data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"")))
        data = data[:20_000]
    return data


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.mutate", description="Mutated inputs without a traceback.")
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1000)
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    kinds = seeds()
    rules: Counter[str] = Counter()
    failures = 0
    project, start = Project.find(), time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
        for first in range(0, options.count, options.batch):
            paths: dict[Path, bytes] = {}
            for number in range(first, min(first + options.batch, options.count)):
                ending = chance.choice(list(kinds))
                path = folder / f"{number}{ending}"
                paths[path] = mutated(chance, kinds[ending], list(kinds.values()))
                path.write_bytes(paths[path])
            failures += check(project, paths, folder / "shapes.ttl", rules)
            for path in paths:
                path.unlink()
            done = first + len(paths)
            print(
                f"\r{done} inputs, {failures} failures, {time.perf_counter() - start:.0f} s",
                end="",
                file=sys.stderr,
            )
    print(file=sys.stderr)
    print(
        f"{options.count} mutated inputs, seed {options.seed}: {failures} failures; findings {dict(rules.most_common(8))}"
    )
    return 1 if failures else 0


def check(project: Project, paths: dict[Path, bytes], shapes: Path, rules: Counter[str]) -> int:
    """Validate and lay out one batch; how many inputs it failed on."""
    failures = 0
    try:
        report = validate(project, list(paths), shapes=[shapes], alone=True)
        rules.update(finding.rule for finding in report.findings)
    except KgError as error:
        if len(paths) == 1:
            (path,) = paths
            kept = (
                Path(tempfile.gettempdir())
                / f"mutated-{hashlib.sha256(paths[path]).hexdigest()[:12]}{path.suffix}"
            )
            kept.write_bytes(paths[path])
            print(f"\n{kept}: {error.render()}", file=sys.stderr)
            return 1
        half = len(paths) // 2
        listed = list(paths.items())
        return check(project, dict(listed[:half]), shapes, rules) + check(
            project, dict(listed[half:]), shapes, rules
        )
    for path, data in paths.items():
        if path.read_bytes() != data:
            failures += 1
            print(f"\n{path.name}: changed", file=sys.stderr)
        if path.suffix == ".ttl":
            try:
                canonical(data, path.name)
            except KgError:
                pass
            except Exception as error:  # any exception at all is what is looked for
                failures += 1
                print(f"\nfmt: {type(error).__name__}: {error}: {data!r}", file=sys.stderr)
    return failures


if __name__ == "__main__":
    sys.exit(main())
