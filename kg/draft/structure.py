"""A text as blocks (headings, paragraphs, list items) and sentences, and who speaks in which part of it."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kg.draft.cues import Hit
from kg.draft.lexicon import read_words
from kg.draft.mentions import Span
from kg.draft.names import Found

Kind = Literal["heading", "intro", "item", "paragraph"]
_BLOCK = re.compile(r"[^\n]+(?:\n(?!\s*\n|[ \t]*(?:[•·▪*]|[-–]\s|\d{1,2}[.)]\s))[^\n]+)*")
_ITEM = re.compile(r"\s*(?:[•·▪*]|[-–]\s|\d{1,2}[.)]\s)")
_DASH_ITEM = re.compile(r"\s*[–−—-]\s?(?=\w)")
_END = re.compile(r"[.!?](?=\s+[«\"”A-ZÆØÅÄÖÉ–−•(]|\s*$)")
_SHORT = frozenset(read_words("common")["abbreviations"])
_LAST_WORD = re.compile(r"\w+$")
_LONGEST_SHORT = 8
_LONGEST_HEADING = 110
_LONGEST_BLOCK = 6000
_END_OF_TEXT = sys.maxsize
_OPENING = re.compile(r"[«“”\"»]|(?<![\w])[–−—-]\s?(?=\w)")
_NAME = re.compile(r"(?:[A-ZÆØÅÄÖÉ][\w'’-]+)(?:\s+(?:[A-ZÆØÅÄÖÉ][\w'’-]+|von|af|de)){0,3}")


@dataclass(slots=True)
class Block:
    """A part of the text; what is in it is read later, where anything is to be said of it.

    `sentences`: from when the first of them is asked for. `hits`: its cues by aspect. `times`: the cues of a time
    that money can be for; `year`: the only year of them. `quotes`: the spans that somebody says, with the words
    that name the speaker.
    """

    start: int
    end: int
    kind: Kind
    wanted: bool = False
    read: bool = False
    sentences: Sequence[Span] = ()
    hits: Mapping[str, list[Hit]] = field(default_factory=dict)
    times: Sequence[Hit] = ()
    year: Hit | None = None
    names: Sequence[Found] = ()
    quotes: Sequence[tuple[Span, Span]] = ()

    def sentence(self, text: str, position: int) -> Span:
        """The sentence that holds `position`; `text` is the whole text, of which the block is a part."""
        self.sentences = self.sentences or tuple(sentences(text, self.start, self.end))
        at = bisect_right(self.sentences, (position, _END_OF_TEXT)) - 1
        if at >= 0 and position < self.sentences[at][1]:
            return self.sentences[at]
        return self.start, self.end


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


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of a block."""
    first = start
    for match in _END.finditer(text, start, end):
        if match[0] == ".":
            word = _LAST_WORD.search(text, max(first, match.start() - _LONGEST_SHORT), match.start())
            if word and (word[0].lower() in _SHORT or (len(word[0]) == 1 and not word[0].isdigit())):
                continue
        yield first, match.end()
        first = match.end()
        while first < end and text[first].isspace():
            first += 1
    if first < end:
        yield first, end


def find_quotes(text: str, block: Block) -> list[tuple[Span, Span]]:
    """What somebody says in a block: from a dash or quotation mark to the words that name who says it."""
    found: list[tuple[Span, Span]] = []
    floor = block.start
    for hit in block.hits.get("agent", ()):
        if hit.code != "says" or hit.start < floor:
            continue
        opening = _OPENING.search(text, floor, hit.start)
        if opening is None:
            continue
        name = _NAME.search(text, hit.end, min(block.end, hit.end + 140))
        if name is None or re.search(r"[.!?]\s", text[hit.end : name.start()]):
            continue
        found.append(((opening.start(), hit.start), name.span()))
        floor = name.end()
    return found
