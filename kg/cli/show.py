"""`kg show`: one thing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from kg import formats
from kg.cli.options import bold, data_option, lang_option, output_option, write
from kg.cli.sources import at_option, timeout_option, trusted
from kg.results import Source, plain
from kg.show import Fact, facts, successors
from kg.terms import shorten
from kg.version import Version, of

if TYPE_CHECKING:
    from kg.project import Project

_FORMATS = ("text", "json", "turtle")


@click.command()
@click.argument("name", metavar="IRI | CURIE | LABEL")
@click.option(
    "--facts", "plainly", is_flag=True, help="Every statement of the graph about it, in place of a page."
)
@click.option(
    "--inverse", is_flag=True, help="Also what says something of it; every statement, as --facts has them."
)
@click.option(
    "-f", "--format", "form", default="text", show_default=True, metavar="FORMAT", help="text json turtle"
)
@output_option
@lang_option
@data_option
@at_option
@timeout_option
def command(
    name: str,
    plainly: bool,
    inverse: bool,
    form: str,
    output: str | None,
    lang: str,
    data: str | None,
    at: str | None,
    timeout: float | None,
) -> None:
    """One thing as a person reads it: what it amounts to, says or holds, and the words and documents behind it.

    An exact name wins over part of one. What has no page of its own is shown by its statements.
    """
    from kg.names import resolve
    from kg.project import Project

    formats.known(form, _FORMATS)
    project = Project.find(data)
    with trusted(project, at, timeout) as source:
        thing = resolve(source, name, lang=lang).things[0]
        if later := successors(source, [thing]).get(thing):
            click.echo(f"kg: note: {shorten(thing)} is now {shorten(later)}", err=True)
            thing = later
        written: str | bytes
        if form == "turtle":
            written = _turtle(thing, facts(source, thing, inverse), of(source))
        elif form == "json":
            written = _json(source, thing, facts(source, thing, inverse), of(source))
        else:
            page = "" if plainly or inverse else _page(project, source, thing, lang, output)
            written = _head(source, thing, lang, output) + (page or _statements(source, thing, inverse, lang))
    write(written, output)


def _turtle(thing: str, found: list[Fact], version: Version | None) -> bytes:
    from kg import publish, rdf

    subject = rdf.iri(thing)
    triples = [
        rdf.Triple(fact.value, rdf.iri(fact.predicate), subject)
        if fact.inverse and not isinstance(fact.value, rdf.Literal)
        else rdf.Triple(subject, rdf.iri(fact.predicate), fact.value)
        for fact in found
    ]
    return publish.turtle(triples, str(version or ""))


def _json(source: Source, thing: str, found: list[Fact], version: Version | None) -> str:
    from kg.explain import support
    from kg.render import support_record

    record = {
        "iri": thing,
        "facts": [
            {"predicate": fact.predicate, "value": plain(fact.value), "inverse": fact.inverse} for fact in found
        ],
        "support": [support_record(one) for one in support(source, [thing]).values()],
        **({"graph": version.record()} if version else {}),
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _head(source: Source, thing: str, lang: str, output: str | None) -> str:
    """What it is called, and what it is."""
    from kg.display import safe
    from kg.names import described

    (known,) = described(source, [thing], lang)
    what = safe(" · ".join(filter(None, (known.what, f"<{thing}>"))))
    return f"{bold(safe(known.label), output)}\n  {what}\n\n"


def _page(project: Project, source: Source, thing: str, lang: str, output: str | None) -> str:
    """The sections of its page, each a table under its heading; nothing where it has none."""
    from kg import display
    from kg.pages import sections

    width = display.terminal_width()
    parts = []
    for section in sections(project, source, thing, lang):
        headers, rows = display.cells(section.table, source, lang, section.query.money)
        parts.append(f"{bold(section.heading, output)}\n{display.to_text(headers, rows, width)}")
    return "\n".join(parts)


def _statements(source: Source, thing: str, inverse: bool, lang: str) -> str:
    """Every statement about it, and what they rest on."""
    from kg.display import safe
    from kg.explain import support
    from kg.labels import labels, short
    from kg.rdf import NamedNode, iri
    from kg.render import support_lines

    found = facts(source, thing, inverse)
    named = [fact.value for fact in found if isinstance(fact.value, NamedNode)]
    names = labels(source, [*(iri(fact.predicate) for fact in found), *named], lang)
    lines = []
    for fact in found:
        arrow = "← " if fact.inverse else ""
        predicate = safe(names.get(fact.predicate) or short(fact.predicate))
        lines.append(f"  {arrow}{predicate}: {_value(fact.value, names)}")
    rests_on = support(source, [thing]).get(thing)
    said = support_lines(source, [[rests_on]], lang)[0] if rests_on else ["no words or document support it"]
    return "\n".join([*lines, "", *said]) + "\n"


def _value(term: object, names: dict[str, str]) -> str:
    from kg.display import safe
    from kg.labels import short
    from kg.rdf import Literal, NamedNode

    if isinstance(term, NamedNode):
        name = names.get(term.value)
        return safe(f"{name} ({short(term.value)})" if name else short(term.value))
    if isinstance(term, Literal) and term.language:
        return safe(f"{term.value} @{term.language}")
    return safe(term.value if isinstance(term, Literal) else str(term))
