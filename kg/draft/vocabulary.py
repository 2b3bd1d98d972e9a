"""What a text is searched for: the cues of its language and the names that the graph knows.

A cue is a phrase with an aspect ("stage") and a code ("proposed"). A name is found in whatever form the language gives
it: "Digitaliseringsdirektoratets arbeid" names Digitaliseringsdirektoratet, "en nasjonal helseanalyseplattform" names
Helseanalyseplattformen. Words are folded and stripped of their endings; a short name must stand letter for letter.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.draft.lexicon import Lexicon, lexicon, read_cues, read_words, read_words_before
from kg.draft.text import WORD, lower
from kg.errors import fold
from kg.results import Source, Table, plain

# So many words are remembered: more than a language has, fewer than a hostile text.
_MOST_KNOWN = 200_000
_YEAR = re.compile(r"(?:19|20)\d\d")
# A label's language serves these languages of a text; English labels serve only English texts.
_SERVES = {"da": ("da",), "nb": ("nb", "nn", "no"), "nn": ("nn", "nb", "no"), "sv": ("sv",), "en": ("en",)}
_SHORT = 4
# The words of a name may stand apart within so many words.
_NEAR = 14
_ENDINGS: tuple[str, ...] = tuple(read_words("common")["endings"])
# Words that a label may have and the text leave out.
_SMALL = frozenset(read_words("common")["small"])


@dataclass(slots=True)
class Hit:
    """A cue in the text. `number`: the year or the count of years that it names."""

    start: int
    end: int
    aspect: str
    code: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """Something in the graph: what kind of thing it is, its label, the wholes that it is part of."""

    iri: str
    kind: str
    label: str
    country: str
    wholes: frozenset[str]


@dataclass(slots=True)
class Entity:
    """Something that a text names. `whole`: every word of its label stands there in order; else near one another."""

    start: int
    end: int
    name: Name
    whole: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The words of a cue, as the data file has them: `*` for the rest of a word, {n} for a number, {y} for a year.

    `number_at`: which of them is a number or a year.
    """

    aspect: str
    code: str
    first: str
    rest: tuple[str, ...]
    number_at: int | None


@dataclass(slots=True)
class _Lead:
    """The names that a word may begin or belong to: of this one word; longer, by the second; with words apart."""

    stem: str
    short: bool
    alone: Name | None
    longer: Mapping[str, Sequence[tuple[tuple[str, ...], Name]]]
    loose: Sequence[tuple[frozenset[str], Name]]


