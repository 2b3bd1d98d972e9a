"""Names of things in a person's language, asked of a source."""

from __future__ import annotations

from collections.abc import Iterable

from kg.rdf import Literal, NamedNode
from kg.results import Source, select
from kg.terms import PREFIXES, shorten

LANGUAGES = ("da", "nb", "sv", "en")
# What may name a thing, best first; foaf:name and titles for people and documents.
_NAMING = ("skos:prefLabel", "foaf:name", "dcterms:title", "rdfs:label", "skos:notation")
_CHUNK = 400


def order(lang: str) -> tuple[str, ...]:
    """The languages to try for a reader of `lang`: neighbours before English where they read it."""
    neighbours = {"da": ("nb", "nn", "sv"), "nb": ("nn", "da", "sv"), "sv": ("nb", "da", "nn"), "en": ()}
    rest = ("en", "nb", "da", "sv", "nn", "fi", "")
    return tuple(dict.fromkeys((lang, *neighbours.get(lang, ()), *rest)))


def labels(source: Source, things: Iterable[NamedNode], lang: str) -> dict[str, str]:
    """IRI → label for those of `things` that have one, in the first language of `order(lang)` that serves."""
    preference = {language: rank for rank, language in enumerate(order(lang))}
    naming = {
        PREFIXES[prefix] + name: rank for rank, (prefix, name) in enumerate(curie.split(":") for curie in _NAMING)
    }
    best: dict[str, tuple[int, int, str]] = {}
    wanted = sorted({str(thing) for thing in things})
    for start in range(0, len(wanted), _CHUNK):
        chunk = " ".join(wanted[start : start + _CHUNK])
        text = (
            "SELECT ?thing ?property ?label WHERE { "
            f"VALUES ?property {{ {' '.join(f'<{name}>' for name in naming)} }} "
            f"VALUES ?thing {{ {chunk} }} ?thing ?property ?label }}"
        )
        for thing, naming_property, label in select(source, text).rows:
            if isinstance(thing, NamedNode) and isinstance(label, Literal) and naming_property is not None:
                rank = (
                    naming[str(naming_property)[1:-1]],
                    preference.get(label.language or "", len(preference)),
                    label.value,
                )
                best[thing.value] = min(best.get(thing.value, rank), rank)
    return {thing: label for thing, (_, _, label) in best.items()}


def short(iri: str) -> str:
    """A thing without a label, as briefly as it can be said: `prefix:name`, or the IRI."""
    name = shorten(iri)
    if name.startswith(("cur:", "country:", "lang:")):
        return name.partition(":")[2]
    return name[1:-1] if name.startswith("<") else name
