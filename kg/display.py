"""Tables for people: labels for IRIs, amounts with qualifier and interval, nothing that drives a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from kg.labels import labels, short
from kg.rdf import Literal, NamedNode, Term
from kg.results import Source, Table
from kg.terms import CODE, PREFIXES

_CURRENCY = PREFIXES["cur"]
_NUMBERS = {PREFIXES["xsd"] + name for name in ("integer", "decimal")}
_BOUNDS = ("lower", "upper", "lowerOpen", "upperOpen")
# Controls, and the marks that reorder text: a label must not be able to rewrite the screen.
_UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Joiners that real words need, and the soft hyphen, change no order.
_HARMLESS = {"\u200c", "\u200d", "\u00ad"}


def safe(text: str) -> str:
    """`text` with every control and bidi character shown as U+FFFD; line breaks and tabs become spaces."""
    spaced = text.replace("\r\n", " ").translate({9: " ", 10: " ", 13: " "})
    return "".join("\ufffd" if unicodedata.category(c) in _UNSAFE and c not in _HARMLESS else c for c in spaced)


def cells(table: Table, source: Source, lang: str, money: Iterable[str] = ()) -> tuple[list[str], list[list[str]]]:
    """Headers and cells in words: IRIs as labels, `money` columns as amounts in the row's currency.

    Where the table has a column `currency`, it goes into the amounts, and so do `qualifier` and the bounds
    (`lower`, `upper` and which of them are open, with or without a common prefix, become one interval).
    """
    names = labels(source, _things(table), lang)
    at = {name: index for index, name in enumerate(table.columns)}
    paid = [name for name in money if name in at] if "currency" in at else []
    intervals = _intervals(at) if "currency" in at else {}
    hidden = {"currency"} if paid or intervals else set()
    if paid and "qualifier" in at:
        hidden.add("qualifier")
    for columns in intervals.values():
        hidden.update(columns[1:])
    headers = [name for name in table.columns if name not in hidden]
    rows = []
    for row in table.rows:
        currency = _currency(row[at["currency"]]) if "currency" in at else ""
        cell = []
        for name in headers:
            term = row[at[name]]
            if name in intervals:
                cell.append(_interval(row, at, intervals[name], currency, lang))
            elif name in paid and _number(term) and currency:
                cell.append(_amount(row, at, name, currency, names, lang))
            else:
                cell.append(_word(term, names))
        rows.append(cell)
    return [_header(name, intervals) for name in headers], rows


def terminal_width() -> int:
    """Columns of the terminal that standard output is, or a width that pages and logs take."""
    import shutil
    import sys

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 160


def to_text(headers: list[str], rows: list[list[str]], width: int) -> str:
    """An aligned table no wider than `width` columns where that can be had by wrapping long cells."""
    from tabulate import tabulate

    widths = _column_widths(headers, rows, width)
    return str(tabulate(rows, headers, tablefmt="simple", disable_numparse=True, maxcolwidths=widths)) + "\n"


def to_markdown(headers: list[str], rows: list[list[str]]) -> str:
    """A GitHub-flavoured Markdown table."""
    from tabulate import tabulate

    escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return str(tabulate(escaped, headers, tablefmt="github", disable_numparse=True)) + "\n"


def _things(table: Table) -> list[NamedNode]:
    return [term for row in table.rows for term in row if isinstance(term, NamedNode)]


def _word(term: Term | None, names: dict[str, str]) -> str:
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return safe(names.get(term.value) or short(term.value))
    return safe(term.value)


def _header(name: str, intervals: dict[str, tuple[str, ...]]) -> str:
    return "interval" if name == "lower" and name in intervals else name


def _currency(term: Term | None) -> str:
    return term.value.removeprefix(_CURRENCY) if isinstance(term, NamedNode) else ""


def _number(term: Term | None) -> bool:
    return isinstance(term, Literal) and term.datatype.value in _NUMBERS


def _amount(
    row: tuple[Term | None, ...],
    at: dict[str, int],
    name: str,
    currency: str,
    names: dict[str, str],
    lang: str,
) -> str:
    from kg.money import amount

    term = row[at[name]]
    assert isinstance(term, Literal)
    written = amount(Decimal(term.value), currency, lang)
    qualifier = row[at["qualifier"]] if "qualifier" in at else None
    if isinstance(qualifier, NamedNode) and qualifier.value != CODE + "qualifier/exact":
        return f"{_word(qualifier, names)} {written}"
    return written


def _intervals(at: dict[str, int]) -> dict[str, tuple[str, ...]]:
    """First column → its bounds' columns, for each set of bounds in the table."""
    return {name: tuple(c for c in _BOUNDS if c in at) for name in at if name == "lower" and "upper" in at}


def _interval(
    row: tuple[Term | None, ...], at: dict[str, int], columns: tuple[str, ...], currency: str, lang: str
) -> str:
    from kg.money import interval

    terms = {column: row[at[column]] for column in columns}
    lower, upper = terms.get("lower"), terms.get("upper")
    if lower is None and upper is None:
        return ""
    flags = {name: isinstance(term := terms.get(name), Literal) and term.value == "true" for name in _BOUNDS[2:]}
    return interval(
        Decimal(lower.value) if isinstance(lower, Literal) else None,
        Decimal(upper.value) if isinstance(upper, Literal) else None,
        flags["lowerOpen"],
        flags["upperOpen"],
        currency,
        lang,
    )


def _column_widths(headers: list[str], rows: list[list[str]], width: int) -> list[int | None]:
    """The widest columns give way, down to a readable least, until the table fits."""
    wants = [max([len(header), *(len(row[i]) for row in rows)]) for i, header in enumerate(headers)]
    room = max(width - 2 * (len(headers) - 1), 1)
    widths = list(wants)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda i: widths[i])
        if widths[widest] <= 12:
            break
        widths[widest] -= 1
    return [None if given == want else given for given, want in zip(widths, wants, strict=True)]
