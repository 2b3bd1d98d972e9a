"""The embedded store: one merged graph, and refusals with a place."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import UsageError, WorldError
from kg.project import Project
from kg.rdf import literal
from kg.results import Table, Triples, select
from kg.store import Store

TURTLE = "@prefix e: <http://e/> .\ne:a e:v 10 .\n"


def test_a_triple_in_two_files_counts_once(tmp_path: Path) -> None:
    for name in ("one.ttl", "two.ttl"):
        (tmp_path / name).write_text(TURTLE, encoding="utf-8")
    (tmp_path / "three.nq").write_text(
        '<http://e/a> <http://e/v> "10"^^<http://www.w3.org/2001/XMLSchema#integer> <http://e/g> .\n',
        encoding="utf-8",
    )
    store = Store.of_files(sorted(tmp_path.iterdir()))
    (row,) = select(store, "SELECT (SUM(?v) AS ?sum) { ?s <http://e/v> ?v }").rows
    assert row == (literal("10", "integer"),)


def test_blank_nodes_of_two_files_stay_two(tmp_path: Path) -> None:
    for name in ("one.ttl", "two.ttl"):
        (tmp_path / name).write_text("@prefix e: <http://e/> .\n_:a e:v 1 .\n", encoding="utf-8")
    assert len(Store.of_files(sorted(tmp_path.iterdir()))) == 2


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "bom.ttl").write_bytes(b"\xef\xbb\xbf" + TURTLE.encode())
    assert len(Store.of_files([tmp_path / "bom.ttl"])) == 1


def test_broken_turtle_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("@prefix e: <http://e/> .\ne:a e:b e:c ; e:d .\ne:x e:y\n", encoding="utf-8")
    with pytest.raises(WorldError) as error:
        Store.of_files([path])
    assert error.value.place is not None
    assert (error.value.place.file, error.value.place.line) == (str(path), 2)


def test_the_three_kinds_of_answer() -> None:
    store = Store.of([])
    assert isinstance(store.query("SELECT * { ?s ?p ?o }"), Table)
    assert isinstance(store.query("CONSTRUCT WHERE { ?s ?p ?o }"), Triples)
    assert store.query("ASK { ?s ?p ?o }") is False


@pytest.mark.parametrize("text", ["", "SELECT", "DELETE WHERE { ?s ?p ?o }", "INSERT DATA { <a:a> <a:b> <a:c> }"])
def test_what_is_not_a_query_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Store.of([]).query(text)


def test_the_digest_changes_with_any_byte_and_any_name(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    first = Project.find(tmp_path).digest()
    assert Project.find(tmp_path).digest() == first
    path.write_text(TURTLE.replace("10", "11"), encoding="utf-8")
    second = Project.find(tmp_path).digest()
    path.rename(tmp_path / "b.ttl")
    assert len({first, second, Project.find(tmp_path).digest()}) == 3
