"""Values in questions: bound exactly as they were given, or refused by name; never a piece of the query's text."""

from __future__ import annotations

import datetime
import re
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.generate import generate, write_turtle
from kg import inlining, queries, rdf, suggestions
from kg.errors import UsageError
from kg.project import Project
from kg.queries import Query
from kg.results import Table
from kg.sparql import read_only
from kg.store import Store
from kg.terms import expand

XSD = "http://www.w3.org/2001/XMLSchema#"
EMPTY = Store.of([])
many = settings(max_examples=1000, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])

# What people, spreadsheets and attackers send: quotes, braces, escapes, line ends of every kind, other scripts.
_NASTY = (
    "\"'`\\{}()[]<>?$#@^|&;:,./%+-*=~_ \t\n\r\x0b\x0c\x1c\x1f\x00\x07\x7f\x85\xa0\u2028\u2029\u202e\ufeff\ufffe"
)
_PIECES = (
    "}",
    "{",
    "UNDEF",
    "VALUES ?x {",
    "SERVICE",
    "#",
    "\\u0022",
    '"',
    "'''",
    '"""',
    ">",
    "<",
    "é",
    "😀",
    "\\",
    "\n",
)
texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=_NASTY + "aø1", max_size=30),
    st.lists(st.sampled_from(_PIECES), max_size=8).map("".join),
)


def question(type_: str, default: str) -> Query:
    """A query with one parameter, in memory."""
    folder = Path(_FOLDER.name)
    path = folder / f"{type_.partition('(')[0]}.rq"
    path.write_text(
        f"# What?\n#\n# @param x  {type_}  It.\n\nSELECT ?x ?y\nWHERE {{\n  VALUES ?x {{ {default} }}\n"
        f"  BIND('}} # {{' AS ?y)\n}}\n",
        encoding="utf-8",
    )
    return Query.read(path)


_FOLDER = tempfile.TemporaryDirectory()
QUESTIONS = {
    "text": question("text", '"a"'),
    "iri": question("iri", "id:a"),
    "code": question("code(kind)", "kind:loan"),
    "date": question("date", '"2020-01-01"^^xsd:date'),
    "integer": question("integer", "1"),
    "decimal": question("decimal", "1.5"),
    "boolean": question("boolean", "true"),
}


def bound(type_: str, *values: str) -> list[rdf.Term] | None:
    """What ?x is in the rows, or None where the value was refused by name."""
    asked = QUESTIONS[type_]
    try:
        text = asked.bind({"x": list(values)})
    except UsageError as error:
        assert error.message.startswith("--x: ") and "is not of type" in error.message, error.message
        assert error.message.isprintable(), error.message
        return None
    # The rest of the text is the file's own, whatever was put into the braces.
    assert text.endswith("}\n  BIND('} # {' AS ?y)\n}\n") and text.count("BIND") >= 1
    assert read_only(text).form == "SELECT"
    answer = EMPTY.query(text)
    assert isinstance(answer, Table) and answer.columns == ("x", "y")
    assert all(row[1] == rdf.literal("} # {") for row in answer.rows)
    return [row[0] for row in answer.rows if row[0] is not None]


@many
@given(texts)
def test_text(value: str) -> None:
    found = bound("text", value)
    if found is None:
        assert re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", value)
    else:
        assert found == [rdf.literal(value)]


@many
@given(texts, texts)
def test_several_texts(one: str, other: str) -> None:
    found = bound("text", one, other)
    assert found is None or Counter(found) == Counter([rdf.literal(one), rdf.literal(other)])


@many
@given(
    st.one_of(
        texts,
        texts.map("http://example.org/".__add__),
        texts.map("id:".__add__),
        texts.map("<http://x/{}>".format),
    )
)
def test_iri(value: str) -> None:
    found = bound("iri", value)
    if found is None:
        return
    assert len(found) == 1 and isinstance(found[0], rdf.NamedNode)
    given_ = value[1:-1] if value.startswith("<") else value
    expanded = expand(given_) or given_
    assert found[0].value in (given_, expanded, f"https://w3id.org/tilsagn/id/{given_}")
    assert not re.search(r"[\x00-\x20<>\"{}|^`\\]", found[0].value)


