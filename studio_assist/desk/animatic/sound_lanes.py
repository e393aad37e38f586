"""The lanes of sound: clips as waveforms, amber where they are temp, grey where people recorded them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from studio_assist.desk.animatic.animatic_copy import AnimaticCopy
from studio_assist.desk.animatic.clip_edits import gain_text
from studio_assist.desk.animatic.scale import PAD_PX, Scale
from studio_assist.desk.animatic.waveforms import Levels, Waveforms
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.animatic import Animatic, ClipId, Sound, Track, TrackId
from studio_assist.domain.timeline import Placed

SOUND_PX: Final = 40
_BAR_PX: Final = 3
_HALF_PX: Final = 15.0
#: Narrower clips are not told from their neighbours.
_LEAST_PX: Final = 9
_EDGE_PX: Final = 6
#: Handles of the fades lie within this of the lane's upper edge.
_FADE_PX: Final = 14
_FADE_REACH: Final = 7
#: How much of its strength a lane keeps that is not heard.
_SILENT: Final = 0.35

Part = Literal["clip", "start", "end", "fade-in", "fade-out"]


@dataclass(frozen=True, slots=True)
class Hit:
    """What is at a place: a clip's part."""

    placed: Placed
    part: Part


def is_heard(track: Track, animatic: Animatic) -> bool:
    """Whether a lane sounds: it is not muted, and no other one is alone."""
    return not track.muted and (track.solo or not any(one.solo for one in animatic.tracks))


