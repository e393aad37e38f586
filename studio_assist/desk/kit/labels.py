"""Words and marks that only show something."""

from __future__ import annotations

from html import escape
from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme


class Label(QLabel):
    """Text in a type role and a token's colour. With `wrap` its lines stand as far apart as the role says."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        role: str = "body",
        token: str = "text",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._role = role
        self._token = token
        self._plain = ""
        self.setFont(theme.font(role))
        self.setWordWrap(wrap)
        self.setTextFormat(Qt.TextFormat.RichText if wrap else Qt.TextFormat.PlainText)
        self.set_text(text)
        self._colour()
        theme.changed.connect(self._colour)

    # properties

    @property
    def plain(self) -> str:
        """The text without any markup."""
        return self._plain

    # methods

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text == self._plain:
            return
        self._plain = text
        if self.wordWrap():
            natural = QFontMetricsF(self.font()).height()
            percent = round(100 * self._theme.role(self._role).line / natural)
            lines = escape(text).replace("\n", "<br>")
            self.setText(f'<p style="margin:0; line-height:{percent}%">{lines}</p>')
        else:
            self.setText(text)
        self.setAccessibleName(text)

    def set_token(self, token: str) -> None:
        """Show it in another colour."""
        self._token = token
        self._colour()

    # events

    def minimumSizeHint(self) -> QSize:
        if not self.wordWrap():
            return super().minimumSizeHint()
        # Qt's own answer is the height at the narrowest width, which would stretch every page and sheet.
        return QSize(80, self._theme.role(self._role).line)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.wordWrap():
            super().paintEvent(event)
            return
        # One line is set on the same baseline as on buttons and rows beside it.
        painter = QPainter(self)
        box = QRectF(self.contentsRect())
        spare = box.width() - paint.text_width(self.font(), self._plain)
        if self.alignment() & Qt.AlignmentFlag.AlignRight:
            box.setLeft(box.left() + spare)
        elif self.alignment() & Qt.AlignmentFlag.AlignHCenter:
            box.setLeft(box.left() + spare / 2)
        token = self._token if self.isEnabled() else "disabled"
        paint.draw_text(painter, box, self.font(), self._theme.colour(token), self._plain)

    # internals

    def _colour(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.colour(self._token))
        self.setPalette(palette)


class ElidedLabel(QWidget):
    """One line that is cut with an ellipsis where there is no room; the whole text is then its tool tip."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        role: str = "body",
        token: str = "text",
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._role = role
        self._token = token
        self._mode = mode
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_text(text)
        theme.changed.connect(self.update)

    # properties

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    # methods

    def set_text(self, text: str) -> None:
        """Show another text."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._tip()
        self.update()

    def set_token(self, token: str) -> None:
        """Show it in another colour."""
        self._token = token
        self.update()

    # events

    def sizeHint(self) -> QSize:
        width = paint.text_width(self._theme.font(self._role), self._text)
        return QSize(int(width) + 2, self._theme.role(self._role).line)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self._theme.role(self._role).line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tip()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self._theme.font(self._role)
        text = QFontMetricsF(font).elidedText(self._text, self._mode, self.width())
        paint.draw_text(painter, QRectF(self.rect()), font, self._theme.colour(self._token), text)

    # internals

    def _tip(self) -> None:
        cut = paint.text_width(self._theme.font(self._role), self._text) > self.width() + 1
        self.setToolTip(self._text if cut else "")


class IconLabel(QWidget):
    """An icon that stands beside its word and says nothing by itself."""

    def __init__(
        self, theme: Theme, name: str, token: str = "text2", size: int = 16, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self._token = token
        self._size = size
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    # methods

    def set_icon(self, name: str, token: str) -> None:
        """Show another icon or colour."""
        self._name = name
        self._token = token
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(0, 0, self._theme.pixmap(self._name, self._token, self._size, ratio))


class KeyHint(QWidget):
    """A key in its little box."""

    def __init__(self, theme: Theme, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._keys = keys
        self.setAccessibleName(keys)
        self.setFixedSize(round(paint.key_width(theme, keys)), paint.KEY_HEIGHT_PX)
        theme.changed.connect(self.update)

    # events

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.draw_key(painter, self._theme, 0, self.height() / 2, self._keys, self.isEnabled())


BadgeKind = Literal["neutral", "red"]


class Badge(QWidget):
    """How a provider handles data, in a few words; red where the policy blocks it."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        icon: str | None = None,
        kind: BadgeKind = "neutral",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = text
        self._icon = icon
        self._kind = kind
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    # events

    def sizeHint(self) -> QSize:
        lead = 26 if self._icon else 8
        return QSize(round(lead + paint.text_width(self._theme.font("metaMedium"), self._text) + 8), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        red = self._kind == "red"
        box = QRectF(self.rect())
        colour = self._theme.colour
        paint.draw_box(
            painter, box, 3, colour("redGround") if red else None, colour("red" if red else "lineStrong")
        )
        token = "redText" if red else "text2"
        left = 8.0
        if self._icon:
            pixmap = self._theme.pixmap(self._icon, token, 12, self.devicePixelRatioF())
            painter.drawPixmap(8, (self.height() - 12) // 2, pixmap)
            left = 26.0
        paint.draw_text(
            painter, box.adjusted(left, 0, 0, 0), self._theme.font("metaMedium"), colour(token), self._text
        )


class TempTag(QWidget):
    """The TEMP tag, or an amber count. Solid: accepted. Dashed: offered, not decided."""

    def __init__(
        self, theme: Theme, *, solid: bool, text: str = "TEMP", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._solid = solid
        self._text = text
        self.setAccessibleName(f"{text}, {'accepted' if solid else 'not decided'}")
        self.setFixedSize(round(paint.tag_width(theme, text)), paint.TAG_HEIGHT_PX)
        theme.changed.connect(self.update)

    # methods

    def set_solid(self, solid: bool) -> None:
        """Show it as accepted or as offered."""
        self._solid = solid
        self.setAccessibleName(f"{self._text}, {'accepted' if solid else 'not decided'}")
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.draw_tag(QPainter(self), self._theme, 0, 0, self._solid, self._text)


class Divider(QWidget):
    """A line of 1 px."""

    def __init__(
        self, theme: Theme, *, vertical: bool = False, token: str = "line", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._token = token
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)
        theme.changed.connect(self.update)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.colour(self._token))


class Swatch(QWidget):
    """A small block of one status colour."""

    def __init__(
        self, theme: Theme, token: str, width_px: int, height_px: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._token = token
        self.setFixedSize(width_px, height_px)
        theme.changed.connect(self.update)

    # methods

    def set_token(self, token: str) -> None:
        """Show another colour."""
        self._token = token
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.draw_box(QPainter(self), QRectF(self.rect()), 1, self._theme.colour(self._token))
