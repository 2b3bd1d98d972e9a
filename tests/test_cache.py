"""Stored indexes: never stale, whole or not there, shared by processes, done without where they cannot be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg import cache
from kg.errors import WorldError
from kg.project import Project
from kg.results import Table
from kg.store import Store
from tests.conftest import ROOT, Kg

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ASK_PAD = "SELECT ?o { <http://x/s0> <http://x/p> ?o }"


def graph(folder: Path, value: str = "first", size: int = cache.SMALL + 1000) -> Project:
    """A graph just large enough to be kept on disk."""
    folder.mkdir(exist_ok=True)
    lines = [f'<http://x/s0> <http://x/p> "{value}" .']
    lines += [f'<http://x/s{n}> <http://x/p> "{"x" * 1000}{n:06d}" .' for n in range(1, 2 + size // 1000)]
    (folder / "graph.ttl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Project.find(folder)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "tilsagn"


def first(place: Path) -> str:
    answer = Store.open(place).query(ASK_PAD)
    assert isinstance(answer, Table)
    return "".join(sorted(str(row[0].value) for row in answer.rows if row[0]))


def test_it_answers_as_the_files_do(tmp_path: Path) -> None:
    project = graph(tmp_path / "g")
    assert cache.find(project) is None
    place = cache.build(project)
    assert cache.find(project) == place
    for text in (COUNT, ASK_PAD, "SELECT * { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'http://x/s1')) } ORDER BY ?s"):
        assert Store.open(place).query(text) == Store.load(project).query(text)


def test_the_derived_is_in_it_and_the_rule_makes_another(project: Project) -> None:
    text = "SELECT ?f ?l { ?f til:lower ?l } ORDER BY ?f"
    rule = "https://w3id.org/tilsagn/code/rule/2"
    one, two = cache.build(project), cache.build(project, rule)
    assert one != two
    assert Store.open(one).query(text) == Store.load(project).query(text)
    assert Store.open(two).query(text) == Store.load(project, rule).query(text) != Store.open(one).query(text)


def test_an_edit_is_seen_at_once(tmp_path: Path) -> None:
    cache.build(graph(tmp_path / "g", "first"))
    project = graph(tmp_path / "g", "other")
    assert cache.find(project) is None
    assert first(cache.build(project)) == "other"


@pytest.mark.parametrize("size", [cache.SMALL + 1000, 9 * cache.SMALL])
def test_an_edit_of_the_same_length_with_its_time_set_back_is_seen(tmp_path: Path, size: int) -> None:
    project = graph(tmp_path / "g", "first", size)
    file = tmp_path / "g" / "graph.ttl"
    old = time.time_ns() - 3600 * 10**9
    os.utime(file, ns=(old, old))
    time.sleep(2.2 if size > 8 * cache.SMALL else 0)  # so that its times are old enough to be trusted
    before = cache.key(project)
    cache.build(project)
    assert cache.find(project) is not None
    with file.open("r+b") as handle:  # the same inode, the same length
        handle.seek(file.read_bytes().index(b"first"))
        handle.write(b"other")
    os.utime(file, ns=(old, old))
    assert cache.key(project) != before and cache.find(project) is None


def test_files_whose_times_are_young_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within one tick of the clock a second edit leaves the same time: such times prove nothing."""
    project = graph(tmp_path / "g", size=9 * cache.SMALL)
    now = time.time()
    os.utime(tmp_path / "g" / "graph.ttl", (now + 3600, now + 3600))  # young for as long as this takes
    cache.key(project)
    note = next((tmp_path / "home/tilsagn/notes").iterdir())
    noted = json.loads(note.read_text())
    noted["digest"] = "a lie"
    note.write_text(json.dumps(noted))
    honest = cache.key(project, anew=True)
    assert cache.key(project) == honest
    # The same note, once the files' times are old, is believed.
    noted["time"] = time.time_ns() + 7200 * 10**9
    note.write_text(json.dumps(noted))
    assert cache.key(project) != honest


def test_a_broken_note_is_no_note(tmp_path: Path) -> None:
    project = graph(tmp_path / "g", size=9 * cache.SMALL)
    key = cache.key(project)
    note = next((tmp_path / "home/tilsagn/notes").iterdir())
    for content in ("", "[]", "{}", '{"files": 3, "time": 1, "digest": 2}', "\x00"):
        note.write_text(content)
        assert cache.key(project) == key


def test_a_file_that_changes_while_it_is_read_makes_no_entry_of_its_old_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = graph(tmp_path / "g", "first")
    fill, edits = cache._fill, iter(["other"])

    def meanwhile(*arguments: object) -> None:
        for value in edits:
            graph(tmp_path / "g", value)
        fill(*arguments)  # type: ignore[arg-type]

    old = cache.key(project)
    monkeypatch.setattr(cache, "_fill", meanwhile)
    place = cache.build(project)
    assert first(place) == "other" and place.name == cache.key(project) != old
    assert not (place.parent / old).exists()


def test_the_code_that_derives_is_part_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = graph(tmp_path / "g")
    before = cache.key(project)
    monkeypatch.setattr(cache, "__version__", "999")
    assert cache.key(project) != before


_BUILD = "import sys; from kg import cache; from kg.project import Project; cache.build(Project.find(sys.argv[1]))"


def _start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _BUILD, folder], env={**os.environ, "PYTHONPATH": str(ROOT)})


