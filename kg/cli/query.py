"""`kg query`: canned questions, each a command whose options come from its file's header."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.answers import answer_options, give
from kg.cli.options import data_option, in_option, rule_option, year_option
from kg.cli.sources import at_option, timeout_option, trusted
from kg.errors import UsageError
from kg.project import Project
from kg.queries import Parameter, Query, find, option
from kg.results import Source
from kg.terms import shorten

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# What is asked for, by parameter: several values are alternatives, None is "any".
_Chosen = dict[str, Sequence[str] | None]


class Questions(click.Group):
    """One command per query file; nothing but the file that is asked for is read."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with --data taken from wherever it stands: it says where the questions are looked up."""
        front: list[str] = []
        rest: list[str] = []
        words = iter(args)
        for word in words:
            if word == "--data":
                front += [word, *([value] if (value := next(words, None)) is not None else [])]
            else:
                (front if word.startswith("--data=") else rest).append(word)
        return super().parse_args(ctx, front + rest)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The queries' names."""
        return [path.stem for path in _project(ctx).query_files()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of one query. Raises UsageError with the nearest names."""
        query = find(_project(ctx), cmd_name)
        if query.name != cmd_name:
            click.echo(f"kg: note: {cmd_name} is now {query.name}", err=True)
        return question_command(query)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What a shell offers: names, and the question that the first line of each file asks."""
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        found = [path for path in _project(ctx).query_files() if path.stem.startswith(incomplete)]
        return [CompletionItem(path.stem, help=_first_line(path)) for path in found]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Name and question of each."""
        with formatter.section("Questions"):
            formatter.write_dl(
                [(query.name, query.question) for query in map(Query.read, _project(ctx).query_files())]
            )


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.readline().lstrip("#").strip()


def _project(ctx: click.Context) -> Project:
    data = ctx.params.get("data") or (ctx.parent.params.get("data") if ctx.parent else None)
    return Project.find(data)


@click.group(cls=Questions, invoke_without_command=True)
@data_option
@click.pass_context
def command(ctx: click.Context, data: str | None) -> None:
    """Ask a canned question; without a name, list them.

    Each question has its own options and help: kg query NAME --help.
    """
    if ctx.invoked_subcommand is None:
        for query in map(Query.read, _project(ctx).query_files()):
            options = " ".join(f"--{option(parameter.name)}" for parameter in query.parameters)
            click.echo(f"{click.style(query.name, bold=True)}  {query.question}")
            if options:
                click.echo(f"    {click.style(options, dim=True)}")


def question_command(query: Query) -> click.Command:
    """A click command for one query: an option for each parameter, and how to give the answer."""

    def ask(any_value: Sequence[str], **given: Any) -> None:
        values: dict[str, Sequence[str]] = {
            parameter.name: given.pop(_key(parameter)) or () for parameter in query.parameters
        }
        chosen: _Chosen = {name: value for name, value in values.items() if value}
        for name in any_value:
            chosen[query.parameter(name).name] = None
        if query.needs and not any(chosen.get(name) for name in query.needs):
            options = " or ".join(f"--{option(name)}" for name in query.needs)
            raise UsageError("parameter", f"query {query.name} wants {options}", help="give one of them")
        ctx = click.get_current_context()
        at, timeout, rule = given.pop("at"), given.pop("timeout"), given.pop("rule")
        if at and rule:
            raise UsageError("command", "--rule derives here, --at asks elsewhere", help="give one of them")
        for name, typed in chosen.items():  # what is no value of its type is said before anything is opened
            if not (parameter := query.parameter(name)).named:
                query.bind({parameter.name: typed})
        lang, project = given["lang"], _project(ctx)
        asked: list[_Chosen] = []  # the same values as IRIs, once the names among them have been looked up

        def text(source: Source) -> str:
            asked.append(_named(query, chosen, source, lang))
            return query.bind(asked[0])

        give(
            trusted(project, at, timeout, rule),
            query,
            text,
            note=lambda source: _note(project, query, asked[0], source, lang),
            **given,
        )

    params: list[click.Parameter] = [
        click.Option(
            [f"--{option(parameter.name)}", _key(parameter)],
            multiple=True,
            metavar="NAME" if parameter.type == "iri" else (parameter.of or parameter.type).upper(),
            help=f"{parameter.description} [{_shown_default(parameter)}; several are alternatives]",
            shell_complete=_offering(query, parameter),
        )
        for parameter in query.parameters
    ]
    if query.parameters:
        params.append(
            click.Option(
                ["--any", "any_value"],
                multiple=True,
                metavar="NAME",
                help="Leave that parameter open: any value.",
                shell_complete=lambda ctx, param, incomplete: [
                    option(parameter.name)
                    for parameter in query.parameters
                    if parameter.name.startswith(incomplete)
                ],
            )
        )
    else:
        params.append(click.Option(["--any", "any_value"], multiple=True, hidden=True))
    made = click.Command(
        query.name,
        callback=ask,
        params=params,
        short_help=query.question,
        help=f"{query.question}\n\n{query.prose}",
        epilog="--data DIR asks a graph of one's own.",
    )
    for decorate in (timeout_option, at_option, rule_option, *([year_option, in_option] if query.money else [])):
        made = decorate(made)
    return answer_options(made)


def _named(query: Query, chosen: _Chosen, source: Source, lang: str) -> _Chosen:
    """The values, with the IRI of each thing and code that is named among them.

    It is said where part of a name was enough, and where a thing is deprecated: the IRI is then that which it has now.
    """
    from kg.names import described, resolve
    from kg.show import successors

    found: _Chosen = {}
    for name, values in chosen.items():
        parameter = query.parameter(name)
        if not parameter.named or not values:
            found[name] = values
            continue
        matches = [resolve(source, one, parameter.wanted, lang, f"--{option(name)}: ") for one in values]
        things = [match.things[0] for match in matches]
        for typed, match in zip(values, matches, strict=True):
            if not match.whole:
                click.echo(f"kg: note: {typed!r} is read as {described(source, match.things, lang)[0]}", err=True)
        later = successors(source, things)
        for old, new in later.items():
            click.echo(f"kg: note: {shorten(old)} is now {shorten(new)}", err=True)
        found[name] = [later.get(thing, thing) for thing in things]
    return found


def _note(project: Project, query: Query, asked: _Chosen, source: Source, lang: str) -> str | None:
    """The query that says what there is where the question has no row, for the same values.

    It is said what was asked by default. Raises UsageError where there is nothing to ask, or where a default is of
    another graph: neither is an answer.
    """
    from kg.names import resolve

    if not source.query("ASK { ?s ?p ?o }"):
        raise UsageError("graph", "what is asked has not one statement: it says nothing about the question")
    for parameter in query.parameters:
        if parameter.named and parameter.name not in asked and parameter.default != "UNDEF":
            name = option(parameter.name)
            where = f"--{name}, which was not given and so is {parameter.default}: "
            try:
                for default in parameter.default.split():
                    resolve(source, default, parameter.wanted, lang, where)
            except UsageError as error:
                raise UsageError(
                    error.code, error.message, help=f"{error.help}; or --any {name} for all"
                ) from None
            click.echo(
                f"kg: note: --{name} was not given and so is {parameter.default}; --any {name} is all", err=True
            )
    path = project.note_file(query.name)
    return Query.read(path).bind(asked) if path else None


def _offering(
    query: Query, parameter: Parameter
) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    def offer(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from kg.cli.completion import offered

        return offered(_project(ctx), query, parameter, incomplete)

    return offer


def _key(parameter: Parameter) -> str:
    return f"p_{parameter.name}"


def _shown_default(parameter: Parameter) -> str:
    return "default: any" if parameter.default == "UNDEF" else f"default: {parameter.default}"
