"""The ontology, held against itself: every rule has a counter-example, every class an example.

The examples are validated in one run: each file's own IRIs get a number, so that the files do not meet.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.term import Node

from kg.migration import find, migrate
from kg.project import Project
from kg.queries import Query
from kg.terms import CODE, ID, PREFIXES, SHAPES, TIL

ROOT = Path(__file__).parent.parent
ONTOLOGY = ROOT / "ontology"
TERM_FILES = [ONTOLOGY / "tilsagn.ttl", *sorted((ONTOLOGY / "codes").glob("*.ttl"))]
SHAPE_FILES = sorted((ONTOLOGY / "shapes").glob("*.ttl"))
VALID = sorted((ONTOLOGY / "examples" / "valid").glob("*.ttl"))
INVALID = sorted((ONTOLOGY / "examples" / "invalid").glob("*.ttl"))
CHECK_CASES = sorted((ONTOLOGY / "examples" / "invalid" / "checks").glob("*.ttl"))
CHECKS = sorted((ROOT / "queries" / "checks").glob("*.rq"))

LANGUAGES = {"da", "nb", "sv", "en"}
# What a shape may say that is no constraint, and the parameters that make one. Anything else fails the test
# that counts them, so that a new kind of constraint cannot go without a counter-example.
NO_CONSTRAINT = {
    SH.message,
    SH.name,
    SH.path,
    SH.property,
    SH.severity,
    SH.targetClass,
    SH.targetObjectsOf,
    SH.targetSubjectsOf,
    SH.qualifiedValueShape,
}
COMPONENTS = {
    SH["class"]: "ClassConstraintComponent",
    SH.datatype: "DatatypeConstraintComponent",
    SH.equals: "EqualsConstraintComponent",
    SH.hasValue: "HasValueConstraintComponent",
    SH["in"]: "InConstraintComponent",
    SH.languageIn: "LanguageInConstraintComponent",
    SH.lessThan: "LessThanConstraintComponent",
    SH.lessThanOrEquals: "LessThanOrEqualsConstraintComponent",
    SH.maxCount: "MaxCountConstraintComponent",
    SH.maxLength: "MaxLengthConstraintComponent",
    SH.minCount: "MinCountConstraintComponent",
    SH.minExclusive: "MinExclusiveConstraintComponent",
    SH.minInclusive: "MinInclusiveConstraintComponent",
    SH.node: "NodeConstraintComponent",
    SH.nodeKind: "NodeKindConstraintComponent",
    SH["not"]: "NotConstraintComponent",
    SH["or"]: "OrConstraintComponent",
    SH.pattern: "PatternConstraintComponent",
    SH.qualifiedMinCount: "QualifiedMinCountConstraintComponent",
    SH.sparql: "SPARQLConstraintComponent",
    SH.uniqueLang: "UniqueLangConstraintComponent",
}

TARGETS = (SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf)

Rule = tuple[str, str]  # a shape's local name and a constraint component's


def graph_of(files: list[Path]) -> Graph:
    graph = Graph()
    for path in files:
        graph.parse(path, format="turtle")
    return graph


SHAPES_GRAPH = graph_of(SHAPE_FILES)
TERMS_GRAPH = graph_of(TERM_FILES)
OWN_TERMS = {term for term in TERMS_GRAPH.subjects(RDF.type) if str(term).startswith(TIL) and str(term) != TIL}


def local(node: Node | None) -> str:
    return str(node).rpartition("#")[2]


def local_name(code: Node) -> str:
    return str(code).rpartition("/")[2]


def validate(data: Graph) -> list[tuple[str, str, str, str]]:
    """Results of all shapes on `data` and the ontology: focus node, shape, component, severity."""
    _, report, _ = pyshacl.validate(data + TERMS_GRAPH, shacl_graph=SHAPES_GRAPH, inplace=True)
    return [
        (
            str(report.value(result, SH.focusNode)),
            local(report.value(result, SH.sourceShape)),
            local(report.value(result, SH.sourceConstraintComponent)),
            local(report.value(result, SH.resultSeverity)),
        )
        for result in report.objects(None, SH.result)
    ]


def numbered(path: Path, number: int) -> str:
    """The file's text with its own IRIs marked by `number`."""
    text = path.read_text(encoding="utf-8")
    text = text.replace("id:example-", f"id:n{number}-example-").replace(
        f"{ID}example-", f"{ID}n{number}-example-"
    )
    text = text.replace("<https://example.org/", f"<https://example.org/n{number}/")
    return text.replace(f"<{TIL}example>", f"<{TIL}n{number}Example>")


