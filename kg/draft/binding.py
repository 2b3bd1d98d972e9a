"""Numbers bound to the scale and currency words beside them.

The result is a list of `Atom`s: numbers that are known to be money, or may be. Sharing, context and tables add to
them; `reader` makes mentions of what is left.
"""

from __future__ import annotations

import re
from decimal import Decimal

from kg.draft.atoms import Atom, Bound, Head, by_start, is_year, labelled
from kg.draft.lexicon import Lexicon
from kg.draft.numerals import numbers_in, read_digits, read_words_before
from kg.draft.tokens import Token, lower, scan
from kg.draft.units import BLANK, CODE_FOLLOWED_BY_NUMBER, UnitReader, Units

_PREFIX_GAP = re.compile(rf"[:]?[{BLANK}]{{0,2}}(?:\r?\n[{BLANK}]{{0,8}})?")
_DASH_PRICE = re.compile(r"[,:][-–—](?!\d)")
# "£10–15m": the sign before the first number holds for the second.
_RANGE_PREFIX = re.compile(rf"(?:[£€$]|[A-Z]{{3}} ?)\d[\d.,]{{0,9}}[{BLANK}]?[-–—][{BLANK}]?$")
_DASHES = frozenset("-–—")
# What a range's second number follows; the blank is that of " – ".
_BEFORE_SECOND = _DASHES | {" "}
# Where a unit, or a currency that is only a dash, may begin directly after a number.
_MAY_FOLLOW = frozenset("\t\n\r\u00a0\u2009\u202f-‑,:(*_£€$")
_DASH_BEGINS = frozenset(",:")
_SHORTEST_WORD = 4


def bind(text: str, words: Lexicon) -> Bound:
    """Every number of `text` with a scale or currency beside it, as atoms in order, and the heads left over."""
    low = lower(text)
    tokens, runs = scan(text, low, words)
    numbers = numbers_in(text, runs)
    bound = Bound(text, low, words, numbers, [match.start() for match in numbers])
    binder = _Binder(bound, tokens)
    binder.digits()
    binder.number_words()
    bound.atoms.sort(key=by_start)
    binder.heads()
    return bound


