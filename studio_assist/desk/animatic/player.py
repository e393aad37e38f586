"""Playing: where the playhead is, how fast it goes and between which frames; no widget and no picture."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from studio_assist.desk.animatic.clock import PlayClock
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.timeline import Cut, Timeline

#: What is played again and again: nothing, the whole range, or the selected shot.
Loop = Literal["off", "range", "shot"]
FASTEST: Final = 8


class Player(QObject):
    """The playhead.

    Signals:
        frame_changed: another frame is on.
        state_changed: it plays, stands, goes at another speed or loops another way.
    """

    frame_changed = Signal(int)
    state_changed = Signal()

    def __init__(self, clock: PlayClock, timeline: Timeline, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock: Final = clock
        self._timeline = timeline
        self._frame = 0
        self._loop: Loop = "off"
        self._shot: ShotId | None = None
        #: The clock goes on where the last frame ends: somebody is speaking.
        self._past_end = False
        self._timer: Final = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)

    # properties

    @property
    def frame(self) -> int:
        """The frame that is on."""
        return self._frame

    @property
    def cut(self) -> Cut | None:
        """The shot that is on; None where there are none."""
        return self._timeline.cuts[self._timeline.at(self._frame)] if self._timeline.cuts else None

    @property
    def timeline(self) -> Timeline:
        return self._timeline

    @property
    def speed(self) -> int:
        """1 is its own speed, negative goes backwards, 0 stands."""
        return self._clock.speed

    @property
    def is_playing(self) -> bool:
        return self.speed != 0

    @property
    def loop(self) -> Loop:
        return self._loop

    # methods

    def set_timeline(self, timeline: Timeline) -> None:
        """Shots came, went or last longer: the playhead stays in its shot, as near as it can."""
        cut, old = self.cut, self._timeline
        if _same_times(timeline, old):
            # A panel shows something else; nothing moves, and the sound is not to stumble.
            self._timeline = timeline
            return
        speed = self.speed
        frame = self._frame
        place = timeline.place(cut.shot.id) if cut is not None else None
        if cut is not None and place is not None:
            now = timeline.cuts[place]
            inside = frame - cut.start
            if old.rate != timeline.rate:
                inside = int(inside * timeline.rate.fps / old.rate.fps)
            frame = now.start + min(inside, now.frames - 1)
        self._timeline = timeline
        if self._shot is not None and timeline.place(self._shot) is None:
            self.loop_shot(None)
        self._put(frame)
        self._run(speed)

    def seek(self, frame: int) -> None:
        """Go to a frame; what plays goes on from there."""
        speed = self.speed
        self._put(frame)
        if speed:
            self._run(speed)

    def play(self) -> None:
        """Play at its own speed; from the beginning where the end was reached."""
        first, last = self._bounds()
        if not first <= self._frame < last:
            self._put(first)
        self._run(1)

    def play_along(self, frame: int) -> None:
        """Play from a frame on without loops, and keep time past the end until `pause`."""
        self.set_loop("off")
        self._put(frame)
        self._run(1)
        self._past_end = True

    def pause(self) -> None:
        """Stand on the frame that is on."""
        self._run(0)

    def toggle(self) -> None:
        """Space: play, or stand."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def shuttle(self, way: Literal[1, -1]) -> None:
        """L and J: play that way; once more is twice as fast."""
        if self.speed * way > 0:
            self._run(way * min(FASTEST, abs(self.speed) * 2))
        elif way > 0:
            self.play()
        else:
            first, last = self._bounds()
            if not first < self._frame <= last:
                self._put(last)
            self._run(-1)

    def step(self, frames: int) -> None:
        """Stand, and go some frames further or back."""
        self._run(0)
        self._put(self._frame + frames)

    def step_second(self, way: Literal[1, -1]) -> None:
        """Stand, and go as many frames as a second of timecode counts."""
        self.step(way * self._timeline.rate.nominal)

    def to_cut(self, way: Literal[1, -1]) -> None:
        """To the next shot's first frame; back to this shot's, or from there to the one before."""
        cut = self.cut
        if cut is None:
            return
        place = self._timeline.at(self._frame)
        if way > 0:
            after = place + 1 < len(self._timeline.cuts)
            self.seek(cut.end if after else self._timeline.total - 1)
        else:
            self.seek(cut.start if self._frame > cut.start else self._timeline.cuts[max(0, place - 1)].start)

    def to_end(self, way: Literal[1, -1]) -> None:
        """To the last frame, or the first."""
        self.seek(self._timeline.total - 1 if way > 0 else 0)

    def set_loop(self, loop: Loop) -> None:
        """Choose what is played again and again."""
        if loop != self._loop:
            self._loop = loop
            self.state_changed.emit()

    def next_loop(self) -> None:
        """The loop button: off, the range, the selected shot where there is one, off."""
        after: dict[Loop, Loop] = {"off": "range", "range": "shot" if self._shot else "off", "shot": "off"}
        self.set_loop(after[self._loop])

    def loop_shot(self, shot: ShotId | None) -> None:
        """Another shot is selected; a loop of none is a loop of the range."""
        if shot == self._shot:
            return
        self._shot = shot
        if shot is None and self._loop == "shot":
            self._loop = "range"
        self.state_changed.emit()

    # slots

    def tick(self) -> None:
        """Show the frame that is due, and come again for the next."""
        if not self.is_playing:
            return
        due = self._clock.frame()
        first, last = self._bounds()
        if first <= due <= last:
            self._put(due)
        elif self._loop != "off" and last >= first:
            # However late this is noticed, it goes on where it would be.
            self._put(first + (due - first) % (last - first + 1))
            self._clock.start(self._frame, self.speed, self._timeline.rate)
        else:
            self._put(last if self.speed > 0 else first)
            if not self._past_end:
                self._run(0)
                return
        self._timer.start(self._clock.wait_ms())

    # internals

    def _bounds(self) -> tuple[int, int]:
        """The first and the last frame that play."""
        place = self._timeline.place(self._shot) if self._loop == "shot" and self._shot else None
        if place is not None:
            cut = self._timeline.cuts[place]
            return cut.start, cut.end - 1
        return 0, self._timeline.total - 1

    def _put(self, frame: int) -> None:
        frame = max(0, min(frame, self._timeline.total - 1))
        if frame != self._frame:
            self._frame = frame
            self.frame_changed.emit(frame)

    def _run(self, speed: int) -> None:
        """Go on from the frame that is on at a speed, or stand there."""
        was = self.speed
        self._past_end = False
        self._timer.stop()
        if speed and self._timeline.cuts:
            self._clock.start(self._frame, speed, self._timeline.rate)
            self._timer.start(self._clock.wait_ms())
        else:
            self._clock.stop()
        if self.speed != was:
            self.state_changed.emit()


def _same_times(one: Timeline, other: Timeline) -> bool:
    """Whether the same shots are on at the same frames."""
    return (
        one.rate == other.rate
        and len(one.cuts) == len(other.cuts)
        and all(
            cut.shot.id == beside.shot.id and cut.frames == beside.frames
            for cut, beside in zip(one.cuts, other.cuts, strict=True)
        )
    )
