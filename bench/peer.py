"""One peer engine in a process of its own: load a file, ask each text, say what it took. Used by bench.queries.

    python bench/peer.py ENGINE FILE.nt SECONDS < texts.json

Runs under the benchmark's own Python (bench/requirements.lock), which needs nothing of this project. Reads
{name: SPARQL}, writes one JSON object a line: {"load": s}, then {"name", "seconds", "rows"} or {"name", "error"},
and at last {"rss": MB}. A text that takes longer than SECONDS ends the process.
"""

from __future__ import annotations

import faulthandler
import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any


def _rdflib(path: str) -> Callable[[str], int]:
    import rdflib

    graph = rdflib.Graph()
    graph.parse(path, format="nt")
    return lambda text: len(list(graph.query(text)))


def _pyoxigraph(path: str) -> Callable[[str], int]:
    import pyoxigraph

    store = pyoxigraph.Store()
    store.bulk_load(path=path, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return lambda text: sum(1 for _ in store.query(text))  # type: ignore[union-attr, misc]  # a SELECT has rows


def _maplib(path: str) -> Callable[[str], int]:
    import maplib

    model = maplib.Model()
    model.read(path, format="ntriples")
    return lambda text: len(model.query(text))


ENGINES: dict[str, Callable[[str], Callable[[str], int]]] = {
    "rdflib": _rdflib,
    "pyoxigraph": _pyoxigraph,
    "maplib": _maplib,
}


def _say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def main() -> None:
    engine, path, limit = sys.argv[1:]
    texts = json.load(sys.stdin)
    begun = time.perf_counter()
    ask = ENGINES[engine](path)
    _say(load=time.perf_counter() - begun)
    for name, text in texts.items():
        faulthandler.dump_traceback_later(float(limit), exit=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123 - open to the end
        begun = time.perf_counter()
        try:
            rows = ask(text)
            _say(name=name, seconds=time.perf_counter() - begun, rows=rows)
        except Exception as error:  # a peer may fail in any way: the table says how
            _say(name=name, error=f"{type(error).__name__}: {' '.join(str(error).split())[:120]}")
        faulthandler.cancel_dump_traceback_later()
    _say(rss=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
