"""The embedded store: one merged graph, and refusals with a place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import ordering
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


_NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20).map(lambda n: f'"{n}"^^xsd:integer'),
    st.decimals(-(10**6), 10**6, places=3).map(lambda n: f'"{n:f}"^^xsd:decimal'),
)
_DAYS = st.dates(date(1000, 1, 1))
_FORMS = st.one_of(
    _DAYS.map(lambda day: f'"{day}"^^xsd:date'),
    _DAYS.map(lambda day: f'"{day:%Y-%m}"^^xsd:gYearMonth'),
    _DAYS.map(lambda day: f'"{day:%Y}"^^xsd:gYear'),
    st.text("abcÆøå€𝄞 ", max_size=3).map(lambda text: f'"{text}"'),
    st.tuples(st.text("abå", max_size=2), st.sampled_from(["da", "en", "nb"])).map(
        lambda said: f'"{said[0]}"@{said[1]}'
    ),
    st.binary(max_size=2).map(lambda digest: f'"{digest.hex()}"^^xsd:hexBinary'),
    st.sampled_from(['"true"^^xsd:boolean', '"false"^^xsd:boolean']),
)
_COLUMNS = st.sampled_from(
    [
        _NUMBERS,
        _FORMS,
        st.text("ab/-é", max_size=4).map(lambda text: f"<urn:{text}>"),
        st.sampled_from(['"2020-01-01T00:00:00"^^xsd:dateTime', '"2020-01-01T00:00:00+01:00"^^xsd:dateTime']),
        st.sampled_from(["<urn:a>", '"a"', "1"]),
    ]
).flatmap(lambda terms: st.lists(terms | st.just("UNDEF"), min_size=12, max_size=12))


@given(st.tuples(_COLUMNS, _COLUMNS), st.tuples(st.booleans(), st.booleans()))
def test_rows_are_in_the_order_of_the_engine(
    columns: tuple[list[str], list[str]], descending: tuple[bool, bool]
) -> None:
    """Ordered here, since the engine takes longer for it than for the rows: what was asked for comes of it."""
    rows = "".join(f"({one} {other})" for one, other in zip(*columns, strict=True))
    keys = " ".join(f"DESC({name})" if down else name for name, down in zip(("?a", "?b"), descending, strict=True))
    text = f"SELECT ?a ?b WHERE {{ VALUES (?a ?b) {{ {rows} }} }}\nORDER BY {keys}"
    store = Store.of([])
    ours, theirs = store.query(text), store.query(f"{text} # in the engine's hands")
    assert ordering.parted(text)[1] and not ordering.parted(f"{text} # in the engine's hands")[1]
    assert isinstance(ours, Table) and isinstance(theirs, Table)
    assert [list(map(str, row)) for row in ours.rows] == [list(map(str, row)) for row in theirs.rows]


def test_only_an_order_that_a_query_ends_in_is_taken_over() -> None:
    whole = "SELECT ?a WHERE { ?a ?b ?c }\nORDER BY ?a"
    assert ordering.parted(whole) == ("SELECT ?a WHERE { ?a ?b ?c }\n", [("a", False)])
    for other in (
        f"{whole} LIMIT 3",
        whole.replace("\nORDER", "\n# ORDER"),
        "SELECT ?a { ?a ?b ?c }\nORDER BY STR(?a)",
    ):
        assert ordering.parted(other) == (other, [])
