"""Files read as bytes, and written whole or not at all; what is no file, written into."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from kg.errors import WorldError

_BOM = b"\xef\xbb\xbf"


def read(path: Path) -> bytes:
    """The bytes of a file, without a byte order mark. Raises WorldError where it cannot be read."""
    try:
        return path.read_bytes().removeprefix(_BOM)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WorldError("file", f"cannot read {path}: {reason}", help="check the path") from None


def encoding_help(data: bytes) -> str | None:
    """What to do about bytes that are not UTF-8, with the encoding that they probably have; None for UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:64]:
        return "the file is probably UTF-16: save it as UTF-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "the file is probably Latin-1 (ISO 8859-1) or Windows-1252: save it as UTF-8"
    return None


def check(path: Path) -> None:
    """Raises WorldError where a file cannot be read, without reading it."""
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WorldError("file", f"cannot read {path}: {reason}", help="check the path") from None


def shown(path: Path | str) -> str:
    """A path as people call it: from the current folder where it lies below that, else as it is."""
    absolute, here = Path(path), Path.cwd()
    return (
        str(absolute.relative_to(here)) if absolute.is_absolute() and absolute.is_relative_to(here) else str(path)
    )


def keeps(path: Path) -> bool:
    """Whether what is written to `path` stays there, in a regular file: one that is there, or is made.

    False for a device, a pipe, a socket, a folder, and for a file that this process has open and is named by its
    number (/dev/stdout, /dev/fd/63). Raises OSError where the path leads nowhere.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return True
    return stat.S_ISREG(mode) and _descriptor(path) is None


def replace(path: Path, content: bytes) -> None:
    """Write `content` to `path`, or leave what was there: a temporary file beside it, fsync, rename.

    Keeps the permissions of a file that was there. What keeps no file (`keeps`) is written to and stays what it is.
    Raises WorldError where it cannot be written, BrokenPipeError where the reader of a pipe has gone.
    """
    kept = True
    try:
        kept = keeps(path)
        if kept:
            _rename_over(path, content)
        else:
            _write_into(path, content)
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        help_ = "nothing was changed" if kept else "part of it may have been written"
        raise WorldError("file", f"cannot write {path}: {reason}", help=help_) from None


def _rename_over(path: Path, content: bytes) -> None:
    import tempfile  # not at the top: reading must not wait for it

    target = path.resolve()
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _write_into(path: Path, content: bytes) -> None:
    descriptor = _descriptor(path)
    with path.open("wb") if descriptor is None else os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(content)


def _descriptor(path: Path) -> int | None:
    """The number of the open file of this process that `path` names, through links too; else None.

    It is written to by its number, from where it stands: the shell that opened it may write on behind us, and a
    socket cannot be opened by its name.
    """
    own = f"/proc/{os.getpid()}/fd"
    for _ in range(40):  # as many links as the system itself follows
        if path.name.isdecimal() and os.path.realpath(path.parent) == own:
            return int(path.name)
        if not path.is_symlink():
            return None
        path = path.parent / path.readlink()
    return None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
