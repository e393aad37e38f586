"""What left a project as a script: its text as an import of the same file would read it.

A script that comes back from another program is compared with what went out. What is alike in both is
nobody's change, whatever the format made of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Final

from studio_assist.domain.values import UtcTime
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.faults import disk
from studio_assist.storage.imports import FOLDER

#: How many of the last ones are kept.
KEPT: Final = 6
_NAME: Final = re.compile(r"(\d{8}T\d{12})-([0-9a-f]{64})\.sent")


def keep_sent(project: Path, text: str, at: UtcTime) -> None:
    """Keep the text of an export; the same text is kept once. Those beyond the last few go.

    Raises `Unavailable` where the disk does not take it.
    """
    data = text.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(data).hexdigest()
    folder = project / FOLDER
    with disk(folder, "made"):
        folder.mkdir(exist_ok=True)
    there = [(stamp, kept, path) for stamp, kept, path in _sent(folder) if kept != digest]
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%f")
    write_atomic(folder / f"{stamp}-{digest}.sent", data, may_be_empty=True)
    kept_on = {path for _stamp, _kept, path in there[: KEPT - 1]}
    with disk(folder, "swept"):
        for name, _digest, path in _sent(folder):
            if name != stamp and path not in kept_on:
                path.unlink(missing_ok=True)


def sent_texts(project: Path) -> tuple[str, ...]:
    """The texts of the last exports, the newest first; a file that was changed is none of them."""
    found: list[str] = []
    for _stamp, digest, path in _sent(project / FOLDER):
        data = read_bytes(path)
        if hashlib.sha256(data).hexdigest() == digest:
            found.append(data.decode("utf-8", "surrogatepass"))
    return tuple(found)


def _sent(folder: Path) -> list[tuple[str, str, Path]]:
    """When each was kept, its hash and its file; the newest first."""
    return sorted(_named(folder), reverse=True)


def _named(folder: Path) -> Iterator[tuple[str, str, Path]]:
    if folder.is_dir():
        for path in folder.iterdir():
            if found := _NAME.fullmatch(path.name):
                yield found[1], found[2], path