@pytest.fixture(scope="module")
def found() -> dict[Path, set[Rule]]:
    """What the shapes find in each example file."""
    files = VALID + INVALID + CHECK_CASES
    data = Graph()
    for number, path in enumerate(files):
        data.parse(data=numbered(path, number), format="turtle")
    results: dict[Path, set[Rule]] = defaultdict(set)
    for focus, shape, component, _ in validate(data):
        mark = re.search(r"[/#]n(\d+)", focus)
        assert mark, f"{focus} belongs to no example file"
        results[files[int(mark[1])]].add((shape, component))
    return results


def promised(path: Path) -> Rule:
    """The shape and component that a counter-example's first line names."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    header = re.fullmatch(r"# violates: tilsh:([\w-]+) \(sh:(\w+)\)", first)
    assert header, f"{path.name}: the first line must be '# violates: tilsh:shape (sh:Component)'"
    return header[1], header[2]


def rules() -> set[Rule]:
    """Every constraint that a target leads to: each needs a counter-example."""
    targeted = {shape for target in TARGETS for shape in SHAPES_GRAPH.subjects(target)}
    shapes = targeted | {shape for target in targeted for shape in SHAPES_GRAPH.objects(target, SH.property)}
    return {
        (local(shape), COMPONENTS[URIRef(str(parameter))])
        for shape in shapes
        for parameter in SHAPES_GRAPH.predicates(shape)
        if parameter in COMPONENTS
    }


def query(check: Path, store: pyoxigraph.Store) -> list[str]:
    """What a check finds at fault."""
    solutions = store.query(check.read_text(encoding="utf-8"))
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return [str(solution["this"]) for solution in solutions]


@pytest.fixture(scope="module")
def stores() -> dict[Path, pyoxigraph.Store]:
    """Each example file in a store of its own."""
    loaded = {}
    for path in (*VALID, *INVALID, *CHECK_CASES):
        loaded[path] = pyoxigraph.Store()
        loaded[path].bulk_load(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)
    return loaded


# ---- examples and counter-examples


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_example_has_no_findings(path: Path, found: dict[Path, set[Rule]]) -> None:
    assert found.get(path, set()) == set()


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_counter_example_violates_its_rule_and_nothing_else(path: Path, found: dict[Path, set[Rule]]) -> None:
    assert found.get(path) == {promised(path)}


@pytest.mark.parametrize("path", CHECK_CASES, ids=lambda path: path.stem)
def test_the_counter_example_of_a_check_passes_the_shapes(path: Path, found: dict[Path, set[Rule]]) -> None:
    assert found.get(path, set()) == set()


def test_every_constraint_has_a_counter_example_and_no_counter_example_is_of_nothing() -> None:
    assert {promised(path) for path in INVALID} == rules()


def test_a_counter_example_is_called_by_its_rule() -> None:
    for path in INVALID:
        shape, component = promised(path)
        parameter = component.removesuffix("ConstraintComponent")
        parameter = parameter.lower() if parameter.isupper() else parameter[0].lower() + parameter[1:]
        assert path.stem == f"{shape}.{parameter}"


def test_every_class_that_a_shape_targets_has_a_valid_example() -> None:
    examples = graph_of(VALID)
    # A term is a class or a property: one example serves.
    for target in set(SHAPES_GRAPH.objects(None, SH.targetClass)) - {OWL.Class, OWL.DatatypeProperty}:
        classes = {target, *TERMS_GRAPH.subjects(RDFS.subClassOf, target)}
        present = classes & set(examples.objects(None, RDF.type))
        in_lists = target == SKOS.ConceptScheme and bool(set(TERMS_GRAPH.subjects(RDF.type, target)))
        assert present or in_lists, f"no example of {target}"


def test_the_worked_example_of_the_design_is_valid(shared: Path) -> None:
    path = shared / "design" / "example.ttl"
    now = migrate(path.read_bytes(), path.name, find(Project.find(), "0.2")).new
    findings = validate(Graph().parse(data=now, format="turtle"))
    assert [finding for finding in findings if finding[3] == "Violation"] == []
    store = pyoxigraph.Store()
    store.bulk_load(now, format=pyoxigraph.RdfFormat.TURTLE)
    assert [check.stem for check in CHECKS if query(check, store)] == []


# ---- shapes


def test_shapes_say_nothing_that_the_tests_do_not_know() -> None:
    kinds = (SH.NodeShape, SH.PropertyShape)
    said = {p for kind in kinds for s in SHAPES_GRAPH.subjects(RDF.type, kind) for p in SHAPES_GRAPH.predicates(s)}
    assert said - {RDF.type} - NO_CONSTRAINT == set(COMPONENTS)


def test_every_shape_has_an_iri_a_severity_and_speaks_two_languages() -> None:
    for kind in (SH.NodeShape, SH.PropertyShape):
        for shape in SHAPES_GRAPH.subjects(RDF.type, kind):
            assert str(shape).startswith(SHAPES), shape
            assert len(list(SHAPES_GRAPH.objects(shape, SH.severity))) == 1, shape
            for text in (SH.name, SH.message):
                spoken = [value.language for value in SHAPES_GRAPH.objects(shape, text)]  # type: ignore[attr-defined]
                assert "en" in spoken and {"da", "nb"} & set(spoken), (shape, text)
                assert len(spoken) == len(set(spoken)), (shape, text)


def test_every_shape_that_is_referred_to_is_written_and_every_shape_written_is_reached() -> None:
    written = {s for kind in (SH.NodeShape, SH.PropertyShape) for s in SHAPES_GRAPH.subjects(RDF.type, kind)}
    referred = {
        shape
        for parameter in (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
        for shape in SHAPES_GRAPH.objects(None, parameter)
    }
    for members in SHAPES_GRAPH.objects(None, SH["or"]):
        referred |= set(SHAPES_GRAPH.items(members))
    assert referred <= written
    targeted = {shape for target in TARGETS for shape in SHAPES_GRAPH.subjects(target)}
    assert written <= referred | targeted


def test_the_only_blank_nodes_of_the_shapes_are_paths_and_lists() -> None:
    for subject in set(SHAPES_GRAPH.subjects()):
        if not isinstance(subject, URIRef):
            said = set(SHAPES_GRAPH.predicates(subject))
            assert said <= {RDF.first, RDF.rest, SH.alternativePath, SH.inversePath}, said


def test_a_violation_stands_in_no_recommendation_and_a_warning_only_there() -> None:
    for path in SHAPE_FILES:
        severities = set(graph_of([path]).objects(None, SH.severity))
        expected = {SH.Warning} if path.stem == "recommended" else {SH.Violation}
        assert severities <= expected, path.name


# ---- the ontology


def test_the_ontology_passes_its_own_lint() -> None:
    assert validate(Graph()) == []


def test_every_own_term_that_is_written_anywhere_is_declared() -> None:
    files = [*TERM_FILES, *SHAPE_FILES, *VALID, *INVALID, *CHECK_CASES, *sorted((ROOT / "graph").rglob("*.ttl"))]
    used = {
        local(node)
        for path in files
        for triple in graph_of([path])
        for node in triple
        if str(node).startswith(TIL)
    }
    for path in [*CHECKS, *sorted((ROOT / "queries").glob("*.rq"))]:
        body = re.sub(r"#[^\n]*", "", path.read_text(encoding="utf-8"))
        used |= set(re.findall(r"\btil:([A-Za-z]+)", body))
    for path in SHAPE_FILES:
        used |= set(re.findall(r"\btil:([A-Za-z]+)", path.read_text(encoding="utf-8")))
    declared = {local(term) for term in OWN_TERMS}
    assert used - declared - {"", "example"} == set()


def test_every_declared_term_is_used_by_a_shape_an_example_or_a_code() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*SHAPE_FILES, *VALID, *TERM_FILES[1:])]
    used = {name for text in texts for name in re.findall(r"\btil:([A-Za-z]+)", text)}
    assert {local(term) for term in OWN_TERMS} - used - UNSHAPED == set()


# Derived, and never written in a file: what they mean is tested where they are derived.
UNSHAPED = {
    "Rest",
    "addable",
    "addableIncrease",
    "byPolicy",
    "givesWayTo",
    "insideOf",
    "listed",
    "mayContain",
    "otherReading",
    "reading",
    "restOf",
    "runsFrom",
    "runsTo",
    "saidIn",
    "years",
}


def test_codes_are_top_concepts_of_the_list_that_their_file_is_named_after() -> None:
    for path in TERM_FILES[1:]:
        graph = graph_of([path])
        scheme = URIRef(CODE + path.stem)
        assert (scheme, RDF.type, SKOS.ConceptScheme) in graph
        concepts = set(graph.subjects(RDF.type, SKOS.Concept))
        assert concepts and concepts == set(graph.subjects(SKOS.topConceptOf, scheme))


def test_every_genre_is_a_primary_or_a_secondary_source() -> None:
    graph = graph_of([ONTOLOGY / "codes" / f"{name}.ttl" for name in ("genre", "source-kind")])
    kinds: dict[str, set[str]] = defaultdict(set)
    for concept in graph.subjects(SKOS.inScheme, URIRef(CODE + "genre")):
        for kind in graph.objects(concept, URIRef(TIL + "sourceKind")):
            kinds[local_name(kind)].add(local_name(concept))
    assert kinds == {
        "primary": {"pressRelease", "officialPage", "budgetDocument", "agreementText", "vote"},
        "secondary": {"newsArticle", "associationPage", "reprint"},
    }


def test_no_word_says_two_qualifiers() -> None:
    words: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    graph = graph_of([ONTOLOGY / "codes" / "qualifier.ttl"])
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        for label in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
            for word in graph.objects(concept, label):
                words[str(word), word.language].add(local(concept))  # type: ignore[attr-defined]
    assert {word: concepts for word, concepts in words.items() if len(concepts) > 1} == {}


ALIGNMENT = ONTOLOGY / "alignment" / "alignment.sssom.tsv"


def mappings() -> list[dict[str, str]]:
    """The rows of the alignment, with the IRIs of what they map."""
    lines = ALIGNMENT.read_text(encoding="utf-8").splitlines()
    prefixes = dict(re.findall(r"#  ([\w-]+): (\S+)", "\n".join(lines)))
    rows = list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    for row in rows:
        for column in ("subject_id", "predicate_id", "object_id"):
            prefix, _, name = row[column].partition(":")
            row[column] = prefixes[prefix] + name
    return rows


def test_the_alignment_maps_own_terms_to_others_and_is_no_axiom() -> None:
    codes = set(TERMS_GRAPH.subjects(SKOS.inScheme)) | set(TERMS_GRAPH.subjects(RDF.type, SKOS.ConceptScheme))
    kinds = {SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}
    said = set()
    for row in mappings():
        subject, target = URIRef(row["subject_id"]), URIRef(row["object_id"])
        assert subject in OWN_TERMS | codes, subject
        assert not str(target).startswith("https://w3id.org/tilsagn/")
        assert URIRef(row["predicate_id"]) in kinds
        assert (row["subject_type"] == "skos concept") == ((subject, RDF.type, SKOS.Concept) in TERMS_GRAPH)
        concepts = row["subject_type"] == row["object_type"] == "skos concept"
        said.add((subject, URIRef(row["predicate_id"]) if concepts else RDFS.seeAlso, target))
    triples = graph_of([ALIGNMENT.with_name("alignment.ttl")])
    assert {triple for triple in triples if triple[1] != SKOS.note} == said
    assert len(said) > 20


# ---- JSON-LD


def test_the_context_names_every_own_term() -> None:
    context = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    prefixes = {name: iri for name, iri in context.items() if isinstance(iri, str) and iri.endswith(("#", "/"))}

    def expand(value: str) -> str:
        prefix, _, name = value.partition(":")
        return prefixes[prefix] + name

    entries: dict[str, dict[str, str]] = {}
    for entry in context.values():
        if isinstance(entry, dict):
            entries[expand(entry["@id"])] = entry
        elif isinstance(entry, str) and entry not in prefixes.values() and not entry.startswith("@"):
            entries[expand(entry)] = {}
    for term in OWN_TERMS:
        entry = entries.get(str(term))
        assert entry is not None, f"the context lacks {term}"
        kinds = set(TERMS_GRAPH.objects(term, RDF.type))
        if OWL.ObjectProperty in kinds:
            assert entry["@type"] in ("@id", "@vocab"), term
        if OWL.DatatypeProperty in kinds:
            assert expand(entry["@type"]) == str(TERMS_GRAPH.value(term, RDFS.range)), term


def test_amounts_in_json_ld_are_typed_strings() -> None:
    context = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    document = {
        "@context": context,
        "@id": "id:example-figure",
        "@type": "Figure",
        "value": "190000000",
        "currency": "cur:NOK",
        "lower": "180500000.0",
        "upperOpen": "true",
        "prefLabel": {"nb": "Eksempel", "en": "Example"},
    }
    triples = set(pyoxigraph.parse(json.dumps(document), format=pyoxigraph.RdfFormat.JSON_LD))
    objects = {str(triple.predicate).strip("<>"): str(triple.object) for triple in triples}
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert objects["http://schema.org/value"] == f'"190000000"^^<{xsd}integer>'
    assert objects[TIL + "lower"] == f'"180500000.0"^^<{xsd}decimal>'
    assert objects[TIL + "upperOpen"] == f'"true"^^<{xsd}boolean>'
    assert objects[TIL + "currency"] == "<http://publications.europa.eu/resource/authority/currency/NOK>"
    labels = {str(t.object) for t in triples if str(t.predicate) == f"<{SKOS.prefLabel}>"}
    assert labels == {'"Eksempel"@nb', '"Example"@en'}


# ---- checks


@pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)
def test_a_check_finds_its_counter_example_and_no_other(check: Path, stores: dict[Path, pyoxigraph.Store]) -> None:
    assert [path.name for path, store in stores.items() if query(check, store)] == [f"{check.stem}.ttl"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id:example-figure a til:Figure", "id:example-figure til:payerAsStated id:example-state ; a til:Figure"),
        ("id:example-figure a til:Figure", "id:example-figure til:period id:example-year ; a til:Figure"),
        ("schema:value 10000000", "schema:value 9000000"),
        ("qual:exact", "qual:over"),
        ("role:level", "role:leveraged"),
        ("cur:NOK", "cur:DKK"),
        ("basis:wholePeriod", "basis:perYear"),
    ],
)
def test_figures_that_differ_in_anything_are_not_duplicates(old: str, new: str) -> None:
    text = (CHECK_CASES[0].parent / "duplicate-figure.ttl").read_text(encoding="utf-8")
    for name in re.findall(r"\w+(?=:)", new):
        text = f"@prefix {name}: <{PREFIXES[name]}> .\n{text}"
    assert old in text
    store = pyoxigraph.Store()
    store.load(text.replace(old, new, 1).encode(), format=pyoxigraph.RdfFormat.TURTLE)
    check = ROOT / "queries" / "checks" / "duplicate-figure.rq"
    assert query(check, store) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id:example-figure a til:Figure", "id:example-figure til:payerAsStated id:example-state ; a til:Figure"),
        ("id:example-figure a til:Figure", "id:example-figure til:period id:example-year ; a til:Figure"),
        ("id:example-figure a til:Figure", "id:example-figure til:rewords id:example-other-figure ; a til:Figure"),
        ("role:level", "role:leveraged"),
        ("cur:NOK", "cur:DKK"),
        ("basis:wholePeriod", "basis:perYear"),
        ("origin:stated", "origin:derived"),
    ],
)
def test_levels_that_are_told_apart_may_both_be_summed(old: str, new: str) -> None:
    text = (CHECK_CASES[0].parent / "both-summed.ttl").read_text(encoding="utf-8")
    assert old in text
    store = pyoxigraph.Store()
    store.load(text.replace(old, new, 1).encode(), format=pyoxigraph.RdfFormat.TURTLE)
    assert query(ROOT / "queries" / "checks" / "both-summed.rq", store) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("", "", True),
        ("dcterms:hasPart id:example-part", "dcterms:hasPart id:around", False),
        ("til:stage stage:proposed", "til:stage stage:adopted", False),
        ("cur:NOK", "cur:DKK", False),
        ("role:level", "role:increase", False),
        ("kind:grant", "kind:mixed", False),
        ("til:funder id:example-state", "til:funder id:example-state , id:town", False),
        ("til:funder id:example-state", "til:funder id:town", True),
    ],
)
def test_totals_that_share_a_part_are_found_where_both_would_count(old: str, new: str, found: bool) -> None:
    text = (CHECK_CASES[0].parent / "shared-part.ttl").read_text(encoding="utf-8")
    assert old in text
    more = """
