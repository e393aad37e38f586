"""Words in frames: the bundled faces through Pillow, and what stands for a character that none has."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from studio_assist.domain.errors import Unavailable

#: What is looked through for a character that the first face lacks.
_OTHERS: Final = ("Inter-Regular.ttf", "CourierPrime-Regular.ttf")
BOX: Final = "□"
#: In no face: what is drawn for it is the face's sign for what it lacks.
_NOWHERE: Final = "\uffff"
#: Inter's capitals are so much of the type size.
CAPITALS: Final = 0.728

Colour = tuple[int, int, int]


@cache
def face(fonts: Path, name: str, size: int) -> ImageFont.FreeTypeFont:
    """A bundled face. Raises `Unavailable` where it cannot be read."""
    try:
        return ImageFont.truetype(fonts / name, size)
    except OSError as error:
        raise Unavailable(
            f"The typeface {name} that the program ships cannot be read.",
            remedy="Install Studio Assist again.",
            place=str(fonts),
        ) from error


@cache
def _shape(font: ImageFont.FreeTypeFont, sign: str) -> bytes:
    side = round(2 * font.size)
    image = Image.new("L", (side, side))
    ImageDraw.Draw(image).text((0, 1.5 * font.size), sign, 255, font, anchor="ls")
    return image.tobytes()


def _has(font: ImageFont.FreeTypeFont, sign: str) -> bool:
    return sign.isspace() or _shape(font, sign) != _shape(font, _NOWHERE)


class Lettering:
    """Sets lines of words in one face and size.

    Args:
        fonts: folder of the bundled faces.
        name: of the face's file.
        size: in pixels.
    """

    def __init__(self, fonts: Path, name: str, size: int) -> None:
        self.size: Final = size
        self._faces: Final = tuple(face(fonts, one, size) for one in (name, *_OTHERS))

    def width(self, words: str) -> float:
        """How wide a line is, in pixels."""
        return sum(font.getlength(part) for font, part in self._parts(words))

    def lacks(self, words: str) -> list[str]:
        """The signs of a text that are drawn as boxes, each once."""
        seen = dict.fromkeys(sign for sign in words if not _is_joiner(sign))
        return [sign for sign in seen if self._face_of(sign) is None]

    def fitted(self, words: str, room: float) -> str:
        """A line, cut short with an ellipsis where it is wider than there is room."""
        if self.width(words) <= room:
            return words
        low, high = 0, len(words)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(f"{words[:middle].rstrip()}…") <= room:
                low = middle
            else:
                high = middle - 1
        return f"{words[:low].rstrip()}…" if low else ""

    def wrapped(self, words: str, room: float) -> list[str]:
        """Lines that fit, broken at blanks; a word that is too long by itself is cut short."""
        lines: list[str] = []
        for given in words.splitlines():
            line = ""
            for word in given.split():
                longer = f"{line} {word}".strip()
                if line and self.width(longer) > room:
                    lines.append(self.fitted(line, room))
                    line = word
                else:
                    line = longer
            if line:
                lines.append(self.fitted(line, room))
        return lines

    def draw(self, on: ImageDraw.ImageDraw, x: float, base: float, words: str, colour: Colour) -> float:
        """Set a line from `x` on its baseline; gives its width."""
        start = x
        for font, part in self._parts(words):
            on.text((x, base), part, colour, font, anchor="ls")
            x += font.getlength(part)
        return x - start

    def _parts(self, words: str) -> list[tuple[ImageFont.FreeTypeFont, str]]:
        """A line in stretches of one face each."""
        signs = [(self._face_of(sign), sign) for sign in " ".join(words.split()) if not _is_joiner(sign)]
        return [
            (font or self._faces[0], "".join(sign if font else BOX for _, sign in part))
            for font, part in groupby(signs, key=lambda one: one[0])
        ]

    def _face_of(self, sign: str) -> ImageFont.FreeTypeFont | None:
        return next((font for font in self._faces if _has(font, sign)), None)


def _is_joiner(sign: str) -> bool:
    """Joiners, direction marks and variation selectors have no picture of their own."""
    return unicodedata.category(sign) == "Cf" or "\ufe00" <= sign <= "\ufe0f"
