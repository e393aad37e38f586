"""What a person says of a sound: temp or cleared, when it comes in and later; and a lane's name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from studio_assist.desk.kit import Button, Field, Label, Sheet
from studio_assist.desk.record.parts import facts
from studio_assist.desk.theme import Theme
from studio_assist.domain.animatic import Sound

_TEMP_MEANS: Final = (
    "Temp sound stands in for another one: temp music, or a voice that a program made. It is amber on the "
    "timeline and keeps a final export shut. Cleared sound may be delivered. Either is recorded under your "
    "name, and can be said otherwise later."
)


class SoundComesIn(Sheet):
    """Asks of a file that is brought in whether it is temp. No answer is given by itself.

    Signals:
        answered: temp or not.
    """

    answered = Signal(bool)

    def __init__(self, theme: Theme, window: QWidget, file: Path, lane: str, person: str) -> None:
        super().__init__(
            theme, window, "Bring in a sound", subtitle=f"{file.name}, on {lane}", icon="music", width_px=520
        )
        self.setObjectName("sound_comes_in")
        self.body.addWidget(Label(theme, _TEMP_MEANS, "body", "text2", wrap=True))
        self.footer.addWidget(Label(theme, f"Said by {person}.", "caption", "text3"), 1)
        # The safe answer comes first; neither is pressed by Enter from elsewhere.
        self.temp: Final = Button(theme, "Temp", name="Temp sound, not for delivery")
        self.cleared: Final = Button(theme, "Cleared for delivery")
        cancel = Button(theme, "Cancel", key="Esc", kind="ghost")
        for button in (cancel, self.temp, self.cleared):
            self.footer.addWidget(button)
        cancel.clicked.connect(self.dismiss)
        self.temp.clicked.connect(lambda: self._answer(temp=True))
        self.cleared.clicked.connect(lambda: self._answer(temp=False))
        self.closed.connect(self.deleteLater)

    # methods

    def open(self) -> None:
        super().open()
        self.temp.setFocus(Qt.FocusReason.PopupFocusReason)

    # internals

    def _answer(self, *, temp: bool) -> None:
        self.dismiss()
        self.answered.emit(temp)


class MarkSoundSheet(Sheet):
    """Asks once more before a sound is said to be temp, or cleared.

    Signals:
        confirmed: it is so.
    """

    confirmed = Signal()

    def __init__(
        self, theme: Theme, window: QWidget, sound: Sound, temp: bool, clips: int, person: str
    ) -> None:
        title = "Mark this sound as temp" if temp else "This sound is cleared for delivery"
        super().__init__(theme, window, title, icon="warning" if temp else "shield-check", width_px=520)
        self.setObjectName("mark_sound")
        how = "Recorded here" if sound.how == "recorded" else "Brought in"
        rows = [("Sound", sound.name), ("Length", f"{sound.seconds:.1f} s")]
        rows.append(("Plays in", "1 clip" if clips == 1 else f"{clips:,} clips"))
        rows.append((how, f"by {sound.by}" if sound.by else "It is not known by whom"))
        self.body.addLayout(facts(theme, tuple(rows)))
        means = (
            "It turns amber on the timeline, and no final export goes out with it."
            if temp
            else "You say that this sound may go out with a delivery: that it is no stand-in, and that its "
            "rights are yours to use."
        )
        self.body.addWidget(Label(theme, means, "body", "text2", wrap=True))
        self.body.addWidget(
            Label(
                theme,
                "The record keeps what you say. Saying otherwise later is kept too.",
                "caption",
                "text3",
            )
        )
        self.footer.addWidget(Label(theme, f"Said by {person}.", "caption", "text3"), 1)
        cancel = Button(theme, "Leave it as it is", key="Esc")
        self.go: Final = Button(theme, "Mark as temp" if temp else "It is cleared")
        cancel.clicked.connect(self.dismiss)
        self.go.clicked.connect(self._go)
        self.footer.addWidget(cancel)
        self.footer.addWidget(self.go)
        self.closed.connect(self.deleteLater)

    # internals

    def _go(self) -> None:
        self.dismiss()
        self.confirmed.emit()


class LaneNameSheet(Sheet):
    """Asks for a lane's name.

    Signals:
        named: what was typed.
    """

    named = Signal(str)

    def __init__(self, theme: Theme, window: QWidget, name: str) -> None:
        super().__init__(theme, window, "Rename the lane", icon="pencil", width_px=420)
        self.setObjectName("lane_name")
        self.field: Final = Field(theme, "Name of the lane", text=name)
        self.field.setMaxLength(80)
        self.field.selectAll()
        self.field.returnPressed.connect(self._go)
        self.field.textChanged.connect(self._check)
        self.body.addWidget(self.field)
        cancel = Button(theme, "Cancel", key="Esc")
        self.go: Final = Button(theme, "Rename")
        cancel.clicked.connect(self.dismiss)
        self.go.clicked.connect(self._go)
        self.footer.addStretch(1)
        self.footer.addWidget(cancel)
        self.footer.addWidget(self.go)
        self.closed.connect(self.deleteLater)

    # internals

    def _check(self, text: str) -> None:
        self.go.setEnabled(bool(text.strip()))

    def _go(self) -> None:
        name = self.field.text().strip()
        if name:
            self.dismiss()
            self.named.emit(name)
