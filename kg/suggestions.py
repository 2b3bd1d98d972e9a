"""What a person may type next: values of a question's parameter that the graph has, with their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.errors import fold
from kg.labels import labels
from kg.project import Project
from kg.queries import Parameter, Query
from kg.rdf import NamedNode
from kg.results import Source, select
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
    file = project.ontology / "codes" / f"{parameter.codes}.ttl"
    if not file.is_file():
        return []
    source = Store.of_files([file])
    base = f"{CODE}{parameter.codes}/"
    found = select(source, prefixed("SELECT ?c { ?c a skos:Concept }"))
    return _fitting(source, [row[0] for row in found.rows if isinstance(row[0], NamedNode)], base, begun, lang)


def things(source: Source, query: Query, parameter: Parameter, begun: str, lang: str) -> list[Suggestion]:
    """Things that an `iri` parameter may be: those that stand in the graph where the query has the parameter."""
    places = list(_places(query.text, parameter.name))
    if not places:
        return []
    text = f"SELECT DISTINCT ?v {{ {{ {' } UNION { '.join(places)} }} FILTER(isIRI(?v)) }}"
    found = select(source, prefixed(text))
    return _fitting(source, [row[0] for row in found.rows if isinstance(row[0], NamedNode)], ID, begun, lang)


def literals(source: Source, query: Query, parameter: Parameter, begun: str) -> list[Suggestion]:
    """Values of any other type that stand in the graph where the query has the parameter."""
    places = list(_places(query.text, parameter.name))
    if not places:
        return []
    text = f"SELECT DISTINCT ?v {{ {{ {' } UNION { '.join(places)} }} FILTER(isLiteral(?v)) }} LIMIT {_MOST}"
    found = {row[0].value for row in select(source, prefixed(text)).rows if row[0] is not None}
    return [Suggestion(value, "") for value in sorted(found) if value.startswith(begun)]


def _places(text: str, name: str) -> Iterator[str]:
    """Patterns `?s property ?v` and `?v a Class` in which the query uses the parameter, said with ?v."""
    code = [piece for piece in tokens(text) if piece.kind not in ("space", "comment")]
    seen: set[str] = set()
    for index, piece in enumerate(code):
        if piece.kind != "variable" or piece.text[1:] != name or not index:
            continue
        last = index - 1
        while last > 1 and code[last].text in ("+", "*", "?", ")"):  # the end of a property path
            last -= 1
        before, after = code[last], code[index + 1 : index + 3]
        if before.text == "=" and code[last - 1].kind == "variable":
            found = list(_places(text, code[last - 1].text[1:]))  # it is said to be the same as another
        elif before.kind in ("name", "iri") and code[last - 1].text != ",":
            found = [f"?s {before.text} ?v"]
        elif before.kind == "variable":
            found = [f"?s {link} ?v" for link in _listed(code, before.text)]
        elif len(after) == 2 and _begins(before) and after[0].text == "a" and after[1].kind in ("name", "iri"):
            found = [f"?v a {after[1].text}"]
        elif len(after) == 2 and _begins(before) and after[0].kind in ("name", "iri"):
            found = [f"?v {after[0].text} ?o"]
        else:
            continue
        yield from (pattern for pattern in found if pattern not in seen)
        seen.update(found)


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


def _fitting(source: Source, things: Iterable[NamedNode], base: str, begun: str, lang: str) -> list[Suggestion]:
    wanted = fold(begun)
    iris = {thing.value for thing in things}
    typed = {iri: iri.removeprefix(base) if iri.startswith(base) else shorten(iri).strip("<>") for iri in iris}
    by_value = sorted((value, iri) for iri, value in typed.items() if value.startswith(begun))[:_MOST]
    if by_value or not begun:
        names = labels(source, [NamedNode(iri) for _, iri in by_value], lang)
        return [Suggestion(value, names.get(iri, "")) for value, iri in by_value]
    names = labels(source, [NamedNode(iri) for iri in sorted(iris)[: 10 * _MOST]], lang)
    return sorted(
        (
            Suggestion(typed[iri], name)
            for iri, name in names.items()
            if any(word.startswith(wanted) for word in fold(name).split()) or fold(name).startswith(wanted)
        ),
        key=lambda found: found.value,
    )
