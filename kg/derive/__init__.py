"""What follows from the stated figures: bounds, levels before increases, reconciliations, the tree of sums.

Store → frozen values → triples. Nothing derived is ever written in `graph/`: it is computed when a store is
built or the graph exported, under a rule that has an IRI of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kg.amounts import Interval, Rule, bounds
from kg.derive.claims import Verdict, verdicts
from kg.derive.documents import source_kinds
from kg.derive.reading import DEFAULT_RULE, Figure, Reading, read, rule
from kg.derive.sentences import in_words
from kg.derive.totals import LevelBefore, Reconciliation, levels_before, reconciliations
from kg.derive.tree import Tree, tree
from kg.derive.yearly import against_years
from kg.results import Source

if TYPE_CHECKING:
    from kg.rdf import Triple

__all__ = ["DEFAULT_RULE", "Derived", "LevelBefore", "Reconciliation", "Verdict", "derive"]


@dataclass(frozen=True, slots=True)
class Derived:
    """All that follows under one rule (the rule's IRI; None where there are no figures).

    `bounds` are by the IRIs of the stated figures; `tree` says which of them may be added. Levels and reconciliations
    are sorted by IRI, verdicts by the claims that they are of. `source_kinds` are of documents and need no rule.
    """

    rule: str | None
    reading: Reading
    bounds: Mapping[str, Interval]
    tree: Tree | None
    levels_before: tuple[LevelBefore, ...]
    reconciliations: tuple[Reconciliation, ...]
    verdicts: tuple[Verdict, ...]
    source_kinds: tuple[Triple, ...] = ()

    def triples(self) -> Iterator[Triple]:
        """The derived statements, as docs/model.md describes them."""
        from kg.derive.writing import triples

        yield from self.source_kinds
        yield from triples(self)

    def said_in(self, documents: frozenset[str]) -> Derived:
        """The same with only the levels before and the totals that one of these documents (IRIs) states."""

        def stated(figure: str) -> bool:
            return not documents.isdisjoint(self.reading.said_in.get(figure, ()))

        return replace(
            self,
            levels_before=tuple(one for one in self.levels_before if stated(one.increase)),
            reconciliations=tuple(one for one in self.reconciliations if stated(one.total.figures[0])),
        )

    def records(self) -> dict[str, Any]:
        """Levels before and reconciliations as plain data: amounts are strings, never floats."""
        from kg.derive.records import records

        return records(self)


def derive(source: Source, rule_iri: str | None = None) -> Derived:
    """Everything that follows from the stated figures and the documents of `source` under a rule (None: the default).

    Raises UsageError where the source has no such rule, DataError where it has figures and no default rule.
    """
    reading, kinds = read(source), tuple(source_kinds(source))
    if not reading.figures and rule_iri is None:
        return Derived(None, reading, {}, None, (), (), (), kinds)
    widths = rule(source, rule_iri)
    reading = reading.under(widths)
    before = tuple(levels_before(reading, widths))
    of_commitments = {each.of: each for each in before if each.of is not None}
    held = _all(reading, widths, before, of_commitments)
    return Derived(
        widths.iri,
        reading,
        {iri: _as_stated(figure, widths) for iri, figure in reading.figures.items()},
        tree(reading, widths),
        before,
        held,
        in_words(source, reading, verdicts(source, reading, widths, of_commitments, held)),
        kinds,
    )


def _all(
    reading: Reading, widths: Rule, before: tuple[LevelBefore, ...], of_commitments: Mapping[str, LevelBefore]
) -> tuple[Reconciliation, ...]:
    found = [*reconciliations(reading, widths, before), *against_years(reading, widths, of_commitments)]
    return tuple(sorted(found, key=lambda each: each.iri))


def _as_stated(figure: Figure, widths: Rule) -> Interval:
    if figure.low is None or figure.high is None:
        return Interval()
    return bounds(figure.low, figure.high, figure.qualifier, figure.step, widths)
