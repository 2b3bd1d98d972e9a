"""The graph as a data set, and which graph answers: counts, version, day; things that have another IRI now."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import formats, version
from kg.dataset import DATASET, described
from kg.project import Project
from kg.publish import FORMATS, export
from kg.show import successors
from kg.store import Store
from kg.terms import PREFIXES
from tests.conftest import Kg

VOID, DCAT, DCTERMS = PREFIXES["void"], PREFIXES["dcat"], PREFIXES["dcterms"]
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


@pytest.fixture(scope="module")
def exported(project: Project) -> list[str]:
    """The lines of the export as N-Triples, as anybody has them of kg export."""
    return export(project, "ntriples").decode().splitlines()


def stated(project: Project, predicate: str, subject: str = DATASET) -> list[str]:
    path = project.data / version.FILE
    found = ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)
    return [
        quad.object.value
        for quad in found
        if quad.subject == ox.NamedNode(subject) and quad.predicate == ox.NamedNode(predicate)
    ]


def test_the_description_is_as_it_would_be_made_now(project: Project) -> None:
    assert described(project, "2000-01-01") == (project.data / version.FILE).read_text(encoding="utf-8"), (
        "make docs"
    )


def test_every_count_is_that_of_the_export(exported: list[str], project: Project) -> None:
    assert [str(len(exported))] == stated(project, VOID + "triples")
    things = {line.split(" ", 1)[0] for line in exported if line.startswith("<https://w3id.org/tilsagn/id/")}
    assert [str(len(things))] == stated(project, VOID + "entities")
    kinds = Counter(
        match[1] for line in exported if (match := re.fullmatch(rf"\S+ <{PREFIXES['rdf']}type> <(\S+)> \.", line))
    )
    counted = {
        stated(project, VOID + "class", part)[0]: int(stated(project, VOID + "entities", part)[0])
        for part in stated(project, VOID + "classPartition")
    }
    assert counted == kinds and len(kinds) > 30


def test_the_version_can_be_worked_out_from_the_export(exported: list[str], project: Project) -> None:
    left_out = [f"<{DATASET}> <{DCAT}version> ", f"<{DATASET}> <{DCTERMS}modified> "]
    lines = sorted(line for line in exported if not line.startswith(tuple(left_out)))
    assert len(lines) == len(exported) - 2
    number = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()[:12]
    assert stated(project, DCAT + "version") == [number]


def test_another_graph_is_another_version_of_another_day(project: Project, tmp_path: Path) -> None:
    shutil.copytree(project.data, tmp_path / "graph")
    changed = project._replace(data=tmp_path / "graph")
    (tmp_path / "graph" / "more.ttl").write_text(f"{HEAD}id:somebody foaf:name 'Somebody' .\n", encoding="utf-8")
    before, text = version.stated(project), described(changed, "2031-02-03")
    (tmp_path / "graph" / version.FILE).write_text(text, encoding="utf-8")
    after = version.stated(changed)
    assert before is not None and after is not None
    assert after.number != before.number and after.day == "2031-02-03"
    assert described(changed, "2032-01-01") == text


def test_there_is_a_distribution_for_each_format_and_each_vocabulary_is_used(
    exported: list[str], project: Project
) -> None:
    addresses = [stated(project, DCAT + "downloadURL", part)[0] for part in stated(project, DCAT + "distribution")]
    assert sorted(addresses) == sorted(
        f"https://w3id.org/tilsagn/tilsagn{ending}"
        for ending in (formats.FORMATS[form].endings[0] for form in FORMATS)
    )
    for vocabulary in stated(project, VOID + "vocabulary"):
        assert any(f"<{vocabulary}" in line.split(" ")[1] for line in exported), vocabulary
    for name in stated(project, VOID + "exampleResource"):
        assert any(line.startswith(f"<{name}> ") for line in exported)


# Which graph answers


def test_the_command_says_which_program_and_which_graph(kg: Kg, project: Project, tmp_path: Path) -> None:
    here = version.stated(project)
    assert here is not None and re.fullmatch("[0-9a-f]{12}", here.number)
    program, graph = kg("--version").stdout.splitlines()
    assert re.fullmatch(r"kg, version \d+\.\d+\.\d+", program)
    assert graph == f"graph {here.number} of {here.day}"
    (tmp_path / "g.ttl").write_text("<http://x/a> <http://x/b> 1 .\n", encoding="utf-8")
    assert (
        kg("--version", env={"KG_DATA": str(tmp_path)}).stdout.splitlines()[1]
        == "graph without a version of its own"
    )


def test_machine_readable_answers_say_which_graph_gave_them(kg: Kg, project: Project, tmp_path: Path) -> None:
    here = version.stated(project)
    assert here is not None
    record = {"version": here.number, "modified": here.day, "iri": f"https://w3id.org/tilsagn/v/{here.number}"}
    answer = json.loads(kg("query", "names", "-f", "srj").stdout)
    assert answer["head"]["link"] == [record["iri"]]
    yes = json.loads(kg("sparql", "-e", "ASK { ?s ?p ?o }", "-f", "srj").stdout)
    assert yes["head"]["link"] == [record["iri"]] and yes["boolean"] is True
    assert json.loads(kg("show", "id:kmd", "-f", "json").stdout)["graph"] == record
    comment = f"# graph {here.number} of {here.day}\n"
    for arguments in (
        ["show", "id:kmd", "-f", "turtle"],
        ["sparql", "-e", "CONSTRUCT WHERE { ?s til:kind kind:loan }"],
    ):
        assert kg(*arguments).stdout.startswith(comment)
    (tmp_path / "g.ttl").write_text("<http://x/a> <http://x/b> 1 .\n", encoding="utf-8")
    alone = kg("sparql", "-e", "SELECT ?s { ?s <http://x/b> ?o }", "-f", "srj", "--data", tmp_path).stdout
    assert json.loads(alone)["head"].keys() == {"vars"}


def test_what_readers_of_the_standard_read_is_as_before(kg: Kg) -> None:
    text = kg("query", "names", "-f", "srj").stdout
    found = ox.parse_query_results(text.encode(), format=ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QuerySolutions) and len(list(found)) > 1


# Things that have another IRI now

MOVED = """
id:gammel-ordning owl:deprecated true ; dcterms:isReplacedBy id:mellem-ordning .
id:mellem-ordning owl:deprecated true ; dcterms:isReplacedBy id:ny-ordning .
id:ny-ordning a til:Programme ; skos:prefLabel "Den nye ordning"@da .
id:regering-a a til:Government ; dcterms:isReplacedBy id:regering-b .
"""


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    (tmp_path / "g.ttl").write_text(HEAD + MOVED, encoding="utf-8")
    return tmp_path


def test_an_iri_that_is_kept_for_those_who_know_it_leads_to_the_one_of_now(moved: Path) -> None:
    store = Store.of_files([moved / "g.ttl"])
    ours = {
        name: PREFIXES["id"] + name for name in ("gammel-ordning", "mellem-ordning", "ny-ordning", "regering-a")
    }
    assert successors(store, ours.values()) == {
        ours["gammel-ordning"]: ours["ny-ordning"],
        ours["mellem-ordning"]: ours["ny-ordning"],
    }
    assert successors(store, []) == {}


def test_a_question_about_the_old_iri_is_answered_for_the_new_one(kg: Kg, moved: Path) -> None:
    old = kg("query", "names", "--entity", "gammel-ordning", "-f", "csv", "--data", moved)
    new = kg("query", "names", "--entity", "ny-ordning", "-f", "csv", "--data", moved)
    assert old.stdout == new.stdout and "Den nye ordning" in old.stdout
    assert "kg: note: id:gammel-ordning is now id:ny-ordning" in old.stderr and new.stderr == ""
    several = kg(
        "query", "names", "--entity", "gammel-ordning", "--entity", "ny-ordning", "-f", "csv", "--data", moved
    )
    assert several.stdout.count("Den nye ordning") == new.stdout.count("Den nye ordning")
    shown = kg("show", "gammel-ordning", "--data", moved)
    assert "Den nye ordning" in shown.stdout and "is now id:ny-ordning" in shown.stderr


def test_a_government_that_another_followed_is_still_itself(kg: Kg, moved: Path) -> None:
    run = kg("show", "regering-a", "--data", moved)
    assert "regering-a" in run.stdout and run.stderr == ""
