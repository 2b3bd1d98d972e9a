"""One subject of a draft as Turtle writes it: its statements, and which of them are inferred."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from kg import rdf
from kg.draft.proposals import Proposal
from kg.terms import CODE
from kg.terms import shorten as shorten_iri

# Above this the words themselves say it; below, it is inferred and says so.
_SAID = 0.9
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")

# Codes, bodies and programmes come again and again.
shorten = functools.lru_cache(maxsize=4096)(shorten_iri)


class Subject:
    """A subject with its class, to which statements are added in the order in which they are written."""

    __slots__ = ("_lines", "inferred")

    def __init__(self, name: str, kind: str) -> None:
        self._lines = [f"{name} a {kind}"]
        # Why a predicate is only inferred.
        self.inferred: dict[str, str] = {}

    def say(self, predicate: str, *values: str) -> None:
        """One predicate with its values, each as Turtle writes it."""
        self._lines.append(f"    {predicate} {values[0] if len(values) == 1 else ' , '.join(values)}")

    def infer(self, predicate: str, proposals: Iterable[Proposal]) -> None:
        """Mark a predicate as inferred where one of these is not said outright."""
        reasons = [proposal[5] for proposal in proposals if proposal[6] < _SAID]
        if reasons:
            said = reasons[0] if len(reasons) == 1 else "; ".join(dict.fromkeys(reasons))
            self.inferred[predicate] = f"{predicate.removeprefix('til:')}: {said}"

    def note(self) -> None:
        """Say which predicates are inferred, and why."""
        if self.inferred:
            self.say("til:inferred", *sorted(self.inferred))
            self.say("skos:editorialNote", text(f"Proposed by rule. {'. '.join(self.inferred.values())}.", "en"))

    def written(self) -> str:
        """The subject as a block of Turtle."""
        return " ;\n".join(self._lines) + " .\n\n"


@functools.lru_cache(maxsize=4096)
def code(concepts: str, value: str) -> str:
    """A code of one of the lists of concepts."""
    return shorten_iri(f"{CODE}{concepts}/{value}")


@functools.lru_cache(maxsize=4096)
def text(words: str, language: str) -> str:
    """A literal in a language."""
    return rdf.write(rdf.literal(_CONTROL.sub(" ", words), language=language))


@functools.lru_cache(maxsize=4096)
def exact(words: str) -> str:
    """A literal of a document's own words."""
    return rdf.write(rdf.literal(words))


def comment(words: str) -> str:
    """Words that may stand in a comment: nothing in them ends its line."""
    return words if words.isprintable() else _CONTROL.sub(" ", words)
