"""What is burned into a frame of the animatic, and where: the same for the player and for every export.

A frame is the shot's picture, fitted whole; over its top the slate, at the foot the band that temp pictures
carry in their pixels, above that the caption. Slate and band have no switch on a frame that shows temp
material (screen 09).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .storyboard import Shot
from .timebase import FrameRate, timecode
from .timeline import Playing

#: Shares of the frame's height, measured on screen 09 (a frame of 540 px).
_SLATE: Final = 27 / 540
_TEXT: Final = 13.5 / 540
_CAPTION: Final = 17 / 540
#: From the caption's foot to the frame's: clear of the band.
_CAPTION_FOOT: Final = 50 / 540
_PAD: Final = 14 / 540
_GAP: Final = 21 / 540

#: What a frame without a picture says.
BLANK_WORDS: Final[dict[Playing, str]] = {
    "undecided": "Undecided",
    "empty": "Empty",
    "missing": "Picture missing",
}


@dataclass(frozen=True, slots=True)
class Box:
    """Pixels; x and y of the upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class FrameLayout:
    """Where things are in a frame, in pixels.

    Attributes:
        picture: the shot's picture, as large as it goes without cutting any of it off.
        slate: the strip on top, over the picture.
        text, caption: sizes of type. pad: left of the slate's words. gap: between them.
        caption_foot: the lower edge of the caption's ground, from the top.
    """

    width: int
    height: int
    picture: Box
    slate: Box
    text: int
    caption: int
    pad: int
    gap: int
    caption_foot: int


def frame_layout(width: int, height: int, picture: tuple[int, int] | None) -> FrameLayout:
    """The layout of a frame of a size, for a picture of a size; None: for a blank."""
    across, down = picture or (width, height)
    scale = min(width / across, height / down)
    inner = (min(width, round(across * scale)), min(height, round(down * scale)))
    box = Box((width - inner[0]) // 2, (height - inner[1]) // 2, *inner)
    return FrameLayout(
        width=width,
        height=height,
        picture=box,
        slate=Box(0, 0, width, max(10, round(height * _SLATE))),
        text=max(7, round(height * _TEXT)),
        caption=max(8, round(height * _CAPTION)),
        pad=round(height * _PAD),
        gap=round(height * _GAP),
        caption_foot=height - round(height * _CAPTION_FOOT),
    )


def slate_words(title: str, shot: Shot, frame: int, rate: FrameRate) -> tuple[str, str, str, str]:
    """The slate's words from left to right: production, shot, size and lens, timecode of the animatic."""
    return (title.upper(), shot.number, f"{shot.size.value} {shot.lens_mm}mm", timecode(frame, rate))
