"""What is to be validated, and files as bytes that become triples: guarded, and refused with a place.

Only bytes are handed to the parsers, never a name or an address; pyoxigraph fetches nothing. What a parser
would choke on (JSON nested thousands deep, XML entities that grow) is refused before it is called.
"""

from __future__ import annotations

import re
import xml.parsers.expat
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, Quad, parse

from kg import formats
from kg.errors import Place, UsageError
from kg.files import encoding_help
from kg.files import read as read_bytes
from kg.rdf import format_named, remote_context
from kg.shacl.graph import Index, key
from kg.turtle.tokens import Lines
from kg.validation.report import Finding

MAX_JSON_DEPTH = 100
MAX_ENTITY = 1000  # characters of one XML entity
_LARGE = 32 << 20  # bytes
_BOM = b"\xef\xbb\xbf"

# A string, or its part up to an escape; the part that an escape begins; brackets outside of strings.
_JSON_MARK = re.compile(rb'"[^"\\]*+"?|\\.[^"\\]*+"?|[\[{]|[\]}]', re.DOTALL)
_ENTITY = re.compile(rb"""<!ENTITY\s+(%\s+)?\S+\s+(SYSTEM|PUBLIC)?\s*(?:"([^"]*)"|'([^']*)')""", re.DOTALL)
_CHARACTER = re.compile(rb"&#(?:[0-9]+|x[0-9A-Fa-f]+);")
# "Parser error at line 6 between columns 1 and 4: what", "Parser error at line 1 column 2: what", and so on.
_PLACED = re.compile(r"Parser error (?:at|between) line.*?: (.*)", re.DOTALL)


@dataclass(frozen=True)
class Input:
    """One file to check: its name as the user gave it, its syntax, and its bytes where they are at hand.

    Without `content` the file of that name is read when it is needed, and a large one is parsed as a stream:
    a file of hundreds of megabytes is never held whole beside the graph that is made of it.
    """

    name: str
    content: bytes | None
    syntax: str

    @property
    def data(self) -> bytes:
        """The bytes, without a byte order mark."""
        return read_bytes(Path(self.name)) if self.content is None else self.content

    @cached_property
    def text(self) -> str:
        """The bytes as text; what is not UTF-8 becomes U+FFFD."""
        return self.data.decode("utf-8", "replace")

    def streams(self) -> bool:
        """Whether the file is parsed from disk: it is large, and begins with no byte order mark."""
        if self.content is not None or self.syntax in ("jsonld", "rdfxml"):
            return False
        try:
            with Path(self.name).open("rb") as file:
                return file.seek(0, 2) > _LARGE and file.seek(0) == 0 and file.read(3) != _BOM
        except OSError:
            return False


class Refused(Exception):
    """An input that cannot be read: the finding says where and why."""

    def __init__(self, finding: Finding) -> None:
        """Keep the finding."""
        super().__init__(finding.message())
        self.finding = finding


def syntax_of(name: str, given: str | None = None) -> str:
    """The syntax of a file, as given or by its ending. Raises UsageError for one that is not known."""
    if given is not None:
        by_ending = formats.of_ending(f"file.{given}", formats.RDF)
        return by_ending or formats.known(given, formats.RDF, "RDF")
    syntax = formats.of_ending(name, formats.RDF)
    if syntax is None:
        raise UsageError(
            "format",
            f"{name}: the ending names no RDF syntax",
            help=f"say which with --from: one of {', '.join(formats.RDF)}",
            place=Place(name),
        )
    return syntax


def triples(
    source: Input, *, base: str | None = None, rename: bool = False, prefixes: dict[str, str] | None = None
) -> Iterator[Quad]:
    """The statements of `source` in the order of the file. Raises Refused, also half way through.

    Its prefixes are put into `prefixes` when the last statement has been handed out.
    """
    _guard(source)
    try:
        form = format_named(source.syntax)
        if source.streams():
            parser = parse(path=source.name, format=form, base_iri=base, rename_blank_nodes=rename)
        else:
            parser = parse(source.data, format=form, base_iri=base, rename_blank_nodes=rename)
        yield from parser
        if prefixes is not None:
            prefixes.update(parser.prefixes)
    except SyntaxError as error:
        raise Refused(_syntax_finding(source, error)) from None
    except ValueError as error:
        raise Refused(refusal(source, "syntax", " ".join(str(error).split()))) from None


def refusal(
    source: Input,
    rule: str,
    message: str,
    line: int | None = None,
    column: int | None = None,
    help: str | None = None,
) -> Finding:
    """A finding on the file itself."""
    excerpt = Lines(source.text).line(line) or None if line is not None else None
    return Finding(source.name, "violation", rule, {"en": message}, line, column, excerpt=excerpt, help=help)


def column_of_byte(line: str, offset: int) -> int:
    """The column of the byte at `offset` of a line: the parsers of JSON and XML count bytes, people characters."""
    return min(len(line.encode()[:offset].decode("utf-8", "replace")), len(line)) + 1


