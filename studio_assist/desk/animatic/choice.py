"""What is chosen on the timeline: a board, a clip, and which of the lanes the keyboard is on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studio_assist.desk.animatic.animatic_copy import AnimaticCopy
from studio_assist.domain.animatic import ClipId, TrackId
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.timeline import Placed


class Choice(QObject):
    """The chosen board and the chosen clip.

    Signals:
        changed: another board, clip or lane.
        shot_changed: another board.
    """

    changed = Signal()
    shot_changed = Signal()

    def __init__(self, book: AnimaticCopy, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self._shot: ShotId | None = None
        self._clip: ClipId | None = None
        self._track: TrackId | None = None

    # properties

    @property
    def shot(self) -> ShotId | None:
        """The chosen board."""
        return self._shot

    @property
    def clip(self) -> ClipId | None:
        """The chosen clip."""
        return self._clip

    @property
    def track(self) -> TrackId | None:
        """The lane of sound that the keyboard is on; None: it is on the boards."""
        return self._track

    @property
    def placed(self) -> Placed | None:
        """The chosen clip where it stands."""
        if self._clip is None:
            return None
        return next((one for one in self._book.placed if one.clip.id == self._clip), None)

    # methods

    def choose_shot(self, shot: ShotId | None) -> None:
        """Choose a board, and no clip."""
        if shot is not None and self._book.timeline.place(shot) is None:
            return
        self._put(shot, None, None)

    def choose_clip(self, clip: ClipId | None, track: TrackId | None) -> None:
        """Choose a clip on a lane; None: the lane alone. The board stays chosen."""
        self._put(self._shot, clip, track)

    def hold(self) -> None:
        """The animatic is another one: keep what is still there."""
        shot = self._shot
        if shot is not None and self._book.timeline.place(shot) is None:
            shot = None
        track = self._track
        if not any(one.id == track for one in self._book.animatic.tracks):
            track = None
        placed = self.placed
        self._put(shot, placed.clip.id if placed else None, placed.clip.track if placed else track)

    # internals

    def _put(self, shot: ShotId | None, clip: ClipId | None, track: TrackId | None) -> None:
        if (shot, clip, track) == (self._shot, self._clip, self._track):
            return
        other = shot != self._shot
        self._shot, self._clip, self._track = shot, clip, track
        if other:
            self.shot_changed.emit()
        self.changed.emit()
