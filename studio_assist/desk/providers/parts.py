"""Parts of the sheets of hosts: a field with its error, a field for a key, days, pages of rows."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLineEdit, QVBoxLayout, QWidget

from studio_assist.desk.kit import Field, IconLabel, Label, PrimaryButton
from studio_assist.desk.theme import Theme

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS: Final = re.compile(r"(\d{1,2})\s+([a-z]{3})[a-z]*\.?\s+(\d{4})")


class Named(QWidget):
    """Something to fill in under its name, with what explains it and, in its place, what is wrong with it.

    Args:
        aside: a small button at the name's right.
    """

    def __init__(
        self,
        theme: Theme,
        name: str,
        field: QWidget | QLayout,
        *,
        note: str = "",
        aside: QWidget | None = None,
    ) -> None:
        super().__init__()
        self._note: Final = note
        self._error = ""
        self._name: Final = Label(theme, name, "captionMedium", "text2")
        self._field: Final = field if isinstance(field, QWidget) else None
        self._words: Final = Label(theme, note, "caption", "text3", wrap=True)
        if not note:
            self._words.hide()
        # No red: that is for what is blocked, and for a record that was changed.
        self._sign: Final = IconLabel(theme, "warning", "text2", 16)
        self._sign.hide()
        said = QHBoxLayout()
        said.setSpacing(6)
        said.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self._words, 1)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        if aside is not None:
            head.addWidget(aside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        if isinstance(field, QLayout):
            column.addLayout(field)
        else:
            column.addWidget(field)
        column.addLayout(said)

    # properties

    @property
    def error(self) -> str:
        """What is wrong with it, "" where nothing is known to be."""
        return self._error

    # methods

    def set_error(self, error: str) -> None:
        """Say what is wrong with it; "" brings the explanation back."""
        self._error = error
        self._sign.setVisible(bool(error))
        self._words.set_token("text" if error else "text3")
        self._words.set_text(error or self._note)
        self._words.setVisible(bool(error or self._note))
        if self._field is not None:
            self._field.setAccessibleDescription(error or self._note)


class KeyField(Field):
    """A field for a secret. It shows dots, gives its text away once, and keeps nothing of it.

    Qt copies and drags nothing out of a field of this echo mode, and takes back no single step in it; its
    accessible value is as many dots as there are letters.
    """

    def __init__(self, theme: Theme, name: str, *, placeholder: str = "") -> None:
        super().__init__(theme, name, placeholder=placeholder)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.setDragEnabled(False)
        self.setMaxLength(4096)

    # methods

    def take(self) -> str | None:
        """The key, and it is gone from here; None where there is none. Blanks around it are no part of it."""
        key = self.text().strip()
        self.forget()
        return key or None

    def forget(self) -> None:
        """Empty it, and what could be taken back with it."""
        # `clear` would leave the letters in the list of steps; setting a text drops the list.
        self.setText("")

    # events

    def hideEvent(self, event: QHideEvent) -> None:
        self.forget()
        super().hideEvent(event)


class SignButton(PrimaryButton):
    """Puts a person's name to something: by a press of Space or of the mouse, never by Enter."""

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)


def day_words(day: date) -> str:
    """A day as it is read: 3 Feb 2027."""
    return f"{day.day} {day:%b} {day.year}"


def day_of(text: str) -> date | None:
    """The day that somebody typed, "2027-02-03" or "3 Feb 2027"; None where it is none."""
    words = " ".join(text.split()).lower()
    try:
        found = _WORDS.fullmatch(words)
        if found is not None:
            return date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1]))
        return date.fromisoformat(words)
    except ValueError:
        return None


def sentence(text: str) -> str:
    """A text as a sentence of its own."""
    text = text.strip()
    if not text:
        return ""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")
