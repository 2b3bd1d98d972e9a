"""Property paths (SHACL 1.0, section 2.3.1): read from a shapes graph or from SPARQL's spelling, and followed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode

from kg.shacl.graph import RDF, Graph, Node, values
from kg.shacl.vocabulary import SH

FIRST, REST = RDF + "first", RDF + "rest"
NIL = NamedNode(RDF + "nil")
_INVERSE, _ALTERNATIVE, _MANY, _SOME, _MAYBE = (
    SH + name for name in ("inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
)


class Uncompiled(Exception):
    """A construct that the fast path does not know: what has it goes to pyshacl whole."""


class Path(NamedTuple):
    """A path as a tree: `kind` is iri, inverse, sequence, alternative, many (*), some (+) or maybe (?).

    In queries also any: a variable in the place of a predicate, and leading, which is any backwards.
    """

    kind: str
    iri: str | None = None
    parts: tuple[Path, ...] = ()

    def text(self) -> str:
        """The path in SPARQL's spelling."""
        if self.kind == "iri":
            return f"<{self.iri}>"
        inner = [part.text() if part.kind == "iri" else f"({part.text()})" for part in self.parts]
        if self.kind == "inverse":
            return f"^{inner[0]}"
        if self.kind in ("sequence", "alternative"):
            return ("/" if self.kind == "sequence" else "|").join(inner)
        return inner[0] + {"many": "*", "some": "+", "maybe": "?"}[self.kind]

    def predicates(self) -> set[str]:
        """Every predicate that the path reads."""
        own = {self.iri} if self.iri is not None else set()
        return own.union(*(part.predicates() for part in self.parts))

    @property
    def may_stay(self) -> bool:
        """Whether the path can lead from a node to itself without a triple."""
        if self.kind in ("many", "maybe"):
            return True
        if self.kind == "alternative":
            return any(part.may_stay for part in self.parts)
        return bool(self.parts) and self.kind != "inverse" and all(part.may_stay for part in self.parts)


def items(shapes: Graph, head: Node) -> list[Node]:
    """The members of an RDF list. Raises Uncompiled where it is not well formed."""
    found: list[Node] = []
    seen: set[Node] = set()
    while head != NIL:
        first, rest = values(shapes.lookup(head), FIRST), values(shapes.lookup(head), REST)
        if len(first) != 1 or len(rest) != 1 or head in seen:
            raise Uncompiled("a list that is not well formed")
        seen.add(head)
        found.append(first[0])
        head = rest[0]
    return found


def read_path(shapes: Graph, node: Node) -> Path:
    """The path that `node` of the shapes graph describes. Raises Uncompiled for what is not read here.

    pyshacl 0.40 does not reverse a sequence under sh:inversePath, so only the inverse of one predicate is.
    """
    if isinstance(node, NamedNode):
        return Path("iri", node.value)
    properties = shapes.lookup(node)
    if not isinstance(node, BlankNode) or properties is None or len(properties) > 2:
        raise Uncompiled("a path that is not well formed")
    if FIRST in properties:
        parts = tuple(read_path(shapes, part) for part in items(shapes, node))
        if len(parts) < 2:
            raise Uncompiled("a sequence path of one step")
        return Path("sequence", None, parts)
    if len(properties) != 1:
        raise Uncompiled("a path that is not well formed")
    for predicate, kind in ((_MANY, "many"), (_SOME, "some"), (_MAYBE, "maybe"), (_INVERSE, "inverse")):
        inner = values(properties, predicate)
        if len(inner) == 1:
            part = read_path(shapes, inner[0])
            if kind == "inverse" and part.kind != "iri":
                raise Uncompiled("the inverse of a path that is not one predicate")
            return Path(kind, None, (part,))
    heads = values(properties, _ALTERNATIVE)
    if len(heads) == 1:
        parts = tuple(read_path(shapes, part) for part in items(shapes, heads[0]))
        if len(parts) < 2:
            raise Uncompiled("an alternative path of one branch")
        return Path("alternative", None, parts)
    raise Uncompiled("a path that is not known")


def kinds(path: Path) -> set[str]:
    """The kinds of a path and of all paths in it."""
    return {path.kind}.union(*(kinds(part) for part in path.parts))


