"""Where a property path leads in the texts of files: the triples at its end, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from kg.turtle.triples import Placed
from kg.validation.paths import Path


class Standing(NamedTuple):
    """A node on the way; a blank node's key is that of its file's own reading, so the file belongs to it."""

    node: str
    file: str | None

    @classmethod
    def of(cls, node: str, file: str) -> Standing:
        """The node with the file where that matters."""
        return cls(node, file if node.startswith("_:") else None)


class Step(NamedTuple):
    """A node that a path led to, by the triple `placed` of `file`; `offset` is where the text names it."""

    to: Standing
    file: str
    placed: Placed
    offset: int


Reader = Callable[[Standing], Iterable[tuple[str, Placed]]]


class Trails:
    """Paths over triples that are read when they are asked for.

    `forward` gives the triples of a subject, `backward` those that lead to a node, each with its file.
    """

    def __init__(self, forward: Reader, backward: Reader) -> None:
        """Nothing is read yet."""
        self._forward = forward
        self._backward = backward

    def ends(self, path: Path, start: Standing) -> list[Step]:
        """The last steps of all ways along `path`, in the order of the text; none for a way without a triple."""
        return list(self._along(path, start))

    def stops(self, path: Path, start: Standing) -> list[Standing]:
        """The nodes that have what comes before the last step of `path` that can be made, but lack that step."""
        parts = path.parts if path.kind == "sequence" else (path,)
        before = [start]
        for part in parts:
            after: list[Standing] = []
            lacking: list[Standing] = []
            for node in before:
                steps = [step.to for step in self._along(part, node)]
                (after.extend(steps) if steps else lacking.append(node))
            if not after or part is parts[-1]:
                return lacking or before
            before = list(dict.fromkeys(after))
        return before

    def _along(self, path: Path, start: Standing) -> Iterator[Step]:
        if path.kind == "iri":
            predicate = f"<{path.iri}>"
            for file, placed in self._forward(start):
                if placed.predicate == predicate:
                    yield Step(Standing.of(placed.object, file), file, placed, placed.at_object)
        elif path.kind == "inverse":
            predicate = f"<{path.parts[0].iri}>"
            for file, placed in self._backward(start):
                if placed.predicate == predicate:
                    yield Step(Standing.of(placed.subject, file), file, placed, placed.at_object)
        elif path.kind == "alternative":
            for part in path.parts:
                yield from self._along(part, start)
        elif path.kind == "sequence":
            *leading, last = path.parts
            before = [start]
            for part in leading:
                before = list(dict.fromkeys(self._reached(part, before)))
            for node in before:
                yield from self._along(last, node)
        else:
            seen: set[Standing] = set()
            todo = [start]
            while todo:
                for step in self._along(path.parts[0], todo.pop(0)):
                    yield step
                    if step.to not in seen and path.kind != "maybe":
                        seen.add(step.to)
                        todo.append(step.to)

    def _reached(self, part: Path, nodes: list[Standing]) -> Iterator[Standing]:
        for node in nodes:
            if part.kind in ("many", "maybe"):
                yield node
            for step in self._along(part, node):
                yield step.to
