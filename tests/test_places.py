"""Where findings point: the table of every counter-example, and each rule of kg/validation/locate.py by itself."""

from __future__ import annotations

import csv
import os
import random
from collections import defaultdict
from pathlib import Path

import pytest

from kg.files import shown
from kg.project import Project
from kg.validation import validate
from kg.validation.report import Report

ROOT = Path(__file__).parent.parent
COUNTER_EXAMPLES = sorted((ROOT / "ontology" / "examples" / "invalid").glob("*.ttl"))
TABLE = ROOT / "tests" / "expected" / "places.tsv"

Place = tuple[int | None, int | None, str]  # line, column, the text there


def table() -> dict[str, list[Place]]:
    """The place at fault in each counter-example; written by reading them, not by running the command."""
    places: dict[str, list[Place]] = defaultdict(list)
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            places[row["counter-example"]].append((int(row["line"]), int(row["column"]), row["text"]))
    return places


def found(report: Report, file: Path) -> list[Place]:
    """The places of the findings in one file, with the text that the carets stand under."""
    return sorted(
        (f.line, f.column, (f.excerpt or "")[(f.column or 1) - 1 : (f.end_column or 1) - 1])
        for f in report.findings
        if f.file == shown(file)
    )


def test_the_table_has_every_counter_example_and_no_other() -> None:
    assert set(table()) == {path.stem for path in COUNTER_EXAMPLES}


def test_each_counter_example_is_caught_by_its_own_shape_alone_at_its_place(project: Project) -> None:
    """With the graph. Ten of them, the same ten on every run; KG_ALL_COUNTER_EXAMPLES=1 takes all."""
    chosen = random.Random(8).sample(COUNTER_EXAMPLES, 10)
    if os.environ.get("KG_ALL_COUNTER_EXAMPLES"):
        chosen = COUNTER_EXAMPLES
    report, places = validate(project, chosen, timeout=3600), table()
    for path in chosen:
        assert {f.rule for f in report.findings if f.file == shown(path)} == {path.stem.rpartition(".")[0]}, (
            path.name
        )
        assert found(report, path) == sorted(places[path.stem]), path.name


@pytest.mark.skipif(bool(os.environ.get("KG_ALL_COUNTER_EXAMPLES")), reason="the test above takes all")
def test_the_places_of_two_counter_examples_of_each_component(project: Project) -> None:
    """Without the graph, which is quick."""
    by_component: dict[str, list[Path]] = defaultdict(list)
    for path in COUNTER_EXAMPLES:
        by_component[path.stem.rpartition(".")[2]].append(path)
    chance = random.Random(4)
    chosen = [path for paths in by_component.values() for path in chance.sample(paths, min(2, len(paths)))]
    report, places = validate(project, chosen, alone=True), table()
    for path in chosen:
        assert found(report, path) == sorted(places[path.stem]), path.name


