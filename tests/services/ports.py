"""Ports for servers that have to be told theirs."""

import random
import socket
from contextlib import suppress
from pathlib import Path

_LOWEST, _END = 10_000, 65_536
_GIVEN_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
_chance = random.SystemRandom()


def reserved_port() -> int:
    """Return a port of loopback that is this process's until it ends, also while its server is away.

    A port that the system gives out, to connections or to who asks for any, could be somebody else's by the time the
    server listens on it, or when it comes back. So it is one of the others; and that no other process of tests takes
    it, a name says that one process alone can have.
    """
    first, last = map(int, _GIVEN_OUT.read_text().split())
    others = [port for port in range(_LOWEST, _END) if not first <= port <= last]
    while True:
        port = _chance.choice(others or range(_LOWEST, _END))
        name = socket.socket(socket.AF_UNIX)
        with socket.socket() as probe, suppress(OSError):
            name.bind(f"\0sohoa-tests-port-{port}")
            probe.bind(("127.0.0.1", port))
            name.detach()  # held until the process ends
            return port
        name.close()
