"""Shapes evaluated for all nodes that have the same predicates, in three-valued logic.

Nodes of a kind mostly have the same predicates, each as often: their characteristic set (Neumann and Moerkotte, ICDE
2011). A few hundred stand for all nodes of a large graph. For one, counts are decided, what concerns absent
predicates is decided, and what remains is a verdict, or a function that tests values.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from kg.shacl.graph import Node, Properties
from kg.shacl.paths import NIL, Path, Step, kinds

Verdict = bool | None  # surely holds, surely not, pyshacl is to say
OfValue = Callable[[Node], Verdict]  # of one value node
OfValues = Callable[[Node, Sequence[Node]], Verdict]  # of a focus node and all its value nodes
# Predicate → how many values; MANY stands for all numbers from it on, or each number would be a signature.
Counts = Mapping[str, int]
MANY = 5
# A test of a node whose properties have been looked up.
Test = Callable[[Node, Properties], Verdict]
Remaining = Verdict | Test
# From a signature to what is left.
Given = Callable[[Counts], Remaining]

NO_PROPERTIES: Properties = {}


def signature(properties: Properties) -> Hashable:
    """What two nodes have in common when they have the same predicates, each the same number of times."""
    if list in map(type, properties.values()):
        return tuple(
            [(name, min(len(found), MANY)) if type(found) is list else name for name, found in properties.items()]
        )
    return tuple(properties)


def counts(properties: Properties) -> Counts:
    """How many values each predicate has."""
    return {name: min(len(found), MANY) if type(found) is list else 1 for name, found in properties.items()}


def tested(remaining: Remaining, node: Node, properties: Properties) -> Verdict:
    """The verdict on a node."""
    return remaining(node, properties) if callable(remaining) else remaining


def conjunction(parts: Sequence[Given]) -> Given:
    """All of several."""
    if len(parts) == 1:
        return parts[0]

    def given(counts: Counts) -> Remaining:
        left: list[Test] = []
        sure: Verdict = True
        for part in parts:
            remaining = part(counts)
            if remaining is False:
                return False
            if remaining is None:
                sure = None
            elif remaining is not True:
                left.append(remaining)
        return _all(left, sure) if left else sure

    return given


def _all(left: list[Test], sure: Verdict) -> Test:
    if len(left) == 1 and sure is True:
        return left[0]
    tests = tuple(left)

    def known(node: Node, properties: Properties) -> Verdict:
        verdict = sure
        for test in tests:
            one = test(node, properties)
            if one is not True:
                if one is False:
                    return False
                verdict = None
        return verdict

    return known


def disjunction(parts: Sequence[Given]) -> Given:
    """At least one of several."""

    def given(counts: Counts) -> Remaining:
        remaining = [part(counts) for part in parts]
        if True in remaining:
            return True
        left = [remaining for remaining in remaining if callable(remaining)]
        if not left:
            return None if None in remaining else False
        unsure = None in remaining

        def known(node: Node, properties: Properties) -> Verdict:
            verdict = any_of(test(node, properties) for test in left)
            return None if verdict is False and unsure else verdict

        return known

    return given


def opposite(part: Given) -> Given:
    """The negation of one."""

    def given(counts: Counts) -> Remaining:
        remaining = part(counts)
        if not callable(remaining):
            return negation(remaining)
        test = remaining
        return lambda node, properties: negation(test(node, properties))

    return given


def of_node(of_value: Sequence[OfValue], of_values: Sequence[OfValues]) -> Given:
    """Tests of the node itself, whatever properties it has."""

    def known(node: Node, properties: Properties) -> Verdict:
        return of_all(node, (node,), of_value, of_values)

    return lambda counts: known


class OfPath:
    """The tests of a property shape: how many values its path leads to, and what they are."""

    def __init__(self, path: Path, step: Step) -> None:
        """`step` leads from a node to the values of `path`."""
        self.path = path
        self.step = step
        self.least = 0
        self.most: int | None = None
        self.of_value: list[OfValue] = []
        self.of_values: list[OfValues] = []
        self.of_focus: list[OfValues] = []  # those that read more of the focus node than these values

    def given(self, counts: Counts) -> Remaining:
        """What is left where a node has these predicates."""
        live = _live(self.path, counts)
        if not live:
            return self._of_none()
        if len(live) == 1 and live[0].iri is not None:
            return self._of_predicate(sys.intern(live[0].iri), counts[live[0].iri])
        return self._of_step()

    def _of_none(self) -> Remaining:
        if self.least > 0:
            return False
        if self.of_focus:
            tests = [*self.of_values, *self.of_focus]
            return lambda node, properties: of_all(node, (), (), tests)
        return of_all(NIL, (), (), self.of_values)  # whichever node it is

    def _of_predicate(self, name: str, number: int) -> Remaining:
        least, most = self.least, self.most
        of_value, of_values = self.of_value, [*self.of_values, *self.of_focus]
        if number < MANY:
            if number < least or (most is not None and number > most):
                return False
        elif most is not None and most < MANY:
            return False
        elif most is not None or least > MANY:
            of_values = [count(least, most), *of_values]
        if number == 1:
            return _of_one(name, of_value, of_values)
        if not of_value and not of_values:
            return True
        return lambda node, properties: of_all(node, properties[name], of_value, of_values)  # type: ignore[arg-type]  # a list where there are several

    def _of_step(self) -> Remaining:
        step, of_value = self.step, self.of_value
        of_values = [*self.of_values, *self.of_focus]
        if self.least or self.most is not None:
            of_values.insert(0, count(self.least, self.most))
        if "some" not in kinds(self.path):
            return lambda node, properties: of_all(node, step(node), of_value, of_values)

        def careful(node: Node, properties: Properties) -> Verdict:
            # pyshacl leaves a node out that a + path leads back to; where it does, pyshacl decides.
            found = step(node)
            return None if node in found else of_all(node, found, of_value, of_values)

        return careful


def _of_one(name: str, of_value: list[OfValue], of_values: list[OfValues]) -> Remaining:
    """Tests of the only value of a predicate."""
    if of_values:
        return lambda node, properties: of_all(node, (properties[name],), of_value, of_values)  # type: ignore[arg-type]  # no list where there is one
    if not of_value:
        return True
    test = every(of_value)
    return lambda node, properties: test(properties[name])  # type: ignore[arg-type]  # as above


def _live(path: Path, counts: Counts) -> list[Path]:
    """The alternatives of a path that may lead anywhere from a node with these predicates."""
    if path.kind == "iri":
        return [path] if path.iri in counts else []
    if path.kind == "alternative":
        return [live for part in path.parts for live in _live(part, counts)]
    if path.kind == "sequence":
        return [path] if _live(path.parts[0], counts) else []
    return [path]


# Verdicts put together


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
