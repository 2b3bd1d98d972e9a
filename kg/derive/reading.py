"""What the store says of figures, commitments and rules, as frozen values.

Each query is a pattern or two, so that time grows with the graph and no faster, whatever is in it (a wide
pattern over all of a figure's properties would multiply where they have several values). What is said twice,
or in two files, is the same; where a property that has one value is given several, none of them is taken, and
validation says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from kg.amounts import Qualifier, Rule
from kg.errors import DataError, UsageError, did_you_mean
from kg.results import Source, plain, select
from kg.terms import CODE, TIL, shorten

DEFAULT_RULE = CODE + "rule/3"
_TRUE = ("true", "1")
# More digits than this is no amount of money: such a number is not read, rather than rounded in a sum of 28 digits.
_AMOUNT = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,4})?")


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
    the period where that is a whole number of years (read only where it may matter). `rewords` is the figure that
    counts where this is another wording of it.
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
    rewords: str | None
    qualifier_inferred: bool = False
    step_assumed: bool = False

    @property
    def by_policy(self) -> bool:
        """Whether its width rests on a step that the rule assumes, not on one that was read."""
        return self.step_assumed and self.qualifier in (Qualifier.EXACT, Qualifier.ABOUT)


@dataclass(frozen=True, slots=True)
class Commitment:
    """What the arithmetic needs of one commitment; IRIs, and days as xsd:date lexical forms.

    `kind`, `stage`, `period` are None where none (or more than one) is stated. `start` and `end` are those of its
    period. `put_forward` is the day, month or year on which it came to its stage, else that of its document.
    `exhaustive` is None where nothing says whether the parts are all, `continued` whether its source lists it as
    continued, `follows` whether it is the later stage of another. `programme_tree` are the programmes that it is for
    and all that these are part of.
    """

    iri: str
    kind: str | None
    stage: str | None
    period: str | None
    start: str | None
    end: str | None
    put_forward: str | None
    exhaustive: bool | None
    continued: bool
    follows: bool
    parts: tuple[str, ...]
    funders: tuple[str, ...]
    proposers: tuple[str, ...]
    promisers: tuple[str, ...]
    countries: tuple[str, ...]
    programmes: tuple[str, ...]
    programme_tree: tuple[str, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The stated figures by IRI and by what they are for, and the commitments by IRI, all in the order of the IRIs.

    `exhaustive` are the commitments and cumulative figures whose list is complete. `said_in` are the documents of
    each figure, `issued` the day, month or year of each document, `covers` the first and last day of a figure that has
    a period of its own. `states` are the payers that are a State treasury, `payers` those whose class is known at all.
    `labels` name, by language, the commitments of which a rest may be left, and the class of rests itself.
    `replaces` and `reannounces` lead from a later commitment to earlier ones.
    """

    figures: Mapping[str, Figure]
    by_subject: Mapping[str, tuple[Figure, ...]]
    commitments: Mapping[str, Commitment]
    exhaustive: frozenset[str]
    said_in: Mapping[str, tuple[str, ...]]
    issued: Mapping[str, str]
    covers: Mapping[str, tuple[str | None, str | None]]
    states: frozenset[str]
    payers: frozenset[str]
    labels: Mapping[str, Mapping[str, str]]
    replaces: Mapping[str, tuple[str, ...]]
    reannounces: Mapping[str, tuple[str, ...]]
    increase_to: Mapping[str, str]
    increase_over: Mapping[str, str]
    includes: Mapping[str, tuple[str, ...]]

    def under(self, rule: Rule) -> Reading:
        """The same, with the step that the rule assumes on each figure whose step nobody has read."""

        def with_step(figure: Figure) -> Figure:
            if figure.step is not None or figure.qualifier is None or figure.low is None or figure.high is None:
                return figure
            step = rule.assumed_step(figure.low, figure.high)
            return figure if step is None else replace(figure, step=step, step_assumed=True)

        figures = {iri: with_step(figure) for iri, figure in self.figures.items()}
        return replace(
            self,
            figures=figures,
            by_subject={
                subject: tuple(figures[each.iri] for each in stated) for subject, stated in self.by_subject.items()
            },
        )

    def parts(self, commitment: str) -> tuple[str, ...]:
        """The parts of a commitment, itself left out."""
        known = self.commitments.get(commitment)
        return tuple(part for part in known.parts if part != commitment) if known else ()

    def below(self, whole: str) -> tuple[str, ...]:
        """The parts of a commitment at any depth; itself only where the parts run in a circle."""
        found = dict.fromkeys(self.parts(whole))
        waiting = list(found)
        for part in waiting:  # which grows meanwhile
            new = [each for each in self.parts(part) if each not in found]
            found.update(dict.fromkeys(new))
            waiting += new
        return tuple(found)

    def listed(self, whole: str) -> tuple[str, ...]:
        """The parts of a commitment, each once, as far as they have amounts of their own.

        A part of which no level and no increase is stated stands for its own parts, and for what is left of it where
        these are not all. What is a part of another part with an amount is left to that one.
        """
        found: dict[str, None] = {}
        waiting, seen = list(self.parts(whole)), {whole}
        for part in waiting:  # which grows meanwhile
            if part in seen:
                continue
            seen.add(part)
            parts = self.parts(part)
            stands_for_them = bool(parts) and not self.levels(part) and not self.increases(part)
            if stands_for_them:
                waiting += parts
            if not stands_for_them or part not in self.exhaustive:
                found[part] = None
        again = {each for part in found if self.levels(part) or self.increases(part) for each in self.below(part)}
        return tuple(part for part in found if part not in again)

    def levels(self, subject: str) -> tuple[Figure, ...]:
        """The levels that are stated of a commitment, each in the wording that counts."""
        return tuple(
            each for each in self.by_subject.get(subject, ()) if each.role is Role.LEVEL and not each.rewords
        )

    def increases(self, subject: str) -> tuple[Figure, ...]:
        """The increases that are stated of a commitment, each in the wording that counts."""
        return tuple(
            each for each in self.by_subject.get(subject, ()) if each.role is Role.INCREASE and not each.rewords
        )