id:town dcterms:type payer:others .
id:around dcterms:hasPart id:example-other .
"""
    store = pyoxigraph.Store()
    store.load((text.replace(old, new, 1) + more).encode(), format=pyoxigraph.RdfFormat.TURTLE)
    expected = [f"<{ID}example-commitment>"] if found else []
    assert query(ROOT / "queries" / "checks" / "shared-part.rq", store) == expected


def shapes_of(path: Path, changes: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Of an example with each of these texts in place of another, the shapes that find fault with it: in one run."""
    data = Graph()
    cases = list(changes)
    for number, (old, new) in enumerate(cases):
        text = numbered(path, number)
        old, new = (each.replace("id:example-", f"id:n{number}-example-") for each in (old, new))
        assert old in text
        prefixes = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in PREFIXES.items())
        data.parse(data=prefixes + text.replace(old, new, 1), format="turtle")
    found: list[set[str]] = [set() for _ in cases]
    for focus, shape, *_ in validate(data):
        mark = re.search(r"/n(\d+)-example", focus)
        if mark:
            found[int(mark[1])].add(shape)
    return found


INCREASE, LEVEL = "id:example-increase a til:Figure", "id:example-figure a til:Figure"
SECOND = (
    "id:next til:currency cur:NOK ; til:figureOf id:example-commitment ; til:origin origin:stated ; til:role role"
)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("", "", True),
        (INCREASE, f"id:example-increase til:increaseTo id:example-figure . {INCREASE}", False),
        (INCREASE, f"id:example-increase til:rewords id:none . {INCREASE}", False),
        (LEVEL, f"id:example-figure til:rewords id:none . {LEVEL}", False),
        (INCREASE, f"{SECOND}:level . {INCREASE}", False),
        (INCREASE, f"{SECOND}:increase . {INCREASE}", False),
        (INCREASE, f"{SECOND}:leveraged . {INCREASE}", True),
        (INCREASE, f"{SECOND}:level ; til:rewords id:example-figure . {INCREASE}", True),
        (INCREASE, f"{SECOND}:increase ; til:rewords id:example-increase . {INCREASE}", True),
        ("role:level", "role:leveraged", False),
        ("cur:NOK", "cur:DKK", False),
        ("origin:stated", "origin:derived", False),
    ],
)
def test_an_increase_is_asked_for_its_level_where_there_is_just_one(old: str, new: str, found: bool) -> None:
    text = (CHECK_CASES[0].parent / "increase-level.ttl").read_text(encoding="utf-8")
    assert old in text
    store = pyoxigraph.Store()
    store.load(text.replace(old, new, 1).encode(), format=pyoxigraph.RdfFormat.TURTLE)
    expected = [f"<{ID}example-increase>"] if found else []
    assert query(ROOT / "queries" / "checks" / "increase-level.rq", store) == expected


