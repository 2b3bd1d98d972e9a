"""The embedded store: one merged default graph of the ontology's terms, the graph and what follows from them.

Files are the record. The store rewrites literals (1.50 becomes 1.5), so nothing is ever exported from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg import files, rdf
from kg.errors import UsageError
from kg.project import Project
from kg.results import Answer, Table, Triples
from kg.terms import PREFIXES


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
    def load(cls, project: Project, rule: str | None = None) -> Store:
        """The project's files and what is derived from them, in memory.

        `rule` is the IRI of the rule that turns words into intervals (None: the current one). Raises WorldError
        with file, line and column where a file does not parse.
        """
        from kg.derive import derive

        store = cls.of_files(project.term_files() + project.graph_files())
        store.add(derive(store, rule).triples())
        return store

    @classmethod
    def of_files(cls, paths: Iterable[Path], folder: Path | None = None) -> Store:
        """A store with the triples of these files, in memory or (new) in `folder`."""
        inner = ox.Store(str(folder)) if folder else ox.Store()
        for path in paths:
            form = rdf.format_of(path)
            data = files.read(path)
            try:
                if form.supports_datasets:
                    inner.bulk_extend(ox.Quad(*quad.triple) for quad in rdf.parse(path))
                else:
                    inner.bulk_load(data, format=form, to_graph=ox.DefaultGraph())
            except SyntaxError as error:
                raise rdf.syntax_error(path, data, error) from None
        return cls(inner)

    def add(self, triples: Iterable[rdf.Triple]) -> None:
        """Put triples in, in one go."""
        self._inner.bulk_extend(ox.Quad(*triple) for triple in triples)

    def __len__(self) -> int:
        return len(self._inner)

    def query(self, text: str) -> Answer:
        """The answer to a read-only SPARQL query; the project's prefixes are known.

        Raises UsageError where the text is not a query.
        """
        try:
            found = self._inner.query(text, prefixes=PREFIXES)
        except SyntaxError as error:
            raise UsageError("sparql", f"not a SPARQL query: {error.msg or error}") from None
        if isinstance(found, ox.QuerySolutions):
            columns = tuple(variable.value for variable in found.variables)
            return Table(columns, tuple(tuple(solution) for solution in found))
        if isinstance(found, ox.QueryTriples):
            return Triples(tuple(found))
        return bool(found)
