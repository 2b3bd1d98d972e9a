"""What a graph speaks of, to be searched: things with their names, what is said of them, and the amounts of
commitments.

It is an SQLite file, or in memory where the graph is small. Its texts are folded as names are (`kg.names`); its
full-text index (FTS5, by three letters) is asked with LIKE: part of a word is found, and no word of a person is syntax.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from kg import cache, names, sparql
from kg.errors import nearest
from kg.project import Project
from kg.rdf import NamedNode
from kg.results import Source, plain, select
from kg.store import Store
from kg.terms import BASE, ID, PREFIXES

_FILE = "catalogue.sqlite"
_TABLES = """
CREATE TABLE things(id INTEGER PRIMARY KEY, iri TEXT, class TEXT, start TEXT, end TEXT, stage TEXT);
CREATE TABLE countries(thing INTEGER, country TEXT);
CREATE TABLE amounts(thing INTEGER, value TEXT, currency TEXT, qualifier TEXT, lower TEXT, upper TEXT,
  lower_open TEXT, upper_open TEXT, role TEXT, basis TEXT);
CREATE TABLE quotations(thing INTEGER, words TEXT);
CREATE TABLE vocabulary(folded TEXT PRIMARY KEY, said TEXT) WITHOUT ROWID;
CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'trigram', detail = 'none');
"""
_INDEXES = """
CREATE INDEX of_country ON countries(thing);
CREATE INDEX of_amount ON amounts(thing);
CREATE INDEX of_quotation ON quotations(thing);
"""
# What a programme, a document or a person is of, where it says none of its own: what leads to it.
_COUNTRIES = """
SELECT DISTINCT ?thing ?country {
  { ?thing dcterms:spatial ?country } UNION { ?some til:programme ?thing ; dcterms:spatial ?country }
  UNION { ?some a til:Commitment ; dcterms:source ?thing ; dcterms:spatial ?country }
  UNION { ?some org:member ?thing ; org:role ?role . ?role dcterms:spatial ?country }
}"""
_NAMED = """
SELECT ?thing ?name { VALUES ?naming { skos:prefLabel skos:altLabel foaf:name dcterms:title } ?thing ?naming ?name }"""
_QUOTED = "SELECT ?thing ?words { ?thing til:evidence ?at . ?at oa:hasSelector ?quote . ?quote oa:exact ?words }"
_AMOUNTS = """
SELECT ?thing ?value ?currency ?qualifier ?lower ?upper ?lowerOpen ?upperOpen ?role ?basis {
  ?figure til:figureOf ?thing ; til:currency ?currency ; til:role ?role ; til:basis ?basis ; til:origin ?origin .
  FILTER(?origin = <https://w3id.org/tilsagn/code/origin/stated>)
  FILTER NOT EXISTS { ?figure til:rewords ?other }
  OPTIONAL { ?figure schema:value ?value } OPTIONAL { ?figure til:qualifier ?qualifier }
  OPTIONAL { ?figure til:lower ?lower } OPTIONAL { ?figure til:upper ?upper }
  OPTIONAL { ?figure til:lowerOpen ?lowerOpen } OPTIONAL { ?figure til:upperOpen ?upperOpen }
} ORDER BY ?figure"""
# Kinds of things, those that are asked for most first; of all others none is before another.
_FIRST = [PREFIXES["til"] + "Programme", PREFIXES["til"] + "Commitment", PREFIXES["foaf"] + "Document"]
_LONGEST = 1000  # letters of a word that is looked for: a pattern of SQLite's has an end
_BETWEEN = "\t"  # names, what else is said, quotations: no folded text has one


class Amount(NamedTuple):
    """An amount as its document states it: IRIs of its codes, numbers in decimal digits; empty where there is none."""

    value: str = ""
    currency: str = ""
    qualifier: str = ""
    lower: str = ""
    upper: str = ""
    lower_open: str = ""
    upper_open: str = ""
    role: str = ""
    basis: str = ""

    def reaches(self, least: Decimal) -> bool:
        """Whether it is at least so much as it is written (a range: its end), and its words do not deny that."""
        if not self.value:
            return bool(self.upper) and Decimal(self.upper) >= least
        end = Decimal(self.upper or "Infinity")
        return Decimal(self.value) >= least and not (end < least or (end == least and self.upper_open))

    def keeps_within(self, most: Decimal) -> bool:
        """Whether it is at most so much as it is written (a range: its begin), and its words do not deny that."""
        if not self.value:
            return bool(self.lower) and Decimal(self.lower) <= most
        begin = Decimal(self.lower or 0)
        return Decimal(self.value) <= most and not (begin > most or (begin == most and self.lower_open))


class Found(NamedTuple):
    """A thing that was found, with one of its amounts; `words` are the quotation that was found and no name."""

    iri: str
    kind: str
    start: str
    end: str
    stage: str
    amount: Amount
    words: str


class Wanted(NamedTuple):
    """What a thing is held to beside words: IRIs of its class and country, a year that it runs in, its amounts."""

    kinds: frozenset[str] = frozenset()
    country: str | None = None
    year: str | None = None
    currency: str | None = None
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def of_money(self) -> bool:
        """Whether only what has an amount is wanted."""
        return any(one is not None for one in (self.currency, self.least, self.most))

    def takes(self, amount: Amount) -> bool:
        """Whether an amount is as wanted."""
        return (
            (self.currency is None or amount.currency == self.currency)
            and (self.least is None or amount.reaches(self.least))
            and (self.most is None or amount.keeps_within(self.most))
        )


class Catalogue:
    """The things of one graph, to be searched."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def of(cls, source: Source) -> Catalogue:
        """That of a source, in memory."""
        connection = sqlite3.connect(":memory:")
        _fill(connection, source)
        return cls(connection)

    @classmethod
    def open(cls, folder: Path) -> Catalogue:
        """The one that is kept in the folder of a stored index."""
        return cls(sqlite3.connect(f"{(folder / _FILE).resolve().as_uri()}?mode=ro", uri=True))

    def kinds(self) -> list[str]:
        """The classes of what is in it."""
        return [row[0] for row in self._connection.execute("SELECT DISTINCT class FROM things ORDER BY class")]

    def search(
        self, words: Sequence[str], wanted: Wanted | None = None, most: int | None = None
    ) -> tuple[list[Found], int]:
        """Things in which the words are found, best first, with their amounts: the first `most`, and the number of all.

        First come those with all words, then those with some; among these a name that is what was typed, one that
        begins with it, whole words, beginnings and parts of words; names before what else is said, and this before
        quotations. Without words it is everything that is wanted, by currency, the largest amount first.
        """
        wanted = wanted or Wanted()
        typed = list(dict.fromkeys(word for given in words for word in names.words(given)))
        if words and not typed:
            return [], 0
        ranks = self._ranked(typed, names.key(" ".join(words))) if typed else None
        amounts = self._amounts(wanted, ranks)
        rows = [
            (ranks[thing[0]] if ranks else (), thing, amount)
            for thing in self._things(wanted, ranks)
            if thing[0] in amounts or not wanted.of_money
            for amount in amounts.get(thing[0], (Amount(),))
        ]
        if ranks:
            rows.sort(key=lambda row: (row[0], _kind_rank(row[1][2]), row[1][1]))
        else:
            rows.sort(key=lambda row: (row[2].currency, -Decimal(row[2].value or row[2].upper or 0), row[1][1]))
        found = [
            Found(*thing[1:], amount, self._quoted(thing[0], typed, rank)) for rank, thing, amount in rows[:most]
        ]
        return found, len(rows)

    def near(self, word: str) -> list[str]:
        """The words of the catalogue that are most like this one, of those that begin alike."""
        folded = names.key(word)
        rows = self._connection.execute("SELECT said FROM vocabulary WHERE folded LIKE ?", (f"{folded[:1]}%",))
        return nearest(word, [row[0] for row in rows])

    def _ranked(self, typed: list[str], key: str) -> dict[int, tuple[int, ...]]:
        """How well each thing that has a word fits: the less, the better."""
        texts: dict[int, str] = {}
        for word in (word for word in typed if len(word) < _LONGEST):
            texts.update(
                self._connection.execute("SELECT rowid, text FROM texts WHERE text LIKE ?", (f"%{word}%",))
            )
        return {number: _rank(text, typed, key) for number, text in texts.items()}

    def _things(
        self, wanted: Wanted, ranks: dict[int, tuple[int, ...]] | None
    ) -> Iterator[tuple[int, str, str, str, str, str]]:
        conditions, values = [], []
        if wanted.country:
            conditions.append("id IN (SELECT thing FROM countries WHERE country = ?)")
            values.append(wanted.country)
        if wanted.year:
            conditions.append("start != '' AND substr(start, 1, 4) <= ? AND (end = '' OR substr(end, 1, 4) >= ?)")
            values += [wanted.year, wanted.year]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        for row in self._connection.execute(
            f"SELECT id, iri, class, start, end, stage FROM things{where}", values
        ):
            if (ranks is None or row[0] in ranks) and (not wanted.kinds or row[2] in wanted.kinds):
                yield row

    def _amounts(self, wanted: Wanted, ranks: dict[int, tuple[int, ...]] | None) -> dict[int, list[Amount]]:
        found: dict[int, list[Amount]] = defaultdict(list)
        for number, *columns in self._connection.execute("SELECT * FROM amounts ORDER BY rowid"):
            if (ranks is None or number in ranks) and wanted.takes(amount := Amount(*columns)):
                found[number].append(amount)
        return found

    def _quoted(self, number: int, typed: list[str], rank: tuple[int, ...]) -> str:
        """The quotation with most of the words, where one of them stands in no name."""
        if not typed or rank[-1] < _SAID:
            return ""
        rows = self._connection.execute("SELECT words FROM quotations WHERE thing = ? ORDER BY rowid", (number,))
        counted = [(sum(word in _folded(row[0]) for word in typed), row[0]) for row in rows]
        most, words = max(counted, key=lambda one: one[0], default=(0, ""))
        return words if most else ""


def recipe() -> cache.Recipe:
    """How the catalogue of a large graph is kept beside its stored index."""
    return cache.Recipe("catalogue", (Path(__file__), Path(names.__file__)), _build)


def _build(folder: Path, project: Project, progress: cache.Progress | None) -> None:
    place = cache.find(project) or cache.build(project, None, progress)
    with closing(sqlite3.connect(folder / _FILE)) as connection:
        _fill(connection, Store.open(place))


def _fill(connection: sqlite3.Connection, source: Source) -> None:
    """Everything that has a name, but terms and codes, into the tables."""
    connection.executescript(_TABLES)
    called: dict[str, list[str]] = defaultdict(list)
    for thing, name in _rows(source, _NAMED):
        if thing.startswith(ID) or not thing.startswith(BASE):
            called[thing].append(name)
    numbers = {thing: number for number, thing in enumerate(sorted(called), 1)}
    kinds = _kinds(source, called)
    of = dict(_pairs(source, "SELECT ?figure ?thing { ?figure til:figureOf ?thing }"))
    said: dict[str, list[str]] = defaultdict(list)
    for thing, text in _rows(source, "SELECT ?thing ?text { ?thing dcterms:description ?text }"):
        said[thing].append(text)
    for thing, text in _around(source, called):
        said[thing].append(text)
    quoted: dict[str, list[str]] = defaultdict(list)
    for thing, text in _rows(source, _QUOTED):
        quoted[of.get(thing, thing)].append(text)
    start = dict(_pairs(source, "SELECT ?thing ?day { ?thing til:runsFrom|dcterms:issued ?day }"))
    end = dict(_pairs(source, "SELECT ?thing ?day { ?thing til:runsTo ?day }"))
    end |= dict(_pairs(source, "SELECT ?thing ?day { ?thing dcterms:issued ?day }"))
    stages = dict(_pairs(source, "SELECT ?thing ?stage { ?thing til:stage ?stage }"))
    connection.executemany(
        "INSERT INTO things VALUES (?, ?, ?, ?, ?, ?)",
        (
            (number, thing, kinds[thing], start.get(thing, ""), end.get(thing, ""), stages.get(thing, ""))
            for thing, number in numbers.items()
        ),
    )
    for table, rows in (("countries", _rows(source, _COUNTRIES)), ("quotations", _each(quoted))):
        kept = ((numbers[thing], other) for thing, other in rows if thing in numbers)
        connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", kept)
    amounts = ((numbers[thing], *rest) for thing, *rest in _rows(source, _AMOUNTS) if thing in numbers)
    connection.executemany("INSERT INTO amounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", amounts)
    words: dict[str, str] = {}
    for name in (name for of_thing in called.values() for name in of_thing):
        words.update((names.key(word), word) for word in name.split())
    connection.executemany("INSERT INTO vocabulary VALUES (?, ?)", words.items())
    connection.executemany(
        "INSERT INTO texts(rowid, text) VALUES (?, ?)",
        (
            (number, _BETWEEN.join(map(_text, (called[thing], said.get(thing, ()), quoted.get(thing, ())))))
            for thing, number in numbers.items()
        ),
    )
    connection.executescript(_INDEXES)
    connection.commit()


def _rows(source: Source, text: str) -> Iterator[tuple[str, ...]]:
    return (
        tuple(map(plain, row))
        for row in select(source, sparql.prefixed(text)).rows
        if isinstance(row[0], NamedNode)
    )


def _pairs(source: Source, text: str) -> Iterator[tuple[str, str]]:
    return ((row[0], row[1]) for row in _rows(source, text))


def _each(lists: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    return ((thing, one) for thing, of in lists.items() for one in of)


def _kinds(source: Source, things: Iterable[str]) -> dict[str, str]:
    """The narrowest class of each thing."""
    above = names.superclasses(source)
    found: dict[str, str] = dict.fromkeys(things, "")
    for thing, kind in _rows(source, "SELECT ?thing ?class { ?thing a ?class } ORDER BY ?class"):
        if thing in found and (not found[thing] or found[thing] in above.get(kind, ())):
            found[thing] = kind
    return found


def _around(source: Source, called: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """The names, in all their languages, of what a commitment is for and of its kind: each of them finds it."""
    parts: dict[str, list[str]] = defaultdict(list)
    for part, whole in _rows(source, "SELECT ?part ?whole { ?part a til:Programme ; dcterms:isPartOf+ ?whole }"):
        parts[part].append(whole)
        yield from ((part, name) for name in called.get(whole, ()))
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind, name in _rows(
        source, f"SELECT ?kind ?name {{ ?kind skos:inScheme <{BASE}code/kind> ; skos:prefLabel ?name }}"
    ):
        kinds[kind].append(name)
    for thing, programme in _rows(source, "SELECT ?thing ?programme { ?thing til:programme ?programme }"):
        for one in (programme, *parts.get(programme, ())):
            yield from ((thing, name) for name in called.get(one, ()))
    for thing, kind in _rows(source, "SELECT ?thing ?kind { ?thing til:kind ?kind }"):
        yield from ((thing, name) for name in kinds.get(kind, ()))


def _folded(text: str) -> str:
    return f" {' '.join(names.words(text))} "


def _text(texts: Iterable[str]) -> str:
    """Texts for the index: one a line, without what is said twice."""
    return "\n".join(dict.fromkeys(map(_folded, texts)))


_SAID, _ABSENT = 3, 9  # ranks of a word that stands in no name, and nowhere


def _rank(text: str, typed: list[str], key: str) -> tuple[int, ...]:
    called, *rest = text.split(_BETWEEN)
    of_words = [
        _place(called, word)
        if word in called
        else next(
            (_SAID * (number + 1) + _place(part, word) for number, part in enumerate(rest) if word in part),
            _ABSENT,
        )
        for word in typed
    ]
    lines = "\n" + called.replace(" ", "") + "\n"
    whole = 0 if f"\n{key}\n" in lines else 1 if f"\n{key}" in lines else 2
    return sum(rank == _ABSENT for rank in of_words), whole, sum(of_words), max(of_words)


def _place(text: str, word: str) -> int:
    """Whether a word is whole in a folded text (0), begins one there (1), or is part of one (2)."""
    return 0 if f" {word} " in text else 1 if f" {word}" in text else 2


def _kind_rank(kind: str) -> int:
    return _FIRST.index(kind) if kind in _FIRST else len(_FIRST)
