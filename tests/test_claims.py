"""Claims about money, and what becomes of them: the five of the press release, and what each rule turns on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.derive import Derived, derive
from kg.derive.claims import Verdict
from kg.project import Project
from kg.store import Store
from kg.terms import CODE, ID, PREFIXES
from tests.written import commitment, derived, figure

ROOT = Path(__file__).parent.parent
CODES = [ROOT / "ontology" / "codes" / f"{name}.ttl" for name in ("claim-type", "qualifier", "sentence")]
YEARS = "".join(
    f'id:year-{year} dcat:startDate "{year}-01-01"^^xsd:date ; dcat:endDate "{year}-12-31"^^xsd:date .\n'
    for year in range(2018, 2022)
)
PROGRAMME = "id:scheme a til:Programme ; til:period id:since .\n"
SINCE = 'id:since dcat:startDate "{}-01-01"^^xsd:date .\n'


def claim(kind: str, more: str = "") -> str:
    return f'id:claim a til:Claim ; skos:prefLabel "Claim"@en ; til:claimType <{CODE}claim-type/{kind}> {more} .\n'


def of_year(year: int, millions: float, qualifier: str = "exact", more: str = "") -> str:
    """A grant of the scheme for one year, and its level."""
    about = f"; til:programme id:scheme ; til:period id:year-{year} ; dcterms:spatial country:NOR {more}"
    return commitment(f"y{year}", about) + figure(f"y{year}-level", f"y{year}", millions, qualifier=qualifier)


def verdict(*texts: str) -> Verdict:
    (found,) = derived(YEARS, *texts).verdicts
    return found


@pytest.fixture(scope="module")
def real() -> Iterator[tuple[Store, Derived]]:
    store = Store.load(Project(ROOT / "graph", ROOT / "ontology", ROOT / "queries"))
    yield store, derive(store)


# The five claims of the press release


def test_each_claim_that_can_be_checked_has_the_verdict_and_the_numbers_of_the_worked_table(
    real: tuple[Store, Derived],
) -> None:
    found = {each.claim.iri.removeprefix(ID): each for each in real[1].verdicts}
    assert {name: each.answer.value for name, each in found.items()} == {
        "bredband-2020-mer-enn-2019": "agrees",
        "bredband-2020-rekord": "cannotBeChecked",
        "medfinansieringsordningen-2016-2020-i-alt": "agreesOnlyByWord",
    }
    more = found["bredband-2020-mer-enn-2019"]
    assert more.found is not None
    assert ends(more.found.term.allowed) == (55_500_000, True, 66_500_000, False)
    (beside,) = more.beside
    assert (beside.over, ends(beside.term.allowed)) == (
        f"{ID}bredband-2019-samlet",
        (5_500_000, True, 19_000_000, False),
    )
    assert found["bredband-2020-rekord"].missing == 3
    total = found["medfinansieringsordningen-2016-2020-i-alt"]
    assert total.found is not None and total.residual is not None
    assert (total.found.term.nominal, total.residual.nominal) == (Decimal(652_100_000), Decimal(2_100_000))
    assert ends(total.residual.allowed) == (-8_600_000, False, 3_300_000, True)
    assert total.saving == (f"{ID}medfinansieringsordningen-2020-level",)


def ends(interval: object) -> tuple[int | None, bool, int | None, bool]:
    lower, upper = interval.lower, interval.upper  # type: ignore[attr-defined]
    opened = interval.lower_open, interval.upper_open  # type: ignore[attr-defined]
    return None if lower is None else int(lower), opened[0], None if upper is None else int(upper), opened[1]


def test_what_comes_on_top_and_what_is_within_frames_has_no_verdict(real: tuple[Store, Derived]) -> None:
    store, found = real
    text = "SELECT ?claim WHERE { ?claim til:claimType ?type FILTER(?type IN (claim:additional, claim:withinFrames)) }"
    prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("til", "claim"))
    unchecked = {str(row[0]).strip("<>") for row in store.query(prefixes + text).rows}  # type: ignore[union-attr]
    assert f"{ID}nye-digitaliseringstiltak-2020-pa-toppen" in unchecked
    assert f"{ID}digitalisering-2020-gjeldende-rammer" in unchecked
    assert unchecked.isdisjoint(each.claim.iri for each in found.verdicts)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        (
            "en",
            "agrees only because of the word “nesten”: NOK 650 million claimed, NOK 652.1 million by the numbers",
        ),
        ("nb", "stemmer bare på grunn av ordet «nesten»: påstått 650 mill. kr, etter tallene 652,1 mill. kr"),
        ("da", "stemmer kun på grund af ordet »nesten«: påstået 650 mio. NOK, efter tallene 652,1 mio. NOK"),
        ("sv", "stämmer bara på grund av ordet ”nesten”: påstått 650 mn NOK, enligt talen 652,1 mn NOK"),
    ],
)
def test_the_sentence_has_the_numbers_and_the_word_of_the_source(
    real: tuple[Store, Derived], lang: str, sentence: str
) -> None:
    (one,) = (each for each in real[1].verdicts if each.answer.value == "agreesOnlyByWord")
    assert one.sentences[lang].replace("\u00a0", " ") == sentence


def test_a_verdict_is_exported_with_its_figures_and_as_a_claim_review(real: tuple[Store, Derived]) -> None:
    said = [str(triple) for triple in real[1].triples()]
    of_it = [each for each in said if each.startswith(f"<{ID}bredband-2020-mer-enn-2019-verdict>")]
    for what in (
        f"<{PREFIXES['til']}Verdict>",
        "<http://schema.org/ClaimReview>",
        f"<{PREFIXES['til']}about> <{ID}bredband-2020-mer-enn-2019>",
        f"<{PREFIXES['prov']}wasDerivedFrom> <{ID}bredband-2019-level>",
        f"<{PREFIXES['til']}outcome> <{CODE}verdict/agrees>",
    ):
        assert any(what in each for each in of_it), what
    over = [
        each for each in said if each.startswith(f"<{ID}bredband-2020-mer-enn-2019-verdict-over-bredband-2019> ")
    ]
    assert any(f"<{PREFIXES['til']}increaseOver> <{ID}bredband-2019>" in each for each in over)


# What each rule turns on


@pytest.mark.parametrize(
    ("now", "before", "qualifier", "answer"),
    [
        (60, 50, "exact", "agrees"),
        (50, 60, "exact", "doesNotAgree"),
        (50, 50.2, "exact", "agrees"),  # both written to the million: rounding leaves room
        (49, 50, "almost", "agreesOnlyByWord"),
    ],
)
def test_more_than_before_turns_on_both_levels(now: float, before: float, qualifier: str, answer: str) -> None:
    about = claim("moreThanBefore", "; til:about id:y2021 ; til:against id:y2020")
    assert verdict(about, of_year(2021, now), of_year(2020, before, qualifier)).answer.value == answer


def test_more_than_before_is_not_checked_without_the_level_before() -> None:
    earlier = commitment("y2020", "; til:period id:year-2020")
    one = verdict(
        claim("moreThanBefore", "; til:about id:y2021 ; til:against id:y2020"), of_year(2021, 60), earlier
    )
    assert (one.answer.value, one.missing, one.found) == ("cannotBeChecked", 1, None)


def test_more_by_an_amount_is_held_against_that_amount() -> None:
    more = figure("rise", "y2021", 30, role="increase", qualifier="over")
    about = claim("moreThanBefore", "; til:about id:y2021 ; til:against id:y2020 ; til:comparison id:rise")
    assert verdict(about, more, of_year(2021, 60), of_year(2020, 20)).answer.value == "agrees"
    assert verdict(about, more, of_year(2021, 60), of_year(2020, 40)).answer.value == "doesNotAgree"


@pytest.mark.parametrize(
    ("since", "years", "answer", "missing"),
    [
        (2020, {2020: 50}, "agrees", 0),
        (2020, {2020: 70}, "doesNotAgree", 0),
        (2018, {2020: 50}, "cannotBeChecked", 2),
        (2018, {2018: 70, 2020: 50}, "doesNotAgree", 1),
        (2018, {2018: 40, 2019: 45, 2020: 50}, "agrees", 0),
    ],
)
def test_a_record_is_held_against_every_year_since_the_start(
    since: int, years: dict[int, float], answer: str, missing: int
) -> None:
    about = claim("record", "; til:about id:y2021 ; til:against id:scheme")
    earlier = [of_year(year, millions) for year, millions in years.items()]
    one = verdict(about, PROGRAMME, SINCE.format(since), of_year(2021, 60), *earlier)
    assert (one.answer.value, one.missing) == (answer, missing)


def test_where_no_start_is_stated_the_years_that_the_graph_has_of_the_country_are_asked() -> None:
    about = claim("record", "; til:about id:y2021 ; til:against id:scheme")
    elsewhere = commitment("other", "; til:period id:year-2019 ; dcterms:spatial country:NOR")
    abroad = commitment("abroad", "; til:period id:year-2018 ; dcterms:spatial country:DNK")
    one = verdict(about, "id:scheme a til:Programme .\n", of_year(2021, 60), of_year(2020, 50), elsewhere, abroad)
    assert (one.answer.value, one.missing) == ("cannotBeChecked", 1)


def test_a_sum_over_years_turns_on_the_years() -> None:
    total = figure("all", "scheme", 110, "; til:period id:two", role="cumulative")
    two = 'id:two dcat:startDate "2020-01-01"^^xsd:date ; dcat:endDate "2021-12-31"^^xsd:date .\n'
    about = claim("cumulative", "; til:about id:scheme ; til:comparison id:all")
    texts = (about, total, two, "id:scheme a til:Programme .\n", of_year(2021, 60))
    assert verdict(*texts, of_year(2020, 50)).answer.value == "agrees"
    assert verdict(*texts, of_year(2020, 20)).answer.value == "doesNotAgree"
    one = verdict(*texts)
    assert (one.answer.value, one.missing) == ("cannotBeChecked", 1)


def test_without_sentences_in_the_source_a_verdict_has_none() -> None:
    about = claim("moreThanBefore", "; til:about id:y2021 ; til:against id:y2020")
    assert verdict(about, of_year(2021, 60), of_year(2020, 50)).sentences == {}


def test_one_missing_year_is_said_in_the_singular() -> None:
    from tests.written import store_of

    about = claim("moreThanBefore", "; til:about id:y2021 ; til:against id:y2020")
    store = store_of(YEARS, about, of_year(2021, 60), commitment("y2020", "; til:period id:year-2020"))
    for path in CODES:
        store.add(quad.triple for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE))
    (one,) = derive(store).verdicts
    assert one.sentences["en"] == "cannot be checked: one year missing, nothing known speaks against it"
