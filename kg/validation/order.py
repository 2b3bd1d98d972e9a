"""What one process asks of another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kg.validation.inputs import Input


class Order(NamedTuple):
    """What is to be validated.

    `inputs` each by itself (or `together`), over the files of `base` unless there are none; `shapes` and
    `terms` (the ontology, part of the data) are files, too. `lint`: also what no shape says, and the checks.
    """

    inputs: tuple[Input, ...]
    base: tuple[Input, ...] = ()
    shapes: tuple[Input, ...] = ()
    checks: tuple[str, ...] = ()
    lint: bool = True
    together: bool = False
    engine: str = "auto"
    relative: bool = False  # relative IRIs are resolved against the file, not refused
    stored: Path | None = None  # the folder of a stored index of what of `base` is not an input