class Vocabulary:
    """The cues of a language and some names, to be looked for in one part of a text after another."""

    def __init__(self, language: str, names: Iterable[Name]) -> None:
        self._words = lexicon(language)
        # Phrases by their first word, or by what it begins with where only that is said.
        self._first: dict[str, list[_Phrase]] = {}
        self._beginnings: dict[str, list[_Phrase]] = {}
        for aspect, codes in read_cues(language).items():
            for code, phrases in codes.items():
                for phrase in phrases:
                    words = re.findall(r"[\w*{}]+", phrase)
                    number_at = next((i for i, word in enumerate(words) if word[0] == "{"), None)
                    self._add_cue(_Phrase(aspect, code, words[0], tuple(words[1:]), number_at))
        self._short: dict[str, Name] = {}
        self._alone: dict[str, Name] = {}
        self._longer: dict[str, dict[str, list[tuple[tuple[str, ...], Name]]]] = {}
        self._loose: dict[str, list[tuple[frozenset[str], Name]]] = {}
        for name in names:
            if not name.country or name.country == self._words.country:
                self._add_name(name)
        self._short_forms = frozenset(form for word in self._short for form in (lower(word), lower(word) + "s"))
        # What a word may begin is looked up once, however often it stands in the text.
        self._begins = functools.lru_cache(_MOST_KNOWN)(self._begins_any)
        self._begun = functools.lru_cache(_MOST_KNOWN)(self._begun_by)

    def _add_cue(self, phrase: _Phrase) -> None:
        first = phrase.first
        if first == "{y}":
            self._beginnings.setdefault("", []).append(phrase)
        elif "*" in first:
            self._beginnings.setdefault(first.partition("*")[0], []).append(phrase)
        else:
            self._first.setdefault(first, []).append(phrase)

    def _add_name(self, name: Name) -> None:
        words = WORD.findall(name.label)
        if len(words) == 1 and len(words[0]) <= _SHORT:
            self._short[words[0]] = name
        elif words:
            stems = tuple(stem(word) for word in words)
            self._add_stems(stems, name)
            content = frozenset(s for s, word in zip(stems, words, strict=True) if word.lower() not in _SMALL)
            if len(content) >= 2 and name.kind == "programme":
                for part in content:
                    self._loose.setdefault(part, []).append((content, name))
                if words[0].lower() in _SMALL and len(stems) > 2:
                    self._add_stems(stems[1:], name)

    def _add_stems(self, stems: tuple[str, ...], name: Name) -> None:
        if len(stems) == 1:
            self._alone.setdefault(stems[0], name)
        else:
            self._longer.setdefault(stems[0], {}).setdefault(stems[1], []).append((stems, name))

    def search(self, text: str, low: str, start: int, end: int) -> tuple[dict[str, list[Hit]], list[Entity]]:
        """The cues, by aspect, and the names in a part of a text, in order; `low` is the text in small letters."""
        matches = list(WORD.finditer(low, start, end))
        words = [match[0] for match in matches]
        hits: dict[str, list[Hit]] = {}
        leads: list[tuple[int, _Lead]] = []
        for index in [index for index, begins in enumerate(map(self._begins, words)) if begins]:
            phrases, lead = self._begun(*words[index : index + 2])
            for phrase in phrases:
                last = index + len(phrase.rest)
                if last <= index + 1 or self._fit(phrase.rest, words[index + 1 : last + 1]):
                    number = (
                        self._number(words[index + phrase.number_at]) if phrase.number_at is not None else None
                    )
                    hit = Hit(matches[index].start(), matches[last].end(), phrase.aspect, phrase.code, number)
                    hits.setdefault(phrase.aspect, []).append(hit)
            if lead is not None:
                leads.append((index, lead))
        return hits, self._entities(text, matches, leads)

    def _begins_any(self, word: str) -> bool:
        """Whether any cue or name may begin with a word in small letters; most words begin none."""
        return bool(self._phrases(word)) or self._lead(word) is not None

    def _begun_by(self, word: str, following: str = "") -> tuple[Sequence[_Phrase], _Lead | None]:
        """The cues and names that may begin with a word which another follows."""
        phrases = [
            phrase
            for phrase in self._phrases(word)
            if not phrase.rest or _fits(phrase.rest[0], following, self._words)
        ]
        return phrases, self._lead(word)

    # --- Cues.

    def _phrases(self, word: str) -> tuple[_Phrase, ...]:
        """The phrases that may begin with a word in small letters."""
        beginnings = (*(word[:length] for length in range(2, len(word) + 1)), "")
        return (
            *self._first.get(word, ()),
            *(
                phrase
                for beginning in beginnings
                for phrase in self._beginnings.get(beginning, ())
                if _fits(phrase.first, word, self._words)
            ),
        )

    def _fit(self, patterns: Sequence[str], words: Sequence[str]) -> bool:
        """Whether words are those of a phrase."""
        fit = (_fits(pattern, word, self._words) for pattern, word in zip(patterns, words, strict=False))
        return len(patterns) == len(words) and all(fit)

    def _number(self, word: str) -> int | None:
        return int(word) if _YEAR.fullmatch(word) else _count(word, self._words)

    # --- Names.

    def _lead(self, word: str) -> _Lead | None:
        """The names that a word in small letters may begin or belong to; None where there are none."""
        base, short = stem(word), word in self._short_forms
        alone, longer, loose = self._alone.get(base), self._longer.get(base, {}), self._loose.get(base, ())
        return _Lead(base, short, alone, longer, loose) if short or alone or longer or loose else None

    def _entities(
        self, text: str, words: Sequence[re.Match[str]], leads: Sequence[tuple[int, _Lead]]
    ) -> list[Entity]:
        """Every name of the graph, the longest at each place; then those whose words stand near."""
        entities: list[Entity] = []
        reached = 0
        for index, lead in leads:
            start, end = words[index].span()
            if start < reached:
                continue
            if lead.short and (short := self._short_name(text[start:end])) is not None:
                entities.append(Entity(start, end, short, True))
                continue
            name, length = lead.alone, 1
            following = stem(words[index + 1][0]) if lead.longer and index + 1 < len(words) else ""
            for stems, longer in lead.longer.get(following, ()):
                if len(stems) > length and stems == _stems(words[index : index + len(stems)]):
                    name, length = longer, len(stems)
            if name is not None:
                reached = words[index + length - 1].end()
                entities.append(Entity(start, reached, name, True))
        seen = {entity.name.iri for entity in entities}
        loose = [(index, lead) for index, lead in leads if lead.loose]
        stems_here = {lead.stem for _, lead in loose}
        for index, lead in loose:
            for content, name in lead.loose:
                # Every word of such a name leads to it.
                if name.iri in seen or not content <= stems_here:
                    continue
                window = _stems(words[index : index + _NEAR])
                if content.issubset(window):
                    last = max(window.index(part) for part in content)
                    entities.append(Entity(words[index].start(), words[index + last].end(), name, False))
                    seen.add(name.iri)
        entities.sort(key=lambda entity: (entity.start, entity.end))
        return entities

    def _short_name(self, written: str) -> Name | None:
        return self._short.get(written) or (self._short.get(written[:-1]) if written.endswith("s") else None)


