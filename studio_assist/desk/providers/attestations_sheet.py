"""The project's attestations with their states, and the way to take one back."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.kit import Badge, Button, Divider, Field, Label, PrimaryButton, Sheet
from studio_assist.desk.providers.parts import Named, day_words
from studio_assist.desk.record.parts import Outcome, scrolling
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError

_LIST_PX: Final = 400
_REASON_PX: Final = 70
_ROW_PX: Final = 650
_STATES: Final = {
    "valid": ("Valid", "shield-check"),
    "expired": ("Expired", "clock"),
    "revoked": ("Taken back", "minus"),
    "not signed": ("Signature does not hold", "ban"),
    "no evidence": ("Evidence is missing", "ban"),
}
_BAD: Final = frozenset({"not signed", "no evidence"})


class AttestationsSheet(Sheet):
    """Lists attestations. Taking one back asks for a reason, in its row.

    Signals:
        revoke_wanted: (attestation, reason).
        attest_wanted: sign another.
    """

    revoke_wanted = Signal(str, str)
    attest_wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(
            theme,
            window,
            "Attestations of this project",
            subtitle="Who answers for it that a provider keeps nothing, on what evidence, and until when.",
            icon="shield-check",
            width_px=700,
        )
        self.setObjectName("attestations_sheet")
        self._theme_used: Final = theme
        self._rows: Final[dict[str, _Row]] = {}
        self._asked = ""
        self._list: QWidget = Label(theme, "Reading them.", "body", "text2")
        self.body.addWidget(self._list)
        self.outcome: Final = Outcome(theme, "attestations_outcome")
        self.body.addWidget(self.outcome)
        more = Button(theme, "Attest a provider…", icon="shield-check")
        more.setObjectName("attestations_add")
        more.clicked.connect(self._go_attest)
        self._close: Final = Button(theme, "Close", key="Esc")
        self._close.clicked.connect(self.dismiss)
        self.footer.addWidget(more)
        self.footer.addStretch(1)
        self.footer.addWidget(self._close)
        self.closed.connect(self.deleteLater)

    # methods

    def show_list(self, attestations: protocol.Attestations) -> None:
        """Show these, in their order."""
        focus = self._list.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        theme = self._theme_used
        self._rows.clear()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(0)
        for at, one in enumerate(attestations.attestations):
            if at:
                column.addWidget(Divider(theme))
            row = _Row(theme, one)
            row.revoke.connect(self._ask)
            self._rows[one.id] = row
            column.addWidget(row)
        if not attestations.attestations:
            words = "Nobody has attested a provider in this project."
            column.addWidget(Label(theme, words, "body", "text2", wrap=True))
        column.addStretch(1)
        area = scrolling(inner, "Attestations", _LIST_PX)
        # Room for the reason, so that nothing jumps when it is asked for.
        area.setFixedHeight(min(_LIST_PX, column.totalHeightForWidth(_ROW_PX) + _REASON_PX))
        self.body.replaceWidget(self._list, area)
        self._list.hide()
        self._list.deleteLater()
        self._list = area
        if focus:
            self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_revoked(self) -> None:
        """Say that it is taken back."""
        self.outcome.say("It is taken back, and the record says so.", "check")

    def show_error(self, error: StudioError) -> None:
        """Say what went wrong, at the reason where it is about that."""
        row = self._rows.get(self._asked)
        if row is not None and error.place == "why":
            row.show_error(f"{error.message} {error.remedy}")
        else:
            if row is not None:
                row.show_error("")
            self.outcome.error(error.message, error.remedy)

    # slots

    def _ask(self, attestation: str, why: str) -> None:
        self._asked = attestation
        self.revoke_wanted.emit(attestation, why)

    def _go_attest(self) -> None:
        self.dismiss()
        self.attest_wanted.emit()


class _Row(QWidget):
    """One attestation.

    Signals:
        revoke: (attestation, reason).
    """

    revoke = Signal(str, str)

    def __init__(self, theme: Theme, seen: protocol.AttestationSeen) -> None:
        super().__init__()
        self._id: Final = seen.id
        words, icon = _STATES[seen.state]
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(theme, seen.host, "strong"))
        head.addWidget(Badge(theme, words, icon, "red" if seen.state in _BAD else "neutral"))
        head.addStretch(1)
        self._open: Final = Button(theme, "Take back…", height_px=26, name=f"Take back: {seen.host}")
        self._open.setObjectName(f"revoke_{seen.id}")
        if seen.state != "valid":
            self._open.hide()
        self._open.clicked.connect(self._ask_why)
        head.addWidget(self._open)
        span = f"{seen.by}, {day_words(seen.made)}. Holds to {day_words(seen.until)}."
        rest = ". ".join(part for part in (seen.plan, seen.region, f"Evidence: {seen.evidence}") if part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 10)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(Label(theme, span, "caption", "text2", wrap=True))
        column.addWidget(Label(theme, rest, "caption", "text3", wrap=True))
        self._why: Final = Field(theme, "Why it does not hold", placeholder="The contract has ended")
        self._why.setObjectName(f"revoke_why_{seen.id}")
        self._go: Final = PrimaryButton(theme, "Take it back")
        self._go.setObjectName(f"revoke_go_{seen.id}")
        self._go.clicked.connect(self._send)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._why, 1)
        line.addWidget(self._go)
        self._part: Final = Named(theme, "Why it does not hold any more", line)
        self._part.hide()
        column.addSpacing(4)
        column.addWidget(self._part)
        self._why.textChanged.connect(lambda _text: self._part.set_error(""))

    # methods

    def show_error(self, words: str) -> None:
        """Say what is wrong with the reason; it can be asked again."""
        self._go.setEnabled(True)
        self._part.set_error(words)

    # slots

    def _ask_why(self) -> None:
        self._part.show()
        self._open.hide()
        self._why.setFocus(Qt.FocusReason.OtherFocusReason)

    def _send(self) -> None:
        why = " ".join(self._why.text().split())
        if not why:
            self._part.set_error("Say why it does not hold.")
            self._why.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._go.setEnabled(False)
        self.revoke.emit(self._id, why)
