"""What a process that reads strange data may not do: reach the network, fill the memory, outlive its time."""

from __future__ import annotations

import sys
from typing import Any

_FORBIDDEN = frozenset(("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto", "urllib.Request"))


def confine() -> None:
    """Keep this process from the network, for good."""

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError("validation reaches no network")

    sys.addaudithook(watch)


def limit(memory: int, seconds: float) -> None:
    """Limit this process for good to so many bytes of address space, and by its time; before it reads any data."""
    try:
        import resource
    except ImportError:  # no limits where the system has none
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # A backstop: a child whose parent was killed ends by itself.
    most = int(min(seconds, 1e9)) * 2 + 10
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
