"""What amounts have to do with one another: parts, changes, the same fact said again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.draft.around import Around, between
from kg.draft.programmes import SURE
from kg.draft.proposals import Proposal
from kg.draft.roles import role_of

# What is proposed of each amount.
Said = list[list[Proposal]]
# The first few sayings of a fact know what there is to know.
_SAYINGS = 12
# So many amounts before one may be the whole that it is part of.
_WHOLES = 8


def parts(near: Around, index: int) -> Iterator[Proposal]:
    """An amount that is part of another, the end of a change, the level that an increase leads to."""
    mention, place = near.mentions[index], near.places[index]
    if index and mention.change == "to" and near.mentions[index - 1].change == "from":
        yield near.say(index, "changeFrom", str(index - 1), mention.anchor, "the other end of the change", 0.9)
    roles = place.said.hits.get("role") if index else None
    for hit in between(roles, near.mentions[max(0, index - _WHOLES)].end, mention.start) if roles else ():
        if hit.code != "divides":
            continue
        wholes = [i for i in range(max(0, index - _WHOLES), index) if near.mentions[i].end <= hit.start]
        if wholes and near.places[wholes[-1]].block is place.block:
            whole = wholes[-1]
            if near.mentions[whole].value > mention.value and near.mentions[whole].currency == mention.currency:
                yield near.say(index, "partOf", str(whole), (hit.start, hit.end), f"'{near.quoted(hit)}'", 0.9)
                return
    if index + 1 < len(near.mentions) and near.places[index + 1].sentence == place.sentence:
        after = near.mentions[index + 1]
        for hit in near.after(index, "parts"):
            if (
                hit.code == "together"
                and after.value > mention.value
                and after.currency == mention.currency
                and after.anchor[0] - hit.end <= 2
            ):
                yield near.say(
                    index, "partOf", str(index + 1), (hit.start, hit.end), f"'{near.quoted(hit)}'", 0.85
                )
                return
    if index and role_of(near, index - 1) == "increase" and near.places[index - 1].sentence == place.sentence:
        before = near.low[near.mentions[index - 1].end : mention.anchor[0]]
        if (
            before.split()[-1:]
            and before.split()[-1] in near.survey.words.connect["to"]
            and mention.value > near.mentions[index - 1].value
        ):
            yield near.say(
                index - 1, "increaseTo", str(index), mention.anchor, "the level after the increase", 0.9
            )


def repeated(near: Around, said: Said) -> None:
    """Add what is the same fact said again: same amount and role, and programme or digits enough.

    What one saying leaves out, or has only from afar, is taken from the other. `said`: what is proposed of each
    amount; it is changed.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, mention in enumerate(near.mentions):
        # The first rule reads the role.
        role = said[index][0].value if said[index] and said[index][0].aspect == "role" else ""
        groups.setdefault((mention.value, mention.currency, role), []).append(index)
    for (value, *_), members in groups.items():
        if len(members) < 2 or len(same := _same(near, str(value), members, said)) < 2:
            continue
        for aspect in ("programme", "period", "stage", "payer"):
            # The first few sayings know what there is to know; a text that repeats itself stays quick. They are
            # read as the text has them, before any is bettered.
            known = [(i, group) for i in same[:_SAYINGS] if (group := _of(said[i], aspect))]
            for index in same if known else ():
                own = _of(said[index], aspect)
                if own and aspect != "programme":
                    continue
                if better := _better(own, (group for i, group in known if i != index)):
                    said[index] = [p for p in said[index] if p.aspect != aspect] + [
                        Proposal(
                            index, p.aspect, p.value, p.label, p.anchor,
                            f"said of the same amount elsewhere: {p.reason}", min(p.confidence, 0.85), p.known,
                        )
                        for p in better
                    ]  # fmt: skip


def _of(proposals: Sequence[Proposal], aspect: str) -> list[Proposal]:
    return [proposal for proposal in proposals if proposal[1] == aspect]


def _same(near: Around, value: str, members: Sequence[int], said: Said) -> list[int]:
    """Which amounts of one group are one fact; what says so is added to `said`."""
    digits = len(value.replace(".", "").strip("0"))
    first = members[0]
    same = [first]
    sure = near.sure_programmes.get(first)
    for index in members[1:]:
        own = near.sure_programmes.get(index)
        agree = own is not None and own == sure
        if (own is not None and sure is not None and own != sure) or not (agree or digits >= 3):
            continue
        same.append(index)
        sure = sure or own
        reason = "the same amount" + (" of the same programme" if agree else ", of three digits or more")
        anchor = near.mentions[index].anchor
        said[index].append(near.say(index, "sameAs", str(first), anchor, reason, 0.92 if agree else 0.85))
    return same


def _better(own: Sequence[Proposal], others: Iterable[Sequence[Proposal]]) -> Sequence[Proposal]:
    """What another saying knows, where it is near and this one's is missing or from afar."""
    floor = max((p.confidence for p in own), default=0.0)
    if floor >= SURE:
        return ()
    known = [group for group in others if group and max(p.confidence for p in group) >= max(0.8, floor + 0.01)]
    return max(known, key=lambda group: max(p.confidence for p in group), default=())
