"""How large a picture file says that it is, from its first bytes: looked at before anything is unpacked."""

from __future__ import annotations

import io
import stat
from pathlib import Path
from typing import Final

from studio_assist.domain.errors import BadInput
from studio_assist.interchange.reading import plain_bytes

#: As pictures of the board are bounded elsewhere: 8K is 33 million.
MOST_PIXELS: Final = 80_000_000
#: A file of a board's picture; uncompressed TIFF of 8K has 130 MB.
MOST_FILE_BYTES: Final = 300 << 20
_LARGEST_SIDE: Final = 16_384
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP")


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height in pixels.

    Raises:
        BadInput: no picture, a link or no plain file, or larger than anything is drawn; it says which.
    """
    name = path.name
    try:
        found = path.lstat()
    except OSError as error:
        raise BadInput(
            "The picture is missing.", remedy="Put it back, then import again.", place=name
        ) from error
    if not stat.S_ISREG(found.st_mode):
        raise BadInput(
            "The picture is a link or no plain file, which is not followed.",
            remedy="Put the picture itself there.",
            place=name,
        )
    if not found.st_size:
        raise BadInput("The picture is empty.", remedy="Save it once more.", place=name)
    if found.st_size > MOST_FILE_BYTES:
        raise BadInput(
            f"The picture has {found.st_size >> 20:,} MB.",
            remedy="Make it smaller, to 8K at most.",
            place=name,
        )
    width, height = _size_of(path)
    if width < 1 or height < 1:
        raise BadInput("The picture has no pixels.", remedy="Save it once more.", place=name)
    if width * height > MOST_PIXELS or max(width, height) > _LARGEST_SIDE:
        raise BadInput(
            f"The picture says that it is {width:,} × {height:,} pixels, which is larger than is read.",
            remedy="Make it smaller, to 8K at most.",
            place=name,
        )
    return width, height


def _size_of(path: Path) -> tuple[int, int]:
    head = _head(path)
    if head[:8] == b"\x89PNG\r\n\x1a\n" and head[12:16] == b"IHDR":
        # Most files are, and need no more than this.
        return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    # Loaded only here: a folder of PNG files does without it.
    from PIL import Image

    data = plain_bytes(path, MOST_FILE_BYTES)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            return image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadInput(
            "The picture says that it is larger than is read.",
            remedy="Make it smaller, to 8K at most.",
            place=path.name,
        ) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError) as error:
        raise BadInput(
            "This is not a picture that can be read here.",
            remedy="Save it as PNG, JPEG, WebP, TIFF, GIF or BMP.",
            place=path.name,
        ) from error


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(64)
    except OSError as error:
        raise BadInput(
            f"The picture cannot be read ({error.strerror or error}).",
            remedy="Check that you may read it.",
            place=path.name,
        ) from error
