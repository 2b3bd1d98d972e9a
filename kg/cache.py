"""Built stores kept on disk, so that a large graph is read and derived from once.

An entry is named by the digest of the files that it was made from, the rule, and the code that derives and answers:
another content has another name, so an entry is never stale. It is built beside its place and renamed when it is
whole, so that two processes, or one that is killed, leave nothing half made. Everything here may be deleted at any
time.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kg import __version__, files
from kg.errors import WorldError
from kg.project import Project
from kg.store import Store

# Below this the files are read anew each time: that costs less than opening a stored index does.
SMALL = 512 * 1024
_KEPT = 8  # entries
_UNUSED = 30 * 86400.0  # seconds until an entry is dropped; a rest of a build that died, after an hour
_BUSY = 3600.0
# A file that changed this shortly before its times were noted may change again within the same tick of its clock.
_MARGIN = 2_000_000_000  # nanoseconds

Progress = Callable[[int, int], None]  # bytes read, bytes in all


class Recipe(NamedTuple):
    """Another way to make an entry of a project's files: its name, the code that decides, how a folder is filled."""

    name: str
    code: tuple[Path, ...]
    fill: Callable[[Path, Project, Progress | None], None]


# What is made of the files: the store that questions are put to, under a rule (None: the current one), or a recipe.
Made = str | Recipe | None


class Entry(NamedTuple):
    """One stored index: its folder, the graph that it is of, its size in bytes, when it was last used."""

    folder: Path
    graph: str
    size: int
    used: float


def folder() -> Path:
    """Where stored indexes lie: the user's cache folder on this system, `tilsagn` in it."""
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "tilsagn"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "tilsagn" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/tilsagn"
    return Path.home() / ".cache/tilsagn"


def size(project: Project) -> int:
    """Bytes of the files that a store of this project is made from."""
    return sum(path.stat().st_size for path in _sources(project))


def find(project: Project, made: Made = None) -> Path | None:
    """The folder of the stored index of these very files, or None where there is none."""
    entry = _entry(key(project, made))
    if not entry.is_dir():
        return None
    if not _whole(entry):
        _remove(entry)
        return None
    with contextlib.suppress(OSError):
        os.utime(entry)  # when it was last used
    return entry


def build(project: Project, made: Made = None, progress: Progress | None = None) -> Path:
    """Make the stored index of these files and return its folder.

    Raises WorldError where a file does not parse, and where the cache folder cannot be written or is full.
    """
    import shutil
    import tempfile

    try:
        _stores().mkdir(parents=True, exist_ok=True, mode=0o700)
        _prune()
        for _ in range(3):
            name = key(project, made, anew=True)
            work = Path(tempfile.mkdtemp(prefix=f".{name[:16]}-", dir=_stores()))
            try:
                _fill(work, project, made, progress)
                if key(project, made, anew=True) == name:  # else a file changed while it was read
                    return _settle(work, _entry(name))
            except WorldError as error:
                # What the error still knows of the half-built store keeps its files open.
                error.__context__ = None
                raise error.with_traceback(None) from None
            finally:
                shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WorldError("cache", f"no index can be kept in {folder()}: {reason}") from None
    raise WorldError("cache", "the graph's files change faster than they can be read")


def entries() -> list[Entry]:
    """Every stored index, the last used first."""
    found = []
    for path in _folders():
        try:
            graph = json.loads((path / "about.json").read_text("utf-8"))["graph"]
            bytes_ = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
            found.append(Entry(path, graph, bytes_, path.stat().st_mtime))
        except (OSError, ValueError, KeyError):
            continue  # another process has just removed it
    return sorted(found, key=lambda entry: -entry.used)


def clear() -> int:
    """Remove every stored index and note; returns the bytes that this freed."""
    freed = sum(entry.size for entry in entries())
    for part in (_stores(), _notes()):
        _remove(part)
    return freed


def key(project: Project, made: Made = None, anew: bool = False) -> str:
    """The name of the stored index of these files as they are now; `anew` reads them all, whatever is noted."""
    import hashlib

    content = project.digest() if anew else _noted(project)
    name, code = (made.name, made.code) if isinstance(made, Recipe) else (made, _deriving())
    return hashlib.sha256(f"{content} {name} {_code(code)}".encode()).hexdigest()[:40]


