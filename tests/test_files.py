"""What is written: a file whole or not at all; into what is no file, and it stays what it is."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from kg.cli import COMMANDS, commands
from kg.errors import WorldError
from kg.files import keeps, replace
from tests.conftest import HANG

Run = subprocess.CompletedProcess[str]
# Every command that has -o, called with little to do.
CALLS = {
    "coverage": ["docs/drafting-example.txt", "--document", "id:doc-no-2019-hoyt-digitaliseringstempo"],
    "draft": ["docs/drafting-example.txt"],
    "export": [],
    "find": ["bredbånd"],
    "new": ["document"],
    "query": ["by-kind"],
    "reconcile": [],
    "show": ["Helse Midt-Norge RHF"],
    "sparql": ["-e", "SELECT * { ?s a til:Commitment }"],
    "validate": ["--alone", "ontology/examples/invalid/agreement-date.datatype.ttl"],
}


def device(path: Path, minor: int) -> Path:
    """A memory device with this number, as the machine's own: 3 is null, 7 is full."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, minor))
        os.close(os.open(path, os.O_WRONLY))
    except OSError as error:
        pytest.skip(f"no device can be made in a scratch folder: {error.strerror}")
    return path


def read_by(fifo: Path, run: Callable[[], Run]) -> tuple[Run, bytes]:
    """What `run` gives, and what came out of the FIFO meanwhile."""
    got = fifo.with_name("got")
    with got.open("wb") as file, subprocess.Popen(["cat", str(fifo)], stdout=file) as reader:
        try:
            given = run()
            assert fifo.is_fifo()
            os.close(os.open(fifo, os.O_RDWR))  # the end for a reader that nobody wrote to
            assert reader.wait(HANG) == 0
        finally:
            reader.kill()
    return given, got.read_bytes()


def writes(command: click.Command | None) -> bool:
    """Whether it has -o, or a command under it has."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        return any(writes(command.get_command(context, name)) for name in command.list_commands(context))
    return command is not None and any(parameter.name == "output" for parameter in command.params)


def test_the_calls_are_of_every_command_that_writes() -> None:
    context = click.Context(commands)
    assert set(CALLS) == {name for name in COMMANDS if writes(commands.get_command(context, name))}


@pytest.mark.parametrize("command", CALLS)
def test_a_fifo_is_written_into(kg: Callable[..., Run], root: Path, tmp_path: Path, command: str) -> None:
    call = [command, *CALLS[command], "-o"]
    file, fifo = tmp_path / "file", tmp_path / "fifo"
    os.mkfifo(fifo)
    run, got = read_by(fifo, lambda: kg(*call, fifo, cwd=root))
    assert (run.returncode, run.stdout) == (kg(*call, file, cwd=root).returncode, "")
    assert got == file.read_bytes() != b""


def test_a_device_stays_one(kg: Callable[..., Run], tmp_path: Path) -> None:
    null = device(tmp_path / "null", 3)
    assert kg("query", "by-kind", "-o", null).returncode == 0
    assert null.is_char_device() and list(tmp_path.iterdir()) == [null]


def test_a_full_device_is_said_in_one_line(kg: Callable[..., Run], tmp_path: Path) -> None:
    full = device(tmp_path / "full", 7)
    run = kg("query", "by-kind", "-o", full)
    assert (run.returncode, run.stdout) == (3, "")
    assert run.stderr.startswith(f"kg: error[file]: cannot write {full}: no space left on device\n")
    assert full.is_char_device()


def test_standard_output_by_its_name_is_written_on_from_where_it_stands(root: Path, tmp_path: Path) -> None:
    """A rename would take the file away from under the shell, with what it holds and what comes after."""
    script = 'echo before; "$@" -m kg new document -o /dev/stdout && echo after'
    call = ["sh", "-c", script, "sh", sys.executable]
    with (tmp_path / "out").open("wb") as out:
        subprocess.run(call, stdout=out, cwd=root, check=True)
    piped = subprocess.run(call, stdout=subprocess.PIPE, cwd=root, check=True).stdout
    template = (root / "ontology/templates/document.ttl").read_bytes()
    assert (tmp_path / "out").read_bytes() == piped == b"before\n" + template + b"after\n"


def test_an_open_file_is_written_into_by_its_number(tmp_path: Path) -> None:
    out, into = os.pipe()
    ours, theirs = socket.socketpair()
    with os.fdopen(out, "rb") as pipe, ours, theirs:
        link = tmp_path / "link"
        link.symlink_to(f"/dev/fd/{into}")  # as a shell names its process substitutions
        replace(link, b"through a pipe")
        os.close(into)
        assert pipe.read() == b"through a pipe" and link.is_symlink()
        replace(Path(f"/dev/fd/{ours.fileno()}"), b"through a socket")
        assert theirs.recv(100) == b"through a socket"


def test_a_reader_that_has_gone_is_a_broken_pipe_as_of_standard_output() -> None:
    out, into = os.pipe()
    os.close(out)
    with os.fdopen(into, "wb"), pytest.raises(BrokenPipeError):
        replace(Path(f"/dev/fd/{into}"), b"x")


def test_a_file_is_replaced_whole_with_its_permissions_and_through_its_link(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to("file")
    with file.open("rb") as before:
        replace(link, b"new")
        assert before.read() == b"old"  # who reads it keeps the old one to the end
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode), link.is_symlink()) == (b"new", 0o640, True)
    assert sorted(tmp_path.iterdir()) == [file, link]


def test_a_link_to_nothing_makes_the_file_and_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    ahead, circle = tmp_path / "ahead", tmp_path / "circle"
    ahead.symlink_to("made")
    replace(ahead, b"new")
    assert ahead.is_symlink() and (tmp_path / "made").read_bytes() == b"new"
    circle.symlink_to("circle")
    with pytest.raises(WorldError, match=r"cannot write .*circle: too many levels of symbolic links"):
        replace(circle, b"new")
    assert circle.is_symlink()


def test_a_folder_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(WorldError, match="is a directory"):
        replace(tmp_path / "folder", b"new")
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"] and not keeps(tmp_path / "folder")


def test_a_draft_into_a_fifo_leaves_no_text_beside_it(kg: Callable[..., Run], tmp_path: Path) -> None:
    page, fifo = tmp_path / "page.txt", tmp_path / "draft"
    page.write_bytes("Regeringen foreslår 100 mio. kr.".encode("cp1252"))
    os.mkfifo(fifo)
    run, got = read_by(fifo, lambda: kg("draft", page, "-o", fifo))
    assert run.returncode == 0 and b"100000000" in got
    assert sorted(path.name for path in tmp_path.iterdir()) == ["draft", "got", "page.txt"]


def test_fmt_rewrites_no_fifo(kg: Callable[..., Run], tmp_path: Path) -> None:
    fifo = tmp_path / "a.ttl"
    os.mkfifo(fifo)
    run = kg("fmt", fifo)
    assert run.returncode == 3 and run.stderr.startswith(f"kg: error[file]: {fifo} is no file to rewrite\n")
    assert fifo.is_fifo()
