"""pyshacl as the judge, in a process of its own that is started first and imports while others read.

Run as `python -m kg.validation.judge`: requests come pickled on stdin, answers go pickled to stdout.

A request is a dict:
  {"shapes": bytes}                       N-Triples of the shapes graph; comes first
  {"data": bytes}                         N-Triples to add to the data graph
  {"limits": (bytes, seconds)}            of this process; before any data
  {"queries": True}                       be ready for SPARQL constraints
  {"anew": True}                          forget all
  {"prefixes": dict}                      those of the data, which SPARQL constraints may use
  {"fresh": True}                         forget the data graph
  {"judge": [(shape, part, [focus, …])]}  validate these nodes; part: "core" (all but SPARQL constraints),
                                          "full", or the key of one SPARQL constraint
  {"whole": [shape, …]}                   validate these shapes on all their targets; None: every shape
  {"collect": True}                       hand out what came of every "judge" since the last time
An answer to the last two is {"results": [Result as dict, …]} or {"error": (kind, text)}.
Terms travel as keys (kg.turtle.triples).
"""

from __future__ import annotations

import gc

if __name__ == "__main__":
    gc.disable()  # importing makes no garbage that is worth looking for

import logging
import pickle
import sys
import warnings
from collections.abc import Iterable
from typing import Any, BinaryIO

import pyoxigraph as ox

from kg.validation.deferral import deferred

with deferred():
    import rdflib
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

from rdflib.namespace import SH, XSD
from rdflib.term import BNode, Literal, Node, URIRef

from kg.validation.confine import confine, limit
from kg.validation.corrections import correct
from kg.validation.querying import QueryCache, engine

correct()
rdflib_bool_patch()  # type: ignore[no-untyped-call] # as pyshacl's own entry does: only "true" is true
rdflib.NORMALIZE_LITERALS = False  # 007 stays 007, and "yes"^^xsd:boolean does not become false

_STRING = str(XSD.string)
MAX_DEPTH = 60  # shapes inside shapes; pyshacl's own limit of 15 is less than some shapes graphs need


