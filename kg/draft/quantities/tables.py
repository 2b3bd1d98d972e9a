"""Tables and lists whose head carries the scale: "Mio. kr.", "(i 1 000 kr)", "£m".

The numbers of the rows below take the head's scale and currency. Years, percentages and columns that count
something are left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass

from kg.draft.model import Span
from kg.draft.quantities.numerals import is_labelled, is_year, read_digits
from kg.draft.quantities.units import Head, Quantity, Reading
from kg.draft.text import BLANK

_SIGNED = re.compile(r"(?:^|(?<=[\s|*(]))[-−–](?=\d)")
# A price level in brackets or beside the unit says nothing of the columns.
_PRICE_LEVEL = re.compile(r"^\.?,?\s?\((?:[^()\n]{0,30})\)")
_PRICE_LEVEL_ENDS = re.compile(r"[.,]?\s?\(?[^()\n]{0,24}(?:pl|pris|pric)[^()\n]{0,12}\)?[\s.:]*$")
_OPEN_BRACKET = re.compile(r"[(\[][^()\[\]]{0,25}$")
_CLOSES = re.compile(r"[\s.:;,)\]*_]*(?:$|\t|\s{2}|[\d\s/()*-]+$)")
_LEADS = re.compile(r"(?:\t|\s{2}|,\s|\bi\s|\bin\s|:\s|[-–]\s)$")
_WIDE = re.compile(r"\S(?:\t|[ \u00a0]{2,})\S")
_VERY_WIDE = re.compile(r"\S(?:\t|\s{2,})\S")
_COLUMN_BEGINS = re.compile(r"(?:\t|\s{2}|^|[|(])[-−–+]?$")
_COLUMN_BREAK = re.compile(r"\t+|[ \u00a0]{2,}")
_NOTE = re.compile(r"\s*(?:\d\)|[*¹²³⁴])\s*")
_YEAR_BEFORE = re.compile(r"(?:19|20)\d\d[-–/]$")
_RULE_ROW = re.compile(r"[\s|:+=-]+$")
_CELL_OPENING = re.compile(r"[\s*_|]*")
_PER_CENT = ("pct", "pst", "proc", "pros")
# A longer line without columns is prose, and ends the table.
_PROSE = 110
_LONGEST_LABEL = 60
_MOST_GAP = 3
# No row of a table is longer, and no head has more columns with a unit: what is, is not read as one.
_LONGEST_LINE = 4000
_MOST_HEADS = 24
_HEADS_AHEAD = 11


@dataclass(slots=True)
class _Cell:
    """A number of a row: its match, and the part of it that stands in one column."""

    number: re.Match[str]
    start: int
    end: int


def read_tables(reading: Reading) -> None:
    """Add a quantity for every number in a row below a head."""
    heads = [head for head in reading.heads if head.factor > 1 or head.has_currency]
    if heads:
        reading.add(_Tables(reading).under(heads))


class _Tables:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.text
        self.low = reading.low
        self.lines = _lines(reading.text)
        self.line_starts = [start for start, _ in self.lines]
        self.added: list[Quantity] = []
        self.spans = sorted((quantity.start, quantity.end) for quantity in reading.quantities)
        self.taken: set[int] = set()
        # The first line of the table that a piped line belongs to.
        self.table_of: dict[int, int] = {}

    def under(self, heads: list[Head]) -> list[Quantity]:
        """The quantities in the rows that each head rules."""
        done = -1
        in_line: Counter[int] = Counter()
        for position, head in enumerate(heads):
            index = self._line_at(head.start)
            start, end = self.lines[index]
            in_line[index] += 1
            if index < done or end - start > _LONGEST_LINE or in_line[index] > _MOST_HEADS:
                continue
            if not self._is_head(head, index):
                continue
            stop = len(self.text)
            for other in heads[position + 1 : position + 1 + _HEADS_AHEAD]:
                below = self._line_at(other.start)
                if below > index and self._is_head(other, below):
                    stop = self.lines[below][0]
                    break
            done = max(done, self._read_under(head, index, stop))
        return self.added

    def _line_at(self, position: int) -> int:
        return bisect_right(self.line_starts, position) - 1

    def _line(self, index: int) -> str:
        start, end = self.lines[index]
        return self.text[start:end]

    def _is_piped(self, index: int) -> bool:
        return index < len(self.lines) and "|" in self._line(index)

    def _is_head(self, head: Head, index: int) -> bool:
        """Whether the words stand as a head does: in a cell, in brackets, at the end of a short line."""
        start, _ = self.lines[index]
        line = self._line(index)
        before = line[: head.start - start]
        after = _PRICE_LEVEL.sub("", line[head.end - start :])
        if "|" in line:
            return True
        if len(line) > 170:
            return False
        bracket = before.rstrip().endswith(("(", "[")) or _OPEN_BRACKET.search(before) is not None
        closes = _CLOSES.match(after) is not None
        leads = not before.strip(" \t*_#") or _LEADS.search(before.lower()) is not None
        if head.factor == 1:
            return (bracket and after.lstrip(".")[:1] in (")", "]")) or (leads and closes and len(line) < 90)
        price_level = _PRICE_LEVEL_ENDS.match(after.lower()) is not None
        return bracket or ((closes or price_level) and leads) or (closes and len(line) < 100)

    def _read_under(self, head: Head, index: int, stop: int) -> int:
        """Read the rows that the head rules; the index of the last line that was one."""
        if self._is_piped(index) or self._is_piped(index + 1) or self._next_is_piped(index):
            return self._read_cells(head, index)
        own = [match for match in self._numbers(index) if not is_year(match[0]) and match.start() >= head.end]
        # The numbers after the head on its own line may be only part of the title ("Tabel 3").
        if all(is_labelled(self.low, match.start(), self.reading.words) for match in own):
            return self._read_columns(head, index, stop)
        for match in own:
            self._take(head, _Cell(match, *match.span()))
        return index

    def _next_is_piped(self, index: int) -> bool:
        for line in range(index + 1, min(index + 4, len(self.lines))):
            if self._line(line).strip():
                return self._line(line).lstrip().startswith("|")
        return False

    def _numbers_within(self, start: int, end: int) -> list[re.Match[str]]:
        starts = self.reading.starts
        return self.reading.numbers[bisect_left(starts, start) : bisect_left(starts, end)]

    def _numbers(self, index: int) -> list[re.Match[str]]:
        # "2021-22" is one year of a budget.
        return [
            match
            for match in self._numbers_within(*self.lines[index])
            if not _YEAR_BEFORE.search(self.text, max(0, match.start() - 5), match.start())
        ]

    def _take(self, head: Head, cell: _Cell) -> None:
        start, end = cell.start, cell.end
        text = self.text
        if (start, end) == cell.number.span() and not self._is_free(start):
            return
        if text[end : end + 2].lstrip(BLANK).startswith("%"):
            return
        if self.low[end : end + 6].strip().startswith(_PER_CENT):
            return
        read = read_digits(text[start:end], self.reading.words.decimal, head.factor > 1)
        if read is None:
            return
        value, step = read
        if _SIGNED.search(text, max(0, start - 2), start) or (
            text[start - 1 : start] in "-−–" and start >= 2 and text[start - 2] in " \t|\n*"
        ):
            value, start = -value, start - 1
        self.taken.add(cell.number.start())
        span = start, end
        quantity = Quantity(*span, span, value, step, head.factor, head.currency, bool(head.currency))
        quantity.has_currency, quantity.ground = head.has_currency, "table"
        self.added.append(quantity)

    def _is_free(self, start: int) -> bool:
        """Whether no quantity has the number yet."""
        before = bisect_right(self.spans, (start, len(self.text) + 1)) - 1
        return start not in self.taken and not (before >= 0 and self.spans[before][1] > start)

    # --- Rows of text: a label, then columns of numbers at the end of the line.

    def _read_columns(self, head: Head, index: int, stop: int) -> int:
        years = self._year_columns(index)
        names = self._column_names(index)
        last, gap, rows = index, 0, 0
        for row in range(index + 1, len(self.lines)):
            if self.lines[row][0] >= stop or gap > _MOST_GAP:
                break
            line = self._line(row)
            if not line.strip():
                gap += 1
                continue
            if not rows and not years:
                years = self._year_columns(row)
            cells = self._row_cells(row, years)
            if not rows and not cells:
                names = self._column_names(row) or names
            if names and len(cells) <= len(names):
                cells = [c for k, c in enumerate(reversed(cells), 1) if not self._counts(names[-k])][::-1]
                if not cells:
                    continue
            if not cells:
                closed = rows and line.rstrip().endswith(".") and len(line) > _LONGEST_LABEL
                if len(line) > _PROSE or line.lstrip().startswith("#") or closed:
                    break
                gap += 1
                continue
            if len(line) > _PROSE and not _VERY_WIDE.search(line.strip()):
                break
            gap = 0
            rows += 1
            last = row
            for cell in cells:
                self._take(head, cell)
        return last

    def _column_names(self, index: int) -> list[str]:
        """What the columns of a wide line are called, from left to right; empty where the line has no columns."""
        start, end = self.lines[index]
        line = self.low[start:end]
        return _COLUMN_BREAK.split(line.strip()) if _WIDE.search(line) else []

    def _year_columns(self, index: int) -> int:
        years = sum(is_year(match[0]) for match in self._numbers(index))
        return years if years > 1 else 0

    def _row_cells(self, index: int, years: int) -> list[_Cell]:
        """The numbers that end a line, nothing but blanks, dashes and signs between them."""
        line_start, line_end = self.lines[index]
        text = self.text
        numbers = self._numbers(index)
        ending = self._ending(numbers, line_start, line_end)
        if _WIDE.search(text, line_start, line_end):
            # A wide row: a number that only a space parts from the words before it belongs to them.
            while ending and not _COLUMN_BEGINS.search(text[line_start : ending[0].start()]):
                ending = ending[1:]
        if not ending:
            return []
        label = text[line_start : ending[0].start()].strip(" \t\u00a0|*_-–−:")
        alone = not label and len(ending) == len(numbers) == 1
        if alone and not years and not self._follows_label(line_start):
            return []
        if is_labelled(self.low, ending[0].start(), self.reading.words):
            ending = ending[1:]
        if all(is_year(match[0]) for match in ending):
            return []
        whole = years and len(ending) == years
        cells = [_Cell(match, *match.span()) for match in ending if whole or not is_year(match[0])]
        return _split(cells, years) if years and len(cells) < years else cells

    def _ending(self, numbers: list[re.Match[str]], line_start: int, line_end: int) -> list[re.Match[str]]:
        ending: list[re.Match[str]] = []
        edge = line_end
        for match in reversed(numbers):
            between = self.text[match.end() : edge]
            if between.strip(" \t\u00a0\u202f-−–+|*_.;,)…") and not _NOTE.fullmatch(between):
                break
            if between.strip() == "." and edge == line_end and line_end - line_start > _LONGEST_LABEL:
                break  # the end of a sentence
            ending.append(match)
            edge = match.start()
        return ending[::-1]

    def _follows_label(self, line_start: int) -> bool:
        """Whether the line before has words: a label whose number stands on a line of its own."""
        previous = self.text.rfind("\n", 0, max(0, line_start - 1))
        return any(character.isalpha() for character in self.text[previous + 1 : line_start])

    def _counts(self, name: str) -> bool:
        """Whether a column of this name holds no money."""
        words = re.findall(r"[^\W\d_]+\.?|%|#", name)
        return "%" in name or any(word in self.reading.words.not_money for word in words)

    # --- Rows of cells between bars. The head may rule one column, one row, or the whole table.

    def _read_cells(self, head: Head, index: int) -> int:
        line = self._line(index)
        inside = "|" in line
        first = index
        while first < len(self.lines) and not self._is_piped(first):
            first += 1
        top = self._top(first)
        names = self._cell_names(top)
        column: int | None = None
        if inside:
            column = line[: head.start - self.lines[index][0]].count("|")
            others = [
                match
                for number, cell in enumerate(self._cells(index))
                if number != column
                for match in self._numbers_within(*cell)
                if not is_year(match[0])
            ]
            in_label = column <= line.lstrip().startswith("|")
            if others and in_label and not _RULE_ROW.fullmatch(line):
                for match in others:
                    self._take(head, _Cell(match, *match.span()))
                return index
            if in_label or not names.get(column, "").strip():
                column = None
        last = index
        for row in range(first + inside, len(self.lines)):
            if not self._is_piped(row):
                break
            last = row
            self.table_of.setdefault(row, top)
            if _RULE_ROW.fullmatch(self._line(row)):
                continue
            for number, (start, end) in enumerate(self._cells(row)):
                ruled = number == column if column is not None else not self._counts(names.get(number, ""))
                numbers = self._numbers_within(start, end) if ruled else []
                if not numbers:
                    continue
                match = numbers[0]
                opening = _CELL_OPENING.match(self.text, start)
                lead = self.text[opening.end() if opening else start : match.start()].strip("-−–+ ~")
                if not lead and not (is_year(match[0]) and (row <= top + 1 or column is None)):
                    self._take(head, _Cell(match, *match.span()))
        return last

    def _top(self, index: int) -> int:
        """The first line of the table that a piped line belongs to."""
        first = index
        while first > 0 and first not in self.table_of and self._is_piped(first - 1):
            first -= 1
        self.table_of[index] = first = self.table_of.get(first, first)
        return first

    def _cells(self, index: int) -> list[Span]:
        cells: list[Span] = []
        start, _ = self.lines[index]
        for part in self._line(index).split("|"):
            cells.append((start, start + len(part)))
            start += len(part) + 1
        return cells

    def _cell_names(self, top: int) -> dict[int, str]:
        """What the columns are called: the first row of the table that has words in it."""
        for index in range(top, min(top + 4, len(self.lines))):
            if self._is_piped(index) and any(character.isalnum() for character in self._line(index)):
                return {i: self.low[start:end].strip(" *_") for i, (start, end) in enumerate(self._cells(index))}
        return {}


def _lines(text: str) -> list[Span]:
    """The lines of a text by their places, the line break left out."""
    lines: list[Span] = []
    start = 0
    for part in text.split("\n"):
        end = start + len(part)
        lines.append((start, end - part.endswith("\r")))
        start = end + 1
    return lines


def _split(cells: list[_Cell], columns: int) -> list[_Cell]:
    """Cut numbers that single spaces have run together ("234 345 456"), until there is one for each column."""
    pieces = [
        _Cell(cell.number, cell.start + piece.start(), cell.start + piece.end())
        for cell in cells
        for piece in re.finditer(r"\d[\d.,]*", cell.number[0])
    ]
    return pieces if len(pieces) == columns else cells
