"""An amount held against the words that it is quoted with: the reader of amounts says what they amount to.

Most quotations have one number and one word of scale, and agree: those are passed without the reader, which takes its
time to begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode

from kg.shacl.graph import Graph, Node, Properties, key, values
from kg.shacl.syntax import Fault
from kg.terms import PREFIXES, TIL

_EVIDENCE, _CURRENCY = TIL + "evidence", TIL + "currency"
_SELECTOR, _EXACT = (PREFIXES["oa"] + name for name in ("hasSelector", "exact"))
_VALUE = PREFIXES["schema"] + "value"
_NUMBER = re.compile(r"\d+(?:[\s.]\d{3})*(?:,\d+)?")
_SCALES = (
    (re.compile(r"milliard|miljard|\b(?:mia|mrd|mdr)\b"), 10**9),
    (re.compile(r"\b(?:mill|mio|milj|mkr)"), 10**6),
    (re.compile(r"\b(?:tusen|tus)"), 10**3),
)
_CROWNS = ("DKK", "NOK", "SEK")
_OTHER = re.compile(r"eur|dollar|pund|dansk|norsk|svensk|[€$£]|[A-Z]{3}", re.IGNORECASE)


def faults(new: Mapping[Node, Properties], data: Graph) -> Iterator[Fault]:
    """The figures of `new` that none of their quotations amounts to, and those in another currency than the words."""
    for figure, properties in new.items():
        evidence = values(properties, _EVIDENCE)
        value = next(iter(values(properties, _VALUE)), None)
        if not evidence or not isinstance(value, Literal):
            continue
        currency = next(iter(values(properties, _CURRENCY)), None)
        quotes = [quote for anchor in evidence for quote in _words(data, anchor)]
        try:
            amount = Decimal(value.value)
        except InvalidOperation:  # told elsewhere
            continue
        code = currency.value.rpartition("/")[2] if isinstance(currency, NamedNode) else ""
        if quotes and not any(_surely(quote, amount, code) for quote in quotes):
            yield from _read(figure, value, amount, currency, code, quotes)


def _words(data: Graph, anchor: Node) -> Iterator[str]:
    for selector in values(data.lookup(anchor), _SELECTOR):
        for quote in values(data.lookup(selector), _EXACT):
            yield str(quote.value)


def _surely(quote: str, amount: Decimal, currency: str) -> bool:
    """Whether the one number of a quotation, with its one word of scale, is the amount, in crowns or without a word."""
    numbers = _NUMBER.findall(quote)
    if len(numbers) != 1 or currency not in _CROWNS or _OTHER.search(quote.replace("mkr", "").replace("kr", "")):
        return False
    number = Decimal(re.sub(r"[\s.]", "", numbers[0]).replace(",", "."))
    scale = next((factor for words, factor in _SCALES if words.search(quote.casefold())), 1)
    return number * scale == amount


def _read(
    figure: Node, value: Literal, amount: Decimal, currency: Node | None, code: str, quotes: list[str]
) -> Iterator[Fault]:
    from kg.draft.lexicon import LANGUAGES, lexicon
    from kg.draft.quantities import read_amounts

    language = next((name for name in LANGUAGES if lexicon(name).currency == code), None)
    found = [mention for quote in quotes for mention in read_amounts(quote, language)]
    if not found:
        return
    if all(mention.value != amount for mention in found):
        first = found[0]
        yield Fault(
            "amount-otherwise-quoted",
            f"the words «{first.text}» are {first.amount()}, and {value.value} is written",
            key(figure),
            f"<{_VALUE}>",
            key(value),
            f"write {first.amount()}, or quote the words that say {value.value}",
        )
        return
    named = [mention for mention in found if mention.value == amount and mention.currency_stated]
    if named and currency is not None and all(mention.currency != code for mention in named):
        yield Fault(
            "amount-in-another-currency",
            f"the words «{named[0].text}» are {named[0].currency}, and {code} is written",
            key(figure),
            f"<{_CURRENCY}>",
            key(currency),
            f"write cur:{named[0].currency}, or quote the words that say {code}",
        )
