"""The words and signs that join one number to the next: lists, ranges, changes, parts, years."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from kg.draft.lexicon import lexicon

_BLANK = " \t\u00a0\u2009\u202f"
_SPACE = rf"(?:[{_BLANK}]{{1,3}}|[{_BLANK}]{{0,3}}\r?\n[{_BLANK}>]{{0,8}})"


@dataclass(frozen=True, slots=True)
class Joints:
    """What may stand between two numbers that share a scale or a currency."""

    between: re.Pattern[str]
    words_before: re.Pattern[str]
    # What `words_before` may end in, the blanks left out.
    ends: tuple[str, ...]
    part: re.Pattern[str]
    further: re.Pattern[str]
    later: re.Pattern[str]
    to: re.Pattern[str]
    against: re.Pattern[str]
    in_year: re.Pattern[str]


def _either(phrases: tuple[str, ...]) -> str:
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s") for phrase in sorted(phrases, key=len, reverse=True))


@functools.cache
def joints(code: str) -> Joints:
    """What joins numbers in one language, read once."""
    words = lexicon(code)
    connect = words.connect
    year = rf"(?:{_SPACE}(?:{_either(connect['in'])}){_SPACE}(?:19|20)\d\d)?"
    qualifier = _either(tuple(" ".join(phrase) for phrase in words.qualifier))
    extra = rf"(?:(?:{_either(connect['further'] + connect['respectively'])})\.?{_SPACE})?"
    loose = rf"{extra}(?:(?:{qualifier})\.?{_SPACE})?"
    joins = _either(connect["and"] + connect["against"])
    conjunction = (
        rf"(?P<and>{_either(connect['and'])})|(?P<or>{_either(connect['or'] + connect['respectively'])})\.?"
        rf"|(?P<to>{_either(connect['to'])})"
    )
    return Joints(
        between=re.compile(
            rf"{year}(?:[{_BLANK}]?(?:,[{_BLANK}])?(?P<dash>[-–—‐‑−])[{_BLANK}]?(?:\r?\n)?|(?P<slash>[{_BLANK}]?/[{_BLANK}]?)"
            rf"|(?P<comma>[,;]){_SPACE}(?:(?:{conjunction.replace('?P<', '?P<c')}){_SPACE})?"
            rf"|{_SPACE}(?:{conjunction}){_SPACE}){loose}"
        ),
        words_before=re.compile(
            rf"(?:(?P<dash>[-–])|{_SPACE}(?:(?P<and>{_either(connect['and'])})|(?P<or>{_either(connect['or'])})"
            rf"|(?P<to>{_either(connect['to'])})){_SPACE})$"
        ),
        ends=("-", "–", *(p.split()[-1] for name in ("and", "or", "to") for p in connect[name])),
        part=re.compile(rf"(?:^|[\s(,])(?:{_either(connect['part'])}){_SPACE}{loose}$"),
        further=re.compile(
            rf"[\s,](?:{_either(connect['and'])}){_SPACE}(?:(?:{_either(connect['further'])}){_SPACE})$"
        ),
        later=re.compile(
            rf"{year}(?:,|{_SPACE}(?:{joins}))(?:{_SPACE}(?:{joins}))?{_SPACE}"
            rf"(?:(?:{_either(connect['in'])}){_SPACE}(?:19|20)\d\d{_SPACE})?{loose}"
        ),
        to=re.compile(rf"{year}{_SPACE}(?:{_either(connect['to'])}){_SPACE}{loose}"),
        against=re.compile(rf"(?:,|(?<=\s))(?:{_SPACE})?(?:{_either(connect['against'])}){_SPACE}{loose}$"),
        in_year=re.compile(rf"{_SPACE}(?:{_either(connect['in'])}){_SPACE}(?:19|20)\d\d(?!\d)"),
    )
