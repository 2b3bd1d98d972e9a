"""What to do about a finding, read from the shapes and the code lists: never knowledge of this program's own."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import nearest
from kg.shacl.graph import STRING, Graph, Index, Node, values
from kg.shacl.paths import Uncompiled, items
from kg.shacl.vocabulary import sh
from kg.terms import PREFIXES, shorten
from kg.validation.datatypes import is_of_type, written

_SKOS = PREFIXES["skos"]
_LABELS = tuple(_SKOS + name for name in ("prefLabel", "altLabel"))
_TEXTS = (sh("description"), PREFIXES["rdfs"] + "comment")
_MAX_CODES = 12
_LONG = 50  # codes that nobody reads through


def hint(
    shapes: Index, data: Graph, shape: str, component: str, path: str | None, value: str | None
) -> str | None:
    """What would mend a result of `shape`, where that can be said; terms are keys."""
    made = node(shape)
    properties = shapes.lookup(made)
    for text in _TEXTS:
        for found in values(properties, text):
            if isinstance(found, Literal) and found.language in (None, "", "en"):
                return found.value
    kind = component.removesuffix("ConstraintComponent>").removeprefix(f"<{PREFIXES['sh']}")
    name = display(path) if path and path.startswith("<") else None
    codes = _codes(shapes, made)
    if kind == "MinCount" and name is not None:
        options = f" one of {_listed(codes)}" if codes else _expected(shapes, made)
        words = _words(data, codes)
        return f"add {name}{options}" + (f"; {words}" if words else "")
    if kind == "MaxCount" and name is not None:
        return f"keep one {name}"
    if kind in ("In", "Class", "NodeKind", "Node") and codes and value is not None:
        return _nearest_code(data, codes, value, path) or f"one of {_listed(codes)}"
    if kind == "Datatype":
        for wanted in values(properties, sh("datatype")):
            return None if value is None else _as(node(value), str(wanted.value))
    return None


def _as(given: Node, datatype: str) -> str:
    """How what is `given` would be written as a value of a datatype."""
    name = shorten(datatype)
    if not isinstance(given, Literal):
        return f'a value in quotation marks, "…"^^{name}, and no IRI'
    if datatype == PREFIXES["rdf"] + "langString":
        return f'put its language behind it: "{given.value}"@nb'
    if given.language:
        return f"leave the language tag @{given.language} out: this is a {name}"
    wrong = None if is_of_type(given.value, datatype) else written(given.value, datatype)
    if wrong is None and is_of_type(given.value, datatype):
        return f'write "{given.value}"^^{name}'
    return wrong or f'"{given.value}" is no value of {name}'


def _codes(shapes: Index, shape: Node) -> list[NamedNode]:
    """The values that a shape's sh:in, or that of another shape on the same path, allows."""
    properties = shapes.lookup(shape)
    candidates = [shape]
    for path in values(properties, sh("path")):
        candidates += [s for s in shapes.subjects(sh("path"), path) if s != shape]
    for candidate in candidates:
        for head in values(shapes.lookup(candidate), sh("in")):
            try:
                return [item for item in items(shapes, head) if isinstance(item, NamedNode)]
            except Uncompiled:
                continue
    return []


def _listed(codes: list[NamedNode]) -> str:
    names = [shorten(code.value) for code in codes[:_MAX_CODES]]
    return ", ".join(names) + (", …" if len(codes) > _MAX_CODES else "")


def _labels(data: Graph, code: NamedNode) -> list[str]:
    properties = data.lookup(code)
    return [str(label.value) for name in _LABELS for label in values(properties, name)]


def _words(data: Graph, codes: list[NamedNode]) -> str:
    """ "for 'nesten' use qual:almost": one word of the code lists for each code that has another label."""
    found = []
    for code in codes:
        alternatives = values(data.lookup(code), _LABELS[1])
        nordic = [a for a in alternatives if isinstance(a, Literal) and a.language in ("da", "nb", "sv")]
        if nordic:
            found.append(f"for '{nordic[0].value}' use {shorten(code.value)}")
    return ", ".join(found[:4])


def _nearest_code(data: Graph, codes: list[NamedNode], value: str, path: str | None) -> str | None:
    """The code that was meant: by its name, or by a label in some language; a blank node has neither.

    Of a long list those that the graph uses come first.
    """
    if value.startswith("_:"):
        return None
    written = value[1:-1].rpartition("/")[2] if value.startswith("<") else value[1 : value.rindex('"')]
    if len(codes) > _LONG and path and path.startswith("<"):
        used = [code for code in codes if data.subjects(path[1:-1], code)]
        near = nearest(written, (code.value.rpartition("/")[2] for code in used), 1)
        for code in used:
            if near and code.value.endswith("/" + near[0]):
                return f"did you mean {shorten(code.value)}?"
    names: dict[str, NamedNode] = {}
    for code in codes:
        for name in (code.value.rpartition("/")[2], *_labels(data, code)):
            names.setdefault(name, code)
    near = nearest(written, names)
    if not near:
        return None
    found = list(dict.fromkeys(shorten(names[name].value) for name in near))[:1]
    return f"did you mean {found[0]}? one of {_listed(codes)}"


def _expected(shapes: Index, shape: Node) -> str:
    properties = shapes.lookup(shape)
    for name in ("class", "datatype"):
        for wanted in values(properties, sh(name)):
            return f", a {shorten(str(wanted.value))}"
    return ""


# Terms as keys, back and for people


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
