"""The second wall: an audit hook that refuses every socket and process that the gate did not open itself.

The transport is the one place that sends, by construction. This is for what construction cannot hold: a
library with a mind of its own. Native code does not ask audit hooks, which is why the window's process has no
network at all; see `facts` of PEP 578.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Any, Final, cast

#: What an address is: (host, port) of a name that is looked up, or of an address that is connected to.
Address = tuple[str, int]

_LOOK_UP: Final = frozenset(
    {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
)
_USE: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_RUN: Final = frozenset(
    {
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.spawn",
        "os.startfile",
        "os.startfile/2",
        "pty.spawn",
    }
)
#: One argument of a command line as Windows is given it; the quotation mark itself is in no file name there.
_ARGUMENT: Final = re.compile(r'"([^"]*)"|([^\s"]+)')


class Refused(PermissionError):
    """Something other than the gate tried to reach the network or start a program."""


class Wall:
    """Which addresses are open just now, and which programs may be started.

    Args:
        may_run: told the whole command line, says whether it is one of the house's own children.
        local: file-system addresses that may be used (the session bus that the keychain is reached by).
    """

    def __init__(self, may_run: Callable[[Sequence[str]], bool], local: Iterable[str] = ()) -> None:
        self._may_run: Final = may_run
        self._local: Final = frozenset(local)
        self._open: Counter[Address] = Counter()
        self._running: Counter[tuple[str, ...]] = Counter()
        self._lock: Final = threading.Lock()

    def stand(self) -> None:
        """Put the wall up. It stands until the process ends: Python takes no audit hook away."""
        sys.addaudithook(self._hear)

    @contextmanager
    def opening(self, host: str, port: int) -> Generator[None]:
        """Let this name be looked up, or this address be connected to, until the block ends."""
        address = (host, port)
        with self._lock:
            self._open[address] += 1
        try:
            yield
        finally:
            with self._lock:
                self._open[address] -= 1

    @contextmanager
    def running(self, command: Sequence[str]) -> Generator[None]:
        """Let exactly this command line be started until the block ends: a program that a person chose."""
        wanted = tuple(command)
        with self._lock:
            self._running[wanted] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[wanted] -= 1

    # internals

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event in _USE:
            self._use(args[1])
        elif event in _LOOK_UP:
            self._look_up(args)
        elif event == "socket.bind":
            raise Refused("this process opens no port")
        elif event in _RUN and not self._runs(event, args):
            raise Refused("this process starts no programs but its own")

    def _use(self, address: object) -> None:
        if isinstance(address, (str, bytes)):
            path = address.decode("utf-8", "surrogateescape") if isinstance(address, bytes) else address
            if path.replace("\0", "@") in self._local:
                return
        elif address is None or (isinstance(address, tuple) and self._is_open(str(address[0]), address[1])):
            # None: more for a socket that is connected, which was asked about when it was.
            return
        raise Refused("only the gate opens connections")

    def _look_up(self, args: tuple[Any, ...]) -> None:
        host = args[0].decode("ascii", "replace") if isinstance(args[0], bytes) else args[0]
        if isinstance(host, str) and self._is_open(host, args[1] if len(args) > 1 else None):
            return
        raise Refused("only the gate looks up names")

    def _is_open(self, host: str, port: object) -> bool:
        with self._lock:
            return any(
                count and name == host and port in (number, str(number), None)
                for (name, number), count in self._open.items()
            )

    def _runs(self, event: str, args: tuple[Any, ...]) -> bool:
        if event != "subprocess.Popen":
            return False
        program, command = args[0], _words(args[1])
        if not command or program not in (None, command[0]):
            return False
        with self._lock:
            wanted = self._running[tuple(command)] > 0
        return wanted or self._may_run(command)


def _words(command: object) -> list[str]:
    """A command line's arguments: a sequence, or the text that Windows is given."""
    if isinstance(command, str):
        return [quoted or bare for quoted, bare in _ARGUMENT.findall(command)]
    if isinstance(command, (list, tuple)):
        return [os.fsdecode(part) for part in cast("Sequence[str | os.PathLike[str]]", command)]
    return []
