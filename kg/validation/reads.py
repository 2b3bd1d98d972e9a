"""What a constraint reads beyond the values of its path: noted, so that pyshacl sees all that it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kg.validation.surroundings import Surroundings
from kg.validation.terms import Node

# Notes what a constraint reads: of a focus node and its value nodes.
Reads = Callable[[Node, Sequence[Node], Surroundings], None]


def types(_focus: Node, found: Sequence[Node], into: Surroundings) -> None:
    """sh:class: the types of the values, and the classes above."""
    for value in found:
        into.types(value)


def everything(_focus: Node, found: Sequence[Node], into: Surroundings) -> None:
    """sh:closed: every property of the values."""
    for value in found:
        into.everything(value)


def one_property(predicate: str) -> Reads:
    """sh:equals, sh:lessThan and so on: another property of the focus node."""

    def read(focus: Node, _found: Sequence[Node], into: Surroundings) -> None:
        into.forward(focus, predicate)

    return read
