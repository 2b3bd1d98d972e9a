"""What amounts have to do with one another: parts, changes, the same fact said again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg.draft.context import Context, between, with_code
from kg.draft.model import Proposal

# What is proposed of each amount.
Said = list[list[Proposal]]
# The first few sayings of a fact know what there is to know; a text that repeats itself stays quick.
_SAYINGS = 12
# So many amounts before one may be the whole that it is part of.
_WHOLES = 8
# What is as sure as this needs no other saying; what another saying lends is no surer.
_SURE = 0.85
_LENT_LEAST = 0.8
_DIGITS = 3


def relations(context: Context, index: int) -> Iterator[Proposal]:
    """An amount that is part of another, the end of a change; the level that the increase before it leads to."""
    mention = context.mentions[index]
    before = context.mentions[index - 1] if index else None
    if before is not None and mention.change == "to" and before.change == "from":
        yield context.propose(
            index, "changeFrom", str(index - 1), mention.anchor, "the other end of the change", 0.9
        )
    for part in _part_of(context, index):
        yield part
        return
    if before is not None and context.places[index - 1].role == "increase":
        in_one = context.places[index - 1].sentence is context.places[index].sentence
        word = context.low[before.end : mention.anchor[0]].split()[-1:] if in_one else []
        if word and word[0] in context.words.connect["to"] and mention.value > before.value:
            why = "the level after the increase"
            yield context.propose(index - 1, "increaseTo", str(index), mention.anchor, why, 0.9)


def _part_of(context: Context, index: int) -> Iterator[Proposal]:
    """The whole that an amount is part of: before it ("of which"), or after it ("which with … makes")."""
    mentions, places = context.mentions, context.places
    mention, place = mentions[index], places[index]
    wholes = range(max(0, index - _WHOLES), index)
    for hit in between(place.sentence.of("role"), mentions[wholes[0]].end, mention.start) if wholes else ():
        if hit.code != "divides":
            continue
        whole = max((i for i in wholes if mentions[i].end <= hit.start), default=None)
        if whole is not None and places[whole].block is place.block:
            larger = mentions[whole].value > mention.value and mentions[whole].currency == mention.currency
            if larger:
                yield context.propose(index, "partOf", str(whole), hit, context.quoted(hit), 0.9)
    if index + 1 < len(mentions) and places[index + 1].sentence is place.sentence:
        after = mentions[index + 1]
        for hit in with_code(context.after(index, "parts"), "together"):
            larger = after.value > mention.value and after.currency == mention.currency
            if larger and after.anchor[0] - hit.end <= 2:
                yield context.propose(index, "partOf", str(index + 1), hit, context.quoted(hit), 0.85)


def add_repetitions(context: Context, said: Said) -> None:
    """Add what is the same fact said again: same amount and role, and programme or digits enough.

    What one saying leaves out, or has only from afar, is taken from the other. `said`: what is proposed of each
    amount; it is changed.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, (mention, place) in enumerate(zip(context.mentions, context.places, strict=True)):
        groups.setdefault((mention.value, mention.currency, place.role), []).append(index)
    for members in groups.values():
        same = _same_fact(context, members, said)
        for aspect in ("programme", "period", "stage", "payer") if len(same) > 1 else ():
            # The sayings are read as the text has them, before any is bettered.
            sayings = [(i, proposals) for i in same[:_SAYINGS] if (proposals := _of(said[i], aspect))]
            for index in same if sayings else ():
                own = _of(said[index], aspect)
                if own and aspect != "programme":
                    continue
                better = _better(own, (proposals for i, proposals in sayings if i != index))
                if better:
                    said[index] = [proposal for proposal in said[index] if proposal.aspect != aspect]
                    said[index] += [_lent(proposal, index) for proposal in better]


def _of(proposals: Sequence[Proposal], aspect: str) -> list[Proposal]:
    return [proposal for proposal in proposals if proposal.aspect == aspect]


def _lent(proposal: Proposal, index: int) -> Proposal:
    reason = f"said of the same amount elsewhere: {proposal.reason}"
    return replace(proposal, mention=index, reason=reason, confidence=min(proposal.confidence, _SURE))


def _same_fact(context: Context, members: Sequence[int], said: Said) -> list[int]:
    """Which amounts of one group are one fact; what says so is added to `said`."""
    first, *others = members
    digits = len(str(context.mentions[first].value).replace(".", "").strip("0"))
    same = [first]
    programme = context.places[first].programme
    for index in others:
        own = context.places[index].programme
        agree = own is not None and own == programme
        if (own is not None and programme is not None and not agree) or not (agree or digits >= _DIGITS):
            continue
        same.append(index)
        programme = programme or own
        why = "the same amount" + (" of the same programme" if agree else ", of three digits or more")
        anchor = context.mentions[index].anchor
        said[index].append(context.propose(index, "sameAs", str(first), anchor, why, 0.92 if agree else 0.85))
    return same


def _better(own: Sequence[Proposal], others: Iterable[Sequence[Proposal]]) -> Sequence[Proposal]:
    """What another saying knows, where it is near and this one's is missing or from afar."""
    sure = _surest(own)
    least = max(_LENT_LEAST, sure + 0.01)
    near = [proposals for proposals in others if _surest(proposals) >= least] if sure < _SURE else []
    return max(near, key=_surest, default=())


def _surest(proposals: Sequence[Proposal]) -> float:
    return max((proposal.confidence for proposal in proposals), default=0.0)
