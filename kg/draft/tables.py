"""Tables and lists whose head carries the scale: "Mio. kr.", "(i 1 000 kr)", "£m".

The numbers of the rows below take the head's scale and currency. Years, percentages and columns that count
something are left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from typing import NamedTuple

from kg.draft.atoms import Atom, Bound, Head, by_start, is_year, labelled
from kg.draft.numerals import read_digits

_BLANK = " \t\u00a0\u2009\u202f"
_SIGNED = re.compile(r"(?:^|(?<=[\s|*(]))[-−–](?=\d)")
# A price level in brackets or beside the unit says nothing of the columns.
_PRICE_LEVEL = re.compile(r"^\.?,?\s?\((?:[^()\n]{0,30})\)")
_WIDE = re.compile(r"\S(?:\t|[ \u00a0]{2,})\S")
_YEAR_BEFORE = re.compile(r"(?:19|20)\d\d[-–/]$")
_RULE_ROW = re.compile(r"[\s|:+=-]+$")
_PLACES = re.compile(r"[\s*_|]*")
# A longer line without columns is prose, and ends the table.
_PROSE = 110
_MOST_GAP = 3
# No row of a table is longer, and no head has more columns with a unit: what is, is not read as one.
_LONGEST_LINE = 4000
_MOST_HEADS = 24


class Line(NamedTuple):
    """A line of the text by its positions, the line break left out."""

    start: int
    end: int


def read_tables(bound: Bound) -> None:
    """Add an atom for every number in a row below a head."""
    heads = [head for head in bound.heads if head.factor > 1 or head.has_currency]
    if not heads:
        return
    lines = _lines(bound.text)
    starts = [line.start for line in lines]
    reader = _Rows(bound, lines)
    done = -1
    in_line: Counter[int] = Counter()
    for position, head in enumerate(heads):
        index = bisect_right(starts, head.start) - 1
        line = lines[index]
        in_line[index] += 1
        if index < done or line.end - line.start > _LONGEST_LINE or in_line[index] > _MOST_HEADS:
            continue
        if not reader.is_head(head, index):
            continue
        stop = len(bound.text)
        for other in heads[position + 1 : position + 12]:
            below = bisect_right(starts, other.start) - 1
            if below > index and reader.is_head(other, below):
                stop = lines[below].start
                break
        done = max(done, reader.read(head, index, stop))
    bound.atoms = sorted(bound.atoms + reader.added, key=by_start)


def _lines(text: str) -> list[Line]:
    lines = []
    start = 0
    for part in text.split("\n"):
        end = start + len(part)
        lines.append(Line(start, end - part.endswith("\r")))
        start = end + 1
    return lines


class _Rows:
    def __init__(self, bound: Bound, lines: list[Line]) -> None:
        self.bound = bound
        self.lines = lines
        self.added: list[Atom] = []
        self.known = sorted((atom.start, atom.end) for atom in bound.atoms)
        self.seen: set[int] = set()
        self.blocks: dict[int, int] = {}

    def text(self, index: int) -> str:
        line = self.lines[index]
        return self.bound.text[line.start : line.end]

    def is_head(self, head: Head, index: int) -> bool:
        """Whether the words stand as a head does: in a cell, in brackets, at the end of a short line."""
        line = self.lines[index]
        written = self.text(index)
        before = written[: head.start - line.start]
        after = _PRICE_LEVEL.sub("", written[head.end - line.start :])
        if "|" in written:
            return True
        if len(written) > 170:
            return False
        bracket = before.rstrip().endswith(("(", "[")) or bool(re.search(r"[(\[][^()\[\]]{0,25}$", before))
        closes = re.match(r"[\s.:;,)\]*_]*(?:$|\t|\s{2}|[\d\s/()*-]+$)", after) is not None
        price = (
            re.match(r"[.,]?\s?\(?[^()\n]{0,24}(?:pl|pris|pric)[^()\n]{0,12}\)?[\s.:]*$", after.lower())
            is not None
        )
        leads = not before.strip(" \t*_#") or bool(
            re.search(r"(?:\t|\s{2}|,\s|\bi\s|\bin\s|:\s|[-–]\s)$", before.lower())
        )
        if head.factor == 1:
            return (bracket and after.lstrip(".")[:1] in (")", "]")) or (leads and closes and len(written) < 90)
        return bracket or ((closes or price) and leads) or (closes and len(written) < 100)

    def read(self, head: Head, index: int, stop: int) -> int:
        """Read the rows that the head rules; the index of the last line that was one."""
        written = self.text(index)
        if (
            "|" in written
            or (index + 1 < len(self.lines) and "|" in self.text(index + 1))
            or self._next_is_piped(index)
        ):
            return self._piped(head, index)
        own = [match for match in self._numbers(index) if not is_year(match[0]) and match.start() >= head.end]
        if own and not self._is_title(index, own):
            for match in own:
                self._take(head, match)
            return index
        return self._plain(head, index, stop)

    def _is_title(self, index: int, numbers: list[re.Match[str]]) -> bool:
        """Whether the numbers after the head on its own line are only part of the title ("Tabel 3")."""
        return all(labelled(self.bound.low, match.start(), self.bound.words) for match in numbers)

    def _next_is_piped(self, index: int) -> bool:
        for line in range(index + 1, min(index + 4, len(self.lines))):
            if self.text(line).strip():
                return self.text(line).lstrip().startswith("|")
        return False

    def _numbers(self, index: int) -> list[re.Match[str]]:
        line = self.lines[index]
        numbers, starts = self.bound.numbers, self.bound.starts
        found = numbers[bisect_left(starts, line.start) : bisect_left(starts, line.end)]
        # "2021-22" is one year of a budget.
        return [m for m in found if not _YEAR_BEFORE.search(self.bound.text, max(0, m.start() - 5), m.start())]

    def _free(self, match: re.Match[str]) -> bool:
        if match.start() in self.seen:
            return False
        at = bisect_right(self.known, (match.start(), 1 << 60)) - 1
        return not (at >= 0 and self.known[at][1] > match.start())

    def _take(self, head: Head, match: re.Match[str], span: tuple[int, int] | None = None) -> None:
        start, end = span or match.span()
        text = self.bound.text
        if span is None and not self._free(match):
            return
        if text[end : end + 2].lstrip(_BLANK).startswith("%") or self.bound.low[end : end + 6].strip().startswith(
            ("pct", "pst", "proc", "pros")
        ):
            return
        read = read_digits(text[start:end], self.bound.words.decimal, head.factor > 1)
        if read is None:
            return
        value, step = read
        if _SIGNED.search(text, max(0, start - 2), start) or (
            text[start - 1 : start] in "-−–" and start >= 2 and text[start - 2] in " \t|\n*"
        ):
            value, start = -value, start - 1
        self.seen.add(match.start())
        self.added.append(
            Atom(
                start,
                end,
                (start, end),
                value,
                step,
                head.factor,
                head.currency,
                bool(head.currency),
                head.has_currency,
                ground="table",
            )
        )

    def _plain(self, head: Head, index: int, stop: int) -> int:
        """Rows of text: a label, then columns of numbers at the end of the line."""
        columns = self._year_columns(index)
        names = self._column_names(index)
        idle = 0
        last = index
        rows = 0
        for row in range(index + 1, len(self.lines)):
            line = self.lines[row]
            if line.start >= stop:
                break
            written = self.text(row)
            if not written.strip():
                idle += 1
                if idle > _MOST_GAP:
                    break
                continue
            if not rows and not columns:
                columns = self._year_columns(row)
            cells = self._trailing(row, columns)
            if not rows and not cells:
                names = self._column_names(row) or names
            if names and len(cells) <= len(names):
                cells = [c for k, c in enumerate(reversed(cells), 1) if not self._not_money(names[-k])][::-1]
                if not cells:
                    continue
            if not cells:
                if (
                    len(written) > _PROSE
                    or written.lstrip().startswith("#")
                    or (rows and written.rstrip().endswith(".") and len(written) > 60)
                ):
                    break
                idle += 1
                if idle > _MOST_GAP:
                    break
                continue
            if len(written) > _PROSE and not re.search(r"\S(?:\t|\s{2,})\S", written.strip()):
                break
            idle = 0
            rows += 1
            last = row
            for match, span in cells:
                self._take(head, match, span if span != match.span() else None)
        return last

    def _column_names(self, index: int) -> list[str]:
        """What the columns of a wide line are called, from left to right; empty where the line has no columns."""
        line = self.lines[index]
        written = self.bound.low[line.start : line.end]
        return re.split(r"\t+|[ \u00a0]{2,}", written.strip()) if _WIDE.search(written) else []

    def _year_columns(self, index: int) -> int:
        years = [match for match in self._numbers(index) if is_year(match[0])]
        return len(years) if len(years) > 1 else 0

    def _trailing(self, index: int, columns: int) -> list[tuple[re.Match[str], tuple[int, int]]]:
        """The numbers that end a line, nothing but blanks, dashes and signs between them."""
        line = self.lines[index]
        text = self.bound.text
        numbers = self._numbers(index)
        found: list[re.Match[str]] = []
        edge = line.end
        for match in reversed(numbers):
            between = text[match.end() : edge]
            if between.strip(" \t\u00a0\u202f-−–+|*_.;,)…") and not re.fullmatch(
                r"\s*(?:\d\)|[*¹²³⁴])\s*", between
            ):
                break
            if (
                "." in between
                and between.strip() == "."
                and edge == line.end
                and len(text[line.start : line.end]) > 60
            ):
                break
            found.insert(0, match)
            edge = match.start()
        if not found:
            return []
        if _WIDE.search(text, line.start, line.end):
            # A wide row: a number that only a space parts from the words before it belongs to them.
            while found and not re.search(r"(?:\t|\s{2}|^|[|(])[-−–+]?$", text[line.start : found[0].start()]):
                found = found[1:]
            if not found:
                return []
        label = text[line.start : found[0].start()].strip(" \t\u00a0|*_-–−:")
        if not label and len(found) == len(numbers) and not columns and len(found) < 2 and not _alone(text, line):
            return []
        if labelled(self.bound.low, found[0].start(), self.bound.words):
            found = found[1:]
        if all(is_year(match[0]) for match in found):
            return []
        rows = [
            (match, match.span())
            for match in found
            if (columns and len(found) == columns) or not is_year(match[0])
        ]
        if columns and len(rows) < columns:
            rows = _regroup(text, rows, columns)
        return rows

    def _piped(self, head: Head, index: int) -> int:
        """Rows of cells between bars. The head may rule one column, one row, or the whole table."""
        written = self.text(index)
        inside = "|" in written
        first = index
        if not inside:
            while first < len(self.lines) and "|" not in self.text(first):
                first += 1
        block = self._block(first)
        names = self._names(block)
        column: int | None = None
        if inside:
            column = written[: head.start - self.lines[index].start].count("|")
            cells = self._cells(index)
            others = [cell for cell in cells if cell[0] != column]
            filled = [m for _, (s, e) in others for m in self._within(s, e) if not is_year(m[0])]
            in_label = column <= (1 if written.lstrip().startswith("|") else 0)
            if filled and in_label and not _RULE_ROW.fullmatch(written):
                for match in filled:
                    self._take(head, match)
                return index
            if in_label or not names.get(column, "").strip():
                column = None
        last = index
        for row in range(first + (1 if inside else 0), len(self.lines)):
            text = self.text(row)
            if "|" not in text:
                break
            last = row
            self.blocks.setdefault(row, block)
            if _RULE_ROW.fullmatch(text):
                continue
            for number, (start, end) in self._cells(row):
                if column is not None and number != column:
                    continue
                if column is None and self._not_money(names.get(number, "")):
                    continue
                found = self._within(start, end)
                if not found:
                    continue
                opening = _PLACES.match(self.bound.text, start)
                match = found[0]
                lead = self.bound.text[opening.end() if opening else start : match.start()].strip("-−–+ ~")
                if lead or (is_year(match[0]) and (row <= block + 1 or column is None)):
                    continue
                self._take(head, match)
        return last

    def _block(self, index: int) -> int:
        """The first line of the table that a piped line belongs to."""
        first = index
        while first > 0 and first not in self.blocks and "|" in self.text(first - 1):
            first -= 1
        first = self.blocks.get(first, first)
        self.blocks[index] = first
        return first

    def _within(self, start: int, end: int) -> list[re.Match[str]]:
        starts = self.bound.starts
        return self.bound.numbers[bisect_left(starts, start) : bisect_left(starts, end)]

    def _cells(self, index: int) -> list[tuple[int, tuple[int, int]]]:
        line = self.lines[index]
        cells = []
        start = line.start
        for number, part in enumerate(self.text(index).split("|")):
            cells.append((number, (start, start + len(part))))
            start += len(part) + 1
        return cells

    def _names(self, block: int) -> dict[int, str]:
        """What the columns are called: the first row of the table that has words in it."""
        for index in range(block, min(block + 4, len(self.lines))):
            written = self.text(index)
            if "|" in written and any(character.isalnum() for character in written):
                return {number: self.bound.low[s:e].strip(" *_") for number, (s, e) in self._cells(index)}
        return {}

    def _not_money(self, name: str) -> bool:
        words = re.findall(r"[^\W\d_]+\.?|%|#", name)
        return "%" in name or any(word in self.bound.words.not_money for word in words)


def _alone(text: str, line: Line) -> bool:
    """Whether the line before has words: a label whose number stands on a line of its own."""
    previous = text.rfind("\n", 0, max(0, line.start - 1))
    return any(character.isalpha() for character in text[previous + 1 : line.start])


def _regroup(
    text: str, rows: list[tuple[re.Match[str], tuple[int, int]]], columns: int
) -> list[tuple[re.Match[str], tuple[int, int]]]:
    """Cut numbers that single spaces have run together ("234 345 456"), until there is one for each column."""
    pieces: list[tuple[re.Match[str], tuple[int, int]]] = []
    for match, (start, _) in rows:
        for piece in re.finditer(r"\d[\d.,]*", match[0]):
            pieces.append((match, (start + piece.start(), start + piece.end())))
    if len(pieces) == columns:
        return pieces
    return rows
