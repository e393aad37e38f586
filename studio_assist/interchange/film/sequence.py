"""A film as a picture for every frame: numbered from 1 without a gap, as editing programs and FFmpeg read.

From one frame to the next only the timecode changes. Both PNG and JPEG can be made of stretches of rows that
are compressed each by itself, so that what lies below the slate is compressed once for as long as it stands.
That is many times sooner than frame by frame (`tests/bench/bench_film.py`).
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from PIL import Image

from studio_assist.interchange.film.frames import Drawer
from studio_assist.interchange.film.plan import FilmPlan, Pixels, Still
from studio_assist.interchange.film.stills import safe_name

#: Gives a file as it is now of pixels that are drawn into, in their upper rows alone.
Encode = Callable[[], bytes]
#: Makes that; it is given the pixels, and how many of their upper rows change from frame to frame.
Encoder = Callable[[Pixels, int], Encode]

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
#: RFC 1950: deflate with a window of 32 kB, the usual level.
_ZLIB: Final = b"\x78\x9c"
_ADLER: Final = 65_521
#: What stands still is compressed once and well; the slate each time, and it is small.
_LEVEL: Final = 6
#: PNG specification 9.2: each row as it differs from the one above.
_UP: Final = 2
#: A JPEG's quality, and how many rows of pixels its blocks are high at full colour resolution.
_QUALITY: Final = 92
_BLOCK: Final = 8
#: ITU-T T.81 B.1.1: where a stretch ends, by its place modulo eight; no other byte of a scan looks so.
_RESTART: Final = re.compile(rb"\xff[\xd0-\xd7]")
_END: Final = b"\xff\xd9"
#: Frames from all over a film, by which the size of all is estimated.
_MEASURED: Final = 48


class Frame(NamedTuple):
    """One frame of a film as a file, without marks.

    Attributes:
        number: from 0, as frames are counted everywhere but in file names.
        banded: it wears a band, for its picture or for the words that are said.
    """

    number: int
    still: Still
    banded: bool
    data: bytes


def sequence_names(plan: FilmPlan) -> list[str]:
    """The files' names without an ending, from `Title.0001` on.

    The first is 1, as FFmpeg writes sequences and every editing program reads them. There are four digits at
    least, and always the same number of them.
    """
    digits = max(4, len(str(plan.frames)))
    title = safe_name(plan.title, "frames")
    return [f"{title}.{place:0{digits}}" for place in range(1, plan.frames + 1)]


def frames_in_turn(plan: FilmPlan, encoder: Encoder) -> Iterator[Frame]:
    """Every frame, drawn and encoded when it is asked for; only one is held."""
    drawer = Drawer(plan)
    for still in plan.stills:
        box = drawer.timecode_box(still) if still.slate else None
        for caption, numbers in groupby(range(still.cut.start, still.cut.end), still.caption_at):
            pixels = drawer.ground(still, caption)
            encode = encoder(pixels, box.height if box else 0)
            data = b""
            for number in numbers:
                if box:
                    timecode = drawer.timecode(still, number)
                    pixels[box.y : box.y + box.height, box.x : box.x + box.width] = timecode
                if box or not data:
                    data = encode()
                yield Frame(number, still, still.banded_at(number), data)


def likely_bytes(plan: FilmPlan, encoder: Encoder, watch: Callable[[], None]) -> int:
    """About how large all frames will be together: by some from all over the film, and one of a shot.

    Args:
        watch: called before each; what it raises ends the work.
    """
    drawer, total = Drawer(plan), 0
    sizes: dict[int, int] = {}
    for place in range(_MEASURED):
        number = plan.frames * place // _MEASURED
        shot = plan.at(number).cut.start
        if shot not in sizes:
            watch()
            sizes[shot] = len(encoder(drawer.frame(number), 0)())
        total += sizes[shot]
    return total * plan.frames // _MEASURED


def png_in_parts(pixels: Pixels, changing: int) -> Encode:
    """An `Encoder` for PNG: the rows that stay are compressed here, the others whenever the file is wanted.

    Source: PNG specification (third edition) 10 for the one stream that all IDAT chunks make; RFC 1951 3.2.4
    for blocks that end on a byte, which `Z_SYNC_FLUSH` makes; RFC 1950 9 for the sum of both parts.
    """
    height, width = pixels.shape[:2]
    rows = _filtered(pixels[changing:])
    packed = zlib.compressobj(_LEVEL, wbits=-15)
    stays = _chunk(b"IDAT", packed.compress(rows) + packed.flush())
    stays_sum, stays_length = zlib.adler32(rows), len(rows)
    head = _SIGNATURE + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    end = _chunk(b"IEND", b"")

    def encode() -> bytes:
        rows = _filtered(pixels[:changing])
        packed = zlib.compressobj(_LEVEL, wbits=-15)
        first = _chunk(b"IDAT", _ZLIB + packed.compress(rows) + packed.flush(zlib.Z_SYNC_FLUSH))
        total = _joined(zlib.adler32(rows), stays_sum, stays_length)
        return b"".join((head, first, stays, _chunk(b"IDAT", struct.pack(">I", total)), end))

    return encode


def jpeg_in_parts(pixels: Pixels, changing: int) -> Encode:
    """An `Encoder` for JPEG: each row of blocks begins anew, so that rows of two files can be put together.

    Source: ITU-T T.81 B.2.4.4 and E.1.4 for restart intervals. Tables and quality of both files are the same.
    """
    rows = -(-changing // _BLOCK)
    whole = _jpeg(pixels)
    if not rows:
        return lambda: whole
    head = whole[: _scan_of(whole)]
    marks = list(_RESTART.finditer(whole, len(head)))
    # A frame so low that all of it changes has nothing that stays.
    stays = whole[marks[rows - 1].start() :] if rows <= len(marks) else _END

    def encode() -> bytes:
        changed = _jpeg(pixels[: rows * _BLOCK])
        return b"".join((head, changed[_scan_of(changed) : -len(_END)], stays))

    return encode


def _jpeg(pixels: Pixels) -> bytes:
    out = io.BytesIO()
    # Full colour resolution: letters have hard edges.
    Image.fromarray(pixels).save(out, "JPEG", quality=_QUALITY, subsampling=0, restart_marker_rows=1)
    return out.getvalue()


def _scan_of(data: bytes) -> int:
    """Where the compressed rows of a JPEG begin."""
    at = 2
    while True:
        marker, length = struct.unpack(">HH", data[at : at + 4])
        at += 2 + length
        if marker == 0xFFDA:
            return at


def _filtered(pixels: Pixels) -> bytes:
    """Rows as PNG compresses them; the first does not look at the row above it."""
    if not len(pixels):
        return b""
    rows = pixels.reshape(pixels.shape[0], -1)
    found = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    found[:, 0], found[0, 0] = _UP, 0
    found[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=found[1:, 1:])
    return found.tobytes()


def _joined(first: int, second: int, second_length: int) -> int:
    """The Adler-32 sum of two stretches, from the sum of each."""
    low = (first & 0xFFFF) + (second & 0xFFFF) - 1
    high = (first >> 16) + (second >> 16) + second_length * ((first & 0xFFFF) - 1)
    return (high % _ADLER) << 16 | low % _ADLER


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = zlib.crc32(data, zlib.crc32(kind))
    return b"".join((struct.pack(">I", len(data)), kind, data, struct.pack(">I", checked)))