def test_two_processes_at_once_leave_one_whole_entry(tmp_path: Path, home: Path) -> None:
    project = graph(tmp_path / "g", size=4_000_000)
    runs = [_start(tmp_path / "g") for _ in range(3)]
    assert [run.wait() for run in runs] == [0, 0, 0]
    assert [path.name for path in (home / "stores").iterdir()] == [cache.key(project)]
    assert first(home / "stores" / cache.key(project)) == "first"


def test_a_build_that_is_killed_leaves_nothing_that_is_taken_for_whole(tmp_path: Path, home: Path) -> None:
    project = graph(tmp_path / "g", size=12_000_000)
    for wait in (0.0, 0.1, 0.3):
        run = _start(tmp_path / "g")
        for _ in range(1000):
            if list((home / "stores").glob(".*")):
                break
            time.sleep(0.01)
        time.sleep(wait)
        run.send_signal(signal.SIGKILL)
        run.wait()
        place = cache.find(project)
        assert place is None or first(place) == "first"
    rests = list((home / "stores").glob(".*"))
    for rest in rests:
        os.utime(rest, (1, 1))
        for file in rest.iterdir():
            os.utime(file, (1, 1))
    assert first(cache.build(project)) == "first"
    assert not list((home / "stores").glob(".*")), "the rests of dead builds are removed once they are old"


def test_old_entries_are_dropped_and_those_in_use_are_not(tmp_path: Path) -> None:
    now = time.time()
    places = []
    for n in range(3):
        places.append(cache.build(graph(tmp_path / "g", f"value-{n}")))
    os.utime(places[0], (now - 40 * 86400, now - 40 * 86400))
    cache.build(graph(tmp_path / "g", "another"))
    assert [place.exists() for place in places] == [False, True, True]


def test_a_folder_that_cannot_be_written_is_done_without_and_said_once(kg: Kg, tmp_path: Path) -> None:
    graph(tmp_path / "g")
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    run = kg("sparql", "-e", COUNT, "--data", tmp_path / "g", env={"XDG_CACHE_HOME": str(blocked)})
    assert run.returncode == 0 and int(run.stdout.split()[1]) > 500
    assert run.stderr.count("kg: note: no index can be kept") == 1 and len(run.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists() or os.geteuid() != 0, reason="mounts a small file system: root")
def test_a_full_disk_is_done_without(kg: Kg, tmp_path: Path) -> None:
    graph(tmp_path / "g", size=4_000_000)
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", small], capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        run = kg("sparql", "-e", COUNT, "--data", tmp_path / "g", env={"XDG_CACHE_HOME": str(small)})
        assert run.returncode == 0 and int(run.stdout.split()[1]) > 500, run.stderr
        assert "kg: note: no index can be kept" in run.stderr and len(run.stderr.splitlines()) == 1
        assert not list((small / "tilsagn/stores").iterdir())
    finally:
        subprocess.run(["umount", "-l", small], check=True)


@pytest.mark.parametrize("broken", ["CURRENT", "MANIFEST", ".sst", "about.json"])
def test_an_index_that_is_broken_is_made_anew(kg: Kg, tmp_path: Path, broken: str) -> None:
    """The engine ends the whole process on some of these, so that it must not see them."""
    project = graph(tmp_path / "g")
    place = cache.build(project)
    file = next(file for file in place.iterdir() if broken in file.name)
    file.write_bytes(file.read_bytes()[:-3])
    run = kg("sparql", "-e", COUNT, "--data", tmp_path / "g")
    assert run.returncode == 0 and int(run.stdout.split()[1]) > 500, run.stderr
    file = next(file for file in place.iterdir() if broken in file.name)
    file.unlink()
    run = kg("query", "commitments", "--any", "document", "--data", tmp_path / "g")
    assert run.returncode == 0, run.stderr
    assert cache.find(project) == place and first(place) == "first"


def test_a_small_graph_stays_in_memory(kg: Kg, tmp_path: Path, home: Path) -> None:
    graph(tmp_path / "g", size=1000)
    assert kg("sparql", "-e", COUNT, "--data", tmp_path / "g").returncode == 0
    assert not home.exists()


def test_the_command_shows_and_clears(kg: Kg, tmp_path: Path, home: Path) -> None:
    graph(tmp_path / "g")
    kg("sparql", "-e", COUNT, "--data", tmp_path / "g")
    shown = kg("cache").stdout
    assert str(home) in shown and str(tmp_path / "g") in shown and "in 1 stored indexes" in shown
    assert kg("cache", "clear").stdout.startswith("freed ")
    assert "in 0 stored indexes" in kg("cache").stdout
    assert kg("sparql", "-e", COUNT, "--data", tmp_path / "g").returncode == 0


def test_bad_syntax_is_the_files_fault_and_not_the_caches(tmp_path: Path) -> None:
    project = graph(tmp_path / "g")
    with (tmp_path / "g" / "graph.ttl").open("a") as file:
        file.write("<http://x/s> <http://x/p>\n")
    with pytest.raises(WorldError) as caught:
        cache.build(project)
    assert caught.value.code == "syntax" and caught.value.place
    assert not list((tmp_path / "home/tilsagn/stores").iterdir())


def test_the_same_worker_answers_from_it(kg: Kg, tmp_path: Path) -> None:
    graph(tmp_path / "g")
    for _ in range(2):
        run = kg("sparql", "-e", ASK_PAD, "--data", tmp_path / "g")
        assert run.stdout.split() == ["o", "first"]
