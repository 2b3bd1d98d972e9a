"""One figure, one spelling: number, word, bounds and their ends are the same in every question that shows it."""

from __future__ import annotations

from collections import defaultdict

from kg.project import Project
from kg.queries import Query
from kg.results import Table, plain
from kg.store import Store

PARTS = ("value", "qualifier", "lower", "upper", "lowerOpen", "upperOpen")
# The columns of a figure, and what stands before the names of its parts.
FIGURES = (("figure", ""), ("earlierFigure", "earlier"), ("laterFigure", "later"))
# Yearly amounts stand there for all their years.
YEARS = {"addends", "largest"}
# What follows under a rule that is no longer the default; what is left of a claim for earlier years.
OF_OTHERS = {"under-rule", "allocated-before"}


def test_every_figure_is_written_alike_in_every_question(store: Store, project: Project) -> None:
    seen: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    asked = set()
    for query in map(Query.read, project.query_files()):
        answer = store.query(query.bind({parameter.name: None for parameter in query.parameters}))
        assert isinstance(answer, Table)
        for column, before in FIGURES:
            if column not in answer.columns or query.name in OF_OTHERS:
                continue
            at = {
                part: answer.columns.index(name)
                for part in PARTS
                if (name := before + part[0].upper() + part[1:] if before else part) in answer.columns
            }
            for row in answer.rows:
                term = row[answer.columns.index(column)]
                yearly = "aYear" in answer.columns and row[answer.columns.index("aYear")] is not None
                years = "years" in answer.columns and row[answer.columns.index("years")] is not None
                if term is None or (query.name in YEARS and (yearly or years)):
                    continue
                for part, index in at.items():
                    cell = row[index]
                    seen[plain(term), part]["" if cell is None else plain(cell)].add(query.name)
                    asked.add(query.name)
    assert len(asked) >= 15
    differing = {key: dict(found) for key, found in seen.items() if len(found) > 1}
    assert not differing
