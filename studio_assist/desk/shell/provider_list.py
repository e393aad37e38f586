"""The list behind the provider chip: what can be asked, and how each handles what it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio_assist.desk.kit import Badge, Button, Divider, Dropdown, LinkButton, Pressable, paint
from studio_assist.desk.shell.model import ProviderRow
from studio_assist.desk.theme import Theme

_WIDTH_PX: Final = 560
#: The rows scroll from here on, px.
_ROWS_PX: Final = 420
_ROW_PX: Final = 54
#: What can be done with a row beside choosing it, and what it is called there.
_ACTS: Final = {"key": "Key…", "attest": "Attest…", "remove": "Remove…"}
#: The entries below the rows: action, words, icon.
_ENTRIES: Final = (
    ("add", "Add a host…", "plus"),
    ("attestations", "Attestations…", "shield-check"),
    ("models", "Models you can use…", "chip"),
)


class _Row(Pressable):
    """One provider. Its badges stand on it, and so do the words that do more than choose it."""

    def __init__(self, theme: Theme, row: ProviderRow) -> None:
        said = ". ".join(
            part for part in (row.label, row.state, ", ".join(one.text for one in row.badges)) if part
        )
        super().__init__(theme, row.label, said, None)
        self.row: Final = row
        self.setObjectName(f"provider_{row.id}")
        self.setEnabled(row.enabled)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = row.blocked or row.why or row.handling
        self.setToolTip(words)
        self.setAccessibleDescription(words)
        self.acts: Final[dict[str, LinkButton]] = {}
        line = QHBoxLayout(self)
        line.setContentsMargins(34, 26, 10, 4)
        line.setSpacing(6)
        for badge in row.badges:
            line.addWidget(Badge(theme, badge.text, badge.icon, "red" if badge.blocked else "neutral"))
        line.addStretch(1)
        for act in row.acts:
            link = LinkButton(theme, _ACTS[act], name=f"{_ACTS[act].removesuffix('…')}: {row.label}")
            link.setObjectName(f"provider_{row.id}_{act}")
            self.acts[act] = link
            line.addWidget(link)

    # events

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH_PX - 12, _ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        box = QRectF(self.rect())
        if self._hot():
            paint.draw_box(painter, box, 5, theme.colour("surface3"))
        if self.hasFocus():
            paint.draw_focus(painter, theme, box, 5)
        if self.row.chosen:
            painter.drawPixmap(11, 8, theme.pixmap("check", "text", 16, self.devicePixelRatioF()))
        font, quiet = theme.font("control"), theme.font("caption")
        token = "text" if self.isEnabled() else "disabled"
        measures = QFontMetricsF(font)
        shown = measures.elidedText(self.row.label, Qt.TextElideMode.ElideRight, box.width() * 0.6)
        line = QRectF(34, 4, box.width() - 44, 22)
        paint.draw_text(painter, line, font, theme.colour(token), shown)
        after = line.left() + paint.text_width(font, shown) + 8
        state = self.row.state if self.isEnabled() else self.row.why or self.row.state
        room = max(20.0, box.right() - 10 - after)
        state = QFontMetricsF(quiet).elidedText(state, Qt.TextElideMode.ElideRight, room)
        token = "redText" if self.row.blocked else "text3"
        paint.draw_text(painter, line.adjusted(after - 34, 1, 0, 1), quiet, theme.colour(token), state)


class ProviderList(Dropdown):
    """The providers, and what can be done about them.

    Up and Down go from row to row, Left and Right to what else can be done with one; Tab walks everything.
    Enter chooses, Esc closes.

    Signals:
        chosen: a provider's id.
        wanted: (action, provider's id or ""): "key", "attest", "remove", "add", "attestations", "models".
    """

    chosen = Signal(str)
    wanted = Signal(str, str)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, name="Providers")
        self.setObjectName("provider_list")
        self.setFixedWidth(_WIDTH_PX)
        self._rows: list[_Row] = []
        self._area: Final = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self.body.setContentsMargins(6, 6, 6, 6)
        self.body.setSpacing(2)
        self.body.addWidget(self._area)
        self.body.addWidget(Divider(theme, token="lineStrong"))
        self._entries: Final[list[Button]] = []
        for action, words, icon in _ENTRIES:
            button = Button(theme, words, icon=icon, kind="ghost", height_px=28)
            button.setObjectName(f"provider_list_{action}")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, one=action: self._want(one, ""))
            self._entries.append(button)
            self.body.addWidget(button)

    # methods

    def show_rows(self, rows: Sequence[ProviderRow]) -> None:
        """Show these."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._rows = []
        for row in rows:
            one = _Row(self._theme, row)
            one.clicked.connect(lambda _checked=False, at=row.id: self._choose(at))
            for act, link in one.acts.items():
                link.clicked.connect(lambda _checked=False, act=act, at=row.id: self._want(act, at))
            column.addWidget(one)
            self._rows.append(one)
        column.addStretch(1)
        self._area.setWidget(inner)
        # Given to a scroll area, a widget gets a ground of its own.
        inner.setAutoFillBackground(False)
        high = len(rows) * (_ROW_PX + 2)
        self._area.setFixedHeight(min(_ROWS_PX, high))
        self._area.setVisible(bool(rows))

    def open_at(self, anchor: QRect) -> None:
        """Open it under `anchor`, its right edge below the anchor's, and take the keyboard."""
        self.drop(anchor)
        self.body.activate()
        self.setFixedHeight(self.body.totalSizeHint().height())
        placed = QRect(anchor)
        placed.setLeft(max(8, anchor.right() + 1 - self.width()))
        self.show_at(placed)
        first = next((one for one in self._rows if one.row.chosen and one.isEnabled()), None)
        self._go(first or next(iter(self._stops()), None))

    # slots

    def _choose(self, provider: str) -> None:
        self.dismiss()
        self.chosen.emit(provider)

    def _want(self, action: str, provider: str) -> None:
        self.dismiss()
        self.wanted.emit(action, provider)

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and isinstance(watched, QWidget)
            and self.isAncestorOf(watched)
            and self._walk(Qt.Key(event.key()))
        ):
            # A button would take an arrow key for Tab.
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops = self._stops()
        here = next((at for at, one in enumerate(stops) if one.hasFocus()), -1 if forward else 0)
        if stops:
            self._go(stops[(here + (1 if forward else -1)) % len(stops)])
        return True

    # internals

    def _walk(self, key: Qt.Key) -> bool:
        """Go where an arrow key points to; False for other keys."""
        match key:
            case Qt.Key.Key_Down:
                self._step(1)
            case Qt.Key.Key_Up:
                self._step(-1)
            case Qt.Key.Key_Right:
                self._aside(1)
            case Qt.Key.Key_Left:
                self._aside(-1)
            case _:
                return False
        return True

    def _stops(self) -> list[Pressable]:
        stops: list[Pressable] = []
        for row in self._rows:
            stops += [row, *row.acts.values()] if row.isEnabled() else []
        return [*stops, *self._entries]

    def _step(self, step: int) -> None:
        """To the next row or entry; from a row's own words too."""
        heads: list[Pressable] = [row for row in self._rows if row.isEnabled()]
        heads += self._entries
        focus = QApplication.focusWidget()
        here = next((at for at, one in enumerate(heads) if focus is not None and _holds(one, focus)), 0)
        self._go(heads[(here + step) % len(heads)])

    def _aside(self, step: int) -> None:
        """Along one row."""
        focus = QApplication.focusWidget()
        row = next((one for one in self._rows if focus is not None and _holds(one, focus)), None)
        if row is None:
            return
        stops: list[Pressable] = [row, *row.acts.values()]
        here = next((at for at, one in enumerate(stops) if one.hasFocus()), 0)
        self._go(stops[min(len(stops) - 1, max(0, here + step))])

    def _go(self, stop: Pressable | None) -> None:
        if stop is not None:
            stop.setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(stop, 0, 0)


def _holds(widget: QWidget, focus: QWidget) -> bool:
    return widget is focus or widget.isAncestorOf(focus)
