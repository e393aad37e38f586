"""Rows and cards of the start page."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.first_run.values import BackendRow
from studio_assist.desk.kit import Badge, Button, ElidedLabel, Label, Pressable, paint
from studio_assist.desk.shell.menus import Recent
from studio_assist.desk.theme import Theme

CARD_PX: Final = 78
ROW_PX: Final = 72
#: In a row narrower than this a button takes its short label, px.
_NARROW_PX: Final = 500


class LaunchCard(Pressable):
    """A large card that starts something. Up and Down go to its neighbours, Enter and Space press it."""

    step = Signal(int)

    def __init__(
        self,
        theme: Theme,
        title: str,
        detail: str,
        icon: str,
        keys: str,
        *,
        formats: tuple[str, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, title, f"{title}. {detail or ', '.join(formats)}", parent)
        self._detail: Final = detail
        self._icon: Final = icon
        self._keys: Final = keys
        self._formats: Final = formats
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # events

    def sizeHint(self) -> QSize:
        return QSize(320, CARD_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.step.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        box = QRectF(self.rect())
        enabled = self.isEnabled()
        paint.draw_box(
            painter, box, 8, colour("surface2" if self._hot() else "surface1"), colour("lineStrong")
        )
        if self.hasFocus() and enabled:
            paint.draw_focus(painter, self._theme, box, 8)
        paint.draw_box(painter, QRectF(19, 17, 44, 44), 8, colour("surface3"))
        token = "text" if enabled else "disabled"
        painter.drawPixmap(31, 29, self._theme.pixmap(self._icon, token, 20, self.devicePixelRatioF()))
        title = QRectF(77, 17 if self._formats else 19, box.width() - 160, 22)
        paint.draw_text(painter, title, self._theme.font("sheetTitle"), colour(token), self.text())
        if self._formats:
            self._draw_formats(painter)
        else:
            detail = QRectF(77, 41, box.width() - 160, 16)
            quiet = "text3" if enabled else "disabled"
            shown = _cut(self._theme.font("caption"), self._detail, detail.width())
            paint.draw_text(painter, detail, self._theme.font("caption"), colour(quiet), shown)
        width = paint.key_width(self._theme, self._keys)
        paint.draw_key(painter, self._theme, box.right() - 19 - width, box.center().y(), self._keys, enabled)

    # internals

    def _draw_formats(self, painter: QPainter) -> None:
        left = 77.0
        font = self._theme.font("metaMedium")
        token = "text2" if self.isEnabled() else "disabled"
        for name in self._formats:
            width = round(paint.text_width(font, name)) + 16
            badge = QRectF(left, 41, width, 20)
            paint.draw_box(painter, badge, 3, None, self._theme.colour("lineStrong"))
            paint.draw_text(painter, badge.adjusted(8, 0, 0, 0), font, self._theme.colour(token), name)
            left += width + 6


class RecentRow(Pressable):
    """A project that was open lately, 40 px high."""

    step = Signal(int)

    def __init__(self, theme: Theme, recent: Recent, parent: QWidget | None = None) -> None:
        super().__init__(theme, recent.title, f"Open {recent.title}. {recent.detail} {recent.when}", parent)
        self.recent: Final = recent
        self.setToolTip(str(recent.path))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # events

    def sizeHint(self) -> QSize:
        return QSize(240, 40)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.step.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        box = QRectF(self.rect())
        painter.fillRect(QRectF(0, 0, box.width(), 1), theme.colour("line"))
        if self._hot():
            painter.fillRect(box.adjusted(0, 1, 0, 0), theme.colour("surface2"))
        if self.hasFocus():
            paint.draw_focus(painter, theme, box.adjusted(0, 1, 0, 0), 4)
        painter.drawPixmap(0, 13, theme.pixmap("document", "text3", 16, self.devicePixelRatioF()))
        control = theme.font("control")
        when = paint.text_width(theme.font("caption"), self.recent.when)
        room = box.width() - 28 - when - 24
        shown = _cut(control, self.text(), room)
        paint.draw_text(painter, box.adjusted(28, 0, 0, 0), control, theme.colour("text"), shown)
        after = 28 + paint.text_width(control, shown) + 12
        detail = _cut(theme.font("caption"), self.recent.detail, box.width() - after - when - 12)
        words = box.adjusted(after, 0, 0, 0)
        paint.draw_text(painter, words, theme.font("caption"), theme.colour("text3"), detail)
        words = box.adjusted(box.width() - when, 0, 0, 0)
        paint.draw_text(painter, words, theme.font("caption"), theme.colour("text3"), self.recent.when)


class BackendView(QWidget):
    """One backend: icon, name, state, what it does with data, and one thing to do about it.

    Signals:
        acted: the backend's id.
    """

    acted = Signal(str)

    def __init__(self, theme: Theme, row: BackendRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self.row: Final = row
        self.setObjectName(f"backend_{row.id}")
        self.setFixedHeight(ROW_PX)
        self.setToolTip(row.why)
        handling = ", ".join(badge.text for badge in row.badges)
        self.setAccessibleName(f"{row.name}. {row.state}. {handling}")
        # A state is quiet where there is nothing to use yet; red only where a rule blocks it.
        token = {"ready": "text", "found": "text", "blocked": "redText"}.get(row.kind, "text3")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(Label(theme, row.name, "rowTitle"))
        state = ElidedLabel(theme, row.state, "caption", token)
        if row.why:
            state.setToolTip(row.why)
        # The smaller letters stand on the name's baseline.
        line.addWidget(state, 1, Qt.AlignmentFlag.AlignBottom)
        badges = QHBoxLayout()
        badges.setSpacing(6)
        for badge in row.badges:
            badges.addWidget(Badge(theme, badge.text, badge.icon, "red" if badge.blocked else "neutral"))
        badges.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addStretch(1)
        words.addLayout(line)
        words.addLayout(badges)
        words.addStretch(1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(48, 1, 0, 0)
        whole.setSpacing(12)
        whole.addLayout(words, 1)
        self.button: Final = Button(theme, row.action, icon=row.action_icon or None) if row.action else None
        if self.button is not None:
            self.button.setAccessibleName(f"{row.action}: {row.name}")
            self.button.setToolTip(row.why or f"{row.action}: {row.name}")
            self.button.setObjectName(f"backend_action_{row.id}")
            self.button.clicked.connect(lambda: self.acted.emit(row.id))
            # In a narrow window the button gives way before name and badges do.
            self.button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            self.button.setMinimumWidth(min(96, self.button.sizeHint().width()))
            whole.addWidget(self.button)
        theme.changed.connect(self.update)

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        row, button = self.row, self.button
        if button is not None and row.action and row.action_short:
            words = row.action_short if self.width() < _NARROW_PX else row.action
            button.set_text(words, f"{row.action}: {row.name}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        painter.fillRect(QRectF(0, 0, self.width(), 1), theme.colour("line"))
        tile = QRectF(0, 19, 36, 36)
        paint.draw_box(painter, tile, 6, theme.colour("surface2"), theme.colour("line"))
        pixmap = theme.pixmap(self.row.icon, "text2", 18, self.devicePixelRatioF())
        painter.drawPixmap(9, 28, pixmap)


def _cut(font: QFont, text: str, room: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(20.0, room))
