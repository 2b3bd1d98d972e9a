"""`kg reconcile`: every stated total against what should add up to it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from kg import formats
from kg.cli.options import data_option, lang_option, output_option, rule_option, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.derive import Derived
    from kg.reconciliation import Line
    from kg.store import Store

_FORMATS = ("text", "table", "json", "md")


@click.command()
@click.option(
    "-f", "--format", "form", metavar="FORMAT", help="text table json md  [default: text, json in a pipe]"
)
@click.option(
    "--document", "documents", multiple=True, metavar="NAME", help="Only totals that this document states."
)
@output_option
@rule_option
@lang_option
@data_option
def command(
    form: str | None, documents: tuple[str, ...], output: str | None, rule: str | None, lang: str, data: str | None
) -> None:
    """Every stated total against what should add up to it, in sentences.

    The difference is what the listed amounts come to, less the total; not accounted for is the total less what is
    listed. An indented line is another reading of the one above, and no contradiction of its source. Width assumed:
    nobody has read how finely an amount was written, so that its zeros decide.
    """
    from kg.derive import derive
    from kg.project import Project
    from kg.store import Store

    form = form or formats.of_ending(output, _FORMATS) or ("text" if sys.stdout.isatty() or output else "json")
    formats.known(form, _FORMATS)
    project = Project.find(data)
    store = Store.of_files(project.term_files() + project.graph_files())
    derived = derive(store, rule)
    if documents:
        from kg.names import resolve
        from kg.terms import PREFIXES

        wanted = (PREFIXES["foaf"] + "Document",)
        meant = [resolve(store, document, wanted, lang, "--document: ").things[0] for document in documents]
        derived = derived.said_in(frozenset(meant))
    from kg.reconciliation import lines, names

    found = lines(derived, store, lang)
    if form == "json":
        write(_json(derived, found, store), output)
    else:
        named = names(store, lang)
        write(_text(found, named) if form == "text" else _table(found, named, form), output)


def _json(derived: Derived, found: Sequence[Line], store: Store) -> str:
    """The derived values, each with its sentence, and which graph they follow from."""
    from kg.version import of

    sentences = {line.iri: line.sentence for line in found}
    record = derived.records()
    for one in record["reconciliations"]:
        one["sentence"] = sentences.get(one["iri"])
    version = of(store)
    return (
        json.dumps({**({"graph": version.record()} if version else {}), **record}, ensure_ascii=False, indent=2)
        + "\n"
    )


def _text(found: Sequence[Line], named: Mapping[str, str]) -> str:
    """Each total under what it is for: its words and the sentence, then the amounts that the sentence rests on."""
    import textwrap

    from kg import display

    width = display.terminal_width()
    out = []
    what = None
    for line in found:
        if line.what != what:
            what = line.what
            out.append(what)
        indent = "      " if line.under else "  "
        out += textwrap.wrap(
            f"{line.total}: {line.sentence}", width, initial_indent=indent, subsequent_indent=indent + "    "
        )
        if not line.under:
            out += textwrap.wrap(
                " · ".join(_amounts(line, named)),
                width,
                initial_indent=indent + "    ",
                subsequent_indent=indent + "    ",
            )
    return "\n".join(out) + "\n" if out else ""


def _amounts(line: Line, named: Mapping[str, str]) -> Iterator[str]:
    """What the sentence rests on; where something is not accounted for, the difference would say the same."""
    yield (
        f"{named['listedAmounts']} ({line.count}): {line.listed}"
        if line.listed
        else f"{named['statedAmounts']}: {line.count}"
    )
    if line.left:
        yield f"{named['notAccountedFor']}: {line.left}"
    else:
        yield f"{named['differenceAsWritten']}: {', '.join(filter(None, (line.difference, line.bounds)))}"
    if line.assumed:
        yield named["widthAssumed"]


def _table(found: Sequence[Line], named: Mapping[str, str], form: str) -> str:
    from kg import display

    shown = [
        [
            ("  " if line.under else "") + line.sentence,
            "" if line.under else line.what,
            line.total,
            line.listed,
            line.difference,
            line.bounds,
            line.left,
            line.count,
            named["widthAssumed"] if line.assumed else "",
        ]
        for line in found
    ]
    headers = list(named.values())[:-1]
    if form == "md":
        return display.to_markdown(headers, shown)
    return display.to_text(headers, shown, display.terminal_width())
