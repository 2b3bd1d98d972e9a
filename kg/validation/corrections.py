"""Where pyshacl or rdflib stop on data for which the standards have an answer: the answer, in their place.

Without these one ill-typed value in one file ended the validation of all files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from pyshacl.constraints.core.property_pair_constraints import (
    LessThanConstraintComponent,
    LessThanOrEqualsConstraintComponent,
)
from pyshacl.errors import ReportableRuntimeError
from rdflib.term import Literal, Node

if TYPE_CHECKING:
    from rdflib.plugins.sparql.parserutils import Expr

_Compare = Callable[..., tuple[bool, list[Any]]]


def _by_pairs(compare: _Compare) -> _Compare:
    """Values "that cannot be compared" are results (SHACL 1.0, 4.5.3 and 4.5.4): blank nodes, ill-typed literals."""

    def pairs(
        self: Any, values: Iterable[Node], others: Iterable[Node], graph: Any, focus: Node
    ) -> tuple[bool, list[Any]]:
        failed, reports = False, []
        others = list(others)
        for value in values:
            for other in others:
                try:
                    one_failed, found = compare(self, {value}, {other}, graph, focus)
                except (TypeError, ReportableRuntimeError):
                    one_failed, found = True, [self.make_v_result(graph, focus, value_node=value)]
                failed = failed or one_failed
                reports.extend(found)
        return failed, reports

    return pairs


def _evaluated(evaluate: Callable[..., Any]) -> Callable[..., Any]:
    """Operands of a type that an operator does not take are an error of the expression (SPARQL 1.1, 17.2)."""
    from rdflib.plugins.sparql.sparql import SPARQLError

    def evaluated(self: Expr, *context: Any) -> Any:
        try:
            return evaluate(self, *context)
        except (TypeError, AttributeError, ValueError, ArithmeticError) as error:
            return SPARQLError(f"{type(error).__name__}: {error}")

    return evaluated


def _numeric(numeric: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """An ill-typed literal is no number, whatever its datatype."""
    from rdflib.plugins.sparql.sparql import SPARQLTypeError

    def number(expression: Any) -> Any:
        found = numeric(expression)
        if isinstance(found, Literal):
            raise SPARQLTypeError(f"{found!r} is no number")
        return found

    return number


def _with_values(operate: Callable[[Literal, Any], Any]) -> Callable[[Literal, Any], Any]:
    """rdflib adds and subtracts ill-typed literals by adding and subtracting them, without end."""

    def operated(self: Literal, other: Any) -> Any:
        for term in (self, other):
            if isinstance(term, Literal) and term.ill_typed:
                raise TypeError(f"{term!r} has no value")
        return operate(self, other)

    return operated


def correct() -> None:
    """Put the answers of constraints and terms in place; once in a process."""
    for component, name in (
        (LessThanConstraintComponent, "_compare_lt"),
        (LessThanOrEqualsConstraintComponent, "_compare_ltoe"),
    ):
        setattr(component, name, _by_pairs(getattr(component, name)))
    Literal.__add__ = _with_values(Literal.__add__)  # type: ignore[method-assign] # see _with_values
    Literal.__sub__ = _with_values(Literal.__sub__)  # type: ignore[method-assign] # see _with_values


def correct_queries() -> None:
    """Put the answers of SPARQL expressions in place; once in a process. Imports the engine."""
    from rdflib.plugins.sparql import operators
    from rdflib.plugins.sparql.parserutils import Expr

    Expr.eval = _evaluated(Expr.eval)  # type: ignore[method-assign] # the one door through which expressions go
    operators.numeric = _numeric(operators.numeric)  # type: ignore[assignment] # another function of the same use
