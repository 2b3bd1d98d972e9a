"""What is said beside the answer to a question of one's own, and questions that name graphs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import remarks
from kg.errors import UsageError
from kg.sparql import read_only, syntax_error
from kg.store import Store
from tests.conftest import Kg


@pytest.mark.parametrize(
    ("text", "unbound"),
    [
        ("SELECT ?nmae { ?s foaf:name ?name }", ["nmae"]),
        ("SELECT ?s { ?s foaf:name ?name } ORDER BY DESC(?nam)", ["nam"]),
        ("SELECT ?s { ?s foaf:name ?name FILTER(?naem > 1) }", ["naem"]),
        ("SELECT ?s { { SELECT ?s ?b (MAX(?v) AS ?m) { ?s ?p ?v } GROUP BY ?s ?b } FILTER(?m > 1) }", ["b"]),
        ("CONSTRUCT { ?s ?p ?oo } WHERE { ?s ?p ?o }", ["oo"]),
        ("SELECT ?a ?b ?c ?d ?e { ?a ?p (?b) BIND(1 AS ?c) VALUES (?d) { (1) } VALUES ?e { 2 } }", []),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER EXISTS { ?o ?q ?s } } HAVING(?n > 1) ORDER BY ?n", []),
        ("SELECT $s { ?s ?p ?o }", []),
        ("SELECT * { ?s ?p ?o }", []),
        ("SELECT ?x { ?s ?p ?o } VALUES ?x { 1 }", []),
    ],
)
def test_names_that_nothing_binds(text: str, unbound: list[str]) -> None:
    said = list(remarks.of_text(read_only(text)))
    assert [line.split()[0] for line in said] == [f"?{name}" for name in unbound]


def test_a_name_bound_nowhere_is_offered_the_nearest(kg: Kg) -> None:
    run = kg("sparql", "-f", "csv", "-e", "SELECT ?labl { ?s skos:prefLabel ?label } LIMIT 1")
    assert run.returncode == 0
    assert "?labl is bound nowhere, so it is empty: did you mean ?label?" in run.stderr


def test_a_term_that_the_graph_does_not_have_is_named(kg: Kg) -> None:
    run = kg(
        "sparql", "-f", "csv", "-e", "SELECT (COUNT(*) AS ?n) { ?s til:knid kind:laon . ?s a til:Commitment }"
    )
    assert run.stdout == "n\n0\n"
    assert "nothing in the graph has til:knid: did you mean 'til:kind'" in run.stderr
    assert "nothing in the graph has kind:laon: did you mean 'kind:loan'" in run.stderr
    assert "til:Commitment:" not in run.stderr
    full = kg("sparql", "-f", "csv", "-e", "ASK { ?s a <https://w3id.org/tilsagn/ns#Comitment> }")
    assert "did you mean 'til:Commitment'" in full.stderr
    right = kg("sparql", "-f", "csv", "-e", "SELECT ?s { ?s a til:Commitment } LIMIT 1")
    assert right.stderr == ""


@pytest.mark.parametrize(
    ("text", "column", "name"),
    [
        ("SELECT ?s (COUNT(?p) AS ?n) { ?s ?p ?o }", 8, "?s"),
        ("SELECT (COUNT(?p) AS ?n) ?o { ?s ?p ?o } GROUP BY ?s", 26, "?o"),
        ("SELECT * { { SELECT ?s (SUM(?o) AS ?n) { ?s ?p ?o } } }", 21, "?s"),
    ],
)
def test_a_variable_that_is_not_grouped_has_its_place(store: Store, text: str, column: int, name: str) -> None:
    with pytest.raises(UsageError, match="GROUP BY") as caught:
        store.query(text)
    assert caught.value.message.startswith(name)
    assert caught.value.place is not None
    assert caught.value.place.column == column


def test_a_sum_that_came_out_empty_says_of_what(kg: Kg) -> None:
    """Figures that are ranges have no value: a sum over them is unbound, by the standard."""
    text = "SELECT ({}(DISTINCT ?v) AS ?t) {{ VALUES ?v {{ 1 2 'three' UNDEF }} }}"
    for name in ("SUM", "avg"):
        run = kg("sparql", "-f", "csv", "-e", text.format(name))
        assert run.stdout == 't\n""\n'
        assert "?v is no number in 2 of 4 solutions, so ?t is empty" in run.stderr
    assert "no number" not in kg("sparql", "-e", "SELECT (SUM(?v) AS ?t) { VALUES ?v { 1 2 } }").stderr


def test_graphs_are_the_files_where_a_question_names_them(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:p> 1 .", encoding="utf-8")
    (tmp_path / "b.trig").write_text("<urn:g> { <urn:a> <urn:p> 2 } <urn:a> <urn:p> 3 .", encoding="utf-8")

    def ask(text: str) -> str:
        run = kg("sparql", "--data", tmp_path, "-f", "csv", "-e", text)
        assert run.returncode == 0, run.stderr
        return run.stdout

    names = "https://w3id.org/tilsagn/graph/"
    assert ask("SELECT ?g ?v { GRAPH ?g { <urn:a> <urn:p> ?v } } ORDER BY ?v").splitlines() == [
        "g,v",
        f"{names}a,1",
        "urn:g,2",
        f"{names}b,3",
    ]
    assert ask("SELECT ?v FROM <urn:g> { <urn:a> <urn:p> ?v }") == "v\n2\n"
    assert ask("SELECT ?v FROM NAMED <urn:g> { GRAPH ?g { <urn:a> <urn:p> ?v } }") == "v\n2\n"
    assert ask("SELECT (SUM(?v) AS ?s) { <urn:a> <urn:p> ?v }") == "s\n6\n"
    assert ask("SELECT ?v { <urn:a> <urn:p> ?v . GRAPH <urn:g> { ?s ?p ?v } }") == "v\n2\n"


def test_an_endpoint_is_not_sent_elsewhere_by_from(kg: Kg) -> None:
    run = kg("sparql", "--at", "http://127.0.0.1:9/", "-e", "SELECT * FROM <urn:g> { ?s ?p ?o }")
    assert run.returncode == 2
    assert "FROM" in run.stderr


def test_another_refusal_of_the_engine_keeps_its_words() -> None:
    error = syntax_error(read_only("SELECT ?s { ?s ?p ?o }"), "error at 1:8: expected something else entirely")
    assert "GROUP BY" not in error.message
