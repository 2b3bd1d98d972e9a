"""One country's cabinets and ministers: from rows to triples, with the reason for every row left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as day
from datetime import timedelta

from kg.cabinets.known import Known
from kg.cabinets.rows import Cabinet, Holder, ParlGovCabinet, in_office
from kg.terms import ID
from kg.turtle.statements import Statements, date, plain, text

_OPEN = "9999"
_PARLGOV = f"{ID}source-parlgov"
_PARLGOV_AGENT = f"{ID}parlgov"
_ENDINGS = {"DNK": "dk", "FIN": "fi", "NOR": "no", "SWE": "se"}
_LANGUAGES = {"DNK": "da", "FIN": "fi", "NOR": "nb", "SWE": "sv"}
_NO_DATE = "A collection that is renewed from time to time; it gives no date of its own."
_BY_DAYS = "In which government, by their days."
_CUT = "In which government, and from when to when in it, by the governments' days; til:tenure is as the table has it."
_ENDS = "ParlGov gives no last day: the day on which its next cabinet starts."


@dataclass(frozen=True, slots=True)
class Span:
    """A cabinet's days under the IRI it has; `end` empty: not ended when the table was made."""

    iri: str
    start: str
    end: str

    def holds(self, start: str, end: str) -> bool:
        """Whether a tenure falls in it by more than the day of change (the last of one, the first of the next).

        A tenure of one day falls in every cabinet of that day.
        """
        if start == end:
            return self.start <= start <= (self.end or _OPEN)
        return start < (self.end or _OPEN) and (end or _OPEN) > self.start


@dataclass(frozen=True, slots=True)
class Country:
    """The result of one country: its triples, and (row, reason) of the rows that are no tenure in a government.

    `tenures`: rows that are; `memberships`: the same, one for each government of a tenure.
    """

    code: str
    statements: Statements
    left_out: tuple[tuple[Holder, str], ...]
    tenures: int
    memberships: int


def read_country(
    code: str,
    folder: str,
    holders: list[Holder],
    cabinets: list[Cabinet],
    parlgov: list[ParlGovCabinet],
    known: Known,
) -> Country:
    """Triples of one country. `code`: EU authority code; `folder`: the name that its sources go by."""
    out = Statements()
    wikidata = f"{ID}source-wikidata-cabinets-{folder}"
    reaches = max((day for row in holders for day in (row.start, row.end) if len(day) == 10), default="")
    _source(out, wikidata, folder, reaches)
    cabinets = sorted(cabinets, key=lambda cabinet: cabinet.spans)
    spans = [
        _completed(Span(known.wikidata(cabinet.item, cabinet.label), *cabinet.spans[0]), parlgov)
        for cabinet in cabinets
    ]
    _cabinets(out, code, wikidata, cabinets, spans, known)
    everyone = [*spans, *_parlgov(out, code, parlgov, spans, known)]
    left_out, tenures, memberships = [], 0, 0
    for row in holders:
        role = known.role(code, row.position)
        reason = _reason(row, role)
        serving = [span for span in spans if not reason and span.holds(row.start, row.end)]
        if not reason and not serving:
            reason = "outside every cabinet of the table"
        if reason or role is None:
            left_out.append((row, reason))
            continue
        _tenure(out, row, role, serving, everyone, known, wikidata, reaches)
        tenures += 1
        memberships += len(serving)
    return Country(code, out, tuple(left_out), tenures, memberships)


def _reason(row: Holder, role: str | None) -> str:
    """Why a row is no membership of a government; empty: it is one."""
    if role is None:
        return "not an office of the government"
    if not in_office(row.end):
        return "ended before 2001"
    if not row.days_known:
        return "the day is not given"
    if row.end and row.end < row.start:
        return "ends before it starts"
    return ""


def _completed(span: Span, parlgov: list[ParlGovCabinet]) -> Span:
    """A cabinet that had not ended when Wikidata was read ends where ParlGov's with the same start does."""
    ends = [cabinet.end for cabinet in parlgov if cabinet.start == span.start]
    return Span(span.iri, span.start, ends[0]) if ends and not span.end else span


