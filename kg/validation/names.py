"""Where JSON-LD and RDF/XML name their subjects: the line, which is as far as places go in those syntaxes."""

from __future__ import annotations

import contextlib
import re
import xml.parsers.expat

from kg.terms import PREFIXES
from kg.turtle.places import Spot
from kg.turtle.tokens import Lines
from kg.validation.inputs import Input, column_of_byte

_JSON_ID = re.compile(r'"@id"\s*:\s*"((?:[^"\\]|\\.)*)"')


def names(source: Input) -> dict[str, Spot]:
    """Every name of a subject as it is written, and where it is first."""
    return _xml_names(source) if source.syntax == "rdfxml" else _json_names(source)


def _json_names(source: Input) -> dict[str, Spot]:
    lines = Lines(source.text)
    found: dict[str, Spot] = {}
    for match in _JSON_ID.finditer(source.text):
        line, column = lines.place(match.start(1))
        found.setdefault(match[1], Spot(line, column, max(1, len(match[1])), lines.line(line)))
    return found


def _xml_names(source: Input) -> dict[str, Spot]:
    lines = Lines(source.text)
    found: dict[str, Spot] = {}
    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    rdf = PREFIXES["rdf"]

    def start(_name: str, attributes: dict[str, str]) -> None:
        for kind in ("about", "ID", "nodeID"):
            value = attributes.get(f"{rdf} {kind}")
            if value is not None and value not in found:
                line = parser.CurrentLineNumber
                column = column_of_byte(lines.line(line), parser.CurrentColumnNumber)
                found[value] = Spot(line, column, 1, lines.line(line))

    parser.StartElementHandler = start
    # pyoxigraph has read it: what expat got to has its line.
    with contextlib.suppress(xml.parsers.expat.ExpatError, LookupError, ValueError):
        parser.Parse(source.data, True)
    return found
