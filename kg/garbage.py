"""Python's cyclic garbage collector, stopped while much is made that holds no cycles.

It walks everything new again and again: with millions of values that takes longer than to make them.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Stop it within the block, in the whole process; where it was stopped already it stays so."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
