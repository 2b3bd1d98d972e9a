"""Files read as bytes, and written whole or not at all."""

from __future__ import annotations

import contextlib
import os
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


def replace(path: Path, content: bytes) -> None:
    """Write `content` to `path`, or leave what was there: a temporary file beside it, fsync, rename.

    Keeps the permissions of a file that was there. Raises WorldError where it cannot be written.
    """
    import tempfile  # not at the top: reading must not wait for it

    temporary: str | None = None
    target = path.resolve()
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        reason = (error.strerror or str(error)).lower()
        raise WorldError("file", f"cannot write {path}: {reason}", help="nothing was changed") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
