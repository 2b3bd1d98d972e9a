"""Write the generated parts of the documentation, or with --check say which are stale.

Generated: a page for each canned query and their list, the command's help, the table of errors, the tables of
terms and shapes, the alignment as triples, the counts of graph/dataset.ttl. What a person wrote around a generated
part (between its two markers) stays.
"""

from __future__ import annotations

import ast
import csv
import datetime
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pyoxigraph as ox

from kg.cli import COMMANDS, commands
from kg.dataset import described
from kg.project import Project
from kg.queries import Query, option
from kg.results import Source, Table, plain, select
from kg.store import Store
from kg.terms import shorten
from kg.turtle.layout import layout
from kg.version import FILE

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
START, END = "<!-- generated: {} -->", "<!-- end generated -->"


def between(path: Path, name: str, body: str) -> tuple[Path, str]:
    """The file's text with `body` between the markers of that name."""
    text = path.read_text(encoding="utf-8")
    start = START.format(name)
    before, found, rest = text.partition(start)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise SystemExit(f"{path}: no markers {start} … {END}")
    return path, f"{before}{start}\n\n{body.strip()}\n\n{END}{after}"


def table(headers: list[str], rows: list[list[str]]) -> str:
    escaped = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    lines = [headers, ["---"] * len(headers), *escaped]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def query_pages(project: Project) -> Iterator[tuple[Path, str]]:
    """One page a query, and their list in docs/queries.md."""
    queries = [Query.read(path) for path in project.query_files()]
    for query in queries:
        numbers = ", ".join(map(str, query.answers))
        parts = [f"# {query.name}", query.question, query.prose]
        if numbers:
            parts.append(f"Question {numbers} of the list in [queries.md](../queries.md).")
        if query.empty:
            parts.append(f"An empty answer: {query.empty}")
        if query.parameters:
            rows = [
                [
                    f"`--{option(one.name)}`",
                    f"{one.type}({one.of})" if one.of else one.type,
                    one.default,
                    one.description,
                ]
                for one in query.parameters
            ]
            parts.append(
                table(["option", "type", "default", "meaning"], [[a, b, f"`{c}`", d] for a, b, c, d in rows])
            )
        parts.append(f"    kg query {query.name}")
        parts.append(f"```sparql\n{query.text.strip()}\n```")
        yield DOCS / "queries" / f"{query.name}.md", "\n\n".join(part.strip("\n") for part in parts if part) + "\n"
    rows = [
        [", ".join(map(str, query.answers)), f"[{query.name}](queries/{query.name}.md)", query.question]
        for query in sorted(queries, key=lambda query: (query.answers or (99,), query.name))
    ]
    yield between(DOCS / "queries.md", "queries", table(["no.", "query", "question"], rows))


def cli_page() -> tuple[Path, str]:
    """Every command's help, as `kg COMMAND --help` prints it."""
    parts = []
    top = click.Context(commands, info_name="kg")
    parts.append(f"## kg\n\n```\n{commands.get_help(top)}\n```")
    for name in COMMANDS:
        command = commands.get_command(top, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=top)
        parts.append(f"## kg {name}\n\n```\n{_help(command, context)}\n```")
        if isinstance(command, click.Group) and name != "query":
            for inner in command.list_commands(context):
                made = command.get_command(context, inner)
                assert made is not None
                shown = made.get_help(click.Context(made, info_name=inner, parent=context))
                parts.append(f"### kg {name} {inner}\n\n```\n{shown}\n```")
    return between(DOCS / "cli.md", "commands", "\n\n".join(parts))


def _help(command: click.Command, context: click.Context) -> str:
    # The list of questions has a page of its own.
    text = command.get_help(context)
    return text.partition("\nQuestions:")[0].rstrip() if context.info_name == "query" else text


def errors_page() -> tuple[Path, str]:
    """Every error's code, as the package raises it: slug, exit code, where it comes from."""
    exits = {"DataError": 1, "UsageError": 2, "WorldError": 3}
    found: dict[tuple[str, int], set[str]] = {}
    for path in sorted((ROOT / "kg").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in exits
                and node.args
            ):
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    room = path.relative_to(ROOT / "kg").with_suffix("").as_posix().replace("/", ".")
                    found.setdefault((str(code.value), exits[node.func.id]), set()).add(room)
    rows = [
        [f"`{code}`", str(leaves), ", ".join(sorted(rooms))] for (code, leaves), rooms in sorted(found.items())
    ]
    return between(DOCS / "errors.md", "errors", table(["code", "exit", "raised in"], rows))


