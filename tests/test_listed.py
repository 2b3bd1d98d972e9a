"""Questions that list: what a document says, what may be old money, what has no year, no link, no amount or no end.

Their answers at the defaults are in tests/expected; here is what else the worked examples say, over the real graph, and
cases that it does not have.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from kg import rdf
from kg.project import Project
from kg.queries import Query
from kg.results import Triples, select
from kg.store import Store
from kg.terms import PREFIXES
from tests.test_questions import ask, cell, commitment, planted

HOME = Path(__file__).parent.parent
SHEET = "doc-no-2019-hoyt-digitaliseringstempo"
# What a row of each is of.
ROW_OF = {
    "claim-check": ("claim",),
    "delay": ("commitment", "promiser"),
    "document-sheet": ("document", "figure"),
    "largest": ("figure",),
    "missing-years": ("ofProgramme", "year", "commitment"),
    "not-in-it": ("commitment", "claim"),
    "recycled": ("earlierFigure", "laterFigure"),
    "source-kind": ("genre",),
    "targets": ("target",),
    "two-documents-differ": ("figure", "other"),
    "undated": ("figure",),
    "unlinked-stages": ("figure",),
}
EVERY = pytest.mark.parametrize("name", ROW_OF)

PERIODS = """
id:y2019 dcat:startDate "2019-01-01"^^xsd:date ; dcat:endDate "2019-12-31"^^xsd:date .
id:y2020 dcat:startDate "2020-01-01"^^xsd:date ; dcat:endDate "2020-12-31"^^xsd:date .
id:y2022 dcat:startDate "2022-01-01"^^xsd:date ; dcat:endDate "2022-12-31"^^xsd:date .
id:y2019-2020 dcat:startDate "2019-01-01"^^xsd:date ; dcat:endDate "2020-12-31"^^xsd:date .
id:y2020-2022 dcat:startDate "2020-01-01"^^xsd:date ; dcat:endDate "2022-12-31"^^xsd:date .
id:from-2020 dcat:startDate "2020-01-01"^^xsd:date .
"""


def one(
    name: str,
    value: int,
    document: str = "doc-a",
    period: str = "y2020",
    *,
    stage: str = "proposed",
    basis: str = "wholePeriod",
    qualifier: str = "exact",
    more: str = "",
) -> str:
    """A commitment of the programme id:p with one level, said in one document."""
    text = commitment(name, f"{name}-level level {basis} NOK {value} {qualifier}", stage=stage, more=more)
    period = f"id:{name} til:period id:{period} .\n" if period else ""
    return (
        text.replace("id:doc-a , id:doc-b", f"id:{document}").replace("source id:doc-a", f"source id:{document}")
        + period
    )


def dated(**days: str) -> str:
    return "".join(
        f'id:{name.replace("_", "-")} a foaf:Document ; dcterms:date "{day}" .\n' for name, day in days.items()
    )


def everything(name: str) -> dict[str, str | list[str] | None]:
    return {parameter.name: None for parameter in Query.read(HOME / "queries" / f"{name}.rq").parameters}


@EVERY
def test_a_row_is_of_one_thing(name: str, store: Store) -> None:
    told = Counter(tuple(row[column] for column in ROW_OF[name]) for row in ask(store, name, **everything(name)))
    assert told
    assert [row for row, count in told.items() if count > 1] == []


@EVERY
def test_a_list_of_amounts_says_that_it_does_not_sum(name: str) -> None:
    query = Query.read(HOME / "queries" / f"{name}.rq")
    assert not query.money or "listed, not summed" in " ".join(query.prose.split()).lower()


# What a document says.


def test_the_press_release_says_25_amounts_and_leaves_3_rests(store: Store) -> None:
    sheet = ask(store, "document-sheet")
    said, rests = [row for row in sheet if row["words"]], [row for row in sheet if not row["words"]]
    assert (len(said), len(rests)) == (25, 3)
    assert sum(row["row"] == "true" for row in said) == 12
    assert {row["value"] for row in said if row["row"] == "false" and not row["why"]} == {
        f"{millions}000000" for millions in (131, 20, 100, 15, 38)
    }
    reasons = {(row["why"].rpartition(":")[2], Decimal(row["value"]) / 1_000_000) for row in said if row["why"]}
    assert reasons == {
        *(("divided", Decimal(value)) for value in ("700", "523.2", "243", "101")),
        *(("increase", Decimal(value)) for value in (60, 50)),
        ("leveraged", Decimal(380)),
        ("cumulative", Decimal(650)),
    }
    assert {row["lower"] for row in rests} == {"111000000", "156850000", "16000000"}
    assert all(row["row"] == "true" for row in rests)


def test_the_rows_of_each_sheet_are_the_sums_of_its_document(store: Store) -> None:
    """Within one period, currency, stage, kind and payer class, for every document."""
    line = ("start", "end", "currency", "stage", "kind", "payerClass")
    sheets = ask(store, "document-sheet", document=None)
    documents = {row["document"] for row in sheets}
    assert len(documents) > 50
    compared = 0
    for document in documents:
        counted: dict[tuple[str, ...], list[dict[str, str]]] = {}
        for row in sheets:
            if row["document"] == document and row["row"] == "true":
                counted.setdefault(tuple(row[name] for name in line), []).append(row)
        found = {
            tuple(row[name] for name in line): row
            for row in ask(store, "by-kind", scope=document)
            if row["rows"] != "0"
        }
        assert found.keys() == counted.keys(), document
        for key, rows in counted.items():
            assert found[key]["rows"] == str(len(rows)), (document, key)
            # A yearly amount is summed for all its years, and two of which one may hold the other have no sum.
            if found[key]["sum"] and all(row["basis"] == "basis:wholePeriod" for row in rows):
                assert Decimal(found[key]["sum"]) == sum(Decimal(row["value"]) for row in rows), (document, key)
                compared += 1
    assert compared > 40


def test_an_amount_stands_on_the_sheet_of_each_document_that_says_it(project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        PERIODS,
        one("whole", 100, more="id:whole dcterms:hasPart id:part ; til:partsExhaustive false ."),
        one("part", 30),
        "id:part-level dcterms:source id:doc-b .",
    )
    found = {row["document"]: row for row in ask(store, "document-sheet", document=None) if row["value"] == "30"}
    assert {name: (row["row"], row["inside"].removeprefix("id:")) for name, row in found.items()} == {
        "id:doc-a": ("false", "whole-level"),
        "id:doc-b": ("true", ""),
    }


# What is promised for a year.


def test_what_was_proposed_and_what_became_of_it_are_two_lines(store: Store) -> None:
    asked = {"year": "2023", "country": "country:NOR"}
    found = {row["stage"]: row for row in ask(store, "budget-year", **asked) if row["start"] == "2023-01-01"}
    assert {stage: (row["sum"], row["lower"], row["upper"]) for stage, row in found.items()} == {
        "stage:proposed": ("503700000", "502650000", "504750000"),
        "stage:adopted": ("362700000", "362650000", "362750000"),
    }
    assert "regjeringen-store" in found["stage:proposed"]["promisers"]
    assert "stortinget" in found["stage:adopted"]["promisers"]
    (mine,) = ask(store, "budget-year", **asked, promiser="regjeringen-store")
    assert (mine["sum"], mine["laterAmount"], mine["laterOf"]) == ("503700000", "362700000", "412700000")
    assert "adopted" in mine["laterStage"]


# What may be old money.


def test_old_money_that_no_source_links(store: Store) -> None:
    found = {(row["earlierValue"], row["laterValue"]): row for row in ask(store, "recycled")}
    for earlier, later, years in ((2000, 800, 3), (2000, 740, 3), (200, 1400, 1), (300, 500, 1)):
        row = found[f"{earlier}000000", f"{later}000000"]
        assert (row["overlap"], row["link"]) == (str(years), "")
    # What is left of the 2,850, 650, is told nowhere to be these.
    assert {earlier for earlier, later in found if later == "2850000000"} == {
        f"{millions}000000" for millions in (150, 200, 300, 450)
    }
    assert found["450000000", "2850000000"]["link"] == "til:replaces"
    assert found["800000000", "740000000"]["link"] == "til:follows"
    assert len(ask(store, "recycled", country="country:SWE")) == 6
    assert len(ask(store, "recycled", programme="danmarks-digitaliseringsstrategi")) == 3


def pairs(store: Store) -> set[tuple[str, str, str]]:
    return {
        (row["earlier"].removeprefix("id:"), row["later"].removeprefix("id:"), row["link"].removeprefix("til:"))
        for row in ask(store, "recycled")
    }


def test_two_amounts_of_a_programme_for_the_same_years_are_a_pair(project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        PERIODS,
        dated(doc_a="2019-05", doc_b="2019-10-07", doc_c="2019"),
        one("first", 100),
        one("second", 80, "doc-b", "y2020-2022"),
        one("elsewhen", 70, "doc-b", "y2022"),  # not the years of the first
        one("beside", 60),  # in the document of the first: told apart there
        one("told-in-some-month", 50, "doc-c", "y2020"),
        one("award", 40, "doc-b", stage="awarded"),
        one("cut", 30, "doc-b", stage="reduced"),
        one("no-date", 20, "doc-d"),
        "id:second dcterms:hasPart id:elsewhen .",
    )
    # The year of doc-c alone does not tell which was first: each pair comes once.
    found = pairs(store)
    assert {pair[:2] for pair in found} >= {("first", "second"), ("beside", "second")}
    assert {frozenset(pair[:2]) for pair in found} == {
        frozenset(pair)
        for pair in (
            ("first", "second"),
            ("beside", "second"),
            ("told-in-some-month", "first"),
            ("told-in-some-month", "beside"),
            ("told-in-some-month", "second"),
        )
    }
    assert {link for _, _, link in found} == {""}
    assert len(found) == 5


def test_parts_of_one_whole_are_no_pair_and_a_link_is_told(project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        PERIODS,
        dated(doc_a="2019-05", doc_b="2019-10", doc_c="2020-01"),
        one("frame", 75, stage="proposed"),
        one("voted", 75, "doc-b", stage="adopted", more="id:voted til:follows id:frame ."),
        one("rise", 10, "doc-c"),
        one("revised", 85, "doc-c", more="id:revised dcterms:hasPart id:voted , id:rise ."),
        one("again", 75, "doc-c", more="id:again til:reannounces id:frame ."),
    )
    found = pairs(store)
    assert ("frame", "voted", "follows") in found and ("frame", "again", "reannounces") in found
    # The rise is told apart from the vote, and so from what the vote follows.
    assert not {("frame", "rise"), ("voted", "rise"), ("voted", "revised")} & {pair[:2] for pair in found}


# Stages without a link.


def without(store: Store, predicate: str) -> Store:
    """The same triples but for those of one property."""
    answer = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(answer, Triples)
    return Store.of(
        triple for triple in answer.triples if triple.predicate != rdf.iri(PREFIXES["til"] + predicate)
    )


def test_awards_say_which_frame_they_come_from(store: Store) -> None:
    def awards(held: Store) -> dict[str, str]:
        found = {}
        for year in ("2019", "2020"):
            for row in ask(held, "unlinked-stages", year=year):
                if row["stage"] == "stage:awarded":
                    assert row["link"] == "til:drawsOn"
                    found[row["commitment"]] = row["candidates"]
        return found

    assert awards(store) == {}
    before = awards(without(store, "drawsOn"))
    of_2020 = {name for name in before if name.startswith("id:medfinansiering-2020-")}
    assert len(of_2020) == 9
    assert all("medfinansieringsordningen-2020" in before[name] for name in of_2020)
    of_2019 = {f"id:bredband-2019-{county}" for county in ("akershus", "aust-agder")}
    assert before.keys() - of_2020 == of_2019 | {
        f"{name}-{part}" for name in of_2019 for part in ("ordinaer", "ekstra")
    }
    assert all("bredband-2019-samlet" in before[name] for name in of_2019)


def test_what_was_proposed_and_never_seen_adopted(store: Store) -> None:
    found = {row["value"]: row for row in ask(store, "unlinked-stages", year="2021")}
    for value in ("16000000", "56200000"):
        row = found[value]
        assert (row["stage"], row["link"], row["candidates"]) == ("stage:proposed", "til:follows", "")
    # The frame of 2020 is followed: nine awards come from it.
    assert "190000000" not in {row["value"] for row in ask(store, "unlinked-stages")}


def test_a_link_of_a_whole_is_one_of_its_parts(project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        PERIODS,
        one("whole", 100, more="id:whole dcterms:hasPart id:part ."),
        one("part", 30),
        one("voted", 90, "doc-b", stage="adopted", more="id:voted til:follows id:whole ."),
        one("open", 20),
        one("award", 5, stage="awarded"),
        one("award-of-a-vote", 4, stage="awarded", more="id:voted dcterms:hasPart id:award-of-a-vote ."),
    )
    found = {row["commitment"]: row["candidates"] for row in ask(store, "unlinked-stages")}
    assert {
        name: sorted(part.removeprefix("id:") for part in names.split(" · ")) for name, names in found.items()
    } == {
        "id:open": ["award", "award-of-a-vote", "voted"],
        "id:award": ["open", "part", "voted", "whole"],
    }


def test_an_award_that_is_part_of_a_frame_comes_from_it(project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        PERIODS,
        one("frame", 100, stage="adopted", more="id:frame dcterms:hasPart id:award ."),
        one("award", 30, stage="awarded"),
        one("round", 20, stage="awarded", more="id:round dcterms:hasPart id:share ."),
        one("share", 10, stage="awarded"),
    )
    assert {row["commitment"] for row in ask(store, "unlinked-stages")} == {"id:round", "id:share"}


# Years without an amount.


def test_years_without_an_amount(store: Store) -> None:
    broadband = ask(store, "missing-years", programme="bredbandsutbygging-no")
    assert [(row["year"], row["derivable"]) for row in broadband] == [("2021", "false"), ("2022", "false")]
    scheme = ask(store, "missing-years", programme="medfinansieringsordningen")
    assert [row for row in scheme if row["derivable"] == "false"] == []
    assert [(row["year"], row["value"], row["lower"], row["upper"]) for row in scheme] == [
        ("2017", "111800000", "111700000", "111900000")
    ]


def test_a_total_of_several_years_has_an_amount_for_each(project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        PERIODS,
        'id:y2016 dcat:startDate "2016-01-01"^^xsd:date ; dcat:endDate "2016-12-31"^^xsd:date .',
        one("first", 10, period="y2016"),
        one("several", 10, period="y2019-2020"),
        one("last", 10, period="y2022"),
        commitment("before", stage="adopted"),
        """id:y2021 dcat:startDate "2021-01-01"^^xsd:date ; dcat:endDate "2021-12-31"^^xsd:date .
        id:before til:period id:y2021 .""",
    )
    found = ask(store, "missing-years")
    assert [(row["year"], row["commitment"], row["stage"]) for row in found] == [
        ("2017", "", ""),
        ("2018", "", ""),
        ("2021", "id:before", "stage:adopted"),
    ]


# Two documents.


def test_two_documents_with_two_amounts(store: Store) -> None:
    found = {(row["figure"], row["other"]): row for row in ask(store, "two-documents-differ")}
    broadband = found["id:bredband-2019-level", "id:bredband-2020-increase-before"]
    assert (broadband["value"], broadband["otherUpper"], broadband["otherUpperOpen"]) == (
        "200000000",
        "206500000",
        "true",
    )
    assert broadband["apart"] == "false"
    values = {(row["value"], row["otherValue"]) for row in found.values()}
    assert {("450000000", "2850000000"), ("1500000000", "3800000000")} <= values
    # The same eight projects; the 6,500 of 2019 are of others.
    assert not [pair for pair in values if "6500000000" in pair]


def test_only_other_amounts_in_other_documents_differ(project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        PERIODS,
        dated(doc_a="2019", doc_b="2020"),
        one("same", 100),
        one("same", 100, "doc-b"),  # said again
        one("worded", 100),
        commitment("worded", "worded-more level wholePeriod NOK 110 over"),  # in the same document
        one("unlike", 100),
        commitment("unlike", "unlike-b level wholePeriod NOK 300 exact").replace(
            "source id:doc-a .", "source id:doc-b ."
        ),
        one("close", 100),
        commitment("close", "close-b level wholePeriod NOK 105 exact").replace(
            "source id:doc-a .", "source id:doc-b ."
        ),
        one("yearly", 100),
        commitment("yearly", "yearly-b level perYear NOK 30 exact").replace(
            "source id:doc-a .", "source id:doc-b ."
        ),
    )
    found = {(row["figure"], row["other"]): row for row in ask(store, "two-documents-differ")}
    assert {pair: (row["difference"], row["apart"]) for pair, row in found.items()} == {
        ("id:close-b", "id:close-level"): ("-5", "false"),  # each written to the ten
        ("id:unlike-b", "id:unlike-level"): ("-200", "true"),
    }


# The largest.


def test_the_first_four_keep_their_places(store: Store) -> None:
    found = ask(store, "largest", n="4")
    assert [(row["value"], row["start"][:4], row["mayChange"]) for row in found] == [
        ("1800000000", "2022", "false"),
        ("1600000000", "2024", "false"),
        ("1500000000", "2021", "false"),
        ("1000000000", "2016", "false"),
    ]
    assert [(row["lower"], row["upper"]) for row in found][::3] == [
        ("1750000000", "1850000000"),
        ("900000000", "1100000000"),
    ]
    assert [row["start"][:4] for row in ask(store, "largest", year="2021", n="1")] == ["2021"]


def test_ranks_are_within_one_currency_and_stage(project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        PERIODS,
        one("a", 500, more="id:a dcterms:hasPart id:in-it ."),
        one("in-it", 400),
        one("yearly", 200, period="y2020-2022", basis="perYear"),  # 600 in three years
        one("for-ever", 900, period="from-2020", basis="perYear"),
        one("tied", 100),
        one("tied-too", 100),
        one("near", 95),
        one("far", 50),
        one("voted", 900, stage="adopted"),
        commitment("danish", "danish-level level wholePeriod DKK 800 exact", stage="proposed"),
    )
    found = ask(store, "largest", n="5")
    assert [(row["commitment"].removeprefix("id:"), row["rank"], row["mayChange"]) for row in found] == [
        ("yearly", "1", "false"),
        ("a", "2", "false"),
        ("tied", "3", "true"),
        ("tied-too", "3", "true"),
        ("near", "5", "true"),
    ]
    assert (found[0]["value"], found[0]["years"], found[0]["lower"]) == ("600", "3", "585")
    # All of them, each stage and currency by itself.
    every = ask(store, "largest", **everything("largest"))
    assert {row["commitment"] for row in every if row["rank"] == "1"} == {"id:yearly", "id:voted", "id:danish"}
    assert len(ask(store, "largest", n="3")) == 4


def test_an_amount_without_an_upper_end_may_change_with_all_above(project: Project, tmp_path: Path) -> None:
    store = planted(project, tmp_path, PERIODS, one("a", 500), one("b", 300, qualifier="over"), one("c", 100))
    assert [row["mayChange"] for row in ask(store, "largest")] == ["true", "true", "false"]


# Sources, periods, governments.


def test_press_and_associations_are_24_of_54_documents(store: Store) -> None:
    found = {row["genre"]: row for row in ask(store, "source-kind")}
    told = [found[f"genre:{genre}"] for genre in ("newsArticle", "associationPage")]
    assert [row["sourceKind"] for row in told] == ["sourcekind:secondary"] * 2
    assert sum(int(row["documents"]) for row in told) == 24
    assert {row["allDocuments"] for row in told} == {"54"}
    assert sum(int(row["documents"]) for row in found.values()) == 54
    asked = [ask(store, "source-kind", country=f"country:{code}") for code in ("DNK", "FIN", "NOR", "SWE")]
    assert [row[0]["allDocuments"] for row in asked] == ["23", "2", "20", "8"]


def test_what_a_primary_source_says_too_is_not_only_told_by_others(project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        'id:doc-a dcterms:title "A"@en ; dcterms:type genre:newsArticle .',
        'id:doc-b dcterms:title "B"@en ; dcterms:type genre:pressRelease .',
        one("told", 10, period=""),
        one("both", 10, period="", more="id:both-level dcterms:source id:doc-b ."),
    )
    found = {row["genre"]: row for row in ask(store, "source-kind")}
    assert [found["genre:newsArticle"][name] for name in ("figures", "secondaryOnly", "share")] == [
        "2",
        "1",
        "100",
    ]
    assert [found["genre:pressRelease"][name] for name in ("figures", "secondaryOnly", "share")] == [
        "1",
        "0",
        "50",
    ]


def test_14_commitments_have_no_period(store: Store) -> None:
    found = ask(store, "undated")
    assert len(found) == len({row["commitment"] for row in found}) == 14
    # None of them is in an answer about a year.
    years = {row["commitment"] for row in ask(store, "running-in", year=None)}
    assert not years & {row["commitment"] for row in found}


def test_a_frame_that_one_government_proposed_and_another_told(store: Store) -> None:
    (row,) = [row for row in ask(store, "delay") if row["commitment"] == "id:medfinansieringsordningen-2022"]
    assert row["promiser"] == "id:regjeringen-solberg"
    assert (row["stageDate"], row["termEnd"], row["said"]) == ("2021-10-12", "2021-10-14", "2021-11-02")
    assert (row["saidBeforeTerm"], row["saidAfterTerm"], row["startsAfterTerm"]) == ("false", "true", "true")


def test_a_month_in_which_governments_changed_decides_nothing(project: Project, tmp_path: Path) -> None:
    promiser = "til:promiser id:cabinet ."
    store = planted(
        project,
        tmp_path,
        PERIODS,
        """id:cabinet a til:Government ; dcterms:temporal id:term .
        id:term dcat:startDate "2019-03-15"^^xsd:date ; dcat:endDate "2019-10-14"^^xsd:date .""",
        dated(doc_a="2019-10", doc_b="2019-11", doc_c="2019-03-14", doc_d="2019-10-14", doc_e="2019"),
        *(one(f"in-{name}", 10, f"doc-{name}", more=f"id:in-{name} {promiser}") for name in "abcde"),
    )
    found = {row["commitment"][-1]: (row["saidBeforeTerm"], row["saidAfterTerm"]) for row in ask(store, "delay")}
    assert found == {
        "a": ("false", ""),
        "b": ("false", "true"),
        "c": ("true", "false"),
        "d": ("false", "false"),
        "e": ("", ""),
    }
    assert {(row["yearsToStart"], row["startsAfterTerm"]) for row in ask(store, "delay")} == {("1", "true")}


# Claims and targets.


def test_the_five_claims_of_the_press_release(store: Store) -> None:
    found = {row["claim"].removeprefix("id:"): row for row in ask(store, "claim-check", document=SHEET)}
    more = found["bredband-2020-mer-enn-2019"]
    assert more["answer"] == "verdict:agrees"
    assert [more[name] for name in ("foundLower", "foundLowerOpen", "foundUpper", "foundUpperOpen")] == [
        "55500000",
        "true",
        "66500000",
        "",
    ]
    assert [more[name] for name in ("besideLower", "besideLowerOpen", "besideUpper", "besideUpperOpen")] == [
        "5500000",
        "true",
        "19000000",
        "",
    ]
    assert found["bredband-2020-rekord"]["answer"] == "verdict:cannotBeChecked"
    assert found["medfinansieringsordningen-2016-2020-i-alt"]["answer"] == "verdict:agreesOnlyByWord"
    for name in ("nye-digitaliseringstiltak-2020-pa-toppen", "digitalisering-2020-gjeldende-rammer"):
        assert not found[name]["verdict"]
    sentences = {
        cell(verdict): cell(said)
        for verdict, said in select(
            store,
            "SELECT ?v ?said WHERE { ?v a til:Verdict ; skos:prefLabel ?said FILTER(LANG(?said) = 'en') }",
        ).rows
    }
    assert "3 years missing" in sentences[found["bredband-2020-rekord"]["verdict"]]
    assert "nesten" in sentences[found["medfinansieringsordningen-2016-2020-i-alt"]["verdict"]]
    assert len(ask(store, "claim-check", programme="medfinansieringsordningen")) == 1


def test_what_is_outside_the_700_million(store: Store) -> None:
    found = ask(store, "not-in-it")
    assert [row["words"][:22] for row in found] == [
        "på toppen av en allere",
        "innenfor virksomhetene",
        "I tillegg til foreslåt",
    ]
    assert len(found[2]["outside"].split(" · ")) == 6
    # What one is not in, is not in the other either.
    for commitment_, other in (
        ("helsenettet-2020", "e-helselosninger-2020"),
        ("e-helselosninger-2020", "helsenettet-2020"),
    ):
        named = [
            row["outside"].rpartition("/")[2].removeprefix("id:")
            for row in ask(store, "not-in-it", commitment=commitment_)
        ]
        assert other in named


TARGET = """
id:goal a til:Target ; dcterms:source id:doc-a ; til:about id:p ; til:indicator indicator:municipalitiesReached ;
    schema:value 10 ; til:qualifier qual:{0} ; til:by "2020-12-31"^^xsd:date .
