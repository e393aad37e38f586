"""Pictures of the project for a painter: read and scaled in the pool, kept while they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio_assist.desk.board.decoding import Broken, decoded
from studio_assist.desk.record.work import Work
from studio_assist.domain.errors import StudioError
from studio_assist.domain.storyboard import Media

#: How many pictures are kept; each is of the size in which it is shown.
_KEPT: Final = 48


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What there is of a picture.

    Attributes:
        why: of `unreadable`, in words.
    """

    state: Literal["loading", "ready", "missing", "unreadable"]
    image: QImage = field(default_factory=QImage)
    why: str = ""


LOADING: Final = Look("loading")
_MISSING: Final = Look("missing")
_Key = tuple[str, int, int]


def media_place(media: Media) -> str:
    """Where a picture of the project lies, in its folder."""
    return f"media/{media.sha256[:2]}/{media.sha256}{media.suffix}"


class FramePictures(QObject):
    """Reads pictures in the pool.

    Signals:
        came: the path of a picture that was read, or that could not be.
    """

    came = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks: Final[OrderedDict[_Key, Look]] = OrderedDict()

    # methods

    def look(self, path: Path, width_px: int, *, coarse: bool = False) -> Look:
        """What there is of a file, `width_px` device pixels wide at most; what is not there yet is fetched.

        A file that is written again is read again. `coarse`: pixels stay squares.
        """
        try:
            stamp = path.stat().st_mtime_ns
        except OSError:
            return _MISSING
        key = (str(path), width_px, stamp)
        known = self._looks.get(key)
        if known is None:
            known = self._looks[key] = LOADING
            Work(
                partial(_read, path, width_px, coarse),
                self,
                partial(self._take, key),
                partial(self._failed, key),
            ).start()
            while len(self._looks) > _KEPT:
                self._looks.popitem(last=False)
        self._looks.move_to_end(key)
        return known

    # slots

    def _take(self, key: _Key, look: Look | None) -> None:
        self._looks[key] = look or Look("unreadable", why="It could not be read.")
        self.came.emit(key[0])

    def _failed(self, key: _Key, error: StudioError) -> None:
        self._looks[key] = Look("unreadable", why=error.message)
        self.came.emit(key[0])


def _read(path: Path, width_px: int, coarse: bool) -> Look:
    try:
        return Look("ready", decoded(path, width_px, max(1, round(width_px * 9 / 16)), coarse=coarse))
    except FileNotFoundError:
        return _MISSING
    except Broken as error:
        return Look("unreadable", why=str(error))
