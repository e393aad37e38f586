"""A picture file, whatever it turns out to be, as a small image: runs in the pool and touches no widget.

A file among the media ought to be a plain picture, but disks fail and people copy things about. What it says
of itself is read first; a picture that would take more memory than a board ever needs is not opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from PySide6.QtGui import QImage

#: Pictures of more pixels than this are read only where the file can be read small (JPEG).
MOST_PIXELS: Final = 64_000_000
#: A frame whose sides differ from the picture's by less than this is filled whole.
_NEARLY: Final = 0.02
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP")


class Broken(Exception):
    """The file is there and is no picture that can be shown; says why in words."""


def decoded(path: Path, width: int, height: int, *, coarse: bool = False) -> QImage:
    """The picture as large as it can be within `width` × `height` device pixels.

    Args:
        coarse: keep its pixels as squares where it is smaller than that, as a picture on its way is.

    Raises:
        FileNotFoundError: there is no such file.
        Broken: it is no picture, or none that can be shown.
    """
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            return _read(picture, width, height, coarse)
    except FileNotFoundError:
        raise
    except UnidentifiedImageError:
        empty = path.stat().st_size == 0
        raise Broken("The file is empty." if empty else "It is not a picture.") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Broken("It is far larger than a picture of a board.") from None
    except (OSError, ValueError, SyntaxError, MemoryError) as error:
        # Pillow tells of damage by any of these, by format and place.
        raise Broken("It is damaged.") from error


def _read(picture: Image.Image, width: int, height: int, coarse: bool) -> QImage:
    wide, high = picture.size
    if wide < 1 or high < 1:
        raise Broken("It is empty.")
    size = _fitted(wide, high, width, height)
    picture.draft(picture.mode, size)
    if picture.size[0] * picture.size[1] > MOST_PIXELS:
        raise Broken("It is far larger than a picture of a board.")
    picture.load()
    plain = _plain(picture)
    if plain.size != size:
        smaller = size[0] < plain.size[0]
        how = Image.Resampling.NEAREST if coarse and not smaller else Image.Resampling.BILINEAR
        plain = plain.resize(size, how, reducing_gap=2.0 if smaller else None)
    data = plain.tobytes()
    image = QImage(data, size[0], size[1], size[0] * 3, QImage.Format.Format_RGB888)
    # The copy owns its pixels; the bytes go with this function.
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _plain(picture: Image.Image) -> Image.Image:
    """Eight bits a channel, red, green and blue, on white paper."""
    if picture.mode.startswith(("I", "F")):
        return Image.fromarray(_eight_bits(picture)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _eight_bits(picture: Image.Image) -> NDArray[np.uint8]:
    """Sixteen bits and more scaled down; Pillow's own conversion clips them."""
    levels = np.nan_to_num(np.asarray(picture, dtype=np.float32))
    low, high = min(0.0, float(levels.min())), float(levels.max())
    if picture.mode != "F" and high > 255:
        # What a scanner or a painting program wrote goes over the whole of sixteen bits.
        high = max(high, 65535.0)
    elif picture.mode != "F":
        high = 255.0
    span = max(high - low, 1e-6)
    return ((levels - low) * (255.0 / span)).clip(0, 255).astype(np.uint8)


def _fitted(wide: int, high: int, width: int, height: int) -> tuple[int, int]:
    """The size in which a picture stands within a frame; one of nearly its shape fills it."""
    share, frame = wide / high, width / height
    if abs(share / frame - 1) < _NEARLY:
        return width, height
    if share > frame:
        return width, max(1, round(width / share))
    return max(1, round(height * share)), height
