"""What may leave as a picture: fresh pixels in a bare file with a neutral name, and nothing else.

    decoded, upright, first frame, on white, sRGB  (picture_decoding)
      → scaled down to what was asked for
      → the two lowest bits of every value made to depend on the upper six
      → PNG of IHDR, IDAT, IEND alone, or JPEG without any segment but those that draw; read back strictly

**Bits hidden in pixels.** Plain re-encoding keeps them: "stealth" prompt data of picture generators, and
what steganography tools write, stand in the lowest bits of the colours, or of the transparency, from where
they seep into the colours as it is flattened. `quieted` maps every value by a fixed table of 64 levels, so
that the two lowest bits are a function of the others and hold nothing, whatever code wrote them (PSNR 46 dB
against the picture before, at most 2 of 255 off). It also swallows what is drawn in nearly white on white.
Blocks of a JPEG carry bits in another way; see `picture_decoding` for how they are put off their grid.

**What this does not do.** Whatever a person can see in a picture leaves with it, and so does a payload made
to survive this: a strong watermark, or data drawn as a pattern of large cells. A picture that is mostly noise
at full strength is refused, since nobody can look through it; noise of a few values is left to the person's
eye. Our own marks stay: the TEMP band is pixels, the invisible mark is made to outlive this. The mark says
an entry's number and five digits and no word; the band's small type names project and panel, and the text
check finds it. So what is sent is best the unmarked original from the project's media, which has neither.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.values import Sha256, sha256_of
from studio_assist.gate.picture_decoding import decode
from studio_assist.gate.picture_tags import Original, original

PictureFormat = Literal["png", "jpeg"]

LONGEST_PX: Final = 1024
#: Rule: what nobody can look through does not leave.
NOISE_RULE: Final = "picture-is-noise"

_PNG_START: Final = b"\x89PNG\r\n\x1a\n"
_MOST_NOISE: Final = 0.25
_TILE: Final = 64
#: Of six: evenly spread values have 5.99; the roughest tile of 40 photographs and screens has 5.75.
_NOISY_BITS: Final = 5.8


def _levels() -> NDArray[np.uint8]:
    values = np.arange(256)
    return ((values & ~3) + np.where(values < 128, 1, 2)).astype(np.uint8)


#: 64 levels, symmetrical, from 1 to 254: white that stayed 255 would put faint paper grain 3 off.
LEVELS: Final = _levels()


@dataclass(frozen=True)
class CleanPicture:
    """A picture as it would leave. The same file in gives the same bytes.

    Attributes:
        data: the file; nobody may change it after it was checked: `sha256` is what is approved.
        name: neutral: "image_1.png".
        size: (width, height) in pixels.
        was: the original, for the sheet.
    """

    data: bytes
    name: str
    media_type: str
    size: tuple[int, int]
    sha256: Sha256
    was: Original

    @property
    def done(self) -> tuple[str, ...]:
        """What was done, in the words of the sheet."""
        lines: list[str] = []
        removed = self.was.removed
        if removed:
            tags = f", {self.was.tags} tag{'s' * (self.was.tags != 1)}" if self.was.tags else ""
            lines.append(f"{', '.join(removed)} removed{tags}")
        lines += ["Re-encoded from pixels", "File name replaced"]
        return tuple(lines)


def cleaned(
    data: bytes,
    name: str,
    *,
    number: int = 1,
    longest_px: int = LONGEST_PX,
    format: PictureFormat = "png",
    quality: int = 90,
) -> CleanPicture:
    """A picture file as it may leave, once it has been checked (`picture_check`).

    Takes about 0.1 s for a photograph; run it off the event loop. It reads whatever a stranger made, within
    64 million pixels and about 1 GB of memory.

    Args:
        name: of the file, for the person only.
        number: which picture of the request it is, from 1.
        longest_px: of the longer side; larger pictures are scaled down, smaller ones never up.
        quality: of a JPEG, 1 to 95.

    Raises:
        BadInput: no picture, damaged, cut short or too large.
        Refusal: it is mostly noise.
    """
    if longest_px < 16 or number < 1:
        raise ValueError("longest_px from 16, number from 1")
    decoded = decode(data, name, longest_px)
    pixels = quieted(decoded.pixels)
    if noise_share(pixels) > _MOST_NOISE:
        raise Refusal(
            "This picture is mostly noise: nobody can see what is in it.",
            remedy="Choose another picture, or use the model on this machine.",
            place=name,
            rule=NOISE_RULE,
        )
    out = io.BytesIO()
    fresh = Image.fromarray(pixels)
    if format == "png":
        fresh.save(out, "PNG", compress_level=6)
    else:
        fresh.save(out, "JPEG", quality=quality, subsampling=0)
    left = out.getvalue()
    height, width = pixels.shape[:2]
    if bare_kind(left) != format:
        # Pillow wrote something that was not asked for; better nothing than that.
        raise RuntimeError("the picture that was written holds more than its pixels")
    was = original(data, name, decoded.size)
    if decoded.see_through:
        was = replace(was, removed=(*was.removed, "transparency"))
    return CleanPicture(
        data=left,
        name=f"image_{number}.{'png' if format == 'png' else 'jpg'}",
        media_type=f"image/{format}",
        size=(width, height),
        sha256=sha256_of(left),
        was=was,
    )


def quieted(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same picture with nothing in the two lowest bits: at most 2 of 255 off."""
    return LEVELS[pixels]