def _source(out: Statements, iri: str, folder: str, reaches: str) -> None:
    # What the table reaches is the latest day in it: an office without an end was held on that day at least.
    out.add(iri, "a", "foaf:Document")
    out.add(iri, "dcterms:title", text(f"Cabinets and office holders of {folder.title()} (Wikidata)", "en"))
    for predicate in ("schema:url", "foaf:page"):  # the second as in 0.1, for one version more
        out.add(iri, predicate, f"https://github.com/every-politician-scrapers/{folder}-cabinet")
    if reaches:
        out.add(iri, "dcterms:temporal", _period(out, "", reaches))
    out.add(iri, "skos:editorialNote", text(_NO_DATE, "en"))


def _period(out: Statements, start: str, end: str) -> str:
    """A period, shared by all that have the same days; either day may be empty."""
    name = f"period-{start}-{end}" if start and end else f"period-from-{start}" if start else f"period-to-{end}"
    iri = ID + name
    out.add(iri, "a", "dcterms:PeriodOfTime")
    for predicate, value in (("dcat:startDate", start), ("dcat:endDate", end)):
        if value:
            out.add(iri, predicate, date(value))
    return iri


def _cabinets(
    out: Statements, code: str, source: str, cabinets: list[Cabinet], spans: list[Span], known: Known
) -> None:
    items = {cabinet.item for cabinet in cabinets}
    for cabinet, span in zip(cabinets, spans, strict=True):
        iri = span.iri
        out.add(iri, "a", "til:Government")
        label = "skos:altLabel" if (iri, "en") in known.named else "skos:prefLabel"
        out.add(iri, label, text(cabinet.label, "en"))
        out.add(iri, "schema:sameAs", f"wd:{cabinet.item}")
        out.add(iri, "dcterms:spatial", f"country:{code}")
        out.add(iri, "dcterms:source", source)
        for start, end in cabinet.spans:
            out.add(iri, "dcterms:temporal", _period(out, start, end or span.end))
        if span.end != cabinet.spans[0][1]:
            _inferred_end(out, iri)
        for predicate, item in (
            ("dcterms:replaces", cabinet.replaces),
            ("dcterms:isReplacedBy", cabinet.replaced_by),
        ):
            if item in items:
                out.add(iri, predicate, known.wikidata(item, item))


def _inferred_end(out: Statements, iri: str) -> None:
    out.add(iri, "til:inferred", "dcterms:temporal")
    out.add(iri, "til:dateSource", _PARLGOV)
    out.add(iri, "skos:editorialNote", text(_ENDS, "en"))


def _parlgov(
    out: Statements, code: str, cabinets: list[ParlGovCabinet], spans: list[Span], known: Known
) -> Iterator[Span]:
    """ParlGov's cabinets: one with the days of a cabinet of Wikidata is that one, one that lies in it is a phase of it.

    ParlGov counts a new cabinet after each election and each change of parties. All others are governments.
    """
    names: dict[str, str] = {}
    phases: set[str] = set()
    for cabinet in cabinets:
        same = [span.iri for span in spans if (span.start, span.end) == (cabinet.start, cabinet.end)]
        key = f"ParlGov cabinet {cabinet.identifier}"
        if same:
            known.by_identifier.setdefault(key, same[0])
        iri = names[cabinet.identifier] = known.identified(key, f"{cabinet.name} parlgov {_ENDINGS[code]}")
        whole = None if same else _whole(cabinet, spans)
        if whole:
            phases.add(iri)
            out.add(iri, "dcterms:isPartOf", whole)
        out.add(iri, "a", "til:CabinetPhase" if whole else "til:Government")
        _identifier(out, iri, key)
        out.add(iri, "dcterms:spatial", f"country:{code}")
        out.add(iri, "dcterms:source", _PARLGOV)
        for identifier, short, name in cabinet.parties:
            out.add(iri, "org:hasMember", _party(out, code, identifier, short, name, known))
        if cabinet.previous in names:
            # What a phase of another cabinet replaces, or is replaced by, is said of the phase alone.
            before = names[cabinet.previous]
            if iri in phases or before not in phases:
                out.add(iri, "dcterms:replaces", before)
            if before in phases or iri not in phases:
                out.add(before, "dcterms:isReplacedBy", iri)
        if same:
            continue
        label = "skos:altLabel" if (iri, "en") in known.named else "skos:prefLabel"
        out.add(iri, label, text(cabinet.name + (" (caretaker)" if cabinet.caretaker else ""), "en"))
        out.add(iri, "dcterms:temporal", _period(out, cabinet.start, cabinet.end))
        if cabinet.end:
            _inferred_end(out, iri)
        yield Span(iri, cabinet.start, cabinet.end)


