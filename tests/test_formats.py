"""One finding, one place: in text, JSON, the standard report, SARIF and GitHub annotations alike."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from rdflib import RDF, SH, Graph

from kg.project import Project
from kg.validation import validate
from kg.validation.formats import write
from kg.validation.report import Finding, Report

ROOT = Path(__file__).parent.parent
# One validator for all: to check the schema itself takes a second.
SARIF = jsonschema.Draft202012Validator(
    json.loads((ROOT / "tests" / "data" / "sarif-2.1.0.json").read_text(encoding="utf-8")),
    format_checker=jsonschema.FormatChecker(),
)
PREFIXES = "@prefix ex: <http://example.org/> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
SHAPES = PREFIXES + (
    'ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:nodeKind sh:IRI ; '
    'sh:message "100 % of it,\\nin two lines: a::b \\"c\\""@en ] .'
)  # fmt: skip
# What stands before the value on its line, and how many columns of a terminal it takes.
BEFORE = {
    "letters": ("ex:a ex:p ", 10),
    "tabs": ("\tex:a\tex:p\t", 11),
    "combining marks": ("ex:a ex:q ex:e\u0301\u0323e ; ex:p ", 23),
    "wide characters": ("ex:a ex:q '漢字' ; ex:p ", 24),
    "emoji": ("ex:a ex:q '😀' ; ex:p ", 22),
    "joined emoji": ("ex:a ex:q '👩\u200d👧' ; ex:p ", 24),
    "a variation selector": ("ex:a ex:q '☎\ufe0f' ; ex:p ", 21),
    "a mark that turns the direction": ("ex:a ex:q '\u202eא' ; ex:p ", 22),
    "a separator of lines that ends none": ("ex:a ex:q '\u2028' ; ex:p ", 21),
    "a long line": (f"ex:a ex:q '{'x' * 400}' ; ex:p ", None),
}
VALUES = {"a word": ("'five'", 6), "wide": ("'漢字'", 6), "a quotation": (r"'a\"\\%::,'", 11)}


def places(report: Report) -> dict[str, tuple[str, int | None, int | None, int | None]]:
    """(file, line, first column, column after the last) by form of the report, as it is read from its text."""
    (result,) = json.loads(write(report, "json"))["findings"]
    log = json.loads(write(report, "sarif"))
    SARIF.validate(log)
    physical = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    region = physical["region"]
    (line,) = write(report, "github").splitlines()
    annotation = re.fullmatch(r"::error file=([^,:]+),line=(\d+),col=(\d+),endColumn=(\d+),title=[^,:]+::.+", line)
    assert annotation, line
    turtle = write(report, "turtle")
    comment = re.search(r"^ +# (.+):(\d+):(\d+)$", turtle, re.MULTILINE)
    assert comment, turtle
    text = re.match(r"(.+?):(\d+):(\d+): violation\[", write(report, "text"))
    assert text
    return {
        "json": (result["file"], result["line"], result["column"], result["endColumn"]),
        "sarif": (
            physical["artifactLocation"]["uri"],
            region["startLine"],
            region["startColumn"],
            region["endColumn"],
        ),
        "github": (annotation[1], int(annotation[2]), int(annotation[3]), int(annotation[4])),
        "turtle": (comment[1], int(comment[2]), int(comment[3]), None),
        "text": (text[1], int(text[2]), int(text[3]), None),
    }


@pytest.fixture(scope="module")
def reports(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str, str], Report]:
    """One file for each way of writing; all of them in one run."""
    folder = tmp_path_factory.mktemp("forms")
    (folder / "s.ttl").write_text(SHAPES, encoding="utf-8")
    files: dict[tuple[str, str, str, str], Path] = {}
    for before in BEFORE:
        for value in VALUES:
            for ends in ("\n", "\r\n", "\r"):
                for mark in ("", "\ufeff"):
                    path = folder / f"{len(files)}.ttl"
                    text = f"{PREFIXES}{BEFORE[before][0]}{VALUES[value][0]} .\n"
                    path.write_bytes((mark + text.replace("\n", ends)).encode())
                    files[before, value, ends, mark] = path
    report = validate(project, list(files.values()), shapes=[folder / "s.ttl"], alone=True)
    by_file = {finding.file: finding for finding in report.findings}
    assert len(by_file) == len(report.findings) == len(files)
    return {key: Report((by_file[str(path)],), (str(path),)) for key, path in files.items()}


@pytest.mark.parametrize("before", BEFORE)
def test_each_form_has_the_same_place(before: str, reports: dict[tuple[str, str, str, str], Report]) -> None:
    for (name, value, _, _), report in reports.items():
        if name != before:
            continue
        start = len(BEFORE[before][0]) + 1
        (finding,) = report.findings
        for form, (file, line, first, last) in places(report).items():
            assert (file, line, first) == (finding.file, 3, start), form
            assert last in (start + len(VALUES[value][0]), None), form


@pytest.mark.parametrize("before", BEFORE)
def test_the_carets_stand_under_the_value(before: str, reports: dict[tuple[str, str, str, str], Report]) -> None:
    for (name, value, _, _), report in reports.items():
        if name != before:
            continue
        _, shown, carets, *_ = write(report, "text").split("\n")
        assert len(shown.splitlines()) == 1
        assert shown.rstrip(" .").endswith(VALUES[value][0])
        columns, marks = BEFORE[before][1], VALUES[value][1]
        assert carets.endswith(" " + "^" * marks)
        assert carets.count("^") == marks
        if columns is not None:
            assert carets == f"      | {' ' * columns}{'^' * marks}"
        else:
            assert len(shown) < 180
            assert shown[carets.index("^") :].startswith("'")


def odd(**fields: object) -> Report:
    """A report of one finding that says what no one would."""
    given = {
        "file": "a b/50%,\n:é.ttl",
        "severity": "violation",
        "rule": "r:1,2\n::3",
        "messages": {"en": "100 %\r\n::error::of \u202eit\x1b[31m"},
        "line": 2,
        "column": 3,
        "end_column": 9,
        "excerpt": "\x1b[31m\u202e\x07 it",
        "help": "50%0A\nmore",
        "shape": "<http://example.org/S>",
        "component": "<http://www.w3.org/ns/shacl#InConstraintComponent>",
        "focus": '"a\\"b\n\t\x08\u2028"^^<http://www.w3.org/2001/XMLSchema#string>',
        "path": "^<http://example.org/p>/<http://example.org/q>*",
        "value": '"\\"@da',
    }
    return Report((Finding(**{**given, **fields}),))  # type: ignore[arg-type] # fields by name


def test_a_github_annotation_is_one_line_whatever_a_finding_says() -> None:
    text = write(odd(), "github")
    assert text.count("\n") == 1
    head, data = re.fullmatch(r"::error (.*?)::(.*)\n", text).groups()  # type: ignore[union-attr] # fails if None
    fields = dict(field.split("=", 1) for field in head.split(","))
    assert fields["file"] == "a b/50%25%2C%0A%3Aé.ttl"
    assert (fields["line"], fields["col"], fields["endColumn"]) == ("2", "3", "9")
    assert fields["title"] == "r%3A1%2C2%0A%3A%3A3"
    assert re.sub("%25", "", data).count("%") == 0
    assert not re.search("[\x00-\x1f\u202a-\u202e]", data)


def test_text_shows_nothing_that_moves_a_terminal() -> None:
    text = write(odd(), "text")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", text)


def test_sarif_is_valid_and_names_the_file_as_a_uri_whatever_a_finding_says() -> None:
    log = json.loads(write(odd(), "sarif"))
    SARIF.validate(log)
    physical = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "a%20b/50%25,%0A:%C3%A9.ttl"


def test_json_gives_back_what_a_finding_says() -> None:
    (finding,) = json.loads(write(odd(), "json"))["findings"]
    (said,) = odd().findings
    assert (finding["file"], finding["focus"], finding["value"]) == (said.file, said.focus, said.value)


def test_the_standard_report_can_be_read_whatever_a_finding_says() -> None:
    graph = Graph().parse(data=write(odd(), "turtle"), format="turtle")
    (result,) = graph.subjects(RDF.type, SH.ValidationResult)
    assert str(graph.value(result, SH.focusNode)) == 'a\\"b\n\t\x08\u2028'
    assert str(graph.value(result, SH.value)) == "\\"
    assert "::error::of" in str(graph.value(result, SH.resultMessage))


def test_a_finding_without_a_place_has_none_in_any_form() -> None:
    report = odd(line=None, column=None, end_column=None, excerpt=None, file="x.ttl")
    assert "line=" not in write(report, "github")
    assert "region" not in write(report, "sarif")
    assert json.loads(write(report, "json"))["findings"][0]["line"] is None
    assert write(report, "text").startswith("x.ttl: violation[")
    assert "# x.ttl\n" in write(report, "turtle")
