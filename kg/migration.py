"""Files of an earlier version of the ontology, written as a later one has it: `kg migrate`.

The rules are SPARQL updates, a file of them for each version in `ontology/migrations/`. They run on one file at a time,
and what they take out and put in is taken out of its text and put into it, so that comments and order stay. Only what
a query cannot see is done here: the length of a text, and the words before a quotation that tell its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kg import files, rdf
from kg.draft.document import read_document
from kg.errors import DataError, Place, UsageError, WorldError, did_you_mean
from kg.evidence import prefixes
from kg.project import Project
from kg.terms import PREFIXES, shorten
from kg.turtle.editing import edited

_FOLDER = "migrations"
_PACKAGED = "-packaged"


class Migration(NamedTuple):
    """The rules of one version: for any file, and for those of the packaged graph."""

    version: str
    rules: str
    packaged: str


class Migrated(NamedTuple):
    """One file before and after; `notes` say what could not be done."""

    file: str
    old: bytes
    new: bytes
    removed: tuple[rdf.Triple, ...]
    added: tuple[rdf.Triple, ...]
    notes: tuple[str, ...]


def find(project: Project, version: str) -> Migration:
    """The migration to a version. Raises UsageError with the versions that there are."""
    folder = project.ontology / _FOLDER
    known = {path.stem: path for path in sorted(folder.glob("*.ru")) if not path.stem.endswith(_PACKAGED)}
    if version not in known:
        raise UsageError(
            "version",
            f"no migration to {version!r}",
            help=did_you_mean(version, known) or f"one of {', '.join(known) or 'none'}",
        )
    packaged = folder / f"{version}{_PACKAGED}.ru"
    return Migration(
        version,
        files.read(known[version]).decode("utf-8"),
        files.read(packaged).decode("utf-8") if packaged.is_file() else "",
    )


def texts_in(folder: Path) -> dict[str, str]:
    """The texts in a folder by each SHA-256 that may stand for them; what cannot be read as a text is passed over.

    Raises WorldError where there is no such folder.
    """
    if not folder.is_dir():
        raise WorldError("sources", f"no folder {folder}", help="--sources takes a folder with the source texts")
    found: dict[str, str] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            document = read_document(str(path))
        except WorldError:
            continue
        found.update(dict.fromkeys(document.checksums, document.text))
    return found


def migrate(
    data: bytes,
    file: str,
    migration: Migration,
    *,
    graph: str | None = None,
    packaged: bool = False,
    texts: Mapping[str, str] | None = None,
) -> Migrated:
    """The Turtle `data` of `file` as the migration has it, in canonical layout; the same bytes where nothing changes.

    `graph` is the file's IRI as a named graph, `packaged` whether it is one of the packaged graph, `texts` the source
    texts by SHA-256 (hexadecimal, small letters). Raises WorldError for what is no Turtle, and DataError for what
    cannot be written (a statement in brackets, TriG).
    """
    old = data.removeprefix(b"\xef\xbb\xbf")
    rdf.check_turtle(old, file, graph)
    before = ox.Store()
    before.bulk_load(old, format=ox.RdfFormat.TURTLE, base_iri=graph)
    after = ox.Store()
    after.bulk_extend(before)
    after.update(migration.rules, base_iri=graph)
    if packaged and graph is not None:
        after.update(migration.packaged, base_iri=graph)
    notes = list(_of_texts(after, texts or {}))
    removed, added = _less(before, after), _less(after, before)
    if not removed and not added:
        return Migrated(file, data, data, (), (), tuple(notes))
    try:
        new = edited(old.decode("utf-8"), removed, added, file).encode("utf-8")
    except DataError as error:
        place = error.place or Place(file)
        raise DataError(error.code, error.message, place=place, help="the file is left as it is") from None
    return Migrated(file, data, new, removed, added, tuple(notes))


def _less(store: ox.Store, other: ox.Store) -> tuple[rdf.Triple, ...]:
    return tuple(sorted((quad.triple for quad in store if quad not in other), key=str))


_TEXTS = """
SELECT ?text ?checksum ?length WHERE {
  ?text a dctypes:Text ; spdx:checksum/spdx:checksumValue ?checksum .
  OPTIONAL { ?text dcterms:extent ?length }
} ORDER BY ?text
"""
_QUOTES = """
SELECT ?quote ?start ?end WHERE {
  ?anchor oa:hasSource %s ; oa:hasSelector ?place , ?quote .
  ?place oa:start ?start ; oa:end ?end .
  ?quote oa:exact ?words .
  FILTER NOT EXISTS { ?quote oa:prefix ?before }
} ORDER BY ?start ?end
"""


def _of_texts(store: ox.Store, texts: Mapping[str, str]) -> Iterable[str]:
    """Put in each text's length and what quotations need before them; yields what is left undone, in words."""
    for text, checksum, length in _rows(store, _TEXTS):
        words = texts.get(checksum.value.lower())
        if words is None:
            if length is None:
                name = shorten(text.value)
                yield f"{name}: no length and no oa:prefix, as its text is not here; --sources DIR has both made"
            continue
        if length is None:
            store.add(ox.Quad(text, _iri("dcterms", "extent"), rdf.literal(str(len(words)), "integer")))
        quotes = {(int(start.value), int(end.value)): quote for quote, start, end in _rows(store, _QUOTES % text)}
        for place, before in prefixes(words, quotes).items():
            store.add(ox.Quad(quotes[place], _iri("oa", "prefix"), rdf.literal(before)))


def _rows(store: ox.Store, query: str) -> Iterable[ox.QuerySolution]:
    solutions = store.query(query, prefixes=PREFIXES)
    assert isinstance(solutions, ox.QuerySolutions)
    return list(solutions)


def _iri(prefix: str, name: str) -> ox.NamedNode:
    return rdf.iri(PREFIXES[prefix] + name)
