"""What the words of a passage may begin: a cue, a name of the graph, or, as most of them, nothing.

A word and the one after it are looked up once, however often they stand in the text.
"""

from __future__ import annotations

import functools

from kg.draft.cues import Cues, Phrase
from kg.draft.names import Lead, Names
from kg.draft.passage import WORDS, At, Known, Passage

# So many pieces that follow one of them are remembered.
_MOST_FOLLOWING = 2_000
# The phrases and names that may begin in a piece, each with the index of its first word and that word's place.
_Begun = tuple[list[tuple[int, int, int, Phrase]], list[tuple[int, int, int, Lead]]]
_NOTHING: _Begun = [], []
# What follows the last piece; no piece has it.
_END = "\n"


class Vocabulary:
    """The cues and names that a text is searched for, by the words that they begin with."""

    def __init__(self, cues: Cues, names: Names) -> None:
        self._cues = cues
        self._names = names
        # For each piece what may begin in it, by the piece that follows; None where that is nothing.
        self._pieces = Known(self._beginning)

    def leads(self, passage: Passage) -> tuple[list[tuple[At, Phrase]], list[tuple[At, Lead]]]:
        """The words of a passage that may begin a cue, and those that may begin a name, each with its place."""
        pieces = passage.pieces
        start, ends = passage.start, passage.ends
        after = [*pieces[1:], _END]
        phrases: list[tuple[At, Phrase]] = []
        names: list[tuple[At, Lead]] = []
        known = enumerate(map(self._pieces.__getitem__, pieces))
        for i, following in [(i, following) for i, following in known if following is not None]:
            begun = following[after[i]]
            if begun is None:
                begun = following[passage.after(i) or _END] or _NOTHING
            if begun is not _NOTHING:
                place = start + ends[i] - len(pieces[i]) + i  # as passage.place says
                for index, first, last, phrase in begun[0]:
                    phrases.append(((i, index, place + first, place + last), phrase))
                for index, first, last, lead in begun[1]:
                    names.append(((i, index, place + first, place + last), lead))
        return phrases, names

    def _beginning(self, piece: str) -> Known[_Begun | None] | None:
        for word, _, _ in WORDS[piece]:
            if self._cues.begins(word) or self._names.begins(word):
                return Known(functools.partial(self._begun, piece), _MOST_FOLLOWING)
        return None

    def _begun(self, piece: str, after: str) -> _Begun | None:
        """What may begin in a piece that another follows; None where that has no word in it, and is not the end."""
        words, following = WORDS[piece], WORDS[after]
        if not following and after != _END:
            return None
        seconds = [*(word for word, _, _ in words[1:]), following[0][0] if following else ""]
        phrases: list[tuple[int, int, int, Phrase]] = []
        names: list[tuple[int, int, int, Lead]] = []
        for index, ((word, start, end), second) in enumerate(zip(words, seconds, strict=True)):
            phrases += [(index, start, end, phrase) for phrase in self._cues.beginning(word, second)]
            if (lead := self._names.beginning(word, second)) is not None:
                names.append((index, start, end, lead))
        return (phrases, names) if phrases or names else _NOTHING
