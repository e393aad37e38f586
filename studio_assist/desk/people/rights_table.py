"""Who may do what: the table of rights by role, to be read."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from studio_assist.desk.first_run.roles import TITLES
from studio_assist.desk.kit import Divider, IconLabel, Label
from studio_assist.desk.theme import Theme
from studio_assist.domain.people import ROLES
from studio_assist.domain.rights import RIGHTS, WORDS, Right, holders

_ROLE_PX: Final = 84
_ABOUT: Final = (
    "A right whose roles nobody on this project has is everybody's. Producer and approver are given by "
    "somebody who may; nobody takes them from under somebody else by naming themselves so."
)


class RightsTable(QWidget):
    """A row for each right, a column for each role.

    Args:
        open_rights: rights that everybody has here, for nobody has a role for them.
    """

    def __init__(self, theme: Theme, open_rights: Collection[Right]) -> None:
        super().__init__()
        self.setObjectName("rights_table")
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(0, 1)
        for column, role in enumerate(ROLES, 1):
            grid.setColumnMinimumWidth(column, _ROLE_PX)
            head = Label(theme, TITLES[role], "captionMedium", "text2")
            grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignHCenter)
        last = len(ROLES) + 1
        grid.setColumnMinimumWidth(last, 96)
        grid.addWidget(Divider(theme), 1, 0, 1, last + 1)
        for row, right in enumerate(Right, 2):
            name = Label(theme, WORDS[right], "body", "text")
            is_open = right in open_rights
            whose = "everybody here" if is_open else holders(right)
            name.setAccessibleName(f"{WORDS[right]}: {whose}")
            grid.addWidget(name, row, 0)
            for column, role in enumerate(ROLES, 1):
                if role in RIGHTS[right]:
                    mark = IconLabel(theme, "check", "text3" if is_open else "text", 16)
                    grid.addWidget(mark, row, column, Qt.AlignmentFlag.AlignCenter)
            if is_open:
                said = Label(theme, "Everybody", "caption", "text2")
                grid.addWidget(said, row, last, Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(12)
        column.addLayout(grid)
        column.addWidget(Label(theme, _ABOUT, "caption", "text3", wrap=True))
        column.addStretch(1)
