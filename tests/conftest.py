"""What several test files share."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kg.project import Project
from kg.store import Store

ROOT = Path(__file__).parent.parent
HANG = 600  # seconds after which a test gives up on a process: a guard against a hang, on any machine
# How long an example takes, or how fast examples are made, is the machine's doing and no fault of what is tested.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")
Kg = Callable[..., subprocess.CompletedProcess[str]]


def pytest_configure(config: pytest.Config) -> None:
    """Stored indexes of the tests go to a folder of their own, not to the user's cache."""
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="tilsagn-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """And away with it."""
    shutil.rmtree(os.environ["XDG_CACHE_HOME"], ignore_errors=True)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the source texts, which are not ours to carry."""
    folder = Path(os.environ.get("TILSAGN_SHARED") or ROOT.parent / "shared")
    if not (folder / "sources").is_dir():
        pytest.skip("the source texts are not here (set TILSAGN_SHARED): other people's texts are not distributed")
    return folder


@pytest.fixture(scope="session")
def project() -> Project:
    """The real graph."""
    return Project.find()


@pytest.fixture(scope="session")
def store(project: Project) -> Store:
    """The real graph with what follows from it, in memory."""
    return Store.load(project)


@pytest.fixture(scope="session")
def kg() -> Kg:
    """Run the command as people do: a process of its own. `kg("query", "commitments", stdin="…")`."""

    def run(
        *arguments: str | Path,
        stdin: str | None = None,
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **(env or {})}
        return subprocess.run(
            [sys.executable, "-m", "kg", *map(str, arguments)],
            input=stdin,
            cwd=cwd,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment,
            timeout=HANG,
        )

    return run
