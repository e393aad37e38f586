"""Work in a thread of the pool, whose end is told in the window's own thread."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal
from shiboken6 import isValid

from studio_assist.domain.errors import StudioError


class Work(QObject):
    """One piece of work. It is told of once, unless whoever asked has gone by then.

    Args:
        do: the work; it touches no widget. What it returns goes to `done`, a `StudioError` to `failed`.
        owner: who asked.
    """

    _ended = Signal(object, object)

    def __init__(
        self,
        do: Callable[[], Any],
        owner: QObject,
        done: Callable[[Any], object],
        failed: Callable[[StudioError], object],
    ) -> None:
        super().__init__()
        self._do: Final = do
        self._tell: tuple[Callable[[Any], object], Callable[[StudioError], object]] | None = (done, failed)
        # Emitted in the pool's thread, received in the thread that this object was made in.
        self._ended.connect(self._end, Qt.ConnectionType.QueuedConnection)
        owner.destroyed.connect(self._let_go)

    # methods

    def start(self) -> None:
        """Run it in the pool."""
        _RUNNING.add(self)
        QThreadPool.globalInstance().start(_Run(self.work))

    def work(self) -> None:
        """The part that runs in the pool."""
        result, failed = None, None
        try:
            result = self._do()
        except StudioError as error:
            failed = error
        except Exception as error:  # noqa: BLE001  # a bug of ours: it is shown as one, and the window goes on
            sys.excepthook(type(error), error, error.__traceback__)
        # The program may have ended meanwhile, and Qt with it.
        if isValid(self):
            self._ended.emit(result, failed)

    # slots

    def _end(self, result: object, error: StudioError | None) -> None:
        _RUNNING.discard(self)
        if self._tell is None:
            return
        done, failed = self._tell
        if error is not None:
            failed(error)
        else:
            done(result)

    def _let_go(self) -> None:
        self._tell = None


class _Run(QRunnable):
    def __init__(self, do: Callable[[], None]) -> None:
        super().__init__()
        self._do: Final = do

    def run(self) -> None:
        self._do()


#: What runs is kept alive here.
_RUNNING: Final[set[Work]] = set()
