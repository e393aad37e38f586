"""The lane of the boards: each shot as long as it lasts, with its picture and the mark of what is temp."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPixmap

from studio_assist.desk.animatic.animatic_copy import AnimaticCopy, media_of
from studio_assist.desk.animatic.scale import Scale
from studio_assist.desk.board.frames import text_width
from studio_assist.desk.board.thumbnails import Missing, Thumbnails
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import Live, Media, Panel, Shot, ShotId, Variant
from studio_assist.domain.timeline import Cut, Timeline, is_temp

LANE_PX: Final = 68
_TOP: Final = 5
_BOX_PX: Final = 58
_FOOT_PX: Final = 6
_GAP_PX: Final = 2
_TAG_PX: Final = 14
_MOST_TAGS: Final = 2000
#: Pictures are read as wide as a panel of this height is.
_PICTURE_PX: Final = 104
#: Narrower shots show no picture, no number, no words.
_LEAST_PICTURE: Final = 10
_LEAST_TAG: Final = 26
#: Narrower ones are not told from their neighbours.
_LEAST_BOX: Final = 4

_WORDS: Final = {
    "undecided": ("Undecided", "amberText", "amber"),
    "working": ("Working", "text2", "lineStrong"),
    "queued": ("Queued", "text2", "lineStrong"),
    "empty": ("Empty", "text3", "lineStrong"),
    "missing": ("Missing", "text2", "lineStrong"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """What a shot's box shows.

    Attributes:
        words: "" where it shows its picture.
        edge: colour of the dashed edge of a box without a picture.
        temp: it wears the amber foot.
    """

    media: Media | None
    words: str = ""
    token: str = ""
    edge: str = ""
    temp: bool = False


#: What a look depends on.
_Of = tuple[Panel, tuple[Variant, ...], Live | None]


class BoardLane:
    """Paints the boards, and says which of them is where."""

    def __init__(self, theme: Theme, book: AnimaticCopy, scale: Scale, pictures: Thumbnails) -> None:
        self._theme: Final = theme
        self._book: Final = book
        self._scale: Final = scale
        self._pictures: Final = pictures
        self._looks: Final[dict[ShotId, tuple[_Of, Look]]] = {}
        #: Numbers as they are painted: the same ones stand there at every frame.
        self._tags: Final[dict[tuple[str, int, float], QPixmap]] = {}
        theme.changed.connect(self._tags.clear)
        self._tag_font: Final[QFont] = theme.font("metaMedium")
        self._tag_font.setWeight(QFont.Weight.DemiBold)

    # methods

    def forget(self) -> None:
        """Look again for pictures that were not there; shots that became others are seen to be so."""
        missing = _WORDS["missing"][0]
        for shot in [shot for shot, (_of, look) in self._looks.items() if look.words == missing]:
            del self._looks[shot]

    def clear(self) -> None:
        """Another project."""
        self._looks.clear()

    def look(self, shot: Shot) -> Look:
        """What a shot's box shows."""
        board = self._book.board
        if board is None:
            return Look(None)
        of = (shot.panel, board.variants(shot.id), board.live(shot.id))
        known = self._looks.get(shot.id)
        # What the board holds is frozen: what is another, is another object.
        if known is not None and all(was is now for was, now in zip(known[0], of, strict=True)):
            return known[1]
        look = self._looked(shot, of[2])
        self._looks[shot.id] = of, look
        return look

    def box(self, cut: Cut, top: float) -> QRectF:
        """Where a shot's box is, its lane beginning at `top`."""
        left, right = round(self._scale.x(cut.start)), round(self._scale.x(cut.end))
        return QRectF(left, top + _TOP, max(1, right - left - _GAP_PX), _BOX_PX)

    def draw(
        self,
        painter: QPainter,
        area: QRectF,
        timeline: Timeline,
        selected: ShotId | None,
        target: ShotId | None = None,
    ) -> None:
        """Paint the part of the lane that is in `area`. `target`: what something would be dropped on."""
        theme = self._theme
        painter.fillRect(area, theme.colour("surface0"))
        if timeline.cuts:
            names: list[str] = []
            last = self._scale.frame(area.right() + 2)
            at = timeline.at(max(0, int(self._scale.frame(area.left() - 2))))
            while at < len(timeline.cuts) and timeline.cuts[at].start <= last:
                cut = timeline.cuts[at]
                if cut.frames * self._scale.px < _LEAST_BOX + _GAP_PX:
                    at = self._draw_crowd(painter, timeline, at, area.top(), area.right() + 2)
                    continue
                box = self.box(cut, area.top())
                look = self.look(cut.shot)
                self._draw_cut(painter, box, cut.shot, look)
                if look.media is not None:
                    names.append(look.media.sha256)
                at += 1
            if area.width() >= self._scale.width:
                # What was scrolled past need not be read.
                self._pictures.keep_only(names)
            for shot, token in ((selected, "blue"), (target, "text")):
                place = timeline.place(shot) if shot is not None else None
                if place is not None:
                    box = self.box(timeline.cuts[place], area.top()).adjusted(-1, -1, 1, 1)
                    paint.draw_box(painter, box, 4, None, theme.colour(token), 2.0)
        line = QRectF(area.left(), area.bottom() - 1, area.width(), 1)
        painter.fillRect(line, theme.colour("line"))

    # internals

    def _looked(self, shot: Shot, live: Live | None) -> Look:
        shows = self._book.playing(shot)
        if shows in ("drawn", "temp", "previs"):
            return Look(media_of(shot), temp=is_temp(shows))
        kind: str = shows
        if live is not None and live.state in ("generating", "queued"):
            kind = "working" if live.state == "generating" else "queued"
        words, token, edge = _WORDS[kind]
        return Look(None, words, token, edge, temp=shows == "missing" and shot.panel.state == "temp")

    def _draw_crowd(self, painter: QPainter, timeline: Timeline, at: int, top: float, right: float) -> int:
        """Shots too narrow to be told apart, as columns, up to one that is not; returns its place."""
        columns: dict[str, list[QRectF]] = {"surface2": [], "grey5": [], "amber": []}
        last = len(timeline.cuts)
        while at < last:
            cut = timeline.cuts[at]
            left = round(self._scale.x(cut.start))
            # Whoever asks ends a whole px before this: every call gets on.
            if left > right + 1 or cut.frames * self._scale.px >= _LEAST_BOX + _GAP_PX:
                break
            after = min(last, max(at + 1, timeline.at(int(self._scale.frame(left + _LEAST_BOX)))))
            filled = temp = False
            for one in timeline.cuts[at:after]:
                look = self.look(one.shot)
                filled, temp = filled or look.media is not None, temp or look.temp
            box = QRectF(left, top + _TOP, _LEAST_BOX - 1, _BOX_PX)
            columns["grey5" if filled else "surface2"].append(box)
            if temp:
                columns["amber"].append(box.adjusted(0, _BOX_PX - _FOOT_PX, 0, 0))
            at = after
        painter.setPen(Qt.PenStyle.NoPen)
        for token, boxes in columns.items():
            painter.setBrush(self._theme.colour(token))
            painter.drawRects(boxes)
        return at

    def _draw_cut(self, painter: QPainter, box: QRectF, shot: Shot, look: Look) -> None:
        theme = self._theme
        # What a long shot says stays in sight while its beginning is not.
        seen = QRectF(box)
        seen.setLeft(max(box.left(), min(0.0, box.right() - _LEAST_TAG)))
        if look.words:
            ground = theme.colour("surface1")
            if box.width() >= _LEAST_PICTURE:
                edge = theme.colour(look.edge)
                paint.draw_box(painter, box, 3, ground, edge, 1.0, dashed=True)
            else:
                painter.fillRect(box, ground)
            if box.width() > _LEAST_TAG:
                self._draw_words(painter, seen, look.words, look.token)
        else:
            self._draw_picture(painter, box, look.media)
        if look.temp:
            foot = QRectF(box.left(), box.bottom() - _FOOT_PX, box.width(), _FOOT_PX)
            painter.fillRect(foot, theme.colour("amber"))
        if box.width() >= _LEAST_TAG:
            self._draw_tag(painter, seen, shot.number)

    def _draw_picture(self, painter: QPainter, box: QRectF, media: Media | None) -> None:
        theme = self._theme
        painter.fillRect(box, theme.colour("grey5"))
        if media is None or box.width() < _LEAST_PICTURE:
            return
        ratio = painter.device().devicePixelRatioF()
        picture = self._pictures.picture(media, _PICTURE_PX, _BOX_PX, ratio)
        if isinstance(picture, QPixmap):
            self._draw_film(painter, box, picture, ratio)
        elif isinstance(picture, Missing):
            paint.draw_box(painter, box, 3, theme.colour("surface1"), theme.colour("lineStrong"), dashed=True)
            if box.width() > _LEAST_TAG:
                self._draw_words(painter, box, "Missing", "text2")

    def _draw_film(self, painter: QPainter, box: QRectF, picture: QPixmap, ratio: float) -> None:
        """A long shot shows its picture again and again, as film does."""
        size = picture.deviceIndependentSize()
        top = box.top() + round((box.height() - size.height()) / 2)
        # What is far out of sight of a long shot is not painted.
        x = box.left() + max(0, int(-box.left() // size.width())) * size.width()
        while x < min(box.right(), self._scale.width):
            width = min(size.width(), box.left() + box.width() - x)
            part = QRectF(0, 0, width * ratio, size.height() * ratio)
            painter.drawPixmap(QRectF(x, top, width, size.height()), picture, part)
            x += size.width()

    def _draw_words(self, painter: QPainter, box: QRectF, words: str, token: str) -> None:
        font, room = self._theme.font("caption"), box.width() - 6
        if text_width(font, words) > room:
            words = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, room)
        line = QRectF(box.left() + 5, box.bottom() - 23, box.width(), 16)
        paint.draw_text(painter, line, font, self._theme.colour(token), words)

    def _draw_tag(self, painter: QPainter, box: QRectF, number: str) -> None:
        width = min(math.ceil(text_width(self._tag_font, number)) + 10, int(box.width()) - 6)
        ratio = painter.device().devicePixelRatioF()
        key = number, width, ratio
        tag = self._tags.get(key)
        if tag is None:
            if len(self._tags) >= _MOST_TAGS:
                self._tags.clear()
            tag = self._tags[key] = self._tag(number, width, ratio)
        painter.drawPixmap(QPointF(box.left() + 4, box.top() + 4), tag)

    def _tag(self, number: str, width: int, ratio: float) -> QPixmap:
        tag = QPixmap(round(width * ratio), round(_TAG_PX * ratio))
        tag.setDevicePixelRatio(ratio)
        tag.fill(Qt.GlobalColor.transparent)
        painter, box = QPainter(tag), QRectF(0, 0, width, _TAG_PX)
        paint.draw_box(painter, box, 2, self._theme.colour("win"))
        words = box.adjusted(5, 0, 0, 0)
        paint.draw_text(painter, words, self._tag_font, self._theme.colour("text"), number)
        painter.end()
        return tag
