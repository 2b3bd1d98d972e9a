"""A draft as Turtle in the model: document, anchors, figures, proposed commitments, and what is left open.

What is not said in words is marked til:inferred with the reason; what no rule read stands in a comment, not in a
triple. A draft is never written into the graph: a person reads it, mends it and saves it there.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from kg import rdf
from kg.draft.document import Document
from kg.draft.facts import Commitment, Facts, Figure
from kg.draft.lexicon import LANGUAGES, lexicon
from kg.draft.mentions import Mention, Span, decimal_text
from kg.draft.proposals import Draft, Proposal, plain_line
from kg.errors import fold
from kg.terms import CODE, ID, PREFIXES
from kg.terms import shorten as shorten_iri

# Above this the words themselves say it; below, it is inferred and says so.
_SAID = 0.9
_PREFIXES = [
    "basis",
    "country",
    "cur",
    "dcat",
    "dcterms",
    "foaf",
    "id",
    "kind",
    "lang",
    "novelty",
    "oa",
    "origin",
    "prov",
    "qual",
    "role",
    "schema",
    "skos",
    "spdx",
    "stage",
    "til",
    "xsd",
]
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


# Codes, bodies and programmes come again and again.
shorten = functools.lru_cache(maxsize=4096)(shorten_iri)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the graph already has: the document's IRI where its text is known, the periods that it describes."""

    document: str | None = None
    periods: frozenset[str] = frozenset()


