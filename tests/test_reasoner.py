"""The graph and the standard vocabularies under OWL 2 RL: nothing excludes anything, nothing becomes what it is not.

A reasoner written in Python needs a quarter of an hour for all things; so things that have the same classes and the
same properties, on either end, are taken as one. What follows from the graph follows from that too, since a rule finds
there what it finds here; so what is not found there does not follow.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import owlrl
import pytest
from rdflib import ORG, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from kg.project import Project
from kg.publish import export
from kg.terms import BASE, ID, PREFIXES, expand

AXIOMS = Path(__file__).parent / "data" / "vocabularies.ttl"
# Concepts of others: the EU authority tables, and what a concept of ours is mapped to.
FOREIGN = tuple(PREFIXES[name] for name in ("cur", "country", "lang", "wd"))


def alike(graph: Graph) -> Graph:
    """The statements without texts, and one thing for all that have the same classes and properties."""
    marks: dict[Node, set[tuple[str, Node]]] = defaultdict(set)
    for subject, predicate, value in graph:
        marks[subject].add(("class", value) if predicate == RDF.type else ("has", predicate))
        if not isinstance(value, Literal):
            marks[value].add(("is", predicate))
    # Terms are told apart, things are not, nor is what others say of them.
    kept = {*graph.subjects(RDFS.isDefinedBy), *graph.predicates(), *graph.objects(None, RDF.type)}
    first: dict[frozenset[tuple[str, Node]], Node] = {}

    def one(node: Node) -> Node:
        return node if node in kept else first.setdefault(frozenset(marks[node]), node)

    made = Graph()
    for subject, predicate, value in sorted(graph):
        if not isinstance(value, Literal):
            made.add((one(subject), predicate, one(value)))
    return made


def closed(graph: Graph) -> tuple[Graph, list[str]]:
    """What follows from `graph` and the axioms of the vocabularies, and every contradiction in words."""
    both = graph + Graph().parse(AXIOMS)
    closure = owlrl.OWLRL_Semantics(both, axioms=False, daxioms=False)
    closure.closure()
    return both, closure.error_messages


@pytest.fixture(scope="module")
def stated() -> Graph:
    """The whole export, what is derived included."""
    return Graph().parse(data=export(Project.find(), "ntriples"), format="nt")


@pytest.fixture(scope="module")
def inferred(stated: Graph) -> tuple[Graph, list[str]]:
    return closed(alike(stated))


def test_nothing_contradicts_the_standard_vocabularies(inferred: tuple[Graph, list[str]]) -> None:
    graph, contradictions = inferred
    assert contradictions == []
    assert len(graph) > 2000


def test_no_two_things_turn_out_to_be_one(inferred: tuple[Graph, list[str]], stated: Graph) -> None:
    assert [(a, b) for a, b in inferred[0].subject_objects(OWL.sameAs) if a != b] == []
    assert keyed(stated) == []


def keyed(graph: Graph) -> list[set[Node]]:
    """Bodies that have one number in common, which is a key of org:Organization."""
    bodies: dict[Node, set[Node]] = defaultdict(set)
    for body, number in graph.subject_objects(ORG.identifier):
        bodies[number].add(body)
    return [found for found in bodies.values() if len(found) > 1]


def test_nothing_turns_out_to_be_a_concept(stated: Graph, inferred: tuple[Graph, list[str]]) -> None:
    declared = {thing for kind in (SKOS.Concept, ORG.Role) for thing in stated.subjects(RDF.type, kind)}
    mappings = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
    mapped = {other for link in mappings for one, other in stated.subject_objects(link) if one in declared}
    concepts = set(inferred[0].subjects(RDF.type, SKOS.Concept))
    assert len(concepts) > 30
    assert {one for one in concepts - declared - mapped if not str(one).startswith(FOREIGN)} == set()


def test_no_class_of_ours_is_said_to_be_one_of_anothers(stated: Graph) -> None:
    """The alignment is a hint (rdfs:seeAlso): only what the model is built on is a superclass."""
    classes = "prov:Entity schema:MonetaryAmount m8g:PublicOrganisation org:Organization skos:Concept"
    properties = "prov:wasInfluencedBy dcterms:temporal dcterms:source"
    built_on = {URIRef(expand(name) or "") for name in f"{classes} {properties}".split()}
    for link in (OWL.equivalentClass, OWL.equivalentProperty, RDFS.subClassOf, RDFS.subPropertyOf):
        for ours, other in stated.subject_objects(link):
            if str(ours).startswith(BASE) and not str(other).startswith(BASE):
                assert link in (RDFS.subClassOf, RDFS.subPropertyOf) and other in built_on, (ours, other)


TIL = PREFIXES["til"]


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        # What 0.1 said: evidence derives an entity from its anchor, and an agreement is an activity.
        (
            f"<{TIL}evidence> rdfs:subPropertyOf prov:wasDerivedFrom . id:a a prov:Activity ; <{TIL}evidence> id:b .",
            "Activity",
        ),
        ("id:a a foaf:Person ; org:hasMember id:b .", "Person"),
        ("id:a a foaf:Document . id:b org:memberOf id:a .", "Document"),
        ("id:a a org:Role . id:m org:organization id:a .", "Role"),
        ("id:a a skos:ConceptScheme ; skos:exactMatch id:b .", "ConceptScheme"),
        ("id:a skos:exactMatch id:b ; skos:relatedMatch id:b .", "Match"),
    ],
)
def test_a_contradiction_is_found(turtle: str, said: str) -> None:
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    _, contradictions = closed(alike(Graph().parse(data=head + turtle, format="turtle")))
    assert any(said in message for message in contradictions), contradictions


def test_two_bodies_with_one_number_would_be_one() -> None:
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    turtle = 'id:a org:identifier "1" . id:b org:identifier "1" . id:c org:identifier "2" .'
    assert keyed(Graph().parse(data=head + turtle, format="turtle")) == [{URIRef(ID + "a"), URIRef(ID + "b")}]


def test_a_concept_that_is_none_is_found() -> None:
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    turtle = "id:a a foaf:Person ; skos:exactMatch wd:Q1 ."  # what 0.1 said of persons
    graph, _ = closed(alike(Graph().parse(data=head + turtle, format="turtle")))
    assert (URIRef(ID + "a"), RDF.type, SKOS.Concept) in graph
