"""What is heard of the animatic: its clips as one mix, on this machine's sound device."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from studio_assist.desk.animatic.sound_engine import SoundEngine
from studio_assist.domain.animatic import Animatic
from studio_assist.domain.errors import StudioError
from studio_assist.domain.timeline import Placed
from studio_assist.domain.values import Sha256
from studio_assist.interchange.mixdown import Mixer
from studio_assist.interchange.sound_wav import open_pcm

#: Where a sound's WAV file is, or None where it is missing.
FileOf = Callable[[Sha256], Path | None]


class AudioOut(QObject):
    """Plays clips from any sample on, and says which sample is heard.

    Without a device, and with one that was pulled out, the position goes on by the steady clock. The first
    `load` looks for a device, beside the work.

    Signals:
        failed: (what happened, what to do) in words, once for each loss.
        device_found: a device is there from now on.
    """

    failed = Signal(str, str)
    device_found = Signal()
    _trouble = Signal(str, str)
    _there = Signal()

    def __init__(self, parent: QObject | None = None, *, backend: str | None = None) -> None:
        super().__init__(parent)
        # From the engine's thread into this one.
        self._trouble.connect(self.failed, Qt.ConnectionType.QueuedConnection)
        self._there.connect(self.device_found, Qt.ConnectionType.QueuedConnection)
        self._gone: Final[list[bool]] = []
        #: Sounds that could not be read, and were told of.
        self._unread: Final[set[Sha256]] = set()
        self._engine: Final = SoundEngine(self._tell, self._tell_found, backend=backend)
        engine, gone = self._engine, self._gone

        def let_go() -> None:
            gone.append(True)
            engine.close()

        self.destroyed.connect(let_go)
        app = QCoreApplication.instance()
        if app is not None:
            # No device may call into a Python that ends.
            app.aboutToQuit.connect(let_go)

    # properties

    @property
    def has_device(self) -> bool:
        """Whether anything can be heard. False until a device was looked for."""
        return self._engine.has_device

    @property
    def is_running(self) -> bool:
        return self._engine.is_running

    @property
    def volume(self) -> float:
        """From 0 to 1."""
        return self._engine.volume

    def set_volume(self, share: float) -> None:
        """Change it; heard at once."""
        self._engine.volume = share

    # methods

    def load(self, clips: tuple[Placed, ...], animatic: Animatic, file_of: FileOf) -> None:
        """Play these from now on, also in the middle of playing.

        A sound that is missing or cannot be read is silent; that is told once.
        """

        def opened(sha256: Sha256) -> npt.NDArray[np.int16] | None:
            file = file_of(sha256)
            if file is None:
                return None
            try:
                return open_pcm(file)
            except StudioError as error:
                if sha256 not in self._unread:
                    self._unread.add(sha256)
                    self._tell(error)
                return None

        self._engine.load(Mixer(clips, animatic, opened))

    def start(self, sample: int) -> None:
        """Play from a sample on; also a jump, while it plays."""
        self._engine.start(sample)

    def stop(self) -> None:
        """Be silent. The position stays."""
        self._engine.stop()

    def position(self) -> int:
        """The sample that is heard now; while it plays it only goes on."""
        return self._engine.position()

    def close(self) -> None:
        """Let go of the device, for good."""
        self._engine.close()

    # internals

    def _tell(self, error: StudioError) -> None:
        if not self._gone:
            self._trouble.emit(error.message, error.remedy)

    def _tell_found(self) -> None:
        if not self._gone:
            self._there.emit()
