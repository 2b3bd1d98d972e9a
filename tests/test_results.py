"""Answers for machines: the W3C formats, every value exact."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from kg import results
from kg.rdf import Term, iri, literal
from kg.results import Table

terms: st.SearchStrategy[Term | None] = st.one_of(
    st.none(),
    st.builds(lambda n: iri(f"https://example.org/{n}"), st.integers(0, 9)),
    st.builds(literal, st.text(st.characters(exclude_categories=["Cs"]))),
    st.builds(lambda text: literal(text, language="nb"), st.text(st.characters(exclude_categories=["Cs"]))),
    st.builds(lambda n: literal(str(n), "integer"), st.integers()),
    st.builds(lambda n: literal(f"{n}.50", "decimal"), st.integers()),
)
tables = st.builds(lambda rows: Table(("a", "b"), tuple(rows)), st.lists(st.tuples(terms, terms), max_size=4))


def parsed(text: str, form: ox.QueryResultsFormat) -> list[tuple[object, ...]]:
    solutions = ox.parse_query_results(text, format=form)
    return [tuple(solution) for solution in solutions]  # type: ignore[union-attr]  # a SELECT has solutions


@given(tables)
def test_the_json_results_format_is_read_back_by_the_library(table: Table) -> None:
    assert parsed(results.to_srj(table), ox.QueryResultsFormat.JSON) == list(table.rows)


@given(tables)
def test_tsv_is_read_back_by_the_library(table: Table) -> None:
    assert parsed(results.to_tsv(table), ox.QueryResultsFormat.TSV) == list(table.rows)


@given(tables)
def test_csv_has_every_value_as_it_is(table: Table) -> None:
    header, *rows = list(csv.reader(io.StringIO(results.to_csv(table), newline="")))
    assert header == ["a", "b"]
    assert rows == [[results.plain(term) for term in row] for row in table.rows]


@given(tables)
def test_records_leave_out_what_is_unbound(table: Table) -> None:
    wanted = [
        {name: results.plain(term) for name, term in zip(table.columns, row, strict=True) if term is not None}
        for row in table.rows
    ]
    assert json.loads(results.to_json(table)) == wanted


def test_yes_and_no() -> None:
    assert json.loads(results.to_srj(True))["boolean"] is True
