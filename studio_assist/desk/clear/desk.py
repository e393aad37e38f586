"""Where the Clear desk stands in the window. Its parts are loaded when somebody first goes there."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSettings, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.record.work import Work
from studio_assist.desk.theme import Theme
from studio_assist.domain.people import Person

if TYPE_CHECKING:
    from studio_assist.desk.clear.room import ClearRoom

_ROOM: Final = "studio_assist.desk.clear.room"
#: After a project is on the page, ms; its first paint, the first keystrokes and the board come first.
_IDLE_MS: Final = 1500


class ClearDesk(QWidget):
    """Holds the `ClearRoom`, and stands in for it until it is made.

    Signals:
        built: the room is there now, with its `regions`.
        error: a `StudioError` that has no place of its own on the desk.
        notice: a sentence.
        go_to_review: an entry's number.
        waiting_changed: how many requests wait for an answer that the person at the keyboard may record.
    """

    built = Signal()
    error = Signal(object)
    notice = Signal(str)
    go_to_review = Signal(int)
    waiting_changed = Signal(int)

    def __init__(self, theme: Theme, client: BrokerClient, layout: QSettings) -> None:
        super().__init__()
        self._theme: Final = theme
        self._client: Final = client
        self._layout: Final = layout
        self._room: ClearRoom | None = None
        self._state: protocol.ProjectState | None = None
        self._person: Person | None = None
        self._scenes: tuple[str, ...] = ()
        self._column: Final = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._idle: Final = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._warm)

    # properties

    @property
    def room(self) -> ClearRoom:
        """The desk itself; made now where it is not there yet."""
        return self._room or self._build()

    @property
    def is_built(self) -> bool:
        return self._room is not None

    @property
    def is_keeping(self) -> bool:
        """Whether a draft is on its way to disk; the project is not to be shut before."""
        return self._room is not None and self._room.is_keeping

    @property
    def regions(self) -> tuple[QWidget, ...]:
        """Left, centre, right for F6; none before it is built."""
        return self._room.regions if self._room is not None else ()

    # methods

    def set_project(self, state: protocol.ProjectState | None) -> None:
        """A project was opened, or closed."""
        self._state = state
        if self._room is not None:
            self._room.set_project(state)
        elif state is not None:
            self._idle.start()
        else:
            self._idle.stop()

    def rejoin(self, state: protocol.ProjectState) -> None:
        """The broker was started again."""
        self._state = state
        if self._room is not None:
            self._room.rejoin()

    def set_person(self, person: Person | None) -> None:
        """Who is at the keyboard from now on."""
        self._person = person
        if self._room is not None:
            self._room.set_person(person)

    def set_scenes(self, scenes: Sequence[str]) -> None:
        """Numbers of the script's scenes, for scopes."""
        self._scenes = tuple(scenes)
        if self._room is not None:
            self._room.set_scenes(scenes)

    def take(self, event: protocol.Event) -> None:
        """An event of the broker. What changes before the desk is made is read with it."""
        if self._room is not None:
            self._room.take(event)

    def start(self, prefill: protocol.SaveClearanceParams) -> None:
        """Begin a request from a blocked ask or sheet, with what is known of it."""
        self.room.start(prefill)

    def show_request(self, request: str) -> None:
        """Show a request, now or once it is known."""
        self.room.show_request(request)

    def send(self) -> None:
        """Send the draft that is shown (Ctrl Enter)."""
        self.room.send()

    def tell_contact(self) -> None:
        """Put up the sheet that notes who at the studio was told."""
        self.room.tell_contact()

    def attach(self) -> None:
        """Choose evidence for the request that is shown (Ctrl Shift A)."""
        self.room.attach()

    def settle(self) -> None:
        """Everything that was typed goes to disk now; `is_keeping` says when it is there."""
        if self._room is not None:
            self._room.settle()

    # events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._state is not None:
            self.room.show()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._room is not None:
            self._room.setFocus(event.reason())

    # internals

    def _warm(self) -> None:
        """Load the parts in the pool; putting them together is a matter of a moment then."""
        Work(lambda: import_module(_ROOM), self, lambda _done: None, lambda _error: None).start()

    def _build(self) -> ClearRoom:
        from studio_assist.desk.clear.room import ClearRoom

        self._idle.stop()
        guard_overrides()
        self._room = room = ClearRoom(self._theme, self._client, self._layout)
        self._column.addWidget(room)
        room.error.connect(self.error)
        room.notice.connect(self.notice)
        room.go_to_review.connect(self.go_to_review)
        room.waiting_changed.connect(self.waiting_changed)
        room.set_person(self._person)
        room.set_scenes(self._scenes)
        room.set_project(self._state)
        self.built.emit()
        return room
