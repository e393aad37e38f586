"""The job journal: what was begun, so that a restart knows what was cut off.

One JSON object a line, flushed to the disk as it is written. A last line torn by a crash is dropped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from studio_assist.storage.atomic import write_atomic
from studio_assist.storage.faults import disk

#: States after which a job needs no more looking after; compaction drops these jobs.
ENDED: Final = frozenset({"done", "stopped", "failed", "cancelled"})

#: Lines after which a journal is compacted when it is opened.
_LONG: Final = 1000

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Record:
    """The latest that is known of a job."""

    job: str
    state: str
    at: datetime
    data: Data = field(default_factory=dict[str, object])

    @property
    def ended(self) -> bool:
        return self.state in ENDED


class Journal:
    """An open journal.

    Attributes:
        skipped: lines, besides a torn last one, that could not be read; their jobs may be missing.
    """

    def __init__(self, path: Path) -> None:
        """Read a journal, or begin one. Raises `Unavailable` or `BadInput` where the disk does not let it."""
        self.path: Final = path
        self.skipped = 0
        self._latest: dict[str, Record] = {}
        with disk(path, "opened"):
            data = path.read_bytes() if path.exists() else b""
            whole = data[: data.rfind(b"\n") + 1]
            lines = whole.splitlines()
            for line in lines:
                record = _read(line)
                if record is None:
                    self.skipped += 1
                else:
                    self._latest[record.job] = record
            path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = self._open()
        with disk(path, "opened"):
            # What was written after the torn line would be lost with it.
            os.ftruncate(self._handle, len(whole))
        if len(lines) > _LONG:
            self.compact()

    def write(self, job: str, state: str, data: Data | None = None, *, at: datetime | None = None) -> None:
        """Note a job's state; it is on the disk when this returns."""
        record = Record(job, state, (at or datetime.now(UTC)).astimezone(UTC), dict(data or {}))
        line = _line(record)
        with disk(self.path, "written"):
            end = os.lseek(self._handle, 0, os.SEEK_END)
            try:
                rest = memoryview(line)
                while rest:
                    rest = rest[os.write(self._handle, rest) :]
                os.fsync(self._handle)
            except OSError:
                os.ftruncate(self._handle, end)
                raise
        self._latest[job] = record

    def states(self) -> dict[str, Record]:
        """The latest record of every job, by its id."""
        return dict(self._latest)

    def compact(self) -> None:
        """Keep one line for each job that has not ended, and no other."""
        self._latest = {job: record for job, record in self._latest.items() if not record.ended}
        lines = b"".join(_line(record) for record in self._latest.values())
        # Windows renames nothing over an open file.
        os.close(self._handle)
        try:
            write_atomic(self.path, lines, may_be_empty=True)
        finally:
            self._handle = self._open()

    def close(self) -> None:
        """Let go of the file. Does nothing the second time."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> int:
        with disk(self.path, "opened"):
            return os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)


def _line(record: Record) -> bytes:
    content = {"at": record.at.isoformat(), "data": record.data, "job": record.job, "state": record.state}
    return json.dumps(content, sort_keys=True).encode() + b"\n"


def _read(line: bytes) -> Record | None:
    try:
        found = json.loads(line)
        return Record(
            str(found["job"]), str(found["state"]), datetime.fromisoformat(found["at"]), dict(found["data"])
        )
    except (ValueError, KeyError, TypeError):
        return None
