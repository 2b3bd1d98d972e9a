"""What a question gives: a table, triples or yes/no; and these as CSV, TSV, JSON and Turtle for machines.

Formats follow the W3C: SPARQL 1.1 Query Results CSV and TSV, and JSON (`srj`); `json` is plain records.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kg.rdf import Literal, NamedNode, Term, Triple

Row = tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a SELECT: named columns, and rows of terms (None: unbound) in the query's order.

    `cut` says that there were more rows than were asked for.
    """

    columns: tuple[str, ...]
    rows: Sequence[Row]
    cut: bool = False


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
    writer.writerows([plain(term) for term in row] for row in table.rows)
    return out.getvalue()


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


# Formats for machines whose writer needs the table alone, by their names in kg.formats.
WRITERS = {"csv": to_csv, "tsv": to_tsv, "json": to_json}
