"""The visible mark on a picture: an amber band burned into its lower edge.

It says TEMP AI and NOT FOR DELIVERY, large enough to be read when the picture is shown as a thumbnail, and in
small type the project, the panel and the ledger entry. It covers the lowest rows; the picture keeps its size.

Along the band's upper edge runs a line of dark and amber fields in a fixed order, as the edge code on film
stock. People take it for a border. `band_reading` finds the band by it, also where the picture has become
grey, larger or smaller; no amber wall in a picture carries it by chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from studio_assist.domain.marking import MarkFacts, SourceType

#: Design tokens `amber` and `onAmber`: the same in both themes.
AMBER: Final = (0xF2, 0xB7, 0x05)
ON_AMBER: Final = (0x17, 0x12, 0x04)

#: A thumbnail of the panel grid, and the type size that can be read on it, in pixels.
_THUMBNAIL: Final = (268, 151)
_READABLE: Final = 8.3
#: Type sizes in pixels: where the picture itself is small, and below which type is no longer set.
_LEAST: Final = 11.0
_TOO_SMALL: Final = 5.5
_SMALL_LEAST: Final = 7

_LEFT_WORDS: Final = "TEMP AI"
#: The built-in drawer is no AI, and its frames do not say that they are; where there is no room, see `_left`.
_PREVIS_WORDS: Final = "TEMP PREVIS"
_RIGHT_WORDS: Final = "NOT FOR DELIVERY"
_TRACKING: Final = 0.06
#: Widths of the two in Inter Bold with that tracking, in type sizes.
_LEFT_EM: Final = 4.5
_RIGHT_EM: Final = 10.55
_MARGIN_EM: Final = 0.5
_GAP_EM: Final = 0.8
#: Least room in the middle, in type sizes, for the small type to stand there and not below.
_MIDDLE_EM: Final = 6.5
#: Heights in type sizes: the code's fields, a row of large type, and small type with its row.
_CODE_EM: Final = 0.18
_ROW_EM: Final = 1.4
_STACKED_EM: Final = 1.2
_SMALL_EM: Final = 0.38
_SMALL_ROW: Final = 1.25
#: The most of a picture's height that the band may take.
_MOST: Final = 0.3

#: Small type from this size on is drawn as it is.
_CRISP: Final = 16
_FINER: Final = 4

FIELDS: Final = 63


@dataclass(frozen=True)
class _Layout:
    """Where the band's parts stand, in pixels from its upper edge.

    Attributes:
        rows: the height of the whole band.
        code: the height of the edge code.
        type, right_type: type sizes of TEMP AI and NOT FOR DELIVERY; 0 where it does not fit at all.
        stacked: the two stand one below the other.
        under: the small type has a row of its own, at the bottom.
    """

    rows: int
    code: int
    type: float
    right_type: float
    small: int
    stacked: bool
    under: bool

    def times(self, factor: int) -> _Layout:
        """The same layout for a band drawn larger."""
        return replace(
            self,
            rows=self.rows * factor,
            code=self.code * factor,
            type=self.type * factor,
            right_type=self.right_type * factor,
            small=self.small * factor,
        )


def band_rows(height: int, width: int) -> int:
    """How many of the lowest rows of a picture the band covers."""
    return _layout(height, width).rows


def burn(pixels: NDArray[np.uint8], facts: MarkFacts, fonts: Path) -> NDArray[np.uint8]:
    """A copy of a picture (height, width, 3) in RGB with the band over its lowest `band_rows`.

    Args:
        fonts: folder of the bundled faces.
    """
    height, width = pixels.shape[:2]
    marked = pixels.copy()
    layout = _layout(height, width)
    if layout.small >= _CRISP:
        band = _draw(layout, width, facts, fonts)
    else:
        # FreeType fits letters to whole pixels, which tears small words apart: draw large, then reduce.
        band = _draw(layout.times(_FINER), width * _FINER, facts, fonts).reduce(_FINER)
    marked[height - layout.rows :] = np.asarray(band)
    return marked


@cache
def edge_code() -> NDArray[np.bool_]:
    """The 63 fields of the edge code, True where dark: the maximal-length sequence of x^6 + x + 1.

    Such a sequence is like no shifted copy of itself, and like nothing that repeats.
    """
    state, fields = 1, [False] * FIELDS
    for index in range(FIELDS):
        fields[index] = bool(state & 1)
        state = (state >> 1) | (((state ^ (state >> 1)) & 1) << 5)
    return np.array(fields)


def _layout(height: int, width: int) -> _Layout:
    # The size at which the words can still be read when the picture is shown as a thumbnail.
    type_size = max(_LEAST, _READABLE * max(width / _THUMBNAIL[0], height / _THUMBNAIL[1]))
    one_row = _LEFT_EM + _RIGHT_EM + 2 * _MARGIN_EM + _GAP_EM
    stacked = width < one_row * type_size
    if stacked and width >= one_row * _LEAST and width >= height:
        # Wide but low: the height is what there is too little of.
        type_size, stacked = width / one_row, False
    if stacked:
        type_size = min(type_size, width / (_LEFT_EM + 2 * _MARGIN_EM))
    rows = _band_height(width, type_size, stacked)
    if rows > _MOST * height:
        type_size *= _MOST * height / rows
        rows = _band_height(width, type_size, stacked)
    margins = 2 * _MARGIN_EM * type_size
    right = min(type_size, (width - margins) / _RIGHT_EM) if stacked else type_size
    return _Layout(
        rows=max(1, min(height, rows)),
        code=_code_height(type_size),
        type=type_size,
        right_type=right if right >= _TOO_SMALL else 0,
        small=_small(type_size),
        stacked=stacked,
        under=_under(width, type_size, stacked),
    )


def _code_height(type_size: float) -> int:
    return max(2, round(_CODE_EM * type_size))


def _small(type_size: float) -> int:
    return max(_SMALL_LEAST, round(_SMALL_EM * type_size))


def _under(width: int, type_size: float, stacked: bool) -> bool:
    taken = _LEFT_EM + _RIGHT_EM + 2 * _MARGIN_EM + 2 * _GAP_EM
    return stacked or width < (taken + _MIDDLE_EM) * type_size


def _band_height(width: int, type_size: float, stacked: bool) -> int:
    large = (2 * _STACKED_EM if stacked else _ROW_EM) * type_size
    below = _SMALL_ROW * _small(type_size) if _under(width, type_size, stacked) else 0
    return round(_code_height(type_size) + large + below)


def _draw(layout: _Layout, width: int, facts: MarkFacts, fonts: Path) -> Image.Image:
    image = Image.new("RGB", (width, layout.rows), AMBER)
    draw = ImageDraw.Draw(image)
    for index in np.flatnonzero(edge_code()):
        left, right = (round(edge * width / FIELDS) for edge in (index, index + 1))
        draw.rectangle((left, 0, right - 1, layout.code - 1), fill=ON_AMBER)
    margin = _MARGIN_EM * layout.type
    row = (_STACKED_EM if layout.stacked else _ROW_EM) * layout.type
    bold = _face(fonts, "Inter-Bold.ttf", layout.type)
    top = float(layout.code)
    words = _left(layout, width, facts, bold)
    left_end = margin + _set(draw, margin, _base(top, row, layout.type), words, bold)
    right_start = width - margin
    if layout.right_type:
        if layout.stacked:
            top += row
            at = margin
        else:
            at = right_start = width - margin - _tracked(_RIGHT_WORDS, bold)
        bold = _face(fonts, "Inter-Bold.ttf", layout.right_type)
        _set(draw, at, _base(top, row, layout.right_type), _RIGHT_WORDS, bold)
    small = _face(fonts, "Inter-Medium.ttf", layout.small)
    if layout.under:
        height = _SMALL_ROW * layout.small
        words = _one_line(facts, small, width - 2 * margin)
        # A little above the middle of its row: the large type above leaves room, the edge below has none.
        draw.text((margin, layout.rows - 0.45 * height), words, ON_AMBER, small, anchor="ls")
        return image
    gap = _GAP_EM * layout.type
    room = right_start - left_end - 2 * gap
    two = 2 * 1.2 * layout.small <= row
    lines = _two_lines(facts, small, room) if two else (_one_line(facts, small, room),)
    for index, line in enumerate(lines):
        middle = layout.code + row / 2 + (index - (len(lines) - 1) / 2) * 1.2 * layout.small
        draw.text((left_end + gap, middle + 0.36 * layout.small), line, ON_AMBER, small, anchor="ls")
    return image


def _left(layout: _Layout, width: int, facts: MarkFacts, face: ImageFont.FreeTypeFont) -> str:
    """What the band says first. The layout is made for the shorter words."""
    if facts.source is not SourceType.PROCEDURAL:
        return _LEFT_WORDS
    right = _tracked(_RIGHT_WORDS, face) if layout.right_type and not layout.stacked else 0.0
    room = width - 2 * _MARGIN_EM * layout.type - right - _GAP_EM * layout.type
    return _PREVIS_WORDS if _tracked(_PREVIS_WORDS, face) <= room else "TEMP"


def _base(top: float, row: float, size: float) -> float:
    """The baseline on which capitals stand in the middle of a row. Inter's are 0.728 of the type size."""
    return top + (row + 0.728 * size) / 2


