"""A draft as Turtle in the model: document, anchors, figures, proposed commitments, and what is left open.

What is not said in words is marked til:inferred with the reason; what no rule read stands in a comment, not in a
triple. A draft is never written into the graph: a person reads it, mends it and saves it there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import PurePath

from kg.draft.document import Document
from kg.draft.facts import Commitment, Facts, Figure
from kg.draft.lexicon import LANGUAGES, lexicon
from kg.draft.mentions import Mention, Span, decimal_text
from kg.draft.proposals import Draft, plain_line
from kg.draft.subjects import Subject, code, comment, exact, shorten, text
from kg.errors import fold
from kg.evidence import prefixes
from kg.terms import ID, PREFIXES

_PREFIXES = [
    "basis",
    "country",
    "cur",
    "dcat",
    "dcterms",
    "dctypes",
    "foaf",
    "id",
    "kind",
    "lang",
    "novelty",
    "oa",
    "origin",
    "prov",
    "qual",
    "rights",
    "role",
    "schema",
    "skos",
    "spdx",
    "stage",
    "til",
    "xsd",
]
_PARTIES = (("proposer", "til:proposer"), ("payer", "til:funder"), ("recipient", "til:recipient"))
# What is said of a commitment in words that are its evidence.
_EVIDENT = ("stage", "kind", "payer", "recipient", "period")
_confidence = itemgetter(6)
_PLAIN_TEXT = "https://www.iana.org/assignments/media-types/text/plain"


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
        self.text = shorten(f"{self.iri}-text")
        self.plain = shorten(f"{ID}{self.slug}-1").startswith("id:")
        self.countries = {lexicon(tongue).currency: lexicon(tongue).country for tongue in LANGUAGES}
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
        name = comment(self.document.name)
        yield f"# A draft, read from {name} by kg draft. Read every line against the text before it is kept.\n"
        yield "# til:inferred marks what the words do not say outright. What was not read stands here only:\n"
        for point in self.draft.open:
            yield f"# open: {self._named(point.mention)}: {point.aspect}: {comment(point.why)}\n"
        for proposal in self.draft.proposals:
            if not proposal.known:
                unknown = f"{comment(proposal.value)} is not in the graph"
                yield f"# open: {self._named(proposal.mention)}: {proposal.aspect}: {unknown}\n"
        yield "# open: the document's date and publisher\n\n"
        for prefix in _PREFIXES:
            yield f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"

    def _named(self, index: int) -> str:
        mention = self.draft.mentions[index]
        return f"{comment(mention.text)} (char={mention.start},{mention.end})"

    def _document(self) -> str:
        language = lexicon(self.tongue)
        checksum = shorten(f"{self.iri}-sha256")
        document = Subject(self.written, "foaf:Document")
        document.say("dcterms:title", text(plain_line(self.document.title), self.tongue))
        document.say("dcterms:language", f"lang:{language.iri}")
        document.say("skos:editorialNote", text("Drafted by kg draft. No date was read from the text.", "en"))
        read = Subject(self.text, "dctypes:Text")
        read.say("dcterms:isFormatOf", self.written)
        read.say("dcterms:format", f"<{_PLAIN_TEXT}>")
        read.say("dcterms:extent", str(len(self.document.text)))
        read.say("dcterms:rights", "rights:quotedOnly")
        read.say("spdx:checksum", checksum)
        fingerprint = Subject(checksum, "spdx:Checksum")
        fingerprint.say("spdx:algorithm", "spdx:checksumAlgorithm_sha256")
        fingerprint.say("spdx:checksumValue", f'"{self.document.checksum}"^^xsd:hexBinary')
        return document.written() + read.written() + fingerprint.written()

    def _commitment(self, number: int, commitment: Commitment) -> str:
        name = self._own(str(number))
        subject = Subject(name, "til:Commitment")
        subject.say("skos:prefLabel", text(self._label(commitment), self.tongue))
        said = commitment.said
        self._describe(subject, commitment)
        if (period := said.get("period")) and not all(
            self.facts.role(figure) == "cumulative" for figure in commitment.figures
        ):
            subject.say("til:period", self._period(period[0].value))
            subject.infer("til:period", period)
        for aspect, predicate in _PARTIES:
            found = [p for p in said.get(aspect, ()) if p.known]
            if found:
                subject.say(predicate, *sorted({shorten(p.value) for p in found}))
                subject.infer(predicate, found)
        country = self.countries.get(self.draft.mentions[commitment.first].currency)
        if country:
            subject.say("dcterms:spatial", f"country:{country}")
        if commitment.parts:
            numbers = sorted(self.numbers[id(part)] for part in commitment.parts)
            subject.say("dcterms:hasPart", *(self._own(str(part)) for part in numbers))
        subject.note()
        subject.say("dcterms:source", self.written)
        evidence = {p.anchor for aspect in _EVIDENT if aspect in said for p in said[aspect]}
        if evidence:
            subject.say("til:evidence", *map(self._anchor, sorted(evidence)))
        return "\n".join(
            [subject.written(), *(self._figure(figure, name, commitment) for figure in commitment.figures)]
        )

    def _describe(self, subject: Subject, commitment: Commitment) -> None:
        """Programme, kind, stage and novelty of a commitment."""
        said = commitment.said
        if found := [p for p in said.get("programme", ()) if p.known]:
            found = [max(found, key=_confidence)]
            subject.say("til:programme", shorten(found[0].value))
            subject.infer("til:programme", found)
        if len(kinds := self._kinds(commitment)) > 1:
            subject.say("til:kind", "kind:mixed")
            subject.inferred["til:kind"] = f"kind: its parts are {' and '.join(sorted(kinds))}"
        elif found := [p for p in said.get("kind", ()) if p.known]:
            found = [max(found, key=_confidence)]
            subject.say("til:kind", code("kind", found[0].value))
            subject.infer("til:kind", found)
        else:
            subject.say("til:kind", "kind:unspecified")
        if found := [p for p in said.get("stage", ()) if p.known]:
            found = [max(found, key=_confidence)]
            subject.say("til:stage", code("stage", found[0].value))
            subject.infer("til:stage", found)
        if found := [p for p in said.get("novelty", ()) if p.known]:
            subject.say("til:novelty", *(code("novelty", p.value) for p in found))
            subject.infer("til:novelty", found)

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
        first = figure.first
        mention = self.draft.mentions[first]
        role = self.facts.one(first, "role")
        basis = self.facts.one(first, "basis")
        subject = Subject(self._figure_iri(figure), "til:Figure")
        subject.say("til:figureOf", commitment)
        if figure.rewords is not None:
            subject.say("til:rewords", self._figure_iri(figure.rewords))
            payers = self.facts.values(first, "payer")
            if payers and payers != self.facts.values(home.figures[0].first, "payer"):
                subject.say("til:payerAsStated", *sorted(shorten(p) for p in payers))
                subject.infer("til:payerAsStated", self.facts.said[first]["payer"])
        if role is not None:
            subject.say("til:role", f"role:{role.value}")
            if role.value == "level" and "no word" in role.reason:
                subject.inferred["til:role"] = f"role: {role.reason}"
        if figure.increase_to is not None and self.facts.of(figure.increase_to) is home:
            subject.say("til:increaseTo", self._figure_iri(figure.increase_to))
        subject.say("til:basis", f"basis:{basis.value if basis else 'wholePeriod'}")
        subject.say("til:origin", "origin:stated")
        self._amount(subject, figure, mention)
        if role is not None and role.value == "cumulative":
            period = self.facts.one(first, "period")
            if period is not None:
                subject.say("til:period", self._period(period.value))
        subject.note()
        sayings = figure.mentions if figure.upper is None else [*figure.mentions, figure.upper]
        anchors = [self._anchor(self.draft.mentions[i].anchor, self._speaker(i)) for i in sayings]
        subject.say("til:evidence", *anchors)
        return subject.written()

    def _amount(self, subject: Subject, figure: Figure, mention: Mention) -> None:
        upper = self.draft.mentions[figure.upper] if figure.upper is not None else None
        # What is not whole kroner stays out: the comment says what was read.
        whole = mention.value == int(mention.value) and (upper is None or upper.value == int(upper.value))
        if whole and upper is None:
            subject.say("schema:value", str(int(mention.value)))
        elif whole and upper is not None:
            subject.say("schema:minValue", str(int(mention.value)))
            subject.say("schema:maxValue", str(int(upper.value)))
        subject.say("til:currency", f"cur:{mention.currency}")
        if not mention.currency_stated:
            subject.inferred["til:currency"] = "currency: no currency word beside the amount"
        if upper is None:
            qualifier = mention.qualifier if not mention.qualifier.startswith("range") else "exact"
            subject.say("til:qualifier", f"qual:{qualifier}")
        else:
            subject.say("til:qualifier", "qual:exact")
        if whole:
            step = mention.step
            subject.say("til:step", decimal_text(step) if step == int(step) else "1")

    def _speaker(self, index: int) -> str | None:
        speaker = self.facts.one(index, "speaker")
        return speaker.value if speaker is not None and speaker.known else None

    def _anchor(self, span: Span, speaker: str | None = None) -> str:
        if span not in self.anchors or speaker is not None:
            self.anchors[span] = speaker
        return f"<{self.iri}#char={span[0]},{span[1]}>"

    def _anchors(self) -> Iterator[str]:
        words = self.document.text
        before = prefixes(words, self.anchors)
        for (start, end), speaker in sorted(self.anchors.items()):
            iri = f"{self.iri}#char={start},{end}"
            said = f" ;\n    prov:wasAttributedTo {shorten(speaker)}" if speaker is not None else ""
            telling = f" ;\n    oa:prefix {exact(before[start, end])}" if (start, end) in before else ""
            yield (
                f"\n<{iri}> a oa:SpecificResource ;\n    oa:hasSource {self.text} ;\n"
                f"    oa:hasSelector <{iri}-selector> , <{iri}-quote>{said} .\n\n"
                f"<{iri}-selector> a oa:TextPositionSelector ;\n    oa:start {start} ;\n    oa:end {end} .\n\n"
                f"<{iri}-quote> a oa:TextQuoteSelector ;\n    oa:exact {exact(words[start:end])}{telling} .\n\n"
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
            period = Subject(shorten(iri), "dcterms:PeriodOfTime")
            for predicate, day in (("dcat:startDate", start), ("dcat:endDate", end)):
                if day:
                    period.say(predicate, f'"{day}"^^xsd:date')
            yield "\n" + period.written()


def _years(value: str) -> str:
    start, _, end = value.partition("/")
    return start[:4] if start[:4] == end[:4] else f"{start[:4]}–{end[:4]}"
