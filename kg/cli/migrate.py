"""`kg migrate`: files of an earlier version of the ontology, written anew."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import data_option
from kg.errors import KgError, Place, WorldError


@click.command()
@click.argument("version", metavar="VERSION")
@click.argument("files", nargs=-1, metavar="[FILE…]")
@click.option(
    "--check", is_flag=True, help="Change nothing; say what would change, and exit 1 where something would."
)
@click.option(
    "--sources",
    metavar="DIR",
    help="A folder with the source texts: their lengths, and the words before a quotation that stands twice.",
)
@data_option
def command(version: str, files: tuple[str, ...], check: bool, sources: str | None, data: str | None) -> int:
    """Write Turtle files of an earlier version of the ontology as VERSION has it (0.2), in canonical layout.

    Without FILE: the files of the graph. IRIs stay; each statement that is removed is printed, and a second run
    changes nothing. Rules: ontology/migrations/VERSION.ru; what changed and why: docs/changes-VERSION.md.
    """
    from kg.files import read, replace, shown
    from kg.migration import find, migrate, texts_in
    from kg.project import Project

    project = Project.find(data)
    migration = find(project, version)
    texts = texts_in(Path(sources)) if sources is not None else {}
    paths = [Path(name) for name in files] or [path for path in project.graph_files() if path.suffix == ".ttl"]
    home = project.data.resolve()
    code = 0
    for path in paths:
        try:
            if path.suffix != ".ttl":
                raise WorldError(
                    "fmt-syntax",
                    "kg migrate writes Turtle only (.ttl)",
                    place=Place(str(path)),
                    help="leave it out",
                )
            inside = path.resolve().is_relative_to(home)
            made = migrate(
                read(path),
                shown(path),
                migration,
                graph=project.graph_name(home / path.resolve().relative_to(home)) if inside else None,
                packaged=inside and data is None,
                texts=texts,
            )
            for note in made.notes:
                click.echo(f"kg: note: {note}", err=True)
            if not made.removed and not made.added:
                continue
            for triple in made.removed:
                click.echo(f"{made.file}: removed: {triple} .")
            count = f"{len(made.removed)} statements removed, {len(made.added)} added"
            if check:
                code = max(code, 1)
                click.echo(f"{made.file}: would be written: {count}", err=True)
            else:
                replace(path, made.new)
                click.echo(f"{made.file}: written: {count}", err=True)
        except KgError as error:
            click.echo(error.render(), err=True)
            code = max(code, 3 if isinstance(error, WorldError) else 1)
    return code
