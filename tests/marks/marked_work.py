"""What the tests of picture marks share: a board, who signs, and the ways in which files are tampered with."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from studio_assist.domain.marking import MarkFacts, SourceType
from studio_assist.domain.values import EntryNumber
from studio_assist.marks.certificates import Identity, make_identity
from studio_assist.marks.invisible import mark_key
from studio_assist.marks.pictures import MarkedPicture, PictureFormat, mark_picture
from studio_assist.paths import resource

FONTS: Final = resource("fonts")
TAG: Final = "0123456789abcdef"
OTHER_TAG: Final = "fedcba9876543210"
KEY: Final = mark_key("5f" * 16)
OTHER_KEY: Final = mark_key("a0" * 16)
NOW: Final = datetime.now(UTC)
FACTS: Final = MarkFacts(
    project="Larkspur",
    tag=TAG,
    entry=EntryNumber(1281),
    label="14C",
    source=SourceType.GENERATED,
    backend="ComfyUI, SD-Turbo",
)


@cache
def ours() -> Identity:
    return make_identity("Larkspur", TAG, "J. Lindqvist", NOW)


@cache
def strangers() -> Identity:
    return make_identity("Somebody Else's", OTHER_TAG, "M. Lind", NOW)


def board(width: int = 640, height: int = 360, seed: int = 1) -> NDArray[np.uint8]:
    """Ink on near-white paper, another drawing for each seed."""
    chance = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), "#FCFBF8")
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = chance.integers(0, width), chance.integers(0, height)
        w, h = chance.integers(width // 12, width // 3), chance.integers(height // 12, height // 2)
        tone = ("#E9EBED", "#BDC1C7", "#666C75")[chance.integers(3)]
        draw.rectangle((int(x), int(y), int(x + w), int(y + h)), fill=tone, outline="#1F2226", width=3)
    return np.asarray(image)


def file_of(pixels: NDArray[np.uint8], format: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format, **options)
    return out.getvalue()


def pixels_of(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def marked(
    pixels: NDArray[np.uint8] | None = None,
    *,
    facts: MarkFacts = FACTS,
    key: bytes = KEY,
    identity: Identity | None = None,
    format: PictureFormat = "png",
    parent: bytes | None = None,
) -> MarkedPicture:
    return mark_picture(
        file_of(board() if pixels is None else pixels),
        facts,
        mark_key=key,
        identity=identity or ours(),
        fonts=FONTS,
        at=NOW,
        format=format,
        parent=parent,
    )


class Ledger:
    """What a ledger would answer: it has entries up to 2,000 and knows the exports that it is told of."""

    title = "Larkspur"
    tag = TAG

    def __init__(self, *exports: bytes | MarkedPicture) -> None:
        from studio_assist.domain.values import sha256_of

        datas = [one.data if isinstance(one, MarkedPicture) else one for one in exports]
        self._exports = {sha256_of(data): 1900 + index for index, data in enumerate(datas)}

    def entry(self, number: int, /) -> str | None:
        return "Accepted by J. Lindqvist" if number <= 2000 else None

    def exported(self, sha256: str, /) -> int | None:
        return self._exports.get(sha256)


# Tampering ----------------------------------------------------------------------------------------------

MANIFEST: Final = b"caBX"
METADATA: Final = b"iTXt"


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each chunk."""
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def png_of(parts: list[tuple[bytes, bytes]]) -> bytes:
    out = b"\x89PNG\r\n\x1a\n"
    for name, body in parts:
        out += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return out


def without(png: bytes, *names: bytes) -> bytes:
    return png_of([(name, body) for name, body in chunks(png) if name not in names])


def grafted(donor: bytes, host: bytes, names: Collection[bytes]) -> bytes:
    """The host's picture with the donor's chunks of these names instead of its own."""
    taken = [(name, body) for name, body in chunks(donor) if name in names]
    first, *rest = [(name, body) for name, body in chunks(host) if name not in names]
    return png_of([first, *taken, *rest])


def edited(png: bytes, name: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """With one chunk's content changed and its checksum put right."""
    return png_of([(one, change(body) if one == name else body) for one, body in chunks(png)])