def test_what_is_derived_of_a_figure_or_a_commitment_is_not_written_by_hand() -> None:
    of_figures = (
        *("lower 1.0", "upper 1.0", "lowerOpen true", "upperOpen true", "byPolicy true", "notSummed why:increase"),
        *("addable true", "addableIncrease true", "insideOf id:x", "givesWayTo id:x", "mayContain id:x"),
        *("saidIn id:x", "years 3"),
    )
    of_commitments = ("payerClass payer:state", 'runsFrom "2030-01-01"', 'runsTo "2030-12-31"')
    for name, shape, derived in (
        ("figure", "figure-bounds-by-hand", of_figures),
        ("commitment", "commitment-derived-by-hand", of_commitments),
    ):
        said = f"id:example-{name} a til:"
        changes = [(said, f"id:example-{name} til:{each} . {said}") for each in derived]
        found = shapes_of(ONTOLOGY / "examples" / "valid" / f"{name}.ttl", changes)
        assert [each for each, shapes in zip(derived, found, strict=True) if shape not in shapes] == []


@pytest.mark.parametrize("link", ["follows", "drawsOn", "replaces", "reannounces"])
def test_no_link_from_later_to_earlier_leads_back(link: str) -> None:
    text = (CHECK_CASES[0].parent / "succession-cycle.ttl").read_text(encoding="utf-8")
    store = pyoxigraph.Store()
    store.load(text.replace("til:follows", f"til:{link}", 1).encode(), format=pyoxigraph.RdfFormat.TURTLE)
    assert len(query(ROOT / "queries" / "checks" / "succession-cycle.rq", store)) == 2


def test_checks_and_their_counter_examples_go_together() -> None:
    assert [path.stem for path in CHECKS] == [path.stem for path in CHECK_CASES]


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_a_check_asks_a_question_and_names_the_fault_first(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    check = Query.read(path)
    assert check.question.endswith("?") and check.prose and not check.parameters
    assert re.search(r"^SELECT (DISTINCT )?\?this\b", text, re.MULTILINE)
    assert re.search(r"^ORDER BY \?this\b", text, re.MULTILINE)
