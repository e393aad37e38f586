"""Pictures for the player: decoded in the pool before they are due, at the size in which they are shown.

What is needed is told anew whenever the playhead comes to another shot; what waits and is needed no more is
let go. So much is kept as a bound allows, the oldest goes first.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio_assist.desk.board.decoding import Broken, decoded
from studio_assist.desk.record.work import Work
from studio_assist.domain.errors import StudioError

#: A frame of 960 × 540 has 2 MB; one of a large screen 33 MB.
MOST_BYTES: Final = 240_000_000
#: How many are decoded at once: the window's own thread keeps a core.
AT_ONCE: Final = max(1, min(3, (os.cpu_count() or 2) - 1))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture, and the device pixels that it has to fill."""

    file: Path
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class NoPicture:
    """There is no picture to show; `why` is "" where there is no such file."""

    file: Path
    why: str = ""


class FramePictures(QObject):
    """Decoded pictures, by their files: a file among the media is named by its content and never changes.

    Signals:
        came: a `Path`: its picture can be shown now, or turned out to be missing.
    """

    came = Signal(object)

    def __init__(self, parent: QObject | None = None, *, most_bytes: int = MOST_BYTES) -> None:
        super().__init__(parent)
        self._most: Final = most_bytes
        self._kept: Final[OrderedDict[Path, tuple[Wanted, QImage | NoPicture]]] = OrderedDict()
        self._waiting: list[Wanted] = []
        self._reading: Final[set[Wanted]] = set()
        self._bytes = 0
        self._round = 0

    # properties

    @property
    def bytes(self) -> int:
        """What is kept, in bytes."""
        return self._bytes

    @property
    def busy(self) -> bool:
        """Whether something is decoded or waits to be."""
        return bool(self._waiting or self._reading)

    # methods

    def room(self, width: int, height: int) -> int:
        """How many pictures of a size can be kept at once; never fewer than are on and next."""
        return max(2, self._most // max(1, width * height * 4))

    def want(self, wanted: Sequence[Wanted]) -> None:
        """What is needed now, the most urgent first. What was told before is so no more."""
        self._waiting = []
        for one in reversed(wanted):
            known = self._kept.get(one.file)
            if known is not None:
                # It stays longer than what is not needed, and the most urgent the longest.
                self._kept.move_to_end(one.file)
            if (known is None or known[0] != one) and one not in self._reading:
                self._waiting.append(one)
        self._waiting.reverse()
        self._go_on()

    def picture(self, file: Path) -> QImage | NoPicture | None:
        """A picture in the size in which it was decoded last; None where it was not yet."""
        known = self._kept.get(file)
        return known[1] if known is not None else None

    def clear(self) -> None:
        """Forget everything."""
        self._round += 1
        self._kept.clear()
        self._waiting = []
        self._reading.clear()
        self._bytes = 0

    # internals

    def _go_on(self) -> None:
        while self._waiting and len(self._reading) < AT_ONCE:
            one = self._waiting.pop(0)
            self._reading.add(one)
            done = partial(self._take, self._round, one)
            Work(partial(_read, one), self, done, partial(self._failed, self._round, one)).start()

    def _take(self, which: int, one: Wanted, picture: QImage | NoPicture | None) -> None:
        if which != self._round:
            return
        self._reading.discard(one)
        self._keep(one, picture if picture is not None else NoPicture(one.file, "It could not be read."))
        self._go_on()
        self.came.emit(one.file)

    def _failed(self, which: int, one: Wanted, error: StudioError) -> None:
        self._take(which, one, NoPicture(one.file, error.message))

    def _keep(self, one: Wanted, picture: QImage | NoPicture) -> None:
        old = self._kept.pop(one.file, None)
        if old is not None:
            self._bytes -= _size(old[1])
        self._kept[one.file] = (one, picture)
        self._bytes += _size(picture)
        while self._bytes > self._most and len(self._kept) > 2:
            _file, (_wanted, gone) = self._kept.popitem(last=False)
            self._bytes -= _size(gone)


def _size(picture: QImage | NoPicture) -> int:
    return picture.sizeInBytes() if isinstance(picture, QImage) else 0


def _read(one: Wanted) -> QImage | NoPicture:
    try:
        return decoded(one.file, one.width, one.height)
    except FileNotFoundError:
        return NoPicture(one.file)
    except Broken as broken:
        return NoPicture(one.file, str(broken))
