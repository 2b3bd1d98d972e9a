"""`kg export`: the whole graph for others."""

from __future__ import annotations

from pathlib import Path

import click

from kg import formats
from kg.cli.options import data_option, output_option, rule_option, write


@click.command()
@click.option("-f", "--format", "form", metavar="FORMAT", help="turtle trig nquads jsonld  [default: turtle]")
@output_option
@rule_option
@data_option
def command(form: str | None, output: str | None, rule: str | None, data: str | None) -> None:
    """The whole graph: terms, codes, every file and what is derived; sorted, the same bytes every time.

    Turtle and JSON-LD are one graph; TriG and N-Quads have one named graph a file and one for what is derived.
    -o FILE picks the format by its ending; -o DIR writes the graph there in every format.
    """
    from kg.project import Project
    from kg.publish import FORMATS, export

    folder = bool(output) and Path(str(output)).is_dir()
    if form is None and output and not folder:
        form = formats.of_output(output, FORMATS)
    if form is not None:
        formats.known(form, FORMATS)
    project = Project.find(data)
    if output and folder:
        for name in [form] if form else FORMATS:
            write(export(project, name, rule), str(Path(output) / f"tilsagn{formats.FORMATS[name].endings[0]}"))
    else:
        write(export(project, form or "turtle", rule), output)
