"""The banner for a record that does not hold: across every desk, until the record checks out again."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio_assist.desk.kit import Button, IconLabel, Label, Panel
from studio_assist.desk.theme import Theme

BANNER_PX: Final = 48


class LedgerBanner(Panel):
    """Says where the ledger is broken, and what is known of it; the buttons lead on.

    It is made when it is needed and goes with what it tells of: a window whose record is intact has none.

    Signals:
        differs_wanted: show what differs.
        check_wanted: check the whole record again.
    """

    differs_wanted = Signal()
    check_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "redGround", "", parent)
        self._head = ""
        self._known = ""
        self.setObjectName("ledger_banner")
        self.setMinimumHeight(BANNER_PX)
        self._words: Final = QLabel()
        self._words.setObjectName("ledger_banner_words")
        self._words.setFont(theme.font("body"))
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setWordWrap(True)
        self._beside: Final = Label(theme, "Exports are copies that say so", "caption", "text3")
        self.differs: Final = Button(theme, "Show what differs")
        self.differs.setObjectName("ledger_differs")
        self.check: Final = Button(theme, "Check again", key="F9")
        self.check.setObjectName("ledger_check")
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 8, 16, 9)
        row.setSpacing(10)
        row.addWidget(IconLabel(theme, "warning", "redText", 18))
        row.addWidget(self._words, 1)
        row.addWidget(self._beside)
        row.addWidget(self.differs)
        row.addWidget(self.check)
        self.differs.clicked.connect(self.differs_wanted)
        self.check.clicked.connect(self.check_wanted)
        theme.changed.connect(self._show)

    # methods

    def show_state(self, head: str, known: str, *, checking: bool) -> None:
        """Say it.

        Args:
            head: where it is broken ("Ledger broken at entry 1,197.").
            known: what is known of it, in sentences; never a guess.
            checking: it is being checked again just now.
        """
        self._head, self._known = head, known
        self.check.setEnabled(not checking)
        self.check.set_text("Checking…" if checking else "Check again")
        self.setAccessibleName(f"{head} {known}".strip())
        self._show()

    # slots

    def _show(self) -> None:
        colour = self._theme.colour
        head = f'<span style="font-weight:600; color:{colour("redText").name()}">{escape(self._head)}</span>'
        known = f'<span style="color:{colour("text").name()}"> {escape(self._known)}</span>'
        self._words.setText(head + known)
        self._words.setAccessibleName(f"{self._head} {self._known}".strip())
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        edge = self._theme.colour("red")
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, edge)