def _fits(pattern: str, word: str, words: Lexicon) -> bool:
    """Whether a word is one that a phrase has at a place."""
    if pattern == word:
        return True
    if pattern == "{y}":
        return _YEAR.fullmatch(word) is not None
    if pattern == "{n}":
        return _count(word, words) is not None
    head, star, tail = pattern.partition("*")
    return bool(star) and len(word) >= len(pattern) - 1 and word.startswith(head) and word.endswith(tail)


@functools.lru_cache(maxsize=1024)
def _count(word: str, words: Lexicon) -> int | None:
    """A small number in digits or in words."""
    if word.isdigit():
        return int(word) if len(word) < 3 else None
    number = read_words_before(word, len(word), words)
    return int(number.value) if number is not None and number.start == 0 and 0 < number.value < 100 else None


def _stems(words: Sequence[re.Match[str]]) -> tuple[str, ...]:
    return tuple(stem(word[0]) for word in words)


@functools.lru_cache(_MOST_KNOWN)
def stem(word: str) -> str:
    """A word without its endings, folded: the same for every form of a noun, and of little use by itself."""
    base = fold(word)
    for _ in range(2):
        for ending in _ENDINGS:
            if len(base) - len(ending) >= _SHORT and base.endswith(ending):
                base = base[: -len(ending)]
                break
        else:
            break
    return base


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
    names: dict[tuple[str, str], Name] = {}
    for thing, kind, label, country, whole in answer.rows:
        tongue = getattr(label, "language", None)
        if tongue is not None and tongue not in _SERVES[language]:
            continue
        iri, words = plain(thing), plain(label)
        before = names.get((iri, words))
        # A government is a public organisation too: the narrower kind counts.
        narrow = _KINDS.get(plain(kind).replace("#", "/").rsplit("/", 1)[-1])
        narrow = narrow or (before.kind if before else "organisation")
        wholes = ({plain(whole)} if whole is not None else set()) | (before.wholes if before else set())
        names[iri, words] = Name(iri, narrow, words, plain(country).rsplit("/", 1)[-1], frozenset(wholes))
    return list(names.values())
