"""Data on which pyshacl or rdflib alone stop: one such value ended the validation of all files."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.project import Project
from kg.validation import validate

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = (
    PREFIXES
    + """
ex:less a sh:NodeShape ; sh:targetSubjectsOf ex:from ; sh:property
    [ sh:path ex:from ; sh:lessThan ex:to ] , [ sh:path ex:from ; sh:lessThanOrEquals ex:to ] .
ex:steps a sh:NodeShape ; sh:targetSubjectsOf ex:step ; sh:sparql [ sh:select \"\"\"
    SELECT $this ?value { $this <http://example.org/step> ?step ; <http://example.org/value> ?value
        FILTER (?value - ?step * FLOOR(?value / ?step) != 0) } \"\"\" ] .
ex:span a sh:NodeShape ; sh:targetSubjectsOf ex:start ; sh:sparql [ sh:select \"\"\"
    SELECT $this ?value { $this <http://example.org/start> ?start ; <http://example.org/end> ?value
        FILTER (?value - ?start < 1) } \"\"\" ] .
ex:text a sh:NodeShape ; sh:targetSubjectsOf ex:text ; sh:property [ sh:path ex:text ; sh:datatype rdf:HTML ] .
ex:codes a sh:NodeShape ; sh:targetSubjectsOf ex:code ; sh:property [ sh:path ex:code ; sh:in ( ex:one ex:two ) ] .
"""
)
# The data, and the components of what is found in it; two of LessThan: < and <=.
LESS = ["LessThan", "LessThanOrEquals"]
CASES = {
    "a blank node is not less": ("ex:a ex:from [] ; ex:to 1 .", LESS),
    "nothing is less than a blank node": ("ex:a ex:from 1 ; ex:to [] .", LESS),
    "no date is less than an ill-typed one": ('ex:a ex:from "2020-01-01"^^xsd:date ; ex:to "1"^^xsd:date .', LESS),
    "an ill-typed number is not less": ('ex:a ex:from "x"^^xsd:integer ; ex:to 1 .', LESS),
    "what can be compared is": ('ex:a ex:from "2019-01-01"^^xsd:date ; ex:to "2020-01-01"^^xsd:date .', []),
    "one of two is not less": ("ex:a ex:from [] , 0 ; ex:to 1 .", LESS),
    "a date is not divided": ('ex:a ex:step 10 ; ex:value "2020-01-01"^^xsd:date .', []),
    "an ill-typed number is not divided": ('ex:a ex:step 10 ; ex:value "x"^^xsd:integer .', []),
    "nothing is divided by an ill-typed number": ('ex:a ex:step "x"^^xsd:decimal ; ex:value 10 .', []),
    "nothing is divided by zero": ("ex:a ex:step 0 ; ex:value 10 .", []),
    "numbers are divided": ("ex:a ex:step 10 ; ex:value 11 .", ["SPARQL"]),
    "ill-typed numbers are not subtracted": ('ex:a ex:start 1 ; ex:end "-0001-01-01"^^xsd:integer .', []),
    "ill-typed dates are not subtracted": ('ex:a ex:start "x"^^xsd:date ; ex:end "y"^^xsd:date .', []),
    "numbers are subtracted": ("ex:a ex:start 2 ; ex:end 1 .", ["SPARQL"]),
    "HTML that is well-formed": ('ex:a ex:text "<p>1</p>"^^rdf:HTML .', []),
    "HTML that is not well-formed": ('ex:a ex:text "<p"^^rdf:HTML .', ["Datatype"]),
    "a blank node is near to no code": ("ex:a ex:code [ ex:value 1 ] .", ["In"]),
}


@pytest.fixture(scope="module", params=["auto", "pyshacl"])
def found(
    request: pytest.FixtureRequest, project: Project, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    """The components of what each engine finds in each case: all of them in one run, which none may end."""
    folder = tmp_path_factory.mktemp("cases")
    (folder / "s.ttl").write_text(SHAPES, encoding="utf-8")
    files = {str(folder / f"{number}.ttl"): case for number, case in enumerate(CASES)}
    for file, case in files.items():
        Path(file).write_text(PREFIXES + CASES[case][0], encoding="utf-8")
    report = validate(project, list(files), shapes=[folder / "s.ttl"], alone=True, engine=request.param)
    components: dict[str, list[str]] = {case: [] for case in CASES}
    for finding in report.findings:
        name = (finding.component or "").rpartition("#")[2].removesuffix("ConstraintComponent>")
        components[files[finding.file]].append(name)
    return components


@pytest.mark.parametrize("case", CASES)
def test_a_value_that_cannot_be_used_is_found_or_passed_over(case: str, found: dict[str, list[str]]) -> None:
    assert sorted(found[case]) == CASES[case][1]
