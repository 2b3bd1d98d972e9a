"""The canonical layout of a Turtle file: what `kg fmt` writes.

- prefixes first, sorted, without those said twice; `@prefix`, not `PREFIX`; comments above the first
  directive stay at the top of the file;
- statements in the order of their author, one empty line between two; each comment line stays before its
  statement, its property or its value, each comment behind a value stays behind it;
- `a` first, then the labels (skos:prefLabel, rdfs:label, dcterms:title, foaf:name), then the other properties
  in the order of their author; one property a line, indented by four;
- values of one property on one line where they fit into 110 columns, else one a line, indented by eight;
- every IRI, name, number and string keeps its spelling; only `rdf:type` as a property becomes `a`;
- LF line ends, no byte order mark, no space at the end of a line.

A base comes first, where that gives no IRI another meaning; else every directive stays where its author has it.
What cannot be kept is refused by name: RDF 1.2 syntax, a prefix declared anew further down.
"""

from __future__ import annotations

import io
import re
from itertools import takewhile

from kg.errors import DataError, Place
from kg.terms import PREFIXES
from kg.turtle.tokens import Lines, tokens
from kg.turtle.tree import Anonymous, Collection, Item, Node, Pair, Statement, Term, statements

WIDTH = 110
_LABELS = (
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["rdfs"] + "label",
    PREFIXES["dcterms"] + "title",
    PREFIXES["foaf"] + "name",
)
_TYPE = PREFIXES["rdf"] + "type"
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")


def layout(text: str, file: str = "-") -> str:
    """`text` (valid Turtle) in canonical layout. Raises DataError, with its place, for what it cannot keep.

    The result has the same triples, the same spelling of every term and the same comments; laying it out
    again changes nothing.
    """
    text = text.removeprefix("\ufeff")
    return written(list(statements(text)), text, file)


def written(parsed: list[Statement], text: str, file: str = "-") -> str:
    """The statements `parsed` of `text` in canonical layout, changed or not: the comments must be those of `text`."""
    directives = [s for s in parsed if s.kind in ("prefix", "base", "version")]
    prefixes = _prefixes(parsed, text, file)
    fixed = _in_order(parsed)
    if fixed:
        directives = list(takewhile(lambda statement: statement.kind in ("prefix", "base"), parsed))
    out = io.StringIO()
    _write_head(out, list(directives), fixed=fixed)
    first = not directives
    for statement in parsed:
        if statement.kind in ("prefix", "base", "version"):
            if not any(statement is written for written in directives):
                out.write("\n")
                _directive(out, statement)
            continue
        if statement.kind == "end" and not statement.lead:
            continue
        if not first:
            out.write("\n")
        first = False
        _comments(out, statement.lead, 0)
        if statement.kind == "triples":
            _statement(out, statement, prefixes)
        elif statement.kind in ("open", "close"):
            raise _refusal("a graph in braces (TriG)", statement.start, text, file)
    result = out.getvalue()
    if _comment_texts(text) != _comment_texts(result):
        raise DataError("fmt-comments", "a comment stands where it cannot be kept", place=Place(file))
    return result


def _comment_texts(text: str) -> list[str]:
    return sorted(c for t in tokens(text) if t.kind == "comment" for c in re.split(r" (?=#)", t.text.rstrip()))


def _refusal(what: str, start: int, text: str, file: str) -> DataError:
    lines = Lines(text)
    line, column = lines.place(start)
    return DataError(
        "fmt-refused",
        f"{what} cannot be kept by kg fmt: the file is left as it is",
        place=Place(file, line, column),
        excerpt=lines.line(line),
    )


def _in_order(parsed: list[Statement]) -> bool:
    """Whether the directives stay where they are: a base moved to the top would give an IRI another meaning."""
    before: list[Statement] = []
    for statement in parsed:
        if statement.kind == "base":
            if any(earlier.kind != "prefix" or not _ABSOLUTE.match(earlier.words[1]) for earlier in before):
                return True
            before.append(statement)
        elif statement.kind != "end":
            before.append(statement)
    return False


