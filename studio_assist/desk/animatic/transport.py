"""Below the frame: where the playhead is, how it moves, and what can be done to the shot."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from studio_assist.desk.animatic.player import Player
from studio_assist.desk.kit import Button, IconButton, Panel, paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.timebase import FrameRate, timecode
from studio_assist.domain.timeline import Cut

_LOOPS: Final = {
    "off": "Play again and again (Shift+L)",
    "range": "Everything plays again and again (Shift+L)",
    "shot": "The selected shot plays again and again (Shift+L)",
}


class Transport(Panel):
    """The row of buttons.

    Signals:
        trim_wanted, duration_wanted, record_wanted: a button of the right.
    """

    trim_wanted = Signal()
    duration_wanted = Signal()
    record_wanted = Signal()

    def __init__(self, theme: Theme, player: Player) -> None:
        super().__init__(theme, "surface1", "tb")
        self._player: Final = player
        self._why = ""
        self.setObjectName("animatic_transport")
        self.setAccessibleName("Transport")
        self.setFixedHeight(52)
        self.time: Final = _Time(theme)
        self._cut_back: Final = self._icon(theme, "cut-back", "Previous cut (Up)", "cut_back")
        self._back: Final = self._icon(theme, "chevron-left", "A frame back (comma)", "frame_back")
        self.play: Final = PlayButton(theme)
        self._forward: Final = self._icon(theme, "chevron-right", "A frame forward (period)", "frame_forward")
        self._cut_forward: Final = self._icon(theme, "cut-forward", "Next cut (Down)", "cut_forward")
        self._loop: Final = self._icon(theme, "loop", _LOOPS["off"], "loop")
        self._trim: Final = Button(theme, "Trim", icon="scissors", height_px=26)
        self._duration: Final = Button(theme, "Duration", icon="clock", height_px=26)
        self._record: Final = Button(theme, "Record scratch", icon="mic", height_px=26)
        for name, button in (("trim", self._trim), ("duration", self._duration), ("record", self._record)):
            button.setObjectName(f"animatic_{name}")
        self._lay_out()
        self._cut_back.clicked.connect(lambda: player.to_cut(-1))
        self._back.clicked.connect(lambda: player.step(-1))
        self.play.clicked.connect(player.toggle)
        self._forward.clicked.connect(lambda: player.step(1))
        self._cut_forward.clicked.connect(lambda: player.to_cut(1))
        self._loop.clicked.connect(player.next_loop)
        self._trim.clicked.connect(self.trim_wanted)
        self._duration.clicked.connect(self.duration_wanted)
        self._record.clicked.connect(self.record_wanted)
        player.frame_changed.connect(self.show_frame)
        player.state_changed.connect(self.show_state)
        self.show_state()

    # methods

    def show_timeline(self, target: Cut | None, read_only: str) -> None:
        """Another timeline, or another shot is selected.

        Args:
            target: the shot that its buttons are about; None: there is none.
            read_only: why nothing can be changed, "" where it can.
        """
        rate = self._player.timeline.rate
        any_cuts = bool(self._player.timeline.cuts)
        self.show_target(target)
        why = read_only or ("" if any_cuts else "No panels in this range")
        for button, what in (
            (self._trim, "Drag the edges of boards; once more rolls cuts (T)"),
            (self._duration, "How long the shot is, in frames or seconds (D)"),
            (self._record, "Record a voice from the playhead on"),
        ):
            button.setEnabled(not why)
            button.setToolTip(why or what)
            button.setAccessibleDescription(why or what)
        for button in self._moving:
            button.setEnabled(any_cuts)
        self.time.show_total(self._player.timeline.total, rate)
        self.show_frame()

    def show_target(self, target: Cut | None) -> None:
        """How long the shot is that its buttons are about."""
        rate = self._player.timeline.rate
        seconds = f" {float(target.frames / rate.fps):.1f} s" if target is not None else ""
        if self._duration.text() != f"Duration{seconds}":
            self._duration.set_text(f"Duration{seconds}")

    def show_trimming(self, on: bool) -> None:
        """Whether cuts are being trimmed just now."""
        self._trim.set_icon("scissors", "blueText" if on else None)
        self._trim.setAccessibleDescription("on" if on else "off")

    # slots

    def show_frame(self) -> None:
        """The playhead is elsewhere."""
        self.time.show_frame(self._player.frame)

    def show_state(self) -> None:
        """It plays or stands, at some speed, in some loop."""
        speed, loop = self._player.speed, self._player.loop
        self.play.show_speed(speed)
        self._loop.set_icon("loop", _LOOPS[loop], "text2" if loop == "off" else "blueText")
        self._loop.setAccessibleDescription("on" if loop != "off" else "off")

    # internals

    @property
    def _moving(self) -> tuple[QWidget, ...]:
        return (self._cut_back, self._back, self.play, self._forward, self._cut_forward, self._loop)

    def _icon(self, theme: Theme, icon: str, tip: str, name: str) -> IconButton:
        button = IconButton(theme, icon, tip, size_px=32, icon_px=16)
        button.setObjectName(name)
        return button

    def _lay_out(self) -> None:
        left, middle, right = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        left.addWidget(self.time)
        left.addStretch(1)
        middle.setSpacing(6)
        for button in self._moving:
            middle.addWidget(button)
        right.setSpacing(8)
        right.addStretch(1)
        for button in (self._trim, self._duration, self._record):
            right.addWidget(button)
        # The middle one stays in the middle, whatever stands at the sides.
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 0, 14, 0)
        grid.setHorizontalSpacing(12)
        for column, (row, stretch) in enumerate(((left, 1), (middle, 0), (right, 1))):
            grid.addLayout(row, 0, column)
            grid.setColumnStretch(column, stretch)


class PlayButton(Button):
    """The large one: play or pause, and how fast where that is not its own speed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", icon="play", name="Play")
        self.setObjectName("play")
        self.setFixedSize(44, 36)
        self.show_speed(0)

    # methods

    def show_speed(self, speed: int) -> None:
        """Show what pressing it does, and the speed."""
        words = "Pause" if speed else "Play"
        fast = f", now {abs(speed)} times as fast" if abs(speed) > 1 else ""
        back = ", now backwards" if speed < 0 else ""
        self.setToolTip(f"{words} (Space; J, K and L shuttle){fast}{back}")
        self.setAccessibleName(words)
        self.setAccessibleDescription(f"{fast}{back}".removeprefix(", "))
        self._speed = speed
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        colour = self._theme.colour
        paint.draw_box(painter, box, 5, colour("surface3" if self.isEnabled() else "surface1"))
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 5)
        token = "text" if self.isEnabled() else "disabled"
        ratio = self.devicePixelRatioF()
        pixmap = self._theme.pixmap("pause" if self._speed else "play", token, 18, ratio)
        words = f"{'−' if self._speed < 0 else ''}{abs(self._speed)}×" if self._speed not in (0, 1) else ""
        if not words:
            painter.drawPixmap((self.width() - 18) // 2, (self.height() - 18) // 2, pixmap)
            return
        font = self._theme.font("strong")
        left = (box.width() - paint.text_width(font, words)) / 2
        paint.draw_text(painter, box.adjusted(left, 0, 0, 0), font, colour("text"), words)


class _Time(QWidget):
    """The playhead's timecode, large, and the whole's. It repaints itself alone, a frame at a time."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme: Final = theme
        self._rate = FrameRate(num=24)
        self._frame = self._total = 0
        self.setObjectName("animatic_timecode")
        # An opaque ground: nothing below is painted again for a frame.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFixedHeight(30)
        theme.changed.connect(self.update)

    # properties

    @property
    def words(self) -> str:
        """The playhead's timecode."""
        return timecode(self._frame, self._rate)

    # methods

    def show_total(self, frames: int, rate: FrameRate) -> None:
        """Another length or rate."""
        self._total, self._rate = frames, rate
        self.updateGeometry()
        self.update()

    def show_frame(self, frame: int) -> None:
        """Another frame."""
        if frame != self._frame:
            self._frame = frame
            self.update()

    # events

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            # Not at every frame: it is read when somebody asks for it.
            self.setToolTip(f"Frame {self._frame + 1:,} of {self._total:,}" if self._total else "")
        return super().event(event)

    def sizeHint(self) -> QSize:
        return QSize(round(self._left_of_total() + paint.text_width(self._small(), self._of())) + 4, 30)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._left_of_total()), 30)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        painter.fillRect(box, self._theme.colour("surface1"))
        colour = self._theme.colour
        paint.draw_text(painter, box, self._theme.font("title"), colour("text"), self.words)
        right = box.adjusted(self._left_of_total(), 1, 0, 0)
        paint.draw_text(painter, right, self._small(), colour("text3"), self._of())

    # internals

    def _small(self) -> QFont:
        return self._theme.font("body")

    def _of(self) -> str:
        return f"/ {timecode(self._total, self._rate)}"

    def _left_of_total(self) -> float:
        return paint.text_width(self._theme.font("title"), "00:00:00:00") + 20
