"""What pyshacl and rdflib import and most judgements do without, left until it is used: half of the judge's start.

rdflib's SPARQL engine builds a grammar of a thousand parts while it is imported, and html5rdf is for rdf:HTML alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

# Of these pyshacl takes names for the functions, scripts and stores that the judge has not: rules and functions of
# SHACL-AF, of SHACL-JS, and data in an Oxigraph store. It hands queries to the graph, which is ours.
_UNUSED = ("rdflib.plugins.sparql.operators", "rdflib.plugins.sparql.sparql")
_LAZY = frozenset(("html5rdf",))


class _Lazily:
    """Finds modules that are loaded when something of them is first asked for."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """As every finder does; None for all other modules."""
        spec = PathFinder.find_spec(name) if name in _LAZY else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


class _StandIn(ModuleType):
    """A module of which every name is a class that nothing is an instance of."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (Exception,), {})
        setattr(self, name, made)
        return made


@contextmanager
def deferred() -> Iterator[None]:
    """Within, pyshacl and rdflib are imported without; afterwards the SPARQL engine is imported by who wants it."""
    sys.meta_path.insert(0, _Lazily)
    absent = [module for module in _UNUSED if module not in sys.modules]
    for module in absent:
        sys.modules[module] = _StandIn(module)
    try:
        yield
    finally:
        sys.meta_path.remove(_Lazily)
        for module in absent:
            del sys.modules[module]
