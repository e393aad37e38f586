"""Going about the timeline by keyboard: from board to board, clip to clip and lane to lane."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint

from studio_assist.desk.animatic.book import AnimaticBook
from studio_assist.desk.animatic.canvas import Canvas
from studio_assist.desk.animatic.choice import Choice
from studio_assist.desk.animatic.drag import length_text
from studio_assist.desk.animatic.reach import LANES_TOP
from studio_assist.desk.animatic.scale import Scale
from studio_assist.desk.animatic.sound_lanes import SOUND_PX
from studio_assist.domain.timebase import SAMPLE_RATE, sample_of
from studio_assist.domain.timeline import Cut


class Walker:
    """Chooses the next thing, brings it into sight, and says what it is."""

    def __init__(self, book: AnimaticBook, choice: Choice, scale: Scale, canvas: Canvas) -> None:
        self._book: Final = book
        self._choice: Final = choice
        self._scale: Final = scale
        self._canvas: Final = canvas

    # methods

    def target(self) -> Cut | None:
        """The chosen board, else the one that is on."""
        timeline = self._book.timeline
        if not timeline.cuts:
            return None
        place = timeline.place(self._choice.shot) if self._choice.shot is not None else None
        return timeline.cuts[timeline.at(self._canvas.playhead) if place is None else place]

    def along(self, by: int) -> None:
        """The next board, or the next clip of the lane."""
        track, timeline = self._choice.track, self._book.timeline
        if track is None:
            cut = self.target()
            place = timeline.place(cut.shot.id) if cut is not None else None
            if place is not None:
                if self._choice.shot is not None:
                    place = max(0, min(len(timeline.cuts) - 1, place + by))
                self._choice.choose_shot(timeline.cuts[place].shot.id)
                self.show()
            return
        clips = [one.clip for one in self._book.placed if one.clip.track == track]
        if clips:
            at = next((at for at, clip in enumerate(clips) if clip.id == self._choice.clip), None)
            at = (0 if by > 0 else len(clips) - 1) if at is None else max(0, min(len(clips) - 1, at + by))
            self._choice.choose_clip(clips[at].id, track)
            self.show()

    def to_lane(self, by: int) -> None:
        """The lane below or above, and what of it is nearest to the playhead; the boards are the first."""
        lanes = [None, *(track.id for track in self._book.animatic.tracks)]
        at = max(0, min(len(lanes) - 1, lanes.index(self._choice.track) + by))
        track = lanes[at]
        if track is None:
            self._choice.choose_shot(self._choice.shot)
            return
        playhead = sample_of(self._canvas.playhead, self._book.rate)
        near = [one for one in self._book.placed if one.clip.track == track]
        clip = min(near, key=lambda one: max(one.at - playhead, playhead - one.end)).clip.id if near else None
        self._choice.choose_clip(clip, track)
        self._canvas.show_track(track)
        self.show()

    def show(self) -> None:
        """Bring what is chosen into sight."""
        one, cut = self._choice.placed, self.target()
        if one is not None:
            left, right = self._scale.x_of_sample(one.at), self._scale.x_of_sample(one.end)
            if right < 0 or left > self._scale.width:
                self._scale.show_frame(round(self._scale.frame(left)))
        elif cut is not None and self._choice.shot is not None:
            self._scale.show_frame(cut.start)

    def menu_place(self) -> QPoint:
        """Where the keyboard's menu opens: under what is chosen."""
        one, tracks = self._choice.placed, self._book.animatic.tracks
        x = round(self._scale.x_of_sample(one.at)) if one is not None else 8
        lane = next((at for at, track in enumerate(tracks) if track.id == self._choice.track), 0)
        top = LANES_TOP + lane * SOUND_PX - self._canvas.reach.shift + 8
        return self._canvas.mapToGlobal(QPoint(max(8, min(x, self._canvas.width() - 8)), top))

    def told(self) -> str:
        """What a screen reader says of what is chosen."""
        one, timeline, rate = self._choice.placed, self._book.timeline, self._book.rate
        if one is not None:
            sound = self._book.animatic.sound(one.clip.sound)
            frames = round(one.clip.length * rate.fps / SAMPLE_RATE)
            name = sound.name if sound is not None else "unknown sound"
            temp = ", temp" if sound is not None and sound.temp else ""
            return f"Clip {name}{temp}, {length_text(frames, rate)}"
        track = next((lane for lane in self._book.animatic.tracks if lane.id == self._choice.track), None)
        if track is not None:
            return f"Lane {track.name}, no clip is chosen"
        place = timeline.place(self._choice.shot) if self._choice.shot is not None else None
        if place is None:
            return f"{len(timeline.cuts):,} boards, none is chosen"
        cut = timeline.cuts[place]
        look = self._canvas.boards.look(cut.shot)
        state = look.words.lower() or ("temp" if look.temp else "drawn")
        return f"Board {cut.shot.number}, {state}, {length_text(cut.frames, rate)}"
