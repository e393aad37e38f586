"""Documents that are chosen or dropped in a sheet; they are copied into the project when it is signed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.clear.drop_here import DropHere
from studio_assist.desk.kit import ElidedLabel, IconButton, IconLabel
from studio_assist.desk.theme import Theme

KINDS: Final = "Documents (*.pdf *.eml *.msg *.txt *.png *.jpg *.jpeg *.docx);;All files (*)"


class FilesPart(QWidget):
    """The chosen files, and the place to choose or drop them.

    Args:
        many: more than one may be chosen.

    Signals:
        changed: by the person.
    """

    changed = Signal()

    def __init__(self, theme: Theme, words: str, *, many: bool) -> None:
        super().__init__()
        self._theme: Final = theme
        self._many: Final = many
        self._paths: tuple[str, ...] = ()
        self.drop: Final = DropHere(theme, words)
        self.drop.setObjectName("files_drop")
        self.drop.clicked.connect(self._browse)
        self.drop.dropped.connect(self.add)
        self._rows: Final = QVBoxLayout()
        self._rows.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._rows)
        column.addWidget(self.drop)

    # properties

    @property
    def paths(self) -> tuple[str, ...]:
        """What was chosen."""
        return self._paths

    # methods

    def add(self, paths: Sequence[str]) -> None:
        """Take these in; where there is one only, the last of them takes its place."""
        new = list(dict.fromkeys([*self._paths, *paths])) if self._many else list(paths)[-1:]
        self._show(new)

    # slots

    def _browse(self) -> None:
        home = str(Path(self._paths[-1]).parent) if self._paths else str(Path.home())
        if self._many:
            chosen, _ = QFileDialog.getOpenFileNames(self, "Choose documents", home, KINDS)
        else:
            one, _ = QFileDialog.getOpenFileName(self, "Choose the document", home, KINDS)
            chosen = [one] if one else []
        if chosen:
            self.add(chosen)

    # internals

    def _show(self, paths: Sequence[str]) -> None:
        self._paths = tuple(paths)
        while (item := self._rows.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for path in self._paths:
            self._rows.addWidget(self._row(path))
        self.changed.emit()

    def _row(self, path: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(IconLabel(self._theme, "document", "text2", 14))
        line.addWidget(ElidedLabel(self._theme, path, "caption", "text"), 1)
        name = f"Remove {Path(path).name}"
        away = IconButton(self._theme, "cross", name, size_px=22, icon_px=12, token="text3")
        away.clicked.connect(lambda: self._show([one for one in self._paths if one != path]))
        line.addWidget(away)
        return row
