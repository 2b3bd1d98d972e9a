"""Which graph answers: its version and its day, as its own description (graph/dataset.ttl) states them.

They are written there when the graph is released (kg.dataset), never worked out for an answer.
"""

from __future__ import annotations

from typing import NamedTuple

from kg import rdf
from kg.project import Project
from kg.results import Source, plain, select
from kg.terms import BASE, PREFIXES

FILE = "dataset.ttl"
_VERSION = PREFIXES["dcat"] + "version"
_MODIFIED = PREFIXES["dcterms"] + "modified"
_STATED = (
    f"SELECT ?dataset ?number ?day {{ ?dataset <{_VERSION}> ?number ; <{_MODIFIED}> ?day }} ORDER BY ?dataset"
)


class Version(NamedTuple):
    """A graph's version (12 hexadecimal digits, from its content) and the day that it became so (xsd:date)."""

    number: str
    day: str

    @property
    def iri(self) -> str:
        """The address of what this version answers."""
        return f"{BASE}v/{self.number}"

    def record(self) -> dict[str, str]:
        """For a machine-readable answer: the version, its day, its address."""
        return {"version": self.number, "modified": self.day, "iri": self.iri}

    def __str__(self) -> str:
        return f"graph {self.number} of {self.day}"


def of(source: Source) -> Version | None:
    """The version of the graph that a source has; None where it states none."""
    for _, number, day in select(source, _STATED).rows:
        return Version(plain(number), plain(day))
    return None


def stated(project: Project) -> Version | None:
    """The version that the project's description states, without a store; None where there is none."""
    path = project.data / FILE
    if not path.is_file():
        return None
    said = {
        quad.predicate.value: plain(quad.object)
        for quad in rdf.parse(path)
        if isinstance(quad.object, rdf.Literal)
    }
    return Version(said[_VERSION], said[_MODIFIED]) if _VERSION in said and _MODIFIED in said else None
