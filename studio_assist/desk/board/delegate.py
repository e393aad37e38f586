"""Draws the cards of the grid from pictures that are ready; nothing is read or scaled while painting."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.frames import Frame, draw_frame, over_band, presses, text_width
from studio_assist.desk.board.grid_model import SHOT
from studio_assist.desk.board.states import (
    has_picture,
    is_previs,
    is_temp_picture,
    open_variants,
    seconds_text,
    shown_media,
    state_of,
    status_of,
)
from studio_assist.desk.board.thumbnails import Missing, Thumbnails
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import Shot, ShotId

_Index = QModelIndex | QPersistentModelIndex

#: A card of the usual size, as the desk was drawn.
CARD_PX: Final = 269
CAPTION_PX: Final = 49
GAP_PX: Final = 14
#: Where a card stands in its cell: the ring round a chosen one has to fit.
INSET_X: Final = 2
INSET_Y: Final = GAP_PX
_RADIUS: Final = 4.0


#: How many painted cards are kept: what is in sight, and some rows above and below.
_MOST_KEPT: Final = 160


class _Kept(NamedTuple):
    """A painted card. It holds what it shows, so that an identity in `look` means no other value."""

    look: tuple[object, ...]
    shot: Shot
    frame: Frame
    pixmap: QPixmap


def frame_height(card_px: int) -> int:
    """How high a card's frame is: 16 to 9 within its border."""
    return round((card_px - 2) * 9 / 16)


def cell_size(card_px: int) -> QSize:
    """A card with the gap that belongs to it."""
    return QSize(card_px + GAP_PX, frame_height(card_px) + CAPTION_PX + 2 + GAP_PX)


