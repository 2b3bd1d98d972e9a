"""What is shown of one thing: the answers of the queries that have a place on its page (`@page` in their headers).

A page looks up and lists. It adds nothing: what it shows of amounts is stated, or derived when the store was built.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kg.labels import order
from kg.names import superclasses
from kg.project import Project
from kg.queries import Page, Query
from kg.rdf import Literal, iri
from kg.results import Source, Table, plain, select

# What belongs to an amount, a day or an interval, and is shown with it.
_BESIDE = ("currency", "qualifier", "lower", "upper", "lowerOpen", "upperOpen")


class Section(NamedTuple):
    """A part of a page: its heading in one language, and the answer of a query to the thing."""

    heading: str
    query: Query
    table: Table


def sections(project: Project, source: Source, thing: str, lang: str) -> Iterator[Section]:
    """The parts of the page of a thing (an IRI) that have a row, in their order."""
    kinds = {plain(row[0]) for row in select(source, f"SELECT ?class {{ {iri(thing)} a ?class }}").rows}
    above = superclasses(source)
    for kind in tuple(kinds):
        kinds |= above.get(kind, set())
    for page, query in sorted(_placed(project), key=lambda placed: (placed[0].order, placed[1].name)):
        if kinds.isdisjoint(query.parameter(page.parameter).wanted):
            continue
        given: dict[str, str | None] = {parameter.name: None for parameter in query.parameters}
        answer = source.query(query.bind({**given, page.parameter: thing}))
        if isinstance(answer, Table) and answer.rows:
            table = _in_one_language(_chosen(answer, page.columns), lang)
            yield Section(_heading(page.headings, query, lang), query, table)


def _placed(project: Project) -> Iterator[tuple[Page, Query]]:
    for query in map(Query.read, (*project.page_files(), *project.query_files())):
        if query.page is not None:
            yield query.page, query


def _heading(headings: Mapping[str, str], query: Query, lang: str) -> str:
    return headings.get(lang) or headings.get("en") or query.question


def _in_one_language(table: Table, lang: str) -> Table:
    """Of rows that say the same in several languages, the one that a reader of `lang` would take."""
    languages = order(lang)
    best: dict[tuple[object, ...], tuple[int, int]] = {}
    for number, row in enumerate(table.rows):
        tags = [term.language for term in row if isinstance(term, Literal) and term.language]
        same = tuple("" if isinstance(term, Literal) and term.language else term for term in row)
        rank = languages.index(tags[0]) if tags and tags[0] in languages else len(languages)
        key = (*same, None if tags else number)  # without a language no row says the same as another
        best[key] = min(best.get(key, (rank, number)), (rank, number))
    kept = sorted(number for _, number in best.values())
    return Table(table.columns, tuple(table.rows[number] for number in kept), table.cut)


def _chosen(table: Table, columns: tuple[str, ...]) -> Table:
    """The columns of a table that are named, with what belongs to them."""
    wanted = {*columns, *_BESIDE} if columns else set(table.columns)
    if "start" in wanted:
        wanted.add("end")
    beside = {name + bound for name in columns for bound in ("Lower", "Upper", "LowerOpen", "UpperOpen")}
    shown = [name for name in columns if name in table.columns]
    shown += [name for name in table.columns if name in wanted | beside and name not in shown]
    at = [table.columns.index(name) for name in shown]
    return Table(tuple(shown), tuple(tuple(row[index] for index in at) for row in table.rows), table.cut)
