"""What the store says of figures, commitments and rules, as frozen values.

Each query is a pattern or two, so that time grows with the graph and no faster, whatever is in it (a wide
pattern over all of a figure's properties would multiply where they have several values). What is said twice,
or in two files, is the same; where a property that has one value is given several, none of them is taken, and
validation says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from kg.amounts import Qualifier, Rule
from kg.errors import DataError, UsageError, did_you_mean
from kg.results import Source, plain, select
from kg.terms import CODE, shorten

DEFAULT_RULE = CODE + "rule/1"
# More digits than this is no amount of money: such a number is not read, rather than rounded.
_AMOUNT = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,10})?")


class Role(StrEnum):
    """What a figure says of its commitment; the values are the codes of code/figure-role/."""

    LEVEL = "level"
    INCREASE = "increase"
    CUMULATIVE = "cumulative"
    LEVERAGED = "leveraged"


class Basis(StrEnum):
    """Whether an amount is for the whole period or for each year of it; the codes of code/basis/."""

    WHOLE_PERIOD = "wholePeriod"
    PER_YEAR = "perYear"


_ROLES = {f"{CODE}figure-role/{role}": role for role in Role}
_BASES = {f"{CODE}basis/{basis}": basis for basis in Basis}
_QUALIFIERS = {f"{CODE}qualifier/{qualifier}": qualifier for qualifier in Qualifier}


@dataclass(frozen=True, slots=True)
class Figure:
    """One stated amount: for what, in which role, currency (an IRI) and wording.

    `low` and `high` are equal but for a range, None where no number could be read. `years` is the length of
    the period where that is a whole number of years (read only where it may matter).
    """

    iri: str
    of: str
    role: Role
    basis: Basis
    currency: str
    low: Decimal | None
    high: Decimal | None
    qualifier: Qualifier | None
    step: Decimal | None
    years: int | None
    basis_inferred: bool
    rewords: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The stated figures by IRI, and by what they are for; what the arithmetic needs of commitments.

    `parts` and `includes` list in the order of the IRIs. `kinds` (the codes' IRIs) are those of wholes, parts
    and what cumulative figures include. `exhaustive` are the wholes (and cumulative figures) whose list is
    complete, `followed` the commitments that a later stage follows; `payers` counts those of each part, and of
    each commitment that has several.
    """

    figures: Mapping[str, Figure]
    by_subject: Mapping[str, tuple[Figure, ...]]
    kinds: Mapping[str, str]
    parts: Mapping[str, tuple[str, ...]]
    exhaustive: frozenset[str]
    payers: Mapping[str, int]
    followed: frozenset[str]
    increase_to: Mapping[str, str]
    increase_over: Mapping[str, str]
    includes: Mapping[str, tuple[str, ...]]


def rule(source: Source, iri: str | None = None) -> Rule:
    """The widths of a rule (None: the default) as the code list has them.

    Raises UsageError where there is no rule of that IRI, DataError where the default is missing.
    """
    wanted = iri or DEFAULT_RULE
    found = select(
        source,
        """SELECT ?rule ?almost ?about ?steps ?exact WHERE {
             ?rule til:almostShare ?almost ; til:aboutShare ?about ; til:aboutSteps ?steps ; til:exactSteps ?exact
           }""",
    )
    rules = {plain(row[0]): [Decimal(plain(term)) for term in row[1:]] for row in found.rows}
    if wanted in rules:
        return Rule(wanted, *rules[wanted])
    if iri is None:
        raise DataError(
            "rule", f"no rule {shorten(wanted)} among the code lists", help="ontology/codes/rule.ttl has it"
        )
    known = [shorten(name) for name in sorted(rules)]
    near = did_you_mean(shorten(wanted), known)
    raise UsageError("rule", f"no rule {shorten(wanted)}", help=near or f"one of {', '.join(known)}")


def read(source: Source) -> Reading:
    """Everything stated that the arithmetic needs, in a fixed order."""
    figures = {figure.iri: figure for figure in sorted(_figures(source), key=lambda figure: figure.iri)}
    by_subject: dict[str, tuple[Figure, ...]] = {}
    for figure in figures.values():
        by_subject[figure.of] = (*by_subject.get(figure.of, ()), figure)
    # Programmes have parts too: a kind is what every commitment has and nothing else.
    wholes = _single(source, "?s dcterms:hasPart ?part ; til:kind ?o")
    several = _several(source, "?s dcterms:hasPart ?o")
    return Reading(
        figures,
        by_subject,
        {
            **_single(source, "?whole dcterms:hasPart ?s . ?s til:kind ?o"),
            **_single(source, "?sum til:includes ?figure . ?figure til:figureOf ?s . ?s til:kind ?o"),
            **wholes,
        },
        {whole: parts for whole, parts in several.items() if whole in wholes},
        frozenset(iri for iri, said in _single(source, "til:partsExhaustive").items() if said in ("true", "1")),
        {
            subject: int(count)
            for group in ("?whole dcterms:hasPart ?s . ?s til:funder ?payer", "?s til:funder ?payer")
            for subject, count in _counts(source, group)
        },
        frozenset(earlier for _, earlier in _pairs(source, "til:follows")),
        _single(source, "til:increaseTo"),
        _single(source, "til:increaseOver"),
        _several(source, "til:includes"),
    )


