"""The right side of the Review desk for a record that does not hold. It claims no more than is known."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.kit import Button, Card, Divider, IconLabel, Label, Panel, paint
from studio_assist.desk.record.chain import ChainView
from studio_assist.desk.record.parts import Outcome
from studio_assist.desk.record.table import DifferenceTable
from studio_assist.desk.record.words import entries_text, held_words, holds_up_to, when
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError

_UNKNOWN: Final = (
    "What stood there before is not known: this record alone cannot show it. A copy can: a witness's, a "
    "backup, a colleague's project, or a pack that was handed out."
)
#: What `ChainView` asks for beyond what it paints, px.
_SPARE_PX: Final = 28
_NONE_HELD: Final = "No checkpoint and no witness of this record is known."
_HELD: Final = (
    "A copy of the record that fits one of these shows what was signed. Whoever is named here, or has the "
    "project from then, may hold one."
)


class TamperedView(QWidget):
    """What the check found, where the chain stops, what was signed, and what can be done now.

    It compares, saves and tells; it mends nothing.

    Signals:
        compare_wanted, evidence_wanted, contact_wanted: the buttons.
    """

    compare_wanted = Signal()
    evidence_wanted = Signal()
    contact_wanted = Signal()

    def __init__(self, theme: Theme, ledger: protocol.LedgerState) -> None:
        super().__init__()
        self._theme: Final = theme
        self._ledger = ledger
        self._found: tuple[protocol.Compared, str] | None = None
        self.setObjectName("tampered")
        self.compare: Final = Button(
            theme, "Compare with witness copy…", icon="copy", kind="primary", height_px=36
        )
        self.compare.setObjectName("tampered_compare")
        self.compare.clicked.connect(self.compare_wanted)
        self.evidence: Final = Button(theme, "Save evidence file…", icon="export")
        self.evidence.setObjectName("tampered_evidence")
        self.evidence.clicked.connect(self.evidence_wanted)
        self.contact: Final = Button(theme, "Tell the studio contact…", icon="plane")
        self.contact.setObjectName("tampered_contact")
        self.contact.clicked.connect(self.contact_wanted)
        for button in (self.compare, self.evidence, self.contact):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.outcome: Final = Outcome(theme, "tampered_outcome")
        self._area: Final = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName("What is known of the broken record")
        self._area.viewport().setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._area, 1)
        column.addWidget(self._foot())
        self._fill()

    # properties

    @property
    def ledger(self) -> protocol.LedgerState:
        """The state that it shows."""
        return self._ledger

    # methods

    def show_state(self, ledger: protocol.LedgerState) -> None:
        """Show what a newer check found. A comparison stays only where it is about the same entry."""
        if ledger == self._ledger:
            return
        if ledger.first_bad != self._ledger.first_bad:
            self._found = None
        self._ledger = ledger
        self._fill()

    def show_busy(self, words: str) -> None:
        """Say what is being done; the buttons wait for it."""
        self._enable(False)
        self.outcome.say(words, "clock")

    def show_outcome(self, words: str) -> None:
        """Say how it ended."""
        self._enable(True)
        self.outcome.say(words)

    def show_error(self, error: StudioError) -> None:
        """Say that it did not work, and what to do."""
        self._enable(True)
        self.outcome.error(error.message, error.remedy)

    def show_comparison(self, found: protocol.Compared, copy: str) -> None:
        """Show what a copy has in place of what stands here. `copy`: its name, as people know it."""
        self._enable(True)
        self.outcome.clear()
        self._found = (found, copy)
        self._fill()
        self.compare.setFocus(Qt.FocusReason.OtherFocusReason)

    # internals

    def _enable(self, enabled: bool) -> None:
        for button in (self.compare, self.evidence, self.contact):
            button.setEnabled(enabled)

    def _fill(self) -> None:
        theme, ledger, bad = self._theme, self._ledger, self._ledger.first_bad
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 14, 14, 16)
        column.setSpacing(8)
        signed = any(not head.holds for head in ledger.held)
        title = (
            "The record on disk is not the one that was signed."
            if signed
            else "The record on disk does not hold."
        )
        column.addWidget(_RedBox(theme, title, f"{ledger.why or ''} {holds_up_to(ledger)}".strip()))
        column.addSpacing(6)
        column.addWidget(Label(theme, "What differs", "captionMedium", "text2"))
        for widget in self._differs():
            column.addWidget(widget)
        if bad is not None:
            column.addSpacing(6)
            column.addWidget(Label(theme, "Where the chain stops", "captionMedium", "text2"))
            column.addWidget(_Chain(theme, bad, max(bad, ledger.size)))
        column.addSpacing(6)
        column.addWidget(Label(theme, "Signed heads of the record", "captionMedium", "text2"))
        self._add_held(column)
        column.addStretch(1)
        self._area.setWidget(inner)
        # Given to a scroll area, a widget gets a ground of its own.
        inner.setAutoFillBackground(False)
        self._area.setAccessibleDescription(f"{title} {ledger.why or ''} {holds_up_to(ledger)}")

    def _differs(self) -> list[QWidget]:
        theme = self._theme
        if self._found is None:
            return [Label(theme, _UNKNOWN, "caption", "text2", wrap=True)]
        found, copy = self._found
        shown: list[QWidget] = [Label(theme, said, "caption", "text2", wrap=True) for said in found.says]
        if found.fields:
            # That the copy is the signed one, only its own check can say.
            there = "In the copy" if not found.there_holds else "Copy that holds"
            at = f", {when(found.there_at)}" if found.there_at is not None else ""
            shown.append(DifferenceTable(theme, f"{there}{at}", "Found now", found.fields))
        elif not found.says:
            shown.append(Label(theme, "The copy shows no difference.", "caption", "text2", wrap=True))
        holds = {True: "passes a check by itself", False: "does not pass a check either", None: ""}
        if holds[found.there_holds]:
            words = f"{copy} {holds[found.there_holds]}."
            shown.append(Label(theme, words, "caption", "text2", wrap=True))
        return shown

    def _add_held(self, column: QVBoxLayout) -> None:
        theme, held = self._theme, self._ledger.held
        for head in held:
            column.addWidget(Divider(theme))
            column.addLayout(_head_row(theme, head))
        words = _HELD if held else _NONE_HELD
        column.addWidget(Label(theme, words, "caption", "text3", wrap=True))

    def _foot(self) -> QWidget:
        foot = Panel(self._theme, "surface1", "t")
        column = QVBoxLayout(foot)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(8)
        column.addWidget(self.outcome)
        column.addWidget(self.compare)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.evidence)
        row.addWidget(self.contact)
        column.addLayout(row)
        return foot


def _head_row(theme: Theme, head: protocol.HeldSeen) -> QLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 3, 0, 3)
    row.setSpacing(9)
    icon, token = ("check", "green") if head.holds else ("cross", "redText")
    row.addWidget(IconLabel(theme, icon, token, 14), 0, Qt.AlignmentFlag.AlignTop)
    told = QVBoxLayout()
    told.setSpacing(0)
    told.addWidget(Label(theme, held_words(head), "caption", "text", wrap=True))
    fits = "the entries here fit it" if head.holds else "the entries here do not fit it"
    at = f"{when(head.at)}, {entries_text(head.size)}"
    told.addWidget(Label(theme, f"{at}: {fits}", "meta", "text3" if head.holds else "redText", wrap=True))
    row.addLayout(told, 1)
    return row


class _Chain(QWidget):
    """Where the chain stops: with what follows where there is room for it, and without in a narrow panel."""

    def __init__(self, theme: Theme, bad: int, size: int) -> None:
        super().__init__()
        self._whole: Final = ChainView(theme, bad, size)
        self._short: Final = ChainView(theme, bad, bad)
        self.setMinimumWidth(80)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for view in (self._whole, self._short):
            view.setMinimumWidth(0)
            # Which of them is shown, the width says; their own wishes must not make it wide.
            view.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            row.addWidget(view)
        self._short.hide()

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Its own hint leaves room to spare on the right.
        fits = self._whole.sizeHint().width() - _SPARE_PX <= event.size().width()
        self._whole.setVisible(fits)
        self._short.setVisible(not fits)


class _RedBox(Card):
    """The finding in short, on red ground."""

    def __init__(self, theme: Theme, title: str, words: str) -> None:
        super().__init__(theme, "redGround", 6, None)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        column.addWidget(Label(theme, title, "strong", "text", wrap=True))
        column.addWidget(Label(theme, words, "caption", "text2", wrap=True))

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = self._theme.colour
        paint.draw_box(QPainter(self), self.rect().toRectF(), 6, colour("redGround"), colour("red"))
