"""The manual runs: the README's commands, answer and Python; generated parts are fresh; links lead somewhere."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import OWL, Graph

from kg.results import Table
from kg.store import Store
from kg.terms import PREFIXES, shorten
from tests.conftest import ROOT, Kg

README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGES = (ROOT / "docs" / "changes-0.2.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def commands(text: str) -> list[str]:
    lines = "".join(blocks(text, "sh")).splitlines()
    return [line.partition("  #")[0].strip() for line in lines if line.startswith("kg ")]


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 120


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
def test_make_says_in_one_line_which_python_it_needs(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "ensurepip.py").write_text("raise ImportError")  # as Debian's Python is without python3-venv
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment["PYTHONPATH"] = str(tmp_path)
    for python in (sys.executable, "no-such-python"):
        command = ["make", "setup", f"PYTHON={python}"]
        run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        said, made = run.stderr.splitlines()
        assert said == f"{python} is no Python 3.11 or newer with venv (Debian: apt install python3-venv)"
        assert made.startswith("make: ") and run.returncode == 2 and not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("command", commands(README))
def test_a_command_of_the_readme_runs(command: str, kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    run = kg(*shlex.split(command)[1:], cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout or "-o" in command or "--check" in command


def test_the_readmes_answer_is_what_the_command_prints(kg: Kg) -> None:
    for block in blocks(README, "console"):
        first, _, answer = block.partition("\n")
        run = kg(*shlex.split(first.removeprefix("$ "))[1:])
        assert run.stdout == answer


def test_the_readmes_python_is_right() -> None:
    found = doctest.testfile(str(ROOT / "README.md"), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert found.attempted >= 4 and found.failed == 0


def test_generated_docs_are_fresh() -> None:
    run = subprocess.run([sys.executable, "docs/build.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_demo_is_short_and_says_the_answers() -> None:
    run = subprocess.run(["make", "--silent", "demo"], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = run.stdout.splitlines()
    # The totals in sentences within two screens, and then two questions.
    assert next(at for at, line in enumerate(lines) if line.startswith("$ kg query")) <= 60
    assert len(lines) <= 90
    for said in (
        "DKK 97 million",
        "DKK 57 million",
        "NOK 400 million",
        "adds up only because of the word “cirka”",
    ):
        assert said in run.stdout.replace("\u00a0", " ")


def test_what_is_deprecated_is_in_the_table_of_what_is() -> None:
    table = CHANGES.partition("## Deprecated")[2].partition("\n## ")[0]
    first_cells = " ".join(line.split(" | ")[0] for line in table.splitlines() if line.startswith("| "))
    ontology = Graph()
    for path in (ROOT / "ontology" / "tilsagn.ttl", *(ROOT / "ontology" / "codes").glob("*.ttl")):
        ontology.parse(path)
    deprecated = {shorten(str(term)) for term in ontology.subjects(OWL.deprecated)}
    assert set(re.findall(r"`((?:til|why|outcome):\w+)`", first_cells)) == deprecated != set()


def patterns() -> list[str]:
    table = CHANGES.partition("## How a query is written now")[2]
    return [
        found for line in table.splitlines() for found in re.findall(r"`(\?[^`]+)`", line.rpartition(" | ")[2])
    ]


@pytest.mark.parametrize("pattern", patterns())
def test_a_query_as_it_is_written_now_finds_something(pattern: str, store: Store) -> None:
    header = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in PREFIXES.items())
    table = store.query(f"{header} SELECT * WHERE {{ {pattern} }} LIMIT 1")
    assert isinstance(table, Table) and table.rows
