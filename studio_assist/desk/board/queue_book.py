"""The window's copy of the queue: what runs, what waits, and the calls that change it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from studio_assist import protocol
from studio_assist.desk.board.states import share_of, working_text
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.shell.model import QueueItem
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import Live, ShotId
from studio_assist.domain.values import RequestId


class QueueBook(QObject):
    """What the broker last told of the queue.

    Signals:
        changed: items, their number, or whether it is paused.
        live_changed: {shot: live or None} of shots whose turn or progress is another now.
        failed: a `StudioError` of a call.
    """

    changed = Signal()
    live_changed = Signal(dict)
    failed = Signal(object)

    def __init__(self, client: BrokerClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._person: Person | None = None
        self._items: tuple[protocol.QueueItem, ...] = ()
        self._total = 0
        self._paused = False

    # properties

    @property
    def items(self) -> tuple[protocol.QueueItem, ...]:
        """What runs, then what waits; at most the first of many."""
        return self._items

    @property
    def total(self) -> int:
        return self._total

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def shots(self) -> frozenset[ShotId]:
        """The shots that it is told of."""
        return frozenset(item.shot for item in self._items)

    @property
    def mine(self) -> int:
        """How many of the jobs told of are of who works here."""
        name = self._person.name if self._person else ""
        return sum(item.person_name == name for item in self._items)

    @property
    def shown(self) -> QueueItem | None:
        """What the status bar says: the job under way, how far it is, and what waits."""
        if not self._total:
            return None
        running = next((item for item in self._items if item.live.state == "generating"), None)
        if running is None:
            label = "Queue paused" if self._paused else "Waiting to draw"
            return QueueItem(label, None, self._total)
        words = working_text(running.live) if running.live.variant else ""
        # The bar shows the step; the words have no room for it.
        first = words.split(", ", 1)[0]
        label = f"{running.label}, {first[:1].lower()}{first[1:]}" if first else running.label
        at_work = sum(item.live.state == "generating" for item in self._items)
        return QueueItem(label, share_of(running.live), self._total - at_work)

    # methods

    def forget(self) -> None:
        """Another project, or another broker: nothing is known."""
        self._items, self._total, self._paused = (), 0, False
        self.changed.emit()

    def set_person(self, person: Person) -> None:
        self._person = person

    def take(self, event: protocol.QueueChanged, live: Mapping[ShotId, Live]) -> None:
        """What the broker told; `live` is what is known of the shots until now."""
        before = self.shots
        self._items, self._total, self._paused = event.items, event.total, event.paused
        changed: dict[ShotId, Live | None] = {
            item.shot: item.live for item in event.items if live.get(item.shot) != item.live
        }
        # What is no longer told of has ended, unless it only stands too far back in a long line.
        cut = event.total > len(event.items)
        for shot in before - self.shots:
            known = live.get(shot)
            ended = known is not None and known.state in ("queued", "generating")
            if ended and not (cut and known is not None and known.state == "queued"):
                changed[shot] = None
        if changed:
            self.live_changed.emit(changed)
        self.changed.emit()

    def cancel(self, requests: tuple[RequestId, ...] = ()) -> None:
        """Stop these; without any, all of who works here."""
        if self._person is not None:
            params = protocol.CancelQueueParams(requests=requests, person=self._person)
            self._client.call(protocol.CANCEL_QUEUE, params, owner=self).on_error(self.failed.emit)

    def cancel_running(self) -> None:
        """Stop what runs, else the first that waits (Ctrl .)."""
        if self._items:
            self.cancel((self._items[0].request,))

    def pause(self, paused: bool) -> None:
        """Let what runs end and begin nothing else, or go on."""
        params = protocol.PauseQueueParams(paused=paused)
        self._client.call(protocol.PAUSE_QUEUE, params, owner=self).on_error(self.failed.emit)

    def first(self, request: RequestId) -> None:
        """Move a job to the head of what waits."""
        params = protocol.FirstInQueueParams(request=request)
        self._client.call(protocol.FIRST_IN_QUEUE, params, owner=self).on_error(self.failed.emit)
