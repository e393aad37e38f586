"""A table of what two copies say of one entry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from studio_assist.desk.kit import Label, paint
from studio_assist.desk.theme import Theme
from studio_assist.protocol import FieldDiffers

_NONE: Final = "not there"
#: A hash is told by its ends; whoever needs all of it has it in the ledger's file.
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class _Cell(QWidget):
    """Words in a cell; on red ground where the two copies differ."""

    def __init__(self, theme: Theme, words: str, role: str, token: str, *, red: bool = False) -> None:
        super().__init__()
        self._theme: Final = theme
        self._red: Final = red
        column = QGridLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        label = Label(theme, words, role, token, wrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(label, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._red:
            painter.fillRect(self.rect(), self._theme.colour("redGround"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.colour("line"))


class DifferenceTable(QWidget):
    """Field by field, what the copy has and what was found here. Only what differs is red."""

    def __init__(self, theme: Theme, there: str, here: str, rows: Sequence[FieldDiffers]) -> None:
        super().__init__()
        self._theme: Final = theme
        self.setObjectName("difference_table")
        self.setAccessibleName("What differs")
        grid = QGridLayout(self)
        grid.setContentsMargins(1, 1, 1, 1)
        grid.setSpacing(0)
        grid.setColumnMinimumWidth(0, 96)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        heads = (("", "text3"), (there, "text"), (here, "redText"))
        for at, (words, token) in enumerate(heads):
            grid.addWidget(_Cell(theme, words, "captionStrong", token), 0, at)
        for at, row in enumerate(rows, 1):
            differs = row.here != row.there
            grid.addWidget(_Cell(theme, row.name, "caption", "text3"), at, 0)
            grid.addWidget(_Cell(theme, _shown(row.there), "caption", "text"), at, 1)
            role, token = ("captionStrong", "redText") if differs else ("caption", "text")
            grid.addWidget(_Cell(theme, _shown(row.here), role, token, red=differs), at, 2)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        box = self.rect().toRectF()
        paint.draw_box(QPainter(self), box, 6, None, self._theme.colour("line"))


def _shown(words: str | None) -> str:
    return _HASH.sub(lambda found: _short(found[0]), words) if words else _NONE


def _short(digest: str) -> str:
    return f"{digest[:4]} {digest[4:8]} … {digest[-4:]}"
