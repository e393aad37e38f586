"""Ask while somebody types whether their words need clearance; what came too late is dropped."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient, Operation
from studio_assist.domain.errors import StudioError

#: After the last keystroke, ms.
REST_MS: Final = 300
_NOTHING: Final = protocol.Noticing()


class NoticeWatch(QObject):
    """Feeds a `LeadBar`, and whatever closes a task.

    Signals:
        noticed: a `Noticing` about the words that were given last.
    """

    noticed = Signal(object)

    def __init__(self, client: BrokerClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client: Final = client
        self._wanted: protocol.NoticeParams | None = None
        self._told: protocol.NoticeParams | None = None
        self._call: Operation[protocol.Noticing] | None = None
        self._noticing = _NOTHING
        self._rest: Final = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.ask_now)

    # properties

    @property
    def noticing(self) -> protocol.Noticing:
        """What was told last."""
        return self._noticing

    @property
    def fresh(self) -> bool:
        """Whether that is about the words that were given last."""
        return self._wanted == self._told

    # methods

    def watch(self, params: protocol.NoticeParams) -> None:
        """These are the words now; they are asked about once the typing rests."""
        if params == self._wanted:
            return
        self._wanted = params
        self._drop()
        self._rest.start()

    def ask_now(self) -> None:
        """Ask at once, as before words are sent."""
        self._rest.stop()
        wanted = self._wanted
        if wanted is None or self._call is not None:
            return
        self._call = self._client.call(protocol.NOTICE, wanted, owner=self)
        self._call.on_done(lambda noticing: self._take(wanted, noticing)).on_error(self._failed)

    def again(self) -> None:
        """What is cleared has changed: the same words are asked about anew."""
        self._told = None
        self._drop()
        if self._wanted is not None:
            self._rest.start()

    def clear(self) -> None:
        """There are no words any more."""
        self._rest.stop()
        self._drop()
        self._wanted = self._told = None
        self._tell(_NOTHING)

    # internals

    def _drop(self) -> None:
        """What is under way is about other words."""
        if self._call is not None:
            self._call.let_go()
            self._call = None

    def _take(self, about: protocol.NoticeParams, noticing: protocol.Noticing) -> None:
        self._call = None
        self._told = about
        self._tell(noticing)

    def _failed(self, _error: StudioError) -> None:
        # The gate looks at the words itself before they go anywhere: nothing is lost but the early word.
        self._call = None

    def _tell(self, noticing: protocol.Noticing) -> None:
        if noticing != self._noticing:
            self._noticing = noticing
            self.noticed.emit(noticing)
