"""Witness this record: hand a head out, take the answer in, co-sign a colleague's."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, Divider, Label, LinkButton, Sheet
from studio_assist.desk.record.parts import Outcome
from studio_assist.desk.theme import Theme


class _Step(QWidget):
    """One of the things to do, in a sentence, with its button and what became of it."""

    def __init__(self, theme: Theme, title: str, sentence: str, button: str, name: str) -> None:
        super().__init__()
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(Label(theme, title, "strong", "text"))
        words.addWidget(Label(theme, sentence, "caption", "text2", wrap=True))
        self.button: Final = Button(theme, button, name=f"{title}: {button}")
        self.button.setObjectName(name)
        self.outcome: Final = Outcome(theme, f"{name}_outcome")
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self.column: Final = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self.column.addLayout(row)
        self.column.addWidget(self.outcome)

    # methods

    def busy(self, words: str) -> None:
        """It is being done."""
        self.button.setEnabled(False)
        self.outcome.say(words, "clock")

    def done(self, words: str, *, token: str = "green") -> None:
        """It is done."""
        self._ready()
        self.outcome.say(words, "check", token)

    def error(self, message: str, remedy: str) -> None:
        """It was not done."""
        self._ready()
        self.outcome.error(message, remedy)

    # internals

    def _ready(self) -> None:
        """The button again, with the focus that it lost while it was off."""
        self.button.setEnabled(True)
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)


class WitnessSheet(Sheet):
    """Three ways to make a rewrite of the record show, each in one step.

    Signals:
        offer_wanted: save a file for a witness; True for a time-stamp request.
        reply_wanted: take a witness's answer in.
        cosign_wanted: witness a colleague's record.
    """

    offer_wanted = Signal(bool)
    reply_wanted = Signal()
    cosign_wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget, person: str, key_note: str) -> None:
        super().__init__(
            theme,
            window,
            "Witness this record",
            subtitle="What somebody else holds cannot be rewritten here without it showing.",
            icon="link",
            width_px=600,
        )
        self.setObjectName("witness_sheet")
        self.offer: Final = _Step(
            theme,
            "Ask for a witness",
            "Save a file that names how the record stands now, and give it to somebody outside your reach. "
            "It holds no text of the script.",
            "Save a file…",
            "witness_out",
        )
        stamp = LinkButton(theme, "Or save a request for a time authority (RFC 3161)…")
        stamp.setObjectName("witness_tsq")
        stamp.clicked.connect(lambda: self.offer_wanted.emit(True))
        row = QHBoxLayout()
        row.addWidget(stamp)
        row.addStretch(1)
        self.offer.column.insertLayout(1, row)
        self.reply: Final = _Step(
            theme,
            "Take the answer in",
            "Choose the file that came back. Its signature is checked against this record before it counts.",
            "Choose the answer…",
            "witness_in",
        )
        self.cosign: Final = _Step(
            theme,
            "Witness for a colleague",
            "Choose the file they gave you. It is compared with your own copy of the project; only then do "
            "you sign that you saw it.",
            "Choose their file…",
            "witness_cosign",
        )
        for at, step in enumerate((self.offer, self.reply, self.cosign)):
            if at:
                self.body.addWidget(Divider(theme))
            self.body.addWidget(step)
        self.offer.button.clicked.connect(lambda: self.offer_wanted.emit(False))
        self.reply.button.clicked.connect(self.reply_wanted)
        self.cosign.button.clicked.connect(self.cosign_wanted)
        by = f"Signed by {person}." + (f" {key_note}" if key_note else "")
        self.footer.addWidget(Label(theme, by, "caption", "text3", wrap=True), 1)
        close = Button(theme, "Close", key="Esc")
        close.clicked.connect(self.dismiss)
        self.footer.addWidget(close)
        self.closed.connect(self.deleteLater)
