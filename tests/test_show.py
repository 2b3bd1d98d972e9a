"""One thing as a person reads it: a commitment, a programme, a person, a document, a government, a body."""

from __future__ import annotations

import os
import pty
from pathlib import Path

import pytest

from kg.project import Project
from kg.queries import Query
from tests.conftest import Kg


def shown(kg: Kg, *arguments: str | Path) -> str:
    run = kg("show", *arguments, env={"COLUMNS": "500"})
    assert run.returncode == 0, run.stderr
    return " ".join(run.stdout.replace("\u00a0", " ").split())


def test_a_commitment_has_amounts_steps_parties_and_words(kg: Kg) -> None:
    text = shown(kg, "medfinansieringsordningen-2020")
    assert text.startswith("Commitment authorisation 2020, co-financing scheme commitment · <")
    for said in (
        "level stated almost NOK 190 million whole period true NOK [180.5 million; 190 million)",
        "increase stated NOK 60 million whole period false increase",
        "leveraged stated over NOK 380 million whole period false leveraged",
        "promiser Solberg Government",
        "funder The Norwegian State",
        "place Norway",
        "stage date 2019-10-07",
        "part of New digitalisation measures 2020 over NOK 700 million",
        "drawn on by Settlement after death (co-financing 2020) NOK 13,375,642 awarded",
        "nesten 190 millioner kroner Høyt digitaliseringstempo 1381 1408",
    ):
        assert said in text, said
    # One purpose, in the language of the reader.
    assert text.count("purpose") == 1 and "Part-funding" in text
    assert "Delfinansiering" in shown(kg, "medfinansieringsordningen-2020", "--lang", "nb")


@pytest.mark.parametrize(
    ("name", "lang", "said"),
    [
        ("Nikolai Astrup", "nb", "digitaliseringsminister Regjeringen Solberg 2019-01-22 – 2020-01-24"),
        ("Nikolai Astrup", "sv", "I citat"),
        ("Nikolai Astrup", "en", "650 millioner kroner Co-financing scheme NOK 650 million"),
        ("bredbandsutbygging-no", "en", "Through the years period stage kind"),
        ("bredbandsutbygging-no", "da", "Gennem årene"),
        ("doc-no-2019-hoyt-digitaliseringstempo", "en", "60 millioner kroner increase NOK 60 million"),
        ("regjeringen-solberg", "en", "What it promised"),
        (
            "Norwegian Communications Authority",
            "en",
            "Introduction of 5G 2020 proposed appropriation NOK 8.6 million",
        ),
    ],
)
def test_each_kind_of_thing_has_its_page(name: str, lang: str, said: str, kg: Kg) -> None:
    assert said in shown(kg, name, "--lang", lang)


def test_an_exact_label_wins_and_several_are_listed(kg: Kg) -> None:
    """ "Health Platform 2020" is a commitment, and the beginning of the names of its parts."""
    assert "commitment · <https://w3id.org/tilsagn/id/helseplattformen-2020>" in shown(kg, "Health Platform 2020")
    run = kg("show", "bredband")
    assert run.returncode == 2
    assert "things" in run.stderr and "and " in run.stderr and "commitment, id:" in run.stderr


def test_no_escape_in_a_pipe_a_file_or_where_colours_are_not_wanted(kg: Kg, tmp_path: Path) -> None:
    assert "\x1b" not in kg("show", "Nikolai Astrup").stdout
    kg("show", "Nikolai Astrup", "-o", tmp_path / "out.txt")
    assert "\x1b" not in (tmp_path / "out.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "value", "escapes"), [("KG_X", "1", True), ("NO_COLOR", "1", False), ("TERM", "dumb", False)]
)
def test_a_terminal_gets_headings_unless_it_asks_for_none(
    name: str, value: str, escapes: bool, root: Path
) -> None:
    child, terminal = pty.fork()
    if child == 0:
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm", "COLUMNS": "120", name: value}
        os.execve(str(root / ".venv" / "bin" / "kg"), ["kg", "show", "Nikolai Astrup"], environment)
    written = b""
    while True:
        try:
            read = os.read(terminal, 65536)
        except OSError:  # Linux ends a closed terminal so
            break
        if not read:
            break
        written += read
    os.waitpid(child, 0)
    assert b"Nikolai Astrup" in written
    assert (b"\x1b[" in written) == escapes


def test_every_page_query_lists_and_does_not_calculate(project: Project) -> None:
    for path in project.page_files():
        query = Query.read(path)
        assert query.page is not None and set(query.page.headings) == {"en", "da", "nb", "sv"}, path
        text = "\n".join(line for line in query.text.upper().splitlines() if not line.startswith("#"))
        for word in ("SUM(", "AVG(", "MIN(", "MAX(", " * ", " + ", " - "):
            assert word not in text, (path, word)
    for path in (*project.page_files(), *project.query_files()):
        if (page := Query.read(path).page) is not None:
            assert Query.read(path).parameter(page.parameter).wanted
            assert len(page.headings) == 4, path


def test_facts_are_there_for_whoever_wants_every_statement(kg: Kg) -> None:
    assert "til:" not in shown(kg, "nkom")
    assert "identifier" in shown(kg, "nkom", "--facts")
