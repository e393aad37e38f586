"""The stage drawn live: in the pool, the latest wins, rough while a gesture goes on and sharp after it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from studio_assist.desk.record.work import Work
from studio_assist.domain.errors import StudioError
from studio_assist.domain.staging import Staging

#: Widths for a rough drawing, px; the widest that keeps up is taken.
_ROUGH_PX: Final = (640, 480, 320)
_SLOW_S, _QUICK_S = 0.12, 0.06
#: The whole picture, px.
_FULL_PX: Final = 1280
#: How wide a sharp one is kept for the preview, px.
_SHOWN_PX: Final = 640
#: A pause after which the sharp one is drawn, ms.
_SETTLE_MS: Final = 220


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    shown: QImage
    full: QImage | None
    took_s: float


class StageRenderer(QObject):
    """Draws stagings, one at a time; what was asked for meanwhile and is no longer wanted is never drawn.

    Signals:
        drawn: a `QImage`.
        failed: the `StudioError` that says why it could not be.
    """

    drawn = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: tuple[Staging, int] | None = None
        self._last: Staging | None = None
        self._running = False
        self._rough = 0
        self._round = 0
        self._full: QImage | None = None
        self._settle: Final = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._sharpen)

    # properties

    @property
    def full(self) -> QImage | None:
        """The last sharp drawing, whole; None while a gesture goes on."""
        return self._full

    @property
    def busy(self) -> bool:
        """Whether something is being drawn or will be."""
        return self._running or self._settle.isActive()

    # methods

    def show(self, staging: Staging) -> None:
        """Draw this one, rough at once, sharp after a pause."""
        self._last, self._full = staging, None
        self._want(staging, _ROUGH_PX[self._rough])
        self._settle.start()

    def stop(self) -> None:
        """Nobody looks any more."""
        self._settle.stop()
        self._waiting, self._last, self._full = None, None, None
        self._round += 1

    # slots

    def _sharpen(self) -> None:
        if self._last is not None:
            self._want(self._last, _FULL_PX)

    def _done(self, turn: int, width: int, drawn: _Drawn | None) -> None:
        self._running = False
        if drawn is not None and turn == self._round and self._last is not None:
            if width != _FULL_PX:
                self._keep_up(drawn.took_s)
            elif self._waiting is None:
                self._full = drawn.full
            self.drawn.emit(drawn.shown)
        self._next()

    def _failed(self, error: StudioError) -> None:
        self._running = False
        self.failed.emit(error)
        self._next()

    # internals

    def _want(self, staging: Staging, width: int) -> None:
        self._waiting = (staging, width)
        self._next()

    def _next(self) -> None:
        if self._running or self._waiting is None:
            return
        (staging, width), self._waiting = self._waiting, None
        self._running = True
        Work(
            partial(_draw, staging, width), self, partial(self._done, self._round, width), self._failed
        ).start()

    def _keep_up(self, took_s: float) -> None:
        if took_s > _SLOW_S:
            self._rough = min(len(_ROUGH_PX) - 1, self._rough + 1)
        elif took_s < _QUICK_S:
            self._rough = max(0, self._rough - 1)


def warm(owner: QObject) -> None:
    """Load the rules and the drawer in the pool: the window is up without them, the stage opens at once."""
    Work(_load, owner, lambda _loaded: None, lambda _error: None).start()


def _load() -> None:
    for name in ("stage", "drawer", "raster"):
        import_module(f"studio_assist.blockout.{name}")


def _draw(staging: Staging, width: int) -> _Drawn:
    from studio_assist.blockout.drawer import draw
    from studio_assist.blockout.raster import rasterised

    began = time.perf_counter()
    pixels = rasterised(draw(staging, width, round(width * 9 / 16), 0))
    high, wide = pixels.shape
    # `tobytes` gives rows without gaps, and `copy` an image that owns them.
    image = QImage(pixels.tobytes(), wide, high, wide, QImage.Format.Format_Grayscale8).copy()
    if wide <= _SHOWN_PX:
        return _Drawn(image, None, time.perf_counter() - began)
    shown = image.scaledToWidth(_SHOWN_PX, Qt.TransformationMode.SmoothTransformation)
    return _Drawn(shown, image, time.perf_counter() - began)