def _prefixes(parsed: list[Statement], text: str, file: str) -> dict[str, str]:
    """The namespaces by prefix. Refuses what a head at the top of the file would change the meaning of."""
    known: dict[str, str] = {}
    for statement in parsed:
        if statement.kind == "version":
            raise _refusal("a version directive", statement.start, text, file)
        elif statement.kind == "prefix":
            name, iri = statement.words
            if known.setdefault(name, iri) != iri:
                raise _refusal(f"the prefix {name} declared twice", statement.start, text, file)
    # A prefix that is declared below its first use would be an error, which the parser has already ruled out.
    return {name[:-1]: iri[1:-1] for name, iri in known.items()}


def _directive(out: io.StringIO, statement: Statement) -> None:
    _comments(out, [c for c in statement.lead if c], 0)
    line = f"@{statement.kind} {' '.join(statement.words)} ."
    out.write(line + (f" {statement.trail}" if statement.trail else "") + "\n")


def _write_head(out: io.StringIO, directives: list[Statement], *, fixed: bool) -> None:
    """The directives at the top: sorted, or in the order of their author where they are `fixed`."""
    if not directives:
        return
    heading, directives[0].lead = directives[0].lead, []
    _comments(out, heading, 0)
    seen: set[str] = set()
    if not fixed:
        directives.sort(key=lambda s: (s.kind != "base", s.words[0]))
    for statement in directives:
        line = f"@{statement.kind} {' '.join(statement.words)} ."
        if line in seen and not fixed and not statement.lead and not statement.trail:
            continue
        if line in seen and not fixed:  # said twice, but with a comment of its own, which stays
            _comments(out, [c for c in statement.lead if c] + ([statement.trail] if statement.trail else []), 0)
            continue
        seen.add(line)
        _directive(out, statement)


def _comments(out: io.StringIO, lead: list[str], indent: int) -> None:
    for comment in lead:
        out.write(f"{' ' * indent}{comment}".rstrip() + "\n")


def _iri(term: Term, prefixes: dict[str, str]) -> str | None:
    if term.text.startswith("<"):
        return term.text[1:-1]
    prefix, colon, local = term.text.partition(":")
    return prefixes.get(prefix, "") + local if colon else None


def _ordered(pairs: list[Pair], prefixes: dict[str, str]) -> list[Pair]:
    def rank(pair: Pair) -> int:
        iri = _iri(pair.predicate, prefixes)
        if pair.predicate.text == "a" or iri == _TYPE:
            return 0
        return 1 + _LABELS.index(iri) if iri in _LABELS else 1 + len(_LABELS)

    return sorted(pairs, key=rank)


def _statement(out: io.StringIO, statement: Statement, prefixes: dict[str, str]) -> None:
    assert statement.subject is not None
    subject = _inline(statement.subject, prefixes)
    if subject is None:
        block = io.StringIO()
        _node(block, statement.subject, 0, prefixes)
        subject = block.getvalue()
    out.write(subject)
    behind = _pairs(out, statement.pairs, 4, prefixes, first_inline=True)
    if statement.tail and behind:
        out.write(f" {behind}")
    elif behind:
        statement.trail = _joined(behind, statement.trail)
    if statement.tail:
        out.write("\n")
        _comments(out, [c for c in statement.tail if c], 4)
        out.write(".")
    else:
        out.write(" .")
    out.write(f" {statement.trail}\n" if statement.trail else "\n")


def _joined(*comments: str | None) -> str | None:
    """Comments that come to stand behind one another on one line."""
    return " ".join(c for c in comments if c) or None


