"""Evidence on its way into the project: one file after the other, each with how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.domain.clearance import ClearanceSeen
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A file that is being copied and hashed, or waits for that, or could not be read.

    Attributes:
        share: None while it waits.
    """

    request: str
    path: str
    share: float | None = None
    error: StudioError | None = None

    @property
    def name(self) -> str:
        return Path(self.path).name


class Attaching(QObject):
    """The queue of files. What failed stays in it, with why, until it is put away.

    Signals:
        changed: a file joined, came further or left.
        attached: a `ClearanceSeen`.
    """

    changed = Signal()
    attached = Signal(object)

    def __init__(self, client: BrokerClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client: Final = client
        self._files: list[OnItsWay] = []
        self._person: Person | None = None

    # methods

    def of(self, request: str | None) -> tuple[OnItsWay, ...]:
        """The files that are on their way to a request."""
        return tuple(one for one in self._files if one.request == request)

    def add(self, request: str, paths: Sequence[str], person: Person) -> None:
        """Put files to a request; one that is on its way already is not put twice."""
        self._person = person
        self._files = [one for one in self._files if not (one.error and one.path in paths)]
        known = {(one.request, one.path) for one in self._files}
        new = [OnItsWay(request, path) for path in dict.fromkeys(paths) if (request, path) not in known]
        self._files += new
        self.changed.emit()
        self._next()

    def put_away(self, request: str, path: str) -> None:
        """Take a file that could not be read off the list."""
        self._files = [one for one in self._files if (one.request, one.path) != (request, path)]
        self.changed.emit()

    def take(self, progress: protocol.Progress) -> None:
        """How far the file under way has come."""
        if progress.job == "evidence":
            self._set(share=progress.share)

    def clear(self) -> None:
        """Another project is open."""
        self._files = []
        self.changed.emit()

    # internals

    def _next(self) -> None:
        if self._person is None or any(one.share is not None for one in self._files):
            return
        at = next((at for at, one in enumerate(self._files) if one.error is None), None)
        if at is None:
            return
        one = self._files[at]
        self._files[at] = OnItsWay(one.request, one.path, share=0.0)
        self.changed.emit()
        params = protocol.AttachParams(id=one.request, path=one.path, person=self._person)
        call = self._client.call(protocol.ATTACH_EVIDENCE, params, owner=self)
        call.on_done(self._attached).on_error(self._failed)

    def _attached(self, seen: ClearanceSeen) -> None:
        self._files = [one for one in self._files if one.share is None]
        self.attached.emit(seen)
        self.changed.emit()
        self._next()

    def _failed(self, error: StudioError) -> None:
        self._set(share=None, error=error)
        self._next()

    def _set(self, share: float | None, error: StudioError | None = None) -> None:
        self._files = [
            OnItsWay(one.request, one.path, share, error) if one.share is not None else one
            for one in self._files
        ]
        self.changed.emit()
