"""What is done to clips and lanes by key, button and menu. Each is one step of undo, with its words."""

from __future__ import annotations

import secrets
from typing import Final

from studio_assist.desk.animatic import clip_edits
from studio_assist.desk.animatic.book import AnimaticBook
from studio_assist.desk.animatic.choice import Choice
from studio_assist.domain.animatic import (
    Clip,
    ClipId,
    PutClips,
    PutTracks,
    Sound,
    TakeClips,
    Track,
    TrackId,
    TrackKind,
)
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.timebase import frame_at_sample, sample_of
from studio_assist.domain.timeline import Cut

_NAMES: Final[dict[TrackKind, str]] = {
    "dialogue": "Scratch dialogue",
    "tone": "Room tone",
    "music": "Music",
    "effects": "Effects",
}


class ClipHand:
    """Changes the chosen clip, or a lane."""

    def __init__(self, book: AnimaticBook, choice: Choice) -> None:
        self.book: Final = book
        self.choice: Final = choice

    # the chosen clip

    @property
    def sound(self) -> Sound | None:
        """What the chosen clip plays."""
        one = self.choice.placed
        return self.book.animatic.sound(one.clip.sound) if one is not None else None

    def delete(self) -> None:
        """Off the lane; its sound stays among the media."""
        one = self.choice.placed
        if one is not None:
            self.book.edit_sounds(TakeClips(ids=(one.clip.id,)), "Delete the clip")

    def may_split(self, frame: int) -> bool:
        """Whether the playhead is over the chosen clip, far enough from its ends."""
        return self._parts(frame) is not None

    def split(self, frame: int) -> None:
        """Two clips at the playhead; the later one is then chosen."""
        parts = self._parts(frame)
        if parts is not None and self.book.edit_sounds(PutClips(clips=parts), "Split the clip"):
            self.choice.choose_clip(parts[1].id, parts[1].track)

    def gain(self, by: float | None) -> None:
        """Louder or softer by decibels; None: as it was recorded."""
        one = self.choice.placed
        if one is not None:
            gain = 0.0 if by is None else one.clip.gain_db + by
            clip = clip_edits.with_gain(one.clip, gain)
            self._put(clip, f"Set the clip to {clip_edits.gain_text(clip.gain_db)}")

    def fade(self, frames: int, *, coming: bool) -> None:
        """Let it come or go over this many frames."""
        one = self.choice.placed
        if one is not None:
            samples = sample_of(frames, self.book.rate)
            clip = (
                clip_edits.with_fades(one.clip, fade_in=samples)
                if coming
                else clip_edits.with_fades(one.clip, fade_out=samples)
            )
            self._put(clip, "Fade the clip")

    def nudge(self, frames: int) -> None:
        """Earlier or later by frames."""
        one = self.choice.placed
        if one is not None:
            at = max(0, one.at + sample_of(abs(frames), self.book.rate) * (1 if frames > 0 else -1))
            base = clip_edits.standing(one.clip, one.at) if one.lost else one.clip
            self._put(clip_edits.moved(base, at - one.at), "Move the clip")

    def trim(self, frames: int, *, start: bool) -> None:
        """One of its ends moved by frames."""
        one, sound = self.choice.placed, self.sound
        if one is not None and sound is not None:
            by = sample_of(abs(frames), self.book.rate) * (1 if frames > 0 else -1)
            if start:
                clip = clip_edits.trimmed_start(one.clip, max(by, -one.at))
            else:
                clip = clip_edits.trimmed_end(one.clip, by, sound)
            self._put(clip, "Trim the clip")

    def to_track(self, track: TrackId) -> None:
        """Onto another lane."""
        one = self.choice.placed
        if one is not None:
            self._put(clip_edits.moved(one.clip, 0, track), "Move the clip")

    def to_next_track(self, by: int) -> None:
        """Onto the lane below or above."""
        one, tracks = self.choice.placed, self.book.animatic.tracks
        if one is not None:
            at = next(place for place, track in enumerate(tracks) if track.id == one.clip.track) + by
            if 0 <= at < len(tracks):
                self.to_track(tracks[at].id)

    def cut_of(self) -> Cut | None:
        """The shot on which the chosen clip begins."""
        one, timeline = self.choice.placed, self.book.timeline
        if one is None or not timeline.cuts:
            return None
        return timeline.cuts[timeline.at(frame_at_sample(max(0, one.at), timeline.rate))]

    def hang(self, shot: ShotId) -> None:
        """On a shot: it goes where the shot goes."""
        one, timeline = self.choice.placed, self.book.timeline
        place = timeline.place(shot)
        if one is not None and place is not None:
            starts = sample_of(timeline.cuts[place].start, timeline.rate)
            number = timeline.cuts[place].shot.number
            self._put(clip_edits.hung(one.clip, shot, starts, one.at), f"Hang the clip on {number}")

    def let_stand(self) -> None:
        """At a time of its own, where it is now."""
        one = self.choice.placed
        if one is not None:
            self._put(clip_edits.standing(one.clip, one.at), "Let the clip stand at its time")

    # lanes

    def add_track(self, kind: TrackKind = "effects") -> None:
        """One more lane, below the others."""
        tracks = self.book.animatic.tracks
        name, number = _NAMES[kind], 2
        while any(track.name == name for track in tracks):
            name, number = f"{_NAMES[kind]} {number}", number + 1
        new = Track(id=TrackId(secrets.token_hex(6)), name=name, kind=kind)
        self.book.edit_sounds(PutTracks(tracks=(*tracks, new)), "Add a lane")

    def rename_track(self, track: TrackId, name: str) -> None:
        """Call a lane otherwise."""
        name = " ".join(name.split())[:80]
        if name:
            self._track(track, "Rename the lane", name=name)

    def remove_track(self, track: TrackId) -> None:
        """A lane goes, and its clips with it."""
        tracks = self.book.animatic.tracks
        kept = tuple(one for one in tracks if one.id != track)
        if kept != tracks:
            self.book.edit_sounds(PutTracks(tracks=kept), "Remove the lane")

    def mute(self, track: TrackId) -> None:
        """Silent, or heard again."""
        one = self._found(track)
        if one is not None:
            self._track(track, f"{'Unmute' if one.muted else 'Mute'} {one.name}", muted=not one.muted)

    def solo(self, track: TrackId) -> None:
        """Heard alone, or with the others again."""
        one = self._found(track)
        if one is not None:
            self._track(track, f"{'End solo of' if one.solo else 'Solo'} {one.name}", solo=not one.solo)

    def track_gain(self, track: TrackId, by: float | None) -> None:
        """A lane louder or softer by decibels; None: as it is."""
        one = self._found(track)
        if one is not None:
            gain = 0.0 if by is None else max(-60.0, min(12.0, one.gain_db + by))
            self._track(track, f"Set {one.name} to {clip_edits.gain_text(gain)}", gain_db=gain)

    # internals

    def _found(self, track: TrackId) -> Track | None:
        return next((one for one in self.book.animatic.tracks if one.id == track), None)

    def _track(self, track: TrackId, words: str, **fields: object) -> None:
        tracks = self.book.animatic.tracks
        changed = tuple(one.model_copy(update=fields) if one.id == track else one for one in tracks)
        if changed != tracks:
            self.book.edit_sounds(PutTracks(tracks=changed), words)

    def _put(self, clip: Clip, words: str) -> None:
        one = self.choice.placed
        if one is not None and clip != one.clip:
            self.book.edit_sounds(PutClips(clips=(clip,)), words)
            self.choice.choose_clip(clip.id, clip.track)

    def _parts(self, frame: int) -> tuple[Clip, Clip] | None:
        one = self.choice.placed
        if one is None:
            return None
        at = sample_of(frame, self.book.rate) - one.at
        return clip_edits.split(one.clip, at, ClipId(secrets.token_hex(6)))
