"""What a question gives: a table, triples or yes/no; and these as CSV, TSV, JSON and Turtle for machines.

Formats follow the W3C: SPARQL 1.1 Query Results CSV and TSV, and JSON (`srj`); `json` is plain records.
"""

from __future__ import annotations

import csv
import io
import json
import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Protocol, TypeVar, overload

from kg.errors import UsageError, did_you_mean
from kg.rdf import Literal, NamedNode, Term, Triple

Row = tuple[Term | None, ...]
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a SELECT: named columns, and rows of terms (None: unbound) in the query's order.

    `cut` says that there were more rows than were asked for.
    """

    columns: tuple[str, ...]
    rows: Sequence[Row]
    cut: bool = False


class NumberedRows(Sequence[Row]):
    """Rows whose cells are numbers of distinct terms: a term is made once, and only where somebody looks at it."""

    def __init__(
        self, width: int, height: int, cells: array[int], texts: list[str], terms: Callable[[], list[Term | None]]
    ) -> None:
        """`cells` has `height` times `width` numbers; `texts` and `terms` say what each is, 0 being an unbound one."""
        self._width, self._height, self._cells = width, height, cells
        self.texts = texts
        self._make = terms

    @cached_property
    def _terms(self) -> list[Term | None]:
        return self._make()

    def each(self, values: Sequence[_Value]) -> Iterator[tuple[_Value, ...]]:
        """The rows with another value in place of each term, by its number."""
        if not self._width:
            return iter([()] * self._height)
        return zip(*[map(values.__getitem__, self._cells)] * self._width, strict=True)

    def __len__(self) -> int:
        return self._height

    def __iter__(self) -> Iterator[Row]:
        return self.each(self._terms)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        places = range(self._height)[index]
        if isinstance(places, int):
            return self._row(places)
        return tuple(map(self._row, places))

    def _row(self, place: int) -> Row:
        cells = self._cells[place * self._width : (place + 1) * self._width]
        return tuple(map(self._terms.__getitem__, cells))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as of any value that is compared by what it holds


@dataclass(frozen=True, slots=True)
class Triples:
    """The answer to a CONSTRUCT or DESCRIBE; `cut` says that there were more triples than were asked for."""

    triples: tuple[Triple, ...]
    cut: bool = False


Answer = Table | Triples | bool


class Source(Protocol):
    """Anything that answers SPARQL text: the embedded store or a remote endpoint."""

    def query(self, text: str) -> Answer:
        """The answer to one read-only SPARQL query."""
        ...


def plain(term: Term | None) -> str:
    """A term as a value: the IRI, the lexical form, `_:label`; empty for unbound (SPARQL CSV)."""
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def select(source: Source, text: str) -> Table:
    """The answer to a query that is known to be a SELECT."""
    answer = source.query(text)
    if not isinstance(answer, Table):
        raise TypeError("not a SELECT query")
    return answer


def to_csv(table: Table) -> str:
    """SPARQL 1.1 CSV: header, full IRIs, raw lexical forms. Lines end in CR LF (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    if isinstance(table.rows, NumberedRows) and len(table.columns) > 1:
        # Each term is quoted once, not where it stands: that is most of the time of many rows.
        fields = [_quoted(text) if _QUOTED(text) else text for text in table.rows.texts]
        return "\r\n".join(chain([out.getvalue()[:-2]], map(",".join, table.rows.each(fields)), [""]))
    writer.writerows([plain(term) for term in row] for row in table.rows)
    return out.getvalue()


_QUOTED = re.compile(r'[,"\r\n]').search  # what a field may not have as it is


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def to_tsv(table: Table) -> str:
    """SPARQL 1.1 TSV: `?`-headed columns, terms in Turtle syntax."""
    lines = ["\t".join(f"?{name}" for name in table.columns)]
    lines += ["\t".join("" if term is None else str(term) for term in row) for row in table.rows]
    return "\n".join(lines) + "\n"


def to_json(table: Table) -> str:
    """Records: one object a row, values as strings (amounts stay exact), unbound left out."""
    records = [
        {name: plain(term) for name, term in zip(table.columns, row, strict=True) if term is not None}
        for row in table.rows
    ]
    return json.dumps(records, ensure_ascii=False, indent=2) + "\n"


def to_srj(answer: Table | bool, graph: str | None = None) -> str:
    """SPARQL 1.1 Query Results JSON Format. `graph`: the address of the graph's version, which goes to head/link."""
    link = {"link": [graph]} if graph else {}
    if isinstance(answer, bool):
        return json.dumps({"head": link, "boolean": answer}) + "\n"
    bindings = [
        {name: _json_term(term) for name, term in zip(answer.columns, row, strict=True) if term is not None}
        for row in answer.rows
    ]
    document: dict[str, Any] = {"head": {"vars": list(answer.columns), **link}, "results": {"bindings": bindings}}
    if answer.cut:
        document["cut"] = True  # not of the standard, whose readers pass over what they do not know
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _json_term(term: Term) -> dict[str, Any]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, Literal):
        binding = {"type": "literal", "value": term.value}
        if term.language:
            binding["xml:lang"] = term.language
        elif not term.datatype.value.endswith("#string"):
            binding["datatype"] = term.datatype.value
        return binding
    return {"type": "bnode", "value": term.value}


TABLE_FORMATS = ("table", "csv", "tsv", "json", "srj", "md")
GRAPH_FORMATS = ("turtle", "ntriples", "jsonld")


def unknown_format(name: str, known: tuple[str, ...]) -> UsageError:
    """The refusal of a format that this answer does not have."""
    listed = f"one of {', '.join(known)}"
    near = did_you_mean(name, known)
    return UsageError("format", f"no format {name!r} for this answer", help=f"{near} {listed}" if near else listed)
