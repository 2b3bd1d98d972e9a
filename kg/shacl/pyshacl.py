"""pyshacl as the judge: what it says of some nodes and shapes over a graph that stays where it is.

Its only door. Where pyshacl or rdflib stop on data for which the standards have an answer, the answer is given here
(docs/upstream.md has the cases); nothing of theirs is changed but one entry of a table of constraint components.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

import pyoxigraph as ox
import rdflib
import rdflib.plugins.sparql
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.core.property_pair_constraints import (
    LessThanConstraintComponent,
    LessThanOrEqualsConstraintComponent,
)
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.errors import (
    ConstraintLoadError,
    ReportableRuntimeError,
    ShapeLoadError,
    ShapeRecursionWarning,
    ValidationFailure,
)
from pyshacl.graph_abstraction import DataGraph
from pyshacl.helper.path_helper import shacl_path_to_sparql_path
from pyshacl.monkey import rdflib_bool_patch
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib.namespace import SH
from rdflib.query import Result as Rows
from rdflib.term import Node as Term

from kg.shacl.candidates import Work
from kg.shacl.graph import Graph, Index, Node, key, quads_of
from kg.shacl.view import View, from_rdflib, to_rdflib

rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False  # a FROM in a constraint fetches nothing

MAX_DEPTH = 60  # shapes inside shapes; pyshacl's own limit of 15 is less than some shapes graphs need


class Result(NamedTuple):
    """One validation result (SHACL 1.0, section 3.6.2); terms as keys, `path` in SPARQL's spelling."""

    focus: str
    shape: str
    component: str
    severity: str
    path: str | None
    value: str | None
    constraint: str | None
    messages: tuple[tuple[str, str], ...]  # language, text

    @property
    def identity(self) -> tuple[str | None, ...]:
        """What makes two results the same: focus, path, value, component and shape."""
        return (self.focus, self.path, self.value, self.component, self.shape, self.constraint)


class ShapesError(Exception):
    """The shapes graph cannot be used: what pyshacl says of it, and the shape (as a key) where it is known."""

    shape: str | None = None


class RecursionFound(Exception):
    """Shapes refer to themselves and the data leads in a circle, or both are nested too deeply."""


class Judge:
    """pyshacl over one shapes graph."""

    def __init__(self, shapes: Index) -> None:
        """Read the shapes graph."""
        self._shapes = shapes
        self._graphs: dict[bool, ShapesGraph] = {}
        self._paths: dict[Term, str] = {}

    def over(self, data: Graph, prefixes: dict[str, str]) -> Judgement:
        """The judge of one data graph, whose `prefixes` SPARQL constraints may use."""
        rdflib_bool_patch()  # type: ignore[no-untyped-call] # as pyshacl's own entry does: only "true" is true
        return Judgement(self, _DataGraph(data, prefixes))

    def shapes(self, *, core: bool) -> ShapesGraph:
        """The shapes as pyshacl has them; `core`: without their SPARQL constraints."""
        if core not in self._graphs:
            graph = rdflib.Graph()
            for quad in self._shapes.quads():
                if not core or quad.predicate.value != str(SH.sparql):
                    graph.add(tuple(map(to_rdflib, (quad.subject, quad.predicate, quad.object))))  # type: ignore[arg-type]
            self._graphs[core] = ShapesGraph(graph)
            _ = self._graphs[core].shapes  # read them now
        return self._graphs[core]

    def path(self, node: Term) -> str:
        """A path of the shapes graph in SPARQL's spelling."""
        if isinstance(node, rdflib.URIRef):
            return f"<{node}>"
        if node not in self._paths:
            self._paths[node] = shacl_path_to_sparql_path(self.shapes(core=False), node)
        return self._paths[node]


class Judgement:
    """A judge with one data graph before it."""

    def __init__(self, judge: Judge, data: _DataGraph) -> None:
        """Nothing is decided yet."""
        self._judge = judge
        self._target = DataGraph.from_rdflib_graph(data)

    def decide(self, work: Iterable[Work]) -> list[Result]:
        """The results of given nodes of given shapes. Raises ShapesError and RecursionFound."""
        reports = [report for each in work for report in _guarded(partial(self._reports, *each), each[0])]
        return [self._result(report) for report in reports]

    def whole(self, shapes: Iterable[Node] | None) -> list[Result]:
        """The results of shapes (None: all) on all their targets. Raises ShapesError and RecursionFound."""

        def read() -> list[Shape]:
            full = self._judge.shapes(core=False)
            return list(
                full.shapes if shapes is None else map(full.lookup_shape_from_node, map(to_rdflib, shapes))
            )

        def of(shape: Shape) -> list[Any]:
            return list(shape.validate(_executor(), self._target)[1])

        return [
            self._result(report)
            for shape in _guarded(read)
            for report in _guarded(partial(of, shape), from_rdflib(shape.node))
        ]

    def _reports(self, node: Node, part: str, nodes: list[Node]) -> list[Any]:
        focus = [to_rdflib(each) for each in nodes]
        shape: Shape = self._judge.shapes(core=part == "core").lookup_shape_from_node(to_rdflib(node))
        if part in ("core", "full"):
            return list(shape.validate(_executor(), self._target, focus=focus)[1])  # type: ignore[arg-type]  # pyshacl takes any terms
        if shape.deactivated:
            return []
        constraint = SPARQLBasedConstraint(shape)
        constraint.sparql_constraints = {
            each for each in constraint.sparql_constraints if key(from_rdflib(each.node)) == part
        }
        return list(constraint.evaluate(_executor(), self._target, {each: {each} for each in focus}, [shape])[1])

    def _result(self, report: tuple[str, Term, list[tuple[Term, Term, Any]]]) -> Result:
        _, node, triples = report
        fields: dict[str, str] = {}
        messages = []
        for subject, predicate, value in triples:
            if subject != node:
                continue
            term = value[1] if isinstance(value, tuple) else value
            if predicate == SH.resultMessage:
                messages.append((term.language or "", str(term)))
            elif predicate == SH.resultPath:
                fields["path"] = self._judge.path(term)
            elif predicate in _FIELDS:
                fields[_FIELDS[predicate]] = key(from_rdflib(term))
        return Result(
            fields["focus"],
            fields["shape"],
            fields["component"],
            fields["severity"],
            fields.get("path"),
            fields.get("value"),
            fields.get("constraint"),
            tuple(sorted(messages)),
        )


