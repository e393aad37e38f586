"""What a picture file says besides its picture, for the person who looks at what is taken off.

Only for showing: nothing here decides, and what it overlooks is gone from what leaves all the same, because
nothing but pixels goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from PIL import ExifTags, ImageFile, IptcImagePlugin

from studio_assist.gate.picture_decoding import UNREADABLE, opened

#: A value is shown to this length.
_SHOWN: Final = 80
_EXIF_IFD: Final = 0x8769
_GPS_IFD: Final = 0x8825
_INTEROP_IFD: Final = 0xA005
_POINTERS: Final = frozenset({_EXIF_IFD, _GPS_IFD, _INTEROP_IFD, 0x02BC, 0x83BB, 0x8649, 0x8773})
_TIFF_PIXELS: Final = frozenset(
    {*range(0xFE, 0x10E), *range(0x111, 0x12E), *range(0x13C, 0x15C), 0x211, 0x212, 0x213, 0x214, 0x8773}
) - {0x13C}
#: What a person should see first, in the order of the sheet: label and the tags that it comes from.
_WORTH_SHOWING: Final = (
    ("Camera serial", (0xA431, 0xC62F)),
    ("Lens serial", (0xA435,)),
    ("Author", (0x013B, 0x9C9D)),
    ("Owner", (0xA430,)),
    ("Copyright", (0x8298,)),
    ("Taken", (0x9003, 0x9004, 0x0132)),
    ("Title", (0x9C9B, 0x010E)),
    ("Comment", (0x9286, 0x9C9C)),
    ("Keywords", (0x9C9E,)),
    ("Camera", (0x0110, 0x010F)),
    ("Program", (0x0131,)),
)
_IPTC: Final = {(2, 5): "Title", (2, 80): "Author", (2, 25): "Keywords", (2, 90): "City", (2, 120): "Caption"}
_XMP_SHOWN: Final = (("Author", "dc:creator"), ("Title", "dc:title"), ("Caption", "dc:description"))
_XMP_PROPERTY: Final = re.compile(
    rb"<(?!/|\?|x:|rdf:)([A-Za-z]\w*:\w+)|\s(?!xmlns|rdf:|x:|xml:)([A-Za-z]\w*:\w+)="
)
_PNG_PLAIN: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP pHYs sBIT bKGD hIST tEXt zTXt iTXt eXIf caBX "
    b"acTL fcTL fdAT".split()
)


@dataclass(frozen=True)
class Original:
    """What stood in the file as it was.

    Attributes:
        size: (width, height) in pixels, as it is meant to be seen.
        shown: what a person should see, as (label, value): ("GPS", "58.6411, -3.0702"), the gravest first.
        tags: how many there are in all, `shown` among them.
        removed: what kinds of things were taken off, as short words: "EXIF", "comment", "11 later frames".
    """

    name: str
    length_bytes: int
    size: tuple[int, int]
    format: str
    shown: tuple[tuple[str, str], ...] = ()
    tags: int = 0
    removed: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        """How many tags are not shown by themselves ("and 10 more tags")."""
        return max(0, self.tags - len(self.shown))


def original(data: bytes, name: str, size: tuple[int, int]) -> Original:
    """What stands in a file that `picture_decoding.decode` could read."""
    shown: dict[str, str] = {}
    removed: list[str] = []
    tags = 0
    with opened(data, name) as image:
        kind = image.format or ""
        for collect in (_exif, _xmp, _iptc, _texts, _profile, _frames, _others):
            try:
                found, count, words = collect(image, data)
            except UNREADABLE:
                found, count, words = {}, 1, ("what could not be read",)
            for label, value in found.items():
                shown.setdefault(label, value)
            tags += count
            removed += words
    return Original(
        name=name,
        length_bytes=len(data),
        size=size,
        format="JPEG" if kind == "MPO" else kind,
        shown=tuple(shown.items()),
        tags=max(tags, len(shown)),
        removed=tuple(dict.fromkeys(removed)),
    )


_Collected = tuple[dict[str, str], int, tuple[str, ...]]


def _exif(image: ImageFile.ImageFile, _data: bytes) -> _Collected:
    exif = image.getexif()
    inner: dict[int, Any] = dict(exif.get_ifd(_EXIF_IFD))
    gps: Mapping[int, Any] = exif.get_ifd(_GPS_IFD)
    small: Mapping[int, Any] = exif.get_ifd(ExifTags.IFD.IFD1)
    own = {tag: value for tag, value in exif.items() if tag not in _POINTERS}
    if image.format == "TIFF":
        # A TIFF's own description of its pixels is no tag about anybody.
        own = {tag: value for tag, value in own.items() if tag not in _TIFF_PIXELS}
    both = own | {tag: value for tag, value in inner.items() if tag not in _POINTERS}
    shown: dict[str, str] = {}
    place = _place(gps)
    if place:
        shown["GPS"] = place
    for label, candidates in _WORTH_SHOWING:
        value = next((text for tag in candidates if (text := _said(tag, both.get(tag)))), "")
        if value:
            shown[label] = value
    count = len(both) + len(gps) + len(small)
    words = (*(("EXIF",) if count else ()), *(("GPS",) if gps else ()), *(("thumbnail",) if small else ()))
    return shown, count, words


def _said(tag: int, value: object) -> str:
    if isinstance(value, tuple):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        if tag == 0x9286:
            value = value[8:].decode("utf-16" if value[:7] == b"UNICODE" else "utf-8", "replace")
        elif 0x9C9B <= tag <= 0x9C9F:
            value = value.decode("utf-16-le", "replace")
        else:
            value = value.decode("utf-8", "replace")
    text = _printable(str(value)) if value is not None else ""
    if tag in (0x9003, 0x9004, 0x0132):
        try:
            at = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")
        except ValueError:
            return text
        return f"{at.day} {at:%b %Y %H:%M}"
    return text


def _place(gps: Mapping[int, Any]) -> str:
    def degrees(at: int, negative: str) -> float | None:
        parts, letter = gps.get(at + 1), gps.get(at)
        if not isinstance(parts, tuple) or len(parts) != 3:
            return None
        value = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
        return -value if letter == negative else value

    try:
        north, east = degrees(1, "S"), degrees(3, "W")
    except (ArithmeticError, TypeError, ValueError):
        return "there"
    if north is None or east is None:
        return "there" if gps else ""
    return f"{north:.4f}, {east:.4f}"


def _xmp(image: ImageFile.ImageFile, _data: bytes) -> _Collected:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if isinstance(packet, str):
        packet = packet.encode("utf-8", "replace")
    if not isinstance(packet, bytes) or not packet:
        return {}, 0, ()
    # Looked through, not parsed: XML from strangers can be a bomb, and this is only for showing.
    packet = packet[: 2**20]
    shown: dict[str, str] = {}
    for label, field in _XMP_SHOWN:
        inside = re.search(rf"<{field}[^>]*>(.{{0,600}}?)</{field}>".encode(), packet, re.DOTALL)
        text = _printable(re.sub(rb"<[^>]*>", b" ", inside[1]).decode("utf-8", "replace")) if inside else ""
        if text:
            shown[label] = text
    return shown, max(1, len(_XMP_PROPERTY.findall(packet))), ("XMP",)


def _iptc(image: ImageFile.ImageFile, _data: bytes) -> _Collected:
    found = IptcImagePlugin.getiptcinfo(image)
    if not found:
        blocks = image.info.get("photoshop")
        return ({}, len(blocks), ("Photoshop data",)) if blocks else ({}, 0, ())
    shown: dict[str, str] = {}
    for key, value in found.items():
        label = _IPTC.get(key)
        first = value[0] if isinstance(value, list) and value else value
        if label and isinstance(first, bytes):
            shown[label] = _printable(first.decode("utf-8", "replace"))
    return shown, len(found), ("IPTC",)


def _texts(image: ImageFile.ImageFile, _data: bytes) -> _Collected:
    if image.format == "PNG":
        # Text may stand behind the pixels too, so all chunks are read; Pillow bounds what they open to.
        image.load()
        texts: dict[str, str] = {
            key: value for key, value in getattr(image, "text", {}).items() if key != "XML:com.adobe.xmp"
        }
        shown = {_printable(key)[:24] or "Text": _printable(value) for key, value in texts.items()}
        return shown, len(texts), ("text fields",) if texts else ()
    comment = image.info.get("comment")
    if isinstance(comment, bytes):
        comment = comment.decode("utf-8", "replace")
    if not isinstance(comment, str) or not comment:
        return {}, 0, ()
    return {"Comment": _printable(comment)}, 1, ("comment",)


def _profile(image: ImageFile.ImageFile, _data: bytes) -> _Collected:
    return ({}, 1, ("colour profile",)) if image.info.get("icc_profile") else ({}, 0, ())


def _frames(image: ImageFile.ImageFile, _data: bytes) -> _Collected:
    frames = int(getattr(image, "n_frames", 1))
    if frames < 2:
        return {}, 0, ()
    return {}, 0, (f"{frames - 1:,} later frame{'s' * (frames != 2)}",)


def _others(image: ImageFile.ImageFile, data: bytes) -> _Collected:
    """Content credentials, chunks that nobody knows, and what stands behind the picture's end."""
    words: list[str] = []
    count = 0
    if b"caBX" in data[:65536] or b"jumb" in data[:65536]:
        words.append("content credentials")
        count += 1
    if image.format == "PNG":
        end = len(data)
        for kind, at in _png_chunks(data):
            end = at
            if kind not in _PNG_PLAIN:
                count += 1
                words.append("chunks of a program's own")
    elif image.format == "JPEG":
        end = _jpeg_end(data)
    else:
        end = len(data)
    if end < len(data):
        count += 1
        words.append(f"{len(data) - end:,} bytes behind the picture")
    return {}, count, tuple(words)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int]]:
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        at += 12 + length
        yield kind, min(at, len(data))
        if kind == b"IEND":
            return


def _jpeg_end(data: bytes) -> int:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    end = data.find(b"\xff\xd9", at)
    return end + 2 if end >= 0 else len(data)


def _printable(text: str) -> str:
    """One line without anything that cannot be seen, cut to what fits."""
    words = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
