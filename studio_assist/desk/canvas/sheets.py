"""What the canvas asks a person: whether the underlay may go, what to do where a save fails, which colour."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from studio_assist.desk.canvas.controls import SwatchButton
from studio_assist.desk.canvas.job import CanvasJob
from studio_assist.desk.canvas.pen_panel import SWATCHES
from studio_assist.desk.kit import Button, Dropdown, Field, Label, Sheet
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError

#: Besides the swatches: reds, browns, greens and blues of a muted kind, for tone and costume.
MORE: Final = (
    "#7A2E2E", "#B5654A", "#C9A27E", "#8A6F52", "#5E6B46", "#7F9A76", "#3E6B6B",
    "#2F4B6E", "#5B7FA6", "#A9BFD4", "#54466B", "#8A6A8F", "#C7A9B8", "#F0E6D8",
)  # fmt: skip
_HEX: Final = re.compile(r"#?([0-9A-Fa-f]{6})\Z")


class ReplaceSheet(Sheet):
    """Names the panel and what happens. Nothing on it is done by Enter alone.

    Signals:
        confirmed: the person says that their drawing replaces the temp picture.
    """

    confirmed = Signal()

    def __init__(self, theme: Theme, window: QWidget, job: CanvasJob, permille: int) -> None:
        title = f"Mark {job.number} as replaced by human?"
        super().__init__(theme, window, title, subtitle=job.title, icon="brush")
        self.setObjectName("replace_sheet")
        share = round(permille / 10)
        for text in (
            f"The underlay is deleted from panel {job.number}, and with it the TEMP band. "
            "What is drawn on your layers stays as it is.",
            f"A ledger entry is signed in your name, {job.person.name}: the panel is your drawing, "
            f"{share} % of it by area before the underlay left.",
            "Undo brings the underlay and the band back, and is logged too.",
        ):
            self.body.addWidget(Label(theme, text, "body", "text", wrap=True))
        if permille < 500:
            self.body.addWidget(
                Label(
                    theme,
                    "Much of the panel still shows the underlay. Without it, those parts are blank paper.",
                    "caption",
                    "text2",
                    wrap=True,
                )
            )
        self.footer.addStretch(1)
        cancel = Button(theme, "Keep the underlay", key="Esc")
        cancel.setObjectName("keep_underlay")
        cancel.clicked.connect(self.dismiss)
        replace = Button(theme, "Mark as replaced by human", icon="check")
        replace.setObjectName("confirm_replaced")
        replace.clicked.connect(self._confirm)
        self.footer.addWidget(cancel)
        self.footer.addWidget(replace)
        self.closed.connect(self.deleteLater)

    # methods

    def open(self) -> None:
        super().open()
        # The focus is on the sheet itself: Enter, still held from the shortcut, presses nothing.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    # slots

    def _confirm(self) -> None:
        self.dismiss()
        self.confirmed.emit()


class LeaveSheet(Sheet):
    """The drawing could not be saved, and the person is leaving.

    Signals:
        again: try once more.
        anyway: leave; what the file does not hold is lost.
    """

    again = Signal()
    anyway = Signal()

    def __init__(self, theme: Theme, window: QWidget, error: StudioError) -> None:
        super().__init__(theme, window, "The drawing is not saved", icon="warning")
        self.setObjectName("leave_sheet")
        self.body.addWidget(Label(theme, error.message, "body", "text", wrap=True))
        if error.place:
            self.body.addWidget(Label(theme, error.place, "caption", "text3", wrap=True))
        self.body.addWidget(Label(theme, error.remedy, "strong", "text", wrap=True))
        self.footer.addStretch(1)
        for name, words, signal in (
            ("leave_anyway", "Leave, and lose these strokes", self.anyway),
            ("leave_stay", "Keep drawing", None),
            ("leave_again", "Try again", self.again),
        ):
            button = Button(theme, words, key="Esc" if signal is None else "")
            button.setObjectName(name)
            button.clicked.connect(self.dismiss)
            if signal is not None:
                button.clicked.connect(signal)
            self.footer.addWidget(button)
        self.closed.connect(self.deleteLater)


class ColourPopover(Dropdown):
    """More colours than the swatches, and a place to type one.

    Signals:
        chosen: "#RRGGBB".
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, window: QWidget, colour: str) -> None:
        super().__init__(theme, window, name="Colour")
        self.setObjectName("colour_popover")
        grid = QGridLayout()
        grid.setSpacing(5)
        names = {value: name for name, value in SWATCHES[:-1]}
        for at, value in enumerate((*names, *MORE)):
            swatch = SwatchButton(theme, names.get(value, value), value)
            swatch.setFixedWidth(28)
            swatch.clicked.connect(lambda _checked=False, one=value: self._take(one))
            grid.addWidget(swatch, at // 7, at % 7)
        self.body.addLayout(grid)
        self.field: Final = Field(theme, "Colour as #RRGGBB", text=colour.upper())
        self.field.setObjectName("colour_field")
        self.field.returnPressed.connect(self._typed)
        self.body.addWidget(self.field)
        self.closed.connect(self.deleteLater)

    # slots

    def _typed(self) -> None:
        found = _HEX.match(self.field.text().strip())
        if found:
            self._take(f"#{found.group(1).upper()}")
        else:
            self.field.selectAll()
            self.field.setToolTip("Six digits or letters A to F after #, as #1F2226")

    # internals

    def _take(self, colour: str) -> None:
        self.dismiss()
        self.chosen.emit(colour)
