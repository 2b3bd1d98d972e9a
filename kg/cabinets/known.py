"""The IRIs that the graph has already, so that an import never gives a thing a second one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.errors import fold
from kg.terms import ID, PREFIXES, expand

# subject, predicate, object (its IRI or its text), language of the object ("" for none)
Statement = tuple[str, str, str, str]

_MATCHES = (PREFIXES["schema"] + "sameAs", PREFIXES["skos"] + "exactMatch")
_IDENTIFIER = PREFIXES["dcterms"] + "identifier"
_SPATIAL = PREFIXES["dcterms"] + "spatial"
_LABELS = (PREFIXES["skos"] + "prefLabel", PREFIXES["skos"] + "hiddenLabel")
_ORG, _DCAT = PREFIXES["org"], PREFIXES["dcat"]
_TYPE = PREFIXES["rdf"] + "type"
_PERIOD, _TENURE = _ORG + "memberDuring", PREFIXES["til"] + "tenure"
# A subject's (value, language) by predicate.
_Things = dict[str, list[tuple[str, str]]]


def slug(text: str) -> str:
    """`text` as the readable end of an IRI: folded (kg.errors.fold), words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", fold(text)).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


@dataclass(slots=True)
class Known:
    """What is looked up before an IRI is minted, and every IRI that is taken."""

    by_match: dict[str, str] = field(default_factory=dict)
    by_identifier: dict[str, str] = field(default_factory=dict)
    roles: dict[tuple[str, str], str] = field(default_factory=dict)
    memberships: dict[tuple[str, str, str, str], str] = field(default_factory=dict)
    # By person, office and first day of a tenure that is written by hand: its end; the first days of its later pieces.
    ends: dict[tuple[str, str, str], str] = field(default_factory=dict)
    later: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)
    named: set[tuple[str, str]] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, by_hand: list[Statement], imported: list[Statement]) -> Known:
        """The look-ups of the reference files written by hand, then of an earlier import's."""
        known = cls()
        for subject, things in _by_subject(by_hand).items():
            known._offices(subject, things)
            known.named.update((subject, language) for _, language in things.get(_LABELS[0], []))
        both = _by_subject([*by_hand, *imported])
        for subject, things in sorted(both.items()):
            known.taken.add(subject)
            for match in _MATCHES:
                for value, _ in things.get(match, []):
                    known.by_match.setdefault(value, subject)
            for value, _ in things.get(_IDENTIFIER, []):
                known.by_identifier.setdefault(value, subject)
            if (_ORG + "Membership", "") in things.get(_TYPE, []):
                tenure, begins = _tenure(things, both)
                if begins <= tenure[2]:
                    known.memberships.setdefault(tenure, subject)
        for things in _by_subject(by_hand).values():
            if _TENURE in things:
                (member, role, start, end), begins = _tenure(things, both)
                if end:
                    known.ends[member, role, start] = end
                if begins > start:
                    known.later.setdefault((member, role, start), set()).add(begins)
        return known

    def _offices(self, subject: str, things: _Things) -> None:
        country = _one(things, _SPATIAL)
        if country and (_ORG + "Role", "") in things.get(_TYPE, []):
            for predicate in _LABELS:
                for value, language in things.get(predicate, []):
                    if language == "en":
                        self.roles[country, value] = subject

    def wikidata(self, item: str, name: str) -> str:
        """The IRI of the thing that matches Wikidata's `item`; else one minted from `name`, and kept."""
        match = PREFIXES["wd"] + item
        if match not in self.by_match:
            self.by_match[match] = self.mint(slug(name) or item.lower(), item.lower())
        return self.by_match[match]

    def identified(self, identifier: str, name: str) -> str:
        """The IRI of the thing with this dcterms:identifier; else one minted from `name`, and kept."""
        if identifier not in self.by_identifier:
            self.by_identifier[identifier] = self.mint(slug(name), slug(identifier))
        return self.by_identifier[identifier]

    def role(self, country: str, position: str) -> str | None:
        """The office of a government that a table calls `position`; None: it is not one."""
        return self.roles.get((expand("country:" + country) or "", position))

    def membership(self, member: str, role: str, start: str, end: str) -> str:
        """The IRI of a tenure: the one that the graph has, else person, office and first day."""
        key = (member, role, start, end)
        if key not in self.memberships:
            name = f"{member.removeprefix(ID)}-{role.removeprefix(ID)}-{start}"
            self.memberships[key] = self.mint(name, f"to-{end}" if end else "open")
        return self.memberships[key]

    def mint(self, name: str, distinction: str) -> str:
        """`id:name`, or `id:name-distinction` where another thing has that IRI already."""
        iri = ID + name
        if iri in self.taken:
            iri = f"{iri}-{distinction}"
        if iri in self.taken:
            raise ValueError(f"two things would be called {iri}")
        self.taken.add(iri)
        return iri


def _by_subject(statements: Iterable[Statement]) -> dict[str, _Things]:
    found: dict[str, _Things] = {}
    for subject, predicate, value, language in statements:
        found.setdefault(subject, {}).setdefault(predicate, []).append((value, language))
    return found


def _tenure(things: _Things, periods: dict[str, _Things]) -> tuple[tuple[str, str, str, str], str]:
    """Of a membership: (person, office, first day, last day) of the whole tenure, and its own first day."""
    own = _one(things, _PERIOD)
    whole = periods.get(_one(things, _TENURE) or own, {})
    days = _one(whole, _DCAT + "startDate"), _one(whole, _DCAT + "endDate")
    begins = _one(periods.get(own, {}), _DCAT + "startDate")
    return (_one(things, _ORG + "member"), _one(things, _ORG + "role"), *days), begins


def _one(things: _Things, predicate: str) -> str:
    return min((value for value, _ in things.get(predicate, [])), default="")
