"""A film as a GIF for a mail: few frames a second, one palette for all of it, and only what changes is drawn.

Colours are few, and the band's amber is one of them whatever else there is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from PIL import GifImagePlugin, Image

from studio_assist.interchange.film.frames import BLANK, GROUND, QUIET, WORDS, Drawer
from studio_assist.interchange.film.lettering import Colour
from studio_assist.interchange.film.plan import FilmPlan, Pixels, Progress

#: The most that a frame is high, and so many hundredths of a second a frame lasts: 12.5 a second.
HIGHEST: Final = 540
TICK: Final = 8
#: Shots that are looked at for the palette, and how wide each of them is then.
_LOOKED_AT: Final = 64
_THUMBNAIL: Final = 160
#: How far a colour of the pictures keeps from a fixed one, a channel; so amber stays amber.
_APART: Final = 10
#: The longest that one frame can last, in hundredths.
_LONGEST: Final = 65_535
_LOOP: Final = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
_END: Final = b";"


class _Step(NamedTuple):
    """What is drawn over the frame before: pixels at a place, from a hundredth of a second on."""

    at: int
    x: int
    y: int
    pixels: Pixels


def write_gif(
    plan: FilmPlan,
    path: Path,
    keep: tuple[Colour, ...],
    comment: str,
    progress: Progress,
    block: bytes = b"",
) -> int:
    """Write a film as a GIF that begins anew at its end; gives how many pictures are in it.

    Args:
        keep: colours that are in the palette as they are, such as the band's.
        comment: what the file says of itself.
        progress: told the share of frames that are done.
        block: one more block of the file, whole, before the first picture.

    Raises:
        StudioError: a picture cannot be read.
    """
    drawer = Drawer(plan)
    palette = _palette(plan, drawer, (*keep, GROUND, WORDS, QUIET, BLANK), progress)
    count = 0
    with path.open("xb") as file:
        file.write(_head(plan, palette, comment) + block)
        waiting: _Step | None = None
        for step in _steps(plan, drawer, progress):
            if waiting is not None:
                file.write(_drawn(waiting, step.at - waiting.at, palette))
                count += 1
            waiting = step
        if waiting is not None:
            file.write(_drawn(waiting, max(2, _length(plan) - waiting.at), palette))
            count += 1
        file.write(_END)
    return count


def ticks(plan: FilmPlan) -> Iterator[tuple[int, int]]:
    """When a frame may be drawn, in hundredths of a second, and which frame of the film is on then."""
    for at in range(0, max(1, _length(plan)), TICK):
        number = int(at * plan.rate.fps / 100)
        if number < plan.frames:
            yield at, number


def _length(plan: FilmPlan) -> int:
    return round(plan.frames * 100 / plan.rate.fps)


def _steps(plan: FilmPlan, drawer: Drawer, progress: Progress) -> Iterator[_Step]:
    shown: object = None
    last = 0
    for at, number in ticks(plan):
        # A tenth of the work is looking for the colours.
        progress(0.1 + 0.9 * number / plan.frames)
        still = plan.at(number)
        now = (still.cut.start, still.caption_at(number))
        if now != shown or at - last >= _LONGEST - TICK:
            last, shown = at, now
            yield _Step(at, 0, 0, drawer.frame(number))
        elif still.slate:
            box = drawer.timecode_box(still)
            last = at
            yield _Step(at, box.x, box.y, drawer.timecode(still, number))


def _head(plan: FilmPlan, palette: Image.Image, comment: str) -> bytes:
    colours = bytes(palette.getpalette() or ())[:768].ljust(768, b"\0")
    # A palette of 256 colours for all frames, 8 bits a channel.
    screen = struct.pack("<HHBBB", plan.width, plan.height, 0xF7, 0, 0)
    said = comment.encode("utf-8", "replace")
    blocks = b"".join(
        bytes((len(part),)) + part for part in (said[at : at + 255] for at in range(0, len(said), 255))
    )
    return b"GIF89a" + screen + colours + _LOOP + b"\x21\xfe" + blocks + b"\0"


def _drawn(step: _Step, lasts: int, palette: Image.Image) -> bytes:
    image = Image.fromarray(step.pixels).quantize(palette=palette, dither=Image.Dither.NONE)
    control = b"\x21\xf9\x04" + struct.pack("<BHB", 0x04, min(lasts, _LONGEST), 0) + b"\0"
    # The picture's own header, its codes, and what ends it; the palette is the file's.
    parts = GifImagePlugin.getdata(image, (step.x, step.y))
    return control + b"".join(parts)


def _palette(plan: FilmPlan, drawer: Drawer, fixed: tuple[Colour, ...], progress: Progress) -> Image.Image:
    """The colours of the whole film: the fixed ones, and those of its pictures that are not near to one."""
    fixed = tuple(dict.fromkeys(fixed))
    step = max(1, len(plan.stills) // _LOOKED_AT)
    looked_at = plan.stills[::step][:_LOOKED_AT]
    height = max(1, round(_THUMBNAIL * plan.height / plan.width))
    sheet = np.zeros((height * max(1, len(looked_at)), _THUMBNAIL, 3), np.uint8)
    for place, still in enumerate(looked_at):
        progress(0.1 * place / len(looked_at))
        # Taken as they are and not averaged: the colours of lines count too.
        small = Image.fromarray(drawer.ground(still, None)).resize(
            (_THUMBNAIL, height), Image.Resampling.NEAREST
        )
        sheet[place * height : (place + 1) * height] = np.asarray(small)
    found = Image.fromarray(sheet).quantize(256 - len(fixed), Image.Quantize.MEDIANCUT).getpalette() or []
    others = [tuple(found[at : at + 3]) for at in range(0, len(found), 3)]
    others = [one for one in others if all(_apart(one, other) for other in fixed)]
    flat = [value for colour in (*fixed, *others) for value in colour]
    # What is left over repeats the first: a black of its own would draw dark pixels to it.
    flat += list(fixed[0]) * (256 - len(flat) // 3)
    palette = Image.new("P", (1, 1))
    palette.putpalette(flat)
    return palette


def _apart(one: tuple[int, ...], other: Colour) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) > _APART
