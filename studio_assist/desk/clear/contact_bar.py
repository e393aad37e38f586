"""The quiet bar at the top of the desk until the studio's contact was told of the intended uses."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_assist.desk.clear.book import ClearBook
from studio_assist.desk.kit import Button, IconLabel, Label, Panel
from studio_assist.desk.theme import Theme

_WORDS: Final = "Your studio contact was told of no use yet. The policy wants them to hear of every one."


class ContactBar(Panel):
    """Stays as long as it is true.

    Signals:
        wanted: the contact is to be told.
    """

    wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface2", "b", parent)
        self.setObjectName("contact_bar")
        self.button: Final = Button(theme, "Tell the studio contact", height_px=26)
        self.button.setObjectName("tell_contact")
        self.button.clicked.connect(self.wanted)
        self._words: Final = Label(theme, _WORDS, "caption", "text2", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 12, 7)
        row.setSpacing(9)
        row.addWidget(IconLabel(theme, "info", "text2", 14))
        row.addWidget(self._words, 1)
        row.addWidget(self.button)
        self.hide()

    # methods

    def show_book(self, book: ClearBook) -> None:
        """Show it where the contact has heard of nothing."""
        shown = book.shown
        self.setVisible(bool(shown and shown.wants_contact and shown.contact is None))
        told = next((one.words for one in shown.reminders if one.kind == "contact"), "") if shown else ""
        self._words.set_text(told or _WORDS)
        self.button.setEnabled(not book.why_not)
        self.button.setToolTip(book.why_not)
