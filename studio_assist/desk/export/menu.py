"""The menu under the Export button: four formats by key, what is always on them, and the way to all."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.export.formats import LOOKS, debt_words, line_of
from studio_assist.desk.kit import Divider, Dropdown, Label, Pressable, TempTag, paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.temp import Debt
from studio_assist.protocol import ExportOptions

#: Formats with their icons, in the order of their keys.
_ROWS: Final = (("boards-pdf", "board"), ("mp4", "film"), ("otio", "timeline"), ("csv", "table"))
_WIDTH_PX: Final = 330
_ROW_PX: Final = 50
_MORE_PX: Final = 32
_LEFT_PX: Final = 49


class ExportMenu(Dropdown):
    """Chooses what to export. Keys 1 to 4, arrows and Enter; Esc or a press elsewhere closes it.

    Signals:
        chosen: a format; "" for all of them.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, name="Export")
        self.setObjectName("export_menu")
        self.setFixedWidth(_WIDTH_PX)
        self.body.setContentsMargins(1, 12, 1, 12)
        self.body.setSpacing(0)
        title = Label(theme, "Export", "metaMedium", "text3")
        title.setContentsMargins(14, 0, 0, 6)
        self.body.addWidget(title)
        self._rows: Final[list[_Row]] = []
        for place, (format, icon) in enumerate(_ROWS, 1):
            row = _Row(theme, LOOKS[format].title, icon, str(place), _ROW_PX)
            row.setObjectName(f"export_menu_{format}")
            row.clicked.connect(lambda _on=False, one=format: self._choose(one))
            self._rows.append(row)
            self.body.addWidget(row)
        more = _Row(theme, "More formats…", "", "", _MORE_PX)
        more.setObjectName("export_menu_more")
        more.clicked.connect(lambda: self._choose(""))
        self._rows.append(more)
        self.body.addWidget(more)
        self.body.addSpacing(8)
        self.body.addWidget(Divider(theme))
        self._debt: Final = Label(theme, "", "meta", "text3", wrap=True)
        self._debt.setObjectName("export_menu_debt")
        self.body.addLayout(self._foot())
        self.show_options(ExportOptions(), "")

    # methods

    def show_options(self, options: ExportOptions, rate: str) -> None:
        """Say what each format will be: with these options, at this frame rate."""
        for row, (format, _) in zip(self._rows, _ROWS, strict=False):
            row.say(line_of(format, options, rate))

    def open_at(self, anchor: QRect, debt: Debt) -> None:
        """Show it under a button, in its window's coordinates, with the keyboard in it; or close it again."""
        if self.isVisible():
            self.dismiss()
            return
        now = debt_words(debt, short=True)
        final = "A final export opens when temp debt is 0."
        self._debt.set_text(f"{final} Now: {now}." if now else "Temp debt is 0, so a final export is open.")
        self.drop(anchor)
        # Its right edge stands under the button's.
        left = anchor.right() + 1 - _WIDTH_PX
        self.show_at(QRect(QPoint(left, anchor.top()), anchor.size()))
        self._rows[0].setFocus(Qt.FocusReason.PopupFocusReason)

    # slots

    def _choose(self, format: str) -> None:
        self.dismiss()
        self.chosen.emit(format)

    # events

    def event(self, event: QEvent) -> bool:
        # Its keys are its own while it is open, whatever the page beneath does with them.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        number = key - Qt.Key.Key_1
        if _is_own(event) and 0 <= number < len(_ROWS):
            if not event.isAutoRepeat():
                self._choose(_ROWS[number][0])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        self._step(1 if forward else -1)
        return True

    # internals

    def _step(self, by: int) -> None:
        here = next((place for place, row in enumerate(self._rows) if row.hasFocus()), -1 if by > 0 else 0)
        self._rows[(here + by) % len(self._rows)].setFocus(Qt.FocusReason.TabFocusReason)

    def _foot(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(14, 10, 14, 0)
        column.setSpacing(5)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(TempTag(self._theme, solid=True))
        row.addWidget(Label(self._theme, "Slate and band cannot be turned off.", "caption"))
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._debt)
        return column


class _Row(Pressable):
    """One line of the menu: icon, title, what it will be, and its key."""

    def __init__(self, theme: Theme, title: str, icon: str, key: str, height_px: int) -> None:
        super().__init__(theme, title, title, None)
        self._icon: Final = icon
        self._key: Final = key
        self._height: Final = height_px
        self._line = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # methods

    def say(self, line: str) -> None:
        """What it will be."""
        self._line = line
        self.setAccessibleDescription(line)
        self.update()

    # events

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH_PX - 2, self._height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt would go to the next button, wherever in the window that is.
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, box = self._theme, QRectF(self.rect())
        on = self.hasFocus() or self.isDown()
        if on or self._hot():
            painter.fillRect(self.rect(), theme.colour("selection" if on else "surface3"))
        if self._icon:
            pixmap = theme.pixmap(self._icon, "text2", 16, self.devicePixelRatioF())
            painter.drawPixmap(15, (self.height() - 16) // 2, pixmap)
        quiet = "text2" if on else "text3"
        if self._line:
            title = QRectF(_LEFT_PX, box.center().y() - 18, box.width() - 90, 18)
            below = QRectF(_LEFT_PX, box.center().y() + 1, box.width() - 90, 15)
            paint.draw_text(painter, title, theme.font("control"), theme.colour("text"), self.text())
            paint.draw_text(painter, below, theme.font("meta"), theme.colour(quiet), self._line)
        else:
            inner = box.adjusted(_LEFT_PX, 0, 0, 0)
            paint.draw_text(painter, inner, theme.font("control"), theme.colour("text"), self.text())
        if self._key:
            left = box.right() - 12 - paint.key_width(theme, self._key)
            paint.draw_key(painter, theme, left, box.center().y(), self._key, True, quiet if on else "")


def _is_own(event: QKeyEvent) -> bool:
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    numbers = range(Qt.Key.Key_1, Qt.Key.Key_1 + len(_ROWS))
    others = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
    return plain and (event.key() in numbers or event.key() in others)
