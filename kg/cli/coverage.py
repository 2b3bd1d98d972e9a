"""`kg coverage`: every amount of a source text, anchored or not."""

from __future__ import annotations

import json

import click

from kg import formats
from kg.cli.options import data_option, output_option, write

_FORMATS = ("text", "json")


@click.command()
@click.argument("document", metavar="DOCUMENT")
@click.option("--document", "name", metavar="IRI", help="Hold it against this document of the graph.")
@click.option(
    "--lang", "language", metavar="LANG", help="The text's language: da nb nn sv en  [default: its words]"
)
@click.option("-f", "--format", "form", default="text", show_default=True, metavar="FORMAT", help="text json")
@output_option
@data_option
def command(
    document: str, name: str | None, language: str | None, form: str, output: str | None, data: str | None
) -> int:
    """Every amount in a source text: anchored in the graph, or not. `-` reads standard input.

    The document is found by the SHA-256 of its bytes, else by the words that its anchors quote. Exit 1 where an
    amount has no anchor, an anchor no longer holds, the checksum differs, or the graph does not know the text.
    """
    from kg import evidence
    from kg.draft.document import read_document
    from kg.draft.lexicon import check_language
    from kg.draft.quantities import read_amounts
    from kg.errors import DataError, UsageError, did_you_mean
    from kg.project import Project
    from kg.store import Store
    from kg.version import of

    formats.known(form, _FORMATS)
    source = read_document(document)
    amounts = read_amounts(source.text, check_language(language) or source.language)
    store = Store.of_files(Project.find(data).graph_files())
    known = evidence.documents(store)
    if name is not None:
        found = evidence.named(known, name)
        if found is None:
            raise UsageError("document", f"no document {name} in the graph", help=did_you_mean(name, known))
    else:
        found = evidence.closest(known, source.text, source.checksums)
    if found is None:
        count = f"{len(amounts)} amount{'' if len(amounts) == 1 else 's'} in it"
        raise DataError(
            "unknown-document",
            f"{source.name}: no document of the graph has this text ({count}, sha256 {source.checksum})",
            help="kg draft reads it into candidate triples; --document IRI holds it against one that you name",
        )
    coverage = evidence.cover(found, source.text, source.checksums, amounts)
    if form == "json":
        version = of(store)
        told = evidence.record(coverage, source.text) | ({"graph": version.record()} if version else {})
        write(json.dumps(told, ensure_ascii=False, indent=2) + "\n", output)
    else:
        write("".join(f"{line}\n" for line in evidence.report(coverage, source.text)), output)
    return 0 if coverage.whole else 1