@many
@given(texts)
def test_code(value: str) -> None:
    found = bound("code", value)
    assert found is None or (len(found) == 1 and isinstance(found[0], rdf.NamedNode))


@many
@given(st.one_of(st.dates().map(str), texts, st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\n?", fullmatch=True)))
def test_date(value: str) -> None:
    found = bound("date", value)
    try:
        datetime.date.fromisoformat(value)
        valid = bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value))
    except ValueError:
        valid = False
    assert found == ([rdf.literal(value, "date")] if valid else None)


@many
@given(st.one_of(st.integers().map(str), texts, st.from_regex(r"[+-]?[0-9\u0660-\u0669]+\s?", fullmatch=True)))
def test_integer(value: str) -> None:
    found = bound("integer", value)
    if found is None:
        assert not re.fullmatch(r"[+-]?[0-9]{1,400}", value)
    else:
        assert len(found) == 1 and isinstance(found[0], rdf.Literal)
        assert int(found[0].value) == int(value) and found[0].datatype.value == XSD + "integer"


@many
@given(
    st.one_of(st.decimals(allow_nan=False, allow_infinity=False, places=4).map(str), texts, st.floats().map(str))
)
def test_decimal(value: str) -> None:
    found = bound("decimal", value)
    if found is None:
        assert not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", value)
    else:
        assert len(found) == 1 and isinstance(found[0], rdf.Literal)
        assert Decimal(found[0].value) == Decimal(value) and found[0].datatype.value == XSD + "decimal"


@many
@given(st.one_of(st.sampled_from(["true", "false", "TRUE", "1", "true ", "true\n"]), texts))
def test_boolean(value: str) -> None:
    found = bound("boolean", value)
    assert found == ([rdf.literal(value, "boolean")] if value in ("true", "false") else None)


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x0b", "\x1c", "\x7f"])
def test_a_separator_that_python_takes_for_a_line_end_stays(character: str) -> None:
    """They were turned into line breaks, where lines were split to drop comments."""
    found = bound("text", f"a {character} b")
    assert found is None or found == [rdf.literal(f"a {character} b")]


def test_a_long_string_keeps_its_blank_lines_and_spaces(tmp_path: Path) -> None:
    path = tmp_path / "long.rq"
    path.write_text(
        '# What?\nSELECT ?x\nWHERE {\n  BIND("""a  \n\n  # b\n""" AS ?x) # c\n\n\n}\n', encoding="utf-8"
    )
    answer = EMPTY.query(text := Query.read(path).bind())
    assert isinstance(answer, Table) and answer.rows == ((rdf.literal("a  \n\n  # b\n"),),)
    assert "# c" not in text and not text.endswith("\n\n}\n")


@pytest.fixture(scope="module")
def stores(project: Project, store: Store, tmp_path_factory: pytest.TempPathFactory) -> list[Store]:
    folder = tmp_path_factory.mktemp("generated")
    with (folder / "graph.ttl").open("w", encoding="utf-8") as out:
        write_turtle(generate(60, seed=3), out)
    return [store, Store.load(Project.find(folder))]


