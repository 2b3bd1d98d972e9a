"""Query files: what a header must say, and that declarations and text are checked both ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import UsageError, WorldError
from kg.project import Project
from kg.queries import Query, find

GOOD = """\
# What is it?
#
# Some prose.
#
# @answers 2 3
# @money value
# @empty Nothing is.
# @param thing  iri      A thing.
# @param year   integer  A year; UNDEF for all.

SELECT ?thing ?value
WHERE {
  VALUES ?thing { id:a }  # not ?thing { }
  VALUES ?year { UNDEF }
  ?thing schema:value ?value ; til:year ?year
}
"""


def query(tmp_path: Path, text: str) -> Query:
    path = tmp_path / "q.rq"
    path.write_text(text, encoding="utf-8")
    return Query.read(path)


def test_a_header_is_read(tmp_path: Path) -> None:
    found = query(tmp_path, GOOD)
    assert found.question == "What is it?" and found.prose == "Some prose."
    assert found.answers == (2, 3) and found.money == ("value",) and found.empty == "Nothing is."
    assert [(one.name, one.type, one.default) for one in found.parameters] == [
        ("thing", "iri", "id:a"),
        ("year", "integer", "UNDEF"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("# @param year   integer  A year; UNDEF for all.\n", "", 13, "no @param"),
        ("  VALUES ?year { UNDEF }\n", "", 9, "has no line VALUES ?year"),
        ("VALUES ?year { UNDEF }", "VALUES ?year { UNDEF } VALUES ?year { 1 }", 14, "do not say the same"),
        ("integer  A year", "number  A year", 9, "@param wants"),
        ("# @empty", "# @emty", 7, "no such field: @emty"),
        ("iri      A thing", "code(colours)  A thing", 8, "@param wants"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    with pytest.raises(WorldError) as error:
        query(tmp_path, GOOD.replace(old, new, 1))
    assert said in error.value.message
    assert error.value.place is not None and error.value.place.line == line


def test_a_file_without_a_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorldError) as error:
        query(tmp_path, "SELECT * WHERE { ?s ?p ?o }")
    assert "the first line is not a comment" in error.value.message


def test_binding_replaces_only_what_is_in_the_braces(tmp_path: Path) -> None:
    found = query(tmp_path, GOOD)
    text = found.bind({"thing": ["a", "b"], "year": "2020"})
    assert "VALUES ?thing { <https://w3id.org/tilsagn/id/a> <https://w3id.org/tilsagn/id/b> }" in text
    assert 'VALUES ?year { "2020"^^<http://www.w3.org/2001/XMLSchema#integer> }' in text
    assert "#" not in text.replace("XMLSchema#", "").replace("ns#", "")


@pytest.mark.parametrize("given", [["2020"], ["2020", "2021"], []])
def test_a_parameter_is_bound_in_every_branch_that_wants_it(tmp_path: Path, given: list[str]) -> None:
    branch = "{ VALUES ?year { 1 } ?thing til:year ?year }"
    found = query(tmp_path, GOOD.replace("  VALUES ?year { UNDEF }\n", f"  {branch} UNION {branch}\n"))
    assert found.parameter("year").default == "1"
    text = found.bind({"year": given})
    assert [text.count(f'"{year}"^^') for year in given] == [2] * len(given)
    assert text.count("VALUES ?year") == (2 if given else 0)


def test_any_value_drops_the_join(tmp_path: Path) -> None:
    assert "VALUES ?thing" not in query(tmp_path, GOOD).bind({"thing": None})


def test_one_iri_becomes_a_constant_and_stays_bound(tmp_path: Path) -> None:
    text = query(tmp_path, GOOD).bind({"thing": "https://e.org/x"})
    assert "VALUES ?thing { <https://e.org/x> }" in text
    assert "<https://e.org/x> schema:value ?value" in text
    assert "SELECT ?thing ?value" in text


def test_the_projects_prefixes_are_declared_where_they_are_used(tmp_path: Path) -> None:
    text = query(tmp_path, GOOD).bind()
    assert "PREFIX schema: <http://schema.org/>" in text and "PREFIX skos:" not in text


@pytest.mark.parametrize("name", ["by-kid", "bykind"])
def test_an_unknown_query_offers_the_nearest(project: Project, name: str) -> None:
    with pytest.raises(UsageError) as error:
        find(project, name)
    assert error.value.help is not None and "by-kind" in error.value.help
