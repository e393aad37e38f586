"""Small parts that the sheets of people are made of."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, Card, IconLabel, Label, PrimaryButton, Sheet, paint
from studio_assist.desk.record.parts import Outcome
from studio_assist.desk.shell.model import PersonRow
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError


class Initials(QWidget):
    """Somebody's initials in a circle, as on the person button."""

    def __init__(self, theme: Theme, name: str, size_px: int = 26) -> None:
        super().__init__()
        self._theme: Final = theme
        self._text: Final = PersonRow(name).initials
        self._size: Final = size_px
        self.setFixedSize(QSize(size_px, size_px))
        theme.changed.connect(self.update)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        box = QRectF(self.rect())
        paint.draw_box(painter, box, self._size / 2, colour("surface3"), colour("lineStrong"))
        font = self._theme.font("tag" if self._size < 32 else "rowTitle")
        font.setLetterSpacing(font.letterSpacingType(), 100)
        width = paint.text_width(font, self._text)
        inner = box.adjusted((box.width() - width) / 2, 0, 0, 0)
        paint.draw_text(painter, inner, font, colour("text"), self._text)


class KeyWords(Card):
    """A public key in groups, large enough to be read aloud from."""

    def __init__(self, theme: Theme, short: str) -> None:
        super().__init__(theme, "input", 6)
        self.setObjectName("key_words")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 11, 14, 11)
        row.setSpacing(12)
        row.addWidget(IconLabel(theme, "key", "text2", 18))
        self.label: Final = Label(theme, short, "lead", "text")
        self.label.setObjectName("key_groups")
        row.addWidget(self.label, 1)


class ByHand(Button):
    """A button that a click or Space presses and Enter does not, so that nothing is pressed in passing."""

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.isAutoRepeat():
            event.accept()
            return
        super().keyPressEvent(event)


class Form(Sheet):
    """A sheet with one thing to do, which works once `set_why` has nothing to say; Cancel and Esc leave it.

    Args:
        by_hand: the thing is not pressed by Enter.
    """

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        title: str,
        subtitle: str,
        action: str,
        *,
        icon: str = "person",
        by_hand: bool = False,
        width_px: int = 520,
    ) -> None:
        super().__init__(theme, window, title, subtitle=subtitle, icon=icon, width_px=width_px)
        self.why: Final = Label(theme, "", "caption", "text3")
        self.action: Final[Button] = ByHand(theme, action) if by_hand else PrimaryButton(theme, action)
        self.action.setObjectName("form_action")
        self.outcome: Final = Outcome(theme, "form_outcome")
        self.cancel: Final = Button(theme, "Cancel", key="Esc")
        self.cancel.setObjectName("form_cancel")
        self.cancel.clicked.connect(self.dismiss)
        self.footer.addWidget(self.why, 1)
        self.footer.addWidget(self.cancel)
        self.footer.addWidget(self.action)
        self.closed.connect(self.deleteLater)

    # methods

    def set_why(self, why: str) -> None:
        """Say what is missing; "" where nothing is."""
        self.why.set_text(why)
        self.action.setEnabled(not why)

    def busy(self, words: str) -> None:
        """It is being done."""
        self.action.setEnabled(False)
        self.outcome.say(words, "clock")

    def show_error(self, error: StudioError) -> None:
        """It was not done."""
        self.action.setEnabled(True)
        self.outcome.error(error.message, error.remedy)

    def show_done(self, words: str) -> None:
        """It is done; nothing is left but to close."""
        self.action.hide()
        self.why.set_text("")
        self.cancel.set_text("Close")
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.outcome.say(words, "check", "green")


def named(theme: Theme, name: str, *widgets: QWidget) -> QVBoxLayout:
    """Something under its name."""
    column = QVBoxLayout()
    column.setSpacing(5)
    column.addWidget(Label(theme, name, "captionMedium", "text2"))
    for one in widgets:
        column.addWidget(one)
    return column