def test_inlining_changes_no_row(project: Project, stores: list[Store], monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs is rewritten to be quick: for every canned query the rows are those of its plain VALUES lines."""
    differing, compared = [], 0
    for path in project.query_files():
        query = Query.read(path)
        for number, store in enumerate(stores):
            for values in _values(query, store):
                quick = query.bind(values)
                with monkeypatch.context() as plain:
                    plain.setattr(queries, "inline", lambda text: text)
                    slow = query.bind(values)
                first, second = store.query(quick), store.query(slow)
                assert isinstance(first, Table) and isinstance(second, Table)
                compared += first.rows != ()
                if first.columns != second.columns or Counter(first.rows) != Counter(second.rows):
                    differing.append((query.name, number, values))
    assert differing == [] and compared > 60


def test_a_name_that_is_given_again_outside_is_not_the_one_inside() -> None:
    """The outer BIND's ?x is another variable than the ?x of the SELECT that hides it."""
    text = """SELECT ?x ?y WHERE {
  { SELECT (?x AS ?of) ?y WHERE { VALUES ?x { <urn:a> } { ?y <urn:p> ?x } UNION { BIND(<urn:b> AS ?x) } } }
  BIND(?of AS ?x)
}"""
    assert inlining.inline(text) == text


def test_a_value_that_nothing_else_speaks_of_is_no_join() -> None:
    inside = "SELECT ?y WHERE { VALUES ?x { <urn:a> } ?y <urn:p> ?x }"
    assert inlining.inline(inside).split() == ["SELECT", "?y", "WHERE", "{", "?y", "<urn:p>", "<urn:a>", "}"]
    for shown in (inside.replace("?y WHERE", "?x ?y WHERE"), inside.replace("?y WHERE", "* WHERE")):
        assert "VALUES ?x { <urn:a> }" in inlining.inline(shown)


@pytest.mark.parametrize(
    "given", ["UNDEF", "<urn:a>", "<urn:a> <urn:b>", "<urn:a> <urn:none>", "<urn:none>", '"text"']
)
def test_a_condition_that_an_open_parameter_does_not_make_is_joined_or_goes(given: str, tmp_path: Path) -> None:
    """As a filter it was asked of every row, and left open it still read the whole graph."""
    text = f"""SELECT ?y ?z WHERE {{
  VALUES ?x {{ {given} }}
  ?y <urn:q> ?z .
  FILTER(!BOUND(?x) || EXISTS {{ ?y <urn:p>|<urn:r> ?x }})
}}"""
    quick = inlining.inline(text)
    assert "EXISTS" not in quick and ("SELECT DISTINCT" in quick) == (given != "UNDEF")
    data = """<urn:one> <urn:p> <urn:a>, <urn:b> ; <urn:r> <urn:a> ; <urn:q> 1, 2 .
<urn:two> <urn:r> "text" ; <urn:q> 1, 2 . <urn:three> <urn:q> 1, 2 ."""
    (tmp_path / "data.ttl").write_text(data, encoding="utf-8")
    store = Store.of_files([tmp_path / "data.ttl"])
    first, second = store.query(quick), store.query(text)
    assert isinstance(first, Table) and isinstance(second, Table)
    assert Counter(first.rows) == Counter(second.rows)
    counts = {
        "UNDEF": 6,
        "<urn:a>": 2,
        "<urn:a> <urn:b>": 4,
        "<urn:a> <urn:none>": 2,
        "<urn:none>": 0,
        '"text"': 2,
    }
    assert len(first.rows) == counts[given]


@pytest.mark.parametrize("given", ["UNDEF", "<urn:a>", "<urn:a> <urn:b>", "1", "<urn:none>"])
def test_the_conditions_of_both_branches_are_joined(given: str, tmp_path: Path) -> None:
    """Only the first was, and the other branch read the whole graph."""
    branch = f"VALUES ?x {{ {given} }} FILTER(!BOUND(?x) || EXISTS {{ ?y <urn:p> ?x }})"
    text = f"SELECT ?y ?z WHERE {{ {{ {branch} ?y <urn:q> ?z }} UNION {{ {branch} ?y <urn:r> ?z }} }}"
    quick = inlining.inline(text)
    assert "EXISTS" not in quick and quick.count("SELECT DISTINCT") == (0 if given == "UNDEF" else 2)
    data = """<urn:one> <urn:p> <urn:a>, <urn:b> ; <urn:q> 1, 2 ; <urn:r> 3 .
<urn:two> <urn:p> 1 ; <urn:q> 4 . <urn:three> <urn:p> <urn:a> ; <urn:r> 5 ."""
    (tmp_path / "data.ttl").write_text(data, encoding="utf-8")
    store = Store.of_files([tmp_path / "data.ttl"])
    first, second = store.query(quick), store.query(text)
    assert isinstance(first, Table) and isinstance(second, Table)
    assert Counter(first.rows) == Counter(second.rows)
    counts = {"UNDEF": 5, "<urn:a>": 4, "<urn:a> <urn:b>": 7, "1": 1, "<urn:none>": 0}
    assert len(first.rows) == counts[given]


def _values(query: Query, store: Store) -> list[dict[str, list[str] | None]]:
    """The defaults, all open, and each parameter with one value and with two that the graph has."""
    open_: dict[str, list[str] | None] = {parameter.name: None for parameter in query.parameters}
    found: list[dict[str, list[str] | None]] = [{}, open_]
    answer = store.query(query.bind(open_))
    assert isinstance(answer, Table)
    for parameter in query.parameters:
        if parameter.name in answer.columns:
            at = answer.columns.index(parameter.name)
            # A column of things may also have several names in one cell.
            kinds = rdf.NamedNode if parameter.type in ("iri", "code") else rdf.NamedNode | rdf.Literal
            terms = sorted({term.value for row in answer.rows if isinstance(term := row[at], kinds)})
        elif parameter.type not in ("iri", "code"):
            terms = [suggestion.value for suggestion in suggestions.literals(store, query, parameter, "")]
        else:
            continue
        found += [{**open_, parameter.name: terms[:count]} for count in (1, 2) if len(terms) >= count]
        found.append({parameter.name: terms[len(terms) // 2 :][:1]})
    return found


def bind_one(tmp_path: Path, body: str) -> str:
    path = tmp_path / "scoped.rq"
    path.write_text(f"# What?\n#\n# @param x  iri  It.\n\n{body}\n", encoding="utf-8")
    return " ".join(Query.read(path).bind({"x": "http://x/1"}).split())


def test_a_select_inside_keeps_the_parameter_bound(tmp_path: Path) -> None:
    """It was left unbound in there, which Virtuoso joins with nothing."""
    text = bind_one(
        tmp_path,
        "SELECT ?x ?n WHERE { VALUES ?x { UNDEF } { SELECT ?x (COUNT(?o) AS ?n) WHERE { ?x ?p ?o } GROUP BY ?x } }",
    )
    assert "{ VALUES ?x { <http://x/1> } <http://x/1> ?p ?o } GROUP BY ?x" in text


def test_a_variable_of_the_same_name_that_is_another_is_left_alone(tmp_path: Path) -> None:
    """A SELECT inside that does not have it as a column has a variable of its own."""
    text = bind_one(
        tmp_path,
        "SELECT ?x ?n WHERE { VALUES ?x { UNDEF } ?x ?q ?z { SELECT (COUNT(?x) AS ?n) WHERE { ?x ?p ?o } } }",
    )
    assert "<http://x/1> ?q ?z" in text and "{ SELECT (COUNT(?x) AS ?n) WHERE { ?x ?p ?o } }" in text


def test_a_parameter_of_a_select_inside_reaches_out_where_it_is_a_column(tmp_path: Path) -> None:
    inside = "{ SELECT ?x ?n WHERE { VALUES ?x { UNDEF } ?x ?p ?n } }"
    text = bind_one(tmp_path, f"SELECT ?x ?n ?o WHERE {{ {inside} ?x ?q ?o }}")
    assert "VALUES ?x { <http://x/1> } <http://x/1> ?p ?n" in text and "<http://x/1> ?q ?o" in text
    text = bind_one(tmp_path, f"SELECT ?n ?o WHERE {{ {inside.replace('SELECT ?x ?n', 'SELECT ?n')} ?x ?q ?o }}")
    assert "?x ?q ?o" in text
