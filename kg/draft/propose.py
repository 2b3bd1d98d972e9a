"""The rules run over a text: amounts in, proposals and open points out."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence

from kg.draft.around import Around
from kg.draft.links import parts, repeated
from kg.draft.mentions import Mention
from kg.draft.names import Name
from kg.draft.parties import proposer_and_payer, recipient, speaker
from kg.draft.periods import period
from kg.draft.programmes import programme
from kg.draft.proposals import ASPECTS, NEEDED, Draft, Open, Proposal
from kg.draft.roles import basis, role
from kg.draft.stages import kind, novelty, stage
from kg.draft.survey import Survey

RULES: tuple[Callable[[Around, int], Iterable[Proposal]], ...] = (
    role,
    basis,
    stage,
    kind,
    novelty,
    programme,
    period,
    proposer_and_payer,
    recipient,
    speaker,
    parts,
)


def propose(
    text: str, language: str, mentions: Sequence[Mention], names: Sequence[Name], date: datetime.date | None = None
) -> Draft:
    """Read what stands around each amount. `names` are those that the graph knows; `date` is the document's."""
    draft = Draft(text, language, mentions)
    if not mentions:
        return draft
    survey = Survey(text, language, names, [mention.start for mention in mentions])
    around = Around(survey, mentions, date)
    for index in range(len(mentions)):
        draft.proposals += (proposal for rule in RULES for proposal in rule(around, index))
    draft.proposals = repeated(around, draft.proposals)
    given = {(proposal.mention, proposal.aspect) for proposal in draft.proposals}
    for index in range(len(mentions)):
        for aspect in NEEDED:
            if (index, aspect) not in given:
                draft.open.append(
                    Open(
                        index,
                        aspect,
                        around.left_open.get((index, aspect), f"no words about the {aspect} are near"),
                    )
                )
    draft.proposals.sort(
        key=lambda p: (p.mention, ASPECTS.index(p.aspect) if p.aspect in ASPECTS else 99, p.value)
    )
    return draft
