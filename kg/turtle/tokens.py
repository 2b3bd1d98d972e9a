"""The tokens of Turtle, TriG, N-Triples and N-Quads, each with its place.

Meant for text that a strict parser has already accepted: what is looked for here is where things stand, not
whether they are allowed. Follows the grammar of RDF 1.1 Turtle (https://www.w3.org/TR/turtle/#sec-grammar)
and TriG; of RDF 1.2 only the directives and the base direction of a language tag.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from kg.errors import DataError

# A token costs its own length, whatever the input, and no memory. Long repeats are of one class of characters: a
# repeat of groups remembers every turn, and Python before 3.11.5 matches it wrongly where it is possessive (*+, ++).
# What needs one, names and strings with escapes, is read in steps.
_LOCAL = r"\w:·%\u203f\u2040\u0300-\u036f-"
_TOKEN = re.compile(
    rf"""
    (?P<space>[ \t\r\n]++)
  | (?P<comment>\#[^\r\n]*+)
  | (?P<iri><[^\x00-\x20<>"{{}}|^`]*+>)
  | (?P<string>
        \"\"\"[^"\\]*+\"\"\"
      | '''[^'\\]*+'''
      | "(?!"")[^"\\\r\n]*+"
      | '(?!'')[^'\\\r\n]*+' )
  | (?P<quote>\"\"\"|'''|["'])
  | (?P<at>@[A-Za-z][A-Za-z0-9-]*+)
  | (?P<blank>_:\w(?:[\w·.-]*[\w·-])?)
  | (?P<number>[+-]?(?:[0-9]++\.[0-9]*+[eE][+-]?[0-9]++|\.?[0-9]++[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++))
      (?![\w:-])
  | (?P<mark>\^\^|<<\(|\)>>|<<|>>|\{{\||\|\}}|[\[\](){{}};,.~])
  | (?P<name>(?:[^\W\d_][\w·.-]*+(?<!\.))?:(?:(?!\.)[{_LOCAL}.]*[{_LOCAL}])?)
  | (?P<word>[A-Za-z]++)
    """,
    re.VERBOSE | re.DOTALL,
)
# What goes on with a name after an escaped character.
_NAME_ON = re.compile(rf"\.*+\\[_~.\-!$&'()*+,;=/?#@%](?:[{_LOCAL}.]*[{_LOCAL}])?")
# One step in a string to the next escape, to quotes that do not end it, or to its end.
_STRING_ON = {
    '"': re.compile(r'[^"\\\r\n]*+(?:\\.|(?P<end>"))', re.DOTALL),
    "'": re.compile(r"[^'\\\r\n]*+(?:\\.|(?P<end>'))", re.DOTALL),
    '"""': re.compile(r'[^"\\]*+(?:\\.|"{1,2}(?!")|(?P<end>"""))', re.DOTALL),
    "'''": re.compile(r"[^'\\]*+(?:\\.|'{1,2}(?!')|(?P<end>'''))", re.DOTALL),
}


class Token(NamedTuple):
    """One token: its kind (a group of the grammar above), its text, its offset in code points."""

    kind: str
    text: str
    start: int


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """The tokens of `text` from the offset `start`, space left out, comments kept.

    Raises DataError `turtle` where no token fits.
    """
    position, end, match = start, len(text), _TOKEN.match
    while position < end:
        found = match(text, position)
        if found is None:
            raise DataError("turtle", f"no token of Turtle begins with {text[position : position + 1]!r}")
        kind, stop = found.lastgroup or "", found.end()
        if kind == "quote":
            kind, stop = "string", string_end(text, stop, found.group())
        elif kind == "name":
            while text[stop : stop + 1] in ("\\", ".") and (more := _NAME_ON.match(text, stop)):
                stop = more.end()
        if kind != "space":
            yield Token(kind, text[position:stop], position)
        position = stop


def string_end(text: str, start: int, quote: str) -> int:
    """The offset behind the string whose content begins at `start`, after `quote`: one or three of " or '.

    Raises DataError `turtle` where it does not end.
    """
    position = start
    while found := _STRING_ON[quote].match(text, position):
        position = found.end()
        if found["end"]:
            return position
    raise DataError("turtle", f"a string begins with {quote} and does not end")


_STEP = 1 << 16  # code points


class Lines:
    """Lines and columns of offsets in a text; both count from 1, columns in code points."""

    def __init__(self, text: str) -> None:
        """Line ends are LF, CR LF, or CR alone."""
        self._text = text
        self._index: list[int] | None = None
        self._returns = "\r" in text
        # A few places are asked for in a large text: counted from these marks on, without an index of all lines.
        self._marks = [1]  # the line at every so many code points
        if not self._returns:
            for start in range(0, len(text), _STEP):
                self._marks.append(self._marks[-1] + text.count("\n", start, start + _STEP))

    def _starts(self) -> list[int]:
        if self._index is None:
            self._index = [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", self._text))]
        return self._index

    def place(self, offset: int) -> tuple[int, int]:
        """(line, column) of the code point at `offset`."""
        if self._returns:
            line = bisect_right(self._starts(), offset)
            return line, offset - self._starts()[line - 1] + 1
        mark = offset // _STEP
        line = self._marks[mark] + self._text.count("\n", mark * _STEP, offset)
        return line, offset - self._text.rfind("\n", 0, offset)

    def around(self, offset: int) -> str:
        """The text of the line that the code point at `offset` is in, without its end."""
        if self._returns:
            return self.line(bisect_right(self._starts(), offset))
        end = self._text.find("\n", offset)
        return self._text[self._text.rfind("\n", 0, offset) + 1 : end if end >= 0 else len(self._text)]

    def line(self, number: int) -> str:
        """The text of line `number` without its end; empty where there is none."""
        starts = self._starts()
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self._text)
        return self._text[starts[number - 1] : end].rstrip("\r\n")
