"""How long a shot lasts, typed as people say it: seconds, frames or timecode."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QWidget

from studio_assist.desk.animatic.drag import length_text
from studio_assist.desk.kit import Dropdown, Field, Label
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import BadInput
from studio_assist.domain.timebase import FrameRate, frame_of_timecode

_SECONDS: Final = re.compile(r"(\d{0,6})(?:[.,](\d{0,6}))?\s*(?:s|sec|seconds?)?", re.IGNORECASE)
_FRAMES: Final = re.compile(r"(\d{1,7})\s*(?:f|fr|frames?)", re.IGNORECASE)
_LONGEST_S: Final = 600
_REMEDY: Final = "Write seconds (3.0), frames (72f) or timecode (00:00:03:00)."


def frames_in(text: str, rate: FrameRate) -> int:
    """How many frames a typed length is.

    Raises:
        BadInput: it is no length, none at all, or longer than a shot can be.
    """
    plain = text.strip()
    if ":" in plain or ";" in plain:
        frames = frame_of_timecode(plain, rate)
    elif (found := _FRAMES.fullmatch(plain)) is not None:
        frames = int(found[1])
    else:
        found = _SECONDS.fullmatch(plain)
        if found is None or not (found[1] or found[2]):
            raise BadInput(f"{plain[:30]!r} is no length.", remedy=_REMEDY, place=plain[:30])
        seconds = Fraction(f"{found[1] or 0}.{found[2] or 0}")
        frames = round(seconds * rate.fps)
    if frames < 1:
        raise BadInput("A shot lasts at least one frame.", remedy=_REMEDY, place=plain[:30])
    if frames > _LONGEST_S * rate.fps:
        raise BadInput("A shot lasts ten minutes at most.", remedy="Make it two shots.", place=plain[:30])
    return frames


class DurationField(Dropdown):
    """A field under the board. Enter takes it, Esc leaves it; what is wrong is said in it.

    Signals:
        chosen: (frames).
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, name="Duration")
        self.setObjectName("duration_field")
        self._rate = FrameRate(num=24)
        self.title: Final = Label(theme, "", "captionMedium", "text2")
        self.field: Final = Field(theme, "Duration: seconds, frames or timecode")
        self.field.setFixedWidth(250)
        self.field.setMaxLength(40)
        self.told: Final = Label(theme, "", "caption", "text3", wrap=True)
        self.told.setFixedWidth(250)
        self.told.setMinimumHeight(50)
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop)
        for widget in (self.title, self.field, self.told):
            self.body.addWidget(widget)
        self.field.textChanged.connect(self._look)
        self.field.returnPressed.connect(self._take)

    # methods

    def ask(self, number: str, frames: int, rate: FrameRate, anchor: QRect) -> None:
        """Ask for a shot's length, under its board."""
        self._rate = rate
        self.title.set_text(f"Duration of {number}")
        # All the decimals it takes to mean these frames.
        seconds = Fraction(frames) / rate.fps
        places = next((n for n in range(1, 6) if round(round(seconds, n) * rate.fps) == frames), 6)
        self.field.setText(f"{float(seconds):.{places}f}")
        self._look()
        self.drop(anchor)
        self.show_at(anchor)
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.field.selectAll()

    # slots

    def _look(self) -> None:
        try:
            frames = frames_in(self.field.text(), self._rate)
        except BadInput as error:
            self.told.set_token("redText")
            self.told.set_text(f"{error.message} {error.remedy}")
            self.field.setAccessibleDescription(error.message)
            return
        self.told.set_token("text3")
        self.told.set_text(length_text(frames, self._rate))
        self.field.setAccessibleDescription(length_text(frames, self._rate))

    def _take(self) -> None:
        try:
            frames = frames_in(self.field.text(), self._rate)
        except BadInput:
            # It is said under the field already.
            return
        self.dismiss()
        self.chosen.emit(frames)
