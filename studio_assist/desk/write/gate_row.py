"""The row under the ask box that says that a request waits at the gate, with the way to its sheet."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_assist.desk.kit import Button, IconLabel, Label
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.gate_watch import AtGate


class GateRow(QWidget):
    """Hidden while nothing waits.

    Signals:
        show_sheet: the request whose sheet is to come to the front.
    """

    show_sheet = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("tray_gate")
        self._shown: AtGate | None = None
        self._icon: Final = IconLabel(theme, "shield", "text2", 14)
        self._said: Final = Label(theme, "", "caption", "text", wrap=True)
        self._said.setObjectName("tray_gate_said")
        self.button: Final = Button(
            theme, "Show it", height_px=26, role="captionMedium", name="Show what is sent"
        )
        self.button.setObjectName("show_sheet_button")
        self.button.clicked.connect(self._show_sheet)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._said, 1)
        row.addWidget(self.button)
        self.hide()

    # properties

    @property
    def shown(self) -> AtGate | None:
        """What it says; None while nothing waits."""
        return self._shown

    # methods

    def show_state(self, at_gate: AtGate | None) -> None:
        """Say what waits, or nothing."""
        self._shown = at_gate
        self._said.set_text(at_gate.said if at_gate else "")
        self._icon.set_icon("shield" if at_gate and at_gate.sheet else "plane", "text2")
        self.button.setVisible(bool(at_gate and at_gate.sheet))
        self.setVisible(at_gate is not None)

    # slots

    def _show_sheet(self) -> None:
        if self._shown is not None and self._shown.sheet:
            self.show_sheet.emit(self._shown.request)
