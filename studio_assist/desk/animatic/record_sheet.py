"""Record a voice while the animatic plays: a count-in, a meter, and what becomes of the take.

The sheet stands below the picture and dims nothing, for whoever speaks looks at it. Nothing is kept without a
press, and a take that waits for one keeps the sheet open.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_assist.desk.animatic.audio import AudioOut
from studio_assist.desk.animatic.level_meter import TOO_LOUD, LevelMeter
from studio_assist.desk.animatic.recorder import Recorder, Take, trimmed
from studio_assist.desk.animatic.sound_device import Microphone
from studio_assist.desk.kit import (
    Button,
    Combo,
    Field,
    Label,
    PrimaryButton,
    ProgressBar,
    Sheet,
    Swatch,
)
from studio_assist.desk.record.parts import Outcome
from studio_assist.desk.record.work import Work
from studio_assist.desk.theme import Theme
from studio_assist.domain.animatic import FIRST_TRACKS, Animatic, Clip, ClipId
from studio_assist.domain.errors import StudioError
from studio_assist.domain.timebase import SAMPLE_RATE, FrameRate, sample_of, timecode
from studio_assist.domain.timeline import Placed
from studio_assist.interchange.sound_wav import Pcm, open_pcm

_COUNT_IN_S: Final = 1.0
_TICK_MS: Final = 40
_WIDTH_PX: Final = 640
_BOTTOM_PX: Final = 46


class Stage(Protocol):
    """The player that plays along."""

    def play_from(self, frame: int) -> None:
        """Play from a frame on at its own speed."""
        ...

    def stop(self) -> None: ...

    def position(self) -> int:
        """The sample of the animatic that is seen and heard now."""
        ...


class RecordSheet(Sheet):
    """Records scratch dialogue from a frame on.

    Args:
        folder: the project's `recovery` folder.
        stage: what plays along.
        frame: where it begins.
        name: what the recording is called, unless the person says otherwise.

    Signals:
        kept: (WAV file, its name, the frame where it begins): the person keeps it.
    """

    kept = Signal(Path, str, int)

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        folder: Path,
        stage: Stage,
        frame: int,
        rate: FrameRate,
        name: str = "Scratch dialogue",
        *,
        backend: str | None = None,
    ) -> None:
        super().__init__(
            theme,
            window,
            "Record scratch dialogue",
            subtitle=f"From {timecode(frame, rate)} on, while the animatic plays.",
            icon="mic",
            width_px=_WIDTH_PX,
        )
        self.setObjectName("record_sheet")
        self._stage: Final = stage
        self._frame: Final = frame
        self._first: Final = sample_of(frame, rate)
        self._recorder: Final = Recorder(folder, self, backend=backend)
        self._recorder.found.connect(self._show_found)
        self._recorder.stopped.connect(self._ended)
        self._audio: AudioOut | None = None
        self._backend: Final = backend
        self._microphones: tuple[Microphone, ...] = ()
        #: When the count-in ends, and when the animatic began to play along; by the machine's clock.
        self._counting_to: float | None = None
        self._rolled_at: float | None = None
        #: The file of the take that waits for a press.
        self._waiting: Path | None = None
        self._busy = False
        self._timer: Final = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._end_of_take: Final = QTimer(self)
        self._end_of_take.setSingleShot(True)
        self._end_of_take.timeout.connect(self._hush)
        self._build_body(theme, name)
        self._build_footer(theme)
        self._show()

    # properties

    @property
    def is_recording(self) -> bool:
        return self._recorder.take is not None

    @property
    def has_take(self) -> bool:
        """Whether a take waits for a press."""
        return self._waiting is not None

    # methods

    def open(self) -> None:
        super().open()
        self._look()

    def dismiss(self) -> None:
        if self.is_recording:
            self.stop()
        elif self.has_take or self._busy:
            self.outcome.say("Keep this take, or discard it.", "info")
        else:
            self._let_go()
            super().dismiss()

    def record(self) -> None:
        """Begin: the microphone, then the count-in, then the animatic."""
        if self.is_recording or self.has_take or self._busy or not self._microphones:
            return
        self._hush()
        self.outcome.clear()
        self._counting_to = self._rolled_at = None
        self._recorder.start(self._microphones[max(0, self.device.currentIndex())])
        self._timer.start()
        self._show()

    def stop(self) -> None:
        """End the take."""
        self._stage.stop()
        self._recorder.stop()

    def listen(self) -> None:
        """Play the take."""
        if self._waiting is None:
            return
        try:
            clips, animatic = _alone(open_pcm(self._waiting))
        except StudioError as error:
            self.outcome.error(error.message, error.remedy)
            return
        if self._audio is None:
            self._audio = AudioOut(self, backend=self._backend)
            self._audio.failed.connect(self.outcome.error)
        file = self._waiting
        self._audio.load(clips, animatic, lambda _sound: file)
        self._audio.start(0)
        self._end_of_take.start(clips[0].end * 1000 // SAMPLE_RATE + 500)

    def keep(self) -> None:
        """Keep the take."""
        if self._waiting is not None:
            file, self._waiting = self._waiting, None
            self._let_go()
            super().dismiss()
            self.kept.emit(file, self.called.text().strip(), self._frame)

    def discard(self) -> None:
        """Throw the take away."""
        if self._waiting is not None:
            file, self._waiting = self._waiting, None
            self._hush()
            self._busy = True
            Work(lambda: file.unlink(missing_ok=True), self, self._discarded, self._failed).start()
            self._show()

    def close_down(self) -> None:
        """The window closes: what is recorded stays as a file, and is offered when the project is opened."""
        self._let_go()

    # slots

    def _show_found(self, found: tuple[Microphone, ...], message: str, remedy: str) -> None:
        self._microphones = found
        self.device.clear()
        self.device.addItems([one.name for one in found])
        self.device.updateGeometry()
        if message:
            self.outcome.say(f"{message} {remedy}", "warning", link="Look again")
        else:
            self.outcome.clear()
        self._show()
        if found and not self.is_recording:
            self.go.setFocus()

    def _tick(self) -> None:
        take = self._recorder.take
        if take is None:
            return
        now = time.monotonic()
        level = take.level()
        self.meter.show_level(level)
        if level >= TOO_LOUD:
            self.outcome.say("Too loud: move away from the microphone, or turn it down.", "warning")
        if self._rolled_at is not None:
            position = self._stage.position()
            # Until its first sample is heard the position stands.
            if position > self._first:
                take.align(position)
            self._say_time(now - self._rolled_at)
        elif take.began_at is not None:
            if self._counting_to is None:
                self._counting_to = now + _COUNT_IN_S
            left = self._counting_to - now
            self.count.set_share(1 - left / _COUNT_IN_S)
            if left <= 0:
                self._rolled_at = now
                self._stage.play_from(self._frame)
            self._show()

    def _ended(self, take: Take | None, message: str, remedy: str) -> None:
        self._timer.stop()
        self._stage.stop()
        self.meter.show_level(0)
        if message:
            self.outcome.error(message, remedy)
        rolled, self._rolled_at = self._rolled_at, None
        if take is None or rolled is None:
            # Stopped within the count-in: nobody has said anything yet.
            if take is not None:
                Work(
                    lambda: take.path.unlink(missing_ok=True), self, lambda _done: None, self._failed
                ).start()
            self._show()
            return
        if not take.is_aligned:
            take.align(self._first, rolled)
        self._busy = True
        first = take.first_of(self._first)
        Work(lambda: trimmed(take, first), self, self._trimmed, self._failed).start()
        self._show()

    def _trimmed(self, file: Path) -> None:
        self._busy = False
        self._waiting = file
        self._show()
        self.hear.setFocus()

    def _discarded(self, _done: object) -> None:
        self._busy = False
        self.outcome.say("Discarded.", "check")
        self._show()
        self.go.setFocus()

    def _failed(self, error: StudioError) -> None:
        self._busy = False
        self.outcome.error(error.message, error.remedy)
        self._show()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        """No scrim: the picture is looked at while it plays."""

    # internals

    def _fit(self) -> None:
        super()._fit()
        self.card.move(self.card.x(), max(24, self._window.height() - self.card.height() - _BOTTOM_PX))

    def _build_body(self, theme: Theme, name: str) -> None:
        self.device = Combo(theme, "Microphone", height_px=30, width_px=_WIDTH_PX - 42)
        self.body.addWidget(self.device)
        row = QHBoxLayout()
        row.setSpacing(12)
        self.words = Label(theme, "", "strong", "text")
        self.meter = LevelMeter(theme, width_px=260)
        self.dot = Swatch(theme, "red", 10, 10)
        row.addWidget(self.dot)
        row.addWidget(self.words, 1)
        row.addWidget(self.meter)
        self.body.addLayout(row)
        self.count = ProgressBar(theme, width_px=_WIDTH_PX - 42, height_px=6)
        self.body.addWidget(self.count)
        self.called = Field(theme, "Name of the recording", text=name)
        self.body.addWidget(self.called)
        self.outcome = Outcome(theme, "record_outcome")
        self.outcome.followed.connect(self._look)
        self.body.addWidget(self.outcome)

    def _build_footer(self, theme: Theme) -> None:
        self.discarding = Button(theme, "Discard")
        self.discarding.clicked.connect(self.discard)
        self.hear = Button(theme, "Listen again", icon="play")
        self.hear.clicked.connect(self.listen)
        self.keeping = Button(theme, "Keep it", icon="check")
        self.keeping.clicked.connect(self.keep)
        self.cancel = Button(theme, "Cancel", key="Esc")
        self.cancel.clicked.connect(self.dismiss)
        self.go = PrimaryButton(theme, "Record", icon="mic")
        self.go.clicked.connect(self.record)
        self.halt = PrimaryButton(theme, "Stop", icon="stop", key="Esc")
        self.halt.clicked.connect(self.stop)
        self.footer.addStretch(1)
        for button in (self.hear, self.discarding, self.keeping, self.cancel, self.go, self.halt):
            self.footer.addWidget(button)

    def _show(self) -> None:
        """What can be done now, and what goes on."""
        records, waits = self.is_recording, self.has_take
        counting = records and self._rolled_at is None
        self.meter.setVisible(records)
        self.count.setVisible(counting)
        self.called.setVisible(waits)
        decides = waits or self._busy
        idle = not (records or decides)
        for button in (self.hear, self.discarding, self.keeping):
            button.setVisible(decides)
            button.setEnabled(waits)
        for button, shown in (
            (self.cancel, idle),
            (self.go, idle),
            (self.halt, records),
        ):
            button.setVisible(shown)
        self.device.setVisible(idle and bool(self._microphones))
        self.go.setEnabled(bool(self._microphones))
        self.dot.setVisible(records and not counting)
        if counting:
            self.words.set_text("Get ready" if self._counting_to is not None else "Opening the microphone")
            self.halt.setFocus()
        elif waits:
            self.words.set_text("Listen to the take, then keep it or discard it.")
        elif self._busy:
            self.words.set_text("One moment")
        elif not records:
            ready = "Recording begins after a count of one second." if self._microphones else ""
            self.words.set_text(ready)
        self.words.setVisible(bool(self.words.plain))

    def _say_time(self, seconds: float) -> None:
        minutes, rest = divmod(int(seconds), 60)
        self.words.set_text(f"Recording, {minutes}:{rest:02}")

    def _look(self) -> None:
        self.outcome.say("Looking for microphones.", "clock")
        self._recorder.look()

    def _hush(self) -> None:
        if self._audio is not None:
            self._audio.stop()
        self._end_of_take.stop()

    def _let_go(self) -> None:
        self._timer.stop()
        self._end_of_take.stop()
        self._recorder.close()
        if self._audio is not None:
            self._audio.close()
            self._audio = None


def _alone(pcm: Pcm) -> tuple[tuple[Placed, ...], Animatic]:
    """One take as an animatic of its own."""
    track = FIRST_TRACKS[0]
    clip = Clip(id=ClipId("take"), track=track.id, sound="0" * 64, length=len(pcm))
    return (Placed(clip, 0),), Animatic(tracks=(track,), clips=(clip,))
