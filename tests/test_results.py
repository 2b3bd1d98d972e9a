"""Answers for machines: the W3C formats, every value exact."""

from __future__ import annotations

import csv
import io
import json
from array import array

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import results
from kg.rdf import Term, iri, literal
from kg.results import NumberedRows, Table

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


def numbered(table: Table) -> NumberedRows:
    """The same rows, each cell the number of its term."""
    terms = list(dict.fromkeys([None, *(term for row in table.rows for term in row)]))
    cells = array("I", [terms.index(term) for row in table.rows for term in row])
    texts = [results.plain(term) for term in terms]
    return NumberedRows(len(table.columns), len(table.rows), cells, texts, lambda: terms)


@given(tables, st.integers(-5, 5), st.integers(-5, 5))
def test_rows_of_numbers_are_those_rows(table: Table, start: int, stop: int) -> None:
    rows = numbered(table)
    assert rows == table.rows and table.rows == rows and list(rows) == list(table.rows)
    assert rows[start:stop] == table.rows[start:stop] and len(rows) == len(table.rows)
    assert [rows[place] for place in range(-len(rows), len(rows))] == [*table.rows, *table.rows]
    with pytest.raises(IndexError):
        rows[len(rows)]


@given(tables)
def test_rows_of_numbers_are_written_as_the_rows_are(table: Table) -> None:
    other = Table(table.columns, numbered(table))
    for write in (results.to_csv, results.to_tsv, results.to_json, results.to_srj):
        assert write(other) == write(table)


def test_what_has_signs_of_csv_is_quoted_once_in_rows_of_numbers() -> None:
    table = Table(("a", "b"), tuple((literal(text), None) for text in ('a "b"', "x,y", "1\r2", "3\n4", " ", "'")))
    assert results.to_csv(Table(table.columns, numbered(table))) == results.to_csv(table)


@pytest.mark.parametrize("columns", [(), ("only",)])
def test_rows_of_numbers_may_be_narrow(columns: tuple[str, ...]) -> None:
    rows = ((None,) * len(columns), tuple(literal('a "b"') for _ in columns))
    table = Table(columns, rows)
    assert results.to_csv(Table(columns, numbered(table))) == results.to_csv(table)
    assert list(numbered(table)) == list(rows)


@given(tables)
def test_records_leave_out_what_is_unbound(table: Table) -> None:
    wanted = [
        {name: results.plain(term) for name, term in zip(table.columns, row, strict=True) if term is not None}
        for row in table.rows
    ]
    assert json.loads(results.to_json(table)) == wanted


def test_yes_and_no() -> None:
    assert json.loads(results.to_srj(True))["boolean"] is True
