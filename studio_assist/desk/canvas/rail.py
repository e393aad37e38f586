"""The tools, down the left edge."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_assist.desk.canvas.controls import ColourDisc, ToolButton
from studio_assist.desk.canvas.hand import Tool, is_tool
from studio_assist.desk.kit import Divider, Panel
from studio_assist.desk.theme import Theme

#: Tool to icon, name and key.
TOOLS: Final[dict[Tool, tuple[str, str, str]]] = {
    "pen": ("pencil", "Pen", "B"),
    "eraser": ("eraser", "Eraser", "X"),
    "move": ("move", "Move layer or selection", "V"),
    "select": ("select", "Select", "M"),
    "pick": ("drop", "Pick up a colour", "C"),
}


class ToolRail(Panel):
    """Pen, eraser, move, select, colour, onion skin; undo and redo at the foot.

    Signals:
        chosen: a `Tool`.
        onion: whether neighbours are to shine through.
        colour_wanted, undo, redo: pressed.
    """

    chosen = Signal(str)
    onion = Signal(bool)
    colour_wanted = Signal()
    undo = Signal()
    redo = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface1", "r")
        self.setFixedWidth(52)
        self.setAccessibleName("Tools")
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 8, 6, 8)
        column.setSpacing(4)
        self._tools: Final[dict[str, ToolButton]] = {}
        for tool, (icon, name, key) in TOOLS.items():
            button = ToolButton(theme, icon, name, key)
            button.setObjectName(f"tool_{tool}")
            button.clicked.connect(lambda _checked=False, one=button: self._choose(one))
            self._tools[tool] = button
            column.addWidget(button)
        self._onion: Final = ToolButton(theme, "onion", "Onion skin", "O")
        self._onion.setObjectName("tool_onion")
        self._onion.set_quiet(True)
        self._onion.clicked.connect(self.onion.emit)
        column.addWidget(self._onion)
        column.addSpacing(3)
        line = QWidget()
        inner = QVBoxLayout(line)
        inner.setContentsMargins(6, 0, 6, 0)
        inner.addWidget(Divider(theme, token="lineStrong"))
        column.addWidget(line)
        self.disc: Final = ColourDisc(theme)
        self.disc.setObjectName("colour_disc")
        self.disc.clicked.connect(self.colour_wanted)
        column.addWidget(self.disc, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._undo: Final = self._step(theme, column, "undo", "Undo", "Ctrl+Z")
        self._redo: Final = self._step(theme, column, "redo", "Redo", "Ctrl+Shift+Z")
        self._undo.clicked.connect(self.undo)
        self._redo.clicked.connect(self.redo)
        self.show_tool("pen")
        self.set_steps(undo=False, redo=False)

    # methods

    def show_tool(self, tool: Tool) -> None:
        """Show which tool is in the hand."""
        for one, button in self._tools.items():
            button.setChecked(one == tool)

    def show_onion(self, on: bool) -> None:
        self._onion.setChecked(on)

    def set_steps(self, *, undo: bool, redo: bool) -> None:
        """Whether there is anything to undo and redo."""
        self._undo.setEnabled(undo)
        self._redo.setEnabled(redo)

    def set_read_only(self, why: str) -> None:
        """Only look: the tools say why."""
        for tool, button in self._tools.items():
            button.setEnabled(not why)
            _icon, name, key = next(words for one, words in TOOLS.items() if one == tool)
            button.setToolTip(why or f"{name} ({key})")
        self.disc.setEnabled(not why)

    # internals

    def _choose(self, button: ToolButton) -> None:
        tool = next(tool for tool, one in self._tools.items() if one is button)
        if is_tool(tool):
            self.show_tool(tool)
            self.chosen.emit(tool)

    @staticmethod
    def _step(theme: Theme, column: QVBoxLayout, icon: str, name: str, keys: str) -> ToolButton:
        button = ToolButton(theme, icon, name, "", checkable=False)
        button.setObjectName(f"canvas_{icon}")
        button.setToolTip(f"{name} ({keys})")
        column.addWidget(button)
        return button
