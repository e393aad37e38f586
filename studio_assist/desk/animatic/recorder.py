"""Recording a voice: from a microphone into the project's `recovery` folder, as it is spoken.

The device's thread hands pieces to a thread that writes them, so that neither waits for the other. The file's
header is true every second: what a crash leaves is a recording that plays.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from studio_assist.desk.animatic.sound_device import Device, Microphone, microphones
from studio_assist.domain.errors import StudioError, Unavailable
from studio_assist.domain.timebase import SAMPLE_RATE
from studio_assist.interchange.sound_wav import WavWriter, cut

#: Nobody speaks for longer in one take: who forgot that it runs does not fill the disk.
_LONGEST: Final = 3600 * SAMPLE_RATE
#: A microphone that gives nothing for so long is gone.
_LOST_S: Final = 2.0
#: A device that hangs does not keep the window open.
_CLOSING_S: Final = 3.0
_FULL: Final = 32768


class Take:
    """One recording under way: the microphone, the file, and when its first sample was spoken.

    Args:
        ended: called once, in a thread of this, with itself and what went wrong, or None.
    """

    def __init__(
        self,
        path: Path,
        microphone: Microphone | None,
        ended: Callable[[Take, StudioError | None], None],
        *,
        backend: str | None = None,
    ) -> None:
        self.path: Final = path
        self._microphone: Final = microphone
        self._ended: Final = ended
        self._backend: Final = backend
        self._pieces: Final[queue.SimpleQueue[bytes | None]] = queue.SimpleQueue()
        self._stopping: Final = threading.Event()
        self._peak = 0
        self._heard = 0
        #: The machine's clock at the first sample.
        self.began_at: float | None = None
        self._latency = 0
        self._offsets: Final[list[int]] = []
        self._thread: Final = threading.Thread(target=self._work, name="recording", daemon=True)
        self._thread.start()

    # properties

    @property
    def samples(self) -> int:
        """How many samples were heard so far."""
        return self._heard

    @property
    def is_aligned(self) -> bool:
        """Whether it is known when the animatic played along."""
        return bool(self._offsets)

    # methods

    def level(self) -> float:
        """The loudest moment since this was asked last, 0 to 1."""
        peak, self._peak = self._peak, 0
        return min(1.0, peak / _FULL)

    def align(self, position: int, at: float | None = None) -> None:
        """Note that this sample of the animatic is heard and seen now, or was at a time of the clock.

        Several notes are better than one: the one in the middle counts.
        """
        began = self.began_at
        if began is not None and len(self._offsets) < 100:
            now = time.monotonic() if at is None else at
            self._offsets.append(position - round((now - began) * SAMPLE_RATE))

    def first_of(self, sample: int) -> int:
        """Which sample of the recording was spoken when a sample of the animatic was seen."""
        return sample - round(median(self._offsets)) if self._offsets else 0

    def stop(self) -> None:
        """End it; `ended` follows when the file is whole and on the disk."""
        self._stopping.set()
        self._pieces.put(None)

    def wait(self, seconds: float | None = None) -> None:
        """Until it has ended, and no longer than so many seconds."""
        self._thread.join(seconds)

    # internals

    def _hear(self, piece: bytes) -> None:
        """Take one piece. In the device's thread."""
        self._heard += len(piece) // 2
        values = np.frombuffer(piece, "<i2")
        if len(values):
            self._peak = max(self._peak, int(values.max()), -int(values.min()))
        # A piece may come late and never early: the earliest guess is the best one.
        began = time.monotonic() - (self._heard + self._latency) / SAMPLE_RATE
        self.began_at = began if self.began_at is None else min(self.began_at, began)
        self._pieces.put(piece)

    def _work(self) -> None:
        failed: StudioError | None = None
        try:
            failed = self._record()
        except StudioError as error:
            failed = error
        except Exception as error:  # noqa: BLE001  # a bug of ours: it is shown as one, and the file is closed
            sys.excepthook(type(error), error, error.__traceback__)
            failed = Unavailable("The recording broke off.", remedy="What was recorded so far is kept.")
        self._ended(self, failed)

    def _record(self) -> StudioError | None:
        key = self._microphone.key if self._microphone else None
        device = Device("record", self._hear, key=key, backend=self._backend)
        try:
            self._latency = device.latency
            with WavWriter(self.path, synced=True) as writer:
                device.start()
                return self._write_on(device, writer)
        finally:
            device.close()
            if self._heard == 0:
                # It never began: there is nothing to decide on.
                self.path.unlink(missing_ok=True)

    def _write_on(self, device: Device, writer: WavWriter) -> StudioError | None:
        while True:
            try:
                piece = self._pieces.get(timeout=_LOST_S)
            except queue.Empty:
                piece = b""
            if piece:
                writer.write(piece)
            if piece is None or self._stopping.is_set():
                device.stop()
                self._write_rest(writer)
                return None
            if device.is_gone or device.error is not None or not piece:
                return Unavailable(
                    "The microphone is gone.",
                    remedy="Connect it again. What was recorded so far can be kept.",
                )
            if writer.samples >= _LONGEST:
                return Unavailable("An hour was recorded: it stopped.", remedy="Keep it, then record on.")

    def _write_rest(self, writer: WavWriter) -> None:
        while not self._pieces.empty():
            piece = self._pieces.get()
            if piece:
                writer.write(piece)


