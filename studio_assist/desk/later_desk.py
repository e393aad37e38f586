"""Where a desk stands in the window before it is there.

A window that opens on a script pays nothing for the producer's desks: their parts are loaded in the pool once
the script is on the page, and put together in an idle moment, or at once when somebody goes there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final, Generic, Protocol, TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.record.work import Work


class DeskParts(Protocol):
    """What a desk that is made later can be told."""

    def set_project(self, state: protocol.ProjectState | None) -> None: ...
    def rejoin(self) -> None: ...
    def take(self, event: protocol.Event) -> None: ...


D = TypeVar("D", bound=DeskParts)


class LaterDesk(QWidget, Generic[D]):
    """Holds a desk, and stands in for it until it is made.

    Args:
        modules: what the desk's code is, loaded ahead of it.
        make: makes it; a `QWidget` that can be told what `DeskParts` says.
        idle_ms: how long after a project is on the page; its first keystrokes come first.

    Signals:
        built: the desk is there now.
    """

    built = Signal()

    def __init__(self, modules: Sequence[str], make: Callable[[], D], idle_ms: int) -> None:
        super().__init__()
        self._modules: Final = tuple(modules)
        self._make: Final = make
        self._desk: D | None = None
        self._state: protocol.ProjectState | None = None
        self._column: Final = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._idle: Final = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(idle_ms)
        self._idle.timeout.connect(self._warm)

    # properties

    @property
    def desk(self) -> D:
        """The desk itself; made now where it is not there yet."""
        if self._desk is None:
            self._build()
        assert self._desk is not None
        return self._desk

    @property
    def is_built(self) -> bool:
        return self._desk is not None

    # methods

    def set_project(self, state: protocol.ProjectState | None) -> None:
        """A project was opened; None: no project is open any more."""
        self._state = state
        if self._desk is not None:
            self._desk.set_project(state)
        elif state is not None:
            self._idle.start()
        else:
            self._idle.stop()

    def rejoin(self, state: protocol.ProjectState) -> None:
        """The broker was started again."""
        self._state = state
        if self._desk is not None:
            self._desk.rejoin()

    def take(self, event: protocol.Event) -> None:
        """An event of the broker. A desk that is not made reads what it needs when it is."""
        if isinstance(event, protocol.LedgerChanged) and self._state is not None:
            self._state = self._state.model_copy(update={"ledger": event.ledger})
        if self._desk is not None:
            self._desk.take(event)

    # events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._state is not None and self._desk is None:
            self._build()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # With a focus proxy, Tab would take this for a stop of its own and go past what is in it.
        super().focusInEvent(event)
        if isinstance(self._desk, QWidget):
            self._desk.setFocus(event.reason())

    # internals

    def _warm(self) -> None:
        """Load the parts in the pool; putting them together is a matter of a moment then."""
        modules = self._modules

        def load() -> None:
            for name in modules:
                import_module(name)

        Work(load, self, lambda _done: self._after_warm(), lambda _error: None).start()

    def _after_warm(self) -> None:
        if self._state is not None and self._desk is None:
            self._build()

    def _build(self) -> None:
        self._idle.stop()
        self._desk = desk = self._make()
        assert isinstance(desk, QWidget)
        self._column.addWidget(desk)
        desk.show()
        self.built.emit()
        if self._state is not None:
            desk.set_project(self._state)
