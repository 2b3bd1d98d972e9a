"""Answers that took long, kept in the stored index that gave them.

An index never changes, and its name says what it was made from and by which code: what it once answered to a text it
would answer again. So an answer that is a large part of a large graph is worked out once, whatever language or format
it is wanted in afterwards. It goes when its index goes, and may be deleted at any time.

A kept answer is a line of JSON, which has the distinct terms by kind, and a number for each cell; a checksum leads.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import time
import zlib
from array import array
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from kg import files
from kg.errors import WorldError
from kg.garbage import uncollected
from kg.rdf import Literal, NamedNode, Term
from kg.results import Answer, NumberedRows, Source, Table

# A shorter one is as soon worked out as it is read.
_LONG = 0.1  # seconds
_MOST = 1 << 30  # bytes of all that is kept in an index; one answer may take an eighth of them
# What these functions give is another thing each time.
_CHANGING = re.compile(r"\b(now|rand|uuid|struuid|bnode)\b", re.IGNORECASE)
_IRI = "iri"  # the kind of an IRI; that of a literal is its datatype's IRI or @ and its language
_SUM = 4  # bytes of the checksum
FOLDER = "answers"  # where they lie in the index


class Answered:
    """A stored index that does not work out a long answer twice."""

    def __init__(self, store: Source, index: Path) -> None:
        """`index` is the folder of the stored index that `store` was opened from."""
        self._store = store
        self._folder = index / FOLDER

    def query(self, text: str) -> Answer:
        """The answer to one read-only SPARQL query, kept or worked out. Raises UsageError where it is not a query."""
        if _CHANGING.search(text):
            return self._store.query(text)
        place = self._folder / _name(text)
        with contextlib.suppress(OSError, ValueError):
            found = unpacked(place.read_bytes())
            with contextlib.suppress(OSError):  # a cache that may only be read serves as well
                os.utime(place)  # when it was last used
            return found
        begun = time.monotonic()
        answer = self._store.query(text)
        if isinstance(answer, Table) and time.monotonic() - begun > _LONG:
            # Nothing is lost where it cannot be kept: no room, no right to write, an index that was just removed.
            with contextlib.suppress(OSError, WorldError):
                self._keep(place, answer)
        return answer

    def keeps(self, text: str) -> bool:
        """Whether the answer to this text is kept: it took long."""
        return (self._folder / _name(text)).exists()

    def _keep(self, place: Path, answer: Table) -> None:
        data = packed(answer)
        if data is None or len(data) > _MOST // 8:
            return
        self._folder.mkdir(exist_ok=True, mode=0o700)
        files.replace(place, data)
        kept = sorted(((file.stat(), file) for file in self._folder.iterdir()), key=lambda one: -one[0].st_mtime)
        room = _MOST
        for state, file in kept:
            room -= state.st_size
            if room < 0:
                file.unlink()


def packed(table: Table) -> bytes | None:
    """A table as bytes, or None where it has terms that have no name of their own outside this answer."""
    by_kind: dict[str, list[Term]] = {}
    for term in dict.fromkeys(chain.from_iterable(table.rows)):
        if isinstance(term, NamedNode):
            by_kind.setdefault(_IRI, []).append(term)
        elif isinstance(term, Literal) and not getattr(term, "direction", None):
            by_kind.setdefault(f"@{term.language}" if term.language else term.datatype.value, []).append(term)
        elif term is not None:
            return None
    numbers: dict[Term | None, int] = {None: 0}
    for number, term in enumerate(chain.from_iterable(by_kind.values()), 1):
        numbers[term] = number
    cells = array("I", map(numbers.__getitem__, chain.from_iterable(table.rows)))
    terms = [(kind, [term.value for term in listed]) for kind, listed in by_kind.items()]
    head = json.dumps({"columns": table.columns, "rows": len(table.rows), "terms": terms}, ensure_ascii=False)
    body = b"\n".join((head.encode(), cells.tobytes()))
    return zlib.crc32(body).to_bytes(_SUM, "big") + body


def unpacked(data: bytes) -> Table:
    """The table that `packed` made into these bytes. Raises ValueError where they are not whole."""
    if int.from_bytes(data[:_SUM], "big") != zlib.crc32(memoryview(data)[_SUM:]):
        raise ValueError("not a whole answer")
    end = data.index(b"\n", _SUM)
    head = json.loads(data[_SUM:end])
    cells = array("I")
    cells.frombytes(memoryview(data)[end + 1 :])
    texts = ["", *chain.from_iterable(values for _, values in head["terms"])]
    columns = tuple(head["columns"])
    rows = NumberedRows(len(columns), head["rows"], cells, texts, lambda: _terms(head["terms"]))
    return Table(columns, rows)


def _terms(by_kind: list[tuple[str, list[str]]]) -> list[Term | None]:
    with uncollected():
        return [None, *chain.from_iterable(_of_kind(kind, values) for kind, values in by_kind)]


def _of_kind(kind: str, values: list[str]) -> Iterable[Term]:
    if kind == _IRI:
        return map(NamedNode, values)
    if kind.startswith("@"):
        return (Literal(value, language=kind[1:]) for value in values)
    datatype = NamedNode(kind)
    return (Literal(value, datatype=datatype) for value in values)


def _name(text: str) -> str:
    import hashlib

    # Numbers are written as this machine has them in memory.
    return hashlib.sha256(f"{sys.byteorder} {text}".encode()).hexdigest()[:40]
