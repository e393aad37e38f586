"""Things to type into and choose from, and the bar of work under way."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QEnterEvent,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QTextOption,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from studio_assist.desk.kit import paint
from studio_assist.desk.kit.files import files_in
from studio_assist.desk.theme import Theme

#: Keys that X11's text widgets claim for cutting a line off, and that are the window's here.
_WINDOWS_KEYS: Final = frozenset({Qt.Key.Key_K, Qt.Key.Key_U})


def leaves_to_window(event: QEvent) -> bool:
    """Whether a key is the window's although Qt's text widgets would take it; it is then left to it.

    On X11 Qt reads Ctrl K as "delete to the end of the line", and a widget with text would do that in place
    of opening the command box.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.modifiers() != Qt.KeyboardModifier.ControlModifier or event.key() not in _WINDOWS_KEYS:
        return False
    event.ignore()
    return True


class Field(QLineEdit):
    """A line to type in, 30 px high. The style sheet draws its edge and its focus."""

    def __init__(
        self, theme: Theme, name: str, *, placeholder: str = "", text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setFont(theme.font("body"))
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)

    # events

    def event(self, event: QEvent) -> bool:
        return leaves_to_window(event) or super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # A file is the window's; its path is no text that anybody means to type.
        if files_in(event.mimeData()):
            event.ignore()
        else:
            super().dragEnterEvent(event)


class TextField(QPlainTextEdit):
    """Several lines to type in. Tab leaves the field."""

    def __init__(
        self, theme: Theme, name: str, *, placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("field", True)
        self.setFont(theme.font("body"))
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)

    # events

    def event(self, event: QEvent) -> bool:
        return leaves_to_window(event) or super().event(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return not files_in(source) and super().canInsertFromMimeData(source)


class Combo(QComboBox):
    """A closed list of choices, 26 px high in tool bars, 30 in forms."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        height_px: int = 26,
        width_px: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._height = height_px
        self._width = width_px
        self.setFont(theme.font("body"))
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    # events

    def sizeHint(self) -> QSize:
        font = self._theme.font("body")
        longest = max((paint.text_width(font, self.itemText(at)) for at in range(self.count())), default=40.0)
        return QSize(self._width or round(longest + 44), self._height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        box = QRectF(self.rect())
        enabled = self.isEnabled()
        edge = "text3" if enabled and self.underMouse() else "lineStrong" if enabled else "line"
        paint.draw_box(painter, box, 5, colour("input" if enabled else "surface0"), colour(edge))
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 5)
        text = "text" if enabled else "disabled"
        inner = box.adjusted(9, 0, -26, 0)
        font = self._theme.font("body")
        words = QFontMetricsF(font).elidedText(self.currentText(), Qt.TextElideMode.ElideRight, inner.width())
        paint.draw_text(painter, inner, font, colour(text), words)
        pixmap = self._theme.pixmap(
            "chevron-down", "text2" if enabled else "disabled", 14, self.devicePixelRatioF()
        )
        painter.drawPixmap(self.width() - 22, (self.height() - 14) // 2 + 1, pixmap)


class CheckBox(QCheckBox):
    """A tick with its words."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self.setFont(theme.font("body"))
        self.setAccessibleName(text)
        theme.changed.connect(self.update)

    # events

    def sizeHint(self) -> QSize:
        return QSize(round(paint.text_width(self._theme.font("body"), self.text())) + 30, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        enabled = self.isEnabled()
        box = QRectF(2, (self.height() - 16) / 2, 16, 16)
        if self.isChecked() and enabled:
            paint.draw_box(painter, box, 3, colour("blueFill"))
        else:
            paint.draw_box(painter, box, 3, colour("input"), colour("lineStrong" if enabled else "line"))
        if self.isChecked():
            pixmap = self._theme.pixmap(
                "check", "onBlue" if enabled else "disabled", 12, self.devicePixelRatioF()
            )
            painter.drawPixmap(4, (self.height() - 12) // 2, pixmap)
        token = "text" if enabled else "disabled"
        inner = QRectF(self.rect()).adjusted(26, 0, 0, 0)
        paint.draw_text(painter, inner, self._theme.font("body"), colour(token), self.text())
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box.adjusted(-2, -2, 2, 2), 5)


class ChoiceCard(QRadioButton):
    """One of a few choices side by side, with a line on what it is. Arrow keys go from one to the next."""

    def __init__(self, theme: Theme, title: str, detail: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._theme = theme
        self._detail = detail
        self.setAccessibleName(title)
        self.setAccessibleDescription(detail)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    # events

    def sizeHint(self) -> QSize:
        font = self._theme.font("caption")
        return QSize(round(paint.text_width(font, self._detail)) + 52, 54)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        box = QRectF(self.rect())
        enabled, on = self.isEnabled(), self.isChecked()
        ground = "blueGround" if on else "surface3" if enabled and self.underMouse() else "surface2"
        edge = "blue" if on and enabled else "lineStrong" if enabled else "line"
        paint.draw_box(painter, box, 6, colour(ground), colour(edge))
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 6)
        ring = QRectF(13, 12, 14, 14)
        paint.draw_box(painter, ring, 7, colour("input"), colour("blue" if on else "lineStrong"))
        if on:
            paint.draw_box(painter, ring.adjusted(4, 4, -4, -4), 3, colour("blue"))
        title, detail = QRectF(37, 9, box.width() - 46, 20), QRectF(37, 30, box.width() - 46, 16)
        token = "text" if enabled else "disabled"
        paint.draw_text(painter, title, self._theme.font("control"), colour(token), self.text())
        quiet = "text2" if on else "text3"
        paint.draw_text(painter, detail, self._theme.font("caption"), colour(quiet), self._detail)


class ProgressBar(QWidget):
    """How far work has come, in grey, because work under way is not yet temp material."""

    def __init__(
        self, theme: Theme, *, width_px: int = 96, height_px: int = 4, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._share: float | None = 0.0
        self.setFixedSize(width_px, height_px)
        self.setAccessibleName("Progress")
        theme.changed.connect(self.update)

    # properties

    @property
    def share(self) -> float | None:
        """What is done, 0 to 1; None while it cannot be known."""
        return self._share

    # methods

    def set_share(self, share: float | None) -> None:
        """Show what is done, 0 to 1; None fills nothing and says that it is not known."""
        self._share = None if share is None else min(1.0, max(0.0, share))
        said = "not known" if self._share is None else f"{round(100 * self._share)} percent"
        self.setAccessibleDescription(said)
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        radius = self.height() / 2
        paint.draw_box(painter, box, radius, self._theme.colour("surface3"))
        if self._share:
            done = QRectF(box)
            done.setWidth(max(self.height(), box.width() * self._share))
            paint.draw_box(painter, done, radius, self._theme.colour("text2"))
