"""The tasks to choose from, as chips that wrap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QWidget

from studio_assist.desk.kit import Chip, paint
from studio_assist.desk.theme import Theme
from studio_assist.protocol import TaskInfo

_GAP_PX: Final = 6


class TaskChip(Chip):
    """One task. A closed one can be chosen, so that its reason can be read, but looks shut."""

    def __init__(self, theme: Theme, task: TaskInfo, parent: QWidget | None = None) -> None:
        super().__init__(theme, task.title, parent=parent)
        self.task: Final = task
        self.setToolTip(task.closed or task.hint)
        self.setAccessibleDescription(f"Closed: {task.closed}" if task.closed else task.hint)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.task.closed:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        box = QRectF(self.rect())
        colour = self._theme.colour
        paint.draw_box(painter, box, 13, None, colour("lineStrong" if self.isChecked() else "line"))
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 13)
        font = self._theme.font("caption")
        paint.draw_text(painter, box.adjusted(10.5, 0, 0, 0), font, colour("disabled"), self.text())


class TaskChips(QWidget):
    """All tasks, of which one is chosen. Arrow keys move between them."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._chips: list[TaskChip] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.buttonClicked.connect(self._clicked)
        self.setAccessibleName("Tasks")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    # properties

    @property
    def task(self) -> TaskInfo | None:
        """The chosen task."""
        return next((chip.task for chip in self._chips if chip.isChecked()), None)

    # methods

    def set_tasks(self, tasks: Sequence[TaskInfo]) -> None:
        """Offer these tasks. The chosen one stays chosen where it is still among them."""
        if [chip.task for chip in self._chips] == list(tasks):
            return
        before = self.task
        for chip in self._chips:
            self._group.removeButton(chip)
            chip.setParent(None)
            chip.deleteLater()
        self._chips = [TaskChip(self._theme, task, self) for task in tasks]
        for chip in self._chips:
            self._group.addButton(chip)
            chip.show()
        self.choose(before.id if before else "")
        if self.task is None:
            first = next((task for task in tasks if not task.closed), tasks[0] if tasks else None)
            self.choose(first.id if first else "")
        self._flow(self.width())
        self.updateGeometry()

    def choose(self, task: str) -> None:
        """Choose a task without saying so; an unknown one changes nothing."""
        for chip in self._chips:
            if chip.task.id == task:
                chip.setChecked(True)

    def title_of(self, task: str) -> str:
        """A task's title, or its id where it is not offered any more."""
        return next((chip.task.title for chip in self._chips if chip.task.id == task), task)

    def set_blocked(self, why: str) -> None:
        """Mark the chosen task as blocked by a rule, or none where there is no reason."""
        for chip in self._chips:
            chip.set_blocked(bool(why) and chip.isChecked(), why or chip.task.closed or chip.task.hint)

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return list(self._chips)

    # slots

    def _clicked(self, chip: TaskChip) -> None:
        self.chosen.emit(chip.task.id)

    # events

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._flow(width, move=False)

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 120 else 360
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 26)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._flow(self.width())

    # internals

    def _flow(self, width: int, *, move: bool = True) -> int:
        """Lay the chips out and answer the height that they take."""
        x = y = 0
        for chip in self._chips:
            size = chip.sizeHint()
            if x and x + size.width() > width:
                x, y = 0, y + size.height() + _GAP_PX
            if move:
                chip.setGeometry(x, y, min(size.width(), max(40, width)), size.height())
                chip.move(QPoint(x, y))
            x += size.width() + _GAP_PX
        return y + 26 if self._chips else 0
