"""What a person types for a thing: found by any name that it has, or refused with what it could be."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import names, rdf, results
from kg.cli import main
from kg.errors import UsageError
from kg.project import Project
from kg.queries import Parameter, Query, find, option
from kg.results import plain, select
from kg.sparql import prefixed
from kg.store import Store
from kg.terms import ID, PREFIXES
from tests.conftest import Kg
from tests.test_endpoint import send, serving

COUNTRY = PREFIXES["country"]
QUESTIONS = [Query.read(path) for path in Project.find().query_files()]
PARAMETERS = [(query, parameter) for query in QUESTIONS for parameter in query.parameters]
WANTED = sorted({parameter.wanted for _, parameter in PARAMETERS if parameter.named})


def meant(store: Store, question: str, parameter: str, typed: str) -> str:
    wanted = find(Project.find(), question).parameter(parameter).wanted
    return names.resolve(store, typed, wanted).things[0]


def refused(store: Store, question: str, parameter: str, typed: str) -> str:
    """The error, as it is shown."""
    with pytest.raises(UsageError) as raised:
        find(Project.find(), question).bind({parameter: typed}, store)
    assert raised.value.exit_code == 2
    return raised.value.render()


@pytest.mark.parametrize(
    "typed",
    [
        "Bredbåndspuljen",
        "bredbåndspuljen",
        "bredbaandspuljen",
        "BREDBANDSPULJEN",
        "bredbånds-puljen",
        "Broadband pool",
        "broadband-pool",
        "bredbaandspuljen-dk",
        "Bredbaandspuljen DK",
        "id:bredbaandspuljen-dk",
        ID + "bredbaandspuljen-dk",
        f"<{ID}bredbaandspuljen-dk>",
    ],
)
def test_a_programme_is_known_by_every_name(store: Store, typed: str) -> None:
    assert meant(store, "recycled", "programme", typed) == ID + "bredbaandspuljen-dk"


@pytest.mark.parametrize("typed", ["Norge", "norge", "Noreg", "Norway", "Norja", "NO", "no", "NOR", "country:NOR"])
def test_a_country_is_known_by_its_names_and_codes(store: Store, typed: str) -> None:
    """The graph does not describe countries, and took NOR alone."""
    assert meant(store, "delay", "country", typed) == COUNTRY + "NOR"


def test_the_union_has_a_code_of_the_table_and_one_of_iso(store: Store) -> None:
    for typed in ("EUR", "EU", "European Union", "Den Europæiske Union", "europeiska unionen"):
        assert meant(store, "delay", "country", typed) == COUNTRY + "EUR"


@pytest.mark.parametrize("typed", ["loan", "Loan", "lån", "laan", "lan", "kind:loan"])
def test_a_code_is_known_by_its_labels(store: Store, typed: str) -> None:
    assert meant(store, "by-kind", "kind", typed) == PREFIXES["kind"] + "loan"


def test_a_currency_is_known_by_its_names(store: Store) -> None:
    for typed in ("NOK", "nok", "norske kroner", "Norwegian Krone", "cur:NOK"):
        assert meant(store, "largest", "currency", typed) == PREFIXES["cur"] + "NOK"
    several = refused(store, "largest", "currency", "kroner")
    assert all(f"{code}" in several for code in ("cur:DKK", "cur:NOK", "cur:SEK")) and "EUR" not in several


def test_a_whole_name_wins_over_part_of_others(store: Store) -> None:
    """Digital Europe is a programme, and part of nothing else; "digital" is part of many."""
    assert meant(store, "recycled", "programme", "digital europe") == ID + "digital-europe"
    several = refused(store, "recycled", "programme", "digital")
    lines = several.splitlines()
    assert "'digital' names" in lines[0] and lines[1].strip() == "help: one of"
    assert len(lines[2:]) == 11 and lines[-1].strip().startswith("and ") and lines[-1].endswith(" more")
    assert "    Digital Europe, programme, id:digital-europe" in lines


def test_part_of_a_name_is_enough_where_one_has_it_and_it_is_said(store: Store, kg: Kg) -> None:
    assert meant(store, "promises", "government", "solberg") == ID + "regjeringen-solberg"
    run = kg("query", "promises", "--government", "solberg", "-f", "csv", "--lang", "nb")
    assert run.returncode == 0
    assert "kg: note: 'solberg' is read as Regjeringen Solberg, regjering, id:regjeringen-solberg" in run.stderr
    assert "is read as" not in kg("query", "promises", "--government", "Regjeringen Solberg").stderr


@pytest.mark.parametrize(
    ("question", "parameter", "typed", "said"),
    [
        ("promises", "government", "Erna Solberg", "Erna Solberg is a person; what is wanted is a government"),
        ("promises", "government", "id:folketinget", "is a public body; what is wanted is a government"),
        ("promises", "government", "abt-fonden", "is a programme; what is wanted is a government"),
        ("recycled", "programme", "regjeringen-solberg", "is a government; what is wanted is a programme"),
        ("delay", "country", "Midt-Norge", "is a place; what is wanted is a country"),
        ("by-kind", "kind", "stage:pledged", "pledged is a stage; what is wanted is a kind of commitment"),
        ("office-held", "person", "finansminister-dk", "is an office; what is wanted is a person"),
    ],
)
def test_a_thing_of_another_kind_is_refused_and_named(
    store: Store, question: str, parameter: str, typed: str, said: str
) -> None:
    """It was asked all the same, and the answer was that the government had promised nothing."""
    assert said in refused(store, question, parameter, typed)


def test_no_parameter_takes_a_thing_of_another_kind(store: Store) -> None:
    """A tenure is nothing that any question wants; a check on the header of each."""
    (tenure, *_) = names.members(store, [PREFIXES["org"] + "Membership"])
    asked = 0
    for query, parameter in PARAMETERS:
        if parameter.wanted:
            assert "is a tenure; what is wanted is a" in refused(store, query.name, parameter.name, tenure)
            asked += 1
    assert asked > 70


def test_a_thing_without_a_kind_is_said_to_have_none() -> None:
    source = Store.of([rdf.Triple(rdf.iri(ID + "x"), rdf.iri(PREFIXES["skos"] + "prefLabel"), rdf.literal("X"))])
    with pytest.raises(UsageError, match="X is of no kind that is stated; what is wanted is "):
        names.resolve(source, "x", [PREFIXES["til"] + "Programme"])


def test_a_name_as_it_is_written_wins_over_other_spellings() -> None:
    """Lån and lan are two things: either is meant by its own letters, and both by those of neither."""
    label, kind = rdf.iri(PREFIXES["skos"] + "prefLabel"), rdf.iri(PREFIXES["rdf"] + "type")
    programme = PREFIXES["til"] + "Programme"
    source = Store.of(
        rdf.Triple(rdf.iri(ID + slug), *rest)
        for slug, name in (("one", "Lån"), ("two", "Lan"))
        for rest in ((label, rdf.literal(name, language="da")), (kind, rdf.iri(programme)))
    )
    assert names.resolve(source, "Lån", [programme]).things == (ID + "one",)
    assert names.resolve(source, "Lan", [programme]).things == (ID + "two",)
    assert names.meant(source, "LAAN", [programme]).things == (ID + "one", ID + "two")


@pytest.mark.parametrize("year", ["0", "-5", "99999", "20", "02020", "+2020", "next"])
def test_a_year_has_four_digits(store: Store, year: str) -> None:
    """The graph was said to have no money that runs in the year 0."""
    for query, parameter in PARAMETERS:
        if parameter.name == "year":
            assert "integer(year)" in refused(store, query.name, "year", year)


def test_how_many_is_one_or_more(store: Store) -> None:
    for typed in ("0", "-1", "1.5"):
        assert "integer(count)" in refused(store, "largest", "n", typed)


@pytest.mark.parametrize(
    ("query", "parameter"), PARAMETERS, ids=[f"{query.name}-{parameter.name}" for query, parameter in PARAMETERS]
)
def test_a_wrong_word_is_refused(
    query: Query, parameter: Parameter, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped value was answered with a sentence about the graph: that nothing of the kind was promised."""
    wrong = "qwzxv"
    monkeypatch.setattr(sys, "argv", ["kg", "query", query.name, f"--{option(parameter.name)}", wrong])
    assert main() == 2
    said = capsys.readouterr()
    assert said.out == "" and "no rows" not in said.err and (query.empty or "-") not in said.err
    first, *rest = said.err.splitlines()
    assert first.startswith(f"kg: error[parameter]: --{option(parameter.name)}: ") and wrong in first
    assert len(rest) <= 1  # what to do


