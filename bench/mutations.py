"""Ways to change a file: bytes to bytes, at random.

Rough changes know nothing of RDF and mostly break the syntax. Gentle ones take whole words of it (values, names,
datatypes, language tags, lines) and mostly leave a file that can be read and says something else.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Change = Callable[[random.Random, bytes], bytes]

_MAX_BYTES = 20_000
_BITS = [
    b"[", b"]", b"(", b")", b'"', b"'", b'"""', b"<", b">", b"<<", b"<<(", b"{|", b"{", b"}", b"@", b"^^",
    b".", b";", b",", b"#", b"\\", b"\\u12", b"_:", b"a", b"@prefix", b"PREFIX", b"@base <x> .", b"&a;",
    b"&#0;", b"<!ENTITY", b"<!--", b"]]>", b"99999999999999999999", b"1e999", b":", b"ex:", b"ex", b" ",
    b"GRAPH", b"null", b'"@id":', b'"@context":',
]  # fmt: skip
_CONTROLS = [
    b"\x00", b"\x01", b"\x0b", b"\x0c", b"\x1b[31m", b"\x7f", b"\t", b"\xc2\x85", b"\xe2\x80\xa8",
    b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\xe2\x81\xa6", b"\xef\xbf\xbe",
]  # fmt: skip
_NOT_UTF8 = [b"\xff", b"\xfe\xff", b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe9", b"\x80"]
_VALUES = [
    b"", b"1", b"9", b"-1", b"007", b"1.50", b"1e999", b"NaN", b"INF", b"true", b"9" * 400,
    b"-" + b"9" * 30 + b".5", b"0" * 300, b"2020-02-30", b"2020-12-31", b"99999-01-01", b"-0001-01-01",
    b"10000000", b"x" * 400, b"a\\tb", b"\\u00e9", "e\u0301é".encode(), "漢字".encode(), "😀".encode(),
    "\u200fא".encode(), b"http://example.org/a", b"%0A,::%", b"a b",
]  # fmt: skip
_TYPES = [
    b"integer", b"decimal", b"double", b"date", b"dateTime", b"gYear", b"boolean", b"string", b"hexBinary",
    b"anyURI", b"Integer", b"nosuch", b"", b"duration", b"nonNegativeInteger", b"float",
]  # fmt: skip
_TAGS = [b"@en", b"@da", b"@nb", b"@x-private", b"@", b"@en--ltr", b"@abcdefghijk", b"@DA", b"@de-DE"]

# What a value is in any of the six syntaxes: a number or a quoted string, or the text of an XML element.
_VALUE = re.compile(rb'(?<=")[^"\\\n]*(?=")|(?<=[\s;,(])[-+]?\d[\d.]*(?=[\s;,)\]}])|(?<=>)[^<>\n]+(?=</)')
_NAME = re.compile(rb"\b(?:ex|id|til|role|kind|basis|qual|origin|stage|cur):[A-Za-z][\w-]*|<http[^<>\s]*>")
_TYPE = re.compile(rb"(?<=XMLSchema#)\w+|(?<=xsd:)\w+")
_TAG = re.compile(rb'(?<=")@[\w-]+')
_PREFIX = re.compile(rb'(?<=@prefix )\w*: <[^>]*>|(?<=xmlns:)\w+="[^"]*"')
_CLOSER = re.compile(rb"[\"'>]")


def _span(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 1, 2, 5, 40)))


def _at(chance: random.Random, data: bytes, piece: bytes) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + piece + data[start:]


def _drop(chance: random.Random, data: bytes) -> bytes:
    start, end = _span(chance, data)
    return data[:start] + data[end:]


def _repeat(chance: random.Random, data: bytes) -> bytes:
    start, end = _span(chance, data)
    return data[:start] + data[start:end] * chance.choice((2, 3, 50)) + data[end:]


def _swap(chance: random.Random, data: bytes) -> bytes:
    cuts = sorted(chance.randrange(len(data) + 1) for _ in range(4))
    a, b, c, d = cuts
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _bit(chance: random.Random, data: bytes) -> bytes:
    if not data:
        return data
    start = chance.randrange(len(data))
    return data[:start] + bytes([data[start] ^ 1 << chance.randrange(8)]) + data[start + 1 :]


def _byte(chance: random.Random, data: bytes) -> bytes:
    start, _ = _span(chance, data)
    return data[:start] + bytes([chance.randrange(256)]) + data[start + 1 :]


