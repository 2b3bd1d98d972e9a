"""Which words in which document say so: the support of any thing in the graph, asked of a source.

A figure, a commitment or an observation is supported by anchors (Web Annotation: words and their place); what is
derived by the figures that it follows from and the rule; anything else by the document that it names as source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.queries import addends
from kg.rdf import Literal, NamedNode, Term
from kg.results import Source, Table, select

_CHUNK = 300
# Derived figures rest on figures, and these on words: no chain of the model is longer.
_DEPTH = 4


@dataclass(frozen=True, slots=True, order=True)
class Words:
    """Words in a document: `start` and `end` are code points, end excluded. Without words, the document alone.

    `speaker` is the IRI of whom a quotation is attributed to. `about` is the thing that the words support.
    """

    about: str
    document: str
    start: int | None = None
    end: int | None = None
    words: str | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Support:
    """What one thing rests on: words, and for what is derived the things that it follows from, under a rule."""

    thing: str
    words: tuple[Words, ...]
    derived_from: tuple[str, ...]
    rule: str | None


def support(source: Source, things: Iterable[str]) -> dict[str, Support]:
    """IRI → Support, for those of `things` that have any; what they are derived from is followed to its words."""
    direct: dict[str, set[Words]] = {}
    parents: dict[str, set[str]] = {}
    rules: dict[str, str] = {}
    known: set[str] = set()
    wave = set(things)
    asked = sorted(wave)
    for _ in range(_DEPTH):
        wave -= known
        if not wave:
            break
        known |= wave
        for words in _anchored(source, wave):
            direct.setdefault(words.about, set()).add(words)
        for about, document in _pairs(
            source, wave, "?thing ?how ?other FILTER(?how IN (dcterms:source, til:dateSource))"
        ):
            if not any(words.words and words.document == document for words in direct.get(about, ())):
                direct.setdefault(about, set()).add(Words(about, document))
        following: set[str] = set()
        for about, other in _pairs(source, wave, "?thing til:rule ?rule ; prov:wasDerivedFrom ?other"):
            parents.setdefault(about, set()).add(other)
            following.add(other)
        for about, rule in _pairs(source, wave, "?thing til:rule ?other"):
            rules[about] = rule
        # A total of the graph rests on the figures that say it; a document is its own support.
        unsupported = {thing for thing in wave if thing not in direct and thing not in parents}
        for about, other in _pairs(source, unsupported, "?other til:figureOf ?thing"):
            parents.setdefault(about, set()).add(other)
            following.add(other)
        for about, _ in _pairs(source, unsupported, "?thing a ?other FILTER(?other = foaf:Document)"):
            direct.setdefault(about, set()).add(Words(about, about))
        wave = following
    found = {}
    for thing in asked:
        rests_on = _ancestors(thing, parents)
        said = {words for one in (thing, *rests_on) for words in direct.get(one, ())}
        if said:
            found[thing] = Support(
                thing,
                tuple(sorted(said, key=_reading_order)),
                tuple(sorted(parents.get(thing, ()))),
                rules.get(thing),
            )
    return found


def by_row(source: Source, table: Table, text: str) -> list[list[Support]]:
    """For each row of the answer to `text` the support of the things in it, in the order of its columns.

    Where the row is a sum, the figures that it adds come first: they are asked for by the query's own sub-select.
    """
    adding = added(source, table, text)
    things = {term.value for row in table.rows for term in row if isinstance(term, NamedNode)}
    found = support(source, things.union(*adding))
    rows = []
    for row, figures in zip(table.rows, adding, strict=True):
        named = dict.fromkeys([*figures, *(term.value for term in row if isinstance(term, NamedNode))])
        rows.append([found[thing] for thing in named if thing in found])
    return rows


def added(source: Source, table: Table, text: str) -> list[list[str]]:
    """For each row the figures in its sum: those that agree with it in every column that they share."""
    listing = addends(text)
    if listing is None or not table.rows:
        return [[] for _ in table.rows]
    terms = select(source, listing)
    shared = [name for name in table.columns if name in terms.columns]
    ours = [table.columns.index(name) for name in shared]
    theirs = [terms.columns.index(name) for name in shared]
    figure = terms.columns.index("figure")
    # A figure with a weight of 0 in all sums is told beside them, as money inside another row; one as stated is shown.
    weights = [terms.columns.index(name) for name in ("row", "rise", "stated") if name in terms.columns]
    by_key: dict[tuple[Term | None, ...], set[str]] = {}
    for term in terms.rows:
        value = term[figure]
        if isinstance(value, NamedNode) and (not weights or any(_is_one(term[at]) for at in weights)):
            by_key.setdefault(tuple(term[i] for i in theirs), set()).add(value.value)
    return [sorted(by_key.get(tuple(row[i] for i in ours), ())) for row in table.rows]


def _is_one(term: Term | None) -> bool:
    return term.value in ("1", "true") if isinstance(term, Literal) else term is not None


def documents(source: Source, table: Table, text: str) -> tuple[int, int]:
    """How many documents the sums of an answer rest on, and of how many that commitments are read from.

    A document that is read has a title; a page from which only a detail was taken has none, and a figure that comes
    from such a page counts for the document of its commitment.
    """
    figures = {figure for figures in added(source, table, text) for figure in figures}
    if addends(text) is None:  # what the sums were made of is named in the rows
        figures = {term.value for row in table.rows for term in row if isinstance(term, NamedNode)}
    read = {
        row[0].value
        for row in select(
            source,
            f"{_PREFIXES}SELECT DISTINCT ?document "
            "WHERE { ?any a til:Commitment ; dcterms:source ?document . ?document dcterms:title ?title }",
        ).rows
        if isinstance(row[0], NamedNode)
    }
    said = _pairs(source, figures, "?thing til:saidIn ?other")
    own = {figure for figure, document in said if document in read}
    beside = _pairs(source, figures - own, "?thing til:figureOf/dcterms:source ?other")
    return len({document for _, document in (*said, *beside)} & read), len(read)


def _ancestors(thing: str, parents: dict[str, set[str]]) -> list[str]:
    seen: dict[str, None] = {}
    waiting = sorted(parents.get(thing, ()))
    while waiting:
        one = waiting.pop()
        if one not in seen and one != thing:
            seen[one] = None
            waiting.extend(sorted(parents.get(one, ())))
    return list(seen)


def _reading_order(words: Words) -> tuple[str, int, int, str]:
    return (words.document, words.start or 0, words.end or 0, words.about)


def _chunks(things: Iterable[str]) -> Iterable[str]:
    listed = sorted(things)
    for start in range(0, len(listed), _CHUNK):
        yield " ".join(str(NamedNode(thing)) for thing in listed[start : start + _CHUNK])


def _pairs(source: Source, things: Iterable[str], pattern: str) -> list[tuple[str, str]]:
    rows: list[tuple[Term | None, ...]] = []
    for chunk in _chunks(things):
        rows += select(
            source, f"{_PREFIXES}SELECT ?thing ?other WHERE {{ VALUES ?thing {{ {chunk} }} {pattern} }}"
        ).rows
    return [(a.value, b.value) for a, b in rows if isinstance(a, NamedNode) and isinstance(b, NamedNode)]


def _anchored(source: Source, things: Iterable[str]) -> list[Words]:
    found = []
    for chunk in _chunks(things):
        text = (
            f"{_PREFIXES}SELECT ?thing ?document ?start ?end ?words ?speaker WHERE {{ VALUES ?thing {{ {chunk} }} "
            "?thing til:evidence ?anchor . ?anchor oa:hasSource ?text ; oa:hasSelector ?place , ?quote . "
            "?text dcterms:isFormatOf ?document . ?place oa:start ?start ; oa:end ?end . ?quote oa:exact ?words . "
            "OPTIONAL { ?anchor prov:wasAttributedTo ?speaker } }"
        )
        for about, document, start, end, words, speaker in select(source, text).rows:
            assert isinstance(about, NamedNode) and isinstance(document, NamedNode)
            assert isinstance(start, Literal) and isinstance(end, Literal) and isinstance(words, Literal)
            who = speaker.value if isinstance(speaker, NamedNode) else None
            found.append(Words(about.value, document.value, int(start.value), int(end.value), words.value, who))
    return found


_PREFIXES = """\
PREFIX til: <https://w3id.org/tilsagn/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
"""
