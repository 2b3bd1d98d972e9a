"""The sum as a tree: which figures may be rows of a sum, and inside which other row their money already lies.

A *determinate* commitment counts as a whole, and its parts are "of which". One of mixed kind, or whose payers are of
both classes while its parts have amounts, is *divided*: its parts count, and a rest where they do not make it up.
docs/model.md has the reasons, and the rules in full.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import itemgetter

from kg.amounts import Interval, Rule, bounds, total_of
from kg.derive.reading import Basis, Commitment, Figure, Reading, Role

_MIXED = "kind/mixed"


class Why(StrEnum):
    """Why a figure stays out of sums, or gives way in them; the codes of code/not-summed/ that are derived."""

    OTHER_WORDING = "otherWording"
    CUMULATIVE = "cumulative"
    LEVERAGED = "leveraged"
    INCREASE = "increase"
    DIVIDED = "divided"
    OF_PROGRAMME = "ofProgramme"
    REPLACED = "replaced"
    REANNOUNCED = "reannounced"


class PayerClass(StrEnum):
    """Whose money it is; the codes of code/payer-class/."""

    STATE = "state"
    OTHERS = "others"
    SHARED = "shared"
    NOT_STATED = "notStated"


@dataclass(frozen=True, slots=True)
class Rest:
    """What no listed part of a divided whole has: of `of`, a part or (`new`) a commitment that stands for the rest.

    `level` is the figure of the whole. `value` is the number as written (None where a number is missing), `allowed`
    what the words allow, both for the whole period or, where `basis` says so, for a year. `funders` pay it.
    `by_policy`: the width of a figure that it follows from is assumed.
    """

    iri: str
    of: str
    new: bool
    whole: str
    level: Figure
    value: Decimal | None
    allowed: Interval
    funders: tuple[str, ...]
    derived_from: tuple[str, ...]
    by_policy: bool

    @property
    def basis(self) -> Basis:
        """A year's only where nobody knows for how many years the whole is."""
        return Basis.PER_YEAR if _years_open(self.level) else Basis.WHOLE_PERIOD


@dataclass(frozen=True, slots=True)
class Tree:
    """Of each figure and rest, by IRI, what it may do in a sum.

    `rows` and `increases` may be added, each with its kind; a figure in `not_summed` has its reasons. Those that
    only tell of a replacement stand beside a row. `inside`, `gives_way` and `may_contain` lead to rows; an increase
    gives way to that of a whole too, since that one has its money.
    """

    rows: frozenset[str]
    increases: frozenset[str]
    not_summed: Mapping[str, tuple[Why, ...]]
    rests: tuple[Rest, ...]
    inside: Mapping[str, tuple[str, ...]]
    gives_way: Mapping[str, tuple[str, ...]]
    may_contain: Mapping[str, tuple[str, ...]]
    payer_classes: Mapping[str, PayerClass]


def tree(reading: Reading, rule: Rule) -> Tree:
    """Every stated figure has its place: a row, an increase of its own, or at least one reason."""
    classes = {iri: payer_class(reading, each.funders) for iri, each in reading.commitments.items()}
    above = _ancestors(reading)
    divided = _divided(reading, classes, above)
    reasons = {iri: _reasons(reading, figure, divided) for iri, figure in reading.figures.items()}
    rests = tuple(_rests(reading, rule, divided))
    rows = {iri for iri, why in reasons.items() if not why and reading.figures[iri].role is Role.LEVEL}
    increases = {iri for iri, why in reasons.items() if not why} - rows
    subject = {iri: reading.figures[iri].of for iri in rows | increases} | {rest.iri: rest.of for rest in rests}
    inside = _inside(reading, rows, subject, above, rests)
    around = dict(inside)
    for iri, wholes in _inside(reading, increases, {iri: subject[iri] for iri in increases}, above, ()).items():
        around[iri] = (*inside.get(iri, ()), *wholes)
    other = _elsewhere(reading, rows, rests, inside)
    for iri, targets in other.items():
        reasons[iri] = (*reasons.get(iri, ()), *sorted(set(targets.values())))
    gives_way = _gives_way(subject, around, other)
    return Tree(
        frozenset(rows | {rest.iri for rest in rests}),
        frozenset(increases),
        {iri: why for iri, why in reasons.items() if why},
        rests,
        inside,
        gives_way,
        {**dict(_contained(reading, rows, gives_way)), **dict(_beside_rests(reading, rests, rows, above))},
        classes | {rest.of: payer_class(reading, rest.funders) for rest in rests},
    )


