"""Verdicts on claims in sentences: literals of code/sentence, with named places for amounts and words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from kg.amounts import Qualifier
from kg.derive.claims import Answer, Verdict
from kg.derive.reading import Figure, Reading
from kg.labels import LANGUAGES, labels
from kg.rdf import iri
from kg.results import Source, plain, select
from kg.terms import CODE

_SENTENCES = {
    Answer.AGREES: "claimAgrees",
    Answer.ONLY_BY_WORD: "claimAgreesOnlyByWord",
    Answer.DISAGREES: "claimDoesNotAgree",
    Answer.UNCHECKED: "claimCannotBeChecked",
}
_ONE_MISSING, _BESIDE = "claimCannotBeCheckedOne", "claimBeside"


def in_words(source: Source, reading: Reading, found: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The same verdicts, each with its sentence in every language that the source has sentences in."""
    found = tuple(found)
    if not found:
        return ()
    words = _words(source, {name for each in found for name in each.saving})
    codes = [f"{CODE}sentence/{name}" for name in (*_SENTENCES.values(), _ONE_MISSING, _BESIDE)]
    codes += [f"{CODE}qualifier/{each}" for each in Qualifier] + [
        f"{CODE}claim-type/{each.claim.type}" for each in found
    ]
    things = {*codes, *(beside.over for each in found for beside in each.beside if beside.over)}
    names = {lang: labels(source, map(iri, things), lang) for lang in LANGUAGES}
    written = {lang: _Language(lang, named, words, reading) for lang, named in names.items() if codes[0] in named}
    return tuple(
        replace(each, sentences={lang: writing.sentence(each) for lang, writing in written.items()})
        for each in found
    )


class _Language:
    """One language: its names of codes and things, and the words of figures, which are those of their source."""

    def __init__(self, lang: str, names: dict[str, str], words: dict[str, str], reading: Reading) -> None:
        self._lang, self._names, self._words, self._reading = lang, names, words, reading

    def sentence(self, one: Verdict) -> str:
        name = _ONE_MISSING if one.answer is Answer.UNCHECKED and one.missing == 1 else _SENTENCES[one.answer]
        comparison = self._reading.figures.get(one.claim.comparison or "")
        said = self._say(
            name,
            claimed=self._names.get(f"{CODE}claim-type/{one.claim.type}", "")
            if comparison is None
            else self._stated(comparison),
            found="" if one.found is None else self._amount(one.found.term.nominal, one.currency),
            word=", ".join(dict.fromkeys(self._word(each) for each in one.saving)),
            n=str(one.missing),
        )
        for beside in one.beside:
            said = self._say(
                _BESIDE,
                sentence=said,
                other=self._names.get(beside.over or "", ""),
                found=self._amount(beside.term.nominal, one.currency),
            )
        return said

    def _stated(self, figure: Figure) -> str:
        amount = self._amount(figure.low, figure.currency)
        plain_number = figure.qualifier in (None, Qualifier.EXACT)
        return amount if plain_number else f"{self._names.get(f'{CODE}qualifier/{figure.qualifier}', '')} {amount}"

    def _word(self, figure: str) -> str:
        """The word beside the number as its source has it, else the name of its qualifier."""
        before = re.match(r"[^\d]+", self._words.get(figure, ""))
        qualifier = self._reading.figures[figure].qualifier
        return before[0].strip() if before else self._names.get(f"{CODE}qualifier/{qualifier}", "")

    def _amount(self, number: Decimal | None, currency: str) -> str:
        from kg.money import amount

        return "" if number is None else amount(number, currency.rpartition("/")[2], self._lang)

    def _say(self, name: str, **places: str) -> str:
        # Not str.format: a word of a source may have braces.
        said = self._names.get(f"{CODE}sentence/{name}", name)
        return re.sub(r"\{(\w+)\}", lambda place: places.get(place[1], place[0]), said)


def _words(source: Source, figures: set[str]) -> dict[str, str]:
    """The words of each figure that has an anchor, of the first place where it is said."""
    named = " ".join(str(iri(name)) for name in sorted(figures))
    text = (
        f"SELECT ?figure ?start ?words WHERE {{ VALUES ?figure {{ {named} }} ?figure til:evidence ?anchor . "
        "?anchor oa:hasSelector/oa:start ?start ; oa:hasSelector/oa:exact ?words }"
    )
    found: dict[str, tuple[int, str]] = {}
    for figure, start, words in select(source, text).rows:
        place = (int(plain(start)), plain(words))
        found[plain(figure)] = min(found.get(plain(figure), place), place)
    return {figure: words for figure, (_, words) in found.items()}
