"""Files that are whole at every instant: written beside, flushed, then renamed over the old one."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from studio_assist.storage.faults import disk

#: Names of files that are being written: `.script.fountain.4711-0a1b2c3d.partial`.
_PARTIAL: Final = re.compile(r"^\..+\.(?P<pid>\d+)-[0-9a-f]{8}\.partial$")
#: How often Windows is asked again to rename over a file that a scanner holds open.
_RENAME_TRIES: Final = 20


class Write(NamedTuple):
    """One file to be written."""

    path: Path
    data: bytes


def read_bytes(path: Path) -> bytes:
    """A file's bytes. Raises `BadInput` where there is none and `Unavailable` where it cannot be read."""
    with disk(path, "read"):
        return path.read_bytes()


def write_atomic(
    path: Path, data: bytes, *, guard: Callable[[], None] | None = None, may_be_empty: bool = False
) -> None:
    """Put `data` in place of a file, whole or not at all, and on the disk before this returns.

    Args:
        guard: called when all is written and only the rename is left; what it raises stops the rename.
        may_be_empty: without it, nothing at all is never written over something: it is what a serialisation
            that failed looks like.

    Raises `Unavailable` (disk full, protected, a fault) or `BadInput` (no such folder); the file that was
    there before is untouched, and nothing is left beside it.
    """
    write_together([Write(path, data)], guard=guard, may_be_empty=may_be_empty)


def write_together(
    writes: Sequence[Write], *, guard: Callable[[], None] | None = None, may_be_empty: bool = False
) -> None:
    """Put several files in place, in order, once all of them are on the disk under other names.

    A full disk or a fault then leaves every one as it was; only a crash between two renames, microseconds
    apart, can leave the first files new and the others old. Arguments and errors as `write_atomic`.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for path, data in writes:
            with disk(path, "saved"):
                # Through a link, so that a linked script stays linked.
                target = path.resolve()
                if not data and not may_be_empty and target.exists() and target.stat().st_size:
                    raise ValueError(f"nothing at all would be written over {path.name}")
                staged.append((_stage(target, data), target))
        if guard:
            guard()
        for partial, target in staged:
            with disk(target, "saved"):
                _rename(partial, target)
        for folder in {target.parent for _, target in staged}:
            sync_folder(folder)
    except BaseException:
        for partial, _ in staged:
            partial.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last through a power cut. Windows does so itself and opens no folders."""
    if os.name != "posix":
        return
    with disk(folder, "saved"):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(folder: Path) -> int:
    """Remove what processes that are gone left half written in a folder; gives how many files."""
    swept = 0
    for path in folder.iterdir():
        found = _PARTIAL.match(path.name)
        if found and not process_lives(int(found["pid"])):
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def process_lives(pid: int) -> bool:
    """Whether a process of this number runs on this machine. On Windows always true: asking could end it."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def keep_version(path: Path, folder: Path, *, at: datetime, most: int) -> Path | None:
    """Copy a file, as it stands, among its previous versions; drop the oldest beyond `most`.

    The copy is read back before anything is dropped. An empty or missing file, and one whose bytes are the
    newest version already, are not copied. Gives the copy's path, or None.
    """
    with disk(path, "read"):
        data = path.read_bytes() if path.exists() else b""
    if not data:
        return None
    digest = hashlib.sha256(data).hexdigest()
    versions = kept_versions(path, folder)
    if versions and versions[-1].read_bytes() == data:
        return None
    with disk(folder, "made"):
        folder.mkdir(parents=True, exist_ok=True)
    moment = at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    copy = folder / f"{path.stem}-{moment}-{digest[:8]}{path.suffix}"
    write_atomic(copy, data)
    if read_bytes(copy) == data:
        for old in [*versions, copy][:-most]:
            old.unlink(missing_ok=True)
    return copy


def kept_versions(path: Path, folder: Path) -> list[Path]:
    """The previous versions of a file, oldest first."""
    name = re.compile(re.escape(path.stem) + r"-\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}" + re.escape(path.suffix))
    if not folder.is_dir():
        return []
    return sorted(found for found in folder.iterdir() if name.fullmatch(found.name))


def set_aside(path: Path, *, at: datetime) -> Path:
    """Copy a damaged file to `<name>.damaged-<time>` beside it, once for the same bytes; gives the copy."""
    data = read_bytes(path)
    for earlier in sorted(path.parent.glob(f"{path.name}.damaged-*")):
        if earlier.read_bytes() == data:
            return earlier
    copy = path.with_name(f"{path.name}.damaged-{at.astimezone(UTC).strftime('%Y%m%dT%H%M%SZ')}")
    while copy.exists():
        copy = copy.with_name(copy.name + "x")
    write_atomic(copy, data)
    return copy


def _stage(target: Path, data: bytes) -> Path:
    """Write the bytes under another name in the same folder and flush them; gives that name."""
    partial = target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mode = None
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
            if mode is not None and os.name == "posix":
                os.fchmod(handle, mode)
            _flush(handle)
        finally:
            os.close(handle)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial


def _flush(handle: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        # A plain fsync there leaves data in the drive's own cache.
        fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
    else:
        os.fsync(handle)


def _rename(partial: Path, target: Path) -> None:
    for tries_left in reversed(range(_RENAME_TRIES)):
        try:
            partial.replace(target)
        except PermissionError:
            if os.name != "nt" or not tries_left:
                raise
            time.sleep(0.02)
        else:
            return
