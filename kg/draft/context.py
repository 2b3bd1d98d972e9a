"""What the sentence says of a number with a scale and no currency: money, or a count of something.

Also the qualifier word before an amount, and the currency that the document leaves unsaid.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from kg.draft.atoms import Atom, Bound
from kg.draft.lexicon import lexicon
from kg.draft.sharing import countable_follows

_SENTENCE = 260
_PARAGRAPH = 500
_LONGEST_PHRASE = 5
_STOP = re.compile(r"[.!?]\s+(?=[A-ZÆØÅÄÖ–—•])|\n\s*\n|\n\s*[•*\-|#]")
_WORDS = re.compile(r"[^\s,;:()\[\]|–—\"«»„“”]+")


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of the sentence around `start`, `end` that lies within reach."""
    first = max(0, start - _SENTENCE)
    for match in _STOP.finditer(text, first, start):
        first = match.end()
    stop = _STOP.search(text, end, min(len(text), end + _SENTENCE))
    return first, stop.start() if stop else min(len(text), end + _SENTENCE)


def keep_money(bound: Bound) -> None:
    """Leave out the atoms that count things: people, cars, tonnes."""
    certain = [atom.start for atom in bound.atoms if atom.has_currency]
    bound.atoms = [atom for atom in bound.atoms if atom.has_currency or _is_money(bound, atom, certain)]


def _is_money(bound: Bound, atom: Atom, certain: list[int]) -> bool:
    if atom.factor <= 1 or countable_follows(bound, _after(atom), atom.factor):
        return False
    first, last = sentence(bound.text, atom.start, atom.end)
    around = bound.low[first:last]
    counts = any(word in around for word in bound.words.counts)
    if any(word in around for word in bound.words.money):
        near = bound.low[max(first, atom.start - 60) : min(last, atom.end + 60)]
        return not (counts and not any(word in near for word in bound.words.money))
    if counts:
        return False
    return bool(certain)


def _after(atom: Atom) -> int:
    """Where the text goes on after an atom, the point of an abbreviation left behind."""
    return atom.last.after if atom.last is not None and atom.last.end == atom.end else atom.end


def settle_currencies(bound: Bound) -> None:
    """Give every atom a currency: its own, else its sentence's, else the document's, else the language's."""
    words = bound.words
    named: Counter[str] = Counter(atom.currency for atom in bound.atoms if atom.named)
    plain = any(atom.has_currency and not atom.named for atom in bound.atoms)
    home = words.currency
    if words.code == "en":
        # An English text has no krone of its own: the country that it names most, else the currency.
        crowns = Counter({code: named[code] for code in ("NOK", "DKK", "SEK") if named[code]})
        for code, stem in (("NOK", "norw"), ("DKK", "dan"), ("SEK", "swed")):
            crowns[code] += bound.low.count(stem) + bound.low.count(
                {"NOK": "oslo", "DKK": "denmark", "SEK": "stockholm"}[code]
            )
        if plain and crowns:
            home = crowns.most_common(1)[0][0]
    usual = named.most_common(1)[0][0] if named and not plain else home
    last: Atom | None = None
    for atom in bound.atoms:
        if not atom.named:
            near = last if last is not None and _same_sentence(bound, last, atom) else None
            last = last if near is not None else None
            if atom.has_currency:
                crown = near is not None and near.currency in ("DKK", "NOK", "SEK", "ISK")
                atom.currency = near.currency if near is not None and crown else home
            else:
                atom.currency = near.currency if near is not None else usual
        if atom.named or last is None or atom.has_currency:
            last = atom


def _same_sentence(bound: Bound, left: Atom, right: Atom) -> bool:
    gap = right.start - left.end
    return gap <= _PARAGRAPH and _STOP.search(bound.text, max(0, left.end), right.start) is None


def qualifier_before(bound: Bound, start: int) -> tuple[str, int]:
    """The qualifier code of the words that end before `start`, and where they begin; ("", start) for none."""
    low, words = bound.low, bound.words
    last = low[max(0, start - 24) : start].rsplit(None, 1)[-1:]
    if not last or last[0].strip("~*_'().,") not in words.before:
        return "", start
    window = max(0, start - 48)
    found = list(_WORDS.finditer(low, window, start))
    if found and window and found[0].start() == window:
        found = found[1:]
    tail = found[-6:]
    spoken = [match[0] for match in tail]
    if (
        not tail
        or low[tail[-1].end() : start].strip(" \t\u00a0\u202f\r\n*_")
        or _blank_line(low, tail[-1].end(), start)
    ):
        return "", start
    for skip in range(0, 4):
        if skip >= len(tail):
            break
        if skip and tuple(spoken[-skip:]) not in words.filler:
            continue
        upto = tail[: len(tail) - skip]
        if code := _longest(spoken[: len(tail) - skip], words.qualifier):
            length = code[1]
            chosen = upto[-length:]
            if all(
                low[a.end() : b.start()].isspace()
                for a, b in zip(chosen, tail[len(upto) - length + 1 :], strict=False)
            ):
                return code[0], chosen[0].start()
    return "", start


def _blank_line(low: str, start: int, end: int) -> bool:
    return low.count("\n", start, end) > 1


def _longest(words: Sequence[str], phrases: Mapping[tuple[str, ...], str]) -> tuple[str, int] | None:
    """What the longest phrase says that the words end in, and how many of them it has."""
    plain = tuple(word.rstrip(".").lstrip("~*_'") for word in words[-_LONGEST_PHRASE:])
    for first in range(len(plain)):
        if (code := phrases.get(plain[first:])) is not None:
            return code, len(plain) - first
    return None


@functools.cache
def _opening(code: str) -> tuple[str, ...]:
    """The words that the qualifiers after an amount begin with."""
    return tuple({phrase[0] for phrase in lexicon(code).qualifier_after})


def qualifier_after(bound: Bound, end: int) -> str:
    """The qualifier code of the words that follow an amount ("eller mer"); "" for none."""
    first = _WORDS.search(bound.low, end, end + 24)
    if first is None or not first[0].startswith(_opening(bound.words.code)):
        return ""
    found = _WORDS.findall(bound.low[end : end + 24].split("\n\n")[0].split(".")[0])
    for length in (3, 2):
        phrase = tuple(found[:length])
        if phrase in bound.words.qualifier_after:
            return bound.words.qualifier_after[phrase]
    return ""
