"""The words of amounts in one language, read from the data files in `words/`.

A word is added by adding it to a file: docs/drafting.md says how. `common.toml` holds the codes and signs of
currencies, which every language shares. The words of the other languages' scales and currencies are known too,
after the language's own, because a Danish text may quote a Norwegian budget.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from typing import Any, Literal

LANGUAGES = ("da", "nb", "nn", "sv", "en")
# English names 10⁹ a billion and 10¹² a trillion, the Nordic languages 10⁹ a milliard and 10¹² a billion.
_NORDIC = ("da", "nb", "nn", "sv")

Kind = Literal["scale", "currency", "scaled", "minor"]


@dataclass(frozen=True, slots=True)
class Unit:
    """What a word after or before a number means: a scale, a currency, or both in one word.

    `currency` is an ISO 4217 code, or "" where the word leaves it to the document ("kroner").
    `named` is true where the word itself names the currency ("SEK", "euro").
    """

    kind: Kind
    factor: int = 1
    currency: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that the reader needs to know of one language."""

    code: str
    name: str
    iri: str
    currency: str
    country: str
    decimal: str
    units: Mapping[str, Unit]
    signs: Mapping[str, str]
    codes: Mapping[str, Unit]
    letters: Mapping[str, int]
    dotted: frozenset[str]
    nationality: Mapping[str, str]
    qualifier: Mapping[tuple[str, ...], str]
    qualifier_after: Mapping[tuple[str, ...], str]
    filler: frozenset[tuple[str, ...]]
    before: frozenset[str]
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
    months: frozenset[str]


@functools.cache
def read_words(code: str) -> Mapping[str, Any]:
    """The data file of one language as nested dictionaries, with what it extends merged in below it; read once."""
    text = (resources.files("kg.draft") / "words" / f"{code}.toml").read_text(encoding="utf-8")
    own: dict[str, Any] = tomllib.loads(text)
    base = own.pop("extends", None)
    return _merge(read_words(base), own) if base else own


def _merge(base: Mapping[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in own.items():
        below = merged.get(key)
        if key == "detect":
            merged[key] = value
        elif isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _merge(below, value)
        elif isinstance(value, list) and isinstance(below, list):
            merged[key] = value + [item for item in below if item not in value]
        else:
            merged[key] = value
    return merged


@functools.cache
def lexicon(code: str) -> Lexicon:
    """The lexicon of a language: one of LANGUAGES."""
    words = read_words(code)
    common = read_words("common")
    connect = {key: tuple(value) for key, value in words["connect"].items()}
    units: dict[str, Unit] = {}
    nationality: dict[str, str] = {}
    for other in (code, *(name for name in LANGUAGES if name != code)):
        theirs = words if other == code else read_words(other)
        foreign = (code == "en") != (other == "en")
        for word, unit in _units(theirs):
            # "billion" means two things: only the text's own language may say which.
            if not (foreign and unit.factor > 10**9) and not (other != code and len(word) == 1):
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
        name=words["name"],
        iri=words["iri"],
        currency=words["default_currency"],
        country=words["country"],
        decimal=words["decimal"],
        units=units,
        signs=common["signs"],
        codes=codes,
        letters=common["letters"],
        dotted=frozenset(words["abbreviation"]["dotted"]),
        nationality=nationality,
        qualifier=_phrases(words["qualifier"]),
        qualifier_after=_phrases(words["qualifier_after"]),
        filler=frozenset(tuple(phrase.split()) for phrase in words["filler"]["words"]),
        before=frozenset(
            phrase.split()[-1]
            for group in (*words["qualifier"].values(), words["filler"]["words"])
            for phrase in group
        ),
        connect=connect,
        numbers={word: int(value) for value, group in words["number"].items() for word in group},
        vague=frozenset(words["vague"]["words"]),
        fractions={word: _share(value) for value, group in words["fraction"].items() for word in group},
        after=frozenset(words["after"]["words"]),
        money=tuple(words["context"]["money"]),
        counts=tuple(words["context"]["count"]),
        label=frozenset(words["label"]["words"]),
        price_level=tuple(words["price_level"]["words"]),
        not_money=frozenset(words["table"]["not_money"]),
        months=frozenset(words["months"]["words"]),
    )


def _units(words: Mapping[str, Any]) -> Iterator[tuple[str, Unit]]:
    for factor, names in words["scale"].items():
        for name in names:
            yield name, Unit("scale", int(factor))
    for factor, names in words.get("scaled_currency", {}).items():
        for name in names:
            yield name, Unit("scaled", int(factor))
    for currency, names in words["currency"].items():
        for name in names:
            if currency == "own":
                yield name, Unit("currency")
            elif currency.startswith("minor"):
                # "minor" is of the document's currency, "minor GBP" of that one.
                code = currency.removeprefix("minor").strip()
                yield name, Unit("minor", 1, code, bool(code))
            else:
                yield name, Unit("currency", 1, currency, True)


def _share(written: str) -> Decimal:
    over, _, under = written.partition("/")
    return Decimal(over) / Decimal(under)


def _phrases(groups: dict[str, list[str]]) -> dict[tuple[str, ...], str]:
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
