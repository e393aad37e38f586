"""Pictures of a storyboard book: read, made as small as they are printed, and packed as JPEG.

Done by a few threads ahead of the page that is drawn; Pillow lets go of Python's lock while it works.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from studio_assist.domain.canvas import PAPER

#: Pixels to an inch of paper: what a laser printer shows of greys and lines.
_PER_INCH: Final = 200
_QUALITY: Final = 85
#: For a picture that takes more than its share of the book, as photographs in a long one do.
_LOWER: Final = 68
#: How many times smaller that quality alone makes it, at least.
_SMALLER: Final = 1.4
#: Bytes that the pictures of a book share, and that a pixel of a drawn frame takes.
_BUDGET: Final = 46_000_000
_OF_A_PIXEL: Final = 0.125
#: No picture is made smaller than this, however long the book.
_FEWEST: Final = 640 * 360
#: Pixels from which on it is worth guessing how long a JPEG becomes, before it is made to find that out.
_WORTH_A_GUESS: Final = 2 * _FEWEST
#: The guess: rows of the picture in bands of a JPEG's blocks, one band in so many.
_BAND: Final = 16
_EVERY: Final = 8
#: It is taken for sure where it is so many shares; and right where what comes of it is in these bounds.
_SURELY: Final = 1.3
_UNDER: Final = 0.85
_OVER: Final = 1.2
#: The EXIF tag that says how a photograph is turned.
_TURNED: Final = 0x0112
_THREADS: Final = 2
_AHEAD: Final = 6
_MOST_PIXELS: Final = 8192 * 8192
_KINDS: Final = ("PNG", "JPEG", "WEBP")
_DAMAGED: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True)
class Printed:
    """A picture as it is printed. `grey`: it has no colour."""

    jpeg: bytes
    width: int
    height: int
    grey: bool


def printed(paths: Sequence[Path | None], frame: tuple[float, float]) -> Generator[Printed | None]:
    """The pictures, in this order; None for one that is not there or cannot be read.

    A path that stands there again gives None again: it is in the book already. Close the iterator to stop.

    Args:
        frame: how large they are printed at most, in points.
    """
    wanted = dict.fromkeys(path for path in paths if path is not None)
    share = _BUDGET / max(1, len(wanted))
    most = max(_FEWEST, share / _OF_A_PIXEL)
    pool = ThreadPoolExecutor(_THREADS, "boards-pdf")
    waiting: deque[Future[Printed | None] | None] = deque()
    seen: set[Path] = set()
    left = iter(paths)
    try:
        ended = False
        while True:
            while not ended and len(waiting) < _AHEAD:
                path = next(left, _END)
                if isinstance(path, _End):
                    ended = True
                elif path is None or path in seen:
                    waiting.append(None)
                else:
                    seen.add(path)
                    waiting.append(pool.submit(_printed, path, frame, most, share))
            if not waiting:
                return
            first = waiting.popleft()
            yield first.result() if first is not None else None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _End:
    """The end of a list whose items may be None."""


_END: Final = _End()


def _printed(path: Path, frame: tuple[float, float], most: float, share: float) -> Printed | None:
    try:
        with Image.open(path, formats=_KINDS) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None
            shown = _upright(image, frame)
            return _packed(shown, _size(shown, frame, most), share)
    except _DAMAGED:
        return None


def _upright(image: Image.Image, frame: tuple[float, float]) -> Image.Image:
    # A JPEG is read no larger than needed.
    image.draft("RGB", (_pixels(frame[0]), _pixels(frame[1])))
    turned = ImageOps.exif_transpose(image) if image.getexif().get(_TURNED, 1) != 1 else image
    if turned.mode == "RGB" and "transparency" not in turned.info:
        return turned
    if "A" not in turned.getbands() and "transparency" not in turned.info:
        return turned.convert("RGB")
    ground = Image.new("RGBA", turned.size, (*PAPER, 255))
    ground.alpha_composite(turned.convert("RGBA"))
    return ground.convert("RGB")


def _size(image: Image.Image, frame: tuple[float, float], most: float) -> tuple[int, int]:
    """How large it is printed at most."""
    scale = min(
        1.0,
        min(_pixels(frame[0]) / image.width, _pixels(frame[1]) / image.height),
        (most / (image.width * image.height)) ** 0.5,
    )
    return _scaled(image.size, scale)


def _packed(image: Image.Image, size: tuple[int, int], share: float) -> Printed:
    """The picture in that size; smaller, and at a lower quality, where it would take more than its share."""
    if _area(size) > _WORTH_A_GUESS and (likely := _likely_bytes(image, size)) > _SURELY * share:
        # Made smaller once and not twice: that is sharper, and saves a third of the work.
        lower = _lower(image, size, likely, share)
        if len(lower.jpeg) > _OVER * share and _area((lower.width, lower.height)) > _FEWEST:
            lower = _lower(image, (lower.width, lower.height), round(_SMALLER * len(lower.jpeg)), share)
        if len(lower.jpeg) >= _UNDER * share:
            return lower
    sized = _resized(image, size)
    first = _encoded(sized, _QUALITY)
    if len(first.jpeg) <= share or _area(size) <= _FEWEST:
        return first
    return _lower(sized, size, len(first.jpeg), share)


def _lower(image: Image.Image, size: tuple[int, int], length: int, share: float) -> Printed:
    """At the lower quality. `length`: the bytes that it takes in that size at the usual one."""
    scale = max((_SMALLER * share / length) ** 0.5, (_FEWEST / _area(size)) ** 0.5)
    return _encoded(_resized(image, _scaled(size, min(1.0, scale))), _LOWER)


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.HAMMING, reducing_gap=1.2)


def _encoded(image: Image.Image, quality: int) -> Printed:
    grey = _is_grey(image)
    data = _jpeg(image.convert("L") if grey else image, quality)
    return Printed(data, *image.size, grey)


def _likely_bytes(image: Image.Image, size: tuple[int, int]) -> int:
    """How long the JPEG in that size would be, by an eighth of its rows."""
    wide, high = size
    scale = image.height / high
    tops = range(_BAND * _EVERY // 2, high - _BAND + 1, _BAND * _EVERY)
    rows = Image.new("RGB", (wide, _BAND * len(tops)))
    for place, top in enumerate(tops):
        box = (0, top * scale, image.width, min((top + _BAND) * scale, image.height))
        rows.paste(image.resize((wide, _BAND), Image.Resampling.HAMMING, box), (0, place * _BAND))
    return round(len(_encoded(rows, _QUALITY).jpeg) * high / rows.height)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    # Not `optimize`: it takes three times as long for a twentieth of the size.
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _is_grey(image: Image.Image) -> bool:
    """Whether no pixel has a colour. A small copy would lose a thin coloured line."""
    middle = image.height // 2
    # Most that have one have it in their middle rows.
    return _is_all_grey(image.crop((0, middle, image.width, middle + 1))) and _is_all_grey(image)


def _is_all_grey(image: Image.Image) -> bool:
    red, green, blue = (image.getchannel(one).tobytes() for one in "RGB")
    return red == green == blue


def _scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _pixels(points: float) -> int:
    return max(1, round(points / 72 * _PER_INCH))
