"""Which texts are questions: decided on tokens, so that nothing hides in escapes, comments, strings or names."""

from __future__ import annotations

import contextlib
import re

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.sparql import DEEPEST, LONGEST, prefixed, read_only, tokens
from kg.store import Store


def refusal(text: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        Store.of([]).query(read_only(text).text)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { sErViCe <http://x/> { ?s ?p ?o } }",
        "SELECT * { SERV\\u0049CE <http://x/> { ?s ?p ?o } }",
        "SELECT * { \\U00000053ERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 1SERVICE <http://x/> { ?s ?p ?o } }",  # the engine needs no space between them
        "SELECT * { ?s ?p trueSERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { SERVICESILENT<http://x/>{ ?s ?p ?o } }",
        "SELECT * { FILTER(?a<?b)SERVICE?x{ ?s ?p ?o } }",
        "SELECT * { # \n SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p '#' SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p '''a'b''c\\'''' SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { { SELECT * { OPTIONAL { SERVICE <http://x/> { ?s ?p ?o } } } } }",
        "SELECT * { ?s ?p \\u0022x\\u0022 SERVICE <http://x/> {} }",
    ],
)
def test_service_is_refused_by_name_however_it_is_written(text: str) -> None:
    assert "SERVICE" in refusal(text).message


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX service: <http://x/> SELECT ?service { ?service service:service 'SERVICE'@service, _:service }",
        'SELECT * { ?s <http://x/SERVICE> """ SERVICE <x> {} """ # SERVICE <http://x/> {}\n}',
        "SELECT * { ?s ?p 'INSERT DATA', 'LOAD' } # FROM",
        "SELECT (COUNT(*) AS ?added) { ?deleted ?from ?load }",
        "SELECT * { ?s ?p ?o FILTER(?o<5&&?p>3) }",
        "SELECT*WHERE{?s?p?o}",
        "SELECT * { ?s til:kind kind:loan ; a til:Commitment }",
        "PREFIX é: <http://x/> SELECT ?ø { ?ø é:é\\-b%20 'å' }",
        "ASK { ?s (til:a|!(til:b|^til:c))*/til:d? ?o }",
        "SELECT * { VALUES (?a ?b) { (UNDEF 1.5e3) (-1 'x'^^xsd:date) } }",
    ],
)
def test_what_only_looks_like_it_is_allowed(text: str) -> None:
    Store.of([]).query(read_only(text).text)


@pytest.mark.parametrize("word", ["INSERT DATA { }", "LOAD <x:y>", "CLEAR ALL", "DROP ALL", "delete where { }"])
def test_an_update_is_refused_by_name(word: str) -> None:
    assert refusal(word).message.startswith(word.split()[0].upper())
    assert refusal(f"PREFIX a: <x:y>\n# SELECT\n{word}").message.startswith(word.split()[0].upper())


def test_an_update_behind_a_question_is_refused() -> None:
    assert "DROP" in refusal("SELECT * {} ; DROP ALL").message


def test_from_is_refused_by_name() -> None:
    assert "FROM" in refusal("SELECT * FROM <http://x/g> { ?s ?p ?o }").message
    assert "FROM" in refusal("SELECT * FROM NAMED <http://x/g> { ?s ?p ?o }").message


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("SELECT * {\n  ?s ?p ?o .. }", 2, 13, "unexpected '.'"),
        ("SELECT * {\n  ?s foo:p ?o }", 2, 6, "unknown prefix 'foo:'"),
        ("SELECT * WERE { ?s ?p ?o }", 1, 10, "no word 'WERE'"),
        ("SELECT * { ?s ?p ?o ", 1, 10, "never closed"),
        ("SELECT * { ?s ?p ?o ) }", 1, 21, "nothing is open"),
        ('SELECT * { ?s ?p "abc }', 1, 18, "no end"),
        ("SELECT * { ?s ?p 'éé' ?x ?y }", 1, 23, "unexpected '?x'"),
        ("SELECT * { ?s ?p ?o FILTER ?o > 5 }", 1, 28, "unexpected '?o'"),
        ("SELECT * { ?s ?p ?o } ORDER ?s", 1, 29, "unexpected '?s'"),
        ("SELECT * { ?s a til:Figure ; ; , ?x }", 1, 32, "unexpected ','"),
        ("SELECT SELECT * {}", 1, 8, "unexpected 'SELECT'"),
        ("# one\nSELECT ?s (COUNT(?p) AS ?n)\n{ ?s ?p ?o }", 2, 8, "GROUP BY"),
    ],
)
def test_an_error_has_line_column_and_caret(text: str, line: int, column: int, said: str) -> None:
    error = refusal(text)
    assert error.place and (error.place.line, error.place.column) == (line, column), error.render()
    assert said in error.message
    shown = error.render().splitlines()
    assert shown[2].rstrip().endswith("^") and shown[1].index(" | ") == shown[2].index("| ") - 1
    assert len(error.render()) < 400  # the engine alone lists sixty things that it expected


