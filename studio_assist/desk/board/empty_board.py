"""What the middle of the desk says while there is nothing in it, and what can be done about that."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, IconLabel, Label
from studio_assist.desk.theme import Theme

_WORDS_PX: Final = 380


class EmptyBoard(QWidget):
    """One of three: the board is being read, it has no shots, or none passes the filter.

    Signals:
        propose_wanted, new_wanted, all_wanted: its buttons.
    """

    propose_wanted = Signal()
    new_wanted = Signal()
    all_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty_board")
        self._title: Final = Label(theme, "", "sheetTitle")
        self._title.setObjectName("empty_title")
        self._words: Final = Label(theme, "", "body", "text2", wrap=True)
        self._words.setFixedWidth(_WORDS_PX)
        self.propose: Final = Button(theme, "Propose shots from the script", icon="document")
        self.propose.setObjectName("empty_propose")
        self.new: Final = Button(theme, "New shot", icon="plus", key="N")
        self.new.setObjectName("empty_new")
        self.all: Final = Button(theme, "Show all shots")
        self.all.setObjectName("empty_all")
        self.propose.clicked.connect(self.propose_wanted)
        self.new.clicked.connect(self.new_wanted)
        self.all.clicked.connect(self.all_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self.propose, self.new, self.all):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(IconLabel(theme, "board", "text3", 32), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(6)
        column.addLayout(buttons)
        column.addStretch(3)
        self.show_empty(script=True)

    # properties

    @property
    def first(self) -> QWidget:
        """What takes the focus: the first button that does something here."""
        buttons = (self.new, self.all, self.propose)
        return next((one for one in buttons if not one.isHidden() and one.isEnabled()), self)

    # methods

    def show_empty(self, *, script: bool, why_not: str = "") -> None:
        """The board has no shots. `script`: there is one that shots can be proposed from."""
        self._title.set_text("No shots yet")
        self._words.set_text(
            "Rules can propose shots from the script, and you take them one by one. Or begin with a shot of "
            "your own: draw in it, drop a file on it, or ask for frames."
        )
        self._words.setFixedHeight(self._words.heightForWidth(_WORDS_PX))
        self.propose.setEnabled(script and not why_not)
        self.propose.setToolTip(why_not or ("" if script else "The script has no words yet"))
        self.new.setEnabled(not why_not)
        self.new.setToolTip(why_not)
        self._show(propose=True, new=True)

    def show_filtered(self) -> None:
        """There are shots, and none passes."""
        self._title.set_text("No shot matches")
        self._words.set_text("The chips, the filter or the chosen scene leave nothing to show.")
        self._show(all_=True)

    def show_loading(self) -> None:
        """The first page is still to come."""
        self._title.set_text("Reading the board")
        self._words.set_text("")
        self._show()

    # internals

    def _show(self, *, propose: bool = False, new: bool = False, all_: bool = False) -> None:
        self.propose.setVisible(propose)
        self.new.setVisible(new)
        self.all.setVisible(all_)
