"""The reader of amounts: sentences of our own, amounts that a writer has formatted, texts marked by hand."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.draft.language import language_of
from kg.draft.lexicon import LANGUAGES, Lexicon, lexicon
from kg.draft.mentions import MOST_ANCHOR, Mention
from kg.draft.reader import read_amounts

Row = tuple[str, str, list[tuple[str, Decimal, str, str]]]


def rows() -> list[Row]:
    """Language, text, and for each amount: words, value, currency, qualifier."""
    found: list[Row] = []
    for line in (Path(__file__).parent / "data/amounts.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        language, marked, said = (part.strip() for part in line.split(" | "))
        marked = marked.replace("\\n", "\n")
        spans = re.findall(r"\[([^\]]*)\]", marked)
        amounts = [] if said == "-" else [amount.split() for amount in said.split(" ; ")]
        assert len(spans) == len(amounts), line
        expected = [
            (span, Decimal(amount[0]), amount[1], amount[2] if len(amount) > 2 else "exact")
            for span, amount in zip(spans, amounts, strict=True)
        ]
        found.append((language, re.sub(r"[\[\]]", "", marked), expected))
    return found


ROWS = rows()


def seen(mention: Mention) -> tuple[str, Decimal, str, str]:
    return mention.text, mention.value, mention.currency, mention.qualifier.split("-")[0]


@pytest.mark.parametrize(("language", "text", "expected"), ROWS, ids=[row[1][:50] for row in ROWS])
def test_sentences_of_our_own(language: str, text: str, expected: list[tuple[str, Decimal, str, str]]) -> None:
    found = read_amounts(text, language)
    assert [seen(mention) for mention in found] == expected
    for mention in found:
        assert text[mention.start : mention.end] == mention.text
        first, last = mention.anchor
        assert first <= mention.start and last - first <= MOST_ANCHOR
        assert text[first : mention.start].strip() == mention.qualifier_text or first == mention.start


def test_the_language_of_our_own_sentences_is_known() -> None:
    """One sentence is little to go by: most are known, and together each language's are."""
    right = sum(language_of(text) == language for language, text, _ in ROWS)
    assert right >= 0.95 * len(ROWS)
    for language in LANGUAGES:
        assert language_of(" ".join(text for code, text, _ in ROWS if code == language)) == language
