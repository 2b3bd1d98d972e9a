"""Every format that is read or written: its name, the endings of its files, and its media type (IANA, W3C)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import NamedTuple

from kg.errors import UsageError, did_you_mean


class Format(NamedTuple):
    """One format; the first of `endings` is the one that is written."""

    name: str
    endings: tuple[str, ...]
    media: str


_ALL = (
    Format("turtle", (".ttl",), "text/turtle"),
    Format("trig", (".trig",), "application/trig"),
    Format("ntriples", (".nt",), "application/n-triples"),
    Format("nquads", (".nq",), "application/n-quads"),
    Format("jsonld", (".jsonld", ".json"), "application/ld+json"),
    Format("rdfxml", (".rdf", ".xml", ".owl"), "application/rdf+xml"),
    Format("table", (".txt",), "text/plain"),
    Format("text", (".txt",), "text/plain"),
    Format("csv", (".csv",), "text/csv"),
    Format("tsv", (".tsv",), "text/tab-separated-values"),
    Format("json", (".json",), "application/json"),
    Format("srj", (".srj",), "application/sparql-results+json"),
    Format("md", (".md",), "text/markdown"),
    Format("html", (".html",), "text/html"),
    Format("sarif", (".sarif",), "application/sarif+json"),
    Format("github", (), "text/plain"),
)
FORMATS = {each.name: each for each in _ALL}

# RDF (W3C).
RDF = ("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml")
# What a SELECT is answered in, and what triples are.
TABLES = ("table", "csv", "tsv", "json", "srj", "md")
TRIPLES = ("turtle", "ntriples", "jsonld")
# What a validation is reported in.
REPORTS = ("text", "json", "turtle", "sarif", "github")


def of_ending(name: str | PurePath | None, among: Iterable[str]) -> str | None:
    """The one of some formats whose files end as `name` does; None for no name and for another ending."""
    ending = PurePath(name).suffix.lower() if name else ""
    return next((each for each in among if ending and ending in FORMATS[each].endings), None)


def of_output(name: str, among: Iterable[str]) -> str | None:
    """The one of some formats that a file to be written ends in; None for a name without an ending, as a pipe has.

    Raises UsageError for an ending that is none of theirs.
    """
    names = tuple(among)
    form = of_ending(name, names)
    if form is None and PurePath(name).suffix:
        endings = ", ".join(ending for each in names for ending in FORMATS[each].endings[:1])
        raise UsageError("format", f"no format for the ending of {name}", help=f"one of {endings}")
    return form


def known(name: str, among: Iterable[str], what: str = "this answer") -> str:
    """`name`, where it is one of some formats. Raises UsageError with the nearest of them."""
    names = tuple(among)
    if name in names:
        return name
    listed = f"one of {', '.join(names)}"
    near = did_you_mean(name, names)
    raise UsageError("format", f"no format {name!r} for {what}", help=f"{near} {listed}" if near else listed)
