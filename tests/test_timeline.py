"""The announcements of the timeline: every money fact is in the graph as it is, or on the list of what is not."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from kg.project import Project
from kg.queries import find
from kg.results import Table, plain, select
from kg.store import Store
from kg.terms import CODE, ID, PREFIXES, shorten

HERE = Path(__file__).parent
EXPECTED = HERE / "expected" / "timeline"
DOCS = HERE.parent / "docs"

# Facts that are part of another by the record, and not dcterms:hasPart here: each with its reason.
NOT_A_PART = {
    "no-2018-10-statsbudsjett-2019-sykehuslan#0": "the whole is left out: it is not about digitalisation",
    "no-2019-03-26-medfinansiering-124-mill#2": "a cumulative amount is til:includes of another",
    "no-2019-06-nkom-50-mill-ekstra-bredband#3": "awarded from a frame: another kind of undertaking",
    "no-2019-06-nkom-50-mill-ekstra-bredband#4": "awarded from a frame: another kind of undertaking",
    "no-2019-06-nkom-50-mill-ekstra-bredband#5": "awarded from a frame: another kind of undertaking",
    "no-2019-06-nkom-50-mill-ekstra-bredband#6": "awarded from a frame: another kind of undertaking",
    "no-2022-10-gjul-satser-pa-digitalisering#0": "an increase of the same commitment",
}


# What the record may say of a fact, and where the graph has it.
HELD = {
    "stage": "?thing til:figureOf/til:stage ?value",
    "kind": "?thing til:figureOf/til:kind ?value",
    "payer": "?thing til:figureOf/til:funder ?value",
    "recipient": "?thing til:figureOf/til:recipient ?value",
    "role": "?thing til:role ?value",
    "start": "?thing til:figureOf?/til:period/dcat:startDate ?value",
    "end": "?thing til:figureOf?/til:period/dcat:endDate ?value",
}
OF_A_COMMITMENT = {"stage", "kind", "payer", "recipient"}
OF_A_PERIOD = {"start", "end"}
SILENT = "not in the record"
NO_MONEY = "not a commitment"


@cache
def data(name: str) -> list[dict[str, str]]:
    """The rows of a table in tests/data."""
    with (HERE / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def placed() -> dict[str, dict[str, str]]:
    return {row["fact"]: row for row in data("timeline")}


def words_of(fact: str, kind: str, period: str | None) -> dict[str, str]:
    """What the record's words say of a fact, by the tables that were written before the graph was looked at.

    The words of the fact itself come before those of its kind.
    """
    said = dict(next(row for row in data("record-kinds") if row["recordKind"] == kind))
    said |= next(row for row in data("record-parties") if row["fact"] == fact)
    said |= {
        name: word for row in data("record-words") if row["fact"] == fact for name, word in row.items() if word
    }
    if years := re.fullmatch(r"(\d{4})(?:-(\d{4}))?", period or ""):
        said |= {"start": years[1], "end": years[2] or years[1]}
    elif period:
        said |= next(row for row in data("record-periods") if row["recordPeriod"] == period)
    return {what: said[what] for what in HELD if said.get(what, SILENT) != SILENT}


def values(what: str, word: str) -> set[str]:
    """The same as the graph writes it: parties as slugs, years as their first or last day, no end as none."""
    if what in ("payer", "recipient"):
        slugs = {row["name"]: row["id"] for row in data("record-names")}
        return {slugs[name] for name in word.split("; ")}
    if what in OF_A_PERIOD:
        return set() if word == "open" else {f"{word}-01-01" if what == "start" else f"{word}-12-31"}
    return {word}


@pytest.fixture(scope="module")
def facts(shared: Path) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """(announcement, fact) by "announcement#number"."""
    lines = (shared / "facts" / "timeline.jsonl").read_text(encoding="utf-8").splitlines()
    return {
        f"{one['id']}#{number}": (one, fact)
        for one in map(json.loads, lines)
        for number, fact in enumerate(one["money"])
    }


def table(store: Store, names: str, pattern: str) -> list[tuple[str, ...]]:
    """`SELECT DISTINCT names WHERE { pattern }`, slugs for IRIs of ours, empty for unbound, sorted."""
    variables = " ".join(f"?{name}" for name in names.split())
    found = select(store, f"SELECT DISTINCT {variables} WHERE {{ {pattern} }}")
    return sorted(tuple(plain(term).removeprefix(ID) for term in row) for row in found.rows)


def pairs(store: Store, names: str, pattern: str) -> dict[str, str]:
    """The same for two names, as a mapping."""
    return {row[0]: row[1] for row in table(store, names, pattern)}


@pytest.fixture(scope="module")
def figures(store: Store) -> dict[str, dict[str, str]]:
    """The stated amounts without an anchor, figures and observations."""
    names = "thing value currency qualifier basis of role"
    rows = table(
        store,
        names,
        "?thing schema:value ?value ; til:currency ?currency ; til:qualifier ?qualifier . "
        "OPTIONAL { ?thing til:basis ?basis } OPTIONAL { ?thing til:figureOf ?of } "
        "OPTIONAL { ?thing til:role ?role } "
        "FILTER NOT EXISTS { ?thing til:evidence ?anchor }",
    )
    return {row[0]: dict(zip(names.split(), row, strict=True)) for row in rows}


def test_every_fact_is_placed_138_of_138(facts: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> None:
    assert len(facts) == 138
    assert list(placed()) == list(facts)
    counts = {what: sum(row["placed"] == what for row in placed().values()) for what in ("figure", "observation")}
    left_out = [fact for fact, row in placed().items() if row["placed"] == "left out"]
    assert counts["figure"] + counts["observation"] + len(left_out) == 138


def test_what_is_no_figure_has_its_reason_and_stands_in_the_docs() -> None:
    said = (DOCS / "timeline.md").read_text(encoding="utf-8")
    for fact, row in placed().items():
        if row["placed"] != "figure":
            assert row["reason"]
            assert f"`{fact}`" in said
        else:
            assert not row["reason"]


def test_every_fact_has_its_amount_currency_and_word(
    facts: dict[str, tuple[dict[str, Any], dict[str, Any]]], figures: dict[str, dict[str, str]]
) -> None:
    for key, (_, fact) in facts.items():
        row = placed()[key]
        if row["placed"] == "left out":
            continue
        figure = figures[row["thing"]]
        assert figure["value"] == str(fact["amount"]), key
        assert figure["currency"] == PREFIXES["cur"] + fact["currency"], key
        assert figure["qualifier"] == f"{CODE}qualifier/{fact['qualifier']}", key
        if row["placed"] == "figure":
            wanted = "perYear" if fact.get("perYear") else "wholePeriod"
            assert figure["basis"] == f"{CODE}basis/{wanted}", key


def test_the_tables_of_the_record_speak_of_the_record(
    facts: dict[str, tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    kinds = [row["recordKind"] for row in data("record-kinds")]
    assert len(kinds) == 44
    assert sorted(kinds) == sorted({fact["kind"] for _, fact in facts.values()})
    assert [row["fact"] for row in data("record-parties")] == list(facts)
    for row in [*data("record-parties"), *data("record-words")]:
        said = json.dumps(facts[row["fact"]][0], ensure_ascii=False)
        for words in filter(None, row["words"].split("; ")):
            assert len(words) <= 40, row
            assert words in said, row
        silent = all(cell in (SILENT, "") for name, cell in row.items() if name not in ("fact", "words"))
        assert silent == (not row["words"]), row


@pytest.mark.parametrize(
    ("what", "least"),
    [("stage", 97), ("kind", 11), ("payer", 58), ("recipient", 24), ("role", 72), ("start", 108), ("end", 113)],
)
def test_every_fact_is_as_its_record_has_it(
    what: str,
    least: int,
    facts: dict[str, tuple[dict[str, Any], dict[str, Any]]],
    figures: dict[str, dict[str, str]],
    store: Store,
) -> None:
    """Where the record is silent nothing is held; what the graph reads otherwise is listed with its reason.

    `least` is how many of the 128 figures the record speaks of: a table that lost its words would hold nothing.
    """
    commitments = {one for (one,) in table(store, "one", "?one a til:Commitment")}
    graph: dict[str, set[str]] = {}
    for thing, value in table(store, "thing value", f"?thing schema:value ?amount . {HELD[what]}"):
        graph.setdefault(thing, set()).add(value.rpartition("/")[2])
    held = 0
    differing = {}
    for key, (_, fact) in facts.items():
        row, said = placed()[key], words_of(key, fact["kind"], fact["period"])
        if row["placed"] == "left out" or what not in said:
            continue
        if said[what] == NO_MONEY:
            assert row["placed"] == "observation", key
        elif what in OF_A_PERIOD or row["placed"] == "figure":
            if what in OF_A_COMMITMENT and figures[row["thing"]]["of"] not in commitments:
                continue  # Money of a programme, which has no stage of its own.
            held += 1
            wanted, found = values(what, said[what]), graph.get(row["thing"], set())
            if wanted != found:
                differing[key] = (sorted(wanted), sorted(found))
    assert differing == {
        row["fact"]: ([row["record"]], [row["graph"]] if row["graph"] else [])
        for row in data("record-otherwise")
        if row["what"] == what
    }
    assert held >= least


def test_a_role_that_is_read_otherwise_than_the_record_is_marked(store: Store) -> None:
    """Inferred, with a note that says why."""
    marked = {one for (one,) in table(store, "one", "?one til:inferred til:role ; skos:editorialNote ?note")}
    for row in data("record-otherwise"):
        assert row["reason"], row
        assert row["what"] != "role" or placed()[row["fact"]]["thing"] in marked, row


def test_every_fact_names_its_document(
    facts: dict[str, tuple[dict[str, Any], dict[str, Any]]], store: Store
) -> None:
    sources = set(table(store, "thing source", "?thing schema:value ?v ; dcterms:source ?source"))
    pages = pairs(store, "document page", "?document schema:url ?page")
    for key, (announcement, fact) in facts.items():
        row = placed()[key]
        assert pages[row["document"]] == announcement["url"], key
        if row["placed"] == "left out":
            continue
        if "source_url" in fact or "amount" in fact.get("notOnPage", []):
            named = {source for thing, source in sources if thing == row["thing"]}
            assert row["document"] not in named, f"{key}: the amount is from another page"
            assert all(name.startswith("source-") for name in named), key
        else:
            assert (row["thing"], row["document"]) in sources, key


def test_no_amount_of_the_timeline_claims_a_place_in_a_text(store: Store) -> None:
    documents = {row["document"] for row in placed().values()}
    assert len(documents) == 52
    anchored = table(store, "document", "?anchor oa:hasSource/dcterms:isFormatOf ?document")
    assert not documents & {document for (document,) in anchored}


def test_no_amount_is_in_the_graph_that_is_no_fact(figures: dict[str, dict[str, str]]) -> None:
    mine = {row["thing"] for row in placed().values()}
    extra = {thing for thing in figures if thing not in mine}
    # The page's own words for an amount that the record has from elsewhere.
    assert extra == {"bredband-landsbygd-2012-2014-knappt"}


def test_parts_are_parts_of_their_wholes(
    facts: dict[str, tuple[dict[str, Any], dict[str, Any]]], figures: dict[str, dict[str, str]], store: Store
) -> None:
    parts = set(table(store, "whole part", "?whole dcterms:hasPart ?part"))
    for key, (announcement, fact) in facts.items():
        if "partOf" not in fact or key in NOT_A_PART:
            continue
        whole = placed()[f"{announcement['id']}#{fact['partOf']}"]["thing"]
        assert (figures[whole]["of"], figures[placed()[key]["thing"]]["of"]) in parts, key
    assert all("partOf" in facts[key][1] for key in NOT_A_PART)


def test_money_that_several_announcements_name_is_one_figure_or_one_chain(
    facts: dict[str, tuple[dict[str, Any], dict[str, Any]]], figures: dict[str, dict[str, str]], store: Store
) -> None:
    """Summed once: the same figure with several sources, or an earlier stage that a later one follows."""
    follows = set(table(store, "later earlier", "?later til:follows ?earlier"))
    about = pairs(store, "thing about", "?thing schema:observationAbout ?about")
    linked = 0
    for key, (_, fact) in facts.items():
        if "sameMoneyAs" not in fact:
            continue
        linked += 1
        one, other = placed()[key]["thing"], placed()[fact["sameMoneyAs"]]["thing"]
        if one == other:
            continue
        ends = {about.get(thing) or figures[thing]["of"] for thing in (one, other)}
        assert len(ends) == 1 or tuple(ends) in follows or tuple(ends)[::-1] in follows, key
    assert linked == 8


def test_same_money_is_counted_once(store: Store) -> None:
    """Of each commitment's levels at most one may be a row, and none in a line with the stage that it follows."""
    counted = table(store, "figure of stage", "?figure til:addable true ; til:figureOf ?of . ?of til:stage ?stage")
    assert len({of for _, of, _ in counted}) == len(counted)
    stages = {of: stage for _, of, stage in counted}
    pairs = table(store, "later earlier", "?later til:follows ?earlier")
    assert len(pairs) == 5
    assert all(stages.get(later) != stages.get(earlier) for later, earlier in pairs)


