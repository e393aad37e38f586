"""Bytes that hold others: compressed data and archives, opened within bounds.

What opens to more than `MOST_BYTES`, or to more than `MOST_PARTS`, is not opened further and says so: what
cannot be looked through is not sent. Encrypted archives are the same. Pictures are another room's work; here
only their own text fields are read, as runs of letters.
"""

from __future__ import annotations

import bz2
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

#: One container may open to so many bytes in all.
MOST_BYTES: Final = 4 * 2**20
MOST_PARTS: Final = 2_000

_MAGIC: Final = (
    (b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"\x5d\x00\x00", "lzma"),
    (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"), (b"\x04\x22\x4d\x18", "LZ4"), (b"%PDF-", "PDF"),
    (b"\xd0\xcf\x11\xe0", "old Office document"), (b"SQLite format 3\x00", "SQLite"), (b"MSCF", "cabinet"),
    (b"age-encryption.org/", "age encryption"), (b"Salted__", "OpenSSL encryption"),
    (b"\x1f\x9d", "compress"), (b"\x1f\xa0", "compress"), (b"wOFF", "font"), (b"wOF2", "font"),
)  # fmt: skip
_PICTURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"BM", "BMP"),
    (b"II*\x00", "TIFF"), (b"MM\x00*", "TIFF"),
)  # fmt: skip
_KNOWN: Final = re.compile(b"|".join(re.escape(magic) for magic, _ in (*_MAGIC, *_PICTURES)))
_OPENED: Final = frozenset({"gzip", "bzip2", "xz", "lzma", "zip", "zlib"})
_LETTERS: Final = re.compile(rb"[\x20-\x7e\t\xc2-\xf4\x80-\xbf]{4,}")
_WIDE: Final = re.compile(rb"(?:[\x20-\x7e]\x00){4,}")


class Part(NamedTuple):
    """Something inside a container.

    Attributes:
        name: its file name there, or "".
        data: its bytes; None where it could not be opened, and `trouble` says why.
    """

    how: str
    name: str
    data: bytes | None
    trouble: str = ""


def kind_of(data: bytes) -> str | None:
    """What a container or picture this is ("gzip", "PNG"), or None for anything else."""
    if _KNOWN.match(data):
        for magic, name in (*_MAGIC, *_PICTURES):
            if data.startswith(magic) and (name != "BMP" or len(data) > 54):
                return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return "film or HEIF picture"
    if data[257:262] == b"ustar":
        return "tar"
    if len(data) > 5 and data[0] & 0x0F == 8 and data[0] >> 4 <= 7 and (data[0] * 256 + data[1]) % 31 == 0:
        return "zlib" if _inflates(data, 15) else None
    return None


def is_container(data: bytes) -> bool:
    """Whether these bytes are something to open or to refuse, rather than noise."""
    if len(data) < 8:
        return False
    return kind_of(data) is not None or (len(data) > 24 and _deflated(data))


def is_picture(data: bytes) -> bool:
    """Whether these bytes are a picture or film."""
    return kind_of(data) in {"PNG", "JPEG", "GIF", "BMP", "TIFF", "WebP", "film or HEIF picture"}


def parts(data: bytes) -> Iterator[Part]:
    """What a container holds. Always at least one part; one that cannot be opened says why."""
    kind = kind_of(data)
    if kind == "zip":
        yield from _zip(data)
    elif kind in _OPENED:
        yield _decompressed(data, kind)
    elif kind == "tar" or (kind is None and _deflated(data)):
        if kind == "tar":
            yield Part("tar", "", b" ".join(_LETTERS.findall(data)))
        else:
            yield _bounded(zlib.decompressobj(-15), data, "deflate")
    elif is_picture(data) or kind in ("font", "SQLite"):
        yield Part(kind or "data", "", _strings(data))
    else:
        yield Part(kind or "data", "", None, f"{kind or 'This data'} cannot be looked through.")


def _strings(data: bytes) -> bytes:
    """The runs of letters in binary data, UTF-16 ones too."""
    wide = [run[::2] for run in _WIDE.findall(data)]
    return b"\n".join([*_LETTERS.findall(data), *wide])


def _decompressed(data: bytes, kind: str) -> Part:
    match kind:
        case "gzip":
            return _bounded(zlib.decompressobj(31), data, kind)
        case "zlib":
            return _bounded(zlib.decompressobj(15), data, kind)
        case "bzip2":
            return _bounded(bz2.BZ2Decompressor(), data, kind)
        case _:
            return _bounded(lzma.LZMADecompressor(memlimit=128 * 2**20), data, kind)


def _bounded(
    engine: zlib._Decompress | bz2.BZ2Decompressor | lzma.LZMADecompressor,  # pyright: ignore[reportPrivateUsage]
    data: bytes,
    kind: str,
) -> Part:
    try:
        found = engine.decompress(data, MOST_BYTES + 1)
    except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError, MemoryError):
        return Part(kind, "", None, f"This {kind} data is damaged and cannot be looked through.")
    if len(found) > MOST_BYTES:
        return Part(kind, "", None, f"This {kind} data opens to more than {MOST_BYTES // 2**20} MB.")
    # What stands behind the compressed data travels with it.
    return Part(kind, "", found + b"\n" + engine.unused_data)


def _zip(data: bytes) -> Iterator[Part]:
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            yield Part(
                "zip", "", "\n".join([*(one.filename for one in entries), ""]).encode() + archive.comment
            )
            if len(entries) > MOST_PARTS:
                yield Part("zip", "", None, f"This archive holds more than {MOST_PARTS} files.")
                return
            for entry in entries:
                if entry.flag_bits & 1:
                    yield Part("zip", entry.filename, None, "This archive is encrypted.")
                    continue
                with archive.open(entry) as file:
                    found = file.read(left + 1)
                left -= len(found)
                if left < 0:
                    yield Part(
                        "zip", entry.filename, None, f"It opens to more than {MOST_BYTES // 2**20} MB."
                    )
                    return
                yield Part("zip", entry.filename, found)
                if entry.comment or entry.extra:
                    yield Part("zip", entry.filename, entry.comment + b"\n" + entry.extra)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        yield Part("zip", "", None, "This archive is damaged and cannot be looked through.")


def _inflates(data: bytes, window: int) -> bool:
    try:
        zlib.decompressobj(window).decompress(data, 64)
    except zlib.error:
        return False
    return True


def _deflated(data: bytes) -> bool:
    """Whether bytes are one whole deflate stream without a head. Chance makes a stream, not a whole one."""
    engine = zlib.decompressobj(-15)
    try:
        found = engine.decompress(data, 4096)
    except zlib.error:
        return False
    return len(found) > 16 and (engine.eof or len(found) == 4096)
