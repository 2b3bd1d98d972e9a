"""Names of things in a person's language, asked of a source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from kg.rdf import Literal, NamedNode
from kg.results import Source, select
from kg.terms import CODE, ID, PREFIXES, shorten

LANGUAGES = ("da", "nb", "sv", "en")
# What may name a thing, best first; foaf:name and titles for people and documents.
_NAMING = ("skos:prefLabel", "foaf:name", "dcterms:title", "rdfs:label", "skos:notation")
_CHUNK = 400
_FIGURES = """
PREFIX til: <https://w3id.org/tilsagn/ns#>
SELECT ?thing ?role ?of WHERE {{
  VALUES ?thing {{ {things} }}
  {{ ?thing til:role ?role ; til:figureOf ?of }}
  UNION {{ ?thing til:outcome ?role ; til:total ?total . ?total til:figureOf ?of }}
}}
"""


def order(lang: str) -> tuple[str, ...]:
    """The languages to try for a reader of `lang`: neighbours before English where they read it."""
    neighbours = {"da": ("nb", "nn", "sv"), "nb": ("nn", "da", "sv"), "sv": ("nb", "da", "nn"), "en": ()}
    rest = ("en", "nb", "da", "sv", "nn", "fi", "")
    return tuple(dict.fromkeys((lang, *neighbours.get(lang, ()), *rest)))


def labels(source: Source, things: Iterable[NamedNode], lang: str) -> dict[str, str]:
    """IRI → name for those of `things` that have one, in the first language of `order(lang)` that serves.

    A figure has no label of its own: it is called by its role and what it is a figure of. So is a reconciliation. A
    country is called as CLDR has it.
    """
    wanted = set(things)
    found = _stated(source, wanted, lang)
    nameless = {thing for thing in wanted if thing.value not in found and thing.value.startswith(ID)}
    made = [
        (thing, role, of)
        for chunk in _chunks(nameless)
        for thing, role, of in select(source, _FIGURES.format(things=chunk)).rows
        if isinstance(thing, NamedNode) and isinstance(role, NamedNode) and isinstance(of, NamedNode)
    ]
    parts = _stated(source, {part for _, role, of in made for part in (role, of)}, lang)
    for thing, role, of in made:
        if role.value in parts and of.value in parts:
            found[thing.value] = f"{parts[of.value]}: {parts[role.value]}"
    if abroad := [thing.value for thing in wanted if thing.value.startswith(PREFIXES["country"])]:
        from kg import authorities  # the graph does not describe countries

        found |= {country: name for country in abroad if (name := authorities.named(country, lang))}
    return found


def sentence(source: Source, name: str, lang: str, **places: str) -> str:
    """A sentence of `code/sentence` in a language, its places filled; the bare code where the list lacks it."""
    node = NamedNode(f"{CODE}sentence/{name}")
    return filled(labels(source, [node], lang).get(node.value, name), places)


def filled(template: str, places: Mapping[str, str]) -> str:
    """A sentence with its places filled: `{x}` by `places["x"]`. Not str.format, as what is put in may have braces."""
    return re.sub(r"\{(\w+)\}", lambda place: places.get(place[1], place[0]), template)


def _stated(source: Source, things: Iterable[NamedNode], lang: str) -> dict[str, str]:
    preference = {language: rank for rank, language in enumerate(order(lang))}
    naming = {
        PREFIXES[prefix] + name: rank for rank, (prefix, name) in enumerate(curie.split(":") for curie in _NAMING)
    }
    properties = ", ".join(f"<{name}>" for name in naming)
    best: dict[str, tuple[int, int, str]] = {}
    for chunk in _chunks(things):
        text = (
            # A second VALUES would multiply with the first: the engine then reads every label there is.
            f"SELECT ?thing ?property ?label WHERE {{ VALUES ?thing {{ {chunk} }} ?thing ?property ?label "
            f"FILTER(?property IN ({properties})) }}"
        )
        for thing, said_by, label in select(source, text).rows:
            if isinstance(thing, NamedNode) and isinstance(label, Literal) and isinstance(said_by, NamedNode):
                rank = (naming[said_by.value], preference.get(label.language or "", len(preference)), label.value)
                best[thing.value] = min(best.get(thing.value, rank), rank)
    return {thing: label for thing, (_, _, label) in best.items()}


def _chunks(things: Iterable[NamedNode]) -> Iterator[str]:
    wanted = sorted({str(thing) for thing in things})
    for start in range(0, len(wanted), _CHUNK):
        yield " ".join(wanted[start : start + _CHUNK])


def short(iri: str) -> str:
    """A thing without a label, as briefly as it can be said: `prefix:name`, or the IRI."""
    name = shorten(iri)
    if name.startswith(("cur:", "country:", "lang:")):
        return name.partition(":")[2]
    return name[1:-1] if name.startswith("<") else name
