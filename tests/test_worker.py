"""A question in a process that can be killed: limits hold, the command survives, nothing is left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.errors import KgError, UsageError
from kg.project import Project
from kg.results import Table, Triples
from kg.store import Store
from kg.worker import Limits, Worker
from tests.conftest import HANG, ROOT, Kg

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ROW_BY_ROW = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONTAINS(STR(?i), 'no such') && ?c != ?f) }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?a"


def failure(project: Project, text: str, limits: Limits) -> KgError:
    with Worker(project, limits=limits) as worker, pytest.raises(KgError) as caught:
        worker.query(text)
    assert worker._child.poll() is not None
    return caught.value


def test_the_same_answers_as_the_store(project: Project, store: Store) -> None:
    with Worker(project) as worker:
        for text in (
            "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o",
            "SELECT * { VALUES (?a ?b) { ('x\\t\\n\\\\y' UNDEF) ('007'^^xsd:integer 'é'@da) (1.50 true) } }",
            "ASK { ?s a til:Commitment }",
            "ASK { ?s a til:Nothing }",
            "SELECT * { ?s a til:Nothing }",
        ):
            assert worker.query(text) == store.query(text)
        text = "CONSTRUCT WHERE { ?s til:kind ?o }"
        here, there = store.query(text), worker.query(text)
        assert isinstance(here, Triples) and isinstance(there, Triples) and set(here.triples) == set(there.triples)


def test_a_deadline_ends_it(project: Project) -> None:
    error = failure(project, CROSS, Limits(seconds=1.0))
    assert (error.code, error.exit_code) == ("timeout", 3)


def test_a_memory_limit_ends_it_and_not_the_command(project: Project) -> None:
    error = failure(project, SORTED, Limits(seconds=HANG, memory=200 << 20))
    assert (error.code, error.exit_code) == ("memory", 3) and "200 MB" in error.message


def test_rows_are_cut_and_say_so(project: Project) -> None:
    with Worker(project, limits=Limits(rows=100)) as worker:
        answer = worker.query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        assert isinstance(answer, Table) and len(answer.rows) == 100 and answer.cut
        graph = worker.query("CONSTRUCT { ?a ?b ?i } WHERE { ?a ?b ?c . ?g ?h ?i }")
        assert isinstance(graph, Triples) and len(graph.triples) == 100 and graph.cut
        whole = worker.query("SELECT * { ?a ?b ?c } LIMIT 100")
        assert isinstance(whole, Table) and len(whole.rows) == 100 and not whole.cut


def test_one_endless_value_does_not_fill_the_memory(project: Project) -> None:
    doubled = "'0123456789abcdef'"
    binds = " ".join(
        f"BIND(CONCAT(?v{n}, ?v{n}, ?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(14)
    )  # 16 characters, fourteen times four-fold: 4 GB
    error = failure(project, f"SELECT ?v14 {{ BIND({doubled} AS ?v0) {binds} }}", Limits(HANG, 200 << 20))
    assert error.code == "memory"


def test_a_child_cannot_reach_the_network(project: Project) -> None:
    """Even past the door that refuses SERVICE, there is no socket to be had."""
    error = failure(project, "ASK { SERVICE <http://127.0.0.1:9990/> { ?s ?p ?o } }", Limits(HANG))
    assert error.code == "engine" and "open files" in error.message


def test_an_engine_that_dies_is_one_line(project: Project) -> None:
    with Worker(project) as worker:
        os.kill(worker._child.pid, signal.SIGSEGV)
        with pytest.raises(KgError) as caught:
            worker.query("ASK {}")
    assert caught.value.code == "engine"


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("@prefix e: <http://e/> .\ne:a e:b\n", encoding="utf-8")
    error = failure(Project.find(tmp_path), "ASK {}", Limits())
    assert error.place and error.place.file.endswith("broken.ttl") and error.place.line


def test_syntax_errors_keep_their_place(project: Project) -> None:
    error = failure(project, "SELECT * {\n ?s ?p ?o FILTER ?o }", Limits())
    assert isinstance(error, UsageError) and error.place and error.place.line == 2 and error.excerpt


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for the child in /proc")
@pytest.mark.parametrize("text", [CROSS, ROW_BY_ROW])
def test_the_child_ends_when_its_parent_is_killed(text: str) -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "kg", "sparql", "--timeout", str(HANG), "--max-memory", "8000", "-e", text],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    child = _wait(lambda: children.read_text().split())[0]
    _wait(lambda: _cpu(child) > 0.5)  # it is at work
    run.kill()
    run.wait()
    _wait(lambda: _state(child) in ("Z", "gone"))


def _wait(condition: object) -> list[str]:
    for _ in range(100 * HANG):
        if found := condition():  # type: ignore[operator]
            return found  # type: ignore[no-any-return]
        time.sleep(0.01)
    raise AssertionError("it did not come to pass ")


def _fields(pid: str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["gone"]


def _state(pid: str) -> str:
    return _fields(pid)[0]


def _cpu(pid: str) -> float:
    fields = _fields(pid)
    return int(fields[11]) / os.sysconf("SC_CLK_TCK") if len(fields) > 11 else 0.0


def test_the_command_survives_a_hostile_question(kg: Kg) -> None:
    run = kg("sparql", "--timeout", "1", "-e", CROSS)
    assert run.returncode == 3 and run.stdout == ""
    assert run.stderr.splitlines()[0] == "kg: error[timeout]: no answer within 1 s"
    run = kg("sparql", "--timeout", "300", "--max-memory", "100", "-e", SORTED)
    assert (
        run.returncode == 3 and run.stderr.startswith("kg: error[memory]: ") and len(run.stderr.splitlines()) == 2
    )


def test_a_cut_answer_says_so_on_stderr_and_in_the_json(kg: Kg) -> None:
    run = kg("sparql", "--max-rows", "3", "-f", "srj", "-e", "SELECT * { ?s ?p ?o }")
    assert run.returncode == 0 and "cut" in run.stderr and '"cut": true' in run.stdout
    run = kg("sparql", "--max-rows", "3", "-e", "SELECT * { ?s ?p ?o } LIMIT 3")
    assert len(run.stdout.splitlines()) == 4 and run.stderr == ""


def test_a_canned_question_has_a_timeout_too(kg: Kg) -> None:
    run = kg("query", "commitments", "--timeout", "0.001")
    assert run.returncode == 3 and run.stderr.startswith("kg: error[timeout]: ")
    run = kg("query", "commitments", env={"KG_TIMEOUT": "0.001"})
    assert run.returncode == 3


def test_a_module_in_the_folder_is_not_run(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("open('run', 'w')", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-P", "-m", "kg", "sparql", "-e", "ASK {}"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.stdout == "no\n" or run.stdout == "yes\n" or run.stdout.strip() in ("true", "false"), run.stderr
    assert not (tmp_path / "run").exists()
