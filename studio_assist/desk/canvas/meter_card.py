"""How much of the panel is drawn by a person, and the button that lets the underlay go."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, IconLabel, Label, Panel
from studio_assist.desk.theme import Theme

HINT: Final = (
    "Deletes the underlay from this panel, drops the TEMP band and signs a ledger entry in your name."
)


class MeterBar(QWidget):
    """Green: a person's. Hatched amber: underlay that still shows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme: Final = theme
        self._permille: int | None = None
        self.setFixedHeight(10)
        self.setAccessibleName("Human-drawn")
        theme.changed.connect(self.update)

    # methods

    def set_permille(self, permille: int | None) -> None:
        """Show a share; None while it is not known."""
        self._permille = permille
        self.setAccessibleDescription("" if permille is None else f"{round(permille / 10)} percent")
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self._permille is None:
            painter.fillRect(box, self._theme.colour("surface3"))
            return
        green = round((box.width() - 2) * self._permille / 1000)
        painter.fillRect(QRectF(0, 0, green, box.height()), self._theme.colour("green"))
        rest = QRectF(green + (2 if green else 0), 0, box.width(), box.height()).intersected(box)
        if rest.width() < 2:
            return
        amber = self._theme.colour("amber")
        painter.fillRect(rest, QColor("#171204"))
        painter.setClipRect(rest)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(amber, 3))
        at = rest.left() - 12
        while at < rest.right() + 12:
            painter.drawLine(round(at), 12, round(at + 14), -2)
            at += 8
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(amber, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rest.adjusted(0, 0, -1, -1))


class MeterCard(Panel):
    """The meter with its button; or who drew it, where no underlay is left; or nothing on an empty panel.

    Signals:
        replace_wanted: the button was pressed.
        undo_wanted: the replacement is to be taken back.
    """

    replace_wanted = Signal()
    undo_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface1", "b")
        self.setAccessibleName("Human-drawn")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._why = ""
        self._share: Final = Label(theme, "", "title", "greenText")
        self._bar: Final = MeterBar(theme)
        self._bar.setObjectName("human_meter")
        self._left: Final = Label(theme, "Your ink, by area", "meta", "text3")
        self._rest: Final = Label(theme, "", "meta", "amberText")
        self.button: Final = Button(theme, "Mark as replaced by human", icon="check", height_px=34)
        self.button.setObjectName("mark_replaced")
        self.button.setToolTip("Mark as replaced by human (Ctrl+Shift+Enter)")
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self.replace_wanted)
        self._hint: Final = Label(theme, HINT, "meta", "text3", wrap=True)
        self._meter: Final = QWidget()
        top, words = QHBoxLayout(), QHBoxLayout()
        top.addWidget(Label(theme, "Human-drawn", "strong", "text"))
        top.addStretch(1)
        top.addWidget(self._share)
        words.addWidget(self._left)
        words.addStretch(1)
        words.addWidget(self._rest)
        column = QVBoxLayout(self._meter)
        column.setContentsMargins(12, 10, 12, 14)
        column.setSpacing(0)
        column.addLayout(top)
        column.addSpacing(6)
        column.addWidget(self._bar)
        column.addSpacing(6)
        column.addLayout(words)
        column.addSpacing(11)
        column.addWidget(self.button)
        column.addSpacing(8)
        column.addWidget(self._hint)
        self._drawn: Final = QWidget()
        self._by: Final = Label(theme, "", "strong", "greenText")
        self.undo: Final = Button(theme, "Undo", height_px=26)
        self.undo.setObjectName("undo_replaced")
        self.undo.setToolTip("Bring the underlay back; that is logged too")
        self.undo.clicked.connect(self.undo_wanted)
        line = QHBoxLayout(self._drawn)
        line.setContentsMargins(12, 12, 12, 12)
        line.setSpacing(8)
        line.addWidget(IconLabel(theme, "brush", "greenText", 16))
        line.addWidget(self._by, 1)
        line.addWidget(self.undo)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 1)
        whole.setSpacing(0)
        whole.addWidget(self._meter)
        whole.addWidget(self._drawn)
        self.show_none()

    # methods

    def show_share(self, permille: int | None) -> None:
        """There is an underlay: show how much is drawn; None while it is counted for the first time."""
        self.show()
        self._drawn.hide()
        self._meter.show()
        self._bar.set_permille(permille)
        self._share.set_text("" if permille is None else f"{round(permille / 10)} %")
        self._rest.set_text("" if permille is None else f"{100 - round(permille / 10)} % still underlay")

    def show_drawn(self, name: str, *, undo: bool) -> None:
        """No underlay is left: a person's name stands here, in green."""
        self.show()
        self._meter.hide()
        self._drawn.show()
        self._by.set_text(f"Drawn by {name}")
        self.undo.setVisible(undo)

    def show_none(self) -> None:
        """White paper: there is nothing to measure."""
        self.hide()

    def set_ready(self, why: str) -> None:
        """Whether the button can be pressed; `why` says why not, beside it."""
        self.button.setEnabled(not why)
        self.button.setToolTip(why or "Mark as replaced by human (Ctrl+Shift+Enter)")
        self.undo.setEnabled(not why)
        self._hint.set_text(why or HINT)