class CardDelegate(QStyledItemDelegate):
    """One card: frame, number, size and lens, duration, and how it stands."""

    def __init__(self, theme: Theme, book: BoardBook, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._book: Final = book
        self._thumbnails: Final = thumbnails
        self._card_px = CARD_PX
        self._kept: Final[OrderedDict[ShotId, _Kept]] = OrderedDict()
        self._corner: tuple[float, QPainterPath] | None = None

    # properties

    @property
    def card_px(self) -> int:
        return self._card_px

    # methods

    def set_card_px(self, card_px: int) -> None:
        """How wide the cards are."""
        self._card_px = card_px
        self._kept.clear()

    def card_of(self, cell: QRectF) -> QRectF:
        """Where the card stands in its cell."""
        size = cell_size(self._card_px)
        return QRectF(cell.left() + INSET_X, cell.top() + INSET_Y, self._card_px, size.height() - GAP_PX)

    def frame_of(self, cell: QRectF) -> QRectF:
        """Where the frame stands in its cell."""
        card = self.card_of(cell)
        return QRectF(card.left() + 1, card.top() + 1, card.width() - 2, frame_height(self._card_px))

    def press_at(self, cell: QRectF, spot: QPointF, shot: ShotId) -> str:
        """Which button of a frame stands there, or ""."""
        frame = self._frame(self._book.shot(shot), self.frame_of(cell))
        ground = over_band(self.frame_of(cell), frame)
        for press, _words, box in presses(self._theme, ground, frame.state):
            if box.contains(spot):
                return press
        return ""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return cell_size(self._card_px)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        one = index.data(SHOT)
        if not isinstance(one, str):
            return
        cell = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]  # a field of the C++ struct
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hot = bool(state & QStyle.StateFlag.State_MouseOver)
        self.draw(painter, cell, ShotId(one), chosen=chosen, hot=hot)

    def draw(self, painter: QPainter, cell: QRectF, one: ShotId, *, chosen: bool, hot: bool) -> None:
        """Paint a card into its cell; one that looks as it did is copied from where it was painted last."""
        book = self._book
        shot = book.shot(one)
        frame = self._frame(shot, self.frame_of(cell))
        ratio = painter.device().devicePixelRatioF()
        current = book.current == one
        look = (
            *(id(shot), id(frame.live), frame.state, frame.expected, frame.temp),
            *(_name(frame.picture), _name(frame.preview)),
            *(chosen, current, hot, self._card_px, ratio, self._theme.mode),
        )
        kept = self._kept.get(one)
        if kept is None or kept.look != look:
            size = cell_size(self._card_px)
            pixmap = QPixmap(round(size.width() * ratio), round((size.height() + INSET_X) * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(self._theme.colour("win"))
            inner = QPainter(pixmap)
            self._card(inner, QRectF(0, 0, cell.width(), cell.height()), shot, frame, chosen=chosen, hot=hot)
            inner.end()
            kept = self._kept[one] = _Kept(look, shot, frame, pixmap)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(one)
        # From the ring's upper edge on: the gap above belongs to the card above.
        top = INSET_Y - INSET_X
        source = QRectF(0, top * ratio, kept.pixmap.width(), kept.pixmap.height() - top * ratio)
        where = QRectF(cell.left(), cell.top() + top, source.width() / ratio, source.height() / ratio)
        painter.drawPixmap(where, kept.pixmap, source)

    # internals

    def _card(
        self, painter: QPainter, cell: QRectF, shot: Shot, frame: Frame, *, chosen: bool, hot: bool
    ) -> None:
        theme, colour = self._theme, self._theme.colour
        card, box = self.card_of(cell), self.frame_of(cell)
        current = self._book.current == shot.id
        ground = "blueGround" if chosen and not current else "surface1"
        edge = colour("lineStrong" if hot else "line")
        ratio = painter.device().devicePixelRatioF()
        # The frame covers the upper part; what is left of the card is the caption.
        paint.draw_box(painter, card, _RADIUS, colour(ground), edge)
        draw_frame(painter, theme, box, frame, ratio)
        self._caption(painter, card, box.bottom(), shot, ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(card.left(), card.top())
        painter.fillPath(self._corners(card.width()), colour("win"))
        painter.translate(-card.left(), -card.top())
        if chosen or current:
            ring = card.adjusted(-1, -1, 1, 1)
            paint.draw_box(painter, ring, _RADIUS + 1, None, colour("blue"), 2.0)
        else:
            paint.draw_box(painter, card, _RADIUS, None, edge)

    def _frame(self, shot: Shot, box: QRectF) -> Frame:
        book = self._book
        variants, live = book.variants(shot.id), book.live(shot.id)
        state = state_of(shot, variants, live)
        media = shown_media(shot, variants, state)
        expected = has_picture(shot, variants)
        picture: QPixmap | Missing | None = None
        width, height = int(box.width()), int(box.height())
        widget = self.parent()
        ratio = widget.devicePixelRatioF() if isinstance(widget, QWidget) else 1.0
        if media is not None:
            picture = self._thumbnails.picture(media, width, height, ratio)
        elif expected:
            picture = Missing("", "It has no marked copy that could be shown.")
        preview = None
        if live is not None and live.state == "generating":
            preview = self._thumbnails.preview(live, width, height, ratio)
        temp, previs = is_temp_picture(shot, variants), is_previs(shot, variants)
        return Frame(state, picture, expected, temp, live, preview, previs)

    def _caption(self, painter: QPainter, card: QRectF, top: float, shot: Shot, ratio: float) -> None:
        theme, book = self._theme, self._book
        colour = theme.colour
        upper = QRectF(card.left() + 11, top + 6, card.width() - 21, 18)
        lower = QRectF(card.left() + 11, top + 25, card.width() - 21, 18)
        strong, caption = theme.font("strong"), theme.font("caption")
        paint.draw_text(painter, upper, strong, colour("text"), shot.number)
        left = text_width(strong, shot.number) + 8
        duration = seconds_text(shot.duration_ms)
        taken = text_width(caption, duration)
        room = upper.width() - left - taken - 8
        if room > 20:
            words = f"{shot.size.value} {shot.lens_mm}mm"
            if text_width(caption, words) > room:
                words = shot.size.value
            paint.draw_text(painter, upper.adjusted(left, 0, 0, 0), caption, colour("text2"), words)
        paint.draw_text(
            painter, upper.adjusted(upper.width() - taken, 0, 0, 0), caption, colour("text3"), duration
        )
        waiting = len(open_variants(book.variants(shot.id)))
        status = status_of(book.state(shot.id), shot, waiting)
        at = 0.0
        if status.icon:
            icon = theme.pixmap(status.icon, status.icon_token, 13, ratio)
            painter.drawPixmap(QPointF(lower.left() - 1, lower.top() + 2.5), icon)
            at = 16.0
        font = theme.font("captionMedium" if status.strong else "caption")
        room = lower.width() - at - (18 if _tie_lost(shot) else 0)
        words = status.words
        if text_width(font, words) > room:
            words = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, room))
        paint.draw_text(painter, lower.adjusted(at, 0, 0, 0), font, colour(status.token), words)
        if _tie_lost(shot):
            icon = theme.pixmap("link-broken", "text3", 13, ratio)
            painter.drawPixmap(QPointF(lower.right() - 13, lower.top() + 2.5), icon)

    def _corners(self, width: float) -> QPainterPath:
        """What of a picture's two upper corners lies outside the card's rounding."""
        if self._corner is not None and self._corner[0] == width:
            return self._corner[1]
        path = QPainterPath()
        path.addRect(QRectF(0, 0, _RADIUS, _RADIUS))
        path.addRect(QRectF(width - _RADIUS, 0, _RADIUS, _RADIUS))
        round_box = QPainterPath()
        round_box.addRoundedRect(QRectF(0, 0, width, 40), _RADIUS, _RADIUS)
        cut = path.subtracted(round_box)
        self._corner = (width, cut)
        return cut


def _tie_lost(shot: Shot) -> bool:
    return shot.tie is not None and shot.tie.state == "lost"


def _name(picture: QPixmap | Missing | None) -> object:
    return picture.cacheKey() if isinstance(picture, QPixmap) else picture
