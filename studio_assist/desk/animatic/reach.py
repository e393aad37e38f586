"""What of the timeline is where, what can be taken hold of, and what a drag of it is."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, Qt

from studio_assist.desk.animatic.animatic_copy import AnimaticCopy
from studio_assist.desk.animatic.board_lane import LANE_PX
from studio_assist.desk.animatic.choice import Choice
from studio_assist.desk.animatic.drag import (
    SNAP_PX,
    ClipDrag,
    CutDrag,
    Drag,
    EdgeDrag,
    Where,
    length_text,
    previewed,
    snap_targets,
)
from studio_assist.desk.animatic.ruler import RULER_PX
from studio_assist.desk.animatic.scale import Scale
from studio_assist.desk.animatic.sound_lanes import SOUND_PX, Hit, SoundLanes
from studio_assist.domain.animatic import Animatic, TrackId, edited
from studio_assist.domain.timeline import Cut, Placed, Timeline, placed

LANES_TOP: Final = RULER_PX + LANE_PX
_EDGE_PX: Final = 6

#: What is painted: the timeline, the clips in it, and what they are of.
Shown = tuple[Timeline, tuple[Placed, ...], Animatic]


class Reach:
    """Finds what is at a place.

    Attributes:
        trims: edges of boards can be taken hold of.
        rolls: they roll without Alt.
        snaps: what is dragged snaps.
        shift: px of the sound lanes that are scrolled away above.
    """

    def __init__(self, book: AnimaticCopy, scale: Scale, choice: Choice, sounds: SoundLanes) -> None:
        self._book: Final = book
        self._scale: Final = scale
        self._choice: Final = choice
        self._sounds: Final = sounds
        self.trims = False
        self.rolls = False
        self.snaps = True
        self.shift = 0

    # what is where

    def track(self, y: float) -> TrackId | None:
        """The lane of sound at a height."""
        at = int((y - LANES_TOP + self.shift) // SOUND_PX)
        tracks = self._book.animatic.tracks
        return tracks[at].id if y >= LANES_TOP and 0 <= at < len(tracks) else None

    def cut(self, spot: QPointF) -> Cut | None:
        """The board at a place."""
        timeline, frame = self._book.timeline, self._scale.frame(spot.x())
        if not RULER_PX <= spot.y() < LANES_TOP or not 0 <= frame < timeline.total:
            return None
        return timeline.cuts[timeline.at(int(frame))]

    def hit(self, spot: QPointF) -> Hit | None:
        """The clip at a place."""
        track = self.track(spot.y())
        if track is None:
            return None
        self._sounds.show(self._book.placed, self._book.animatic)
        into = (spot.y() - LANES_TOP + self.shift) % SOUND_PX
        return self._sounds.hit(track, spot.x(), into, self._choice.clip)

    def edge(self, spot: QPointF) -> int | None:
        """The place of the shot whose end is here, where edges can be taken hold of."""
        timeline = self._book.timeline
        if not self.trims or not timeline.cuts or not RULER_PX <= spot.y() < LANES_TOP:
            return None
        at = timeline.at(max(0, int(self._scale.frame(spot.x()))))
        ends = [place for place in (at - 1, at) if place >= 0]
        near = min(ends, key=lambda place: abs(self._scale.x(timeline.cuts[place].end) - spot.x()))
        return near if abs(self._scale.x(timeline.cuts[near].end) - spot.x()) <= _EDGE_PX else None

    def shape(self, spot: QPointF) -> Qt.CursorShape:
        """What the mouse looks like there."""
        hit = None if self._book.read_only else self.hit(spot)
        if hit is not None and hit.part in ("start", "end"):
            return Qt.CursorShape.SizeHorCursor
        if hit is not None and hit.part.startswith("fade"):
            return Qt.CursorShape.PointingHandCursor
        if not self._book.read_only and self.edge(spot) is not None:
            return Qt.CursorShape.SplitHCursor
        return Qt.CursorShape.ArrowCursor

    def told(self, spot: QPointF) -> str:
        """What a tool tip says of it."""
        hit, cut = self.hit(spot), self.cut(spot)
        if hit is not None:
            sound = self._book.animatic.sound(hit.placed.clip.sound)
            if sound is None:
                return "The animatic does not list this sound."
            how = "recorded" if sound.how == "recorded" else "brought in"
            by = f", {how} by {sound.by}" if sound.by else ""
            return f"{sound.name}{by}{'. Temp, not for delivery' if sound.temp else ''}"
        return f"{cut.shot.number}  {length_text(cut.frames, self._book.rate)}" if cut is not None else ""

    # taking hold

    def where(self, spot: QPointF, keys: Qt.KeyboardModifier) -> Where:
        """The mouse in the timeline's terms."""
        return Where(
            self._scale.frame(spot.x()),
            self.track(spot.y()),
            self.cut(spot),
            SNAP_PX / self._scale.px if self.snaps else 0.0,
            self.rolls != bool(keys & Qt.KeyboardModifier.AltModifier),
        )

    def cut_drag(self, place: int, playhead: int) -> Drag:
        """A drag of the end of a shot. It snaps only to what does not move along with it."""
        standing = [one for one in self._book.placed if one.clip.shot is None]
        targets = snap_targets(self._book.rate, (), standing, playhead)
        return CutDrag(self._book.timeline, place, targets)

    def clip_drag(self, hit: Hit, x: float, playhead: int) -> Drag | None:
        """A drag of a clip, or of the part of it that was pressed."""
        one, timeline = hit.placed, self._book.timeline
        targets = snap_targets(timeline.rate, timeline.cuts, self._book.placed, playhead, one.clip)
        grip = self._scale.frame(x)
        if hit.part == "clip":
            return ClipDrag(one, timeline, grip, targets)
        sound = self._book.animatic.sound(one.clip.sound)
        return EdgeDrag(one, hit.part, sound, timeline.rate, grip, targets) if sound is not None else None

    def preview(self, drag: Drag) -> Shown:
        """What would be if the mouse were let go now."""
        timeline, animatic = self._book.timeline, self._book.animatic
        if drag.board_edit is not None:
            timeline = previewed(timeline, drag.board_edit)
        if drag.sound_edit is not None:
            animatic, _back = edited(animatic, drag.sound_edit)
        board = self._book.board
        known = frozenset(shot.id for shot in board.shots) if board is not None else None
        return timeline, placed(animatic, timeline, known), animatic
