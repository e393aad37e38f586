"""A drawing as pixels: marks painted smoothly by AGG (aggdraw), which needs nothing of the system."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Final

import aggdraw
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio_assist.blockout.drawing import Drawing
from studio_assist.blockout.ink import Mark, inked

#: The level of untouched paper (#FCFBF8).
PAPER: Final = 251
#: By how many pixels aggdraw lets every edge run out, so that neighbours leave no gap.
BLEED: Final = 0.25
#: The board's colours, from ink to paper.
_COLOURS: Final = (
    (0x00, 0x00, 0x00),
    (0x1F, 0x22, 0x26),
    (0x3B, 0x40, 0x47),
    (0x66, 0x6C, 0x75),
    (0x97, 0x9D, 0xA6),
    (0xBD, 0xC1, 0xC7),
    (0xD3, 0xD6, 0xDA),
    (0xE9, 0xEB, 0xED),
    (0xFC, 0xFB, 0xF8),
    (0xFF, 0xFF, 0xFF),
)
_TINT: Final = np.stack(
    [
        np.interp(
            np.arange(256),
            [0.299 * red + 0.587 * green + 0.114 * blue for red, green, blue in _COLOURS],
            [colour[channel] for colour in _COLOURS],
        ).round()
        for channel in range(3)
    ],
    axis=1,
).astype(np.uint8)


def rasterised(drawing: Drawing) -> NDArray[np.uint8]:
    """(height, width) grey levels, 251 paper."""
    return painted(inked(drawing, bleed=BLEED), drawing.width, drawing.height, PAPER)


def painted(
    marks: list[Mark], width: int, height: int, paper: int, ground: int | None = None
) -> NDArray[np.uint8]:
    """Marks in their order on a sheet of the level `ground`, or of paper; a tone of 1 is the paper's."""
    sheet = aggdraw.Draw("L", (width, height), paper if ground is None else ground)
    brushes: dict[tuple[int, int], aggdraw.Brush] = {}
    for mark in marks:
        key = (level(mark.tone, paper), round(min(max(mark.alpha, 0.0), 1.0) * 255))
        if key not in brushes:
            brushes[key] = aggdraw.Brush(*key)
        if mark.cuts and mark.kind == "fill":
            sheet.path(_with_holes(mark), None, brushes[key])
            continue
        flat = mark.points.ravel().tolist()
        for one, other in pairwise((0, *mark.cuts, len(mark.points))):
            sheet.polygon(flat[2 * one : 2 * other], None, brushes[key])
    return np.frombuffer(sheet.tobytes(), dtype=np.uint8).reshape(height, width)


def coloured(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(height, width, 3): grey levels in the board's colours: cool ink and greys, warm paper."""
    return _TINT[grey]


def encoded(pixels: NDArray[np.uint8]) -> bytes:
    """Pixels as a PNG; the same pixels are the same bytes."""
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "PNG", compress_level=4)
    return target.getvalue()


def colour_of(tone: float) -> str:
    """The board's colour of a tone, as CSS writes it."""
    red, green, blue = _TINT[level(tone)].tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"


def level(tone: float, paper: int = PAPER) -> int:
    """A tone from 0 to 1 as a grey level."""
    return round(min(max(tone, 0.0), 1.0) * paper)


def _with_holes(mark: Mark) -> aggdraw.Path:
    """All contours as one path, whose holes run the other way round and so stay empty."""
    path = aggdraw.Path()
    rows: list[list[float]] = mark.points.tolist()
    for begin, end in pairwise((0, *mark.cuts, len(rows))):
        path.moveto(*rows[begin])
        for x, y in rows[begin + 1 : end - 1]:
            path.lineto(x, y)
        path.close()
    return path
