"""The command `kg`: parse, call, print. Each command is a module of its own, imported when it is called."""

from __future__ import annotations

import importlib
import os
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from kg import __version__
from kg.errors import KgError, did_you_mean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# A limit of time is counted from here, not from when everything has been imported.
BEGUN = time.monotonic()

# What `kg --help` lists without importing a command: name → (module, one line).
COMMANDS: dict[str, tuple[str, str]] = {
    "query": ("query", "Ask a canned question; without a name, list them."),
    "find": ("find", "Look for words: programmes, commitments, people, documents, quotations."),
    "sparql": ("sparql", "Ask a question of your own in SPARQL, read-only."),
    "show": ("show", "One thing with its labels, facts and where they come from."),
    "validate": ("validate", "Check the graph, or new data together with it."),
    "reconcile": ("reconcile", "Every stated total against what should add up to it."),
    "coverage": ("coverage", "Every amount in a source text: anchored, or not."),
    "draft": ("draft", "Read a document into candidate triples with anchors."),
    "export": ("export", "The whole graph as Turtle, TriG, N-Quads or JSON-LD."),
    "new": ("new", "A commented template for a document, commitment or programme."),
    "fmt": ("fmt", "Write Turtle files in their canonical form."),
    "migrate": ("migrate", "Files of an earlier version of the ontology, written anew."),
    "import": ("import_", "Reference data from elsewhere: cabinets, exchange rates."),
    "cache": ("cache", "Show, warm or clear the stored indexes."),
    "completion": ("completion", "Print the completion script of bash, zsh or fish."),
}


_WIDEST = 100  # columns of a terminal that a help text takes


# Three questions to try.
FIRST = (
    ("kg find bredbånd", "What is promised for broadband, and by whom?"),
    ('kg show "Nikolai Astrup"', "What did a minister say, in which words?"),
    ("kg reconcile", "Do the totals add up?"),
)


class Commands(click.Group):
    """A group whose commands are imported when they are asked for, so that `kg --help` is quick."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """As click does, told how wide a help text is: it would import shutil, and bz2 and lzma with it, to ask."""
        return super().make_context(info_name, args, parent, terminal_width=_width(), **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of a newcomer's interest."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"kg.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest names where there is no such command."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from kg.errors import UsageError

            near = did_you_mean(name, COMMANDS)
            raise UsageError("command", f"no command {name!r}", help=near or f"one of {', '.join(COMMANDS)}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What a shell offers: names and lines from the table above, no module imported."""
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [
            CompletionItem(name, help=line) for name, (_, line) in COMMANDS.items() if name.startswith(incomplete)
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands from the table above, no module imported."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])
        with formatter.section("To begin with"):
            formatter.write_dl(list(FIRST))


def _width() -> int:
    """How wide a help text is, as click has it of shutil.get_terminal_size: two less than the terminal, 50 to 98."""
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]  # None is caught
        except (AttributeError, ValueError, OSError):
            columns = 0
    return max(min(columns or 80, _WIDEST) - 2, 50)


def _version(context: click.Context, parameter: click.Parameter, asked: bool) -> None:
    """Say which program and which graph this is, and leave."""
    if not asked or context.resilient_parsing:
        return
    from kg.project import Project
    from kg.version import stated

    version = stated(Project.find(os.environ.get("KG_DATA")))
    click.echo(f"kg, version {__version__}")
    click.echo(version or "graph without a version of its own")
    context.exit()


@click.command(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _WIDEST}
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help="Show the versions and exit.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error (or set KG_DEBUG).")
def commands(debug: bool) -> None:
    """Public money promises: who promised how much, for what, to whom, and which words say so."""
    if debug:
        os.environ["KG_DEBUG"] = "1"


def main() -> int:
    """Run `kg` on sys.argv and return its exit code (docs/errors.md); never a traceback."""
    if sys.stderr is None:  # closed by who called: there is nobody to speak to
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    if sys.stdout is None:
        print("kg: error[world]: standard output is closed", file=sys.stderr)  # noqa: T201 - as in _report
        return 3
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
    try:
        code = _run()
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader has gone: nothing is left to say, and the interpreter must not say it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run() -> int:
    try:
        result: Any = commands(standalone_mode=False)
        return result if isinstance(result, int) else 0
    except KgError as error:
        return _report(error, error.render(), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        return _report(error, error.format_message(), 2)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        usage = f"\n  help: {context.command_path} --help" if context else ""
        message = " ".join(error.format_message().split())
        return _report(error, f"kg: error[command]: {message}{usage}", 2)
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        raise
    except OSError as error:
        return _report(error, f"kg: error[world]: {error}", 3)
    except RecursionError as error:
        return _report(error, "kg: error[depth]: the input is nested too deeply", 3)
    except Exception as error:  # the last resort: a bug is said in one line, not as a traceback
        text = " ".join(f"{type(error).__name__}: {error}".split())
        return _report(error, f"kg: error[bug]: {text}\n  help: run with --debug and report it", 70)


def _report(error: BaseException, text: str, code: int) -> int:
    if os.environ.get("KG_DEBUG"):
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    print(text, file=sys.stderr)  # noqa: T201 - the one place that speaks to people in trouble
    return code
