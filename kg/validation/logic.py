"""Verdicts put together: True (surely holds), False (surely not) and None (pyshacl is to say)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kg.validation.terms import Node

Verdict = bool | None
OfValue = Callable[[Node], Verdict]  # of one value node
OfValues = Callable[[Node, Sequence[Node]], Verdict]  # of a focus node and all its value nodes


def negation(verdict: Verdict) -> Verdict:
    """sh:not."""
    return None if verdict is None else not verdict


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """sh:or."""
    unsure = False
    for verdict in verdicts:
        if verdict is True:
            return True
        unsure |= verdict is None
    return None if unsure else False


def every(tests: Sequence[OfValue]) -> OfValue:
    """All of several tests of one value."""
    if len(tests) == 1:
        return tests[0]

    def check(value: Node) -> Verdict:
        sure: Verdict = True
        for test in tests:
            verdict = test(value)
            if verdict is not True:
                if verdict is False:
                    return False
                sure = None
        return sure

    return check


def exactly_one(verdicts: list[Verdict]) -> Verdict:
    """sh:xone."""
    if verdicts.count(True) > 1:
        return False
    if None in verdicts:
        return None
    return verdicts.count(True) == 1


def of_all(
    node: Node, found: Sequence[Node], of_value: Sequence[OfValue], of_values: Sequence[OfValues]
) -> Verdict:
    """Every test of the value nodes `found` of a focus node."""
    sure: Verdict = True
    for test in of_values:
        verdict = test(node, found)
        if verdict is not True:
            if verdict is False:
                return False
            sure = None
    for value_test in of_value:
        for value in found:
            verdict = value_test(value)
            if verdict is not True:
                if verdict is False:
                    return False
                sure = None
    return sure


def count(least: int, most: int | None) -> OfValues:
    """sh:minCount and sh:maxCount."""
    return lambda focus, found: len(found) >= least and (most is None or len(found) <= most)
