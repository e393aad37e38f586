"""Things to press. They paint themselves from the theme and keep Qt's own behaviour and accessibility.

Focus comes by Tab, not by click, so that pressing a button does not take the caret out of the script.
"""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme

Kind = Literal["plain", "primary", "ghost"]


class Pressable(QPushButton):
    """A push button that repaints on hover, focus and theme; the base of all that follow.

    Enter presses it as Space does, but only where it has the focus: there is no default button.
    """

    def __init__(self, theme: Theme, text: str, name: str, parent: QWidget | None) -> None:
        super().__init__(text, parent)
        self._theme: Final = theme
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.setAccessibleName(name or text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            event.accept()
            # A key held down must not press what comes under the focus next.
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # internals

    def _hot(self) -> bool:
        return self.isEnabled() and (self.isDown() or self.underMouse())


class Button(Pressable):
    """A button with a word, and where it helps an icon, a key hint or a chevron.

    Args:
        kind: "plain", "primary" (one a screen, never in a decision) or "ghost" (no box until hovered).
        key: keys shown in a little box after the word.
        height_px: 30; small 26; large 36.
        chevron: a menu opens.
    """

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        icon: str | None = None,
        key: str = "",
        kind: Kind = "plain",
        height_px: int = 30,
        chevron: bool = False,
        role: str = "control",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, text, name, parent)
        self._icon = icon
        self._key = key
        self._kind: Kind = kind
        self._height = height_px
        self._chevron = chevron
        self._role = role
        self._token: str | None = None
        self._pad = 10 if height_px < 30 else 13
        if kind == "ghost":
            self._pad = 8

    # methods

    def set_text(self, text: str, name: str = "") -> None:
        """Show another word."""
        self.setText(text)
        self.setAccessibleName(name or text)
        self.updateGeometry()

    def set_icon(self, icon: str | None, token: str | None = None) -> None:
        """Show another icon, in a status colour where `token` is given."""
        self._icon = icon
        self._token = token
        self.updateGeometry()
        self.update()

    # events

    def sizeHint(self) -> QSize:
        return QSize(round(2 * self._pad + self._content_width()), self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        box = QRectF(self.rect())
        text = self._draw_ground(painter, box)
        left = (self.width() - self._content_width()) / 2 if self._kind != "ghost" else float(self._pad)
        left = max(left, 4.0)
        if self._icon:
            token = (self._token or text) if self.isEnabled() else "disabled"
            pixmap = self._theme.pixmap(self._icon, token, 16, self.devicePixelRatioF())
            painter.drawPixmap(round(left), (self.height() - 16) // 2, pixmap)
            left += 16 + (7 if self.text() else 0)
        font = self._theme.font(self._role)
        shown = self.text()
        over = self._content_width() + 8 - self.width()
        if over > 0:
            room = paint.text_width(font, shown) - over
            shown = QFontMetricsF(font).elidedText(shown, Qt.TextElideMode.ElideRight, max(12.0, room))
        paint.draw_text(painter, box.adjusted(left, 0, 0, 0), font, colour(text), shown)
        left += paint.text_width(font, shown)
        if self._key:
            token = "onBlue" if self._kind == "primary" and self.isEnabled() else ""
            paint.draw_key(
                painter,
                self._theme,
                round(left + 8),
                box.center().y(),
                self._key,
                self.isEnabled(),
                token,
            )
            left += 8 + paint.key_width(self._theme, self._key)
        if self._chevron:
            token = ("onBlue" if self._kind == "primary" else "text2") if self.isEnabled() else "disabled"
            pixmap = self._theme.pixmap("chevron-down", token, 14, self.devicePixelRatioF())
            painter.drawPixmap(round(left + 6), (self.height() - 14) // 2 + 1, pixmap)

    # internals

    def _content_width(self) -> float:
        width = paint.text_width(self._theme.font(self._role), self.text())
        if self._icon:
            width += 16 + (7 if self.text() else 0)
        if self._key:
            width += 8 + paint.key_width(self._theme, self._key)
        if self._chevron:
            width += 20
        return width

    def _draw_ground(self, painter: QPainter, box: QRectF) -> str:
        """Draw box and ring; return the token of the text on it."""
        colour = self._theme.colour
        focused = self.hasFocus()
        if not self.isEnabled():
            if self._kind != "ghost":
                paint.draw_box(painter, box, 5, None, colour("line"))
            return "disabled"
        if self._kind == "primary":
            fill = "bluePressed" if self.isDown() else "blueHover" if self._hot() else "blueFill"
            if focused:
                paint.draw_focus(painter, self._theme, box, 7)
                paint.draw_box(painter, box.adjusted(4, 4, -4, -4), 3, colour(fill))
            else:
                paint.draw_box(painter, box, 5, colour(fill))
            return "onBlue"
        if self._kind == "plain":
            ground = "surface3" if self._hot() else "surface2"
            paint.draw_box(painter, box, 5, colour(ground), colour("lineStrong"))
        elif self._hot():
            paint.draw_box(painter, box, 5, colour("surface3"))
        if focused:
            paint.draw_focus(painter, self._theme, box, 5)
        return "text2" if self._kind == "ghost" and self._role == "control" else "text"


class PrimaryButton(Button):
    """The one main action of a sheet or page."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        icon: str | None = None,
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, text, icon=icon, key=key, kind="primary", parent=parent)


class IconButton(Pressable):
    """An icon alone, for the few that need no word. `name` is its tool tip and accessible name."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        name: str,
        *,
        size_px: int = 28,
        icon_px: int = 16,
        token: str = "text2",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "", name, parent)
        self._icon = icon
        self._icon_px = icon_px
        self._token = token
        self.setToolTip(name)
        self.setFixedSize(size_px, size_px)

    # methods

    def set_icon(self, icon: str, name: str, token: str = "text2") -> None:
        """Show another icon with its name."""
        self._icon = icon
        self._token = token
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self._hot() or (self.isCheckable() and self.isChecked()):
            paint.draw_box(painter, box, 4, self._theme.colour("surface3"))
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 4)
        token = self._token if self.isEnabled() else "disabled"
        pixmap = self._theme.pixmap(self._icon, token, self._icon_px, self.devicePixelRatioF())
        at = (self.width() - self._icon_px) // 2
        painter.drawPixmap(at, (self.height() - self._icon_px) // 2, pixmap)


class LinkButton(Pressable):
    """A word that does something, in the colour of links, or quieter by another `token`."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        role: str = "caption",
        token: str = "blueText",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, text, name, parent)
        self._role = role
        self._token = token
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    # events

    def sizeHint(self) -> QSize:
        width = paint.text_width(self._theme.font(self._role), self.text())
        return QSize(round(width) + 6, self._theme.role(self._role).line + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        font = self._theme.font(self._role)
        font.setUnderline(self._hot())
        token = self._token if self.isEnabled() else "disabled"
        paint.draw_text(painter, box.adjusted(3, 0, 0, 0), font, self._theme.colour(token), self.text())
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 3)


class Chip(Pressable):
    """A choice in a row of choices: round ends, blue when it is on. A blocked one says so in red."""

    def __init__(self, theme: Theme, text: str, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(theme, text, name, parent)
        self._blocked = False
        self.setCheckable(True)

    # methods

    def set_blocked(self, blocked: bool, why: str = "") -> None:
        """Mark it as blocked by a rule; `why` becomes its tool tip and description."""
        self._blocked = blocked
        self.setToolTip(why)
        self.setAccessibleDescription(why)
        self.update()

    # events

    def sizeHint(self) -> QSize:
        return QSize(round(paint.text_width(self._theme.font("caption"), self.text()) + 21), 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        colour = self._theme.colour
        text = "text" if self.isChecked() else "text2"
        if not self.isEnabled():
            paint.draw_box(painter, box, 13, None, colour("line"))
            text = "disabled"
        elif self.isChecked():
            paint.draw_box(painter, box, 13, colour("blueGround"), colour("blue"))
        else:
            ground = colour("surface3") if self._hot() else None
            paint.draw_box(painter, box, 13, ground, colour("lineStrong"))
        if self._blocked:
            text = "redText"
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 13)
        font = self._theme.font("caption")
        paint.draw_text(painter, box.adjusted(10.5, 0, 0, 0), font, colour(text), self.text())
