"""The house: imports point down, a library has one door, the asking path stays light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KG = ROOT / "kg"

# The table of rooms, lowest first: a module imports only from those before it. `kg` itself is the library's front.
ORDER = re.findall(
    r"`(\w+)`",
    "\n".join(
        line.split("|")[1]
        for line in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ),
)

# Library → the modules that may import it, and why where there are several.
DOORS = {
    "rdflib": {"turtle", "shacl"},  # files; what pyshacl reads, and SPARQL as algebra
    "pyshacl": {"shacl"},
    "SPARQLWrapper": {"endpoint"},
    "click": {"cli"},
    "babel": {"money", "authorities"},  # amounts; names
    "sqlite3": {"catalogue"},
    "trafilatura": {"draft"},
    "pypdf": {"draft"},
    "pyoxigraph": {
        "rdf",
        "store",
        "shacl",
        "validation",
        "publish",
        "cache",
        "migration",
    },  # terms and files; stores; the fast path; writing
}


def modules() -> list[tuple[str, Path]]:
    """(room, file) for every file of the package; a package is one room."""
    return [
        (path.relative_to(KG).parts[0].removesuffix(".py"), path)
        for path in sorted(KG.rglob("*.py"))
        if path.relative_to(KG).parts[0] not in ("__init__.py", "__main__.py")
    ]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "kg":
                yield from ((f"kg.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield node.module, node.lineno


def printed(code: str) -> list[str]:
    """The lines that a Python of its own prints."""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    return run.stdout.splitlines()


@pytest.mark.parametrize(("room", "path"), modules(), ids=lambda value: str(value).removeprefix(str(ROOT)))
def test_imports_point_down(room: str, path: Path) -> None:
    assert room in ORDER, f"{room} has no place in the order"
    for name, line in imports(path):
        parts = name.split(".")
        if parts[0] == "kg" and len(parts) > 1 and parts[1] in ORDER and parts[1] != room:
            assert ORDER.index(parts[1]) < ORDER.index(room), f"{path}:{line} imports {name}, which is above it"


@pytest.mark.parametrize(("room", "path"), modules(), ids=lambda value: str(value).removeprefix(str(ROOT)))
def test_a_library_has_one_door(room: str, path: Path) -> None:
    for name, line in imports(path):
        library = name.split(".")[0]
        if library in DOORS:
            assert room in DOORS[library], f"{path}:{line} imports {library}, whose door is {DOORS[library]}"


def test_every_order_entry_exists() -> None:
    assert {room for room, _ in modules()} == set(ORDER)


# The floors of `draft`, from the table: room → floor.
DRAFT = {
    room: int(line.split("|")[1])
    for line in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d \|", line)
    for room in re.findall(r"`([a-z.]+)`", line)
}


def test_the_rooms_of_draft_import_from_floors_below() -> None:
    rooms = {
        ".".join(path.relative_to(KG / "draft").with_suffix("").parts).removesuffix("__init__").strip(".")
        or "draft": path
        for path in (KG / "draft").rglob("*.py")
    }
    assert rooms.keys() == DRAFT.keys() and max(DRAFT.values()) <= 5
    for room, path in rooms.items():
        for name, line in imports(path):
            if name.startswith("kg.draft."):
                assert DRAFT[name.removeprefix("kg.draft.")] < DRAFT[room], f"{path}:{line} imports {name}"


def test_the_asking_path_imports_neither_rdflib_nor_pyshacl(tmp_path: Path) -> None:
    code = (
        "import sys; from kg.cli import commands; "
        f"commands(['query', 'commitments', '-f', 'csv', '-o', {str(tmp_path / 'answer')!r}], standalone_mode=False); "
        "print(sorted({'rdflib', 'pyshacl', 'SPARQLWrapper', 'babel'} & set(sys.modules)))"
    )
    # The first of the two may have to derive, and writes the sentences of verdicts.
    assert (printed(code), printed(code)[-1])[1] == "[]"


def test_an_amount_is_written_without_the_zones_of_the_world_and_others_find_them() -> None:
    code = (
        "import sys; from decimal import Decimal; from kg.money import amount\n"
        "print(amount(Decimal(1500000), 'NOK', 'nb'), 'pytz' in sys.modules)\n"
        "import pytz; print(pytz.timezone('Europe/Oslo'))"
    )
    assert printed(code) == ["1,5\u00a0mill.\u00a0kr False", "Europe/Oslo"]


def test_help_imports_no_command() -> None:
    code = (
        "import sys; from kg.cli import commands\n"
        "try: commands(['--help'], standalone_mode=False)\n"
        "finally: print([m for m in sys.modules if m.startswith('kg.') and m not in ('kg.cli', 'kg.errors')])"
    )
    assert printed(code)[-1] == "[]"


def test_validation_starts_without_what_only_some_runs_need() -> None:
    code = (
        "import sys, kg.validation.run\n"
        "print(sorted({'pyshacl', 'kg.shacl.stored', 'kg.validation.checks', 'kg.cache'} & sys.modules.keys()))"
    )
    assert printed(code)[-1] == "[]"
