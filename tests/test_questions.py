"""The canned queries against answers written by hand from the two sources, on two engines.

The answers are for fixed data: the two documents that are read word by word, the things that they name, the terms
and what is derived. The real graph grows; there every question must have an answer, whatever it is.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
import rdflib

from kg import rdf
from kg.derive import derive
from kg.project import Project
from kg.queries import Query
from kg.results import Row, Table, Triples
from kg.store import Store
from kg.terms import PREFIXES, shorten

HOME = Path(__file__).parent.parent
EXPECTED = Path(__file__).parent / "expected"
FILES = sorted((HOME / "queries").glob("*.rq"))
FIXED = (
    *(
        f"reference/{name}.ttl"
        for name in ("governments", "organisations", "people", "periods", "programmes", "sources")
    ),
    "documents/dk/2007-statsaftale.ttl",
    "documents/no/2019-hoyt-digitaliseringstempo.ttl",
)
# Questions that no source read so far answers; the header of each says why.
UNANSWERED = {"followed-up"}
# The sums, and what takes in everything.
ALL: dict[str, dict[str, str | list[str] | None]] = {
    "by-kind": {"scope": None},
    "payers": {"scope": None},
    "side-by-side": {"country": None, "year": None},
    "budget-year": {"year": None},
}
EVERY = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)

Cells = list[tuple[str, ...]]


@pytest.fixture(scope="module")
def small(project: Project) -> Store:
    """The two documents, the things that they name, the terms, and what follows."""
    return derived(Store.of_files([*project.term_files(), *(project.data / name for name in FIXED)]))


@pytest.fixture(scope="module")
def peer(small: Store) -> rdflib.Graph:
    """The same triples in rdflib."""
    everything = small.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(everything, Triples)
    return rdflib.Graph().parse(data="".join(f"{triple} .\n" for triple in everything.triples), format="nt")


def derived(store: Store) -> Store:
    store.add(list(derive(store, None).triples()))
    return store


def rows(store: Store, text: str) -> Cells:
    answer = store.query(text)
    assert isinstance(answer, Table)
    return [tuple(cell(term) for term in row) for row in answer.rows]


def cell(term: rdf.Term | None) -> str:
    """A term as the expected files write it: a CURIE, a lexical form, a number by its value."""
    if term is None:
        return ""
    if isinstance(term, rdf.NamedNode):
        return shorten(term.value)
    assert isinstance(term, rdf.Literal)
    return number(term.value)


def number(text: str) -> str:
    try:
        return format(Decimal(text), "f").rstrip("0").rstrip(".") if "." in text else str(Decimal(text))
    except InvalidOperation:
        return joined(text)


def joined(text: str) -> str:
    """What several things in one cell say: no order of theirs is part of an answer, and IRIs are CURIEs."""
    known = (shorten(part) if part.startswith("http") else part for part in text.split(" · "))
    return " · ".join(
        sorted(part if name.startswith("<") else name for name, part in zip(known, text.split(" · "), strict=True))
    )


def ask(store: Store, name: str, **values: str | list[str] | None) -> list[dict[str, str]]:
    """A canned query's rows as records, with these parameters."""
    answer = store.query(Query.read(HOME / "queries" / f"{name}.rq").bind(values))
    assert isinstance(answer, Table)
    return [dict(zip(answer.columns, map(cell, row), strict=True)) for row in answer.rows]


@EVERY
def test_the_answer_is_the_one_written_by_hand(path: Path, small: Store) -> None:
    with (EXPECTED / f"{path.stem}.csv").open(encoding="utf-8", newline="") as file:
        header, *wanted = [tuple(number(value) for value in row) for row in csv.reader(file)]
    answer = small.query(path.read_text(encoding="utf-8"))
    assert isinstance(answer, Table)
    assert answer.columns == header
    assert [tuple(map(cell, row)) for row in answer.rows] == wanted


@EVERY
def test_rdflib_gives_the_same_rows_in_the_same_order(path: Path, small: Store, peer: rdflib.Graph) -> None:
    text = path.read_text(encoding="utf-8")
    found = []
    for row in peer.query(text):
        assert isinstance(row, rdflib.query.ResultRow)
        found.append(
            tuple(
                ""
                if term is None
                else shorten(str(term))
                if isinstance(term, rdflib.URIRef)
                else number(str(term))
                for term in row
            )
        )
    assert found == rows(small, text)