def test_near_words_and_prefixes_are_offered() -> None:
    assert refusal("SELCT * {}").help is not None
    assert "'til'" in (refusal("SELECT * { ?s tll:a ?b }").help or "")


@pytest.mark.parametrize("text", ["", "   ", "# only a comment", "PREFIX a: <x:y>"])
def test_no_query_is_said(text: str) -> None:
    assert "no query" in refusal(text).message


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "{" * 3000 + "}" * 3000,
        "ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
        "ASK { FILTER(" + "!" * 50_000 + "true) }",
        "ASK { ?s " + "^" * 50_000 + "til:a ?o }",
        "ASK { ?s ?p " + "[] , " * 10 + "[ ?p " * 3000 + "]" * 3000 + " }",
    ],
)
def test_depth_is_refused_before_the_parser_sees_it(text: str) -> None:
    assert f"more than {DEEPEST} deep" in refusal(text).message


def test_length_is_refused() -> None:
    assert "characters" in refusal("SELECT * {} #" + "x" * LONGEST).message


def test_escapes_that_spell_escapes_are_refused() -> None:
    assert "escape" in refusal("SELECT * { SERV\\u005Cu0049CE <http://x/> {} }").message


def test_escapes_in_strings_are_the_characters_they_spell() -> None:
    text = read_only("SELECT ?x { BIND('a\\u0022b\\u0027\\u005C\\\\u0041\\U0001F600' AS ?x) }").text
    answer = Store.of([]).query(text)
    assert not isinstance(answer, bool)
    assert answer.rows[0][0].value == "a\"b'\\\\u0041😀"  # type: ignore[union-attr]
    assert not re.search(r"(?<!\\)(\\\\)*\\u", text)


def test_comments_go_and_lines_stay() -> None:
    text = read_only("SELECT * # added\n{ ?s ?p '# no comment' }").text
    assert "added" not in text and "# no comment" in text and text.count("\n") == 1


def test_known_prefixes_are_declared_for_other_engines() -> None:
    text = "PREFIX id: <http://own/> SELECT * { ?s til:kind id:x ; a '?skos:prefLabel' }"
    assert prefixed(text).splitlines()[:-1] == ["PREFIX til: <https://w3id.org/tilsagn/ns#>"]


@given(st.text(alphabet=st.sampled_from(list("ab:_.-<>\"'\\#?{}()[]@^1. \n\tuUé€\u00a0SERVICE")), max_size=40))
def test_tokens_lose_nothing(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text


_PIECES = (
    *(
        "SERVICE",
        "SILENT",
        "FILTER",
        "SELECT",
        "<http://127.0.0.1:9/>",
        "?x",
        "{",
        "}",
        "(",
        ")",
        ".",
        "1",
        "true",
    ),
    *("a", "x:", ":", "@en", "^^", "_:b", "-", "<", ">", "#", "'", '"', "'''", "\\", "\\u0053", " ", "\n"),
)


@given(st.lists(st.sampled_from(_PIECES), max_size=14))
def test_whatever_is_let_through_asks_no_other_server(pieces: list[str]) -> None:
    """The engine itself is the judge: with SERVICE it would try to connect, and say so."""
    text = f"SELECT * {{ ?s ?p ?o {''.join(pieces)} }}"
    try:
        question = read_only(text)
    except UsageError:
        return
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("x:a"), ox.NamedNode("x:b"), ox.Literal("c")))
    with contextlib.suppress(SyntaxError):  # an OSError would be an attempt to connect
        list(store.query(question.text, prefixes={"": "x:", "x": "x:"}))  # type: ignore[arg-type]
