"""The text of a SPARQL query: its tokens, and whether it only reads.

What a query does is decided on its tokens, cut by the lexical rules of SPARQL 1.1 (section 19.8), and on its
brackets: a keyword is a word of a closed list, never a piece of a string, an IRI or a comment. The text that is
handed on has no comments, so that engine, endpoint and we read the same tokens.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from kg.errors import Place, UsageError, did_you_mean
from kg.terms import PREFIXES


def _class(ascii_too: str) -> str:
    """A regex class: these characters and all beyond ASCII (said as what it is not, which compiles 30 ms sooner).

    Which of the characters beyond ASCII a name may really have is held against the grammar by `_in_names`.
    """
    return f"[^{re.escape(''.join(c for c in map(chr, range(128)) if c not in ascii_too))}]"


_LETTERS = string.ascii_letters
_START = _class(_LETTERS)
_WORD = _class(_LETTERS + "_" + string.digits)
_FIRST = _class(_LETTERS + "_")
_CHARS, _DOTTED = (_class(_LETTERS + "_-" + string.digits + more) for more in ("", "."))
_LOCAL, _LOCAL_DOTTED = (_class(_LETTERS + "_-:" + string.digits + more) for more in ("", "."))
_LOCAL_FIRST = _class(_LETTERS + "_:" + string.digits)
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_CODE_POINT = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"

_TOKEN = rf"""(?P<comment>\#[^\n\r]*)
      | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_CODE_POINT})*>)
      | (?P<text>\"{{3}}(?:\"{{0,2}}(?:[^"\\]|\\.))*\"{{3}}|'{{3}}(?:'{{0,2}}(?:[^'\\]|\\.))*'{{3}}
               |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
      | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
      | (?P<variable>[?$]{_WORD}+)
      | (?P<name>(?:{_START}(?:{_DOTTED}*{_CHARS})?)?:
                 (?:(?:{_LOCAL_FIRST}|{_PLX})(?:(?:{_LOCAL_DOTTED}|{_PLX})*(?:{_LOCAL}|{_PLX}))?)?)
      | (?P<blank>_:{_WORD}(?:{_DOTTED}*{_CHARS})?)
      | (?P<number>(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)
      | (?P<word>{_FIRST}{_WORD}*)
      | (?P<space>[ \t\r\n]+)
      | (?P<escape>{_CODE_POINT})
      | (?P<other>\^\^|&&|\|\||!=|<=|>=|.)"""
# Whatever may be the prefix of a name; one too many (from a string, say) does no harm.
_NAME = re.compile(r"(?<![\w?$:<-])([A-Za-z][\w-]*):")
_ESCAPE = re.compile(_CODE_POINT)
_IN_STRING = re.compile(rf"{_CODE_POINT}|\\.", re.DOTALL)
# What may not stand in a string as itself, once its code point has been decoded.
_ECHAR = {'"': '\\"', "'": "\\'", "\\": "\\\\", "\n": "\\n", "\r": "\\r"}

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = frozenset(
    "INSERT DELETE LOAD CLEAR DROP CREATE ADD MOVE COPY WITH USING".split()  # noqa: SIM905 - reads better as words
)
_WORDS = frozenset(
    """A AS ASC ASK BASE BIND BY CONSTRUCT DESC DESCRIBE DISTINCT EXISTS FALSE FILTER GRAPH GROUP HAVING IN LIMIT
    MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT SEPARATOR TRUE UNDEF UNION VALUES WHERE
    ABS AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI FLOOR GROUP_CONCAT HOURS IF
    IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES LCASE MAX MD5 MIN MINUTES MONTH NOW RAND REGEX
    REPLACE ROUND SAMETERM SAMPLE SECONDS SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG
    STRLEN STRSTARTS STRUUID SUBSTR SUM TIMEZONE TZ UCASE URI UUID YEAR""".split()  # noqa: SIM905
)

LONGEST = 1_000_000  # characters of one query
DEEPEST = 200  # brackets inside brackets, or signs before one value: parsers recurse, and end the process


class Token(NamedTuple):
    """A piece of a query: its kind (`word`, `iri`, `text`, `variable`, …), its text, and where that starts."""

    kind: str
    text: str
    start: int


class Question(NamedTuple):
    """A query that only reads: its form (one of `FORMS`) and its text, without comments, lines kept.

    `graphs`: it names graphs, by GRAPH or FROM.
    """

    form: str
    text: str
    name: str = "query"
    graphs: bool = False

    def refused(self, message: str, offset: int) -> UsageError:
        """A refusal that points at one character of the text."""
        return _fault(self.text, offset, message, self.name)


@lru_cache(maxsize=32)
def tokens(text: str) -> tuple[Token, ...]:
    """Every piece of `text` in order, spaces and comments too; joined again they are the text."""
    found = _token().finditer(text)
    return tuple(Token(match.lastgroup or "other", match[0], match.start()) for match in found)


def code(text: str) -> list[Token]:
    """The pieces of `text` that say something: no spaces, no comments."""
    return [piece for piece in tokens(text) if piece.kind not in ("comment", "space")]


class Head(NamedTuple):
    """What stands between a SELECT and its group, where the SELECT starts, and the group's place with its braces."""

    start: int
    pieces: list[Token]
    where: tuple[int, int] | None
    grouped: tuple[str, ...] | None  # the variables behind GROUP BY; None without one


def heads(text: str) -> Iterator[Head]:
    """Every SELECT of a question, outermost first."""
    pieces = code(text)
    for at, piece in enumerate(pieces):
        if piece.kind != "word" or piece.text.upper() != "SELECT":
            continue
        opening = next((n for n in range(at, len(pieces)) if pieces[n].text == "{"), None)
        if opening is None:
            yield Head(piece.start, pieces[at + 1 :], None, None)
            continue
        depth, closing = 0, opening
        for closing in range(opening, len(pieces)):
            depth += {"{": 1, "}": -1}.get(pieces[closing].text, 0)
            if not depth:
                break
        tail = [after.text for after in pieces[closing + 1 :]]
        tail = tail[: tail.index("}")] if "}" in tail else tail
        words = [word.upper() for word in tail]
        grouped = tuple(tail[words.index("GROUP") :]) if "GROUP" in words else None
        where = (pieces[opening].start, pieces[closing].start + 1)
        yield Head(piece.start, pieces[at + 1 : opening], where, grouped)


@cache
def _token() -> re.Pattern[str]:
    # Compiled when it is needed: a canned question, which has its own way, need not wait for it.
    return re.compile(_TOKEN, re.VERBOSE | re.DOTALL)


def read_only(text: str, name: str = "query", *, graphs: bool = False) -> Question:
    """The question that `text` asks, if it asks one. `name` is what errors call the place; `graphs`: FROM may be used.

    Raises UsageError, with line and column, for an update, SERVICE, FROM (without `graphs`), an unknown word or prefix,
    brackets that do not match, and a text that is longer or nested deeper than any question needs.
    """
    if len(text) > LONGEST:
        raise UsageError("sparql", f"the query has more than {LONGEST:,} characters".replace(",", " "))
    plain = _decoded(text, name)
    pieces = tokens(plain)
    code = [piece for piece in pieces if piece.kind not in ("comment", "space")]

    def fault(piece: Token, message: str, help: str | None = None) -> UsageError:
        return _fault(plain, piece.start, message, name, help)

    form = _form(code, fault)
    _words(code, fault, graphs)
    _prefixes(code, fault)
    _brackets(code, fault)
    named = any(piece.kind == "word" and piece.text.upper() in ("GRAPH", "FROM") for piece in code)
    return Question(form, "".join(_blanked(piece) for piece in pieces), name, named)


def prefixed(text: str) -> str:
    """The text with a PREFIX line for each of the project's prefixes that it uses and does not declare."""
    used = set(_NAME.findall(text)) & PREFIXES.keys()
    declared = set(re.findall(r"(?i)\bPREFIX\s+([\w-]*):", text))
    lines = [f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in sorted(used - declared)]
    return "\n".join([*lines, text]) if lines else text


_Fault = Callable[..., UsageError]


def _form(code: list[Token], fault: _Fault) -> str:
    """The first word after the prologue."""
    for piece in code:
        word = piece.text.upper()
        if piece.kind == "word" and word in _UPDATES:
            raise fault(
                piece, f"{word} changes data: only questions are asked here", "SELECT, ASK, CONSTRUCT or DESCRIBE"
            )
        if piece.kind == "word" and word in FORMS:
            return word
    raise UsageError("sparql", "there is no query", help="SELECT, ASK, CONSTRUCT or DESCRIBE")


def _words(code: list[Token], fault: _Fault, graphs: bool) -> None:
    """Refuse what reaches outside the graph, and any word that SPARQL 1.1 does not have."""
    for piece in code:
        word = piece.text.upper()
        if piece.kind in ("name", "variable", "blank", "word") and not piece.text.isascii():
            for character in piece.text:
                if not character.isascii() and not _in_names(ord(character)):
                    raise fault(piece, f"{character!r} (U+{ord(character):04X}) cannot stand in a name")
        if piece.kind == "other" and (piece.text in ("\\", "`") or piece.text < "!" or piece.text == "\x7f"):
            raise fault(piece, f"unexpected character {piece.text!r}")
        if piece.kind == "other" and piece.text in "\"'":
            raise fault(piece, "this string has no end")
        if piece.kind != "word" or word in _WORDS:
            continue
        if "SERVICE" in word:
            raise fault(
                piece, "SERVICE asks another server: it is refused", "ask that server itself with --at URL"
            )
        if word == "FROM" and graphs:
            continue
        if word == "FROM":
            raise fault(
                piece, "FROM names another graph: it is refused", "leave it out: there is one merged graph"
            )
        if word in _UPDATES:
            raise fault(piece, f"{word} changes data: only questions are asked here")
        raise fault(piece, f"SPARQL 1.1 has no word {piece.text!r}", did_you_mean(piece.text, _WORDS))


def _prefixes(code: list[Token], fault: _Fault) -> None:
    declared = set(PREFIXES)
    for before, piece in zip([None, *code], code, strict=False):
        if piece.kind == "name":
            prefix, _, local = piece.text.partition(":")
            if before and before.kind == "word" and before.text.upper() == "PREFIX" and not local:
                declared.add(prefix)
            elif prefix not in declared:
                raise fault(piece, f"unknown prefix '{prefix}:'", did_you_mean(prefix, declared))


# PN_CHARS of the grammar, beyond ASCII.
_NAMES = (
    *(
        (0xB7, 0xB7),
        (0xC0, 0xD6),
        (0xD8, 0xF6),
        (0xF8, 0x37D),
        (0x37F, 0x1FFF),
        (0x200C, 0x200D),
        (0x203F, 0x2040),
    ),
    *(
        (0x2070, 0x218F),
        (0x2C00, 0x2FEF),
        (0x3001, 0xD7FF),
        (0xF900, 0xFDCF),
        (0xFDF0, 0xFFFD),
        (0x10000, 0xEFFFF),
    ),
)


def _in_names(number: int) -> bool:
    return any(first <= number <= last for first, last in _NAMES)


_CLOSING = {"}": "{", ")": "(", "]": "["}


def _brackets(code: list[Token], fault: _Fault) -> None:
    opened: list[Token] = []
    signs = 0
    for before, piece in zip([None, *code], code, strict=False):
        if before and before.text == piece.text == ".":
            raise fault(piece, "unexpected '.' after a '.'")
        # "!" and "^" are read by recursion, and so are signs before signs.
        signs = signs + 1 if piece.text in ("!", "^", "^^", "-", "+") else 0
        if piece.kind != "other":
            continue
        if piece.text in "{([":
            opened.append(piece)
        elif piece.text in _CLOSING and (not opened or opened.pop().text != _CLOSING[piece.text]):
            raise fault(piece, f"nothing is open that '{piece.text}' closes")
        if len(opened) > DEEPEST or signs > DEEPEST:
            raise fault(piece, f"nested more than {DEEPEST} deep")
    if opened:
        raise fault(opened[-1], f"this '{opened[-1].text}' is never closed")


def _decoded(text: str, name: str) -> str:
    """The text with its code point escapes decoded (section 19.2), so that none is left for another reader."""
    if not _ESCAPE.search(text):
        return text

    def spelled(match: re.Match[str]) -> str:
        number = int(match[0][2:], 16)
        if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            raise _fault(match.string, match.start(), f"{match[0]} is no character", name)
        return chr(number)

    def inside(match: re.Match[str]) -> str:
        if match[0][1] not in "uU" or len(match[0]) == 2:
            return match[0]
        return _ECHAR.get(character := spelled(match), character)

    outside = "".join(
        _ESCAPE.sub(spelled, piece.text) if piece.kind in ("escape", "iri") else piece.text
        for piece in tokens(text)
    )
    decoded = "".join(
        _IN_STRING.sub(inside, piece.text) if piece.kind == "text" else piece.text for piece in tokens(outside)
    )
    for piece in tokens(decoded):
        if piece.kind != "text" and piece.kind != "comment" and _ESCAPE.search(piece.text):
            raise _fault(decoded, piece.start, "an escape spells another escape: write the character itself", name)
    return decoded


def _blanked(piece: Token) -> str:
    return " " * len(piece.text) if piece.kind == "comment" else piece.text


def _fault(text: str, offset: int, message: str, name: str, help: str | None = None) -> UsageError:
    line = text.count("\n", 0, offset) + 1
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    excerpt = text[start : end if end >= 0 else len(text)]
    return UsageError("sparql", message, help=help, place=Place(name, line, offset - start + 1), excerpt=excerpt)


def _not_grouped(text: str) -> Token | None:
    """The first variable that a SELECT with aggregates names by itself, and does not group by."""
    for head in heads(text):
        depth = 0
        for piece in head.pieces:
            depth += {"(": 1, ")": -1}.get(piece.text, 0)
            if piece.kind == "variable" and not depth:
                names = {name[1:] for name in head.grouped or () if name[:1] in "?$"}
                if piece.text[1:] not in names and (head.grouped is not None or _aggregates(head.pieces)):
                    return piece
    return None


def _aggregates(pieces: list[Token]) -> bool:
    words = {piece.text.upper() for piece in pieces if piece.kind == "word"}
    return bool(words & {"COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT"})


_ENGINE = re.compile(r"error at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", re.DOTALL)


def syntax_error(question: Question, message: str) -> UsageError:
    """The engine's refusal of a question, at the word that it could not read.

    The engine reports how far it read, and all that it tried there: keywords that it tried have been counted in.
    """
    match = _ENGINE.search(message)
    if not match:
        return UsageError("sparql", f"not a SPARQL query: {message}")
    lines = question.text.splitlines(keepends=True)
    far = sum(map(len, lines[: int(match[1]) - 1])) + int(match[2]) - 1
    tried = [part.strip() for part in re.sub(r"\[[^]]*\]", "", match[3]).split(",") if part.strip()]
    code = [piece for piece in tokens(question.text) if piece.kind != "space"]
    end = len(question.text.rstrip())
    signs = [part.strip('"') for part in tried if part.startswith('"')]
    # A sign is tried where the reading stopped; a keyword, as many characters before.
    places = {far} | {far - len(part) for part in tried if part.isalnum() and not (signs and far >= end)}
    exact = [piece for piece in code if piece.start in places]
    at = (exact or [piece for piece in code if piece.start < far] or code)[-1]
    alone = _not_grouped(question.text)
    if alone is not None and alone.start <= far:
        message = f"{alone.text} must stand in GROUP BY or in an aggregate (COUNT, SUM, …)"
        return question.refused(message, alone.start)
    for sentence in (part for part in tried if " " in part):
        return question.refused(sentence[0].lower() + sentence[1:], at.start)
    if (far >= end and not exact) or (not exact and at is code[-1]):
        return question.refused("not a whole SPARQL query: something is missing or out of place", end)
    fault = question.refused(f"unexpected {at.text!r}", at.start)
    if 0 < len(signs) <= 3:
        fault.help = "expected " + " or ".join(f"'{sign}'" for sign in signs)
    elif {"OPTIONAL", "SERVICE", "LATERAL", "FILTER"} & set(tried):
        fault.help = "a statement is subject, predicate and object, with a '.' before the next one"
    return fault
