"""Plays a mix on a device: it is mixed ahead in a thread, and the device's callback only copies.

Where no device plays, time goes on by the machine's steady clock, so that whoever asks for the position is
never stuck. Nothing here knows of Qt.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from studio_assist.desk.animatic.sound_device import Device, no_device
from studio_assist.domain.errors import StudioError, Unavailable
from studio_assist.domain.timebase import SAMPLE_RATE

#: How much is mixed ahead, 0.4 s, and at once.
_RING: Final = SAMPLE_RATE * 4 // 10
_BLOCK: Final = SAMPLE_RATE // 20
#: A device that asks for nothing for so long is gone.
_LOST_S: Final = 0.7
_MISSES: Final = 5
#: A device that takes sound faster than it can be heard drives nothing.
_AHEAD: Final = 2 * SAMPLE_RATE
_EVERY_S: Final = 0.02
#: A device that hangs does not keep the window open.
_CLOSING_S: Final = 3.0
#: A device is looked for again at most so often.
_LOOK_S: Final = 5.0


class Mix(Protocol):
    """Gives any part of the sound."""

    def block(self, start: int, length: int) -> npt.NDArray[np.float32]: ...


class _Run:
    """One playing from a sample on. What mixes writes, the device's thread takes, each by its own count."""

    def __init__(self, start: int, latency: int | None) -> None:
        self.start: Final = start
        #: None: no device plays it.
        self.latency = latency
        self._ring: Final = np.zeros((_RING, 2), np.float32)
        self._written = 0
        #: Samples handed to the device, and when.
        self.mark: tuple[int, float] | None = None
        self._since = time.monotonic()
        self._silent_from = 0.0
        self._last = start
        self._missed = 0

    def begun(self) -> None:
        """The device runs from now on; some take a second or two until they do."""
        self._since = time.monotonic()

    def mix_ahead(self, mix: Mix, wanted: int = _RING) -> None:
        """Fill the ring up to so many samples ahead."""
        while (there := self._written - self._taken) + _BLOCK <= min(_RING, max(wanted, _BLOCK)):
            assert there >= 0
            block = mix.block(self.start + self._written, _BLOCK)
            place = self._written % _RING
            first = min(_BLOCK, _RING - place)
            self._ring[place : place + first] = block[:first]
            self._ring[: _BLOCK - first] = block[first:]
            self._written += _BLOCK

    def take(self, out: npt.NDArray[np.float32]) -> None:
        """Hand samples over; silence where the mix is not ready, which does not count as played."""
        taken = self._taken
        count = min(len(out), self._written - taken)
        place = taken % _RING
        first = min(count, _RING - place)
        out[:first] = self._ring[place : place + first]
        out[first:count] = self._ring[: count - first]
        out[count:] = 0
        self.mark = (taken + count, time.monotonic())

    def position(self) -> int:
        """The sample that is heard now. It never goes back."""
        self._last = max(self._last, self.start + int(max(0.0, self._heard())))
        return self._last

    def go_silent(self) -> None:
        """No device plays it any more: on from here by the steady clock."""
        self._silent_from, self._since = max(0.0, self._heard()), time.monotonic()
        self.latency = None

    def misses(self) -> bool:
        """Whether the device has asked for nothing for too long, this time and the last times."""
        at = self.mark[1] if self.mark else self._since
        # Once is not enough: Python itself may have stood still.
        self._missed = self._missed + 1 if time.monotonic() - at > _LOST_S else 0
        return self._missed >= _MISSES

    @property
    def is_ahead(self) -> bool:
        """Whether the device takes what nobody can hear so fast."""
        passed = (time.monotonic() - self._since) * SAMPLE_RATE
        return self._taken > passed + _AHEAD

    @property
    def _taken(self) -> int:
        return self.mark[0] if self.mark else 0

    def _heard(self) -> float:
        now = time.monotonic()
        if self.latency is None:
            return self._silent_from + (now - self._since) * SAMPLE_RATE
        if self.mark is None:
            return 0.0
        taken, at = self.mark
        # Between two pieces time goes on, but nothing is heard that was not handed over.
        return taken - self.latency + min((now - at) * SAMPLE_RATE, self.latency)


