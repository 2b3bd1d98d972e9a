"""What is wrong in a shapes graph itself: words that SHACL does not have, what nobody carries out, ill-formed shapes.

The words are those of the W3C's vocabulary file, the rules those of its shapes for shapes (SHACL 1.0, appendix C);
pyshacl brings both.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.errors import nearest
from kg.shacl.graph import Index, Node, key, values
from kg.shacl.vocabulary import KNOWN, SH, SILENT, sh

# From drafts of 2015 and 2016, and still in shapes of today: what the recommendation calls them.
_OF_DRAFTS = {
    "shape": "node",
    "valueShape": "node",
    "valueClass": "class",
    "predicate": "path",
    "scope": "targetNode",
    "scopeNode": "targetNode",
    "scopeClass": "targetClass",
    "stem": "pattern",
}
# What nearly every shapes graph has, so that the vocabulary file need not be read for it.
_COMMON = frozenset(
    """NodeShape PropertyShape Violation Warning Info IRI Literal BlankNode BlankNodeOrIRI IRIOrLiteral
    BlankNodeOrLiteral select prefixes declare prefix namespace SPARQLConstraint alternativePath inversePath
    zeroOrMorePath oneOrMorePath zeroOrOnePath""".split()  # noqa: SIM905 - reads better as words
)
_ADVANCED = "# SHACL ADVANCED FEATURES"  # the heading in the vocabulary file


class Fault(NamedTuple):
    """What is wrong at a triple (subject and value as keys); a violation in a shapes graph: it cannot be used."""

    rule: str
    message: str
    focus: str
    predicate: str | None = None
    value: str | None = None
    help: str | None = None
    severity: str = "violation"


def faults(shapes: Index) -> Iterator[Fault]:
    """What can be told without data: words, features that are not carried out, patterns that do not parse."""
    said: set[str] = set()
    for subject, properties in shapes.by_subject.items():
        for predicate in properties:
            found = values(properties, predicate)
            if predicate.startswith(SH) and predicate not in SILENT and predicate[len(SH) :] not in KNOWN:
                yield from _word(predicate, subject, predicate, found[0], said)
            for value in found:
                if type(value) is NamedNode and value.value.startswith(SH):
                    yield from _word(value.value, subject, predicate, value, said)
    for subject, value in shapes.pairs(sh("pattern")):
        if isinstance(value, Literal):
            try:
                re.compile(value.value)
            except re.error as error:
                yield Fault(
                    "shapes",
                    f'the pattern "{value.value}" cannot be read: {error}',
                    key(subject),
                    f"<{sh('pattern')}>",
                    key(value),
                    "patterns are Python's regular expressions here: \\ before a sign that is meant as itself",
                )


def ill_formed(shapes: Index) -> list[Fault]:
    """Where the shapes are not what SHACL's own shapes ask of shapes. It takes pyshacl, and is asked for at need."""
    from kg.shacl.validator import Validator

    rules = Index()
    rules.add(parse(_asset("shacl-shacl.ttl").read_bytes(), format=RdfFormat.TURTLE))
    found = []
    for result in Validator(rules).validate(shapes, {}).results:
        path = result.path if result.path and result.path.startswith("<") else None
        name = f"sh:{path[len(SH) + 1 : -1]}" if path and path.startswith(f"<{SH}") else "this shape"
        kind = result.component.rpartition("#")[2].removesuffix("ConstraintComponent>")
        said = _REASONS.get(kind) or " ".join(text for _, text in result.messages)
        found.append(Fault("shapes", f"{name}: {said}", result.focus, path, result.value))
    # What names a value is nearer to the mistake than what says that a node as a whole is no shape.
    return sorted(found, key=lambda fault: (fault.predicate is None, fault.value is None))


_REASONS = {
    "MaxCount": "at most one value is allowed",
    "MinCount": "a value is missing",
    "Node": "this value is of the wrong form (a list, a path or a shape is wanted)",
    "Datatype": "this value is of the wrong datatype",
    "NodeKind": "this value is of the wrong kind (IRI, literal or blank node)",
    "In": "this value is none of those that SHACL has",
}


def carried_out(name: str) -> bool:
    """Whether SHACL 1.0 has a term sh:`name`: what it does not have, pyshacl passes over."""
    return name in _core() and name != "entailment"


def _word(iri: str, subject: Node, predicate: str, value: Node, said: set[str]) -> Iterable[Fault]:
    name = iri[len(SH) :]
    if iri in said or name in _COMMON or name in KNOWN or iri in SILENT:
        return
    said.add(iri)
    if carried_out(name):
        return
    place = key(subject), f"<{predicate}>", key(value)
    if name in _all():
        yield Fault(
            "not-carried-out",
            f"sh:{name} is not of SHACL Core or SHACL-SPARQL and is not carried out: what hangs on it was not checked",
            *place,
            "say it with a target, a constraint or an sh:sparql of SHACL 1.0",
            "warning",
        )
        return
    near = [_OF_DRAFTS[name]] if name in _OF_DRAFTS else nearest(name, _core(), 1)
    yield Fault(
        "no-shacl-term",
        f"sh:{name} is no term of SHACL 1.0: nothing was checked by it",
        *place,
        f"did you mean sh:{near[0]}?" if near else None,
        "warning",
    )


def _asset(name: str) -> Path:
    spec = importlib.util.find_spec("pyshacl")  # found, not imported
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "assets" / name


@cache
def _terms(text: bytes) -> frozenset[str]:
    found = parse(text, format=RdfFormat.TURTLE)
    return frozenset(q.subject.value[len(SH) :] for q in found if isinstance(q.subject, NamedNode))


def _all() -> frozenset[str]:
    return _terms(_asset("shacl.ttl").read_bytes())


def _core() -> frozenset[str]:
    return _terms(_asset("shacl.ttl").read_bytes().partition(_ADVANCED.encode())[0])
