"""The processes of a validation, started as the first thing of a command: they import while the command does.

The judge is what a small file waits for longest, so it is at work before anything else is.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from kg.validation.confine import confine
from kg.validation.copies import Copy, end_group

if TYPE_CHECKING:
    from kg.validation.copies import Process

_begun: Copy | None = None


def begin() -> None:
    """Start the process that reads, for who takes it; not where it could not be told from this one."""
    global _begun
    if hasattr(os, "fork") and None not in (sys.stdin, sys.stdout, sys.stderr):
        import_shared()
        _begun = Copy(read, group=True)


def taken() -> Copy | None:
    """The process that was begun, None where there is none; it is the taker's to end."""
    global _begun
    process, _begun = _begun, None
    return process


def end() -> None:
    """End what nobody has taken."""
    process = taken()
    if process is not None:
        end_group(process.pid)


def import_shared() -> None:
    """Import what the command, the reading process and the judge all need: once for all copies."""
    import dataclasses  # noqa: F401 - for the copies to have
    import pathlib  # noqa: F401 - for the copies to have
    import pickle  # noqa: F401 - for the copies to have
    import re  # noqa: F401 - for the copies to have

    import pyoxigraph  # noqa: F401 - for the copies to have


def read() -> None:
    """Be the process that reads: start the judge, then import."""
    confine()
    gc.disable()  # one run, then the end of the process: nothing to collect in time
    judge: Process
    if hasattr(os, "fork"):
        judge = Copy(_judge)
    else:
        from kg.validation.start import start_judge

        judge = start_judge()
    from kg.validation.run import main

    main(judge)


def _judge() -> None:
    from kg.validation.judge import main

    main()