def _syntax_finding(source: Input, error: SyntaxError) -> Finding:
    message = str(error.msg or error)
    placed = _PLACED.match(message)
    message = " ".join((placed[1] if placed else message).split())
    if len(message) > 300:
        message = message[:300] + "…"
    line, column = error.lineno, error.offset
    if source.syntax in ("jsonld", "rdfxml") and line is not None and column is not None:
        column = column_of_byte(Lines(source.text).line(line), column - 1)
    help = encoding_help(source.data)
    if (context := remote_context(message, source.data)) is not None:
        message, line, help = context
    elif help is None and source.syntax in ("turtle", "trig"):
        if ("prefix" in message and "not been declared" in message) or "prefix" in message.lower():
            help = "declare the prefix at the top of the file: @prefix name: <IRI> ."
        elif "No scheme found" in message:
            help = "write the IRI in full (https://…), or with a prefix"
        elif line is not None and ("expected" in message or "dot" in message.lower()):
            help = f"look at the end of line {max(1, line - 1)}: a ';' between properties, a '.' after the last"
    return refusal(source, "syntax", message, line, column, help)


def _guard(source: Input) -> None:
    if source.syntax == "jsonld":
        depth = deepest = 0
        data = source.data
        for mark in _JSON_MARK.finditer(data):
            first = mark.group()[:1]
            if first in b"[{":
                depth += 1
                deepest = max(deepest, depth)
                if deepest > MAX_JSON_DEPTH:
                    line = data.count(b"\n", 0, mark.start()) + 1
                    raise Refused(
                        refusal(source, "too-deep", f"JSON nested more than {MAX_JSON_DEPTH} deep", line)
                    )
            elif first in b"]}":
                depth -= 1
    elif source.syntax == "rdfxml":
        _guard_xml(source)


def _guard_xml(source: Input) -> None:
    data = source.data
    for entity in _ENTITY.finditer(data):
        value = entity[3] or entity[4] or b""
        line = data.count(b"\n", 0, entity.start()) + 1
        if entity[1] or entity[2]:
            raise Refused(refusal(source, "entity", "an external or parameter entity is not read", line))
        if b"&" in _CHARACTER.sub(b"", value) or len(value) > MAX_ENTITY:
            raise Refused(
                refusal(source, "entity", "an XML entity that holds entities, or is long, is not read", line)
            )
    # pyoxigraph accepts some truncated XML: whether it is whole is expat's to say, with line and column.
    try:
        xml.parsers.expat.ParserCreate().Parse(data, True)
    except xml.parsers.expat.ExpatError as error:
        message = xml.parsers.expat.errors.messages.get(error.code, str(error))
        column = column_of_byte(Lines(source.text).line(error.lineno), error.offset)
        raise Refused(refusal(source, "syntax", f"XML: {message}", error.lineno, column)) from None
    except (LookupError, ValueError) as error:  # an encoding that expat does not have
        raise Refused(refusal(source, "syntax", f"XML: {' '.join(str(error).split())}", 1)) from None


@dataclass(slots=True)
class Body:
    """Some inputs as one graph, with the blank nodes of each file in the order of its parser."""

    inputs: tuple[Input, ...]
    index: Index = field(default_factory=Index)
    blanks: dict[str, list[str]] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)


def base_of(source: Input) -> str:
    """The IRI of a file, against which its relative IRIs are resolved."""
    try:
        return Path(source.name).resolve().as_uri()
    except ValueError:
        return "file:///-"


def read(inputs: tuple[Input, ...], *, relative: bool, rename: bool = False) -> Body:
    """Parse inputs into one graph, whose blank nodes are its own with `rename`. Raises Refused for one not read."""
    body = Body(inputs)
    for source in inputs:
        before = len(body.index.by_subject)
        base = base_of(source) if relative else None
        if base is not None:
            body.bases[source.name] = base
        # Blank nodes of two files are never one.
        many = rename or len(inputs) > 1
        body.index.add(triples(source, base=base, rename=many, prefixes=body.prefixes))
        subjects = list(body.index.by_subject)[before:]
        body.blanks[source.name] = [key(s) for s in subjects if type(s) is BlankNode]
    return body


class Request(NamedTuple):
    """What is to be validated.

    `inputs` each by itself (or `together`), over the files of `base` unless there are none; `shapes` and
    `terms` (the ontology, part of the data) are files, too. `lint`: also what no shape says, and the checks.
    """

    inputs: tuple[Input, ...]
    base: tuple[Input, ...] = ()
    shapes: tuple[Input, ...] = ()
    checks: tuple[str, ...] = ()
    lint: bool = True
    together: bool = False
    engine: str = "auto"
    relative: bool = False  # relative IRIs are resolved against the file, not refused
    stored: Path | None = None  # the folder of a stored index of what of `base` is not an input