_TERMS = """
SELECT ?term ?label ?definition ?comment WHERE {
  ?term rdfs:isDefinedBy <https://w3id.org/tilsagn/ns#> ; rdfs:label ?label ; skos:definition ?definition .
  OPTIONAL { ?term rdfs:comment ?comment }
  FILTER(LANG(?label) = "en" && LANG(?definition) = "en")
} ORDER BY ?term
"""
_SHAPES = """
SELECT ?shape ?severity ?message WHERE {
  ?shape sh:message ?message . OPTIONAL { ?shape sh:severity ?severity } FILTER(LANG(?message) = "en")
} ORDER BY ?shape ?message
"""


def terms_part(source: Source) -> tuple[Path, str]:
    rows = [
        [f"`{_short(row[0])}`", plain(row[1]), plain(row[2]), plain(row[3])] for row in select(source, _TERMS).rows
    ]
    return between(DOCS / "model.md", "terms", table(["term", "label", "definition", "why its own"], rows))


def shapes_page(project: Project) -> tuple[Path, str]:
    answer: Table = select(Store.of_files(project.shape_files()), _SHAPES)
    rows = [
        [f"`{_short(shape)}`", _short(severity).removeprefix("sh:") or "Violation", plain(message)]
        for shape, severity, message in answer.rows
        if isinstance(shape, ox.NamedNode)
    ]
    return between(DOCS / "shapes.md", "shapes", table(["shape", "severity", "what it says"], rows))


def alignment(project: Project) -> tuple[Path, str]:
    """The mappings of alignment.sssom.tsv as triples: between two concepts as they are, all others rdfs:seeAlso."""
    table = project.ontology / "alignment" / "alignment.sssom.tsv"
    lines = table.read_text(encoding="utf-8").splitlines()
    prefixes = dict(re.findall(r"#  ([\w-]+): (\S+)", "\n".join(lines)))

    def written(curie: str) -> str:
        prefix, _, local = curie.partition(":")
        return curie if re.fullmatch(r"[\w-]+", local) else f"<{prefixes[prefix]}{local}>"

    said: dict[str, set[str]] = {}
    for row in csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"):
        concepts = row["subject_type"] == row["object_type"] == "skos concept"
        statements = said.setdefault(row["subject_id"], set())
        statements.add(f"{row['predicate_id'] if concepts else 'rdfs:seeAlso'} {written(row['object_id'])}")
        if row["comment"]:
            statements.add(f'skos:note "{row["comment"]}"@en')
    body = "\n".join(
        f"{written(subject)} {' ; '.join(sorted(statements))} ." for subject, statements in sorted(said.items())
    )
    used = [f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(prefixes.items()) if f"{name}:" in body]
    return table.with_name("alignment.ttl"), layout(f"{_ALIGNMENT}{''.join(used)}\n{body}\n")


_ALIGNMENT = "# Generated from alignment.sssom.tsv: hints for people and programs that translate, never axioms.\n"


def _short(term: object) -> str:
    return shorten(term.value) if isinstance(term, ox.NamedNode) else ""


def pages() -> dict[Path, str]:
    """Every generated file with the text that it should have."""
    project = Project.find()
    terms = Store.of_files(project.term_files())
    made = [*query_pages(project), cli_page(), errors_page(), terms_part(terms), shapes_page(project)]
    made += [alignment(project), (project.data / FILE, described(project, datetime.date.today().isoformat()))]
    return dict(made)


def main() -> int:
    wanted = pages()
    listed = set((DOCS / "queries").glob("*.md"))
    extra = listed - wanted.keys()
    stale = [
        path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv:
        for path in sorted([*stale, *extra]):
            print(f"{path.relative_to(ROOT)}: stale; run `make docs`", file=sys.stderr)
        return 1 if stale or extra else 0
    (DOCS / "queries").mkdir(exist_ok=True)
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    for path in extra:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
