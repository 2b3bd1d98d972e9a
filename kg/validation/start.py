"""Starting the judge, before anything else is imported: it is what a small file waits for longest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def start_judge() -> subprocess.Popen[bytes]:
    """The process of kg.validation.judge, which imports pyshacl before it answers."""
    return subprocess.Popen(
        [sys.executable, "-m", "kg.validation.judge"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )


def environment() -> dict[str, str]:
    """That of this process, with this very package to be found."""
    root = str(Path(__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}
