"""The second wall as it stands around this house's own processes: which programs and local sockets they need.

The broker starts a few kinds of children and reaches the keychain over the session bus of the desktop; the
gate opens what a person approved. Everything else is refused here, in our own code as in a library: keyring
for one looks for macOS's keychain on Linux by starting a compiler, and does as well without.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from studio_assist.gate.wall import Wall
from studio_assist.interchange.editorial import writing_child
from studio_assist.ledger import signatures

_MODEL: Final = "studio_assist.broker.model_child"
#: What the model's process is told on its command line; see `model_child.main`.
_MODEL_OPTIONS: Final = re.compile(r"(?: --(?:parent|memory) \d+| --cpuinfo \S+)*")

_mine: Wall | None = None


def stand() -> Wall:
    """This process's wall, put up by the first who asks. It stands until the process ends.

    Where an event loop is to run, ask inside of it: on Windows a loop begins with a socket of its own.
    """
    global _mine
    if _mine is None:
        _mine = Wall(is_ours, local_addresses(os.environ))
        _mine.stand()
    return _mine


def is_ours(command: Sequence[str]) -> bool:
    """Whether a command line starts one of the broker's own children.

    They are the model's process, the check of a record, the making of its index, the check of many
    signatures, the reading of a file that another program wrote, sounds among them, and the writing of a long
    edit.
    """
    if len(command) < 3 or command[0] != sys.executable:
        return False
    match command[1:]:
        case ["-m", "studio_assist.ledger", _path]:
            return True
        case ["-m", "studio_assist.ledger", "index", *_files]:
            return True
        case ["-m", "studio_assist.interchange.reading_child", _file]:
            return True
        case ["-m", "studio_assist.interchange.sound_child", _file, _out]:
            return True
        case ["-m", "studio_assist.interchange.editorial.writing_child", format, "write" | "wrong"]:
            return format in writing_child.FORMATS
        case ["-I", script]:
            return Path(script) == Path(signatures.__file__)
        case ["-m", module, *options] if module == _MODEL:
            return _MODEL_OPTIONS.fullmatch("".join(f" {option}" for option in options)) is not None
        case _:
            return False


def local_addresses(environment: Mapping[str, str]) -> frozenset[str]:
    """The socket files of the desktop's session bus, by which the keychain is reached.

    An abstract address begins with "@"; see "Server Addresses" in the D-Bus specification.
    """
    found: set[str] = set()
    for address in environment.get("DBUS_SESSION_BUS_ADDRESS", "").split(";"):
        kind, _, rest = address.partition(":")
        if kind != "unix":
            continue
        for pair in rest.split(","):
            key, _, value = pair.partition("=")
            if key in ("path", "abstract"):
                found.add(unquote(value) if key == "path" else f"@{unquote(value)}")
    return frozenset(found)
