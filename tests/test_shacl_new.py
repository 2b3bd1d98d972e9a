"""New data over a graph gets the findings that both together have and the graph alone has not.

However the two are split: what concerns the new data is found by following the shapes' paths backwards from it.
"""
# ruff: noqa: E501 - statements of data read better one a line

from __future__ import annotations

import contextlib
import io
import random
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bench.generate import generate, write_turtle
from kg import cache, validation
from kg.project import Project
from kg.shacl.graph import Index
from kg.shacl.stored import Stored, encoded
from kg.shacl.validator import Validator
from kg.terms import PREFIXES as NAMESPACES
from kg.validation import validate
from kg.validation.checks import Check, read_check, run, run_new
from kg.validation.hints import display
from tests.test_shacl import (
    NODES,
    PLANTED,
    PREFIXES,
    UNEVEN,
    Refused,
    agreed,
    data_texts,
    fast,
    index,
    shape_texts,
    slow,
)

Identities = set[tuple[str | None, ...]]


class ReadWhole(Exception):
    """All of the graph was asked for, where what the new data matters to should be enough."""


def on_disk(whole: Index) -> Stored:
    store = ox.Store()
    store.bulk_extend(encoded(whole.quads()))
    return Stored(store)


def by_reach(shapes: Index, new: Index, base: Index, *, stored: bool = True) -> Identities:
    """The findings of what the new data reaches; raises ReadWhole where the whole graph was read for it."""
    outcome = Validator(shapes).validate_new(new, on_disk(base) if stored else base, lambda: base, {})
    if any("the whole graph was read" in note for note in outcome.notes):
        raise ReadWhole
    return {result.identity for result in outcome.results}


def split(text: str, new: set[int]) -> tuple[Index, Index, Index]:
    """(base, new, both) of N-Triples-like lines: those with the given numbers are new."""
    lines = text.splitlines()
    parts = ["\n".join(line for n, line in enumerate(lines) if (n in new) == wanted) for wanted in (False, True)]
    return index(PREFIXES + parts[0]), index(PREFIXES + parts[1]), index(PREFIXES + text)


def check(shapes: str, text: str, new: set[int]) -> Identities:
    """The findings of the new lines, after they were found to be what pyshacl says of both less the base."""
    base, added, both = split(text, new)
    made = index(PREFIXES + shapes)
    expected = set(agreed(made, both)) - set(agreed(made, base))
    found = by_reach(made, added, base)
    assert found == expected, (shapes, text, new)
    return found


@pytest.mark.parametrize("name", PLANTED)
def test_each_constraint_sees_each_new_statement(name: str) -> None:
    """Whichever one statement of the planted fault is the new one."""
    shapes, data = PLANTED[name]
    lines = "\n".join(f"{q.subject} {q.predicate} {q.object} ." for q in index(PREFIXES + data).quads())
    found = [check(shapes, lines, {n}) for n in range(len(lines.splitlines()))]
    assert any(found), "the fault depends on a statement"


