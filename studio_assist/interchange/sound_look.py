"""A look at a stranger's sound file before a decoder opens it: what it claims, against what it can hold.

A decoder takes memory for what a file says of itself. So tables, tags and pictures that no sound has are
refused here, by the few bytes that announce them.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO, Final, NoReturn

from studio_assist.domain.errors import BadInput
from studio_assist.interchange.sound_wav import read_form, unreadable

#: Entries of one table of a QuickTime file. An hour of sound has some 170,000; each costs memory when opened.
_MOST_ENTRIES: Final = 4_000_000
#: Bytes of all that is no sound: titles, covers, tables.
_MOST_TAGS: Final = 64_000_000
_MOST_PARTS: Final = 10_000
_TABLES: Final = (b"stsz", b"stts", b"stsc", b"stco", b"co64", b"ctts", b"stss", b"elst")
_INSIDE: Final = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts")
#: How a QuickTime file begins; its sound and pictures are in `mdat`.
_FIRST: Final = (b"ftyp", b"moov", b"mdat", b"free", b"wide", b"skip")
#: What a program that cannot go back writes as the length of a WAV file.
_UNKNOWN: Final = (b"\xff\xff\xff\xff", b"\0\0\0\0")


def look_at(path: Path) -> None:
    """Refuse what is no plain file, and what claims more than a sound has.

    Raises:
        BadInput: it does.
        Unavailable: the disk does not give it.
    """
    try:
        if not path.is_file():
            raise BadInput(f"{path.name} is not a file.", remedy="Choose a sound file.", place=str(path))
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(12)
            if head[4:8] in _FIRST:
                _boxes(file, 0, size, path, 0)
            elif head[:4] in (b"RIFF", b"RF64", b"FORM"):
                _chunks(file, size, "big" if head[:4] == b"FORM" else "little", path)
            elif head[:4] == b"fLaC":
                _blocks(file, path)
            elif head[:3] == b"ID3":
                _tag(head, path)
        if head[:4] == b"RIFF" and head[4:8] not in _UNKNOWN:
            read_form(path)
    except OSError as error:
        raise unreadable(path, error) from error


def refuse(path: Path, what: str) -> NoReturn:
    """Say what is wrong with a file, and what can be done with it."""
    raise BadInput(
        f"{path.name} {what}",
        remedy="Open it in a sound editor and save it anew as a WAV file, or choose another file.",
        place=str(path),
    )


def _boxes(file: BinaryIO, start: int, end: int, path: Path, depth: int) -> None:
    """The boxes of a QuickTime or MP4 file."""
    at, seen = start, 0
    while at + 8 <= end:
        seen += 1
        if seen > _MOST_PARTS:
            refuse(path, "is made of more parts than a sound has.")
        file.seek(at)
        length, name = struct.unpack(">I4s", file.read(8))
        head = 8
        if length == 1:
            length, head = int.from_bytes(file.read(8), "big"), 16
        elif length == 0:
            length = end - at
        if length < head:
            return
        last = min(end, at + length)
        if name == b"moov" and last - at > _MOST_TAGS:
            _too_much(path)
        if name in _INSIDE and depth < 8:
            _boxes(file, at + head, last, path, depth + 1)
        elif name in _TABLES:
            file.seek(at + head + 4)
            claims = file.read(8)
            # The count comes after a size in `stsz`, and first elsewhere.
            count = int.from_bytes(claims[4:8] if name == b"stsz" else claims[:4], "big")
            if count > _MOST_ENTRIES:
                refuse(path, "claims more pieces of sound than a file of four hours has.")
        at += length


def _chunks(file: BinaryIO, size: int, order: str, path: Path) -> None:
    """The chunks of a WAV or AIFF file."""
    at, tags = 12, 0
    for _ in range(_MOST_PARTS):
        if at + 8 > size:
            return
        file.seek(at)
        name, length = struct.unpack(">4sI" if order == "big" else "<4sI", file.read(8))
        if name not in (b"data", b"SSND"):
            tags += min(length, size - at)
        if tags > _MOST_TAGS:
            _too_much(path)
        at += 8 + length + length % 2
    refuse(path, "is made of more parts than a sound has.")


def _blocks(file: BinaryIO, path: Path) -> None:
    """What a FLAC file says before its sound."""
    at = 4
    while at < _MOST_TAGS:
        file.seek(at)
        head = file.read(4)
        if len(head) < 4:
            return
        at += 4 + int.from_bytes(head[1:], "big")
        if head[0] & 0x80:
            break
    if at >= _MOST_TAGS:
        _too_much(path)


def _tag(head: bytes, path: Path) -> None:
    """The tag before the sound of an MP3 file: its length is in bytes of seven bits."""
    length = 0
    for byte in head[6:10]:
        length = length << 7 | byte & 0x7F
    if length > _MOST_TAGS:
        _too_much(path)


def _too_much(path: Path) -> NoReturn:
    refuse(path, "holds more titles and pictures than a sound has.")
