"""The words around an amount that say what it is: read from `cues/`, found word by word in one pass.

A cue is a phrase with an aspect ("stage") and a code ("proposed"). A word's cues are looked up once however often
it stands in the text.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable
from importlib import resources
from typing import Any, NamedTuple

from kg.draft.lexicon import lexicon
from kg.draft.numerals import read_words_before
from kg.draft.passage import At, Known, Passage

_YEAR = re.compile(r"(?:19|20)\d\d")
_new = tuple.__new__


class Hit(NamedTuple):
    """A cue in the text. `number`: the year or the count of years that it names."""

    start: int
    end: int
    aspect: str
    code: str
    number: int | None


class Phrase(NamedTuple):
    """The words of a cue, as the data file has them."""

    aspect: str
    code: str
    words: tuple[str, ...]
    # One word and no number: a cue wherever its word stands.
    alone: bool


def read_cues(code: str) -> dict[str, dict[str, list[str]]]:
    """The data file of one language, with what it extends merged in below it."""
    text = (resources.files("kg.draft") / "cues" / f"{code}.toml").read_text(encoding="utf-8")
    own: dict[str, Any] = tomllib.loads(text)
    base = own.pop("extends", None)
    if not base:
        return own
    merged = read_cues(base)
    for section, groups in own.items():
        below = merged.setdefault(section, {})
        for name, phrases in groups.items():
            below[name] = [*phrases, *(phrase for phrase in below.get(name, ()) if phrase not in phrases)]
    return merged


class Cues:
    """The cues of one language."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._first: dict[str, list[Phrase]] = {}
        self._stems: dict[str, list[Phrase]] = {}
        self._endings: list[Phrase] = []
        self._years: list[Phrase] = []
        self._known = Known(self._phrases)
        for aspect, groups in read_cues(code).items():
            for name, phrases in groups.items():
                for phrase in phrases:
                    words = tuple(part for part in re.findall(r"[\w*{}]+", phrase))
                    alone = len(words) == 1 and words[0] != "{y}"
                    self._add(Phrase(aspect, name, words, alone))

    def _add(self, phrase: Phrase) -> None:
        first = phrase.words[0]
        if first == "{y}":
            self._years.append(phrase)
        elif first.startswith("*"):
            self._endings.append(phrase)
        elif first.endswith("*"):
            self._stems.setdefault(first[:-1], []).append(phrase)
        elif "*" in first:
            self._stems.setdefault(first.split("*")[0], []).append(phrase)
        else:
            self._first.setdefault(first, []).append(phrase)

    def begins(self, word: str) -> bool:
        """Whether any cue may begin with a word in small letters; most words begin none."""
        return bool(self._known[word])

    def beginning(self, word: str, second: str) -> list[Phrase]:
        """The cues that may begin with a word which a second one follows."""
        return [phrase for phrase in self._known[word] if self._goes_on(phrase, second)]

    def _goes_on(self, phrase: Phrase, second: str) -> bool:
        """Whether a word can be the second of a phrase; most phrases fail there."""
        if len(phrase.words) == 1:
            return True
        pattern = phrase.words[1]
        if pattern == "{y}":
            return _YEAR.fullmatch(second) is not None
        if pattern == "{n}":
            return _count(second, self.code) is not None
        return _fits(pattern, second)

    def _phrases(self, word: str) -> tuple[Phrase, ...]:
        phrases = list(self._first.get(word, ()))
        for length in range(2, len(word) + 1):
            for phrase in self._stems.get(word[:length], ()):
                if _fits(phrase.words[0], word):
                    phrases.append(phrase)
        phrases += [phrase for phrase in self._endings if _fits(phrase.words[0], word)]
        if _YEAR.fullmatch(word):
            phrases += self._years
        return tuple(phrases)

    def find(self, passage: Passage, leads: Iterable[tuple[At, Phrase]]) -> dict[str, list[Hit]]:
        """Every cue of a passage, by aspect, in order. `leads`: where one may begin."""
        hits: dict[str, list[Hit]] = {}
        for at, phrase in leads:
            aspect, code, _, alone = phrase
            # As Hit(…) makes it, in half the time.
            hit = _new(Hit, (at[2], at[3], aspect, code, None)) if alone else self._match(phrase, passage, at)
            if hit is not None:
                if aspect in hits:
                    hits[aspect].append(hit)
                else:
                    hits[aspect] = [hit]
        return hits

    def _match(self, phrase: Phrase, passage: Passage, at: At) -> Hit | None:
        number: int | None = None
        patterns = phrase.words
        words = passage.run(at, len(patterns))
        if len(words) < len(patterns):
            return None
        for offset, (pattern, (word, _, _)) in enumerate(zip(patterns, words, strict=True)):
            if pattern == word:
                continue
            if pattern == "{y}":
                if not _YEAR.fullmatch(word):
                    return None
                number = int(word)
            elif pattern == "{n}":
                number = _count(word, self.code)
                if number is None:
                    return None
            # That the first word fits is why the phrase is looked at.
            elif offset and not _fits(pattern, word):
                return None
        return _new(Hit, (words[0][1], words[-1][2], phrase.aspect, phrase.code, number))


def _fits(pattern: str, word: str) -> bool:
    if "*" not in pattern:
        return pattern == word
    head, _, tail = pattern.partition("*")
    return len(word) >= len(head) + len(tail) and word.startswith(head) and word.endswith(tail)


@functools.lru_cache(maxsize=1024)
def _count(word: str, code: str) -> int | None:
    if word.isdigit():
        return int(word) if len(word) < 3 else None
    number = read_words_before(word, len(word), lexicon(code))
    return int(number.value) if number is not None and number.start == 0 and 0 < number.value < 100 else None


@functools.cache
def cues(code: str) -> Cues:
    """The cues of a language, read once."""
    return Cues(code)
