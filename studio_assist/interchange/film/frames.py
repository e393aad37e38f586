"""Frames drawn: the shot's picture fitted whole, slate, caption, and blanks with their words.

Everything but the timecode stays as it is while a shot and a caption last, so `ground` draws that once, and
`timecode` the small box that changes from frame to frame.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from studio_assist.domain.burnin import BLANK_WORDS, Box, frame_layout, slate_words
from studio_assist.domain.captions import Caption
from studio_assist.domain.timebase import timecode
from studio_assist.interchange.film.lettering import CAPITALS, Colour, Lettering
from studio_assist.interchange.film.plan import FilmPlan, Pixels, Still

#: Design tokens of the dark theme; a film has no theme.
GROUND: Final[Colour] = (0x10, 0x12, 0x14)
BLANK: Final[Colour] = (0x16, 0x18, 0x1C)
WORDS: Final[Colour] = (0xEC, 0xEE, 0xF1)
QUIET: Final[Colour] = (0x8B, 0x93, 0x9F)
AMBER: Final[Colour] = (0xF2, 0xB7, 0x05)

#: As the player draws them, in sizes of a caption's type: from line to line, above and below, beside, and
#: the roundness of its ground; and the number on a blank.
_LINE: Final = 1.32
_CAPTION_PAD: Final = 0.18
_CAPTION_SIDE: Final = 0.72
_CAPTION_ROUND: Final = 1 / 6
_NUMBER: Final = 1.6
#: A caption is no wider than this share of the frame.
_CAPTION_WIDE: Final = 0.86
#: Signs of all timecodes, and one that is as wide as any.
_SIGNS: Final = "0123456789:;"
_MASK: Final = "00:00:00:00"


class Drawer:
    """Draws the frames of one film.

    Raises `StudioError` where a picture cannot be read; `Still.load` says which.
    """

    def __init__(self, plan: FilmPlan) -> None:
        self._plan: Final = plan
        blank = frame_layout(plan.width, plan.height, None)
        self._text: Final = Lettering(plan.fonts, "Inter-Medium.ttf", blank.text)
        self._strong: Final = Lettering(plan.fonts, "Inter-SemiBold.ttf", blank.text)
        self._caption: Final = Lettering(plan.fonts, "Inter-Regular.ttf", blank.caption)
        self._layout: Final = blank
        self._cells: Final = self._digits()
        # One shot's ground is drawn again and again under its captions. Shots are told by their first frames.
        self._kept = lru_cache(maxsize=1)(self._plain)
        # To measure words takes longer than to draw a timecode.
        self._places = lru_cache(maxsize=4)(self._placed)

    def frame(self, number: int) -> Pixels:
        """A whole frame, (height, width, 3) in RGB."""
        still = self._plan.at(number)
        frame = self.ground(still, still.caption_at(number))
        if still.slate:
            box = self.timecode_box(still)
            frame[box.y : box.y + box.height, box.x : box.x + box.width] = self.timecode(still, number)
        return frame

    def ground(self, still: Still, caption: Caption | None) -> Pixels:
        """A frame of a shot but for the timecode, which is left out of the slate."""
        plain, foot = self._kept(still.cut.start)
        if caption is None:
            return plain.copy()
        frame, foot = self._banded(still, plain, foot)
        image = Image.fromarray(frame)
        self._say(ImageDraw.Draw(image), caption, foot)
        return np.array(image)

    def strip(self, still: Still, number: int) -> Pixels:
        """The slate of a shot at a frame, the same as at the top of that frame; no picture is read."""
        strip = np.array(self._slate(still))
        box = self.timecode_box(still)
        strip[: box.height, box.x : box.x + box.width] = self.timecode(still, number)
        return strip

    def timecode_box(self, still: Still) -> Box:
        """Where a shot's timecode is: even, so that it can be put into frames of halved colour as it is."""
        x = self._places(still.cut.start)[3]
        height, width = self._cells[":"].shape[0], self._timecode_width()
        # Where there is no room, the end of the frame cuts it off.
        return Box(x, 0, min(width, self._plan.width - x), height)

    def timecode(self, still: Still, number: int) -> Pixels:
        """What stands in `timecode_box` at a frame."""
        cells = [self._cells[sign] for sign in timecode(number, self._plan.rate)]
        return np.hstack(cells)[:, : self.timecode_box(still).width]

    def timecode_on(self, still: Still, frame: Pixels) -> str:
        """The timecode that can be read on a frame of a shot: what each of its signs is most like.

        Signs that the end of the frame cuts off are not read.
        """
        box, read = self.timecode_box(still), ""
        seen = frame[box.y : box.y + box.height, box.x : box.x + box.width].astype(np.int16)
        for place, kind in enumerate(_MASK):
            wide = self._cells[kind].shape[1]
            part, seen = seen[:, :wide], seen[:, wide:]
            if part.shape[1] < wide:
                break
            signs = ":;" if place % 3 == 2 else _SIGNS[:10]
            read += min(signs, key=lambda sign: int(np.abs(self._cells[sign] - part).sum()))
        return read

    # internals

    def _plain(self, start: int) -> tuple[Pixels, int]:
        """A shot's frame without caption and timecode, and where a caption ends above the band."""
        still = self._plan.at(start)
        width, height = self._plan.width, self._plan.height
        frame = np.empty((height, width, 3), np.uint8)
        foot = self._layout.caption_foot
        if still.load is None:
            frame[:] = np.asarray(self._blank(still))
        else:
            frame[:] = GROUND
            picture = still.load()
            layout = frame_layout(width, height, (picture.shape[1], picture.shape[0]))
            box = layout.picture
            frame[box.y : box.y + box.height, box.x : box.x + box.width] = _fitted(picture, box)
            if still.band:
                foot = min(foot, self._above(box.y + box.height - round(still.band * box.height)))
        if still.slate:
            box = self._layout.slate
            frame[box.y : box.y + box.height, box.x : box.x + box.width] = np.asarray(self._slate(still))
        return frame, foot

    def _banded(self, still: Still, plain: Pixels, foot: int) -> tuple[Pixels, int]:
        """A frame with a band of its own, where the words of its caption are what is temp in it."""
        if still.draw_band is None:
            return plain, foot
        frame = still.draw_band(plain)
        changed = np.flatnonzero((plain != frame).any(axis=(1, 2)))
        return frame, min(foot, self._above(int(changed[0]))) if len(changed) else foot

    def _above(self, row: int) -> int:
        return row - max(2, round(0.2 * self._caption.size))

    def _slate(self, still: Still) -> Image.Image:
        box = self._layout.slate
        image = Image.new("RGB", (box.width, box.height), GROUND)
        draw = ImageDraw.Draw(image)
        words = self._fitting(still)
        for x, text in zip(self._places(still.cut.start), words, strict=False):
            self._text.draw(draw, x, self._base(box.height), text, WORDS)
        return image

    def _base(self, height: int) -> float:
        return round((height + CAPITALS * self._text.size) / 2)

    def _fitting(self, still: Still) -> tuple[str, str, str]:
        """Production, shot, size and lens; the first cut short where they would push the timecode out."""
        title, number, camera, _ = slate_words(self._plan.title, still.cut.shot, 0, self._plan.rate)
        layout = self._layout
        number = self._text.fitted(number, 0.3 * layout.width)
        others = self._text.width(number) + self._text.width(camera)
        room = layout.width - 2 * layout.pad - 3 * layout.gap - others - self._timecode_width()
        return self._text.fitted(title, room), number, camera

    def _timecode_width(self) -> int:
        return sum(self._cells[sign].shape[1] for sign in _MASK)

    def _placed(self, start: int) -> tuple[int, int, int, int]:
        """Where each of the slate's words begins; the timecode's, the last, is even."""
        layout, wide = self._layout, self._timecode_width()
        x = float(layout.pad)
        places: list[int] = []
        for words in self._fitting(self._plan.at(start)):
            places.append(round(x))
            x += self._text.width(words) + (layout.gap if words else 0)
        last = min(round(x), max(0, layout.width - wide))
        return places[0], places[1], places[2], last + last % 2

    def _digits(self) -> dict[str, Pixels]:
        """Each sign of a timecode on the slate's ground, digits equally wide, all of even sides."""
        height = self._layout.slate.height - self._layout.slate.height % 2
        base = self._base(self._layout.slate.height)
        cells: dict[str, Pixels] = {}
        for kind in (_SIGNS[:10], _SIGNS[10:]):
            wide = max(self._strong.width(sign) for sign in kind)
            width = 2 * max(1, round(wide / 2 + 0.49))
            for sign in kind:
                image = Image.new("RGB", (width, height), GROUND)
                left = (width - self._strong.width(sign)) / 2
                self._strong.draw(ImageDraw.Draw(image), left, base, sign, WORDS)
                cells[sign] = np.asarray(image)
        return cells

    def _blank(self, still: Still) -> Image.Image:
        layout = self._layout
        image = Image.new("RGB", (layout.width, layout.height), BLANK)
        draw = ImageDraw.Draw(image)
        size = layout.caption
        large = Lettering(self._plan.fonts, "Inter-SemiBold.ttf", round(_NUMBER * size))
        colour = AMBER if still.shows == "undecided" else QUIET
        lines = (
            (large, still.cut.shot.number, WORDS, layout.height / 2 - 1.1 * size),
            (self._caption, BLANK_WORDS.get(still.shows, ""), colour, layout.height / 2 + 0.8 * size),
        )
        for lettering, words, ink, middle in lines:
            words = lettering.fitted(words, 0.8 * layout.width)
            left = (layout.width - lettering.width(words)) / 2
            lettering.draw(draw, left, round(middle + CAPITALS * lettering.size / 2), words, ink)
        return image

    def _say(self, draw: ImageDraw.ImageDraw, caption: Caption, foot: int) -> None:
        """Draw a caption on its ground, clear of the band."""
        lettering, layout = self._caption, self._layout
        lines = lettering.wrapped(caption.text, _CAPTION_WIDE * layout.width)
        if not lines:
            return
        above, beside = _CAPTION_PAD * lettering.size, _CAPTION_SIDE * lettering.size
        height = len(lines) * _LINE * lettering.size + 2 * above
        across = max(map(lettering.width, lines)) + 2 * beside
        top, left = foot - height, (layout.width - across) / 2
        radius = max(2, round(_CAPTION_ROUND * lettering.size))
        draw.rounded_rectangle((left, top, left + across, foot - 1), radius, fill=GROUND)
        for place, line in enumerate(lines):
            base = top + above + (place + 0.5) * _LINE * lettering.size + CAPITALS * lettering.size / 2
            x = (layout.width - lettering.width(line)) / 2
            lettering.draw(draw, x, round(base), line, WORDS)


def _fitted(picture: Pixels, box: Box) -> Pixels:
    if picture.shape[:2] == (box.height, box.width):
        return picture
    size = (max(1, box.width), max(1, box.height))
    # Ink has hard edges; a sharper filter would draw rings round them, a softer one blurs.
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0))


def looks_like(seen: Pixels, wanted: Pixels) -> bool:
    """Whether a part of a frame that was encoded is what was drawn there.

    Their brightness must go the same ways: an encoder changes values a little, and never what stands where.
    """
    one, other = (pixels.astype(np.float32).mean(axis=2) for pixels in (seen, wanted))
    if np.abs(one - other).mean() > 24:
        return False
    one, other = one - one.mean(), other - other.mean()
    norm = float(np.linalg.norm(one) * np.linalg.norm(other))
    return norm > 0 and float((one * other).sum()) / norm > 0.8
