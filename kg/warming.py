"""Answers worked out ahead: every question with one parameter, for the values that are a large share of the graph.

A value that few statements lead to is answered at once by look-ups. One that many lead to (a country, a kind, a
programme with all its parts) takes seconds on a large graph, and there are few such values: so they can all be asked
before anybody does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from kg import suggestions
from kg.answered import Answered
from kg.project import Project
from kg.queries import Parameter, Query

# Below this a statement's look-ups (16 of 6 µs) come to .01 s.
_MANY = 100
# After so many values in a row that were answered at once, those with fewer statements are not asked.
_PATIENCE = 10
_COUNTED = ("iri", "code")  # the types of parameters whose values come in the order of their statements
# Of more literals than these (checksums, days) none is a large share.
_FEW = 100


class Warmed(NamedTuple):
    """How many questions were asked, and how many long answers were kept for a while and gave way to others."""

    asked: int
    dropped: int


def warm(project: Project, answered: Answered, progress: Callable[[int, int], None] | None = None) -> Warmed:
    """Ask all that may take long, so that it is kept.

    `progress` hears how many thousandths of the questions' parameters are done, and of how many. One that was stopped
    goes on where it was when it is started again.
    """
    asked: set[str] = set()
    kept: set[str] = set()
    questions = map(Query.read, project.query_files())
    steps = [(query, parameter) for query in questions for parameter in (None, *query.parameters)]
    for done, (query, parameter) in enumerate(steps):
        quick = 0
        waiting = list(_texts(answered, query, parameter))
        for number, texts in enumerate(waiting):
            for text in texts - asked:
                answered.query(text)
            asked |= texts
            long = set(filter(answered.keeps, texts))
            kept |= long
            quick = 0 if long else quick + 1
            if quick == _PATIENCE and parameter and parameter.type in _COUNTED:
                break
            if progress:
                progress(1000 * done + 1000 * number // len(waiting), 1000 * len(steps))
    if progress:
        progress(1000 * len(steps), 1000 * len(steps))
    return Warmed(len(asked), len(kept) - sum(map(answered.keeps, kept)))


def _texts(answered: Answered, query: Query, parameter: Parameter | None) -> Iterator[set[str]]:
    """The question as it stands; or with each value of one parameter, the others open or as they stand."""
    if parameter is None:
        yield {query.bind()}
        return
    anything: dict[str, list[str] | None] = {other.name: None for other in query.parameters}
    for value in _values(answered, query, parameter):
        yield {query.bind({**anything, parameter.name: [value]}), query.bind({parameter.name: [value]})}


def _values(answered: Answered, query: Query, parameter: Parameter) -> list[str]:
    """Those with most statements first; long counts are kept as well, for a warming that goes on."""
    if parameter.type in _COUNTED:
        return suggestions.common(answered, query, parameter, _MANY)
    found = suggestions.literals(answered, query, parameter, "")
    return [value.value for value in found] if len(found) <= _FEW else []
