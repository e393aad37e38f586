"""Small parts that the sheets of the record are made of."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio_assist.desk.kit import Card, IconLabel, Label, LinkButton
from studio_assist.desk.theme import Theme


class Outcome(Card):
    """What became of something, where it was asked for. Hidden until there is something to say.

    Signals:
        followed: its link was pressed.
    """

    followed = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, "surface2", 6, None)
        self.setObjectName(name)
        self._icon: Final = IconLabel(theme, "check", "text2", 16)
        self._words: Final = Label(theme, "", "caption", "text", wrap=True)
        self.link: Final = LinkButton(theme, "")
        self.link.clicked.connect(self.followed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 10, 9)
        row.setSpacing(9)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        row.addWidget(self.link, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    # properties

    @property
    def words(self) -> str:
        """What it says."""
        return "" if self.isHidden() else self._words.plain

    # methods

    def say(self, words: str, icon: str = "check", token: str = "text2", link: str = "") -> None:
        """Say it; with a link where there is somewhere to go."""
        self._icon.set_icon(icon, token)
        self._words.set_text(words)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.link.setText(link)
        self.link.setAccessibleName(link)
        self.link.updateGeometry()
        self.link.setVisible(bool(link))
        self.setAccessibleName(words)
        self.show()

    def error(self, message: str, remedy: str) -> None:
        """Say what went wrong and what to do."""
        self.say(f"{message} {remedy}".strip(), "warning")

    def clear(self) -> None:
        """Take back what was said."""
        self._words.set_text("")
        self.hide()


def titled(theme: Theme, title: str, *rows: QWidget) -> QVBoxLayout:
    """A part of a sheet under its title."""
    column = QVBoxLayout()
    column.setSpacing(6)
    column.addWidget(Label(theme, title, "captionMedium", "text2"))
    for row in rows:
        column.addWidget(row)
    return column


def facts(theme: Theme, rows: tuple[tuple[str, str], ...], first_px: int = 118) -> QGridLayout:
    """Names and what they stand for, in two columns."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnMinimumWidth(0, first_px)
    grid.setColumnStretch(1, 1)
    for at, (name, words) in enumerate(rows):
        grid.addWidget(Label(theme, name, "caption", "text3"), at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Label(theme, words, "caption", "text", wrap=True), at, 1)
    return grid


def scrolling(inner: QWidget, name: str, most_px: int) -> QScrollArea:
    """Something that may be long, in a frame no higher than `most_px`."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    area.setAccessibleName(name)
    area.setWidget(inner)
    # Given to a scroll area, a widget gets a ground of its own.
    inner.setAutoFillBackground(False)
    area.setFixedHeight(min(most_px, inner.sizeHint().height() + 2))
    return area
