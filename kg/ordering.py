"""The rows of an answer in order, put there by us: the engine looks each term up again for every comparison.

An answer of many rows took twice as long for its ORDER BY as without. The order is that of SPARQL 1.1, section 15.1:
unbound, blank nodes, IRIs, literals; among literals numbers by value, and days, years and strings by lexical form,
which for these comes to the same. Where a column has others, or numbers beside these, the engine is asked to order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from kg.rdf import XSD, Literal, NamedNode, Term, Triple
from kg.terms import PREFIXES

# What a query may end in. No string or comment can: the one has a quote behind it, the other is not all of a line.
_LAST = re.compile(r"^ORDER BY((?: (?:\?\w+|DESC\(\?\w+\)))+)\s*\Z", re.MULTILINE)
_KEY = re.compile(r"(DESC\()?\?(\w+)")
_NUMBERS = {f"{XSD}integer", f"{XSD}decimal"}
# Datatypes whose order is that of the lexical forms, where a form is as the pattern says.
_BY_FORM = {
    f"{XSD}string": None,
    f"{PREFIXES['rdf']}langString": None,
    f"{XSD}boolean": None,
    f"{XSD}hexBinary": None,
    f"{XSD}date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    f"{XSD}gYearMonth": re.compile(r"[0-9]{4}-[0-9]{2}"),
    f"{XSD}gYear": re.compile(r"[0-9]{4}"),
}
_DIGITS = 18  # characters of a number that the engine is sure to reckon with; it has 64 bits for integers
_UNBOUND, _BLANK, _IRI, _LITERAL = range(4)

Key = tuple[str, bool]  # a variable's name, and whether the greatest comes first
Row = tuple[Term | None, ...]
Rank = tuple[int, str | Decimal, str, str]  # of a literal its datatype and language, where forms are the same


def parted(text: str) -> tuple[str, list[Key]]:
    """A query without the ORDER BY that it ends in, and what that says; the text and [] where it says more."""
    last = _LAST.search(text, max(0, text.rfind("\nORDER BY")))
    if last is None:
        return text, []
    return text[: last.start()], [(name, bool(descending)) for descending, name in _KEY.findall(last[1])]


def ordered(rows: Sequence[Row], columns: Sequence[str], keys: Sequence[Key]) -> tuple[Row, ...] | None:
    """The rows in the order of the keys; None where it takes more than is known here to tell it."""
    if len(rows) < 2:
        return tuple(rows)
    found = list(rows)
    for name, descending in reversed(keys):  # a later sort leaves what is equal to it as it was
        if name not in columns:
            return None
        at = columns.index(name)
        rank = _ranking([row[at] for row in found])
        if rank is None:
            return None
        found.sort(key=lambda row, rank=rank, at=at: rank(row[at]), reverse=descending)  # type: ignore[misc]  # of a lambda's defaults
    return tuple(found)


def _ranking(terms: Sequence[Term | None]) -> Callable[[Term | None], Rank] | None:
    numbers = {_is_number(term) for term in terms if isinstance(term, Literal)}
    if len(numbers) > 1 or None in numbers or any(isinstance(term, Triple) for term in terms):
        return None
    number = True in numbers

    def rank(term: Term | None) -> Rank:
        if isinstance(term, NamedNode):
            return _IRI, term.value, "", ""
        if term is None:
            return _UNBOUND, "", "", ""
        if not isinstance(term, Literal):
            return _BLANK, str(term), "", ""
        if number:
            return _LITERAL, Decimal(term.value), "", ""
        return _LITERAL, term.value, term.datatype.value, term.language or ""

    return rank


def _is_number(literal: Literal) -> bool | None:
    """Whether it goes by its value, or by its lexical form; None where neither is sure."""
    datatype = literal.datatype.value
    if datatype in _NUMBERS:
        return True if len(literal.value) <= _DIGITS else None
    if datatype not in _BY_FORM:
        return None
    form = _BY_FORM[datatype]
    return False if form is None or form.fullmatch(literal.value) else None
