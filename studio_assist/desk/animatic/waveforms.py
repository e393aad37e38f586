"""Waveforms: how loud a sound is from moment to moment, read in the pool once and kept by its hash."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from studio_assist.desk.record.work import Work
from studio_assist.domain.errors import StudioError
from studio_assist.domain.timebase import SAMPLE_RATE
from studio_assist.domain.values import Sha256
from studio_assist.interchange.sound_wav import peaks

#: Heights a second: a bar of the waveform is never narrower than a few of them.
PER_SECOND: Final = 100
_STEP: Final = SAMPLE_RATE // PER_SECOND
#: A sound of four hours has 1.4 MB of them.
_MOST_BYTES: Final = 64_000_000

Levels = npt.NDArray[np.float32]


class Waveforms(QObject):
    """The loudness of sounds.

    Signals:
        came: hash of a sound whose waveform can be drawn now, or that turned out to be unreadable.
    """

    came = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: Final[OrderedDict[Sha256, Levels | StudioError]] = OrderedDict()
        self._reading: Final[set[Sha256]] = set()
        self._bytes = 0
        self._round = 0

    # methods

    def clear(self) -> None:
        """Another project."""
        self._kept.clear()
        self._reading.clear()
        self._bytes = 0
        self._round += 1

    def trouble(self, sound: Sha256) -> StudioError | None:
        """Why a sound has no waveform."""
        known = self._kept.get(sound)
        return known if isinstance(known, StudioError) else None

    def bars(self, sound: Sha256, path: Path, start: float, step: float, count: int) -> Levels | None:
        """Heights of bars, 0 to 1; None while the sound is read, which this call asks for.

        Args:
            start: where in the sound the first bar begins, samples.
            step: samples a bar.
        """
        known = self._kept.get(sound)
        if known is None:
            self._read(sound, path)
            return None
        if isinstance(known, StudioError) or count < 1:
            return np.zeros(max(0, count), np.float32)
        self._kept.move_to_end(sound)
        edges = ((start + np.arange(count + 1) * step) / _STEP).astype(np.int64)
        # numpy's own clip costs more than these where a clip has a few bars.
        first = np.maximum(np.minimum(edges[:-1], len(known) - 1), 0)
        span = known[first[0] : max(int(edges[-1]), int(first[-1]) + 1)]
        # Every bar but the last ends where the next begins.
        found: Levels = np.maximum.reduceat(span, first - first[0])
        return found

    # internals

    def _read(self, sound: Sha256, path: Path) -> None:
        if sound not in self._reading:
            self._reading.add(sound)
            done = partial(self._take, self._round, sound)
            Work(partial(_levels, path), self, done, done).start()

    def _take(self, which: int, sound: Sha256, found: Any) -> None:
        if which != self._round:
            return
        self._reading.discard(sound)
        self._kept[sound] = found
        self._bytes += _size(found)
        while self._bytes > _MOST_BYTES and len(self._kept) > 1:
            _sound, old = self._kept.popitem(last=False)
            self._bytes -= _size(old)
        self.came.emit(sound)


def _size(found: Levels | StudioError) -> int:
    return 0 if isinstance(found, StudioError) else found.nbytes


def _levels(path: Path) -> Levels:
    """The larger of both sides of the middle, 0 to 1."""
    sides = peaks(path, PER_SECOND)
    return (np.abs(sides.astype(np.int16)).max(axis=1) / 127).astype(np.float32)