class SoundLanes:
    """Paints clips, and says which of them is where."""

    def __init__(self, theme: Theme, book: AnimaticCopy, scale: Scale, waves: Waveforms) -> None:
        self._theme: Final = theme
        self._book: Final = book
        self._scale: Final = scale
        self._waves: Final = waves
        self._of: tuple[Placed, ...] | None = None
        self._lanes: dict[TrackId, list[Placed]] = {}
        self._longest: dict[TrackId, int] = {}
        self._sounds: dict[str, Sound] = {}
        self._sounds_of: tuple[Sound, ...] | None = None

    # methods

    def show(self, placed: tuple[Placed, ...], animatic: Animatic) -> None:
        """What is to be painted."""
        if animatic.sounds is not self._sounds_of:
            self._sounds_of = animatic.sounds
            self._sounds = {sound.sha256: sound for sound in animatic.sounds}
        if placed is self._of:
            return
        self._of = placed
        self._lanes, self._longest = {}, {}
        for one in placed:
            lane = one.clip.track
            self._lanes.setdefault(lane, []).append(one)
            self._longest[lane] = max(self._longest.get(lane, 0), one.clip.length)

    def clips(self, track: TrackId) -> list[Placed]:
        """A lane's clips in time."""
        return self._lanes.get(track, [])

    def between(self, track: TrackId, first: float, last: float) -> list[Placed]:
        """Those that sound between two samples."""
        lane = self._lanes.get(track, [])
        at = bisect_left(lane, first - self._longest.get(track, 0), key=lambda one: one.at)
        end = bisect_left(lane, last, key=lambda one: one.at)
        return [one for one in lane[at:end] if one.end > first]

    def hit(self, track: TrackId, x: float, y: float, selected: ClipId | None) -> Hit | None:
        """What is at a place of a lane, `y` from its upper edge. Of clips that overlap, the upper one."""
        sample = self._scale.sample(x)
        reach = _EDGE_PX / self._scale.px_a_sample
        near = self.between(track, sample - reach, sample + reach)
        # The one that is chosen is on top.
        for one in sorted(near, key=lambda one: one.clip.id == selected, reverse=True):
            left, right = self._scale.x_of_sample(one.at), self._scale.x_of_sample(one.end)
            if y <= _FADE_PX and one.clip.id == selected and right - left > 4 * _FADE_REACH:
                px = self._scale.px_a_sample
                coming, going = left + one.clip.fade_in * px, right - one.clip.fade_out * px
                # The handles stand inside the clip, where they do not hide its edges.
                if abs(x - max(coming, left + _FADE_REACH + 2)) <= _FADE_REACH:
                    return Hit(one, "fade-in")
                if abs(x - min(going, right - _FADE_REACH - 2)) <= _FADE_REACH:
                    return Hit(one, "fade-out")
            edge = min(_EDGE_PX, (right - left) / 4)
            if abs(x - left) <= edge:
                return Hit(one, "start")
            if abs(x - right) <= edge:
                return Hit(one, "end")
            if left <= x <= right:
                return Hit(one, "clip")
        return None

    def draw(
        self,
        painter: QPainter,
        area: QRectF,
        track: Track,
        animatic: Animatic,
        selected: ClipId | None,
        hovered: ClipId | None,
        *,
        focus: bool = False,
        wanted: bool = False,
    ) -> None:
        """Paint the part of a lane that is in `area`. `wanted`: something would be dropped here."""
        theme = self._theme
        painter.fillRect(area, theme.colour("blueGround" if wanted else "surface0"))
        middle = area.top() + (area.height() - 1) / 2
        painter.fillRect(QRectF(area.left(), round(middle), area.width(), 1), theme.colour("line"))
        seen = self.between(track.id, self._scale.sample(area.left()), self._scale.sample(area.right()))
        painter.save()
        if not is_heard(track, animatic):
            painter.setOpacity(_SILENT)
        crowd: list[Placed] = []
        for one in sorted(seen, key=lambda one: one.clip.id == selected):
            if one.clip.length * self._scale.px_a_sample < _LEAST_PX and one.clip.id != selected:
                crowd.append(one)
            else:
                self._draw_clip(painter, area, one, one.clip.id == selected, one.clip.id == hovered, focus)
        self._draw_crowd(painter, area, crowd)
        painter.restore()
        line = QRectF(area.left(), area.bottom() - 1, area.width(), 1)
        painter.fillRect(line, theme.colour("line"))

    # internals

    def _draw_crowd(self, painter: QPainter, area: QRectF, crowd: list[Placed]) -> None:
        """Clips too narrow for a waveform: a mark each, and one for all that would stand in one place."""
        marks: dict[tuple[int, str], QRectF] = {}
        middle = round(area.top() + (area.height() - 1) / 2) + 0.5
        for one in crowd:
            x = int(self._scale.x_of_sample(one.at)) // _BAR_PX * _BAR_PX
            sound = self._sounds.get(one.clip.sound)
            token = "amber" if sound is not None and sound.temp else "grey4"
            if (x, token) not in marks:
                marks[x, token] = QRectF(x, middle - _HALF_PX / 2, 2, _HALF_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        for token in ("grey4", "amber"):
            painter.setBrush(self._theme.colour(token))
            painter.drawRects([mark for (_x, wanted), mark in marks.items() if wanted == token])

    def _draw_clip(
        self, painter: QPainter, area: QRectF, one: Placed, selected: bool, hovered: bool, focus: bool
    ) -> None:
        theme = self._theme
        left, right = self._scale.x_of_sample(one.at), self._scale.x_of_sample(one.end)
        box = QRectF(left, area.top() + 2, max(2.0, right - left), area.height() - 5)
        sound = self._sounds.get(one.clip.sound)
        path = self._book.sound_file(one.clip.sound)
        trouble = self._waves.trouble(one.clip.sound)
        temp = sound is not None and sound.temp
        # A box far longer than the screen is painted no further than a little beyond it.
        seen = box.intersected(area.adjusted(-40, 0, 40, 0))
        if one.lost or path is None or trouble is not None:
            words = "Its shot is gone" if one.lost else "Missing" if path is None else "Cannot be read"
            self._draw_trouble(painter, seen, words, sound)
        if selected:
            paint.draw_box(
                painter, seen, 3, theme.colour("selection"), theme.colour("blue"), 2 if focus else 1
            )
        elif hovered:
            paint.draw_box(painter, seen, 3, theme.colour("surface2"), theme.colour("lineStrong"))
        if path is not None and trouble is None:
            self._draw_wave(painter, area, box, one, "amber" if temp else "grey4")
        if selected or hovered or one.clip.fade_in or one.clip.fade_out:
            self._draw_fades(painter, box, one, handles=selected)
        if selected and one.clip.gain_db and box.width() > 60:
            line = QRectF(max(box.left(), area.left()) + 22, box.top() + 1, 60, 12)
            paint.draw_text(
                painter, line, theme.font("meta"), theme.colour("text"), gain_text(one.clip.gain_db)
            )

    def _draw_trouble(self, painter: QPainter, box: QRectF, words: str, sound: Sound | None) -> None:
        theme = self._theme
        paint.draw_box(painter, box, 3, theme.colour("surface1"), theme.colour("lineStrong"), dashed=True)
        if box.width() > 40:
            name = f"{words}: {sound.name}" if sound is not None and sound.name else words
            painter.save()
            painter.setClipRect(box)
            line = QRectF(box.left() + 6, box.top(), box.width(), 14)
            paint.draw_text(painter, line, theme.font("meta"), theme.colour("text2"), name)
            painter.restore()

    def _draw_wave(self, painter: QPainter, area: QRectF, box: QRectF, one: Placed, token: str) -> None:
        """Bars that stand at fixed places of the timeline, so that they do not shimmer as it scrolls."""
        path = self._book.sound_file(one.clip.sound)
        shift = PAD_PX - self._scale.offset
        first = -int(-(max(box.left(), area.left() - _BAR_PX) - shift) // _BAR_PX)
        last = int((min(box.right() - 1, area.right()) - shift) // _BAR_PX)
        if path is None or last < first:
            return
        step = _BAR_PX / self._scale.px_a_sample
        into = first * step - one.at
        count = last - first + 1
        bars = self._waves.bars(one.clip.sound, path, one.clip.start + into, step, count)
        if bars is None:
            return
        if one.clip.gain_db or one.clip.fade_in or one.clip.fade_out:
            bars = np.minimum(1, bars * _strength(one, into, step, count))
        heights = np.maximum(0.5, _HALF_PX * bars)
        middle = round(area.top() + (area.height() - 1) / 2) + 0.5
        x = shift + first * _BAR_PX
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(token))
        painter.drawRects(
            [QRectF(x + at * _BAR_PX, middle - half, 2, 2 * half) for at, half in enumerate(heights.tolist())]
        )

    def _draw_fades(self, painter: QPainter, box: QRectF, one: Placed, *, handles: bool) -> None:
        px = self._scale.px_a_sample
        coming, going = box.left() + one.clip.fade_in * px, box.right() - one.clip.fade_out * px
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("text2"), 1))
        if one.clip.fade_in:
            painter.drawLine(box.bottomLeft(), QPointF(coming, box.top()))
        if one.clip.fade_out:
            painter.drawLine(QPointF(going, box.top()), box.bottomRight())
        if handles and box.width() > 4 * _FADE_REACH:
            painter.setBrush(self._theme.colour("blue"))
            painter.setPen(QPen(self._theme.colour("surface0"), 1))
            edge = _FADE_REACH + 2
            for x in (max(coming, box.left() + edge), min(going, box.right() - edge)):
                corners = ((-4, 0), (4, 0), (4, 5), (0, 9), (-4, 5))
                painter.drawPolygon(QPolygonF([QPointF(x + a, box.top() + b) for a, b in corners]))
        painter.restore()


def _strength(one: Placed, into: float, step: float, count: int) -> Levels:
    """How loud each bar is by gain and fades; `into`: samples into the clip at which the first one begins."""
    at = into + np.arange(count) * step
    factor = np.full(count, 10 ** (one.clip.gain_db / 20))
    if one.clip.fade_in:
        factor *= np.clip((at + step) / one.clip.fade_in, 0, 1)
    if one.clip.fade_out:
        factor *= np.clip((one.clip.length - at) / one.clip.fade_out, 0, 1)
    return factor.astype(np.float32)
