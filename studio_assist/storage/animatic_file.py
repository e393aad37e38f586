"""animatic.json: tracks, clips and what is known of sounds, one clip or sound a line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from studio_assist.domain.animatic import Animatic
from studio_assist.domain.values import Sha256, Value
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.project import ProjectFolder


class AnimaticWriter:
    """Reads and writes animatic.json; a version that another program wrote in between is kept."""

    def __init__(self, folder: ProjectFolder) -> None:
        self._folder = folder
        self._known: Sha256 | None = None

    def read(self) -> Animatic | None:
        """What the file holds, or None where there is none.

        Raises:
            Damaged: it is no such file. A copy of it was set aside.
            BadInput: a newer Studio Assist wrote it.
        """
        # Before: a damaged one is set aside by then, and no other program's.
        self._known = self._on_disk()
        return self._folder.load_json(self._folder.animatic_path, Animatic)

    def write(self, animatic: Animatic) -> Path | None:
        """Put it in place of the one that was read. May be called in a thread, one call at a time.

        Gives where a version is kept that another program had written in between. Raises `Unavailable` where
        the disk does not take it; the file before is untouched then.
        """
        data = _json(animatic)
        there = self._on_disk()
        path, kept = self._folder.animatic_path, None
        if there is not None and there != self._known:
            kept = path.with_name(f"animatic (changed elsewhere {there[:8]}).json")
            write_atomic(kept, read_bytes(path), may_be_empty=True)
        write_atomic(path, data)
        self._known = hashlib.sha256(data).hexdigest()
        return kept

    def _on_disk(self) -> Sha256 | None:
        path = self._folder.animatic_path
        return hashlib.sha256(read_bytes(path)).hexdigest() if path.exists() else None


def _json(animatic: Animatic) -> bytes:
    head = json.dumps({"version": animatic.version, "captions": animatic.captions})[1:-1]
    parts = (
        f'"{name}":[\n{_lines(values)}\n]'
        for name, values in (
            ("tracks", animatic.tracks),
            ("clips", animatic.clips),
            ("sounds", animatic.sounds),
        )
    )
    body = ",\n".join(parts)
    return f"{{{head},\n{body}}}\n".encode()


def _lines(values: Iterable[Value]) -> str:
    return ",\n".join(value.model_dump_json() for value in values)
