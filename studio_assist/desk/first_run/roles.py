"""Which roles somebody has: one or several of four, each with what it is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import Chip, Label
from studio_assist.desk.theme import Theme
from studio_assist.domain.people import Role

#: What each role is for, in the order they are offered.
ROLES: Final[tuple[tuple[Role, str, str], ...]] = (
    ("writer", "Writer", "Asks for temp words and decides on them."),
    ("artist", "Artist", "Asks for temp boards, decides on them and draws over them."),
    ("producer", "Producer", "Reviews what was asked, decided and sent, and says who may what."),
    ("approver", "Approver", "Clears what others ask to be cleared."),
)
TITLES: Final[dict[str, str]] = {role: title for role, title, _words in ROLES}


def roles_words(roles: Sequence[str]) -> str:
    """Roles as a line: "Writer and producer"."""
    titles = [TITLES[role].lower() for role in roles]
    joined = " and ".join(filter(None, (", ".join(titles[:-1]), titles[-1]))) if titles else "no role"
    return joined.capitalize()


class RolePicker(QWidget):
    """A chip for each role; any number may be on.

    Signals:
        changed: a role was put on or taken off.
    """

    changed = Signal()

    def __init__(self, theme: Theme, roles: Sequence[Role] = ()) -> None:
        super().__init__()
        self.chips: Final[dict[Role, Chip]] = {}
        self._words: Final = Label(theme, "", "caption", "text3", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(6)
        for role, title, words in ROLES:
            chip = Chip(theme, title)
            chip.setObjectName(f"role_{role}")
            chip.setToolTip(words)
            chip.setAccessibleDescription(words)
            chip.setChecked(role in roles)
            chip.toggled.connect(self._say)
            self.chips[role] = chip
            row.addWidget(chip)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self._words)
        self._say()

    # properties

    @property
    def roles(self) -> tuple[Role, ...]:
        """Those that are on, in the order in which they are offered."""
        return tuple(role for role, chip in self.chips.items() if chip.isChecked())

    # slots

    def _say(self) -> None:
        self._words.set_text(" ".join(words for role, _title, words in ROLES if role in self.roles))
        self._words.setVisible(bool(self.roles))
        self.changed.emit()
