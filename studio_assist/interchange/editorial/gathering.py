"""What every reader of edits finds, and what becomes of it: clips in order, joined, counted in frames."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal

from studio_assist.domain.incoming import IncomingClip, IncomingEdit, ReportLine
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.timebase import FrameRate
from studio_assist.domain.values import Sha256
from studio_assist.interchange.editorial.cutting_list import SHOT, ours, plain
from studio_assist.interchange.editorial.safe_files import not_an_edit

EditFormat = Literal["otio", "edl", "fcp7xml", "fcpxml"]
#: More than the longest films have cuts.
MOST_CLIPS: Final = 10_000
#: Comments and markers of a clip that are read; its note is cut long before.
MOST_NOTES: Final = 200
#: How deep sequences may lie in one another.
DEEPEST: Final = 16
_MOST_LINES: Final = 200
_NAME: Final = 200
_NOTE: Final = 2000
_LONGEST: Final = 10_000_000
_HASH: Final = re.compile(r"(?<![0-9a-fA-F])[0-9a-f]{64}(?![0-9a-fA-F])")


@dataclass(frozen=True, slots=True)
class Found:
    """A picture clip as a file has it. Times are seconds of the edit.

    Attributes:
        skipped: what is cut off its beginning.
        where: its place in the file, as people find it.
    """

    name: str
    start: Fraction
    length: Fraction
    where: str
    skipped: Fraction = Fraction(0)
    shot: ShotId | None = None
    media: Sha256 | None = None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Gathered:
    """What a reader has found so far.

    Attributes:
        markers: what an editor wrote beside the timeline, by its time in seconds.
    """

    format: EditFormat
    title: str = ""
    clips: list[Found] = field(default_factory=list[Found])
    markers: list[tuple[Fraction, str]] = field(default_factory=list[tuple[Fraction, str]])
    covers: tuple[ShotId, ...] = ()
    _report: list[ReportLine] = field(default_factory=list[ReportLine])
    _told: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    _more: int = 0

    # methods

    def tell(self, where: str, what: str, remedy: str = "") -> None:
        """Add a line to the report; after some hundred, they are counted only."""
        if len(self._report) >= _MOST_LINES:
            self._more += 1
        elif (where, what) not in self._told:
            # A sequence that lies in another is looked at more than once.
            self._told.add((where, what))
            self._report.append(ReportLine(where=where, what=plain(what), remedy=remedy))

    def add(self, clip: Found) -> None:
        """One more clip. Raises `BadInput` where there are more than an edit has."""
        self.clips.append(clip)
        if len(self.clips) > MOST_CLIPS:
            raise not_an_edit(self.title or "the edit", f"There are more than {MOST_CLIPS:,} clips in it.")

    def edit(self, rate: FrameRate) -> IncomingEdit:
        """All of it as an edit at a rate."""
        clips = self._counted(rate)
        if not clips:
            raise not_an_edit(self.title or "the edit", "There is no picture clip in this edit.")
        self._mark(clips)
        joined = self._once(self._joined(clips))
        if self._more:
            self._report.append(
                ReportLine(where="the edit", what=f"{self._more:,} more things were noticed.")
            )
        return IncomingEdit(
            format=self.format,
            title=plain(self.title)[:_NAME],
            rate=rate,
            clips=tuple(one.clip() for one in joined),
            covers=self.covers,
            report=tuple(self._report),
        )

    # internals

    def _counted(self, rate: FrameRate) -> list[_Counted]:
        """The clips in whole frames, in the order in which they play."""
        found: list[_Counted] = []
        rounded = 0
        for one in sorted(self.clips, key=lambda clip: clip.start):
            first, last = one.start * rate.fps, (one.start + one.length) * rate.fps
            begin, over = round(first), round(last)
            # A rate that a float holds is off by a millionth: that is no rounding worth telling.
            rounded += abs(first - begin) > _SMALL or abs(last - over) > _SMALL
            if over <= begin:
                self.tell(one.where, f"{one.name or 'A clip'} is shorter than a frame and was left out.")
                continue
            if over - begin > _LONGEST:
                raise not_an_edit(one.where, "A clip is longer than any film.")
            if found and begin > found[-1].end:
                self.tell(one.where, f"There is a gap of {begin - found[-1].end} frames before {one.name}.")
            found.append(_Counted(one, begin, over))
        if rounded:
            self.tell(
                "the edit",
                f"{rounded} clips do not begin or end on a frame at {rate.name}; the nearest one was taken.",
            )
        return found

    def _mark(self, clips: Sequence[_Counted]) -> None:
        """Give each marker of the timeline to the clip that plays there."""
        starts = [one.found.start for one in clips]
        for at, words in self.markers:
            place = bisect_right(starts, at) - 1
            if place >= 0 and words:
                clips[place].notes.append(words)

    def _joined(self, clips: Sequence[_Counted]) -> list[_Counted]:
        """Pieces of one shot with nothing between them, as one clip: a still that was cut is still one."""
        joined: list[_Counted] = []
        pieces: dict[int, int] = {}
        for one in clips:
            if joined and joined[-1].key == one.key and joined[-1].end == one.begin:
                joined[-1].end = one.end
                joined[-1].notes += one.notes
                pieces[len(joined) - 1] = pieces.get(len(joined) - 1, 1) + 1
            else:
                joined.append(one)
        for place, count in pieces.items():
            one = joined[place].found
            self.tell(one.where, f"{one.name} is cut into {count} pieces; they count as one clip.")
        return joined

    def _once(self, clips: Iterable[_Counted]) -> list[_Counted]:
        """A shot that plays in two places is one shot here: the first place counts."""
        kept: dict[tuple[str, str], _Counted] = {}
        for one in clips:
            if not one.found.name and one.found.shot is None and one.found.media is None:
                kept[("place", str(one.begin))] = one
            elif one.key not in kept:
                kept[one.key] = one
            elif one.found.shot is not None or one.found.media is not None:
                frames = one.end - one.begin
                self.tell(
                    one.found.where,
                    f"{one.found.name} plays again, for {frames} frames; the first time counts.",
                    "Give it a shot of its own on the board if it is meant to come twice.",
                )
            else:
                kept[("again", str(one.begin))] = one
                said = (
                    f"{one.found.name} plays again; where it is a shot of the board, the first time counts."
                )
                self.tell(one.found.where, said)
        return list(kept.values())


_SMALL: Final = Fraction(1, 1000)


class _Counted:
    """A clip from frame `begin` to before `end`, while clips are joined."""

    def __init__(self, found: Found, begin: int, end: int) -> None:
        self.found: Final = found
        self.begin: Final = begin
        self.end = end
        self.notes = list(found.notes)
        self._skipped: Final = (
            max(0, round(found.skipped * (end - begin) / found.length)) if found.length else 0
        )

    @property
    def key(self) -> tuple[str, str]:
        """What makes two clips the same shot."""
        one = self.found
        if one.shot is not None:
            return ("shot", one.shot)
        return ("name", f"{one.name.casefold()}\n{one.media}")

    def clip(self) -> IncomingClip:
        lines = dict.fromkeys(line for note in self.notes for line in lines_of(note))
        return IncomingClip(
            name=plain(self.found.name)[:_NAME],
            shot=self.found.shot,
            media=self.found.media,
            frames=self.end - self.begin,
            skipped=min(_LONGEST, self._skipped),
            note="\n".join(lines)[:_NOTE],
        )


def lines_of(text: str) -> list[str]:
    """What an editor wrote, a line each, without what our own exports wrote."""
    found = (plain(line)[:_NOTE] for line in text[: 4 * _NOTE].splitlines())
    return [line for line in found if line and not ours(line)]


def shot_in(*texts: str) -> ShotId | None:
    """The shot that a comment of our exports names."""
    found = next((match for text in texts if (match := SHOT.search(text[: 4 * _NOTE]))), None)
    return ShotId(found[1].lower()) if found else None


def media_in(*texts: str) -> Sha256 | None:
    """The picture that a file's name names: they are called by their hash."""
    found = next((match for text in texts if (match := _HASH.search(text[: 4 * _NOTE]))), None)
    return found[0] if found else None
