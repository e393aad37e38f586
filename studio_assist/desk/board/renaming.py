"""A field beside a card to name its shot in a few words."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QWidget

from studio_assist.desk.kit import Dropdown, Field, Label
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import Shot

#: More than any list can show.
TITLE_LETTERS: Final = 200


class RenamePopover(Dropdown):
    """Enter keeps the title, Esc leaves it as it was.

    Signals:
        named: the title as typed.
    """

    named = Signal(str)

    def __init__(self, theme: Theme, window: QWidget, shot: Shot) -> None:
        super().__init__(theme, window, name=f"Title of shot {shot.number}")
        self.setObjectName("rename_popover")
        self.body.addWidget(Label(theme, f"Title of {shot.number}", "meta", "text3"))
        self.field: Final = Field(theme, f"Title of shot {shot.number}", text=shot.title)
        self.field.setObjectName("rename_field")
        self.field.setMinimumWidth(240)
        self.field.setMaxLength(TITLE_LETTERS)
        self.field.returnPressed.connect(self._keep)
        self.body.addWidget(self.field)
        self.closed.connect(self.deleteLater)

    # methods

    def open_at(self, anchor: QRect) -> None:
        """Show it beside `anchor`, in its window's coordinates."""
        self.drop(anchor)
        self.show_at(anchor)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    # slots

    def _keep(self) -> None:
        text = self.field.text()
        self.dismiss()
        self.named.emit(text)