def to_rdflib(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> Node:
    """A term of pyoxigraph as rdflib has it; a plain string stays plain, or sh:in would not match it."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    kind = term.datatype.value
    return Literal(term.value) if kind == _STRING else Literal(term.value, datatype=URIRef(kind))


def from_key(text: str) -> Node:
    """The rdflib term of a key."""
    from kg.validation.terms import node

    return to_rdflib(node(text))


def to_key(term: Node) -> str:
    """The key of an rdflib term."""
    if isinstance(term, URIRef):
        return f"<{term}>"
    if isinstance(term, BNode):
        return f"_:{term}"
    assert isinstance(term, Literal)
    if term.language:
        return f'"{term}"@{term.language.lower()}'
    return f'"{term}"^^<{term.datatype or _STRING}>'


def fill(graph: rdflib.Graph, ntriples: bytes) -> None:
    """Add N-Triples to a graph, labels of blank nodes kept."""
    terms: dict[Any, Node] = {}
    for quad in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES):
        triple = []
        for term in (quad.subject, quad.predicate, quad.object):
            known = terms.get(term)
            if known is None:
                known = terms[term] = to_rdflib(term)
            triple.append(known)
        graph.add(tuple(triple))  # type: ignore[arg-type]  # three terms


class Judge:
    """pyshacl over a shapes graph and a data graph that grows."""

    def __init__(self, shapes: bytes) -> None:
        """`shapes` as N-Triples."""
        graph, core = rdflib.Graph(), rdflib.Graph()
        fill(graph, shapes)
        for triple in graph:
            if triple[1] != SH.sparql:
                core.add(triple)
        self._full, self._core = ShapesGraph(graph), ShapesGraph(core)
        self.prefixes: dict[str, str] = {}
        self.fresh()
        self.found: list[dict[str, Any]] = []
        self._paths: dict[Node, str] = {}

    def fresh(self) -> None:
        """Begin a new data graph."""
        self.data = QueryCache()
        self.data.prefixes = self.prefixes
        self._target = DataGraph.from_rdflib_graph(self.data)

    def judge(self, work: list[tuple[str, str, list[str]]]) -> list[dict[str, Any]]:
        """Validate given nodes against given shapes."""
        results: list[dict[str, Any]] = []
        for key, part, nodes in work:
            focus = [from_key(node) for node in nodes]
            graph = self._core if part == "core" else self._full
            shape = _lookup(graph, from_key(key))
            if part in ("core", "full"):
                _, reports = shape.validate(_executor(), self._target, focus=focus)  # type: ignore[arg-type]  # pyshacl takes any terms
            else:
                reports = self._one_select(shape, part, focus)
            results.extend(self._result(report) for report in reports)
        return results

    def _one_select(self, shape: Shape, part: str, focus: list[Node]) -> list[Any]:
        if shape.deactivated:
            return []
        constraint = SPARQLBasedConstraint(shape)
        wanted = from_key(part)
        constraint.sparql_constraints = {c for c in constraint.sparql_constraints if c.node == wanted}
        _, reports = constraint.evaluate(_executor(), self._target, {node: {node} for node in focus}, [shape])
        return list(reports)

    def whole(self, shapes: list[str] | None) -> list[dict[str, Any]]:
        """Validate shapes on all their targets in the data graph; every shape where None is given."""
        chosen: Iterable[Shape] = self._full.shapes
        if shapes is not None:
            chosen = [_lookup(self._full, from_key(key)) for key in shapes]
        results: list[dict[str, Any]] = []
        for shape in chosen:
            _, reports = shape.validate(_executor(), self._target)
            results.extend(self._result(report) for report in reports)
        return results

    def _result(self, report: tuple[str, Node, list[tuple[Node, Node, Any]]]) -> dict[str, Any]:
        _, node, triples = report
        found: dict[str, Any] = {"messages": []}
        for subject, predicate, value in triples:
            if subject != node:
                continue
            term = value[1] if isinstance(value, tuple) else value
            name = str(predicate).removeprefix(str(SH))
            if predicate == SH.resultMessage:
                found["messages"].append((term.language or "", str(term)))
            elif predicate == SH.resultPath:
                found["path"] = self._path(term)
            elif name in _FIELDS:
                found[_FIELDS[name]] = to_key(term)
        return found

    def _path(self, node: Node) -> str:
        if isinstance(node, URIRef):
            return f"<{node}>"
        if node not in self._paths:
            self._paths[node] = shacl_path_to_sparql_path(self._full, node)
        return self._paths[node]


_FIELDS = {
    "sourceConstraintComponent": "component",
    "sourceShape": "shape",
    "resultSeverity": "severity",
    "focusNode": "focus",
    "value": "value",
    "sourceConstraint": "constraint",
}


def _lookup(graph: ShapesGraph, node: Node) -> Shape:
    if not graph._node_shape_cache:
        _ = graph.shapes
    found: Shape = graph.lookup_shape_from_node(node)
    return found


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


def answer(judge: Judge | None, request: dict[str, Any]) -> dict[str, Any] | None:
    """The answer to one request, None where none is due."""
    assert judge is not None
    if "data" in request:
        fill(judge.data, request["data"])
        return None
    if "prefixes" in request:
        judge.prefixes = dict(request["prefixes"])
        judge.data.prefixes = judge.prefixes
        return None
    if "fresh" in request:
        judge.fresh()
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", ShapeRecursionWarning)
            if "judge" in request:
                judge.found.extend(judge.judge(request["judge"]))
                return None
            if "collect" in request:
                found, judge.found = judge.found, []
                return {"results": found}
            return {"results": judge.whole(request["whole"])}
    except ShapeRecursionWarning as error:
        return {"error": ("recursion", str(error))}
    except (ConstraintLoadError, ShapeLoadError, ValidationFailure, ReportableRuntimeError) as error:
        return {"error": ("shapes", str(getattr(error, "message", error)))}
    except NotImplementedError as error:
        return {"error": ("shapes", str(error))}
    except RecursionError:
        return {"error": ("recursion", "shapes or paths nested too deeply")}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more; an error is the answer to the next question."""
    judge: Judge | None = None
    failure: dict[str, Any] | None = None
    while True:
        try:
            request = pickle.load(requests)
        except EOFError:
            return
        reply: dict[str, Any] | None = None
        try:
            if "anew" in request:
                judge = failure = None
            elif "limits" in request:
                limit(*request["limits"])
            elif "queries" in request:
                engine()
            elif "shapes" in request:
                judge = Judge(request["shapes"])
                gc.freeze()
                gc.enable()
            elif failure is None:
                reply = answer(judge, request)
        except Exception as error:  # the other side waits for an answer, whatever went wrong here
            reply = {"error": ("judge", f"{type(error).__name__}: {' '.join(str(error).split())[:500]}")}
        if reply is not None and "error" in reply:
            failure = reply
        if "collect" in request or "whole" in request:
            pickle.dump(failure or reply, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()


def main() -> None:
    """Answer requests on stdin."""
    # What a library prints must not come between the answers.
    channel = sys.stdout.buffer
    sys.stdout = sys.stderr
    logging.disable(logging.CRITICAL)
    serve(sys.stdin.buffer, channel)


if __name__ == "__main__":
    confine()
    main()
