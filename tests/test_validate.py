"""`kg validate` as people use it: places, formats, exit codes, and input made to break it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import jsonschema
import pytest
from rdflib import RDF, SH, Graph

import kg as library
from kg.errors import KgError, UsageError, WorldError
from kg.project import Project
from kg.validation import validate
from kg.validation.formats import path_turtle, write
from kg.validation.report import Report
from tests.conftest import HANG, Kg

ROOT = Path(__file__).parent.parent
HEAD = """@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = (
    HEAD
    + """
ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property ex:label, ex:size, ex:part, ex:date .
ex:label a sh:PropertyShape ; sh:path ex:label ; sh:minCount 1 ; sh:maxCount 1 ;
    sh:message "needs one label"@en, "skal have ét navn"@da .
ex:size a sh:PropertyShape ; sh:path ex:size ; sh:datatype xsd:integer ; sh:severity sh:Warning .
ex:part a sh:PropertyShape ; sh:path ( ex:part ex:size ) ; sh:maxInclusive 9 .
ex:date a sh:PropertyShape ; sh:path ex:date ; sh:nodeKind sh:Literal .
"""
)
# Line by line what is wrong, written by hand.
DATA = (
    HEAD
    + """
ex:good a ex:T ; ex:label "é – fine" .
# a comment with ex:none in it
ex:none a ex:T ;
    ex:size 1 .
ex:two a ex:T ; ex:label "one" ,
        "two" ;
    ex:size "many" .
[] a ex:T ; ex:label "é" ; ex:date [ ex:size 4 ] .
ex:far a ex:T ; ex:label "x" ; ex:part ex:big .
ex:big ex:size 12 .
"""
)
EXPECTED = [  # line, column, rule, severity
    (7, 1, "label", "violation"),  # no label: the subject
    (10, 9, "label", "violation"),  # two labels: the second
    (11, 13, "size", "warning"),
    (12, 36, "date", "violation"),  # inside a blank node's statement
    (14, 16, "part", "violation"),  # the last step of the path
]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(SHAPES, encoding="utf-8")
    data.write_text(DATA, encoding="utf-8")
    return shapes, data


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Report:
    folder = tmp_path_factory.mktemp("report")
    (folder / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    (folder / "data.ttl").write_text(DATA, encoding="utf-8")
    return validate(project, [folder / "data.ttl"], shapes=[folder / "shapes.ttl"], alone=True)


def test_every_finding_points_at_the_right_place(report: Report) -> None:
    assert [(f.line, f.column, f.rule, f.severity) for f in report.findings] == EXPECTED


def test_text_has_excerpt_and_caret_under_the_value(report: Report) -> None:
    lines = write(report, "text").splitlines()
    at = next(n for n, line in enumerate(lines) if ":11:13:" in line)
    assert lines[at].endswith("Value is not Literal with datatype xsd:integer")
    assert lines[at + 1] == '   11 |     ex:size "many" .'
    assert lines[at + 2] == "      |             ^^^^^^"
    assert lines[-1] == "4 violations, 1 warning in 1 file"
    assert "skal have ét navn" in write(report, "text", lang="da")


def test_limit_cuts_text_and_says_so(report: Report) -> None:
    text = write(report, "text", limit=2)
    assert text.count("violation[") + text.count("warning[") == 2
    assert "3 more" in text
    assert len(json.loads(write(report, "json", limit=2))["findings"]) == 5


def test_sarif_passes_its_schema(report: Report) -> None:
    schema = json.loads((ROOT / "tests" / "data" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    log = json.loads(write(report, "sarif"))
    jsonschema.validate(log, schema)
    region = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (7, 1, 8)


def test_turtle_is_the_standard_report(report: Report) -> None:
    graph = Graph().parse(data=write(report, "turtle"), format="turtle")
    node = graph.value(None, RDF.type, SH.ValidationReport)
    assert str(graph.value(node, SH.conforms)) == "false"
    assert len(list(graph.objects(node, SH.result))) == 5
    assert {str(s).rpartition("#")[2] for s in graph.objects(None, SH.resultSeverity)} == {"Violation", "Warning"}


def test_github_annotations_escape_what_they_must(report: Report) -> None:
    lines = write(report, "github").splitlines()
    assert len(lines) == 5
    assert re.fullmatch(r"::error file=[^,:]+,line=7,col=1,endColumn=8,title=label::needs one label.*", lines[0])
    assert lines[2].startswith("::warning ")


@pytest.mark.parametrize(
    ("path", "turtle"),
    [
        ("<a:p>", "<a:p>"),
        ("^<a:p>", "[ sh:inversePath <a:p> ]"),
        ("<a:p>/<a:q>*", "( <a:p> [ sh:zeroOrMorePath <a:q> ] )"),
        ("<a:p>|(<a:q>/<a:r>)", "[ sh:alternativePath ( <a:p> ( <a:q> <a:r> ) ) ]"),
        ("(<a:p>|<a:q>)+", "[ sh:oneOrMorePath [ sh:alternativePath ( <a:p> <a:q> ) ] ]"),
    ],
)
def test_paths_are_written_as_shacl_writes_them(path: str, turtle: str) -> None:
    assert path_turtle(path) == turtle


@pytest.mark.parametrize(("fail_on", "code"), [("violation", 1), ("warning", 1), ("info", 1), ("never", 0)])
def test_exit_codes(kg: Kg, files: tuple[Path, Path], fail_on: str, code: int) -> None:
    done = kg("validate", "--shapes", files[0], "--alone", files[1], "--fail-on", fail_on)
    assert done.returncode == code
    assert done.stderr == ""


def test_only_warnings_do_not_fail_unless_asked(kg: Kg, files: tuple[Path, Path], tmp_path: Path) -> None:
    data = tmp_path / "w.ttl"
    data.write_text(HEAD + 'ex:a a ex:T ; ex:label "x" ; ex:size "many" .', encoding="utf-8")
    assert kg("validate", "--shapes", files[0], "--alone", data).returncode == 0
    assert kg("validate", "--shapes", files[0], "--alone", data, "--fail-on", "warning").returncode == 1


def test_stdin_and_from(kg: Kg, files: tuple[Path, Path]) -> None:
    text = "<http://example.org/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/T> .\n"
    done = kg("validate", "--shapes", files[0], "--alone", "--from", "ntriples", "-", stdin=text)
    assert done.returncode == 1
    assert done.stdout.startswith("<stdin>:1:1: violation[label]")


def test_unknown_format_and_missing_file(kg: Kg) -> None:
    done = kg("validate", "-f", "txt")
    assert (done.returncode, done.stdout) == (2, "")
    assert "text" in done.stderr
    done = kg("validate", "no-such.ttl")
    assert done.returncode == 3
    assert kg("validate", "x.docx").returncode == 2


JSONLD = """{
  "@context": {"ex": "http://example.org/"},
  "@graph": [
    {"@id": "ex:good", "@type": "ex:T", "ex:label": "x"},
    {"@id": "ex:bad", "@type": "ex:T"}
  ]
}"""
RDFXML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://example.org/">
  <ex:T rdf:about="http://example.org/good"><ex:label>x</ex:label></ex:T>
  <ex:T rdf:about="http://example.org/bad"/>
</rdf:RDF>"""


@pytest.mark.parametrize(("ending", "text", "line"), [(".jsonld", JSONLD, 5), (".rdf", RDFXML, 4)])
def test_json_ld_and_rdf_xml_have_the_line_of_the_subject(
    files: tuple[Path, Path], tmp_path: Path, project: Project, ending: str, text: str, line: int
) -> None:
    data = tmp_path / f"data{ending}"
    data.write_text(text, encoding="utf-8")
    (finding,) = validate(project, [data], shapes=[files[0]], alone=True).findings
    assert (finding.line, finding.exact) == (line, False)


# New data together with the project's graph.


def test_the_graph_conforms(project: Project) -> None:
    report = library.validate(project)
    assert not report.fails("violation"), write(report, "text")


def test_only_what_concerns_the_new_data_is_reported(tmp_path: Path) -> None:
    """A fault that the graph has by itself is not the new file's; one that the file makes on an old node is."""
    (tmp_path / "graph").mkdir()
    (tmp_path / "ontology" / "shapes").mkdir(parents=True)
    (tmp_path / "queries").mkdir()
    (tmp_path / "ontology" / "shapes" / "s.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "graph" / "old.ttl").write_text(
        HEAD + 'ex:old a ex:T ; ex:label "x" . ex:bad a ex:T .', encoding="utf-8"
    )
    new = tmp_path / "new.ttl"
    new.write_text(HEAD + 'ex:old ex:label "a second" .\nex:new a ex:T ; ex:label "y" .', encoding="utf-8")
    report = validate(Project.find(tmp_path), [new])
    assert [(f.line, f.rule, f.focus) for f in report.findings] == [(4, "label", "<http://example.org/old>")]


def test_unknown_terms_and_ill_typed_literals(project: Project, tmp_path: Path) -> None:
    data = tmp_path / "new.ttl"
    data.write_text(
        "@prefix til: <https://w3id.org/tilsagn/ns#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        '<https://w3id.org/tilsagn/id/x> til:qualifer "x" ;\n    til:step "1,5"^^xsd:decimal .\n',
        encoding="utf-8",
    )
    report = validate(project, [data])
    found = {f.rule: f for f in report.findings}
    assert found["unknown-term"].line == 3
    assert "til:qualifier" in (found["unknown-term"].help or "")
    assert any(
        f.line == 4 and f.value == '"1,5"^^<http://www.w3.org/2001/XMLSchema#decimal>' for f in report.findings
    )


def test_help_is_read_from_shapes_and_codes(project: Project) -> None:
    path = ROOT / "ontology" / "examples" / "invalid" / "figure-currency.minCount.ttl"
    (finding,) = validate(project, [path]).findings
    assert (finding.help or "").startswith("add til:currency")


# Hostile input: one clear line, the right exit code, no network, no traceback, no file changed.

BILLION = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + ']><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&i;</rdf:RDF>'
)
HOSTILE: dict[str, bytes] = {
    "entities.rdf": BILLION.encode(),
    "external.rdf": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "deep.jsonld": b'{"http://a.example/p":' * 4000 + b"1" + b"}" * 4000,
    "deep.ttl": b"@prefix e: <http://e.example/> . e:a e:p " + b"[ e:p " * 5000 + b"1" + b"]" * 5000 + b" .",
    "lists.ttl": b"<http://a.example/> <http://b.example/> " + b"(" * 5000 + b")" * 5000 + b" .",
    "utf8.ttl": b'<http://a.example/> <http://b.example/> "\xff\xfe" .',
    "nul.ttl": b"\x00" * 100,
    "space.ttl": b"<http://a b> <http://b.example/> 1 .",
    "digits.ttl": b"<http://a.example/> <http://b.example/> " + b"9" * 10000 + b" .",
    "literal.ttl": b'<http://a.example/> <http://b.example/> "' + b"x" * 5_000_000 + b'" .',
    "quotes.ttl": b'<http://a.example/> <http://b.example/> ' + b'"' * 100_001,
    "truncated.rdf": RDFXML.encode()[:-12],
    "escape.ttl": "<http://a.example/> a <https://w3id.org/tilsagn/ns#\u202e\u200b> .".encode(),
    "empty.jsonld": b"",
    "encoding.rdf": b'<?xml version="1.0" encoding="x-nowhere"?>' + RDFXML.encode()[21:],
    "array.jsonld": b"[" * 100_000,
    "quotes.jsonld": b'["' + b'\\"' * 500_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_get_a_clear_answer(project: Project, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    try:
        report = validate(project, [path], alone=True)
    except KgError as error:
        pytest.fail(f"{name} is a finding or nothing, not {error.render()}")
    text = write(report, "text")
    assert "Traceback" not in text
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", text)
    assert max(map(len, text.splitlines())) < 1000
    assert path.read_bytes() == HOSTILE[name]
    if name in (
        "entities.rdf",
        "external.rdf",
        "deep.jsonld",
        "utf8.ttl",
        "nul.ttl",
        "space.ttl",
        "truncated.rdf",
        "quotes.jsonld",
    ):
        assert report.findings, f"{name} is not in order"


def test_brackets_in_the_strings_of_json_nest_nothing(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonld"
    for value in ("[" * 200, '"' + "[" * 200, "\\" + "[" * 200, '\\"' + "]" * 200 + '"["'):
        path.write_text(json.dumps({"http://a.example/p": [value, "[", value]}), encoding="utf-8")
        assert {f.rule for f in validate(project, [path], alone=True).findings} == {"nothing-checked"}
    path.write_text(
        '{"http://a.example/p": "\\\\", "http://a.example/q": ' + "[" * 100 + "]" * 100 + "}", encoding="utf-8"
    )
    (finding,) = validate(project, [path], alone=True).findings
    assert finding.rule == "too-deep"


def test_a_remote_context_is_not_fetched(project: Project, tmp_path: Path) -> None:
    asked: list[int] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.2)
        port = server.getsockname()[1]

        def listen() -> None:
            while not stop.is_set():
                try:
                    server.accept()
                    asked.append(1)
                except TimeoutError:
                    continue

        stop = threading.Event()
        thread = threading.Thread(target=listen)
        thread.start()
        data, shapes = tmp_path / "x.jsonld", tmp_path / "s.ttl"
        data.write_text(f'{{"@context": "http://127.0.0.1:{port}/c", "a": 1}}', encoding="utf-8")
        owl = f"<http://x.example/> <http://www.w3.org/2002/07/owl#imports> <http://127.0.0.1:{port}/o> .\n"
        select = (
            f"SELECT $this WHERE {{ $this ?p ?o . SERV\\\\u0049CE <http://127.0.0.1:{port}/s> {{ ?a ?b ?c }} }}"
        )
        shapes.write_text(SHAPES + owl + f'ex:S sh:sparql [ sh:select "{select}" ] .', encoding="utf-8")
        try:
            (finding,) = validate(project, [data], alone=True).findings
            assert finding.rule == "syntax"
            good = tmp_path / "g.ttl"
            good.write_text(HEAD + 'ex:a a ex:T ; ex:label "x" .', encoding="utf-8")
            try:
                validate(project, [good], shapes=[shapes], alone=True)
            except KgError as error:
                assert error.code in ("shapes", "judge")
        finally:
            stop.set()
            thread.join()
    assert asked == []


def test_a_pattern_that_runs_away_is_stopped_by_the_deadline(project: Project, tmp_path: Path) -> None:
    shapes, data = tmp_path / "s.ttl", tmp_path / "d.ttl"
    shapes.write_text(
        HEAD
        + 'ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:pattern "^(a+)+$" ] .',
        encoding="utf-8",
    )
    data.write_text(HEAD + f'ex:a ex:p "{"a" * 60}!" .', encoding="utf-8")
    with pytest.raises(WorldError) as caught:
        validate(project, [data], shapes=[shapes], alone=True, timeout=2)
    assert (caught.value.code, caught.value.exit_code) == ("timeout", 3)
    for _ in range(10 * HANG):
        if not running(str(data)):
            break
        time.sleep(0.1)
    assert not running(str(data))


def running(word: str) -> list[str]:
    """The processes with this word in their command, where the system shows them in /proc."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has just ended
            if word.encode() in place.read_bytes():
                found.append(place.parent.name)
    return found


def test_shapes_that_cannot_be_used_are_the_commands_fault(
    kg: Kg, files: tuple[Path, Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text(HEAD + "ex:S a sh:NodeShape ; sh:targetClass ex:T", encoding="utf-8")
    done = kg("validate", "--shapes", broken, "--alone", files[1])
    assert done.returncode == 2
    assert done.stderr.startswith(f"{broken}:")


def test_truncation_at_every_byte_never_breaks_it(tmp_path: Path, project: Project) -> None:
    """Each prefix of a file is one input of one run: each is read, or refused with a place in it."""
    text = (HEAD + 'ex:é a ex:T ; ex:label "long"@en ; ex:size 1.5 , [ ex:p ( 1 "x" ) ] .\n').encode()
    folder = tmp_path / "cut"
    folder.mkdir()
    paths = []
    for end in range(0, len(text), 3):
        path = folder / f"{end:04}.ttl"
        path.write_bytes(text[:end])
        paths.append(path)
    shapes = tmp_path / "s.ttl"
    shapes.write_text(SHAPES, encoding="utf-8")
    report = validate(project, paths, shapes=[shapes], alone=True)
    assert {f.rule for f in report.findings} <= {"syntax", "label", "size", "no-statement", "nothing-checked"}
    for finding in report.findings:
        if finding.rule not in ("no-statement", "nothing-checked"):  # of the file as a whole
            assert finding.line is not None
            assert 1 <= finding.line <= 6


def test_usage_errors_are_usage_errors(project: Project) -> None:
    with pytest.raises(UsageError):
        validate(project, ["x.unknown"])


def test_processes_begun_ahead_end_with_a_command_that_does_not_need_them() -> None:
    code = """if True:
        import os, time
        from kg.validation import process
        process.begin()
        reader = process._begun[0]
        time.sleep(0.2)
        os.killpg(reader.pid, 0)
        process.end()
        assert reader.wait() == -9
        for _ in range(1000):
            try:
                os.killpg(reader.pid, 0)
            except ProcessLookupError:
                print("ended")
                break
            time.sleep(0.05)
    """
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout == "ended\n"


def test_a_command_that_is_killed_takes_its_processes_with_it(tmp_path: Path) -> None:
    code = """if True:
        import os, sys
        from kg.validation import process
        process.begin()
        print(process._begun[0].pid, flush=True)
        sys.stdin.read()
    """
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        group = int(process.stdout.readline())
        process.kill()
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError("the reading process or its judge goes on")
