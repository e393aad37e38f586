"""Small pictures for the grid: read in the pool for what is in sight, kept by their bytes.

Reading is asked for by painting and let go by scrolling away, so a fast scroll reads what it ends at and not
what it passed. A picture is named by the hash of its content: it never grows old.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from studio_assist.desk.board.decoding import Broken, decoded
from studio_assist.desk.record.work import Work
from studio_assist.domain.errors import StudioError
from studio_assist.domain.storyboard import Live, Media

#: A thumbnail of the usual size has 160 kB; these are the panels of about a thousand shots.
MOST_BYTES: Final = 160_000_000
#: How many are read at once: the window's own thread keeps a core.
AT_ONCE: Final = max(1, min(3, (os.cpu_count() or 2) - 1))


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no picture to show.

    Attributes:
        where: the file that was looked for.
        why: "" where there is no such file, else what is wrong with it.
    """

    where: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """One picture in one size.

    Attributes:
        name: the content's hash, or a preview's path and step.
        width, height: device pixels.
    """

    name: str
    width: int
    height: int
    ratio: float


class Thumbnails(QObject):
    """Pictures of the project's media in the sizes in which they are shown.

    Signals:
        came: the name of a picture that can be shown now, or that turned out to be missing.
    """

    came = Signal(str)

    def __init__(self, parent: QObject | None = None, *, most_bytes: int = MOST_BYTES) -> None:
        super().__init__(parent)
        self._most: Final = most_bytes
        self._folder: Path | None = None
        self._kept: Final[OrderedDict[Key, QPixmap | Missing]] = OrderedDict()
        self._bytes = 0
        self._waiting: Final[OrderedDict[Key, tuple[Path, bool]]] = OrderedDict()
        self._reading: Final[set[Key]] = set()
        self._round = 0
        #: The last preview of each file: shown until the next is read.
        self._last: Final[dict[str, QPixmap]] = {}

    # properties

    @property
    def bytes(self) -> int:
        """What is kept, in bytes."""
        return self._bytes

    @property
    def busy(self) -> bool:
        """Whether something is read or waits to be."""
        return bool(self._waiting or self._reading)

    @property
    def waiting(self) -> int:
        """How many wait to be read."""
        return len(self._waiting)

    # methods

    def set_folder(self, media: Path | None) -> None:
        """The folder of the project's media."""
        if media != self._folder:
            self._folder = media
            self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._round += 1
        self._kept.clear()
        self._waiting.clear()
        self._last.clear()
        self._reading.clear()
        self._bytes = 0

    def forget_missing(self) -> None:
        """Look again for what was not there."""
        for key in [key for key, kept in self._kept.items() if isinstance(kept, Missing)]:
            del self._kept[key]

    def file(self, media: Media) -> Path | None:
        """Where a picture's file ought to be."""
        if self._folder is None:
            return None
        return self._folder / media.sha256[:2] / f"{media.sha256}{media.suffix}"

    def picture(self, media: Media, width: int, height: int, ratio: float) -> QPixmap | Missing | None:
        """A picture within `width` × `height` px; None while it is read, which this call asks for."""
        path = self.file(media)
        if path is None:
            return Missing(f"media/{media.sha256[:2]}/{media.sha256}{media.suffix}")
        key = Key(media.sha256, round(width * ratio), round(height * ratio), ratio)
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            return known
        self._want(key, path, coarse=False)
        return None

    def preview(self, live: Live, width: int, height: int, ratio: float) -> QPixmap | None:
        """The rough picture of work under way; the one before while a newer one is read."""
        if not live.preview:
            return None
        name = f"{live.preview}\n{live.variant}\n{live.step}\n{live.share}"
        key = Key(name, round(width * ratio), round(height * ratio), ratio)
        known = self._kept.get(key)
        if known is None:
            self._want(key, Path(live.preview), coarse=True)
        if isinstance(known, QPixmap):
            self._last[live.preview] = known
        return self._last.get(live.preview)

    def keep_only(self, names: Iterable[str]) -> None:
        """Of what waits to be read, only these are still in sight."""
        seen = set(names)
        for key in [key for key in self._waiting if key.name not in seen and "\n" not in key.name]:
            del self._waiting[key]

    # internals

    def _want(self, key: Key, path: Path, *, coarse: bool) -> None:
        if key in self._reading:
            return
        # What was asked for last is in sight now and comes first.
        self._waiting[key] = (path, coarse)
        self._waiting.move_to_end(key)
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and len(self._reading) < AT_ONCE:
            key, (path, coarse) = self._waiting.popitem(last=False)
            self._reading.add(key)
            read = partial(_read, path, key, coarse)
            done = partial(self._take, self._round, key)
            Work(read, self, done, partial(self._failed, self._round, key)).start()

    def _take(self, which: int, key: Key, image: QImage | Missing | None) -> None:
        if which != self._round:
            return
        self._reading.discard(key)
        if isinstance(image, QImage):
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(key.ratio)
            self._keep(key, pixmap)
        else:
            self._keep(key, image or Missing("", "It could not be read."))
        self._go_on()
        self.came.emit(key.name)

    def _failed(self, which: int, key: Key, error: StudioError) -> None:
        self._take(which, key, Missing(error.place or "", error.message))

    def _keep(self, key: Key, picture: QPixmap | Missing) -> None:
        self._kept[key] = picture
        self._bytes += _size(picture)
        while self._bytes > self._most and len(self._kept) > 1:
            _key, old = self._kept.popitem(last=False)
            self._bytes -= _size(old)


def _size(picture: QPixmap | Missing) -> int:
    if isinstance(picture, Missing):
        return 0
    return picture.width() * picture.height() * picture.depth() // 8


def _read(path: Path, key: Key, coarse: bool) -> QImage | Missing:
    try:
        return decoded(path, key.width, key.height, coarse=coarse)
    except FileNotFoundError:
        return Missing(str(path))
    except Broken as broken:
        return Missing(str(path), str(broken))