def test_what_follows_what(store: Store) -> None:
    chains = set(table(store, "later earlier", "?later til:follows ?earlier"))
    assert {
        ("danmarks-digitaliseringsstrategi-2024-2027", "danmarks-digitaliseringsstrategi-2024-2027-udspil"),
        ("bredband-2023", "bredband-2023-forslag"),
        ("medfinansieringsordningen-2016", "medfinansieringsordningen-2016-forslag"),
        ("medfinansieringsordningen-2019-tildeling", "medfinansieringsordningen-2019"),
    } <= chains


def test_programmes_that_run_through_are_one_each(store: Store) -> None:
    years: dict[str, set[int]] = {}
    for programme, year in table(
        store,
        "programme year",
        "?c til:programme/dcterms:isPartOf* ?programme ; til:period/dcat:startDate ?s . BIND(YEAR(?s) AS ?year)",
    ):
        years.setdefault(programme, set()).add(int(year))
    assert {2016, 2018, 2019, 2020, 2021, 2022} <= years["medfinansieringsordningen"]
    assert {2019, 2020, 2023} <= years["bredbandsutbygging-no"]
    assert {2019, 2020} <= years["helseplattformen"]
    assert {2018, 2021, 2022, 2025, 2026, 2030} <= years["cyber-og-informationssikkerhed-dk"]
    assert {2012, 2019, 2020, 2021, 2022, 2023} <= years["bredbandsstod-se"]
    assert {2008, 2012, 2022} <= years["faellesoffentlig-digitaliseringsstrategi-dk"]
    assert {2022, 2024} <= years["danmarks-digitaliseringsstrategi"]