id:count-{1} a schema:Observation ; dcterms:source id:doc-{1} ; schema:observationAbout id:p ;
    schema:measuredProperty indicator:municipalitiesReached ; schema:value {2} .
"""


@pytest.mark.parametrize(
    ("qualifier", "document", "counted", "met"),
    [
        ("atLeast", "b", 10, "true"),
        ("atLeast", "b", 9, "false"),
        ("over", "b", 10, "false"),
        ("upTo", "b", 9, "true"),
        ("upTo", "b", 11, "false"),
        ("atLeast", "a", 40, ""),  # in the document of the target: it is where it started
        ("atLeast", "c", 40, ""),  # before it
        ("atLeast", "d", 40, ""),  # on its day
    ],
)
def test_a_target_is_met_by_what_is_observed_after_it(
    qualifier: str, document: str, counted: int, met: str, project: Project, tmp_path: Path
) -> None:
    store = planted(
        project,
        tmp_path,
        dated(doc_a="2019-10-07", doc_b="2021-02", doc_c="2018", doc_d="2019-10-07"),
        TARGET.format(qualifier, document, counted),
    )
    (row,) = ask(store, "targets")
    assert (row["met"], row["laterValue"]) == (met, str(counted) if met else "")


def test_the_last_observation_decides(project: Project, tmp_path: Path) -> None:
    store = planted(
        project,
        tmp_path,
        dated(doc_a="2019-10-07", doc_b="2021-02", doc_d="2020-11"),
        TARGET.format("atLeast", "b", 12),
        TARGET.format("atLeast", "d", 8),
    )
    (row,) = ask(store, "targets", programme="p")
    assert (row["later"], row["met"]) == ("id:count-b", "true")


def test_ten_municipalities_for_15_million_and_nothing_observed_since(store: Store) -> None:
    (row,) = ask(store, "targets", programme="forsterket-ekom")
    # At least ten of them, for fifteen million: the word is of the number, not of the money.
    assert [row[name] for name in ("value", "atLeastOrMost", "by", "money", "role", "amount", "qualifier")] == [
        "10",
        "qual:atLeast",
        "2020-12-31",
        "id:forsterket-ekom-2020",
        "role:increase",
        "15000000",
        "qual:exact",
    ]
    assert (row["later"], row["met"]) == ("", "")
