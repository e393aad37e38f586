"""A candidate opened as a text field: the words that a person makes of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import ElidedLabel, Label
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.growing_field import GrowingField
from studio_assist.domain.words import edited_percent

#: Fewest and most rows of the field.
_ROWS: Final = (2, 12)


class EditPane(QWidget):
    """The field, and how much of the offer has been changed so far."""

    typed = Signal(str)
    done = Signal()
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered = ""
        self.field = GrowingField(theme, "Edit the candidate", _ROWS, 12)
        self.field.setObjectName("edit_field")
        self.field.setAccessibleDescription(
            "Ctrl Enter accepts these words. Esc goes back and decides nothing."
        )
        self.field.setFont(theme.script_font(15))
        self.share = Label(theme, "", "meta", "text3")
        self.share.setObjectName("edited_share")
        self.hint = ElidedLabel(theme, "Enter starts a new line", "meta", "text3")
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.share)
        foot.addStretch(1)
        foot.addWidget(self.hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.field)
        column.addLayout(foot)
        self.field.textChanged.connect(self._text_changed)
        self.field.done.connect(self.done)
        self.field.left.connect(self.left)
        self.field.fit()

    # properties

    @property
    def text(self) -> str:
        """The words as they stand."""
        return self.field.toPlainText()

    # methods

    def open_with(self, offered: str, text: str) -> None:
        """Show a text, and measure what is changed from here on against what was offered."""
        self._offered = offered
        if self.text != text:
            self.field.setPlainText(text)
            self.field.moveCursor(QTextCursor.MoveOperation.End)
        self._say_share()

    # slots

    def _text_changed(self) -> None:
        self._say_share()
        self.typed.emit(self.text)

    # internals

    def _say_share(self) -> None:
        if not self.text.strip():
            said = "Nothing is left to accept"
        else:
            percent = edited_percent(self._offered, self.text)
            said = f"edited {percent} %" if percent else "not edited"
        self.share.set_text(said)
