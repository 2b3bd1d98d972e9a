"""A text cut at its blanks: the same words, numbers and units as patterns over the whole text would find."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.draft.cues import Hit, cues
from kg.draft.lexicon import LANGUAGES, lexicon
from kg.draft.names import Name, Names
from kg.draft.numerals import NUMBER, numbers_in
from kg.draft.passage import WORDS, Passage
from kg.draft.tokens import lower, scan
from kg.draft.vocabulary import Vocabulary

LETTERS = "abcæøåÅÖ019_-.,:;()'’«»–\u00a0\u00ad \t\n\r"
UNITS = """kr kr. Kroner kommunekroner elektroner mill mill. mio MSEK SEK NOKm £ US$ € 5 2 3½ ½ 10,5 1/2 danish kroner
norwegian bn k p øre tusen milj.kr tkr İ Σ ٣ . , ( - – x A""".split()  # noqa: SIM905 - one long list reads better as words
BITS = [*UNITS, " ", "  ", "\n", "\r\n", "\u00a0", "-\n", "\u00ad", "Danish kroner"]


def words_of(passage: Passage) -> list[tuple[str, int, int]]:
    return [
        (word, passage.place(at) + start, passage.place(at) + end)
        for at, piece in enumerate(passage.pieces)
        for word, start, end in WORDS[piece]
    ]


@given(st.text(alphabet=LETTERS, max_size=80) | st.text(max_size=40), st.integers(0, 20), st.integers(0, 80))
@example("til  \n\n KS-avtalen,\u00a0som\t«varer»", 0, 80)
def test_a_passage_has_the_words_of_its_part_of_the_text(text: str, start: int, length: int) -> None:
    end = min(len(text), start + length)
    start = min(start, end)
    expected = [(m[0], start + m.start(), start + m.end()) for m in re.finditer(r"\w+", text[start:end])]
    passage = Passage.of(text, start, end)
    assert words_of(passage) == expected
    for at, piece in enumerate(passage.pieces):
        following = [word for word, first, _ in expected if first >= passage.place(at) + len(piece)]
        assert passage.after(at) == (following[0] if following else "")
        for index, (_, first, last) in enumerate(WORDS[piece]):
            place = passage.place(at)
            rest = [word for word in expected if word[1] >= place + first]
            assert passage.run((at, index, place + first, place + last), 3) == rest[:3]


BLANKS = ["  ", "\n", " \n ", "\n\n", "   \n\n  ", "\t", " – ", ", "]


def found(text: str, language: str, names: list[Name]) -> tuple[dict[str, list[Hit]], list[tuple[int, int, str]]]:
    """The cues by aspect and the names of a text that is one passage."""
    low = lower(text)
    known = Names(names, lexicon(language).country)
    passage = Passage.of(low, 0, len(low))
    cued, named = Vocabulary(cues(language), known).leads(passage)
    return cues(language).find(passage, cued), [
        (one.start, one.end, one.name.label) for one in known.find(text, passage, named)
    ]


@pytest.mark.parametrize("blank", BLANKS, ids=repr)
def test_a_cue_of_several_words_is_found_across_blanks(blank: str) -> None:
    text = f"Der gives 5 mio. kr.{blank}om{blank}året til broer"
    (hit,) = found(text, "da", [])[0]["basis"]
    assert (hit.code, text[hit.start : hit.end]) == ("perYear", f"om{blank}året")


@pytest.mark.parametrize("blank", BLANKS, ids=repr)
def test_a_cue_with_a_number_in_it_is_found_across_blanks(blank: str) -> None:
    text = f"de{blank}næste{blank}tre{blank}år"
    hits = {text[hit.start : hit.end]: hit for hit in found(text, "da", [])[0]["period"]}
    hit = hits[f"næste{blank}tre{blank}år"]
    assert (hit.code, hit.number) == ("next_years", 3)


@pytest.mark.parametrize("blank", BLANKS, ids=repr)
def test_a_name_of_several_words_is_found_across_blanks(blank: str) -> None:
    bridges = Name("https://example.org/broer", "programme", "Nordiske broer over vand", "", frozenset())
    text = f"Penge til Nordiske{blank}broer{blank}over{blank}vand i år"
    assert found(text, "da", [bridges])[1] == [(10, len(text) - 5, bridges.label)]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(BITS), max_size=14).map("".join), st.sampled_from(LANGUAGES))
@example("5 mill.\nkroner og 2 300 NOK", "nb")
@example("3 Danish kroner", "en")
def test_pieces_have_the_units_and_numbers_of_the_text(text: str, language: str) -> None:
    """With a soft hyphen after its last word a text is looked at as a whole: nothing else may change by it."""
    words = lexicon(language)
    tokens, runs = scan(text, lower(text), words)
    assert [m.span() for m in numbers_in(text, runs)] == [m.span() for m in NUMBER.finditer(text)]
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    if "\u00ad" not in text and "-\n" not in text:
        whole = text + " \u00ad"
        assert (tokens, runs) == scan(whole, lower(whole), words)
