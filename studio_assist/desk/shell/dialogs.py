"""Sheets of the frame itself: an error that a person can mend, a bug, the keys, about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio_assist import __version__
from studio_assist.desk.kit import Button, KeyHint, Label, PrimaryButton, Sheet, TextField
from studio_assist.desk.shell.commands import Command, Commands, keys_text
from studio_assist.desk.shell.notices import Action
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError

#: What kind of thing happened, as the sheet's title.
_TITLE: Final = {
    "refusal": "A rule said no",
    "bad_input": "This cannot be read",
    "unavailable": "Not available just now",
    "conflict": "Changed on disk",
    "damaged": "A file is damaged",
}


class ErrorSheet(Sheet):
    """An error with its place and what to do about it. Nothing on it is done by Enter alone.

    Signals:
        acted: the id of the action that was pressed, after its handler.
    """

    acted = Signal(str)

    def __init__(
        self, theme: Theme, window: QWidget, error: StudioError, actions: Sequence[Action] = ()
    ) -> None:
        refused = error.kind == "refusal"
        super().__init__(
            theme,
            window,
            _TITLE.get(error.kind, "This did not work"),
            icon="shield-cross" if refused else "warning",
            icon_token="redText" if refused else "text2",
        )
        self.setObjectName("error_sheet")
        self.body.addWidget(Label(theme, error.message, "body", "text", wrap=True))
        if error.place:
            place = Label(theme, error.place, "caption", "text3", wrap=True)
            place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.body.addWidget(place)
        self.body.addWidget(Label(theme, error.remedy, "strong", "text", wrap=True))
        self.footer.addStretch(1)
        close = Button(theme, "Close", key="Esc")
        close.clicked.connect(self.dismiss)
        self.footer.addWidget(close)
        for action in actions:
            button = Button(theme, action.label)
            button.setObjectName(f"error_{action.id}")
            button.clicked.connect(lambda _checked=False, one=action: self._act(one))
            self.footer.addWidget(button)
        self.closed.connect(self.deleteLater)

    # internals

    def _act(self, action: Action) -> None:
        self.dismiss()
        if action.handler is not None:
            action.handler()
        self.acted.emit(action.id)


class BugSheet(Sheet):
    """Something that is our fault: what was kept, and the details to send to us."""

    def __init__(self, theme: Theme, window: QWidget, details: str, kept: str) -> None:
        super().__init__(
            theme,
            window,
            "A fault in Studio Assist",
            subtitle="This is a bug. You did nothing wrong.",
            icon="warning",
            width_px=620,
        )
        self.setObjectName("bug_sheet")
        self.details: Final = TextField(theme, "Details of the fault")
        self.details.setFont(theme.script_font(13))
        self.details.setReadOnly(True)
        self.details.setPlainText(details)
        self.details.setFixedHeight(180)
        self.body.addWidget(Label(theme, kept, "body", "text", wrap=True))
        self.body.addWidget(
            Label(
                theme,
                "You can go on working. To report it, copy the details; they may hold names of files, "
                "and nothing is sent by itself.",
                "caption",
                "text2",
                wrap=True,
            )
        )
        self.body.addWidget(self.details)
        self.footer.addStretch(1)
        close = Button(theme, "Close", key="Esc")
        close.clicked.connect(self.dismiss)
        copy = Button(theme, "Copy details", icon="copy")
        copy.setObjectName("copy_details")
        copy.clicked.connect(self._copy)
        self.footer.addWidget(close)
        self.footer.addWidget(copy)
        self.closed.connect(self.deleteLater)

    # slots

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())


class KeysSheet(Sheet):
    """The keys that work on this screen, by group. What is off is left out: its key does nothing."""

    def __init__(self, theme: Theme, window: QWidget, commands: Commands, desk: str, title: str) -> None:
        super().__init__(theme, window, f"Keys on this screen: {title}", width_px=720)
        self.setObjectName("keys_sheet")
        shown = [
            one
            for one in commands.all
            if one.shortcut and one.fits(desk) and (one.handler is None or commands.enabled(one.id))
        ]
        # The desk's own keys first: they are what one came to look up.
        own = [one for one in shown if one.desk]
        general = [one for one in shown if not one.desk]
        inner = QWidget()
        columns = QHBoxLayout(inner)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(32)
        half = (len(own) + len(general) + 1) // 2
        both = [*own, *general]
        for part in (both[:half], both[half:]):
            columns.addLayout(_keys_column(theme, part), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        area.setFixedHeight(min(560, inner.sizeHint().height() + 4))
        self.body.addWidget(area)
        self.footer.addStretch(1)
        close = Button(theme, "Close", key="Esc")
        close.clicked.connect(self.dismiss)
        self.footer.addWidget(close)
        self.closed.connect(self.deleteLater)


class AboutSheet(Sheet):
    """What this is, which version, and under which terms."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, "Studio Assist", subtitle=f"Version {__version__}", icon="app-mark")
        self.setObjectName("about_sheet")
        for text, token in (
            ("Temp words and temp boards for people who make the real ones.", "text"),
            (
                "A person decides. Temp stays temp. One door out. The record holds.",
                "text2",
            ),
            (
                "Apache License 2.0. Inter and Courier Prime under the SIL Open Font License 1.1. Qt for "
                "Python under the LGPL 3. The terms lie beside each part in the program's folder.",
                "text3",
            ),
        ):
            self.body.addWidget(Label(theme, text, "body", token, wrap=True))
        self.footer.addStretch(1)
        close = PrimaryButton(theme, "Close")
        close.clicked.connect(self.dismiss)
        self.footer.addWidget(close)
        self.closed.connect(self.deleteLater)


def _keys_column(theme: Theme, commands: Sequence[Command]) -> QVBoxLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(7)
    grid.setColumnStretch(0, 1)
    for row, command in enumerate(commands):
        keys = keys_text(command.shortcut) if command.handler is not None else command.shortcut
        grid.addWidget(Label(theme, command.title, "body", "text2"), row, 0)
        grid.addWidget(KeyHint(theme, keys), row, 1, Qt.AlignmentFlag.AlignRight)
    column = QVBoxLayout()
    column.addLayout(grid)
    column.addStretch(1)
    return column