class _Binder:
    def __init__(self, bound: Bound, tokens: list[Token]) -> None:
        self.bound = bound
        self.text = bound.text
        self.low = bound.low
        self.words = bound.words
        self.tokens = tokens
        self.units = UnitReader(bound.text, bound.low, bound.words, tokens)
        self.used = self.units.used
        self.by_end: dict[int, Token] = {}
        for token in tokens:
            if token.unit.kind != "minor":
                self.by_end[token.end] = token
                self.by_end[token.after] = token

    def digits(self) -> None:
        """Numbers in digits with a word or sign before or after them."""
        text, size = self.text, len(self.text)
        ending = self.by_end.get
        for match in self.bound.numbers:
            start, end = match.span()
            token = ending(start) or ending(start - 1) or ending(start - 2) or ending(start - 3)
            prefix = self._prefix(token, start) if token is not None else None
            ranged = False
            if prefix is None:
                follows = text[end] if end < size else ""
                if follows == " ":
                    if self._counts(end + 1):
                        continue
                elif follows not in _MAY_FOLLOW and not follows.isalpha():
                    continue
                ranged = text[start - 1 : start] in _BEFORE_SECOND and self._range_prefix(start)
            units = self.units.after(end, prefix is not None or ranged)
            if prefix is None and units is None:
                if (
                    text[end : end + 1] in _DASH_BEGINS
                    and _DASH_PRICE.match(text, end)
                    and self.words.code != "en"
                ):
                    units = Units(end + 2, 1, "", False, True, False, ())
                else:
                    continue
            self._atom(match, prefix, units, ranged)

    def _counts(self, position: int) -> bool:
        """Whether a word that is no unit begins there: most numbers count something."""
        low = self.low
        word = low[position : position + _SHORTEST_WORD]
        return (
            len(word) == _SHORTEST_WORD
            and word.isalpha()
            and word[0] not in self.units.nations
            and position not in self.units.by_start
        )

    def _range_prefix(self, start: int) -> bool:
        text = self.text
        before = text[start - 1 : start]
        dashed = before in _DASHES or (before == " " and text[start - 2 : start - 1] in _DASHES)
        return dashed and _RANGE_PREFIX.search(text, max(0, start - 20), start) is not None

    def _atom(self, match: re.Match[str], prefix: Token | None, units: Units | None, ranged: bool = False) -> None:
        text, (start, end) = self.text, match.span()
        written = match[0]
        after_code = prefix is None and units is not None and not units.factor > 1
        if is_year(written) and after_code and units is not None and units.tokens:
            token = units.tokens[-1]
            hyphen = text[end] in "-‑"
            code = not token.word.islower() or token.word == "kr"
            if hyphen or (code and CODE_FOLLOWED_BY_NUMBER.match(text, token.after)):
                # A price level (2019-kroner), or the code belongs to the next number (2020 NOK 300).
                return
        scaled = (units is not None and units.factor > 1) or (prefix is not None and prefix.unit.factor > 1)
        read = read_digits(written, self.words.decimal, scaled)
        if read is None:
            return
        value, step = read
        label = self._label(match)
        if label is not None:
            # "post 60 150 mill.": the first group is the label's number.
            value, step, start = label
        if self._is_head(match, prefix, units, value):
            return
        atom = Atom(start, end, (start, end), value, step)
        if prefix is not None:
            self.used.add(prefix.start)
            atom.start, atom.prefixed, atom.has_currency = prefix.start, True, True
            atom.currency, atom.named = prefix.unit.currency, prefix.unit.named
            atom.factor = prefix.unit.factor if prefix.unit.kind == "scaled" else 0
            if _DASH_PRICE.match(text, end):
                atom.end = end + 2
        if units is not None:
            self._take(atom, units)
        if ranged and not atom.has_currency and self.bound.atoms:
            # "£60-70m": the sign before the first number is the second's too.
            first = self.bound.atoms[-1]
            atom.has_currency, atom.currency, atom.named = True, first.currency, first.named
        self.bound.atoms.append(atom)

    def _take(self, atom: Atom, units: Units) -> None:
        end, factor, currency, named, has_currency, minor, tokens = units
        for token in tokens:
            self.used.add(token.start)
            atom.last = token
        atom.end, atom.minor = end, minor
        if factor > 1 and factor > atom.factor:
            atom.factor = factor
        if has_currency and (named or not atom.named):
            atom.has_currency, atom.currency, atom.named = True, currency, named

    def _label(self, match: re.Match[str]) -> tuple[Decimal, Decimal, int] | None:
        separator = match[1]
        if separator is None or separator not in " \u00a0" or not labelled(self.low, match.start(), self.words):
            return None
        cut = match.start() + match[0].index(separator) + 1
        read = read_digits(self.text[cut : match.end()], self.words.decimal, True)
        return None if read is None else (*read, cut)

    def _is_head(self, match: re.Match[str], prefix: Token | None, units: Units | None, value: Decimal) -> bool:
        """Whether the number is itself a scale: "(i 1 000 kr)", "NOK 1,000" over a column."""
        if value not in (1000, 1_000_000) or (units is not None and units.factor > 1):
            return False
        first = prefix.start if prefix is not None else match.start()
        last = units.end if units is not None else match.end()
        before = self.low[max(0, first - 12) : first].rstrip()
        after = self.low[last : last + 1]
        opened = before.endswith(("(", "|", "[")) or before.split()[-1:] in (
            ["i"],
            ["in"],
            ["beløp"],
            ["hele"],
            ["tall"],
        )
        stands_alone = (
            opened and (after in ")|]\n\r,;: " or not after) and not (before.endswith(" i") and after == " ")
        )
        if not stands_alone and not before.endswith(("(i", "beløp i", "tall i", "belopp i", "|", "(", "kroner i")):
            return False
        currency = prefix.unit.currency if prefix is not None else units.currency if units is not None else ""
        self.bound.heads.append(Head(first, last, int(value), currency, True))
        for token in (prefix, *(units.tokens if units is not None else ())):
            if token is not None:
                self.used.add(token.start)
        return True

    def _prefix(self, token: Token, start: int) -> Token | None:
        """`token`, the word or sign before a number, where it is a currency that belongs to no earlier number."""
        text = self.text
        if token.start in self.used or token.unit.kind == "scale":
            return None
        if not _PREFIX_GAP.fullmatch(text, token.after, start):
            return None
        if token.dot and token.word != "kr":
            return None  # "… kroner. 27 mill. kroner": a sentence ends between them
        plain = token.word.isalpha() and token.word.islower()
        if plain and token.word not in ("kr", "kroner", "euro", "kronor"):
            return None
        before = self.by_end.get(token.start) or self.by_end.get(token.start - 1)
        if before is not None and before.unit.kind == "scale" and before.start not in self.used:
            return None  # "mill. kr 2020": the head of a column
        if plain and "\n" in text[token.end : start]:
            return None
        return token

    def number_words(self) -> None:
        """Numbers in words before a scale or a currency: "ti millioner", "en halv miljard", "fem kroner"."""
        text, low, words = self.text, self.low, self.words
        for token in self.tokens:
            if token.start in self.used or token.unit.kind == "minor":
                continue
            before = text[token.start - 1 : token.start]
            if not before or before not in " \u00a0-\n\u202f\t":
                continue
            edge = token.start - 1
            if before == "\n":
                while edge and text[edge - 1] in " \r\t":
                    edge -= 1
            else:
                while edge and text[edge - 1] in " \n\r\t":
                    edge -= 1
            first_edge = edge
            nation = None
            if token.unit.kind == "currency":
                # "fem svenska kronor"
                word_start = edge
                while word_start and low[word_start - 1].isalpha():
                    word_start -= 1
                nation = words.nationality.get(low[word_start:edge])
                if nation is not None:
                    edge = word_start
                    while edge and text[edge - 1] in " \n\r\t\u00a0":
                        edge -= 1
            number = read_words_before(low, edge, words)
            if number is None or (nation is None and edge != first_edge):
                continue
            units = self.units.after(edge, False)
            if units is None or not units.tokens or units.tokens[0].start > token.start:
                continue
            if units.factor == 1 and (number.value <= 1 or number.value == 1000):
                continue  # "hver en krone", "tusen kroner" over a column
            atom = Atom(number.start, edge, (number.start, edge), number.value, number.step, in_words=True)
            self._take(atom, units)
            self.bound.atoms.append(atom)

    def heads(self) -> None:
        """Scales and currencies that no number has taken."""
        skip = -1
        for i, token in enumerate(self.tokens):
            if token.start in self.used or i <= skip or token.unit.kind == "minor":
                continue
            factor, currency, end = token.unit.factor, token.unit.currency, token.after
            has = token.unit.kind != "scale"
            if i + 1 < len(self.tokens):
                more = self.tokens[i + 1]
                gap = self.text[token.after : more.start]
                if (
                    more.start not in self.used
                    and len(gap) <= 2
                    and not gap.strip(BLANK)
                    and more.unit.kind != "minor"
                ):
                    kinds = (token.unit.kind, more.unit.kind)
                    if kinds in (("scale", "currency"), ("currency", "scale")):
                        factor *= more.unit.factor
                        currency = currency or more.unit.currency
                        has, end, skip = True, more.after, i + 1
            if token.word in ("£", "€", "$") and (
                letter := re.match(r"['’]?(000s?|m|bn|k)\b", self.text[end : end + 6])
            ):
                factor = 1000 if letter[1][0] == "0" else self.words.letters[letter[1]]
                end += letter.end()
            self.bound.heads.append(Head(token.start, end, factor, currency, has))
        self.bound.heads.sort()