def test_every_document_says_how_its_date_is_known(store: Store) -> None:
    rows = table(
        store,
        "document issued date modified note",
        "?document a foaf:Document ; skos:editorialNote ?note "
        "OPTIONAL { ?document dcterms:issued ?issued } OPTIONAL { ?document dcterms:date ?date } "
        "OPTIONAL { ?document dcterms:modified ?modified }",
    )
    mine = {row["document"] for row in placed().values()}
    assert mine <= {row[0] for row in rows}
    undated = {row[0] for row in rows if row[0] in mine and not any(row[1:4])}
    assert undated == {"doc-fi-2019-statsbudget-kommunernas-incitament"}


def test_dates_agree_with_the_record(
    facts: dict[str, tuple[dict[str, Any], dict[str, Any]]], store: Store
) -> None:
    issued = pairs(store, "document date", "?document dcterms:issued ?date")
    inferred = {one for (one,) in table(store, "document", "?document til:inferred dcterms:issued")}
    for key, (announcement, _) in facts.items():
        document = placed()[key]["document"]
        if announcement["date"]:
            assert issued[document] == announcement["date"], key
        elif document in issued:
            assert document in inferred, f"{key}: the page has no date"


def test_governments_agree_with_the_record(
    facts: dict[str, tuple[dict[str, Any], dict[str, Any]]], store: Store, project: Project
) -> None:
    """The record's government is among those that were in office on the document's date, as `publication` has them."""
    answer = store.query(find(project, "publication").bind({"document": None}))
    assert isinstance(answer, Table)
    where, who = answer.columns.index("document"), answer.columns.index("inOffice")
    office: dict[str, set[str]] = {}
    for row in answer.rows:
        office.setdefault(plain(row[where]).removeprefix(ID), set()).add(plain(row[who]).removeprefix(ID))
    undated = set()
    for key, (announcement, _) in facts.items():
        document = placed()[key]["document"]
        if office[document] == {""}:
            undated.add(document)
            continue
        fold = str.maketrans("øöåä", "oooa")
        words = set(re.findall(r"\w+", announcement["government"].split(" (")[0].casefold().translate(fold)))
        names = [set(name.replace("ae", "æ").split("-")) for name in office[document]]
        assert any({word.replace("ae", "æ") for word in words} <= name for name in names), (key, office[document])
    assert undated == {
        "doc-dk-2019-stil-it-i-folkeskolen",  # last edited long after the decision that it describes
        "doc-eu-2020-digital-europe",  # no government: a presidency of the Council
        "doc-fi-2019-statsbudget-kommunernas-incitament",  # only a budget year
    }


