"""Text of a file as a terminal may show it: one line, nothing that moves the cursor, carets where they belong."""

from __future__ import annotations

import unicodedata

from kg.validation.report import Finding

_COLUMNS = 160  # of a source line that are shown
_JOINERS = "\u200c\u200d"  # Nordic text has none, but emoji and names do: they are drawn, not obeyed
_CONTROLS = ("Cc", "Cf", "Cs", "Zl", "Zp")


def clean(text: str) -> str:
    """`text` without control, line-ending or direction-changing characters; as many characters as before."""
    return "".join(
        "\ufffd" if unicodedata.category(char) in _CONTROLS and char not in _JOINERS else char
        for char in text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
    )


def excerpt(finding: Finding) -> list[str]:
    """The source line with a line of carets under the token; a long line is cut around the token."""
    assert finding.excerpt is not None
    column = finding.column or 1
    width = max(1, (finding.end_column or column + 1) - column) if finding.column else 0
    text, start = finding.excerpt, 0
    if len(text) > _COLUMNS:
        start = max(0, min(column - 1 - _COLUMNS // 3, len(text) - _COLUMNS))
    shown = clean(text[start : start + _COLUMNS])
    gutter = f"{finding.line:>5} | "
    lines = [gutter + shown]
    if width:
        before = columns(shown[: column - 1 - start])
        marks = columns(shown[column - 1 - start : column - 1 - start + width])
        lines.append(" " * (len(gutter) - 2) + "| " + " " * before + "^" * max(1, marks))
    return lines


def columns(text: str) -> int:
    """Columns of a text on a terminal: wide characters take two, combining ones and joiners none."""
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me") or char in _JOINERS
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )
