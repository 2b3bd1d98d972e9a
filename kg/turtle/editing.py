"""Statements taken out of a Turtle text and put into it; all else stays as its author has it, in canonical layout.

What takes the place of another stands where that stood, one more value of a property beside the others, and a thing
that is new behind the one whose IRI begins its own. Comments stay.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg import rdf
from kg.errors import DataError
from kg.terms import PREFIXES, shorten
from kg.turtle.layout import written
from kg.turtle.tree import Item, Pair, Statement, Term, statements
from kg.turtle.triples import Scope, placed_triples

# A statement by the keys of its terms, as kg.turtle.triples writes them.
Said = tuple[str, str, str]


def key(term: object) -> str:
    """A term as kg.turtle.triples writes it: `<iri>`, `_:label`, `"text"@lang` or `"text"^^<datatype>`."""
    if isinstance(term, rdf.NamedNode):
        return f"<{term.value}>"
    if isinstance(term, rdf.Literal):
        suffix = f"@{term.language.lower()}" if term.language else f"^^<{term.datatype.value}>"
        return f'"{term.value}"{suffix}'
    return str(term)


def edited(text: str, removed: Iterable[rdf.Triple], added: Iterable[rdf.Triple], file: str = "-") -> str:
    """`text` without the statements `removed` and with those `added`, which have no blank nodes, in canonical layout.

    The result is read again and must say just that. Raises DataError where it would not (a statement that is to go
    stands in brackets) and for what the layout cannot keep.
    """
    gone = {(key(t.subject), key(t.predicate), key(t.object)) for t in removed}
    new = {(key(t.subject), key(t.predicate), key(t.object)): t for t in added}
    result = _Edit(list(statements(text)), set(gone), list(new.values())).result(text, file)
    if _said(result) != (_said(text) - gone) | new.keys():
        raise DataError("edit", "a statement to be changed stands in brackets: write it with an IRI of its own")
    return result


def _said(text: str) -> set[Said]:
    found = ((triple.subject, triple.predicate, triple.object) for triple in placed_triples(text))
    return {said for said in found if not said[0].startswith("_:") and not said[2].startswith("_:")}


class _Edit:
    def __init__(self, parsed: list[Statement], gone: set[Said], added: list[rdf.Triple]) -> None:
        self.parsed = parsed
        self.gone = gone
        self.scope = Scope()
        for statement in parsed:
            if statement.kind in ("prefix", "base"):
                self.scope.declare(statement)
        self.added: dict[str, list[rdf.Triple]] = {}
        for triple in sorted(added, key=lambda triple: tuple(map(str, triple))):
            self.added.setdefault(key(triple.subject), []).append(triple)

    def result(self, text: str, file: str) -> str:
        for statement in list(self.parsed):
            if isinstance(statement.subject, Term):
                self._change(statement, self.scope.key(statement.subject.text))
        for subject, triples in sorted(self.added.items()):
            self._new(subject, triples)
        return written(self.parsed, text, file)

    def _change(self, statement: Statement, subject: str) -> None:
        """Take out and put in what concerns one statement; what is put in goes to the first of its subject."""
        adding = self.added.pop(subject, [])
        emptied: Pair | None = None
        for pair in list(statement.pairs):
            predicate = self.scope.key(pair.predicate.text)
            same = [triple for triple in adding if key(triple.predicate) == predicate]
            adding = [triple for triple in adding if triple not in same]
            for item in list(pair.objects):
                value = self.scope.key(item.node.text) if isinstance(item.node, Term) else None
                if value is not None and (subject, predicate, value) in self.gone:
                    if same:
                        item.node = self._term(same.pop(0).object)
                    else:
                        pair.lead += [*item.lead, *filter(None, [item.trail])]
                        pair.objects.remove(item)
                        emptied = emptied or (None if pair.objects else pair)
            pair.objects += [Item(self._term(triple.object), []) for triple in same]
        while adding:
            predicate = key(adding[0].predicate)
            same = [triple for triple in adding if key(triple.predicate) == predicate]
            adding = [triple for triple in adding if triple not in same]
            pair = Pair(
                self._term(same[0].predicate), [Item(self._term(triple.object), []) for triple in same], []
            )
            if emptied is not None and not emptied.objects:
                emptied.predicate, emptied.objects = pair.predicate, pair.objects
            else:
                statement.pairs.insert(self._place(statement, pair), pair)
        self._tidy(statement)

    def _place(self, statement: Statement, pair: Pair) -> int:
        """Behind the property with the same value, else last."""
        values = {item.node.text for item in pair.objects if isinstance(item.node, Term)}
        for number, other in enumerate(statement.pairs):
            if values & {item.node.text for item in other.objects if isinstance(item.node, Term)}:
                return number + 1
        return len(statement.pairs)

    def _tidy(self, statement: Statement) -> None:
        """Drop properties without a value, and the statement where none is left; their comments go to what follows."""
        waiting: list[str] = []
        for pair in list(statement.pairs):
            pair.lead[:0], waiting = waiting, []
            if not pair.objects:
                waiting = [*pair.lead, *filter(None, [pair.trail])]
                statement.pairs.remove(pair)
        statement.tail[:0] = waiting
        if not statement.pairs:
            following = self.parsed[self.parsed.index(statement) + 1]
            following.lead[:0] = [*statement.lead, *statement.tail, *filter(None, [statement.trail])]
            self.parsed.remove(statement)

    def _new(self, subject: str, triples: list[rdf.Triple]) -> None:
        """A statement for a thing that is new here."""
        pairs: dict[str, Pair] = {}
        for triple in sorted(triples, key=lambda triple: triple.predicate != rdf.TYPE):
            pair = pairs.setdefault(key(triple.predicate), Pair(self._term(triple.predicate), [], []))
            pair.objects.append(Item(self._term(triple.object), []))
        made = Statement("triples", 0, [], subject=self._term(triples[0].subject), pairs=list(pairs.values()))
        self.parsed.insert(self._home(subject[:-1]), made)

    def _home(self, iri: str) -> int:
        """Behind the thing whose IRI begins this one, and what else begins so there; first, where there is none."""
        names = [
            self.scope.key(one.subject.text)[:-1] if isinstance(one.subject, Term) else "" for one in self.parsed
        ]
        owner = max((name for name in names if name and iri.startswith(name)), key=len, default=None)
        if owner is None:
            return next((n for n, one in enumerate(self.parsed) if one.kind == "triples"), len(self.parsed) - 1)
        place = names.index(owner) + 1
        while names[place].startswith(owner):
            place += 1
        return place

    def _term(self, term: object) -> Term:
        return Term(self._spelled(term), 0, 0)

    def _spelled(self, term: object) -> str:
        """A term as this file writes it: with the project's prefixes, unless it has others of those names."""
        if term == rdf.TYPE:
            return "a"
        if isinstance(term, rdf.NamedNode):
            return self._name(term.value)
        if isinstance(term, rdf.Literal) and not term.language:
            if term.datatype.value == PREFIXES["xsd"] + "integer":
                return term.value
            if term.datatype.value != PREFIXES["xsd"] + "string":
                return f"{rdf.literal(term.value)}^^{self._name(term.datatype.value)}"
        return str(term)

    def _name(self, iri: str) -> str:
        short = shorten(iri)
        prefix = short.partition(":")[0]
        if short.startswith("<") or self.scope.prefixes.get(prefix, PREFIXES[prefix]) != PREFIXES[prefix]:
            return f"<{iri}>"
        if prefix not in self.scope.prefixes:
            self.scope.prefixes[prefix] = PREFIXES[prefix]
            last = max((n for n, one in enumerate(self.parsed) if one.kind == "prefix"), default=-1)
            self.parsed.insert(last + 1, Statement("prefix", 0, [], [f"{prefix}:", f"<{PREFIXES[prefix]}>"]))
        return short
