"""Anchors held against the text that they count in, and the amounts of a text held against the anchors.

An anchor is an oa:SpecificResource of the text of a document, with a position and a quotation as its selectors (Web
Annotation Data Model): code points of that text, end excluded, and the words that stand there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, takewhile
from operator import eq
from typing import Protocol

from kg.results import Source, Table, plain
from kg.terms import expand, shorten

# Where no checksum decides: the share of a document's quotes that its changed text must still hold.
_LIKENESS = 0.6
_FEWEST = 3


class Amount(Protocol):
    """An amount that a reader has found: its place, and its value in whole units of a currency."""

    @property
    def start(self) -> int:
        """The first code point."""
        ...

    @property
    def end(self) -> int:
        """The code point after the last."""
        ...

    @property
    def text(self) -> str:
        """The words of the amount."""
        ...

    @property
    def value(self) -> Decimal:
        """The amount."""
        ...


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in a document and the words that must stand there. `values`: of the figures that rest on it."""

    iri: str
    start: int
    end: int
    words: str
    values: frozenset[Decimal] = frozenset()

    def holds(self, text: str) -> bool:
        """Whether the words stand at the place."""
        return text[self.start : self.end] == self.words


@dataclass(frozen=True, slots=True)
class Known:
    """A document of the graph: its checksums (SHA-256, hexadecimal, small letters) and its anchors in order."""

    iri: str
    checksums: frozenset[str]
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """An anchor that no longer holds, the words that now stand there, and the nearest place of its own words."""

    anchor: Anchor
    there: str
    moved_to: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What holding one text against one document of the graph has shown.

    `same`: the bytes are those that the anchors were read from; None where the graph has no checksum.
    `loose`: amounts that no anchor covers. `astray`: amounts whose figures all say another value.
    """

    document: str
    same: bool | None
    amounts: int
    loose: tuple[Amount, ...]
    astray: tuple[tuple[Amount, Anchor], ...]
    broken: tuple[Broken, ...]

    @property
    def anchored(self) -> int:
        """How many amounts an anchor covers that holds."""
        return self.amounts - len(self.loose)

    @property
    def whole(self) -> bool:
        """Whether nothing is amiss."""
        return not (self.loose or self.astray or self.broken) and self.same is not False


# Words before a quotation that tell it from the same words elsewhere: never more of a text than this.
_LONGEST_PREFIX = 40


def prefixes(text: str, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """For each (start, end) whose words stand elsewhere in `text` too, the shortest text before it that tells it.

    Left out are places whose words stand once, and those that 40 characters do not tell apart.
    """
    by_words: dict[str, list[tuple[int, int]]] = {}
    for place in places:
        by_words.setdefault(text[slice(*place)], []).append(place)
    found: dict[tuple[int, int], str] = {}
    for words, wanted in by_words.items():
        starts = _starts(text, words)
        # In the order of what stands before, read backwards, the two neighbours of a place are those most like it.
        before = {start: text[max(0, start - _LONGEST_PREFIX) : start][::-1] for start in starts}
        ordered = sorted(starts, key=before.__getitem__)
        shared = dict.fromkeys(starts, -1)
        for one, other in pairwise(ordered):
            alike = len(list(takewhile(bool, map(eq, before[one], before[other]))))
            shared[one], shared[other] = max(shared[one], alike), max(shared[other], alike)
        for start, end in wanted:
            if 0 <= shared.get(start, -1) < len(before[start]):
                found[start, end] = before[start][: shared[start] + 1][::-1]
    return found


def _starts(text: str, words: str) -> list[int]:
    """Where `words` begin in `text`, all of them."""
    found, start = [], text.find(words)
    while start >= 0 and words:
        found.append(start)
        start = text.find(words, start + 1)
    return found


def sha256(data: bytes) -> str:
    """The SHA-256 of `data` as hexadecimal in small letters."""
    return hashlib.sha256(data).hexdigest()


_CHECKSUMS = """
SELECT ?document ?checksum WHERE {
  ?text dcterms:isFormatOf ?document ; spdx:checksum/spdx:checksumValue ?checksum .
}"""

_ANCHORS = """
SELECT ?document ?anchor ?start ?end ?words ?value WHERE {
  ?anchor oa:hasSource/dcterms:isFormatOf ?document ; oa:hasSelector ?place , ?quote .
  ?place oa:start ?start ; oa:end ?end .
  ?quote oa:exact ?words .
  OPTIONAL { ?figure til:evidence ?anchor ; schema:value|schema:minValue|schema:maxValue ?value }
}
ORDER BY ?document ?start ?end"""


def documents(source: Source) -> dict[str, Known]:
    """Every document of the graph that has a checksum or anchors, by IRI."""
    checksums: dict[str, set[str]] = {}
    for row in _rows(source, _CHECKSUMS):
        checksums.setdefault(row["document"], set()).add(row["checksum"].lower())
    places: dict[str, dict[str, tuple[int, int, str]]] = {}
    values: dict[str, set[Decimal]] = {}
    for row in _rows(source, _ANCHORS):
        anchor = row["anchor"]
        places.setdefault(row["document"], {})[anchor] = (int(row["start"]), int(row["end"]), row["words"])
        if row.get("value"):
            values.setdefault(anchor, set()).add(Decimal(row["value"]))
    return {
        iri: Known(
            iri,
            frozenset(checksums.get(iri, ())),
            tuple(
                Anchor(anchor, *place, frozenset(values.get(anchor, ())))
                for anchor, place in places.get(iri, {}).items()
            ),
        )
        for iri in sorted({*checksums, *places})
    }


def _rows(source: Source, query: str) -> Iterable[dict[str, str]]:
    answer = source.query(query)
    assert isinstance(answer, Table)
    for row in answer.rows:
        yield {name: plain(term) for name, term in zip(answer.columns, row, strict=True) if term is not None}


def named(known: dict[str, Known], name: str) -> Known | None:
    """The document that `name` means: an IRI, or a CURIE such as id:doc-x."""
    return known.get(name) or known.get(expand(name) or "")


def closest(known: dict[str, Known], text: str, checksums: Iterable[str]) -> Known | None:
    """The document that a text is: by its checksum, else the one most of whose quotes stand in it; else None."""
    wanted = set(checksums)
    for document in known.values():
        if document.checksums & wanted:
            return document
    best: tuple[float, int, Known] | None = None
    for document in known.values():
        if not document.anchors:
            continue
        at_place = sum(anchor.holds(text) for anchor in document.anchors)
        found = sum(anchor.words in text for anchor in document.anchors)
        likeness = found / len(document.anchors)
        sure = at_place * 2 >= len(document.anchors) or (likeness >= _LIKENESS and found >= _FEWEST)
        if sure and (best is None or (likeness, found) > best[:2]):
            best = likeness, found, document
    return best[2] if best else None


def cover(document: Known, text: str, checksums: Iterable[str], amounts: Sequence[Amount]) -> Coverage:
    """Hold `text`, whose checksums and amounts are given, against what the graph says of `document`."""
    holding = [anchor for anchor in document.anchors if anchor.holds(text)]
    loose: list[Amount] = []
    astray: list[tuple[Amount, Anchor]] = []
    for amount in amounts:
        over = [anchor for anchor in holding if anchor.start <= amount.start and amount.end <= anchor.end]
        if not over:
            loose.append(amount)
            continue
        said = frozenset[Decimal]().union(*(anchor.values for anchor in over))
        if said and amount.value not in said:
            astray.append((amount, over[0]))
    broken = [
        Broken(anchor, text[anchor.start : anchor.end], _nearest(text, anchor))
        for anchor in document.anchors
        if not anchor.holds(text)
    ]
    same = bool(document.checksums & set(checksums)) if document.checksums else None
    return Coverage(document.iri, same, len(amounts), tuple(loose), tuple(astray), tuple(broken))


def _nearest(text: str, anchor: Anchor) -> int | None:
    """Where the anchor's words begin now, nearest to where they were; None where they are gone."""
    after = text.find(anchor.words, anchor.start)
    before = text.rfind(anchor.words, 0, anchor.start + len(anchor.words))
    places = [place for place in (before, after) if place >= 0]
    return min(places, key=lambda place: abs(place - anchor.start)) if places else None


