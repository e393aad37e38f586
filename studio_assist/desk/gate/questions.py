"""Words that may be names: each is asked about, and Send waits."""

from __future__ import annotations

from functools import partial
from typing import Final, Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.gate import words
from studio_assist.desk.gate.parts import Box, emptied, padded
from studio_assist.desk.kit import Button, Divider, ElidedLabel, Label, paint
from studio_assist.desk.theme import Theme
from studio_assist.protocol import GateSheet, NameAnswer, QuestionSeen

#: So many stand in the list; the next come as these are answered.
_MOST: Final = 20
_SHOWN_OF_WORD: Final = 28

Said = Literal["name", "no-name"]


class _Word(QWidget):
    """The word, outlined with dots as in the text."""

    def __init__(self, theme: Theme, word: str) -> None:
        super().__init__()
        self._theme: Final = theme
        self._word: Final = word if len(word) <= _SHOWN_OF_WORD else f"{word[: _SHOWN_OF_WORD - 1]}…"
        self.setAccessibleName(word)
        self.setToolTip(word if word != self._word else "")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    # events

    def sizeHint(self) -> QSize:
        return QSize(round(paint.text_width(self._theme.script_font(13), self._word)) + 12, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("text"), 1.5, Qt.PenStyle.DotLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 2, 2)
        box = QRectF(self.rect()).adjusted(6, 0, 0, 0)
        paint.draw_text(painter, box, self._theme.script_font(13), self._theme.colour("text"), self._word)


class Questions(Box):
    """The open questions, each with its answers.

    Signals:
        answered: a tuple with one `NameAnswer`; what it changes comes as a new sheet.
    """

    answered = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "input", "lineStrong")
        self.setObjectName("gate_questions")
        self._used: Final = theme
        self._buttons: list[Button] = []
        #: An answer was given here; what it changes has not come yet.
        self._said = False
        self._column: Final = padded(self, 14, 8, 14, 4)
        self.hide()

    # methods

    def show_sheet(self, sheet: GateSheet) -> None:
        """List what is open; nothing where nothing is."""
        emptied(self._column)
        self._buttons.clear()
        self._said = False
        open_now = sheet.questions if sheet.verdict == "hold" else ()
        self.setVisible(bool(open_now))
        if not open_now:
            return
        theme = self._used
        title = f"{words.counted(len(open_now), 'question')} before anything can be sent"
        self._column.addWidget(Label(theme, title, "strong", "text"))
        self._column.addSpacing(7)
        for number, question in enumerate(open_now[:_MOST]):
            self._column.addWidget(Divider(theme))
            self._column.addLayout(self._row(number, question))
        rest = len(open_now) - _MOST
        if rest > 0:
            self._column.addWidget(Label(theme, f"{rest:,} more after these", "caption", "text3"))

    def focus_first(self) -> bool:
        """Go to the first answer that can be given; False where there is none."""
        first = next((one for one in self._buttons if one.isEnabled()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        return first is not None

    def holds_focus(self) -> bool:
        """Whether one of its answers has the focus, or had it until it was given."""
        return self._said or any(one.hasFocus() for one in self._buttons)

    # internals

    def _row(self, number: int, question: QuestionSeen) -> QHBoxLayout:
        theme = self._used
        known = f" It may be {question.known_as}." if question.known_as else ""
        counts = "kept for the project" if question.lasting else "for this request alone"
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addWidget(ElidedLabel(theme, f"{question.question}{known}", "caption", "text"))
        lines.addWidget(ElidedLabel(theme, f"{question.where} · answer {counts}", "meta", "text3"))
        row = QHBoxLayout()
        row.setContentsMargins(0, 7, 0, 7)
        row.setSpacing(10)
        row.addWidget(_Word(theme, question.word), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(lines, 1)
        pair: tuple[tuple[Button, Said], ...] = tuple(
            (self._answer(number, question, one), one) for one in question.answers
        )
        both = tuple(button for button, _answer in pair)
        for button, answer in pair:
            row.addWidget(button)
            button.clicked.connect(partial(self._say, question, answer, both))
        self._buttons += both
        return row

    def _answer(self, number: int, question: QuestionSeen, answer: Said) -> Button:
        text = "It is a name, replace it"
        if answer == "no-name":
            text = "No name, it may go" if "name" in question.answers else "It may go"
        button = Button(self._used, text, height_px=26, name=f"{question.word}: {text}")
        button.setObjectName(f"answer_{number}_{answer}")
        return button

    def _say(
        self, question: QuestionSeen, answer: Said, both: tuple[Button, ...], _checked: bool = False
    ) -> None:
        self._said = any(one.hasFocus() for one in both)
        for one in both:
            one.setEnabled(False)
        self.answered.emit((NameAnswer(question=question.id, answer=answer),))
