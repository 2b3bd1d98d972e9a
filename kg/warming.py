"""Answers worked out ahead: every question with one parameter, for the values that are a large share of the graph.

A value that few statements have is answered at once by look-ups. One that many have (a country, a kind, a currency)
takes seconds on a large graph, and there are few such values: so they can all be asked before anybody does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kg import suggestions
from kg.project import Project
from kg.queries import Parameter, Query
from kg.results import Source

# A value with fewer statements is answered within .1 s (16 look-ups of 6 µs a statement).
_MANY = 500
# Of more literals than these (checksums, days) none is a large share.
_FEW = 100


def warm(project: Project, source: Source, progress: Callable[[int, int], None] | None = None) -> int:
    """Ask `source`, which keeps long answers, all that may take long; returns how many questions that were.

    `progress` hears how many of the questions' parameters are done, and of how many.
    """
    asked: set[str] = set()
    steps = [(query, parameter) for query in _questions(project) for parameter in (None, *query.parameters)]
    for done, (query, parameter) in enumerate(steps, 1):
        for text in _texts(source, query, parameter):
            if text not in asked:
                asked.add(text)
                source.query(text)
        if progress:
            progress(done, len(steps))
    return len(asked)


def _questions(project: Project) -> Iterator[Query]:
    return map(Query.read, project.query_files())


def _texts(source: Source, query: Query, parameter: Parameter | None) -> Iterator[str]:
    """The question as it stands; or with each value of one parameter, the others open or as they stand."""
    if parameter is None:
        yield query.bind()
        return
    anything: dict[str, list[str] | None] = {other.name: None for other in query.parameters}
    for value in _values(source, query, parameter):
        yield query.bind({**anything, parameter.name: [value]})
        yield query.bind({parameter.name: [value]})


def _values(source: Source, query: Query, parameter: Parameter) -> list[str]:
    if parameter.type in ("iri", "code"):
        return suggestions.common(source, query, parameter, _MANY)
    found = suggestions.literals(source, query, parameter, "")
    return [value.value for value in found] if len(found) <= _FEW else []
