"""A draft as JSON for programs, as Turtle in the model, as one HTML page to read beside the text.

In Turtle what is not said in words is marked til:inferred with the reason; what no rule read stands in a comment, not
in a triple. A draft is never written into the graph: a person reads it, mends it and saves it there.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import islice
from pathlib import PurePath
from typing import Any

from kg import rdf
from kg.draft.document import Document
from kg.draft.lexicon import LANGUAGES, lexicon
from kg.draft.model import (
    LINKS,
    Commitment,
    Commitments,
    Draft,
    Figure,
    Mention,
    Open,
    Proposal,
    Span,
    by_mention,
    decimal_text,
)
from kg.draft.text import plain_line
from kg.errors import fold
from kg.evidence import prefixes
from kg.terms import CODE, ID, PREFIXES, shorten

# --- JSON.

# So many records are encoded together.
_BATCH = 1000


def json_of(document: Document, draft: Draft) -> Iterator[str]:
    """The draft as one JSON object, an item a line, in pieces; amounts are strings, so that they stay exact."""
    encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
    text = document.text
    head = {
        "name": document.name,
        "title": document.title,
        "language": draft.language,
        "sha256": document.checksum,
        "characters": len(text),
    }
    yield f'{{\n "document": {encode(head)}'
    lists: dict[str, Iterator[Mapping[str, Any]]] = {
        "mentions": (_mention_record(text, mention) for mention in draft.mentions),
        "proposals": (_proposal_record(text, proposal) for proposal in draft.proposals),
        "open": ({"mention": o.mention, "aspect": o.aspect, "why": o.why} for o in draft.open),
    }
    for name, records in lists.items():
        yield f',\n "{name}": ['
        separator = "\n  "
        while batch := list(islice(records, _BATCH)):
            # A quotation mark within a string is escaped, so that this stands between two records only.
            yield separator + encode(batch)[1:-1].replace('}, {"', '},\n  {"')
            separator = ",\n  "
        yield "]" if separator == "\n  " else "\n ]"
    yield "\n}\n"


def _mention_record(text: str, mention: Mention) -> dict[str, Any]:
    record: dict[str, Any] = {
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "value": mention.amount(),
        "step": decimal_text(mention.step),
        "currency": mention.currency,
        "currencyStated": mention.currency_stated,
        "qualifier": mention.qualifier,
    }
    if mention.qualifier_text:
        record["qualifierText"] = mention.qualifier_text
    if mention.change:
        record["change"] = mention.change
    anchor = _anchor_record(text, mention.anchor)
    return record | {"anchor": anchor, "ground": mention.ground, "confidence": mention.confidence}


def _proposal_record(text: str, proposal: Proposal) -> dict[str, Any]:
    return {
        "mention": proposal.mention,
        "aspect": proposal.aspect,
        "value": proposal.value,
        **({"label": proposal.label} if proposal.label else {}),
        "known": proposal.known,
        "anchor": _anchor_record(text, proposal.anchor),
        "reason": proposal.reason,
        "confidence": proposal.confidence,
    }


def _anchor_record(text: str, span: Span) -> dict[str, Any]:
    start, end = span
    return {"start": start, "end": end, "text": text[start:end]}


# --- Turtle.

_PREFIXES = (
    *("basis", "country", "cur", "dcat", "dcterms", "dctypes", "foaf", "id", "kind", "lang", "novelty", "oa"),
    *("origin", "prov", "qual", "rights", "role", "schema", "skos", "spdx", "stage", "til", "xsd"),
)
_PARTIES = (("proposer", "til:proposer"), ("payer", "til:funder"), ("recipient", "til:recipient"))
# What is said of a commitment in words that are its evidence.
_EVIDENT = ("stage", "kind", "payer", "recipient", "period")
_PLAIN_TEXT = "https://www.iana.org/assignments/media-types/text/plain"
# Above this the words themselves say it; below, it is inferred and says so.
_SAID = 0.9
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the graph already has: the document's IRI where its text is known, the periods that it describes."""

    document: str | None = None
    periods: frozenset[str] = frozenset()


def turtle(document: Document, draft: Draft, setting: Setting) -> Iterator[str]:
    """The draft as Turtle text, in pieces."""
    return _Turtle(document, draft, setting).pieces()


