"""Supports in words: which document says it, where, and what a derived value follows from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.display import safe
from kg.explain import Support
from kg.labels import labels, short
from kg.rdf import NamedNode, iri
from kg.results import Source


def support_lines(source: Source, supports: Iterable[Support], lang: str) -> list[str]:
    """Lines such as `«nesten 190 millioner kroner», 1381–1408 in Høyt digitaliseringstempo`."""
    supports = list(supports)
    names = labels(source, _things(supports), lang)

    def name(thing: str) -> str:
        return safe(names.get(thing) or short(thing))

    read = {words.document for one in supports for words in one.words if words.words}
    lines: dict[str, None] = {}
    for one in supports:
        for words in one.words:
            if words.words is None:
                if words.document in read:
                    continue  # its words are here already
                lines[f"a page without positions: {name(words.document)}"] = None
            else:
                said = f", said by {name(words.speaker)}" if words.speaker else ""
                lines[f"«{safe(words.words)}», {words.start}–{words.end} in {name(words.document)}{said}"] = None
        if one.derived_from:
            under = f" under {name(one.rule)}" if one.rule else ""
            lines[f"{name(one.thing)} follows from {', '.join(map(short, one.derived_from))}{under}"] = None
    return list(lines)


def support_record(one: Support) -> dict[str, Any]:
    """A support as plain data for machines."""
    return {
        "thing": one.thing,
        "words": [
            {
                "about": words.about,
                "document": words.document,
                **({"start": words.start, "end": words.end, "exact": words.words} if words.words else {}),
                **({"speaker": words.speaker} if words.speaker else {}),
            }
            for words in one.words
        ],
        **({"derivedFrom": list(one.derived_from)} if one.derived_from else {}),
        **({"rule": one.rule} if one.rule else {}),
    }


def _things(supports: list[Support]) -> list[NamedNode]:
    found = [one.thing for one in supports] + [one.rule for one in supports if one.rule]
    for one in supports:
        for words in one.words:
            found += [words.document, *([words.speaker] if words.speaker else [])]
    return [iri(thing) for thing in found]
