"""What amounts have to do with one another: parts, changes, the same fact said again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.draft.around import Around
from kg.draft.programmes import SURE, sure_programme
from kg.draft.proposals import Proposal
from kg.draft.roles import role_of

# The first few sayings of a fact know what there is to know.
_SAYINGS = 12


def parts(near: Around, index: int) -> Iterator[Proposal]:
    """An amount that is part of another, the end of a change, the level that an increase leads to."""
    mention, place = near.mentions[index], near.places[index]
    if index and mention.change == "to" and near.mentions[index - 1].change == "from":
        yield near.say(index, "changeFrom", str(index - 1), mention.anchor, "the other end of the change", 0.9)
    floor = max(place.sentence[0], 0)
    for hit in near.hits(place.block, "role", "divides", within=(floor, mention.start)):
        wholes = [i for i in range(max(0, index - 8), index) if near.mentions[i].end <= hit.start]
        if wholes and near.places[wholes[-1]].block is place.block:
            whole = wholes[-1]
            if near.mentions[whole].value > mention.value and near.mentions[whole].currency == mention.currency:
                yield near.say(index, "partOf", str(whole), (hit.start, hit.end), f"'{near.quoted(hit)}'", 0.9)
                return
    if index + 1 < len(near.mentions) and near.places[index + 1].sentence == place.sentence:
        after = near.mentions[index + 1]
        for hit in near.hits(place.block, "parts", "together", within=(mention.end, after.anchor[0])):
            if (
                after.value > mention.value
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


def repeated(near: Around, proposals: Sequence[Proposal]) -> list[Proposal]:
    """All proposals, with what is the same fact said again: same amount and role, and programme or digits enough.

    What one saying leaves out, or has only from afar, is taken from the other.
    """
    facts: dict[int, dict[str, list[Proposal]]] = {}
    for proposal in proposals:
        facts.setdefault(proposal.mention, {}).setdefault(proposal.aspect, []).append(proposal)
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, mention in enumerate(near.mentions):
        role = facts.get(index, {}).get("role", [])
        groups.setdefault((mention.value, mention.currency, role[0].value if role else ""), []).append(index)
    added: list[Proposal] = []
    dropped: set[tuple[int, str]] = set()
    for (value, *_), members in groups.items():
        same = _same(near, str(value), members, added)
        # The first few sayings know what there is to know; a text that repeats itself stays quick.
        known = same[:_SAYINGS]
        for index in same if len(same) > 1 else ():
            for aspect in ("programme", "period", "stage", "payer"):
                own = facts.get(index, {}).get(aspect, [])
                better = _better(aspect, own, (facts.get(i, {}).get(aspect, []) for i in known if i != index))
                if better:
                    dropped.add((index, aspect))
                    added += [
                        Proposal(
                            index, p.aspect, p.value, p.label, p.anchor,
                            f"said of the same amount elsewhere: {p.reason}", min(p.confidence, 0.85), p.known,
                        )
                        for p in better
                    ]  # fmt: skip
    kept = [p for p in proposals if (p.mention, p.aspect) not in dropped]
    return kept + added


def _same(near: Around, value: str, members: Sequence[int], added: list[Proposal]) -> list[int]:
    """Which amounts of one group are one fact; what says so goes to `added`."""
    digits = len(value.replace(".", "").strip("0"))
    first = members[0]
    same = [first]
    sure = sure_programme(near, first)
    for index in members[1:]:
        own = sure_programme(near, index)
        agree = own is not None and own == sure
        if (own is not None and sure is not None and own != sure) or not (agree or digits >= 3):
            continue
        same.append(index)
        sure = sure or own
        reason = "the same amount" + (" of the same programme" if agree else ", of three digits or more")
        added.append(
            near.say(index, "sameAs", str(first), near.mentions[index].anchor, reason, 0.92 if agree else 0.85)
        )
    return same


def _better(aspect: str, own: Sequence[Proposal], others: Iterable[Sequence[Proposal]]) -> Sequence[Proposal]:
    """What another saying knows, where it is near and this one's is missing or from afar."""
    floor = max((p.confidence for p in own), default=0.0)
    if own and (aspect != "programme" or floor >= SURE):
        return ()
    known = [group for group in others if group and max(p.confidence for p in group) >= max(0.8, floor + 0.01)]
    return max(known, key=lambda group: max(p.confidence for p in group), default=())
