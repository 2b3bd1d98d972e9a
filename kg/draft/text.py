"""A text and its parts: small letters in their places, words, blocks, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "intro", "item", "paragraph"]

# What may stand between a number and its unit on one line.
BLANK = " \t\u00a0\u2009\u202f"
WORD = re.compile(r"\w+")
_ITEM_MARK = r"(?:[•·▪*]|[-–]\s|\d{1,2}[.)]\s)"
_BLOCK = re.compile(rf"[^\n]+(?:\n(?!\s*\n|[ \t]*{_ITEM_MARK})[^\n]+)*")
_ITEM = re.compile(rf"\s*{_ITEM_MARK}")
_DASH_ITEM = re.compile(r"\s*[–−—-]\s?(?=\w)")
_END = re.compile(r"[.!?](?=\s+[«\"”A-ZÆØÅÄÖÉ–−•(]|\s*$)")
_LAST_WORD = re.compile(r"\w+$")
_LONGEST_ABBREVIATION = 8
_LONGEST_HEADING = 110
# A longer block is cut, so that what is looked for in the whole of it stays quick.
_LONGEST_BLOCK = 6000


def lower(text: str) -> str:
    """`text` in small letters, each at its own place: the few that would become two letters stay as they are."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def plain_line(words: str) -> str:
    """Words on one line, blanks evened."""
    return " ".join(words.split())


@dataclass(slots=True)
class Block:
    """A heading, a line that introduces a list, an item of a list, or a paragraph."""

    start: int
    end: int
    kind: Kind


def blocks_of(text: str) -> Iterator[Block]:
    """The blocks of a text, in order."""
    for match in _BLOCK.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        for first in range(start, end, _LONGEST_BLOCK):
            last = min(end, first + _LONGEST_BLOCK)
            yield Block(first, last, _kind(text, first, last))


def _kind(text: str, start: int, end: int) -> Kind:
    if text.startswith("#", start):
        return "heading"
    if text[end - 1] == ":":
        return "intro"
    if _ITEM.match(text, start, end) and not (_DASH_ITEM.match(text, start, end) and text[start] != "-"):
        return "item"
    if end - start <= _LONGEST_HEADING and text[end - 1] not in '.!?”"»' and "\n" not in text[start:end]:
        return "heading"
    return "paragraph"


def sentences(text: str, start: int, end: int, abbreviations: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The sentences of a block; a point after one of `abbreviations` ends none."""
    first = start
    for match in _END.finditer(text, start, end):
        if match[0] == ".":
            word = _LAST_WORD.search(text, max(first, match.start() - _LONGEST_ABBREVIATION), match.start())
            if word and (word[0].lower() in abbreviations or (len(word[0]) == 1 and not word[0].isdigit())):
                continue
        yield first, match.end()
        first = match.end()
        while first < end and text[first].isspace():
            first += 1
    if first < end:
        yield first, end
