"""Triples on their way into a file, as Turtle text."""

from __future__ import annotations

from collections.abc import Iterator

from kg.terms import PREFIXES, expand, shorten


class Statements:
    """Triples by subject. Subjects and objects are IRIs, predicates CURIEs; literals by the functions below."""

    def __init__(self) -> None:
        self._by_subject: dict[str, dict[str, set[str]]] = {}

    def add(self, subject: str, predicate: str, *objects: str) -> None:
        """Say that `subject` has `predicate` with each of `objects`: IRIs, CURIEs, numbers or written literals."""
        values = self._by_subject.setdefault(subject, {}).setdefault(predicate, set())
        values.update(_written(value) for value in objects)

    def turtle(self) -> str:
        """Everything as Turtle, subjects, predicates and objects sorted."""
        body = "\n".join(self._blocks())
        used = [name for name in sorted(PREFIXES) if f"{name}:" in body]
        return "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in used) + "\n" + body

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
    if value.startswith('"') or value in ("true", "false") or value.isdecimal() or expand(value) is not None:
        return value
    return shorten(value)
