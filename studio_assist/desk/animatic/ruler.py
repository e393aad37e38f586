"""The ruler: ticks at whole steps of timecode, as close as their labels allow at this zoom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from studio_assist.desk.animatic.scale import Scale
from studio_assist.desk.board.frames import text_width
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.timebase import FrameRate, frame_of_timecode, timecode

RULER_PX: Final = 22
#: Seconds that a step may be.
_SECONDS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_GAP_PX: Final = 30
_HANDLE_PX: Final = 11


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the ruler, and its words."""

    frame: int
    label: str


@dataclass(frozen=True, slots=True)
class Step:
    """How far ticks are apart: whole seconds, or frames within each second (`seconds` is then 0)."""

    seconds: int
    frames: int = 0


def step_for(px: float, rate: FrameRate, widths: tuple[float, float]) -> Step:
    """The closest ticks whose labels do not touch.

    Args:
        px: a frame's width.
        widths: of a label with frames, and of one without.
    """
    with_frames, without = widths
    nominal = rate.nominal
    for frames in range(1, nominal):
        if nominal % frames == 0 and frames * px >= with_frames + _GAP_PX:
            return Step(0, frames)
    for seconds in _SECONDS:
        if seconds * nominal * px >= without + _GAP_PX:
            return Step(seconds)
    return Step(_SECONDS[-1])


def ticks(first: float, last: float, rate: FrameRate, step: Step, *, hours: bool = False) -> Iterator[Tick]:
    """The ticks from frame `first` to frame `last`. `hours`: labels show hours, too."""
    second = max(0, int(first / rate.fps) - 1)
    if step.seconds:
        second -= second % step.seconds
    while True:
        start = _second_at(second, rate)
        if start > last:
            return
        if step.seconds:
            yield Tick(start, _label(start, rate, hours=hours, frames=False))
            second += step.seconds
            continue
        end = _second_at(second + 1, rate)
        for frame in range(start, end):
            counted = int(timecode(frame, rate)[-2:])
            if counted % step.frames == 0 and first - step.frames <= frame <= last:
                yield Tick(frame, _label(frame, rate, hours=hours, frames=True))
        second += 1


def draw_ruler(painter: QPainter, theme: Theme, box: QRectF, scale: Scale, rate: FrameRate) -> None:
    """Paint the part of the ruler that is in `box`, whose left edge may lie anywhere."""
    painter.fillRect(box, theme.colour("surface1"))
    font = theme.font("meta")
    hours = scale.frame(scale.width) >= 3600 * rate.fps
    before = "0:00:00" if hours else "00:00"
    widths = (text_width(font, f"{before}:00"), text_width(font, before))
    step = step_for(scale.px, rate, widths)
    # A label reaches to the right of its tick.
    first = scale.frame(box.left() - widths[0] - 12)
    lines: list[QLineF] = []
    for tick in ticks(first, scale.frame(box.right() + 1), rate, step, hours=hours):
        x = round(scale.x(tick.frame)) + 0.5
        lines.append(QLineF(x, 0, x, box.height() - 1))
        place = QRectF(x + 6, -1, 80, box.height() - 4)
        paint.draw_text(painter, place, font, theme.colour("text3"), tick.label)
    painter.setPen(theme.colour("lineStrong"))
    painter.drawLines(lines)
    painter.fillRect(QRectF(box.left(), box.height() - 1, box.width(), 1), theme.colour("line"))


def draw_playhead(painter: QPainter, theme: Theme, x: float, height: float) -> None:
    """The playhead through all lanes, its handle in the ruler."""
    colour = theme.colour("blue")
    painter.save()
    x = round(x)
    painter.fillRect(QRectF(x, 0, 1, height), colour)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(colour)
    painter.setBrush(colour)
    half = _HANDLE_PX / 2
    middle = x + 0.5
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(middle - half, 1),
                QPointF(middle + half, 1),
                QPointF(middle + half, 8),
                QPointF(middle, 13),
                QPointF(middle - half, 8),
            ]
        )
    )
    painter.restore()


def _second_at(second: int, rate: FrameRate) -> int:
    """The first frame that a second of timecode has; drop-frame leaves out numbers of most minutes."""
    hours, rest = divmod(second, 3600)
    minutes, seconds = divmod(rest, 60)
    left_out = rate.nominal // 15 if rate.drop and seconds == 0 and minutes % 10 else 0
    whole_hours = hours * _hour(rate)
    return whole_hours + frame_of_timecode(f"00:{minutes:02}:{seconds:02}:{left_out:02}", rate)


def _hour(rate: FrameRate) -> int:
    """How many frames an hour of timecode has."""
    return frame_of_timecode("01:00:00:00", rate)


def _label(frame: int, rate: FrameRate, *, hours: bool, frames: bool) -> str:
    text = timecode(frame, rate)
    return text[1 if hours else 3 : None if frames else 8]