def _cut(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _mark(chance: random.Random, data: bytes) -> bytes:
    return _at(chance, data, chance.choice(_BITS) * chance.choice((1, 1, 1, 2, 300)))


def _control(chance: random.Random, data: bytes) -> bytes:
    return _at(chance, data, chance.choice(_CONTROLS))


def _not_utf8(chance: random.Random, data: bytes) -> bytes:
    return _at(chance, data, chance.choice(_NOT_UTF8))


def _encoding(chance: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(chance.choice(("utf-16", "utf-16-le", "latin-1", "utf-7", "utf-8-sig")), "replace")


def _unterminated(chance: random.Random, data: bytes) -> bytes:
    """Without one of its closing quotes or brackets."""
    closers = list(_CLOSER.finditer(data))
    if not closers:
        return data
    found = chance.choice(closers)
    return data[: found.start()] + data[found.end() :]


def _nesting(chance: random.Random, data: bytes) -> bytes:
    """Brackets by the hundred around one place."""
    start, depth = chance.randrange(len(data) + 1), chance.choice((5, 90, 110, 900))
    opened, closed = chance.choice(
        (
            (b"[ ex:part ", b" ]"),
            (b"( ", b" )"),
            (b'{"x:p":', b"}"),
            (b"[", b"]"),
            (b"<ex:p>", b"</ex:p>"),
            (b"{ ", b" }"),
        )
    )
    return data[:start] + opened * depth + data[start : start + 1] + closed * depth + data[start + 1 :]


def _line_ends(chance: random.Random, data: bytes) -> bytes:
    return data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"")))


def _byte_order_mark(_: random.Random, data: bytes) -> bytes:
    return b"\xef\xbb\xbf" + data


def _lines(chance: random.Random, data: bytes) -> bytes:
    """One line dropped, doubled or moved."""
    lines = data.split(b"\n")
    picked = chance.randrange(len(lines))
    match chance.randrange(3):
        case 0:
            del lines[picked]
        case 1:
            lines.insert(picked, lines[picked])
        case _:
            lines.insert(chance.randrange(len(lines)), lines.pop(picked))
    return b"\n".join(lines)


def _replaced(pattern: re.Pattern[bytes], choices: list[bytes]) -> Change:
    """One match of `pattern` becomes one of `choices`."""

    def change(chance: random.Random, data: bytes) -> bytes:
        found = list(pattern.finditer(data))
        if not found:
            return data
        match = chance.choice(found)
        return data[: match.start()] + chance.choice(choices) + data[match.end() :]

    return change


def _exchanged(pattern: re.Pattern[bytes]) -> Change:
    """Two matches of `pattern` change places, or one takes the other's."""

    def change(chance: random.Random, data: bytes) -> bytes:
        found = list(pattern.finditer(data))
        if len(found) < 2:
            return data
        first, second = sorted(chance.sample(found, 2), key=lambda match: match.start())
        kept = second.group() if chance.random() < 0.3 else first.group()
        return (
            data[: first.start()]
            + second.group()
            + data[first.end() : second.start()]
            + kept
            + data[second.end() :]
        )

    return change


ROUGH: list[Change] = [
    _drop,
    _repeat,
    _swap,
    _bit,
    _byte,
    _cut,
    _mark,
    _control,
    _not_utf8,
    _encoding,
    _unterminated,
    _nesting,
]
GENTLE: list[Change] = [
    _line_ends,
    _byte_order_mark,
    _lines,
    _replaced(_VALUE, _VALUES),
    _replaced(_VALUE, _VALUES),
    _replaced(_TYPE, _TYPES),
    _replaced(_TAG, _TAGS),
    _exchanged(_VALUE),
    _exchanged(_NAME),
    _exchanged(_NAME),
    _exchanged(_TYPE),
    _exchanged(_PREFIX),
]


def mutated(chance: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """`data` with one to four changes: in half of the cases gentle ones only, else of both kinds.

    Now and then a piece of one of `others` is put in.
    """
    gentle = chance.random() < 0.5
    for _ in range(chance.randint(1, 4)):
        if not gentle and chance.random() < 0.1:
            other = chance.choice(others)
            start = chance.randrange(len(other))
            data = _at(chance, data, other[start : start + chance.randint(1, 80)])
        else:
            data = chance.choice(GENTLE if gentle else ROUGH + GENTLE)(chance, data)
        data = data[:_MAX_BYTES]
    return data
