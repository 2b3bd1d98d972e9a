"""RDF terms and files for the asking path: terms made and written, files parsed, all by pyoxigraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from kg import files, formats
from kg.errors import Place, WorldError
from kg.terms import PREFIXES

NamedNode = ox.NamedNode
Literal = ox.Literal
BlankNode = ox.BlankNode
Term = ox.NamedNode | ox.Literal | ox.BlankNode
Triple = ox.Triple
Quad = ox.Quad

XSD = PREFIXES["xsd"]
TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")


def iri(text: str) -> ox.NamedNode:
    """The IRI `text` as a term. Raises ValueError where it is no absolute IRI (RFC 3987)."""
    return ox.NamedNode(text)


def literal(lexical: str, datatype: str | None = None, language: str | None = None) -> ox.Literal:
    """A literal with its lexical form as given; `datatype` is an IRI or the local name of an XSD type."""
    if language is not None:
        return ox.Literal(lexical, language=language)
    if datatype is None:
        return ox.Literal(lexical)
    return ox.Literal(lexical, datatype=ox.NamedNode(datatype if ":" in datatype else XSD + datatype))


def write(term: Term) -> str:
    """`term` as SPARQL, Turtle and N-Triples write it: the only way a value enters a query's text."""
    return str(term)


def parse(path: Path, prefixes: dict[str, str] | None = None) -> Iterator[Quad]:
    """The statements of one RDF file, lexical forms kept. Raises WorldError with file, line and column.

    Its prefixes are put into `prefixes`, where these have no such name, when the last statement has been handed out.
    """
    data = files.read(path)
    try:
        # Blank nodes of different files must never become one.
        parser = ox.parse(data, format=format_of(path), base_iri=None, rename_blank_nodes=True)
        yield from parser
        if prefixes is not None:
            prefixes.update({name: iri for name, iri in parser.prefixes.items() if name not in prefixes})
    except SyntaxError as error:
        raise syntax_error(path, data, error) from None


def format_named(name: str) -> ox.RdfFormat:
    """The RDF syntax of a name of `formats.RDF`."""
    syntax = ox.RdfFormat.from_media_type(formats.FORMATS[name].media)
    assert syntax is not None
    return syntax


def format_of(path: Path) -> ox.RdfFormat:
    """The RDF syntax that a file's ending names. Raises WorldError for any other ending."""
    name = formats.of_ending(path, formats.RDF)
    if name is None:
        endings = " ".join(formats.FORMATS[each].endings[0] for each in formats.RDF)
        raise WorldError("format", f"{path}: not an ending of an RDF file", help=f"one of {endings}")
    return format_named(name)


def syntax_error(path: Path | str, data: bytes, error: SyntaxError) -> WorldError:
    """The parser's refusal of a file as an error with place and excerpt."""
    message = str(error.msg or error)
    # The parser repeats the place in its message.
    _, _, rest = message.partition(": ")
    message = rest if message.startswith("Parser error at") and rest else message
    lines = data.decode("utf-8", "replace").splitlines()
    line = error.lineno
    excerpt = lines[line - 1][:200] if line and line <= len(lines) else None
    help = files.encoding_help(data)
    if (context := remote_context(message, data)) is not None:
        message, line, help = context
    return WorldError(
        "syntax", message.strip(), place=Place(files.shown(path), line, error.offset), excerpt=excerpt, help=help
    )


def remote_context(message: str, data: bytes) -> tuple[str, int | None, str] | None:
    """Message, line and help where the parser's `message` is that it fetches no context of JSON-LD; else None."""
    if "LoadDocumentCallback" not in message:
        return None
    import json  # not at the top: only such a file needs it

    text = data.decode("utf-8", "replace")
    address = next(_contexts(json.loads(text)), "another address")
    at = text.find(json.dumps(address, ensure_ascii=False))
    line = text.count("\n", 0, at) + 1 if at >= 0 else None
    return (
        f"the @context at {address} is not fetched: nothing is read from the network",
        line,
        "put the content of that context into the file, in place of its address",
    )


def _contexts(value: object) -> Iterator[str]:
    """The addresses of contexts in JSON-LD."""
    if isinstance(value, list):
        for item in value:
            yield from _contexts(item)
    elif isinstance(value, dict):
        given = value.get("@context")
        yield from (item for item in (given if isinstance(given, list) else [given]) if isinstance(item, str))
        for item in value.values():
            yield from _contexts(item)


# Media types of answers, as they are asked of an endpoint and handed between processes.
TABLE = "text/tab-separated-values"
BOOLEAN = "application/sparql-results+json"
TRIPLES = "application/n-triples"


def solutions(data: bytes, form: str) -> tuple[tuple[str, ...], list[tuple[Term | None, ...]]] | bool:
    """Columns and rows, or yes/no, of a SPARQL result in the media type `form`. Raises ValueError for others."""
    known = ox.QueryResultsFormat.from_media_type(form)
    if known is None:
        raise ValueError(f"no SPARQL result format {form!r}")
    found: ox.QuerySolutions | ox.QueryBoolean | None = None
    try:
        found = ox.parse_query_results(data, format=known)
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        return tuple(variable.value for variable in found.variables), [tuple(row) for row in found]
    except (SyntaxError, ValueError) as error:
        reason = str(error)
    found = None  # no error's traceback may keep the parser: it must end on its own thread
    raise ValueError(reason)


def triples(data: bytes, form: str) -> list[Triple]:
    """The triples of a graph in the media type `form`. Raises ValueError for another format or a broken one."""
    known = ox.RdfFormat.from_media_type(form)
    if known is None:
        raise ValueError(f"no RDF format {form!r}")
    try:
        return [quad.triple for quad in ox.parse(data, format=known, rename_blank_nodes=True)]
    except SyntaxError as error:
        raise ValueError(str(error.msg or error)) from None


def serialize(triples: Iterable[Triple] | Iterable[Quad], form: ox.RdfFormat, prefixes: dict[str, str]) -> bytes:
    """`triples` in the given syntax, in the order given, with all of `prefixes` at hand."""
    written = ox.serialize(triples, format=form, prefixes=prefixes)
    assert written is not None  # None only where it writes to a file
    return written


def check_turtle(data: bytes, name: str, base: str | None = None) -> None:
    """Raises WorldError with file, line and column where `data` is not valid Turtle."""
    try:
        for _ in ox.parse(data, format=ox.RdfFormat.TURTLE, base_iri=base):
            pass
    except SyntaxError as error:
        raise syntax_error(name, data, error) from None
