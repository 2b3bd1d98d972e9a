"""`kg draft` as a whole grows with its text and no faster, whatever stands in it: steps are counted, not seconds."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from kg.draft import draft_document
from kg.draft.document import document_of
from kg.draft.write import json_of, page, turtle
from kg.store import Store

OURS = str(Path("kg") / "draft")
LEAD = "Regjeringen foreslår statsbudsjettet.\n\n"
# Longer than a block of the reader, so that what is bounded by a block has reached its bound; and as many amounts
# as show a step for every pair of them.
LEAST_LENGTH = 6_500
LEAST_TIMES = 150

TEXTS = {
    "one line of digits": ("", "1 "),
    "one sentence of amounts": ("", "de får 1 mill. kroner til veier, "),
    "one sentence full of cues": ("", "regjeringen foreslår lån på 1 mill. kroner i 2020 fra KS, og bevilger "),
    "no full stop and no amount": ("", "kommunen har bygget vei og bro "),
    "the same amount again and again": ("", "De får 5 mill. kroner.\n\n"),
    "parts of one whole": ("", "De får 9 mill. kroner. Av dette er 4 mill. kroner lån. "),
    "increases of one level": ("", "Rammen økes med 5 mill. kroner til 20 mill. kroner. "),
    "each of the parties": ("", "Partene gir hver 5 mill. kroner til helseanalyseplattformen, og KS bevilger. "),
    "a compound on every line": ("", "De får 5 mill. kommunekroner.\n"),
    "quotations": ("", "– Vi gir 5 mill. kroner, sier Kari Nordmann. "),
    "a table between bars": ("Mill. kr | 2020 | 2021\n--- | --- | ---\n", "Veier | 10,5 | 20\n"),
    "a table of columns": ("Mill. kr   2020   2021\n", "Veier   10,5   20\n"),
    "heads without numbers": ("", "mill. kroner\n"),
    "scales at the ends of lines": ("", "1 mill.\n"),
}


def steps(text: str, store: Store) -> int:
    """The lines of kg.draft that Python runs for `text` and all three outputs, each turn of a loop counted."""
    count = 0

    def line(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        if event == "call" and OURS not in frame.f_code.co_filename:
            return None
        count += 1
        return line

    document = document_of("text.txt", text.encode())
    before = sys.gettrace()
    sys.settrace(line)
    try:
        drafted = draft_document(document, store, "nb")
        for pieces in (
            json_of(document, drafted.draft),
            turtle(document, drafted.draft, drafted.setting),
            page(document, drafted.draft),
        ):
            for _ in pieces:
                pass
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_of_twice_the_length_takes_twice_the_steps(name: str, store: Store) -> None:
    head, piece = TEXTS[name]
    steps(LEAD + head + piece, store)  # what is read and compiled once
    times = max(LEAST_TIMES, LEAST_LENGTH // len(piece))
    once, twice = (steps(LEAD + head + piece * (times * n), store) for n in (1, 2))
    assert twice < once * 2.2