def _sources(project: Project) -> list[Path]:
    return project.term_files() + project.graph_files()


def _noted(project: Project) -> str:
    """The files' digest, from a note if each still has the size, times and inode that it had then.

    The time of change of a file (ctime) cannot be set back by a program, so that an edit of the same length whose
    time was set back is seen. A file whose times are young when they are noted is read again the next time.
    """
    import hashlib

    now = time.time_ns()
    state = [_state(path) for path in _sources(project)]
    places = "\0".join(str(path.resolve()) for path in (project.data, project.ontology, *sorted(project.left_out)))
    note = _notes() / f"{hashlib.sha256(places.encode()).hexdigest()[:40]}.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        noted = json.loads(note.read_text("utf-8"))
        if noted["files"] == state and all(max(times[2:4]) < noted["time"] - _MARGIN for times in state):
            return str(noted["digest"])
    digest = project.digest()
    with contextlib.suppress(OSError, WorldError):
        note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        files.replace(note, json.dumps({"files": state, "time": now, "digest": digest}).encode())
    return digest


def _state(path: Path) -> list[str | int]:
    found = path.stat()
    return [str(path), found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _code(paths: Iterable[Path]) -> str:
    """What else decides the content of an entry: this version, and the code that makes it."""
    import hashlib

    total = hashlib.sha256(f"{__version__} {ox.__version__}".encode())
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def _deriving() -> list[Path]:
    home = Path(__file__).parent
    asking = ("amounts", "rdf", "store", "terms")
    return sorted((*home.glob("derive/*.py"), *(home / f"{name}.py" for name in asking)))


def _fill(work: Path, project: Project, made: Made, progress: Progress | None) -> None:
    if isinstance(made, Recipe):
        made.fill(work, project, progress)
        name: str | None = made.name
    else:
        _derive(work, project, made, progress)
        name = made
    about = {"graph": str(project.data.resolve()), "made": name, "files": _sizes(work)}
    (work / "about.json").write_text(json.dumps(about), "utf-8")


def _derive(work: Path, project: Project, rule: str | None, progress: Progress | None) -> None:
    from kg.derive import derive

    total = size(project)
    store = Store.of_files(_sources(project), work, lambda done: progress(done, total) if progress else None)
    store.add(derive(store, rule).triples())
    store.close()


def _sizes(place: Path) -> dict[str, int]:
    # The engine's own log and lock change when it is opened, and answers are kept in a folder; all else is as it was.
    return {
        file.name: file.stat().st_size
        for file in sorted(place.iterdir())
        if file.is_file() and file.name != "about.json" and not file.name.startswith(("LOG", "LOCK"))
    }


def _whole(entry: Path) -> bool:
    """Whether the files are those that were built: the engine ends the process on some that are not."""
    try:
        about = json.loads((entry / "about.json").read_text("utf-8"))
        return bool(about["files"] == _sizes(entry))
    except (OSError, ValueError, KeyError):
        return False


def _settle(work: Path, entry: Path) -> Path:
    try:
        work.rename(entry)
    except OSError:
        if not entry.is_dir():  # another process was quicker where it is
            raise
    return entry


def _prune() -> None:
    """Drop what has not been used for long, what is too many, and what a killed build has left."""
    now = time.time()
    for rank, entry in enumerate(entries()):
        if now - entry.used > _UNUSED or (rank >= _KEPT - 1 and now - entry.used > _BUSY):
            _remove(entry.folder)
    for rest in _stores().glob(".*"):
        with contextlib.suppress(OSError):
            newest = max(path.stat().st_mtime for path in (rest, *rest.iterdir()))
            if now - newest > _BUSY:
                _remove(rest)


def _remove(path: Path) -> None:
    """Delete a folder: first out of the way in one step, so that nobody opens half of it."""
    import shutil

    with contextlib.suppress(OSError):
        away = path.with_name(f".{path.name}.gone-{os.getpid()}")
        path.rename(away)
        shutil.rmtree(away, ignore_errors=True)


def _folders() -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from (path for path in _stores().iterdir() if not path.name.startswith("."))


def _stores() -> Path:
    return folder() / "stores"


def _notes() -> Path:
    return folder() / "notes"


def _entry(name: str) -> Path:
    return _stores() / name
