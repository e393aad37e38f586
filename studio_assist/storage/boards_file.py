"""boards.json: shots and panels in order, one shot a line.

`record` says up to which entry of the ledger the file was written: what people decided after that is put in
when the project is opened, so that a crash between the two loses no decision.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from studio_assist.domain.storyboard import Media, Shot, ShotId
from studio_assist.domain.values import CandidateId, Sha256, Value
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.project import ProjectFolder


class BoardsFile(Value):
    """What boards.json holds.

    Attributes:
        removed: shots that a person took off the board, the newest last: an undo finds them, panel and all.
        marked: the marked copies of pictures that wait for a decision.
    """

    version: Literal[1] = 1
    record: Annotated[int, Field(ge=0)] = 0
    shots: tuple[Shot, ...] = ()
    removed: tuple[Shot, ...] = ()
    marked: dict[CandidateId, Media] = {}


class BoardsWriter:
    """Writes boards.json again and again; what did not change since is not made into JSON anew."""

    def __init__(self, folder: ProjectFolder) -> None:
        self._folder: Final = folder
        self._lines: dict[ShotId, tuple[Shot, str]] = {}
        self._known: Sha256 | None = None

    def read(self) -> BoardsFile:
        """What the file holds; an empty board where there is none.

        Raises:
            Damaged: it is no such file. A copy of it was set aside.
            BadInput: a newer Studio Assist wrote it.
        """
        found = self._folder.load_json(self._folder.boards_path, BoardsFile)
        self._known = self._on_disk()
        return found or BoardsFile()

    def write(self, file: BoardsFile) -> tuple[Sha256, Path | None]:
        """Put it in place of the one that was read. May be called in a thread, one call at a time.

        Gives its SHA-256, and where a version is kept that another program had written in between.

        Raises `Unavailable` where the disk does not take it; the file before is untouched then.
        """
        lines: dict[ShotId, tuple[Shot, str]] = {}
        shots = ",\n".join(self._lines_of(file.shots, lines))
        removed = ",\n".join(self._lines_of(file.removed, lines))
        self._lines = lines
        head = json.dumps({"version": file.version, "record": file.record})[1:-1]
        marked = json.dumps({name: media.model_dump() for name, media in file.marked.items()})
        parts = f'"shots":[\n{shots}\n],\n"removed":[\n{removed}\n],\n"marked":{marked}'
        data = f"{{{head},\n{parts}}}\n".encode()
        there = self._on_disk()
        kept: Path | None = None
        if there is not None and self._known is not None and there != self._known:
            kept = self._folder.boards_path.with_name(f"boards (changed elsewhere {there[:8]}).json")
            write_atomic(kept, read_bytes(self._folder.boards_path), may_be_empty=True)
        write_atomic(self._folder.boards_path, data)
        self._known = hashlib.sha256(data).hexdigest()
        return self._known, kept

    # internals

    def _lines_of(self, shots: Iterable[Shot], lines: dict[ShotId, tuple[Shot, str]]) -> Iterable[str]:
        for shot in shots:
            known = self._lines.get(shot.id)
            line = known[1] if known and known[0] is shot else shot.model_dump_json()
            lines[shot.id] = (shot, line)
            yield line

    def _on_disk(self) -> Sha256 | None:
        path = self._folder.boards_path
        return hashlib.sha256(read_bytes(path)).hexdigest() if path.exists() else None