def slug_of(name: str) -> str:
    """A readable slug for a document from its file's name or title."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(PurePath(name).stem if name != "-" else "stdin")).strip("-")
    return slug[:60].strip("-") or "document"


def turtle(document: Document, draft: Draft, setting: Setting) -> Iterator[str]:
    """The draft as Turtle text, in pieces."""
    return _Writer(document, draft, setting).pieces()


class _Writer:
    def __init__(self, document: Document, draft: Draft, setting: Setting) -> None:
        self.document = document
        self.draft = draft
        self.setting = setting
        self.facts = Facts(draft)
        self.iri = setting.document or f"{ID}doc-{slug_of(document.name)}"
        self.numbers = {id(commitment): i for i, commitment in enumerate(self.facts.commitments, 1)}
        self.slug = self.iri.rsplit("/", 1)[-1].removeprefix("doc-")
        # Written once: a long draft names them many thousand times.
        self.written = shorten(self.iri)
        self.plain = shorten(f"{ID}{self.slug}-1").startswith("id:")
        self.countries = {lexicon(code).currency: lexicon(code).country for code in LANGUAGES}
        self.periods: dict[str, tuple[str, str]] = {}
        self.anchors: dict[Span, str | None] = {}
        self.tongue = draft.language

    def pieces(self) -> Iterator[str]:
        """The whole file. Periods and anchors come last: what is said of the commitments decides which there are."""
        yield from self._head()
        yield "\n" + self._document()
        for number, commitment in enumerate(self.facts.commitments, 1):
            yield "\n" + self._commitment(number, commitment)
        yield from self._periods()
        yield from self._anchors()

    def _head(self) -> Iterator[str]:
        name = _comment(self.document.name)
        yield f"# A draft, read from {name} by kg draft. Read every line against the text before it is kept.\n"
        yield "# til:inferred marks what the words do not say outright. What was not read stands here only:\n"
        for point in self.draft.open:
            yield f"# open: {self._named(point.mention)}: {point.aspect}: {_comment(point.why)}\n"
        for proposal in self.draft.proposals:
            if not proposal.known:
                unknown = f"{_comment(proposal.value)} is not in the graph"
                yield f"# open: {self._named(proposal.mention)}: {proposal.aspect}: {unknown}\n"
        yield "# open: the document's date and publisher\n\n"
        for prefix in _PREFIXES:
            yield f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"

    def _named(self, index: int) -> str:
        mention = self.draft.mentions[index]
        return f"{_comment(mention.text)} (char={mention.start},{mention.end})"

    def _document(self) -> str:
        language = lexicon(self.tongue)
        checksum = f"{self.iri}-sha256"
        return _block(
            self.written,
            "foaf:Document",
            [
                ("dcterms:title", [_text(plain_line(self.document.title), self.tongue)]),
                ("dcterms:language", [f"lang:{language.iri}"]),
                ("spdx:checksum", [shorten(checksum)]),
                ("skos:editorialNote", [_text("Drafted by kg draft. No date was read from the text.", "en")]),
            ],
        ) + _block(
            shorten(checksum),
            "spdx:Checksum",
            [
                ("spdx:algorithm", ["spdx:checksumAlgorithm_sha256"]),
                ("spdx:checksumValue", [f'"{self.document.checksum}"^^xsd:hexBinary']),
            ],
        )

    def _commitment(self, number: int, commitment: Commitment) -> str:
        subject = self._own(str(number))
        inferred: dict[str, str] = {}
        pairs: list[tuple[str, list[str]]] = [("skos:prefLabel", [_text(self._label(commitment), self.tongue)])]
        said = commitment.said
        for aspect, predicate, prefix in (
            ("programme", "til:programme", ""), ("kind", "til:kind", "kind"), ("stage", "til:stage", "stage"),
            ("novelty", "til:novelty", "novelty"),
        ):  # fmt: skip
            found = [p for p in said.get(aspect, ()) if p.known]
            found = [max(found, key=lambda p: p.confidence)] if found and aspect != "novelty" else found
            if aspect == "kind" and len(kinds := self._kinds(commitment)) > 1:
                pairs.append((predicate, ["kind:mixed"]))
                inferred[predicate] = f"kind: its parts are {' and '.join(sorted(kinds))}"
            elif found:
                pairs.append((predicate, [_value(p, prefix) for p in found]))
                _infer(inferred, predicate, found)
            elif aspect == "kind":
                pairs.append((predicate, ["kind:unspecified"]))
        if period := said.get("period"):
            cumulative = all(self.facts.role(figure) == "cumulative" for figure in commitment.figures)
            if not cumulative:
                pairs.append(("til:period", [self._period(period[0].value)]))
                _infer(inferred, "til:period", period)
        for aspect, predicate in (
            ("proposer", "til:proposer"),
            ("payer", "til:funder"),
            ("recipient", "til:recipient"),
        ):
            found = [p for p in said.get(aspect, ()) if p.known]
            if found:
                pairs.append((predicate, sorted({shorten(p.value) for p in found})))
                _infer(inferred, predicate, found)
        country = self.countries.get(self.draft.mentions[commitment.first].currency)
        if country:
            pairs.append(("dcterms:spatial", [f"country:{country}"]))
        if commitment.parts:
            numbers = [self.numbers[id(part)] for part in commitment.parts]
            pairs.append(("dcterms:hasPart", [self._own(str(part)) for part in sorted(numbers)]))
        _note(pairs, inferred)
        pairs.append(("dcterms:source", [self.written]))
        evidence = {p.anchor for a in ("stage", "kind", "payer", "recipient", "period") for p in said.get(a, ())}
        if evidence:
            pairs.append(("til:evidence", [self._anchor(span) for span in sorted(evidence)]))
        blocks = [_block(subject, "til:Commitment", pairs)]
        blocks += [self._figure(figure, subject, commitment) for figure in commitment.figures]
        return "\n".join(blocks)

    def _kinds(self, commitment: Commitment) -> set[str]:
        """The kinds of a commitment and its parts."""
        found = (next(iter(one.said.get("kind", ())), None) for one in (commitment, *commitment.parts))
        return {proposal.value for proposal in found if proposal is not None} if commitment.parts else set()

    def _label(self, commitment: Commitment) -> str:
        """A label to be bettered: the programme and its years, else the amount as written."""
        first = commitment.first
        mention = self.draft.mentions[first]
        programme = next(iter(commitment.said.get("programme", ())), None)
        years = next((_years(p.value) for p in commitment.said.get("period", ())), "")
        words = plain_line(mention.text)
        return " ".join(part for part in (programme.label + "," if programme else "", words, years) if part)

    def _own(self, name: str) -> str:
        """A thing of this draft, as Turtle writes it."""
        return f"id:{self.slug}-{name}" if self.plain else f"<{ID}{self.slug}-{name}>"

    def _figure_iri(self, figure: Figure) -> str:
        return self._own(f"amount-{figure.first + 1}")

    def _figure(self, figure: Figure, commitment: str, home: Commitment) -> str:
        mention = self.draft.mentions[figure.first]
        role = self.facts.one(figure.first, "role")
        basis = self.facts.one(figure.first, "basis")
        inferred: dict[str, str] = {}
        pairs: list[tuple[str, list[str]]] = [("til:figureOf", [commitment])]
        if figure.rewords is not None:
            pairs.append(("til:rewords", [self._figure_iri(figure.rewords)]))
            payers = self.facts.values(figure.first, "payer")
            if payers and payers != self.facts.values(home.figures[0].first, "payer"):
                pairs.append(("til:payerAsStated", sorted(shorten(p) for p in payers)))
                _infer(inferred, "til:payerAsStated", self.facts.said[figure.first]["payer"])
        if role is not None:
            pairs.append(("til:role", [f"role:{role.value}"]))
            if role.value == "level" and "no word" in role.reason:
                inferred["til:role"] = f"role: {role.reason}"
        if figure.increase_to is not None and self.facts.of(figure.increase_to) is home:
            pairs.append(("til:increaseTo", [self._figure_iri(figure.increase_to)]))
        pairs.append(("til:basis", [f"basis:{basis.value if basis else 'wholePeriod'}"]))
        pairs.append(("til:origin", ["origin:stated"]))
        pairs += self._amount(figure, mention, inferred)
        period = self.facts.one(figure.first, "period")
        if role is not None and role.value == "cumulative" and period is not None:
            pairs.append(("til:period", [self._period(period.value)]))
        _note(pairs, inferred)
        sayings = [*figure.mentions, *([figure.upper] if figure.upper is not None else [])]
        anchors = [self._anchor(self.draft.mentions[i].anchor, self._speaker(i)) for i in sayings]
        pairs.append(("til:evidence", anchors))
        return _block(self._figure_iri(figure), "til:Figure", pairs)

    def _amount(
        self, figure: Figure, mention: Mention, inferred: dict[str, str]
    ) -> Iterator[tuple[str, list[str]]]:
        upper = self.draft.mentions[figure.upper] if figure.upper is not None else None
        values = [mention.value] if upper is None else [mention.value, upper.value]
        whole = all(value == int(value) for value in values)
        if whole and upper is None:
            yield "schema:value", [str(int(mention.value))]
        elif whole and upper is not None:
            yield "schema:minValue", [str(int(mention.value))]
            yield "schema:maxValue", [str(int(upper.value))]
        # What is not whole kroner stays out: the comment says what was read.
        yield "til:currency", [f"cur:{mention.currency}"]
        if not mention.currency_stated:
            inferred["til:currency"] = "currency: no currency word beside the amount"
        if upper is None:
            code = mention.qualifier if not mention.qualifier.startswith("range") else "exact"
            yield "til:qualifier", [f"qual:{code}"]
        else:
            yield "til:qualifier", ["qual:exact"]
        step = mention.step
        if whole:
            yield "til:step", [decimal_text(step) if step == int(step) else "1"]

    def _speaker(self, index: int) -> str | None:
        speaker = self.facts.one(index, "speaker")
        return speaker.value if speaker is not None and speaker.known else None

    def _anchor(self, span: Span, speaker: str | None = None) -> str:
        if span not in self.anchors or speaker is not None:
            self.anchors[span] = speaker
        return f"<{self.iri}#char={span[0]},{span[1]}>"

    def _anchors(self) -> Iterator[str]:
        text = self.document.text
        for (start, end), speaker in sorted(self.anchors.items()):
            iri = f"{self.iri}#char={start},{end}"
            said = f" ;\n    prov:wasAttributedTo {shorten(speaker)}" if speaker is not None else ""
            yield (
                f"\n<{iri}> a oa:SpecificResource ;\n    oa:hasSource {self.written} ;\n"
                f"    oa:hasSelector <{iri}-selector>{said} .\n\n"
                f"<{iri}-selector> a oa:TextPositionSelector , oa:TextQuoteSelector ;\n"
                f"    oa:start {start} ;\n    oa:end {end} ;\n    oa:exact {_exact(text[start:end])} .\n\n"
            )

    def _period(self, value: str) -> str:
        start, _, end = value.partition("/")
        first, last = start[:4], end[:4]
        name = f"year-{first}" if first == last else f"years-{first}-{last}" if first and last else ""
        name = name or (f"from-{first}" if first else f"until-{last}")
        iri = ID + name
        if iri not in self.setting.periods:
            self.periods[iri] = start, end
        return shorten(iri)

    def _periods(self) -> Iterator[str]:
        for iri, (start, end) in sorted(self.periods.items()):
            pairs = [("dcat:startDate", start), ("dcat:endDate", end)]
            yield "\n" + _block(
                shorten(iri),
                "dcterms:PeriodOfTime",
                [(predicate, [f'"{day}"^^xsd:date']) for predicate, day in pairs if day],
            )


def _value(proposal: Proposal, prefix: str) -> str:
    return shorten(f"{CODE}{prefix}/{proposal.value}") if prefix else shorten(proposal.value)


def _infer(inferred: dict[str, str], predicate: str, proposals: Iterable[Proposal]) -> None:
    unsure = [p for p in proposals if p.confidence < _SAID]
    if unsure:
        reasons = dict.fromkeys(p.reason for p in unsure)
        inferred[predicate] = f"{predicate.removeprefix('til:')}: {'; '.join(reasons)}"


def _note(pairs: list[tuple[str, list[str]]], inferred: dict[str, str]) -> None:
    if inferred:
        pairs.append(("til:inferred", sorted(inferred)))
        pairs.append(
            ("skos:editorialNote", [_text("Proposed by rule. " + ". ".join(inferred.values()) + ".", "en")])
        )


def _years(value: str) -> str:
    start, _, end = value.partition("/")
    return start[:4] if start[:4] == end[:4] else f"{start[:4]}–{end[:4]}"


@functools.lru_cache(maxsize=4096)
def _text(words: str, language: str) -> str:
    return rdf.write(rdf.literal(_CONTROL.sub(" ", words), language=language))


@functools.lru_cache(maxsize=4096)
def _exact(words: str) -> str:
    return rdf.write(rdf.literal(words))


def _comment(words: str) -> str:
    return words if words.isprintable() else _CONTROL.sub(" ", words)


def _block(subject: str, kind: str, pairs: Iterable[tuple[str, list[str]]]) -> str:
    lines = [f"{subject} a {kind}"]
    lines += [f"    {predicate} {' , '.join(values)}" for predicate, values in pairs if values]
    return " ;\n".join(lines) + " .\n\n"
