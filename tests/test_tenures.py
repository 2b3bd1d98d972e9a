"""Who held a post on a day: in office, last known, not known after; and the tenures of 2022 to 2026."""

from __future__ import annotations

import csv
import itertools
import random
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import rdflib

from kg.cabinets import import_cabinets
from kg.cabinets.rows import COUNTRIES
from kg.project import Project
from kg.queries import find
from kg.results import Table, plain
from kg.store import Store
from kg.terms import CODE, ID, PREFIXES
from tests.conftest import Kg

LATER = "ministers-later.ttl"
IN, LAST, NOT = "inOffice", "lastKnown", "notKnownAfter"


def asked(store: Store, project: Project, name: str, **parameters: str | None) -> list[dict[str, str]]:
    answer = store.query(find(project, name).bind(parameters))
    assert isinstance(answer, Table)
    return [
        {
            column: plain(term).removeprefix(ID).removeprefix(f"{CODE}tenure-answer/")
            for column, term in zip(answer.columns, row, strict=True)
            if term is not None
        }
        for row in answer.rows
    ]


@pytest.fixture(scope="module")
def before(shared: Path, project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The reference files as they are without the tenures read by hand: today's tables alone."""
    graph = tmp_path_factory.mktemp("tables") / "graph"
    for path in (project.data / "reference").glob("*.ttl"):
        if path.name != LATER:
            target = graph / "reference" / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    made = Project(graph, project.ontology, project.queries)
    for name, text in import_cabinets(shared / "data" / "cabinets", made).files.items():
        (graph / name).parent.mkdir(exist_ok=True)
        (graph / name).write_text(text, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def tables(before: Project) -> Store:
    return Store.of_files([*before.term_files(), *before.graph_files()])


# The table of section 4 of the design: office, day, and the row of each graph.
NOBODY: dict[str, str] = {"answer": NOT}
CELLS = [
    (
        "statsminister-se",
        "2024-01-01",
        {**NOBODY, "after": "2022-10-17", "reaches": "2021-12-01", "government": "regeringen-kristersson"},
        {"answer": LAST, "person": "ulf-kristersson", "reaches": "2022-10-18"},
    ),
    (
        "finansminister-se",
        "2023-06-01",
        {**NOBODY, "after": "2022-10-17", "government": "regeringen-kristersson"},
        {"answer": LAST, "person": "elisabeth-svantesson"},
    ),
    (
        "finansminister-se",
        "2022-06-01",
        {"answer": LAST, "person": "mikael-damberg", "government": "regeringen-andersson"},
        {"answer": LAST, "person": "mikael-damberg", "government": "regeringen-andersson"},
    ),
    (
        "paaministeri-fi",
        "2024-06-01",
        {**NOBODY, "after": "2023-06-20", "government": "regeringen-orpo"},
        {"answer": LAST, "person": "petteri-orpo"},
    ),
    (
        "valtiovarainministeri-fi",
        "2024-06-01",
        {**NOBODY, "after": "2023-06-20", "government": "regeringen-orpo"},
        {"answer": LAST, "person": "riikka-purra"},
    ),
    (
        "finansminister-no",
        "2025-06-01",
        {**NOBODY, "after": "2022-04-12", "government": "regjeringen-store"},
        {"answer": IN, "person": "jens-stoltenberg"},
    ),
    (
        "civilminister-se",
        "2023-06-01",
        {"answer": LAST, "person": "erik-slottner", "membership": "erik-slottner-civilminister"},
        {"answer": LAST, "person": "erik-slottner", "membership": "erik-slottner-civilminister"},
    ),
]


@pytest.mark.parametrize(("office", "day", "wanted", "_"), CELLS)
def test_what_the_tables_alone_answer(
    office: str, day: str, wanted: dict[str, str], _: dict[str, str], tables: Store, project: Project
) -> None:
    (row,) = asked(tables, project, "minister-on-day", office=office, day=day)
    assert row | wanted == row
    assert ("person" in row) == (wanted["answer"] != NOT)


@pytest.mark.parametrize(("office", "day", "_", "wanted"), CELLS)
def test_what_the_graph_answers(office: str, day: str, _: dict[str, str], wanted: dict[str, str], kg: Kg) -> None:
    done = kg("query", "minister-on-day", "--office", office, "--day", day, "--format", "csv")
    (row,) = csv.DictReader(done.stdout.splitlines())
    found = {name: value.removeprefix(ID).removeprefix(f"{CODE}tenure-answer/") for name, value in row.items()}
    assert found | wanted == found


@pytest.mark.parametrize(
    ("office", "day", "answer", "person"),
    [
        ("energi-forsynings-og-klimaminister-dk", "2017-03-30", NOT, ""),
        ("energi-forsynings-og-klimaminister-dk", "2017-03-31", IN, "lars-chr-lilleholt"),
        ("energi-forsynings-og-klimaminister-dk", "2017-04-01", LAST, "lars-chr-lilleholt"),
        ("erhvervsminister-dk", "2018-02-26", IN, "brian-mikkelsen"),
        ("forsknings-og-hoyere-utdanningsminister-no", "2023-09-07", IN, "sandra-borch"),
        # Named by pages of 2025, of which no day is known: not by a day of that year, and by every later one.
        ("minister-for-samfundssikkerhed-og-beredskab-dk", "2026-01-01", LAST, "torsten-schack-pedersen"),
        ("formand-for-raadet-eu", "2021-01-01", LAST, "peter-altmaier"),
    ],
)
def test_a_page_that_names_a_minister_is_known_on_its_day(
    office: str, day: str, answer: str, person: str, store: Store, project: Project
) -> None:
    (row,) = asked(store, project, "minister-on-day", office=office, day=day)
    assert (row["answer"], row.get("person", "")) == (answer, person)
    assert "start" not in row


def test_the_danish_digital_minister_changed_four_times(tables: Store, store: Store, project: Project) -> None:
    assert not asked(tables, project, "minister-on-day", office="digitaliseringsminister-dk", day=None)
    found = asked(store, project, "minister-on-day", office="digitaliseringsminister-dk", day=None)
    assert [(row["name"], row["start"], row.get("end")) for row in found] == [
        ("Marie Bjerre", "2022-12-15", "2023-11-23"),
        ("Mia Wagner", "2023-11-23", "2023-12-07"),
        ("Marie Bjerre", "2023-12-07", "2024-08-29"),
        ("Caroline Stage Olsen", "2024-08-29", None),
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("da", ["sidst kendte", "ikke kendt efter"]),
        ("nb", ["sist kjente", "ikke kjent etter"]),
        ("sv", ["senast kända", "inte känd efter"]),
        ("en", ["last known", "not known after"]),
    ],
)
def test_the_answers_are_printed_as_words(language: str, words: list[str], kg: Kg) -> None:
    for office, word in zip(("statsminister-se", "statsminister-dk"), words, strict=True):
        done = kg(
            *("query", "minister-on-day", "--office", office, "--day", "2024-01-01"),
            *("--format", "md", "--lang", language),
        )
        assert f"| {word} |" in done.stdout


# One membership, one government.


def test_813_memberships_become_969(tables: Store) -> None:
    assert rows(tables, "(COUNT(DISTINCT ?m) AS ?n)", "?m a org:Membership") == [("969",)]
    tenures = rows(tables, "DISTINCT ?p ?r ?t", "?m org:member ?p ; org:role ?r ; til:tenure ?t")
    undated = rows(tables, "?m", "?m a org:Membership FILTER NOT EXISTS { ?m til:tenure ?t }")
    assert len(tenures) + len(undated) == 813


def rows(store: Store, columns: str, pattern: str, tail: str = "") -> list[tuple[str, ...]]:
    answer = store.query(f"SELECT {columns} WHERE {{ {pattern} }} {tail}")
    assert isinstance(answer, Table)
    return [tuple(plain(term).removeprefix(ID) for term in row) for row in answer.rows]


def test_the_pieces_of_a_tenure_are_its_days_and_no_day_twice(store: Store) -> None:
    """So nobody is named on another day than before a tenure was cut."""
    found = rows(
        store,
        "?p ?r ?first ?last ?start ?end",
        "?m org:member ?p ; org:role ?r ; til:tenure ?t ; org:memberDuring ?d . "
        "?t dcat:startDate ?first . ?d dcat:startDate ?start . "
        "OPTIONAL { ?t dcat:endDate ?last } OPTIONAL { ?d dcat:endDate ?end }",
    )
    pieces: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for *tenure, start, end in found:
        pieces.setdefault(tuple(tenure), []).append((start, end))
    assert sum(len(days) > 1 for days in pieces.values()) > 100
    for (_, _, first, last), days in pieces.items():
        days.sort()
        assert (days[0][0], days[-1][1]) == (first, last)
        if first != last:  # a tenure of one day, that of the change, is in both governments
            for (_, end), (start, _) in itertools.pairwise(days):
                assert date.fromisoformat(end) + timedelta(days=1) == date.fromisoformat(start)


def days(start: str, end: str) -> range:
    """The days of a span as numbers; one without an end goes on to 2030."""
    return range(date.fromisoformat(start).toordinal(), date.fromisoformat(end or "2030-01-01").toordinal() + 1)


def test_everyone_is_there_on_every_day_that_the_tables_say(shared: Path, before: Project, tables: Store) -> None:
    """Each person's days in each office: of the rows, without the importer, and of the memberships."""
    offices = {
        (country[-3:], label): role
        for role, country, label in rows(
            tables,
            "?role ?country ?label",
            "?role a org:Role ; dcterms:spatial ?country ; skos:prefLabel|skos:hiddenLabel ?label "
            "FILTER(LANG(?label) = 'en')",
        )
    }
    with (before.data / "reference/cabinets/left-out.csv").open(encoding="utf-8", newline="") as file:
        left_out = {(row["country"], int(row["line"])) for row in csv.DictReader(file)}
    wanted: dict[tuple[str, str], set[int]] = {}
    for folder, code in COUNTRIES.items():
        with (shared / "data/cabinets" / folder / "holders21.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                if (code, reader.line_num) not in left_out:
                    post = offices[code, row["position"]], row["personID"]
                    wanted.setdefault(post, set()).update(days(row["start"], row["end"]))
    found: dict[tuple[str, str], set[int]] = {}
    for role, item, start, end in rows(
        tables,
        "?role ?item ?start ?end",
        "?m org:role ?role ; org:member/schema:sameAs ?item ; org:memberDuring ?d ; dcterms:source ?s ; "
        "org:organization/a til:Government . ?d dcat:startDate ?start OPTIONAL { ?d dcat:endDate ?end } "
        "FILTER(CONTAINS(STR(?s), 'wikidata-cabinets'))",
    ):
        found.setdefault((role, item.removeprefix(PREFIXES["wd"])), set()).update(days(start, end))
    assert found == wanted


def test_phases_of_a_cabinet_are_counted_as_no_governments(store: Store) -> None:
    """ParlGov has five Norwegian cabinets under Solberg, and three governments that Wikidata's tables lack."""
    counted = rows(
        store, "?c (COUNT(DISTINCT ?g) AS ?n)", "?g a til:Government ; dcterms:spatial ?c", "GROUP BY ?c"
    )
    # As many as all-cabinets.csv has since 2001, and what only ParlGov has: Frederiksen II, Orpo, Kristersson.
    assert {country[-3:]: int(number) for country, number in counted} == {"DNK": 11, "FIN": 11, "NOR": 5, "SWE": 7}
    assert rows(store, "?g", "?g a til:Government , til:CabinetPhase") == []
    parts = rows(store, "?g", "?g a til:CabinetPhase ; dcterms:isPartOf id:regjeringen-solberg")
    assert len(parts) == 5
    assert (
        rows(store, "?g", "?g a til:CabinetPhase FILTER NOT EXISTS { ?g dcterms:isPartOf/a til:Government }") == []
    )


# The 24 tenures that were read by hand.

OFFICES = {
    "Minister for Digital Government and Gender Equality": "digitaliseringsminister-dk",
    "Minister for Digital Affairs": "digitaliseringsminister-dk",
    "Minister for Economic Affairs": "okonomiminister-dk",
    "Minister of Transport and Communications": "liikenne-ja-viestintaministeri-fi",
    "Minister of Local and Regional Government": "kunta-ja-alueministeri-fi",
    "Minister for Public Administration": "civilminister-se",
    "Minister for Foreign Affairs": "utrikesminister-se",
    "Minister of Local Government and Regional Development": "kommunalminister-no",
    "Minister of Digitalisation and Public Governance": "digitaliserings-og-forvaltningsminister-no",
    "DNK Minister for Finance": "finansminister-dk",
    "FIN Prime Minister": "paaministeri-fi",
    "FIN Minister of Finance": "valtiovarainministeri-fi",
    "SWE Prime Minister": "statsminister-se",
    "SWE Minister for Finance": "finansminister-se",
    "NOR Minister of Finance": "finansminister-no",
}
# A start that the file leaves to the tables.
STARTS = {"Sigbjørn Gjelsvik": "2022-04-12"}


def test_each_of_the_24_tenures_is_there_with_its_source(shared: Path, store: Store) -> None:
    with (shared / "data/ministers-later/ministers_2022_2026.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert len(read) == 24
    for row in read:
        office = OFFICES.get(row["office"]) or OFFICES[f"{row['country']} {row['office']}"]
        start = row["start"] or STARTS[row["person"]]
        found = rows(
            store,
            "?m ?last ?known ?page ?note",
            f'?who foaf:name|skos:altLabel ?name FILTER(STR(?name) = "{row["person"]}") '
            f"?m org:member ?who ; org:role id:{office} ; til:tenure ?t ; dcterms:source ?source . "
            f'?t dcat:startDate "{start}"^^xsd:date . OPTIONAL {{ ?t dcat:endDate ?last }} '
            "OPTIONAL { ?m til:knownTo ?known } OPTIONAL { ?source foaf:page ?page } "
            "OPTIONAL { ?m skos:editorialNote ?note }",
        )
        assert found, row
        assert {last for _, last, *_ in found} == {row["end"]}, row
        assert {page for *_, page, _ in found} >= {row["source"]}, row
        assert any(note for *_, note in found), row
        if not row["end"]:
            # An earlier day by this page than by a document; else the last day that the page speaks of.
            assert {known for _, _, known, *_ in found if known} in ({row["known_to"]}, {"2023-04-01"}), row


def test_nobody_has_two_memberships_for_one_tenure_and_government(store: Store) -> None:
    assert (
        rows(
            store,
            "?m ?n",
            "?m org:member ?p ; org:role ?r ; org:organization ?g ; til:tenure ?t . "
            "?n org:member ?p ; org:role ?r ; org:organization ?g ; til:tenure ?t . FILTER(STR(?m) < STR(?n))",
        )
        == []
    )


# Every day and office, by the rules as they are written in words.


class Post(NamedTuple):
    """A membership: its days in one government, the last day known of it, the government's end."""

    person: str
    begins: str
    ends: str
    named: str
    reaches: str
    closes: str

    @property
    def known(self) -> str:
        return max(self.named, self.reaches) or self.begins


def posts(store: Store) -> dict[str, list[Post]]:
    found: dict[str, list[Post]] = {}
    for role, *post in rows(
        store,
        "?role ?p ?start ?end ?named (MAX(?table) AS ?reaches) (MAX(?close) AS ?closes)",
        "?m org:role ?role ; org:member ?p ; (org:memberDuring/dcat:startDate)|til:knownFrom ?start . "
        "OPTIONAL { ?m org:memberDuring/dcat:endDate ?end } OPTIONAL { ?m til:knownTo ?named } "
        "OPTIONAL { ?m dcterms:source/dcterms:temporal/dcat:endDate ?table } "
        "OPTIONAL { ?m org:organization/dcterms:temporal/dcat:endDate ?close }",
        "GROUP BY ?m ?role ?p ?start ?end ?named",
    ):
        found.setdefault(role, []).append(Post(*post))
    return found


def answers(office: list[Post], day: str) -> set[tuple[str, str]]:
    """(answer, person), or (notKnownAfter, the day)."""
    begun = [post for post in office if post.begins <= day]
    named = set()
    for post in begun:
        if day <= (post.ends or post.known):
            named.add((IN, post.person))
        elif post.ends or any(post.known < other.begins < day for other in office if other != post):
            continue
        elif day <= post.closes if post.closes else post.named:
            named.add((LAST, post.person))
    if begun and not named:
        named.add((NOT, max(post.ends or max(post.closes, post.known) for post in begun)))
    return named


def test_the_answer_is_that_of_the_rules_on_any_day(store: Store, project: Project) -> None:
    offices = posts(store)
    chosen = random.Random(22)
    counted = dict.fromkeys((IN, LAST, NOT), 0)
    cases = [
        (
            office,
            (
                date.fromisoformat(near(chosen.choice(offices[office]))) + timedelta(chosen.randint(-1, 1))
            ).isoformat(),
        )
        for office in chosen.choices(sorted(offices), k=200)
        for near in (
            lambda post: post.begins,
            lambda post: post.ends or post.known,
            lambda _: f"20{chosen.randint(19, 27)}-05-17",
        )
    ]
    for office, day in cases:
        found = {
            (row["answer"], row.get("person") or row["after"])
            for row in asked(store, project, "minister-on-day", office=office, day=day)
        }
        assert found == answers(offices[office], day), (office, day)
        for answer, _ in found:
            counted[answer] += 1
    assert min(counted.values()) > 10


# Each rule by itself, on a graph of our own.

OWN = (
    "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    + """
id:post a org:Role ; skos:prefLabel "post"@da ; dcterms:spatial country:DNK .
id:ended a til:Government ; dcterms:spatial country:DNK ; dcterms:temporal id:early .
id:sitting a til:Government ; dcterms:spatial country:DNK ; dcterms:temporal id:late .
id:early a dcterms:PeriodOfTime ; dcat:startDate "2001-01-01"^^xsd:date ; dcat:endDate "2010-01-01"^^xsd:date .
id:late a dcterms:PeriodOfTime ; dcat:startDate "2010-01-01"^^xsd:date .
id:table a foaf:Document ; dcterms:temporal id:reach .
id:reach a dcterms:PeriodOfTime ; dcat:endDate "2005-06-01"^^xsd:date .
id:page a foaf:Document .
"""
)


def tenure(
    name: str, start: str, end: str = "", government: str = "ended", known: str = "", page: bool = False
) -> str:
    """One membership in id:post, from the table or from a page."""
    last = f' ; dcat:endDate "{end}"^^xsd:date' if end else ""
    seen = f' ; til:knownTo "{known}"^^xsd:date' if known else ""
    return f"""
id:{name} a foaf:Person ; foaf:name "{name}" .
id:{name}-post a org:Membership ; org:member id:{name} ; org:role id:post ; org:organization id:{government} ;
    org:memberDuring id:{name}-days ; dcterms:source id:{"page" if page else "table"}{seen} .
id:{name}-days a dcterms:PeriodOfTime ; dcat:startDate "{start}"^^xsd:date{last} .
"""


def named(first: str, last: str) -> str:
    """A membership of "a" whose start nobody states, named by a page."""
    return f"""
id:a a foaf:Person ; foaf:name "a" .
id:a-post a org:Membership ; org:member id:a ; org:role id:post ; org:organization id:sitting ;
    dcterms:source id:page ; til:knownFrom "{first}"^^xsd:date ; til:knownTo "{last}"^^xsd:date .
"""


def graph(tmp_path: Path, *parts: str) -> Store:
    path = tmp_path / "own.ttl"
    path.write_text(OWN + "".join(parts), encoding="utf-8")
    return Store.of_files([path])


OPEN = tenure("a", "2004-01-01")
PAGED = tenure("a", "2011-01-01", government="sitting", known="2012-03-01", page=True)


@pytest.mark.parametrize(
    ("parts", "day", "wanted"),
    [
        # The first day, the last day that the table reaches, the government's last day, and after each.
        ([OPEN], "2003-12-31", []),
        ([OPEN], "2004-01-01", [(IN, "a")]),
        ([OPEN], "2005-06-01", [(IN, "a")]),
        ([OPEN], "2005-06-02", [(LAST, "a")]),
        ([OPEN], "2010-01-01", [(LAST, "a")]),
        ([OPEN], "2010-01-02", [(NOT, "2010-01-01")]),
        # A government without an end: a table says nothing of later days, a page does until a successor.
        ([tenure("a", "2004-01-01", government="sitting")], "2005-06-02", [(NOT, "2005-06-01")]),
        ([PAGED], "2012-03-01", [(IN, "a")]),
        ([PAGED], "2020-01-01", [(LAST, "a")]),
        ([PAGED, tenure("b", "2013-01-01", "2014-01-01", "sitting")], "2013-01-01", [(IN, "b"), (LAST, "a")]),
        ([PAGED, tenure("b", "2013-01-01", "2014-01-01", "sitting")], "2013-01-02", [(IN, "b")]),
        ([PAGED, tenure("b", "2013-01-01", "2014-01-01", "sitting")], "2014-01-02", [(NOT, "2014-01-01")]),
        # Who began before the other was last known is no successor: some posts have two holders.
        ([PAGED, tenure("b", "2012-01-01", "2014-01-01", "sitting")], "2013-01-01", [(IN, "b"), (LAST, "a")]),
        # One who came in before the government ended is the successor too.
        ([OPEN, tenure("b", "2006-01-01", "2007-01-01")], "2008-01-01", [(NOT, "2010-01-01")]),
        # A stated end ends it, and a gap is nobody's.
        (
            [tenure("a", "2004-01-01", "2004-05-01"), tenure("b", "2004-05-03")],
            "2004-05-02",
            [(NOT, "2004-05-01")],
        ),
        (
            [tenure("a", "2004-01-01", "2004-05-01"), tenure("b", "2004-05-01")],
            "2004-05-01",
            [(IN, "a"), (IN, "b")],
        ),
        # No day of entry: a page has the person on a day, or by a day.
        ([named("2012-03-01", "2012-03-01")], "2012-02-29", []),
        ([named("2012-03-01", "2012-03-01")], "2012-03-01", [(IN, "a")]),
        ([named("2012-03-01", "2013-03-01")], "2012-10-01", [(IN, "a")]),
        ([named("2012-12-31", "2012-01-01")], "2012-06-01", []),
        ([named("2012-12-31", "2012-01-01")], "2012-12-31", [(LAST, "a")]),
        ([named("2012-12-31", "2012-01-01")], "2014-01-01", [(LAST, "a")]),
        (
            [named("2012-12-31", "2012-01-01"), tenure("b", "2013-01-01", government="sitting")],
            "2013-01-01",
            [(IN, "b"), (LAST, "a")],
        ),
        (
            [named("2012-12-31", "2012-01-01"), tenure("b", "2013-01-01", "2014-01-01", "sitting")],
            "2013-06-01",
            [(IN, "b")],
        ),
        # A document later than the table.
        ([tenure("a", "2004-01-01", known="2006-01-01")], "2006-01-01", [(IN, "a")]),
    ],
)
def test_each_rule(
    parts: list[str], day: str, wanted: list[tuple[str, str]], tmp_path: Path, project: Project
) -> None:
    found = asked(graph(tmp_path, *parts), project, "minister-on-day", office="post", day=day)
    assert sorted((row["answer"], row.get("person") or row["after"]) for row in found) == sorted(wanted)
    peer = rdflib.Graph().parse(tmp_path / "own.ttl")
    text = find(project, "minister-on-day").bind({"office": "post", "day": day})
    rows = [row for row in peer.query(text) if isinstance(row, rdflib.query.ResultRow)]
    said = sorted((str(row.answer), str(row.person or row.after)) for row in rows)
    assert said == sorted(
        (f"{CODE}tenure-answer/{answer}", who if answer == NOT else ID + who) for answer, who in wanted
    )


DOCUMENT = """
id:doc a foaf:Document ; dcterms:issued "{day}"^^xsd:date ; schema:mentions id:a-post .
id:said a oa:SpecificResource ; oa:hasSource id:doc ; prov:wasAttributedTo id:a .
id:promise a til:Commitment ; til:programme id:thing ; dcterms:source id:doc .
"""


@pytest.mark.parametrize(
    ("parts", "day", "answer", "after"),
    [
        ([OPEN], "2005-06-01", IN, ""),
        ([OPEN], "2005-06-02", LAST, ""),
        ([OPEN], "2011-01-01", NOT, "2010-01-01"),
        ([PAGED], "2020-01-01", LAST, ""),
        ([PAGED, tenure("b", "2013-01-01", "2014-01-01", "sitting")], "2013-06-01", NOT, "2012-03-01"),
        ([named("2012-03-01", "2012-03-01")], "2012-03-01", IN, ""),
        ([named("2012-12-31", "2012-12-01")], "2013-03-01", LAST, ""),
    ],
)
def test_the_other_questions_answer_the_same(
    parts: list[str], day: str, answer: str, after: str, tmp_path: Path, project: Project
) -> None:
    store = graph(tmp_path, *parts, DOCUMENT.format(day=day))
    for name, parameters in (("office-held", {"document": "doc"}), ("in-office-on-the-day", {"document": "doc"})):
        for row in asked(store, project, name, **parameters):
            assert (row["person"], row["answer"], row.get("after", "")) == ("a", answer, after), name
    found = {
        (row["answer"], row.get("person", ""), row.get("after", ""))
        for row in asked(store, project, "responsible-on-day", programme="thing", day=day)
    }
    wanted = {
        (row["answer"], row.get("person", ""), row.get("after", ""))
        for row in asked(store, project, "minister-on-day", office="post", day=day)
    }
    assert found == wanted


def test_a_speaker_of_another_time_is_not_in_office(tmp_path: Path, project: Project) -> None:
    store = graph(tmp_path, tenure("a", "2004-01-01", "2004-05-01"), DOCUMENT.format(day="2005-01-01"))
    assert not asked(store, project, "office-held", document="doc")
    found = asked(store, project, "in-office-on-the-day", document="doc")
    assert {row["answer"] for row in found} == {"notInOffice"}
