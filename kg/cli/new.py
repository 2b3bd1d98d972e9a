"""`kg new`: a commented template to begin a file with."""

from __future__ import annotations

import re

import click

from kg.cli.options import data_option, output_option, write
from kg.errors import UsageError, did_you_mean


@click.command()
@click.argument("kind", metavar="KIND")
@click.argument("slug", required=False)
@click.option("--document", metavar="IRI", help="The document that a commitment is read from (id:doc-…).")
@output_option
@data_option
def command(kind: str, slug: str | None, document: str | None, output: str | None, data: str | None) -> None:
    """Print a valid, commented template: document commitment programme person organisation office period source.

    SLUG takes the place of "example" in its IRIs: lower case letters, digits and hyphens, readable and stable.
    """
    from kg.files import read
    from kg.project import Project
    from kg.terms import ID

    folder = Project.find(data).ontology / "templates"
    kinds = sorted(path.stem for path in folder.glob("*.ttl"))
    if kind not in kinds:
        near = did_you_mean(kind, kinds)
        raise UsageError("template", f"no template {kind!r}", help=near or f"one of {', '.join(kinds)}")
    text = read(folder / f"{kind}.ttl").decode("utf-8")
    if slug is not None:
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug):
            raise UsageError(
                "slug",
                f"{slug!r} is no slug",
                help="lower case letters a to z, digits, single hyphens between them",
            )
        text = re.sub(r"(id:(?:[a-z]+-)?)example\b", rf"\g<1>{slug}", text)
    if document is not None:
        local = document.removeprefix("id:").removeprefix(ID)
        if not re.fullmatch(r"doc-[a-z0-9]+(?:-[a-z0-9]+)*", local):
            raise UsageError(
                "document", f"{document!r} is no document of this graph", help="id:doc-<country>-<year>-…"
            )
        text = text.replace("doc-no-2019-hoyt-digitaliseringstempo", local)
    write(text, output)
