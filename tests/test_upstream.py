"""What docs/upstream.md says of libraries is still so: a test that fails here says that a workaround can go."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# A process of its own: in this one our components stand in pyshacl's table.
_SHACL = """
import sys, rdflib, pyshacl
from pyshacl.constraints.core.property_pair_constraints import LessThanConstraintComponent
head = "@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> . "
head += "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
shapes = rdflib.Graph().parse(data=head + sys.argv[1], format="turtle")
data = rdflib.Graph().parse(data=head + sys.argv[2], format="turtle")
try:
    conforms, _, _ = pyshacl.validate(data, shacl_graph=shapes)
    print("conforms" if conforms else "results")
except Exception as error:
    print(type(error).__name__)
"""
_PAIR = "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:from ; sh:property [ sh:path ex:from ; {} ex:to ] ."


def _python(*arguments: str) -> str:
    import subprocess
    import sys

    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", *arguments], capture_output=True, text=True, cwd=ROOT
    )
    return run.stdout.strip()


@pytest.mark.parametrize("component", ["sh:lessThan", "sh:lessThanOrEquals"])
@pytest.mark.parametrize("data", ["ex:a ex:from [] ; ex:to 1 .", "ex:a ex:from 1 ; ex:to [] ."])
def test_a_blank_node_ends_a_comparison(component: str, data: str) -> None:
    assert _python(_SHACL, _PAIR.format(component), data) == "ReportableRuntimeError"


@pytest.mark.parametrize(
    ("value", "condition", "seen"),
    [
        ("x integer", "FLOOR(?v) > 1", "TypeError"),
        ("x integer", "-?v > 1", "TypeError"),
        ("x integer", "?v + 1 > 0", "RecursionError"),
        ("y date", "YEAR(?v) > 1", "AttributeError"),
    ],
)
def test_an_ill_typed_literal_ends_a_query(value: str, condition: str, seen: str) -> None:
    text, datatype = value.split()
    code = f"""
import rdflib
g = rdflib.Graph()
g.add((rdflib.URIRef("a:a"), rdflib.URIRef("a:p"), rdflib.Literal("{text}", datatype=rdflib.XSD.{datatype})))
try:
    print(len(g.query("SELECT * {{ ?s ?p ?v FILTER({condition}) }}")))
except Exception as error:
    print(type(error).__name__)
"""
    assert _python(code) == seen


def test_ill_typed_literals_are_subtracted_without_end() -> None:
    code = """
from rdflib import XSD, Literal
try:
    print(Literal("x", datatype=XSD.date) - Literal("y", datatype=XSD.date))
except BaseException as error:
    print(type(error).__name__)
"""
    assert _python(code) == "RecursionError"


def test_the_document_names_the_versions_that_are_installed() -> None:
    from importlib.metadata import version

    text = (ROOT / "docs" / "upstream.md").read_text(encoding="utf-8")
    assert f"## pyshacl {version('pyshacl')}" in text and f"## rdflib {version('rdflib')}" in text
