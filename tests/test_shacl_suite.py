"""The W3C SHACL test suite, every test through `kg validate --shapes … --alone`.

The folder of the suite is taken from SHACL_SUITE, else `../shared/suites/shacl/tests` beside the checkout.
SHACL_SUITE_COMMAND=1 runs each test as a command of its own, as CI does; without it the same code runs in this
process with one judge for all, which takes seconds instead of minutes.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, SH, BNode, Graph, Literal, Namespace
from rdflib.term import Node

from kg.errors import KgError
from kg.validation.formats import write
from kg.validation.inputs import Input, Request
from kg.validation.run import Validation

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
ROOT = Path(__file__).parent.parent
SUITE = Path(
    os.environ.get("SHACL_SUITE")
    or Path(os.environ.get("TILSAGN_SHARED") or ROOT.parent / "shared") / "suites" / "shacl" / "tests"
)
THROUGH_COMMAND = bool(os.environ.get("SHACL_SUITE_COMMAND"))

# Tests that are not passed, each with its reason.
MISSED = {"shapesGraph-001": "pyshacl 0.40 refuses $shapesGraph by name: an optional feature of SHACL-SPARQL"}


def entries() -> Iterator[tuple[str, Path]]:
    """(name, file) of every entry that the manifest leads to."""
    todo, seen = [SUITE / "manifest.ttl"], set()
    while todo:
        path = todo.pop(0)
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        graph = Graph().parse(path, format="turtle", publicID=path.as_uri())
        todo += [Path(str(included).removeprefix("file://")) for included in graph.objects(None, MF.include)]
        for head in graph.objects(None, MF.entries):
            for entry in graph.items(head):
                yield str(entry).rpartition("/")[2], path


CASES = sorted(entries()) if SUITE.is_dir() else []


def term(graph: Graph, node: Node | None) -> object:
    """A term for comparing: blank nodes by their being one, paths by their structure."""
    if isinstance(node, BNode):
        if (node, RDF.first, None) in graph:
            return tuple(term(graph, item) for item in graph.items(node))
        inner = [(str(p), term(graph, o)) for p, o in graph.predicate_objects(node) if str(p).endswith("Path")]
        return ("path", *inner) if inner else "blank"
    if isinstance(node, Literal):
        return (str(node), node.language and node.language.lower(), str(node.datatype or rdflib.XSD.string))
    return node


def results(graph: Graph, report: Node) -> Counter[tuple[object, ...]]:
    fields = (
        SH.focusNode,
        SH.value,
        SH.resultPath,
        SH.resultSeverity,
        SH.sourceConstraintComponent,
        SH.sourceShape,
    )
    return Counter(
        tuple(term(graph, graph.value(result, field)) for field in fields)
        for result in graph.objects(report, SH.result)
    )


def files(graph: Graph, entry: Node) -> tuple[Path, Path]:
    action = graph.value(entry, MF.action)
    data, shapes = graph.value(action, SHT.dataGraph), graph.value(action, SHT.shapesGraph)
    return Path(str(data).removeprefix("file://")), Path(str(shapes).removeprefix("file://"))


@pytest.mark.skipif(not CASES, reason="the W3C SHACL suite is not here (set SHACL_SUITE): it is not ours to carry")
def test_the_suite_is_whole() -> None:
    assert len([path for _, path in CASES if "core" in path.parts]) == 98
    assert len([path for _, path in CASES if "sparql" in path.parts]) == 22


@pytest.mark.parametrize(("name", "path"), CASES, ids=[name for name, _ in CASES])
def test_w3c(name: str, path: Path, request: pytest.FixtureRequest) -> None:
    rdflib.NORMALIZE_LITERALS = False
    graph = Graph().parse(path, format="turtle", publicID=path.as_uri())
    entry = next(e for e in set(graph.subjects(MF.action)) if str(e).endswith(name))
    expected = graph.value(entry, MF.result)
    data, shapes = files(graph, entry)
    failed, text = _command(data, shapes, request) if THROUGH_COMMAND else _library(data, shapes)
    if name in MISSED:
        assert failed, f"{name} passes now: take it out of MISSED"
        pytest.xfail(MISSED[name])
    if expected == SHT.Failure:
        assert failed
        return
    assert not failed, text
    found = Graph().parse(data=text, format="turtle")
    report = found.value(None, RDF.type, SH.ValidationReport)
    assert report is not None
    assert expected is not None
    assert results(found, report) == results(graph, expected)
    conforms = found.value(report, SH.conforms)
    assert str(conforms) == str(graph.value(expected, SH.conforms))


def _library(data: Path, shapes: Path) -> tuple[bool, str]:
    asked = Request(
        inputs=(Input(str(data), data.read_bytes(), "turtle"),),
        shapes=(Input(str(shapes), shapes.read_bytes(), "turtle"),),
        lint=False,
        relative=True,
    )
    try:
        return False, write(Validation(asked).report(), "turtle")
    except KgError as error:
        return True, error.render()


def _command(data: Path, shapes: Path, request: pytest.FixtureRequest) -> tuple[bool, str]:
    done = request.getfixturevalue("kg")("validate", "--shapes", shapes, "--alone", data, "-f", "turtle")
    return done.returncode not in (0, 1), done.stdout or done.stderr
