"""A film as it is to be drawn: what each shot shows, in frames of one size and rate. Values alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studio_assist.domain.captions import Caption
from studio_assist.domain.timebase import FrameRate
from studio_assist.domain.timeline import Cut, Playing, is_temp

Pixels = NDArray[np.uint8]
Progress = Callable[[float], None]

#: What a frame may be wide; encoders and players go no further.
_WIDEST: Final = 7680


@dataclass(frozen=True, slots=True)
class Still:
    """What a shot shows for as long as it is on.

    Attributes:
        load: reads its picture; None: a labelled blank.
        band: how much of the picture's height, from below, its own band takes; 0 where it wears none.
        draw_band: draws a band over a whole frame while a caption is on, where its words are temp and the
            picture brings no band; None elsewhere.
        slate: the slate is on.
        captions: in the order in which they are shown.
    """

    cut: Cut
    shows: Playing
    load: Callable[[], Pixels] | None
    band: float = 0.0
    draw_band: Callable[[Pixels], Pixels] | None = None
    slate: bool = True
    captions: tuple[Caption, ...] = ()

    def caption_at(self, frame: int) -> Caption | None:
        """What is said at a frame of the animatic."""
        return next((one for one in self.captions if one.start <= frame < one.end), None)

    def banded_at(self, frame: int) -> bool:
        """Whether a frame of the animatic wears a band: its picture's, or one for the words that are said."""
        return is_temp(self.shows) or (self.draw_band is not None and self.caption_at(frame) is not None)


@dataclass(frozen=True)
class FilmPlan:
    """A whole film.

    Attributes:
        width, height: of a frame in pixels, both even.
        stills: one for each cut, in order; together they are the whole film without a gap.
        fonts: folder of the bundled faces.
    """

    title: str
    width: int
    height: int
    rate: FrameRate
    stills: tuple[Still, ...]
    fonts: Path

    @property
    def frames(self) -> int:
        """How many there are."""
        return self.stills[-1].cut.end if self.stills else 0

    def at(self, frame: int) -> Still:
        """What is on at a frame."""
        return self.stills[bisect_right(self.stills, frame, key=lambda still: still.cut.start) - 1]


def frame_size(aspect: str, height: int) -> tuple[int, int]:
    """A frame's size for an aspect such as "16:9" or "2.39:1": even, as the encoders want it."""
    across, _, down = aspect.partition(":")
    width = round(height * float(across) / float(down or 1) / 2) * 2
    return max(2, min(_WIDEST, width)), height - height % 2
