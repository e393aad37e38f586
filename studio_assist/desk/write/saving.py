"""Saving the script: to the recovery folder while it is typed, to its file when it counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.domain.errors import StudioError, Unavailable
from studio_assist.domain.temp import TempSpan

#: How long typed words may be in memory alone, in milliseconds.
AUTOSAVE_MS: Final = 30_000


class Saver(QObject):
    """Brings the script to disk through the broker, one save at a time, the latest text last.

    Signals:
        saved: when the file was written (local time).
        failed: the `StudioError` of a save; a `Conflict` waits for the person.
        not_kept: the `StudioError` of an autosave, None once one went well again.
        dirty_changed: whether there are words that the file does not hold.
    """

    saved = Signal(object)
    failed = Signal(object)
    not_kept = Signal(object)
    dirty_changed = Signal(bool)

    def __init__(
        self,
        client: BrokerClient,
        content: Callable[[], tuple[str, tuple[TempSpan, ...]]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._client: Final = client
        self._content: Final = content
        self._stamp: protocol.Stamp | None = None
        self._dirty = False
        self._version = 0
        self._autosaved_version = 0
        self._saving = False
        self._again = False
        self._held = False
        self._owed = False
        self._on_hold = False
        self._then: list[Callable[[], object]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(AUTOSAVE_MS)
        self._timer.timeout.connect(self.autosave)

    # properties

    @property
    def dirty(self) -> bool:
        return self._dirty

    @property
    def stamp(self) -> protocol.Stamp | None:
        return self._stamp

    # methods

    def load(self, stamp: protocol.Stamp, *, read_only: bool) -> None:
        """A project was opened; its file is what the editor shows."""
        self._stamp = stamp
        self._held = read_only
        self._on_hold = False
        self._saving = False
        self._again = False
        self._owed = False
        self._then.clear()
        self._set_dirty(False)
        self._timer.start()

    def hold(self) -> None:
        """Another text is on its way into the editor: nothing is saved until `load` or `release`."""
        self._on_hold = True

    def release(self) -> None:
        """The other text does not come; saving goes on."""
        self._on_hold = False

    def stop(self) -> None:
        self._timer.stop()

    def touch(self) -> None:
        """The script or its spans changed."""
        self._version += 1
        self._set_dirty(True)

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Write the script's file; `then` is called once it holds what the editor shows now."""
        if then:
            self._then.append(then)
        if self._held or self._on_hold or self._stamp is None:
            self._finish()
            return
        if self._saving:
            self._again = True
            return
        self._write(self._stamp)

    def save_over(self) -> None:
        """The person chose their own version over the one that came to the disk meanwhile."""
        self._write(None)

    def take_stamp(self, stamp: protocol.Stamp) -> None:
        """The person took the version on disk."""
        self._stamp = stamp
        self._set_dirty(False)

    def rejoin(self, *, read_only: bool) -> None:
        """The broker came back: a save that could not be made while it was gone is made now."""
        self._held = read_only
        if self._owed and self._dirty:
            self.save()
        else:
            self._autosaved_version = -1
            self.autosave()

    def autosave(self) -> None:
        """Put unsaved words into the recovery folder."""
        nothing_new = not self._dirty or self._version == self._autosaved_version
        if nothing_new or self._held or self._on_hold or self._stamp is None:
            return
        text, spans = self._content()
        version = self._version
        params = protocol.AutosaveParams(text=text, spans=spans, base=self._stamp.sha256)

        def done(_result: protocol.Autosaved) -> None:
            self._autosaved_version = version
            self.not_kept.emit(None)

        self._client.call(protocol.AUTOSAVE, params, owner=self).on_done(done).on_error(self.not_kept.emit)

    # internals

    def _write(self, expected: protocol.Stamp | None) -> None:
        self._saving = True
        self._again = False
        text, spans = self._content()
        version = self._version
        params = protocol.SaveScriptParams(text=text, spans=spans, expected=expected)

        def done(result: protocol.Saved) -> None:
            self._saving = False
            self._owed = False
            self._stamp = result.stamp
            if self._again:
                self._write(self._stamp)
                return
            if version == self._version:
                self._set_dirty(False)
            self.saved.emit(result.at.astimezone())
            self.not_kept.emit(None)
            self._finish()

        def failed(error: StudioError) -> None:
            self._saving = False
            self._owed = isinstance(error, Unavailable)
            self._then.clear()
            self.failed.emit(error)

        self._client.call(protocol.SAVE_SCRIPT, params, owner=self).on_done(done).on_error(failed)

    def _finish(self) -> None:
        waiting, self._then = self._then, []
        for then in waiting:
            then()

    def _set_dirty(self, dirty: bool) -> None:
        if dirty != self._dirty:
            self._dirty = dirty
            self.dirty_changed.emit(dirty)


def clock_time(moment: datetime) -> str:
    """A time as the status bar and the cards say it: 14:02, by the clock on the wall."""
    return moment.astimezone().strftime("%H:%M")
