"""The import of governments and ministers: tables of our own, and the real ones where they are at hand."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from kg import rdf
from kg.cabinets import FOLDER, Import, import_cabinets
from kg.cabinets.known import Known, slug
from kg.cabinets.rows import COUNTRIES
from kg.errors import WorldError
from kg.project import Project
from kg.queries import find
from kg.results import Table, plain
from kg.store import Store
from kg.terms import ID, PREFIXES
from tests.conftest import Kg

HOLDERS = "position,person,personID,start,end,gender"
CABINETS = (
    "ordinal,item,itemLabel,inception,inceptionPrecision,startTime,startTimePrecision,"
    "abolished,abolishedPrecision,endTime,endTimePrecision,"
    "replaces,replacesLabel,replacedBy,replacedByLabel,follows,followsLabel,followedBy,followedByLabel"
)
PARLGOV = (
    "country_name_short,country_name,election_date,start_date,cabinet_name,caretaker,cabinet_party,"
    "prime_minister,party_name_short,party_name,cabinet_id,previous_cabinet_id,party_id"
)
OFFICES = """
@prefix country: <http://publications.europa.eu/resource/authority/country/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix id: <https://w3id.org/tilsagn/id/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
id:statsminister-dk a org:Role ; skos:prefLabel "Prime Minister"@en ; dcterms:spatial country:DNK .
id:skatteminister-dk a org:Role ; skos:prefLabel "tax"@en ; skos:hiddenLabel "Minister of Tax"@en ;
    dcterms:spatial country:DNK .
