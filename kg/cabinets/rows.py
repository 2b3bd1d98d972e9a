"""The rows of the cabinet tables as they lie: holders of offices, cabinets, ParlGov's cabinets."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kg.errors import Place, WorldError

# Folder of the Wikidata tables, and the country's code in the EU authority table (ParlGov's is the same).
COUNTRIES = {"denmark": "DNK", "finland": "FIN", "norway": "NOR", "sweden": "SWE"}
SINCE = "2001-01-01"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_ITEM = re.compile(r"Q\d+")
_PRECISE = "11"  # Wikidata's precision of a day
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Holder:
    """One row of `holders21.csv`: a person in an office. `start`, `end`: a day, or the year or month alone."""

    number: int
    position: str
    person: str
    item: str
    start: str
    end: str

    @property
    def days_known(self) -> bool:
        """Whether start and end (where there is one) are days."""
        return bool(_DAY.fullmatch(self.start)) and (not self.end or bool(_DAY.fullmatch(self.end)))


@dataclass(frozen=True, slots=True)
class Cabinet:
    """One row of `all-cabinets.csv`: a cabinet of Wikidata; every (start, end) that the row gives as days.

    `ended`: when it ended, where that is known at all (a year stands as its first day).
    """

    item: str
    label: str
    spans: tuple[tuple[str, str], ...]
    replaces: str
    replaced_by: str
    ended: str


@dataclass(frozen=True, slots=True)
class ParlGovCabinet:
    """A cabinet of ParlGov: it ends where the next one starts; parties are (id, short name, name)."""

    identifier: str
    name: str
    start: str
    end: str
    caretaker: bool
    previous: str
    parties: tuple[tuple[str, str, str], ...]


def holders(folder: Path) -> list[Holder]:
    """Every row of a country's `holders21.csv`, numbered by its line in the file."""

    def read(number: int, row: dict[str, str]) -> Holder:
        holder = Holder(number, row["position"], row["person"], row["personID"], row["start"], row["end"])
        if not _ITEM.fullmatch(holder.item):
            raise ValueError(f"personID {holder.item!r} is no Wikidata item")
        for date in (holder.start, holder.end):
            if date and not _DATE.fullmatch(date):
                raise ValueError(f"{date!r} is no date")
        if not holder.start:
            raise ValueError("the row has no start")
        return holder

    return _rows(folder / "holders21.csv", read)


def cabinets(folder: Path) -> list[Cabinet]:
    """The rows of a country's `all-cabinets.csv` with a known first day, those in office since 2001."""

    def day(row: dict[str, str], name: str) -> str:
        return row[name] if row[name + "Precision"] == _PRECISE else ""

    def read(_number: int, row: dict[str, str]) -> Cabinet:
        if not _ITEM.fullmatch(row["item"]):
            raise ValueError(f"item {row['item']!r} is no Wikidata item")
        first, other_first = day(row, "startTime"), day(row, "inception")
        last, other_last = day(row, "endTime"), day(row, "abolished")
        spans = (first or other_first, last or other_last), (other_first or first, other_last or last)
        return Cabinet(
            row["item"],
            row["itemLabel"],
            tuple(dict.fromkeys(span for span in spans if span[0])),
            row["replaces"] or row["follows"],
            row["replacedBy"] or row["followedBy"],
            row["endTime"] or row["abolished"],
        )

    return [c for c in _rows(folder / "all-cabinets.csv", read) if c.spans and in_office(c.ended)]


def parlgov(path: Path, country: str) -> list[ParlGovCabinet]:
    """A country's cabinets in `parlgov_nordic.csv`, in the order of their start, those in office since 2001."""
    rows = [row for row in _rows(path, lambda _n, row: row) if row["country_name_short"] == country]
    groups: dict[str, list[dict[str, str]]] = {}
    for row in sorted(rows, key=lambda row: (row["start_date"], row["cabinet_id"])):
        groups.setdefault(row["cabinet_id"], []).append(row)
    starts = [group[0]["start_date"] for group in groups.values()]
    found = []
    # The last one has not ended; without any there is no last.
    for (identifier, group), end in zip(groups.items(), [*starts[1:], ""], strict=False):
        parties = (
            (row["party_id"], row["party_name_short"], row["party_name"].strip())
            for row in group
            if row["cabinet_party"] == "1"
        )
        first = group[0]
        found.append(
            ParlGovCabinet(
                identifier,
                first["cabinet_name"].strip(),
                first["start_date"],
                end,
                first["caretaker"] == "1",
                first["previous_cabinet_id"],
                tuple(sorted(parties)),
            )
        )
    return [cabinet for cabinet in found if in_office(cabinet.end)]


def in_office(end: str) -> bool:
    """Whether something that ended on `end` (empty: not ended) was still there in 2001."""
    return not end or end >= SINCE[: len(end)]


def _rows(path: Path, read: Callable[[int, dict[str, str]], _Row]) -> list[_Row]:
    return list(_read(path, read))


def _read(path: Path, read: Callable[[int, dict[str, str]], _Row]) -> Iterator[_Row]:
    """Each row of a CSV file through `read`; KeyError and ValueError become one line with file and line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                try:
                    if None in row or None in row.values():
                        raise ValueError("the row has not as many cells as the header")
                    yield read(reader.line_num, row)
                except KeyError as missing:
                    message = f"the table has no column {missing}"
                    raise WorldError("table", message, place=Place(str(path), 1)) from None
                except ValueError as bad:
                    raise WorldError("table", str(bad), place=Place(str(path), reader.line_num)) from None
    except (OSError, UnicodeDecodeError, csv.Error) as bad:
        raise WorldError("table", f"cannot read the table: {bad}", place=Place(str(path))) from None
