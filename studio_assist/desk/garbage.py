"""Python's garbage collection in the window's own thread.

Left to itself it runs in whatever thread makes the next object, threads of the pool too, and destroys widgets
and timers there, which Qt does not survive. So it is off, and a timer of the window's thread does its work.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_EVERY_MS: Final = 1000


class GarbageTimer(QObject):
    """Collects what Python's own thresholds would have collected, generation by generation."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thresholds: Final = gc.get_threshold()
        gc.disable()
        self._timer: Final = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @staticmethod
    def keep_what_is_there() -> None:
        """What was made by now stays until the process ends, and is not looked through again and again."""
        gc.freeze()

    def collect(self) -> None:
        """Collect the oldest generation that is due."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return
