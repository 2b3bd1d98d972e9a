"""Why a figure stays out of sums: "what may be added" is then one filter, `til:notSummed` absent."""

from __future__ import annotations

from enum import StrEnum

from kg.derive.reading import Figure, Reading, Role


class Why(StrEnum):
    """The codes of code/not-summed/."""

    WHOLE = "whole"
    INCREASE = "increase"
    CUMULATIVE = "cumulative"
    LEVERAGED = "leveraged"
    OTHER_WORDING = "otherWording"
    SUPERSEDED = "superseded"
    SHARED_PAYERS = "sharedPayers"


_BY_ROLE = {
    Role.INCREASE: Why.INCREASE,
    Role.CUMULATIVE: Why.CUMULATIVE,
    Role.LEVERAGED: Why.LEVERAGED,
}


def not_summed(reading: Reading) -> dict[str, tuple[Why, ...]]:
    """The reasons of each figure that has any, by the figure's IRI, in the order of the code list.

    whole: a part of its commitment, at any depth, has a figure in the same role, which is counted instead.
    superseded: a later stage follows its commitment, or a whole that its commitment is part of.
    sharedPayers: its commitment has several payers, and its parts do not say what each pays.
    """
    superseded: set[str] = set()
    for commitment in reading.followed:
        superseded |= {commitment, *_below(reading, commitment)}
    found = {}
    for iri, figure in reading.figures.items():
        reasons = []
        if figure.of in reading.parts and _counted_below(reading, figure):
            reasons.append(Why.WHOLE)
        if figure.role in _BY_ROLE:
            reasons.append(_BY_ROLE[figure.role])
        if figure.rewords:
            reasons.append(Why.OTHER_WORDING)
        if figure.of in superseded:
            reasons.append(Why.SUPERSEDED)
        if reading.payers.get(figure.of, 0) > 1 and not _split(reading, figure.of, figure.role, frozenset()):
            reasons.append(Why.SHARED_PAYERS)
        if reasons:
            found[iri] = tuple(reasons)
    return found


def _below(reading: Reading, whole: str) -> set[str]:
    """The parts of a whole at any depth; itself only where the parts run in a circle."""
    found: set[str] = set()
    waiting = list(reading.parts.get(whole, ()))
    while waiting:
        part = waiting.pop()
        if part not in found:
            found.add(part)
            waiting += reading.parts.get(part, ())
    return found


def _counted_below(reading: Reading, figure: Figure) -> bool:
    return any(
        other.role is figure.role
        for part in _below(reading, figure.of)
        if part != figure.of
        for other in reading.by_subject.get(part, ())
    )


def _split(reading: Reading, commitment: str, role: Role, above: frozenset[str]) -> bool:
    """Whether the parts say what each payer pays: a complete list, each with a figure and one payer."""
    parts = reading.parts.get(commitment, ())
    if not parts or commitment not in reading.exhaustive or commitment in above:
        return False
    return all(
        any(figure.role is role for figure in reading.by_subject.get(part, ()))
        and (reading.payers.get(part) == 1 or _split(reading, part, role, above | {commitment}))
        for part in parts
    )
