"""Tilsagn: a knowledge graph of public monetary commitments, traceable to the word.

The library says what the command says:

>>> import kg
>>> project = kg.Project.find()
>>> store = kg.Store.load(project)
>>> query = kg.find(project, "by-kind")
>>> table = store.query(query.bind({"kind": "lån"}, store))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from kg.errors import KgError as KgError
    from kg.project import Project as Project
    from kg.publish import export as export
    from kg.queries import Query as Query
    from kg.queries import find as find
    from kg.results import Table as Table
    from kg.results import Triples as Triples
    from kg.store import Store as Store
    from kg.validation import validate as validate

_HOMES = {
    "KgError": "kg.errors",
    "Project": "kg.project",
    "Query": "kg.queries",
    "Store": "kg.store",
    "Table": "kg.results",
    "Triples": "kg.results",
    "export": "kg.publish",
    "find": "kg.queries",
    "validate": "kg.validation",
}

__all__ = [
    "KgError",
    "Project",
    "Query",
    "Store",
    "Table",
    "Triples",
    "export",
    "find",
    "validate",
]


def __getattr__(name: str) -> Any:
    """The public names, imported when first used: `import kg` costs nothing."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")
