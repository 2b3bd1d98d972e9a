"""Which of the five languages a text is in, by its commonest words."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kg.draft.lexicon import LANGUAGES, read_words

_WORD = re.compile(r"[^\W\d_]+")
# Enough to know a language by; the rest of a long document need not be counted.
_SAMPLE = 60_000


Voices = dict[str, dict[str, float]]
# What a word of each kind says: the language's commonest words most, words of amounts less.
_LOUDNESS = {"detect": 1.0, "amount": 0.7, "ending": 0.25, "letter": 0.4, "mark": 0.5}


@functools.cache
def _voices() -> tuple[Voices, Voices, Voices, Voices]:
    """Words, endings, letters and marks, each with the languages that it speaks for: the rarer, the louder."""
    words: dict[str, dict[str, str]] = {}
    endings: dict[str, dict[str, str]] = {}
    letters: dict[str, dict[str, str]] = {}
    marks: dict[str, dict[str, str]] = {}
    for code in LANGUAGES:
        data = read_words(code)
        for word in _amount_words(data):
            words.setdefault(word, {})[code] = "amount"
        for word in data["detect"]:
            words.setdefault(word, {})[code] = "detect"
        for ending in data["detect_endings"]:
            endings.setdefault(ending, {})[code] = "ending"
        for letter in data["detect_letters"]:
            letters.setdefault(letter, {})[code] = "letter"
        for mark in data["detect_marks"]:
            marks.setdefault(mark, {})[code] = "mark"
    return _weighed(words), _weighed(endings), _weighed(letters), _weighed(marks)


def _amount_words(data: Mapping[str, Any]) -> Iterator[str]:
    for section in ("scale", "number", "fraction", "qualifier", "connect"):
        for group in data[section].values():
            yield from (word for phrase in group for word in phrase.split() if len(word) > 1)
    yield from (word for word in data["after"]["words"] if len(word) > 1)


def _weighed(speakers: dict[str, dict[str, str]]) -> dict[str, dict[str, float]]:
    return {
        word: {code: _LOUDNESS[kind] / len(codes) ** 2 for code, kind in codes.items()}
        for word, codes in speakers.items()
        if len(codes) < len(LANGUAGES)
    }


def language_of(text: str) -> str | None:
    """The language code of `text` (one of LANGUAGES), or None where nothing in it tells."""
    votes = dict.fromkeys(LANGUAGES, 0.0)
    words, endings, letters, marks = _voices()
    low = text[:_SAMPLE].lower()
    for mark, voice in marks.items():
        for code, weight in voice.items():
            votes[code] += weight * low.count(mark) ** 0.5
    for word, times in Counter(_WORD.findall(low)).items():
        said = [words.get(word, {})]
        if len(word) > 5:
            said += [endings.get(word[-length:], {}) for length in (2, 3, 4, 5)]
        said += [letters[letter] for letter in letters if letter in word]
        for voice in said:
            for code, weight in voice.items():
                votes[code] += weight * times**0.5
    best = max(LANGUAGES, key=votes.__getitem__)
    return best if votes[best] else None
