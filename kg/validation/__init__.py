"""Validation: data against shapes, with the place of every fault.

>>> import kg
>>> report = kg.validate(kg.Project.find())
>>> report.conforms
True
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.cache import Progress
    from kg.project import Project
    from kg.validation.inputs import Input, Request
    from kg.validation.report import Finding as Finding
    from kg.validation.report import Report as Report

DEADLINE = 300.0  # seconds
LARGE = 8 << 20  # bytes of a graph
AMOUNTS = "amount-"  # how the rules are called that hold of an amount in every version
EARLIER = "written-for-"  # how the checks are called that know an earlier version's files


def validate(
    project: Project,
    files: Sequence[str | Path] = (),
    *,
    shapes: Sequence[str | Path] = (),
    alone: bool = False,
    together: bool = False,
    syntax: str | None = None,
    engine: str = "auto",
    timeout: float = DEADLINE,
    memory: int | None = None,
    stdin: bytes | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check the project's own data, or `files` as new data together with it.

    Each file is checked by itself, unless `together`; `alone` leaves the project's graph out; `shapes` take
    the place of the project's shapes, and then only they are checked. `syntax` names the RDF syntax of all
    files, else the ending does; "-" stands for `stdin`. `engine`: "auto" (candidates found fast, pyshacl
    decides on them) or "pyshacl" (it decides on everything). `timeout` in seconds and `memory` in bytes are
    for the processes that read the data, which this one survives. A large graph is read from a stored index,
    made now where there is none: `progress` hears of bytes read and bytes in all.

    Raises UsageError (unknown syntax, shapes that cannot be used), DataError (recursive shapes on circular
    data) and WorldError (a file that cannot be read, timeout, memory). Bad syntax in a data file is a finding.
    """
    from kg import files as files_
    from kg.validation.process import run

    def given(path: str | Path, kind: str | None = None) -> Input:
        from kg.validation.inputs import Input, syntax_of

        name = files_.shown(path)
        kind = syntax_of(name, kind)
        if name == "-":
            return Input("<stdin>", (stdin or b"").removeprefix(b"\xef\xbb\xbf"), kind)
        files_.check(Path(path))
        return Input(name, None, kind)

    def request() -> Request:
        from kg.validation.inputs import Request

        # Left alone, new data still speaks the project's language, unless it brings shapes of its own.
        terms = [] if alone and shapes else project.term_files()
        own = [*terms, *([] if alone else project.graph_files())]
        inputs = [given(path, syntax) for path in files] if files else [given(path) for path in own]
        return Request(
            inputs=tuple(inputs),
            base=tuple(given(path) for path in own) if files else (),
            shapes=tuple(given(path) for path in (shapes or project.shape_files())),
            # Alone, new data is told only when it is written for an earlier version: the other checks look around it.
            checks=()
            if shapes
            else tuple(str(path) for path in project.check_files() if not alone or path.stem.startswith(EARLIER)),
            lint=not shapes,
            together=together or not files,
            engine=engine,
            relative=bool(shapes),
            stored=_stored(project, files, together, progress)
            if files and not alone and engine == "auto"
            else None,
        )

    return run(request, timeout=timeout, memory=memory)


def _stored(
    project: Project, given: Sequence[str | Path], together: bool, progress: Progress | None
) -> Path | None:
    """The folder of the stored index of what `given` files are held against.

    None for a small graph, where none can be kept, and where each of the files is held against another graph: against
    the rest of it, being a file of it.
    """
    from kg import cache
    from kg.errors import WorldError

    own = {path.resolve() for path in (*project.term_files(), *project.graph_files())}
    inside = [path for path in map(Path, given) if path.resolve() in own]
    if inside and len(given) > 1 and not together:
        return None
    # One index for each file that is edited is worth its room only where reading the rest takes seconds.
    if cache.size(project) < (LARGE if inside else cache.SMALL):
        return None
    from kg.validation.base import RECIPE

    base = project.without(inside) if inside else project
    try:
        return cache.find(base, RECIPE) or cache.build(base, RECIPE, progress)
    except WorldError:  # no room for it, or a file that does not parse: reading the files says which
        return None
