"""Terms of pyoxigraph as strings (keys), and back."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.terms import PREFIXES, shorten

Node = NamedNode | BlankNode | Literal
STRING = PREFIXES["xsd"] + "string"


def key(term: Node) -> str:
    """The key of a term, as in kg.turtle.triples: the spelling of N-Triples without escapes."""
    if isinstance(term, NamedNode):
        return f"<{term.value}>"
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    if term.language:
        return f'"{term.value}"@{term.language}'
    return f'"{term.value}"^^<{term.datatype.value}>'


def node(text: str) -> Node:
    """The term of a key."""
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    if text.startswith("_:"):
        return BlankNode(text[2:])
    end = text.rindex('"')
    value, suffix = text[1:end], text[end + 1 :]
    if suffix.startswith("@"):
        return Literal(value, language=suffix[1:])
    return Literal(value, datatype=NamedNode(suffix[3:-1]))


def display(text: str, width: int = 80) -> str:
    """A key for people: prefixed names where the project knows the prefix, long text cut in the middle."""
    if text.startswith("<"):
        return shorten(text[1:-1])
    if text.startswith('"'):
        end = text.rindex('"')
        value, suffix = text[1:end], text[end + 1 :]
        if len(value) > width:
            value = f"{value[: width // 2]}…{value[-width // 4 :]}"
        value = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        kind = "" if suffix in ("", f"^^<{STRING}>") else suffix
        if kind.startswith("^^"):
            kind = "^^" + shorten(kind[3:-1])
        return f'"{value}"{kind}'
    return text
