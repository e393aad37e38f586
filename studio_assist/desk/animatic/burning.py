"""What is burned into a frame, by a painter: slate, caption, and what a frame without a picture says.

Where things are, how large and in which words says `domain.burnin`, for every export as well. The colours are
those of a frame that leaves the house, so no theme changes them. All measures are pixels of the frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.burnin import BLANK_WORDS, FrameLayout
from studio_assist.domain.timeline import Playing
from studio_assist.marks.band import band_rows

#: Behind everything: what a picture of another shape leaves free, and the slate's strip.
GROUND: Final = QColor("#101214")
_BLANK: Final = QColor("#16181C")
_WORDS: Final = QColor("#ECEEF1")
_QUIET: Final = QColor("#8B939F")
_AMBER: Final = QColor("#F2B705")
_ON_AMBER: Final = QColor("#171204")
#: The band's type, in shares of its height.
_BAND_TYPE: Final = 0.58
#: Around the caption's words, in shares of their size; and from line to line.
_CAPTION_SIDE: Final = 0.72
_CAPTION_PAD: Final = 0.36
_CAPTION_LINE: Final = 1.32
#: The number on a blank, in sizes of the caption.
_NUMBER: Final = 1.6


def draw_slate(painter: QPainter, theme: Theme, layout: FrameLayout, words: Sequence[str]) -> None:
    """The strip on top: production, shot, size and lens, and the timecode, which is the boldest."""
    strip = _rect(layout)
    painter.fillRect(strip, GROUND)
    medium = _font(theme, layout.text, QFont.Weight.Medium)
    bold = _font(theme, layout.text, QFont.Weight.DemiBold)
    fonts = [*(medium for _word in words[1:]), bold]
    widths = [paint.text_width(font, word) for font, word in zip(fonts, words, strict=True)]
    # What pushes the timecode out of the frame is cut short, and that is the production's name.
    over = sum(widths) + layout.gap * (len(words) - 1) + 2 * layout.pad - layout.width
    left = float(layout.pad)
    for place, (font, word, width) in enumerate(zip(fonts, words, widths, strict=True)):
        if place == 0 and over > 0:
            room = max(0.0, width - over)
            word = QFontMetricsF(font).elidedText(word, Qt.TextElideMode.ElideRight, room)
            width = min(room, width)
        paint.draw_text(painter, strip.adjusted(left, 0, 0, 0), font, _WORDS, word)
        left += width + layout.gap


def draw_caption(
    painter: QPainter, theme: Theme, layout: FrameLayout, text: str, band_top: int | None
) -> None:
    """One or two lines over the foot, on a ground of their own, clear of the band where there is one."""
    font = _font(theme, layout.caption, QFont.Weight.Normal)
    lines = text.split("\n")
    size = layout.caption
    step = round(size * _CAPTION_LINE)
    width = max(paint.text_width(font, line) for line in lines) + 2 * round(size * _CAPTION_SIDE)
    height = step * len(lines) + 2 * round(size * _CAPTION_PAD / 2)
    foot = layout.caption_foot
    if band_top is not None:
        foot = min(foot, band_top - max(2, round(0.2 * size)))
    box = QRectF(round((layout.width - width) / 2), foot - height, round(width), height)
    paint.draw_box(painter, box, max(2.0, size / 6), GROUND)
    top = box.top() + round(size * _CAPTION_PAD / 2)
    for place, line in enumerate(lines):
        _centred(painter, QRectF(box.left(), top + place * step, box.width(), step), font, _WORDS, line)


def draw_band(painter: QPainter, theme: Theme, layout: FrameLayout) -> None:
    """Over the foot of a frame whose words are temp and whose picture is not: no pixels bring a band then."""
    top = drawn_band_top(layout)
    band = QRectF(0, top, layout.width, layout.height - top)
    painter.fillRect(band, _AMBER)
    font = _font(theme, max(7, round(band.height() * _BAND_TYPE)), QFont.Weight.Bold)
    left, right = "TEMP AI", "NOT FOR DELIVERY"
    paint.draw_text(painter, band.adjusted(layout.pad, 0, 0, 0), font, _ON_AMBER, left)
    room = layout.width - layout.pad - paint.text_width(font, right)
    if room > layout.pad + layout.gap + paint.text_width(font, left):
        paint.draw_text(painter, band.adjusted(room, 0, 0, 0), font, _ON_AMBER, right)


def drawn_band_top(layout: FrameLayout) -> int:
    """The first row of the band that is drawn here: as high as the one that a picture of this size wears."""
    return layout.height - band_rows(layout.height, layout.width)


def worn_band_top(layout: FrameLayout, width: int, height: int) -> int:
    """The first row of the band in a picture's own pixels, of a picture of a size, in the frame."""
    inner = layout.picture
    return inner.y + inner.height - round(inner.height * band_rows(height, width) / height)


def draw_blank(
    painter: QPainter, theme: Theme, layout: FrameLayout, number: str, shows: Playing | None
) -> None:
    """A frame that has no picture to show: its shot's number, and why; None: the picture is on its way."""
    whole = QRectF(0, 0, layout.width, layout.height)
    painter.fillRect(whole, _BLANK)
    if shows is None:
        return
    size = layout.caption
    large = _font(theme, round(size * _NUMBER), QFont.Weight.DemiBold)
    middle = whole.center().y()
    room = 0.8 * layout.width
    number = QFontMetricsF(large).elidedText(number, Qt.TextElideMode.ElideRight, room)
    _centred(painter, QRectF(0, middle - 2.2 * size, layout.width, 2.2 * size), large, _WORDS, number)
    font = _font(theme, size, QFont.Weight.Normal)
    colour = _AMBER if shows == "undecided" else _QUIET
    _centred(
        painter, QRectF(0, middle, layout.width, 1.6 * size), font, colour, BLANK_WORDS.get(shows, shows)
    )


def _rect(layout: FrameLayout) -> QRectF:
    strip = layout.slate
    return QRectF(strip.x, strip.y, strip.width, strip.height)


def _font(theme: Theme, px: int, weight: QFont.Weight) -> QFont:
    font = theme.font("body")
    font.setPixelSize(px)
    font.setWeight(weight)
    return font


def _centred(painter: QPainter, box: QRectF, font: QFont, colour: QColor, text: str) -> None:
    left = (box.width() - paint.text_width(font, text)) / 2
    where = QRectF(box.topLeft() + QPointF(round(left), 0), box.bottomRight())
    paint.draw_text(painter, where, font, colour, text)
