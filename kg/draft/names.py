"""Names that the graph knows, found in a text in whatever form the language gives them.

"Digitaliseringsdirektoratets arbeid" names Digitaliseringsdirektoratet; "en nasjonal helseanalyseplattform" names
Helseanalyseplattformen. Words are folded and stripped of their endings; a short name must stand letter for letter.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.draft.lexicon import read_words
from kg.draft.passage import WORD, At, Passage
from kg.draft.tokens import lower
from kg.errors import fold
from kg.results import Source, Table, plain

# A label's language serves these languages of a text; English labels serve only English texts.
_SERVES = {"da": ("da",), "nb": ("nb", "nn", "no"), "nn": ("nn", "nb", "no"), "sv": ("sv",), "en": ("en",)}
_SHORT = 4
_NEAR = 14
_WORDS = read_words("common")
_ENDINGS: tuple[str, ...] = tuple(_WORDS["endings"])
# Words that a label may have and the text leave out.
_SMALL = frozenset(_WORDS["small"])


@dataclass(frozen=True, slots=True)
class Name:
    """Something in the graph: what kind of thing it is, its label, the wholes that it is part of."""

    iri: str
    kind: str
    label: str
    country: str
    wholes: frozenset[str]


class Found(NamedTuple):
    """A name in the text. `whole`: every word of the label stands there in order; else near one another."""

    start: int
    end: int
    name: Name
    whole: bool


_NAMES = """
SELECT ?thing ?type ?label ?country ?whole WHERE {
  VALUES ?type {
    til:Programme til:Government m8g:PublicOrganisation org:FormalOrganization org:OrganizationalCollaboration
    foaf:Group foaf:Person
  }
  ?thing a ?type ; skos:prefLabel|skos:altLabel|foaf:name ?label .
  OPTIONAL { ?thing dcterms:spatial ?country }
  OPTIONAL { ?thing dcterms:isPartOf ?whole }
}
ORDER BY ?thing ?label"""
_KINDS = {"Programme": "programme", "Government": "government", "Person": "person"}


def names_of(source: Source, language: str) -> list[Name]:
    """The programmes, bodies, governments and people of the graph, by every label in the text's language."""
    answer = source.query(_NAMES)
    assert isinstance(answer, Table)
    found: dict[tuple[str, str], Name] = {}
    for row in answer.rows:
        thing, kind, label, country, whole = row
        tongue = getattr(label, "language", None)
        if tongue is not None and tongue not in _SERVES[language]:
            continue
        local = plain(kind).replace("#", "/").rsplit("/", 1)[-1]
        key = (plain(thing), plain(label))
        known = found.get(key)
        wholes = {plain(whole)} if whole is not None else set()
        # A government is a public organisation too: the narrower kind counts.
        narrow = _KINDS.get(local) or (known.kind if known else "organisation")
        found[key] = Name(
            plain(thing), narrow, plain(label), plain(country).rsplit("/", 1)[-1],
            frozenset(wholes | (set(known.wholes) if known else set())),
        )  # fmt: skip
    return list(found.values())


@functools.lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A word without its endings, folded: the same for every form of a noun, and of little use by itself."""
    if word.isascii() and word.isdigit():
        return word  # a text may have more numbers than words
    base = fold(word)
    for _ in range(2):
        for ending in _ENDINGS:
            if len(base) - len(ending) >= _SHORT and base.endswith(ending):
                base = base[: -len(ending)]
                break
        else:
            break
    return base


class Lead(NamedTuple):
    """What a word may begin: its stem, whether it may be a short name, and the names with that stem in them."""

    stem: str
    short: bool
    # The name of this one word; the longer ones whose second word follows; those whose words may stand apart.
    alone: Name | None
    longer: Sequence[tuple[tuple[str, ...], Name]]
    loose: Sequence[tuple[frozenset[str], Name]]


class Names:
    """An index of names, to be looked for in one part of a text after another."""

    def __init__(self, names: Iterable[Name], country: str) -> None:
        self._alone: dict[str, Name] = {}
        self._longer: dict[str, dict[str, list[tuple[tuple[str, ...], Name]]]] = {}
        self._short: dict[str, Name] = {}
        self._loose: dict[str, list[tuple[frozenset[str], Name]]] = {}
        for name in names:
            if name.country and name.country != country:
                continue
            words = WORD.findall(name.label)
            if not words:
                continue
            if len(words) == 1 and len(words[0]) <= _SHORT:
                self._short[words[0]] = name
                continue
            stems = tuple(stem(word) for word in words)
            self._add(stems, name)
            content = frozenset(s for s, word in zip(stems, words, strict=True) if word.lower() not in _SMALL)
            if len(content) >= 2 and name.kind == "programme":
                for one in content:
                    self._loose.setdefault(one, []).append((content, name))
                if words[0].lower() in _SMALL and len(stems) > 2:
                    self._add(stems[1:], name)
        self._small = frozenset(form for word in self._short for form in (lower(word), lower(word) + "s"))

    def _add(self, stems: tuple[str, ...], name: Name) -> None:
        if len(stems) == 1:
            self._alone.setdefault(stems[0], name)
        else:
            self._longer.setdefault(stems[0], {}).setdefault(stems[1], []).append((stems, name))

    def begins(self, word: str) -> bool:
        """Whether a word in small letters may begin any name, or belong to one."""
        base = stem(word)
        return base in self._alone or base in self._longer or base in self._loose or word in self._small

    def beginning(self, word: str, second: str) -> Lead | None:
        """What a word may begin that a second one follows; None where that is nothing."""
        base = stem(word)
        alone, loose, small = self._alone.get(base), self._loose.get(base, ()), word in self._small
        longer = self._longer[base].get(stem(second), ()) if second and base in self._longer else ()
        return Lead(base, small, alone, longer, loose) if small or alone or longer or loose else None

    def find(self, text: str, passage: Passage, leads: Sequence[tuple[At, Lead]]) -> list[Found]:
        """Every known name of a passage, the longest at each place; then those whose words stand near.

        `leads`: where one may begin.
        """
        found: list[Found] = []
        reached = 0
        for at, known in leads:
            _, _, start, end = at
            if start < reached:
                continue
            if known.short:
                written = text[start:end]
                short = self._short.get(written) or (
                    self._short.get(written[:-1]) if written.endswith("s") else None
                )
                if short is not None:
                    found.append(Found(start, end, short, True))
                    continue
            name = known.alone
            longest = 1
            for label, other in known.longer:
                if len(label) > longest:
                    words = passage.run(at, len(label))
                    if tuple(stem(word) for word, _, _ in words) == label:
                        longest, name, end = len(label), other, words[-1][2]
            if name is not None:
                found.append(Found(start, end, name, True))
                reached = end
        if any(known.loose for _, known in leads):
            found += _near(passage, leads, {one.name.iri for one in found})
        found.sort()
        return found


def _near(passage: Passage, leads: Sequence[tuple[At, Lead]], seen: set[str]) -> list[Found]:
    """The names whose words stand near one another."""
    found = []
    stems = {known.stem for _, known in leads}
    for at, known in leads:
        for content, name in known.loose:
            # Every word of such a name leads to it.
            if name.iri in seen or not content <= stems:
                continue
            words = passage.run(at, _NEAR)
            window = [stem(word) for word, _, _ in words]
            if content.issubset(window):
                last = max(window.index(part) for part in content)
                found.append(Found(words[0][1], words[last][2], name, False))
                seen.add(name.iri)
    return found
