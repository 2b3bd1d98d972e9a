"""The wheel carries code and knowledge: installed by itself, run in an empty folder, it answers."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked as an installer does, where nothing of the checkout is beside it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    site = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def run(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        check=True,
    )


def test_it_answers_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [sys.executable, "-c", "import kg; print(kg.__file__)"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=tmp_path,
        check=True,
    )
    assert where.stdout.startswith(str(installed))
    assert "400000000" in run(installed, tmp_path, "query", "by-kind", "--kind", "loan").stdout
    assert "exact" in run(installed, tmp_path, "reconcile", "-f", "json").stdout
    assert list(tmp_path.iterdir()) == []


def test_it_carries_ontology_graph_and_queries(installed: Path) -> None:
    for name in ("ontology", "graph", "queries"):
        ours = sorted(path.relative_to(ROOT / name) for path in (ROOT / name).rglob("*") if path.is_file())
        theirs = sorted(
            path.relative_to(installed / "kg" / "knowledge" / name)
            for path in (installed / "kg" / "knowledge" / name).rglob("*")
            if path.is_file()
        )
        assert theirs == ours
