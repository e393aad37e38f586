"""The onion skin: neighbours shine through, earlier ones in blue, later ones in plum, near ones stronger."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QColor, QImage, QPainter

from studio_assist.desk.canvas.job import CanvasJob
from studio_assist.desk.canvas.thumbs import skin_of
from studio_assist.desk.canvas.tiles import FORMAT
from studio_assist.desk.record.work import Work

#: Not amber, not green, not red, not the note pencil's violet: those mean something.
BACK: Final = "#3F6C9C"
AHEAD: Final = "#96527A"
#: A neighbour one further on is this much fainter.
FAINTER: Final = 0.6

Skin = tuple[QImage, float]


class Onion(QObject):
    """Reads the neighbours' pictures in the pool and keeps them for the drawing that is open.

    Signals:
        ready: one picture of all of them, as large as the page; None where there is nothing to show.
    """

    ready = Signal(object)

    def __init__(self, job: CanvasJob, size: QSize, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._size: Final = size
        shots = [one.shot for one in job.neighbours]
        here = shots.index(job.shot) if job.shot in shots else None
        pictures = [one.picture for one in job.neighbours]
        self._before: Final = [] if here is None else pictures[:here][::-1]
        self._after: Final = [] if here is None else pictures[here + 1 :]
        self._known: Final[dict[tuple[Path, str], QImage | None]] = {}
        self._wanted: list[tuple[Path, str, float]] = []
        self._told = 0
        self.on = False
        self.back, self.ahead, self.opacity = 1, 1, 0.14

    # methods

    def show(self, *, on: bool, back: int, ahead: int, opacity: float) -> None:
        """Show so many neighbours, at an opacity."""
        self.on, self.back, self.ahead, self.opacity = on, back, ahead, opacity
        self._wanted = []
        if on:
            for pictures, count, colour in ((self._before, back, BACK), (self._after, ahead, AHEAD)):
                for far, path in enumerate(pictures[:count]):
                    if path is not None:
                        self._wanted.insert(0, (path, colour, opacity * FAINTER**far))
        for path, colour, _opacity in self._wanted:
            self._read(path, colour)
        self._tell()

    # internals

    def _read(self, path: Path, colour: str) -> None:
        if (path, colour) in self._known:
            return
        self._known[path, colour] = None
        size = self._size

        def done(image: QImage | None) -> None:
            self._known[path, colour] = image
            self._tell()

        Work(lambda: skin_of(path, size, QColor(colour)), self, done, lambda _error: None).start()

    def _tell(self) -> None:
        """Lay them over each other in the pool: the page is then painted with one picture, not with six."""
        self._told += 1
        skins: list[Skin] = []
        for path, colour, opacity in self._wanted:
            image = self._known.get((path, colour))
            if image is not None:
                skins.append((image, opacity))
        if not skins:
            self.ready.emit(None)
            return
        size, told = self._size, self._told

        def done(image: QImage | None) -> None:
            # A later picture is on its way where more was read, or another choice made, meanwhile.
            if self._told == told and image is not None:
                self.ready.emit(image)

        Work(lambda: _together(skins, size), self, done, lambda _error: None).start()


def _together(skins: list[Skin], size: QSize) -> QImage:
    image = QImage(size, FORMAT)
    image.fill(0)
    painter = QPainter(image)
    for skin, opacity in skins:
        painter.setOpacity(opacity)
        painter.drawImage(0, 0, skin)
    painter.end()
    return image
