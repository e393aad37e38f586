"""What is counted and made small after each stroke, in the pool: the meter and the thumbnails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor, QImage

from studio_assist.desk.canvas.faces import Sheets
from studio_assist.desk.canvas.meter import Meter
from studio_assist.desk.canvas.thumbs import LayerThumbs
from studio_assist.desk.record.work import Work
from studio_assist.domain.errors import StudioError

#: After the last change, in milliseconds.
SETTLE_MS: Final = 200


@dataclass(frozen=True, slots=True)
class Measured:
    """How the drawing stands.

    Attributes:
        layers: a small picture of each layer.
        page: a small picture of all that is shown.
    """

    permille: int
    layers: dict[str, QImage]
    page: QImage


class Measurer(QObject):
    """Measures one drawing, one time at a time, the latest state last.

    Signals:
        measured: a `Measured`.
    """

    measured = Signal(object)

    def __init__(self, sheets: Callable[[], Sheets], paper: QColor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheets: Final = sheets
        self._paper: Final = paper
        self._meter: Final = Meter()
        self._thumbs: Final = LayerThumbs()
        self._running = False
        self._again = False
        self._settle: Final = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.measure)

    # methods

    def touch(self) -> None:
        """The drawing changed."""
        if not self._settle.isActive():
            self._settle.start()

    def stop(self) -> None:
        self._settle.stop()

    # slots

    def measure(self) -> None:
        """Measure it now."""
        if self._running:
            self._again = True
            return
        self._running, self._again = True, False
        sheets = self._sheets()
        Work(lambda: self._measure(sheets), self, self._done, self._failed).start()

    def _done(self, measured: Measured | None) -> None:
        self._running = False
        if measured is not None:
            self.measured.emit(measured)
        if self._again:
            self.measure()

    def _failed(self, _error: StudioError) -> None:
        # Nothing in it raises one; the next stroke measures again.
        self._running = False

    # internals

    def _measure(self, sheets: Sheets) -> Measured:
        layers, page = self._thumbs.pictures(sheets, self._paper)
        return Measured(self._meter.permille(sheets), layers, page)
