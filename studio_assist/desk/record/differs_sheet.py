"""Show what differs: what the check found in a record that does not hold, and what a copy of it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, Card, Divider, IconLabel, Label, PrimaryButton, Sheet, paint
from studio_assist.desk.record.chain import ChainView
from studio_assist.desk.record.parts import Outcome, scrolling
from studio_assist.desk.record.table import DifferenceTable
from studio_assist.desk.record.words import entries_text, head_of, held_words, holds_up_to, when
from studio_assist.desk.theme import Theme
from studio_assist.protocol import FieldDiffers, HeldSeen, LedgerState

_WIDTH_PX: Final = 620
#: What the sheet has besides its scrolling middle, and the window around it, px.
_AROUND_PX: Final = 220


class _RedCard(Card):
    """The finding in short, on red ground."""

    def __init__(self, theme: Theme, title: str, words: str) -> None:
        super().__init__(theme, "redGround", 6, None)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 11, 14, 11)
        column.setSpacing(4)
        column.addWidget(Label(theme, title, "strong", "text", wrap=True))
        column.addWidget(Label(theme, words, "caption", "text2", wrap=True))

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = self._theme.colour
        box = self.rect().toRectF()
        paint.draw_box(QPainter(self), box, 6, colour("redGround"), colour("red"))


class DiffersSheet(Sheet):
    """What is known of an altered record. It compares and saves; it mends nothing and decides nothing.

    Signals:
        check_wanted, compare_wanted, evidence_wanted: the buttons.
    """

    check_wanted = Signal()
    compare_wanted = Signal()
    evidence_wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget, ledger: LedgerState) -> None:
        bad, heads = ledger.first_bad, ledger.held
        super().__init__(
            theme,
            window,
            "What differs in the record",
            subtitle=head_of(ledger),
            icon="warning",
            icon_token="redText",
            width_px=_WIDTH_PX,
        )
        self.setObjectName("differs_sheet")
        self._theme_used: Final = theme
        self._inner: Final = QWidget()
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        signed = any(not head.holds for head in heads)
        title = (
            "The record on disk is not the one that was signed."
            if signed
            else "The record on disk does not hold."
        )
        column.addWidget(_RedCard(theme, title, holds_up_to(ledger)))
        column.addSpacing(4)
        column.addWidget(Label(theme, "What the check found", "captionMedium", "text2"))
        column.addWidget(Label(theme, ledger.why or "Nothing more is known.", "body", "text", wrap=True))
        if bad is not None:
            column.addSpacing(4)
            column.addWidget(Label(theme, "Where the chain stops", "captionMedium", "text2"))
            column.addWidget(ChainView(theme, bad, max(bad, ledger.size)))
        column.addSpacing(4)
        column.addWidget(Label(theme, "Signed heads", "captionMedium", "text2"))
        column.addWidget(self._heads(heads))
        column.addSpacing(4)
        column.addWidget(Label(theme, "What differs", "captionMedium", "text2"))
        self._unknown: Final = Label(
            theme,
            "What stood there before is not known from this record alone. A copy can show it: a backup, a "
            "colleague's project, or a pack that was handed out.",
            "caption",
            "text2",
            wrap=True,
        )
        column.addWidget(self._unknown)
        self._compared: Final = QVBoxLayout()
        self._compared.setSpacing(8)
        column.addLayout(self._compared)
        column.addStretch(1)
        self._area: Final = scrolling(self._inner, "What is known", 400)
        self.body.addWidget(self._area)
        self.outcome: Final = Outcome(theme, "differs_outcome")
        self.body.addWidget(self.outcome)
        self._foot()
        self.closed.connect(self.deleteLater)

    # methods

    def open(self) -> None:
        self._grow()
        super().open()
        self.compare.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_busy(self, words: str) -> None:
        """Say what is being done; the buttons wait for it."""
        for button in (self.compare, self.evidence, self.check):
            button.setEnabled(False)
        self.outcome.say(words, "clock")

    def show_outcome(self, words: str, icon: str = "check", token: str = "text2") -> None:
        """Say how it ended."""
        for button in (self.compare, self.evidence, self.check):
            button.setEnabled(True)
        self.outcome.say(words, icon, token)

    def show_error(self, message: str, remedy: str) -> None:
        """Say that it did not work, and what to do."""
        self.show_outcome(f"{message} {remedy}".strip(), "warning")

    def show_comparison(
        self, says: Sequence[str], rows: Sequence[FieldDiffers], there: str, here: str = "Found here now"
    ) -> None:
        """Show what a copy has in place of what stands here.

        Args:
            there: the head over the copy's column.
            rows: the first different entry, field by field; none where both hold the same.
        """
        for button in (self.compare, self.evidence, self.check):
            button.setEnabled(True)
        self.outcome.clear()
        self._unknown.hide()
        while (item := self._compared.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        shown: list[QWidget] = [
            Label(self._theme_used, sentence, "body", "text", wrap=True) for sentence in says
        ]
        if rows:
            shown.append(DifferenceTable(self._theme_used, there, here, rows))
        for widget in shown:
            self._compared.addWidget(widget)
            # A layout counts only what is shown.
            widget.show()
        self._grow()
        # The frame takes its new height first.
        QTimer.singleShot(0, self, self._show_end)
        self.compare.setFocus(Qt.FocusReason.OtherFocusReason)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F9 and self.check.isEnabled():
            self.check.click()
        super().keyPressEvent(event)

    # internals

    def _foot(self) -> None:
        theme = self._theme_used
        self.evidence = Button(theme, "Save evidence file…", icon="export")
        self.evidence.setObjectName("save_evidence")
        self.evidence.clicked.connect(self.evidence_wanted)
        self.check = Button(theme, "Check again", key="F9")
        self.check.setObjectName("differs_check")
        self.check.clicked.connect(self.check_wanted)
        self.compare = PrimaryButton(theme, "Compare with a copy…", icon="copy")
        self.compare.setObjectName("compare_copy")
        self.compare.clicked.connect(self.compare_wanted)
        self.footer.addWidget(self.evidence)
        self.footer.addStretch(1)
        self.footer.addWidget(self.check)
        self.footer.addWidget(self.compare)

    def _heads(self, heads: Sequence[HeldSeen]) -> QWidget:
        theme = self._theme_used
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if not heads:
            words = "No checkpoint and no witness of this record is known to hold."
            column.addWidget(Label(theme, words, "caption", "text2", wrap=True))
        for head in heads:
            line = QHBoxLayout()
            line.setContentsMargins(0, 7, 0, 7)
            line.setSpacing(9)
            icon, token = ("check", "green") if head.holds else ("cross", "redText")
            line.addWidget(IconLabel(theme, icon, token, 14))
            holds = "still holds" if head.holds else "the entries do not fit it"
            line.addWidget(Label(theme, held_words(head), "body", "text"))
            line.addWidget(Label(theme, holds, "caption", "text3" if head.holds else "redText"))
            line.addStretch(1)
            at = f"{when(head.at)}, {entries_text(head.size)}"
            line.addWidget(Label(theme, at, "caption", "text3"))
            column.addWidget(Divider(theme))
            column.addLayout(line)
        return box

    def _grow(self) -> None:
        layout = self._inner.layout()
        assert layout is not None  # it is made with one
        layout.activate()
        wide = self.card.width() - 42
        most = max(200, self._window.height() - _AROUND_PX)
        self._area.setFixedHeight(min(most, layout.totalHeightForWidth(wide) + 2))

    def _show_end(self) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.maximum())
