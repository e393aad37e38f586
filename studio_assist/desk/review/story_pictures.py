"""The pictures of a step: small, with their band where they are temp, and a caption under each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import ElidedLabel, paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.review import Picture
from studio_assist.domain.storyboard import Media
from studio_assist.ledger.story_words import SCRIPT_PAGE

if TYPE_CHECKING:
    from studio_assist.desk.board.thumbnails import Thumbnails

_WIDTH_PX: Final = 104
_HEIGHT_PX: Final = 59
_CAPTION_PX: Final = 19
_ACROSS_PX: Final = 12
_DOWN_PX: Final = 8
_TOP_PX: Final = 2
#: A page in small: left edge and length of each line, in 1/100 of its width, as a screenplay stands.
_PAGE: Final = ((24, 46), (20, 60), (38, 22), (30, 40), (20, 64), (20, 58), (38, 22), (30, 36), (30, 28))
#: The lines that were put in.
_PUT_IN: Final = (4, 5)


class PictureRow(QWidget):
    """Pictures side by side, as many in a row as there is room for. They come as they are read."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._tiles: Final[list[_Tile]] = []
        self._count = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    # methods

    def set_pictures(self, pictures: Sequence[Picture], thumbnails: Thumbnails | None) -> None:
        """Show these in place of those before."""
        while len(self._tiles) < len(pictures):
            self._tiles.append(_Tile(self._theme, self))
        self._count = len(pictures)
        for at, tile in enumerate(self._tiles):
            tile.setVisible(at < self._count)
            if at < self._count:
                tile.show_picture(pictures[at], thumbnails)
        self._place()
        self.updateGeometry()

    # events

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-self._count // _across(width))
        return _TOP_PX + rows * (_HEIGHT_PX + _CAPTION_PX) + max(0, rows - 1) * _DOWN_PX

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH_PX, self.heightForWidth(max(self.width(), _WIDTH_PX)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    # internals

    def _place(self) -> None:
        across = _across(self.width())
        for at, tile in enumerate(self._tiles[: self._count]):
            left = at % across * (_WIDTH_PX + _ACROSS_PX)
            top = _TOP_PX + at // across * (_HEIGHT_PX + _CAPTION_PX + _DOWN_PX)
            tile.move(left, top)


def _across(width: int) -> int:
    return max(1, (width + _ACROSS_PX) // (_WIDTH_PX + _ACROSS_PX))


class _Tile(QWidget):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(_WIDTH_PX, _HEIGHT_PX + _CAPTION_PX)
        self.frame: Final = PictureFrame(theme, self)
        self._caption: Final = ElidedLabel(theme, "", "meta", "text3", parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.frame)
        column.addWidget(self._caption)

    # methods

    def show_picture(self, picture: Picture, thumbnails: Thumbnails | None) -> None:
        """Show it in place of the one before."""
        self._caption.set_text(picture.caption)
        self.frame.show_picture(picture, thumbnails)


class PictureFrame(QWidget):
    """One picture of the project's media, or a page of the script drawn small.

    A picture that is missing says so; its tool tip says where it was looked for.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._picture = Picture("", "", "")
        self._media: Media | None = None
        self._thumbnails: Thumbnails | None = None
        self.setFixedSize(_WIDTH_PX, _HEIGHT_PX)
        theme.changed.connect(self.update)

    # methods

    def show_picture(self, picture: Picture, thumbnails: Thumbnails | None) -> None:
        """Show it; read by `thumbnails`, where it is at hand."""
        if thumbnails is not self._thumbnails:
            if thumbnails is not None:
                thumbnails.came.connect(self._came)
            self._thumbnails = thumbnails
        self._picture = picture
        # Only the name in the store counts; the file knows its own size.
        self._media = (
            Media(sha256=picture.sha256, suffix=picture.suffix, width=1, height=1) if picture.sha256 else None
        )
        self.setAccessibleName(picture.caption)
        self._explain("")
        self.update()

    # slots

    def _came(self, name: str) -> None:
        if name == self._picture.sha256:
            self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self._picture.suffix == SCRIPT_PAGE:
            _paint_page(painter, self._theme, box)
            return
        painter.fillRect(box, self._theme.colour("surface0"))
        shown = self._shown()
        if isinstance(shown, QPixmap):
            size = shown.deviceIndependentSize()
            left, top = round((box.width() - size.width()) / 2), round((box.height() - size.height()) / 2)
            painter.drawPixmap(left, top, shown)
            if self._picture.temp:
                self._paint_band(painter, QRectF(left, top, size.width(), size.height()))
            return
        paint.draw_box(painter, box, 2, None, self._theme.colour("line"))
        if shown is not None:
            self._explain(shown)
            self._paint_missing(painter, box)

    # internals

    def _shown(self) -> QPixmap | str | None:
        """The picture; why there is none; None while it is read."""
        if self._media is None:
            return "The record holds no picture of it any more."
        if self._thumbnails is None:
            return "The project's pictures are not at hand."
        found = self._thumbnails.picture(self._media, _WIDTH_PX, _HEIGHT_PX, self.devicePixelRatioF())
        if found is None or isinstance(found, QPixmap):
            return found
        return found.why or f"It is missing from the project's media: {found.where}"

    def _explain(self, why: str) -> None:
        if self.toolTip() != why:
            self.setToolTip(why)
            self.setAccessibleDescription(why)

    def _paint_missing(self, painter: QPainter, box: QRectF) -> None:
        icon = self._theme.pixmap("picture", "text3", 16, self.devicePixelRatioF())
        painter.drawPixmap(round(box.width() / 2 - 8), round(box.height() / 2 - 18), icon)
        words, font = "Missing" if self._media is not None else "Not kept", self._theme.font("meta")
        left = (box.width() - paint.text_width(font, words)) / 2
        under = QRectF(left, box.height() / 2 + 2, box.width() - left, 16)
        paint.draw_text(painter, under, font, self._theme.colour("text3"), words)

    def _paint_band(self, painter: QPainter, box: QRectF) -> None:
        from studio_assist.desk.board.frames import draw_band

        painter.setClipRect(box, Qt.ClipOperation.ReplaceClip)
        draw_band(painter, self._theme, box, previs=self._picture.previs)


def _paint_page(painter: QPainter, theme: Theme, box: QRectF) -> None:
    """A page of the script in small: the lines that were put in are bright, with their bar."""
    colour = theme.colour
    paint.draw_box(painter, box, 2, colour("page"), colour("line"))
    step = (box.height() - 10) / len(_PAGE)
    tops = [6 + round(at * step) for at in range(len(_PAGE))]
    for at, (left, length) in enumerate(_PAGE):
        line = QRectF(round(box.width() * left / 100), tops[at], round(box.width() * length / 100), 2)
        painter.fillRect(line, colour("text" if at in _PUT_IN else "disabled"))
    first, last = tops[_PUT_IN[0]], tops[_PUT_IN[-1]]
    bar = QRectF(round(box.width() * 0.2) - 6, first - 2, 3, last - first + 6)
    painter.fillRect(bar, colour("amber"))
