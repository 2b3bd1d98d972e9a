"""`kg reconcile`: every stated total against what should add up to it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from kg.cli.options import data_option, lang_option, output_option, rule_option, write
from kg.results import unknown_format

if TYPE_CHECKING:
    from kg.derive import Derived
    from kg.derive.records import Row
    from kg.store import Store

_FORMATS = ("table", "json", "md")
_HEADERS = ["outcome", "total", "stated", "terms", "sum", "sum minus total", "what is left"]


@click.command()
@click.option("-f", "--format", "form", metavar="FORMAT", help="table json md  [default: table, json in a pipe]")
@click.option(
    "--document", "documents", multiple=True, metavar="IRI", help="Only totals that this document states."
)
@output_option
@rule_option
@lang_option
@data_option
def command(
    form: str | None, documents: tuple[str, ...], output: str | None, rule: str | None, lang: str, data: str | None
) -> None:
    """Every stated total against what should add up to it: outcome, residual and interval.

    exact: to the digit; withinRounding: as far as rounding goes; withinQualifier: only a word such as "about"
    saves it; open: not every term is known; contradiction: no reading of the words makes it add up.
    """
    from kg.derive import derive
    from kg.project import Project
    from kg.store import Store

    form = form or ("json" if output and output.endswith(".json") else None)
    form = form or ("table" if sys.stdout.isatty() or output else "json")
    if form not in _FORMATS:
        raise unknown_format(form, _FORMATS)
    project = Project.find(data)
    store = Store.of_files(project.term_files() + project.graph_files())
    derived = derive(store, rule)
    if documents:
        derived = derived.about(_stated_in(store, documents))
    if form == "json":
        write(json.dumps(derived.records(), ensure_ascii=False, indent=2) + "\n", output)
    else:
        write(_table(derived, store, lang, form), output)


def _stated_in(store: Store, documents: tuple[str, ...]) -> frozenset[str]:
    """What has a stated total that rests on these documents: by an anchor in them, or by them as its source."""
    from kg.rdf import iri
    from kg.results import plain, select
    from kg.show import resolve

    named = " ".join(str(iri(resolve(store, document))) for document in documents)
    found = select(
        store,
        f"""SELECT DISTINCT ?of WHERE {{
              VALUES ?document {{ {named} }}
              {{ ?figure til:evidence/oa:hasSource/dcterms:isFormatOf ?document }}
              UNION {{ ?figure dcterms:source ?document }}
              ?figure til:figureOf ?of
            }}""",
    )
    return frozenset(plain(row[0]) for row in found.rows)


def _table(derived: Derived, store: Store, lang: str, form: str) -> str:
    from kg import display
    from kg.labels import labels
    from kg.money import amount, interval
    from kg.rdf import iri
    from kg.terms import CODE

    rows = derived.rows()
    named = [iri(row.of) for row in rows if row.of]
    codes = {iri(f"{CODE}{scheme}/{code}") for row in rows for scheme, code in _codes(row)}
    names = labels(store, [*named, *codes], lang)

    def word(scheme: str, code: str) -> str:
        return names.get(f"{CODE}{scheme}/{code}", code)

    shown = []
    for row in rows:
        stated = amount(row.stated, row.currency, lang) if row.stated is not None else ""
        if row.qualifier and row.qualifier != "exact":
            stated = f"{word('qualifier', row.qualifier)} {stated}"
        residual, left = row.residual, row.remainder
        known = f"{row.terms - row.unknown} of {row.terms}" if row.unknown else str(row.terms)
        shown.append(
            [
                word("outcome", row.outcome) + (" (other reading)" if row.other_reading else ""),
                names.get(row.of or "", row.figure),
                stated,
                known + ("" if row.exhaustive else " and more"),
                amount(row.sum, row.currency, lang) if row.sum is not None else "",
                interval(
                    residual.lower, residual.upper, residual.lower_open, residual.upper_open, row.currency, lang
                ),
                interval(left.lower, left.upper, left.lower_open, left.upper_open, row.currency, lang)
                if left
                else "",
            ]
        )
    if form == "md":
        return display.to_markdown(_HEADERS, shown)
    return display.to_text(_HEADERS, shown, display.terminal_width())


def _codes(row: Row) -> list[tuple[str, str]]:
    return [("outcome", row.outcome), *([("qualifier", row.qualifier)] if row.qualifier else [])]
