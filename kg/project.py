"""Where the knowledge lies: the folders `ontology/`, `graph/` and `queries/`, found once and named here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kg import formats
from kg.errors import WorldError
from kg.terms import GRAPH

_PACKAGE = Path(__file__).parent
# File endings of RDF, as the parsers know them.
RDF_ENDINGS = tuple(formats.FORMATS[name].endings[0] for name in formats.RDF)


class Project(NamedTuple):
    """The folders of one knowledge graph.

    `data` holds the graph; `ontology` and `queries` are the packaged ones unless the graph brings its own.
    """

    data: Path
    ontology: Path
    queries: Path
    left_out: frozenset[Path] = frozenset()  # files, resolved, that are not counted in

    @classmethod
    def find(cls, data: str | Path | None = None) -> Project:
        """The packaged project, or the one whose graph is the folder `data`.

        `data` is a folder with `graph/` in it (and `ontology/`, `queries/` where it has its own), or a folder
        of RDF files. Raises WorldError where there is no such folder.
        """
        home = _PACKAGE / "knowledge"
        if not home.is_dir():
            home = _PACKAGE.parent
        if data is None:
            return cls(home / "graph", home / "ontology", home / "queries")
        root = Path(data)
        if not root.is_dir():
            raise WorldError("data-folder", f"no folder {root}", help="--data takes a folder of RDF files")
        inner = root / "graph"
        return cls(
            inner if inner.is_dir() else root,
            root / "ontology" if (root / "ontology").is_dir() else home / "ontology",
            root / "queries" if (root / "queries").is_dir() else home / "queries",
        )

    def graph_files(self) -> list[Path]:
        """Every RDF file of the graph, in the order of its path."""
        return self._in(_rdf_files(self.data))

    def term_files(self) -> list[Path]:
        """The ontology's own triples that belong in answers: terms, code lists, alignment; not the shapes."""
        folders = (self.ontology, self.ontology / "codes", self.ontology / "alignment")
        return self._in(path for folder in folders for path in folder.glob("*.ttl"))

    def without(self, paths: Iterable[Path]) -> Project:
        """The same project, less some files of its graph or its terms."""
        return self._replace(left_out=self.left_out.union(path.resolve() for path in paths))

    def _in(self, paths: Iterable[Path]) -> list[Path]:
        return sorted(path for path in paths if not self.left_out or path.resolve() not in self.left_out)

    def shape_files(self) -> list[Path]:
        """The SHACL files, in the order of their path."""
        return sorted((self.ontology / "shapes").glob("*.ttl"))

    def check_files(self) -> list[Path]:
        """The checks: queries that must return nothing."""
        return sorted((self.queries / "checks").glob("*.rq"))

    def query_files(self) -> list[Path]:
        """The canned queries."""
        return sorted(self.queries.glob("*.rq"))

    def page_files(self) -> list[Path]:
        """The queries that are asked for what is shown of one thing alone."""
        return sorted((self.queries / "pages").glob("*.rq"))

    def note_file(self, query: str) -> Path | None:
        """The query that is asked beside the canned one of that name when it has no row."""
        path = self.queries / "notes" / f"{query}.rq"
        return path if path.is_file() else None

    def graph_name(self, path: Path) -> str:
        """The named graph of one file: its path under the graph or the ontology, without the ending."""
        for base, prefix in ((self.data, GRAPH), (self.ontology, GRAPH + "ontology/")):
            if path.is_relative_to(base):
                return prefix + path.relative_to(base).with_suffix("").as_posix()
        raise ValueError(f"{path} is not a file of this project")

    def digest(self) -> str:
        """SHA-256 over the names and bytes of every file that a store is made from, as hexadecimal."""
        import hashlib

        total = hashlib.sha256()
        for path in self.term_files() + self.graph_files():
            content = path.read_bytes()
            total.update(f"{self.graph_name(path)}\0{len(content)}\0".encode())
            total.update(content)
        return total.hexdigest()


def _rdf_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix in RDF_ENDINGS and path.is_file())