def noise_share(pixels: NDArray[np.uint8]) -> float:
    """How much of a picture's area is noise of full strength, 0 to 1; 0 for pictures below one tile.

    A tile of 64 × 64 counts where a channel's values, and their steps from one to the next sideways and
    down, all need more than 5.8 of 6 bits.
    """
    rows, columns = pixels.shape[0] // _TILE, pixels.shape[1] // _TILE
    if not rows or not columns:
        return 0.0
    noisy = 0
    for row in range(rows):
        for column in range(columns):
            tile = pixels[row * _TILE : (row + 1) * _TILE, column * _TILE : (column + 1) * _TILE] >> 2
            noisy += any(_bits(tile[:, :, channel]) > _NOISY_BITS for channel in range(3))
    return noisy / (rows * columns)


def _bits(tile: NDArray[np.integer[Any]]) -> float:
    values = tile.astype(np.int16)
    most = 8.0
    for one in (values, np.diff(values, axis=1) + 63, np.diff(values, axis=0) + 63):
        share = np.bincount(one.ravel(), minlength=127) / one.size
        share = share[share > 0]
        most = min(most, float(-(share * np.log2(share)).sum()))
        if most <= _NOISY_BITS:
            break
    return most


# What is in a file, strictly ----------------------------------------------------------------------------


def bare_kind(data: bytes) -> PictureFormat | None:
    """ "png" or "jpeg" for a file that holds a picture and nothing else, byte for byte; None for any other.

    The transport may ask this of every picture that it finds in a body.
    """
    if data.startswith(_PNG_START):
        return "png" if _is_bare_png(data) else None
    return "jpeg" if _is_bare_jpeg(data) else None


def _is_bare_png(data: bytes) -> bool:
    """IHDR (8-bit RGB), IDAT…, IEND, each with its sum; the pixels fill their stream, and the file ends."""
    at, kinds, packed = 8, list[bytes](), list[bytes]()
    head = b""
    while at < len(data):
        if at + 12 > len(data):
            return False
        length = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        checked = data[at + 8 + length : at + 12 + length]
        if len(body) != length or checked != zlib.crc32(kind + body).to_bytes(4, "big"):
            return False
        kinds.append(kind)
        if kind == b"IHDR":
            head = body
        elif kind == b"IDAT":
            packed.append(body)
        at += 12 + length
        if kind == b"IEND":
            if length:
                return False
            break
    if at != len(data) or kinds != [b"IHDR", *[b"IDAT"] * len(packed), b"IEND"] or not packed:
        return False
    width, height = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    if len(head) != 13 or head[8:] != b"\x08\x02\x00\x00\x00" or not 0 < width * height <= 64_000_000:
        return False
    row = 1 + 3 * width
    engine = zlib.decompressobj()
    try:
        pixels = engine.decompress(b"".join(packed), row * height + 1)
        pixels += engine.flush() if not engine.eof else b""
    except zlib.error:
        return False
    if len(pixels) != row * height or not engine.eof or engine.unused_data:
        return False
    return max(pixels[::row]) <= 4


#: JFIF without a thumbnail; nothing else may call itself an application's segment.
_JFIF: Final = b"JFIF\x00"
_DRAWING: Final = frozenset({0xDB, 0xC0, 0xC2, 0xC4, 0xDA})


def _is_bare_jpeg(data: bytes) -> bool:
    """Start, JFIF head, tables, frame, scans, end: no comment, no other segment, nothing behind."""
    if data[:2] != b"\xff\xd8":
        return False
    at, segments = 2, 0
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xD9:
            return False
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if len(body) != length - 2:
            return False
        if marker == 0xE0:
            if segments or len(body) != 14 or not body.startswith(_JFIF) or body[12:] != b"\x00\x00":
                return False
        elif marker not in _DRAWING:
            return False
        segments += 1
        at += 2 + length
        if marker == 0xDA:
            at = _scan_end(data, at)
            if data[at:] == b"\xff\xd9":
                return True
    return False


def _scan_end(data: bytes, at: int) -> int:
    """Where a scan's data ends: at the next marker that is neither a stuffed byte nor a restart."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
    return len(data)


def require_bare(data: bytes, name: str) -> None:
    """Raises `BadInput` where a file holds anything besides its picture."""
    if bare_kind(data) is None:
        raise BadInput(
            "This picture holds more than its pixels.", remedy="Send the cleaned picture.", place=name
        )