"""


def cabinet(item: str, label: str, start: str, end: str, before: str = "", after: str = "") -> str:
    precision = "11" if end else ""
    return f",{item},{label},,,{start},11,,,{end},{precision},{before},,{after},,,,,"


def tables(folder: Path, holders: list[str], cabinets: list[str], parlgov: list[str] | None = None) -> Path:
    """A folder as the importer wants it, with Danish rows of our own and the other countries nearly empty."""
    for name in COUNTRIES:
        (folder / name).mkdir(parents=True)
        own = name == "denmark"
        rows = holders if own else ["King,Nobody,Q1,2000-01-01,,"]
        (folder / name / "holders21.csv").write_text("\n".join([HOLDERS, *rows]) + "\n", encoding="utf-8")
        lines = [CABINETS, *(cabinets if own else [])]
        (folder / name / "all-cabinets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "parlgov_nordic.csv").write_text("\n".join([PARLGOV, *(parlgov or [])]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """A graph with two offices and nothing else."""
    graph = tmp_path / "graph" / "reference"
    graph.mkdir(parents=True)
    (graph / "offices.ttl").write_text(OFFICES, encoding="utf-8")
    home = Project.find()
    return Project(tmp_path / "graph", home.ontology, home.queries)


def store(result: Import, tmp_path: Path) -> Store:
    path = tmp_path / "denmark.ttl"
    path.write_text(result.files[f"{FOLDER}/denmark.ttl"], encoding="utf-8")
    return Store.of_files([path])


def values(source: Store, names: str, pattern: str) -> list[tuple[str, ...]]:
    """`SELECT names WHERE { pattern }`, slugs for IRIs of ours, empty for unbound, sorted."""
    variables = " ".join(f"?{name}" for name in names.split())
    answer = source.query(f"SELECT {variables} WHERE {{ {pattern} }}")
    assert isinstance(answer, Table)
    return sorted(tuple(plain(term).removeprefix(ID) for term in row) for row in answer.rows)


ONE_CABINET = [cabinet("Q10", "Cabinet A", "2005-01-01", "2008-01-01")]


def test_a_row_becomes_a_membership_with_its_days_and_government(small: Project, tmp_path: Path) -> None:
    folder = tables(tmp_path / "t", ["Prime Minister,Åse Grøn,Q7,2005-01-01,2008-01-01,f"], ONE_CABINET)
    found = values(
        store(import_cabinets(folder, small), tmp_path),
        "m p r g s e n",
        "?m a org:Membership ; org:member ?p ; org:role ?r ; org:organization ?g ; "
        "org:memberDuring [ dcat:startDate ?s ; dcat:endDate ?e ] . ?p schema:sameAs wd:Q7 ; foaf:name ?n",
    )
    post = "ase-gron-statsminister-dk-2005-01-01"
    assert found == [(post, "ase-gron", "statsminister-dk", "cabinet-a", "2005-01-01", "2008-01-01", "Åse Grøn")]


def test_an_office_is_known_by_its_hidden_label_too(small: Project, tmp_path: Path) -> None:
    folder = tables(tmp_path / "t", ["Minister of Tax,A,Q7,2005-01-01,2008-01-01,f"], ONE_CABINET)
    assert import_cabinets(folder, small).countries[0].memberships == 1


def test_a_tenure_ending_on_the_day_of_change_is_not_in_the_next_government(
    small: Project, tmp_path: Path
) -> None:
    rows = [cabinet("Q10", "A", "2005-01-01", "2008-01-01"), cabinet("Q11", "B", "2008-01-01", "2010-01-01")]
    holders = [
        "Prime Minister,Old,Q7,2005-01-01,2008-01-01,f",
        "Prime Minister,New,Q8,2008-01-01,2010-01-01,f",
        "Minister of Tax,Both,Q9,2005-01-01,2010-01-01,f",
        "Minister of Tax,Day,Q12,2008-01-01,2008-01-01,f",
    ]
    source = store(import_cabinets(tables(tmp_path / "t", holders, rows), small), tmp_path)
    assert values(source, "p g", "?m org:member ?p ; org:organization ?g") == [
        ("both", "a"),
        ("both", "b"),
        ("day", "a"),
        ("day", "b"),
        ("new", "b"),
        ("old", "a"),
    ]
    assert values(source, "p g", "?p org:headOf ?g") == [("new", "b"), ("old", "a")]
    # One membership, one government.
    assert values(source, "m", "?m org:organization ?g , ?h . FILTER(?g != ?h)") == []


PIECES = (
    "?m a org:Membership ; org:organization ?g ; org:memberDuring ?d ; til:tenure ?t . "
    "?d dcat:startDate ?s . ?t dcat:startDate ?from . "
    "OPTIONAL { ?d dcat:endDate ?e } OPTIONAL { ?t dcat:endDate ?to }"
)


def test_a_tenure_is_cut_where_the_next_government_begins(small: Project, tmp_path: Path) -> None:
    """A gap between two governments is the end of the piece before it; the last piece has the tenure's end."""
    rows = [cabinet("Q10", "A", "2005-01-01", "2008-01-01"), cabinet("Q11", "B", "2008-01-03", "2010-01-01")]
    holders = [
        "Minister of Tax,Both,Q9,2006-01-01,2010-01-02,f",
        "Minister of Tax,Open,Q12,2007-01-01,,f",
        "Minister of Tax,One,Q13,2008-01-03,2009-01-01,f",
    ]
    result = import_cabinets(tables(tmp_path / "t", holders, rows), small)
    assert (result.countries[0].tenures, result.countries[0].memberships) == (3, 5)
    assert values(store(result, tmp_path), "m g s e from to", PIECES) == [
        ("both-skatteminister-dk-2006-01-01", "a", "2006-01-01", "2008-01-02", "2006-01-01", "2010-01-02"),
        ("both-skatteminister-dk-2006-01-01-in-b", "b", "2008-01-03", "2010-01-02", "2006-01-01", "2010-01-02"),
        ("one-skatteminister-dk-2008-01-03", "b", "2008-01-03", "2009-01-01", "2008-01-03", "2009-01-01"),
        ("open-skatteminister-dk-2007-01-01", "a", "2007-01-01", "2008-01-02", "2007-01-01", ""),
        ("open-skatteminister-dk-2007-01-01-in-b", "b", "2008-01-03", "", "2007-01-01", ""),
    ]


HAND = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


