"""A picture file from anywhere as pixels: upright, RGB, of bounded size; or an error for a person."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from studio_assist.domain.errors import BadInput

#: 8K is 33 million. Pillow warns from 89 million on.
MOST_PIXELS: Final = 80_000_000
LEAST_SIDE: Final = 64

_FORMATS: Final = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP")
#: Cells of a likeness.
_GRID: Final = (16, 16)
_LONGEST_PROFILE: Final = 2_000_000
_UNREADABLE: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True)
class Decoded:
    """A picture as (height, width, 3) in RGB.

    Attributes:
        profile: its colour profile (ICC), where the pixels are still in that profile.
        warnings: what of the file is not in the pixels, in sentences.
    """

    pixels: NDArray[np.uint8]
    profile: bytes | None = None
    warnings: tuple[str, ...] = ()


def decode(data: bytes, name: str | None = None) -> Decoded:
    """Read a picture's pixels: transparency on white, upright as its camera noted, the first of many frames.

    Args:
        name: of the file, for errors.

    Raises:
        BadInput: empty, no picture, cut short, or larger than anything is drawn.
    """
    if not data:
        raise BadInput(
            "The picture is empty.", remedy="Ask for it again, or choose another file.", place=name
        )
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            _check_size(image.width, image.height, name)
            return _decoded(image, data)
    except Image.UnidentifiedImageError as error:
        raise BadInput(
            "This is not a picture that can be read here.",
            remedy="Choose a PNG, JPEG, WebP, TIFF, GIF or BMP file.",
            place=name,
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(name) from error
    except _UNREADABLE as error:
        raise BadInput(
            "The picture is damaged or cut short and cannot be read to its end.",
            remedy="Get the file once more from where it comes from.",
            place=name,
        ) from error


def likeness(pixels: NDArray[np.uint8], rows: int) -> str:
    """What the upper rows of a picture look like, in 512 hexadecimal digits: grey values of a 16 × 16 grid.

    It tells a changed picture from another one; it is no fingerprint and proves nothing.
    """
    top = Image.fromarray(pixels[: max(1, rows)]).convert("L").resize(_GRID, Image.Resampling.BOX)
    return top.tobytes().hex()


def alike(one: str, other: str) -> bool | None:
    """Whether two likenesses can be of one picture; None where they cannot be compared."""
    try:
        before, after = (np.frombuffer(bytes.fromhex(text), np.uint8).astype(float) for text in (one, other))
    except ValueError:
        return None
    if not len(before) == len(after) == _GRID[0] * _GRID[1]:
        return None
    # Paper is alike in all drawings: what counts are the cells in which something is drawn.
    drawn = np.zeros(len(before), dtype=bool)
    for grid in (before, after):
        drawn |= np.abs(grid - np.median(grid)) > 6
    difference = after - before
    if drawn.sum() < 4:
        return bool(np.abs(difference).mean() < 12)
    # Painted over in places, most cells stay as they were; made lighter or darker, all change alike.
    kept = np.abs(difference - np.median(difference))[drawn] <= max(8.0, 0.15 * before[drawn].std())
    flat = before.std() < 1 or after.std() < 1
    return bool(kept.mean() >= 0.55 or (not flat and np.corrcoef(before, after)[0, 1] >= 0.95))


def _check_size(width: int, height: int, name: str | None) -> None:
    if width * height > MOST_PIXELS:
        raise _too_large(name)
    if width < 1 or height < 1:
        raise BadInput("The picture has no pixels.", remedy="Choose another file.", place=name)


def _too_large(name: str | None) -> BadInput:
    return BadInput(
        f"The picture is larger than {MOST_PIXELS // 1_000_000} million pixels.",
        remedy="Make it smaller, to 8K at most.",
        place=name,
    )


def _decoded(image: Image.Image, data: bytes) -> Decoded:
    warnings: list[str] = []
    # Phones put a second picture into a JPEG, for depth or light; that is no movement.
    if getattr(image, "is_animated", False) and image.format != "MPO":
        warnings.append("The picture moves; only its first frame was taken.")
    image.load()
    profile = image.info.get("icc_profile")
    mode = image.mode
    # PNG says its bits a channel in byte 24; Pillow halves 16 without a word.
    if mode.startswith("I") or mode == "F" or (data[1:4] == b"PNG" and data[24:25] == b"\x10"):
        warnings.append("The picture has more than 8 bits a channel; the marked copy has 8.")
    upright = ImageOps.exif_transpose(image)
    if mode.startswith("I") or mode == "F":
        upright = _eight_bits(upright)
    if upright.has_transparency_data:
        alpha = upright.convert("RGBA")
        if alpha.getchannel("A").getextrema() != (255, 255):
            warnings.append("Transparent parts of the picture became white.")
        ground = Image.new("RGBA", alpha.size, "white")
        ground.alpha_composite(alpha)
        upright = ground
    if mode not in ("RGB", "RGBA", "P", "PA"):
        profile = None
        if mode in ("CMYK", "LAB"):
            warnings.append("The picture was made for print; its colours may look different on a screen.")
    if not isinstance(profile, bytes) or len(profile) > _LONGEST_PROFILE:
        profile = None
    return Decoded(np.asarray(upright.convert("RGB")), profile, tuple(warnings))


def _eight_bits(image: Image.Image) -> Image.Image:
    values = np.nan_to_num(np.asarray(image, dtype=np.float64))
    # Pillow hands 16 bits a pixel over as they are, and the rest in ranges of their makers' own.
    top = 65535.0 if image.mode.startswith("I;16") or values.max(initial=0.0) > 255.0 else 255.0
    if values.max(initial=0.0) <= 1.0 and image.mode == "F":
        top = 1.0
    return Image.fromarray((values / top * 255.0).clip(0, 255).astype(np.uint8))
