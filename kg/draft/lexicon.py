"""The words of each language, read from the data files: what they mean, the numbers they write, whose text they tell.

A word is added by adding it to a file: docs/drafting.md says how. `words/` holds the words of amounts, and
`common.toml` what every language shares; `cues/` holds the words that say what an amount is. The words of the other
languages' scales and currencies are known too, after the language's own, because a Danish text may quote a Norwegian
budget.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from typing import Any, Literal

from kg.errors import UsageError

LANGUAGES = ("da", "nb", "nn", "sv", "en")

UnitKind = Literal["scale", "currency", "scaled", "minor"]


@dataclass(frozen=True, slots=True)
class Unit:
    """What a word after or before a number means: a scale, a currency, or both in one word.

    `currency` is an ISO 4217 code, or "" where the word leaves it to the document ("kroner").
    `named` is true where the word itself names the currency ("SEK", "euro").
    """

    kind: UnitKind
    factor: int = 1
    currency: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Everything that is known of one language's words of amounts, by the sections of its file."""

    code: str
    iri: str
    currency: str
    country: str
    decimal: str
    units: Mapping[str, Unit]
    signs: Mapping[str, str]
    codes: Mapping[str, Unit]
    letters: Mapping[str, int]
    dotted: frozenset[str]
    abbreviations: frozenset[str]
    nationality: Mapping[str, str]
    qualifier: Mapping[tuple[str, ...], str]
    qualifier_after: Mapping[tuple[str, ...], str]
    filler: frozenset[tuple[str, ...]]
    # What the phrases of `qualifier` and `filler` end in.
    qualifier_ends: frozenset[str]
    connect: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    vague: frozenset[str]
    fractions: Mapping[str, Decimal]
    after: frozenset[str]
    money: tuple[str, ...]
    counts: tuple[str, ...]
    label: frozenset[str]
    price_level: tuple[str, ...]
    not_money: frozenset[str]


# --- The data files.


@functools.cache
def read_words(code: str) -> Mapping[str, Any]:
    """The words of amounts in one language as nested dictionaries, with what its file extends merged in below it."""
    return _read("words", code)


@functools.cache
def read_cues(code: str) -> Mapping[str, Mapping[str, list[str]]]:
    """The cues of one language: aspect → code → phrases, with what its file extends merged in below it."""
    return _read("cues", code)


def _read(folder: str, code: str) -> Mapping[str, Any]:
    text = (resources.files("kg.draft") / folder / f"{code}.toml").read_text(encoding="utf-8")
    own: dict[str, Any] = tomllib.loads(text)
    base = own.pop("extends", None)
    return _merge(_read(folder, base), own) if base else own


