"""Who gives the word, in which act, and what sort of source says so.

`data/promisers.csv` has the case by which each commitment got its promiser; each case is held here against what the
graph says of stage, proposer, payer and those who agreed. `data/documents.csv` has each document's genre, the
government that its page names, and the one that once stood there though the page does not name it.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.project import Project
from kg.queries import find
from kg.results import Table, plain, select
from kg.store import Store
from kg.terms import ID

from .conftest import Kg

DATA = Path(__file__).parent / "data"
PARLIAMENTS = {"DNK": "folketinget", "FIN": "eduskunta", "NOR": "stortinget", "SWE": "riksdagen"}
ACTS = {"budgetDocument": {"proposed", "pledged"}, "vote": {"adopted"}, "agreementText": {"agreed", "awarded"}}


def listed(name: str) -> dict[str, dict[str, str]]:
    """A table of the data folder by its first column."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {next(iter(row.values())): row for row in csv.DictReader(file)}


class Graph:
    """What the graph says, as sets of slugs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.promisers = self.of("til:promiser")
        self.proposers = self.of("til:proposer")
        self.negotiators = self.of("til:negotiator")
        self.funders = self.of("til:funder")
        self.wholes = self.of("^dcterms:hasPart")
        self.parts = self.of("dcterms:hasPart")
        self.acts = self.of("prov:wasGeneratedBy")
        self.actors = self.of("prov:wasAssociatedWith")
        self.stages = {subject: min(values) for subject, values in self.of("til:stage").items()}
        self.countries = {subject: min(values) for subject, values in self.of("dcterms:spatial").items()}
        self.governments = set(self.rows("?o a til:Government", "?o"))
        self.states = set(self.rows("?o dcterms:type payer:state", "?o"))
        self.commitments = set(self.rows("?o a til:Commitment", "?o"))
        self.inferred = set(self.rows("?o til:inferred til:promiser", "?o"))

    def rows(self, pattern: str, names: str) -> list[str]:
        return [slug(row[0]) for row in select(self._store, f"SELECT DISTINCT {names} WHERE {{ {pattern} }}").rows]

    def of(self, path: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for subject, value in select(self._store, f"SELECT ?s ?o WHERE {{ ?s {path} ?o }}").rows:
            found[slug(subject)].add(slug(value))
        return found

    def near(self, commitment: str) -> set[str]:
        """The commitment, what it is part of, and its parts."""
        return {commitment, *self.wholes[commitment], *self.parts[commitment]}

    def agreeing_government(self, commitment: str) -> set[str]:
        """The government that agreed: at the table, or in the agreement that the money came of."""
        around = self.near(commitment)
        agreed = {who for one in around for act in self.acts[one] for who in self.actors[act]}
        return (agreed | {who for one in around for who in self.negotiators[one]}) & self.governments


def slug(term: object) -> str:
    return plain(term).removeprefix(ID).rpartition("/")[2]  # type: ignore[arg-type]


# ---- one function a case: whom the graph's own statements make the promiser, and whether the case is this one at all


def proposed(graph: Graph, one: str) -> set[str]:
    assert graph.stages[one] == "proposed"
    assert graph.funders[one] & graph.states
    return graph.proposers[one]


def pledged(graph: Graph, one: str) -> set[str]:
    assert graph.stages[one] == "pledged"
    assert graph.proposers[one] <= graph.governments
    return graph.proposers[one]


def agreed_with_parties(graph: Graph, one: str) -> set[str]:
    assert graph.stages[one] == "agreed"
    assert graph.funders[one] <= graph.states
    assert len(graph.negotiators[one] & graph.governments) == 1
    return graph.negotiators[one]


def own_money(graph: Graph, one: str) -> set[str]:
    assert graph.stages[one] in ("agreed", "pledged")
    others = graph.funders[one] - graph.states
    return others | (graph.agreeing_government(one) if graph.funders[one] & graph.states else set())


def agreed_with_association(graph: Graph, one: str) -> set[str]:
    assert graph.stages[one] == "agreed"
    assert graph.funders[one] <= graph.states
    assert graph.negotiators[one] - graph.governments == {"skr"}
    return graph.negotiators[one] & graph.governments


def proposed_for_others(graph: Graph, one: str) -> set[str]:
    assert graph.stages[one] == "proposed"
    assert not graph.funders[one] & graph.states
    return {who for near in (one, *graph.wholes[one]) for who in graph.proposers[near]}


def adopted(graph: Graph, one: str) -> set[str]:
    assert graph.stages[one] == "adopted"
    return {PARLIAMENTS[graph.countries[one]]}


def awarded(graph: Graph, one: str) -> set[str]:
    assert graph.stages[one] == "awarded"
    (body,) = graph.promisers[one]
    assert body not in graph.governments | graph.states | set(PARLIAMENTS.values())
    return {body}


def not_known(graph: Graph, one: str) -> set[str]:
    """No case decides: nobody is said to have proposed it, and no government to have agreed."""
    stage = graph.stages[one]
    assert stage != "adopted"
    assert stage not in ("proposed", "pledged") or not graph.proposers[one]
    assert not graph.agreeing_government(one)
    return set()


CASES: dict[str, Callable[[Graph, str], set[str]]] = {
    "proposed": proposed,
    "pledged": pledged,
    "agreedWithParties": agreed_with_parties,
    "ownMoney": own_money,
    "agreedWithAssociation": agreed_with_association,
    "proposedForOthers": proposed_for_others,
    "adopted": adopted,
    "awarded": awarded,
    "notKnown": not_known,
}


@pytest.fixture(scope="module")
def graph(project: Project) -> Graph:
    """What stands in the files: nothing that is derived."""
    return Graph(Store.of_files(project.term_files() + project.graph_files()))


@pytest.fixture(scope="module")
def derived(store: Store) -> Graph:
    """The same with what follows from it."""
    return Graph(store)


# ---- promisers


def test_every_commitment_has_its_case(graph: Graph) -> None:
    assert set(listed("promisers")) == graph.commitments
    assert set(CASES) == {row["case"] for row in listed("promisers").values()}


@pytest.mark.parametrize("one", sorted(listed("promisers")))
def test_the_promiser_follows_from_the_case(one: str, graph: Graph) -> None:
    row = listed("promisers")[one]
    assert graph.promisers[one] == CASES[row["case"]](graph, one)
    assert graph.promisers[one] == set(row["promisers"].split())


def test_a_promiser_is_inferred_unless_the_words_say_it(graph: Graph) -> None:
    said = {one for one, row in listed("promisers").items() if row["said"] == "true"}
    assert {one for one in graph.commitments if graph.promisers[one]} - graph.inferred == said
    assert graph.inferred <= {one for one in graph.commitments if graph.promisers[one]}


def test_two_collectives_gave_their_word_in_so_many_words(store: Store) -> None:
    """The anchors of the two commitments have the verbs."""
    found = select(
        store,
        "SELECT ?promiser ?words WHERE { ?c til:promiser ?promiser ; til:evidence/oa:hasSelector/oa:exact ?words . "
        "VALUES ?c { id:de-34-projekter-2008-2010-kommunerne id:de-34-projekter-2008-2010-regionerne } }",
    )
    assert {(slug(who), plain(words)) for who, words in found.rows if words} == {
        ("kommunerne-dk", "forpligtigede sig"),
        ("regionerne-dk", "lovede"),
    }


def test_what_a_sentence_says_of_the_promiser_stands_beside(graph: Graph) -> None:
    assert graph.of("til:promiserAsStated") == {
        "de-34-projekter-2008-2010-level-over": {"regeringen-anders-fogh-rasmussen-ii", "kl", "regionerne-dk"},
        "de-34-projekter-2008-2010-level-mere-end": {"kl", "danske-regioner"},
        "abt-fonden-2009-11-projekter-level": {
            "regeringen-lars-lokke-rasmussen-i",
            "dansk-folkeparti-dk",
            "ny-liberal-alliance-dk",
        },
        "bredbaandspuljen-2017-tildeling-level": {"regeringen-lars-lokke-rasmussen-iii", "dansk-folkeparti-dk"},
    }


def test_a_promiser_shows_with_what_it_promised(kg: Kg) -> None:
    run = kg("show", "id:digitalisering-2022")
    assert run.returncode == 0
    assert "promiser" in run.stdout
    assert "Solberg Government" in run.stdout


# ---- documents


def test_every_document_has_its_genre_and_what_kind_of_source_it_is(graph: Graph, derived: Graph) -> None:
    genres, kinds = graph.of("dcterms:type"), derived.of("til:sourceKind")
    primary = {"pressRelease", "officialPage", "budgetDocument", "agreementText", "vote"}
    for document, row in listed("documents").items():
        assert genres[document] == {row["genre"]}, document
        assert kinds[document] == {"primary" if row["genre"] in primary else "secondary"}, document
    assert Counter(row["genre"] for row in listed("documents").values()) == {
        "newsArticle": 22,
        "officialPage": 20,
        "pressRelease": 5,
        "budgetDocument": 3,
        "associationPage": 2,
        "reprint": 2,
    }


def test_every_document_that_a_commitment_or_a_figure_is_read_from_has_a_genre(
    graph: Graph, derived: Graph
) -> None:
    sources = set(graph.rows("?s a ?class ; dcterms:source ?o VALUES ?class { til:Commitment til:Figure }", "?o"))
    assert set(listed("documents")) <= sources
    assert sources <= set(derived.of("til:sourceKind"))


def test_a_government_of_publication_stands_only_where_the_page_names_it(graph: Graph) -> None:
    named = {one: {row["named"]} for one, row in listed("documents").items() if row["named"]}
    assert graph.of("schema:sourceOrganization") == named
    assert len(named) == 5
    removed = [row for row in listed("documents").values() if row["removed"]]
    assert len(removed) == 47
    assert sum(row["genre"] in ("newsArticle", "associationPage") for row in removed) == 23


def test_who_was_in_office_is_computed_where_the_page_names_no_government(store: Store, project: Project) -> None:
    answer = store.query(find(project, "publication").bind({"document": None}))
    assert isinstance(answer, Table)
    where, who = answer.columns.index("document"), answer.columns.index("inOffice")
    office: dict[str, set[str]] = defaultdict(set)
    for found in answer.rows:
        if found[who] is not None:
            office[slug(found[where])].add(slug(found[who]))
    undated = {one for one, row in listed("documents").items() if row["removed"] and not office[one]}
    # One has only the day of its last change, one only a budget year.
    assert undated == {"doc-dk-2019-stil-it-i-folkeskolen", "doc-fi-2019-statsbudget-kommunernas-incitament"}
    for document, row in listed("documents").items():
        assert document in undated or {row["removed"], row["named"]} - {""} <= office[document], document


def test_a_month_in_which_two_sat_gives_both(kg: Kg) -> None:
    run = kg("query", "publication", "--document", "id:doc-no-2021-18-mrd-digitalisering", "-f", "csv")
    assert run.returncode == 0
    found = {(slug_of(row["inOffice"]), row["throughout"]) for row in csv.DictReader(run.stdout.splitlines())}
    assert found == {("regjeringen-solberg", "false"), ("regjeringen-store", "false")}


def slug_of(iri: str) -> str:
    return iri.removeprefix(ID).removeprefix("id:")


# ---- budgets, votes, agreements


def test_an_act_is_a_budget_a_vote_or_an_agreement_and_fits_the_stage(graph: Graph) -> None:
    types = graph.of("dcterms:type")
    acts = {one for one in graph.rows("?o a prov:Activity", "?o") if types[one] & set(ACTS)}
    assert len(acts) == 33
    assert acts == {act for found in graph.acts.values() for act in found}
    for one in graph.commitments:
        for act in graph.acts[one]:
            (genre,) = types[act]
            assert graph.stages[one] in ACTS[genre], (one, act)
            if genre == "budgetDocument":
                assert graph.proposers[one] == graph.actors[act], one
            if genre == "vote":
                assert graph.promisers[one] == graph.actors[act], one
            if genre == "agreementText" and graph.actors[act]:
                assert graph.negotiators[one] <= graph.actors[act], one


def test_an_act_has_a_number_only_from_a_source_that_has_it(store: Store) -> None:
    found = select(
        store,
        "SELECT ?act ?number ?said WHERE { ?act a prov:Activity ; dcterms:identifier ?number "
        "OPTIONAL { ?act dcterms:source ?source . ?source dcterms:identifier ?said FILTER(?said = ?number) } }",
    )
    numbers = {(slug(act), plain(number)) for act, number, _ in found.rows if number}
    assert numbers == {
        ("statsbudsjett-2019-forslag-no", "Prop. 1 S (2018–2019)"),
        ("budgetproposition-2019-fi", "HE 123/2018"),
    }
    assert all(said for _, _, said in found.rows)


def test_a_budget_line_is_what_the_page_has(store: Store) -> None:
    found = select(
        store, "SELECT ?c ?line ?page WHERE { ?c til:budgetLine ?line ; dcterms:source/foaf:page ?page }"
    )
    ((commitment, line, page),) = found.rows
    assert slug(commitment) == "kommunernas-incitamentsystem-2019"
    assert plain(line) == "28.90.32"
    assert "/28/90/32/32.html" in plain(page)
