"""A graph on disk: what shapes ask of it, with every literal as the files write it.

pyoxigraph's store rewrites literals of the datatypes that it knows (1.50 becomes 1.5, an xsd:int an xsd:integer),
which would change verdicts. So every typed literal is stored with a datatype of our own in front of its own,
which the store does not know and leaves alone, and is read back without it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg.shacl.graph import STRING, XSD, Node, Properties

_MARK = "lexical:"
_DEFAULT = ox.DefaultGraph()
_ABOUT = ox.NamedNode(_MARK + "rewritten")  # the graph that is not of the files
# Literals that the store surely keeps; what others become is asked of it.
_KEPT = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,14}"),
    XSD + "date": re.compile(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]"),
    XSD + "hexBinary": re.compile(r"[0-9A-Fa-f]*+"),
}


def encode(term: Node) -> Node:
    """The term as it is stored."""
    if type(term) is not ox.Literal or term.language is not None or term.datatype.value == STRING:
        return term
    return ox.Literal(term.value, datatype=ox.NamedNode(_MARK + term.datatype.value))


class Rewriting:
    """Whether pyoxigraph's store keeps a literal as it is: asked of a store, once for each literal."""

    def __init__(self) -> None:
        """Nothing asked yet."""
        self._store = ox.Store()
        self._known: dict[ox.Literal, bool] = {}

    def __call__(self, value: ox.Literal) -> bool:
        """Whether it would come back as another."""
        form = _KEPT.get(value.datatype.value)
        if form is not None and form.fullmatch(value.value):
            return False
        found = self._known.get(value)
        if found is None:
            quad = ox.Quad(_ABOUT, _ABOUT, value)
            self._store.add(quad)
            found = self._known[value] = next(iter(self._store)).object != value
            self._store.clear()
        return found


def encoded(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Statements as they are stored, graph names left out; last, which predicates have what would be rewritten."""
    kinds: dict[str, ox.NamedNode] = {}
    rewritten: set[ox.NamedNode] = set()
    rewrites = Rewriting()
    for subject, predicate, value, _ in quads:
        if type(value) is ox.Literal and value.language is None:
            name = value.datatype.value
            if name != STRING:
                if predicate not in rewritten and rewrites(value):
                    rewritten.add(predicate)
                kind = kinds.get(name)
                if kind is None:
                    kind = kinds[name] = ox.NamedNode(_MARK + name)
                value = ox.Literal(value.value, datatype=kind)
        yield ox.Quad(subject, predicate, value, _DEFAULT)
    for predicate in rewritten:
        yield ox.Quad(predicate, _ABOUT, _ABOUT, _ABOUT)


def decode(term: Node) -> Node:
    """The term that was stored."""
    if type(term) is not ox.Literal or term.language is not None:
        return term
    kind = term.datatype.value
    if not kind.startswith(_MARK):
        return term
    return ox.Literal(term.value, datatype=ox.NamedNode(kind[len(_MARK) :]))


class Stored:
    """The stored graph, read only; what has been read once is kept. A `kg.shacl.graph.Graph`."""

    def __init__(self, store: ox.Store) -> None:
        """A store of encoded statements."""
        self._store = store
        self._nodes: dict[Node, Properties | None] = {}
        self._led_to: dict[Node, bool] = {}
        self._leading: dict[tuple[str, Node], list[Node]] = {}

    @cached_property
    def size(self) -> int:
        """How many statements there are."""
        return len(self._store)

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
        if not self._is_led_to(value):
            return ()
        asked = (predicate, value)
        found = self._leading.get(asked)
        if found is None:
            quads = self._store.quads_for_pattern(None, ox.NamedNode(predicate), encode(value), _DEFAULT)
            found = self._leading[asked] = [quad.subject for quad in quads]  # type: ignore[misc]  # no quoted triples
        return found

    def _is_led_to(self, node: Node) -> bool:
        """Whether anything leads to a node: one look-up for a new one, of which each shape asks again."""
        found = self._led_to.get(node)
        if found is None:
            quads = self._store.quads_for_pattern(None, None, encode(node), _DEFAULT)
            found = self._led_to[node] = next(quads, None) is not None
        return found

    def pairs(self, predicate: str) -> Iterator[tuple[Node, Node]]:
        """Every (subject, object) of a predicate."""
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(predicate), None, _DEFAULT):
            yield quad.subject, decode(quad.object)  # type: ignore[misc, arg-type]  # no quoted triples

    def having(self, predicate: str) -> Sequence[Node]:
        """The nodes that have a value for a predicate, each once."""
        return list(dict.fromkeys(subject for subject, _ in self.pairs(predicate)))

    def leading(self, node: Node) -> Iterator[str]:
        """The predicates by which something leads to a node, each once."""
        known: set[str] = set()
        for quad in self._store.quads_for_pattern(None, None, encode(node), _DEFAULT):
            if quad.predicate.value not in known:
                known.add(quad.predicate.value)
                yield quad.predicate.value

    def predicates(self) -> Iterable[str]:
        """Every predicate of a statement, each once."""
        quads = self._store.quads_for_pattern(None, None, None, _DEFAULT)
        return dict.fromkeys(quad.predicate.value for quad in quads)

    @cached_property
    def rewritten(self) -> frozenset[str]:
        """The predicates that have literals which pyoxigraph's store would rewrite."""
        return frozenset(quad.subject.value for quad in self._store.quads_for_pattern(None, _ABOUT, None, _ABOUT))  # type: ignore[union-attr]  # predicates
