"""The desk tabs."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from studio_assist.desk.kit import paint
from studio_assist.desk.kit.buttons import Pressable
from studio_assist.desk.theme import Theme


class _Tab(Pressable):
    def __init__(self, theme: Theme, text: str, icon: str, parent: QWidget) -> None:
        super().__init__(theme, text, text, parent)
        self._icon = icon
        self.is_marked = False
        self.setCheckable(True)

    # events

    def sizeHint(self) -> QSize:
        return QSize(round(paint.text_width(self._theme.font("control"), self.text()) + 46), 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        chosen = self.isChecked()
        text = "disabled" if not self.isEnabled() else "text" if chosen or self._hot() else "text2"
        if chosen:
            paint.draw_box(painter, box, 4, self._theme.colour("surface3"))
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 4)
        token = "blue" if chosen and self.isEnabled() else "disabled" if not self.isEnabled() else "text2"
        pixmap = self._theme.pixmap(self._icon, token, 16, self.devicePixelRatioF())
        painter.drawPixmap(12, (self.height() - 16) // 2, pixmap)
        if self.is_marked:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("blue"))
            painter.drawEllipse(QRectF(self.width() - 11, 5, 6, 6))
        paint.draw_text(
            painter,
            box.adjusted(34, 0, 0, 0),
            self._theme.font("control"),
            self._theme.colour(text),
            self.text(),
        )


class Segmented(QWidget):
    """The desk tabs: one of several is on. Left and Right move between them."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ids: list[str] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        self._row = row
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self._group.idClicked.connect(self._clicked)

    # properties

    @property
    def current(self) -> str | None:
        """Id of the tab that is on."""
        at = self._group.checkedId()
        return self._ids[at] if at >= 0 else None

    # methods

    def add(self, tab: str, title: str, icon: str) -> None:
        """Add a tab at the end."""
        button = _Tab(self._theme, title, icon, self)
        self._group.addButton(button, len(self._ids))
        self._ids.append(tab)
        self._row.addWidget(button)

    def button(self, tab: str) -> QAbstractButton:
        """The button of a tab.

        Raises:
            ValueError: no such tab.
        """
        return self._group.button(self._ids.index(tab))

    def choose(self, tab: str) -> None:
        """Turn a tab on without telling anybody."""
        self.button(tab).setChecked(True)

    def set_enabled(self, tab: str, enabled: bool, why: str = "") -> None:
        """Turn a tab on or off; `why` says why it is off."""
        button = self.button(tab)
        button.setEnabled(enabled)
        button.setToolTip("" if enabled else why)
        button.setAccessibleDescription("" if enabled else why)

    def set_mark(self, tab: str, words: str) -> None:
        """Put a dot on a tab, with words that say why; "" takes it away."""
        button = self.button(tab)
        assert isinstance(button, _Tab)
        button.is_marked = bool(words)
        if button.isEnabled():
            button.setToolTip(words)
            button.setAccessibleDescription(words)
        button.update()

    def set_visible(self, tab: str, visible: bool) -> None:
        """Show or hide a tab."""
        self.button(tab).setVisible(visible)
        self.updateGeometry()

    # slots

    def _clicked(self, at: int) -> None:
        self.chosen.emit(self._ids[at])

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = self._theme.colour
        paint.draw_box(QPainter(self), QRectF(self.rect()), 6, colour("surface0"), colour("line"))
