"""The embedded store: one merged default graph of the ontology's terms, the graph and what follows from them.

Files are the record. The store rewrites literals (1.50 becomes 1.5), so nothing is ever exported from it.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import files, rdf
from kg.project import Project
from kg.results import Answer, Table, Triples
from kg.terms import DERIVED, PREFIXES

if TYPE_CHECKING:
    from typing_extensions import Buffer


class Store:
    """Triples that answer SPARQL. Build one with `Store.load(project)` or `Store.of(triples)`."""

    def __init__(self, inner: ox.Store) -> None:
        self._inner = inner

    @classmethod
    def of(cls, triples: Iterable[rdf.Triple]) -> Store:
        """A store in memory with these triples."""
        store = cls(ox.Store())
        store.add(triples)
        return store

    @classmethod
    def load(cls, project: Project, rule: str | None = None, *, named: bool = False) -> Store:
        """The project's files and what is derived from them, in memory; `named`: each in its named graph as well.

        `rule` is the IRI of the rule that turns words into intervals (None: the current one). Raises WorldError
        with file, line and column where a file does not parse.
        """
        from kg.derive import derive

        files = project.term_files() + project.graph_files()
        store = cls.of_files(files)
        derived = list(derive(store, rule).triples())
        store.add(derived)
        if named:
            for path in files:
                store.add_graphs(path, rdf.iri(project.graph_name(path)))
            store.add(derived, rdf.iri(DERIVED))
        return store

    @classmethod
    def of_files(
        cls, paths: Iterable[Path], folder: Path | None = None, progress: Callable[[int], None] | None = None
    ) -> Store:
        """A store with these files' triples, in memory or (new) in `folder`; `progress` hears of bytes read."""
        inner = ox.Store(str(folder)) if folder else ox.Store()
        done = 0
        for path in paths:
            form = rdf.format_of(path)
            data = files.read(path)
            try:
                if form.supports_datasets:
                    inner.bulk_extend(ox.Quad(*quad.triple) for quad in rdf.parse(path))
                else:
                    source = Heard(data, done, progress) if progress else data
                    inner.bulk_load(source, format=form, to_graph=ox.DefaultGraph())
            except SyntaxError as error:
                raise rdf.syntax_error(path, data, error) from None
            done += len(data)
        return cls(inner)

    @classmethod
    def open(cls, folder: Path) -> Store:
        """The store that was built in `folder`, to be read only. Raises OSError where it cannot be."""
        return cls(ox.Store.read_only(str(folder)))

    def add(self, triples: Iterable[rdf.Triple], graph: rdf.NamedNode | None = None) -> None:
        """Put triples in, in one go: in a named graph, or in the default one."""
        place = graph or ox.DefaultGraph()
        self._inner.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, place) for t in triples)

    def add_graphs(self, path: Path, graph: rdf.NamedNode) -> None:
        """Put in what a file says, in the named graphs that it has, the rest in `graph`."""
        unnamed = ox.DefaultGraph()
        self._inner.bulk_extend(
            ox.Quad(q.subject, q.predicate, q.object, graph) if q.graph_name == unnamed else q
            for q in rdf.parse(path)
        )

    def close(self) -> None:
        """Write what a store on disk still holds in memory, put it in order for reading, and let go of it."""
        self._inner.optimize()
        self._inner.flush()
        self._inner = ox.Store()

    def __len__(self) -> int:
        return len(self._inner)

    def query(self, text: str) -> Answer:
        """The answer to a read-only SPARQL query; the project's prefixes are known.

        Raises UsageError, with line and column, where the text is not a query.
        """
        found = self._ask(text)
        if isinstance(found, ox.QuerySolutions):
            return Table(tuple(variable.value for variable in found.variables), tuple(map(tuple, found)))
        if isinstance(found, ox.QueryTriples):
            return Triples(tuple(found))
        return bool(found)

    def written(self, text: str, rows: int) -> tuple[str, bytes, bool]:
        """The answer as (media type, bytes, whether it was cut): TSV, N-Triples or JSON, at most `rows` rows."""
        found = self._ask(text)
        if isinstance(found, ox.QueryBoolean):
            return rdf.BOOLEAN, b"true" if found else b"false", False
        sink = _Sink(rows + 1 if isinstance(found, ox.QuerySolutions) else rows)
        try:
            if isinstance(found, ox.QuerySolutions):
                found.serialize(sink, format=ox.QueryResultsFormat.TSV)
            else:
                found.serialize(sink, format=ox.RdfFormat.N_TRIPLES)
        except _FullError:
            pass
        kind = rdf.TABLE if isinstance(found, ox.QuerySolutions) else rdf.TRIPLES
        return kind, sink.getvalue(), sink.cut

    def _ask(self, text: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        # Most texts declare their prefixes, and passing ours takes a fifth of a small answer's time.
        with contextlib.suppress(SyntaxError):
            return self._inner.query(text)
        try:
            return self._inner.query(text, prefixes=PREFIXES)
        except SyntaxError as error:
            from kg.sparql import read_only, syntax_error

            raise syntax_error(read_only(text, graphs=True), str(error.msg or error)) from None


class Heard(io.BytesIO):
    """A file's bytes, whose reading is told."""

    def __init__(self, data: bytes, before: int, progress: Callable[[int], None]) -> None:
        super().__init__(data)
        self._before = before
        self._progress = progress

    def read(self, size: int | None = -1, /) -> bytes:  # noqa: D102 - as in io
        self._progress(self._before + self.tell())
        return super().read(size)


class _FullError(Exception):
    """As many rows as were asked for have been written."""


_LARGEST = 256 << 20  # bytes of one answer that crosses between processes


class _Sink(io.BytesIO):
    """A file for the engine to write lines to, which stops it after so many."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._left = lines
        self._room = _LARGEST
        self.cut = False

    def write(self, data: Buffer, /) -> int:
        data = bytes(data)
        if self.cut:  # the engine's buffer is emptied once more on the way out
            raise _FullError
        lines = data.count(b"\n")
        self._room -= len(data)
        if lines > self._left or (self._left == 0 and data) or self._room < 0:
            self.cut = True
            kept = data.split(b"\n")[: min(self._left, lines)]
            super().write(b"".join(line + b"\n" for line in kept))
            raise _FullError
        self._left -= lines
        return super().write(data)
