"""Constraints on values compiled to closures that answer True (surely holds), False (surely not) or None.

Each is written so that it says True only where pyshacl is sure to report nothing; in all else pyshacl decides.
Definitions: SHACL 1.0, section 4 (https://www.w3.org/TR/shacl/#core-components).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.shacl.characteristic_sets import OfValue, OfValues, Verdict, any_of
from kg.shacl.graph import RDF, RDFS, SUBCLASS, TYPE, XSD, Graph, Node, values
from kg.shacl.paths import Uncompiled, items
from kg.shacl.vocabulary import SH

_INTEGER = re.compile(r"[+-]?[0-9]{1,40}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


# Datatype → whether a text is surely one of its lexical forms, for pyshacl and for the standard alike.
_LEXICAL: dict[str, Callable[[str], object]] = {
    XSD + "integer": _INTEGER.fullmatch,
    XSD + "decimal": _DECIMAL.fullmatch,
    XSD + "boolean": {"true", "false", "1", "0"}.__contains__,
    XSD + "date": _is_date,
    XSD + "hexBinary": re.compile(r"(?:[0-9A-Fa-f]{2})+").fullmatch,
    XSD + "string": lambda text: True,
    RDF + "langString": lambda text: True,
}


def datatype(kind: Node) -> OfValue:
    """sh:datatype."""
    if not isinstance(kind, NamedNode):
        raise Uncompiled("sh:datatype that is no IRI")
    lexical = _LEXICAL.get(kind.value)
    if kind.value.startswith(RDFS):
        raise Uncompiled(f"sh:datatype {kind.value}")
    # Of a datatype that no standard defines nobody knows the lexical forms.
    foreign = not kind.value.startswith((XSD, RDF))

    def check(value: Node) -> Verdict:
        if type(value) is not Literal or value.datatype != kind:
            return False
        return True if foreign or (lexical is not None and lexical(value.value)) else None

    return check


_KINDS: dict[str, tuple[type, ...]] = {
    "IRI": (NamedNode,),
    "BlankNode": (BlankNode,),
    "Literal": (Literal,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "BlankNodeOrLiteral": (BlankNode, Literal),
    "IRIOrLiteral": (NamedNode, Literal),
}


def node_kind(kind: Node) -> OfValue:
    """sh:nodeKind."""
    kinds = _KINDS.get(kind.value.removeprefix(SH)) if isinstance(kind, NamedNode) else None
    if kinds is None:
        raise Uncompiled("sh:nodeKind of no known kind")
    return lambda value: type(value) in kinds


def of_class(kind: Node, graph: Graph) -> OfValue:
    """sh:class: the value's types, and the classes above them in the data graph."""
    known: dict[Node, bool] = {}

    def check(value: Node) -> Verdict:
        found = known.get(value)
        if found is None:
            found = known[value] = type(value) is not Literal and _is_a(value, kind, graph)
        return found

    return check


def _is_a(value: Node, kind: Node, graph: Graph) -> bool:
    todo = list(values(graph.lookup(value), TYPE))
    done: set[Node] = set()
    while todo:
        found = todo.pop()
        if found == kind:
            return True
        if found not in done:
            done.add(found)
            todo.extend(values(graph.lookup(found), SUBCLASS))
    return False


def whole(parameter: Node) -> int:
    """The number that a count or a length is given as. Raises Uncompiled for anything but xsd:integer."""
    if (
        isinstance(parameter, Literal)
        and parameter.datatype.value == XSD + "integer"
        and re.fullmatch(r"[0-9]{1,9}", parameter.value)
    ):
        return int(parameter.value)
    raise Uncompiled("a count that is no xsd:integer")


def truth(parameter: Node) -> bool:
    """A boolean parameter. Raises Uncompiled for any other spelling than true and false."""
    is_boolean = isinstance(parameter, Literal) and parameter.datatype.value == XSD + "boolean"
    if is_boolean and parameter.value in ("true", "false"):
        return parameter.value == "true"
    raise Uncompiled("a boolean parameter that is neither true nor false")


def length(least: int | None, most: int | None) -> OfValue:
    """sh:minLength and sh:maxLength, in code points; a blank node has no length."""

    def check(value: Node) -> Verdict:
        if type(value) is BlankNode:
            return None if least == 0 and most is None else False
        count = len(value.value)
        return (least is None or count >= least) and (most is None or count <= most)

    return check


def pattern(parameter: Node, flags: str) -> OfValue:
    """sh:pattern, as pyshacl reads it: a search with Python's expressions."""
    if not isinstance(parameter, Literal) or not parameter.value or set(flags) - set("im"):
        raise Uncompiled("sh:pattern with flags other than i and m")
    try:
        search = re.compile(parameter.value, (re.I if "i" in flags else 0) | (re.M if "m" in flags else 0)).search
    except re.error:
        raise Uncompiled("sh:pattern that Python does not read") from None
    return lambda value: type(value) is not BlankNode and search(value.value) is not None


