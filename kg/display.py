"""Tables for people: labels for IRIs, amounts with qualifier and interval, nothing that drives a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from itertools import compress, zip_longest

from kg.labels import labels, short
from kg.rdf import Literal, NamedNode, Term, iri
from kg.results import Source, Table
from kg.terms import CODE, PREFIXES, shorten

_CURRENCY = PREFIXES["cur"]
_NUMBERS = {PREFIXES["xsd"] + name for name in ("integer", "decimal")}
BOUNDS = ("lower", "upper", "lowerOpen", "upperOpen")
# Controls, and the marks that reorder text: a label must not be able to rewrite the screen.
_UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# What queries put between several things in one cell.
_BETWEEN = " · "
# Joiners that real words need, and the soft hyphen, change no order.
_HARMLESS = {"\u200c", "\u200d", "\u00ad"}


def safe(text: str) -> str:
    """`text` with every control and bidi character shown as U+FFFD; line breaks and tabs become spaces."""
    if text.isprintable():  # nothing of the kind is
        return text
    spaced = text.replace("\r\n", " ").translate({9: " ", 10: " ", 13: " "})
    return "".join("\ufffd" if unicodedata.category(c) in _UNSAFE and c not in _HARMLESS else c for c in spaced)


def cells(
    table: Table,
    source: Source,
    lang: str,
    money: Iterable[str] = (),
    converted: tuple[str, tuple[str, ...]] = ("", ()),
) -> tuple[list[str], list[list[str]]]:
    """Headers and cells in words: IRIs as labels, `money` columns as amounts in the row's currency.

    Where the table has a column `currency`, it goes into the amounts, and so does `qualifier` into the first of
    them; bounds (`lower`, `upper` and which of them are open, with or without a prefix) become one interval, and the
    days `start` and `end` one period. Several things that a query joined in one cell are each shown by their label.
    A column that is empty in every row is left out. `converted` is a currency and the columns that hold amounts of it.
    """
    names = labels(source, _things(table), lang)
    has_currency = "currency" in table.columns
    paid = [name for name in money if name in table.columns] if has_currency else []
    intervals = _intervals(table.columns) if has_currency else {}
    # The word beside an amount: `qualifier` is of the first, `otherQualifier` of `otherValue`.
    words = {name: word for name in paid if (word := _word_of(name, paid[0])) in table.columns}
    hidden = {"currency", *words.values()} if paid else {"currency"} if intervals else set()
    for columns in intervals.values():
        hidden.update(columns[1:])
    # An amount with bounds of its own has them behind it: fewer columns, and what belongs together in one.
    bounded = {name: lower for lower in intervals if (name := lower.removesuffix("Lower")) in paid}
    hidden.update(bounded.values())
    there = [f"{bound}{converted[0]}" for bound in BOUNDS[:2] if f"{bound}{converted[0]}" in converted[1]]
    hidden.update(there[1:])
    dated = _dated(table)
    if dated:
        hidden.add("end")
    called = {name: _interval_name(name) for name in intervals} | dict.fromkeys(there, f"interval{converted[0]}")
    called |= {"start": "period"} if dated else {}
    headers = [name for name in table.columns if name not in hidden]
    rows = []
    for terms in table.rows:
        row = dict(zip(table.columns, terms, strict=True))
        currency = currency_code(row.get("currency"))
        cell = []
        for name in headers:
            term = row[name]
            if dated and name == "start":
                cell.append(period(_day(row["start"]), _day(row["end"])))
            elif name in intervals:
                cell.append(_interval([row.get(column) for column in intervals[name]], currency, lang))
            elif name in there:
                cell.append(_interval([row.get(end) for end in (*there, *BOUNDS[2:])], converted[0], lang))
            elif name in converted[1] and isinstance(term, Literal):
                qualifier = row.get("qualifier") if paid and name == paid[0] + converted[0] else None
                cell.append(_amount(term, qualifier, converted[0], names, lang))
            elif name in paid and currency and isinstance(term, Literal) and term.datatype.value in _NUMBERS:
                qualifier = row.get(words.get(name, ""))
                bounds = [row.get(column) for column in intervals[bounded[name]]] if name in bounded else []
                within = _interval(bounds, currency, lang) if bounds else ""
                amount = _amount(term, qualifier, currency, names, lang)
                cell.append(f"{amount}, {within}" if within else amount)
            elif name in bounded and term is None:
                cell.append(_interval([row.get(column) for column in intervals[bounded[name]]], currency, lang))
            elif paid and name == paid[0] and term is not None:
                # A number that is no money keeps the word beside it: "at least 10".
                cell.append(_qualified(_word(term, names), row.get("qualifier"), names))
            else:
                cell.append(_word(term, names))
        rows.append(cell)
    named = [called.get(name, name) for name in headers]
    full = [any(column) for column in zip(*rows, strict=True)]
    if not any(full):
        return named, rows
    return list(compress(named, full)), [list(compress(row, full)) for row in rows]


def period(start: str | None, end: str | None) -> str:
    """The days from `start` to `end` (xsd:date forms, None for open) as briefly as people write them: 2008–2010."""
    if start is None and end is None:
        return ""
    first, last = start or "", end or ""
    if (start is None or first.endswith("-01-01")) and (end is None or last.endswith("-12-31")):
        first, last = first[:4], last[:4]
        return first if first == last else f"{first}–{last}"
    return first if first == last else f"{first} – {last}".strip(" ")


def _dated(table: Table) -> bool:
    """Whether the columns `start` and `end` are days, and not places in a text."""
    if not {"start", "end"} <= set(table.columns):
        return False
    ends = [table.columns.index(name) for name in ("start", "end")]
    terms = [row[at] for row in table.rows for at in ends if row[at] is not None]
    return all(isinstance(term, Literal) and term.datatype.value == PREFIXES["xsd"] + "date" for term in terms)


def _day(term: Term | None) -> str | None:
    return None if term is None else term.value[:10] if isinstance(term, Literal) else None


def terminal_width() -> int:
    """Columns of the terminal, or COLUMNS; elsewhere a width that pages and logs take."""
    import shutil

    return shutil.get_terminal_size((160, 24)).columns


def to_text(headers: list[str], rows: list[list[str]], width: int) -> str:
    """An aligned table no wider than `width` columns where that can be had by wrapping long cells."""
    most = _column_widths(headers, rows, width)
    wrapped = [list(map(_wrapped, row, most)) for row in (headers, *rows)]
    widths = [max(_width(line) for cell in cells for line in cell) for cells in zip(*wrapped, strict=True)]
    lines = [_aligned(line, widths) for row in wrapped for line in zip_longest(*row, fillvalue="")]
    rule = _aligned(("-" * size for size in widths), widths)
    high = max(map(len, wrapped[0]), default=0)  # lines of the headers
    return "\n".join([*lines[:high], rule, *lines[high:]]) + "\n"


def to_markdown(headers: list[str], rows: list[list[str]]) -> str:
    """A GitHub-flavoured Markdown table."""
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in (headers, *rows)]
    widths = [max(map(_width, cells)) for cells in zip(*escaped, strict=True)]
    lines = [
        f"| {' | '.join(cell + ' ' * (most - _width(cell)) for cell, most in zip(row, widths, strict=True))} |"
        for row in escaped
    ]
    return "\n".join([lines[0], f"|{'|'.join('-' * (most + 2) for most in widths)}|", *lines[1:]]) + "\n"


def _wrapped(cell: str, most: int) -> list[str]:
    if _width(cell) <= most:
        return [cell]
    import textwrap

    return textwrap.wrap(cell, most) or [""]


def _aligned(cells: Iterable[str], widths: list[int]) -> str:
    padded = (cell + " " * (most - _width(cell)) for cell, most in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip(" ")


def _width(text: str) -> int:
    """Columns that `text` takes in a terminal: none for a combining mark, two for a wide character."""
    if not text or max(text) < "\u0300":
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _things(table: Table) -> list[NamedNode]:
    return [thing for row in table.rows for term in row for thing in _named(term)]


def _named(term: Term | None) -> list[NamedNode]:
    """The things of a cell: an IRI, or those that a query joined as text; none where it is other text."""
    if isinstance(term, NamedNode):
        return [term]
    if not isinstance(term, Literal) or not term.value.startswith("http") or term.language:
        return []
    parts = term.value.split(_BETWEEN)
    return [] if any(shorten(part).startswith("<") for part in parts) else [iri(part) for part in parts]


def _word(term: Term | None, names: dict[str, str]) -> str:
    if term is None:
        return ""
    things = _named(term)
    return _BETWEEN.join(safe(names.get(one.value) or short(one.value)) for one in things) or safe(term.value)


def currency_code(term: Term | None) -> str:
    """The ISO 4217 code of a currency of the EU authority table; empty for anything else."""
    return term.value.removeprefix(_CURRENCY) if isinstance(term, NamedNode) else ""


def _amount(value: Literal, qualifier: Term | None, currency: str, names: dict[str, str], lang: str) -> str:
    from kg.money import amount

    return _qualified(amount(Decimal(value.value), currency, lang), qualifier, names)


def _qualified(written: str, qualifier: Term | None, names: dict[str, str]) -> str:
    if isinstance(qualifier, NamedNode) and qualifier.value != CODE + "qualifier/exact":
        return f"{_word(qualifier, names)} {written}"
    return written


def _intervals(columns: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Column of a lower bound → the four columns of its interval, whether or not the table has the last two."""
    found = {}
    for name in columns:
        prefix = name[:-5]
        bounds = (name, *(_with_prefix(prefix, bound) for bound in BOUNDS[1:]))
        if name == _with_prefix(prefix, "lower") and bounds[1] in columns:
            found[name] = bounds
    return found


