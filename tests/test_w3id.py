"""docs/w3id/.htaccess: where each IRI of the project leads, by what is asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.project import Project
from kg.terms import BASE

HOST = "https://tilsagn.example/"
Rule = tuple[
    list[str], str, str
]  # what Accept must match (with ! in front: must not), the path's pattern, the address


def rules() -> list[Rule]:
    found: list[Rule] = []
    conditions: list[str] = []
    text = (Path(__file__).parent.parent / "docs" / "w3id" / ".htaccess").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("RewriteCond"):
            conditions.append(re.fullmatch(r"RewriteCond %\{HTTP_ACCEPT\} (\S+) \[NC\]", line)[1])  # type: ignore[index]  # or the test fails
        elif line.startswith("RewriteRule"):
            pattern, address = re.fullmatch(r"RewriteRule (\S+) (\S+) \[R=303,L,NE\]", line).groups()  # type: ignore[union-attr]  # as above
            found.append((conditions, pattern, address))
            conditions = []
    return found


def led(path: str, accept: str) -> str:
    """Where Apache's mod_rewrite leads, for the conditions and flags that the file uses."""
    for conditions, pattern, address in rules():
        wanted = [bool(re.search(c.removeprefix("!"), accept, re.I)) != c.startswith("!") for c in conditions]
        match = re.search(pattern, path)
        if match and all(wanted):
            return address.replace("$1", match[1])
    raise AssertionError(path)


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", ""),
        ("*/*", ""),
        ("", ""),
        ("text/turtle", ".ttl"),
        ("application/ld+json, text/turtle;q=0.5", ".ttl"),
        ("application/ld+json", ".jsonld"),
        ("application/n-triples", ".nt"),
        ("text/turtle, text/html", ""),
    ],
)
def test_every_iri_of_ours_leads_to_its_page_or_its_triples(accept: str, ending: str, project: Project) -> None:
    named = {
        quad.subject.value.removeprefix(BASE).partition("#")[0]
        for path in [*project.term_files(), *project.graph_files(), *project.shape_files()]
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(BASE)
    }
    assert len(named) > 2500
    for path in named:
        assert led(path, accept) == f"{HOST}{path}{ending}"


def test_what_has_an_ending_or_a_version_is_asked_for_as_it_is() -> None:
    for path in ("tilsagn.ttl", "query/names.csv", "id/kmd.ttl", "v/0123456789ab/query/names", ""):
        assert led(path, "text/turtle") == HOST + path