def test_what_exists_and_has_nothing_is_answered_with_no_rows(kg: Kg) -> None:
    run = kg("query", "promised-to", "--recipient", "KL")
    assert run.returncode == 0 and "no rows" in run.stderr


@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: " ".join(wanted) or "anything")
def test_every_name_of_every_thing_means_it_or_is_one_of_several(store: Store, wanted: tuple[str, ...]) -> None:
    classes = [one for one in wanted if not one.endswith("/")]
    schemes = [one[:-1] for one in wanted if one.endswith("/")]
    told = " ".join(f"<{one}>" for one in (*classes, *schemes))
    # The subclasses that the ontology has are one or two steps below.
    text = (
        f"SELECT DISTINCT ?thing ?name {{ VALUES ?of {{ {told} }} ?thing skos:prefLabel|skos:altLabel|foaf:name ?name ."
        " { ?thing a/rdfs:subClassOf* ?of } UNION { ?thing skos:inScheme ?of } }"
        if wanted
        else "SELECT DISTINCT ?thing ?name { ?thing skos:prefLabel|skos:altLabel|foaf:name ?name }"
    )
    rows = select(store, prefixed(text)).rows
    assert rows or wanted in ((COUNTRY,), (PREFIXES["cur"],))
    for thing, name in rows if wanted else rows[:: len(rows) // 300]:
        assert plain(thing) in names.meant(store, plain(name), wanted).things, (plain(thing), plain(name))


def test_every_country_and_currency_of_the_graph_is_known_by_its_codes(store: Store) -> None:
    for namespace in (COUNTRY, PREFIXES["cur"]):
        known = names.members(store, [namespace])
        assert len(known) >= 4
        for thing in known:
            code = thing.removeprefix(namespace)
            assert names.meant(store, code.lower(), [namespace]).things == (thing,)


_SPELT = {"å": ["aa", "a", "å"], "ø": ["oe", "o", "ö"], "æ": ["ae", "a", "ä"], "é": ["e", "É"], "ö": ["oe", "o"]}


@given(st.data())
def test_a_name_is_the_same_in_every_spelling(data: st.DataObject) -> None:
    name = data.draw(st.text(alphabet="bdfgklmnprst åøæéö-5", min_size=1, max_size=20))
    other = "".join(data.draw(st.sampled_from(_SPELT.get(letter, [letter]))) for letter in name)
    other = data.draw(st.sampled_from([other, other.upper(), other.title()]))
    other = other.replace(" ", data.draw(st.sampled_from([" ", "-", ""])))
    written = data.draw(st.sampled_from([other, unicodedata.normalize("NFD", other)]))
    assert names.key(written) == names.key(name)


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once_and_leaves_no_sign(text: str) -> None:
    folded = names.key(text)
    assert names.key(folded) == folded and (folded.isalnum() or not folded)


@given(st.text(alphabet="abdnst åøé-_/", max_size=20))
def test_a_text_has_the_same_words_however_its_marks_are_written(text: str) -> None:
    """A mark of its own was taken for a space: bredbånd had the words bredba and nd."""
    assert names.words(unicodedata.normalize("NFD", text)) == names.words(text)
    assert names.words("Bredba\u030andspuljen, 2. runde") == ["bredbandspuljen", "2", "runde"]


def test_a_label_does_not_drive_the_terminal() -> None:
    label, kind = rdf.iri(PREFIXES["skos"] + "prefLabel"), rdf.iri(PREFIXES["rdf"] + "type")
    programme = PREFIXES["til"] + "Programme"
    source = Store.of(
        rdf.Triple(rdf.iri(ID + slug), *rest)
        for slug in ("one", "two")
        for rest in ((label, rdf.literal("x\x1b[31m" + slug)), (kind, rdf.iri(programme)))
    )
    for typed in ("x", "xone1"):
        with pytest.raises(UsageError) as raised:
            names.resolve(source, typed, [programme])
        assert "\x1b" not in raised.value.render()


def test_names_that_differ_stay_apart() -> None:
    assert len({names.key(name) for name in ("lån", "løn", "len", "lin", "lyn")}) == 5


@given(st.text(max_size=40))
def test_whatever_is_typed_is_found_or_refused(text: str) -> None:
    try:
        found = names.resolve(_SMALL, text)
    except UsageError as error:
        assert error.exit_code == 2
    else:
        assert len(found.things) == 1


_SMALL = Store.of_files([Project.find().ontology / "codes" / "kind.ttl"])


@contextmanager
def endpoint(store: Store) -> Iterator[str]:
    """A SPARQL endpoint that has what `store` has, on loopback."""

    def reply(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        answer = store.query(form["query"][0])
        assert isinstance(answer, results.Table | bool)
        send(handler, results.to_srj(answer).encode())

    with serving(reply) as url:
        yield url


def test_names_are_looked_up_in_the_endpoint_that_is_asked(store: Store, kg: Kg) -> None:
    with endpoint(store) as url:
        here = kg("query", "delay", "--country", "Norge", "-f", "csv")
        there = kg("query", "delay", "--country", "Norge", "-f", "csv", "--at", url)
        assert here.returncode == 0 and here.stdout == there.stdout and len(here.stdout.splitlines()) > 2
        wrong = kg("query", "by-kind", "--kind", "lone", "--at", url)
        assert wrong.returncode == 2 and "did you mean 'loan'?" in wrong.stderr


def test_an_empty_endpoint_is_said_to_be_empty(kg: Kg) -> None:
    """It was said that the graph had no promise of this government."""
    with endpoint(Store.of([])) as url:
        for arguments in (("by-kind", "--kind", "loan"), ("largest",), ("exchange-rates", "--year", "2020")):
            run = kg("query", *arguments, "--at", url)
            assert run.returncode == 2 and run.stdout == "" and "not one statement" in run.stderr, run.stderr
            assert "no rows" not in run.stderr


def test_a_default_of_another_graph_is_no_empty_answer(kg: Kg, project: Project, tmp_path: Path) -> None:
    """A graph of one's own was said to state no amount, since the default is a document of ours."""
    name = "2017-40-mio-bredbaand.ttl"
    (tmp_path / name).write_bytes((project.data / "documents" / "dk" / name).read_bytes())
    run = kg("query", "commitments", "--data", tmp_path)
    assert run.returncode == 2 and "--document, which was not given" in run.stderr
    assert "doc-dk-2017-40-mio-bredbaand" in run.stderr and "or --any document for all" in run.stderr
    assert kg("query", "commitments", "--data", tmp_path, "--any", "document").returncode == 0
    assert kg("query", "commitments", "--data", tmp_path, "--document", "hurtigt bredbånd").returncode == 0


def test_an_empty_answer_says_what_was_asked_by_default(kg: Kg) -> None:
    """The publisher of a document was said to be unknown, since another publisher was asked for."""
    run = kg("query", "publication", "--publisher", "Digitaliseringsdirektoratet")
    assert run.returncode == 0 and "no rows" in run.stderr
    assert (
        "--document was not given and so is id:doc-no-2019-hoyt-digitaliseringstempo; --any document" in run.stderr
    )


def test_reconcile_takes_names_of_documents(kg: Kg) -> None:
    run = kg("reconcile", "--document", "Høyt digitaliseringstempo", "-f", "json")
    same = kg("reconcile", "--document", "doc-no-2019-hoyt-digitaliseringstempo", "-f", "json")
    assert run.returncode == 0 and run.stdout == same.stdout != kg("reconcile", "-f", "json").stdout
    assert kg("reconcile", "--document", "Erna Solberg").returncode == 2


def test_several_values_may_each_be_a_name(store: Store, project: Project) -> None:
    query = find(project, "side-by-side")
    text = query.bind({"country": ["Danmark", "no"], "year": "2020"}, store)
    assert f"<{COUNTRY}DNK> <{COUNTRY}NOR>" in text


def test_without_a_source_values_are_taken_as_they_are_written(project: Project) -> None:
    query = find(project, "recycled")
    assert "id/xyz" in query.bind({"programme": "xyz"})
    with pytest.raises(UsageError, match="characters that no IRI has"):
        query.bind({"programme": "Digital Europe"})
