"""The results of shapes on new data over a graph: those that the graph does not have without it.

Where what the new data matters to can be told (kg.validation.reach), only those nodes are judged, with it and
without it; else everything is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import NamedNode, Quad

from kg.terms import PREFIXES
from kg.validation.body import Base, Body, Quads, chain
from kg.validation.components import SPARQL, sh
from kg.validation.court import Court, Result
from kg.validation.engine import Engine, Selection, ask
from kg.validation.index import TYPE, Graph, Index, Overlay, values
from kg.validation.reach import Reach, Unbounded, added
from kg.validation.suspects import Selects
from kg.validation.targets import Targets
from kg.validation.terms import Node, node

Answer = Callable[[], list[Result]]
_SMALL, _LARGE = 50_000, 1_000_000  # statements; between them two processes select the suspects


class Verdicts:
    """One shapes graph before a judge that has been given nothing yet."""

    def __init__(self, shapes: Index, court: Court, engine: str, notes: list[str]) -> None:
        """`engine` as in kg.validation.validate; `notes` takes what people should know."""
        self._shapes = shapes
        self._court = court
        self._engine = engine
        self._notes = notes
        self._prefixes: dict[str, str] = {}
        self._given: frozenset[Node] | None = frozenset()  # the shapes that the judge has; None: all
        self.suspects: frozenset[Node] = frozenset()  # what the judge was asked about last
        self._copied = True  # whether this process may be: not with the threads of an open store

    def ask(self, new: Body, base: Base | None) -> Answer:
        """Ask for the results of `new` over `base` that `base` does not have by itself. Raises Refused.

        The judge may be at work, or not even awake, until the answer is called for.
        """
        if not self._shapes.size:
            return list
        # pyshacl lets a SPARQL constraint use the prefixes of the data, declared or not.
        self._prefixes = new.prefixes
        if base is None:
            return self._whole(new.index, chain(new.index, None), new.index.size)
        # What is larger than what it is held against matters to most of it: all is sooner judged than reached.
        if self._engine != "pyshacl" and (base.stored is not None or new.index.size <= base.whole.size):
            try:
                return self.reached(new.index, base)
            except Unbounded as reason:
                if base.folder is not None:
                    self._notes.append(f"the whole graph was read: {reason}")

        def answer() -> list[Result]:
            data, size = Overlay(base.whole, new.index), base.whole.size + new.index.size
            return self._without_old(self._whole(data, chain(new.index, base.whole), size)(), base)

        return answer

    def give(self, shapes: Iterable[Node] | None) -> None:
        """Let the judge begin anew with some shapes at least; None: with all."""
        wanted = None if shapes is None or self._given is None else frozenset(shapes)
        if self._given is None or (wanted is not None and wanted <= self._given):
            self._court.fresh()
        else:
            if self._given:
                self._court.fresh_shapes()
                wanted = None  # asked for more than once: with all, the next time is no loss
            self._court.shapes(self._shapes if wanted is None else described(self._shapes, wanted))
            self._given = wanted
            if wanted is None and self._shapes.having(SPARQL):
                self._court.queries()
        self._court.prefixes(self._prefixes)

    def _whole(self, data: Graph, quads: Quads, size: int) -> Answer:
        """Ask for all results of a graph; `size` in statements."""
        self.give(None)
        if self._engine == "pyshacl":
            self._court.data(quads(None))
            return lambda: self._court.whole(None)
        by_two = self._copied and _SMALL < size <= _LARGE
        if by_two:
            self._court.settle()
        selection = ask(self._court, Engine(self._shapes, data, quads, by_two=by_two))
        self.suspects = frozenset(node for _, _, nodes in selection.work for node in nodes)

        def answer() -> list[Result]:
            # Nobody suspected: no need to wait until the judge has even woken up.
            results = self._court.results() if selection.work else []
            if selection.whole is None or selection.whole:
                self._notes.extend(f"pyshacl alone decided on {reason}" for reason in selection.reasons)
                self._court.fresh()
                self._court.data(quads(None))
                results += self._court.whole(selection.whole)
            return results

        return answer

    def _without_old(self, results: list[Result], base: Base) -> list[Result]:
        if not results:
            return results
        answer = self._whole(base.whole, chain(base.whole, None), base.whole.size)
        old = {result.identity for result in answer()}
        return [result for result in results if result.identity not in old]

    def reached(self, new: Index, base: Base) -> Answer:
        """Ask for the results of what the new data matters to. Raises Unbounded where that cannot be told."""
        self._copied &= base.stored is None
        data = Overlay(base.graph, new)
        selects = Selects(self._shapes, data, _none, lambda _: ())
        reach = Reach(self._shapes, data, added(new, base.graph), selects.select)
        engine = Engine(self._shapes, data, _none, reach.focus)
        selection = self._asked(engine)
        return (lambda: self._new(self._court.results(), selection, base)) if selection.work else list

    def _asked(self, engine: Engine) -> Selection:
        selection = engine.select()
        if selection.whole is None or selection.whole:
            raise Unbounded("; ".join(selection.reasons))
        if selection.work:
            self.give(shape for shape, _, _ in selection.work)
            self._court.data(engine.around.quads())
            self._court.ask(selection.work)
        return selection

    def _new(self, results: list[Result], selection: Selection, base: Base) -> list[Result]:
        """Those of the results of some nodes that the graph has not by itself."""
        if not results:
            return results
        asked = {focus for _, _, nodes in selection.work for focus in nodes}
        if not asked.issuperset(node(result.focus) for result in results):
            # A property shape inside another reports the value as focus node: which led to it is not said.
            return self._without_old(results, base)
        targets = Targets(self._shapes, base.graph)

        def before(shape: Node) -> dict[Node, None]:
            return {focus: None for focus in asked if targets.holds(shape, focus)}

        try:
            if not self._asked(Engine(self._shapes, base.graph, _none, before)).work:
                return results
        except Unbounded:
            return self._without_old(results, base)
        old = {result.identity for result in self._court.results()}
        return [result for result in results if result.identity not in old]


def described(shapes: Index, wanted: Iterable[Node]) -> Index:
    """What a shapes graph says of some shapes: of all that they lead to, the shapes beside them, and its prefixes."""
    todo = [*wanted, *shapes.subjects(TYPE, NamedNode(PREFIXES["owl"] + "Ontology"))]
    found: dict[Node, None] = {}
    while todo:
        current = todo.pop()
        if current in found:
            continue
        found[current] = None
        for predicate in shapes.lookup(current) or ():
            todo.extend(values(shapes.lookup(current), predicate))
        todo.extend(shapes.subjects(sh("property"), current))
    part = Index()
    part.add(
        Quad(subject, NamedNode(predicate), value)  # type: ignore[arg-type]  # no quoted triples
        for subject in found
        for predicate in shapes.lookup(subject) or ()
        for value in values(shapes.lookup(subject), predicate)
    )
    return part


def _none(_: frozenset[str] | None) -> Iterator[Quad]:
    """Stands for the statements of a graph where nothing asks for them."""
    raise Unbounded("a SPARQL constraint reads the whole graph")
