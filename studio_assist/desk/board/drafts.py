"""Small drawings of proposed shots, made in the pool one after the other, the rows in sight first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from studio_assist.blockout import drawer, stage
from studio_assist.blockout.raster import coloured, rasterised
from studio_assist.desk.record.work import Work
from studio_assist.domain.errors import StudioError
from studio_assist.domain.storyboard import Shot, ShotId

WIDTH, HEIGHT = 320, 180
#: A drawing of this size has 230 kB.
_KEPT: Final = 200


class Drafts(QObject):
    """Drawings by the shots' ids.

    Signals:
        came: the id of a shot whose drawing is there now.
    """

    came = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._kept: Final[OrderedDict[ShotId, QPixmap]] = OrderedDict()
        self._waiting: Final[OrderedDict[ShotId, tuple[Shot, str, tuple[Shot, ...]]]] = OrderedDict()
        self._drawing: ShotId | None = None
        self._failed_ids: Final[set[ShotId]] = set()

    # methods

    def draft(self, shot: Shot, heading: str, scene: Sequence[Shot]) -> QPixmap | None:
        """A shot's drawing; None while it is made, which this call asks for."""
        known = self._kept.get(shot.id)
        if known is not None:
            self._kept.move_to_end(shot.id)
            return known
        if shot.id not in self._failed_ids and shot.id != self._drawing:
            self._waiting[shot.id] = (shot, heading, tuple(scene))
            self._waiting.move_to_end(shot.id)
            self._go_on()
        return None

    def keep_only(self, shots: set[ShotId]) -> None:
        """Of what waits to be drawn, only these are still in sight."""
        for shot in [shot for shot in self._waiting if shot not in shots]:
            del self._waiting[shot]

    # internals

    def _go_on(self) -> None:
        if self._drawing is not None or not self._waiting:
            return
        self._drawing, what = self._waiting.popitem(last=False)
        one = self._drawing
        Work(partial(_drawn, *what), self, partial(self._take, one), partial(self._fail, one)).start()

    def _take(self, shot: ShotId, image: QImage | None) -> None:
        self._drawing = None
        if image is None:
            self._failed_ids.add(shot)
        else:
            self._kept[shot] = QPixmap.fromImage(image)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            self.came.emit(shot)
        self._go_on()

    def _fail(self, shot: ShotId, _error: StudioError) -> None:
        # A row without a drawing says all the same what the shot is.
        self._take(shot, None)


def _drawn(shot: Shot, heading: str, scene: tuple[Shot, ...]) -> QImage:
    staging = stage.staged(shot, heading, scene)
    pixels = coloured(rasterised(drawer.draw(staging, WIDTH, HEIGHT)))
    data = pixels.tobytes()
    image = QImage(data, WIDTH, HEIGHT, WIDTH * 3, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)
