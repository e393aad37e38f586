"""A picture as large as the window, with the line that says where it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from studio_assist.desk.board.frame_pictures import FramePictures
from studio_assist.desk.board.preview import draw_offered, draw_picture
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme

_EDGE_PX: Final = 32
_LINE_PX: Final = 36


class Lightbox(QWidget):
    """Over its window until Esc, Enter or a press. It decides nothing."""

    def __init__(self, theme: Theme, pictures: FramePictures, window: QWidget) -> None:
        super().__init__(window)
        self._theme: Final = theme
        self._pictures: Final = pictures
        self._window: Final = window
        self._path: Path | None = None
        self._image: QImage | None = None
        self._offered = False
        self._line = ""
        self._before: QWidget | None = None
        self.setObjectName("lightbox")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        window.installEventFilter(self)
        pictures.came.connect(lambda _path: self.update())
        theme.changed.connect(self.update)
        self.hide()

    # methods

    def open(self, picture: Path | QImage, line: str, *, offered: bool) -> None:
        """Show a picture of the project, or a drawing that is no file."""
        self._path = picture if isinstance(picture, Path) else None
        self._image = picture if isinstance(picture, QImage) else None
        self._line, self._offered = line, offered
        self.setAccessibleName(f"Large view. {line}")
        self._before = QApplication.focusWidget()
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Close it and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        # No shortcut of the window fires while it is open.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if (
            event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not event.isAutoRepeat()
        ):
            self.dismiss()

    def focusNextPrevChild(self, _forward: bool) -> bool:
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.dismiss()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        painter.fillRect(self.rect(), theme.colour("win"))
        room = QRectF(self.rect()).adjusted(_EDGE_PX, _EDGE_PX, -_EDGE_PX, -_EDGE_PX - _LINE_PX)
        wide = min(room.width(), room.height() * 16 / 9)
        box = QRectF(0, 0, round(wide), round(wide * 9 / 16))
        box.moveCenter(room.center())
        image = self._image
        if self._path is not None:
            look = self._pictures.look(self._path, round(box.width() * self.devicePixelRatioF()))
            image = look.image if look.state == "ready" else None
        if image is not None:
            draw_picture(painter, box, image)
            if self._offered:
                draw_offered(painter, theme, box)
        else:
            paint.draw_box(painter, box, 2, None, theme.colour("lineStrong"), 1.0, dashed=True)
        font = theme.font("caption")
        left = (self.width() - paint.text_width(font, self._line)) / 2
        line = QRectF(max(12.0, left), box.bottom() + 8, self.width(), _LINE_PX - 8)
        paint.draw_text(painter, line, font, theme.colour("text2"), self._line)
