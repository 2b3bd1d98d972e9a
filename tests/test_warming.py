"""Answers worked out ahead: all that may take long is kept before anybody asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.generate import generate, write_turtle
from kg import answered, cache, warming
from kg.answered import FOLDER, Answered
from kg.project import Project
from kg.queries import Query, find
from kg.rdf import Triple, iri
from kg.results import Answer, Source
from kg.store import Store
from kg.suggestions import common, literals
from tests.conftest import Kg

_MANY = 20


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("generated")
    with (folder / "graph.ttl").open("w", encoding="utf-8") as out:
        write_turtle(generate(100, seed=4), out)
    return Project.find(folder)


class Recording:
    """A source that remembers what it was asked."""

    def __init__(self, source: Source) -> None:
        self.asked: set[str] = set()
        self._source = source

    def query(self, text: str) -> Answer:
        self.asked.add(text)
        return self._source.query(text)


class Refusing:
    """A source that works nothing out."""

    def query(self, text: str) -> Answer:
        raise AssertionError(f"not kept:\n{text}")


def texts(project: Project, store: Source) -> set[str]:
    """Each question as it stands, and with one parameter and a common value, the others open or as they stand."""
    found = set()
    for query in map(Query.read, project.query_files()):
        found.add(query.bind())
        for parameter in query.parameters:
            if parameter.type in ("iri", "code"):
                values = common(store, query, parameter, _MANY)
            else:
                values = [value.value for value in literals(store, query, parameter, "")]
            for value in values:
                found.add(query.bind({parameter.name: [value]}))
                found.add(query.bind({other.name: None for other in query.parameters} | {parameter.name: [value]}))
    return found


def test_what_is_a_large_share_of_the_graph_is_there_when_it_is_asked(
    generated: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answered, "_LONG", -1.0)
    monkeypatch.setattr(warming, "_MANY", _MANY)
    monkeypatch.setattr(warming, "_FEW", 1000)
    store, steps = Store.load(generated), list[tuple[int, int]]()
    monkeypatch.setattr(warming, "_PATIENCE", -1)
    asked, dropped = warming.warm(
        generated, Answered(store, tmp_path), lambda done, total: steps.append((done, total))
    )
    wanted = texts(generated, store)
    assert asked == len(wanted) > 300 and dropped == 0
    for text in wanted:
        Answered(Refusing(), tmp_path).query(text)
    assert steps == sorted(steps) and steps[-1][0] == steps[-1][1] and len({total for _, total in steps}) == 1
    by_country = find(generated, "running-in").bind({"year": None, "country": ["country:NOR"]})
    assert by_country in wanted and store.query(by_country) == Answered(Refusing(), tmp_path).query(by_country)


def test_values_with_fewer_statements_are_left_when_many_in_a_row_were_quick(
    generated: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answered, "_LONG", 60.0)
    monkeypatch.setattr(warming, "_MANY", 1)
    monkeypatch.setattr(warming, "_PATIENCE", 3)
    monkeypatch.setattr(warming, "_FEW", 1000)
    source = Recording(Store.load(generated))
    warming.warm(generated, Answered(source, tmp_path))

    def asked(name: str, values: list[str], **others: None) -> list[bool]:
        (own,) = {parameter.name for parameter in find(generated, name).parameters} - set(others)
        return [find(generated, name).bind({**others, own: [value]}) in source.asked for value in values]

    query = find(generated, "commitments")
    documents = common(source, query, query.parameter("document"), 1)
    assert asked("commitments", documents) == [True] * 3 + [False] * (len(documents) - 3)
    query = find(generated, "running-in")
    years = [year.value for year in literals(source, query, query.parameter("year"), "")]
    assert asked("running-in", years, country=None) == [True] * len(years), "years have no such order"
    assert len(documents) > 3 < len(years)


def test_what_had_no_room_is_counted(generated: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answered, "_LONG", -1.0)
    monkeypatch.setattr(answered, "_MOST", 40_000)
    warmed = warming.warm(generated, Answered(Store.load(generated), tmp_path))
    left = list((tmp_path / FOLDER).iterdir())
    assert warmed.dropped > 0 and len(left) > 0 and sum(file.stat().st_size for file in left) <= 40_000


def test_a_programme_is_counted_with_all_its_parts(project: Project) -> None:
    """The root of a tree has few parts of its own, and took eight seconds."""
    part, parts = (
        iri("http://purl.org/dc/terms/isPartOf"),
        {"child": "root", "a": "child", "b": "child", "c": "child"},
    )
    tree = [Triple(iri(f"http://x/{low}"), part, iri(f"http://x/{high}")) for low, high in parts.items()]
    query = find(project, "programme-through-years")
    assert common(Store.of(tree), query, query.parameter("programme"), 1) == ["http://x/root", "http://x/child"]
    assert common(Store.of(tree), query, query.parameter("programme"), 4) == ["http://x/root"]


def test_more_literals_than_a_few_are_not_asked_one_by_one(
    generated: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = find(generated, "checksums")
    store = Answered(Store.load(generated), tmp_path)
    parameter = query.parameter("sha256")
    number = len(warming._values(store, query, parameter))
    assert number > 1
    monkeypatch.setattr(warming, "_FEW", number - 1)
    assert warming._values(store, query, parameter) == []


def test_the_command_keeps_them_and_says_how_many(kg: Kg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    with (tmp_path / "graph.ttl").open("w", encoding="utf-8") as out:
        write_turtle(generate(500, seed=5), out)
    assert cache.size(Project.find(tmp_path)) > cache.SMALL
    monkeypatch.setenv("KG_DATA", str(tmp_path))
    said = kg("cache", "warm").stdout
    assert said.startswith("asked ") and "long answers are kept" in said
    place = cache.find(Project.find(tmp_path))
    assert place is not None
    kept = len(list((place / FOLDER).glob("*")))
    assert f"; {kept} long answers are kept" in said


def test_a_small_graph_needs_none_of_it(kg: Kg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    (tmp_path / "graph.ttl").write_text("<http://x/s> <http://x/p> 1 .\n", encoding="utf-8")
    assert "from memory" in kg("cache", "warm", "--data", tmp_path).stdout
    assert not (tmp_path / "home").exists()
