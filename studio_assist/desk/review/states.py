"""What stands in place of the rows where there are none, and the line of work over them."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, IconLabel, Label, Panel, ProgressBar
from studio_assist.desk.theme import Theme
from studio_assist.protocol import ReviewState

Does = Literal["", "clear", "every", "again", "anew"]
_WORDS: Final[dict[Does, str]] = {
    "clear": "Clear filters",
    "every": "Show every entry",
    "again": "Try again",
    "anew": "Make the list anew",
}

_WORDS_PX: Final = 400


class NoRows(Panel):
    """Says why there are no rows, and what can be done.

    Signals:
        wanted: "clear", "every", "again" or "anew".
    """

    wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface0", "", parent)
        self.setObjectName("review_empty")
        self._does: Does = ""
        self._icon: Final = IconLabel(theme, "review", "text3", 24)
        self._title: Final = Label(theme, "", "sheetTitle")
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words: Final = Label(theme, "", "body", "text2", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words.setFixedWidth(_WORDS_PX)
        self.button: Final = Button(theme, "")
        self.button.setObjectName("review_empty_does")
        self.button.clicked.connect(lambda: self.wanted.emit(self._does))
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for one in (self._icon, self._title, self._words, self.button):
            column.addWidget(one, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    # properties

    @property
    def words(self) -> str:
        """What it says."""
        return f"{self._title.plain}. {self._words.plain}"

    # methods

    def say(self, title: str, words: str, does: Does = "", icon: str = "review") -> None:
        """Say it."""
        self._does = does
        self._icon.set_icon(icon, "text3")
        self._title.set_text(title)
        self._words.set_text(words)
        # In the middle of a column a label is asked for no height of its own at a width.
        self._words.setFixedHeight(self._words.heightForWidth(_WORDS_PX))
        self.button.setVisible(bool(does))
        if does:
            self.button.set_text(_WORDS[does])
        self.setAccessibleName(self.words)


class MakingLine(Panel):
    """A line over the rows while the list is being made: they come as they are read."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface1", "b", parent)
        self.setObjectName("review_making")
        self.setFixedHeight(28)
        self._words: Final = Label(theme, "", "caption", "text2")
        self._bar: Final = ProgressBar(theme, width_px=120)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 1)
        row.setSpacing(10)
        row.addWidget(self._words)
        row.addWidget(self._bar)
        row.addStretch(1)
        self.hide()

    # methods

    def show_state(self, state: ReviewState | None) -> None:
        """Show how far the list has come; nothing once it is ready."""
        making = state is not None and state.state == "building"
        self.setVisible(making)
        if making and state is not None:
            self._words.set_text(f"Reading the record: {state.entries:,} of {state.size:,}")
            self._bar.set_share(state.share)
            self.setAccessibleName(self._words.plain)
