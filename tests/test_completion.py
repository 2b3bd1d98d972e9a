"""What a shell offers: commands, questions, options, and values that the graph has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import cache
from kg.project import Project
from kg.queries import Query
from kg.results import Answer, Source
from tests.conftest import HANG, ROOT

KG = "import sys; sys.argv[0] = 'kg'; from kg.cli import main; sys.exit(main())"


@pytest.fixture(scope="module", autouse=True)
def warm(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A shell offers values from an index that is there: it does not wait for one to be made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("KG_TIMEOUT", str(HANG))  # a busy machine is no fault
        if cache.size(project) >= cache.SMALL:
            cache.build(project)
        yield


def offered(*words: str, shell: str = "zsh", env: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """(value, help) for the last of `words`, as the shell's script asks for them."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "_KG_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": " ".join(("kg", *words)),
        "COMP_CWORD": str(len(words)),
        **(env or {}),
    }
    run = subprocess.run([sys.executable, "-c", KG], capture_output=True, text=True, env=environment, timeout=HANG)
    assert run.returncode == 0 and run.stderr == "", run.stderr
    lines = run.stdout.splitlines()
    return list(zip(lines[1::3], lines[2::3], strict=True))


def test_commands() -> None:
    assert offered("sp") == [("sparql", "Ask a question of your own in SPARQL, read-only.")]


def test_questions_with_what_they_ask() -> None:
    assert ("promised-to", "What has one body been promised?") in offered("query", "prom")


def test_options_of_a_question() -> None:
    assert "--recipient" in dict(offered("query", "promised-to", "--rec"))


def test_things_from_the_graph_with_their_names() -> None:
    found = dict(offered("query", "promised-to", "--recipient", "helse"))
    assert found == {"helse-midt-norge-rhf": "Central Norway Regional Health Authority"}
    found = dict(offered("query", "promised-to", "--recipient", "helse", env={"KG_LANG": "nb"}))
    assert found == {"helse-midt-norge-rhf": "Helse Midt-Norge RHF"}


def test_everything_that_a_parameter_accepts_is_offered(project: Project) -> None:
    """Of 40 programmes 17 were, those that happened to stand where the query has the parameter: none with a b."""
    programmes = re.findall(r"^id:(\S+) a til:Programme", _text(project, "reference/programmes.ttl"), re.MULTILINE)
    programmes += re.findall(r"^id:(\S+) a til:Programme", _text(project, "documents"), re.MULTILINE)
    assert len(programmes) == 40
    assert set(dict(offered("query", "recycled", "--programme", "''"))) == set(programmes)
    begun = dict(offered("query", "recycled", "--programme", "b"))
    assert set(begun) == {name for name in programmes if name.startswith("b")}
    assert begun["bredbaandspuljen-dk"] == "Broadband pool"
    recipients = dict(offered("query", "promised-to", "--recipient", "''"))
    # KL pays and negotiates, and is promised nothing: that is an answer. A person is no answer.
    assert "kl" in recipients and "erna-solberg" not in recipients


def test_countries_are_offered_with_their_names() -> None:
    found = {
        value.replace("\\:", ":"): name
        for value, name in offered("query", "delay", "--country", "''", env={"KG_LANG": "nb"})
    }
    assert found["country:NOR"] == "Norge" and found["country:EUR"] == "Den europeiske union"


def _text(project: Project, place: str) -> str:
    path = project.data / place
    files = sorted(path.rglob("*.ttl")) if path.is_dir() else [path]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_a_name_with_other_letters_is_found_by_its_words() -> None:
    assert "loan" in dict(offered("query", "by-kind", "--kind", "lan", env={"KG_LANG": "nb"}))  # lån


def test_codes_are_those_of_the_parameters_list() -> None:
    assert dict(offered("query", "by-kind", "--kind", "gu")) == {"guarantee": "guarantee"}


def test_a_parameter_may_be_whatever_its_path_leads_to() -> None:
    """Only the last of several properties was offered: governments, but no document, country or programme."""
    for begun in ("country:D", "doc-dk-2007", "regjeringen-s", "medfin"):
        assert offered("query", "by-kind", "--scope", begun), begun


