"""Files of 0.1 as 0.2 has them: what the rules change, what they leave, and the command."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import DataError, UsageError, WorldError
from kg.evidence import prefixes, sha256
from kg.migration import Migrated, Migration, find, migrate
from kg.project import Project
from kg.terms import GRAPH, ID, PREFIXES
from kg.turtle.canonical import canonical
from kg.turtle.editing import edited
from tests.conftest import Kg

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data"
OLD, NEW = DATA / "written-for-0.1.ttl", DATA / "written-for-0.2.ttl"
TEXT = "Regeringen afsætter 40 mio. kr. til en bro. Kommunen giver 40 mio. kr. til den."
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


@pytest.fixture(scope="module")
def rules(project: Project) -> Migration:
    return find(project, "0.2")


def triples(turtle: str | bytes) -> set[ox.Triple]:
    data = turtle.encode() if isinstance(turtle, str) else turtle
    return {quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)}


def now(turtle: str, rules: Migration) -> Migrated:
    return migrate((HEAD + turtle).encode(), "t.ttl", rules)


# One file, whole


def test_a_file_of_0_1_becomes_this_and_keeps_its_remarks_and_its_order(rules: Migration) -> None:
    made = migrate(OLD.read_bytes(), "t.ttl", rules, texts={sha256(TEXT.encode()): TEXT})
    assert made.new.decode() == NEW.read_text(encoding="utf-8")
    assert triples(made.old) - set(made.removed) | set(made.added) == triples(made.new)
    assert made.notes == ()


def test_a_second_time_changes_nothing_and_the_layout_is_canonical(rules: Migration) -> None:
    once = migrate(OLD.read_bytes(), "t.ttl", rules)
    again = migrate(once.new, "t.ttl", rules)
    assert (again.new, again.removed, again.added) == (once.new, (), ())
    assert canonical(once.new, "t.ttl") == once.new
    assert canonical(NEW.read_bytes(), "t.ttl") == NEW.read_bytes()


def test_without_the_text_no_length_and_no_prefix_is_made_and_that_is_said_until_it_is_there(
    rules: Migration,
) -> None:
    once = migrate(OLD.read_bytes(), "t.ttl", rules)
    assert len(once.notes) == 1 and "--sources" in once.notes[0]
    assert b"dcterms:extent" not in once.new and b"oa:prefix" not in once.new
    later = migrate(once.new, "t.ttl", rules, texts={sha256(TEXT.encode()): TEXT})
    assert later.removed == () and triples(later.new) == triples(NEW.read_bytes())


def test_every_iri_of_the_old_file_is_in_the_new_one(rules: Migration) -> None:
    def named(data: bytes) -> set[ox.NamedNode]:
        return {triple.subject for triple in triples(data) if isinstance(triple.subject, ox.NamedNode)}

    assert named(OLD.read_bytes()) < named(migrate(OLD.read_bytes(), "t.ttl", rules).new)


# Rule by rule


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # An address.
        ("id:d foaf:page <http://x/p> .", "id:d foaf:page <http://x/p> ; schema:url <http://x/p> ."),
        # Mappings: of persons, bodies, programmes; of offices and codes; of classes; what is only near.
        ("id:p a til:Programme ; skos:exactMatch wd:Q1 .", "id:p a til:Programme ; schema:sameAs wd:Q1 ."),
        (
            "id:m org:member id:p . id:p skos:exactMatch wd:Q1 .",
            "id:m org:member id:p . id:p schema:sameAs wd:Q1 .",
        ),
        ("id:r a org:Role ; skos:exactMatch wd:Q1 .", "id:r a org:Role ; skos:exactMatch wd:Q1 ."),
        ("id:c a skos:Concept ; skos:closeMatch wd:Q1 .", "id:c a skos:Concept ; skos:closeMatch wd:Q1 ."),
        ("id:k a owl:Class ; skos:exactMatch wd:Q1 .", "id:k a owl:Class ; rdfs:seeAlso wd:Q1 ."),
        ("id:g a til:Government ; skos:closeMatch id:h .", "id:g a til:Government ; rdfs:seeAlso id:h ."),
        ("id:x skos:exactMatch wd:Q1 .", "id:x skos:exactMatch wd:Q1 ."),  # nobody says here what it is
        # Identifiers.
        (
            'id:k org:identifier "972417858" ; dcterms:spatial country:NOR .',
            'id:k org:identifier "972417858" ; dcterms:spatial country:NOR ; adms:identifier id:k-enhetsregisteret . '
            'id:k-enhetsregisteret a adms:Identifier ; skos:notation "972417858" ; '
            'adms:schemaAgency "Enhetsregisteret"@nb ; dcterms:creator id:bronnoysundregistrene . '
            "id:bronnoysundregistrene a m8g:PublicOrganisation ; "
            'skos:prefLabel "Brønnøysundregistrene"@nb , "Brønnøysund Register Centre"@en .',
        ),
        ('id:k org:identifier "12345678" ; dcterms:spatial country:DNK .', None),
        (
            'id:v dcterms:identifier "ParlGov party 7" .',
            'id:v dcterms:identifier "ParlGov party 7" ; adms:identifier id:v-parlgov-party-7 . '
            'id:v-parlgov-party-7 a adms:Identifier ; skos:notation "party 7" ; adms:schemaAgency "ParlGov"@en ; '
            "dcterms:creator id:parlgov . id:parlgov a foaf:Group ; "
            'skos:prefLabel "ParlGov"@da , "ParlGov"@en , "ParlGov"@nb , "ParlGov"@sv .',
        ),
        ('id:d dcterms:identifier "Prop. 1 S (2018–2019)" .', None),
        # Collectives.
        ("id:kommunerne-dk a org:OrganizationalCollaboration .", "id:kommunerne-dk a foaf:Group ."),
        ("id:den-digitale-taskforce a org:OrganizationalCollaboration .", None),
        # Reasons that are no more, and one that is.
        (
            "id:f a til:Figure ; til:notSummed why:superseded , why:increase .",
            "id:f a til:Figure ; til:notSummed why:increase .",
        ),
        # An anchor whose document another file describes.
        (
            "<http://x/d#char=1,2> oa:hasSource <http://x/d> .",
            "<http://x/d#char=1,2> oa:hasSource <http://x/d-text> . <http://x/d-text> a dctypes:Text ; "
            "dcterms:isFormatOf <http://x/d> ; dcterms:rights rights:quotedOnly ; "
            "dcterms:format <https://www.iana.org/assignments/media-types/text/plain> .",
        ),
        ("<http://x/d#char=1,2> oa:hasSource <http://x/d-text> .", None),
        # Words around a quotation that its author wrote.
        (
            "<http://x/a> oa:hasSelector <http://x/s> . "
            "<http://x/s> a oa:TextPositionSelector , oa:TextQuoteSelector ; "
            'oa:start 1 ; oa:end 2 ; oa:exact "b" ; oa:prefix "a" ; oa:suffix "c" .',
            "<http://x/a> oa:hasSelector <http://x/s> , <http://x/s-quote> . "
            "<http://x/s> a oa:TextPositionSelector ; oa:start 1 ; oa:end 2 . "
            '<http://x/s-quote> a oa:TextQuoteSelector ; oa:exact "b" ; oa:prefix "a" ; oa:suffix "c" .',
        ),
    ],
)
def test_a_rule(old: str, new: str | None, rules: Migration) -> None:
    made = now(old, rules)
    assert triples(made.new) == triples(HEAD + (new or old))
    if new is None or new == old:
        assert made.new == made.old


def test_a_selector_without_an_iri_is_left_as_it_is(rules: Migration) -> None:
    old = 'id:a oa:hasSelector [ a oa:TextPositionSelector , oa:TextQuoteSelector ; oa:exact "b" ] .'
    assert now(old, rules).new == (HEAD + old).encode()


def test_a_statement_in_brackets_is_refused_with_the_file_named(rules: Migration) -> None:
    # The store has no blank node to take it out of, but the text does: nothing is half changed.
    text = HEAD + "id:f a til:Figure ; til:notSummed why:whole . id:g rdfs:seeAlso [ foaf:page <http://x/p> ] .\n"
    with pytest.raises(DataError, match="brackets") as caught:
        migrate(text.encode(), "t.ttl", rules)
    assert caught.value.place is not None and caught.value.place.file == "t.ttl"


def test_a_prefix_that_the_file_has_for_something_else_is_not_taken(rules: Migration) -> None:
    text = "@prefix schema: <http://other/> .\n<http://x/d> <http://xmlns.com/foaf/0.1/page> <http://x/p> .\n"
    made = migrate(text.encode(), "t.ttl", rules)
    assert b"<http://schema.org/url> <http://x/p>" in made.new


def test_the_packaged_graph_has_more_said_of_its_files_than_others(rules: Migration) -> None:
    data = b"<https://w3id.org/tilsagn/id/a> <http://x/p> 1 .\n"
    graph = f"{GRAPH}documents/dk/2007-statsaftale"
    ours = triples(migrate(data, "t.ttl", rules, graph=graph, packaged=True).new)
    licence, method = ox.NamedNode(PREFIXES["dcterms"] + "license"), ox.NamedNode(PREFIXES["til"] + "method")
    assert {triple.subject.value for triple in ours if triple.predicate == licence} == {graph}  # type: ignore[union-attr]  # an IRI
    assert {triple.subject.value for triple in ours if triple.predicate == method} == {f"{graph}#encoding"}  # type: ignore[union-attr]  # an IRI
    assert migrate(data, "t.ttl", rules, graph=graph).new == data


@pytest.mark.parametrize(
    ("file", "body", "method", "licence"),
    [
        ("reference/cabinets/norway", "", "imported", "zero/1.0"),
        ("reference/rates", "", "imported", "disclaimer"),
        ("documents/no/x", "<http://x/a> a oa:SpecificResource .", "wordByWord", "by/4.0"),
        ("documents/no/x", "", "fromPage", "by/4.0"),
        ("reference/people", "", "fromPage", "by/4.0"),
    ],
)
def test_how_a_file_was_made_and_its_licence(
    file: str, body: str, method: str, licence: str, rules: Migration
) -> None:
    data = f"{HEAD}id:a <http://x/p> 1 .\n{body}".encode()
    made = migrate(data, "t.ttl", rules, graph=GRAPH + file, packaged=True).new.decode()
    assert f"til:method method:{method}" in made and re.search(rf"dcterms:license <[^>]*{licence}", made)
    assert migrate(made.encode(), "t.ttl", rules, graph=GRAPH + file, packaged=True).added == ()


# The graph


def test_no_thing_of_0_1_has_lost_its_iri(project: Project) -> None:
    old = (DATA / "iris-0.1.txt").read_text(encoding="utf-8").split()
    assert len(old) == 2746
    named = {
        quad.subject.value
        for path in project.graph_files()
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)
        if isinstance(quad.subject, ox.NamedNode)
    }
    assert {name for name in old if ID + name not in named} == set()


def test_every_file_of_the_graph_is_migrated_and_says_how_it_was_made(project: Project, rules: Migration) -> None:
    for path in project.graph_files():
        data, graph = path.read_bytes(), project.graph_name(path)
        made = migrate(data, path.name, rules, graph=graph, packaged=True)
        assert (made.removed, made.added) == ((), ()), f"{path}: kg migrate 0.2"
        said = {(triple.subject.value, triple.predicate.value) for triple in triples(data)}  # type: ignore[union-attr]  # IRIs
        assert (graph, PREFIXES["dcterms"] + "license") in said
        assert path.stem == "dataset" or (f"{graph}#encoding", PREFIXES["til"] + "method") in said


# Words before a quotation


@settings(deadline=None, max_examples=200)
@given(st.text("ab ", min_size=1, max_size=80), st.data())
def test_a_prefix_tells_its_place_and_none_shorter_does(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 5)))
    words = text[start:end]

    def places(before: str) -> int:
        wanted = before + words
        return sum(text.startswith(wanted, at) for at in range(len(text)))

    before = prefixes(text, [(start, end)]).get((start, end))
    if before is None:
        longest = text[max(0, start - 40) : start]
        assert places("") == 1 or places(longest) > 1
    else:
        assert text[:start].endswith(before) and 0 < len(before) <= 40
        assert places(before) == 1 and places(before[1:]) > 1


def test_many_places_of_the_same_words_are_told_apart_at_once() -> None:
    text = "".join(f"{number:05d} 1 mio. kr. " for number in range(20_000))
    places = [(match.start(), match.end()) for match in re.finditer("1 mio. kr.", text)]
    found = prefixes(text, places)
    assert len(found) == 20_000 and max(map(len, found.values())) == 6


# Texts


NAMES = st.sampled_from([ox.NamedNode(f"http://x/{letter}") for letter in "abcd"])
VALUES = NAMES | st.sampled_from([ox.Literal("e"), ox.Literal("f", language="da"), ox.Literal(1)])
SETS = st.sets(st.builds(ox.Triple, NAMES, NAMES, VALUES), min_size=1, max_size=12)


@settings(deadline=None, max_examples=200)
@given(SETS, SETS, st.randoms(use_true_random=False))
def test_a_text_says_what_it_said_less_what_goes_and_more_what_comes(
    stated: set[ox.Triple], more: set[ox.Triple], chance: Random
) -> None:
    going = {triple for triple in stated if chance.random() < 0.4}
    lines = [
        f"# {number}\n{triple} . # behind {number}\n" for number, triple in enumerate(sorted(stated, key=str))
    ]
    result = edited("".join(lines), going, more - stated, "t.ttl")
    assert triples(result) == stated - going | (more - stated)
    assert sorted(re.findall(r"# (?:behind )?\d+", result)) == sorted(
        re.findall(r"# (?:behind )?\d+", "".join(lines))
    )
    assert canonical(result.encode(), "t.ttl") == result.encode()


# The command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "bro.ttl").write_bytes(OLD.read_bytes())
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "bro.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "texts" / "picture.bin").write_bytes(b"\0\1")
    return tmp_path


def test_the_command_prints_what_it_removes_and_is_done_after_one_time(kg: Kg, folder: Path) -> None:
    arguments = ("migrate", "0.2", "--data", folder / "g", "--sources", folder / "texts")
    checked = kg(*arguments, "--check")
    assert checked.returncode == 1 and checked.stdout.count(": removed: ") == 9
    assert "would be written" in checked.stderr
    assert (folder / "g" / "bro.ttl").read_bytes() == OLD.read_bytes()
    done = kg(*arguments)
    assert (done.returncode, done.stdout) == (0, checked.stdout)
    assert (folder / "g" / "bro.ttl").read_bytes() == NEW.read_bytes()
    again = kg(*arguments, "--check")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_file_alone_says_where_its_text_is_missed(kg: Kg, folder: Path) -> None:
    run = kg("migrate", "0.2", folder / "g" / "bro.ttl")
    assert run.returncode == 0 and "--sources DIR" in run.stderr
    assert "til:method" not in (folder / "g" / "bro.ttl").read_text(encoding="utf-8")


def test_bad_input_is_one_line_and_its_exit_code(kg: Kg, folder: Path) -> None:
    unknown = kg("migrate", "0.3", folder / "g" / "bro.ttl")
    assert unknown.returncode == 2 and unknown.stderr.startswith("kg: error[version]: no migration to '0.3'")
    (folder / "bad.ttl").write_text("<http://x/a> <http://x/b> .\n", encoding="utf-8")
    (folder / "t.nt").write_text("", encoding="utf-8")
    for name, code in (("bad.ttl", "syntax"), ("none.ttl", "file"), ("t.nt", "fmt-syntax")):
        run = kg("migrate", "0.2", folder / name)
        assert run.returncode == 3 and f"error[{code}]" in run.stderr and "Traceback" not in run.stderr
    run = kg("migrate", "0.2", folder / "g" / "bro.ttl", "--sources", folder / "nowhere")
    assert run.returncode == 3 and run.stderr.startswith("kg: error[sources]: no folder")


def test_the_library_refuses_the_same(project: Project, rules: Migration) -> None:
    with pytest.raises(UsageError, match="no migration"):
        find(project, "0.3")
    with pytest.raises(WorldError):
        migrate(b"<http://x/a> <http://x/b> .\n", "bad.ttl", rules)


def test_validation_says_of_a_file_of_0_1_that_alone_with_its_place(kg: Kg, folder: Path) -> None:
    path = folder / "g" / "bro.ttl"
    for arguments in ((), ("--alone",)):
        run = kg("validate", *arguments, path)
        first, *rest = run.stdout.splitlines()
        assert run.returncode == 1 and rest[-1] == "1 violation in 1 file"
        assert re.match(
            rf"{re.escape(str(path))}:\d+:\d+: error\[written-for-0\.1\]: Written for 0\.1: kg migrate 0\.2", first
        )
    kg("migrate", "0.2", path, "--sources", folder / "texts")
    assert "written-for" not in kg("validate", "--alone", path).stdout


def test_a_new_file_beside_one_of_0_1_is_judged_all_the_same(kg: Kg, folder: Path) -> None:
    other = folder / "g" / "other.ttl"
    other.write_text(HEAD + "id:somebody a foaf:Person .\n", encoding="utf-8")
    said = kg("validate", "--together", folder / "g" / "bro.ttl", other).stdout
    assert "bro.ttl:14:1: error[written-for-0.1]" in said and "other.ttl" in said and "person-name" in said
