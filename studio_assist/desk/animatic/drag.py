"""What a press on the timeline becomes while it is drawn along: a cut or a clip is moved, trimmed, faded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from studio_assist.desk.animatic import clip_edits
from studio_assist.desk.animatic.sound_lanes import Part
from studio_assist.domain.animatic import AnimaticEdit, Clip, PutClips, Sound, TrackId
from studio_assist.domain.storyboard import BoardEdit, PutShot, Several, Shot, ShotId
from studio_assist.domain.timebase import SAMPLE_RATE, FrameRate, frame_at_sample, sample_of, timecode
from studio_assist.domain.timeline import Cut, Placed, Timeline, ripple, roll

#: How near something must be to snap to it, px.
SNAP_PX: Final = 7


@dataclass(frozen=True, slots=True)
class Where:
    """The mouse, in the timeline's terms.

    Attributes:
        frame: with parts of one.
        track: the lane of sound under it.
        shot: the board under it.
        reach: how far in frames it snaps; 0: it does not.
        roll: the cut rolls, and does not ripple.
    """

    frame: float
    track: TrackId | None = None
    shot: Cut | None = None
    reach: float = 0.0
    roll: bool = False


class Drag(Protocol):
    """A change that is not made yet. Nothing is sent before the mouse is let go."""

    @property
    def board_edit(self) -> BoardEdit | None:
        """What it would make of the board."""
        ...

    @property
    def sound_edit(self) -> AnimaticEdit | None:
        """What it would make of the sounds."""
        ...

    @property
    def words(self) -> str:
        """What it is called once it is made."""
        ...

    @property
    def tip(self) -> str:
        """What is shown beside the mouse."""
        ...

    @property
    def dropped_on(self) -> ShotId | None:
        """The board that a clip would hang on."""
        ...

    def move(self, where: Where) -> None:
        """The mouse is elsewhere."""
        ...


def length_text(frames: int, rate: FrameRate) -> str:
    """A length as it shows while it changes: "72 frames, 00:00:03:00"."""
    return f"{frames} {'frame' if frames == 1 else 'frames'}, {timecode(frames, rate)}"


def snapped(frame: float, targets: Sequence[float], reach: float) -> float:
    """The nearest of the targets that is within reach, else the frame itself. Targets are in order."""
    at = bisect_left(targets, frame)
    near = targets[max(0, at - 1) : at + 1]
    best = min(near, key=lambda one: abs(one - frame), default=None)
    return best if best is not None and abs(best - frame) <= reach else frame


def snap_targets(
    rate: FrameRate, cuts: Iterable[Cut], placed: Iterable[Placed], playhead: int, but: Clip | None = None
) -> list[float]:
    """Where things snap to, in frames and in order: the playhead, cuts, edges of clips but one."""
    fps = float(rate.fps)
    found = {0.0, float(playhead)}
    for cut in cuts:
        found.update((float(cut.start), float(cut.end)))
    for one in placed:
        if but is None or one.clip.id != but.id:
            found.update((one.at * fps / SAMPLE_RATE, one.end * fps / SAMPLE_RATE))
    return sorted(found)


class CutDrag:
    """The end of a shot is moved."""

    sound_edit = None
    dropped_on = None

    def __init__(self, timeline: Timeline, place: int, targets: Sequence[float]) -> None:
        self._timeline: Final = timeline
        self._place: Final = place
        self._targets: Final = targets
        self._by = 0
        self._roll = False

    # properties

    @property
    def board_edit(self) -> BoardEdit | None:
        if not self._by:
            return None
        return trimmed(self._timeline, self._place, self._by, rolling=self._roll)

    @property
    def words(self) -> str:
        number = self._timeline.cuts[self._place].shot.number
        return f"Roll the cut after {number}" if self._roll else f"Trim {number}"

    @property
    def tip(self) -> str:
        edit, cuts = self.board_edit, self._timeline.cuts
        lengths = {cut.shot.id: cut.frames for cut in cuts[self._place : self._place + 2]}
        changed = Timeline.of(shots_of(edit) if edit is not None else (), self._timeline.rate)
        lengths |= {cut.shot.id: cut.frames for cut in changed.cuts}
        first = cuts[self._place].shot
        said = f"{first.number}  {length_text(lengths[first.id], self._timeline.rate)}"
        if self._roll:
            second = cuts[self._place + 1].shot
            said += f"   {second.number}  {length_text(lengths[second.id], self._timeline.rate)}"
        return said

    # methods

    def move(self, where: Where) -> None:
        self._roll = where.roll and self._place + 1 < len(self._timeline.cuts)
        end = self._timeline.cuts[self._place].end
        # What moves along with the cut is nothing that it could snap to.
        targets = [one for one in self._targets if one != end]
        self._by = round(snapped(where.frame, targets, where.reach)) - end
        if not self._roll:
            self._by = max(self._by, 1 - self._timeline.cuts[self._place].frames)


class ClipDrag:
    """A clip is moved along its lane, to another lane, or onto a board."""

    board_edit = None

    def __init__(self, one: Placed, timeline: Timeline, grip: float, targets: Sequence[float]) -> None:
        self._one: Final = one
        self._timeline: Final = timeline
        self._grip: Final = grip
        self._targets: Final = targets
        self._clip = one.clip
        self._at = one.at
        self._onto: Cut | None = None

    # properties

    @property
    def sound_edit(self) -> AnimaticEdit | None:
        return PutClips(clips=(self._clip,)) if self._clip != self._one.clip else None

    @property
    def words(self) -> str:
        return f"Hang the clip on {self._onto.shot.number}" if self._onto is not None else "Move the clip"

    @property
    def tip(self) -> str:
        if self._onto is not None:
            return f"Hangs on {self._onto.shot.number}"
        rate = self._timeline.rate
        return f"Starts at {timecode(max(0, frame_at_sample(self._at, rate)), rate)}"

    @property
    def dropped_on(self) -> ShotId | None:
        return self._onto.shot.id if self._onto is not None else None

    # methods

    def move(self, where: Where) -> None:
        fps = float(self._timeline.rate.fps)
        was = self._one.at * fps / SAMPLE_RATE
        length = self._one.clip.length * fps / SAMPLE_RATE
        wanted = was + where.frame - self._grip
        by_start = snapped(wanted, self._targets, where.reach)
        by_end = snapped(wanted + length, self._targets, where.reach) - length
        near = by_start if by_start != wanted else by_end
        # Onto a frame, where it does not snap to anything.
        at = (
            round(near * SAMPLE_RATE / fps)
            if near != wanted
            else sample_of(round(wanted), self._timeline.rate)
        )
        if round(where.frame - self._grip) == 0 and near == wanted:
            at = self._one.at
        self._at = max(0, at)
        self._onto = where.shot
        if where.shot is not None:
            starts = sample_of(where.shot.start, self._timeline.rate)
            self._clip = clip_edits.hung(self._one.clip, where.shot.shot.id, starts, self._at)
        else:
            base = clip_edits.standing(self._one.clip, self._one.at) if self._one.lost else self._one.clip
            self._clip = clip_edits.moved(base, self._at - self._one.at, where.track)


class EdgeDrag:
    """An end of a clip, or of one of its fades, is moved."""

    board_edit = None
    dropped_on = None

    def __init__(
        self, one: Placed, part: Part, sound: Sound, rate: FrameRate, grip: float, targets: Sequence[float]
    ) -> None:
        self._one: Final = one
        self._part: Final = part
        self._sound: Final = sound
        self._rate: Final = rate
        self._grip: Final = grip
        self._targets: Final = targets
        self._clip = one.clip

    # properties

    @property
    def sound_edit(self) -> AnimaticEdit | None:
        return PutClips(clips=(self._clip,)) if self._clip != self._one.clip else None

    @property
    def words(self) -> str:
        return "Fade the clip" if self._part.startswith("fade") else "Trim the clip"

    @property
    def tip(self) -> str:
        lengths = {"fade-in": self._clip.fade_in, "fade-out": self._clip.fade_out}
        samples = lengths.get(self._part, self._clip.length)
        return length_text(round(samples * self._rate.fps / SAMPLE_RATE), self._rate)

    # methods

    def move(self, where: Where) -> None:
        clip, fps = self._one.clip, float(self._rate.fps)
        if self._part.startswith("fade"):
            by = round((where.frame - self._grip) * SAMPLE_RATE / fps)
            if self._part == "fade-in":
                self._clip = clip_edits.with_fades(clip, fade_in=clip.fade_in + by)
            else:
                self._clip = clip_edits.with_fades(clip, fade_out=clip.fade_out - by)
            return
        edge = self._one.at if self._part == "start" else self._one.end
        wanted = edge * fps / SAMPLE_RATE + where.frame - self._grip
        by = round(snapped(wanted, self._targets, where.reach) * SAMPLE_RATE / fps) - edge
        if self._part == "start":
            self._clip = clip_edits.trimmed_start(clip, max(by, -self._one.at))
        else:
            self._clip = clip_edits.trimmed_end(clip, by, self._sound)


def trimmed(timeline: Timeline, place: int, by: int, *, rolling: bool) -> BoardEdit:
    """The cut after a shot moved by frames: it rolls, or what follows moves along."""
    if rolling and place + 1 < len(timeline.cuts):
        return roll(timeline, place, by)
    return ripple(timeline, place, timeline.cuts[place].frames + by)


def shots_of(edit: BoardEdit) -> tuple[Shot, ...]:
    """The shots that a trim changes, as it leaves them."""
    if isinstance(edit, PutShot):
        return (edit.shot,)
    if isinstance(edit, Several):
        return tuple(shot for one in edit.edits for shot in shots_of(one))
    return ()


def previewed(timeline: Timeline, edit: BoardEdit) -> Timeline:
    """The timeline as a trim would leave it."""
    changed = {shot.id: shot for shot in shots_of(edit)}
    return Timeline.of((changed.get(cut.shot.id, cut.shot) for cut in timeline.cuts), timeline.rate)