def _with_prefix(prefix: str, bound: str) -> str:
    return prefix + bound[0].upper() + bound[1:] if prefix else bound


def _word_of(amount: str, first: str) -> str:
    return "qualifier" if amount == first else amount.removesuffix("Value") + "Qualifier"


def _interval_name(lower: str) -> str:
    return _with_prefix(lower[:-5], "interval")


def _interval(bounds: list[Term | None], currency: str, lang: str) -> str:
    from kg.money import interval

    lower, upper, *are_open = (term.value if isinstance(term, Literal) else None for term in bounds)
    if (lower is None and upper is None) or not currency:
        return ""
    return interval(
        None if lower is None else Decimal(lower),
        None if upper is None else Decimal(upper),
        are_open[0] == "true",
        are_open[1] == "true",
        currency,
        lang,
    )


def _column_widths(headers: list[str], rows: list[list[str]], width: int) -> list[int]:
    """The widest columns give way until the table fits, but none below its longest word."""
    columns = [[header, *(row[i] for row in rows)] for i, header in enumerate(headers)]
    widths = [max(map(_width, cells)) for cells in columns]
    # A no-break space does not end a word: amounts stay whole.
    least = [min(max(_width(word) for cell in cells for word in cell.split(" ")), 40) for cells in columns]
    room = max(width - 2 * (len(headers) - 1), 1)
    while sum(widths) > room:
        slack = [have - floor for have, floor in zip(widths, least, strict=True)]
        widest = max(range(len(widths)), key=lambda i: widths[i] if slack[i] > 0 else 0)
        if slack[widest] <= 0:
            break
        widths[widest] -= 1
    return widths
