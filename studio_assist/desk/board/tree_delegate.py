"""Draws the rows of the shot tree: scenes with their temp counts, shots with how each stands."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.frames import text_width
from studio_assist.desk.board.states import mark_of
from studio_assist.desk.board.tree_model import TreeModel
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import ShotId

SCENE_PX: Final = 32
SHOT_PX: Final = 28
_ICONS: Final[dict[str, tuple[str, str]]] = {
    "brush": ("brush", "green"),
    "refresh": ("refresh", "text2"),
    "clock": ("clock", "text2"),
    "warning": ("warning", "text2"),
    "shield": ("shield-cross", "redText"),
}

_Index = QModelIndex | QPersistentModelIndex


class TreeDelegate(QStyledItemDelegate):
    """Draws one row: a scene with its chevron and count, or a shot with its mark."""

    def __init__(self, theme: Theme, book: BoardBook, rows: TreeModel, view: QTreeView) -> None:
        super().__init__(view)
        self._theme: Final = theme
        self._book: Final = book
        self._rows: Final = rows
        self._view: Final = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        scene = not index.internalId() and not self._view.uniformRowHeights()
        return QSize(120, SCENE_PX if scene else SHOT_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        box = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]  # a field of the C++ struct
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        hot = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        box = QRectF(0, box.top(), self._view.viewport().width(), box.height())
        painter.save()
        scene, shot = self._rows.scene_at(index), self._rows.shot_at(index)
        if scene is not None:
            open_ = self._view.isExpanded(self._rows.place_of_scene(scene.number))
            self._scene(painter, box, scene.number, open_ and bool(scene.shots), index.row() == 0, hot)
        elif shot is not None:
            self._shot(painter, box, shot, self._book.is_chosen(shot), hot)
        if focused:
            paint.draw_focus(painter, self._theme, box.adjusted(0, 0, 0, 0), 2)
        painter.restore()

    # internals

    def _scene(
        self, painter: QPainter, box: QRectF, number: str, open_: bool, first: bool, hot: bool
    ) -> None:
        colour, ratio = self._theme.colour, self._view.devicePixelRatioF()
        if hot:
            painter.fillRect(box, colour("surface2"))
        if not first:
            painter.fillRect(QRectF(box.left(), box.top(), box.width(), 1), colour("line"))
        count = self._book.tally.scene(number)
        chevron = self._theme.pixmap("chevron-down" if open_ else "chevron-right", "text3", 14, ratio)
        middle = box.adjusted(0, 1, 0, 0)
        painter.drawPixmap(QPointF(12, round(middle.center().y() - 7)), chevron)
        strong, caption = self._theme.font("strong"), self._theme.font("caption")
        paint.draw_text(painter, middle.adjusted(33, 0, 0, 0), strong, colour("text"), number)
        left = 33 + max(16.0, text_width(strong, number)) + 5
        badge = self._badge(painter, middle, count.temp) + 6 if count.temp else 0.0
        room = box.width() - left - 12 - badge
        words = _cut(caption, _place_of(self._book.heading(number)), room)
        quiet = "text2" if count.all else "text3"
        paint.draw_text(painter, middle.adjusted(left, 0, 0, 0), caption, colour(quiet), words)

    def _badge(self, painter: QPainter, box: QRectF, temp: int) -> float:
        """The amber count at the right. Answers its width."""
        font, text = self._theme.font("metaMedium"), str(temp)
        font.setWeight(QFont.Weight.Bold)
        width = max(18.0, paint.text_width(font, text) + 10)
        badge = QRectF(box.right() - 12 - width, round(box.center().y() - 8), width, 16)
        paint.draw_box(painter, badge, 2, self._theme.colour("amber"))
        inner = badge.adjusted((width - paint.text_width(font, text)) / 2, 0, 0, 0)
        paint.draw_text(painter, inner, font, self._theme.colour("onAmber"), text)
        return width

    def _shot(self, painter: QPainter, box: QRectF, one: ShotId, chosen: bool, hot: bool) -> None:
        colour = self._theme.colour
        shot = self._book.shot(one)
        if chosen:
            painter.fillRect(box, colour("selection"))
            if self._book.current == one:
                painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), colour("blue"))
        elif hot:
            painter.fillRect(box, colour("surface2"))
        number, caption = self._theme.font("captionStrong"), self._theme.font("caption")
        paint.draw_text(painter, box.adjusted(13, 0, 0, 0), number, colour("text"), shot.number)
        left = max(46.0, 13 + text_width(number, shot.number) + 8)
        words = _cut(caption, shot.title or " ".join(shot.action.split()), box.width() - left - 36)
        paint.draw_text(painter, box.adjusted(left, 0, 0, 0), caption, colour("text2"), words)
        self._mark(painter, QPointF(round(box.right() - 18), round(box.center().y())), one)

    def _mark(self, painter: QPainter, at: QPointF, one: ShotId) -> None:
        """How the panel stands, centred on a place."""
        mark = mark_of(self._book.state(one))
        square = QRectF(at.x() - 4.5, at.y() - 4.5, 9, 9)
        if mark == "amber":
            painter.fillRect(QRectF(at.x() - 4, at.y() - 4, 9, 9), self._theme.colour("amber"))
        elif mark == "hollow":
            painter.setPen(QPen(self._theme.colour("lineStrong"), 1))
            painter.drawRect(square)
        elif mark == "dashed":
            painter.setPen(QPen(self._theme.colour("amber"), 1.4))
            for sx in (-1, 1):
                for sy in (-1, 1):
                    corner = QPointF(at.x() + 0.5 + sx * 4, at.y() + 0.5 + sy * 4)
                    painter.drawLine(corner, corner - QPointF(sx * 2.5, 0))
                    painter.drawLine(corner, corner - QPointF(0, sy * 2.5))
        else:
            icon, token = _ICONS[mark]
            pixmap = self._theme.pixmap(icon, token, 13, self._view.devicePixelRatioF())
            painter.drawPixmap(QPointF(at.x() - 6, at.y() - 6), pixmap)


def _place_of(heading: str) -> str:
    """A slug line without its time of day: what is left tells scenes apart on a narrow side."""
    place, dash, time = heading.rpartition(" - ")
    return place if dash and place and "." not in time else heading


def _cut(font: QFont, words: str, room: float) -> str:
    if text_width(font, words) <= room:
        return words
    return QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, room))