def rule(source: Source, iri: str | None = None) -> Rule:
    """The widths of a rule (None: the default) as the code list has them.

    Raises UsageError where there is no rule of that IRI, DataError where the default is missing.
    """
    wanted = iri or DEFAULT_RULE
    found = select(
        source,
        """SELECT ?rule ?almost ?about ?steps ?exact ?zeros WHERE {
             ?rule til:almostShare ?almost ; til:aboutShare ?about ; til:aboutSteps ?steps ; til:exactSteps ?exact
             OPTIONAL { ?rule til:zeroShare ?zeros }
           }""",
    )
    rules = {
        plain(row[0]): [None if term is None else Decimal(plain(term)) for term in row[1:]] for row in found.rows
    }
    if wanted in rules:
        return Rule(wanted, *rules[wanted])  # type: ignore[arg-type]  # only the last may be None
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
    by_subject: dict[str, list[Figure]] = {}
    for figure in figures.values():
        by_subject.setdefault(figure.of, []).append(figure)
    types = _several(source, "?s dcterms:type ?o . ?any til:funder ?s")
    return Reading(
        figures,
        {subject: tuple(stated) for subject, stated in by_subject.items()},
        dict(sorted(_commitments(source).items())),
        frozenset(iri for iri, said in _single(source, "til:partsExhaustive").items() if said in _TRUE),
        _said_in(source),
        _dates(source),
        _covers(source),
        frozenset(iri for iri, said in types.items() if f"{CODE}payer-class/state" in said),
        frozenset(
            iri for iri, said in types.items() if any(each.startswith(f"{CODE}payer-class/") for each in said)
        ),
        _labels(source),
        _several(source, "til:replaces"),
        _several(source, "til:reannounces"),
        _single(source, "til:increaseTo"),
        _single(source, "til:increaseOver"),
        _several(source, "til:includes"),
    )


