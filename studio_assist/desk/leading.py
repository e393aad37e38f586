"""From the words of an ask to the Clear desk: what was noticed stands under the field, with a way on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.clear.lead_bar import LeadBar, prefill_of
from studio_assist.desk.clear.noticing import NoticeWatch
from studio_assist.domain.people import Person


class Leading(QObject):
    """Watches one ask field.

    Args:
        what: the words and what they are for; None where nothing can be asked just now.
        person: who would ask for clearance.

    Signals:
        lead_wanted: a `SaveClearanceParams` to begin a request from.
        show_wanted: id of a request that was made for it already.
    """

    lead_wanted = Signal(object)
    show_wanted = Signal(str)

    def __init__(
        self,
        client: BrokerClient,
        bar: LeadBar,
        field: QTextEdit | QPlainTextEdit,
        what: Callable[[], protocol.NoticeParams | None],
        person: Callable[[], Person | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._what: Final = what
        self._person: Final = person
        self.bar: Final = bar
        self.watch: Final = NoticeWatch(client, self)
        self.watch.noticed.connect(bar.show_noticing)
        field.textChanged.connect(self.look)
        bar.lead_wanted.connect(self._lead)
        bar.show_wanted.connect(self.show_wanted)

    # methods

    def take(self, event: protocol.Event) -> None:
        """What is cleared has changed: the same words may be asked now, or not any more."""
        if isinstance(event, protocol.ClearanceChanged):
            self.watch.again()

    # slots

    def look(self) -> None:
        """Look at the words as they stand now."""
        wanted = self._what()
        if wanted is None or not wanted.text.strip():
            self.watch.clear()
        else:
            self.watch.watch(wanted)

    def _lead(self, noticing: protocol.Noticing) -> None:
        wanted, person = self._what(), self._person()
        if wanted is not None and person is not None:
            self.lead_wanted.emit(prefill_of(noticing, wanted, person))
