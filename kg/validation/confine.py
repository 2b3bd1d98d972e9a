"""What a process that reads strange data may not do: reach the network, fill the memory, outlive its time."""

from __future__ import annotations

import os
import sys
from typing import Any

MEMORY = "KG_VALIDATE_MEMORY"  # bytes
SECONDS = "KG_VALIDATE_SECONDS"
_FORBIDDEN = frozenset(("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto", "urllib.Request"))


def confine() -> None:
    """Confine this process for good; limits come from the environment that its parent made."""

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError("validation reaches no network")

    sys.addaudithook(watch)
    try:
        import resource
    except ImportError:  # no limits where the system has none
        return
    memory, seconds = os.environ.get(MEMORY), os.environ.get(SECONDS)
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    if seconds:
        # A backstop: a child whose parent was killed ends by itself.
        limit = int(float(seconds)) * 2 + 10
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
