"""Every row of every canned query says what it rests on: a document and words, or the figures it follows from."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.explain import by_row, support
from kg.project import Project
from kg.queries import Query, addends
from kg.render import support_lines
from kg.results import Table
from kg.store import Store
from kg.terms import ID

QUERIES = Project.find().query_files()


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_every_row_is_explained(path: Path, store: Store) -> None:
    text = Query.read(path).bind()
    table = store.query(text)
    assert isinstance(table, Table)
    for row, found in zip(table.rows, by_row(store, table, text), strict=True):
        assert any(one.words for one in found), row


def test_a_sum_is_explained_by_the_figures_that_it_adds(store: Store, project: Project) -> None:
    query = Query.read(project.queries / "by-kind.rq")
    text = query.bind({"scope": "doc-no-2019-hoyt-digitaliseringstempo"})
    table = store.query(text)
    assert isinstance(table, Table)
    at = {name: index for index, name in enumerate(table.columns)}
    for row, found in zip(table.rows, by_row(store, table, text), strict=True):
        figures = [one for one in found if one.thing.startswith(ID) and one.thing.endswith("-level")]
        count = row[at["figures"]]
        assert count is not None and str(len(figures)) == count.value


def test_a_derived_figure_shows_its_figures_rule_and_words(store: Store) -> None:
    thing = ID + "medfinansieringsordningen-2020-increase-before"
    found = support(store, [thing])[thing]
    assert set(found.derived_from) == {
        ID + "medfinansieringsordningen-2020-increase",
        ID + "medfinansieringsordningen-2020-level",
    }
    assert found.rule and found.rule.endswith("/rule/1")
    assert {"60 millioner kroner", "nesten 190 millioner kroner"} <= {words.words for words in found.words}
    assert any("follows from" in line for line in support_lines(store, [found], "en"))


def test_a_quotation_names_its_speaker(store: Store) -> None:
    thing = ID + "nye-digitaliseringstiltak-2020-level"
    lines = support_lines(store, support(store, [thing]).values(), "en")
    assert any(line.endswith("said by Nikolai Astrup") for line in lines)


def test_a_thing_that_nothing_supports_has_no_support(store: Store) -> None:
    assert support(store, [ID + "no-such-thing"]) == {}


def test_the_addends_of_a_query_without_sums_are_none() -> None:
    assert addends("SELECT ?figure WHERE { ?figure ?p ?o }") is None
    assert addends("SELECT ?s WHERE { { SELECT ?s WHERE { ?s ?p ?o } } }") is None


def test_the_addends_are_the_sub_select_that_lists_figures() -> None:
    text = (
        "PREFIX e: <http://e/>\n"
        "SELECT ?k (SUM(?v) AS ?sum) WHERE { { SELECT DISTINCT ?k ?figure ?v WHERE { ?figure e:k ?k ; e:v ?v "
        'FILTER(STR(?k) != "}") } } } GROUP BY ?k'
    )
    found = addends(text)
    assert found is not None
    assert found.startswith("PREFIX e: <http://e/>\nSELECT DISTINCT ?k ?figure ?v WHERE {")
    assert found.rstrip().endswith('FILTER(STR(?k) != "}") }')
