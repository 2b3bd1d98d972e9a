"""The description of the graph as a data set (graph/dataset.ttl, DCAT and VoID): counts, version and day.

What a person wrote there stays; what can be counted is counted from what `kg export` writes. The version is the first
12 hexadecimal digits of the SHA-256 of the sorted N-Triples of that export, without the statements that give version
and day themselves: the same graph has the same version, wherever it is made.
"""

from __future__ import annotations

import hashlib
from collections import Counter

from kg import rdf
from kg.project import Project
from kg.publish import quads
from kg.terms import BASE, PREFIXES, shorten
from kg.turtle.editing import edited
from kg.version import FILE, stated

DATASET = BASE + "dataset"
_VOID = PREFIXES["void"]
_DAY = PREFIXES["xsd"] + "date"


def described(project: Project, today: str) -> str:
    """The text that the project's graph/dataset.ttl should have; `today` (xsd:date) is its day where the graph changed.

    Raises WorldError where a file does not parse.
    """
    dataset = rdf.iri(DATASET)
    version, modified = rdf.iri(PREFIXES["dcat"] + "version"), rdf.iri(PREFIXES["dcterms"] + "modified")
    everything = {quad.triple for quad in quads(project)}
    old = {triple for triple in everything if _counted(triple) or triple.predicate in (version, modified)}
    old = {triple for triple in old if triple.subject == dataset or str(triple.subject).startswith(f"<{DATASET}#")}
    rest = everything - old
    new = _counts(rest)
    total = rdf.literal(str(len(rest) + len(new) + 3), "integer")  # with itself, the version and the day
    new.add(rdf.Triple(dataset, rdf.iri(_VOID + "triples"), total))
    lines = sorted(f"{triple} .\n" for triple in rest | new)
    number = hashlib.sha256("".join(lines).encode()).hexdigest()[:12]
    known = stated(project)
    day = known.day if known is not None and known.number == number else today
    new.add(rdf.Triple(dataset, version, rdf.literal(number)))
    new.add(rdf.Triple(dataset, modified, rdf.literal(day, "date")))
    text = (project.data / FILE).read_text(encoding="utf-8")
    return edited(text, old - new, new - old, FILE)


def _counted(triple: rdf.Triple) -> bool:
    counted = ("triples", "entities", "classPartition", "class")
    return triple.predicate.value in {_VOID + name for name in counted}


def _counts(triples: set[rdf.Triple]) -> set[rdf.Triple]:
    """How many things there are, and how many of each class."""
    dataset, entities = rdf.iri(DATASET), rdf.iri(_VOID + "entities")
    made = {triple.subject for triple in triples if str(triple.subject).startswith(f"<{BASE}id/")}
    found = {rdf.Triple(dataset, entities, rdf.literal(str(len(made)), "integer"))}
    kinds = Counter(triple.object for triple in triples if triple.predicate == rdf.TYPE)
    for kind, number in kinds.items():
        assert isinstance(kind, rdf.NamedNode)
        part = rdf.iri(f"{DATASET}#{shorten(kind.value).strip('<>').replace(':', '-')}")
        found |= {
            rdf.Triple(dataset, rdf.iri(_VOID + "classPartition"), part),
            rdf.Triple(part, rdf.iri(_VOID + "class"), kind),
            rdf.Triple(part, entities, rdf.literal(str(number), "integer")),
        }
    return found
