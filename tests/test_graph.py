"""The two hand-read documents: what they must say, and where it stands in their texts."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.results import Table
from kg.store import Store
from kg.terms import ID, PREFIXES

GRAPH = Path(__file__).parent.parent / "graph"
DOCUMENTS = {
    "doc-dk-2007-statsaftale": GRAPH / "documents/dk/2007-statsaftale.ttl",
    "doc-no-2019-hoyt-digitaliseringstempo": GRAPH / "documents/no/2019-hoyt-digitaliseringstempo.ttl",
}
REFERENCE = [
    GRAPH / f"reference/{noun}.ttl"
    for noun in ("governments", "organisations", "people", "periods", "programmes", "sources")
]
# With the bodies, people and periods of all documents: those that other documents alone speak of are there, too.
FILES = [*DOCUMENTS.values(), *REFERENCE, GRAPH / "dataset.ttl"]
# The marked texts: the row of the gold file, the document.
GOLD = {"seed_da": "doc-dk-2007-statsaftale", "seed_no": "doc-no-2019-hoyt-digitaliseringstempo"}
QUALIFIERS = {"exact": "exact", "more-than": "over", "almost": "almost", "approx": "about"}
HEADER = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())

Row = tuple[str | None, ...]


@cache
def graph() -> ox.Store:
    store = ox.Store()
    for path in FILES:
        store.bulk_load(path.read_bytes(), ox.RdfFormat.TURTLE)
    return store


def short(term: object) -> str | None:
    """A term as the tests write it: a literal's value, an IRI's last part."""
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        return term.value
    assert isinstance(term, ox.NamedNode), f"no blank nodes: {term}"
    iri = term.value
    return iri.removeprefix(ID) if iri.startswith(ID) else re.split(r"[/#]", iri)[-1]


def rows(pattern: str, *names: str) -> set[Row]:
    """What `SELECT DISTINCT names WHERE { pattern }` answers, shortened."""
    variables = " ".join(f"?{name}" for name in names)
    answer = graph().query(f"{HEADER}SELECT DISTINCT {variables} WHERE {{ {pattern} }}")
    assert isinstance(answer, ox.QuerySolutions)
    return {tuple(short(solution[name]) for name in names) for solution in answer}


def ask(pattern: str) -> bool:
    answer = graph().query(f"{HEADER}ASK {{ {pattern} }}")
    assert isinstance(answer, ox.QueryBoolean)
    return bool(answer)


def figure(name: str) -> tuple[str | None, ...]:
    """Value, qualifier, role, what it is a figure of."""
    (row,) = rows(
        f"id:{name} schema:value ?v ; til:qualifier ?q ; til:role ?r ; til:figureOf ?of", "v", "q", "r", "of"
    )
    return row


def anchors(document: str) -> list[tuple[int, int, str, str]]:
    """Every anchor of a document: start, end, words, IRI (shortened)."""
    found = rows(
        f"?a oa:hasSource/dcterms:isFormatOf id:{document} ; oa:hasSelector ?s , ?q . "
        "?s oa:start ?start ; oa:end ?end . ?q oa:exact ?words",
        "start",
        "end",
        "words",
        "a",
    )
    return sorted((int(s or ""), int(e or ""), w or "", a or "") for s, e, w, a in found)


def source(document: str, shared: Path) -> bytes:
    return (shared / "sources" / f"{document.removeprefix('doc-')}.txt").read_bytes()


# Files


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_parses_and_has_no_blank_nodes(path: Path) -> None:
    quads = list(ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE))
    assert quads
    nodes = [node for quad in quads for node in (quad.subject, quad.object)]
    assert not [node for node in nodes if isinstance(node, ox.BlankNode)]


def test_nothing_points_at_a_thing_that_is_not_described(store: Store) -> None:
    answer = store.query(
        f'{HEADER}SELECT DISTINCT ?s ?o WHERE {{ ?s ?p ?o FILTER(isIRI(?o) && STRSTARTS(STR(?o), "{ID}")) '
        "FILTER NOT EXISTS { ?o ?q ?r } }"
    )
    assert isinstance(answer, Table) and answer.rows == ()


def test_nothing_derived_is_written_by_hand() -> None:
    assert not ask("?s til:lower|til:upper|til:notSummed|til:outcome ?o")
    assert not ask("?s til:origin origin:derived")


def test_every_label_and_purpose_stands_in_the_language_of_the_source_and_in_english() -> None:
    for term in ("skos:prefLabel", "dcterms:description"):
        languages: dict[str, set[str]] = {}
        for thing, language in rows(f"?s {term} ?o BIND(LANG(?o) AS ?l)", "s", "l"):
            languages.setdefault(str(thing), set()).add(str(language))
        assert languages
        assert {
            thing: known
            for thing, known in languages.items()
            if not ("en" in known and known & {"da", "nb", "sv", "fi"})
        } == {}
    for country, language in (("DNK", "da"), ("NOR", "nb")):
        assert (
            rows(
                f"?s dcterms:spatial country:{country} ; skos:prefLabel ?any "
                f'FILTER NOT EXISTS {{ ?s skos:prefLabel ?own FILTER(LANG(?own) = "{language}") }}',
                "s",
            )
            == set()
        )


def test_every_measure_has_a_purpose() -> None:
    assert rows("?c a til:Commitment FILTER NOT EXISTS { ?c dcterms:description ?d }", "c") == set()


def test_what_is_inferred_is_there_and_has_its_reason() -> None:
    assert rows("?s til:inferred ?p FILTER NOT EXISTS { ?s ?p ?o }", "s", "p") == set()
    assert rows("?s til:inferred ?p FILTER NOT EXISTS { ?s skos:editorialNote ?o }", "s") == set()


# Anchors


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_anchor_holds_against_the_bytes_that_were_read(document: str, shared: Path) -> None:
    content = source(document, shared)
    assert rows(f"id:{document}-text spdx:checksum/spdx:checksumValue ?v", "v") == {
        (hashlib.sha256(content).hexdigest(),)
    }
    text = content.decode("utf-8")
    for start, end, words, anchor in anchors(document):
        assert text[start:end] == words, anchor
        assert anchor == f"{document}#char={start},{end}"


@pytest.mark.parametrize("row", GOLD)
def test_every_marked_amount_is_one_anchor_of_a_figure_with_its_value_and_qualifier(
    row: str, shared: Path
) -> None:
    document = GOLD[row]
    lines = (shared / "amounts/gold.jsonl").read_text("utf-8").splitlines()
    (text,) = (entry for entry in map(json.loads, lines) if entry["id"] == row)
    assert len(text["mentions"]) == {"seed_da": 9, "seed_no": 27}[row]
    for mention in text["mentions"]:
        (anchor,) = (a for a in anchors(document) if a[0] < mention["end"] and mention["start"] < a[1])
        start, end, words, name = anchor
        assert end == mention["end"]
        assert words.removeprefix(mention["qualifier_text"] or "").strip() == mention["text"]
        assert (start < mention["start"]) == (mention["qualifier_text"] is not None)
        expected = (mention["value"], QUALIFIERS[mention["qualifier"]], mention["currency"])
        found = rows(
            f"?f a til:Figure ; til:evidence <{ID}{name}> ; schema:value ?v ; til:qualifier ?q ; til:currency ?c",
            *("v", "q", "c"),
        )
        assert found == {expected}, words


def test_no_figure_without_an_amount_that_is_marked(shared: Path) -> None:
    lines = (shared / "amounts/gold.jsonl").read_text("utf-8").splitlines()
    ends = {
        (GOLD[entry["id"]], mention["end"])
        for entry in map(json.loads, lines)
        if entry["id"] in GOLD
        for mention in entry["mentions"]
    }
    cited = {
        (str(name).partition("#")[0], int(str(name).rpartition(",")[2]))
        for (name,) in rows("?f a til:Figure ; til:evidence ?a", "a")
    }
    assert cited == ends


def test_an_anchor_keeps_at_most_40_characters() -> None:
    assert [a for document in DOCUMENTS for a in anchors(document) if len(a[2]) > 40] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_sentence_of_a_source_is_copied(document: str, shared: Path) -> None:
    def runs(words: str) -> set[tuple[str, ...]]:
        found = re.findall(r"\w+", words.lower())
        return {tuple(found[i : i + 6]) for i in range(len(found) - 5)}

    text = runs(source(document, shared).decode("utf-8"))
    ours = rows("?s ?p ?words FILTER(LANG(?words) != '' && ?p != dcterms:title)", "s", "words")
    assert [(thing, words) for thing, words in ours if runs(words or "") & text] == []


def test_every_anchor_supports_something() -> None:
    assert rows("?a oa:hasSource ?d FILTER NOT EXISTS { ?s til:evidence ?a }", "a") == set()


def test_what_the_minister_says_in_quotation_is_his_and_nothing_else(shared: Path) -> None:
    document = "doc-no-2019-hoyt-digitaliseringstempo"
    text = source(document, shared).decode("utf-8")
    # A dash opens a turn, "sier … Astrup" closes it; a dash inside a list item has no such close.
    turns = [match.span() for match in re.finditer(r"[–−] [^\n]*?, sier [^\n.]*Astrup", text)]
    quoted = {a for s, e, _, a in anchors(document) if any(begin <= s and e <= stop for begin, stop in turns)}
    attributed = {str(a) for (a,) in rows("?a prov:wasAttributedTo id:nikolai-astrup", "a")}
    assert quoted == attributed
    said = {words for s, e, words, a in anchors(document) if a in attributed}
    assert {"over 700 millioner kroner", "650 millioner kroner", "86 prosent av norske husstander"} <= said


# What the two sources demand, point by point


def test_point_1_the_scheme_has_an_increase_and_the_level_that_it_leads_to() -> None:
    assert figure("medfinansieringsordningen-2020-increase")[:3] == ("60000000", "exact", "increase")
    assert figure("medfinansieringsordningen-2020-level")[:3] == ("190000000", "almost", "level")
    assert ask("id:medfinansieringsordningen-2020-increase til:increaseTo id:medfinansieringsordningen-2020-level")
    for name in ("level", "increase"):
        assert len(rows(f"id:medfinansieringsordningen-2020-{name} til:evidence ?a", "a")) == 2


def test_point_2_over_380_million_is_leverage() -> None:
    assert figure("medfinansieringsordningen-2020-leveraged")[:3] == ("380000000", "over", "leveraged")


def test_point_3_650_million_is_cumulative_quoted_and_includes_what_is_not_adopted() -> None:
    name = "medfinansieringsordningen-2016-2020-cumulative"
    assert figure(name) == ("650000000", "exact", "cumulative", "medfinansieringsordningen")
    assert ask(f"id:{name} til:evidence/prov:wasAttributedTo id:nikolai-astrup")
    assert rows(f"id:{name} til:includes/til:figureOf/til:stage ?s", "s") == {("proposed",)}
    assert rows(f"id:{name} til:period ?p . ?p dcat:startDate ?a ; dcat:endDate ?b", "a", "b") == {
        ("2016-01-01", "2020-12-31")
    }


def test_point_4_the_health_platform_has_a_loan_inside() -> None:
    found = rows(
        "id:helseplattformen-2020 dcterms:hasPart ?p . ?p til:kind ?k . ?f til:figureOf ?p ; schema:value ?v",
        "k",
        "v",
    )
    assert found == {("appropriation", "123200000"), ("loan", "400000000")}
    assert rows("id:helseplattformen-2020 til:kind ?k ; til:partsExhaustive ?e", "k", "e") == {("mixed", "true")}
    assert figure("helseplattformen-2020-level")[:3] == ("523200000", "exact", "level")
    assert rows("id:helseplattformen-2020-lan til:recipient ?r", "r") == {("helse-midt-norge-rhf",)}


def test_point_5_others_money_in_the_total_and_a_further_131_million() -> None:
    assert figure("standardisert-sprak-2020-level")[0] == "101000000"
    assert rows("id:standardisert-sprak-2020 til:funder ?f", "f") == {
        ("staten-no",),
        ("aktorene-standardisert-sprak",),
    }
    assert figure("standardisert-sprak-2020-staten-level")[0] == "84000000"
    assert figure("helseanalyseplattformen-2020-level")[0] == "243000000"
    assert figure("helseanalyseplattformen-2020-staten-increase")[:3] == ("131000000", "exact", "increase")
    parts = "id:helseanalyseplattformen-2020 dcterms:hasPart ?p . ?p til:funder ?f"
    assert rows(parts, "f") == {("staten-no",), ("norges-forskningsrad",)}
    # Neither the actors' nor the Research Council's money has an amount of its own.
    for unknown in ("standardisert-sprak-2020-aktorene", "helseanalyseplattformen-2020-forskningsradet"):
        assert not ask(f"?f til:figureOf id:{unknown}")


def test_point_6_over_sits_on_the_difference_to_2019() -> None:
    assert figure("bredband-2020-level")[:3] == ("256000000", "exact", "level")
    assert figure("bredband-2020-increase")[:3] == ("50000000", "over", "increase")
    assert rows("id:bredband-2020-increase til:increaseTo ?t ; til:increaseOver ?o", "t", "o") == {
        ("bredband-2020-level", "bredband-2019")
    }


def test_point_7_the_list_of_new_measures_is_not_exhaustive() -> None:
    total = "id:nye-digitaliseringstiltak-2020"
    assert rows(f"{total} til:kind ?k ; til:partsExhaustive ?e", "k", "e") == {("mixed", "false")}
    assert figure("nye-digitaliseringstiltak-2020-level")[:3] == ("700000000", "over", "level")
    values = rows(f"{total} dcterms:hasPart ?p . ?f til:figureOf ?p ; schema:value ?v", "p", "v")
    assert len({part for part, _ in values}) == 9
    millions = {str(value) for _, value in values}
    assert {
        "10000000",
        "35000000",
        "30000000",
        "40000000",
        "11000000",
        "84000000",
        "8600000",
        "131000000",
    } < millions
    assert not {"101000000", "243000000"} & millions


def test_point_8_new_in_the_list_though_the_scheme_runs_since_2016() -> None:
    assert rows("id:medfinansieringsordningen-2020 til:novelty ?n ; til:stage ?s", "n", "s") == {
        ("new", "proposed")
    }
    assert rows("id:medfinansieringsordningen til:period/dcat:startDate ?d", "d") == {("2016-01-01",)}


def test_point_9_each_the_next_three_years_is_yearly_by_inference() -> None:
    parts = "id:projekt-digital-forvaltning-2008-2010 dcterms:hasPart ?p . ?f til:figureOf ?p"
    assert rows(
        f"{parts} ; schema:value ?v ; til:basis ?b ; til:inferred til:basis . ?p til:funder ?w", "w", "v", "b"
    ) == {(payer, "6700000", "perYear") for payer in ("staten-dk", "kl", "regionerne-dk")}
    assert len(rows(f"{parts} ; til:evidence ?a", "a")) == 1
    assert rows(
        "id:projekt-digital-forvaltning-2008-2010 til:period ?y . ?y dcat:startDate ?a ; dcat:endDate ?b", "a", "b"
    ) == {("2008-01-01", "2010-12-31")}
    assert figure("projekt-digital-forvaltning-2008-2010-level")[:2] == ("60000000", "exact")


def test_point_10_155_million_in_its_wordings_is_one_commitment() -> None:
    found = rows("?f schema:value 155000000 ; til:figureOf ?c ; til:qualifier ?q", "f", "c", "q")
    name = "de-34-projekter-2008-2010"
    assert found == {
        (f"{name}-level", name, "exact"),
        (f"{name}-level-kommunekroner", name, "exact"),
        (f"{name}-level-over", name, "over"),
        (f"{name}-level-mere-end", name, "over"),
    }
    assert rows(f"?f til:rewords id:{name}-level", "f") == {(f,) for f, _, _ in found} - {(f"{name}-level",)}
    assert len(rows(f"id:{name}-level til:evidence ?a", "a")) == 2
    assert ask(f"id:{name}-level-over til:inferred til:qualifier ; skos:editorialNote ?why")


def test_point_11_the_payers_of_each_sentence_stand_side_by_side() -> None:
    name = "de-34-projekter-2008-2010"
    assert rows(f"id:{name} til:funder ?p", "p") == {("kommunerne-dk",), ("regionerne-dk",)}
    assert rows(f"?f til:figureOf id:{name} ; til:payerAsStated ?p", "f", "p") == {
        (f"{name}-level-kommunekroner", "kommunerne-dk"),
        (f"{name}-level-over", "regeringen-anders-fogh-rasmussen-ii"),
        (f"{name}-level-over", "kl"),
        (f"{name}-level-over", "regionerne-dk"),
        (f"{name}-level-mere-end", "kl"),
        (f"{name}-level-mere-end", "danske-regioner"),
    }
    assert rows(
        f"id:{name} dcterms:hasPart ?p . ?p til:funder ?w . "
        "?f til:figureOf ?p ; schema:value ?v ; til:qualifier ?q",
        *("w", "v", "q"),
    ) == {("kommunerne-dk", "97000000", "about"), ("regionerne-dk", "57000000", "exact")}


def test_point_12_dates_from_outside_carry_their_own_source() -> None:
    assert not ask("id:doc-dk-2007-statsaftale dcterms:issued|dcterms:date ?d")
    assert rows("id:okonomiaftaler-dk-2008 dcterms:date ?d ; til:dateSource/schema:url ?p", "d") == {
        ("2007-06-10",)
    }
    dates = (
        "VALUES ?p { dcterms:issued dcterms:date til:stageDate "
        "dcterms:temporal org:memberDuring schema:foundingDate }"
    )
    assert (
        rows(f"{dates} ?s til:inferred ?p FILTER NOT EXISTS {{ ?s til:dateSource|til:evidence ?d }}", "s") == set()
    )
    # Neither text gives a day: every day of a stage or a document comes from outside.
    days = "VALUES ?p { til:stageDate } ?s ?p ?day"
    assert (
        rows(f"{days} FILTER NOT EXISTS {{ ?s til:inferred ?p ; til:dateSource/schema:url ?page }}", "s") == set()
    )


def test_point_13_the_footer_phone_numbers_and_shares_are_no_commitments(shared: Path) -> None:
    text = source("doc-dk-2007-statsaftale", shared).decode("utf-8")
    footer = text.index("Brancheguiden")
    assert [a for a in anchors("doc-dk-2007-statsaftale") if a[1] > footer] == []
    press = source("doc-no-2019-hoyt-digitaliseringstempo", shared).decode("utf-8").index("pressetelefon")
    assert [a for a in anchors("doc-no-2019-hoyt-digitaliseringstempo") if a[1] > press] == []
    facts = rows(
        "?o schema:value ?v ; til:qualifier ?q . { ?o a schema:Observation } UNION { ?o a til:Target }", "v", "q"
    )
    assert {("34", "exact"), ("86", "exact"), ("40", "over"), ("10", "atLeast")} <= facts
    assert not ask("?o a schema:Observation , til:Figure")
    assert not ask("?o a schema:Observation ; til:figureOf|til:currency ?x")


def test_point_14_words_decimal_commas_and_steps() -> None:
    assert rows(
        '?s oa:exact "Ti millioner kroner" . ?a oa:hasSelector ?s . ?f til:evidence ?a ; schema:value ?v', "v"
    ) == {("10000000",)}
    steps = rows("?f schema:value ?v ; til:step ?s", "v", "s")
    for value in ("8600000", "6700000", "523200000", "123200000"):
        assert {step for v, step in steps if v == value} == {"100000"}
    assert {step for v, step in steps if str(v).endswith("000000")} == {"1000000"}


def test_point_15_publisher_government_and_archive_are_three_things() -> None:
    document = "id:doc-no-2019-hoyt-digitaliseringstempo"
    assert rows(
        f"{document} dcterms:publisher ?p ; schema:sourceOrganization ?g ; dcterms:isPartOf ?a", "p", "g", "a"
    ) == {("kmd", "regjeringen-solberg", "historisk-arkiv-regjeringen-no")}


def test_point_16_a_body_is_named_before_it_exists() -> None:
    assert rows("id:digitaliseringsdirektoratet schema:foundingDate ?d", "d") == {("2020-01-01",)}
    assert ask(
        "?c til:recipient id:digitaliseringsdirektoratet ; til:stageDate ?day ; skos:editorialNote ?note . "
        "id:digitaliseringsdirektoratet schema:foundingDate ?from FILTER(?day < ?from)"
    )
    assert rows("id:digitaliseringsdirektoratet-opprettet org:originalOrganization ?o", "o") == {
        ("altinn",),
        ("difi",),
    }


# Facts without money


def test_who_made_the_agreement_with_whom_and_what_was_new_about_it() -> None:
    assert rows("id:okonomiaftaler-dk-2008 prov:wasAssociatedWith ?w", "w") == {
        ("thor-pedersen",),
        ("regeringen-anders-fogh-rasmussen-ii",),
        ("kl",),
        ("danske-regioner",),
    }
    assert rows("id:okonomiaftaler-dk-2008 dcterms:relation ?s", "s") == {
        ("digitaliseringsstrategi-dk-2007-2010",)
    }
    assert len(rows("?c prov:wasGeneratedBy id:okonomiaftaler-dk-2008", "c")) == 7


def test_the_task_force_is_in_the_project_housed_by_the_ministry_and_owned_by_all() -> None:
    assert rows("id:den-digitale-taskforce dcterms:isPartOf ?p", "p") == {("projekt-digital-forvaltning",)}
    assert ask("id:den-digitale-taskforce org:hasSite ?site . id:finansministeriet-dk org:hasSite ?site")
    assert not ask("id:den-digitale-taskforce org:unitOf|org:subOrganizationOf ?anything")
    assert rows("id:den-digitale-taskforce org:hasMember ?m", "m") == {("staten-dk",), ("kl",), ("regionerne-dk",)}
    assert rows("id:projekt-digital-forvaltning til:period/dcat:endDate ?d", "d") == {("2010-12-31",)}


def test_the_citizen_portal_is_among_the_34_projects_and_five_solutions_are_the_e_health_ones() -> None:
    assert rows("?p dcterms:isPartOf id:de-34-projekter", "p") == {("faelles-borgerportal",)}
    assert rows("?p dcterms:isPartOf id:nasjonale-e-helselosninger", "p") == {
        (name,) for name in ("kjernejournal", "e-resept", "helsenorge", "grunndata", "helseid")
    }


def test_speakers_held_their_posts_on_the_day() -> None:
    held = """?m org:member ?who ; org:role ?role ; org:memberDuring ?t . ?t dcat:startDate ?a ; dcat:endDate ?b .
        VALUES (?who ?day) { (id:thor-pedersen "2007-06-10"^^xsd:date) (id:nikolai-astrup "2019-10-07"^^xsd:date) }
        FILTER(?a <= ?day && ?day <= ?b)"""
    assert rows(held, "who", "role") == {
        ("thor-pedersen", "finansminister-dk"),
        ("nikolai-astrup", "digitaliseringsminister-no"),
    }


# Claims, targets, places: what is said beside amounts


def test_what_is_to_be_reached_is_a_target_with_its_money_and_no_observation() -> None:
    assert rows(
        "?t a til:Target ; schema:value ?v ; til:qualifier ?q ; til:by ?by ; til:enabledBy ?c ; til:about ?p",
        *("t", "v", "q", "by", "c", "p"),
    ) == {
        (
            "forsterket-ekom-nye-kommuner-2020",
            "10",
            "atLeast",
            "2020-12-31",
            "forsterket-ekom-2020",
            "forsterket-ekom",
        ),
        (
            "de-34-projekter-gennemfoert-2010",
            "34",
            "exact",
            "2010-12-31",
            "de-34-projekter-2008-2010",
            "de-34-projekter",
        ),
    }
    assert not ask("?t a til:Target , schema:Observation")


def test_the_claims_of_the_two_texts_and_where_they_stand() -> None:
    found = rows("?c a til:Claim ; til:claimType ?t ; til:about ?a", "c", "t", "a")
    assert {(claim, kind) for claim, kind, _ in found} == {
        ("nye-digitaliseringstiltak-2020-pa-toppen", "additional"),
        ("digitalisering-2020-gjeldende-rammer", "withinFrames"),
        ("medfinansieringsordningen-2016-2020-i-alt", "cumulative"),
        ("bredband-2020-mer-enn-2019", "moreThanBefore"),
        ("bredband-2020-rekord", "record"),
        ("videreforte-tiltak-2020-i-tillegg", "additional"),
        ("helsenettet-2020-i-tillegg", "additional"),
        ("projekt-digital-forvaltning-2008-2010-ud-over", "additional"),
    }
    places = "?c a til:Claim ; til:evidence/oa:hasSelector ?s . ?s oa:start ?start"
    starts = rows(places, "c", "start")
    assert {
        ("nye-digitaliseringstiltak-2020-pa-toppen", "774"),
        ("digitalisering-2020-gjeldende-rammer", "893"),
    } < starts
    # Of the continued list every measure that is no part of another.
    continued = {about for claim, _, about in found if claim == "videreforte-tiltak-2020-i-tillegg"}
    listed = "?c til:novelty novelty:continued ; dcterms:source id:doc-no-2019-hoyt-digitaliseringstempo"
    tops = rows(f"{listed} FILTER NOT EXISTS {{ ?whole dcterms:hasPart ?c }}", "c")
    assert {(about,) for about in continued} == tops
    assert ask("id:bredband-2020-rekord til:evidence/prov:wasAttributedTo id:nikolai-astrup")
    assert not ask("?c a til:Claim ; schema:value ?v")


def test_every_observation_says_what_it_measures() -> None:
    assert rows("?o a schema:Observation FILTER NOT EXISTS { ?o schema:measuredProperty ?i }", "o") == set()
    now = "id:hoyhastighetsbredband-andel-2019"
    assert rows(f"{now} dcterms:issued ?d ; til:inferred dcterms:issued", "d") == {("2019-10-07",)}
    assert not ask(f"{now} til:period ?p")


def test_the_region_is_named_twice_and_every_programme_and_body_where_it_is_named() -> None:
    words = "?a oa:hasSelector/oa:exact ?words"
    assert rows(f"id:helseplattformen dcterms:spatial ?r . ?r til:evidence ?a . {words}", "r", "a", "words") == {
        ("midt-norge", f"doc-no-2019-hoyt-digitaliseringstempo#char={at}", "Midt-Norge")
        for at in ("5294,5304", "5431,5441")
    }
    named = (
        "?c til:programme|til:recipient ?thing ; dcterms:source ?d ; til:evidence ?own . ?own oa:hasSource ?d "
        "FILTER NOT EXISTS { ?thing til:evidence/oa:hasSource ?d }"
    )
    assert rows(named, "thing", "d") == set()


def test_what_is_not_in_the_words_says_so() -> None:
    for document in DOCUMENTS:
        assert ask(f"id:{document} til:inferred foaf:page")
    for of_others in ("standardisert-sprak-2020-aktorene", "helseanalyseplattformen-2020-forskningsradet"):
        assert ask(f"id:{of_others} til:inferred til:novelty")
    assert rows(
        "?c til:onBehalfOf ?whom ; til:funder ?payer ; til:inferred til:onBehalfOf", "c", "whom", "payer"
    ) == {("projekt-digital-forvaltning-2008-2010-kl", "kommunerne-dk", "kl")}


def test_the_four_wordings_of_the_155_million_have_names_that_tell_them_apart() -> None:
    for language in ("da", "en"):
        names = rows(
            "?f schema:value 155000000 ; til:figureOf ?c ; skos:prefLabel ?name "
            f'FILTER(LANG(?name) = "{language}")',
            *("f", "name"),
        )
        assert len({name for _, name in names}) == 4


def test_a_state_is_a_state_and_every_other_payer_is_not() -> None:
    classes = rows("?c til:funder ?payer . ?payer dcterms:type ?class", "payer", "class")
    assert {payer for payer, kind in classes if kind == "state"} == {"staten-dk", "staten-no"}
    assert rows("?c til:funder ?payer FILTER NOT EXISTS { ?payer dcterms:type ?class }", "payer") == set()
    assert {kind for _, kind in classes} == {"state", "others"}