def reverse(path: Path) -> Path:
    """The path that leads back."""
    if path.kind == "iri":
        return Path("inverse", None, (path,))
    if path.kind == "inverse":
        return path.parts[0]
    if path.kind in ("any", "leading"):
        return Path("leading" if path.kind == "any" else "any")
    parts = tuple(reverse(part) for part in path.parts)
    return Path(path.kind, None, tuple(reversed(parts)) if path.kind == "sequence" else parts)


Step = Callable[[Node], Sequence[Node]]


def compile_path(path: Path, graph: Graph) -> Step:
    """A function from a node to the distinct nodes that the path leads to."""
    lookup = graph.lookup
    if path.kind == "iri":
        assert path.iri is not None
        predicate: str = path.iri

        def forward(node: Node) -> Sequence[Node]:
            properties = lookup(node)
            if properties is None:
                return ()
            found = properties.get(predicate)
            if found is None:
                return ()
            return found if type(found) is list else (found,)  # type: ignore[return-value]  # one value or a list

        return forward
    if path.kind == "inverse":
        inverted = path.parts[0].iri
        assert inverted is not None
        subjects = graph.subjects
        return lambda node: subjects(inverted, node)
    if path.kind == "any":
        return lambda node: list(
            dict.fromkeys(v for name in lookup(node) or () for v in values(lookup(node), name))
        )
    if path.kind == "leading":
        return lambda node: list(
            dict.fromkeys(s for name in graph.leading(node) for s in graph.subjects(name, node))
        )
    steps = [compile_path(part, graph) for part in path.parts]
    if path.kind == "sequence":

        def sequence(node: Node) -> Sequence[Node]:
            nodes: Sequence[Node] = (node,)
            for step in steps:
                if len(nodes) == 1:  # nearly always; what one step gives is distinct
                    nodes = step(nodes[0])
                elif nodes:
                    nodes = tuple(dict.fromkeys(after for before in nodes for after in step(before)))
                else:
                    return ()
            return nodes

        return sequence
    if path.kind == "alternative":
        return lambda node: tuple(dict.fromkeys(after for step in steps for after in step(node)))
    step = steps[0]
    if path.kind == "maybe":
        return lambda node: tuple(dict.fromkeys((node, *step(node))))
    stays = path.kind == "many"

    def closure(node: Node) -> Sequence[Node]:
        reached: dict[Node, None] = {node: None} if stays else {}
        todo = list(step(node))
        while todo:
            after = todo.pop()
            if after not in reached:
                reached[after] = None
                todo.extend(step(after))
        return tuple(reached)

    return closure


# SPARQL's spelling, in which findings carry paths

_TOKEN = re.compile(r"<[^>]*>|[/|^()*+?]")
_REPEATS = {"*": "many", "+": "some", "?": "maybe"}


def read_spelling(text: str) -> Path:
    """The path that `text` spells: IRIs in angle brackets, no prefixed names. Raises ValueError for what is none."""
    return _Reader(text).path()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[str] = _TOKEN.findall(text)
        self._next = 0

    def path(self) -> Path:
        found = self._alternative()
        if self._next < len(self._tokens):
            raise ValueError(f"no property path: {self._text}")
        return found

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        self._next += 1
        if self._next > len(self._tokens):
            raise ValueError(f"no property path: {self._text}")
        return self._tokens[self._next - 1]

    def _alternative(self) -> Path:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._take()
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else Path("alternative", None, tuple(branches))

    def _sequence(self) -> Path:
        steps = [self._step()]
        while self._peek() == "/":
            self._take()
            steps.append(self._step())
        return steps[0] if len(steps) == 1 else Path("sequence", None, tuple(steps))

    def _step(self) -> Path:
        token = self._take()
        if token == "^":
            return Path("inverse", None, (self._step(),))
        if token == "(":
            inner = self._alternative()
            if self._take() != ")":
                raise ValueError(f"no property path: {self._text}")
        elif token.startswith("<"):
            inner = Path("iri", token[1:-1])
        else:
            raise ValueError(f"no property path: {self._text}")
        if self._peek() in _REPEATS:
            return Path(_REPEATS[self._take()], None, (inner,))
        return inner
