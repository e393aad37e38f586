"""The strip over the Review desk: what may be said of the record, and what can be done about it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio_assist.desk.kit import Button, IconLabel, Label, Panel, PrimaryButton, paint
from studio_assist.desk.record.words import PAUSED, claim_of, entries_text, head_of, when
from studio_assist.desk.theme import Theme
from studio_assist.protocol import LedgerState

BANNER_PX: Final = 48
#: A narrower banner leaves away what is said beside its buttons.
_NARROW_PX: Final = 1020
OFF: Final = "Export opens when the ledger verifies"


class ReviewBanner(Panel):
    """Shows a `LedgerState` in its one colour: green for a record that checks out, red for one that does not.

    Signals:
        check_wanted: check the whole record again.
        report_wanted: make a disclosure report.
        broken_wanted: show the first broken entry.
    """

    check_wanted = Signal()
    report_wanted = Signal()
    broken_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface2", "", parent)
        self._edge = "line"
        self._trouble = ""
        self._ledger: LedgerState | None = None
        self.setObjectName("ledger_banner")
        self.setFixedHeight(BANNER_PX)
        self._icon: Final = IconLabel(theme, "link", "text3", 18)
        self._said: Final = _Words(theme)
        self._beside: Final = Label(theme, "", "caption", "text3")
        self._beside.setObjectName("banner_beside")
        self.broken: Final = Button(theme, "Show first broken entry")
        self.broken.setObjectName("show_broken")
        self.check: Final = Button(theme, "Check again")
        self.check.setObjectName("check_again")
        self.check.setToolTip("Check every entry again (F9)")
        self.report: Final = PrimaryButton(theme, "Export disclosure report", icon="export")
        self.report.setObjectName("export_report")
        row = QHBoxLayout(self)
        row.setContentsMargins(17, 0, 16, 1)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._said, 1)
        row.addWidget(self._beside)
        for button in (self.broken, self.check, self.report):
            row.addWidget(button)
        self.broken.clicked.connect(self.broken_wanted)
        self.check.clicked.connect(self.check_wanted)
        self.report.clicked.connect(self.report_wanted)
        self.show_state(None)

    # properties

    @property
    def words(self) -> str:
        """What it says."""
        return self._said.words

    # methods

    def show_state(self, ledger: LedgerState | None) -> None:
        """Show what is known of the record; None where no project is open."""
        self._ledger = ledger
        if ledger is None:
            self._dress("surface1", "line", "text3", "link")
            self._said.say("", "", "text")
        elif ledger.state == "altered":
            self._dress("redGround", "red", "redText", "warning")
            self._said.say(head_of(ledger), f"{ledger.why or ''} {PAUSED}".strip(), "redText")
        elif ledger.state == "checking":
            self._dress("surface1", "line", "text3", "link")
            held = _held(ledger, self._trouble)
            self._said.say(f"{_checking(ledger)}.", held[:1].upper() + held[1:], "text")
        else:
            self._dress("greenGround", "green", "green", "link")
            self._said.say("Ledger intact,", _held(ledger, self._trouble), "greenText")
        self._said.setToolTip(claim_of(ledger) if ledger is not None else "")
        self._show_buttons()

    def show_trouble(self, words: str) -> None:
        """Say what is not there just now, a witness that cannot be reached; "" once it is again."""
        self._trouble = words
        self.show_state(self._ledger)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, self._theme.colour(self._edge))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_buttons()

    # internals

    def _dress(self, surface: str, edge: str, token: str, icon: str) -> None:
        self._surface, self._edge = surface, edge
        self._icon.set_icon(icon, token)
        self.update()

    def _show_buttons(self) -> None:
        ledger = self._ledger
        altered = ledger is not None and ledger.state == "altered"
        busy = ledger is not None and (ledger.state == "checking" or ledger.progress is not None)
        self.broken.setVisible(altered and ledger is not None and ledger.first_bad is not None)
        self.check.setVisible(not self.broken.isVisibleTo(self))
        self.check.setEnabled(ledger is not None and not busy)
        self.check.set_text("Checking…" if busy else "Check again")
        self.report.setEnabled(ledger is not None and not altered)
        self.report.setAccessibleDescription(OFF if altered else "")
        self.report.setToolTip(OFF if altered else "Export a disclosure report (Ctrl Shift E)")
        beside = OFF if altered else ""
        if ledger is not None and not altered:
            beside = entries_text(ledger.size)
            if ledger.checked_at is not None and not busy:
                beside += f", checked {when(ledger.checked_at)}"
        self._beside.set_text(beside)
        # Why something is off is always said beside it.
        self._beside.setVisible(bool(beside) and (altered or self.width() >= _NARROW_PX))


class _Words(QWidget):
    """A few strong words and what follows them, on one line that is cut where there is no room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme: Final = theme
        self._head = self._rest = ""
        self._token = "text"
        self.setObjectName("ledger_banner_words")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    # properties

    @property
    def words(self) -> str:
        """All of it."""
        return f"{self._head} {self._rest}".strip()

    # methods

    def say(self, head: str, rest: str, token: str) -> None:
        """Say it; the head in a token's colour."""
        self._head, self._rest, self._token = head, rest, token
        self.setAccessibleName(self.words)
        self.update()

    # events

    def sizeHint(self) -> QSize:
        return QSize(400, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        strong, plain = self._theme.font("strong"), self._theme.font("body")
        box = QRectF(self.rect())
        paint.draw_text(painter, box, strong, self._theme.colour(self._token), self._head)
        used = paint.text_width(strong, self._head) + (4 if self._head else 0)
        rest = QFontMetricsF(plain).elidedText(
            self._rest, Qt.TextElideMode.ElideRight, max(0.0, box.width() - used)
        )
        paint.draw_text(painter, box.adjusted(used, 0, 0, 0), plain, self._theme.colour("text"), rest)


def _checking(ledger: LedgerState) -> str:
    if ledger.progress is None or not ledger.size:
        return "Checking the ledger"
    return f"Checking {round(ledger.progress * ledger.size):,} of {ledger.size:,}"


def _held(ledger: LedgerState, trouble: str) -> str:
    """Who vouches for it, and what is missing: never more than was found."""
    parts: list[str] = []
    signed, witness = ledger.checkpoint, ledger.witness
    if signed is not None:
        kept = " with a key of that session" if signed.session_only else ""
        parts.append(f"signed checkpoint {when(signed.at)}{kept}")
    elif ledger.state == "intact":
        parts.append("nothing signed yet")
    if witness is not None:
        parts.append(f"witnessed {when(witness.at)}")
    said = ", ".join(parts)
    if ledger.key == "session":
        said += f"{'. ' if said else ''}Your signing key lasts for this session only"
    elif ledger.key == "none" and ledger.key_note:
        said += f"{'. ' if said else ''}{ledger.key_note.rstrip('.')}"
    return f"{said}. {trouble}" if trouble else said
