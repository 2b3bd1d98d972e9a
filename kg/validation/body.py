"""Files read into graphs: new data, and the graph that it is held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Quad

from kg.validation.index import Graph, Index
from kg.validation.inputs import Input, triples
from kg.validation.terms import key

if TYPE_CHECKING:
    from kg.validation.stored import Stored

Quads = Callable[[frozenset[str] | None], Iterator[Quad]]


@dataclass(slots=True)
class Body:
    """Some inputs as one graph, with the blank nodes of each file in the order of its parser."""

    inputs: tuple[Input, ...]
    index: Index = field(default_factory=Index)
    blanks: dict[str, list[str]] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)


def base_of(source: Input) -> str:
    """The IRI of a file, against which its relative IRIs are resolved."""
    try:
        return Path(source.name).resolve().as_uri()
    except ValueError:
        return "file:///-"


def read(inputs: tuple[Input, ...], *, relative: bool) -> Body:
    """Parse inputs into one graph. Raises Refused for the first that cannot be read."""
    body = Body(inputs)
    for source in inputs:
        before = len(body.index.by_subject)
        base = base_of(source) if relative else None
        if base is not None:
            body.bases[source.name] = base
        # Blank nodes of two files are never one.
        body.index.add(triples(source, base=base, rename=len(inputs) > 1, prefixes=body.prefixes))
        subjects = list(body.index.by_subject)[before:]
        body.blanks[source.name] = [key(s) for s in subjects if type(s) is BlankNode]
    return body


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
        from kg.validation.stored import Stored

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
        return read(self.inputs, relative=False).index


def chain(new: Index, base: Index | None) -> Quads:
    """The statements of both, or those with some predicates."""

    def quads(predicates: frozenset[str] | None) -> Iterator[Quad]:
        yield from new.quads(predicates)
        if base is not None:
            yield from base.quads(predicates)

    return quads
