"""Checks: the queries of `queries/checks`, which must return nothing. Each row is a finding.

A check is read as canned queries are (kg.queries): its first line is the question, its prose the rule that a row
breaks, `@severity` how grave that is. The first column that holds an IRI is the node at fault; the column
`value`, else the next, is what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, QuerySolutions, Store

from kg.errors import UsageError
from kg.queries import Query
from kg.validation.terms import key


class Check(NamedTuple):
    """One check: its name (of the file), what a row of it means, severity, text."""

    name: str
    message: str
    severity: str
    text: str


class Row(NamedTuple):
    """One row of a check's answer: node and value as keys, all columns for the message."""

    check: Check
    focus: str
    value: str | None
    columns: tuple[tuple[str, str], ...]


def read_check(path: Path) -> Check:
    """Read a check. Raises WorldError where its header is not right."""
    query = Query.read(path)
    return Check(query.name, " ".join((query.prose or query.question).split()), query.severity, query.text)


def run(checks: Iterable[Check], store: Store) -> list[Row]:
    """Every row of every check. Raises UsageError for a check that is no SELECT or does not parse."""
    rows: list[Row] = []
    for check in checks:
        try:
            solutions = store.query(check.text)
        except (SyntaxError, ValueError) as error:
            raise UsageError("check", f"queries/checks/{check.name}.rq: {' '.join(str(error).split())}") from None
        if not isinstance(solutions, QuerySolutions):
            raise UsageError("check", f"queries/checks/{check.name}.rq is no SELECT")
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            bound = [(name, solution[name]) for name in names if solution[name] is not None]
            focus = next((name for name, term in bound if isinstance(term, NamedNode)), None)
            if focus is None:
                focus = bound[0][0] if bound else ""
            others = [name for name, _ in bound if name != focus]
            value = "value" if "value" in others else (others[0] if others else None)
            terms = dict(bound)
            rows.append(
                Row(
                    check,
                    key(terms[focus]) if focus else "",
                    key(terms[value]) if value else None,
                    tuple((name, key(term)) for name, term in bound),
                )
            )
    return rows
