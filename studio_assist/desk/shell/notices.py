"""Notices that wait under the top bar until they are dealt with, and stop nobody from working."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, IconButton, IconLabel, Label, Panel
from studio_assist.desk.theme import Theme

#: "blocked" is for what a rule stopped and for records that were altered, and is the only red one.
Severity = Literal["info", "warning", "blocked"]

_ICON: Final[dict[Severity, str]] = {"info": "info", "warning": "warning", "blocked": "ban"}


@dataclass(frozen=True, slots=True)
class Action:
    """One button of a notice or an error. Without a handler it only tells and closes."""

    id: str
    label: str
    handler: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know, with what can be done about it.

    Attributes:
        id: a notice with the same id takes its place.
        closable: False where it stays as long as it is true (a read-only window).
    """

    id: str
    severity: Severity
    text: str
    actions: tuple[Action, ...] = ()
    closable: bool = True


class Notices(QObject):
    """The notices that are up.

    Signals:
        acted: (notice id, action id), after the action's handler; "close" for the cross.
    """

    acted = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._rows: Final[dict[str, QWidget]] = {}
        self.strip: Final = QWidget(parent)
        self.strip.setObjectName("notices")
        column = QVBoxLayout(self.strip)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._column = column
        self.strip.hide()

    # properties

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the notices that are up, oldest first."""
        return tuple(self._rows)

    # methods

    def show(self, notice: Notice) -> None:
        """Put a notice up, in place of one with the same id."""
        row = _Row(self._theme, notice, self.strip)
        row.acted.connect(self._act)
        old = self._rows.get(notice.id)
        if old is None:
            self._column.addWidget(row)
        else:
            self._column.replaceWidget(old, row)
            old.hide()
            old.deleteLater()
        self._rows[notice.id] = row
        self.strip.show()

    def dismiss(self, notice: str) -> None:
        """Take a notice down, if it is up."""
        row = self._rows.pop(notice, None)
        if row is None:
            return
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.strip.setVisible(bool(self._rows))

    # slots

    def _act(self, notice: Notice, action: Action) -> None:
        # Down first: the handler may put up another notice with the same id.
        self.dismiss(notice.id)
        if action.handler is not None:
            action.handler()
        self.acted.emit(notice.id, action.id)


class _Row(Panel):
    acted = Signal(object, object)

    def __init__(self, theme: Theme, notice: Notice, parent: QWidget) -> None:
        blocked = notice.severity == "blocked"
        super().__init__(theme, "redGround" if blocked else "surface2", "b", parent)
        self.setAccessibleName(notice.text)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 10, 7)
        row.setSpacing(8)
        token = "redText" if blocked else "text2"
        row.addWidget(IconLabel(theme, _ICON[notice.severity], token, 16), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(2)
        row.addWidget(Label(theme, notice.text, "body", "redText" if blocked else "text", wrap=True), 1)
        for action in notice.actions:
            button = Button(theme, action.label, height_px=26)
            button.setObjectName(f"notice_{notice.id}_{action.id}")
            button.clicked.connect(lambda _checked=False, one=action: self.acted.emit(notice, one))
            row.addWidget(button)
        if notice.closable:
            close = IconButton(theme, "cross", "Close this notice", size_px=26, icon_px=14)
            close.clicked.connect(lambda: self.acted.emit(notice, Action("close", "Close")))
            row.addWidget(close)
