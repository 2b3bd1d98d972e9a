"""`kg find`: things by words in any language and spelling, ranked, with their amounts."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import cache, catalogue, names
from kg.catalogue import Amount, Catalogue, Found, Wanted
from kg.project import Project
from kg.results import plain, select
from kg.sparql import prefixed
from kg.store import Store
from kg.terms import ID, PREFIXES
from tests.conftest import Kg

# The source states so much or more, in one number; read in graph/documents by hand. "Almost one billion" of
# digital-vaekst-2018 is less.
BILLIONS = {
    "bredband-se-2021-extra",
    "bredbandsstod-se-till-2025",
    "beredskabsaftale-2025-2033",
    "danmarks-digitaliseringsstrategi-2022-2026",
    "digital-europe-2021-2027",
    "digital-europe-2021-2027-cyber",
    "digital-europe-2021-2027-hpc",
    "digital-europe-2021-2027-ki",
    "digital-europe-2021-2027-udbredelse",
    "digital-sikkerhet-2019",
    "digital-sikkerhet-listede-tiltak",
    "digitalisering-2021",
    "digitalisering-2022",
    "digitalisering-2024",
    "digitaliseringsmilliarden-2016",
    "it-i-folkeskolen-2011",
    "it-i-folkeskolen-kommunerne",
    "ki-milliarden",
}


@pytest.fixture(scope="module")
def things(store: Store) -> Catalogue:
    return Catalogue.of(store)


def slugs(found: list[Found]) -> list[str]:
    return list(dict.fromkeys(one.iri.removeprefix(ID) for one in found))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("typed", ["bredbånd", "BREDBÅND", "bredbaand", "bredband", "Bredbånd "])
def test_a_word_of_one_language_finds_its_neighbours(things: Catalogue, typed: str) -> None:
    found, _ = things.search([typed])
    assert {"bredbaandspuljen-dk", "bredbandsstod-se", "bredbandsutbygging-no"} <= set(slugs(found))
    assert slugs(found) == slugs(things.search(["bredbånd"])[0])


def test_a_thing_is_found_by_its_names_in_each_language(things: Catalogue) -> None:
    for typed in (["broadband", "pool"], ["bredbåndspuljen"]):
        assert slugs(things.search(typed)[0])[0] == "bredbaandspuljen-dk"


def test_a_commitment_is_found_by_what_it_is_for_and_by_its_kind(things: Catalogue) -> None:
    """No name of the grant to Akershus has the words of the programme; a loan need not be called one."""
    assert "bredband-2019-akershus" in slugs(things.search(["bredbandsutbygging"])[0])
    loans = Wanted(kinds=frozenset({PREFIXES["til"] + "Commitment"}), country=PREFIXES["country"] + "NOR")
    for word in ("lån", "loan"):
        assert set(slugs(things.search([word], loans)[0])[:2]) == {
            "helseplattformen-2019-lan",
            "helseplattformen-2020-lan",
        }


def test_quoted_words_find_what_they_support_and_are_shown(kg: Kg) -> None:
    run = kg("find", "kommunekroner", "--type", "commitment", "-f", "csv")
    (row,) = rows(run.stdout)
    assert row["id"] == ID + "de-34-projekter-2008-2010" and row["words"] == "155 mio. kommunekroner"
    assert row["amount"] == "155000000" and row["stage"].endswith("/agreed")
    assert (row["start"], row["end"]) == ("2008-01-01", "2010-12-31")


def test_the_whole_name_comes_first_then_its_begin_then_words_and_parts() -> None:
    """Worked out from the five names: all that has both words comes before what has one."""
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    said = {
        "e": "Fremme af det nordlige lys i nord",  # both, as words and a part
        "a": "Nord lys",  # just this
        "b": "Nord lyset",  # begins with it
        "c": "Lys i nord",  # both as words
        "d": "Nordlyse",  # begins with it, written together
        "f": "Lys over land",  # one of two
    }
    from kg import rdf

    store = Store.of(
        rdf.Triple(rdf.iri(ID + name), rdf.iri(label[1:-1]), rdf.literal(text, language="da"))
        for name, text in said.items()
    )
    assert slugs(Catalogue.of(store).search(["nord", "lys"])[0]) == ["a", "b", "d", "c", "e", "f"]


def test_everything_of_a_billion_and_more(kg: Kg) -> None:
    run = kg("find", "--min", "1 billion", "-f", "csv")
    assert run.returncode == 0 and "--min 1 billion is read as 1000000000" in run.stderr
    found = rows(run.stdout)
    assert {row["id"].removeprefix(ID) for row in found} == BILLIONS
    assert all(Decimal(row["amount"]) >= 10**9 for row in found)
    assert kg("find", "--min", "1000000000", "-f", "csv").stdout == run.stdout
    by_currency = [(row["currency"], -Decimal(row["amount"])) for row in found]
    assert by_currency == sorted(by_currency)


@pytest.mark.parametrize(
    ("amount", "least", "most", "reached", "within"),
    [
        (Amount(value="1000", lower="1000", upper="1000"), 1000, 1000, True, True),
        (
            Amount(value="1000", lower="950", upper="1000", upper_open="true"),
            1000,
            1000,
            False,
            True,
        ),  # almost 1000
        (Amount(value="1000", lower="1000", lower_open="true"), 1000, 1000, True, False),  # over 1000
        (Amount(value="1000", lower="1000", lower_open="true"), 5000, 5000, False, True),
        (Amount(value="990", lower="940", upper="1040"), 1000, 980, False, False),  # about 990
        (Amount(lower="500", upper="1500"), 1000, 1000, True, True),  # a range
        (Amount(lower="500", upper="1500"), 1501, 499, False, False),
        (Amount(), 0, 10**9, False, False),
    ],
)
def test_an_amount_counts_as_it_is_written_unless_its_words_deny_it(
    amount: Amount, least: int, most: int, reached: bool, within: bool
) -> None:
    assert bool(amount.reaches(Decimal(least))) is reached
    assert bool(amount.keeps_within(Decimal(most))) is within


def test_cyber(kg: Kg) -> None:
    run = kg("find", "cyber", "-f", "table", env={"COLUMNS": "200"})
    lines = run.stdout.replace("\u00a0", " ").splitlines()
    assert lines[0].split() == ["name", "what", "amount", "basis", "period", "stage", "id"]
    assert any(
        "DKK 500 million" in line and "2021–2023" in line and "cyberreserve-2021-2023" in line for line in lines
    )
    assert any("DKK 100 million" in line and "per year" in line for line in lines)


def test_options_narrow_what_is_found(kg: Kg) -> None:
    (only,) = rows(kg("find", "bredbånd", "--type", "programme", "--country", "sverige", "-f", "csv").stdout)
    assert only["id"] == ID + "bredbandsstod-se" and only["what"] == "programme"
    found = rows(kg("find", "bredbånd", "--year", "2020", "--type", "tilsagn", "--country", "no").stdout)
    assert {row["id"] for row in found} == {ID + "bredband-2020"}
    assert {row["role"].rpartition("/")[2] for row in found} == {"increase", "level"}
    found = rows(kg("find", "--currency", "euro", "--max", "1.1 bn", "--min", "1 bn").stdout)
    assert {row["id"] for row in found} == {ID + "digital-europe-2021-2027-udbredelse"}


def test_json_and_languages(kg: Kg) -> None:
    (one,) = json.loads(kg("find", "bredbandsstod", "--type", "program", "-f", "json", "--lang", "sv").stdout)
    assert one == {"name": "Bredbandsstödet", "what": "program", "id": ID + "bredbandsstod-se"}


def test_nothing_found_is_no_error_and_says_what_is_near(kg: Kg) -> None:
    run = kg("find", "bredbnd")
    assert run.returncode == 0 and len(run.stdout.splitlines()) == 1
    first, near = run.stderr.splitlines()
    assert first == "nothing found" and "did you mean 'bredbånd'" in near


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nothing to look for"),
        (("x", "--year", "0"), "a year has four digits"),
        (("x", "--min", "much"), "'much' is no amount"),
        (("x", "--min", "12 13"), "'12 13' is no amount"),
        (("x", "--min", "-5"), "'-5' is no amount"),
        (("x", "--max", "over 5 million"), "'over 5 million' is no amount"),
        (("x", "--min", "1 milliard kroner"), "its currency goes to --currency"),
        (("x", "--type", "programe"), "did you mean 'programme'"),
        (("x", "--country", "Iceland"), "no country is called 'Iceland' here"),
        (("x", "--currency", "kroner"), "'kroner' names 3 things"),
        (("x", "-f", "xml"), "no format 'xml'"),
    ],
)
def test_what_cannot_be_meant_is_refused(kg: Kg, arguments: tuple[str, ...], said: str) -> None:
    run = kg("find", *arguments)
    assert run.returncode == 2 and run.stdout == "" and said in run.stderr, run.stderr


def test_what_is_cut_is_said(kg: Kg) -> None:
    run = kg("find", "digital", "--limit", "3", "-f", "csv")
    assert len(rows(run.stdout)) == 3 and "kg: note: the first 3 of " in run.stderr


@given(st.lists(st.text(max_size=12), min_size=1, max_size=3))
def test_words_are_never_syntax(words: list[str]) -> None:
    found, number = _SMALL.search(words)
    assert len(found) == number
    if not any(names.words(word) for word in words):
        assert found == []


@given(
    st.sampled_from(['"', "a*", "NEAR(a b)", "text:x", "x OR y", "a AND", "-x", "^x", "%", "_", "a%b", "'; --"])
)
def test_words_that_are_syntax_elsewhere_are_words(word: str) -> None:
    found, _ = _SMALL.search([word])
    assert {one.iri for one in found} == set(_holding(names.words(word)))


def test_a_word_may_be_of_any_length(things: Catalogue) -> None:
    """SQLite refuses a pattern of more than 50,000 letters, and this was a bug of ours."""
    assert things.search(["x" * 60_000]) == ([], 0)
    assert slugs(things.search(["x" * 60_000, "helseplattformen"])[0])[0] == "helseplattformen"


@given(st.text(alphabet="abdegiklnorståøæ", min_size=1, max_size=4))
def test_whatever_holds_the_word_is_found_and_nothing_else(word: str) -> None:
    """The index by three letters gives what a look at every text gives, for shorter words too."""
    found, _ = _SMALL.search([word])
    assert {one.iri for one in found} == set(_holding(names.words(word)))


_STORE = Store.of_files(
    [Project.find().data / "reference" / name for name in ("programmes.ttl", "organisations.ttl", "offices.ttl")]
)
_SMALL = Catalogue.of(_STORE)
_TEXTS: dict[str, set[str]] = {}
for _thing, _text in select(
    _STORE,
    # What a programme is part of finds it too.
    prefixed(
        "SELECT ?thing ?text { { ?thing skos:prefLabel|skos:altLabel|foaf:name|dcterms:description ?text }"
        " UNION { ?thing a til:Programme ; dcterms:isPartOf+/(skos:prefLabel|skos:altLabel) ?text } }"
    ),
).rows:
    _TEXTS.setdefault(plain(_thing), set()).update(names.words(plain(_text)))


def _holding(asked: list[str]) -> list[str]:
    return [thing for thing, words in _TEXTS.items() if any(part in word for part in asked for word in words)]


def test_every_name_finds_its_thing_before_all_that_have_another_name(store: Store, things: Catalogue) -> None:
    called = select(
        store, prefixed("SELECT ?thing ?name { ?thing a til:Programme ; skos:prefLabel|skos:altLabel ?name }")
    )
    owners: dict[str, set[str]] = {}
    for thing, name in select(
        store, prefixed("SELECT ?t ?n { ?t skos:prefLabel|skos:altLabel|foaf:name|dcterms:title ?n }")
    ).rows:
        owners.setdefault(names.key(plain(name)), set()).add(plain(thing))
    for thing, name in called.rows:
        found = [one.iri for one in things.search([plain(name)])[0]]
        first = list(dict.fromkeys(found))[: len(owners[names.key(plain(name))])]
        assert plain(thing) in first, (plain(thing), plain(name))


def test_the_catalogue_of_a_large_graph_is_kept_beside_its_index(
    project: Project, things: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = catalogue.recipe()
    assert cache.find(project, made) is None
    kept = Catalogue.open(cache.build(project, made))
    assert cache.find(project, made) is not None
    for words in (["bredbånd"], ["digital", "sikkerhet"], ["155"], []):
        assert kept.search(words) == things.search(words)
