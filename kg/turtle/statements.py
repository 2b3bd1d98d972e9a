"""Triples on their way into a file: what an importer says, as canonical Turtle."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.terms import PREFIXES, expand, shorten
from kg.turtle.layout import layout


class Statements:
    """Triples by subject. Subjects and objects are IRIs, predicates CURIEs; literals by the functions below."""

    def __init__(self) -> None:
        self._by_subject: dict[str, dict[str, set[str]]] = {}

    def add(self, subject: str, predicate: str, *objects: str) -> None:
        """Say that `subject` has `predicate` with each of `objects`: IRIs, CURIEs, numbers or written literals."""
        values = self._by_subject.setdefault(subject, {}).setdefault(predicate, set())
        values.update(_written(value) for value in objects)

    def turtle(self, heading: str) -> str:
        """Everything in canonical layout, sorted, under a comment that says what the file holds."""
        body = "\n".join(self._blocks())
        used = [name for name in sorted(PREFIXES) if f"{name}:" in body]
        prefixes = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in used)
        return layout(f"# {heading}\n\n{prefixes}\n{body}")

    def made_by(self, graph: str, licence: str, agent: str, name: str) -> None:
        """Say of the file `graph` that the program `agent`, called `name`, imported it, and under which licence."""
        made = f"{graph}#encoding"
        self.add(graph, "dcterms:license", licence)
        self.add(made, "a", "prov:Activity")
        self.add(made, "prov:generated", graph)
        self.add(made, "prov:wasAssociatedWith", agent)
        self.add(made, "til:method", "method:imported")
        self.add(agent, "a", "foaf:Agent", "prov:SoftwareAgent")
        self.add(agent, "skos:prefLabel", text(name, "en"))

    def _blocks(self) -> Iterator[str]:
        for subject, predicates in sorted(self._by_subject.items()):
            ordered = sorted(predicates.items(), key=lambda item: (item[0] != "a", item[0]))
            lines = [f"{predicate} {' , '.join(sorted(values))}" for predicate, values in ordered]
            yield f"{shorten(subject)} " + " ;\n    ".join(lines) + " .\n"


def text(value: str, language: str) -> str:
    """A literal with a language."""
    return f"{plain(value)}@{language}"


def plain(value: str) -> str:
    """A plain literal."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def date(value: str) -> str:
    """An xsd:date."""
    return f'"{value}"^^xsd:date'


def _written(value: str) -> str:
    if value.startswith('"') or value in ("true", "false") or expand(value) is not None:
        return value
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        return value
    return shorten(value)