def _figures(source: Source) -> Iterator[Figure]:
    subjects = _single(source, "til:figureOf")
    roles = _single(source, "til:role")
    bases = _single(source, "til:basis")
    currencies = _single(source, "til:currency")
    derived = {iri for iri, _ in _pairs(source, "?s til:origin ?o FILTER(?o = origin:derived)")}
    values = _single(source, "schema:value")
    lows = _single(source, "schema:minValue")
    highs = _single(source, "schema:maxValue")
    qualifiers = _single(source, "til:qualifier")
    steps = _single(source, "til:step")
    rewording = {iri for iri, _ in _pairs(source, "til:rewords")}
    inferred = {iri for iri, _ in _pairs(source, "?s til:inferred ?o FILTER(?o = til:basis)")}
    lengths = _lengths(source)
    for iri, of in subjects.items():
        role, basis = _ROLES.get(roles.get(iri, "")), _BASES.get(bases.get(iri, ""))
        if role is None or basis is None or iri not in currencies or iri in derived:
            continue
        low = _number(values.get(iri) or lows.get(iri))
        high = _number(values.get(iri) or highs.get(iri))
        if low is None or high is None or low > high:
            low = high = None
        step = _number(steps.get(iri))
        yield Figure(
            iri,
            of,
            role,
            basis,
            currencies[iri],
            low,
            high,
            _QUALIFIERS.get(qualifiers.get(iri, "")),
            step if step is not None and step >= 0 else None,
            lengths.get(iri, lengths.get(of)),
            iri in inferred,
            iri in rewording,
        )


def _lengths(source: Source) -> dict[str, int | None]:
    """The years of the periods that matter: of figures by the year, or perhaps so, and of what they are for."""
    yearly = "{ ?f til:basis basis:perYear } UNION { ?f til:inferred til:basis }"
    starts = _single(source, "dcat:startDate")
    ends = _single(source, "dcat:endDate")
    return {
        subject: whole_years(starts.get(period), ends.get(period))
        for pattern in (
            f"{yearly} ?f til:figureOf ?s . ?s til:period ?o",
            f"{yearly} ?f til:period ?o BIND(?f AS ?s)",
        )
        for subject, period in _single(source, pattern).items()
    }


def whole_years(start: str | None, end: str | None) -> int | None:
    """How many whole years from the first day to the last, both counted; None where it is not a whole number.

    Days are xsd:date lexical forms (a time zone is left out of account).
    """
    try:
        first = date.fromisoformat((start or "")[:10])
        after = date.fromisoformat((end or "")[:10]) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    years = after.year - first.year
    return years if years > 0 and (after.month, after.day) == (first.month, first.day) else None


def _pairs(source: Source, pattern: str) -> Iterator[tuple[str, str]]:
    """What stands for ?s and ?o in a pattern, or on either side of a predicate."""
    if "?" not in pattern:
        pattern = f"?s {pattern} ?o"
    for subject, value in select(source, f"SELECT ?s ?o WHERE {{ {pattern} }}").rows:
        yield plain(subject), plain(value)


def _single(source: Source, pattern: str) -> dict[str, str]:
    found: dict[str, str] = {}
    unclear = set()
    for subject, value in _pairs(source, pattern):
        if found.setdefault(subject, value) != value:
            unclear.add(subject)
    for subject in unclear:
        del found[subject]
    return found


def _several(source: Source, pattern: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for subject, value in _pairs(source, pattern):
        found.setdefault(subject, set()).add(value)
    return {subject: tuple(sorted(values)) for subject, values in sorted(found.items())}


def _counts(source: Source, pattern: str) -> Iterator[tuple[str, str]]:
    """How many ?payer each ?s has; of subjects that have one, only those that are parts."""
    least = "" if "hasPart" in pattern else "HAVING (COUNT(DISTINCT ?payer) > 1)"
    query = f"SELECT ?s (COUNT(DISTINCT ?payer) AS ?n) WHERE {{ {pattern} }} GROUP BY ?s {least}"
    for subject, count in select(source, query).rows:
        yield plain(subject), plain(count)


def _number(lexical: str | None) -> Decimal | None:
    return Decimal(lexical) if lexical is not None and _AMOUNT.fullmatch(lexical) else None
