"""The stored index of a project for validation, made in its entry of the cache (kg.cache)."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from kg import files, rdf
from kg.cache import Progress, Recipe
from kg.project import Project
from kg.store import Heard
from kg.validation import stored


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
