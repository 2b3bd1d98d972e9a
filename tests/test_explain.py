"""Every row of every canned query says what it rests on: a document and words, or the figures it follows from."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.display import cells
from kg.explain import by_row, support
from kg.project import Project
from kg.queries import Query, addends
from kg.render import support_lines
from kg.results import Answer, Table
from kg.store import Store
from kg.terms import ID

QUERIES = Project.find().query_files()


# What no document says, and counts of documents, have no words to show.
WORDLESS = {"missing-years", "source-kind"}


@pytest.mark.parametrize(
    "path", [path for path in QUERIES if path.stem not in WORDLESS], ids=lambda path: path.stem
)
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
        figures = [one for one in found if one.thing.startswith(ID) and one.thing.endswith(("-level", "-rest"))]
        count = row[at["rows"]]
        assert count is not None and str(len(figures)) == count.value


def test_a_derived_figure_shows_its_figures_rule_and_words(store: Store) -> None:
    thing = ID + "medfinansieringsordningen-2020-increase-before"
    found = support(store, [thing])[thing]
    assert set(found.derived_from) == {
        ID + "medfinansieringsordningen-2020-increase",
        ID + "medfinansieringsordningen-2020-level",
    }
    assert found.rule and found.rule.endswith("/rule/3")
    assert {"60 millioner kroner", "nesten 190 millioner kroner"} <= {words.words for words in found.words}
    assert any("follows from" in line for line in support_lines(store, [[found]], "en")[0])


def test_a_quotation_names_its_speaker(store: Store) -> None:
    thing = ID + "nye-digitaliseringstiltak-2020-level"
    lines = support_lines(store, [support(store, [thing]).values()], "en")[0]
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


def test_a_part_of_the_sub_select_that_lists_figures_is_not_taken_for_it() -> None:
    text = (
        "SELECT ?k (SUM(?v) AS ?sum) WHERE { { SELECT DISTINCT ?k ?figure ?v WHERE { "
        "{ SELECT ?figure ?k { ?figure <e:k> ?k } } { SELECT ?figure ?v { ?figure <e:v> ?v } } } } } GROUP BY ?k"
    )
    found = addends(text)
    assert found is not None and found.startswith("SELECT DISTINCT ?k ?figure ?v WHERE { { SELECT ?figure ?k {")
    assert found.rstrip().endswith("{ SELECT ?figure ?v { ?figure <e:v> ?v } } }")


def test_the_questions_with_addends_are_those_that_sum(project: Project) -> None:
    # words-or-page counts: with ?figure in its sub-selects, each of its rows was explained by every figure.
    asked = [Query.read(path) for path in project.query_files()]
    summing = {query.name for query in asked if addends(query.text)}
    assert summing == {
        "budget-year",
        "by-kind",
        "payers",
        "promised-by-government",
        "side-by-side",
    }


class Listening:
    """A source that notes what it is asked."""

    def __init__(self, store: Store) -> None:
        self.asked: list[str] = []
        self._store = store

    def query(self, text: str) -> Answer:
        self.asked.append(text)
        return self._store.query(text)


def test_no_question_about_many_things_multiplies_two_lists(store: Store, project: Project) -> None:
    # Two VALUES made the engine read every label of a large graph: a table of 22 rows took a second more.
    source = Listening(store)
    text = Query.read(project.queries / "commitments.rq").bind({})
    table = store.query(text)
    assert isinstance(table, Table) and len(table.rows) > 20
    explained = by_row(source, table, text)
    support_lines(source, explained, "en")
    cells(table, source, "en")
    assert all(asked.count("VALUES") <= 1 for asked in source.asked if asked != text)


def test_the_names_that_many_rows_need_are_asked_for_together(store: Store, project: Project) -> None:
    text = Query.read(project.queries / "commitments.rq").bind({})
    table = store.query(text)
    assert isinstance(table, Table)
    explained = by_row(store, table, text)[
        :24
    ]  # stated; what is left of a total comes last, by a rule that has a name too
    few, many = Listening(store), Listening(store)
    assert support_lines(few, explained[:2], "en") == support_lines(many, explained, "en")[:2]
    assert len(few.asked) == len(many.asked)
