"""The rules run over a text: amounts in, proposals and open points out."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter

from kg.draft.around import Around
from kg.draft.links import Said, parts, repeated
from kg.draft.mentions import Mention
from kg.draft.names import Name
from kg.draft.parties import payer, proposer, recipient, speaker
from kg.draft.periods import period
from kg.draft.programmes import programme
from kg.draft.proposals import ASPECTS, NEEDED, Draft, Open, Proposal
from kg.draft.roles import basis, role
from kg.draft.stages import kind, novelty, stage
from kg.draft.survey import Survey

# What is said of an amount itself; `parts` may say something of the one before it too.
RULES: tuple[Callable[[Around, int], Iterable[Proposal]], ...] = (
    role,
    basis,
    stage,
    kind,
    novelty,
    programme,
    period,
    proposer,
    payer,
    recipient,
    speaker,
)
_RANKS = {aspect: rank for rank, aspect in enumerate(ASPECTS)}
_LAST = len(ASPECTS)
_new = tuple.__new__
_aspect = itemgetter(1)
_UNSAID = {aspect: f"no words about the {aspect} are near" for aspect in NEEDED}


def propose(
    text: str, language: str, mentions: Sequence[Mention], names: Sequence[Name], date: datetime.date | None = None
) -> Draft:
    """Read what stands around each amount. `names` are those that the graph knows; `date` is the document's."""
    draft = Draft(text, language, mentions)
    if not mentions:
        return draft
    survey = Survey(text, language, names, [mention.start for mention in mentions])
    around = Around(survey, mentions, date)
    said: Said = [[] for _ in mentions]
    for index in range(len(mentions)):
        around.come_to(index)
        own = said[index]
        for rule in RULES:
            own += rule(around, index)
        for proposal in parts(around, index):
            said[proposal[0]].append(proposal)
    for index, surname in around.surnames.items():
        value, known = survey.person(surname)
        said[index] = [p if p.aspect != "speaker" else p._replace(value=value, known=known) for p in said[index]]
    repeated(around, said)
    for index, found in enumerate(said):
        said_of = set(map(_aspect, found))
        for aspect in NEEDED:
            if aspect not in said_of:
                why = around.left_open.get((index, aspect)) or _UNSAID[aspect]
                draft.open.append(_new(Open, (index, aspect, why)))
        found.sort(key=_turn)
        draft.proposals += found
        said[index] = []
    return draft


def _turn(proposal: Proposal) -> tuple[int, str]:
    return _RANKS.get(proposal[1], _LAST), proposal[2]
