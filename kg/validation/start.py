"""Starting a validation's processes as programs of their own, where they are no copies of this one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def start_judge() -> subprocess.Popen[bytes]:
    """The process of kg.validation.judge, which imports pyshacl before it answers."""
    return _started("kg.validation.judge")


def start_reader() -> subprocess.Popen[bytes]:
    """The process of kg.validation, which starts a judge, then answers one order."""
    return _started("kg.validation")


def _started(module: str) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).resolve().parents[2])  # with this very package to be found
    return subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("KG_DEBUG") else subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))},
        start_new_session=True,  # so that what it starts is killed with it
    )
