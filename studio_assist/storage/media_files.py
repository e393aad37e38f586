"""Large files among the project's media: streamed, never whole in memory, and named by what is in them."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from studio_assist.domain.values import Sha256
from studio_assist.storage.atomic import sync_folder
from studio_assist.storage.faults import disk

_BLOCK: Final = 1 << 20


def staged_name(folder: Path, name: str) -> Path:
    """A name for a file that is being written; `ProjectFolder.sweep` takes it away after a crash."""
    return folder / f".{name}.{os.getpid()}-{secrets.token_hex(4)}.partial"


def digest_of(path: Path, told: Callable[[float], None] = lambda _share: None) -> Sha256:
    """A file's SHA-256. `told`: how far it is; what it raises stops the work.

    Raises `BadInput` where there is none and `Unavailable` where it cannot be read.
    """
    with disk(path, "read"), path.open("rb") as file:
        return _copied(file, None, os.fstat(file.fileno()).st_size, told)


def put_file(
    path: Path,
    place_of: Callable[[Sha256], Path],
    staging: Path,
    *,
    move: bool,
    told: Callable[[float], None] = lambda _share: None,
) -> Sha256:
    """Bring a file to where its content names it, and to the disk before this returns.

    Args:
        place_of: where a file of this content stands. One that does is not written again.
        staging: a folder of the same disk, for what is not whole yet.
        move: it goes from where it was; without a copy where that is the same disk.

    Raises as `write_atomic`; nothing is left half written.
    """
    if move:
        digest = digest_of(path, told)
        target = place_of(digest)
        if _stands(target, digest):
            with disk(path, "moved"):
                path.unlink()
            return digest
        with disk(path, "saved"), path.open("r+b") as file:
            os.fsync(file.fileno())
        if _renamed(path, target):
            return digest
    partial = staged_name(staging, f"media{path.suffix[:9]}")
    try:
        with disk(path, "read"):
            source = path.open("rb")
        with source, disk(partial, "saved"), partial.open("xb") as out:
            digest = _copied(source, out, os.fstat(source.fileno()).st_size, told)
            out.flush()
            os.fsync(out.fileno())
        target = place_of(digest)
        if not _stands(target, digest) and not _renamed(partial, target):
            with disk(target, "saved"):
                shutil.copyfile(partial, target)
            sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)
    if move:
        with disk(path, "moved"):
            path.unlink(missing_ok=True)
    return digest


def _copied(source: BinaryIO, out: BinaryIO | None, size: int, told: Callable[[float], None]) -> Sha256:
    hashing, done = hashlib.sha256(), 0
    while block := source.read(_BLOCK):
        hashing.update(block)
        if out is not None:
            out.write(block)
        done += len(block)
        told(min(1.0, done / size) if size else 1.0)
    return hashing.hexdigest()


def _stands(target: Path, digest: Sha256) -> bool:
    """Whether the file is there, and whole."""
    return target.is_file() and digest_of(target) == digest


def _renamed(path: Path, target: Path) -> bool:
    """Give a file its place; False where that is on another disk."""
    with disk(target.parent, "made"):
        target.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.replace(target)
    except OSError:
        # Another disk, or a scanner that holds it open: it is copied, and that fault is told.
        return False
    sync_folder(target.parent)
    return True