@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(shapes=shape_texts(), data=data_texts(), seed=st.integers(0, 99))
def test_random_shapes_and_splits_as_pyshacl(shapes: str, data: str, seed: int) -> None:
    chance = random.Random(seed)
    lines = data.splitlines()
    new = set(chance.sample(range(len(lines)), chance.randint(1, max(1, len(lines) // 2))))
    try:
        check(shapes, data, new)
    except Refused:
        pass
    except ReadWhole:
        assume(False)


SELECTS = [
    "SELECT $this ?value WHERE { $this ex:p ?value . FILTER NOT EXISTS { ?value ex:q ?x } }",
    "SELECT $this WHERE { $this ex:p ?x OPTIONAL { $this ex:q ?y FILTER ($this != ?y) } FILTER (!bound(?y)) }",
    "SELECT $this WHERE { $this ex:p ?x } GROUP BY $this HAVING (COUNT(?x) > 1)",
    "SELECT $this ?value WHERE { $this ex:p ?value . { ?value ex:q 1 } UNION { ?value ex:p ?z } }",
    "SELECT $this WHERE { $this ^ex:q/ex:p ?x ; ex:p|ex:q ?y . FILTER (?x = ?y) }",
    "SELECT $this WHERE { $this ex:p ?x . ?x ex:p+ $this }",
    "SELECT $this WHERE { $this ex:p ?x . ?y ex:q ?x ; ex:r ?z . ?z ex:p ?w }",
    "SELECT $this WHERE { $this ex:p ?x . FILTER NOT EXISTS { $this ?any ex:b } }",
]


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(text=st.sampled_from(SELECTS), data=data_texts(), seed=st.integers(0, 99))
def test_sparql_constraints_and_splits_as_pyshacl(text: str, data: str, seed: int) -> None:
    chance = random.Random(seed)
    lines = data.splitlines()
    new = set(chance.sample(range(len(lines)), chance.randint(1, max(1, len(lines) // 2))))
    head = "PREFIX ex: <http://example.org/> "
    target = chance.choice(["sh:targetSubjectsOf ex:p", "sh:targetClass ex:T", f"sh:targetNode {NODES[0]}"])
    check(f"ex:S a sh:NodeShape ; {target} ; sh:sparql [ sh:select '''{head + text}''' ] .", data, new)


# What the selection alone cannot tell, on new data over a stored graph.


@pytest.mark.parametrize("condition", UNEVEN)
@pytest.mark.parametrize("kind", ["", "NOT EXISTS { $this ex:p ?v ; ex:q ?w FILTER "])
def test_conditions_on_which_engines_disagree(condition: str, kind: str) -> None:
    """Once, such an error meant no suspect: also where only the new data's nodes are asked about."""
    terms = ["ex:a", '"x"', "1", "true", '"2020-01-01"^^xsd:date']
    nodes = [(f"ex:n{a}-{b}", terms[a], terms[b]) for a in range(len(terms)) for b in range(len(terms))]
    data = "\n".join(f"{node} ex:p {one} .\n{node} ex:q {two} ." for node, one, two in nodes)
    where = f"$this ex:p ?v ; ex:q ?w FILTER {kind}({condition}){' }' if kind else ''}"
    select = f"PREFIX ex: <http://example.org/> SELECT $this WHERE {{ {where} }}"
    shapes = f'ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql [ sh:select """{select}""" ] .'
    with contextlib.suppress(Refused):  # pyshacl itself falls over such terms
        check(shapes, data, {n for n in range(2 * len(nodes)) if n % 3 == 1})


def test_a_constraint_that_one_engine_does_not_run() -> None:
    """pyoxigraph refuses a variable that is not grouped by; then every node that is asked about is a suspect."""
    select = "SELECT $this ?v WHERE { $this <http://example.org/p> ?v } GROUP BY $this HAVING (COUNT(?v) > 1)"
    shapes = f'ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql [ sh:select "{select}" ] .'
    found = check(shapes, "ex:a ex:p 1 .\nex:a ex:p 2 .\nex:b ex:p 1 .\nex:b ex:p 2 .\nex:c ex:p 1 .", {1, 4})
    assert {focus for focus, *_ in found} == {"<http://example.org/a>"}


@pytest.mark.parametrize("order", ["", "LIMIT 9"])  # read by the fast path, and not
def test_a_constraint_inside_another_shape_is_judged_on_all_of_both(order: str) -> None:
    """Which values it is asked about is not known from the few focus nodes."""
    select = f"SELECT $this WHERE {{ $this <http://example.org/p> ?v }} {order}"
    shapes = f"""ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:q ; sh:node ex:N ] .
    ex:N a sh:NodeShape ; sh:sparql [ sh:select "{select}" ] ."""
    base, new, both = split("ex:a a ex:T .\nex:a ex:q ex:b .\nex:b ex:p 3 .\nex:c a ex:T .\nex:c ex:q ex:b .", {2})
    made = index(PREFIXES + shapes)
    with pytest.raises(ReadWhole):
        by_reach(made, new, base)
    expected = {r.identity for r in slow(made, both)}
    outcome = Validator(made).validate_new(new, on_disk(base), lambda: base, {})
    assert {result.identity for result in outcome.results} == expected
    assert any("the whole graph was read" in note for note in outcome.notes)
    assert len(expected) == 2


# The project's shapes, and a generated graph with faults in it, split in ways that a file would not.


@pytest.fixture(scope="module")
def shapes(project: Project) -> Index:
    made = Index()
    for path in project.shape_files():
        made.add(ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
    return made


@pytest.fixture(scope="module")
def terms(project: Project) -> list[ox.Quad]:
    return [
        quad
        for path in project.term_files()
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]


def generated(size: int, seed: int) -> list[ox.Quad]:
    out = io.StringIO()
    write_turtle(generate(size, 0.3, seed), out)
    return list(ox.parse(out.getvalue().encode(), format=ox.RdfFormat.TURTLE))


def whole(shapes: Index, data: Index) -> Identities:
    outcome = fast(shapes, data)
    assert outcome.left == 0
    return {result.identity for result in outcome.results}


def made(quads: list[ox.Quad]) -> Index:
    found = Index()
    found.add(quads)
    return found


@pytest.mark.parametrize(("seed", "share", "by"), [(1, 0.02, "triple"), (2, 0.3, "triple"), (3, 0.1, "subject")])
def test_a_generated_graph_however_it_is_split(
    shapes: Index, terms: list[ox.Quad], seed: int, share: float, by: str
) -> None:
    chance = random.Random(seed)
    quads = generated(300, seed)
    chosen = {q.subject for q in quads if chance.random() < share}
    is_new = [q.subject in chosen if by == "subject" else chance.random() < share for q in quads]
    old = made([*terms, *(q for q, new in zip(quads, is_new, strict=True) if not new)])
    new = made([q for q, new in zip(quads, is_new, strict=True) if new])
    both = made([*terms, *quads])
    expected = whole(shapes, both) - whole(shapes, old)
    assert by_reach(shapes, new, old) == expected
    assert expected
    assert by_reach(shapes, new, old, stored=False) == expected


# Checks: what breaks each of them, in a few lines; any of the lines may be new.
FAULTS = """
id:f1 til:figureOf id:c ; til:origin origin:stated ; til:role role:level ; til:basis basis:perYear ; til:currency cur:DKK .
id:f2 til:figureOf id:c ; til:origin origin:stated ; til:role role:level ; til:basis basis:perYear ; til:currency cur:DKK .
id:f4 til:figureOf id:c ; til:origin origin:stated ; til:role role:level ; til:basis basis:perYear ; til:currency cur:DKK ; schema:value 6 .
id:f1 schema:value 5 . id:f2 schema:value 5 . id:f3 til:period id:p1 .
id:f3 til:includes id:f1 . id:f1 til:includes id:f2 . id:f2 til:includes id:f3 .
id:c a til:Commitment ; dcterms:source id:d1 ; dcterms:hasPart id:c2 ; til:follows id:c2 ; skos:prefLabel "A"@en .
id:c2 a til:Commitment ; dcterms:hasPart id:c3 ; til:follows id:c ; skos:prefLabel "A"@en .
id:c3 a til:Commitment ; dcterms:hasPart id:c ; skos:prefLabel "A"@da , "A"@en .
id:q1 a til:Programme ; dcterms:isPartOf id:q2 ; skos:exactMatch id:w . id:q2 a til:Programme ; dcterms:isPartOf id:q1 ; skos:exactMatch id:w .
id:f1 a til:Figure ; til:evidence id:a1 . id:f2 a til:Figure ; til:evidence id:a2 .
id:a1 a oa:SpecificResource ; oa:hasSource id:t2 ; oa:hasSelector id:s1 . id:s1 oa:start 1 ; oa:end 5 .
id:a2 a oa:SpecificResource ; oa:hasSource id:t2 ; oa:hasSelector id:s2 . id:s2 oa:start 3 ; oa:end 8 .
id:t2 dcterms:isFormatOf id:d2 .
id:p1 a dcterms:PeriodOfTime ; dcat:startDate "2010-01-01"^^xsd:date ; dcat:endDate "2010-12-31"^^xsd:date .
id:p2 a dcterms:PeriodOfTime ; dcat:startDate "2010-01-01"^^xsd:date ; dcat:endDate "2010-12-31"^^xsd:date .
id:p3 a dcterms:PeriodOfTime ; dcat:endDate "2010-12-31"^^xsd:date . id:p4 a dcterms:PeriodOfTime ; dcat:endDate "2010-12-31"^^xsd:date .
id:o1 a m8g:PublicOrganisation ; skos:prefLabel "A"@en . id:o2 a m8g:PublicOrganisation ; skos:prefLabel "A"@en ; dcterms:source id:d1 .
id:m org:member id:o1 .
id:m1 org:memberDuring id:p5 ; til:tenure id:p1 . id:p5 dcat:startDate "2009-01-01"^^xsd:date .
id:m2 org:memberDuring id:p6 . id:p6 dcat:startDate "2009-02-01"^^xsd:date .
id:d3 schema:mentions id:m2 ; dcterms:issued "2011-01-01"^^xsd:date .
id:v til:stage stage:proposed ; til:kind kind:grant ; dcterms:hasPart id:x . id:w til:stage stage:proposed ; til:kind kind:loan ; dcterms:hasPart id:x .
id:v1 til:figureOf id:v ; til:origin origin:stated ; til:role role:level ; til:currency cur:DKK .
id:v2 til:figureOf id:v ; til:origin origin:stated ; til:role role:increase ; til:currency cur:DKK .
id:w1 til:figureOf id:w ; til:origin origin:stated ; til:role role:level ; til:currency cur:DKK .
id:c dcterms:spatial country:NOR .
id:b a schema:MonetaryAmount ; dcterms:spatial country:NOR ; til:currency cur:DKK ; schema:value 4 .
"""


@pytest.fixture(scope="module")
def checks(project: Project) -> list[Check]:
    return [read_check(path) for path in project.check_files()]


def rows(checks: list[Check], quads: list[ox.Quad]) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    store = ox.Store()
    store.bulk_extend(quads)
    return {(row.check.name, row.columns) for row in run(checks, store)}


def stored(quads: list[ox.Quad]) -> Stored:
    store = ox.Store()
    store.bulk_extend(encoded(quads))
    return Stored(store)


def compare(checks: list[Check], old: list[ox.Quad], new: list[ox.Quad]) -> set[str]:
    """The checks with rows, after the rows were found to be those of the whole less the graph's own."""
    expected = rows(checks, [*old, *new]) - rows(checks, old)
    found, left = run_new(checks, stored(old), made(new))
    assert left == []
    assert {(row.check.name, row.columns) for row in found} == expected
    return {name for name, _ in expected}


def broken() -> list[ox.Quad]:
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.items())
    return list(ox.parse((head + FAULTS).encode(), format=ox.RdfFormat.TURTLE))


def test_every_check_is_broken_by_something_new(checks: list[Check]) -> None:
    quads = broken()
    seen = compare(checks, [], quads)
    assert seen == {check.name for check in checks}
    for n, quad in enumerate(quads):
        seen |= compare(checks, quads[:n] + quads[n + 1 :], [quad])


@pytest.mark.parametrize("seed", range(12))
def test_checks_on_a_graph_however_it_is_split(checks: list[Check], seed: int) -> None:
    chance = random.Random(seed)
    quads = [*broken(), *generated(20, seed)]
    new = [quad for quad in quads if chance.random() < 0.1 * (seed % 4 + 1)]
    compare(checks, [quad for quad in quads if quad not in set(new)], new)


def test_a_check_that_would_compare_literals_otherwise_is_left_out_by_name(checks: list[Check]) -> None:
    """The engine compares +00:00 as Z: which nodes have such a date cannot be looked up by the date as written."""
    old = [q for q in broken() if "a" not in str(q.subject)]
    old.append(
        ox.Quad(
            ox.NamedNode("http://e.example/p"),
            ox.NamedNode(NAMESPACES["dcat"] + "endDate"),
            ox.Literal("2010-12-31+00:00", datatype=ox.NamedNode(NAMESPACES["xsd"] + "date")),
        )
    )
    _, left = run_new(checks, stored(old), made(broken()))
    assert left == ["same-period"]


LITERALS = st.one_of(
    st.tuples(st.text(max_size=8), st.just(None)),
    st.tuples(
        st.from_regex(
            r"[+-]?[0-9]{1,4}(\.[0-9]{0,3})?|[12][09][0-9]{2}-0[0-9]-[0-3]0(Z|\+00:00)?|true|INF|P1Y12M"
        ),
        st.sampled_from(
            ["integer", "decimal", "date", "boolean", "double", "int", "duration", "hexBinary", "string"]
        ),
    ),
)


@settings(max_examples=60)
@given(LITERALS)
def test_every_literal_comes_back_as_it_was_written(made_of: tuple[str, str | None]) -> None:
    text, kind = made_of
    literal = (
        ox.Literal(text) if kind is None else ox.Literal(text, datatype=ox.NamedNode(NAMESPACES["xsd"] + kind))
    )
    node, predicate = ox.NamedNode("http://e.example/a"), ox.NamedNode("http://e.example/p")
    graph = stored([ox.Quad(node, predicate, literal)])
    assert graph.lookup(node) == {predicate.value: literal}
    assert list(graph.subjects(predicate.value, literal)) == [node]
    assert list(graph.pairs(predicate.value)) == [(node, literal)]
    plain = ox.Store()
    plain.add(ox.Quad(node, predicate, literal))
    assert (next(iter(plain)).object != literal) == (graph.rewritten == {predicate.value})


# The whole command, in memory and from the stored index.

OLD = """
id:org a m8g:PublicOrganisation ; skos:prefLabel "Org"@en ; org:subOrganizationOf id:other .
id:doc a foaf:Document ; dcterms:title "D"@en ; dcterms:language lang:ENG ; dcterms:publisher id:org ; dcterms:issued "2019-10-07"^^xsd:date .
id:whole a til:Commitment ; skos:prefLabel "W"@en ; til:kind kind:grant ; til:stage stage:agreed ; til:programme id:prog ;
  til:funder id:org ; dcterms:spatial country:DNK ; dcterms:source id:doc ; dcterms:hasPart id:part .
id:part a til:Commitment ; skos:prefLabel "P"@en ; til:kind kind:grant ; til:stage stage:agreed ; til:programme id:prog ;
  til:funder id:org ; dcterms:spatial country:DNK ; dcterms:source id:doc .
id:prog a til:Programme ; skos:prefLabel "Prog"@en .
id:whole-level a til:Figure ; til:figureOf id:whole ; til:role role:level ; til:basis basis:wholePeriod ; til:origin origin:stated ;
  schema:value 190000000 ; til:currency cur:DKK ; til:qualifier qual:exact ; til:step 1000000 ; dcterms:source id:doc .
id:lexical a til:Figure ; til:figureOf id:part ; til:role role:level ; til:basis basis:wholePeriod ; til:origin origin:stated ;
  schema:value "190000000"^^xsd:decimal ; til:currency cur:DKK ; til:qualifier qual:exact ; til:step "0010"^^xsd:integer ; dcterms:source id:doc .
id:odd a id:OddFigure ; til:figureOf id:part ; schema:value 1.50 .
"""
NEW = {  # the file → the nodes that it makes wrong, and by which rule
    "figure in another currency": (
        """id:part-level a til:Figure ; til:figureOf id:part ; til:role role:level ; til:basis basis:wholePeriod ; til:origin origin:stated ;
        schema:value 5000000 ; til:currency cur:NOK ; til:qualifier qual:exact ; til:step 1000000 ; dcterms:source id:doc .""",
        {("whole", "part-currency"), ("part-level", "amount-currency-of-another-country")},
    ),
    "second stage": ("id:whole til:stage stage:adopted .", {("whole", "commitment-stage")}),
    "a type": ("id:org a til:Programme ; skos:broader id:prog .", set()),
    "a subclass": (
        "id:OddFigure rdfs:subClassOf til:Figure .",
        {("odd", "figure-role"), ("odd", "figure-currency")},
    ),
    "a value as it is written": ('id:lexical til:step "007"^^xsd:integer .', {("lexical", "figure-step")}),
    "what the graph says already": ("id:odd a id:OddFigure .", {("odd", "already-described")}),
}


@pytest.mark.parametrize("name", NEW)
def test_old_nodes_get_the_verdict_that_new_data_gives_them(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.items())
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "old.ttl").write_text(head + OLD, encoding="utf-8")
    text, expected = NEW[name]
    file = tmp_path / "new.ttl"
    file.write_text(head + text, encoding="utf-8")
    project = Project.find(tmp_path)
    reports = []
    for small in (1 << 40, 0):
        monkeypatch.setattr(cache, "SMALL", small)
        reports.append(validate(project, [file]))
    assert list((tmp_path / "cache/tilsagn/stores").iterdir())
    assert reports[0].findings == reports[1].findings
    assert reports[0].notes == reports[1].notes == ()
    found = {(display(f.focus or "").removeprefix("id:"), f.rule) for f in reports[1].findings}
    assert expected <= found
    assert {focus for focus, _ in found} <= {focus for focus, _ in expected} | (
        {"org"} if name == "a type" else set()
    )


def test_a_blank_node_of_the_graph_excuses_none_of_a_new_file(tmp_path: Path) -> None:
    """Once, where the graph was one file, a label that both used was taken for one node."""
    head = "@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    shapes = (
        head + "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ."
    )
    (tmp_path / "graph").mkdir()
    files = {"graph/old.ttl": "_:x ex:q 1 .", "new.ttl": "_:x ex:p 1 .", "shapes.ttl": ""}
    for name, text in files.items():
        (tmp_path / name).write_text(head + text if text else shapes, encoding="utf-8")
    report = validate(Project.find(tmp_path), [tmp_path / "new.ttl"], shapes=[tmp_path / "shapes.ttl"])
    assert [finding.component for finding in report.findings] == [
        "<http://www.w3.org/ns/shacl#MinCountConstraintComponent>"
    ]


def test_a_file_of_the_graph_is_held_against_the_rest_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is edited, the index of the other files serves."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.items())
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "old.ttl").write_text(head + OLD, encoding="utf-8")
    file = tmp_path / "graph" / "new.ttl"
    for name in ("second stage", "figure in another currency"):
        text, expected = NEW[name]
        file.write_text(head + text, encoding="utf-8")
        reports = []
        for small in (1 << 40, 0):
            monkeypatch.setattr(cache, "SMALL", small)
            monkeypatch.setattr(validation, "LARGE", small)
            reports.append(validate(Project.find(tmp_path), [file]))
        assert reports[0].findings == reports[1].findings
        assert expected <= {(display(f.focus or "").removeprefix("id:"), f.rule) for f in reports[1].findings}
    assert len(list((tmp_path / "cache/tilsagn/stores").iterdir())) == 1


def test_what_the_paths_do_not_tell_is_validated_whole_and_said() -> None:
    shapes = "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:node ex:S ] ; sh:closed false ."
    base, new, _ = split("ex:b a ex:T ; ex:p ex:c .\nex:a a ex:T ; ex:p ex:b .", {1})
    with pytest.raises(ReadWhole):
        by_reach(index(PREFIXES + shapes), new, base)


@pytest.mark.parametrize(
    "path",
    [
        "ex:p",
        "[ sh:inversePath ex:p ]",
        "( ex:p ex:q )",
        "( [ sh:inversePath ex:p ] ex:q )",
        "[ sh:alternativePath ( ex:p [ sh:inversePath ex:q ] ) ]",
        "[ sh:zeroOrMorePath ex:p ]",
        "[ sh:oneOrMorePath ex:p ]",
        "[ sh:zeroOrOnePath ex:p ]",
        "( [ sh:inversePath ex:p ] [ sh:zeroOrMorePath [ sh:alternativePath ( ex:p ex:q ) ] ] )",
    ],
)
@pytest.mark.parametrize("body", ["sh:maxCount 1", "sh:class ex:T", "sh:equals ex:r", "sh:minCount 1"])
def test_paths_of_every_kind_see_each_new_statement(path: str, body: str) -> None:
    shapes = f"ex:S a sh:NodeShape ; sh:targetNode ex:a , ex:b , ex:c ; sh:property [ sh:path {path} ; {body} ] ."
    data = (
        "ex:a ex:p ex:b .\nex:d ex:p ex:b .\nex:b ex:q ex:c .\nex:c ex:p ex:d .\nex:d a ex:T .\nex:a ex:r ex:b ."
    )
    for new in range(6):
        check(shapes, data, {new})


def test_disjoint_siblings_are_read_too() -> None:
    shapes = """ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property ex:P . ex:S2 sh:property ex:P , ex:Q .
    ex:P sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:T ] ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true .
    ex:Q sh:path ex:q ; sh:qualifiedValueShape [ sh:property [ sh:path ex:r ; sh:hasValue 1 ] ] ; sh:qualifiedMinCount 0 ."""
    assert check(shapes, "ex:a ex:p ex:b .\nex:b a ex:T .\nex:b ex:r 1 .", {2})