class _Subject:
    """A subject with its class, to which statements are added in the order in which they are written."""

    def __init__(self, name: str, kind: str) -> None:
        self._lines = [f"{name} a {kind}"]
        # Why a predicate is only inferred.
        self._inferred: dict[str, str] = {}

    def say(self, predicate: str, *values: str) -> None:
        """One predicate with its values, each as Turtle writes it."""
        self._lines.append(f"    {predicate} {' , '.join(values)}")

    def infer(self, predicate: str, reason: str) -> None:
        """Mark a predicate as inferred."""
        self._inferred[predicate] = f"{predicate.removeprefix('til:')}: {reason}"

    def propose(self, predicate: str, proposals: Iterable[Proposal], *values: str) -> None:
        """One predicate with its values, inferred where one of the proposals is not said outright."""
        self.say(predicate, *values)
        if reasons := [proposal.reason for proposal in proposals if proposal.confidence < _SAID]:
            self.infer(predicate, "; ".join(dict.fromkeys(reasons)))

    def note(self) -> None:
        """Say which predicates are inferred, and why."""
        if self._inferred:
            self.say("til:inferred", *sorted(self._inferred))
            self.say("skos:editorialNote", _text(f"Proposed by rule. {'. '.join(self._inferred.values())}.", "en"))

    def written(self) -> str:
        """The subject as a block of Turtle."""
        return " ;\n".join(self._lines) + " .\n\n"