def _merge(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in own.items():
        below = merged.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _merge(below, value)
        elif isinstance(value, list) and isinstance(below, list) and key != "detect":
            merged[key] = value + [item for item in below if item not in value]
        else:
            merged[key] = value
    return merged


@functools.cache
def lexicon(code: str) -> Lexicon:
    """The lexicon of a language: one of LANGUAGES."""
    words, common = read_words(code), read_words("common")
    units: dict[str, Unit] = {}
    nationality: dict[str, str] = {}
    for other in (code, *(name for name in LANGUAGES if name != code)):
        theirs = read_words(other)
        # English names 10⁹ a billion and 10¹² a trillion, the Nordic languages 10⁹ a milliard and 10¹² a billion:
        # only the text's own language may say which.
        foreign = (code == "en") != (other == "en")
        for word, unit in _units(theirs):
            if not (foreign and unit.factor > 10**9) and (other == code or len(word) > 1):
                units.setdefault(word, unit)
        for currency, adjectives in theirs["nationality"].items():
            for adjective in adjectives:
                nationality.setdefault(adjective, currency)
    codes = {name: Unit("currency", 1, name, True) for name in common["codes"]}
    for prefix, factor in common["code_scales"].items():
        for name in common["codes"]:
            codes[prefix + name] = Unit("scaled", factor, name, True)
    return Lexicon(
        code=code,
        iri=words["iri"],
        currency=words["default_currency"],
        country=words["country"],
        decimal=words["decimal"],
        units=units,
        signs=common["signs"],
        codes=codes,
        letters=common["letters"],
        dotted=frozenset(words["abbreviation"]["dotted"]),
        abbreviations=frozenset(common["abbreviations"]),
        nationality=nationality,
        qualifier=_phrases(words["qualifier"]),
        qualifier_after=_phrases(words["qualifier_after"]),
        filler=frozenset(tuple(phrase.split()) for phrase in words["filler"]["words"]),
        qualifier_ends=frozenset(
            phrase.split()[-1]
            for group in (*words["qualifier"].values(), words["filler"]["words"])
            for phrase in group
        ),
        connect={key: tuple(value) for key, value in words["connect"].items()},
        numbers={word: int(value) for value, group in words["number"].items() for word in group},
        vague=frozenset(words["vague"]["words"]),
        fractions={word: _share(value) for value, group in words["fraction"].items() for word in group},
        after=frozenset(words["after"]["words"]),
        money=tuple(words["context"]["money"]),
        counts=tuple(words["context"]["count"]),
        label=frozenset(words["label"]["words"]),
        price_level=tuple(words["price_level"]["words"]),
        not_money=frozenset(words["table"]["not_money"]),
    )


def _units(words: Mapping[str, Any]) -> Iterator[tuple[str, Unit]]:
    for factor, names in words["scale"].items():
        yield from ((name, Unit("scale", int(factor))) for name in names)
    for factor, names in words.get("scaled_currency", {}).items():
        yield from ((name, Unit("scaled", int(factor))) for name in names)
    for currency, names in words["currency"].items():
        if currency == "own":
            unit = Unit("currency")
        elif currency.startswith("minor"):
            # "minor" is of the document's currency, "minor GBP" of that one.
            code = currency.removeprefix("minor").strip()
            unit = Unit("minor", 1, code, bool(code))
        else:
            unit = Unit("currency", 1, currency, True)
        yield from ((name, unit) for name in names)


def _share(written: str) -> Decimal:
    over, _, under = written.partition("/")
    return Decimal(over) / Decimal(under)


def _phrases(groups: Mapping[str, list[str]]) -> dict[tuple[str, ...], str]:
    return {tuple(phrase.split()): meaning for meaning, group in groups.items() for phrase in group}


def trie(words: Iterable[str]) -> str:
    """A regular expression that matches the longest of `words`, with no two branches that begin alike."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branches(root)


def _branches(node: dict[str, Any]) -> str:
    branches = [re.escape(letter) + _branches(node[letter]) for letter in sorted(node) if letter]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
    return body + "?" if "" in node else body


# --- Numbers in words.


@dataclass(slots=True)
class Number:
    """A number in a text: where it stands, its value, one unit of its last digit."""

    start: int
    end: int
    value: Decimal
    step: Decimal


_AND, _OF = "&", "of"
# What a number word is made of: a number, a fraction, or what joins two numbers.
_Part = int | Decimal | str
_LETTERS = re.compile(r"[^\W\d_]+")
_BETWEEN_WORDS = re.compile(r"[ \t\u00a0\u202f\u2009]?(?:-|\r?\n[ \t]*)?[ \t\u00a0]?")
_DIGITS_BEFORE = re.compile(r"(?<![\w.,])\d{1,4}[ \u00a0]$")
_LONGEST_WORD = 40
_MOST_WORDS = 9
_REACH = 90


def fraction_step(part: Decimal) -> Decimal:
    """The fraction that a part is made of: a half for ½, a quarter for ¾."""
    return Decimal("0.5") if part == Decimal("0.5") else Decimal("0.25")


def read_words_before(text: str, end: int, words: Lexicon) -> Number | None:
    """The number in words that ends at `end` in the small letters of `text`: "fem hundre", "en og en halv".

    Looks at most nine words back. "2 og en halv" is read too, with its digits.
    """
    last = end
    while last and last > end - _LONGEST_WORD and text[last - 1].isalpha():
        last -= 1
    if last == end or _segments(text[last:end], words) is None:
        return None
    floor = max(0, end - _REACH)
    parts: list[tuple[int, _Part]] = []
    edge = end
    for word in reversed(list(_LETTERS.finditer(text, floor, end))[-_MOST_WORDS:]):
        if _BETWEEN_WORDS.fullmatch(text, word.end(), edge) is None or word.start() == floor > 0:
            break
        segments = _segments(word[0], words)
        if segments is None:
            break
        parts[:0] = [(word.start(), segment) for segment in segments]
        edge = word.start()
    for i, (start, part) in enumerate(parts):
        # A word that was cut in two segments must be taken whole.
        if i and parts[i - 1][0] == start:
            continue
        value = _evaluate(tuple(part for _, part in parts[i:]))
        if value is not None:
            step = Decimal(1) if value == int(value) else fraction_step(value % 1)
            return None if _is_vague(text, start, words) else Number(start, end, value, step)
        if part == _AND and i + 1 < len(parts):
            fraction = _evaluate(tuple(part for _, part in parts[i + 1 :]))
            digits = _DIGITS_BEFORE.search(text, max(0, start - 8), start)
            if fraction is not None and 0 < fraction < 1 and digits:
                return Number(digits.start(), end, int(digits[0]) + fraction, fraction_step(fraction))
    return None


def _is_vague(text: str, start: int, words: Lexicon) -> bool:
    """Whether the word before makes no number of it: "flere hundrede", "some hundred"."""
    before = text[max(0, start - 14) : start].split()
    return bool(before) and before[-1] in words.vague


@functools.lru_cache(maxsize=8192)
def _segments(word: str, words: Lexicon) -> tuple[_Part, ...] | None:
    """The numbers that a word is made of ("femogtyve": 5, and, 20), or None where it is no number word."""
    if word in words.connect["and"]:
        return (_AND,)
    if words.code == "en" and word == "of":
        return (_OF,)
    if word in words.fractions:
        return (words.fractions[word],)
    if word in words.numbers:
        return (words.numbers[word],)
    simple = _simple_numbers(words)
    if len(word) > _LONGEST_WORD or re.fullmatch(f"(?:{simple}){{2,8}}", word) is None:
        return None
    parts: list[_Part] = [words.numbers.get(piece, _AND) for piece in re.findall(simple, word)]
    return None if parts[0] == _AND or parts[-1] == _AND else tuple(parts)


@functools.cache
def _simple_numbers(words: Lexicon) -> str:
    return trie([*(word for word in words.numbers if len(word) > 1), words.connect["and"][0]])


def _evaluate(parts: tuple[_Part, ...]) -> Decimal | None:
    """The value of a row of number parts, or None where they are no one number ("ti og tjue")."""
    while parts and parts[-1] in (1, _OF) and len(parts) > 1 and isinstance(parts[-2], Decimal | str):
        # "half a million", "a quarter of a billion": the article belongs to the scale.
        if parts[-1] == 1 and parts[-2] == _AND:
            return None
        parts = parts[:-1]
    if not parts or parts[0] in (_AND, _OF):
        return None
    if not isinstance(parts[-1], Decimal):
        return _whole(parts)
    fraction, rest = parts[-1], parts[:-1]
    if not rest:
        return fraction
    if len(rest) == 1 and isinstance(rest[0], int) and rest[0] < 10:
        return fraction * rest[0]
    if rest[-1] == 1 and len(rest) > 1:
        rest = rest[:-1]
    whole = _whole(rest[:-1]) if rest[-1] == _AND and fraction < 1 else None
    return None if whole is None else whole + fraction


def _whole(parts: tuple[_Part, ...]) -> Decimal | None:
    total, current = 0, 0
    joined = False
    for part in parts:
        if part == _AND:
            if joined or not (current or total):
                return None
            joined = True
            continue
        if not isinstance(part, int):
            return None
        below = current % 100
        if part == 1000:
            if joined or total:
                return None
            total, current = max(current, 1) * 1000, 0
        elif part == 100:
            if joined or current >= 100:
                return None
            current = max(current, 1) * 100
        elif below == 0 and not (joined and current == 0 and total == 0):
            if current == 0 and not joined and total == 0 and len(parts) > 1 and part == 0:
                return None
            current += part
        elif (below >= 20 and below % 10 == 0 and part < 10 and not joined) or (
            below < 10 and 20 <= part < 100 and joined
        ):
            current += part
        else:
            return None
        joined = False
    return None if joined else Decimal(total + current)


# --- The language of a text.

# Enough to know a language by; the rest of a long document need not be counted.
_SAMPLE = 60_000
_Votes = Mapping[str, Mapping[str, float]]
# What a word of each kind says: the language's commonest words most, words of amounts less.
_WEIGHTS = {"detect": 1.0, "amount": 0.7, "detect_endings": 0.25, "detect_letters": 0.4, "detect_marks": 0.5}


def check_language(code: str | None) -> str | None:
    """`code` as a language of the reader. Raises UsageError for another."""
    if code is not None and code not in LANGUAGES:
        raise UsageError("language", f"no language {code!r}", help=f"one of {' '.join(LANGUAGES)}")
    return code


def language_of(text: str) -> str | None:
    """The language code of `text` (one of LANGUAGES), or None where nothing in it tells."""
    votes = dict.fromkeys(LANGUAGES, 0.0)
    words, endings = _votes("amount", "detect"), _votes("detect_endings")
    letters, marks = _votes("detect_letters"), _votes("detect_marks")
    low = text[:_SAMPLE].lower()
    ballots = [(vote, low.count(mark)) for mark, vote in marks.items()]
    for word, times in Counter(_LETTERS.findall(low)).items():
        ballots.append((words.get(word, {}), times))
        if len(word) > 5:
            ballots += [(endings.get(word[-length:], {}), times) for length in (2, 3, 4, 5)]
        ballots += [(letters[letter], times) for letter in letters if letter in word]
    for vote, times in ballots:
        for code, weight in vote.items():
            votes[code] += weight * times**0.5
    best = max(LANGUAGES, key=votes.__getitem__)
    return best if votes[best] else None


@functools.cache
def _votes(*kinds: str) -> _Votes:
    """Words, endings, letters or marks, each with the languages that it speaks for: the rarer, the louder."""
    weights: dict[str, dict[str, float]] = {}
    for code in LANGUAGES:
        data = read_words(code)
        for kind in kinds:
            for word in _amount_words(data) if kind == "amount" else data[kind]:
                weights.setdefault(word, {})[code] = _WEIGHTS[kind]
    return {
        word: {code: weight / len(by_code) ** 2 for code, weight in by_code.items()}
        for word, by_code in weights.items()
        if len(by_code) < len(LANGUAGES)
    }


def _amount_words(data: Mapping[str, Any]) -> Iterator[str]:
    for section in ("scale", "number", "fraction", "qualifier", "connect"):
        for group in data[section].values():
            yield from (word for phrase in group for word in phrase.split() if len(word) > 1)
    yield from (word for word in data["after"]["words"] if len(word) > 1)