class Recorder(QObject):
    """Records one take after the other into a folder.

    Signals:
        found: (microphones, what is missing, what to do): what `look` found.
        stopped: (take or None, what went wrong, what to do): a take ended. Words are empty where all went
            well; the take is None where nothing was recorded.
    """

    found = Signal(object, str, str)
    stopped = Signal(object, str, str)
    _looked = Signal(object, str, str)
    _ended = Signal(object, object)

    def __init__(self, folder: Path, parent: QObject | None = None, *, backend: str | None = None) -> None:
        super().__init__(parent)
        self._folder: Final = folder
        self._backend: Final = backend
        self._take: Take | None = None
        self._looking: threading.Thread | None = None
        self._looked.connect(self._tell_found, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._tell_ended, Qt.ConnectionType.QueuedConnection)

    # properties

    @property
    def take(self) -> Take | None:
        """What is being recorded."""
        return self._take

    # methods

    def look(self) -> None:
        """Look for microphones, beside the work."""
        if self._looking is None:
            self._looking = threading.Thread(target=self._look, name="microphones", daemon=True)
            self._looking.start()

    def start(self, microphone: Microphone | None = None) -> Take:
        """Begin a take; None takes the system's own microphone."""
        assert self._take is None
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        path = self._folder / f"recording-{os.getpid()}-{stamp}.wav"
        self._take = Take(path, microphone, self._tell, backend=self._backend)
        return self._take

    def stop(self) -> None:
        """End the take; `stopped` follows."""
        if self._take is not None:
            self._take.stop()

    def close(self) -> None:
        """End what runs. A take that nobody decided on stays as a file until the next opening."""
        take, self._take = self._take, None
        if take is not None:
            take.stop()
            take.wait(_CLOSING_S)
        # Whatever it finds, nobody waits for it; the system may ask a person first.
        self._looking = None

    # slots

    def _tell_found(self, devices: object, message: str, remedy: str) -> None:
        if self._looking is not None:
            self._looking.join()
            self._looking = None
        self.found.emit(devices, message, remedy)

    def _tell_ended(self, take: Take, failed: StudioError | None) -> None:
        if take is not self._take:
            return
        self._take = None
        take.wait()
        has_any = take.samples > 0 and take.path.is_file()
        message, remedy = (failed.message, failed.remedy) if failed else ("", "")
        self.stopped.emit(take if has_any else None, message, remedy)

    # internals

    def _tell(self, take: Take, failed: StudioError | None) -> None:
        # In the take's thread; the window may be gone by then.
        if isValid(self):
            self._ended.emit(take, failed)

    def _look(self) -> None:
        devices, message, remedy = (), "", ""
        try:
            devices = microphones(self._backend)
        except StudioError as error:
            message, remedy = error.message, error.remedy
        if isValid(self):
            self._looked.emit(devices, message, remedy)


def trimmed(take: Take, first: int) -> Path:
    """A take from the picture's start on, as a file of its own; the whole one goes.

    Blocking. Raises a `StudioError` where nothing is left, or the disk does not take it; the take stays then.
    """
    if first <= 0:
        return take.path
    out = take.path.with_name(f"{take.path.stem}-cut.wav")
    cut(take.path, out, first)
    take.path.unlink()
    return out
