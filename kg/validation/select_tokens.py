"""The tokens of SPARQL, and conditions that every engine is sure to take alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from kg.validation.paths import Uncompiled

_TOKEN = re.compile(
    r"""\s+|\#[^\r\n]*
  | (?P<iri><[^\x00-\x20<>"{}|^`\\]*>)
  | (?P<var>[?$][A-Za-z_][\w]*)
  | (?P<string>\"(?:[^"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*')(?:@[A-Za-z-]+)?
  | (?P<number>[0-9]+(?:\.[0-9]+)?)
  | (?P<name>[A-Za-z][\w-]*:(?:[\w-](?:[\w.-]*[\w-])?)?)
  | (?P<word>[A-Za-z]+)
  | (?P<mark>\^\^|&&|\|\||!=|<=|>=|[{}().;,*/|^+?!=<>-])
    """,
    re.VERBOSE,
)
# Where engines give different values without an error.
UNEVEN = frozenset(["coalesce", "min", "max", "avg", "sample", "group_concat"])
_MARKS = frozenset(["=", "!=", "!", "&&", "||", "(", ")", ","])
_WORDS = frozenset(["in", "not", "true", "false", "bound", "str", "lang", "datatype", "sameterm"]) | frozenset(
    ["isiri", "isuri", "isblank", "isliteral"]
)


def _is_constant(word: str) -> bool:
    return (
        word[0] in "\"'" or word.isdigit() or ":" in word or (word[0] == "<" and word[-1] == ">" and len(word) > 1)
    )


def is_plain(words: list[str]) -> bool:
    """Whether a condition is sure to be the same to every engine: equality and kinds of terms."""
    for at, word in enumerate(words):
        before = words[at - 1] if at else "("
        after = words[at + 1] if at + 1 < len(words) else ")"
        if word[0] in "?$":
            # A variable that is a condition by itself: engines differ on which terms are true.
            function = before == "(" and at > 1 and words[at - 2].isalpha()
            if before in ("(", "&&", "||", "!") and after in (")", "&&", "||") and not function:
                return False
        elif word not in _MARKS | _WORDS and (after == "(" or not _is_constant(word)):
            return False
    return True


Token = tuple[str, str, int, int]  # kind, text, start, end


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text. Raises Uncompiled for what is none."""
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise Uncompiled("a SPARQL constraint with a token that is not read")
        if found.lastgroup is not None:
            yield found.lastgroup, found.group(found.lastgroup), *found.span()
        position = found.end()


def left(tokens: Iterable[Token], without: Collection[str]) -> Iterator[Token]:
    """The tokens, less blocks of VALUES and all from ORDER BY on where these are not wanted."""
    dropping = False
    for token in tokens:
        kind, text = token[:2]
        word = text.lower() if kind == "word" else ""
        if word == "order" and word in without:
            return
        dropping |= word == "values" and word in without
        if not dropping:
            yield token
        dropping &= text != "}"
