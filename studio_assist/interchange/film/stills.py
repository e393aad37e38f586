"""A film as pictures: one a shot, in order, under names that every system takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from studio_assist.interchange.film.frames import Drawer
from studio_assist.interchange.film.plan import FilmPlan, Pixels, Still


class Picture(NamedTuple):
    """One shot's picture.

    Attributes:
        name: of its file, without an ending.
        frame: which frame of the film it is.
    """

    name: str
    still: Still
    frame: int
    pixels: Pixels


def pictures(plan: FilmPlan) -> Iterator[Picture]:
    """Each shot's first frame; where words are said in it, the first one with a caption."""
    drawer = Drawer(plan)
    for name, still in zip(names_of(plan), plan.stills, strict=True):
        frame = frame_of(still)
        yield Picture(name, still, frame, drawer.frame(frame))


def names_of(plan: FilmPlan) -> list[str]:
    """The names of the pictures, each once: their places come first."""
    digits = max(4, len(str(len(plan.stills))))
    return [
        f"{place:0{digits}}_{safe_name(still.cut.shot.number)}" for place, still in enumerate(plan.stills, 1)
    ]


def frame_of(still: Still) -> int:
    """The frame that stands for a shot."""
    return still.captions[0].start if still.captions else still.cut.start


def safe_name(words: str, otherwise: str = "shot") -> str:
    """A shot's number as a part of a file's name: letters, digits and hyphens, and never nothing."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9-]+", "-", plain).strip("-")[:40] or otherwise
