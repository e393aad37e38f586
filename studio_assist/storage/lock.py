"""One writer a project: a lock that the system drops with its process, whatever ends it."""

from __future__ import annotations

import json
import os
import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, Self

from studio_assist.storage.faults import disk

#: The lock's file in the project folder. It stays there; only the system's lock on it counts.
LOCK_NAME: Final = ".lock"
#: Windows locks bytes so that others cannot read them, so ours are far behind the text.
_LOCKED_BYTE: Final = 0x40000000

What = Literal["window", "command line"]


@dataclass(frozen=True, slots=True)
class Locked:
    """Who has the project open. What could not be read of it is None or a guess that says so.

    Attributes:
        mine: it is held by this very process.
    """

    pid: int | None
    host: str
    since: datetime
    what: What
    mine: bool


class ProjectLock:
    """The lock, while it is held. It ends with `release` or with the process."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path: Final = path
        self._handle: int | None = handle

    @classmethod
    def acquire(cls, project: Path, *, what: What, at: datetime | None = None) -> ProjectLock | Locked:
        """Take the lock, or tell who has it. Raises `Unavailable` where the folder cannot be written."""
        path = project / LOCK_NAME
        with disk(path, "made"):
            # Not inherited by the processes we start, or the lock would outlive us in them.
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        if not _lock(handle):
            holder = _holder(handle)
            os.close(handle)
            return holder
        info = {
            "host": platform.node(),
            "pid": os.getpid(),
            "since": (at or datetime.now(UTC)).astimezone(UTC).isoformat(),
            "what": what,
        }
        try:
            with disk(path, "written"):
                os.ftruncate(handle, 0)
                os.write(handle, json.dumps(info).encode() + b"\n")
        except BaseException:
            os.close(handle)
            raise
        return cls(path, handle)

    def release(self) -> None:
        """Let go. Does nothing the second time."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _holder(handle: int) -> Locked:
    """What the holder wrote about itself; it may be writing it this very moment."""
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        info = json.loads(os.read(handle, 4096))
        pid, host = int(info["pid"]), str(info["host"])
        since = datetime.fromisoformat(info["since"])
        what: What = "command line" if info["what"] == "command line" else "window"
    except (ValueError, KeyError, TypeError):
        return Locked(None, platform.node(), datetime.now(UTC), "window", mine=False)
    return Locked(pid, host, since, what, mine=pid == os.getpid() and host == platform.node())
