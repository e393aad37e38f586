"""Where a file keeps its XMP packet: PNG, JPEG, WebP, PDF, GIF and MP4, put in and found again.

Files from anywhere are read here, so nothing is believed: lengths are checked against what is there, and
compressed text is opened only as far as a packet of ours could go.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final, Literal

Kind = Literal["png", "jpeg", "webp", "pdf", "gif", "mp4"]
#: Kinds that hold many frames; `marks.film` reads them.
FilmKind = Literal["gif", "mp4"]

MIME: Final[dict[Kind, str]] = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "gif": "image/gif",
    "mp4": "video/mp4",
}

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_XMP: Final = b"XML:com.adobe.xmp\x00"
_JPEG_XMP: Final = b"http://ns.adobe.com/xap/1.0/\x00"
#: What one JPEG segment can hold after its two length bytes.
_JPEG_MOST: Final = 65_533
_LONGEST: Final = 1_000_001
#: XMP specification part 3, table 8: the box in ISO files, and the block in GIF with what ends it there.
_BOX_XMP: Final = bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC")
_GIF_XMP: Final = b"\x21\xff\x0bXMP DataXMP"
_GIF_END: Final = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
#: First brands of MP4 files; others that begin alike are pictures (HEIF, AVIF) or QuickTime's own.
_MP4: Final = re.compile(rb"isom|iso[2-9]|mp4[12]|mp71|avc1|M4V |M4VH|M4VP|MSNV|dash|mmp4|3g[gp2][0-9a]")
#: So many boxes of a film are looked at, and so much of a GIF's beginning.
_MOST_BOXES: Final = 4096
_GIF_BEGINNING: Final = 4_000_000


def kind_of(data: bytes) -> Kind | None:
    """What a file is by its first bytes, whatever its name says."""
    if data.startswith(_PNG):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if data[4:8] == b"ftyp" and _MP4.fullmatch(data[8:12]):
        return "mp4"
    # ISO 32000-1, implementation note 13: readers accept a header within the first 1,024 bytes.
    return "pdf" if b"%PDF-" in data[:1024] else None


def with_xmp(data: bytes, kind: Literal["png", "jpeg"], packet: bytes) -> bytes:
    """A picture that has no packet yet, with one: in PNG after the header, in JPEG before the first table."""
    if kind == "png":
        end_of_header = len(_PNG) + 12 + 13
        body = b"iTXt" + _PNG_XMP + b"\x00\x00\x00\x00" + packet
        chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        return data[:end_of_header] + chunk + data[end_of_header:]
    if len(_JPEG_XMP) + len(packet) > _JPEG_MOST:
        raise ValueError("an XMP packet of ours fits into one segment")
    segment = struct.pack(">HH", 0xFFE1, len(_JPEG_XMP) + len(packet) + 2) + _JPEG_XMP + packet
    at = 2
    if data[2:4] == b"\xff\xe0":
        # JFIF wants to be first.
        at += 2 + struct.unpack(">H", data[4:6])[0]
    return data[:at] + segment + data[at:]


def xmp_of(data: bytes, kind: Kind) -> bytes | None:
    """The XMP packet of a file, or None where there is none that can be found."""
    if kind == "png":
        return _xmp_of_png(data)
    if kind == "jpeg":
        for marker, segment in _segments(data):
            if marker == 0xE1 and segment.startswith(_JPEG_XMP):
                return segment[len(_JPEG_XMP) :]
        return None
    if kind == "webp":
        return next((chunk for name, chunk in _riff(data) if name == b"XMP "), None)
    if kind in ("gif", "mp4"):
        return film_xmp(io.BytesIO(data), kind)
    return _xmp_of_pdf(data)


def pdf_with_xmp(data: bytes, packet: bytes) -> bytes:
    """A PDF with a metadata stream, appended as an incremental update: no byte before it changes."""
    import pypdf
    from pypdf.generic import NameObject, StreamObject

    writer = pypdf.PdfWriter(io.BytesIO(data), incremental=True)
    stream = StreamObject()
    # Not compressed, so that tools that know nothing of PDF find the packet (XMP specification part 3).
    stream.set_data(packet)
    stream[NameObject("/Type")] = NameObject("/Metadata")
    stream[NameObject("/Subtype")] = NameObject("/XML")
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)  # pyright: ignore[reportPrivateUsage]  # the one way pypdf has
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def xmp_box(packet: bytes) -> bytes:
    """What goes behind the last byte of an MP4 file."""
    return struct.pack(">I4s", 24 + len(packet), b"uuid") + _BOX_XMP + packet


def xmp_block(packet: bytes) -> bytes:
    """What goes between a GIF's palette and its first picture."""
    return _GIF_XMP + packet + _GIF_END


def film_xmp(file: BinaryIO, kind: FilmKind) -> bytes | None:
    """The XMP packet of a film; little of the file is read."""
    if kind == "gif":
        file.seek(0)
        head = file.read(_GIF_BEGINNING)
        start = head.find(_GIF_XMP)
        end = head.find(_GIF_END[:4], start)
        return head[start + len(_GIF_XMP) : end] if 0 <= start < end else None
    for name, start, length in boxes(file):
        file.seek(start)
        if name == b"uuid" and length <= _LONGEST and file.read(16) == _BOX_XMP:
            return file.read(length - 16)
    return None


def boxes(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Name, and place and length of the content, of each outermost box of an ISO file."""
    at, end = 0, file.seek(0, io.SEEK_END)
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return
        length, name = struct.unpack(">I4s", head[:8])
        skip = 8
        if length == 1 and len(head) == 16:
            skip, length = 16, int.from_bytes(head[8:16], "big")
        elif length == 0:
            length = end - at
        if length < skip or at + length > end:
            return
        yield name, at + skip, length - skip
        at += length


def _xmp_of_png(data: bytes) -> bytes | None:
    at = len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if name == b"iTXt" and body.startswith(_PNG_XMP):
            compressed, _, rest = body[len(_PNG_XMP) :][:1], None, body[len(_PNG_XMP) + 2 :]
            text = rest.split(b"\x00", 2)[-1]
            if compressed != b"\x01":
                return text
            try:
                return zlib.decompressobj().decompress(text, _LONGEST)
            except zlib.error:
                return None
        at += 12 + length
    return None


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each JPEG segment before the picture's own data."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        if marker == 0xDA or length < 2:
            return
        yield marker, data[at + 4 : at + 2 + length]
        at += 2 + length


def _riff(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        name, (length,) = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])
        yield name, data[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)


def _xmp_of_pdf(data: bytes) -> bytes | None:
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        metadata = pypdf.PdfReader(io.BytesIO(data)).root_object.get("/Metadata")
        found = metadata.get_object().get_data() if metadata is not None else None
    except (PyPdfError, ValueError, KeyError, AttributeError, TypeError, RecursionError, OSError):
        # A PDF can be broken in more ways than pypdf has errors; one without a catalogue has no metadata.
        return None
    return bytes(found) if isinstance(found, bytes) else None


def own_text(data: bytes) -> bool:
    """Whether bytes can be text in UTF-8 at all: a script, and no picture or programme."""
    if b"\x00" in data:
        return False
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return re.search(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]", text) is None