_FIELDS: dict[Term, str] = {
    SH.sourceConstraintComponent: "component",
    SH.sourceShape: "shape",
    SH.resultSeverity: "severity",
    SH.focusNode: "focus",
    SH.value: "value",
    SH.sourceConstraint: "constraint",
}


def _guarded(reports: Callable[[], list[Any]], shape: Node | None = None) -> list[Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", ShapeRecursionWarning)
            return reports()
    except ShapeRecursionWarning as error:
        raise RecursionFound(str(error)) from None
    except (ConstraintLoadError, ShapeLoadError, ValidationFailure, ReportableRuntimeError) as error:
        refused = ShapesError(str(getattr(error, "message", error)))
        refused.shape = None if shape is None else key(shape)
        raise refused from None
    except NotImplementedError as error:
        raise ShapesError(str(error)) from None
    except RecursionError:
        raise RecursionFound("shapes or paths nested too deeply") from None


def _executor() -> SHACLExecutor:
    return SHACLExecutor(
        validator=None,
        advanced_mode=False,
        abort_on_first=False,
        allow_infos=False,
        allow_warnings=False,
        iterate_rules=False,
        sparql_mode=False,
        max_validation_depth=MAX_DEPTH,
        focus_nodes=None,
        debug=False,
    )


class _DataGraph(rdflib.Graph):
    """The data: each SPARQL text is parsed once, since pyshacl asks the same one for every focus node."""

    def __init__(self, data: Graph, prefixes: dict[str, str]) -> None:
        view = View(data)
        super().__init__(view)
        view.context = self
        self._data = data
        self._own_prefixes = prefixes
        self._prepared: dict[str, Any] = {}
        self._engine: ox.Store | None = None

    def query(self, query_object: Any, *arguments: Any, **options: Any) -> Any:
        """As rdflib does. Where rdflib fails on a value that its operators do not take, the embedded engine answers:
        such an expression is an error, and a FILTER with it holds for no row (SPARQL 1.1, 17.2)."""
        text = query_object
        if isinstance(text, str):
            if text not in self._prepared:
                prepare = rdflib.plugins.sparql.prepareQuery
                self._prepared[text] = prepare(text, initNs=self._own_prefixes)
            query_object = self._prepared[text]
        try:
            rows = super().query(query_object, *arguments, **options)
            _ = rows.bindings  # evaluated now
            return rows
        except (TypeError, AttributeError, ValueError, ArithmeticError, RecursionError):
            if not isinstance(text, str):
                raise
            return self._by_the_engine(text, options.get("initBindings") or {})

    def _by_the_engine(self, text: str, bound: dict[str, Any]) -> Rows:
        if self._engine is None:
            self._engine = ox.Store()
            self._engine.bulk_extend(quads_of(self._data, self._data.predicates()))
        values: dict[ox.Variable, Any] = {
            ox.Variable(str(name)): from_rdflib(term) for name, term in bound.items()
        }
        solutions = self._engine.query(text, prefixes=self._own_prefixes, substitutions=values)
        assert isinstance(solutions, ox.QuerySolutions)
        rows = Rows("SELECT")
        names = [rdflib.Variable(variable.value) for variable in solutions.variables]
        rows.vars = names
        bindings: list[Any] = [
            {name: to_rdflib(term) for name, term in zip(names, row, strict=True) if term} for row in solutions
        ]
        rows.bindings = bindings
        return rows


# Values "that cannot be compared" are results (SHACL 1.0, 4.5.3 and 4.5.4), and no error of the shapes.


class _Pairs:
    """Each pair of values compared by itself, so that one that cannot be is a result and no end of the validation."""

    def _by_pairs(self, compare: Callable[..., Any], values: Any, others: Any, graph: Any, focus: Any) -> Any:
        failed, reports = False, []
        others = list(others)
        for value in values:
            for other in others:
                try:
                    one_failed, made = compare({value}, {other}, graph, focus)
                except (TypeError, ReportableRuntimeError):
                    one_failed, made = True, [self.make_v_result(graph, focus, value_node=value)]  # type: ignore[attr-defined]
                failed = failed or one_failed
                reports.extend(made)
        return failed, reports


class _LessThan(_Pairs, LessThanConstraintComponent):
    def _compare_lt(self, *arguments: Any) -> Any:
        return self._by_pairs(super()._compare_lt, *arguments)


class _LessThanOrEquals(_Pairs, LessThanOrEqualsConstraintComponent):
    def _compare_ltoe(self, *arguments: Any) -> Any:
        return self._by_pairs(super()._compare_ltoe, *arguments)


for _component in (_LessThan, _LessThanOrEquals):
    CONSTRAINT_PARAMETERS_MAP.update(dict.fromkeys(_component.constraint_parameters(), _component))
