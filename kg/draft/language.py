"""Which of the five languages a text is in, by its commonest words."""

from __future__ import annotations

import functools
import re
from collections import Counter

from kg.draft.lexicon import LANGUAGES, read_words

_WORD = re.compile(r"[^\W\d_]+")
# Enough to know a language by; the rest of a long document need not be counted.
_SAMPLE = 60_000


@functools.cache
def _weights() -> dict[str, dict[str, float]]:
    """For each word that tells, the languages that it speaks for and how loudly: rarer is louder."""
    speakers: dict[str, list[str]] = {}
    for code in LANGUAGES:
        for word in read_words(code)["detect"]:
            speakers.setdefault(word, []).append(code)
    return {word: dict.fromkeys(codes, 1 / len(codes) ** 2) for word, codes in speakers.items() if len(codes) < 5}


def language_of(text: str) -> str | None:
    """The language code of `text` (one of LANGUAGES), or None where no known word stands in it."""
    votes: Counter[str] = Counter()
    weights = _weights()
    for word, times in Counter(_WORD.findall(text[:_SAMPLE].lower())).items():
        for code, weight in weights.get(word, {}).items():
            votes[code] += weight * times  # type: ignore[assignment]
    if not votes:
        return None
    return max(LANGUAGES, key=lambda code: votes[code])