class _Turtle:
    def __init__(self, document: Document, draft: Draft, setting: Setting) -> None:
        self.document = document
        self.draft = draft
        self.mentions = draft.mentions
        self.language = lexicon(draft.language)
        self.known_periods = setting.periods
        self.model = Commitments(draft)
        self.numbers = {commitment: i for i, commitment in enumerate(self.model.commitments, 1)}
        self.iri = setting.document or f"{ID}doc-{_slug(document.name)}"
        self.slug = self.iri.rsplit("/", 1)[-1].removeprefix("doc-")
        self.name = shorten(self.iri)
        self.text_name = shorten(f"{self.iri}-text")
        self.countries = {lexicon(code).currency: lexicon(code).country for code in LANGUAGES}
        self.periods: dict[str, tuple[str, str]] = {}
        self.anchors: dict[Span, str | None] = {}

    def pieces(self) -> Iterator[str]:
        """The whole file. Periods and anchors come last: what is said of the commitments decides which there are."""
        yield from self._head()
        yield "\n" + self._document()
        for commitment in self.model.commitments:
            yield "\n" + self._commitment(commitment)
            for figure in commitment.figures:
                yield "\n" + self._figure(figure, commitment)
        yield from self._periods()
        yield from self._anchors()

    def _head(self) -> Iterator[str]:
        name = _comment(self.document.name)
        yield f"# A draft, read from {name} by kg draft. Read every line against the text before it is kept.\n"
        yield "# til:inferred marks what the words do not say outright. What was not read stands here only:\n"
        unknown = (
            Open(proposal.mention, proposal.aspect, f"{proposal.value} is not in the graph")
            for proposal in self.draft.proposals
            if not proposal.known
        )
        for point in (*self.draft.open, *unknown):
            mention = self.mentions[point.mention]
            place = f"{_comment(mention.text)} (char={mention.start},{mention.end})"
            yield f"# open: {place}: {point.aspect}: {_comment(point.why)}\n"
        yield "# open: the document's date and publisher\n\n"
        for prefix in _PREFIXES:
            yield f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"

    def _document(self) -> str:
        checksum_name = shorten(f"{self.iri}-sha256")
        document = _Subject(self.name, "foaf:Document")
        document.say("dcterms:title", _text(plain_line(self.document.title), self.draft.language))
        document.say("dcterms:language", f"lang:{self.language.iri}")
        document.say("skos:editorialNote", _text("Drafted by kg draft. No date was read from the text.", "en"))
        text = _Subject(self.text_name, "dctypes:Text")
        text.say("dcterms:isFormatOf", self.name)
        text.say("dcterms:format", f"<{_PLAIN_TEXT}>")
        text.say("dcterms:extent", str(len(self.document.text)))
        text.say("dcterms:rights", "rights:quotedOnly")
        text.say("spdx:checksum", checksum_name)
        checksum = _Subject(checksum_name, "spdx:Checksum")
        checksum.say("spdx:algorithm", "spdx:checksumAlgorithm_sha256")
        checksum.say("spdx:checksumValue", f'"{self.document.checksum}"^^xsd:hexBinary')
        return document.written() + text.written() + checksum.written()

    def _own(self, name: str | int) -> str:
        """A thing of this draft, as Turtle writes it."""
        return shorten(f"{ID}{self.slug}-{name}")

    # --- Commitments.

    def _commitment(self, commitment: Commitment) -> str:
        said = commitment.said
        subject = _Subject(self._own(self.numbers[commitment]), "til:Commitment")
        subject.say("skos:prefLabel", _text(self._label(commitment), self.draft.language))
        self._describe(subject, commitment)
        if (period := said.get("period")) and any(self.model.role(f) != "cumulative" for f in commitment.figures):
            subject.propose("til:period", period, self._period(period[0].value))
        for aspect, predicate in _PARTIES:
            if parties := [p for p in said.get(aspect, ()) if p.known]:
                subject.propose(predicate, parties, *sorted({shorten(p.value) for p in parties}))
        if country := self.countries.get(self.mentions[commitment.first].currency):
            subject.say("dcterms:spatial", f"country:{country}")
        if commitment.parts:
            subject.say(
                "dcterms:hasPart", *map(self._own, sorted(self.numbers[part] for part in commitment.parts))
            )
        subject.note()
        subject.say("dcterms:source", self.name)
        if anchors := {proposal.anchor for aspect in _EVIDENT for proposal in said.get(aspect, ())}:
            subject.say("til:evidence", *map(self._anchor, sorted(anchors)))
        return subject.written()

    def _describe(self, subject: _Subject, commitment: Commitment) -> None:
        """Programme, kind, stage and novelty of a commitment."""
        surest = {
            aspect: max(known, key=lambda proposal: proposal.confidence)
            for aspect, proposals in commitment.said.items()
            if (known := [proposal for proposal in proposals if proposal.known])
        }
        if programme := surest.get("programme"):
            subject.propose("til:programme", [programme], shorten(programme.value))
        kinds = [c.said["kind"][0].value for c in (commitment, *commitment.parts) if c.said.get("kind")]
        if commitment.parts and len(set(kinds)) > 1:
            subject.say("til:kind", "kind:mixed")
            subject.infer("til:kind", f"its parts are {' and '.join(sorted(set(kinds)))}")
        elif kind := surest.get("kind"):
            subject.propose("til:kind", [kind], _code("kind", kind.value))
        else:
            subject.say("til:kind", "kind:unspecified")
        if stage := surest.get("stage"):
            subject.propose("til:stage", [stage], _code("stage", stage.value))
        if novelty := [p for p in commitment.said.get("novelty", ()) if p.known]:
            subject.propose("til:novelty", novelty, *(_code("novelty", p.value) for p in novelty))

    def _label(self, commitment: Commitment) -> str:
        """A label to be bettered: the programme and its years, else the amount as written."""
        programme = next((f"{p.label}," for p in commitment.said.get("programme", ())), "")
        years = next((_years(p.value) for p in commitment.said.get("period", ())), "")
        words = plain_line(self.mentions[commitment.first].text)
        return " ".join(part for part in (programme, words, years) if part)

    # --- Figures.

    def _figure_name(self, figure: Figure) -> str:
        return self._own(f"amount-{figure.first + 1}")

    def _figure(self, figure: Figure, commitment: Commitment) -> str:
        first, model = figure.first, self.model
        role, basis = model.surest(first, "role"), model.surest(first, "basis")
        subject = _Subject(self._figure_name(figure), "til:Figure")
        subject.say("til:figureOf", self._own(self.numbers[commitment]))
        if figure.rewords is not None:
            subject.say("til:rewords", self._figure_name(figure.rewords))
            payers = model.values(first, "payer")
            if payers and payers != model.values(commitment.figures[0].first, "payer"):
                proposals = model.said[first]["payer"]
                subject.propose("til:payerAsStated", proposals, *sorted(map(shorten, payers)))
        if role is not None:
            subject.say("til:role", f"role:{role.value}")
            if role.value == "level" and "no word" in role.reason:
                subject.infer("til:role", role.reason)
        if figure.increase_to is not None and model.of(figure.increase_to) is commitment:
            subject.say("til:increaseTo", self._figure_name(figure.increase_to))
        subject.say("til:basis", f"basis:{basis.value if basis else 'wholePeriod'}")
        subject.say("til:origin", "origin:stated")
        self._amount(subject, figure)
        if role is not None and role.value == "cumulative":
            period = model.surest(first, "period")
            if period is not None:
                subject.say("til:period", self._period(period.value))
        subject.note()
        sayings = figure.mentions if figure.upper is None else [*figure.mentions, figure.upper]
        anchors = [self._anchor(self.mentions[index].anchor, self._speaker(index)) for index in sayings]
        subject.say("til:evidence", *anchors)
        return subject.written()

    def _amount(self, subject: _Subject, figure: Figure) -> None:
        mention = self.mentions[figure.first]
        upper = self.mentions[figure.upper] if figure.upper is not None else None
        # What is not whole kroner stays out: the comment says what was read.
        whole = mention.value == int(mention.value) and (upper is None or upper.value == int(upper.value))
        if whole and upper is None:
            subject.say("schema:value", str(int(mention.value)))
        elif whole and upper is not None:
            subject.say("schema:minValue", str(int(mention.value)))
            subject.say("schema:maxValue", str(int(upper.value)))
        subject.say("til:currency", f"cur:{mention.currency}")
        if not mention.currency_stated:
            subject.infer("til:currency", "no currency word beside the amount")
        ranged = upper is not None or mention.qualifier.startswith("range")
        subject.say("til:qualifier", f"qual:{'exact' if ranged else mention.qualifier}")
        if whole:
            subject.say("til:step", decimal_text(mention.step) if mention.step == int(mention.step) else "1")

    # --- Anchors and periods.

    def _speaker(self, index: int) -> str | None:
        speaker = self.model.surest(index, "speaker")
        return speaker.value if speaker is not None and speaker.known else None

    def _anchor(self, span: Span, speaker: str | None = None) -> str:
        if span not in self.anchors or speaker is not None:
            self.anchors[span] = speaker
        return f"<{self._anchor_iri(span)}>"

    def _anchor_iri(self, span: Span) -> str:
        return f"{self.iri}#char={span[0]},{span[1]}"

    def _anchors(self) -> Iterator[str]:
        text = self.document.text
        before = prefixes(text, self.anchors)
        for span, speaker in sorted(self.anchors.items()):
            start, end = span
            iri = self._anchor_iri(span)
            said = f" ;\n    prov:wasAttributedTo {shorten(speaker)}" if speaker is not None else ""
            telling = f" ;\n    oa:prefix {_exact(before[span])}" if span in before else ""
            yield (
                f"\n<{iri}> a oa:SpecificResource ;\n    oa:hasSource {self.text_name} ;\n"
                f"    oa:hasSelector <{iri}-selector> , <{iri}-quote>{said} .\n\n"
                f"<{iri}-selector> a oa:TextPositionSelector ;\n    oa:start {start} ;\n    oa:end {end} .\n\n"
                f"<{iri}-quote> a oa:TextQuoteSelector ;\n    oa:exact {_exact(text[start:end])}{telling} .\n\n"
            )

    def _period(self, value: str) -> str:
        start, _, end = value.partition("/")
        first, last = start[:4], end[:4]
        if first and last:
            name = f"year-{first}" if first == last else f"years-{first}-{last}"
        else:
            name = f"from-{first}" if first else f"until-{last}"
        if ID + name not in self.known_periods:
            self.periods[ID + name] = start, end
        return shorten(ID + name)

    def _periods(self) -> Iterator[str]:
        for iri, (start, end) in sorted(self.periods.items()):
            period = _Subject(shorten(iri), "dcterms:PeriodOfTime")
            for predicate, day in (("dcat:startDate", start), ("dcat:endDate", end)):
                if day:
                    period.say(predicate, f'"{day}"^^xsd:date')
            yield "\n" + period.written()