def test_an_end_that_is_known_by_hand_ends_the_tenure_of_the_table(small: Project, tmp_path: Path) -> None:
    (small.data / "reference" / "later.ttl").write_text(
        HAND
        + """
id:a a foaf:Person ; skos:exactMatch wd:Q7 .
id:the-post a org:Membership ; org:member id:a ; org:role id:skatteminister-dk ; til:tenure id:then .
id:then a dcterms:PeriodOfTime ; dcat:startDate "2005-01-01"^^xsd:date ; dcat:endDate "2007-06-01"^^xsd:date .
""",
        encoding="utf-8",
    )
    folder = tables(tmp_path / "t", ["Minister of Tax,A,Q7,2005-01-01,,f"], ONE_CABINET)
    source = store(import_cabinets(folder, small), tmp_path)
    assert values(source, "m g s e from to", PIECES) == [
        ("the-post", "cabinet-a", "2005-01-01", "2007-06-01", "2005-01-01", "2007-06-01")
    ]


def test_a_piece_in_a_later_government_that_is_known_by_hand_ends_that_of_the_table(
    small: Project, tmp_path: Path
) -> None:
    (small.data / "reference" / "later.ttl").write_text(
        HAND
        + """
id:a a foaf:Person ; skos:exactMatch wd:Q7 .
id:a-skatteminister-dk-2005-01-01-in-next a org:Membership ; org:member id:a ; org:role id:skatteminister-dk ;
    org:memberDuring id:on ; til:tenure id:then .
id:on a dcterms:PeriodOfTime ; dcat:startDate "2008-01-01"^^xsd:date .
id:then a dcterms:PeriodOfTime ; dcat:startDate "2005-01-01"^^xsd:date .
""",
        encoding="utf-8",
    )
    folder = tables(tmp_path / "t", ["Minister of Tax,A,Q7,2005-01-01,,f"], ONE_CABINET)
    source = store(import_cabinets(folder, small), tmp_path)
    assert values(source, "m g s e from to", PIECES) == [
        ("a-skatteminister-dk-2005-01-01", "cabinet-a", "2005-01-01", "2007-12-31", "2005-01-01", "")
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("ambassador to Norway,A,Q7,2005-01-01,2006-01-01,f", "not an office of the government"),
        ("Prime Minister,A,Q7,1995-01-01,2000-12-31,f", "ended before 2001"),
        ("Prime Minister,A,Q7,1995,2000,f", "ended before 2001"),
        ("Prime Minister,A,Q7,2005,2006,f", "the day is not given"),
        ("Prime Minister,A,Q7,2006-01-01,2006-05,f", "the day is not given"),
        ("Prime Minister,A,Q7,2007-01-01,2006-01-01,f", "ends before it starts"),
        ("Prime Minister,A,Q7,2012-01-01,2013-01-01,f", "outside every cabinet of the table"),
    ],
)
def test_every_row_left_out_has_its_reason(row: str, reason: str, small: Project, tmp_path: Path) -> None:
    result = import_cabinets(tables(tmp_path / "t", [row], ONE_CABINET), small)
    country = result.countries[0]
    assert country.memberships == 0
    assert [why for _, why in country.left_out] == [reason]
    assert reason in result.files[f"{FOLDER}/left-out.csv"]


def test_a_tenure_over_new_year_2001_is_kept(small: Project, tmp_path: Path) -> None:
    rows = [cabinet("Q10", "A", "1999-01-01", "2001-06-01")]
    folder = tables(tmp_path / "t", ["Prime Minister,A,Q7,1999-01-01,2001-01-01,f"], rows)
    assert import_cabinets(folder, small).countries[0].memberships == 1


def test_an_old_cabinet_whose_end_is_known_by_year_only_is_no_government_of_today(
    small: Project, tmp_path: Path
) -> None:
    """It once stood open, from 1940 to this day, and every minister served in it."""
    old = ",Q10,Commission,1940-09-25,11,,,1942-01-01,9,,,,,,,,,,"
    folder = tables(
        tmp_path / "u",
        ["Prime Minister,A,Q7,2005-01-01,2008-01-01,f"],
        [old, cabinet("Q11", "Cabinet A", "2005-01-01", "2008-01-01")],
    )
    source = store(import_cabinets(folder, small), tmp_path)
    assert values(source, "g", "?g a til:Government") == [("cabinet-a",)]


