"""The foot of a draft: who is asked and by when, what is missing, and the ways on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.clear.parts import DayField, PersonField, under
from studio_assist.desk.clear.ticks import ThreeColumns
from studio_assist.desk.kit import Button, IconLabel, Label, LinkButton, Panel
from studio_assist.desk.record.parts import Outcome
from studio_assist.desk.theme import Theme

#: Width of the page's column with its margins, px.
COLUMN_PX: Final = 764
_SIGNED: Final = "Answers are signed into the ledger with your name."


class DraftFoot(QWidget):
    """Approver, needed by, and what sending leads to.

    Attributes:
        bar: the buttons and what is missing; it stands under the page, where it is always in sight.

    Signals:
        changed: approver or day.
        save_wanted, send_wanted, discard_wanted, tell_wanted: its buttons. None of them is the default.
    """

    changed = Signal()
    save_wanted = Signal()
    send_wanted = Signal()
    discard_wanted = Signal()
    tell_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.approver: Final = PersonField(theme, "Approver", placeholder="Who is asked, by name and office")
        self.approver.setObjectName("clear_approver")
        self.approver.line.setObjectName("clear_approver_line")
        self.approver.line.setMaxLength(200)
        self.needed: Final = DayField(theme, "Needed by", placeholder="Any day")
        self.needed.setObjectName("clear_needed")
        self.needed.setFixedWidth(170)
        fields = QHBoxLayout()
        fields.setSpacing(8)
        fields.addLayout(under(theme, "Approver", self.approver), 1)
        fields.addLayout(under(theme, "Needed by", self.needed))
        self.note: Final = Label(theme, _SIGNED, "caption", "text3", wrap=True)
        self.note.setObjectName("clear_note")
        self.discard: Final = LinkButton(theme, "Discard draft…", token="text3")
        self.discard.setObjectName("clear_discard")
        self.save: Final = Button(theme, "Save draft", height_px=36)
        self.save.setObjectName("clear_save")
        self.send: Final = Button(
            theme, "Send for approval", icon="plane", key="Ctrl ↵", kind="primary", height_px=36
        )
        self.send.setObjectName("clear_send")
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addStretch(1)
        said.addWidget(self.note)
        said.addWidget(self.discard, 0, Qt.AlignmentFlag.AlignLeft)
        said.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addLayout(said, 1)
        buttons.addWidget(self.save)
        buttons.addWidget(self.send)
        self._tell: Final = QWidget()
        self.tell: Final = Button(theme, "Tell the studio contact…")
        self.tell.setObjectName("clear_tell")
        self._tell_words: Final = Label(theme, "", "caption", "text2", wrap=True)
        tell = QHBoxLayout(self._tell)
        tell.setContentsMargins(0, 0, 0, 0)
        tell.setSpacing(8)
        tell.addWidget(IconLabel(theme, "info", "text3", 16))
        tell.addWidget(self._tell_words, 1)
        tell.addWidget(self.tell)
        self.outcome: Final = Outcome(theme, "clear_outcome")
        self.columns: Final = ThreeColumns(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addLayout(fields)
        column.addWidget(self._tell)
        column.addWidget(self.columns)
        self._column: Final = QWidget()
        self._inner: Final = QVBoxLayout(self._column)
        self._inner.setSpacing(8)
        self._inner.addWidget(self.outcome)
        self._inner.addLayout(buttons)
        self.bar: Final = Panel(theme, "surface0", "t")
        self.bar.setObjectName("clear_foot_bar")
        line = QHBoxLayout(self.bar)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._column)
        line.addStretch(1)
        self.fit(COLUMN_PX)
        self._tell.hide()
        self.approver.named.connect(self.changed)
        self.needed.chosen.connect(self.changed)
        self.save.clicked.connect(self.save_wanted)
        self.send.clicked.connect(self.send_wanted)
        self.discard.clicked.connect(self.discard_wanted)
        self.tell.clicked.connect(self.tell_wanted)

    # methods

    def narrow(self, side: int) -> None:
        """Stand under the column, whose margins are so many px."""
        self._inner.setContentsMargins(side, 10, side, 10)

    def fit(self, width_px: int) -> None:
        """Be as wide as the column above it, which a scroll bar may stand beside."""
        self._column.setFixedWidth(min(width_px, COLUMN_PX))

    def show_fields(self, approver: str, needed_by: date | None) -> None:
        """Show who is asked and by when, without telling anybody."""
        if self.approver.words != approver:
            self.approver.show_words(approver)
        if self.needed.day != needed_by:
            self.needed.show_day(needed_by)

    def forget_typed(self) -> None:
        """What stood half typed in the day's field was another request's."""
        self.needed.show_day(self.needed.day)

    def offer(self, names: Sequence[str]) -> None:
        """Who may answer."""
        self.approver.offer(names)

    def show_missing(self, missing: str) -> None:
        """Why it cannot be sent yet, "" where it can."""
        self.note.set_text(missing or _SIGNED)
        self.note.set_token("text2" if missing else "text3")
        self.send.setEnabled(not missing)
        self.send.setAccessibleDescription(missing)

    def show_telling(self, words: str, *, offer: bool) -> None:
        """Say what is left to do where the answers let it proceed; "" says nothing."""
        self._tell_words.set_text(words)
        self.tell.setVisible(offer)
        self._tell.setVisible(bool(words))
