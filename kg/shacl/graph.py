"""Graphs as shapes read them: the values of a node, and what leads to it. In memory, or one over another."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

Node = NamedNode | BlankNode | Literal
# One value is kept bare, several in a list: most properties have one, and lists cost memory.
Values = Node | list[Node]
# Predicates are plain strings: Python keeps the hash of a string, and hashes a term of pyoxigraph anew each time.
Properties = dict[str, Values]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = RDF + "type"
SUBCLASS = RDFS + "subClassOf"
STRING = XSD + "string"
_NOBODY = BlankNode()


class Graph(Protocol):
    """What shapes read; `lookup` for one node, `subjects`, `pairs` and `having` for one predicate."""

    @property
    def size(self) -> int:
        """How many statements there are, some perhaps counted twice."""

    def lookup(self, node: Node, /) -> Properties | None:
        """The properties of a node, or None. Not to be changed."""

    def subjects(self, predicate: str, value: Node, /) -> Sequence[Node]:
        """The nodes that have `value` for `predicate`."""

    def pairs(self, predicate: str, /) -> Iterator[tuple[Node, Node]]:
        """Every (subject, object) of a predicate."""

    def having(self, predicate: str, /) -> Sequence[Node]:
        """The nodes that have a value for a predicate, each once."""

    def predicates(self) -> Iterable[str]:
        """Every predicate of a statement, each once."""

    def leading(self, node: Node, /) -> Iterable[str]:
        """The predicates by which something leads to a node, each once."""


def key(term: Node) -> str:
    """The key of a term, as in kg.turtle.triples: the spelling of N-Triples without escapes."""
    if isinstance(term, NamedNode):
        return f"<{term.value}>"
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    if term.language:
        return f'"{term.value}"@{term.language}'
    return f'"{term.value}"^^<{term.datatype.value}>'


def values(properties: Properties | None, predicate: str) -> Sequence[Node]:
    """The values of one property; empty where there is none."""
    if properties is None:
        return ()
    found = properties.get(predicate)
    if found is None:
        return ()
    return found if type(found) is list else (found,)  # type: ignore[return-value]  # one value or a list


class Index:
    """A graph in memory: subject → predicate → value or list of values; inverse tables made when asked for."""

    def __init__(self) -> None:
        """Begin empty."""
        self.by_subject: dict[Node, Properties] = {}
        self.lookup = self.by_subject.get
        self.size = 0
        self._having: dict[str, list[Node]] = {}  # the subjects of each predicate, once each
        self._inverse: dict[str, dict[Node, list[Node]]] = {}

    def add(self, quads: Iterable[Quad]) -> None:
        """Take in statements, graph names left out; a statement said twice counts once."""
        by_subject = self.by_subject
        get = by_subject.get
        # One object for one term: parsers make a new one for each mention, and memory fills up.
        shared: dict[Node, Node] = {}
        share = shared.setdefault
        names: dict[str, str] = {}
        having = self._having
        size = 0
        subject: Node = _NOBODY
        properties: Properties = {}
        for quad in quads:
            # Files say all of one subject in one place: it is looked up once.
            if subject != (mentioned := quad.subject):
                subject = share(mentioned, mentioned)  # type: ignore[arg-type]  # no quoted triples
                found = get(subject)
                if found is None:
                    by_subject[subject] = found = {}
                properties = found
            value: Node = quad.object  # type: ignore[assignment]  # no quoted triples
            said = quad.predicate.value
            name = names.get(said)
            if name is None:
                names[said] = name = sys.intern(said)
                having.setdefault(name, [])
            if type(value) is NamedNode:
                value = share(value, value)
            old = properties.get(name)
            if old is None:
                having[name].append(subject)
                properties[name] = value
            elif type(old) is list:
                if value in old:
                    continue
                old.append(value)
            elif old == value:
                continue
            else:
                properties[name] = [old, value]  # type: ignore[list-item]  # no list yet
            size += 1
        self.size += size
        self._inverse.clear()

    def clear(self) -> None:
        """Let go of everything, even where something still holds on to this index."""
        self.by_subject.clear()
        self._having.clear()
        self._inverse.clear()

    def subjects(self, predicate: str, value: Node) -> Sequence[Node]:
        """The nodes that have `value` for `predicate`."""
        table = self._inverse.get(predicate)
        if table is None:
            table = {}
            for subject, found in self.pairs(predicate):
                table.setdefault(found, []).append(subject)
            self._inverse[predicate] = table
        return table.get(value, ())

    def pairs(self, predicate: str) -> Iterator[tuple[Node, Node]]:
        """Every (subject, object) of a predicate."""
        by_subject = self.by_subject
        for subject in self._having.get(predicate, ()):
            found = by_subject[subject][predicate]
            if type(found) is list:
                for value in found:
                    yield subject, value
            else:
                yield subject, found  # type: ignore[misc]  # no list here

    def having(self, predicate: str) -> Sequence[Node]:
        """The nodes that have a value for a predicate, each once."""
        return self._having.get(predicate, ())

    def predicates(self) -> Iterable[str]:
        """Every predicate of a statement."""
        return self._having

    def leading(self, node: Node) -> Iterable[str]:
        """The predicates by which something leads to a node."""
        return (name for name in self._having if self.subjects(name, node))

    def quads(self) -> Iterator[Quad]:
        """Every statement."""
        return quads_of(self, self._having)


class Overlay:
    """New statements over a graph that stays as it is."""

    def __init__(self, base: Graph, new: Index) -> None:
        """`new` over `base`."""
        self.base = base
        self.new = new
        self._merged: dict[Node, Properties] = {}
        for subject, properties in new.by_subject.items():
            old = base.lookup(subject)
            self._merged[subject] = properties if old is None else _merge(old, properties)

    @property
    def size(self) -> int:
        """The statements of both."""
        return self.base.size + self.new.size

    def lookup(self, node: Node) -> Properties | None:
        """The properties of a node in both."""
        found = self._merged.get(node)
        return found if found is not None else self.base.lookup(node)

    def subjects(self, predicate: str, value: Node) -> Sequence[Node]:
        """The nodes that have `value` for `predicate` in either."""
        old, new = self.base.subjects(predicate, value), self.new.subjects(predicate, value)
        if not new:
            return old
        return list(dict.fromkeys([*old, *new])) if old else new

    def pairs(self, predicate: str) -> Iterator[tuple[Node, Node]]:
        """Every (subject, object) of a predicate in either, each once."""
        seen = set(self.new.pairs(predicate))
        yield from seen
        yield from (pair for pair in self.base.pairs(predicate) if pair not in seen)

    def having(self, predicate: str) -> Sequence[Node]:
        """The nodes that have a value for a predicate in either, each once."""
        old, new = self.base.having(predicate), self.new.having(predicate)
        return list(dict.fromkeys([*old, *new])) if new else old

    def predicates(self) -> Iterable[str]:
        """Every predicate of a statement in either, each once."""
        return dict.fromkeys([*self.base.predicates(), *self.new.predicates()])

    def leading(self, node: Node) -> Iterable[str]:
        """The predicates by which something leads to a node in either, each once."""
        return dict.fromkeys([*self.base.leading(node), *self.new.leading(node)])


def quads_of(graph: Graph, predicates: Iterable[str]) -> Iterator[Quad]:
    """The statements of a graph that have some predicates."""
    for name in predicates:
        predicate = NamedNode(name)
        for subject, value in graph.pairs(name):
            yield Quad(subject, predicate, value)  # type: ignore[arg-type]  # no quoted triples


def _merge(old: Properties, new: Properties) -> Properties:
    merged = dict(old)
    for predicate in new:
        both = list(dict.fromkeys([*values(old, predicate), *values(new, predicate)]))
        merged[predicate] = both if len(both) > 1 else both[0]
    return merged
