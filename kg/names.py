"""From what a person types to the thing that is meant: by IRI, `prefix:name`, slug, label, code, or part of a label.

What is wanted is said by IRIs: of a class, for its things and those of its subclasses, or of a namespace (with a "/" at
its end), for its codes, countries or currencies. Without any, everything that the source speaks of is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.errors import UsageError, fold, nearest
from kg.labels import LANGUAGES, labels, short
from kg.rdf import NamedNode, iri, literal
from kg.results import Source, plain, select
from kg.sparql import prefixed
from kg.terms import CODE, ID, PREFIXES, expand, shorten

_NAMING = "skos:prefLabel, skos:altLabel, skos:hiddenLabel, skos:notation, foaf:name, dcterms:title"
# What leads to the countries and currencies that a graph speaks of: it does not describe them.
_LEADING = {PREFIXES["country"]: "dcterms:spatial", PREFIXES["cur"]: "til:currency|til:perUnitOf"}
_LANGUAGES = (*LANGUAGES, "nn", "fi")
_LISTED = 10
_CHUNK = 400
_COMPARED = 20_000  # names


class Thing(NamedTuple):
    """A thing as it is told from others: its IRI, its label, and the label of what it is (both in one language)."""

    iri: str
    label: str
    what: str

    def __str__(self) -> str:
        return ", ".join(part for part in (self.label, self.what, shorten(self.iri).strip("<>")) if part)


class Match(NamedTuple):
    """The things that a name may mean, and whether it is the whole name of each, or only part of one."""

    things: tuple[str, ...]
    whole: bool


@lru_cache(1 << 16)
def key(text: str) -> str:
    """`text` as names are compared: letters and digits, folded; å is aa and a, ø and ö oe and o, æ and ä ae and a."""
    plainly = "".join(character for character in fold(text) if character.isalnum())
    return re.sub("a[ae]+", "a", re.sub("oe+", "o", plainly))


def words(text: str) -> list[str]:
    """The words of `text`, each as it is compared."""
    return [word for part in re.split(r"[\W_]+", fold(text)) if (word := key(part))]


def members(source: Source, wanted: Sequence[str]) -> list[str]:
    """The IRIs of everything in the source that is of what is wanted, sorted."""
    found: set[str] = set()
    for text in _queries(source, wanted, "SELECT DISTINCT ?thing"):
        found.update(row[0].value for row in select(source, text).rows if isinstance(row[0], NamedNode))
    return sorted(found)


def meant(source: Source, typed: str, wanted: Sequence[str] = ()) -> Match:
    """What `typed` may mean among what is wanted: the thing with this IRI, else those with this name or part of it."""
    return _as_written(source, typed, wanted) or among(_names(source, wanted), typed)


def resolve(source: Source, typed: str, wanted: Sequence[str] = (), lang: str = "en", where: str = "") -> Match:
    """The one thing that `typed` means, as the only one of a match.

    Raises UsageError where it is none, with what is near or what the thing is instead, and where it may be several,
    with the first ten of them. `where` is said first, for example "--programme: ".
    """
    called: dict[str, set[str]] = {}
    if (found := _as_written(source, typed, wanted)) is None:
        called = _names(source, wanted)
        found = among(called, typed)
    code = "parameter" if where else "thing"
    if len(found.things) == 1:
        return found
    if found.things:
        some = [f"\n    {thing}" for thing in described(source, found.things[:_LISTED], lang)]
        more = f"\n    and {len(found.things) - _LISTED} more" if len(found.things) > _LISTED else ""
        message = f"{where}{typed!r} names {len(found.things)} things"
        raise UsageError(code, message, help=f"one of{''.join(some)}{more}")
    kinds = " or ".join(_called(source, wanted, lang))
    # In a large graph all names would take seconds to look through, for an error.
    other = _as_written(source, typed, ()) if len(called) > _COMPARED else meant(source, typed)
    if wanted and other and other.whole and other.things:
        instead = described(source, other.things[:1], lang)[0]
        what = _article(instead.what, lang) or "of no kind that is stated"
        message = f"{where}{instead.label} is {what}; what is wanted is {_article(kinds, lang)}"
        raise UsageError(code, message, help=_near(source, typed, called, lang) or f"it is {short(instead.iri)}")
    if not source.query("ASK { ?s ?p ?o }"):
        raise UsageError(code, f"{where}what is asked has not one statement, and so nothing called {typed!r}")
    raise UsageError(
        code,
        f"{where}{f'no {kinds}' if wanted else 'nothing'} is called {typed!r} here",
        help=_near(source, typed, called, lang) or "a label, prefix:name or IRI; `kg find` looks for words",
    )


def described(source: Source, things: Sequence[str], lang: str) -> list[Thing]:
    """Things with their labels and what they are, in a language; without a label, what is last in the IRI."""
    nodes = [NamedNode(thing) for thing in things]
    classes: dict[str, set[str]] = {thing: set() for thing in things}
    for chunk in (nodes[at : at + _CHUNK] for at in range(0, len(nodes), _CHUNK)):
        listed = " ".join(map(str, chunk))
        text = f"SELECT ?thing ?class {{ VALUES ?thing {{ {listed} }} ?thing a|skos:inScheme ?class }}"
        for node, kind in select(source, prefixed(text)).rows:
            classes[plain(node)].add(plain(kind))
    for thing in things:
        if namespace := _namespace(thing):
            classes[thing] = {namespace[:-1]}
    above = superclasses(source)
    kinds = {kind for found in classes.values() for kind in found}
    named = labels(source, [*nodes, *map(NamedNode, kinds)], lang)
    found = []
    for thing, of in classes.items():
        # The narrowest class that has a name: a rest is a commitment too.
        narrow = [kind for kind in of if not any(kind in above.get(other, ()) for other in of)]
        what = next((named[kind] for kind in sorted(narrow) if kind in named), "")
        label = named.get(thing) or outside_name(thing, lang) or _slug(thing)
        found.append(Thing(thing, _printable(label), _printable(what)))
    return found


def outside_name(thing: str, lang: str) -> str | None:
    """The name of a country or a currency, which the graph does not describe; None for anything else."""
    if _namespace(thing) not in _LEADING:
        return None
    from kg import authorities

    return authorities.named(thing, lang)


def among(names: Mapping[str, Iterable[str]], typed: str) -> Match:
    """What `typed` may mean among things with these names: those with just this name, else those with all its words."""
    wanted, parts = key(typed), words(typed)
    if not wanted:
        return Match((), False)
    keys = {thing: {key(name) for name in of} for thing, of in names.items()}
    whole = sorted(thing for thing, of in keys.items() if wanted in of)
    if whole:
        return Match(tuple(whole), True)
    partly = sorted(thing for thing, of in keys.items() if any(all(part in name for part in parts) for name in of))
    return Match(tuple(partly), False)


def _as_written(source: Source, typed: str, wanted: Sequence[str]) -> Match | None:
    """What has this very IRI, or this very name: that is looked up, and no other name need be read."""
    for candidate in _candidates(typed, wanted):
        if _accepted(source, candidate, wanted):
            return Match((candidate,), True)
    if set(wanted) & _LEADING.keys() or not typed.isprintable():
        return None  # of countries and currencies the source has no names
    said = " ".join(map(str, (literal(typed), *(literal(typed, language=lang) for lang in _LANGUAGES))))
    text = f"SELECT DISTINCT ?thing {{ VALUES ?name {{ {said} }} ?thing ?naming ?name FILTER(?naming IN ({_NAMING})) }}"
    named = sorted(plain(row[0]) for row in select(source, prefixed(text)).rows)
    found = tuple(thing for thing in named if _accepted(source, thing, wanted))
    return Match(found, True) if found else None


def _candidates(typed: str, wanted: Sequence[str]) -> list[str]:
    """The IRIs that `typed` may be: itself, `prefix:name`, or the last part of an IRI."""
    text = typed.strip().removeprefix("<").removesuffix(">")
    found = [expand(text), text if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) else None]
    if re.fullmatch(r"[\w.~%#=,/-]+", text):
        found += [*(one + text for one in wanted if one.endswith("/")), ID + text]
    return [one for one in found if one and _writable(one)]


def _writable(candidate: str) -> bool:
    try:
        return bool(iri(candidate))
    except ValueError:
        return False


def _accepted(source: Source, candidate: str, wanted: Sequence[str]) -> bool:
    """Whether the source has this IRI as one of what is wanted."""
    node = iri(candidate)
    if not wanted:
        return bool(source.query(f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s ?q {node} }} }}"))
    namespace = _namespace(candidate)
    if namespace in wanted:
        leading = f"?s {_LEADING[namespace]} {node}" if namespace in _LEADING else f"{node} skos:inScheme ?scheme"
        return bool(source.query(prefixed(f"ASK {{ {leading} }}")))
    # What is kept only for those who know its IRI has a successor, which has a class.
    rows = select(source, prefixed(f"SELECT ?class {{ {node} dcterms:isReplacedBy*/a ?class }}")).rows
    classes = _with_subclasses(source, wanted) if rows else set()
    return any(plain(row[0]) in classes for row in rows)


def _names(source: Source, wanted: Sequence[str]) -> dict[str, set[str]]:
    """What everything that is wanted is called, by its IRI: its names in any language, and the last part of its IRI."""
    found: dict[str, set[str]] = {}
    more = f" ?thing ?naming ?name FILTER(?naming IN ({_NAMING}))"
    for text in _queries(source, wanted, "SELECT ?thing ?name", more):
        for node, name in select(source, text).rows:
            if isinstance(node, NamedNode):
                found.setdefault(node.value, {_slug(node.value)}).add(plain(name))
    for namespace in set(wanted) & _LEADING.keys():
        from kg import authorities

        for thing in members(source, [namespace]):
            found[thing] = {_slug(thing), *authorities.names(thing)}
    return found


def _queries(source: Source, wanted: Sequence[str], head: str, more: str = "") -> Iterable[str]:
    """Queries for ?thing of what is wanted, together with `more` patterns about it."""
    for namespace in wanted:
        if namespace in _LEADING and not more:
            pattern = f"?any {_LEADING[namespace]} ?thing FILTER(STRSTARTS(STR(?thing), '{namespace}'))"
            yield prefixed(f"{head} {{ {pattern} }}")
        elif namespace.endswith("/") and namespace not in _LEADING:
            yield prefixed(f"{head} {{ ?thing skos:inScheme <{namespace[:-1]}> .{more} }}")
    classes = [one for one in wanted if not one.endswith("/")]
    if classes:
        listed = " ".join(f"<{one}>" for one in sorted(_with_subclasses(source, classes)))
        yield prefixed(f"{head} {{ VALUES ?class {{ {listed} }} ?thing a ?class .{more} }}")
    if not wanted:
        naming = _NAMING.replace(",", "")
        yield prefixed(f"{head} {{ VALUES ?naming {{ {naming} }} ?thing ?naming ?name }}")


def superclasses(source: Source) -> dict[str, set[str]]:
    """Every class that a class is below, directly or not, as the source states it."""
    above: dict[str, set[str]] = {}
    for narrow, wide in select(source, prefixed("SELECT ?c ?d { ?c rdfs:subClassOf ?d }")).rows:
        above.setdefault(plain(narrow), set()).add(plain(wide))
    for classes in above.values():
        waiting = list(classes)
        while waiting:
            further = above.get(waiting.pop(), set()) - classes
            classes |= further
            waiting += further
    return above


def _with_subclasses(source: Source, classes: Sequence[str]) -> set[str]:
    return set(classes) | {one for one, above in superclasses(source).items() if above & set(classes)}


def _called(source: Source, wanted: Sequence[str], lang: str) -> list[str]:
    """What the classes, code lists and tables that are wanted are called."""
    named = labels(source, [NamedNode(one.removesuffix("/")) for one in wanted], lang)
    return [_printable(named.get(one.removesuffix("/")) or short(one.removesuffix("/"))) for one in wanted]


def _near(source: Source, typed: str, called: Mapping[str, Iterable[str]], lang: str) -> str | None:
    """A help line: the names that are near, or all that there is where that is little."""
    said = {name: thing for thing, names in sorted(called.items()) for name in sorted(names)}
    if len(said) > _COMPARED:  # comparing takes tens of microseconds
        begun = key(typed)[:2]
        said = {name: thing for name, thing in said.items() if key(name).startswith(begun)}
    near = {said[name]: name for name in reversed(nearest(typed, said))}  # of a thing, the nearest
    parts = [f"did you mean {' or '.join(map(repr, reversed(near.values())))}?"] if near else []
    things = sorted(set(said.values()))
    if 0 < len(things) <= _LISTED:
        known = described(source, things, lang)
        shown = [
            _slug(one.iri) + (f" ({one.label})" if key(one.label) != key(_slug(one.iri)) else "") for one in known
        ]
        parts.append(f"there is {', '.join(shown)}")
    return "; ".join(parts).replace("?; ", "? ") or None


def _printable(label: str) -> str:
    """A label in a sentence of ours: what an endpoint calls a thing must not be able to drive a terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in label)


def _article(what: str, lang: str) -> str:
    """In English, `what` with its article."""
    return what if lang != "en" or not what else f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def _namespace(thing: str) -> str | None:
    """The namespace of a code, a country or a currency."""
    namespace = thing[: thing.rfind("/") + 1]
    return namespace if namespace in _LEADING or namespace.startswith(CODE) else None


def _slug(thing: str) -> str:
    return (
        thing[max(thing.rfind("/"), thing.rfind("#")) + 1 :]
        if not thing.startswith(ID)
        else thing.removeprefix(ID)
    )