PARTY = "DNK,Denmark,2005-01-01,{start},{name},0,1,1,V,Venstre,{id},{before},1605"


def test_parlgovs_cabinet_with_the_same_days_is_the_same_government(small: Project, tmp_path: Path) -> None:
    parlgov = [
        PARTY.format(start="2005-01-01", name="One", id=1, before=""),
        PARTY.format(start="2008-01-01", name="Two", id=2, before=1),
    ]
    folder = tables(tmp_path / "t", ["Prime Minister,A,Q7,2005-01-01,,f"], ONE_CABINET, parlgov)
    source = store(import_cabinets(folder, small), tmp_path)
    assert values(source, "g", "?g a til:Government") == [("cabinet-a",), ("two-parlgov-dk",)]
    assert len(values(source, "s", "id:cabinet-a dcterms:source ?s")) == 2
    assert values(source, "g", "id:cabinet-a dcterms:isReplacedBy ?g") == [("two-parlgov-dk",)]
    assert values(source, "party", "id:cabinet-a org:hasMember ?party") == [("venstre-dk",)]


def test_parlgovs_other_days_stand_beside_wikidatas(small: Project, tmp_path: Path) -> None:
    parlgov = [
        PARTY.format(start="2005-01-01", name="One", id=1, before=""),
        PARTY.format(start="2006-01-01", name="Two", id=2, before=1),
        PARTY.format(start="2008-01-02", name="Three", id=3, before=2),
    ]
    folder = tables(tmp_path / "t", ["Prime Minister,A,Q7,2005-01-01,,f"], ONE_CABINET, parlgov)
    source = store(import_cabinets(folder, small), tmp_path)
    # The second, which ends a day later there, has most of its days in it too.
    phases = [("one-parlgov-dk",), ("two-parlgov-dk",)]
    assert values(source, "g", "?g dcterms:isPartOf id:cabinet-a") == phases
    assert values(source, "g", "?g a til:CabinetPhase") == phases
    assert values(source, "g", "?g a til:Government") == [("cabinet-a",), ("three-parlgov-dk",)]
    inferred = values(source, "g", "?g til:inferred dcterms:temporal ; til:dateSource id:source-parlgov")
    assert inferred == phases
    # A government does not replace a phase of another; that is said of the phase.
    assert values(source, "a b", "?a dcterms:replaces ?b") == [("two-parlgov-dk", "one-parlgov-dk")]
    assert values(source, "a b", "?a dcterms:isReplacedBy ?b") == [
        ("one-parlgov-dk", "two-parlgov-dk"),
        ("two-parlgov-dk", "three-parlgov-dk"),
    ]


def test_a_cabinet_that_had_not_ended_takes_its_end_from_parlgov_and_says_so(
    small: Project, tmp_path: Path
) -> None:
    parlgov = [
        PARTY.format(start="2019-06-27", name="One", id=1, before=""),
        PARTY.format(start="2022-12-15", name="Two", id=2, before=1),
    ]
    rows = [cabinet("Q10", "Now", "2019-06-27", "")]
    folder = tables(tmp_path / "t", ["Prime Minister,A,Q7,2019-06-27,,f"], rows, parlgov)
    source = store(import_cabinets(folder, small), tmp_path)
    assert values(source, "e", "id:now dcterms:temporal/dcat:endDate ?e") == [("2022-12-15",)]
    assert values(source, "p", "id:now til:inferred ?p") == [(PREFIXES["dcterms"] + "temporal",)]
    # The table was made before the second: nothing in it tells who led that one.
    assert values(source, "p g", "?p org:headOf ?g") == [("a", "now")]