def _pairs(
    out: io.StringIO, pairs: list[Pair], indent: int, prefixes: dict[str, str], *, first_inline: bool
) -> str | None:
    """The properties, ` ;` between them, without a line end; what stands behind the last is handed back."""
    ordered = _ordered(pairs, prefixes)
    behind: str | None = None
    for number, pair in enumerate(ordered):
        lead = [c for c in pair.lead if c]
        if number:
            out.write(f" ; {behind}\n" if behind else " ;\n")
        if number == 0 and first_inline and not lead:
            out.write(" ")
        else:
            if number == 0:
                out.write("\n")
            _comments(out, lead, indent)
            out.write(" " * indent)
        out.write(_property(pair, prefixes))
        # A comment behind the last value goes behind the mark that follows it, as its author sees it.
        behind = _joined(_objects(out, pair, indent, prefixes), pair.trail)
    return behind


def _property(pair: Pair, prefixes: dict[str, str]) -> str:
    """The property as it is written, which is what its line's width counts: `a` however its author spelt it."""
    return "a" if _iri(pair.predicate, prefixes) == _TYPE else pair.predicate.text


def _objects(out: io.StringIO, pair: Pair, indent: int, prefixes: dict[str, str]) -> str | None:
    """The values of one property; the comment behind the last is handed back."""
    items = pair.objects
    inline = [_inline(item.node, prefixes) for item in items]
    if None not in inline and not any(any(i.lead) for i in items) and not any(i.trail for i in items[:-1]):
        joined = " , ".join(text or "" for text in inline)
        single = len(items) == 1 or "\n" in joined
        if single or indent + len(_property(pair, prefixes)) + 1 + len(joined) + 2 <= WIDTH:
            out.write(f" {joined}")
            return items[-1].trail
    if len(items) == 1 and not any(items[0].lead):
        out.write(" ")
        _node(out, items[0].node, indent, prefixes)
        return items[0].trail
    out.write("\n")
    return _block(out, items, indent + 4, prefixes, between=" ,")


def _block(
    out: io.StringIO, items: list[Item], indent: int, prefixes: dict[str, str], *, between: str
) -> str | None:
    """Values one a line, without a line end; the comment behind the last is handed back."""
    for number, item in enumerate(items):
        _comments(out, [c for c in item.lead if c], indent)
        out.write(" " * indent)
        _node(out, item.node, indent, prefixes)
        if number < len(items) - 1:
            out.write(f"{between} {item.trail}\n" if item.trail else f"{between}\n")
    return items[-1].trail if items else None


def _inline(node: Node, prefixes: dict[str, str]) -> str | None:
    """The node on one line, or None where it is too long for that or holds comments."""
    if isinstance(node, Term):
        return node.text
    parts: list[str] = []
    if any(node.tail):
        return None
    if isinstance(node, Collection):
        for item in node.items:
            text = _inline(item.node, prefixes)
            if text is None or item.trail or any(item.lead):
                return None
            parts.append(text)
        joined = f"( {' '.join(parts)} )" if parts else "()"
    else:
        for pair in _ordered(node.pairs, prefixes):
            objects = [_inline(item.node, prefixes) for item in pair.objects]
            if (
                None in objects
                or pair.trail
                or any(pair.lead)
                or any(i.trail or any(i.lead) for i in pair.objects)
            ):
                return None
            parts.append(f"{_property(pair, prefixes)} {' , '.join(o or '' for o in objects)}")
        joined = f"[ {' ; '.join(parts)} ]" if parts else "[]"
    return joined if len(joined) <= WIDTH - 30 and "\n" not in joined else None


def _node(out: io.StringIO, node: Node, indent: int, prefixes: dict[str, str]) -> None:
    inline = _inline(node, prefixes)
    if inline is not None:
        out.write(inline)
        return
    if isinstance(node, Collection):
        out.write("(\n")
        behind = _block(out, node.items, indent + 4, prefixes, between="")
        if node.items:
            out.write(f" {behind}\n" if behind else "\n")
        _comments(out, [c for c in node.tail if c], indent + 4)
        out.write(" " * indent + ")")
        return
    assert isinstance(node, Anonymous)
    out.write("[")
    behind = _pairs(out, node.pairs, indent + 4, prefixes, first_inline=False)
    out.write(f" {behind}\n" if behind else "\n")
    _comments(out, [c for c in node.tail if c], indent + 4)
    out.write(" " * indent + "]")
