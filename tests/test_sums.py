"""Every summing question against the tree of sums: what it adds, and that nothing unlike or twice is in one line.

The sums are made here from the derived tree alone, in plain Python, for parameters drawn at random; no query is asked
how it came to them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from kg.amounts import Interval, total_of
from kg.derive import Derived, derive
from kg.derive.reading import Basis, Commitment
from kg.derive.tree import Rest, runs
from kg.project import Project
from kg.queries import Query
from kg.rdf import Literal, NamedNode, Term
from kg.results import Table
from kg.store import Store
from kg.terms import CODE

QUERIES = Path(__file__).parent.parent / "queries"
DRAWN = 50  # parameters for each question
LINE = ("start", "end", "currency", "stage", "kind", "payerClass")


@dataclass(frozen=True)
class Row:
    """One addable figure or rest: its line, what its scope is, and what it amounts to for the whole period."""

    iri: str
    line: tuple[str | None, ...]
    increase: bool
    runs: tuple[str, str | None] | None
    documents: frozenset[str]
    commitment: Commitment
    funders: frozenset[str]
    value: Decimal | None
    yearly: Decimal | None
    open_ended: bool
    allowed: Interval


@pytest.fixture(scope="module")
def derived(project: Project) -> Derived:
    return derive(Store.of_files(project.term_files() + project.graph_files()))


@pytest.fixture(scope="module")
def rows(derived: Derived) -> dict[str, Row]:
    assert derived.tree is not None
    rests = {rest.iri: rest for rest in derived.tree.rests}
    return {
        iri: _of_rest(derived, rests[iri]) if iri in rests else _of_figure(derived, iri)
        for iri in (*derived.tree.rows, *derived.tree.increases)
    }


def _of_figure(derived: Derived, iri: str) -> Row:
    figure = derived.reading.figures[iri]
    commitment = derived.reading.commitments[figure.of]
    yearly = figure.basis is Basis.PER_YEAR
    times = figure.years if yearly and figure.years else 1
    value = figure.low if figure.low == figure.high else None
    assert derived.tree is not None
    return Row(
        iri,
        _line(derived, commitment, figure.currency, commitment.kind, figure.of),
        iri in derived.tree.increases,
        runs(commitment),
        frozenset(derived.reading.said_in[iri]),
        commitment,
        frozenset(commitment.funders),
        None if value is None else value * times,
        value if yearly else None,
        yearly and figure.years is None,
        derived.bounds[iri].scale(times),
    )


def _of_rest(derived: Derived, rest: Rest) -> Row:
    whole = derived.reading.commitments[rest.whole]
    of = whole if rest.new else derived.reading.commitments[rest.of]
    kind = f"{CODE}kind/unspecified" if rest.new else of.kind
    return Row(
        rest.iri,
        _line(derived, of, rest.level.currency, kind, rest.of),
        False,
        runs(of),
        frozenset(derived.reading.said_in[rest.level.iri]),
        of,
        frozenset(rest.funders),
        rest.value,
        None,
        False,
        rest.allowed,
    )


def _line(
    derived: Derived, commitment: Commitment, currency: str, kind: str | None, of: str
) -> tuple[str | None, ...]:
    assert derived.tree is not None
    payers = f"{CODE}payer-class/{derived.tree.payer_classes[of]}"
    return (commitment.start, commitment.end, currency, commitment.stage, kind, payers)


def in_scope(row: Row, scope: str | None) -> bool:
    """As the questions say it: said in the document, or of the country, programme or promiser."""
    of = row.commitment
    return scope is None or scope in row.documents or scope in (*of.countries, *of.promisers, *of.programme_tree)


def in_year(row: Row, year: int | None) -> bool:
    if year is None:
        return True
    if row.runs is None:
        return False
    first, last = row.runs
    return int(first[:4]) <= year and (last is None or int(last[:4]) >= year)


def lines(
    derived: Derived, rows: dict[str, Row], inside: Callable[[Row], bool], year: int | None
) -> dict[tuple[str | None, ...], list[Row]]:
    """The rows of a scope on their lines: those that give way to no other row of the scope."""
    assert derived.tree is not None
    found: dict[tuple[str | None, ...], list[Row]] = {}
    for row in rows.values():
        if not inside(row) or not in_year(row, year):
            continue
        targets = [rows[target] for target in derived.tree.gives_way.get(row.iri, ())]
        if any(inside(target) and (year is None or target.runs == row.runs) for target in targets):
            continue
        found.setdefault((*row.line, str(row.open_ended)), []).append(row)
    return found


def expected(derived: Derived, of_line: list[Row]) -> tuple[object, ...]:
    """(rows, sum, bounds, increases, their bounds) of one line."""
    assert derived.tree is not None
    levels = [row for row in of_line if not row.increase]
    rises = [row for row in of_line if row.increase]
    held = {
        other
        for row in levels
        for other in derived.tree.may_contain.get(row.iri, ())
        if other in {each.iri for each in levels}
    }
    values = [row.value for row in levels]
    summed = None if None in values or held or not levels else sum(value for value in values if value is not None)
    if levels and levels[0].open_ended:
        summed = None
    allowed = total_of(
        Interval(Decimal(0), row.allowed.upper, False, row.allowed.upper_open) if row.iri in held else row.allowed
        for row in levels
    )
    rise = [row.value for row in rises]
    return (
        len(levels),
        summed,
        allowed if levels else None,
        None if None in rise or not rises else sum(value for value in rise if value is not None),
        total_of(row.allowed for row in rises) if rises else None,
    )


def answered(table: Table) -> dict[tuple[str | None, ...], tuple[object, ...]]:
    """The same of an answer, by line; a line without rows and increases only tells what lies in others."""
    found: dict[tuple[str | None, ...], tuple[object, ...]] = {}
    for terms in table.rows:
        row = dict(zip(table.columns, terms, strict=True))
        count, rises = int(value(row["rows"]) or 0), number(row["increases"])
        if count == 0 and rises is None:
            continue
        open_ended = count > 0 and row["sum"] is None and row["aYear"] is not None
        key = (*(value(row[name]) for name in LINE), str(open_ended))
        assert key not in found, "a line stands twice"
        found[key] = (
            count,
            number(row["sum"]),
            interval(row, "") if count else None,
            rises,
            interval(row, "increases") if rises is not None else None,
        )
    return found


def value(term: Term | None) -> str | None:
    return term.value if isinstance(term, NamedNode | Literal) else None


def number(term: Term | None) -> Decimal | None:
    said = value(term)
    return None if said is None else Decimal(said)


def interval(row: dict[str, Term | None], prefix: str) -> Interval:
    def column(name: str) -> Term | None:
        return row[f"{prefix}{name[0].upper()}{name[1:]}" if prefix else name]

    return Interval(
        number(column("lower")),
        number(column("upper")),
        value(column("lowerOpen")) == "true",
        value(column("upperOpen")) == "true",
    )


def ask(store: Store, name: str, **values: str | list[str] | None) -> Table:
    answer = store.query(Query.read(QUERIES / f"{name}.rq").bind(values))
    assert isinstance(answer, Table)
    return answer


def drawn(derived: Derived, seed: int) -> Iterable[tuple[str | None, int | None]]:
    """Scopes of every sort, beside years in which money runs; none of either now and then."""
    chance = random.Random(seed)
    commitments = derived.reading.commitments.values()
    scopes = sorted(
        {
            each
            for one in commitments
            for each in (*one.countries, *one.promisers, *one.programme_tree, *one.documents)
        }
    )
    yield None, None
    for country in sorted({each for one in commitments for each in one.countries}):
        # Years in which an amount of one year stands beside one of several.
        yield from ((country, year) for year in (2020, 2021, 2026))
    for _ in range(DRAWN):
        yield (
            chance.choice(scopes) if chance.random() < 0.85 else None,
            chance.randint(2006, 2034) if chance.random() < 0.6 else None,
        )


def compare(derived: Derived, wanted: dict[tuple[str | None, ...], list[Row]], answer: Table) -> None:
    told = answered(answer)
    assert {key: expected(derived, rows) for key, rows in wanted.items()} == told
    assert derived.tree is not None
    for of_line in wanted.values():
        names = {row.iri for row in of_line}
        assert len(names) == len(of_line)
        for row in of_line:
            assert not set(derived.tree.inside.get(row.iri, ())) & names, "a whole beside its part"


def test_by_kind_adds_what_the_tree_says(derived: Derived, rows: dict[str, Row], store: Store) -> None:
    for scope, year in drawn(derived, 1):
        wanted = lines(derived, rows, lambda row, scope=scope: in_scope(row, scope), year)  # type: ignore[misc]  # of a lambda's default
        compare(derived, wanted, ask(store, "by-kind", scope=scope, year=None if year is None else str(year)))


def test_side_by_side_adds_what_the_tree_says(derived: Derived, rows: dict[str, Row], store: Store) -> None:
    countries = sorted({each for one in derived.reading.commitments.values() for each in one.countries})
    for country in countries:
        for year in (None, 2009, 2016, 2020, 2021, 2023, 2030):
            wanted = lines(derived, rows, lambda row, country=country: country in row.commitment.countries, year)  # type: ignore[misc]  # of a lambda's default
            compare(
                derived,
                wanted,
                ask(store, "side-by-side", country=country, year=None if year is None else str(year)),
            )


def test_budget_year_adds_what_the_tree_says(derived: Derived, rows: dict[str, Row], store: Store) -> None:
    promisers = sorted({each for one in derived.reading.commitments.values() for each in one.promisers})
    countries = sorted({each for one in derived.reading.commitments.values() for each in one.countries})
    chance = random.Random(2)
    for _ in range(DRAWN):
        country = chance.choice(countries)
        promiser = chance.choice(promisers) if chance.random() < 0.5 else None
        year = chance.randint(2006, 2034)

        def inside(row: Row, country: str = country, promiser: str | None = promiser) -> bool:
            of = row.commitment
            return country in of.countries and (promiser is None or promiser in of.promisers)

        answer = ask(store, "budget-year", country=country, promiser=promiser, year=str(year))
        compare(derived, lines(derived, rows, inside, year), answer)


def test_promised_by_government_adds_what_the_tree_says(
    derived: Derived, rows: dict[str, Row], store: Store
) -> None:
    governments = store.query("SELECT DISTINCT ?g { ?g a til:Government . ?c til:promiser ?g }")
    assert isinstance(governments, Table) and governments.rows
    for (term,) in governments.rows:
        government = value(term)
        for year in (None, 2009, 2016, 2020, 2021, 2022, 2024):
            wanted = lines(derived, rows, lambda row, one=government: one in row.commitment.promisers, year)  # type: ignore[misc]  # of a lambda's default
            answer = ask(
                store, "promised-by-government", government=government, year=None if year is None else str(year)
            )
            compare(derived, wanted, answer)


def test_payers_adds_what_one_pays_alone(derived: Derived, rows: dict[str, Row], store: Store) -> None:
    assert derived.tree is not None
    for scope, year in drawn(derived, 3):
        answer = ask(store, "payers", scope=scope, year=None if year is None else str(year))
        at = answer.columns.index("payer")
        payers = {term.value for row in answer.rows if isinstance(term := row[at], NamedNode)}
        alone = {payer for row in rows.values() if len(row.funders) == 1 for payer in row.funders}
        assert payers <= alone
        for payer in alone:

            def inside(row: Row, payer: str = payer, scope: str | None = scope) -> bool:
                return row.funders == {payer} and in_scope(row, scope)

            wanted = lines(derived, rows, inside, year)
            told = Table(
                answer.columns,
                tuple(row for row in answer.rows if value(row[at]) == payer and isinstance(row[at], NamedNode)),
            )
            on_behalf = answer.columns.index("onBehalfOf")
            if len({value(row[on_behalf]) for row in told.rows}) <= 1:
                compare(derived, wanted, told)


def test_addends_and_not_summed_tell_every_stated_figure_once(
    derived: Derived, rows: dict[str, Row], store: Store
) -> None:
    for scope, _ in drawn(derived, 4):
        added = ask(store, "addends", scope=scope)
        left = ask(store, "not-summed", scope=scope)
        names = [value(row[table.columns.index("figure")]) for table in (added, left) for row in table.rows]
        assert len(names) == len(set(names))
        stated = {name for name in names if name in derived.reading.figures}
        wanted = {
            iri
            for iri, figure in derived.reading.figures.items()
            if scope is None
            or scope in derived.reading.said_in[iri]
            or (
                (of := derived.reading.commitments.get(figure.of)) is not None
                and scope in (*of.countries, *of.promisers, *of.programme_tree)
            )
        }
        assert wanted <= stated
        assert all(figure not in derived.reading.commitments for figure in stated - wanted)
