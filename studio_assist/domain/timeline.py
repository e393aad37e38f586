"""The animatic in frames: which shot is on when, what is heard, what is said, and how a cut is moved."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, Literal

from .animatic import Animatic, Clip
from .errors import BadInput
from .marking import SourceType
from .storyboard import BoardEdit, Panel, PutShot, Several, Shot, ShotId
from .timebase import FrameRate, frames_of, ms_of, sample_of

#: What a frame shows. `temp` is AI material that was accepted, `previs` the built-in drawer's. `undecided`,
#: `empty` and `missing`, a picture whose file is not there, play as labelled blanks.
Playing = Literal["temp", "previs", "drawn", "undecided", "empty", "missing"]
#: The longest a shot can be, in milliseconds; see `Shot.duration_ms`.
_LONGEST_MS: Final = 600_000


@dataclass(frozen=True, slots=True)
class Cut:
    """A shot in time: `frames` of it from frame `start` on."""

    shot: Shot
    start: int
    frames: int

    @property
    def end(self) -> int:
        return self.start + self.frames


@dataclass(frozen=True, slots=True)
class Timeline:
    """Shots one after the other. Frames count from 0."""

    rate: FrameRate
    cuts: tuple[Cut, ...]
    _starts: tuple[int, ...] = field(default=(), repr=False, compare=False)
    _places: dict[ShotId, int] = field(default_factory=dict[ShotId, int], repr=False, compare=False)

    @classmethod
    def of(cls, shots: Iterable[Shot], rate: FrameRate, scenes: Collection[str] = ()) -> Timeline:
        """The shots in the board's order; of these scenes alone, where any are named."""
        wanted = [shot for shot in shots if not scenes or shot.scene in scenes]
        lengths = [frames_of(shot.duration_ms, rate) for shot in wanted]
        starts = (0, *accumulate(lengths))
        cuts = tuple(
            Cut(shot, start, length) for shot, start, length in zip(wanted, starts, lengths, strict=False)
        )
        places = {cut.shot.id: place for place, cut in enumerate(cuts)}
        return cls(rate, cuts, tuple(cut.start for cut in cuts), places)

    @property
    def total(self) -> int:
        """How many frames it has."""
        return self.cuts[-1].end if self.cuts else 0

    @property
    def samples(self) -> int:
        """How long it is in samples."""
        return sample_of(self.total, self.rate)

    def at(self, frame: int) -> int:
        """The place of the cut that is on at a frame; the last one's after the end.

        Raises:
            BadInput: there are no shots.
        """
        if not self.cuts:
            raise BadInput("There are no panels in this range.", remedy="Choose other scenes, or add shots.")
        return max(0, bisect_right(self._starts, frame) - 1)

    def place(self, shot: ShotId) -> int | None:
        """Where a shot is among the cuts, from 0."""
        return self._places.get(shot)


def playing(panel: Panel, *, has_open: bool) -> Playing:
    """What plays for a panel. `has_open`: variants of it wait for a decision."""
    match panel.state:
        case "drawn":
            return "drawn"
        case "temp":
            return "previs" if panel.source is SourceType.PROCEDURAL else "temp"
        case "empty":
            return "undecided" if has_open else "empty"


def is_temp(shows: Playing) -> bool:
    """Whether frames that show this carry slate and band, come what may."""
    return shows in ("temp", "previs")


# Cuts that move -----------------------------------------------------------------------------------------


def ripple(timeline: Timeline, place: int, frames: int) -> BoardEdit:
    """Give a shot another length; everything after it moves. Never under one frame."""
    return PutShot(shot=_lasting(timeline, place, frames))


def roll(timeline: Timeline, place: int, by: int) -> BoardEdit:
    """Move the cut after a shot by frames, earlier where negative; what comes after the next shot stays.

    Neither of the two gets shorter than one frame. The cut after the last shot has no next one: `ripple` it.
    """
    first, second = timeline.cuts[place], timeline.cuts[place + 1]
    by = max(1 - first.frames, min(by, second.frames - 1))
    return Several(
        edits=(
            PutShot(shot=_lasting(timeline, place, first.frames + by)),
            PutShot(shot=_lasting(timeline, place + 1, second.frames - by)),
        )
    )


def _lasting(timeline: Timeline, place: int, frames: int) -> Shot:
    ms = min(_LONGEST_MS, ms_of(max(1, frames), timeline.rate))
    return timeline.cuts[place].shot.model_copy(update={"duration_ms": ms})


# What is heard ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """A clip in the timeline's time.

    Attributes:
        at: its first sample; it may lie before the beginning.
        lost: the shot that it hung on is on the board no more; it stands where it would without.
    """

    clip: Clip
    at: int
    lost: bool = False

    @property
    def end(self) -> int:
        return self.at + self.clip.length


def placed(
    animatic: Animatic, timeline: Timeline, board: Collection[ShotId] | None = None
) -> tuple[Placed, ...]:
    """The clips of the shots that are in this timeline, and those that stand at a time of their own.

    Args:
        board: every shot of the board, where the timeline is only a part of it: a clip on a shot that is
            elsewhere on the board is then left out, and not lost.
    """
    found: list[Placed] = []
    for clip in animatic.clips:
        if clip.shot is None:
            found.append(Placed(clip, clip.at))
            continue
        place = timeline.place(clip.shot)
        if place is not None:
            start = sample_of(timeline.cuts[place].start, timeline.rate)
            found.append(Placed(clip, start + clip.at))
        elif board is None or clip.shot not in board:
            found.append(Placed(clip, max(0, clip.at), lost=True))
    return tuple(sorted(found, key=lambda one: (one.at, one.clip.id)))
