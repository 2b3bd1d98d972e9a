"""What no shape says: terms that the ontology does not know, literals that are not of their datatype."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import did_you_mean
from kg.terms import PREFIXES, TIL
from kg.validation.terms import display, key

_XSD = PREFIXES["xsd"]
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DAY = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_FLOAT = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_SPAN = r"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?"
_SPAN += r"(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
# Lexical forms by XML Schema 1.1 part 2.
_FORMS = {
    _XSD + name: re.compile(form)
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
        "hexBinary": r"(?:[0-9A-Fa-f]{2})*+",
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


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a triple; `value` is the key of the term at fault."""

    rule: str
    message: str
    focus: str
    predicate: str
    value: str
    help: str | None


def is_of_type(text: str, datatype: str) -> bool:
    """Whether `text` is a lexical form of an XSD datatype; True for datatypes that are not known here."""
    form = _FORMS.get(datatype)
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


def faults(quads: Iterable[Quad], known: Callable[[], frozenset[str]]) -> Iterator[Fault]:
    """The faults of statements; `known` gives the terms of the project's namespace, asked for at need."""
    seen: set[tuple[str, str]] = set()
    checked: dict[str, str | None] = {}

    def unknown(term: object) -> str | None:
        """The name of a til: term that the ontology does not declare."""
        if type(term) is not NamedNode or not term.value.startswith(TIL) or len(term.value) == len(TIL):
            return None
        iri = term.value
        if iri not in checked:
            checked[iri] = None if iri in known() else iri[len(TIL) :]
        return checked[iri]

    for subject, predicate, value, _ in quads:
        if type(value) is Literal:
            datatype = value.datatype.value
            form = _FORMS.get(datatype)
            if form is not None and not is_of_type(value.value, datatype):
                yield Fault(
                    "ill-typed-literal",
                    f"{display(key(value), 60)} is not written as {display(f'<{datatype}>')} is",
                    key(subject),
                    key(predicate),
                    key(value),
                    _EXAMPLES.get(datatype),
                )
        for term, place in ((predicate, "property"), (value, "term")):
            name = unknown(term)
            if name is not None:
                fault = (key(subject), name)
                if fault in seen:
                    continue
                seen.add(fault)
                near = did_you_mean(f"til:{name}", [f"til:{iri[len(TIL) :]}" for iri in known()])
                yield Fault(
                    "unknown-term",
                    f"the ontology has no {place} til:{name}",
                    key(subject),
                    key(predicate),
                    key(value),
                    near or "ontology/tilsagn.ttl has its terms; use another vocabulary's for what it lacks",
                )
