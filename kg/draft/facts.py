"""Amounts and what is proposed of them as the figures and commitments of the model.

Sayings of one fact become one figure with several anchors; another wording of it is a figure that rewords it.
An increase joins the commitment of its programme; a level is a commitment of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.draft.proposals import Draft, Proposal

# What is proposed with less is left to the person who reads the draft.
_ENOUGH = 0.7
# So many commitments before and after a figure are looked at for the one that it belongs to.
_WINDOW = 25
_NOTHING: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Figure:
    """One amount in one role and wording. `mentions`: indexes, the first that said it first."""

    mentions: list[int]
    rewords: Figure | None = None
    upper: int | None = None
    increase_to: Figure | None = None

    @property
    def first(self) -> int:
        """The first saying."""
        return self.mentions[0]


@dataclass(slots=True, eq=False)
class Commitment:
    """What some figures are about. `said`: the proposals that describe it, by aspect; `first`: its first saying."""

    first: int
    said: dict[str, list[Proposal]]
    figures: list[Figure] = field(default_factory=list)
    parts: list[Commitment] = field(default_factory=list)

    def add(self, figure: Figure) -> None:
        """One more figure about it."""
        self.figures.append(figure)
        if figure.mentions[0] < self.first:
            self.first = figure.mentions[0]


class Facts:
    """The figures and commitments of a draft, in the order in which the text first says them."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.said: dict[int, dict[str, list[Proposal]]] = {}
        for proposal in draft.proposals:
            mention, aspect, _, _, _, _, confidence, _ = proposal
            if confidence >= _ENOUGH:
                said = self.said.get(mention)
                if said is None:
                    self.said[mention] = {aspect: [proposal]}
                elif aspect in said:
                    said[aspect].append(proposal)
                else:
                    said[aspect] = [proposal]
        self._of: dict[int, Commitment] = {}
        self.figures = self._figures()
        self.commitments = self._commitments()

    def one(self, mention: int, aspect: str) -> Proposal | None:
        """The proposal of one aspect of one amount, the surest."""
        said = self.said.get(mention)
        if said is None or (found := said.get(aspect)) is None:
            return None
        return found[0] if len(found) == 1 else max(found, key=lambda p: p.confidence)

    def values(self, mention: int, aspect: str) -> frozenset[str]:
        """What is proposed of one aspect of one amount."""
        found = self.said[mention].get(aspect) if mention in self.said else None
        return frozenset(p.value for p in found if p.known) if found else _NOTHING

    def _figures(self) -> list[Figure]:
        figures: list[Figure] = []
        # By the saying that said the fact first, then by wording.
        groups: dict[int, dict[tuple[str, frozenset[str]], Figure]] = {}
        mentions = self.draft.mentions
        skip: set[int] = set()
        for index, mention in enumerate(mentions):
            if index in skip:
                continue
            if mention.qualifier == "range-low" and index + 1 < len(mentions):
                upper = mentions[index + 1]
                if (
                    upper.qualifier == "range-high"
                    and upper.currency == mention.currency
                    and upper.value > mention.value
                ):
                    figures.append(Figure([index], upper=index + 1))
                    skip.add(index + 1)
                    continue
            same = self.one(index, "sameAs")
            root = int(same.value) if same is not None else index
            group = groups.setdefault(root, {})
            wording = mention.qualifier, self.values(index, "payer")
            if (known := group.get(wording)) is not None:
                known.mentions.append(index)
            else:
                figure = Figure([index], rewords=next(iter(group.values()), None))
                group[wording] = figure
                figures.append(figure)
        saying = _by_mention(figures)
        for figure in figures:
            for index in figure.mentions:
                target = self.one(index, "increaseTo")
                if target is not None:
                    figure.increase_to = saying.get(int(target.value))
        return figures

    def _commitments(self) -> list[Commitment]:
        commitments: list[Commitment] = []
        of = self._of
        beside: dict[str, list[Commitment]] = {}
        for figure in sorted(self.figures, key=lambda f: self.role(f) != "level"):
            home: Commitment | None = None
            if figure.rewords is not None:
                home = of.get(id(figure.rewords))
            elif figure.increase_to is not None:
                home = of.get(id(figure.increase_to))
            elif self.role(figure) != "level" and (programme := self.one(figure.first, "programme")) is not None:
                home = self._nearest(figure, beside.get(programme.value, []))
            if home is None:
                home = Commitment(figure.first, dict(self.said.get(figure.first, {})))
                commitments.append(home)
                for proposal in home.said.get("programme", ()):
                    beside.setdefault(proposal.value, []).append(home)
            home.add(figure)
            of[id(figure)] = home
        saying = _by_mention(self.figures)
        joined: set[tuple[int, int]] = set()
        for figure in self.figures:
            for index in figure.mentions:
                part = self.one(index, "partOf")
                whole = saying.get(int(part.value)) if part is not None else None
                if whole is not None:
                    outer, inner = of[id(whole)], of[id(figure)]
                    pair = id(outer), id(inner)
                    if outer is not inner and pair not in joined and pair[::-1] not in joined:
                        joined.add(pair)
                        outer.parts.append(inner)
        return sorted(commitments, key=lambda commitment: commitment.first)

    def _nearest(self, figure: Figure, commitments: list[Commitment]) -> Commitment | None:
        """The commitment to the same programme whose amount stands nearest, where it is for the same time."""
        period = self.values(figure.first, "period")
        cumulative = self.role(figure) == "cumulative"
        at = bisect_left(commitments, figure.first, key=lambda c: c.first)
        same = [
            c
            for c in commitments[max(0, at - _WINDOW) : at + _WINDOW]
            if cumulative or not period or {p.value for p in c.said.get("period", ())} in (set(), set(period))
        ]
        return min(same, key=lambda c: abs(c.first - figure.first), default=None)

    def role(self, figure: Figure) -> str:
        """The role of a figure: a code of the list, or "" where none was read."""
        role = self.one(figure.first, "role")
        return role.value if role is not None else ""

    def of(self, figure: Figure) -> Commitment:
        """The commitment that a figure is about."""
        return self._of[id(figure)]


def _by_mention(figures: Iterable[Figure]) -> dict[int, Figure]:
    return {index: figure for figure in figures for index in figure.mentions}
