"""What no shape says: terms that the ontology does not know, literals that are not of their datatype."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.errors import did_you_mean
from kg.shacl.graph import Node, Properties, key
from kg.terms import PREFIXES, TIL
from kg.validation.hints import display

_XSD = PREFIXES["xsd"]
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DAY = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_FLOAT = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_SPAN = r"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?"
_SPAN += r"(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
# Lexical forms by XML Schema 1.1 part 2.
_FORMS = {
    _XSD + name: form
    for name, form in {
        "integer": r"[+-]?[0-9]+",
        "nonNegativeInteger": r"\+?[0-9]+|-0+",
        "positiveInteger": r"\+?0*[1-9][0-9]*",
        "negativeInteger": r"-0*[1-9][0-9]*",
        "nonPositiveInteger": r"-[0-9]+|\+?0+",
        "long": r"[+-]?[0-9]+",
        "int": r"[+-]?[0-9]+",
        "short": r"[+-]?[0-9]+",
        "byte": r"[+-]?[0-9]+",
        "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
        "double": _FLOAT,
        "float": _FLOAT,
        "boolean": r"true|false|1|0",
        "date": _DAY + _ZONE,
        "dateTime": f"{_DAY}T{_CLOCK}{_ZONE}",
        "time": _CLOCK + _ZONE,
        "gYear": r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})" + _ZONE,
        "gYearMonth": r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])" + _ZONE,
        "hexBinary": r"(?:[0-9A-Fa-f]{2})*",
        "duration": _SPAN,
        "language": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    }.items()
}
_EXAMPLES = {
    _XSD + "date": 'a day is written "2019-10-07"^^xsd:date',
    _XSD + "integer": "whole kroner without spaces, points or commas: 190000000",
    _XSD + "decimal": 'a point, no comma: "6.7"^^xsd:decimal',
    _XSD + "boolean": "true or false",
    _XSD + "gYear": 'four digits: "2019"^^xsd:gYear',
    _XSD + "dateTime": '"2019-10-07T10:00:00Z"^^xsd:dateTime',
}


class Fault(NamedTuple):
    """One fault of a triple; `value` is the key of the term at fault."""

    rule: str
    message: str
    focus: str
    predicate: str
    value: str
    help: str | None


@cache
def _form(datatype: str) -> re.Pattern[str] | None:
    """The lexical form of a datatype, compiled when it is first asked for."""
    form = _FORMS.get(datatype)
    return None if form is None else re.compile(form)


def is_of_type(text: str, datatype: str) -> bool:
    """Whether `text` is a lexical form of an XSD datatype; True for datatypes that are not known here."""
    form = _form(datatype)
    if form is None:
        return True
    if not form.fullmatch(text):
        return False
    if datatype in (_XSD + "date", _XSD + "dateTime"):
        year, month, day = text.lstrip("-")[:4], text.lstrip("-")[5:7], text.lstrip("-")[8:10]
        if year.isdigit() and year != "0000" and len(text.lstrip("-").partition("-")[0]) == 4:
            try:
                datetime.date(int(year), int(month), int(day))
            except ValueError:
                return False
    return True


def faults(graph: Mapping[Node, Properties], known: Callable[[], frozenset[str]]) -> Iterator[Fault]:
    """The faults of a graph's statements; `known` gives the terms of the project's namespace, asked for at need."""
    fine: set[str] = set()  # IRIs with nothing to say about
    for subject, properties in graph.items():
        seen: set[str] = set()  # the unknown terms of this subject
        for predicate, found in properties.items():
            several: Sequence[Node] = found if type(found) is list else (found,)  # type: ignore[assignment]  # one value or a list
            for value in several:
                iris = () if predicate in fine else (predicate,)
                if type(value) is Literal:
                    datatype = value.datatype.value
                    if datatype in _FORMS and not is_of_type(value.value, datatype):
                        yield _ill_typed(subject, predicate, value)
                elif type(value) is NamedNode and value.value not in fine:
                    iris = (*iris, value.value)
                for iri in iris:
                    if not iri.startswith(TIL) or iri == TIL or iri in known():
                        fine.add(iri)
                    elif iri not in seen:
                        seen.add(iri)
                        yield _unknown(subject, predicate, value, iri, known())


def _ill_typed(subject: Node, predicate: str, value: Literal) -> Fault:
    datatype = value.datatype.value
    return Fault(
        "ill-typed-literal",
        f"{display(key(value), 60)} is not written as {display(f'<{datatype}>')} is",
        key(subject),
        f"<{predicate}>",
        key(value),
        _EXAMPLES.get(datatype),
    )


def _unknown(subject: Node, predicate: str, value: Node, iri: str, known: frozenset[str]) -> Fault:
    name, place = iri[len(TIL) :], "property" if iri == predicate else "term"
    near = did_you_mean(f"til:{name}", [f"til:{other[len(TIL) :]}" for other in known])
    return Fault(
        "unknown-term",
        f"the ontology has no {place} til:{name}",
        key(subject),
        f"<{predicate}>",
        key(value),
        near or "ontology/tilsagn.ttl has its terms; use another vocabulary's for what it lacks",
    )
