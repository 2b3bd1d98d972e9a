"""What to know of the answer to a question of one's own: names bound nowhere, unknown terms, sums that came out empty.

Read from the question's tokens, and asked of the source where it must be.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.errors import did_you_mean, nearest
from kg.rdf import Literal, iri
from kg.results import Answer, Source, Table, plain, select
from kg.sparql import Question, Token, code, heads
from kg.terms import PREFIXES, shorten

_KINDS = (
    "owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty rdf:Property rdfs:Class skos:Concept"
)
_SUMS = ("SUM", "AVG")


def of_text(question: Question) -> Iterator[str]:
    """Variables that are used and bound nowhere."""
    used, bound = _variables(code(question.text))
    for name in used:
        if name not in bound:
            near = " or ".join(f"?{other}" for other in nearest(name, bound))
            yield f"?{name} is bound nowhere, so it is empty" + (f": did you mean {near}?" if near else "")


def of_answer(question: Question, source: Source, answer: Answer) -> Iterator[str]:
    """Terms of known vocabularies that the graph does not have; sums without a number. Raises what the source does."""
    yield from _unknown_terms(question, source)
    if isinstance(answer, Table):
        yield from _empty_sums(question, source, answer)


def _unknown_terms(question: Question, source: Source) -> Iterator[str]:
    asked = {term: None for piece in code(question.text) if (term := _term(piece))}
    if not asked:
        return
    listed = " ".join(str(iri(term)) for term in asked)
    there = select(
        source,
        f"SELECT ?t {{ VALUES ?t {{ {listed} }} FILTER(EXISTS {{ ?t ?a ?b }} || EXISTS {{ ?c ?t ?d }} || "
        "EXISTS { ?e ?f ?t }) }",
    )
    for term in asked.keys() - {plain(row[0]) for row in there.rows}:
        space = term[: max(term.rfind("/"), term.rfind("#")) + 1]
        others = select(
            source,
            f"SELECT DISTINCT ?t {{ VALUES ?kind {{ {_KINDS} }} ?t a ?kind FILTER(STRSTARTS(STR(?t), '{space}')) }}",
        )
        near = did_you_mean(shorten(term), [shorten(plain(row[0])) for row in others.rows])
        yield f"nothing in the graph has {shorten(term)}" + (f": {near}" if near else "")


def _term(piece: Token) -> str | None:
    """The IRI that a piece of a question names, where that is a term of a known vocabulary."""
    if piece.kind == "name":
        prefix, _, local = piece.text.partition(":")
        return PREFIXES[prefix] + local if local and prefix in PREFIXES and "\\" not in local else None
    if piece.kind == "iri":
        found = piece.text[1:-1]
        space = found[: max(found.rfind("/"), found.rfind("#")) + 1]
        return found if space != found and space in PREFIXES.values() else None
    return None


def _empty_sums(question: Question, source: Source, answer: Table) -> Iterator[str]:
    head = next(heads(question.text), None)
    if head is None or head.where is None:
        return
    words = [piece.text for piece in head.pieces if piece.text.upper() != "DISTINCT"]
    for at, word in enumerate(words):
        # ( SUM ( ?value ) AS ?name )
        if (
            word.upper() not in _SUMS
            or words[at + 3 : at + 4] != [")"]
            or not words[at + 2].startswith(("?", "$"))
        ):
            continue
        name = words[at + 5][1:] if words[at + 4].upper() == "AS" else None
        column = answer.columns.index(name) if name in answer.columns else None
        if column is None or all(row[column] is not None for row in answer.rows):
            continue
        value = words[at + 2]
        before, group = question.text[: head.start], question.text[head.where[0] : head.where[1]]
        counted = select(
            source,
            f"{before} SELECT (COUNT(*) AS ?all) (SUM(IF(COALESCE(isNumeric({value}), false), 0, 1)) AS ?not) {group}",
        )
        many, lacking = (plain(term) if isinstance(term, Literal) else "0" for term in counted.rows[0])
        yield (
            f"{value} is no number in {lacking} of {many} solutions, so ?{name} is empty; "
            f"FILTER(isNumeric({value})) leaves those out"
        )


def _variables(pieces: list[Token]) -> tuple[dict[str, None], set[str]]:
    """The variables that are used, in order, and those that something binds: a pattern, AS, VALUES."""
    used: dict[str, None] = {}
    bound: set[str] = set()
    modes = ["head"]  # of each open brace: a head (SELECT … GROUP BY …), a template, a pattern
    inside: list[bool] = []  # of each open parenthesis: whether it holds an expression
    before = ""
    for piece in pieces:
        word = piece.text.upper() if piece.kind == "word" else piece.text
        if word in ("SELECT", "DESCRIBE") and piece.kind == "word":
            modes[-1] = "head"
        elif word == "{":
            modes.append("template" if before == "CONSTRUCT" else "pattern")
        elif word == "}" and len(modes) > 1:
            modes.pop()
        elif word == "(":
            expression = (
                before not in ("VALUES", "UNION", "OPTIONAL", "WHERE") and before.isalpha() and before.isupper()
            )
            inside.append((modes[-1] == "head" and before != "VALUES") or expression or any(inside))
        elif word == ")" and inside:
            inside.pop()
        elif piece.kind == "variable":
            name = piece.text[1:]
            if before in ("AS", "VALUES") or (modes[-1] == "pattern" and not any(inside)) or inside == [False]:
                bound.add(name)
            else:
                used[name] = None
        before = word if piece.kind != "variable" or before != "VALUES" else "VALUES"
    return used, bound
