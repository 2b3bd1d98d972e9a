"""New data over a graph gets the findings that both together have and the graph alone has not.

However the two are split: what concerns the new data is found by following the shapes' paths backwards from it.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bench.generate import generate, write_turtle
from kg.errors import KgError
from kg.project import Project
from kg.validation.body import Base
from kg.validation.court import Court
from kg.validation.engine import Engine, decide
from kg.validation.index import Graph, Index
from kg.validation.reach import Unbounded
from kg.validation.stored import Stored, encoded
from kg.validation.verdicts import Verdicts
from tests.test_validate_engine import NODES, PLANTED, PREFIXES, data_texts, index, shape_texts, slow

Identities = set[tuple[str | None, ...]]


@pytest.fixture(scope="module")
def court() -> Iterator[Court]:
    with Court() as court:
        yield court


class Given(Base):
    """A graph at hand, and a stored index of it."""

    def __init__(self, whole: Index) -> None:
        super().__init__(())
        store = ox.Store()
        store.bulk_extend(encoded(whole.quads()))
        self.whole = whole
        self.graph: Graph = Stored(store)


def by_reach(court: Court, shapes: Index, new: Index, base: Base) -> Identities:
    """The findings of what the new data reaches; raises Unbounded rather than read the whole graph."""
    court.fresh_shapes()
    return {result.identity for result in Verdicts(shapes, court, "auto", []).reached(new, base)}


def split(text: str, new: set[int]) -> tuple[Index, Index, Index]:
    """(base, new, both) of N-Triples-like lines: those with the given numbers are new."""
    lines = text.splitlines()
    parts = ["\n".join(line for n, line in enumerate(lines) if (n in new) == wanted) for wanted in (False, True)]
    return index(PREFIXES + parts[0]), index(PREFIXES + parts[1]), index(PREFIXES + text)


def check(court: Court, shapes: str, text: str, new: set[int]) -> Identities:
    """The findings of the new lines, after they were found to be what pyshacl says of both less the base."""
    base, added, both = split(text, new)
    made = index(PREFIXES + shapes)
    expected = {r.identity for r in slow(court, made, both)} - {r.identity for r in slow(court, made, base)}
    found = by_reach(court, made, added, Given(base))
    assert found == expected, (shapes, text, new)
    return found


@pytest.mark.parametrize("name", PLANTED)
def test_each_constraint_sees_each_new_statement(court: Court, name: str) -> None:
    """Whichever one statement of the planted fault is the new one."""
    shapes, data = PLANTED[name]
    lines = "\n".join(f"{q.subject} {q.predicate} {q.object} ." for q in index(PREFIXES + data).quads())
    found = [check(court, shapes, lines, {n}) for n in range(len(lines.splitlines()))]
    assert any(found), "the fault depends on a statement"


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(shapes=shape_texts(), data=data_texts(), seed=st.integers(0, 99))
def test_random_shapes_and_splits_as_pyshacl(court: Court, shapes: str, data: str, seed: int) -> None:
    chance = random.Random(seed)
    lines = data.splitlines()
    new = set(chance.sample(range(len(lines)), chance.randint(1, max(1, len(lines) // 2))))
    try:
        check(court, shapes, data, new)
    except KgError as error:
        assert error.code in ("shapes", "judge"), error.render()
    except Unbounded:
        assume(False)


SELECTS = [
    "SELECT $this ?value WHERE { $this ex:p ?value . FILTER NOT EXISTS { ?value ex:q ?x } }",
    "SELECT $this WHERE { $this ex:p ?x OPTIONAL { $this ex:q ?y FILTER ($this != ?y) } FILTER (!bound(?y)) }",
    "SELECT $this WHERE { $this ex:p ?x } GROUP BY $this HAVING (COUNT(?x) > 1)",
    "SELECT $this ?value WHERE { $this ex:p ?value . { ?value ex:q 1 } UNION { ?value ex:p ?z } }",
    "SELECT $this WHERE { $this ^ex:q/ex:p ?x ; ex:p|ex:q ?y . FILTER (?x = ?y) }",
    "SELECT $this WHERE { $this ex:p ?x . ?x ex:p+ $this }",
    "SELECT $this WHERE { $this ex:p ?x . ?y ex:q ?x ; ex:r ?z . ?z ex:p ?w }",
    "SELECT $this WHERE { $this ex:p ?x . FILTER NOT EXISTS { $this ?any ex:b } }",
]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.sampled_from(SELECTS), data=data_texts(), seed=st.integers(0, 99))
def test_sparql_constraints_and_splits_as_pyshacl(court: Court, text: str, data: str, seed: int) -> None:
    chance = random.Random(seed)
    lines = data.splitlines()
    new = set(chance.sample(range(len(lines)), chance.randint(1, max(1, len(lines) // 2))))
    head = "PREFIX ex: <http://example.org/> "
    target = chance.choice(["sh:targetSubjectsOf ex:p", "sh:targetClass ex:T", f"sh:targetNode {NODES[0]}"])
    check(court, f"ex:S a sh:NodeShape ; {target} ; sh:sparql [ sh:select '''{head + text}''' ] .", data, new)


# The project's shapes, and a generated graph with faults in it, split in ways that a file would not.


@pytest.fixture(scope="module")
def shapes(project: Project) -> Index:
    made = Index()
    for path in project.shape_files():
        made.add(ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
    return made


@pytest.fixture(scope="module")
def terms(project: Project) -> list[ox.Quad]:
    return [
        quad
        for path in project.term_files()
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]


def generated(size: int, seed: int) -> list[ox.Quad]:
    out = io.StringIO()
    write_turtle(generate(size, 0.3, seed), out)
    return list(ox.parse(out.getvalue().encode(), format=ox.RdfFormat.TURTLE))


def whole(court: Court, shapes: Index, data: Graph, quads: Index) -> Identities:
    court.fresh_shapes()
    court.shapes(shapes)
    results, selection = decide(court, Engine(shapes, data, quads.quads))
    assert selection.whole == []
    return {result.identity for result in results}


def made(quads: list[ox.Quad]) -> Index:
    found = Index()
    found.add(quads)
    return found


@pytest.mark.parametrize(("seed", "share", "by"), [(1, 0.02, "triple"), (2, 0.3, "triple"), (3, 0.1, "subject")])
def test_a_generated_graph_however_it_is_split(
    court: Court, shapes: Index, terms: list[ox.Quad], seed: int, share: float, by: str
) -> None:
    chance = random.Random(seed)
    quads = generated(300, seed)
    chosen = {q.subject for q in quads if chance.random() < share}
    is_new = [q.subject in chosen if by == "subject" else chance.random() < share for q in quads]
    old = made([*terms, *(q for q, new in zip(quads, is_new, strict=True) if not new)])
    new = made([q for q, new in zip(quads, is_new, strict=True) if new])
    both = made([*terms, *quads])
    expected = whole(court, shapes, both, both) - whole(court, shapes, old, old)
    assert by_reach(court, shapes, new, Given(old)) == expected
    assert expected
    in_memory = Base(())
    in_memory.whole = in_memory.graph = old
    assert by_reach(court, shapes, new, in_memory) == expected
