"""One of the policy's questions with its three answers; none is given beforehand."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.clear.words import ANSWERS
from studio_assist.desk.kit import Label, Pressable, paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import Answer
from studio_assist.domain.policy import Principle

_CELL_PX: Final = 67
_KEYS: Final[dict[int, Answer]] = {Qt.Key.Key_Y: "yes", Qt.Key.Key_N: "no", Qt.Key.Key_U: "unsure"}


class _Cell(Pressable):
    """One answer; the row has the focus, not the cell."""

    def __init__(self, theme: Theme, answer: Answer, question: str) -> None:
        super().__init__(theme, ANSWERS[answer], f"{ANSWERS[answer]}: {question}", None)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._first = answer == "yes"
        self._last = answer == "unsure"

    # events

    def sizeHint(self) -> QSize:
        return QSize(_CELL_PX, 30)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.colour
        box = QRectF(self.rect())
        # The outer corners are round, the inner edges are shared.
        if self._first:
            box.setRight(box.right() + 6)
        elif self._last:
            box.setLeft(box.left() - 6)
        else:
            box.adjust(-6, 0, 6, 0)
        clip = QPainterPath()
        clip.addRoundedRect(box, 5, 5)
        painter.setClipPath(clip)
        on, enabled = self.isChecked(), self.isEnabled()
        if on:
            painter.fillRect(self.rect(), colour("blueFill" if enabled else "surface3"))
        elif self._hot():
            painter.fillRect(self.rect(), colour("surface3"))
        paint.draw_box(painter, box, 5, None, colour("lineStrong" if enabled else "line"))
        if not self._first:
            painter.fillRect(QRectF(0, 0, 1, box.height()), colour("lineStrong" if enabled else "line"))
        token = "onBlue" if on and enabled else "text2" if enabled or on else "disabled"
        font = self._theme.font("captionMedium" if on else "caption")
        left = (self.width() - paint.text_width(font, self.text())) / 2
        paint.draw_text(
            painter, QRectF(self.rect()).adjusted(left, 0, 0, 0), font, colour(token), self.text()
        )


class _Ring(QWidget):
    """Holds the three cells, with the row's focus ring round them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme: Final = theme
        self.on = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.on:
            paint.draw_focus(QPainter(self), self._theme, QRectF(self.rect()), 8)


class QuestionRow(QWidget):
    """A question, its hint and its switch. Y, N and U answer it; Up and Down go on.

    Signals:
        answered: (id, answer) by the person.
        stepped: how many questions on, 1 or -1.
    """

    answered = Signal(str, str)
    stepped = Signal(int)

    def __init__(self, theme: Theme, number: int, question: Principle, hint: str) -> None:
        super().__init__()
        self._theme: Final = theme
        self._answer: Answer | None = None
        self.question: Final = question
        self.setObjectName(f"question_{question.id}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{number}. {question.question}")
        self.setMinimumHeight(60)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        count = Label(theme, str(number), "sheetTitle", "text3")
        count.setFixedWidth(24)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(Label(theme, question.question, "control", "text", wrap=True))
        words.addWidget(Label(theme, hint, "caption", "text3", wrap=True))
        words.addStretch(1)
        self._ring: Final = _Ring(theme)
        cells = QHBoxLayout(self._ring)
        cells.setContentsMargins(3, 3, 3, 3)
        cells.setSpacing(0)
        self._cells: Final[dict[Answer, _Cell]] = {}
        for answer in ANSWERS:
            cell = _Cell(theme, answer, question.question)
            cell.setObjectName(f"answer_{question.id}_{answer}")
            cell.clicked.connect(partial(self._press, answer))
            self._cells[answer] = cell
            cells.addWidget(cell)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 9, 0, 9)
        row.setSpacing(12)
        row.addWidget(count)
        row.addLayout(words, 1)
        row.addWidget(self._ring)
        self._describe()

    # properties

    @property
    def answer(self) -> Answer | None:
        """What was answered; None until somebody has."""
        return self._answer

    # methods

    def show_answer(self, answer: Answer | None) -> None:
        """Show an answer without telling anybody."""
        self._answer = answer
        for name, cell in self._cells.items():
            cell.setChecked(name == answer)
        self._describe()

    def set_editable(self, editable: bool) -> None:
        """Let it be answered, or only read."""
        for cell in self._cells.values():
            cell.setEnabled(editable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if editable else Qt.FocusPolicy.NoFocus)

    # slots

    def _press(self, answer: Answer, _on: bool = False) -> None:
        self._give(answer)

    def _give(self, answer: Answer) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        changed = answer != self._answer
        self.show_answer(answer)
        if changed:
            self.answered.emit(self.question.id, answer)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        answer = _KEYS.get(event.key()) if self._cells["yes"].isEnabled() else None
        if plain and answer is not None:
            event.accept()
            self._give(answer)
        elif plain and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.accept()
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_ring(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_ring(False)

    # internals

    def _show_ring(self, on: bool) -> None:
        self._ring.on = on
        self._ring.update()

    def _describe(self) -> None:
        said = ANSWERS[self._answer] if self._answer else "Not answered"
        self.setAccessibleDescription(f"{said}. Y for yes, N for no, U for unsure.")
