"""A graph on disk for validation: what shapes ask of it, with every literal as the files write it.

pyoxigraph's store rewrites literals of the datatypes that it knows (1.50 becomes 1.5, an xsd:int an xsd:integer),
which would change verdicts. So every typed literal is stored with a datatype of our own in front of its own,
which the store does not know and leaves alone, and is read back without it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg import files, rdf
from kg.cache import Progress, Recipe
from kg.project import Project
from kg.store import Heard
from kg.validation.index import Properties
from kg.validation.terms import STRING, Node

_MARK = "lexical:"
_DEFAULT = ox.DefaultGraph()


def encode(term: Node) -> Node:
    """The term as it is stored."""
    if type(term) is not ox.Literal or term.language is not None or term.datatype.value == STRING:
        return term
    return ox.Literal(term.value, datatype=ox.NamedNode(_MARK + term.datatype.value))


def encoded(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Statements as they are stored, graph names left out."""
    kinds: dict[str, ox.NamedNode] = {}
    for subject, predicate, value, _ in quads:
        if type(value) is ox.Literal and value.language is None:
            name = value.datatype.value
            if name != STRING:
                kind = kinds.get(name)
                if kind is None:
                    kind = kinds[name] = ox.NamedNode(_MARK + name)
                value = ox.Literal(value.value, datatype=kind)
        yield ox.Quad(subject, predicate, value, _DEFAULT)


def decode(term: Node) -> Node:
    """The term that was stored."""
    if type(term) is not ox.Literal or term.language is not None:
        return term
    kind = term.datatype.value
    if not kind.startswith(_MARK):
        return term
    return ox.Literal(term.value, datatype=ox.NamedNode(kind[len(_MARK) :]))


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
            store.bulk_extend(encoded(ox.parse(source, format=rdf.format_of(path), rename_blank_nodes=True)))
        except SyntaxError as error:
            raise rdf.syntax_error(path, data, error) from None
        done += len(data)
    store.flush()


RECIPE = Recipe("validation", (Path(__file__),), fill)


class Stored:
    """The stored graph, read only; what has been read once is kept. A `kg.validation.index.Graph`."""

    def __init__(self, store: ox.Store) -> None:
        """A store of encoded statements."""
        self._store = store
        self._nodes: dict[Node, Properties | None] = {}
        self._leading: dict[tuple[str, Node], list[Node]] = {}

    @classmethod
    def open(cls, folder: Path) -> Stored:
        """What was filled into `folder`. Raises OSError where it cannot be opened."""
        return cls(ox.Store.read_only(str(folder)))

    def lookup(self, node: Node) -> Properties | None:
        """The properties of a node, or None. Not to be changed."""
        try:
            return self._nodes[node]
        except KeyError:
            found = self._nodes[node] = self._read(node)
            return found

    def _read(self, node: Node) -> Properties | None:
        if type(node) is ox.Literal:
            return None
        found: dict[str, list[Node]] = {}
        for quad in self._store.quads_for_pattern(node, None, None, _DEFAULT):
            found.setdefault(sys.intern(quad.predicate.value), []).append(decode(quad.object))  # type: ignore[arg-type]  # no quoted triples
        return {name: values if len(values) > 1 else values[0] for name, values in found.items()} or None

    def subjects(self, predicate: str, value: Node) -> Sequence[Node]:
        """The nodes that have `value` for `predicate`."""
        asked = (predicate, value)
        found = self._leading.get(asked)
        if found is None:
            quads = self._store.quads_for_pattern(None, ox.NamedNode(predicate), encode(value), _DEFAULT)
            found = self._leading[asked] = [quad.subject for quad in quads]  # type: ignore[misc]  # no quoted triples
        return found

    def pairs(self, predicate: str) -> Iterator[tuple[Node, Node]]:
        """Every (subject, object) of a predicate."""
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(predicate), None, _DEFAULT):
            yield quad.subject, decode(quad.object)  # type: ignore[misc, arg-type]  # no quoted triples

    def having(self, predicate: str) -> Sequence[Node]:
        """The nodes that have a value for a predicate, each once."""
        return list(dict.fromkeys(subject for subject, _ in self.pairs(predicate)))
