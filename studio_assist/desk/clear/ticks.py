"""The policy's triggers as a quiet list of ticks: a yes to one of them asks for approval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import CheckBox, Label, paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.policy import PolicyRule


class _Box(CheckBox):
    """The tick alone; its words wrap beside it."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, "")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    # events

    def sizeHint(self) -> QSize:
        return QSize(20, 22)


class Tick(QWidget):
    """A tick with words that wrap; a press on the words ticks it too.

    Signals:
        toggled: by the person.
    """

    toggled = Signal()

    def __init__(self, theme: Theme, name: str, words: str, why: str = "") -> None:
        super().__init__()
        self.box: Final[QCheckBox] = _Box(theme, words)
        self.box.setObjectName(name)
        self.box.setAccessibleDescription(why)
        self.setToolTip(why)
        label = Label(theme, words, "body", "text", wrap=True)
        label.setBuddy(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label, 1)
        self.box.clicked.connect(lambda _checked=False: self.toggled.emit())

    # events

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.box.isEnabled():
            self.box.click()


class Ticks(QWidget):
    """The ticks.

    Signals:
        changed: by the person.
    """

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme: Final = theme
        self._rules: tuple[PolicyRule, ...] = ()
        self._ticks: dict[str, Tick] = {}
        self._column: Final = QVBoxLayout(self)
        self._column.setContentsMargins(36, 0, 0, 10)
        self._column.setSpacing(2)

    # properties

    @property
    def ticked(self) -> tuple[str, ...]:
        """Ids of the triggers that apply."""
        return tuple(one for one, tick in self._ticks.items() if tick.box.isChecked())

    @property
    def note(self) -> str:
        """How many are ticked, for the folded head."""
        count = len(self.ticked)
        return f"{count} of {len(self._ticks)} ticked" if count else "None ticked"

    # methods

    def show_rules(self, rules: Sequence[PolicyRule], ticked: Sequence[str]) -> None:
        """Show these triggers, with those ticked, without telling anybody."""
        if tuple(rules) != self._rules:
            self._rules = tuple(rules)
            for old in self._ticks.values():
                self._column.removeWidget(old)
                old.hide()
                old.deleteLater()
            self._ticks = {}
            for rule in rules:
                tick = Tick(self._theme, f"trigger_{rule.id}", rule.trigger, rule.sentence)
                tick.toggled.connect(self.changed)
                self._ticks[rule.id] = tick
                self._column.addWidget(tick)
        for one, tick in self._ticks.items():
            tick.box.setChecked(one in ticked)


class ThreeColumns(QWidget):
    """What happens next: sent, answered, opened or closed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme: Final = theme
        self._labels: Final[list[tuple[Label, Label]]] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 12, 0, 0)
        row.setSpacing(20)
        for _ in range(3):
            title, words = Label(theme, "", "captionStrong"), Label(theme, "", "caption", "text2", wrap=True)
            column = QVBoxLayout()
            column.setSpacing(1)
            column.addWidget(title)
            column.addWidget(words)
            column.addStretch(1)
            row.addLayout(column, 1)
            self._labels.append((title, words))
        theme.changed.connect(self.update)

    # methods

    def show_columns(self, columns: Sequence[tuple[str, str]]) -> None:
        """Titles and words of the three."""
        for (title, words), (said, told) in zip(self._labels, columns, strict=True):
            title.set_text(said)
            words.set_text(told)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        line = QRectF(0, 0, self.width(), 1)
        paint.draw_box(QPainter(self), line, 0, self._theme.colour("line"))