def test_two_people_of_one_name_are_two(small: Project, tmp_path: Path) -> None:
    holders = [
        "Prime Minister,Ole Olsen,Q7,2005-01-01,2006-01-01,m",
        "Minister of Tax,Ole Olsen,Q8,2005-01-01,2006-01-01,m",
    ]
    source = store(import_cabinets(tables(tmp_path / "t", holders, ONE_CABINET), small), tmp_path)
    assert values(source, "p", "?p a foaf:Person") == [("ole-olsen",), ("ole-olsen-q8",)]


def test_an_iri_stays_when_the_name_in_the_table_changes(small: Project, tmp_path: Path) -> None:
    before = tables(tmp_path / "t", ["Prime Minister,Old Name,Q7,2005-01-01,2006-01-01,m"], ONE_CABINET)
    first = import_cabinets(before, small)
    for name, text in first.files.items():
        (small.data / name).parent.mkdir(parents=True, exist_ok=True)
        (small.data / name).write_text(text, encoding="utf-8")
    assert import_cabinets(before, small).files == first.files
    after = tables(tmp_path / "u", ["Prime Minister,New Name,Q7,2005-01-01,2006-01-01,m"], ONE_CABINET)
    source = store(import_cabinets(after, small), tmp_path)
    assert values(source, "p", "?p a foaf:Person") == [("old-name",)]
    assert values(source, "m", "?m a org:Membership") == [("old-name-statsminister-dk-2005-01-01",)]


def test_a_tenure_written_by_hand_is_not_written_twice(small: Project, tmp_path: Path) -> None:
    hand = small.data / "reference" / "people.ttl"
    hand.write_text(
        HAND
        + """
id:somebody a foaf:Person ; foaf:name "Somebody" ; schema:sameAs wd:Q7 .
id:the-post a org:Membership ; org:member id:somebody ; org:role id:statsminister-dk ; org:memberDuring id:then .
id:then a dcterms:PeriodOfTime ; dcat:startDate "2005-01-01"^^xsd:date ; dcat:endDate "2006-01-01"^^xsd:date .
""",
        encoding="utf-8",
    )
    folder = tables(tmp_path / "t", ["Prime Minister,Some Body,Q7,2005-01-01,2006-01-01,m"], ONE_CABINET)
    source = store(import_cabinets(folder, small), tmp_path)
    assert values(source, "m p", "?m a org:Membership ; org:member ?p") == [("the-post", "somebody")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Prime Minister,A,7,2005-01-01,,f", "no Wikidata item"),
        ("Prime Minister,A,Q7,yesterday,,f", "no date"),
        ("Prime Minister,A,Q7,,,f", "no start"),
        ("Prime Minister,A,Q7", "not as many cells"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(row: str, said: str, small: Project, tmp_path: Path) -> None:
    folder = tables(tmp_path / "t", ["Prime Minister,B,Q8,2005-01-01,,f", row], ONE_CABINET)
    with pytest.raises(WorldError, match=said) as caught:
        import_cabinets(folder, small)
    assert caught.value.place is not None
    assert caught.value.place.file.endswith("denmark/holders21.csv")
    assert caught.value.place.line == 3


def test_a_table_without_a_column_is_refused(small: Project, tmp_path: Path) -> None:
    folder = tables(tmp_path / "t", [], ONE_CABINET)
    (folder / "norway" / "holders21.csv").write_text("position,person\nKing,A\n", encoding="utf-8")
    with pytest.raises(WorldError, match="personID"):
        import_cabinets(folder, small)


def test_the_command_says_in_one_line_what_is_missing(kg: Kg, tmp_path: Path) -> None:
    done = kg("import", "cabinets", tmp_path / "nowhere", "--data", tmp_path)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "holders21.csv" in done.stderr
    assert not (tmp_path / "reference").exists()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Lars Løkke Rasmussen", "lars-lokke-rasmussen"),
        ("Jäätteenmäki", "jaatteenmaki"),
        ("Åsa Ærø-Ødegård", "asa-aero-odegard"),
        ("Rúna (jr.)", "runa-jr"),
        ("Łukasz ✓", "ukasz"),
    ],
)
def test_slugs_are_plain_and_readable(name: str, wanted: str) -> None:
    assert slug(name) == wanted


