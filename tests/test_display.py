"""Tables for people: labels, amounts, and no character that drives a terminal."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from kg import display
from kg.rdf import Triple, iri, literal
from kg.results import Table, to_csv
from kg.store import Store
from kg.terms import CODE, ID, PREFIXES

NOK = iri(PREFIXES["cur"] + "NOK")
LABEL = iri(PREFIXES["skos"] + "prefLabel")


@given(st.text())
def test_no_control_or_bidi_character_reaches_a_terminal(text: str) -> None:
    shown = display.safe(text)
    assert all(unicodedata.category(c) not in ("Cc", "Cs") for c in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


@given(st.text())
def test_only_characters_that_drive_a_terminal_are_replaced(text: str) -> None:
    kept = [(a, b) for a, b in zip(text.replace("\r\n", " "), display.safe(text), strict=True) if a != b]
    assert all(unicodedata.category(a) in ("Cc", "Cf", "Cs", "Zl", "Zp") and b in " \ufffd" for a, b in kept)


def test_a_label_cannot_rewrite_the_screen() -> None:
    thing = iri(ID + "x")
    store = Store.of([Triple(thing, LABEL, literal("\x1b[2Jgone\u202e", language="en"))])
    _, rows = display.cells(Table(("thing",), ((thing,),)), store, "en")
    assert rows == [["\ufffd[2Jgone\ufffd"]]


def test_amount_takes_in_currency_and_qualifier_and_bounds_become_one_interval() -> None:
    almost = iri(CODE + "qualifier/almost")
    store = Store.of([Triple(almost, LABEL, literal("nesten", language="nb"))])
    table = Table(
        ("value", "currency", "qualifier", "lower", "upper", "upperOpen"),
        (
            (
                literal("190000000", "integer"),
                NOK,
                almost,
                literal("180500000", "decimal"),
                literal("190000000", "decimal"),
                literal("true", "boolean"),
            ),
        ),
    )
    headers, rows = display.cells(table, store, "nb", ("value",))
    assert headers == ["value", "interval"]
    assert [cell.replace("\u00a0", " ") for cell in rows[0]] == [
        "nesten 190 mill. kr",
        "[180,5 mill.; 190 mill.) kr",
    ]


def test_a_label_in_the_language_asked_for_else_a_neighbour() -> None:
    thing = iri(ID + "x")
    store = Store.of(
        [
            Triple(thing, LABEL, literal("Helse", language="nb")),
            Triple(thing, LABEL, literal("Health", language="en")),
        ]
    )
    table = Table(("thing",), ((thing,),))
    assert display.cells(table, store, "en")[1] == [["Health"]]
    assert display.cells(table, store, "da")[1] == [["Helse"]]


def test_things_that_a_query_joined_in_one_cell_are_shown_by_their_labels() -> None:
    one, other, nameless = ID + "x", CODE + "kind/loan", ID + "y"
    store = Store.of(
        [
            Triple(iri(one), LABEL, literal("Helse\u202e", language="nb")),
            Triple(iri(other), LABEL, literal("loan", language="en")),
        ]
    )
    told = {
        f"{one} · {other} · {nameless}": "Helse\ufffd · loan · id:y",
        one: "Helse\ufffd",
        f"{one} · and more": f"{one} · and more",
        f"{one} · https://example.org/x": f"{one} · https://example.org/x",
        f"{one} {other}": f"{one} {other}",
        f"{ID}a\x01b": f"{ID}a\ufffdb",
        "https://example.org/page": "https://example.org/page",
        "Helse · loan": "Helse · loan",
    }
    table = Table(("cell",), tuple((literal(text),) for text in told))
    assert [row for (row,) in display.cells(table, store, "nb")[1]] == list(told.values())
    assert one in to_csv(table)
    assert display.cells(Table(("cell",), ((literal(one, language="nb"),),)), store, "nb")[1] == [[one]]


def test_a_column_that_is_empty_in_every_row_is_left_out() -> None:
    store = Store.of([])
    cell = literal("x")
    table = Table(
        ("a", "b", "c", "value", "currency"), ((cell, None, None, None, NOK), (None, None, cell, None, NOK))
    )
    assert display.cells(table, store, "en", ("value",)) == (["a", "c"], [["x", ""], ["", "x"]])
    assert to_csv(table).splitlines()[0] == "a,b,c,value,currency"
    # Where nothing is left to show, the columns still say what was asked.
    assert display.cells(Table(("a", "b"), ()), store, "en") == (["a", "b"], [])
    assert display.cells(Table(("a",), ((None,),)), store, "en") == (["a"], [[""]])


def test_a_wide_table_is_wrapped_to_the_width() -> None:
    text = display.to_text(["a", "b"], [["word " * 40, "short"]], 60)
    assert max(map(len, text.splitlines())) <= 60


def test_markdown_escapes_the_bar() -> None:
    assert "a\\|b" in display.to_markdown(["x"], [["a|b"]])


_CELL = st.text(st.sampled_from("aå \u00a0-|\u0301漢"), max_size=30)


@given(
    st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(_CELL, min_size=n, max_size=n), min_size=1, max_size=5))
)
def test_no_cell_of_a_table_loses_a_character_or_leaves_its_column(rows: list[list[str]]) -> None:
    headers = [f"h{number}" for number in range(len(rows[0]))]
    first, rule, *lines = display.to_text(headers, rows, 30).removesuffix("\n").split("\n")
    starts = [match.start() for match in re.finditer("-+", rule)]
    assert [first[start:][:2] for start in starts] == headers
    shown = ["" for _ in headers]
    for line in lines:
        columns = "".join(c + ("\0" if unicodedata.east_asian_width(c) == "W" else "") for c in line)
        columns = columns.replace("\u0301", "")
        for number, (start, end) in enumerate(zip(starts, [*starts[1:], None], strict=True)):
            assert number == 0 or columns[start - 2 : start].strip(" ") == ""
            shown[number] += columns[start:end]
    for number, text in enumerate(shown):
        said = "".join(row[number] for row in rows)
        assert re.sub("[ \u00a0\0]", "", text) == re.sub("[ \u00a0\u0301]", "", said)


def test_a_markdown_table_has_a_rule_as_wide_as_its_cells() -> None:
    text = display.to_markdown(["a", "long header"], [["wide cell", "b"], ["", "å|"]])
    assert text.splitlines() == [
        "| a         | long header |",
        "|-----------|-------------|",
        "| wide cell | b           |",
        "|           | å\\|         |",
    ]