def place(text: str, position: int) -> str:
    """A code point position as people look it up: line:column, both from 1."""
    line = text.count("\n", 0, position)
    return f"{line + 1}:{position - (text.rfind(chr(10), 0, position) + 1) + 1}"


def report(coverage: Coverage, text: str) -> list[str]:
    """The coverage in lines for people: the count first, then what is amiss."""
    lines = [f"{coverage.anchored} of {coverage.amounts} amounts anchored in {shorten(coverage.document)}"]
    if coverage.same is None:
        lines.append("checksum: the graph has none for this document")
    elif not coverage.same:
        lines.append("checksum: the text is not the one that the anchors were read from")
    for amount in coverage.loose:
        lines.append(f"{place(text, amount.start)}: not anchored: {_one_line(amount.text)!r}")
    for amount, anchor in coverage.astray:
        said = ", ".join(str(value) for value in sorted(anchor.values))
        lines.append(
            f"{place(text, amount.start)}: {_one_line(amount.text)!r} reads {amount.value:f}, "
            f"the graph says {said}"
        )
    for broken in coverage.broken:
        anchor = broken.anchor
        now = f"now at {place(text, broken.moved_to)}" if broken.moved_to is not None else "nowhere in the text"
        lines.append(
            f"char={anchor.start},{anchor.end}: anchor no longer holds: {_one_line(anchor.words)!r} is {now}"
        )
    return lines


def record(coverage: Coverage, text: str) -> dict[str, object]:
    """The coverage as a JSON object."""
    return {
        "document": coverage.document,
        "checksum": {None: "unknown", True: "same", False: "differs"}[coverage.same],
        "amounts": coverage.amounts,
        "anchored": coverage.anchored,
        "notAnchored": [
            {"start": amount.start, "end": amount.end, "text": amount.text} for amount in coverage.loose
        ],
        "otherValue": [
            {
                "start": amount.start,
                "end": amount.end,
                "text": amount.text,
                "read": f"{amount.value:f}",
                "graph": sorted(str(value) for value in anchor.values),
            }
            for amount, anchor in coverage.astray
        ],
        "broken": [
            {
                "anchor": broken.anchor.iri,
                "start": broken.anchor.start,
                "end": broken.anchor.end,
                "words": broken.anchor.words,
                "there": broken.there,
                "movedTo": broken.moved_to,
            }
            for broken in coverage.broken
        ],
    }


def _one_line(words: str) -> str:
    return " ".join(words.split())