# Each rule by itself: ‹ › is round the text to which the one finding must point.

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TARGET = PREFIXES + "ex:S a sh:NodeShape ; sh:targetClass ex:T ; "
RULES = {
    "the last of several values, one written twice": (
        "sh:property [ sh:path ex:p ; sh:maxCount 1 ]",
        "ex:a a ex:T ;\n  ex:p ex:b ,\n    ‹ex:c› ,\n    ex:b .",
    ),
    "the first value in a language that was there": (
        "sh:property [ sh:path ex:p ; sh:uniqueLang true ]",
        'ex:a a ex:T ;\n  ex:p "a"@da , "b"@en ,\n  ‹"c"›@da , "d"@sv .',
    ),
    "a value that is said twice is no second value": (
        "sh:property [ sh:path ex:p ; sh:uniqueLang true ]",
        'ex:a a ex:T ;\n  ex:p "a"@da , "a"@DA ,\n  ‹"b"›@da ; ex:p "c"@nb .',
    ),
    "a missing triple: the subject, not the values that do not count": (
        "sh:property [ sh:path ex:p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:class ex:U ] ]",
        "‹ex:a› a ex:T ;\n  ex:p ex:b .\nex:b a ex:V .",
    ),
    "one of two that must be there: the subject": (
        "sh:property [ sh:path ex:p ; sh:minCount 2 ]",
        "‹ex:a› a ex:T ;\n  ex:p ex:b .",
    ),
    "a path that breaks off: the subject that lacks the next triple": (
        "sh:property [ sh:path ( ex:p ex:q ex:r ) ; sh:minCount 1 ]",
        "ex:a a ex:T ; ex:p ex:b .\nex:b ex:q ex:c .\n‹ex:c› ex:s 1 .",
    ),
    "a path that leads out of the file: the link": (
        "sh:property [ sh:path ( ex:p ex:q ) ; sh:minCount 1 ]",
        "ex:a a ex:T ;\n  ex:p ‹ex:elsewhere› .",
    ),
    "a value at the end of a path: the last triple": (
        "sh:property [ sh:path ( ex:p ex:q ) ; sh:datatype xsd:integer ]",
        'ex:a a ex:T ; ex:p ex:b , ex:c .\nex:c ex:q ‹"x"› .\nex:b ex:q 1 .',
    ),
    "a path through a blank node": (
        "sh:property [ sh:path ( ex:p ex:q ) ; sh:datatype xsd:integer ]",
        'ex:a a ex:T ;\n  ex:p [ ex:q 1 ] ,\n  [ ex:q ‹"x"› ] .',
    ),
    "a path through a list": (
        "sh:property [ sh:path ( ex:p [ sh:zeroOrMorePath rdf:rest ] rdf:first ) ; sh:maxInclusive 9 ]",
        "ex:a a ex:T ; ex:p ( 1 2\n  ‹30›\n 4 ) .",
    ),
    "an inverse path: the triple of the other subject": (
        "sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:class ex:T ]",
        "ex:a a ex:T .\nex:b a ex:U ;\n  ex:p ‹ex:a› .",
    ),
    "one of alternatives": (
        "sh:property [ sh:path [ sh:alternativePath ( ex:p ex:q ) ] ; sh:nodeKind sh:IRI ]",
        "ex:a a ex:T ; ex:p ex:b ;\n  ex:q ‹1› .",
    ),
    "a closed shape: the property": (
        "sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path ex:p ]",
        "ex:a a ex:T ; ex:p 1 ;\n  ‹ex:q› 2 .",
    ),
    "a value that another property lacks": (
        "sh:property [ sh:path ex:p ; sh:equals ex:q ]",
        "ex:a a ex:T ; ex:q 1 ;\n  ex:p 1 , ‹2› .",
    ),
    "a value that only another property has": (
        "sh:property [ sh:path ex:p ; sh:equals ex:q ]",
        "ex:a a ex:T ; ex:p 1 ;\n  ex:q 1 , ‹2› .",
    ),
    "a value that two properties share": (
        "sh:property [ sh:path ex:p ; sh:disjoint ex:q ]",
        "ex:a a ex:T ; ex:q 1 ;\n  ex:p 2 , ‹1› .",
    ),
    "not less: the triple of the value": (
        "sh:property [ sh:path ex:p ; sh:lessThan ex:q ]",
        "ex:a a ex:T ; ex:q 1 ;\n  ex:p ‹2› .",
    ),
    "another value in the stead of the one that must be": (
        "sh:property [ sh:path ex:p ; sh:hasValue ex:b ]",
        "ex:a a ex:T ;\n  ex:p ‹ex:c› .",
    ),
    "several values, and not the one that must be: the subject": (
        "sh:property [ sh:path ex:p ; sh:hasValue ex:b ]",
        "‹ex:a› a ex:T ;\n  ex:p ex:c , ex:d .",
    ),
    "shapes of which one or none holds: the subject": (
        "sh:xone ( [ sh:path ex:p ; sh:minCount 1 ] [ sh:path ex:q ; sh:minCount 1 ] )",
        "‹ex:a› a ex:T ;\n  ex:p 1 ; ex:q 1 .",
    ),
    "a nested shape: the triple that leads to the node": (
        "sh:property [ sh:path ex:p ; sh:node [ sh:property [ sh:path ex:q ; sh:minCount 1 ] ] ]",
        "ex:a a ex:T ;\n  ex:p ‹ex:b› .\nex:b a ex:U .",
    ),
    "a node that links to itself": (
        "sh:property [ sh:path ex:p ; sh:class ex:U ]",
        "ex:a a ex:T ;\n  ex:p ‹ex:a› .",
    ),
    "SPARQL with a value": (
        'sh:sparql [ sh:select "SELECT $this ?value { $this <http://example.org/p> ?value FILTER (?value > 1) }" ]',
        "ex:a a ex:T ;\n  ex:p 1 ,\n   ‹2› .",
    ),
    "SPARQL without a value: the subject": (
        'sh:sparql [ sh:select "SELECT $this { $this <http://example.org/p> ?x FILTER (?x > 1) }" ]',
        "‹ex:a› a ex:T ;\n  ex:p 1 ,\n   2 .",
    ),
}  # fmt: skip


def marked(text: str) -> tuple[str, Place]:
    """The text without its mark, and the place that was marked."""
    before, _, rest = text.partition("‹")
    at, _, after = rest.partition("›")
    line = before.count("\n") + 1
    return before + at + after, (line, len(before) - (before.rfind("\n") + 1) + 1, at)


@pytest.fixture(scope="module")
def pointed(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[Place], Place]]:
    """What was found and what was marked, by rule: all in one run, each rule's shape for a class of its own."""
    folder = tmp_path_factory.mktemp("rules")
    shapes, files, places = PREFIXES, {}, {}
    for number, (rule, (shape, data)) in enumerate(RULES.items()):
        shapes += f"ex:S{number} a sh:NodeShape ; sh:targetClass ex:T ; {shape} .\n".replace(
            "ex:T", f"ex:T{number}"
        )
        text, places[rule] = marked(PREFIXES + data.replace("ex:T", f"ex:T{number}"))
        files[rule] = folder / f"{number}.ttl"
        files[rule].write_text(text, encoding="utf-8")
    (folder / "s.ttl").write_text(shapes, encoding="utf-8")
    report = validate(project, list(files.values()), shapes=[folder / "s.ttl"], alone=True)
    return {rule: (found(report, file), places[rule]) for rule, file in files.items()}


