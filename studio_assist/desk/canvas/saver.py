"""Keeping the drawing: into its file at every pause, in the pool, the latest strokes last."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from studio_assist.desk.canvas.faces import Sheets
from studio_assist.desk.canvas.job import CanvasJob, Save, Saved
from studio_assist.desk.canvas.loading import Encoder
from studio_assist.desk.canvas.meter import Meter
from studio_assist.desk.record.work import Work
from studio_assist.domain.errors import StudioError, Unavailable

#: After the last change, in milliseconds.
PAUSE_MS: Final = 1200
#: A drawing that never pauses is kept this often all the same.
AT_MOST_MS: Final = 10_000
#: After a save that failed.
AGAIN_MS: Final = 5_000

SaveState = Literal["saved", "unsaved", "saving", "failed"]


class CanvasSaver(QObject):
    """Brings one drawing to its file, one save at a time.

    Signals:
        state_changed: a `SaveState`.
        saved: a `Saved`.
        failed: the `StudioError` of a save; it is tried again by itself.

    Args:
        sheets: the drawing as it stands.
        ready: False while it is in a state that is not to be kept (a selection is held in the air).
    """

    state_changed = Signal(str)
    saved = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        job: CanvasJob,
        save: Save,
        sheets: Callable[[], Sheets],
        ready: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._job: Final = job
        self._save: Final = save
        self._sheets: Final = sheets
        self._ready: Final = ready
        self._encoder: Final = Encoder()
        self._meter: Final = Meter()
        self._lock: Final = threading.Lock()
        self._version = 0
        self._saved_version = 0
        self._running = False
        self._done = False
        self._state: SaveState = "saved"
        self._pause: Final = self._timer(PAUSE_MS)
        self._most: Final = self._timer(AT_MOST_MS)
        self._again: Final = self._timer(AGAIN_MS)

    # properties

    @property
    def state(self) -> SaveState:
        return self._state

    @property
    def dirty(self) -> bool:
        """Whether there are strokes that the file does not hold."""
        return self._version != self._saved_version

    # methods

    def touch(self) -> None:
        """The drawing changed."""
        self._version += 1
        self._pause.start()
        if not self._most.isActive():
            self._most.start()
        if self._state == "saved":
            self._set("unsaved")

    def save(self, *, done: bool = False) -> None:
        """Write it now, in the pool; `done` where the person leaves."""
        self._done = self._done or done
        if self._running:
            return
        if not self._ready():
            self._pause.start()
            return
        for timer in (self._pause, self._most, self._again):
            timer.stop()
        sheets, version, leaving = self._sheets(), self._version, self._done
        self._running = True
        self._set("saving")

        def ended(saved: Saved | None) -> None:
            self._running = False
            if saved is None:
                # A bug of ours, shown as one already: the strokes are still to be kept.
                self._set("failed")
                self._again.start()
                return
            self._saved_version = max(self._saved_version, version)
            self.saved.emit(saved)
            if self.dirty or (self._done and not leaving):
                self._set("unsaved")
                self.save()
            else:
                self._done = False
                self._set("saved")

        Work(lambda: self._write(sheets, leaving), self, ended, self._failed).start()

    def flush(self) -> StudioError | None:
        """Write it before this returns, for a window that closes; why it could not be, where it could not."""
        for timer in (self._pause, self._most, self._again):
            timer.stop()
        if not self.dirty:
            return None
        version = self._version
        try:
            saved = self._write(self._sheets(), True)
        except StudioError as error:
            self._set("failed")
            return error
        self._saved_version = version
        self._set("saved")
        self.saved.emit(saved)
        return None

    def give_up(self) -> None:
        """The person leaves although the latest strokes could not be kept."""
        self._saved_version = self._version
        self.stop()
        self._set("saved")

    def stop(self) -> None:
        """Another drawing is opened: nothing more is begun here."""
        for timer in (self._pause, self._most, self._again):
            timer.stop()

    # slots

    def _failed(self, error: StudioError) -> None:
        self._running = False
        self._done = False
        self._set("failed")
        self._again.start()
        self.failed.emit(error)

    # internals

    def _write(self, sheets: Sheets, done: bool) -> Saved:
        """Encode and write; in any thread, one at a time."""
        job = self._job
        with self._lock:
            canvas = self._encoder.canvas(sheets)
            fresh = job.file.with_name(f".{job.file.name}.new")
            try:
                self._save(canvas, fresh)
                fresh.replace(job.file)
            except OSError as error:
                with contextlib.suppress(OSError):
                    fresh.unlink()
                raise not_written(error, job.file) from error
            return Saved(job.shot, job.file, canvas, self._meter.permille(sheets), done)

    def _timer(self, after_ms: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after_ms)
        timer.timeout.connect(self.save)
        return timer

    def _set(self, state: SaveState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)


def not_written(error: OSError, file: Path) -> StudioError:
    """Why the file could not be written, for the person who draws."""
    return Unavailable(
        f"The drawing could not be saved: {error.strerror or error}.",
        remedy="Your strokes are kept here. Make room on the disk, or wait: it is tried again by itself.",
        place=str(file.parent),
    )