def payer_class(reading: Reading, funders: Iterable[str]) -> PayerClass:
    """State where every payer is a State treasury, others where none is, shared where some are.

    Not stated where there is none, or one of whom nothing says what it is.
    """
    funders = set(funders)
    states = funders & reading.states
    if states and funders - states:
        return PayerClass.SHARED
    if states:
        return PayerClass.STATE
    return PayerClass.OTHERS if funders and funders <= reading.payers else PayerClass.NOT_STATED


def _ancestors(reading: Reading) -> dict[str, frozenset[str]]:
    """Of each part the wholes that it is part of, at any depth; itself never."""
    found: dict[str, set[str]] = {}
    for whole in reading.commitments:
        for part in reading.below(whole):
            if part != whole:
                found.setdefault(part, set()).add(whole)
    return {part: frozenset(wholes) for part, wholes in found.items()}


def _divided(
    reading: Reading, classes: Mapping[str, PayerClass], above: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """The commitments that do not count as a whole.

    Where two determinate wholes at one stage, neither a part of the other, share a part, one of them is divided too:
    the one with a complete list, on a tie the smaller, then the later IRI. Else money would be counted twice.
    """
    found = {
        iri
        for iri, each in reading.commitments.items()
        if (each.kind or "").endswith(_MIXED)
        or (_shared(classes[iri], each) and any(_has_amount(reading, part) for part in reading.below(iri)))
    }
    shared: dict[str, list[str]] = {}
    for part in _with_several_wholes(reading):
        for whole in above[part]:
            shared.setdefault(whole, []).append(part)
    # What stays whole is settled first, so that a whole gives way only to one that does count.
    counting: dict[str, list[str]] = {}
    for iri in sorted(shared.keys() - found, key=lambda iri: _last_to_divide(reading, iri)):
        if any(
            _both_count(reading, iri, other, above) for part in shared[iri] for other in counting.get(part, ())
        ):
            found.add(iri)
        else:
            for part in shared[iri]:
                counting.setdefault(part, []).append(iri)
    return frozenset(found)


def _shared(payers: PayerClass, each: Commitment) -> bool:
    return payers is PayerClass.SHARED or (payers is PayerClass.NOT_STATED and len(each.funders) > 1)


def _has_amount(reading: Reading, commitment: str) -> bool:
    return any(each.low is not None for each in reading.by_subject.get(commitment, ()))


def _with_several_wholes(reading: Reading) -> Iterator[str]:
    """The parts that are listed in more than one place: all that two wholes can share is one of these, or below it."""
    listed: set[str] = set()
    again: dict[str, None] = {}
    for whole in reading.commitments:
        for part in reading.parts(whole):
            if part in listed:
                again[part] = None
            listed.add(part)
    return iter(again)


def _both_count(reading: Reading, one: str, other: str, above: Mapping[str, frozenset[str]]) -> bool:
    """Whether two wholes would stand in one sum, though neither contains the other."""
    return (
        reading.commitments[one].stage == reading.commitments[other].stage
        and other not in above.get(one, ())
        and one not in above.get(other, ())
        and not {each.currency for each in reading.levels(one)}.isdisjoint(
            each.currency for each in reading.levels(other)
        )
    )


def _last_to_divide(reading: Reading, iri: str) -> tuple[bool, Decimal, str]:
    """The order in which wholes are let count."""
    numbers = [each.high * _times(each) for each in reading.levels(iri) if each.high is not None]
    return reading.commitments[iri].exhaustive is True, -max(numbers, default=Decimal(0)), iri


def _reasons(reading: Reading, figure: Figure, divided: frozenset[str]) -> tuple[Why, ...]:
    found = []
    if figure.rewords:
        found.append(Why.OTHER_WORDING)
    if figure.role is Role.CUMULATIVE:
        found.append(Why.CUMULATIVE)
    elif figure.role is Role.LEVERAGED:
        found.append(Why.LEVERAGED)
    elif figure.of not in reading.commitments:
        found.append(Why.OF_PROGRAMME)
    elif figure.role is Role.INCREASE and reading.levels(figure.of):
        found.append(Why.INCREASE)
    elif figure.role is Role.LEVEL and figure.of in divided:
        found.append(Why.DIVIDED)
    return tuple(found)


def _rests(reading: Reading, rule: Rule, divided: frozenset[str]) -> Iterator[Rest]:
    for iri in sorted(divided):
        for level in reading.levels(iri):
            rest = _rest(reading, rule, iri, level)
            if rest is not None:
                yield rest


def _rest(reading: Reading, rule: Rule, whole: str, level: Figure) -> Rest | None:
    """What is left of a divided whole; None where its list is complete, or where nothing would be left."""
    parts = reading.listed(whole)
    stated = {part: _levels_like(reading, part, level) for part in parts}
    raised = {part: _increases_like(reading, part, level) for part in parts if not stated[part]}
    exhaustive = whole in reading.exhaustive
    if exhaustive and all(stated.values()):
        return None
    terms = [figure for figures in (*stated.values(), *raised.values()) for figure in figures]
    number, within = _amounts(level, rule)
    listed = [_amounts(each, rule) for each in terms]
    numbers = [each for each, _ in listed if each is not None]
    value = number - sum(numbers) if number is not None and len(numbers) == len(listed) else None
    allowed = _not_negative(within.subtract(total_of(each for _, each in listed)))
    if allowed is None or (value is not None and value < 0):
        return None
    unknown = [part for part in parts if not stated[part]]
    described = [reading.commitments[part] for part in unknown if part in reading.commitments]
    alone = exhaustive and len(unknown) == 1 and not reading.by_subject.get(unknown[0])
    only = described[0].iri if alone and described else None
    funders = reading.commitments[whole].funders
    if exhaustive:
        funders = tuple(sorted({payer for part in described for payer in part.funders}))
    return Rest(
        f"{level.iri}-rest",
        only or f"{whole}-rest",
        only is None,
        whole,
        level,
        value,
        allowed,
        funders,
        (level.iri, *sorted(each.iri for each in terms)),
        any(each.by_policy for each in (level, *terms)),
    )


def _levels_like(reading: Reading, part: str, level: Figure) -> tuple[Figure, ...]:
    return tuple(each for each in reading.levels(part) if _like(each, level))


def _increases_like(reading: Reading, part: str, level: Figure) -> tuple[Figure, ...]:
    return tuple(each for each in reading.increases(part) if _like(each, level))


def _like(figure: Figure, level: Figure) -> bool:
    """Whether both can be told for the same time: what is a year's, with no number of years, only beside such."""
    return figure.currency == level.currency and _years_open(figure) == _years_open(level)


def _years_open(figure: Figure) -> bool:
    return figure.basis is Basis.PER_YEAR and figure.years is None


def _amounts(figure: Figure, rule: Rule) -> tuple[Decimal | None, Interval]:
    """The number as written and what the words allow, for the whole period."""
    if figure.low is None or figure.high is None:
        return None, Interval()
    times = _times(figure)
    allowed = bounds(figure.low, figure.high, figure.qualifier, figure.step, rule).scale(times)
    return (figure.low * times if figure.low == figure.high else None), allowed


def _times(figure: Figure) -> int:
    """For how many years an amount is told: 1 where it is for the whole period, or nobody knows."""
    return figure.years if figure.basis is Basis.PER_YEAR and figure.years else 1


def _not_negative(allowed: Interval) -> Interval | None:
    """The amounts from 0 up; None where there are none."""
    if allowed.upper is not None and (allowed.upper < 0 or (allowed.upper == 0 and allowed.upper_open)):
        return None
    if allowed.lower is None or allowed.lower < 0:
        return Interval(Decimal(0), allowed.upper, False, allowed.upper_open)
    return allowed


def _inside(
    reading: Reading,
    rows: set[str],
    subject: Mapping[str, str],
    above: Mapping[str, frozenset[str]],
    rests: Iterable[Rest],
) -> dict[str, tuple[str, ...]]:
    """Of each figure the rows that contain its money: those of the wholes that it is part of, at its stage."""
    of_rest = {rest.iri: rest for rest in rests}
    by_subject: dict[str, list[Figure]] = {}
    for iri in rows:
        by_subject.setdefault(reading.figures[iri].of, []).append(reading.figures[iri])
    found = {}
    for iri, of in subject.items():
        rest = of_rest.get(iri)
        # What is left of a whole is as its parts are: inside whatever the whole is inside of.
        one = rest.whole if rest else of
        currency = rest.level.currency if rest else reading.figures[iri].currency
        stage = reading.commitments[one].stage
        wholes = [
            figure.iri
            for whole in above.get(one, ())
            if reading.commitments[whole].stage == stage
            for figure in by_subject.get(whole, ())
            if figure.currency == currency
        ]
        if wholes:
            found[iri] = tuple(sorted(wholes))
    return found


def _elsewhere(
    reading: Reading, rows: set[str], rests: Iterable[Rest], inside: Mapping[str, tuple[str, ...]]
) -> dict[str, dict[str, Why]]:
    """Of each row whose money another announcement has, the rows of that one and why.

    An announcement that is divided is its parts and its rest. A row does not leave before what lies in it, or neither
    would count.
    """
    left: dict[str, list[Rest]] = {}
    for rest in rests:
        left.setdefault(rest.whole, []).append(rest)

    def standing(announced: str) -> dict[str, str]:
        """The rows that an announced total comes to, with their currencies."""
        found: dict[str, str] = {}
        waiting, seen = [announced], {announced}
        for iri in waiting:  # which grows meanwhile
            levels = reading.levels(iri)
            found.update((each.iri, each.currency) for each in levels if each.iri in rows)
            found.update((rest.iri, rest.level.currency) for rest in left.get(iri, ()))
            if levels and not any(each.iri in rows for each in levels):
                new = [part for part in reading.listed(iri) if part not in seen]
                waiting += new
                seen.update(new)
        return found

    found: dict[str, dict[str, Why]] = {}
    for links, why in ((reading.replaces, Why.REPLACED), (reading.reannounces, Why.REANNOUNCED)):
        for later, earlier in links.items():
            for one in earlier:
                leaving, staying = (one, later) if why is Why.REPLACED else (later, one)
                rows_left, targets = standing(leaving), standing(staying)
                for figure in rows_left.keys() - targets.keys():
                    for target in targets.keys() - rows_left.keys():
                        if rows_left[figure] == targets[target] and figure not in inside.get(target, ()):
                            found.setdefault(figure, {})[target] = why
    return dict(sorted(found.items()))


def _gives_way(
    subject: Iterable[str], inside: Mapping[str, tuple[str, ...]], other: Mapping[str, Mapping[str, Why]]
) -> dict[str, tuple[str, ...]]:
    """Of each figure those before which it leaves a sum, at any remove: what replaced its whole has its money too."""
    found = {}
    for iri in sorted(subject):
        targets = dict.fromkeys(inside.get(iri, ()))
        waiting = [each for each in (iri, *targets) if each in other]
        for one in waiting:  # which grows meanwhile
            for target in other[one]:
                new = [each for each in (target, *inside.get(target, ())) if each not in targets]
                targets.update(dict.fromkeys(new))
                waiting += [each for each in new if each in other]
        targets.pop(iri, None)
        if targets:
            found[iri] = tuple(sorted(targets))
    return found


def runs(commitment: Commitment) -> tuple[str, str | None] | None:
    """The first and the last day on which money of this commitment runs; None where it has no period.

    Without a stated start it runs from the year in which it was put forward, or in the year of its end alone where
    that is earlier; without a stated end for good (None).
    """
    if commitment.period is None:
        return None
    start, end = commitment.start, commitment.end
    if start is None:
        years = [day[:4] for day in (commitment.put_forward, end) if day]
        if not years:
            return None
        start = f"{min(years)}-01-01"
    return start, end


def _contained(
    reading: Reading, rows: set[str], gives_way: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Of each whole whose list is not complete the rows elsewhere that it may contain: nobody says."""
    # By what must be the same, in the order of their starts, so that few are looked at.
    starting: dict[tuple[object, ...], list[tuple[str, str]]] = {}
    for iri in rows:
        figure = reading.figures[iri]
        commitment = reading.commitments[figure.of]
        running = runs(commitment)
        if running is not None:
            for key in _keys(commitment, figure, (None, *commitment.programme_tree)):
                starting.setdefault(key, []).append((running[0], iri))
    for those in starting.values():
        those.sort()
    for iri in sorted(rows):
        figure = reading.figures[iri]
        whole = reading.commitments[figure.of]
        around = runs(whole)
        if whole.exhaustive is not False or around is None:
            continue
        candidates: set[str] = set()
        for key in _keys(whole, figure, whole.programmes or (None,)):
            those = starting.get(key, [])
            first = bisect_left(those, around[0], key=itemgetter(0))
            last = len(those) if around[1] is None else bisect_right(those, around[1], key=itemgetter(0))
            candidates.update(other for _, other in those[first:last])
        found = [
            other
            for other in sorted(candidates)
            if reading.figures[other].of != whole.iri
            and iri not in gives_way.get(other, ())
            and other not in gives_way.get(iri, ())
            and set(reading.said_in.get(other, ())).isdisjoint(reading.said_in.get(iri, ()))
            and _may_hold(whole, around[1], reading.commitments[reading.figures[other].of])
        ]
        if found:
            yield iri, tuple(found)


def _keys(
    commitment: Commitment, figure: Figure, programmes: Iterable[str | None]
) -> Iterator[tuple[object, ...]]:
    """Without a proposer nothing is contained."""
    for proposer in commitment.proposers:
        for programme in programmes:
            yield proposer, programme, commitment.countries, commitment.stage, figure.currency


def _may_hold(whole: Commitment, end: str | None, other: Commitment) -> bool:
    """Whether money that starts in time also ends in time, and was put forward no later."""
    running = runs(other)
    if end is not None and (running is None or running[1] is None or running[1] > end):
        return False
    if other.put_forward and whole.put_forward:
        # A year alone counts as that year: what cannot be told apart may be contained.
        told = min(len(other.put_forward), len(whole.put_forward))
        return other.put_forward[:told] <= whole.put_forward[:told]
    return True


def _beside_rests(
    reading: Reading, rests: Iterable[Rest], rows: set[str], above: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Of the rest of a list that is not complete the rows of its own document that are part of no whole."""
    beside: dict[tuple[object, ...], list[str]] = {}
    for iri in rows:
        other = reading.commitments[reading.figures[iri].of]
        if not other.continued and other.iri not in above:
            for key in _places(reading, reading.figures[iri], other):
                beside.setdefault(key, []).append(iri)
    for rest in rests:
        if rest.whole in reading.exhaustive:
            continue
        whole = reading.commitments[rest.whole]
        found = {iri for key in _places(reading, rest.level, whole) for iri in beside.get(key, ())}
        found = {iri for iri in found if reading.figures[iri].of not in above.get(whole.iri, ())}
        if found:
            yield rest.iri, tuple(sorted(found))


def _places(reading: Reading, figure: Figure, commitment: Commitment) -> Iterator[tuple[object, ...]]:
    for document in reading.said_in.get(figure.iri, ()):
        for proposer in commitment.proposers:
            yield document, proposer, commitment.stage, commitment.start, commitment.end, figure.currency
