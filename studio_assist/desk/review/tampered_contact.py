"""Telling the studio's contact of a broken record: text to copy. The program sends nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from studio_assist.desk.kit import Button, PrimaryButton, Sheet, TextField
from studio_assist.desk.record.parts import Outcome, titled
from studio_assist.desk.record.words import head_of, held_words, holds_up_to
from studio_assist.desk.theme import Theme
from studio_assist.protocol import LedgerState

_WIDTH_PX: Final = 600


def contact_text(ledger: LedgerState, title: str, who: str, at: datetime, evidence: str = "") -> str:
    """The mail's words: what was found, what is known, what was done, and nothing beyond that.

    Args:
        evidence: SHA-256 of a saved evidence file, or "".
    """
    checked = f"{(ledger.checked_at or at).astimezone():%d %B %Y, %H:%M}"
    lines = [
        f"Subject: {title}: the record of AI use does not hold",
        "",
        f"On {checked} a check of the record of {title} found that it was altered.",
        "",
        f"{head_of(ledger)} {ledger.why or ''}".strip(),
        holds_up_to(ledger),
        "What stood there before is not known from this record alone.",
        "",
        "AI tools are paused on this project until this is settled; so is the disclosure report.",
    ]
    if ledger.held:
        lines += ["", "Signed heads that are known:"]
        for head in ledger.held:
            fits = "the entries here fit it" if head.holds else "the entries here do not fit it"
            when = f"{head.at.astimezone():%d %B %Y, %H:%M}"
            lines.append(f"- {held_words(head)}, {when}, {head.size:,} entries: {fits}")
    if evidence:
        lines += ["", f"The evidence file is kept. SHA-256: {evidence}"]
    lines += [
        "",
        "If you have a pack, a copy of the project or a checkpoint from before, please keep it unchanged: it "
        "can show what was signed.",
        "",
        who,
    ]
    return "\n".join(lines)


class ContactSheet(Sheet):
    """The words, to be read, changed and copied."""

    def __init__(self, theme: Theme, window: QWidget, text: str) -> None:
        super().__init__(
            theme,
            window,
            "Tell the studio contact",
            subtitle="Copy this into a mail. Nothing is sent from here.",
            icon="plane",
            width_px=_WIDTH_PX,
        )
        self.setObjectName("tampered_contact_sheet")
        self.text: Final = TextField(theme, "What to tell the studio's contact")
        self.text.setObjectName("contact_text")
        self.text.setPlainText(text)
        self.text.setFixedHeight(min(360, max(160, window.height() - 380)))
        self.body.addLayout(titled(theme, "For the studio's contact", self.text))
        self.outcome: Final = Outcome(theme, "contact_outcome")
        self.body.addWidget(self.outcome)
        close = Button(theme, "Close", key="Esc")
        close.clicked.connect(self.dismiss)
        self.copy: Final = PrimaryButton(theme, "Copy as text", icon="copy")
        self.copy.setObjectName("contact_copy")
        self.copy.clicked.connect(self._copy)
        self.footer.addStretch(1)
        self.footer.addWidget(close)
        self.footer.addWidget(self.copy)
        self.closed.connect(self.deleteLater)

    # methods

    def open(self) -> None:
        super().open()
        self.copy.setFocus(Qt.FocusReason.PopupFocusReason)

    # slots

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.outcome.say("Copied. Paste it into a mail to the studio's contact.")
