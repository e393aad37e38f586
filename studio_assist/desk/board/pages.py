"""Reading a board from the broker, a page at a time, so that the window goes on between pages."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Signal

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient, Operation
from studio_assist.domain.errors import StudioError

#: A board that grows or shrinks while it is read is read again from the start, this often at most.
MOST_STARTS = 5
#: The values of so many shots are taken out of Python's search for cycles, which they have none of: it would
#: hold the window up for a tenth of a second each time it came by.
MANY = 2_000


class Pages(QObject):
    """One reading of the board.

    Signals:
        came: a `ShotPage`, in order from the first.
        ended: the last page came.
        failed: the `StudioError` that ended the reading.
    """

    came = Signal(object)
    ended = Signal()
    failed = Signal(object)

    def __init__(self, client: BrokerClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._call: Operation[protocol.ShotPage] | None = None
        self._running = False
        self._reading = 0
        self._total = 0
        self._starts = 0

    # properties

    @property
    def running(self) -> bool:
        return self._running

    @property
    def total(self) -> int:
        """How many shots the broker has, as the last page said."""
        return self._total

    # methods

    def read(self) -> None:
        """Read from the first page on; a reading under way is let go."""
        self.stop()
        self._running = True
        self._starts = 0
        gc.unfreeze()
        gc.disable()
        self._begin()

    def stop(self) -> None:
        """Read no further."""
        self._reading += 1
        self._end()
        if self._call is not None:
            self._call.let_go()
            self._call = None

    # internals

    def _begin(self) -> None:
        self._starts += 1
        self._total = -1
        self._ask(0)

    def _ask(self, offset: int) -> None:
        params = protocol.ListShotsParams(offset=offset)
        self._call = self._client.call(protocol.LIST_SHOTS, params, owner=self)
        self._call.on_done(self._take).on_error(self._fail)

    def _take(self, page: protocol.ShotPage) -> None:
        if self._total not in (-1, page.total) and self._starts < MOST_STARTS:
            # Shots came or went meanwhile: pages of two boards do not make one.
            self._begin()
            return
        self._total = page.total
        reading = self._reading
        after = page.offset + len(page.shots)
        last = after >= page.total or not page.shots
        if last:
            self._end()
            self._call = None
        self.came.emit(page)
        if reading != self._reading:
            # Whoever took the page had the board read anew.
            return
        if last:
            self.ended.emit()
        else:
            # What a person does meanwhile comes first.
            QTimer.singleShot(0, self, lambda: self._go_on(reading, after))

    def _go_on(self, reading: int, offset: int) -> None:
        if reading == self._reading:
            self._ask(offset)

    def _end(self) -> None:
        if self._running:
            self._running = False
            gc.enable()
            if self._total > MANY:
                gc.freeze()

    def _fail(self, error: StudioError) -> None:
        self._end()
        self._call = None
        self.failed.emit(error)
