"""Where the Board desk stands in the window before it is there.

A window that opens on a script pays nothing for the board: its parts are loaded in the pool once the script
is on the page, and put together in an idle moment, or at once when somebody goes there.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSettings, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.record.work import Work
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person

if TYPE_CHECKING:
    from studio_assist.desk.board_room import BoardRoom

#: After a project is on the page, in milliseconds; its first paint and the first keystrokes come first.
_IDLE_MS: Final = 600


class BoardPlace(QWidget):
    """Holds the `BoardRoom`, and stands in for it until it is made.

    Signals:
        built: the room is there now.
    """

    built = Signal()

    def __init__(self, theme: Theme, client: BrokerClient, layout: QSettings) -> None:
        super().__init__()
        self._theme: Final = theme
        self._client: Final = client
        self._layout: Final = layout
        self._room: BoardRoom | None = None
        self._opened: tuple[protocol.ProjectState, Person] | None = None
        self._queue: protocol.QueueChanged | None = None
        self._column: Final = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._idle: Final = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._warm)

    # properties

    @property
    def room(self) -> BoardRoom:
        """The board itself; made now where it is not there yet."""
        if self._room is None:
            self._build()
        assert self._room is not None
        return self._room

    @property
    def is_built(self) -> bool:
        return self._room is not None

    @property
    def is_keeping(self) -> bool:
        """Whether a drawing is on its way into its panel; the project is not to be shut before."""
        return self._room is not None and self._room.is_keeping

    # methods

    def load(self, state: protocol.ProjectState, person: Person) -> None:
        """A project was opened."""
        self._opened = (state, person)
        self._queue = None
        if self._room is not None:
            self._room.load(state, person)
        else:
            self._idle.start()

    def rejoin(self, state: protocol.ProjectState) -> None:
        """The broker was started again."""
        if self._opened is not None:
            self._opened = (state, self._opened[1])
        self._if_built(lambda room: room.rejoin(state))

    def close_project(self) -> None:
        """No project is open any more."""
        self._opened = self._queue = None
        self._idle.stop()
        self._if_built(lambda room: room.close_project())

    def set_person(self, person: Person) -> None:
        """Who decides from now on."""
        if self._opened is not None:
            self._opened = (self._opened[0], person)
        self._if_built(lambda room: room.set_person(person))

    def take(self, event: protocol.Event) -> None:
        """An event of the broker. What changes on the board is read with it when it is made."""
        if isinstance(event, protocol.QueueChanged):
            self._queue = event
        self._if_built(lambda room: room.take(event))

    def settle(self) -> None:
        """What stands in a field goes into the board."""
        self._if_built(lambda room: room.settle())

    def flush(self) -> StudioError | None:
        """Keep the drawing before the window closes; why it could not be kept, where it could not."""
        return self._room.flush() if self._room is not None else None

    # events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._opened is not None:
            self.room.show()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # With a focus proxy, Tab would take this for a stop of its own and go past what is in it.
        super().focusInEvent(event)
        self._if_built(lambda room: room.setFocus(event.reason()))

    # internals

    def _if_built(self, do: Callable[[BoardRoom], object]) -> None:
        if self._room is not None:
            do(self._room)

    def _warm(self) -> None:
        """Load the parts in the pool; putting them together is a matter of a moment then."""
        Work(_load_parts, self, lambda _done: self._after_warm(), lambda _error: None).start()

    def _after_warm(self) -> None:
        if self._opened is not None and self._room is None:
            self._build()

    def _build(self) -> None:
        from studio_assist.desk.board_room import BoardRoom

        self._idle.stop()
        self._room = room = BoardRoom(self._theme, self._client, self._layout)
        self._column.addWidget(room)
        self.built.emit()
        if self._opened is not None:
            room.load(*self._opened)
        if self._queue is not None:
            room.take(self._queue)


def _load_parts() -> None:
    import_module("studio_assist.desk.board_room")
