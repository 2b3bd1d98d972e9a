"""The lexical forms of XML Schema's datatypes: whether a text is one, and how what was meant is written."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import cache

from kg.terms import PREFIXES, shorten

_XSD = PREFIXES["xsd"]
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DAY = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_FLOAT = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_SPAN = r"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?"
_SPAN += r"(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
# Lexical forms by XML Schema 1.1 part 2.
FORMS = {
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


@cache
def _form(datatype: str) -> re.Pattern[str] | None:
    """The lexical form of a datatype, compiled when it is first asked for."""
    form = FORMS.get(datatype)
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


_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[./ ]\s*(\d{1,2})[./ ]\s*(\d{4})")
_SHORT_DATE = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_YES = dict.fromkeys(("ja", "yes", "sand", "sant", "true"), "true") | dict.fromkeys(
    ("nej", "nei", "no", "falsk", "usant", "false"), "false"
)


def written(text: str, datatype: str) -> str | None:
    """What is wrong with `text`, which is no lexical form of an XSD datatype, and how it would be written."""
    wrong = _no_such_day(text)
    if wrong:
        return wrong
    for meant in _meant(text.strip(), datatype.removeprefix(_XSD)):
        if is_of_type(meant, datatype):
            return f'"{text}" is no value of {shorten(datatype)}: write "{meant}"'
    return _EXAMPLES.get(datatype)


def _no_such_day(text: str) -> str | None:
    """That a day written as days are is none of the calendar."""
    found = _DATE.match(text)
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    if not 1 <= month <= 12:
        return f"there is no month {month}"
    try:
        datetime.date(max(year, 1), month, day)
    except ValueError:
        return f"there is no day {day} in month {month} of {year}"
    return None


def _meant(text: str, name: str) -> Iterator[str]:
    """What a person may have meant who does not write as XML Schema does."""
    yield text
    if name == "boolean" and text.casefold() in _YES:
        yield _YES[text.casefold()]
    if name in ("date", "dateTime"):
        if found := _DAY_FIRST.fullmatch(text):
            yield f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
        if found := _SHORT_DATE.fullmatch(text):
            yield f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
        yield text.replace(" ", "T", 1)
        yield text.partition("T")[0]
    if name == "gYear":
        yield text[:4]
    plain = re.sub(r"[\s\u2009'’]", "", text).replace("\u2212", "-")
    grouped = re.fullmatch(r"[+-]?\d{1,3}(?:\.\d{3})+(,\d+)?|[+-]?\d{1,3}(?:,\d{3}){2,}", plain)
    yield plain
    if grouped:
        yield plain.replace(".", "").replace(",", "." if grouped[1] else "")
    yield plain.replace(",", ".")
