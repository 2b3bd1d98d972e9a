"""The words around an amount that say what it is: read from `cues/`, found word by word in one pass.

A cue is a phrase with an aspect ("stage") and a code ("proposed"). A word's cues are looked up once however often
it stands in the text.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable
from importlib import resources
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from kg.draft.lexicon import lexicon
from kg.draft.mentions import Span
from kg.draft.numerals import read_words_before

WORD = re.compile(r"\w+")
_YEAR = re.compile(r"(?:19|20)\d\d")
# So many words are remembered: more than a language has, fewer than a hostile text.
_MOST_KNOWN = 200_000
# … and so many that follow one of them.
_MOST_FOLLOWING = 2_000
_whole = itemgetter(0)
_new = tuple.__new__
Said = TypeVar("Said")


class Known(dict[str, Said]):
    """What is known of each word, looked up when the word is met for the first time."""

    def __init__(self, look: Callable[[str], Said], most: int = _MOST_KNOWN) -> None:
        super().__init__()
        self._look = look
        self._most = most

    def __missing__(self, word: str) -> Said:
        if len(self) > self._most:
            self.clear()
        said = self[word] = self._look(word)
        return said

    def leading(self, texts: list[str]) -> list[int]:
        """The indexes of those words of which anything is known."""
        return [i for i, said in enumerate(map(self.__getitem__, texts)) if said is not None]


class Words(NamedTuple):
    """The words of a part of a text in small letters, and where each of them stands."""

    texts: list[str]
    matches: list[re.Match[str]]

    def span(self, first: int, last: int) -> Span:
        """Where the words from index `first` to `last` stand, both counted."""
        return self.matches[first].start(), self.matches[last].end()


class Hit(NamedTuple):
    """A cue in the text. `number`: the year or the count of years that it names."""

    start: int
    end: int
    aspect: str
    code: str
    number: int | None


class _Phrase(NamedTuple):
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
        self._first: dict[str, list[_Phrase]] = {}
        self._stems: dict[str, list[_Phrase]] = {}
        self._endings: list[_Phrase] = []
        self._years: list[_Phrase] = []
        # Most words begin no cue.
        self._known = Known(self._beginning)
        for aspect, groups in read_cues(code).items():
            for name, phrases in groups.items():
                for phrase in phrases:
                    words = tuple(part for part in re.findall(r"[\w*{}]+", phrase))
                    alone = len(words) == 1 and words[0] != "{y}"
                    self._add(_Phrase(aspect, name, words, alone))

    def _add(self, phrase: _Phrase) -> None:
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

    def _beginning(self, word: str) -> Known[tuple[_Phrase, ...]] | None:
        """The phrases that may begin with a word, by the word that follows; None where there are none."""
        phrases = self._phrases(word)
        if not phrases:
            return None
        return Known(lambda second: tuple(p for p in phrases if self._goes_on(p, second)), _MOST_FOLLOWING)

    def _goes_on(self, phrase: _Phrase, second: str) -> bool:
        """Whether a word can be the second of a phrase; most phrases fail there."""
        if len(phrase.words) == 1:
            return True
        pattern = phrase.words[1]
        if pattern == "{y}":
            return _YEAR.fullmatch(second) is not None
        if pattern == "{n}":
            return _count(second, self.code) is not None
        return _fits(pattern, second)

    def _phrases(self, word: str) -> tuple[_Phrase, ...]:
        phrases = list(self._first.get(word, ()))
        for length in range(2, len(word) + 1):
            for phrase in self._stems.get(word[:length], ()):
                if _fits(phrase.words[0], word):
                    phrases.append(phrase)
        phrases += [phrase for phrase in self._endings if _fits(phrase.words[0], word)]
        if _YEAR.fullmatch(word):
            phrases += self._years
        return tuple(phrases)

    def find(self, words: Words) -> dict[str, list[Hit]]:
        """Every cue among `words`, by aspect, in order."""
        hits: dict[str, list[Hit]] = {}
        texts, matches = words
        known, last = self._known, len(texts) - 1
        for i in known.leading(texts):
            following = known[texts[i]]
            for phrase in following[texts[i + 1] if i < last else ""] if following is not None else ():
                aspect, code, _, alone = phrase
                if alone:
                    start, end = matches[i].span()
                    # As Hit(…) makes it, in half the time.
                    hit: Hit | None = _new(Hit, (start, end, aspect, code, None))
                else:
                    hit = self._match(phrase, words, i)
                if hit is not None:
                    if aspect in hits:
                        hits[aspect].append(hit)
                    else:
                        hits[aspect] = [hit]
        return hits

    def _match(self, phrase: _Phrase, words: Words, at: int) -> Hit | None:
        texts = words.texts
        number: int | None = None
        patterns = phrase.words
        if at + len(patterns) > len(texts):
            return None
        for offset, (pattern, word) in enumerate(zip(patterns, texts[at : at + len(patterns)], strict=True)):
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
        return Hit(*words.span(at, at + len(phrase.words) - 1), phrase.aspect, phrase.code, number)


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


def words_of(low: str, start: int, end: int) -> Words:
    """The words of a part of a text in small letters."""
    matches = list(WORD.finditer(low, start, end))
    return Words(list(map(_whole, matches)), matches)