@EVERY
def test_what_is_bound_by_default_is_what_lies_in_the_file(path: Path, small: Store) -> None:
    assert rows(small, Query.read(path).bind()) == rows(small, path.read_text(encoding="utf-8"))


@EVERY
def test_the_real_graph_answers(path: Path, store: Store) -> None:
    if not rows(store, Query.read(path).bind()):
        assert path.stem in UNANSWERED
        assert Query.read(path).empty, "the header says why there is no answer"


def selected(store: Store, text: str) -> Sequence[Row]:
    answer = store.query(text)
    assert isinstance(answer, Table)
    return answer.rows


@EVERY
def test_declared_and_bound_names_are_the_same(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    declared = re.findall(r"^# @param (\w+) ", text, re.MULTILINE)
    bound = re.findall(r"VALUES \?(\w+) \{", text)  # in each branch that wants it
    assert sorted(declared) == sorted(set(bound))
    assert len(declared) == len(set(declared))
    assert [parameter.name for parameter in Query.read(path).parameters] == declared


@EVERY
def test_nothing_known_is_no_row(path: Path, small: Store, peer: rdflib.Graph) -> None:
    """rdflib gives one empty row for a group over nothing; no query may let it through."""
    query = Query.read(path)
    nothing = {"iri": "no-such-thing", "integer": "1900", "code": "no-such-code", "text": "no such text"}
    first = query.parameters[0]
    text = query.bind({first.name: nothing[first.type]})
    assert rows(small, text) == []
    assert list(peer.query(text)) == []


@EVERY
def test_a_parameter_without_restriction_takes_nothing_away(path: Path, small: Store) -> None:
    query = Query.read(path)
    if path.stem in ALL:
        pytest.skip("sums over more are greater: test_a_sum_is_the_sum_of_its_addends")
    usual = Counter(rows(small, query.bind()))
    assert usual <= Counter(rows(small, query.bind({parameter.name: None for parameter in query.parameters})))


@EVERY
def test_the_text_is_plain_sparql(path: Path) -> None:
    """No extension of an engine: the same text goes to every endpoint."""
    code = re.sub(r"(?m)^\s*#.*$", "", path.read_text(encoding="utf-8"))
    assert not re.search(r"(?i)(?<!\?)\b(SERVICE|LATERAL|bif:|FROM|LOAD)\b", code)
    for prefix in re.findall(r"\b([a-z\d]+):(?!//)", re.sub(r"<[^>]*>", "", code)):
        assert f"PREFIX {prefix}:" in code
        assert prefix in PREFIXES


def test_all_33_questions_have_a_query() -> None:
    assert {number for path in FILES for number in Query.read(path).answers} == set(range(1, 34))


def test_every_expected_file_has_its_query() -> None:
    assert {path.stem for path in EXPECTED.glob("*.csv")} == {path.stem for path in FILES}


# Sums: what must never be added, planted side by side.

PLANTED = """
id:doc-a a foaf:Document . id:doc-b a foaf:Document .
id:p a til:Programme .
"""


def commitment(
    name: str, *figures: str, more: str = "", country: str = "NOR", kind: str = "grant", stage: str = "adopted"
) -> str:
    """A commitment in two documents, paid by id:payer, with figures 'name role basis currency value qualifier'."""
    text = f"""id:{name} a til:Commitment ; til:kind kind:{kind} ; til:stage stage:{stage} ; til:programme id:p ;
        til:funder id:payer ; dcterms:spatial country:{country} ; dcterms:source id:doc-a , id:doc-b . {more}\n"""
    for figure in figures:
        iri, role, basis, currency, value, qualifier = figure.split()
        text += f"""id:{iri} a til:Figure ; til:figureOf id:{name} ;
            til:role role:{role} ; til:basis basis:{basis} ;
            til:origin origin:stated ; til:currency cur:{currency} ; schema:value {value} ; til:step 10 ;
            til:qualifier qual:{qualifier} ; dcterms:source id:doc-a .\n"""
    return text


def planted(project: Project, tmp_path: Path, *statements: str) -> Store:
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    path = tmp_path / "planted.ttl"
    path.write_text(prefixes + PLANTED + "".join(statements), encoding="utf-8")
    return derived(Store.of_files([*project.term_files(), path]))


SUMS = pytest.mark.parametrize("name", ["by-kind", "payers", "side-by-side", "budget-year"])


def sums(store: Store, name: str) -> set[tuple[str, str, str, str, str]]:
    """(kind, currency, rows, sum, increases) of each line."""
    return {
        (row["kind"], row["currency"], row["rows"], row["sum"], row["increases"])
        for row in ask(store, name, **ALL[name])
    }


@SUMS
def test_a_loan_is_not_added_to_the_rest(name: str, project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        commitment("a", "a1 level wholePeriod NOK 100 exact", kind="loan"),
        commitment("b", "b1 level wholePeriod NOK 30 exact", kind="appropriation"),
        commitment("c", "c1 level wholePeriod NOK 5 exact", kind="authorisation"),
    )
    assert sums(store, name) == {
        ("kind:loan", "cur:NOK", "1", "100", ""),
        ("kind:appropriation", "cur:NOK", "1", "30", ""),
        ("kind:authorisation", "cur:NOK", "1", "5", ""),
    }


@SUMS
def test_danish_is_not_added_to_norwegian_kroner(name: str, project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        commitment("a", "a1 level wholePeriod NOK 100 exact", "a2 level wholePeriod DKK 30 exact"),
    )
    assert {row[1:4] for row in sums(store, name)} == {("cur:NOK", "1", "100"), ("cur:DKK", "1", "30")}


@SUMS
def test_an_increase_is_not_added_to_a_level(name: str, project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        commitment(
            "a",
            "a1 level wholePeriod NOK 100 exact",
            "a2 increase wholePeriod NOK 30 exact",
            "a3 leveraged wholePeriod NOK 500 over",
            "a4 cumulative wholePeriod NOK 900 exact",
            more="id:a2 til:increaseTo id:a1 .",
        ),
    )
    assert {row[2:] for row in sums(store, name)} == {("1", "100", "")}


@SUMS
def test_an_increase_without_a_level_stands_in_a_column_of_its_own(
    name: str, project: Project, tmp_path: Path
) -> None:
    store = planted(
        project,
        tmp_path,
        commitment("a", "a1 level wholePeriod NOK 100 exact"),
        commitment("b", "b1 increase wholePeriod NOK 30 exact"),
        commitment("c", "c1 increase wholePeriod NOK 5 exact"),
    )
    assert {row[2:] for row in sums(store, name)} == {("1", "100", "35")}


@SUMS
def test_an_amount_per_year_without_an_end_is_not_added_to_one_for_all_years(
    name: str, project: Project, tmp_path: Path
) -> None:
    store = planted(
        project,
        tmp_path,
        'id:from-2020 a dcterms:PeriodOfTime ; dcat:startDate "2020-01-01"^^xsd:date .',
        commitment("a", "a1 level wholePeriod NOK 100 exact", more="id:a til:period id:from-2020 ."),
        commitment("b", "b1 level perYear NOK 30 exact", more="id:b til:period id:from-2020 ."),
    )
    found = ask(store, name, **ALL[name])
    assert {(row["rows"], row["sum"], row["aYear"]) for row in found} == {("1", "100", ""), ("1", "", "30")}


@SUMS
def test_an_amount_per_year_is_summed_over_its_years(name: str, project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        'id:three a dcterms:PeriodOfTime ; dcat:startDate "2020-01-01"^^xsd:date .',
        'id:three dcat:endDate "2022-12-31"^^xsd:date .',
        commitment("a", "a1 level perYear NOK 30 exact", more="id:a til:period id:three ."),
    )
    found = ask(store, name, **ALL[name])
    assert {(row["sum"], row["aYear"], row["lower"], row["upper"]) for row in found} == {("90", "30", "75", "105")}


@SUMS
def test_what_two_documents_tell_is_added_once(name: str, project: Project, tmp_path: Path) -> None:
    text = commitment("a", "a1 level wholePeriod NOK 100 exact", "a2 level wholePeriod NOK 30 exact")
    store = planted(project, tmp_path, text, text)
    assert {row[2:4] for row in sums(store, name)} == {("2", "130")}


@SUMS
def test_equal_amounts_are_each_added(name: str, project: Project, tmp_path: Path) -> None:
    """A DISTINCT over amounts instead of figures would lose one."""
    store = planted(
        project,
        tmp_path,
        commitment("a", "a1 level wholePeriod NOK 100 exact"),
        commitment("b", "b1 level wholePeriod NOK 100 exact"),
    )
    assert {row[2:4] for row in sums(store, name)} == {("2", "200")}


@SUMS
def test_a_part_another_wording_and_an_earlier_stage_are_not_added(
    name: str, project: Project, tmp_path: Path
) -> None:
    """The whole counts, and its parts are of which; each stage has a line of its own."""
    store = planted(
        project,
        tmp_path,
        commitment("whole", "w1 level wholePeriod NOK 100 exact", more="id:whole dcterms:hasPart id:a , id:b ."),
        commitment("a", "a1 level wholePeriod NOK 70 exact", "a2 level wholePeriod NOK 70 over"),
        "id:a2 til:rewords id:a1 .",
        commitment("b", "b1 level wholePeriod NOK 30 exact"),
        commitment("before", "before1 level wholePeriod NOK 40 exact", stage="proposed"),
        "id:b til:follows id:before .",
    )
    found = ask(store, name, **ALL[name])
    assert {(row["stage"], row["rows"], row["sum"]) for row in found} == {
        ("stage:adopted", "1", "100"),
        ("stage:proposed", "1", "40"),
    }


@SUMS
def test_a_mixed_whole_is_counted_by_its_parts_and_what_is_left(
    name: str, project: Project, tmp_path: Path
) -> None:
    store = planted(
        project,
        tmp_path,
        commitment(
            "whole",
            "w1 level wholePeriod NOK 100 exact",
            kind="mixed",
            more="id:whole dcterms:hasPart id:a , id:b .",
        ),
        commitment("a", "a1 level wholePeriod NOK 60 exact", kind="loan"),
        commitment("b", "b1 level wholePeriod NOK 30 exact"),
    )
    assert {row[:4] for row in sums(store, name)} == {
        ("kind:loan", "cur:NOK", "1", "60"),
        ("kind:grant", "cur:NOK", "1", "30"),
        ("kind:unspecified", "cur:NOK", "1", "10"),
    }


@SUMS
def test_a_sum_with_an_unbounded_figure_is_unbounded(name: str, project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        commitment("a", "a1 level wholePeriod NOK 100 exact"),
        commitment("b", "b1 level wholePeriod NOK 200 over"),
        commitment("c", "c1 level wholePeriod NOK 40 upTo"),
    )
    (row,) = ask(store, name, **ALL[name])
    assert row["rows"] == "3"
    # exact [95, 105], over (200, ∞), up to [0, 40]
    assert (row["sum"], row["lower"], row["lowerOpen"], row["upper"], row["upperOpen"]) == (
        "340",
        "295",
        "true",
        "",
        "",
    )


def test_side_by_side_keeps_countries_apart_in_one_currency(project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        commitment("a", "a1 level wholePeriod EUR 100 exact"),
        commitment("b", "b1 level wholePeriod EUR 30 exact", country="DNK"),
    )
    found = ask(store, "side-by-side", country=["country:DNK", "country:NOR"], year=None)
    assert [(row["country"], row["sum"]) for row in found] == [("country:DNK", "30"), ("country:NOR", "100")]


def test_the_two_questions_of_the_first_screen(small: Store) -> None:
    pay = ask(small, "payers", scope="de-34-projekter")
    assert [(row["payer"], row["sum"], row["lower"], row["upper"], row["asStated"]) for row in pay] == [
        ("id:kommunerne-dk", "97000000", "96000000", "98000000", ""),
        ("id:regionerne-dk", "57000000", "56500000", "57500000", ""),
        (
            joined(" · ".join(f"{PREFIXES['id']}{name}-dk" for name in ("kommunerne", "regionerne"))),
            "",
            "",
            "",
            "155000000",
        ),
    ]
    (loan,) = ask(small, "by-kind", scope="country:NOR", kind="loan")
    assert (loan["sum"], loan["currency"]) == ("400000000", "cur:NOK")


def test_a_sum_is_the_sum_of_its_addends(small: Store) -> None:
    line = ("start", "end", "currency", "stage", "kind", "payerClass")
    addends = ask(small, "addends", scope=None)
    for total in ask(small, "by-kind", scope=None):
        rows = [row for row in addends if all(row[key] == total[key] for key in line)]
        levels = {row["figure"]: row for row in rows if row["row"] == "true"}
        rises = {row["figure"]: row for row in rows if row["row"] == "false"}
        assert len(levels) == int(total["rows"])
        assert sum(int(row["value"]) for row in levels.values()) == int(total["sum"] or 0)
        assert sum(int(row["value"]) for row in rises.values()) == int(total["increases"] or 0)


# Question 25, and others whose best case the two documents do not have.


def test_followed_up_tells_what_changed(project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        commitment("proposed", "p1 level wholePeriod NOK 800 exact", "p2 level wholePeriod NOK 800 over"),
        "id:p2 til:rewords id:p1 .",
        commitment("agreed", "g1 level wholePeriod NOK 740 exact", more="id:agreed til:follows id:proposed ."),
        commitment("dropped", "d1 level wholePeriod NOK 5 exact"),
        commitment("voted", more="id:voted til:follows id:agreed ."),
    )
    found = ask(store, "followed-up", document="doc-a")
    assert [
        (row["commitment"], row["value"], row["later"], row["laterValue"], row["change"]) for row in found
    ] == [
        ("id:agreed", "740", "id:voted", "", ""),
        ("id:proposed", "800", "id:agreed", "740", "-60"),
    ]


def test_what_others_add_is_told_by_a_level_of_the_same_basis_and_currency(
    project: Project, tmp_path: Path
) -> None:
    store = planted(
        project,
        tmp_path,
        commitment(
            "both",
            "b1 leveraged wholePeriod NOK 900 exact",
            "b2 level perYear NOK 100 exact",
            "b3 level wholePeriod SEK 200 exact",
            "b4 level wholePeriod NOK 300 exact",
        ),
    )
    found = ask(store, "others", commitment="both")
    assert [(row["total"], row["lower"]) for row in found] == [("id:b1", "590")]  # 895 − 305: written to the ten


def test_what_others_add_is_told_of_parts_that_others_pay(project: Project, tmp_path: Path) -> None:
    payers = """id:payer a foaf:Agent ; dcterms:type payer:others .
        id:treasury a foaf:Agent ; dcterms:type payer:state .
        id:whole til:partsExhaustive true ; dcterms:hasPart id:known , id:unknown ."""
    more = "id:whole til:funder id:treasury ."
    store = planted(
        project,
        tmp_path,
        payers,
        commitment("whole", "w1 level wholePeriod NOK 900 exact", more=more),
        commitment("known", "k1 increase wholePeriod NOK 300 exact"),
        commitment("unknown"),
    )
    (row,) = ask(store, "others", commitment="whole")
    told = [row[name] for name in ("parts", "payers", "added", "lower", "upper", "atMost", "levelBeforeOf")]
    assert told == ["id:unknown", "id:payer", "600", "590", "610", "true", "id:known"]
    # What the State leaves open is not what others add.
    ours = commitment("unknown").replace("id:payer", "id:treasury")
    store = planted(
        project,
        tmp_path,
        payers,
        commitment("whole", "w1 level wholePeriod NOK 900 exact", more=more),
        commitment("known", "k1 level wholePeriod NOK 300 exact"),
        ours,
    )
    assert ask(store, "others", commitment="whole") == []


def test_an_announced_total_takes_a_listed_increase_off_what_is_not_in_the_list(
    project: Project, tmp_path: Path
) -> None:
    store = planted(
        project,
        tmp_path,
        commitment(
            "whole",
            "w1 level wholePeriod NOK 700 over",
            kind="mixed",
            more="id:whole dcterms:hasPart id:a , id:b , id:c .",
        ),
        commitment("a", "a1 level wholePeriod NOK 100 exact"),
        commitment("b", "b1 increase wholePeriod NOK 30 exact"),
        commitment("c", "c1 level wholePeriod NOK 190 almost", "c2 increase wholePeriod NOK 60 exact"),
        "id:c2 til:increaseTo id:c1 .",
    )
    found = ask(store, "announced-total", commitment="whole")
    assert [
        (row["reading"], row["listed"], row["sum"], row["notInList"], row["notInListLower"]) for row in found
    ] == [
        ("", "3", "320", "380", "370"),  # 700 less 105, 35 and 190
        ("reading:increasesOnly", "3", "190", "510", "495"),  # 700 less 105, 35 and 65
    ]
    assert [(row["sumUpperOpen"], row["notInListLowerOpen"]) for row in found] == [("true", "true"), ("", "true")]


def test_an_office_that_is_named_without_money_of_a_programme_is_not_responsible(
    project: Project, tmp_path: Path
) -> None:
    store = planted(
        project,
        tmp_path,
        commitment("money"),  # of the programme id:p, in doc-a and doc-b
        """id:part dcterms:isPartOf id:whole . id:p dcterms:isPartOf id:part .
        id:doc-a schema:mentions id:seat-a . id:doc-c schema:mentions id:seat-c .
        id:seat-a org:role id:office-a ; org:member id:person ; org:memberDuring id:time .
        id:seat-c org:role id:office-c ; org:member id:person ; org:memberDuring id:time .
        id:person foaf:name "Person" . id:time dcat:startDate "2018-01-01"^^xsd:date .""",
    )
    for programme in (None, "p", "part", "whole"):
        found = ask(store, "responsible-on-day", programme=programme, day="2018-06-01")
        assert [row["office"] for row in found] == ["id:office-a"], programme
    assert ask(store, "responsible-on-day", programme="another", day=None) == []


def test_a_year_outside_the_period_has_no_rows(small: Store) -> None:
    assert {
        row["commitment"] for row in ask(small, "promises", government="regjeringen-solberg", year="2021")
    } == set()
    assert len(ask(small, "running-in", year="2020", country="country:DNK")) == 0
    assert len(ask(small, "running-in", year="2008", country="country:DNK")) == 10
    # Not only the years of the ends: a period that spans the year counts.
    assert len(ask(small, "running-in", year="2009", country=None)) == 10


def test_a_changed_file_has_no_document(small: Store) -> None:
    checksum = ask(small, "checksums")[0]["checksum"]
    assert len(ask(small, "checksums", sha256=checksum.upper())) == 1
    assert ask(small, "checksums", sha256="0" * 64) == []


def test_a_quoted_amount_is_not_the_ministrys_text(small: Store) -> None:
    said = {row["words"] for row in ask(small, "quoted", voice="nikolai-astrup")}
    assert said == {"over 700 millioner kroner", "650 millioner kroner", "86 prosent av norske husstander"}
    plain = {row["words"] for row in ask(small, "quoted", voice="doc-no-2019-hoyt-digitaliseringstempo")}
    assert plain.isdisjoint(said)


def test_the_narrower_rule_moves_the_bounds_and_not_the_rows(project: Project) -> None:
    files = [*project.term_files(), *(project.data / name for name in FIXED)]
    narrow = Store.of_files(files)
    narrow.add(list(derive(narrow, PREFIXES["rule"] + "2").triples()))
    wide = derived(Store.of_files(files))
    before, after = ask(wide, "under-rule"), ask(narrow, "under-rule")
    assert [row["thing"] for row in before] == [row["thing"] for row in after]
    level = "id:medfinansieringsordningen-2020-level"
    # 2 % below 190 million.
    assert [row["lower"] for row in after if row["thing"] == level] == ["186200000"]
    assert [row["lower"] for row in before if row["thing"] == level] == ["180500000"]


# What a row of a list is of: reasons, payers, sources and words beside it never make a second one.
ROW_OF = {
    "addends": ("figure",),
    "commitments": ("figure",),
    "identifiers": ("entity", "property", "identifier"),
    "increases": ("figure",),
    "inferred": ("thing", "property"),
    "level-before": ("increase",),
    "names": ("entity", "language", "name"),
    "negotiators": ("commitment", "capacity", "party"),
    "not-summed": ("figure",),
    "novelty": ("commitment", "figure"),
    "others": ("total",),
    "outside-dates": ("thing", "property", "date", "source"),
    "per-year": ("figure",),
    "programme-through-years": ("figure",),
    "projects": ("programme", "project"),
    "promised-to": ("commitment", "figure"),
    "promises": ("government", "commitment", "figure"),
    "proposed-and-agreed": ("earlierFigure", "laterFigure"),
    "qualified-agreements": ("reconciliation",),
    "quoted": ("anchor", "thing"),
    "running-in": ("commitment", "figure"),
    "shared-payers": ("figure",),
    "stages": ("commitment",),
    "under-rule": ("figure", "thing"),
}


@pytest.mark.parametrize("name", ROW_OF)
def test_a_list_has_one_row_for_each(name: str, store: Store) -> None:
    """With everything open, and with several values of a parameter that one thing may have."""
    query = Query.read(HOME / "queries" / f"{name}.rq")
    everything: dict[str, str | list[str] | None] = {parameter.name: None for parameter in query.parameters}
    asked = [everything]
    for parameter in query.parameters:
        if found := VALUES.get(parameter.name):
            several = [
                number(term.value)
                for (term,) in selected(store, found)
                if isinstance(term, rdf.NamedNode | rdf.Literal)
            ]
            asked.append({**everything, parameter.name: several})
    for values in asked:
        told = Counter(tuple(row[column] for column in ROW_OF[name]) for row in ask(store, name, **values))
        assert [row for row, count in told.items() if count > 1] == [], values
        assert told or name == "others"


# Values of a parameter of which one thing may have several.
_SELECT = (
    "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("til", "dcterms"))
    + "SELECT DISTINCT ?v WHERE "
)
VALUES = {
    "document": f"{_SELECT} {{ ?figure til:saidIn ?v }}",
    "year": f"{_SELECT} {{ VALUES ?v {{ 2019 2020 2021 2022 }} }}",
    "payer": f"{_SELECT} {{ ?commitment til:funder ?v }}",
    "programme": f"{_SELECT} {{ ?part dcterms:isPartOf* ?v . ?commitment til:programme ?part }}",
    "novelty": f"{_SELECT} {{ ?commitment til:novelty ?v }}",
    "recipient": f"{_SELECT} {{ ?commitment til:recipient ?v }}",
}


@EVERY
def test_a_question_that_lists_amounts_says_so(path: Path) -> None:
    query = Query.read(path)
    if query.money and "sum" not in query.money:
        assert "listed, not summed" in " ".join(query.prose.split()).lower()


@pytest.mark.parametrize("name", ["commitments", "increases", "novelty", "shared-payers"])
def test_a_document_answers_with_what_is_said_in_it(name: str, store: Store) -> None:
    said: dict[str, set[str]] = {}
    for document, figure in selected(
        store, f"PREFIX til: <{PREFIXES['til']}> SELECT ?d ?f {{ ?f til:saidIn ?d }}"
    ):
        said.setdefault(cell(document), set()).add(cell(figure))
    told = {document: {row["figure"] for row in ask(store, name, document=document)} - {""} for document in said}
    assert any(told.values())
    assert [document for document in said if not told[document] <= said[document]] == []


def test_a_row_of_a_list_is_a_row_of_the_sum_of_the_same(store: Store) -> None:
    """`row` of the lists is that of addends, for every document, programme, government and year, and adds as much."""
    line = ("start", "end", "currency", "stage", "kind", "payerClass")

    def rows_of(name: str, adds: str = "adds", **values: str | None) -> set[tuple[str, ...]]:
        told = [row for row in ask(store, name, **values) if row["row"] == "true"]
        return {tuple(row[column] for column in ("figure", adds, *line)) for row in told}

    def added(**values: str | None) -> set[tuple[str, ...]]:
        return rows_of("addends", "value", **values)

    def each(pattern: str) -> list[str]:
        text = f"PREFIX til: <{PREFIXES['til']}> SELECT DISTINCT ?v {{ {pattern} }}"
        return [cell(value) for (value,) in selected(store, text)]

    for document in each("?figure til:saidIn ?v"):
        assert rows_of("commitments", document=document) == added(scope=document), document
        assert rows_of("document-sheet", document=document) == added(scope=document), document
    for government in each("?v a til:Government"):
        assert rows_of("promises", government=government, year=None) == added(scope=government), government
    for year in map(str, range(2009, 2031)):
        assert rows_of("running-in", year=year) == added(scope=None, year=year), year
    for year in ("2020", "2021", "2022", "2025"):
        for government in each("?v a til:Government"):
            told = rows_of("promises", government=government, year=year)
            assert told == added(scope=government, year=year), (government, year)
    yearly = {row["figure"] for row in ask(store, "addends", scope=None) if row["row"] == "true" and row["aYear"]}
    assert {row["figure"] for row in ask(store, "per-year") if row["row"] == "true"} == yearly
    for programme in each("?commitment til:programme ?v"):
        rows = {
            row["figure"]
            for row in ask(store, "programme-through-years", programme=programme)
            if row["row"] == "true"
        }
        assert rows == {figure for figure, *_ in added(scope=programme)}


def test_money_of_a_year_inside_money_of_several_years_says_so(store: Store) -> None:
    """1,400 million of 2021 and 500 of 2022 lie in the 2,850 until 2025, which runs in these years too."""
    total = "id:bredbandsstod-se-till-2025-level"

    def told(name: str, **values: str | None) -> dict[str, str]:
        lines = ask(store, name, **values)
        return {row["sum"]: row["insideOf"] for row in lines if row["insideOf"]}

    assert told("budget-year", year="2021", country=None) == {"1456750000": total}
    assert told("promised-by-government", government="regeringen-lofven-ii", year="2021") == {"1456750000": total}
    assert told("by-kind", scope="country:SWE", year="2022") == {"579500000": total}
    assert told("side-by-side", country="country:SWE", year="2021") == {"1456750000": total}
    assert told("payers", scope=None, year="2021", payer="staten-se") == {"1456750000": total}
    # Without a year the total alone is added.
    assert told("by-kind", scope="country:SWE", year=None) == {}
    within = {
        (cell(part), cell(whole))
        for part, whole in selected(
            store, f"PREFIX til: <{PREFIXES['til']}> SELECT ?part ?whole {{ ?part til:insideOf ?whole }}"
        )
    }
    for year in map(str, range(2009, 2034)):
        rows = {row["figure"]: row["insideOf"] for row in ask(store, "addends", scope=None, year=year)}
        for part, named in rows.items():
            assert set(filter(None, named.split(" · "))) == {whole for whole in rows if (part, whole) in within}


def test_an_open_period_runs_from_the_year_in_which_it_was_put_forward(store: Store) -> None:
    def running(year: int) -> dict[str, tuple[str, str]]:
        return {
            row["commitment"]: (row["startStated"], row["endStated"])
            for row in ask(store, "running-in", year=str(year))
        }

    assert len(running(2009)) == 9
    growth, before = "id:digital-vaekst-2018", "id:avancerad-digitalisering-fore-2023"
    assert [year for year in range(2005, 2035) if growth in running(year)] == list(range(2018, 2026))
    assert [year for year in range(2005, 2035) if before in running(year)] == [2022]
    assert running(2022)[before] == running(2018)[growth] == ("false", "true")
    assert running(2034)["id:cyberstrategi-dk-fra-2030"] == ("true", "false")
    dated = {row["commitment"] for row in ask(store, "running-in", year=None)}
    text = f"PREFIX til: <{PREFIXES['til']}> SELECT ?c {{ ?c til:stage ?stage MINUS {{ ?c til:period ?period }} }}"
    undated = {cell(term) for (term,) in selected(store, text)}
    assert undated and not dated & undated


@pytest.mark.parametrize("name", ["evidence", "negotiators", "novelty", "promised-to", "stages"])
def test_what_is_left_of_a_total_is_no_undertaking(name: str, store: Store) -> None:
    query = Query.read(HOME / "queries" / f"{name}.rq")
    told = {
        value for row in ask(store, name, **{one.name: None for one in query.parameters}) for value in row.values()
    }
    text = f"PREFIX til: <{PREFIXES['til']}> SELECT ?rest {{ ?rest til:restOf ?whole }}"
    rests = {cell(term) for (term,) in selected(store, text)}
    assert rests and not told & rests


@EVERY
def test_a_parameter_that_is_a_column_gives_just_those_rows(path: Path, store: Store) -> None:
    """An OPTIONAL that mentions the parameter would leave every row in, with the parameter's value in its place."""
    query = Query.read(path)
    everything: dict[str, str | list[str] | None] = {parameter.name: None for parameter in query.parameters}
    whole = store.query(query.bind(everything))
    assert isinstance(whole, Table)
    for parameter in query.parameters:
        if parameter.type not in ("iri", "code") or parameter.name not in whole.columns:
            continue
        at = whole.columns.index(parameter.name)
        values = Counter(term.value for row in whole.rows if isinstance(term := row[at], rdf.NamedNode))
        for value in [*list(values)[:3], "https://example.org/nothing"]:
            found = store.query(query.bind({**everything, parameter.name: [value]}))
            assert isinstance(found, Table)
            wanted = Counter(str(row) for row in whole.rows if cell(row[at]) == cell(rdf.iri(value)))
            assert Counter(map(str, found.rows)) == wanted, (parameter.name, value)
