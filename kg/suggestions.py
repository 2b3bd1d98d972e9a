"""What a person may type next: values of a question's parameter that the graph has, with their names."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from kg.errors import fold
from kg.labels import labels
from kg.names import members, outside_name
from kg.project import Project
from kg.queries import Parameter, Query
from kg.rdf import NamedNode
from kg.results import Source, plain, select
from kg.sparql import Token, prefixed, tokens
from kg.store import Store
from kg.terms import CODE, ID, shorten

_MOST = 400


class Suggestion(NamedTuple):
    """A value as it is typed, and what it is called."""

    value: str
    label: str


def codes(project: Project, parameter: Parameter, begun: str, lang: str) -> list[Suggestion]:
    """The codes of a `code` parameter's list that begin with `begun`, or one of whose names' words does."""
    file = project.ontology / "codes" / f"{parameter.of}.ttl"
    if not file.is_file():
        return []
    source = Store.of_files([file])
    base = f"{CODE}{parameter.of}/"
    found = select(source, prefixed("SELECT ?c { ?c a skos:Concept }"))
    return _fitting(source, [row[0] for row in found.rows if isinstance(row[0], NamedNode)], base, begun, lang)


def things(
    source: Source, query: Query, parameter: Parameter, begun: str, lang: str, seconds: float | None = None
) -> list[Suggestion]:
    """Things that an `iri` parameter may be: all of its classes, whether or not the question has a row for them.

    Where it has none, they are those that stand in the graph where the query has the parameter. Of several classes or
    places, it is those that were read within `seconds`; one that was not goes on being read in a thread.
    """
    found: list[list[NamedNode]] = []

    def read() -> None:
        for one in reversed(parameter.wanted):  # documents, of which there are most, stand first
            found.append([NamedNode(thing) for thing in members(source, [one])])
        if parameter.wanted:
            return
        # Whatever a path leads to, its last step leads to.
        for place in dict.fromkeys(place.replace("+ ?v", " ?v") for place in _places(query.text, parameter.name)):
            table = select(source, prefixed(f"SELECT DISTINCT ?v {{ {place} FILTER(isIRI(?v)) }}"))
            found.append([row[0] for row in table.rows if isinstance(row[0], NamedNode)])

    if seconds is None:
        read()
    else:
        reading = threading.Thread(target=read, daemon=True)
        reading.start()
        reading.join(seconds)
    return _fitting(source, chain.from_iterable(found), ID, begun, lang)


def literals(source: Source, query: Query, parameter: Parameter, begun: str) -> list[Suggestion]:
    """Values of any other type that stand in the graph, or in a column, where the query has the parameter."""
    places = list(_places(query.text, parameter.name))
    if places:
        text = f"SELECT DISTINCT ?v {{ {{ {' } UNION { '.join(places)} }} FILTER(isLiteral(?v)) }} LIMIT {_MOST}"
        found = {plain(row[0]) for row in select(source, prefixed(text)).rows}
    else:
        found = set(_column(source, query, parameter))
        if not found and parameter.default != "UNDEF":
            found = {parameter.default}
    return [Suggestion(value, "") for value in sorted(found) if value and value.startswith(begun)]


def _column(source: Source, query: Query, parameter: Parameter) -> Iterator[str]:
    """What the question itself answers, all left open, in the columns that the parameter is compared with."""
    code, name = _code(query.text), f"?{parameter.name}"
    mentions = [index for index, piece in enumerate(code) if piece.text == name]
    compared = {piece.text[1:] for index in mentions for piece in _compared(code, index)}
    if not compared:
        return
    answer = select(source, query.bind({other.name: None for other in query.parameters}))
    for place, column in enumerate(answer.columns):
        if column in compared:
            yield from (plain(row[place]) for row in answer.rows)


def _places(text: str, name: str) -> Iterator[str]:
    """Patterns `?s property ?v` (`property+` of a path) and `?v a Class` in which the query uses the parameter as ?v.

    Where it is only compared, they are those of what it is compared with: `BIND(YEAR(?of) AS ?v)` for YEAR(?x) = ?name.
    """
    yield from dict.fromkeys(_uses(_code(text), f"?{name}", frozenset()))


def _code(text: str) -> list[Token]:
    """The tokens of the patterns: without space and comments, columns and order."""
    found: list[Token] = []
    naming = False
    for piece in tokens(text):
        naming = piece.text.upper() in ("SELECT", "GROUP", "ORDER") or (naming and piece.text not in ("{", "}"))
        if piece.kind not in ("space", "comment") and not naming:
            found.append(piece)
    return found


def _uses(code: list[Token], variable: str, known: frozenset[str]) -> Iterator[str]:
    known |= {variable}
    for index, piece in enumerate(code):
        if piece.kind != "variable" or piece.text != variable or not index:
            continue
        before, after = code[index - 1], code[index + 1 : index + 3]
        if compared := _compared(code, index):
            (other,) = {token.text for token in compared if token.kind == "variable"}
            expression = "".join("?of" if token.text == other else token.text for token in compared)
            for use in _uses(code, other, known) if other not in known else ():
                if "?of" in use and expression != "?of":
                    continue  # a function of a function of something else: not what is compared
                yield use if expression == "?of" else f"{use.replace('?v', '?of')} . BIND({expression} AS ?v)"
        elif before.kind == "variable":
            yield from (f"?s {link} ?v" for link in _listed(code, before.text))
        elif _begins(before) and len(after) == 2 and after[1].kind in ("name", "iri") and after[0].text == "a":
            yield f"?v a {after[1].text}"
        elif _begins(before) and len(after) == 2 and after[0].kind in ("name", "iri"):
            yield f"?v {after[0].text} ?o"
        else:
            yield from (f"?s {link} ?v" for link in _links(code, index - 1))


def _links(code: list[Token], last: int) -> Iterator[str]:
    """The properties that a path may end with; `last` is the place of its last token."""
    while last > 1:
        far = code[last].text in ("+", "*")
        while last > 1 and code[last].text in ("+", "*", "?", ")"):
            last -= 1
        if code[last].kind not in ("name", "iri") or code[last - 1].text == ",":
            return
        yield f"{code[last].text}+" if far else code[last].text
        while code[last - 1].text in ("/", "("):  # steps on the way
            last -= 2 if code[last - 1].text == "/" else 1
        if code[last - 1].text != "|":
            return
        last -= 2


_COMPARING = ("=", "<=", ">=", "<", ">")


def _compared(code: list[Token], index: int) -> list[Token]:
    """What the variable at `index`, or a function of it, is compared with: the tokens of a term of one variable."""
    first = last = index
    while first > 1 and code[first - 1].text == "(" and code[first - 2].kind == "word":
        first, last = first - 2, last + 1
    if code[first - 1].text in _COMPARING:
        found = list(_side(reversed(code[: first - 1]), ")", "("))[::-1]
    elif last + 1 < len(code) and code[last + 1].text in _COMPARING:
        found = list(_side(code[last + 2 :], "(", ")"))
    else:
        return []
    return found if len({token.text for token in found if token.kind == "variable"}) == 1 else []


def _side(pieces: Iterable[Token], opening: str, closing: str) -> Iterator[Token]:
    """The tokens up to the end of one side of a comparison."""
    depth = 0
    for piece in pieces:
        depth += (piece.text == opening) - (piece.text == closing)
        if depth < 0 or (depth == 0 and piece.text in ("&&", "||")):
            return
        yield piece


def _listed(code: list[Token], variable: str) -> Iterator[str]:
    """The names that a variable is held to: FILTER(?link IN (…)) or VALUES ?link { … }."""
    for index, piece in enumerate(code[:-2]):
        if piece.text == variable and (code[index + 1].text.upper() == "IN" or code[index + 1].text == "{"):
            for listed in code[index + 2 :]:
                if listed.text in (")", "}"):
                    break
                if listed.kind in ("name", "iri"):
                    yield listed.text


def _begins(before: Token) -> bool:
    """Whether a subject may stand behind this piece."""
    return before.text in ("{", "}", ".")


def common(source: Source, query: Query, parameter: Parameter, least: int) -> list[str]:
    """Values of an `iri` or `code` parameter that so many statements or more lead to where the query has it.

    The IRIs, that with most first.
    """
    uses: Counter[str] = Counter()
    for place in _places(query.text, parameter.name):
        text = f"SELECT ?v (COUNT(*) AS ?n) {{ {place} }} GROUP BY ?v HAVING (COUNT(*) >= {least})"
        for value, number in select(source, prefixed(text)).rows:
            if isinstance(value, NamedNode):
                uses[value.value] = max(uses[value.value], int(plain(number)))
    return sorted(uses, key=lambda value: (-uses[value], value))


def _fitting(source: Source, things: Iterable[NamedNode], base: str, begun: str, lang: str) -> list[Suggestion]:
    wanted = fold(begun)
    iris = {thing.value for thing in things}
    typed = {iri: iri.removeprefix(base) if iri.startswith(base) else shorten(iri).strip("<>") for iri in iris}
    by_value = sorted((value, iri) for iri, value in typed.items() if value.startswith(begun))[:_MOST]
    if by_value or not begun:
        names = _labelled(source, [iri for _, iri in by_value], lang)
        return [Suggestion(value, names.get(iri, "")) for value, iri in by_value]
    names = _labelled(source, sorted(iris)[: 10 * _MOST], lang)
    return sorted(
        (
            Suggestion(typed[iri], name)
            for iri, name in names.items()
            if any(word.startswith(wanted) for word in fold(name).split()) or fold(name).startswith(wanted)
        ),
        key=lambda found: found.value,
    )


def _labelled(source: Source, iris: list[str], lang: str) -> dict[str, str]:
    outside = {iri: name for iri in iris if (name := outside_name(iri, lang))}
    return labels(source, [NamedNode(iri) for iri in iris if iri not in outside], lang) | outside