def _slug(name: str) -> str:
    """A readable slug for a document from its file's name."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(PurePath(name).stem if name != "-" else "stdin")).strip("-")
    return slug[:60].strip("-") or "document"


def _years(value: str) -> str:
    start, _, end = value.partition("/")
    return start[:4] if start[:4] == end[:4] else f"{start[:4]}–{end[:4]}"


def _code(concepts: str, value: str) -> str:
    """A code of one of the lists of concepts."""
    return shorten(f"{CODE}{concepts}/{value}")


@functools.lru_cache(maxsize=4096)
def _text(words: str, language: str) -> str:
    """A literal in a language."""
    return rdf.write(rdf.literal(_CONTROL.sub(" ", words), language=language))


def _exact(words: str) -> str:
    """A literal of a document's own words."""
    return rdf.write(rdf.literal(words))


def _comment(words: str) -> str:
    """Words that may stand in a comment: nothing in them ends its line."""
    return words if words.isprintable() else _CONTROL.sub(" ", words)


# --- HTML.

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem;
  color: #222; background: #fff; }
.sheet { display: grid; grid-template-columns: minmax(0, 3fr) minmax(16rem, 2fr); gap: 2rem; align-items: start; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 0; }
mark { background: #ffe9a8; padding: 0 .15em; border-radius: .2em; }
mark .q { background: #ffd0b0; } mark a { color: inherit; text-decoration: none; } sup { font-size: .7em; }
section { border: 1px solid #ccc; border-radius: .4em; padding: .5rem .8rem; margin: 0 0 .8rem; }
h1 { font-size: 1.3rem; } h2 { font-size: 1rem; margin: 0 0 .3rem; }
dl { margin: 0; display: grid; grid-template-columns: 7rem 1fr; gap: .1rem .6rem; font-size: .9rem; }
dt { color: #555; } dd { margin: 0; } .why { color: #666; font-size: .85em; } .open { color: #a30000; }
@media (max-width: 50rem) { .sheet { display: block; } }
@media (prefers-color-scheme: dark) {
  body { background: #181818; color: #ddd; } mark { background: #5a4a10; color: #fff; }
  mark .q { background: #6a3a10; } dt, .why { color: #aaa; }
  .open { color: #ff9b9b; } section { border-color: #444; }
}
"""


def page(document: Document, draft: Draft) -> Iterator[str]:
    """The page in pieces, complete in itself: no script, nothing fetched."""
    proposals = by_mention(draft.proposals)
    missing = by_mention(draft.open)
    title = escape(plain_line(document.title) or document.name)
    yield (
        f'<!doctype html>\n<html lang="{escape(draft.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f'<p lang="en">{len(draft.mentions)} amounts. Every proposal is to be read against the text.</p>\n'
        '<div class="sheet"><pre>'
    )
    yield from _marked(document.text, draft)
    yield '</pre>\n<div lang="en">'
    for index, mention in enumerate(draft.mentions):
        yield _card(index, mention, proposals.get(index, []), missing.get(index, []))
    yield "</div></div>\n</body>\n</html>\n"


def _marked(text: str, draft: Draft) -> Iterator[str]:
    """The text with each amount and its qualifier marked."""
    reached = 0
    for number, mention in enumerate(draft.mentions, 1):
        start = min(mention.anchor[0], mention.start)
        if start < reached:
            start = mention.start
        qualifier = escape(text[start : mention.start])
        qualifier = f'<span class="q">{qualifier}</span>' if qualifier else ""
        yield escape(text[reached:start])
        yield f'<mark id="t{number}"><a href="#a{number}">{qualifier}{escape(mention.text)}</a></mark>'
        yield f"<sup>{number}</sup>"
        reached = mention.end
    yield escape(text[reached:])


def _card(index: int, mention: Mention, proposals: list[Proposal], missing: list[Open]) -> str:
    """What is proposed of one amount, and what is left open."""
    rows = [("amount", f"{mention.amount()} {mention.currency}", f"{mention.qualifier}, {mention.ground}")]
    for proposal in proposals:
        value = proposal.label or (shorten(proposal.value) if ":" in proposal.value else proposal.value)
        if proposal.aspect in LINKS:
            value = f"amount {int(proposal.value) + 1}"
        rows.append((proposal.aspect, value, f"{proposal.reason} ({proposal.confidence:.2f})"))
    body = "".join(
        f'<dt>{escape(name)}</dt><dd>{escape(value)} <span class="why">{escape(why)}</span></dd>'
        for name, value, why in rows
    )
    points = (escape(f"{point.aspect}: {point.why}") for point in missing)
    left = "".join(f'<dt class="open">open</dt><dd class="open">{point}</dd>' for point in points)
    head = f'<a href="#t{index + 1}">{index + 1}. {escape(plain_line(mention.text))}</a>'
    return f'<section id="a{index + 1}"><h2>{head}</h2><dl>{body}{left}</dl></section>\n'
