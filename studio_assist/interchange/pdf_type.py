"""Setting screenplay type in a PDF: one character a cell, Courier Prime, and another face for what it lacks.

A screenplay page counts columns, so a character from another face is set inside the cell that the page
gives it, narrowed if it is wider. A character that no bundled face has shows as a box and is named to the
caller: nothing is dropped unseen.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from studio_assist.domain.errors import Unavailable
from studio_assist.domain.pagination.geometry import columns_of
from studio_assist.domain.screenplay import BOLD, ITALIC, UNDERLINE

#: Points: 12 point type, ten characters and six lines to the inch.
SIZE: Final = 12.0
CELL: Final = 7.2
#: What stands for a character that no face has.
BOX: Final = "□"

_FACES: Final = {
    0: "CourierPrime-Regular",
    BOLD: "CourierPrime-Bold",
    ITALIC: "CourierPrime-Italic",
    BOLD | ITALIC: "CourierPrime-BoldItalic",
}
#: Faces for what Courier Prime lacks, and for headers and footers.
PLAIN: Final = "Inter-Regular"
STRONG: Final = "Inter-Bold"

_REGISTERING: Final = threading.Lock()

Run = tuple[str, int]


@dataclass(frozen=True)
class Faces:
    """The bundled faces, registered with reportlab: which characters each of them has."""

    has: dict[str, frozenset[str]]

    def name(self, flags: int) -> str:
        return _FACES[flags & (BOLD | ITALIC)]


@cache
def load_faces(folder: Path) -> Faces:
    """Register the faces of a folder. Raises `Unavailable` where one is missing or is no font."""
    has: dict[str, frozenset[str]] = {}
    with _REGISTERING:
        for name in (*_FACES.values(), PLAIN, STRONG):
            try:
                font = TTFont(name, str(folder / f"{name}.ttf"))
            except Exception as error:
                # reportlab raises half a dozen unrelated types for a file that is no font.
                raise Unavailable(
                    f"The typeface {name} that the program ships cannot be read.",
                    remedy="Install Studio Assist again.",
                    place=str(folder),
                ) from error
            pdfmetrics.registerFont(font)
            has[name] = frozenset(map(chr, font.face.charToGlyph)) | {" ", "\u00a0"}
    return Faces(has)


@dataclass
class Typesetter:
    """Sets runs of text on one page after another and remembers what it could not set.

    Attributes:
        missing: characters that no bundled face has, in order of appearance.
    """

    faces: Faces
    missing: dict[str, None] = field(default_factory=dict[str, None])
    #: Underlines of the page so far: x from, x to, baseline.
    lines: list[tuple[float, float, float]] = field(default_factory=list[tuple[float, float, float]])

    def set_runs(self, block: Any, x: float, y: float, runs: Iterable[Run]) -> None:
        """Set a row. `block` is reportlab's text object; `x`, `y` the left end of its baseline in points."""
        for text, flags in runs:
            left = x
            for face, part in self._parts(text, flags):
                if face is None:
                    self._set_cells(block, left, y, part, flags)
                else:
                    block.setTextOrigin(left, y)
                    block.setFont(face, SIZE)
                    block.textOut(part)
                left += CELL * columns_of(part)
            if flags & UNDERLINE and text:
                self.lines.append((x, left, y))
            x = left

    def width(self, text: str, size: float, face: str = PLAIN) -> float:
        """Width in points of a header's or footer's text."""
        return float(pdfmetrics.stringWidth(self.plain(text, face), face, size))

    def plain(self, text: str, face: str = PLAIN) -> str:
        """Text for a header or footer, set in one face: what the face lacks as a box."""
        return "".join(part if part in self.faces.has[face] else self._box(part) for part in text)

    def take_lines(self) -> list[tuple[float, float, float]]:
        """The underlines set since the last call."""
        lines, self.lines = self.lines, []
        return lines

    def _parts(self, text: str, flags: int) -> Iterator[tuple[str | None, str]]:
        """The text in stretches that its own face has (with the face), and others (with None)."""
        face = self.faces.name(flags)
        has = self.faces.has[face]
        if has.issuperset(text):
            if text:
                yield face, text
            return
        for known, part in groupby(text, has.__contains__):
            yield (face if known else None), "".join(part)

    def _set_cells(self, block: Any, x: float, y: float, text: str, flags: int) -> None:
        face = STRONG if flags & BOLD else PLAIN
        for character in text:
            cell = CELL * columns_of(character)
            shown = character if character in self.faces.has[face] else self._box(character)
            if shown:
                width = float(pdfmetrics.stringWidth(shown, face, SIZE))
                # A combining mark has no cell; it stands in the one before.
                room = cell or CELL
                scale = min(1.0, room / width) if width else 1.0
                block.setHorizScale(100 * scale)
                left = x if cell else x - CELL
                block.setTextOrigin(left + max(0.0, room - width * scale) / 2, y)
                block.setFont(face, SIZE)
                block.textOut(shown)
                block.setHorizScale(100)
            x += cell

    def _box(self, character: str) -> str:
        if character.isspace():
            return " "
        # Joiners, direction marks and variation selectors have no picture of their own.
        if unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f":
            return ""
        self.missing[character] = None
        return BOX