@pytest.mark.parametrize(
    ("question", "name", "wanted"),
    [
        ("running-in", "year", "2008"),  # YEAR(?from) <= ?year
        ("names", "name-language", "nb"),  # LANG(?name) = ?name_language
        ("minister-on-day", "day", "2007-11-23"),  # ?start <= ?day
    ],
)
def test_what_is_only_compared_is_offered_too(question: str, name: str, wanted: str) -> None:
    found = dict(offered("query", question, f"--{name}", "''"))
    assert wanted in found and "" not in found


def test_what_is_compared_with_a_column_is_what_the_column_has(project: Project, tmp_path: Path) -> None:
    from kg.store import Store
    from kg.suggestions import literals

    path = tmp_path / "q.rq"
    path.write_text(
        """\
# Which?
#
# @param size  text  Only these; UNDEF for all.
# @empty None.

SELECT ?currency ?answer
WHERE {
  ?figure til:currency ?currency .
  BIND(IF(?currency = cur:DKK, "Danish", "other") AS ?answer)
  VALUES ?size { UNDEF }
  FILTER(!BOUND(?size) || ?size = ?answer)
}
""",
        encoding="utf-8",
    )
    query = Query.read(path)
    found = literals(Store.load(project), query, query.parameter("size"), "")
    assert [one.value for one in found] == ["Danish", "other"]


class Slow:
    """A source that waits before it answers what has one of these words in it."""

    def __init__(self, source: Source, word: str) -> None:
        self.go_on = threading.Event()
        self._source, self._word = source, word

    def query(self, text: str) -> Answer:
        if self._word in text:
            self.go_on.wait(HANG)
        return self._source.query(text)


def test_what_is_found_in_time_is_offered(project: Project) -> None:
    """There are so many documents in a large graph that nothing at all was offered."""
    from kg.queries import find
    from kg.store import Store
    from kg.suggestions import things

    query = find(project, "by-kind")
    source = Slow(Store.load(project), "foaf/0.1/Document>")
    found = {one.value for one in things(source, query, query.parameter("scope"), "", "en", seconds=5)}
    assert {"country:DNK", "regjeringen-solberg"} <= found and "doc-dk-2007-statsaftale" not in found
    source.go_on.set()
    found = {one.value for one in things(source, query, query.parameter("scope"), "", "en", seconds=HANG)}
    assert {"country:DNK", "regjeringen-solberg", "doc-dk-2007-statsaftale"} <= found


def test_a_column_is_not_taken_for_a_property(project: Project) -> None:
    """ORDER BY ?document ?publisher was read as a pattern."""
    from kg.suggestions import _places

    for query in map(Query.read, project.query_files()):
        for parameter in query.parameters:
            assert not [place for place in _places(query.text, parameter.name) if " id:" in place]


def test_every_parameter_of_every_question_is_offered_something(project: Project) -> None:
    from kg.store import Store
    from kg.suggestions import codes, literals, things

    store = Store.load(project)
    nothing = []
    for query in map(Query.read, project.query_files()):
        for parameter in query.parameters:
            if parameter.type == "iri" and not things(store, query, parameter, "", "en"):
                nothing.append((query.name, parameter.name))
            if parameter.type == "code" and not codes(project, parameter, "", "en"):
                nothing.append((query.name, parameter.name))
            if parameter.type not in ("iri", "code") and not literals(store, query, parameter, ""):
                nothing.append((query.name, parameter.name))
    assert nothing == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one_that_the_shell_reads(shell: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", KG, "completion", shell],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 0 and "_KG_COMPLETE" in run.stdout
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=run.stdout, text=True, check=True)


def test_bash_itself_completes(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if not bash:
        pytest.skip("no bash here")
    kg = tmp_path / "kg"
    kg.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{KG}" "$@"\n')
    kg.chmod(0o755)
    script = (
        'eval "$(kg completion bash)"; COMP_WORDS=(kg query promised-t); COMP_CWORD=2; '
        '_kg_completion kg; echo "${COMPREPLY[@]}"'
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    run = subprocess.run([bash, "-c", script], capture_output=True, text=True, env=env)
    assert run.stdout.split() == ["promised-to"], run.stderr
