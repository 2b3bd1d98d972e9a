"""The graph that new data is held against: its files, or the stored index of a project in its entry of the cache."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg import files, rdf
from kg.cache import Progress, Recipe
from kg.project import Project
from kg.shacl import stored
from kg.shacl.graph import Graph, Index
from kg.shacl.stored import Stored
from kg.store import Heard
from kg.validation.inputs import Input, read


class Base:
    """The graph that new data is held against: its files, or their stored index, whichever is asked for."""

    def __init__(self, inputs: tuple[Input, ...], folder: Path | None = None) -> None:
        """`folder`: of a stored index of just these files. Nothing is read yet."""
        self.inputs = inputs
        self.folder = folder

    @cached_property
    def stored(self) -> Stored | None:
        """The stored index; None where there is none, or where all is in memory already."""
        if self.folder is None or "whole" in self.__dict__:
            return None
        try:
            return Stored.open(self.folder)
        except OSError:  # removed since it was found
            return None

    @property
    def graph(self) -> Graph:
        """For what concerns some nodes. Raises Refused for a file that cannot be read."""
        return self.whole if self.stored is None else self.stored

    @cached_property
    def whole(self) -> Index:
        """All of it in memory. Raises Refused for a file that cannot be read."""
        return read(self.inputs, relative=False, rename=True).index


def fill(work: Path, project: Project, progress: Progress | None) -> None:
    """Store the terms and the graph of a project in the new folder `work`.

    Raises WorldError with file, line and column where a file does not parse.
    """
    store = ox.Store(str(work))
    paths = project.term_files() + project.graph_files()
    total, done = sum(path.stat().st_size for path in paths), 0
    for path in paths:
        data = files.read(path)
        source = Heard(data, done, lambda read: progress(read, total) if progress else None)
        try:
            store.bulk_extend(
                stored.encoded(ox.parse(source, format=rdf.format_of(path), rename_blank_nodes=True))
            )
        except SyntaxError as error:
            raise rdf.syntax_error(path, data, error) from None
        done += len(data)
    store.optimize()
    store.flush()


RECIPE = Recipe("validation", (Path(__file__), Path(stored.__file__)), fill)
