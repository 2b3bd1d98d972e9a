"""One tree of errors: where, what, what to do. Each kind carries its exit code.

Exit codes (docs/errors.md): 0 fine, 1 the data is wrong, 2 the command is wrong,
3 the world failed, 70 a bug, 130 interrupted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# Only the letters that Unicode does not decompose need a table; ä, ö, å, é lose their marks by NFD.
_FOLD = str.maketrans({"æ": "ae", "ø": "o", "ð": "d", "þ": "th", "ß": "ss"})


class Place(NamedTuple):
    """A place in a file: its name as the user gave it, line and column from 1 (None: not known)."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class KgError(Exception):
    """Something that a person can act on. Its text is one line.

    `code` is a stable slug, a heading of docs/errors.md; `help` says what to do; `place` says where;
    `excerpt` is the source line at the place.
    """

    exit_code = 70

    def __init__(
        self,
        code: str,
        message: str,
        *,
        help: str | None = None,
        place: Place | None = None,
        excerpt: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help
        self.place = place
        self.excerpt = excerpt

    def render(self) -> str:
        """The error as `place: error[code]: message`, with excerpt, caret and help where they are known."""
        where = f"{self.place}: " if self.place else "kg: "
        lines = [f"{where}error[{self.code}]: {self.message}"]
        if self.excerpt is not None and self.place and self.place.line:
            gutter = f"{self.place.line:>5} | "
            lines.append(gutter + self.excerpt)
            if self.place.column:
                lines.append(" " * (len(gutter) - 2) + "| " + " " * (self.place.column - 1) + "^")
        if self.help:
            lines.append(f"  help: {self.help}")
        return "\n".join(lines)


class DataError(KgError):
    """The data is wrong: exit 1."""

    exit_code = 1


class UsageError(KgError):
    """The command is wrong (unknown name, bad parameter, bad SPARQL typed in): exit 2."""

    exit_code = 2


class WorldError(KgError):
    """The world failed (file missing, bad syntax in a file, endpoint, timeout): exit 3."""

    exit_code = 3


def fold(text: str) -> str:
    """`text` for comparing names as people type them: lower case, æ ø å ä ö and accents folded."""
    import unicodedata

    lowered = text.casefold().translate(_FOLD)
    return "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))


def nearest(word: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The known words most like `word`, best first, for "did you mean"; empty when none is near."""
    import difflib

    folded: dict[str, str] = {}
    for candidate in sorted(known):
        folded.setdefault(fold(candidate), candidate)
    close = difflib.get_close_matches(fold(word), folded, n=limit, cutoff=0.6)
    return [folded[match] for match in close]


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A help line that offers the nearest known words, or None."""
    near = nearest(word, known)
    return f"did you mean {' or '.join(repr(match) for match in near)}?" if near else None