def _commitments(source: Source) -> dict[str, Commitment]:
    # Programmes have parts too: a kind, or a type, is what every commitment has and they have not.
    derived = {iri for iri, _ in _pairs(source, "?s a ?o FILTER(?o = til:Rest)")}
    subjects = {
        iri
        for pattern in ("til:kind", "?s a ?o FILTER(?o = til:Commitment)")
        for iri, _ in _pairs(source, pattern)
    }
    kinds, stages, periods = (_single(source, f"til:{name}") for name in ("kind", "stage", "period"))
    starts, ends = _single(source, "dcat:startDate"), _single(source, "dcat:endDate")
    reached = _single(source, "til:stageDate")
    exhaustive = _single(source, "til:partsExhaustive")
    continued = {iri for iri, _ in _pairs(source, "?s til:novelty ?o FILTER(?o = novelty:continued)")}
    following = {iri for iri, _ in _pairs(source, "til:follows")}
    several = {
        name: _several(source, f"?s {name} ?o . ?s til:kind ?any")
        for name in (
            "dcterms:hasPart",
            "til:funder",
            "til:proposer",
            "til:promiser",
            "dcterms:spatial",
            "til:programme",
            "dcterms:source",
        )
    }
    above = _several(source, "?s til:programme/dcterms:isPartOf* ?o")
    issued = _dates(source)
    found = {}
    for iri in subjects - derived:
        lists = {name: values.get(iri, ()) for name, values in several.items()}
        documents = lists["dcterms:source"]
        period = periods.get(iri)
        said = exhaustive.get(iri)
        found[iri] = Commitment(
            iri,
            kinds.get(iri),
            stages.get(iri),
            period,
            starts.get(period or ""),
            ends.get(period or ""),
            reached.get(iri) or min((issued[each] for each in documents if each in issued), default=None),
            None if said is None else said in _TRUE,
            iri in continued,
            iri in following,
            lists["dcterms:hasPart"],
            lists["til:funder"],
            lists["til:proposer"],
            lists["til:promiser"],
            lists["dcterms:spatial"],
            lists["til:programme"],
            above.get(iri, ()),
            documents,
        )
    return found


def _labels(source: Source) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for pattern in (
        "?thing dcterms:hasPart ?part ; til:kind ?kind ; skos:prefLabel ?label",
        "?thing til:kind ?kind ; skos:prefLabel ?label FILTER(?kind = kind:mixed)",
        "?thing rdfs:label ?label FILTER(?thing = til:Rest)",
    ):
        for thing, label in select(source, f"SELECT DISTINCT ?thing ?label WHERE {{ {pattern} }}").rows:
            language = getattr(label, "language", None)
            if language:
                known = found.setdefault(plain(thing), {})
                known[language] = min(known.get(language, plain(label)), plain(label))
    return found


def _covers(source: Source) -> dict[str, tuple[str | None, str | None]]:
    starts, ends = _single(source, "dcat:startDate"), _single(source, "dcat:endDate")
    periods = _single(source, "?s til:period ?o . ?s til:figureOf ?of")
    return {figure: (starts.get(period), ends.get(period)) for figure, period in periods.items()}


def _dates(source: Source) -> dict[str, str]:
    """The day, month or year of each document, the earliest where it has several."""
    found: dict[str, str] = {}
    for name in ("dcterms:issued", "dcterms:date"):
        for document, dated in _pairs(source, f"?s {name} ?o ; a foaf:Document"):
            found[document] = min(found.get(document, dated), dated)
    return found


def _said_in(source: Source) -> dict[str, tuple[str, ...]]:
    """The documents of each figure: those of its anchors, else its own sources, else those of its commitment."""
    anchored = _several(source, "?s til:evidence/oa:hasSource ?o . ?s til:figureOf ?of")
    texts = _single(source, "?s dcterms:isFormatOf ?o . ?any oa:hasSource ?s")
    own = _several(source, "?s dcterms:source ?o . ?s til:figureOf ?of")
    inherited = _several(source, "?s til:figureOf/dcterms:source ?o")
    return {
        **inherited,
        **own,
        **{iri: tuple(sorted({texts.get(each, each) for each in said})) for iri, said in anchored.items()},
    }


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
    rewords = dict(_pairs(source, "til:rewords"))
    inferred = _several(source, "til:inferred")
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
            f"{TIL}basis" in inferred.get(iri, ()),
            rewords.get(iri),
            f"{TIL}qualifier" in inferred.get(iri, ()),
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


def _number(lexical: str | None) -> Decimal | None:
    return Decimal(lexical) if lexical is not None and _AMOUNT.fullmatch(lexical) else None
