"""Supports in words: which document says it, where, and what a derived value follows from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kg.display import safe
from kg.explain import Support
from kg.labels import labels, short
from kg.rdf import NamedNode, iri
from kg.results import Source


def support_lines(source: Source, rows: Iterable[Iterable[Support]], lang: str) -> list[list[str]]:
    """For each row of supports lines such as `«nesten 190 millioner kroner», 1381–1408 in Høyt digitaliseringstempo`.

    The names for all of them are asked for together.
    """
    listed = [list(supports) for supports in rows]
    names = labels(source, (thing for supports in listed for thing in _named(supports)), lang)

    def name(thing: str) -> str:
        return safe(names.get(thing) or short(thing))

    return [list(_lines(supports, name)) for supports in listed]


def _lines(supports: list[Support], name: Callable[[str], str]) -> dict[str, None]:
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
    return lines


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


def _named(supports: list[Support]) -> Iterator[NamedNode]:
    """What the lines of these call by its name."""
    for one in supports:
        for words in one.words:
            yield from (iri(thing) for thing in (words.document, words.speaker) if thing)
        if one.derived_from:
            yield from (iri(thing) for thing in (one.thing, one.rule) if thing)
