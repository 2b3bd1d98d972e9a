"""Templates are valid, and the page on new data says what is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from kg.turtle.canonical import canonical
from tests.conftest import ROOT, Kg

PAGE = (ROOT / "docs" / "new-data.md").read_text(encoding="utf-8")
TEMPLATES = sorted((ROOT / "ontology" / "templates").glob("*.ttl"))


def test_the_commands_of_the_page_run_in_an_empty_folder(kg: Kg, tmp_path: Path) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
    lines = "".join(blocks).splitlines()
    assert len(lines) > 10
    for line in lines:
        done = kg(*shlex.split(line)[1:], cwd=tmp_path)
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_is_in_canonical_layout_and_commented(path: Path) -> None:
    data = path.read_bytes()
    assert canonical(data, path.name) == data
    assert data.startswith(b"# ")


def test_a_slug_takes_the_place_of_example(kg: Kg) -> None:
    for kind in ("document", "programme", "commitment"):
        text = kg("new", kind, "dk-2021-prove").stdout
        assert "dk-2021-prove" in text
        assert not re.search(r"id:[a-z-]*example\b", text)


@pytest.mark.parametrize(
    "arguments", [("documnet",), ("document", "Ætt"), ("commitment", "x", "--document", "id:other")]
)
def test_wrong_arguments_are_refused_in_one_line(kg: Kg, arguments: tuple[str, ...]) -> None:
    done = kg("new", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("kg: error[")
