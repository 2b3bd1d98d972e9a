"""A document read into candidate triples that a person only has to check.

Rule-based, offline, deterministic: the words of the grammar lie in `words/` and `cues/`, a file for each language.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kg import evidence
from kg.draft.context import Context
from kg.draft.document import Document
from kg.draft.lexicon import language_of
from kg.draft.model import ASPECTS, NEEDED, Draft, Open, Proposal
from kg.draft.quantities import read_amounts
from kg.draft.rules.aspects import basis, kind, novelty, period, programme, role, stage
from kg.draft.rules.parties import payer, proposer, recipient, speaker
from kg.draft.rules.relations import Said, add_repetitions, relations
from kg.draft.vocabulary import Name, names_of
from kg.draft.write import Setting
from kg.results import Source, plain, select

_Rule = Callable[[Context, int], Iterable[Proposal]]
# What others ask of an amount's neighbours too.
_FIRST: tuple[_Rule, ...] = (role, programme)
_RULES: tuple[_Rule, ...] = (
    *(basis, stage, kind, novelty, period),
    *(proposer, payer, recipient, speaker),
    relations,
)
_RANKS = {aspect: rank for rank, aspect in enumerate(ASPECTS)}
_PERIODS = "SELECT ?period WHERE { ?period a dcterms:PeriodOfTime }"


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, and what the graph already has of its document."""

    draft: Draft
    setting: Setting
    language_guessed_from_nothing: bool


def draft_document(
    document: Document, graph: Source, language: str | None = None, date: datetime.date | None = None
) -> Drafted:
    """Read a document's amounts and what stands around them, with the names that `graph` knows.

    `language` (da, nb, nn, sv, en) is known from the text's words where it is not given; `date` is the document's,
    for "the next three years".
    """
    code = language or document.language or language_of(document.text)
    draft = _draft(document.text, code or "en", names_of(graph, code or "en"), date)
    checksums = set(document.checksums)
    iri = next((known.iri for known in evidence.documents(graph).values() if known.checksums & checksums), None)
    periods = frozenset(plain(row[0]) for row in select(graph, _PERIODS).rows)
    return Drafted(draft, Setting(iri, periods), code is None)


def _draft(text: str, language: str, names: Sequence[Name], date: datetime.date | None) -> Draft:
    """Amounts, proposals and open points: the rules run over a text."""
    draft = Draft(text, language, read_amounts(text, language))
    if not draft.mentions:
        return draft
    context = Context(text, language, draft.mentions, names, date)
    said: Said = [[] for _ in draft.mentions]
    for rules in (_FIRST, _RULES):
        for index in range(len(draft.mentions)):
            for rule in rules:
                for proposal in rule(context, index):
                    said[proposal.mention].append(proposal)
    add_repetitions(context, said)
    for index, proposals in enumerate(said):
        aspects = {proposal.aspect for proposal in proposals}
        for aspect in NEEDED:
            if aspect not in aspects:
                unsaid = f"no words about the {aspect} are near"
                draft.open.append(Open(index, aspect, context.left_open.get((index, aspect), unsaid)))
        draft.proposals += sorted(proposals, key=lambda p: (_RANKS.get(p.aspect, len(ASPECTS)), p.value))
    return draft