@cache
def _face(fonts: Path, name: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(fonts / name, size)


def _tracked(text: str, face: ImageFont.FreeTypeFont) -> float:
    return sum(face.getlength(sign) for sign in text) + _TRACKING * face.size * (len(text) - 1)


def _set(draw: ImageDraw.ImageDraw, x: float, y: float, text: str, face: ImageFont.FreeTypeFont) -> float:
    """Set large type letter by letter, tracked; gives its width."""
    start = x
    for sign in text:
        draw.text((x, y), sign, ON_AMBER, face, anchor="ls")
        x += face.getlength(sign) + _TRACKING * face.size
    return x - start - _TRACKING * face.size


def _two_lines(facts: MarkFacts, face: ImageFont.FreeTypeFont, room: float) -> tuple[str, str]:
    project, label = _shown(facts.project, face), _shown(facts.label, face)
    first = _fitted((project, f" · {label}"), face, room) or _fitted((label, ""), face, room)
    return first, _first_that_fits((f"ledger entry {facts.entry:,}", f"entry {facts.entry:,}"), face, room)


def _one_line(facts: MarkFacts, face: ImageFont.FreeTypeFont, room: float) -> str:
    project, label = _shown(facts.project, face), _shown(facts.label, face)
    entry = f"entry {facts.entry:,}"
    return (
        _fitted((project, f" · {label} · ledger {entry}"), face, room)
        or _fitted((label, f" · {entry}"), face, room)
        or _first_that_fits((entry, str(facts.entry)), face, room)
    )


def _first_that_fits(texts: tuple[str, ...], face: ImageFont.FreeTypeFont, room: float) -> str:
    return next((text for text in texts if face.getlength(text) <= room), "")


def _fitted(parts: tuple[str, str], face: ImageFont.FreeTypeFont, room: float) -> str:
    """The two parts, the first cut short with an ellipsis where needed; nothing where too little is left."""
    head, tail = parts
    if face.getlength(head + tail) <= room:
        return head + tail
    for length in range(min(len(head) - 1, 80), 3, -1):
        text = f"{head[:length].rstrip()}…{tail}"
        if face.getlength(text) <= room:
            return text
    return ""


def _shown(text: str, face: ImageFont.FreeTypeFont) -> str:
    """A text in one line, without signs that the face would show as boxes."""
    box = _shape(face, "\uffff")
    shown = "".join(sign if sign.isspace() or _shape(face, sign) != box else "" for sign in text)
    return " ".join(shown.split()) or "project"


def _shape(face: ImageFont.FreeTypeFont, sign: str) -> bytes:
    image = Image.new("L", (round(2 * face.size), round(2 * face.size)))
    ImageDraw.Draw(image).text((0, 1.5 * face.size), sign, 255, face, anchor="ls")
    return image.tobytes()
