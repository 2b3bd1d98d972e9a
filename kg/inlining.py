"""A canned query as text: its tokens, the places of its values, and the same query in a form that is quick.

`VALUES ?x { UNDEF }` is the identity of a join, and goes. Where ?x has one IRI and one line, ?x in patterns and filters
becomes the IRI: engines look a constant up, but join with a variable. Its line stays where ?x is still spoken of.
`FILTER(!BOUND(?x) || EXISTS { … })` goes with an ?x that is open, and else is what the query starts from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.sparql import Token, tokens
from kg.terms import expand


def sites(text: str) -> dict[str, list[tuple[int, int]]]:
    """Where `VALUES ?name { … }` stands for one variable: the spans between the braces, by name."""
    found: dict[str, list[tuple[int, int]]] = {}
    code = [token for token in tokens(text) if token[0] != "comment" and not token[1].isspace()]
    for index, (kind, word, _) in enumerate(code[:-2]):
        variable, brace = code[index + 1], code[index + 2]
        if kind == "word" and word.upper() == "VALUES" and variable[0] == "variable" and brace[1] == "{":
            end = next((start for _, value, start in code[index + 3 :] if value == "}"), len(text))
            found.setdefault(variable[1][1:], []).append((brace[2] + 1, end))
    return found


def inline(text: str) -> str:
    """The same query, quicker, with the same rows."""
    places = sites(text)
    anything = [name for name, spans in places.items() if text[slice(*spans[0])].split() == ["UNDEF"]]
    text = _without_lines(text, sorted(span for name in anything for span in places[name]))
    for name in anything:
        text = _conditions_joined(text, name, None)
    for name in [name for name in places if name not in anything]:
        # Substitution moves what follows it: the places are looked up anew for each name.
        spans = sites(text)[name]
        start, end = spans[0]
        opening = text[:start].upper().rindex("VALUES")
        line, terms = text[opening : end + 1], text[start:end].split()
        if len(spans) == len(terms) == 1 and (constant := _constant(terms[0])):
            joined = _conditions_joined(text, name, "")
            substituted = _substituted(joined, name, constant, opening, end + 1)
            text = (
                _without_unused(substituted, name)
                if substituted != joined
                else _conditions_joined(text, name, line)
            )
        else:
            text = _conditions_joined(text, name, line)
    return text


def _without_lines(text: str, spans: list[tuple[int, int]]) -> str:
    """The text without the `VALUES` lines that have these spans between their braces."""
    for start, end in reversed(spans):
        text = text[: text[:start].upper().rindex("VALUES")] + text[end + 1 :]
    return text


def _conditions_joined(text: str, name: str, line: str | None) -> str:
    """The text with each `FILTER(!BOUND(?name) || EXISTS { … })` as a sub-select to join with, or (line None) without.

    As a filter it would be asked of every row. All its variables are columns, so there are as many rows as before;
    `line` is the VALUES line of several values, which the sub-select then starts from.
    """
    while (changed := _condition_joined(text, name, line)) != text:
        text = changed
    return text


def _condition_joined(text: str, name: str, line: str | None) -> str:
    if not re.search(rf"BOUND\(\?{name}\)\s*\|\|\s*EXISTS", text):
        return text  # which most texts need not be cut into tokens for
    code = [token for token in tokens(text) if token[0] != "comment" and not token[1].isspace()]
    words = [value.upper() if kind == "word" else value for kind, value, _ in code]
    head = ["FILTER", "(", "!", "BOUND", "(", f"?{name}", ")", "||", "EXISTS", "{"]
    first = next((at for at in range(len(words)) if words[at : at + len(head)] == head), None)
    if first is None:
        return text
    last, depth = first + len(head), 1
    while depth:
        depth += (words[last] == "{") - (words[last] == "}")
        last += 1
    body = code[first + len(head) : last - 1]
    columns = dict.fromkeys(value for kind, value, _ in body if kind == "variable")
    inside = text[body[0][2] : code[last - 1][2]]
    joined = "" if line is None else f"{{ SELECT DISTINCT {' '.join(columns)} WHERE {{ {line} {inside}}} }}"
    return text[: code[first][2]] + joined + text[code[last][2] + 1 :]


def _without_unused(text: str, name: str) -> str:
    """The text without `VALUES ?name { one }` where nothing else speaks of ?name: engines plan better without."""
    pieces = tokens(text)
    spans = sites(text).get(name, [])
    mentions = sum(kind == "variable" and value[1:] == name for kind, value, _ in pieces)
    if mentions > len(spans) or any("*" in scope.columns for scope in _scopes(pieces, len(text))):
        return text
    return _without_lines(text, spans)


def _constant(term: str) -> str | None:
    if term.startswith("<"):
        return term
    # Not a number, a boolean or a string: only IRIs may stand wherever a variable may.
    return term if not term.startswith(('"', "'")) and expand(term) else None


@dataclass
class _Scope:
    """One SELECT with its body: a variable means the same in- and outside only where it is a column."""

    start: int
    end: int
    body: int  # behind its opening brace
    columns: set[str]  # "*" for all
    inner: list[_Scope] = field(default_factory=list)

    def shows(self, name: str) -> bool:
        return name in self.columns or "*" in self.columns


# Words after which a variable is a name to be given, not a value to be read.
_MODIFIERS = {"SELECT", "GROUP", "ORDER", "HAVING"}


def _scopes(pieces: Sequence[Token], length: int) -> list[_Scope]:
    """Every SELECT of the text, the outermost first; a scope ends with the brace that its group ends with."""
    found: list[_Scope] = []
    for index, (kind, value, start) in enumerate(pieces):
        if kind != "word" or value.upper() != "SELECT":
            continue
        columns: set[str] = set()
        depth, at, naming = 0, index + 1, False
        while at < len(pieces) and pieces[at][1] != "{":
            inner_kind, inner, _ = pieces[at]
            depth += (inner == "(") - (inner == ")")
            if inner == "*" and depth == 0:
                columns.add("*")
            if inner_kind == "variable" and (depth == 0 or (depth == 1 and naming)):
                columns.add(inner[1:])
            naming = (inner_kind == "word" and inner.upper() == "AS") or (naming and inner.isspace())
            at += 1
        body = pieces[at][2] + 1 if at < len(pieces) else length
        braces, end = 1, at + 1
        while end < len(pieces) and braces > 0:
            braces += (pieces[end][1] == "{") - (pieces[end][1] == "}")
            end += 1
        # Behind the body come its modifiers, up to the brace of the group around it.
        while end < len(pieces) and pieces[end][1] != "}":
            end += 1
        found.append(_Scope(start, pieces[end][2] if end < len(pieces) else length, body, columns))
    for scope in found:
        around = [other for other in found if other.start < scope.start and scope.end <= other.end]
        if around:
            around[-1].inner.append(scope)
    return found


def _substituted(text: str, name: str, constant: str, opening: int, closing: int) -> str:
    """The text with ?name as the constant, wherever it is the ?name of the VALUES line at opening:closing.

    A SELECT inside that has ?name as a column gets a VALUES line of its own: there, too, it stays bound.
    """
    pieces = tokens(text)
    scopes = _scopes(pieces, len(text))
    reached = _reached(scopes, name, opening)
    hidden = [scope for scope in scopes if scope not in reached]
    if not _substitutable(pieces, name, scopes, hidden, opening, closing):
        return text
    binding = {scope.body for scope in reached if not (scope.start < opening < scope.end) and scope.body > 0}
    out = []
    for kind, value, start, naming in _clauses(pieces):
        kept = naming or _innermost(scopes, start) in hidden or opening <= start < closing
        out.append(constant if kind == "variable" and value[1:] == name and not kept else value)
        if start + 1 in binding and value == "{":
            out.append(f" VALUES ?{name} {{ {constant} }}")
    return "".join(out)


def _innermost(scopes: list[_Scope], place: int) -> _Scope | None:
    """The SELECT that decides whose a variable at `place` is."""
    return next((scope for scope in reversed(scopes) if scope.start <= place < scope.end), None)


def _reached(scopes: list[_Scope], name: str, place: int) -> list[_Scope]:
    """The SELECTs in which ?name is the one that is bound at `place`."""
    around = [scope for scope in scopes if scope.start <= place < scope.end]
    reached: list[_Scope] = []
    for scope in reversed(around):  # from the inside out, as far as it is a column
        reached.append(scope)
        if not scope.shows(name):
            break
    waiting = list(reached)
    while waiting:
        for scope in waiting.pop().inner:
            if scope.shows(name) and scope not in reached:
                reached.append(scope)
                waiting.append(scope)
    return reached


def _clauses(pieces: Sequence[Token]) -> Iterator[tuple[str, str, int, bool]]:
    """The tokens (kind, text, start, whether it is inside a SELECT clause or a solution modifier)."""
    naming = False
    for kind, value, start in pieces:
        if kind == "word" and value.upper() in _MODIFIERS:
            naming = True
        elif value in ("{", "}") or (kind == "word" and value.upper() == "WHERE"):
            naming = False
        yield kind, value, start, naming


def _substitutable(
    pieces: Sequence[Token], name: str, scopes: list[_Scope], hidden: list[_Scope], opening: int, closing: int
) -> bool:
    """Whether ?name is nowhere assigned (AS ?name) or asked about (BOUND(?name)) in the query's patterns."""
    words = [
        (kind, value)
        for kind, value, start, naming in _clauses(pieces)
        if not value.isspace()
        and not naming
        and not opening <= start < closing
        and _innermost(scopes, start) not in hidden
    ]
    for index, (kind, value) in enumerate(words):
        if kind == "variable" and value[1:] == name:
            before = words[index - 1][1].upper() if index else ""
            two_before = words[index - 2][1].upper() if index > 1 else ""
            if before == "AS" or (before == "(" and two_before == "BOUND"):
                return False
    return True
