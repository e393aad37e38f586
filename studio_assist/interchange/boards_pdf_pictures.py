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
            return _packed(_sized(_upright(image, frame), frame, most), share)
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


def _sized(image: Image.Image, frame: tuple[float, float], most: float) -> Image.Image:
    scale = min(
        1.0,
        min(_pixels(frame[0]) / image.width, _pixels(frame[1]) / image.height),
        (most / (image.width * image.height)) ** 0.5,
    )
    if scale >= 1.0:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.HAMMING, reducing_gap=1.2)


def _packed(image: Image.Image, share: float) -> Printed:
    grey = _is_grey(image)
    shown = image.convert("L") if grey else image
    data = _jpeg(shown, _QUALITY)
    if len(data) > share and shown.width * shown.height > _FEWEST:
        scale = max((_SMALLER * share / len(data)) ** 0.5, (_FEWEST / (shown.width * shown.height)) ** 0.5)
        scale = min(1.0, scale)
        size = max(1, round(shown.width * scale)), max(1, round(shown.height * scale))
        shown = shown.resize(size, Image.Resampling.HAMMING)
        data = _jpeg(shown, _LOWER)
    return Printed(data, shown.width, shown.height, grey)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    # Not `optimize`: it takes three times as long for a twentieth of the size.
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _is_grey(image: Image.Image) -> bool:
    """Whether no pixel has a colour. A small copy would lose a thin coloured line."""
    red, green, blue = (image.getchannel(one).tobytes() for one in "RGB")
    return red == green == blue


def _pixels(points: float) -> int:
    return max(1, round(points / 72 * _PER_INCH))
