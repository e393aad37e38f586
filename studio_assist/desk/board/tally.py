"""Counts that are kept up while shots come, go and change: nothing is counted anew for one that changed."""

from __future__ import annotations

from typing import Final

from studio_assist.desk.board.filters import Counts, is_kind
from studio_assist.domain.storyboard import Shot, ShotId, Variant

_Kept = tuple[str, int, int, int, int]


class Tally:
    """How many shots of each kind there are, in all and of each scene."""

    def __init__(self) -> None:
        self._kept: Final[dict[ShotId, _Kept]] = {}
        self._scenes: Final[dict[str, Counts]] = {}
        self._all = Counts()

    # properties

    @property
    def all(self) -> Counts:
        return self._all

    # methods

    def scene(self, scene: str) -> Counts:
        """A scene's counts; zeros where it has no shot."""
        return self._scenes.get(scene, Counts())

    def put(self, shot: Shot, variants: tuple[Variant, ...]) -> None:
        """A shot as it is now."""
        kept: _Kept = (
            shot.scene,
            shot.duration_ms,
            int(is_kind("open", shot, variants)),
            int(is_kind("temp", shot, variants)),
            int(is_kind("human", shot, variants)),
        )
        was = self._kept.get(shot.id)
        if was == kept:
            return
        if was is not None:
            self._add(was, -1)
        self._kept[shot.id] = kept
        self._add(kept, 1)

    def drop(self, shot: ShotId) -> None:
        """A shot is gone."""
        was = self._kept.pop(shot, None)
        if was is not None:
            self._add(was, -1)

    def clear(self) -> None:
        """Another board."""
        self._kept.clear()
        self._scenes.clear()
        self._all = Counts()

    # internals

    def _add(self, kept: _Kept, sign: int) -> None:
        scene, duration, waits, temp, human = kept
        counts = self._scenes.setdefault(scene, Counts())
        for one in (self._all, counts):
            one.all += sign
            one.duration_ms += sign * duration
            one.open += sign * waits
            one.temp += sign * temp
            one.human += sign * human
        if not counts.all:
            del self._scenes[scene]
