"""A draft as JSON: mentions, proposals and open points, for programs."""

from __future__ import annotations

import json
from typing import Any

from kg.draft.document import Document
from kg.draft.mentions import Mention, decimal_text
from kg.draft.proposals import Draft


def record(document: Document, draft: Draft) -> dict[str, Any]:
    """The draft as an object that JSON can hold; amounts are strings, so that they stay exact."""
    return {
        "document": {
            "name": document.name,
            "title": document.title,
            "language": draft.language,
            "sha256": document.checksum,
            "characters": len(document.text),
        },
        "mentions": [_mention(document, mention) for mention in draft.mentions],
        "proposals": [
            {
                "mention": proposal.mention,
                "aspect": proposal.aspect,
                "value": proposal.value,
                **({"label": proposal.label} if proposal.label else {}),
                "known": proposal.known,
                "anchor": {
                    "start": proposal.anchor[0],
                    "end": proposal.anchor[1],
                    "text": document.text[slice(*proposal.anchor)],
                },
                "reason": proposal.reason,
                "confidence": proposal.confidence,
            }
            for proposal in draft.proposals
        ],
        "open": [{"mention": point.mention, "aspect": point.aspect, "why": point.why} for point in draft.open],
    }


def to_json(told: dict[str, Any]) -> str:
    """The record as JSON, an item a line: people can read it, and a long draft is written quickly."""
    encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
    parts = []
    for name, value in told.items():
        if isinstance(value, list):
            items = ",\n  ".join(map(encode, value))
            parts.append(f' "{name}": [\n  {items}\n ]' if items else f' "{name}": []')
        else:
            parts.append(f' "{name}": {encode(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _mention(document: Document, mention: Mention) -> dict[str, Any]:
    start, end = mention.anchor
    return {
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "value": mention.amount(),
        "step": decimal_text(mention.step),
        "currency": mention.currency,
        "currencyStated": mention.currency_stated,
        "qualifier": mention.qualifier,
        **({"qualifierText": mention.qualifier_text} if mention.qualifier_text else {}),
        **({"change": mention.change} if mention.change else {}),
        "anchor": {"start": start, "end": end, "text": document.text[start:end]},
        "ground": mention.ground,
        "confidence": mention.confidence,
    }
