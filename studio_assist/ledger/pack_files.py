"""A pack's folder as files: written whole or not at all, and read within bounds.

Whoever reads a pack did not write it: only plain files that stand in the folder are opened, whatever a name
in it claims, and none is read further than a pack ever makes it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import stat
import unicodedata
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, Final, Protocol

from pydantic import StringConstraints

from studio_assist.domain.errors import BadInput, StudioError, Unavailable
from studio_assist.domain.record import Commitment, Count
from studio_assist.domain.values import EntryNumber, Sha256, Value

#: What manifest.json says of its own form. Form 1 has the same files; a program of its time knows no entries
#: about sending. `resources/pack/verify.py` reads both too.
FORMAT: Final = "studio-assist pack 2"
FORMATS: Final = ("studio-assist pack 1", FORMAT)
MANIFEST: Final = "manifest.json"

#: Bytes of a line, and of a file that is read whole. `resources/pack/verify.py` has the same bounds.
_LONGEST_LINE: Final = 4 << 20
_LARGEST_FILE: Final = 64 << 20
_BLOCK: Final = 1 << 20
Hex = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})*$")]
#: What systems leave in a folder that somebody looked into.
_LEFT_BY_SYSTEMS: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
#: Characters that some system cannot have in a file name, or takes for something else.
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


class Manifest(Value):
    """What manifest.json says. `files` are SHA-256 by name, of every file but itself."""

    disclosed: tuple[EntryNumber, ...]
    files: dict[str, Sha256]
    format: str
    origin: str
    root: Sha256
    size: Count


class KeyRow(Value):
    """Whose key it is, by which entry."""

    entry: EntryNumber
    key: Sha256
    person: str
    session_only: bool


class KeyRows(Value):
    """All of keys.json."""

    keys: tuple[KeyRow, ...]


class SignatureRow(Value):
    """A line of signatures.jsonl."""

    entry: EntryNumber
    key: Sha256
    signature: Hex


class TextRow(Value):
    """A line of contents.jsonl; `base64` where the text is none that JSON has."""

    commitment: Commitment
    entry: EntryNumber
    salt: Hex
    text: str | None = None
    base64: str | None = None


class ProofRow(Value):
    """A file of proofs/: how a leaf leads to the root at a size (RFC 9162, 2.1.3)."""

    entry: Count
    leaf: Sha256
    path: tuple[Sha256, ...]
    root: Sha256
    size: Count


class Sink(Protocol):
    """Takes bytes."""

    def write(self, data: bytes) -> object: ...


class PackWriter:
    """A pack on its way: a folder beside the one it is to become.

    Attributes:
        folder: where the files are written.
        files: SHA-256 of each, by name with forward slashes, as the manifest lists them.
    """

    def __init__(self, folder: Path, out: Path) -> None:
        self.folder: Final = folder
        self.files: Final[dict[str, Sha256]] = {}
        self._out = out

    @classmethod
    @contextmanager
    def beside(cls, out: Path) -> Generator[PackWriter]:
        """Begin a pack that `take_name` makes into `out`. However the block ends, no half pack is left.

        Raises `BadInput` where something stands at `out`, and `Unavailable` where the disk does not let it,
        then and at every write.
        """
        _must_be_free(out)
        folder = out.with_name(f".{out.name}.{secrets.token_hex(4)}.making")
        try:
            with _disk(out):
                out.parent.mkdir(parents=True, exist_ok=True)
                folder.mkdir()
                yield cls(folder, out)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def write(self, name: str, data: bytes, *, listed: bool = True) -> Sha256:
        """Write a file; gives its SHA-256."""
        with self.open(name, listed=listed) as file:
            file.write(data)
        return hashlib.sha256(data).hexdigest()

    def write_json(self, name: str, value: object) -> None:
        """Write one JSON document of a line."""
        self.write(name, line_of(value))

    @contextmanager
    def open(self, name: str, *, listed: bool = True) -> Generator[Sink]:
        """A file to be written piece by piece; it is listed under its hash once the block is over."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        with path.open("xb") as file:
            hashing = _Hashing(file)
            yield hashing
        if listed:
            self.files[name] = hashing.sha256.hexdigest()

    def copy(self, source: Path, name: str) -> Sha256:
        """Copy a file in; gives the SHA-256 of what was copied."""
        with source.open("rb") as opened, self.open(name) as file:
            while block := opened.read(_BLOCK):
                file.write(block)
        return self.files[name]

    def drop(self, name: str) -> None:
        """Take a file out again."""
        (self.folder / name).unlink()
        del self.files[name]

    def flush(self) -> None:
        """Bring all that was written to the disk."""
        for path in (*self.folder.rglob("*"), self.folder):
            _sync(path)

    def take_name(self) -> None:
        """Become the pack. Raises `BadInput` where something came to stand there meanwhile."""
        _must_be_free(self._out)
        if self._out.exists():
            self._out.rmdir()
        self.folder.rename(self._out)
        _sync(self._out.parent)


