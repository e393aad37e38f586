"""Above the footer: the second person's yes, and *Ask once a session*."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.gate import words
from studio_assist.desk.kit import Button, CheckBox, Divider, Field, IconLabel, Label
from studio_assist.desk.theme import Theme
from studio_assist.protocol import GateSheet


class Extras(QWidget):
    """What some sheets ask for besides the tick. Hidden where there is nothing.

    Signals:
        seconded: the name of somebody else who has read it.
        refused: why what was typed cannot count.
    """

    seconded = Signal(str)
    refused = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._sheet: GateSheet | None = None
        self._others: tuple[str, ...] = ()
        #: The second person said yes; what it changes has not come yet.
        self._said = False
        self.remember: Final = CheckBox(theme, "")
        self.remember.setObjectName("remember_tick")
        self._icon: Final = IconLabel(theme, "person", "text2", 16)
        self._words: Final = Label(theme, "", "body", "text")
        self.name: Final = Field(theme, "Name of the second person", placeholder="Second person's name")
        self.name.setObjectName("second_name")
        self.name.setFixedWidth(210)
        self.yes: Final = Button(theme, "I have read it too")
        self.yes.setObjectName("second_button")
        self.yes.clicked.connect(self._second)
        row = QHBoxLayout()
        row.setContentsMargins(18, 8, 20, 8)
        row.setSpacing(8)
        row.addWidget(self.remember)
        row.addStretch(1)
        row.addWidget(self._icon)
        row.addWidget(self._words)
        row.addWidget(self.name)
        row.addWidget(self.yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Divider(theme))
        column.addLayout(row)
        self.hide()

    # methods

    def show_sheet(self, sheet: GateSheet) -> None:
        """Show what this sheet asks for."""
        self._sheet = sheet
        self._said = False
        asks = sheet.verdict != "blocked"
        remember, second = asks and sheet.may_remember, asks and sheet.second
        if sheet.remember != self.remember.text():
            self.remember.setText(sheet.remember)
            self.remember.setAccessibleName(sheet.remember)
        if not remember:
            self.remember.setChecked(False)
        self.remember.setVisible(remember)
        for one in (self._icon, self._words):
            one.setVisible(second)
        for one in (self.name, self.yes):
            one.setVisible(second and not sheet.seconded_by)
            one.setEnabled(True)
        self._icon.set_icon("check" if sheet.seconded_by else "person", "text2")
        self._words.set_text(
            f"Also read by {sheet.seconded_by}" if sheet.seconded_by else "A second person reads it too:"
        )
        self.setVisible(remember or second)

    def holds_focus(self) -> bool:
        """Whether the second person's part has the focus, or had it until they said yes."""
        return self._said or self.name.hasFocus() or self.yes.hasFocus()

    def set_others(self, names: tuple[str, ...]) -> None:
        """Who cannot be the second person, by name, besides who asked."""
        self._others = names

    # slots

    def _second(self) -> None:
        name = " ".join(self.name.text().split())
        sheet = self._sheet
        if not name or sheet is None:
            self.name.setFocus()
            return
        taken = {" ".join(one.split()).casefold() for one in (sheet.asked_by, *self._others)}
        if name.casefold() in taken:
            self.refused.emit(words.SAME_PERSON.format(name))
            self.name.setFocus()
            return
        self._said = self.name.hasFocus() or self.yes.hasFocus()
        self.yes.setEnabled(False)
        self.name.setEnabled(False)
        self.seconded.emit(name)
