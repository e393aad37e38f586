"""Grounds that other widgets stand on: panels, modal sheets, popovers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import paint
from studio_assist.desk.kit.buttons import IconButton
from studio_assist.desk.kit.labels import Divider, IconLabel, Label
from studio_assist.desk.theme import Theme


class Panel(QWidget):
    """A plain ground of one surface token, with lines on the edges named in `edges` ("t", "r", "b", "l")."""

    def __init__(
        self, theme: Theme, surface: str = "surface1", edges: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._surface = surface
        self._edges = edges
        theme.changed.connect(self.update)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = self.rect()
        painter.fillRect(event.rect(), self._theme.colour(self._surface))
        line = self._theme.colour("line")
        for edge, strip in (
            ("t", QRect(0, 0, box.width(), 1)),
            ("b", QRect(0, box.height() - 1, box.width(), 1)),
            ("l", QRect(0, 0, 1, box.height())),
            ("r", QRect(box.width() - 1, 0, 1, box.height())),
        ):
            if edge in self._edges:
                painter.fillRect(strip, line)


class Card(QWidget):
    """A rounded ground with a border."""

    def __init__(self, theme: Theme, surface: str, radius: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._surface = surface
        self._radius = radius
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = self._theme.colour
        box = QRectF(self.rect())
        paint.draw_box(QPainter(self), box, self._radius, colour(self._surface), colour("lineStrong"))


class Sheet(QWidget):
    """A modal sheet over its window, on a flat scrim.

    It keeps the focus: Tab walks inside it and the window's shortcuts rest while it is open. Esc closes and
    never decides anything. Put widgets into `body`, buttons into `footer`.
    """

    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        title: str,
        *,
        subtitle: str = "",
        icon: str | None = None,
        icon_token: str = "text2",
        width_px: int = 520,
        closable: bool = True,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._before: QWidget | None = None
        self._closable = closable
        self.setObjectName("sheet")
        self.setAccessibleName(title)
        self.card = Card(theme, "surface1", 10, self)
        self.card.setFixedWidth(width_px)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(20, 16, 20, 16)
        self.body.setSpacing(12)
        self.footer = QHBoxLayout()
        self.footer.setContentsMargins(20, 12, 20, 12)
        self.footer.setSpacing(8)
        self._build(title, subtitle, icon, icon_token)
        window.installEventFilter(self)
        self.card.installEventFilter(self)
        self.hide()

    # methods

    def open(self) -> None:
        """Show it over its window and take the focus."""
        self._before = QApplication.focusWidget()
        self._fit()
        self.show()
        self.raise_()
        first = next((one for one in self._stops() if not isinstance(one, IconButton)), None)
        (first or self).setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Close it and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        else:
            # Nothing had it before, as on a first start: the first place there is, and never a hidden one.
            self._window.setFocus(Qt.FocusReason.PopupFocusReason)
            self._window.focusNextChild()
        self.closed.emit()

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._fit()
        if watched is self.card and event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            # What is shown grew or shrank while the sheet is open.
            self._fit()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        # An accepted override makes the key an ordinary key press: no shortcut of the window fires.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._fit()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._closable:
            self.dismiss()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops = self._stops()
        if not stops:
            return True
        here = QApplication.focusWidget()
        at = stops.index(here) if here in stops else (-1 if forward else 0)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(at + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.colour("scrim"))

    # internals

    def _build(self, title: str, subtitle: str, icon: str | None, icon_token: str) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 12, 12)
        head.setSpacing(12)
        if icon:
            head.addWidget(IconLabel(self._theme, icon, icon_token, 22))
        words = QVBoxLayout()
        words.setSpacing(2)
        for text, role, token in ((title, "sheetTitle", "text"), (subtitle, "caption", "text3")):
            if text:
                words.addWidget(_fixed(Label(self._theme, text, role, token)))
        head.addLayout(words, 1)
        if self._closable:
            close = IconButton(self._theme, "cross", "Close")
            close.clicked.connect(self.dismiss)
            head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Divider(self._theme))
        column.addLayout(self.body)
        column.addWidget(Divider(self._theme))
        column.addLayout(self.footer)

    def _fit(self) -> None:
        window = self._window
        self.setGeometry(window.rect())
        layout = self.card.layout()
        assert layout is not None
        layout.activate()
        # A wrapped label's height is known only for a width, so the card asks for its own.
        wide = layout.hasHeightForWidth()
        wanted = layout.totalHeightForWidth(self.card.width()) if wide else layout.totalSizeHint().height()
        height = min(wanted, window.height() - 48)
        self.card.setFixedHeight(height)
        self.card.move(
            (window.width() - self.card.width()) // 2, max(24, (window.height() - height) * 2 // 5)
        )

    def _stops(self) -> list[QWidget]:
        """The widgets that Tab visits, row by row as they stand: a sheet is often put together otherwise."""
        stops: list[QWidget] = []
        one = self.nextInFocusChain()
        while one is not None and one is not self:
            if (
                self.isAncestorOf(one)
                and one.isVisibleTo(self)
                and one.isEnabled()
                and one.focusPolicy() & Qt.FocusPolicy.TabFocus
                and one.focusProxy() is None
            ):
                stops.append(one)
            one = one.nextInFocusChain()
        return sorted(stops, key=self._place)

    def _place(self, widget: QWidget) -> tuple[int, int]:
        centre = widget.mapTo(self, widget.rect().center())
        # Widgets of one row differ by a few px in height.
        return centre.y() // 12, centre.x()


class Popover(QWidget):
    """A small card beside what it explains; a press elsewhere or Esc closes it.

    Args:
        bar: token of a 4 px bar on its left edge, amber where it speaks of temp material.
    """

    closed = Signal()

    def __init__(self, theme: Theme, window: QWidget, *, bar: str | None = None, name: str = "") -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._bar = bar
        self.setAccessibleName(name)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16 if bar else 12, 10, 12, 10)
        self.body.setSpacing(6)
        theme.changed.connect(self.update)
        self.hide()

    # methods

    def show_at(self, anchor: QRect) -> None:
        """Show it under `anchor` (in its window's coordinates), or above where there is no room below."""
        # Rows within a hidden layout keep the widths they had until it is made to look at them again.
        self.body.activate()
        self.adjustSize()
        window = self._window
        left = min(max(8, anchor.left()), max(8, window.width() - self.width() - 8))
        top = anchor.bottom() + 5
        if top + self.height() > window.height() - 8:
            top = max(8, anchor.top() - self.height() - 5)
        self.move(QPoint(left, top))
        self.show()
        self.raise_()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def dismiss(self) -> None:
        """Close it."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    # events

    def hideEvent(self, event: QHideEvent) -> None:
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            spot = self.mapFromGlobal(event.globalPosition().toPoint())
            if not self.rect().contains(spot):
                self.dismiss()
        elif (
            isinstance(event, QKeyEvent)
            and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
            and event.key() == Qt.Key.Key_Escape
        ):
            self.dismiss()
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        box = QRectF(self.rect())
        paint.draw_box(painter, box, 6, colour("surface2"), colour("lineStrong"))
        if self._bar:
            painter.setClipRect(QRectF(0, 0, 3, box.height()))
            paint.draw_box(painter, box, 6, colour(self._bar))


class Dropdown(Popover):
    """A popover below the button that opened it: it takes the keyboard, and gives it back."""

    def __init__(self, theme: Theme, window: QWidget, *, name: str = "") -> None:
        super().__init__(theme, window, name=name)
        self._before: QWidget | None = None
        self._anchor = QRect()

    # methods

    def drop(self, anchor: QRect) -> None:
        """Remember what has the focus, and what will close it by its own click. Before it is shown."""
        self._before = QApplication.focusWidget()
        self._anchor = anchor

    def dismiss(self) -> None:
        held = self.isAncestorOf(QApplication.focusWidget() or self._window)
        super().dismiss()
        before, self._before = self._before, None
        if held and before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.dismiss()
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            spot = self._window.mapFromGlobal(event.globalPosition().toPoint())
            if self._anchor.contains(spot):
                # What opened it closes it too, by its own click.
                return False
        return super().eventFilter(watched, event)


def _fixed(label: Label) -> Label:
    """A label that leaves spare height to others."""
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return label
