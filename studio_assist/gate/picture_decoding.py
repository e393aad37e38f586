"""A picture file from anywhere as what can be seen of it: upright sRGB pixels on white, of bounded size.

Nothing of the file but its pixels goes on: no profile, no tags, no later frames, no colour under
transparency.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageFile

from studio_assist.domain.errors import BadInput

#: 8K is 33 million, a large still camera's picture 61 million.
MOST_PIXELS: Final = 64_000_000
MOST_BYTES: Final = 256 * 2**20
FORMATS: Final = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP")

#: Everything that Pillow raises on files that are not what they say.
UNREADABLE: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    AttributeError,
    # It warns of oddities; where warnings are errors, they are its errors.
    UserWarning,
    struct.error,
    zlib.error,
)
#: Formats whose pixels come out of 8 × 8 blocks, which can carry bits of their own (Jsteg, F5, OutGuess).
_BLOCKS: Final = frozenset({"JPEG", "MPO", "WEBP"})
#: Such a picture is made this much smaller even where it need not be, so that its blocks lie elsewhere.
_OFF_GRID: Final = 63 / 64
_LONGEST_PROFILE: Final = 4 * 2**20
_ORIENTATION: Final = 0x0112
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_REMEDY: Final = "Get the file once more from where it comes from, or leave the picture out."


@dataclass(frozen=True)
class Decoded:
    """What can be seen of a picture.

    Attributes:
        pixels: (height, width, 3), uint8, sRGB.
        size: of the file's picture as it is meant to be seen, (width, height) in pixels, before scaling.
        see_through: some of it was transparent and is white now.
    """

    pixels: NDArray[np.uint8]
    size: tuple[int, int]
    format: str
    see_through: bool


def opened(data: bytes, name: str) -> ImageFile.ImageFile:
    """The picture in `data`, not decoded yet, its size within bounds.

    Raises:
        BadInput: empty, too large, or no picture of a kind that is read here.
    """
    if not data:
        raise BadInput("The picture is empty.", remedy=_REMEDY, place=name)
    if len(data) > MOST_BYTES:
        raise BadInput(
            f"The picture's file is larger than {MOST_BYTES // 2**20} MB.",
            remedy="Make it smaller.",
            place=name,
        )
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.UnidentifiedImageError as error:
        raise BadInput(
            "This is not a picture that can be read here.",
            remedy="Choose a PNG, JPEG, WebP, TIFF, GIF or BMP file.",
            place=name,
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(name) from error
    except UNREADABLE as error:
        raise _damaged(name) from error
    if image.width * image.height > MOST_PIXELS:
        raise _too_large(name)
    return image


def decode(data: bytes, name: str, longest_px: int) -> Decoded:
    """The visible pixels of a picture file, scaled down to at most `longest_px` on the longer side.

    Raises:
        BadInput: as `opened`, and for files that end too early or are damaged.
    """
    if ImageFile.LOAD_TRUNCATED_IMAGES:
        # Whoever set it wants half pictures; what is missing of a file cannot be vouched for.
        raise RuntimeError("Pillow was told to read truncated pictures")
    with opened(data, name) as image:
        kind = image.format or ""
        try:
            if kind in ("JPEG", "MPO"):
                # libjpeg leaves out what scaling would throw away; never below the size asked for.
                full = image.size
                image.draft(None, (longest_px, longest_px))
            else:
                full = image.size
            image.load()
            turn = _UPRIGHT.get(_orientation(image))
            seen, see_through = _flat(image)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_large(name) from error
        except UNREADABLE as error:
            raise _damaged(name) from error
    wanted = _fitting(full, longest_px, kind)
    if seen.size != wanted:
        seen = seen.resize(wanted, Image.Resampling.LANCZOS)
    if turn is not None:
        seen = seen.transpose(turn)
        if turn not in (
            Image.Transpose.FLIP_LEFT_RIGHT,
            Image.Transpose.FLIP_TOP_BOTTOM,
            Image.Transpose.ROTATE_180,
        ):
            full = (full[1], full[0])
    return Decoded(np.array(seen, dtype=np.uint8), full, kind, see_through)


def _fitting(size: tuple[int, int], longest_px: int, kind: str) -> tuple[int, int]:
    by = min(1.0, longest_px / max(size))
    if by == 1.0 and kind in _BLOCKS:
        by = _OFF_GRID
    return max(1, round(size[0] * by)), max(1, round(size[1] * by))


def _orientation(image: Image.Image) -> int:
    try:
        found = image.getexif().get(_ORIENTATION)
    except UNREADABLE:
        # Tags that cannot be read turn nothing; the pixels are still there.
        return 1
    return found if isinstance(found, int) else 1


def _flat(image: Image.Image) -> tuple[Image.Image, bool]:
    """The picture as RGB on white, and whether that covered anything.

    Colours under transparency are dropped before anything mixes with them: `convert("RGB")` shows them.
    """
    profile = image.info.get("icc_profile")
    see_through: Image.Image | None = None
    if image.mode.startswith("I") or image.mode == "F":
        see_through = _keyed(image)
        image = _eight_bits(image)
    elif image.has_transparency_data:
        if image.mode == "La":
            image = image.convert("LA")
        if image.mode not in ("RGBA", "LA"):
            image = image.convert("RGBA")
        see_through = image.getchannel("A")
        image = image.convert("RGB" if image.mode == "RGBA" else "L")
    elif image.mode in ("P", "1", "RGBX", "YCbCr", "HSV"):
        image = image.convert("RGB")
    rgb = _srgb(image, profile)
    if see_through is None or see_through.getextrema() == (255, 255):
        return rgb, False
    ground = Image.new("RGB", rgb.size, "white")
    ground.paste(rgb, mask=see_through)
    return ground, True


def _keyed(image: Image.Image) -> Image.Image | None:
    """A 16-bit greyscale picture's transparency: one value that is not shown."""
    key = image.info.get("transparency")
    if not isinstance(key, int):
        return None
    return Image.fromarray(np.where(np.asarray(image) == key, 0, 255).astype(np.uint8))


def _eight_bits(image: Image.Image) -> Image.Image:
    values = np.nan_to_num(np.asarray(image, dtype=np.float32), posinf=0.0, neginf=0.0)
    most = float(values.max(initial=0.0))
    if image.mode.startswith("I;16"):
        top = 65535.0
    elif image.mode == "F" and most <= 1.0:
        top = 1.0
    else:
        top = 255.0 if most <= 255.0 else max(65535.0, most)
    return Image.fromarray((values * (255.0 / top)).clip(0, 255).round().astype(np.uint8))


def _srgb(image: Image.Image, profile: object) -> Image.Image:
    if isinstance(profile, bytes) and 0 < len(profile) <= _LONGEST_PROFILE:
        try:
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, theirs, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, *UNREADABLE):
            converted = None
        if converted is not None:
            return converted
    # Without a profile that fits, colours are taken as they stand: a little off, and nothing leaks by it.
    return image.convert("RGB")


def _too_large(name: str) -> BadInput:
    return BadInput(
        f"The picture is larger than {MOST_PIXELS // 1_000_000} million pixels.",
        remedy="Make it smaller, to 8K at most.",
        place=name,
    )


def _damaged(name: str) -> BadInput:
    return BadInput(
        "The picture is damaged or cut short and cannot be read to its end.", remedy=_REMEDY, place=name
    )
