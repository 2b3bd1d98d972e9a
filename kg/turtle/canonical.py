"""Bytes of a Turtle file to bytes in canonical layout, checked to say the same."""

from __future__ import annotations

from kg import rdf
from kg.errors import DataError, Place, WorldError
from kg.files import encoding_help
from kg.turtle.layout import layout
from kg.turtle.tokens import Lines
from kg.turtle.tree import Unsupported
from kg.turtle.triples import Placed, placed_triples

_BASE = "https://w3id.org/tilsagn/relative/"  # any base: relative IRIs must only stay the same


def canonical(data: bytes, file: str) -> bytes:
    """`data` in canonical layout. Raises WorldError for what is no Turtle, DataError for what cannot be kept.

    The result is read again and compared triple by triple, spelling by spelling, before it is handed out.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    rdf.check_turtle(data, file, _BASE)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:  # the parser looks past what stands in a comment
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(
            "utf-8", "a byte that is not UTF-8", place=Place(file, line), help=encoding_help(data)
        ) from None
    try:
        result = layout(text, file)
        same = _said(text) == _said(result)
    except Unsupported as error:
        lines = Lines(text)
        line, column = lines.place(error.start)
        raise DataError(
            "fmt-refused",
            f"{error.message}: the file is left as it is",
            place=Place(file, line, column),
            excerpt=lines.line(line),
        ) from None
    except DataError as error:
        if error.place is not None:
            raise
        raise DataError(error.code, error.message, place=Place(file), help="the file is left as it is") from None
    except RecursionError:
        raise DataError("too-deep", "brackets nested too deeply", place=Place(file)) from None
    if not same:  # a fault of the layout: better no layout than other triples
        raise WorldError("fmt", "the layout would change what the file says: left as it is", place=Place(file))
    return result.encode("utf-8")


def _said(text: str) -> set[tuple[str, str, str]]:
    """The triples with blank nodes numbered by their order in the text, which the layout may change only inside
    one statement; so those of a statement are compared by what hangs on them."""
    found = list(placed_triples(text, _BASE))
    return _without_offsets(found)


def _without_offsets(triples: list[Placed]) -> set[tuple[str, str, str]]:
    own: dict[str, list[Placed]] = {}
    for triple in triples:
        own.setdefault(triple.subject, []).append(triple)
    names: dict[str, str] = {}

    def name(term: str, open_: frozenset[str] = frozenset()) -> str:
        """An anonymous node by its content: it is a tree, since nothing else can refer to it."""
        if not term.startswith("_:@"):
            return term
        if term not in names:
            inner = sorted(f"{t.predicate} {name(t.object)}" for t in own.get(term, []))
            names[term] = f"[{' ; '.join(inner)}]"
        return names[term]

    counted: dict[tuple[str, str, str], int] = {}
    for triple in triples:
        if triple.subject.startswith("_:@"):
            continue
        said = (triple.subject, triple.predicate, name(triple.object))
        counted[said] = counted.get(said, 0) + 1
    roots = {t.object for t in triples}
    tops: dict[str, int] = {}
    for subject in own:
        if subject.startswith("_:@") and subject not in roots:
            tops[name(subject)] = tops.get(name(subject), 0) + 1
    return {(s, p, f"{o} {n}") for (s, p, o), n in counted.items()} | {(t, "", str(n)) for t, n in tops.items()}
