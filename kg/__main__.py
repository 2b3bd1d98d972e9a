"""The process `kg`, and `python -m kg`: the command with as little around it as can be."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the command on sys.argv and end the process with its exit code."""
    gc.disable()  # importing makes no garbage that is worth looking for
    if validates := sys.argv[1:2] == ["validate"] and not {"-h", "--help"}.intersection(sys.argv):
        from kg.validation import process

        process.begin()
    from kg.cli import main

    gc.freeze()
    gc.enable()
    code = main()
    if validates:
        process.end()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # closed by who called
            stream.flush()
    # Everything is written and closed: taking the interpreter down would cost a sixth of `kg --help`.
    os._exit(code)


if __name__ == "__main__":
    run()