class SoundEngine:
    """Plays a mix, and says where it is.

    Args:
        told: hears once of a device that is not there or went away; in the engine's thread.
        found: called when a device is there; in the engine's thread.
        backend: see `Device`.
    """

    def __init__(
        self,
        told: Callable[[StudioError], None],
        found: Callable[[], None] = lambda: None,
        *,
        backend: str | None = None,
    ) -> None:
        self._told: Final = told
        self._found: Final = found
        self._backend: Final = backend
        self._wake: Final = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._look = False
        self._looked_at = -_LOOK_S
        self._device: Device | None = None
        self._mix: Mix | None = None
        self._volume = 1.0
        #: What is playing, and what the device's thread takes from.
        self._run: _Run | None = None
        self._sounding: _Run | None = None
        self._at = 0
        self._has_told = False

    # properties

    @property
    def has_device(self) -> bool:
        return self._device is not None

    @property
    def is_running(self) -> bool:
        return self._run is not None

    @property
    def volume(self) -> float:
        return self._volume

    @volume.setter
    def volume(self, share: float) -> None:
        self._volume = min(1.0, max(0.0, share))

    # methods

    def load(self, mix: Mix) -> None:
        """Play this from now on, also while it plays. Where there is no device, one is looked for."""
        self._mix = mix
        self._look = self._device is None and time.monotonic() - self._looked_at > _LOOK_S
        self._call()

    def start(self, sample: int) -> None:
        """Play from a sample on."""
        with self._wake:
            device = self._device
            self._run = _Run(sample, device.latency if device else None)
        self._call()

    def stop(self) -> None:
        """Be silent. The position stays."""
        with self._wake:
            run, self._run, self._sounding = self._run, None, None
        if run is not None:
            self._at = run.position()
            self._call()

    def position(self) -> int:
        """The sample that is heard now."""
        run = self._run
        return run.position() if run is not None else self._at

    def close(self) -> None:
        """Be silent for good, and let go of the device."""
        self._run = self._sounding = None
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join(_CLOSING_S)
            self._thread = None

    # internals

    def _call(self) -> None:
        with self._wake:
            if self._closing:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="animatic sound", daemon=True)
                self._thread.start()
            self._wake.notify()

    def _fill(self, out: npt.NDArray[np.float32]) -> None:
        run = self._sounding
        if run is None:
            out[:] = 0
        else:
            run.take(out)
            if self._volume != 1:
                out *= np.float32(self._volume)

    def _work(self) -> None:
        device: Device | None = None
        try:
            while not self._closing:
                if self._look:
                    self._look = False
                    self._open()
                device = self._device
                if device is not None:
                    device = self._play(device)
                with self._wake:
                    if not self._closing and not self._look:
                        self._wake.wait(_EVERY_S if device is not None and self._run is not None else None)
        except Exception as error:  # noqa: BLE001  # a bug of ours: it is shown as one, and the picture goes on
            sys.excepthook(type(error), error, error.__traceback__)
            if self._run is not None:
                self._run.go_silent()
        finally:
            device, self._device = self._device, None
            if device is not None:
                device.close()

    def _open(self) -> None:
        self._looked_at = time.monotonic()
        try:
            device = Device("play", self._fill, backend=self._backend)
        except Unavailable as error:
            self._say(error)
            return
        with self._wake:
            self._device = device
            if self._run is not None:
                # It has been playing in silence so far.
                self._run = _Run(self._run.position(), device.latency)
        self._has_told = False
        self._found()

    def _play(self, device: Device) -> Device | None:
        """One round: mix ahead for what plays, and see to it that the device does."""
        run, mix = self._run, self._mix
        if run is None or run.latency is None or mix is None:
            device.stop()
            return device
        if self._sounding is not run:
            # Enough to begin with; the rest follows while it sounds.
            run.mix_ahead(mix, 2 * _BLOCK)
            if self._run is not run:
                return device
            self._sounding = run
            try:
                device.start()
                run.begun()
            except Unavailable as error:
                self._lose(device, error)
                return None
        run.mix_ahead(mix)
        if device.error is not None:
            why = Unavailable(
                f"The sound stopped ({device.error}).", remedy="Stop, and play again to hear it."
            )
            self._lose(device, why)
            return None
        if run.is_ahead:
            self._lose(device, no_device("play"))
            return None
        if device.is_gone or run.misses():
            why = Unavailable(
                "The sound device is gone. The animatic goes on without sound.",
                remedy="Connect it again, then stop and play.",
            )
            self._lose(device, why)
            return None
        return device

    def _lose(self, device: Device, why: StudioError) -> None:
        self._sounding = None
        if self._run is not None and self._run.latency is not None:
            self._run.go_silent()
        self._device = None
        device.close()
        self._say(why)

    def _say(self, why: StudioError) -> None:
        if not self._has_told:
            self._has_told = True
            self._told(why)