def test_an_iri_is_never_given_twice() -> None:
    known = Known()
    assert known.mint("a", "q1") == ID + "a"
    assert known.mint("a", "q2") == ID + "a-q2"
    with pytest.raises(ValueError, match="two things"):
        known.mint("a", "q2")


# The real tables and the committed graph.


@pytest.fixture(scope="module")
def imported(shared: Path, project: Project) -> Import:
    return import_cabinets(shared / "data" / "cabinets", project)


def test_the_committed_files_are_what_the_tables_give(imported: Import, project: Project) -> None:
    for name, text in imported.files.items():
        assert (project.data / name).read_bytes() == text.encode(), f"{name}: run kg import cabinets"


def test_the_first_import_gives_the_same_as_the_next(
    imported: Import, shared: Path, project: Project, tmp_path: Path
) -> None:
    """On a fresh graph, without the files of an earlier import."""
    fresh = tmp_path / "graph"
    for path in (project.data / "reference").glob("*.ttl"):
        target = fresh / "reference" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    again = import_cabinets(shared / "data" / "cabinets", Project(fresh, project.ontology, project.queries))
    assert again.files == imported.files


def test_every_row_is_a_membership_or_left_out_with_a_reason(shared: Path, store: Store, project: Project) -> None:
    """Counted from the tables and from the graph, without the importer."""
    with (project.data / FOLDER / "left-out.csv").open(encoding="utf-8", newline="") as file:
        left_out = list(csv.DictReader(file))
    assert all(row["reason"] for row in left_out)
    # Of a tenure's memberships the first alone: the others begin later, or are called after it.
    memberships = values(
        store,
        "item start end",
        "?m a org:Membership ; org:member/schema:sameAs ?item ; dcterms:source ?s ; til:tenure ?t . "
        "?t dcat:startDate ?start OPTIONAL { ?t dcat:endDate ?end } "
        f"FILTER(STRSTARTS(STR(?s), '{ID}source-wikidata-cabinets-') && !CONTAINS(STR(?m), '-in-reg'))",
    )
    graph = Counter((item.removeprefix(PREFIXES["wd"]), start, end) for item, start, end in memberships)
    # Their ends are read from later pages (graph/reference/ministers-later.ttl); the table has none.
    for item, start, end in (("Q548001", "2021-10-14", "2025-02-04"), ("Q14437803", "2022-04-12", "2023-10-16")):
        assert graph.pop((item, start, end)) == 1
        graph[item, start, ""] += 1
    total = 0
    for name, code in COUNTRIES.items():
        with (shared / "data/cabinets" / name / "holders21.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = [(reader.line_num, row) for row in reader]
        out = {int(row["line"]) for row in left_out if row["country"] == code}
        assert out <= {line for line, _ in rows}
        total += len(rows)
        for line, row in rows:
            if line not in out:
                key = row["personID"], row["start"], row["end"]
                assert graph[key] > 0, f"{name}, line {line}: neither in the graph nor on the list"
                graph[key] -= 1
    assert total == 1986
    # What is left in the graph is written by hand from the same source: a state secretary.
    assert {key for key, count in graph.items() if count} == {("Q5618906", "2021-10-22", "")}
    assert total == len(left_out) + len(memberships) - 1


CASES = [
    # office, day, {person: government}, as holders21.csv and all-cabinets.csv have it; days of change among them
    ("finansminister-dk", "2007-06-10", {"thor-pedersen": "regeringen-anders-fogh-rasmussen-ii"}),
    (
        "finansminister-dk",
        "2007-11-23",
        {
            "thor-pedersen": "regeringen-anders-fogh-rasmussen-ii",
            "lars-lokke-rasmussen": "regeringen-anders-fogh-rasmussen-iii",
        },
    ),
    # The day of change between his two governments: the second begins.
    ("finansminister-dk", "2005-02-18", {"thor-pedersen": "regeringen-anders-fogh-rasmussen-ii"}),
    (
        "statsminister-dk",
        "2009-04-05",
        {
            "anders-fogh-rasmussen": "regeringen-anders-fogh-rasmussen-iii",
            "lars-lokke-rasmussen": "regeringen-lars-lokke-rasmussen-i",
        },
    ),
    ("statsminister-dk", "2015-06-27", {"helle-thorning-schmidt": "regeringen-helle-thorning-schmidt-ii"}),
    ("statsminister-dk", "2015-06-28", {"lars-lokke-rasmussen": "regeringen-lars-lokke-rasmussen-ii"}),
    ("innovationsminister-dk", "2018-10-23", {"sophie-lohde": "regeringen-lars-lokke-rasmussen-iii"}),
    ("forsvarsminister-dk", "2021-06-15", {"trine-bramsen": "regeringen-mette-frederiksen-i"}),
    ("digitaliseringsminister-no", "2019-10-07", {"nikolai-astrup": "regjeringen-solberg"}),
    ("digitaliseringsminister-no", "2019-01-21", {}),
    ("digitaliseringsminister-no", "2019-01-22", {"nikolai-astrup": "regjeringen-solberg"}),
    (
        "finansminister-no",
        "2020-01-24",
        {"siv-jensen": "regjeringen-solberg", "jan-tore-sanner": "regjeringen-solberg"},
    ),
    (
        "finansminister-no",
        "2005-10-17",
        {"per-kristian-foss": "regjeringen-bondevik-ii", "kristin-halvorsen": "regjeringen-stoltenberg-ii"},
    ),
    ("statsminister-no", "2022-01-01", {"jonas-gahr-store": "regjeringen-store"}),
    (
        "statsminister-se",
        "2006-10-06",
        {"goran-persson": "regeringen-persson", "fredrik-reinfeldt": "regeringen-reinfeldt"},
    ),
    ("finansminister-se", "2004-10-25", {}),
    ("it-minister-se", "2019-01-20", {"peter-eriksson": ""}),
    (
        "it-minister-se",
        "2016-05-25",
        {"per-bolund": "regeringen-lofven-i", "peter-eriksson": "regeringen-lofven-i"},
    ),
    ("paaministeri-fi", "2015-05-28", {"alexander-stubb": "regeringen-stubb"}),
    (
        "paaministeri-fi",
        "2019-12-10",
        {"antti-rinne": "regeringen-rinne", "sanna-marin": "regeringen-marin"},
    ),
    ("valtiovarainministeri-fi", "2020-06-06", {}),
    ("valtiovarainministeri-fi", "2020-06-08", {"matti-vanhanen": "regeringen-marin"}),
]


@pytest.mark.parametrize(("office", "day", "wanted"), CASES)
def test_who_was_minister_on_the_day(
    office: str, day: str, wanted: dict[str, str], store: Store, project: Project
) -> None:
    answer = store.query(find(project, "minister-on-day").bind({"office": office, "day": day}))
    assert isinstance(answer, Table)
    column = {name: index for index, name in enumerate(answer.columns)}
    found: dict[str, set[str]] = {}
    for row in answer.rows:
        person, government = row[column["person"]], row[column["government"]]
        if person is None:  # nobody is known, and the row says to which day
            assert not wanted and row[column["after"]] is not None
            continue
        assert isinstance(person, rdf.NamedNode)
        name = government.value.removeprefix(ID) if isinstance(government, rdf.NamedNode) else ""
        found.setdefault(person.value.removeprefix(ID), set()).add(name)
    assert found == {person: {government} for person, government in wanted.items()}


def test_the_cases_are_what_the_tables_say(shared: Path) -> None:
    """The cases above, worked out again from the rows alone."""
    names = {
        "finansminister": ("Minister of Finance", "Minister for Finance"),
        "statsminister": ("Prime Minister",),
        "paaministeri": ("Prime Minister",),
        "valtiovarainministeri": ("Minister of Finance",),
        "innovationsminister": ("Minister for Public Innovation",),
        "forsvarsminister": ("Minister of Defence",),
        "digitaliseringsminister": ("Minister of Digitalisation",),
        "it-minister": ("Minister for Information Technology",),
    }
    folders = {"dk": "denmark", "no": "norway", "se": "sweden", "fi": "finland"}
    for office, day, wanted in CASES:
        name, _, ending = office.rpartition("-")
        path = shared / "data/cabinets" / folders[ending] / "holders21.csv"
        with path.open(encoding="utf-8", newline="") as file:
            people = {
                slug(row["person"])
                for row in csv.DictReader(file)
                if row["position"] in names[name] and row["start"] <= day and (not row["end"] or day <= row["end"])
            }
        assert people == set(wanted), (office, day)


def asked(store: Store, project: Project, name: str, **parameters: str) -> list[dict[str, str]]:
    answer = store.query(find(project, name).bind(parameters))
    assert isinstance(answer, Table)
    return [
        {
            column: term.value.removeprefix(ID)
            for column, term in zip(answer.columns, row, strict=True)
            if isinstance(term, rdf.NamedNode | rdf.Literal)
        }
        for row in answer.rows
    ]


def test_overlaps_that_the_tables_have_are_found(store: Store, project: Project) -> None:
    pairs = {frozenset((row["person"], row["other"])) for row in asked(store, project, "overlapping-tenures")}
    assert frozenset(("karen-haekkerup", "mette-frederiksen")) in pairs
    assert frozenset(("nikki-kaye", "anders-ygeman")) in pairs
    # One day of change is no overlap.
    assert frozenset(("siv-jensen", "jan-tore-sanner")) not in pairs


def test_tenures_beyond_their_governments_are_found(store: Store, project: Project) -> None:
    found = asked(store, project, "tenures-outside-cabinets", country="country:SWE")
    assert {"it-minister-se", "bostadsminister-se"} <= {row["office"] for row in found}
    assert not asked(store, project, "tenures-outside-cabinets", country="country:NOR")


def test_solberg_is_one_cabinet_there_and_five_here(store: Store, project: Project) -> None:
    found = asked(store, project, "sources-that-disagree", country="country:NOR")
    parts = [row["other"] for row in found if row["government"] == "regjeringen-solberg"]
    assert parts == [f"solberg-{number}-parlgov-no" for number in ("i", "ii", "iii", "iv", "v")]
    assert all(row["source"] == "source-parlgov" for row in found)


def test_nobody_spoke_in_an_office_that_was_not_theirs(store: Store, project: Project) -> None:
    for answer in ("notInOffice", "lastKnown", "notKnownAfter"):
        assert not asked(store, project, "in-office-on-the-day", held=answer)
    held = {row["person"] for row in asked(store, project, "in-office-on-the-day", held="inOffice")}
    assert {"nikolai-astrup", "thor-pedersen", "gunn-karin-gjul"} <= held


def test_a_body_promised_money_before_it_existed_is_noted(store: Store, project: Project) -> None:
    found = asked(store, project, "promised-before-it-existed")
    assert [(row["recipient"], row["founded"]) for row in found] == [("digitaliseringsdirektoratet", "2020-01-01")]


@pytest.mark.parametrize("question", ["overlapping-tenures", "tenures-outside-cabinets", "sources-that-disagree"])
def test_every_finding_is_listed_in_the_docs(question: str, store: Store, project: Project) -> None:
    """docs/data-quality.md has a row with each finding's office or government and its days."""
    listed = [
        line
        for line in (project.data.parent / "docs" / "data-quality.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    for found in asked(store, project, question):
        subject = f"| `{found.get('office') or found['government']}` |"
        days = [found[name] for name in ("start", "end", "otherStart", "otherEnd") if name in found]
        rows = [line for line in listed if line.startswith(subject)]
        assert any(all(day in line for day in days) for line in rows), found


def test_the_docs_count_the_rows(imported: Import, project: Project) -> None:
    text = (project.data.parent / "docs" / "data-quality.md").read_text(encoding="utf-8")
    for (name, code), country in zip(COUNTRIES.items(), imported.countries, strict=True):
        assert country.code == code
        rows = country.tenures + len(country.left_out)
        assert f"| {name} | {rows} | {country.tenures} | {country.memberships} |" in text
