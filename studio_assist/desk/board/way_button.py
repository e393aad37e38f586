"""The buttons under a picture: the ways to decide on it, and the way to another program."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from studio_assist.desk.kit import Button, paint
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.decision_row import DecisionCell


class WayButton(DecisionCell):
    """One way to decide, in a box of its own; like every cell of a decision it never has the focus."""

    def __init__(
        self, theme: Theme, text: str, icon: str, key: str, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, text, icon, key, name, text, parent)
        self.corners = (True, True)
        self.setFixedHeight(30)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = self._theme.colour
        box = QRectF(self.rect())
        if self.isEnabled():
            paint.draw_box(QPainter(self), box, 5, colour("surface2"))
        super().paintEvent(event)
        edge = "lineStrong" if self.isEnabled() else "line"
        paint.draw_box(QPainter(self), box, 5, None, colour(edge))


class EditorButton(Button):
    """Hands the panel to Krita or another program, with its layers.

    Signals:
        wanted: a format, and True where the person wants to choose the program.
    """

    wanted = Signal(str, bool)

    #: What the menu says, the format, and whether a program is chosen first.
    _CHOICES: Final = (
        ("Krita, with layers (ORA)", "ora", False),
        ("With layers for others (PSD)", "psd", False),
        ("Another program, ORA…", "ora", True),
        ("Another program, PSD…", "psd", True),
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Open in Krita", icon="open-out", parent=parent)
        self.setObjectName("editor_button")
        self.clicked.connect(self._open_menu)

    # slots

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("editor_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, kind, chooses in self._CHOICES:
            action = menu.addAction(words)
            action.triggered.connect(partial(self._choose, kind, chooses))
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _choose(self, kind: str, chooses: bool, _on: bool = False) -> None:
        self.wanted.emit(kind, chooses)
