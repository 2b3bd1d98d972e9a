"""The export: sorted, the same bytes every time, read back by both libraries to the same graph."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic, to_isomorphic

from kg import publish, rdf
from kg.derive import derive
from kg.project import Project
from kg.store import Store
from kg.terms import DERIVED
from tests.conftest import Kg


@pytest.fixture(scope="module")
def merged(project: Project) -> set[ox.Triple]:
    """The files merged, plus what is derived from them."""
    files = {quad.triple for path in project.term_files() + project.graph_files() for quad in rdf.parse(path)}
    return files | set(derive(Store.of(files)).triples())


def read_back(data: bytes, form: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(data, format=form)}


def test_pyoxigraph_reads_each_format_back(project: Project, merged: set[ox.Triple]) -> None:
    forms = {
        "turtle": ox.RdfFormat.TURTLE,
        "trig": ox.RdfFormat.TRIG,
        "nquads": ox.RdfFormat.N_QUADS,
        "jsonld": ox.RdfFormat.JSON_LD,
    }
    for name, form in forms.items():
        # No blank nodes: isomorphic is equal.
        assert read_back(publish.export(project, name), form) == merged, name


def test_rdflib_reads_turtle_and_jsonld_back_to_an_isomorphic_graph(
    project: Project, merged: set[ox.Triple]
) -> None:
    wanted = rdflib.Graph().parse(data=ox.serialize(merged, format=ox.RdfFormat.N_TRIPLES), format="nt")
    for name, form in (("turtle", "turtle"), ("jsonld", "json-ld")):
        found = rdflib.Graph().parse(data=publish.export(project, name), format=form)
        assert isomorphic(to_isomorphic(found), to_isomorphic(wanted)), name


@pytest.mark.parametrize("form", sorted(publish.FORMATS))
def test_the_same_bytes_after_the_files_are_shuffled(
    project: Project, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish.export(project, form)
    monkeypatch.setattr(Project, "graph_files", lambda self: _shuffled(sorted(self.data.rglob("*.ttl"))))
    assert publish.export(project, form) == first


def _shuffled(paths: list[Path]) -> list[Path]:
    random.Random(7).shuffle(paths)
    return paths


def test_statements_shuffled_inside_a_file_change_nothing(project: Project, tmp_path: Path) -> None:
    shutil.copytree(project.data, tmp_path / "graph")
    for path in (tmp_path / "graph").rglob("*.ttl"):
        triples = [quad.triple for quad in rdf.parse(path)]
        random.Random(3).shuffle(triples)
        path.write_bytes(rdf.serialize(triples, ox.RdfFormat.TURTLE, {}))
    assert publish.export(Project.find(tmp_path)) == publish.export(project)


def test_amounts_keep_their_lexical_form(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(
        "@prefix e: <http://example.org/> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        'e:a e:v 007 , 1.50 , "190000000"^^xsd:decimal , "1"^^xsd:int , "x"@en-US ,\n'
        'e:b , "2019-10-07+00:00"^^xsd:date .\n',
        encoding="utf-8",
    )
    project = Project.find(tmp_path)
    for form in ("turtle", "nquads", "jsonld", "trig"):
        found = {
            triple.object.value
            for triple in read_back(publish.export(project, form), rdf.format_named(form))
            if triple.subject == ox.NamedNode("http://example.org/a") and isinstance(triple.object, ox.Literal)
        }
        assert found == {"007", "1.50", "190000000", "1", "x", "2019-10-07+00:00"}, form


def test_jsonld_has_no_bare_number(project: Project) -> None:
    document = json.loads(publish.export(project, "jsonld"), parse_float=pytest.fail, parse_int=pytest.fail)
    assert len(document["@graph"]) > 100


def test_named_graphs_are_the_files_and_one_for_what_is_derived(project: Project) -> None:
    names = {
        str(quad.graph_name)[1:-1]
        for quad in ox.parse(publish.export(project, "nquads"), format=ox.RdfFormat.N_QUADS)
    }
    files = {project.graph_name(path) for path in project.term_files() + project.graph_files()}
    assert names == files | {DERIVED}


def test_an_export_breaks_no_rule(kg: Kg, project: Project, tmp_path: Path) -> None:
    """That it has what is derived is a warning, since in files of one's own that would be written by hand."""
    export = tmp_path / "export.ttl"
    export.write_bytes(publish.export(project, "turtle"))
    done = kg("validate", export, "--alone", "--fail-on", "violation")
    assert done.returncode == 0, done.stdout[:2000]


def test_a_files_own_prefixes_and_graphs_are_kept_and_no_prefix_is_without_use(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "a.trig").write_text(
        "@prefix bud: <https://example.org/budget/> .\n@prefix no: <https://example.org/none/> .\n"
        "bud:bill { bud:post60 bud:amount 1 . }\nbud:act { bud:post60 bud:amount 2 . }\nbud:post60 a bud:Post .\n",
        encoding="utf-8",
    )
    text = kg("export", "--data", tmp_path).stdout
    assert "bud:amount 1 , 2" in " ".join(text.split())
    head, _, body = text.partition("\n\n")
    names = [line.split()[1] for line in head.splitlines()]
    assert "bud:" in names
    assert "no:" not in names
    assert "wd:" not in names
    assert all(name in body for name in names)
    lines = kg("export", "--data", tmp_path, "-f", "nquads").stdout.splitlines()
    graphs = {line.split()[-2] for line in lines if "budget/post60" in line}
    assert graphs == {
        "<https://example.org/budget/bill>",
        "<https://example.org/budget/act>",
        "<https://w3id.org/tilsagn/graph/a>",
    }
    context = json.loads(kg("export", "--data", tmp_path, "-f", "jsonld").stdout)["@context"]
    assert context["bud"] == "https://example.org/budget/"
    assert "wd" not in context


def test_an_ending_that_is_no_format_is_refused(kg: Kg, tmp_path: Path) -> None:
    for name in ("out.rdf", "out.xlsx", "out.csv"):
        run = kg("export", "-o", name, cwd=tmp_path)
        assert run.returncode == 2
        assert f"no format for the ending of {name}" in run.stderr
        assert ".ttl, .nt, .trig, .nq, .jsonld" in run.stderr
        assert not (tmp_path / name).exists()
