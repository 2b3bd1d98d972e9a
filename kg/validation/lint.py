"""What no shape says: terms that the ontology does not know, literals that are not of their datatype."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from kg.errors import did_you_mean
from kg.shacl.graph import Node, Properties, key
from kg.shacl.syntax import Fault
from kg.terms import BASE, PREFIXES, TIL
from kg.validation.datatypes import FORMS, is_of_type, written
from kg.validation.hints import display


def faults(graph: Mapping[Node, Properties], known: Callable[[], frozenset[str]]) -> Iterator[Fault]:
    """The faults of a graph's statements; `known` gives the terms of the project's namespace, asked for at need."""
    fine: set[str] = set()  # IRIs with nothing to say about
    spaces = set(PREFIXES.values())  # namespaces that are right, or have been told
    for subject, properties in graph.items():
        seen: set[str] = set()  # the unknown terms of this subject
        for predicate, found in properties.items():
            several: Sequence[Node] = found if type(found) is list else (found,)  # type: ignore[assignment]  # one value or a list
            for value in several:
                iris = () if predicate in fine else (predicate,)
                if type(value) is Literal:
                    datatype = value.datatype.value
                    if datatype in FORMS and not is_of_type(value.value, datatype):
                        yield _ill_typed(subject, predicate, value)
                elif type(value) is NamedNode and value.value not in fine:
                    iris = (*iris, value.value)
                for iri in iris:
                    space = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
                    if space not in spaces and not iri[len(space) : len(space) + 1].isdecimal():  # no version
                        spaces.add(space)
                        if (right := _RIGHT.get(_plain(space))) is not None:
                            yield _foreign(subject, predicate, value, space, right)
                    if not iri.startswith(TIL) or iri == TIL or iri in known():
                        fine.add(iri)
                    elif iri not in seen:
                        seen.add(iri)
                        yield _unknown(subject, predicate, value, iri, known())


def _plain(namespace: str) -> str:
    """A namespace without what is easily written otherwise: http or https, www, case, the last sign."""
    return namespace.casefold().partition("://")[2].removeprefix("www.").rstrip("/#")


_RIGHT = {_plain(namespace): namespace for namespace in PREFIXES.values()}


def _foreign(subject: Node, predicate: str, value: Node, space: str, right: str) -> Fault:
    own = right.startswith(BASE)
    return Fault(
        "foreign-namespace",
        f"{space} is no namespace of {'this project' if own else 'the shapes'}: nothing said with it is checked",
        key(subject),
        f"<{predicate}>",
        key(value),
        f"did you mean {right}?",
        "violation" if own else "warning",
    )


def _ill_typed(subject: Node, predicate: str, value: Literal) -> Fault:
    datatype = value.datatype.value
    return Fault(
        "ill-typed-literal",
        f"{display(key(value), 60)} is not written as {display(f'<{datatype}>')} is",
        key(subject),
        f"<{predicate}>",
        key(value),
        written(value.value, datatype),
    )


def _unknown(subject: Node, predicate: str, value: Node, iri: str, known: frozenset[str]) -> Fault:
    name, place = iri[len(TIL) :], "property" if iri == predicate else "term"
    near = did_you_mean(f"til:{name}", [f"til:{other[len(TIL) :]}" for other in known])
    return Fault(
        "unknown-term",
        f"the ontology has no {place} til:{name}",
        key(subject),
        f"<{predicate}>",
        key(value),
        near or "ontology/tilsagn.ttl has its terms; use another vocabulary's for what it lacks",
    )