def _party(out: Statements, code: str, identifier: str, short: str, name: str, known: Known) -> str:
    key = f"ParlGov party {identifier}"
    party = known.identified(key, f"{name} {_ENDINGS[code]}")
    out.add(party, "a", "org:Organization")
    if (party, _LANGUAGES[code]) not in known.named:
        out.add(party, "skos:prefLabel", text(name, _LANGUAGES[code]))
    out.add(party, "skos:altLabel", text(short, _LANGUAGES[code]))
    _identifier(out, party, key)
    out.add(party, "dcterms:spatial", f"country:{code}")
    out.add(party, "dcterms:source", _PARLGOV)
    return party


def _identifier(out: Statements, thing: str, key: str) -> None:
    """ParlGov's identifier of a thing, and the plain literal of 0.1 for one version more."""
    number = key.removeprefix("ParlGov ")
    iri = f"{thing}-parlgov-{number.replace(' ', '-')}"
    out.add(thing, "dcterms:identifier", plain(key))
    out.add(thing, "adms:identifier", iri)
    out.add(iri, "a", "adms:Identifier")
    out.add(iri, "skos:notation", plain(number))
    out.add(iri, "adms:schemaAgency", text("ParlGov", "en"))
    out.add(iri, "dcterms:creator", _PARLGOV_AGENT)
    out.add(_PARLGOV_AGENT, "a", "foaf:Group")
    out.add(
        _PARLGOV_AGENT, "skos:prefLabel", *(text("ParlGov", language) for language in ("da", "en", "nb", "sv"))
    )


def _whole(cabinet: ParlGovCabinet, spans: list[Span]) -> str | None:
    """The cabinet of Wikidata that has most of the days of one that ParlGov counts: their tables differ by a day."""
    for span in spans:
        inside = span.start <= cabinet.start and (cabinet.end or _OPEN) <= (span.end or _OPEN)
        if inside or (cabinet.end and span.end and 2 * _shared(cabinet, span) > _days(cabinet.start, cabinet.end)):
            return span.iri
    return None


def _shared(cabinet: ParlGovCabinet, span: Span) -> int:
    return _days(max(cabinet.start, span.start), min(cabinet.end, span.end))


def _days(start: str, end: str) -> int:
    return (day.fromisoformat(end) - day.fromisoformat(start)).days


def _tenure(
    out: Statements,
    row: Holder,
    role: str,
    serving: list[Span],
    everyone: list[Span],
    known: Known,
    source: str,
    reaches: str,
) -> None:
    """One row: a membership for each government that the tenure falls in, cut where the next one begins."""
    person = known.wikidata(row.item, row.person)
    out.add(person, "a", "foaf:Person")
    out.add(person, "foaf:name", plain(row.person))
    out.add(person, "schema:sameAs", f"wd:{row.item}")
    end = row.end or known.ends.get((person, role, row.start), "")
    first = known.membership(person, role, row.start, end)
    starts = [row.start, *(span.start for span in serving[1:])]
    by_hand = [start for start in known.later.get((person, role, row.start), ()) if start > starts[-1]]
    for span, start, following in zip(serving, starts, [*starts[1:], min(by_hand, default="")], strict=True):
        iri = first if span is serving[0] else f"{first}-in-{span.iri.removeprefix(ID)}"
        # A tenure of one day, that of the change, is in both governments on it.
        last = max(start, _day_before(following)) if following else end
        out.add(iri, "a", "org:Membership")
        out.add(iri, "org:member", person)
        out.add(iri, "org:role", role)
        out.add(iri, "org:memberDuring", _period(out, start, last))
        out.add(iri, "til:tenure", _period(out, row.start, end))
        out.add(iri, "org:organization", span.iri)
        out.add(iri, "til:inferred", "org:organization")
        if (start, last) != (row.start, end):
            out.add(iri, "til:inferred", "org:memberDuring")
        out.add(iri, "skos:editorialNote", text(_BY_DAYS if (start, last) == (row.start, end) else _CUT, "en"))
        out.add(iri, "dcterms:source", source)
    if row.position == "Prime Minister":
        for span in everyone:
            if span.start <= reaches and span.holds(row.start, row.end):
                out.add(person, "org:headOf", span.iri)


def _day_before(date: str) -> str:
    return (day.fromisoformat(date) - timedelta(days=1)).isoformat()
