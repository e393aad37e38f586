"""What is told of a request that is not to be changed any more: its answer, its steps, and the ways on."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.clear import words
from studio_assist.desk.clear.book import ClearBook
from studio_assist.desk.clear.footer import COLUMN_PX
from studio_assist.desk.kit import Button, Card, IconLabel, Label, Panel
from studio_assist.desk.record.parts import Outcome, facts
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import REMIND_DAYS, ClearanceSeen

_UNVOUCHED: Final = "The key that signed this answer is one nobody on the project has vouched for."


class Reading(QWidget):
    """Shows how a request stands.

    Attributes:
        bar: what may be done with it; it stands under the page, where it is always in sight.

    Signals:
        wanted: what is to be done with it: "letter", "folder", "withdraw", "answer", "renew".
    """

    wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme: Final = theme
        self._told: QWidget | None = None
        self._place: Final = QVBoxLayout()
        self.why: Final = Label(theme, "", "caption", "text2", wrap=True)
        self.why.setObjectName("answer_why")
        self.letter: Final = self._button("letter", "Copy mail text", "copy")
        self.folder: Final = self._button("folder", "Show PDF in folder", "folder")
        self.withdraw: Final = self._button("withdraw", "Withdraw…", "")
        self.renew: Final = self._button("renew", "Renew", "refresh")
        self.answer: Final = self._button("answer", "Record the answer…", "pencil")
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.letter, self.folder, self.withdraw):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.renew)
        row.addWidget(self.answer)
        self.outcome: Final = Outcome(theme, "reading_outcome")
        self.bar: Final = Panel(theme, "surface0", "t")
        self.bar.setObjectName("clear_reading_bar")
        self._column: Final = QWidget()
        self._inner: Final = QVBoxLayout(self._column)
        self._inner.setSpacing(8)
        self._inner.addWidget(self.outcome)
        self._inner.addWidget(self.why)
        self._inner.addLayout(row)
        line = QHBoxLayout(self.bar)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._column)
        line.addStretch(1)
        self.fit(COLUMN_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._place)

    # methods

    def narrow(self, side: int) -> None:
        """Stand under the column, whose margins are so many px."""
        self._inner.setContentsMargins(side, 10, side, 10)

    def fit(self, width_px: int) -> None:
        """Be as wide as the column above it, which a scroll bar may stand beside."""
        self._column.setFixedWidth(min(width_px, COLUMN_PX))

    def show_seen(self, seen: ClearanceSeen, book: ClearBook) -> None:
        """Show where it stands and what may be done with it."""
        if self._told is not None:
            self._place.removeWidget(self._told)
            self._told.hide()
            self._told.deleteLater()
        self._told = self._story(seen, book)
        self._place.addWidget(self._told)
        sent, draft = seen.state == "sent", seen.state == "draft"
        mine, off = book.is_mine(seen), book.why_not
        no_answer = book.why_not_answer(seen)
        self.letter.setVisible(not draft)
        self.folder.setVisible(not draft)
        self.withdraw.setVisible(seen.state in ("sent", "approved") and (mine or not no_answer))
        self.withdraw.setEnabled(not off)
        self.withdraw.setToolTip(off)
        soon = seen.state == "approved" and seen.days_left is not None and seen.days_left <= REMIND_DAYS
        self.renew.setVisible(seen.state in ("expired", "refused", "withdrawn") or soon)
        self.renew.set_text("Renew" if seen.state in ("expired", "approved") else "Ask again")
        self.renew.setToolTip("A new draft with the same answers")
        self.renew.setEnabled(not off)
        self.answer.setVisible(sent)
        self.answer.setEnabled(not no_answer)
        self.answer.setAccessibleDescription(no_answer)
        why = no_answer if sent else ""
        if draft and not mine:
            why = f"{seen.request.by.name} is writing this draft; nobody else changes it."
        self.why.set_text(off or why)
        self.why.setVisible(bool(off or why))

    # internals

    def _button(self, name: str, text: str, icon: str) -> Button:
        button = Button(self._theme, text, icon=icon or None)
        button.setObjectName(f"reading_{name}")
        button.clicked.connect(lambda _checked=False: self.wanted.emit(name))
        return button

    def _story(self, seen: ClearanceSeen, book: ClearBook) -> QWidget:
        theme = self._theme
        story = QWidget()
        column = QVBoxLayout(story)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        if seen.state in ("approved", "refused", "expired"):
            column.addWidget(self._answered(seen, book))
        if seen.stood:
            column.addWidget(Label(theme, "History", "captionStrong"))
            column.addLayout(facts(theme, words.steps_of(seen), 150))
        return story

    def _answered(self, seen: ClearanceSeen, book: ClearBook) -> QWidget:
        theme = self._theme
        card = Card(theme, "surface2", 6, None)
        card.setObjectName("answered_card")
        status = words.status_of(seen)
        rows: list[tuple[str, str]] = []
        if seen.approved is not None:
            rows.append(("Holds for", words.scope_words(seen.approved, book.tasks, book.backends)))
        if seen.names:
            rows.append(("Covers", words.listed(seen.names)))
        if seen.answer_words:
            rows.append(("Limits" if seen.approved is not None else "Why", seen.answer_words))
        if seen.given_by:
            rows.append(("Given by", seen.given_by))
        if seen.answered_by:
            rows.append(("Recorded by", seen.answered_by))
        if seen.days_left is not None and seen.state == "approved":
            left = "Today is its last day" if seen.days_left <= 1 else f"{seen.days_left} days"
            rows.append(("Left", left))
        head = QHBoxLayout()
        head.setSpacing(8)
        token = {"green": "green", "red": "redText"}.get(status.tone, "text2")
        head.addWidget(IconLabel(theme, status.icon or "info", token, 16))
        head.addWidget(Label(theme, status.words, "rowTitle"), 1)
        column = QVBoxLayout(card)
        column.setContentsMargins(15, 12, 15, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(facts(theme, tuple(rows), 96))
        if not seen.vouched:
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(IconLabel(theme, "key", "text2", 14), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Label(theme, _UNVOUCHED, "caption", "text", wrap=True), 1)
            column.addLayout(line)
        return card