def test_ministers_of_the_record_are_named(
    facts: dict[str, tuple[dict[str, Any], dict[str, Any]]], store: Store
) -> None:
    named: dict[str, set[str]] = {}
    for document, name in table(store, "document name", "?document schema:mentions/org:member/foaf:name ?name"):
        named.setdefault(document, set()).add(name)
    for key, (announcement, _) in facts.items():
        wanted = {minister["name"] for minister in announcement["ministers"]}
        assert named.get(placed()[key]["document"], set()) == wanted, key


def test_swedish_support_is_more_than_its_list_and_takes_the_place_of_the_earlier_figure(store: Store) -> None:
    ((total,),) = table(store, "v", "id:bredbandsstod-se-till-2025-level schema:value ?v")
    parts = table(
        store,
        "value basis start end",
        "id:bredbandsstod-se-till-2025 dcterms:hasPart ?part . ?f til:figureOf ?part ; schema:value ?value ; "
        "til:basis ?basis ; til:role role:level ; til:origin origin:stated . "
        "?part til:period/dcat:endDate ?end OPTIONAL { ?part til:period/dcat:startDate ?start }",
    )
    added = sum(
        int(value) * (int(end[:4]) - int(start[:4]) + 1 if basis.endswith("perYear") else 1)
        for value, basis, start, end in parts
    )
    assert (int(total), added) == (2_850_000_000, 2_200_000_000)
    earlier = "id:bredbandsstod-se-till-2025 til:replaces/^til:figureOf/schema:value ?v"
    assert table(store, "v", earlier) == [("450000000",)]


