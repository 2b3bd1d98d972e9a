"""Kept answers: the same as worked out, whole or not there, gone with their index."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import answered, cache
from kg.answered import Answered, packed, unpacked
from kg.errors import UsageError
from kg.project import Project
from kg.queries import Query
from kg.rdf import BlankNode, Triple, iri, literal
from kg.results import Answer, Source, Table
from kg.store import Store

_TEXT = st.text(st.characters(codec="utf-8"))
_TERMS = st.one_of(
    st.none(),
    st.from_regex("http://x/[a-zæ/]*", fullmatch=True).map(iri),
    _TEXT.map(literal),
    st.builds(literal, _TEXT, st.sampled_from(["integer", "decimal", "date", "http://x/own"])),
    st.builds(lambda text, language: literal(text, language=language), _TEXT, st.sampled_from(["da", "nb-no"])),
)
_TABLES = st.integers(0, 3).flatmap(
    lambda width: st.builds(
        lambda rows: Table(tuple(f"c{n}" for n in range(width)), tuple(map(tuple, rows))),
        st.lists(st.lists(_TERMS, min_size=width, max_size=width), max_size=6),
    )
)
ASK = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"


class Counting:
    """A source that counts what it works out."""

    def __init__(self, source: Source) -> None:
        self.asked = 0
        self._source = source

    def query(self, text: str) -> Answer:
        self.asked += 1
        return self._source.query(text)


@pytest.fixture(autouse=True)
def every_answer_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answered, "_LONG", -1.0)


@pytest.fixture
def source() -> Counting:
    triples = [Triple(iri(f"http://x/{n}"), iri("http://x/p"), literal(str(n), "integer")) for n in range(9)]
    return Counting(Store.of(triples))


@given(_TABLES)
def test_a_table_comes_back_as_it_was(table: Table) -> None:
    data = packed(table)
    assert data is not None
    assert unpacked(data) == table


@given(_TABLES, st.data())
def test_bytes_that_are_not_whole_are_refused(table: Table, data: st.DataObject) -> None:
    whole = packed(table)
    assert whole is not None
    broken = bytearray(whole)
    place = data.draw(st.integers(0, len(whole) - 1))
    broken[place] ^= data.draw(st.integers(1, 255))
    for one in (bytes(broken), whole[:place]):
        with pytest.raises(ValueError):
            unpacked(one)


@pytest.mark.parametrize("path", Project.find().query_files(), ids=lambda path: path.stem)
def test_every_question_has_the_same_answer_again(path: Path, store: Store, tmp_path: Path) -> None:
    source = Counting(store)
    text = Query.read(path).bind()
    asked = [Answered(source, tmp_path).query(text) for _ in range(2)]
    assert asked[0] == asked[1] == store.query(text)
    assert source.asked == 1


def test_a_short_answer_is_not_kept(source: Counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answered, "_LONG", 60.0)
    for _ in range(2):
        Answered(source, tmp_path).query(ASK)
    assert source.asked == 2 and not (tmp_path / "answers").exists()


@pytest.mark.parametrize("function", ["NOW()", "rand()", "STRUUID()", "UUID ()", "BNODE()"])
def test_what_changes_each_time_is_not_kept(source: Counting, tmp_path: Path, function: str) -> None:
    for _ in range(2):
        Answered(source, tmp_path).query(f"SELECT ?x {{ BIND({function} AS ?x) }}")
    assert source.asked == 2


@pytest.mark.parametrize(
    "text", ["ASK { ?s ?p ?o }", "SELECT ?b { BIND(1 AS ?b) }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"]
)
def test_every_form_of_answer_passes(source: Counting, tmp_path: Path, text: str) -> None:
    answers = [Answered(source, tmp_path).query(text) for _ in range(2)]
    assert answers[0] == answers[1]


def test_a_node_without_a_name_is_not_kept() -> None:
    assert packed(Table(("x",), ((BlankNode("b"),),))) is None


def test_what_is_no_query_is_refused_each_time(source: Counting, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(UsageError):
            Answered(source, tmp_path).query("SELECT")


@pytest.mark.parametrize(
    "harm", [lambda data: data[:-1], lambda data: b"", lambda data: data[:9] + b"x" + data[10:]]
)
def test_a_broken_answer_is_worked_out_anew(
    source: Counting, tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    whole = Answered(source, tmp_path).query(ASK)
    (file,) = (tmp_path / "answers").iterdir()
    file.write_bytes(harm(file.read_bytes()))
    assert Answered(source, tmp_path).query(ASK) == whole
    assert Answered(source, tmp_path).query(ASK) == whole
    assert source.asked == 2


def test_where_nothing_can_be_kept_the_answer_comes_all_the_same(source: Counting, tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("in the way")
    assert Answered(source, tmp_path).query(ASK) == source.query(ASK)
    assert Answered(source, tmp_path / "gone").query(ASK) == source.query(ASK)


def test_a_kept_answer_is_read_where_nothing_may_be_written(
    source: Counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("read-only")

    whole = Answered(source, tmp_path).query(ASK)
    monkeypatch.setattr(os, "utime", refuse)
    assert Answered(source, tmp_path).query(ASK) == whole
    assert source.asked == 1


def test_the_least_lately_used_give_way(source: Counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "answers"
    texts = [f"{ASK} OFFSET {n}" for n in range(8)]
    for age, text in enumerate(texts):
        before = set(folder.glob("*"))
        Answered(source, tmp_path).query(text)
        (made,) = set(folder.glob("*")) - before
        os.utime(made, (1000.0 + age, 1000.0 + age))
    Answered(source, tmp_path).query(texts[0])
    most = sum(file.stat().st_size for file in folder.iterdir())
    monkeypatch.setattr(answered, "_MOST", most)
    Answered(source, tmp_path).query(f"{ASK} LIMIT 5")
    assert sum(file.stat().st_size for file in folder.iterdir()) <= most
    worked_out = source.asked
    Answered(source, tmp_path).query(texts[0])
    assert source.asked == worked_out, "it was used last"
    Answered(source, tmp_path).query(texts[1])
    assert source.asked == worked_out + 1, "it was used first"


def test_a_changed_graph_has_answers_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    folder = tmp_path / "g"
    folder.mkdir()
    pad = "".join(f'<http://x/s{n}> <http://x/p> "{"x" * 1000}" .\n' for n in range(cache.SMALL // 1000 + 1))
    (folder / "graph.ttl").write_text(f'{pad}<http://x/s> <http://x/q> "one" .\n')
    project = Project.find(folder)
    answers = []
    for value in ("one", "two"):
        (folder / "graph.ttl").write_text(f'{pad}<http://x/s> <http://x/q> "{value}" .\n')
        place = cache.build(project)
        answers += [Answered(Store.open(place), place).query("SELECT ?o { ?s <http://x/q> ?o }") for _ in range(2)]
        assert cache.find(project) == place, "answers are no harm to an index"
    assert [str(answer.rows[0][0]) for answer in answers if isinstance(answer, Table)] == ['"one"'] * 2 + [
        '"two"'
    ] * 2
    sizes = [entry.size for entry in cache.entries()]
    assert sum(sizes) == sum(file.stat().st_size for file in home.rglob("stores/*/**/*") if file.is_file())
    cache.clear()
    assert not list(home.rglob("answers"))
