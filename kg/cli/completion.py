"""`kg completion`, and the values that shells offer for a question's options."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from kg.project import Project
    from kg.queries import Parameter, Query

# A shell that waits longer than this is worse than one that offers nothing; KG_TIMEOUT says else.
_SECONDS = 0.3
_HOW = {
    "bash": 'add this line to ~/.bashrc:   eval "$(kg completion bash)"',
    "zsh": 'add this line to ~/.zshrc:   eval "$(kg completion zsh)"',
    "fish": "kg completion fish > ~/.config/fish/completions/kg.fish",
}


@click.command(epilog="\b\n" + "\n".join(_HOW.values()))
@click.argument("shell", type=click.Choice(list(_HOW)))
def command(shell: str) -> None:
    """Print the completion script of a shell: commands, questions, options, and values from the graph."""
    from click.shell_completion import get_completion_class

    from kg.cli import commands

    found = get_completion_class(shell)
    assert found is not None
    script = found(commands, {}, "kg", "_KG_COMPLETE")
    # `source` would first ask bash for its version, by starting it.
    click.echo(script.source_template % script.source_vars())


def offered(project: Project, query: Query, parameter: Parameter, begun: str) -> list[CompletionItem]:
    """What a shell offers for one option of a question: what is found in time, in a graph that can be read in time."""
    from click.shell_completion import CompletionItem

    from kg import cache, suggestions
    from kg.store import Store

    seconds = float(os.environ.get("KG_TIMEOUT") or _SECONDS)
    end = threading.Timer(seconds, os._exit, (0,))
    end.daemon = True
    end.start()
    atexit.register(_leave)
    lang = os.environ.get("KG_LANG", "en")
    if parameter.type == "code":
        found = suggestions.codes(project, parameter, begun, lang)
    elif parameter.type == "boolean":
        found = [suggestions.Suggestion(value, "") for value in ("false", "true") if value.startswith(begun)]
    else:
        place = None if cache.size(project) < cache.SMALL else cache.find(project)
        if place is None and cache.size(project) >= cache.SMALL:
            return []
        store = Store.open(place) if place else Store.load(project)
        if parameter.type == "iri":
            found = suggestions.things(store, query, parameter, begun, lang, 2 * seconds / 3)  # the rest for names
        else:
            found = suggestions.literals(store, query, parameter, begun)
    end.cancel()
    return [CompletionItem(one.value, help=one.label or None) for one in found]


def _leave() -> None:
    """End at once: what still reads the graph is not waited for."""
    sys.stdout.flush()
    os._exit(0)