@pytest.mark.parametrize("rule", RULES)
def test_a_finding_points(rule: str, pointed: dict[str, tuple[list[Place], Place]]) -> None:
    places, expected = pointed[rule]
    assert places == [expected]


def test_along_a_path_over_two_files_the_triple_of_the_other(project: Project, tmp_path: Path) -> None:
    shapes, first, second = tmp_path / "s.ttl", tmp_path / "1.ttl", tmp_path / "2.ttl"
    shapes.write_text(TARGET + "sh:property [ sh:path ( ex:p ex:q ) ; sh:maxCount 1 ] .", encoding="utf-8")
    first.write_text(f"{PREFIXES}ex:a a ex:T ; ex:p ex:b .", encoding="utf-8")
    text, place = marked(f"{PREFIXES}ex:b ex:q 1 ,\n  ‹2› .")
    second.write_text(text, encoding="utf-8")
    report = validate(project, [first, second], shapes=[shapes], alone=True, together=True)
    assert (found(report, first), found(report, second)) == ([], [place])


def test_a_node_of_the_graph_that_the_file_reaches_from_afar(tmp_path: Path) -> None:
    """The node at fault and the link to the file's subject are the graph's; the value is the file's."""
    (tmp_path / "graph").mkdir()
    (tmp_path / "ontology" / "shapes").mkdir(parents=True)
    (tmp_path / "queries").mkdir()
    (tmp_path / "ontology" / "shapes" / "s.ttl").write_text(
        TARGET + "sh:property [ sh:path ( ex:p ex:q ) ; sh:maxInclusive 9 ] .", encoding="utf-8"
    )
    (tmp_path / "graph" / "old.ttl").write_text(f"{PREFIXES}ex:a a ex:T ; ex:p ex:b .", encoding="utf-8")
    text, place = marked(f"{PREFIXES}ex:b ex:q 1 ,\n  ‹12› .")
    new = tmp_path / "new.ttl"
    new.write_text(text, encoding="utf-8")
    report = validate(Project.find(tmp_path), [new])
    assert found(report, new) == [place]


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_move_nothing(
    project: Project, tmp_path: Path, ends: str, mark: str
) -> None:
    shapes, file = tmp_path / "s.ttl", tmp_path / "d.ttl"
    shapes.write_text(TARGET + "sh:property [ sh:path ex:p ; sh:maxInclusive 9 ] .", encoding="utf-8")
    text, place = marked(f"# 😀 é\u2028 no end of a line\n{PREFIXES}ex:a a ex:T ;\n\tex:p ‹12› .\n")
    file.write_bytes((mark + text.replace("\n", ends)).encode())
    assert found(validate(project, [file], shapes=[shapes], alone=True), file) == [place]


@pytest.mark.parametrize(
    ("ending", "data"),
    [
        (".jsonld", '{"@id": "é😀" ‹?›}'),
        (".rdf", "<é>😀‹<›/f>"),
        (".ttl", '<http://a/> <http://b/> "é😀" ‹ex:b› .'),
    ],
)
def test_the_column_of_a_syntax_error_counts_characters_not_bytes(
    project: Project, tmp_path: Path, ending: str, data: str
) -> None:
    text, place = marked(data)
    file = tmp_path / f"d{ending}"
    file.write_text(text, encoding="utf-8")
    (finding,) = validate(project, [file], alone=True).findings
    assert (finding.rule, finding.line, finding.column) == ("syntax", *place[:2])


def test_the_excerpt_of_json_is_of_the_line_that_is_named(project: Project, tmp_path: Path) -> None:
    """U+2028 and form feeds are no ends of lines, whatever str.splitlines says."""
    shapes, file = tmp_path / "s.ttl", tmp_path / "d.jsonld"
    shapes.write_text(TARGET + "sh:property [ sh:path ex:p ; sh:minCount 1 ] .", encoding="utf-8")
    file.write_text(
        '[{"@id": "http://example.org/b", "http://example.org/q": "a\u2028b"},\n'
        ' {"@id": "http://example.org/a", "@type": "http://example.org/T"}]',
        encoding="utf-8",
    )
    report = validate(project, [file], shapes=[shapes], alone=True)
    assert found(report, file) == [(2, 11, "http://example.org/a")]


@pytest.mark.parametrize(
    "head", ["@prefix til: <{0}ns#> .", "PREFIX til: <{0}ns#>", "@base <{0}> .\n@prefix til: <ns#> ."]
)
def test_every_finding_on_a_file_that_is_read_whole_has_its_place(
    head: str, project: Project, tmp_path: Path
) -> None:
    """Reading for suspects first, and finding none, left the rest of such a file unread."""
    file = tmp_path / "new.ttl"
    file.write_text(
        f"{head.format('https://w3id.org/tilsagn/')}\n<https://example.org/x> a til:Figure .\n", "utf-8"
    )
    findings = validate(project, [file]).findings
    assert len(findings) > 4
    assert {finding.line for finding in findings} == {head.count("\n") + 2}
