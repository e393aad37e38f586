"""Rewrite it yourself: a person's words in place of temp ones."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio_assist.desk.kit import Button, Label, Sheet
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.growing_field import GrowingField
from studio_assist.domain.words import words


class RewriteSheet(Sheet):
    """Shows the temp words and an empty field for one's own. Nothing changes until Ctrl Enter or the button.

    Signals:
        rewritten: the person's words.
    """

    rewritten = Signal(str)

    def __init__(self, theme: Theme, window: QWidget, temp_words: str) -> None:
        super().__init__(theme, window, "Rewrite it yourself", icon="pencil", width_px=560)
        self._temp_words: Final = temp_words
        self.setObjectName("rewrite_sheet")
        shown = Label(theme, temp_words, token="amberText", wrap=True)
        shown.setFont(theme.script_font(15))
        shown.setAccessibleName("Temp words")
        self.body.addWidget(shown)
        self._field = GrowingField(theme, "Your words", (5, 12), 16)
        self._field.setPlaceholderText("Your words")
        self._field.setObjectName("rewrite_field")
        self._field.setFont(theme.script_font(15))
        self._field.textChanged.connect(self._look)
        self._field.done.connect(self._done)
        self._field.left.connect(self.dismiss)
        self.body.addWidget(self._field)
        self._why = Label(theme, "", role="caption", token="text2", wrap=True)
        self.body.addWidget(self._why)
        cancel = Button(theme, "Keep temp", key="Esc")
        cancel.setObjectName("rewrite_cancel")
        cancel.clicked.connect(self.dismiss)
        self._put = Button(theme, "Put mine in", key="Ctrl ↵", kind="primary")
        self._put.setObjectName("rewrite_put")
        self._put.clicked.connect(self._done)
        self.footer.addStretch(1)
        self.footer.addWidget(cancel)
        self.footer.addWidget(self._put)
        self.closed.connect(self.deleteLater)
        self._look()

    # methods

    def open(self) -> None:
        super().open()
        self._field.setFocus()

    # slots

    def _look(self) -> None:
        mine = self._field.toPlainText().strip()
        if not mine:
            why = "Your words take the place of these, and the amber goes."
        elif words(mine) == words(self._temp_words):
            why = "These are the temp words again. To keep them as yours, use Mark as replaced."
        else:
            why = ""
        self._why.set_text(why)
        self._put.setEnabled(bool(mine) and not why)

    def _done(self) -> None:
        if self._put.isEnabled():
            mine = self._field.toPlainText().strip()
            self.dismiss()
            self.rewritten.emit(mine)


class ReplacedSheet(Sheet):
    """Asks once more before temp words count as a person's own: the record will say that this person said so.

    Signals:
        confirmed: the person says that what stands there is theirs.
    """

    confirmed = Signal()

    def __init__(self, theme: Theme, window: QWidget, words_there: str, edited_percent: int) -> None:
        super().__init__(theme, window, "Mark as replaced", icon="brush", width_px=560)
        self.setObjectName("replaced_sheet")
        shown = Label(theme, words_there, wrap=True)
        shown.setFont(theme.script_font(15))
        self.body.addWidget(shown)
        told = (
            f"{edited_percent} % of these words were changed by people since they were accepted. "
            "Marked as replaced they count as written by you: the amber goes, and the record says who "
            "said so."
        )
        self.body.addWidget(Label(theme, told, "body", "text2", wrap=True))
        keep = Button(theme, "Keep temp", key="Esc")
        keep.setObjectName("replaced_cancel")
        keep.clicked.connect(self.dismiss)
        mark = Button(theme, "These words are mine")
        mark.setObjectName("replaced_mark")
        mark.clicked.connect(self._confirm)
        self.footer.addStretch(1)
        self.footer.addWidget(keep)
        self.footer.addWidget(mark)
        self.closed.connect(self.deleteLater)

    # slots

    def _confirm(self) -> None:
        self.dismiss()
        self.confirmed.emit()