def test_awards_draw_on_the_frame_of_their_year(store: Store) -> None:
    drawn = (
        "?award til:drawsOn ?frame ; til:stage stage:awarded . "
        "?f til:figureOf ?award ; til:origin origin:stated ; schema:value ?v"
    )
    by_frame: dict[str, list[int]] = {}
    for _, frame, value in table(store, "award frame v", drawn):
        by_frame.setdefault(frame, []).append(int(value))
    assert {frame: (len(values), sum(values)) for frame, values in by_frame.items()} == {
        "medfinansieringsordningen-2020": (9, 159_817_689),
        "bredband-2019-samlet": (2, 18_775_388 + 9_021_394),
    }


def test_what_the_repairs_say_of_periods_stages_and_days(store: Store) -> None:
    years = "?c til:period ?p ; til:inferred til:period . ?p dcat:startDate ?from ; dcat:endDate ?to"
    yearly = [row for row in table(store, "c from to", years) if row[0].endswith("-aarligt")]
    assert yearly == [
        (name, "2027-01-01", "2033-12-31")
        for name in ("beredskabsaftale-aarligt", "beredskabsaftale-cyber-aarligt")
    ]
    budget = "?c til:stageDate ?day ; til:dateSource id:source-regjeringen-finanstalen-2022 ; til:proposer ?who"
    assert table(store, "c day who", budget) == [
        (name, "2021-10-12", "regjeringen-solberg")
        for name in ("digitalisering-2022", "medfinansieringsordningen-2022")
    ]
    assert pairs(store, "c stage", "?c til:stage ?stage FILTER(?stage = stage:postponed)") == {
        "danmarks-digitaliseringsstrategi-udskudt-2023": f"{CODE}stage/postponed"
    }
    # What is read "to 2025" has no start: none is made up.
    assert table(store, "p", "id:digital-vaekst-2018 til:period ?p") == [("until-2025",)]
    undated = "?c a til:Commitment FILTER NOT EXISTS { ?c til:period ?p } FILTER NOT EXISTS { ?c a til:Rest }"
    assert len(table(store, "c", undated)) == 14


