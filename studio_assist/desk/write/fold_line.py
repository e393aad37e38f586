"""A decided candidate, folded to one line."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import ElidedLabel, IconLabel, Label, LinkButton
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.card_words import decided_of, trouble_of
from studio_assist.desk.write.cards_model import Card
from studio_assist.domain.candidate import State

#: The shape tells the kind of decision; green tells that a person made it.
_GLYPH: Final = {State.ACCEPTED: "check", State.EDITED: "pencil", State.REJECTED: "cross"}


class FoldLine(QWidget):
    """What was decided and when, the words that came of it, and the way back."""

    undo_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = Label(theme, "", "captionStrong", "text3")
        self._glyph = IconLabel(theme, "check", "green", 14)
        self._said = ElidedLabel(theme, "", "captionMedium", "text2")
        self._words = ElidedLabel(theme, "", "caption", "text3")
        # What was decided comes first; the words take what room is left.
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.undo_button = LinkButton(theme, "Undo")
        self.undo_button.setObjectName("undo_button")
        self.undo_button.clicked.connect(self.undo_wanted)
        self._trouble = Label(theme, "", "caption", "text2", wrap=True)
        self._trouble.setContentsMargins(11, 0, 8, 6)
        row = QHBoxLayout()
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(8)
        for widget in (self._number, self._glyph, self._said):
            row.addWidget(widget)
        row.addWidget(self._words, 1)
        row.addWidget(self.undo_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._trouble)

    # properties

    @property
    def said(self) -> str:
        """What it says was decided."""
        return self._said.text

    # methods

    def show_card(self, card: Card) -> None:
        """Show a decided card."""
        number = card.candidate.index + 1
        self._number.set_text(str(number))
        self._glyph.set_icon(_GLYPH[card.state], "green")
        self._said.set_text(decided_of(card))
        self._words.set_text(card.forgotten or " ".join((card.result or card.candidate.text).split()))
        # Words that are forgotten cannot be brought back, and so neither can their candidate.
        self.undo_button.setVisible(card.decision is not None and not card.forgotten)
        self.undo_button.setEnabled(not card.busy)
        self.undo_button.setAccessibleName(f"Undo the decision on candidate {number}")
        self._trouble.set_text(trouble_of(card))
        self._trouble.setVisible(bool(self._trouble.plain))
