"""The part of a graph that is read when some nodes are validated: what pyshacl needs to see, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from pyoxigraph import NamedNode, Quad

from kg.validation.index import SUBCLASS, TYPE, Graph, values
from kg.validation.terms import Node


class Surroundings:
    """Triples noted as they are read. What was read whole stays whole: every value of a property, every
    subject that leads to a node, so that a count over the part is the count over the graph."""

    def __init__(self, graph: Graph) -> None:
        """Nothing noted yet; reads go to `graph`."""
        self.graph = graph
        self.seen: set[tuple[object, Node]] = set()  # (shape, node) gathered already
        self._triples: dict[tuple[Node, str, Node], None] = {}

    def forward(self, node: Node, predicate: str) -> Sequence[Node]:
        """Note and hand out the values of one property."""
        found = values(self.graph.lookup(node), predicate)
        for value in found:
            self._triples[node, predicate, value] = None
        return found

    def backward(self, node: Node, predicate: str) -> Sequence[Node]:
        """Note and hand out the nodes that have `node` for `predicate`."""
        found = self.graph.subjects(predicate, node)
        for subject in found:
            self._triples[subject, predicate, node] = None
        return found

    def everything(self, node: Node) -> list[Node]:
        """Note and hand out all values of all properties of a node."""
        return [value for predicate in self.graph.lookup(node) or () for value in self.forward(node, predicate)]

    def types(self, node: Node) -> None:
        """Note the types of a node and the classes above them."""
        todo = list(self.forward(node, TYPE))
        done: set[Node] = set()
        while todo:
            kind = todo.pop()
            if kind not in done:
                done.add(kind)
                todo.extend(self.forward(kind, SUBCLASS))

    def quads(self, start: int = 0) -> Iterator[Quad]:
        """The triples noted, each once, in the order of noting, from the one with number `start`."""
        return (Quad(s, NamedNode(p), o) for s, p, o in islice(self._triples, start, None))  # type: ignore[arg-type]  # no quoted triples

    def __len__(self) -> int:
        return len(self._triples)
