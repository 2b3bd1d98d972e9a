"""`kg fmt`: Turtle files in their canonical layout."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli.options import data_option
from kg.errors import KgError, Place, UsageError, WorldError


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE…]")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 where a file is not in canonical layout.")
@data_option
def command(files: tuple[str, ...], check: bool, data: str | None) -> int:
    """Write Turtle files in canonical layout: comments kept, nothing lost, whole or not at all.

    Without FILE: the files of graph, ontology and shapes. - reads stdin and writes stdout. What cannot be
    kept (RDF 1.2 syntax, a prefix declared anew further down) is refused by name, and the file stays as it is.
    """
    from kg.files import read, replace, shown
    from kg.project import Project
    from kg.turtle.canonical import canonical

    if "-" in files:
        if len(files) > 1:
            raise UsageError("command", "- stands alone: stdin is one file")
        source = sys.stdin.buffer.read()
        result = canonical(source, "<stdin>")
        if check:
            return int(result != source)
        sys.stdout.buffer.write(result)
        return 0
    paths = [Path(name) for name in files]
    if not paths:
        project = Project.find(data)
        paths = [*project.term_files(), *project.shape_files(), *project.graph_files()]
        paths += sorted((project.ontology / "examples").rglob("*.ttl"))
        paths = [path for path in paths if path.suffix == ".ttl"]
    code = 0
    for path in paths:
        try:
            if path.suffix != ".ttl":
                raise WorldError(
                    "fmt-syntax", "kg fmt writes Turtle only (.ttl)", place=Place(str(path)), help="leave it out"
                )
            if path.exists() and not path.is_file():
                # Its text could not be put back where it came from.
                raise WorldError("file", f"{path} is no file to rewrite", help="- reads stdin and writes stdout")
            old = read(path) if not check else path.read_bytes() if path.is_file() else read(path)
            new = canonical(old, str(path))
            if new != path.read_bytes():
                if check:
                    click.echo(
                        f"{shown(path)}: not in canonical layout (kg fmt {shown(path)} writes it)", err=True
                    )
                    code = max(code, 1)
                else:
                    replace(path, new)
                    click.echo(f"{shown(path)}: written", err=True)
        except KgError as error:
            click.echo(error.render(), err=True)
            code = max(code, 3 if isinstance(error, WorldError) else 1)
    return code
