"""A document read into candidate triples that a person only has to check.

Rule-based, offline, deterministic: the words of the grammar lie in `words/` and `cues/`, a file for each language.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.draft.document import Document
    from kg.draft.proposals import Draft
    from kg.draft.writing import Setting
    from kg.results import Source


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, and what the graph already has of its document."""

    draft: Draft
    setting: Setting
    language_guessed_from_nothing: bool


_PERIODS = "SELECT ?period WHERE { ?period a dcterms:PeriodOfTime }"


def draft_document(
    document: Document, graph: Source, language: str | None = None, date: datetime.date | None = None
) -> Drafted:
    """Read a document's amounts and what stands around them, with the names that `graph` knows.

    `language` (da, nb, nn, sv, en) is known from the text's words where it is not given; `date` is the document's,
    for "the next three years".
    """
    from kg import evidence
    from kg.draft.language import language_of
    from kg.draft.names import names_of
    from kg.draft.propose import propose
    from kg.draft.reader import read_amounts
    from kg.draft.writing import Setting
    from kg.results import plain, select

    code = language or document.language or language_of(document.text)
    mentions = read_amounts(document.text, code or "en")
    draft = propose(document.text, code or "en", mentions, names_of(graph, code or "en"), date)
    checksums = set(document.checksums)
    known = next((d.iri for d in evidence.documents(graph).values() if d.checksums & checksums), None)
    periods = frozenset(plain(row[0]) for row in select(graph, _PERIODS).rows)
    return Drafted(draft, Setting(known, periods), code is None)