def test_one_krone_of_aust_agder_is_not_mended(store: Store) -> None:
    (row,) = table(
        store,
        "residual outcome",
        "?r til:total id:bredband-2019-aust-agder-level ; til:residual ?residual ; til:outcome ?outcome",
    )
    assert (Decimal(row[0]), row[1]) == (Decimal(-1), f"{CODE}outcome/withinRounding")


@pytest.mark.parametrize("path", sorted(EXPECTED.glob("*.csv")), ids=lambda path: path.stem)
def test_the_questions_of_the_timeline_have_these_answers(path: Path, store: Store, project: Project) -> None:
    """Columns `p_NAME` are parameters; rows with the same ones are one answer. Without such columns, the defaults."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *wanted = list(csv.reader(file))
    given = [name for name in header if name.startswith("p_")]
    for values, rows in groupby(wanted, key=lambda row: row[: len(given)]):
        parameters = {name.removeprefix("p_"): value or None for name, value in zip(given, values, strict=True)}
        answer = store.query(find(project, path.stem).bind(parameters))
        assert isinstance(answer, Table)
        assert list(answer.columns) == header[len(given) :]
        found = [[cell(plain(term)) for term in row] for row in answer.rows]
        assert found == [list(map(cell, row[len(given) :])) for row in rows], parameters


def cell(text: str) -> str:
    """IRIs as CURIEs, numbers by their value, several things in one cell in any order."""
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return format(Decimal(text).normalize(), "f")
    return " · ".join(sorted(shorten(part) if part.startswith("http") else part for part in text.split(" · ")))


def test_what_cumulative_claims_say_against_their_years(store: Store, project: Project) -> None:
    """105 + 111.8 + 120.9 + 124.4 + almost 190, against 337, over 460 and 650; two of eight Danish years."""
    answer = store.query(find(project, "cumulative-against-years").bind())
    assert isinstance(answer, Table)
    rows = [dict(zip(answer.columns, map(plain, row), strict=True)) for row in answer.rows]
    told = {
        row["claim"].removeprefix(ID): (row["sum"], row["difference"], row["years"], row["needed"], row["outcome"])
        for row in rows
        if not row["year"]
    }
    outcome = f"{CODE}outcome/"
    assert told == {
        "medfinansieringsordningen-2016-2018-cumulative": (
            "337700000",
            "700000",
            "3",
            "3",
            outcome + "withinRounding",
        ),
        "medfinansieringsordningen-2016-2019-cumulative": (
            "462100000",
            "2100000",
            "4",
            "4",
            outcome + "withinRounding",
        ),
        "medfinansieringsordningen-2016-2020-cumulative": (
            "652100000",
            "2100000",
            "5",
            "5",
            outcome + "withinQualifier",
        ),
        "bredbaandspuljen-2016-2023-cumulative": ("180000000", "", "2", "8", outcome + "amountMissing"),
        "grunddataprogrammet-2012-2025-cumulative": ("", "", "0", "14", outcome + "amountMissing"),
    }
