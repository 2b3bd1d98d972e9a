"""A draft as JSON: mentions, proposals and open points, for programs."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator
from itertools import islice

from kg.draft.document import Document
from kg.draft.mentions import Mention, Span, decimal_text
from kg.draft.proposals import Draft, Open, Proposal

# Only strings need an encoder. A dictionary for each of a million proposals would cost more than all the rules.
_quoted = json.encoder.encode_basestring
_WORD = {True: "true", False: "false"}
# So many items are handed on together.
_TOGETHER = 4096


def json_of(document: Document, draft: Draft) -> Iterator[str]:
    """The draft as one JSON object, an item a line, in pieces; amounts are strings, so that they stay exact."""
    text = document.text
    head = {
        "name": document.name,
        "title": document.title,
        "language": draft.language,
        "sha256": document.checksum,
        "characters": len(text),
    }
    yield f'{{\n "document": {json.dumps(head, ensure_ascii=False)}'
    yield from _array("mentions", (_mention(text, mention) for mention in draft.mentions))
    yield from _array("proposals", (_proposal(text, proposal) for proposal in draft.proposals))
    yield from _array("open", map(_open, draft.open))
    yield "\n}\n"


def _array(name: str, items: Iterable[str]) -> Iterator[str]:
    yield f',\n "{name}": ['
    items = iter(items)
    before = "\n  "
    while piece := ",\n  ".join(islice(items, _TOGETHER)):
        yield before + piece
        before = ",\n  "
    yield "]" if before == "\n  " else "\n ]"


def _mention(text: str, mention: Mention) -> str:
    qualifier = f'"qualifierText": {_quoted(mention.qualifier_text)}, ' if mention.qualifier_text else ""
    change = f'"change": "{mention.change}", ' if mention.change else ""
    return (
        f'{{"start": {mention.start}, "end": {mention.end}, "text": {_quoted(mention.text)}, '
        f'"value": "{mention.amount()}", "step": "{_step(mention.step)}", '
        f'"currency": "{mention.currency}", "currencyStated": {_WORD[mention.currency_stated]}, '
        f'"qualifier": "{mention.qualifier}", {qualifier}{change}"anchor": {_anchor(text, mention.anchor)}, '
        f'"ground": "{mention.ground}", "confidence": {mention.confidence}}}'
    )


def _proposal(text: str, proposal: Proposal) -> str:
    mention, aspect, value, label, (start, end), reason, confidence, known = proposal
    return (
        f'{{"mention": {mention}, {_what(aspect, value, label, known)}, "anchor": {{"start": {start}, "end": {end}, '
        f'"text": {_quoted(text[start:end])}}}, {_why(reason, confidence)}}}'
    )


# Codes, labels and reasons come again and again.
@functools.lru_cache(maxsize=16384)
def _what(aspect: str, value: str, label: str, known: bool) -> str:
    named = f'"label": {_quoted(label)}, ' if label else ""
    return f'"aspect": "{aspect}", "value": {_quoted(value)}, {named}"known": {_WORD[known]}'


@functools.lru_cache(maxsize=16384)
def _why(reason: str, confidence: float) -> str:
    return f'"reason": {_quoted(reason)}, "confidence": {confidence}'


_step = functools.lru_cache(maxsize=1024)(decimal_text)


def _open(point: Open) -> str:
    return f'{{"mention": {point.mention}, "aspect": "{point.aspect}", "why": {_quoted(point.why)}}}'


def _anchor(text: str, span: Span) -> str:
    start, end = span
    return f'{{"start": {start}, "end": {end}, "text": {_quoted(text[start:end])}}}'