def language_in(shapes: Graph, head: Node) -> OfValue:
    """sh:languageIn: the tag, or its first part, is in the list."""
    wanted = set()
    for item in items(shapes, head):
        if not isinstance(item, Literal) or item.language:
            raise Uncompiled("sh:languageIn of something that is no plain string")
        wanted.add(item.value.lower())

    verdicts: dict[str | None, bool] = {None: False}

    def check(value: Node) -> Verdict:
        if type(value) is not Literal:
            return False
        language = value.language
        verdict = verdicts.get(language)
        if verdict is None:
            tag = (language or "").lower()
            first = tag.partition("-")[0]
            verdicts[language] = verdict = bool(tag) and ("*" in wanted or tag in wanted or first in wanted)
        return verdict

    return check


def one_of(shapes: Graph, head: Node) -> OfValue:
    """sh:in."""
    return frozenset(items(shapes, head)).__contains__


def _comparable(term: Node) -> tuple[str, int | Decimal | str] | None:
    """What a literal compares as, where that is beyond doubt: a number or a date without a time zone."""
    if not isinstance(term, Literal):
        return None
    kind, text = term.datatype.value, term.value
    if kind == XSD + "integer" and _INTEGER.fullmatch(text):
        return "number", int(text)
    if kind == XSD + "decimal" and _DECIMAL.fullmatch(text):
        return "number", Decimal(text)
    if kind == XSD + "date" and _is_date(text):
        return "date", text
    return None


def less(one: Node, other: Node, *, equal: bool) -> Verdict:
    """Whether one literal is less than another (or equal); None where that is not beyond doubt."""
    a, b = _comparable(one), _comparable(other)
    if a is None or b is None or a[0] != b[0]:
        return None
    x, y = a[1], b[1]
    return x < y or (equal and x == y)  # type: ignore[operator]  # of one kind by now


def bound(parameter: Node, *, lower: bool, inclusive: bool) -> OfValue:
    """sh:minInclusive, sh:minExclusive, sh:maxInclusive, sh:maxExclusive."""
    if _comparable(parameter) is None:
        raise Uncompiled("a bound that is neither integer, decimal nor date")
    if lower:
        return lambda value: less(parameter, value, equal=inclusive)
    return lambda value: less(value, parameter, equal=inclusive)


def unique_lang(_focus: Node, found: Sequence[Node]) -> Verdict:
    """sh:uniqueLang true."""
    if len(found) < 2:
        return True
    tags = [value.language.lower() for value in found if type(value) is Literal and value.language]
    return len(tags) == len(set(tags))


def pair(name: str, predicate: Node, graph: Graph) -> OfValues:
    """sh:equals, sh:disjoint, sh:lessThan and sh:lessThanOrEquals: the values beside those of another property."""
    other = iri(predicate)
    if name == "equals":
        return lambda focus, found: set(found) == set(values(graph.lookup(focus), other))
    if name == "disjoint":
        return lambda focus, found: set(found).isdisjoint(values(graph.lookup(focus), other))
    equal = name == "lessThanOrEquals"

    def check(focus: Node, found: Sequence[Node]) -> Verdict:
        if not found:
            return True
        for above in values(graph.lookup(focus), other):
            for value in found:
                verdict = less(value, above, equal=equal)
                if verdict is not True:
                    return verdict
        return True

    return check


def has_value(wanted: Node) -> OfValues:
    """sh:hasValue."""
    return lambda focus, found: wanted in found


def qualified(check: OfValue, siblings: Sequence[OfValue], least: int, most: int | None) -> OfValues:
    """sh:qualifiedValueShape: how many values conform to it, and to none of its siblings."""

    def alone(value: Node) -> Verdict:
        verdict = check(value)
        if verdict is False:
            return False
        other = any_of(sibling(value) for sibling in siblings)
        if other is True:
            return False
        return verdict if other is False else None

    counted = alone if siblings else check

    def of_values(focus: Node, found: Sequence[Node]) -> Verdict:
        verdicts = [counted(value) for value in found]
        sure, perhaps = verdicts.count(True), len(verdicts) - verdicts.count(False)
        if sure >= least and (most is None or perhaps <= most):
            return True
        return False if perhaps < least or (most is not None and sure > most) else None

    return of_values


def of_value(name: str, parameter: Node, shapes: Graph) -> OfValue:
    """The test of a constraint on each value by itself, with one parameter. Raises Uncompiled."""
    if name == "datatype":
        return datatype(parameter)
    if name == "nodeKind":
        return node_kind(parameter)
    if name == "minLength":
        return length(whole(parameter), None)
    if name == "maxLength":
        return length(None, whole(parameter))
    if name == "languageIn":
        return language_in(shapes, parameter)
    if name == "in":
        return one_of(shapes, parameter)
    if name in ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"):
        return bound(parameter, lower=name.startswith("min"), inclusive=name.endswith("Inclusive"))
    raise Uncompiled(f"sh:{name}")


def iri(term: Node) -> str:
    """The IRI of a predicate. Raises Uncompiled for anything else."""
    if not isinstance(term, NamedNode):
        raise Uncompiled("a predicate that is no IRI")
    return term.value