class PackReader:
    """The plain files of a folder that may be a pack.

    Attributes:
        names: every file, by name with forward slashes.
        strange: what is neither a file nor a folder: links, devices.
    """

    def __init__(self, folder: Path) -> None:
        self.folder: Final = folder
        self._paths: dict[str, Path] = {}
        self.strange: list[str] = []
        for place, folders, files in os.walk(folder):
            for path in (Path(place, name) for name in (*folders, *files)):
                # A disk may keep é as two characters where the manifest has one.
                name = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
                mode = path.lstat().st_mode
                if path.name in _LEFT_BY_SYSTEMS:
                    continue
                if stat.S_ISREG(mode):
                    self._paths[name] = path
                elif not stat.S_ISDIR(mode):
                    self.strange.append(name)

    @property
    def names(self) -> set[str]:
        return set(self._paths)

    def under(self, folder: str) -> list[str]:
        """The files of a folder, sorted."""
        return sorted(name for name in self._paths if name.startswith(f"{folder}/"))

    def read(self, name: str) -> bytes:
        """A whole file. Raises `BadInput` where it is missing or larger than any pack makes it."""
        with self._open(name) as file:
            data = file.read(_LARGEST_FILE + 1)
        if len(data) > _LARGEST_FILE:
            raise self._bad(f"{name} is larger than any pack makes it.")
        return data

    def lines(self, name: str) -> Iterator[bytes]:
        """A file's lines, without their ends; a file that is missing has none."""
        if name not in self._paths:
            return
        with self._open(name) as file:
            number = 0
            while line := file.readline(_LONGEST_LINE + 1):
                number += 1
                if len(line) > _LONGEST_LINE:
                    raise self._bad(f"{name}, line {number} is longer than any pack makes it.")
                yield line.removesuffix(b"\n")

    def sha256(self, name: str) -> Sha256:
        found = hashlib.sha256()
        with self._open(name) as file:
            while block := file.read(_BLOCK):
                found.update(block)
        return found.hexdigest()

    @contextmanager
    def _open(self, name: str) -> Generator[BinaryIO]:
        if name not in self._paths:
            raise self._bad(f"The pack has no {name}.")
        with _disk(self._paths[name]), self._paths[name].open("rb") as file:
            yield file

    def _bad(self, message: str) -> BadInput:
        return BadInput(message, remedy="Ask for the pack again.", place=str(self.folder))


class _Hashing:
    """Writes, and knows the hash of what it wrote."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.sha256.update(data)
        self._file.write(data)


def line_of(value: object) -> bytes:
    """A JSON document as a line of its own."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def safe_name(name: str, taken: set[str]) -> str:
    """A file's name as every system takes it, and unlike all others in `taken` on every system."""
    plain = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(". ") or "file"
    # File systems count bytes, and 255 of them; some room is left for a number in front.
    while len(plain.encode("utf-8", "replace")) > 200:
        plain = plain[1:]
    free, number = plain, 1
    while free.casefold() in taken:
        number += 1
        free = f"{number}-{plain}"
    taken.add(free.casefold())
    return free


def _sync(path: Path) -> None:
    # Windows opens no folders, and flushes a file only through a handle that may write.
    if os.name == "posix" or path.is_file():
        handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _must_be_free(out: Path) -> None:
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise BadInput(
            "There is something in that place already.",
            remedy="Choose a new folder for the pack.",
            place=str(out),
        )


@contextmanager
def _disk(path: Path) -> Generator[None]:
    try:
        yield
    except StudioError:
        raise
    except OSError as error:
        raise Unavailable(
            f"The disk did not let the pack be written or read ({error.strerror or error}).",
            remedy="Check the folder and the free space, then try again. Nothing was half written.",
            place=str(error.filename or path),
        ) from error
