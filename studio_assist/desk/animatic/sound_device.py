"""Loudspeakers and microphones, by the C part of miniaudio.

Its Python part loads `urllib.request`, and with it all that opens connections, which the window must never
have. So the C part is bound here: a device, its callback, the list of microphones.

A callback runs in a thread of the device. It touches numbers and bytes, no Qt, and an exception in it ends up
in the log and in `Device.error`.
"""

from __future__ import annotations

import ctypes
import functools
import importlib
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from studio_assist.domain.errors import Unavailable
from studio_assist.domain.timebase import SAMPLE_RATE

log = logging.getLogger(__name__)

#: Samples that a device asks for at a time, 20 ms, and how many such pieces lie ready in it. A window that
#: paints holds Python for some of that time.
PERIOD: Final = SAMPLE_RATE // 50
PERIODS: Final = 4
#: Drives nothing, in real time: for tests.
NULL: Final = "null"
#: Not tried: one is silent, one is none, and one prints to the terminal where its server does not run.
_NOT_TRIED: Final = ("ma_backend_null", "ma_backend_custom", "ma_backend_webaudio", "ma_backend_jack")

#: What ALSA calls the microphone that is none.
_SILENT: Final = "Discard all samples"

Fill = Callable[[npt.NDArray[np.float32]], None]
Hear = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Microphone:
    """A device that records. `key` is the system's own name for it."""

    name: str
    is_default: bool
    key: Any = field(repr=False, compare=False)


class Device:
    """An open loudspeaker or microphone; it stands still until it is started. Opening and closing block.

    Args:
        kind: a loudspeaker asks for sound in stereo, a microphone gives mono of 16 bits.
        carry: takes the buffer that is to be filled, or the bytes that were recorded. In the device's thread.
        key: which microphone; None: the system's own choice.
        backend: `NULL`, or None for what the system has.

    Attributes:
        error: what went wrong in the callback, after which nothing comes any more.
        is_gone: it stopped by itself, as when headphones are pulled out.

    Raises `Unavailable` where there is none.
    """

    def __init__(
        self,
        kind: Literal["play", "record"],
        carry: Fill | Hear,
        *,
        key: Any = None,
        backend: str | None = None,
    ) -> None:
        self._ffi, self._lib = _bound()
        self._kind: Final = kind
        self._carry: Final[Callable[[Any], None]] = carry
        self._running = False
        self.error: BaseException | None = None
        self.is_gone = False
        self._handle: Final[Any] = self._ffi.new_handle(self)
        self._context: Any = _context(backend)
        self._device: Any = None
        config = self._lib.ma_device_config_init(
            self._lib.ma_device_type_playback if kind == "play" else self._lib.ma_device_type_capture
        )
        side = config.playback if kind == "play" else config.capture
        side.channels = 2 if kind == "play" else 1
        side.format = self._lib.ma_format_f32 if kind == "play" else self._lib.ma_format_s16
        side.pDeviceID = self._ffi.NULL if key is None else key
        config.sampleRate = SAMPLE_RATE
        config.periodSizeInFrames = PERIOD
        config.periods = PERIODS
        config.pUserData = self._handle
        config.dataCallback = self._lib._internal_data_callback
        config.stopCallback = self._lib._internal_stop_callback
        device = self._ffi.new("ma_device *")
        if self._lib.ma_device_init(self._context, self._ffi.addressof(config), device) != 0:
            self._lib.ma_context_uninit(self._context)
            raise no_device(kind)
        self._device = device

    # properties

    @property
    def latency(self) -> int:
        """Samples between what is handed over and what is heard, as far as the program can know."""
        return PERIOD * PERIODS if self._kind == "play" else PERIOD

    # methods

    def start(self) -> None:
        """Let it run. Raises `Unavailable` where it does not."""
        if not self._running:
            # Before: the first pieces are asked for while it starts.
            self._running = True
            if self._lib.ma_device_start(self._device) != 0:
                self._running, self.is_gone = False, True
                raise no_device(self._kind)

    def stop(self) -> None:
        """Let it stand; its callback has ended when this returns."""
        if self._running:
            self._running = False
            self._lib.ma_device_stop(self._device)

    def close(self) -> None:
        """Let go of it."""
        if self._device is None:
            return
        self.stop()
        device, self._device = self._device, None
        self._lib.ma_device_uninit(device)
        self._lib.ma_context_uninit(self._context)

    # called from C

    def carried(self, output: Any, heard: Any, frames: int) -> None:
        """Fill or take one piece. In the device's thread."""
        if self.error is not None or not self._running:
            return
        try:
            if self._kind == "play":
                data = np.frombuffer(self._ffi.buffer(output, frames * 8), np.float32)
                self._carry(data.reshape(-1, 2))
            else:
                self._carry(bytes(self._ffi.buffer(heard, frames * 2)))
        except BaseException as error:
            self.error = error
            raise

    def stopped(self) -> None:
        """It stopped, asked to or not."""
        if self._running:
            self.is_gone = True


def microphones(backend: str | None = None) -> tuple[Microphone, ...]:
    """What can record here, the system's own choice first. Blocking.

    Raises `Unavailable` where there is no microphone.
    """
    ffi, lib = _bound()
    context = _context(backend)
    try:
        infos, count = ffi.new("ma_device_info**"), ffi.new("ma_uint32*")
        if lib.ma_context_get_devices(context, ffi.NULL, ffi.NULL, infos, count) != 0:
            raise no_device("record")
        found = [
            Microphone(
                ffi.string(info.name).decode("utf-8", "replace"),
                bool(info.isDefault),
                ffi.new("ma_device_id *", info.id),
            )
            for info in (infos[0][place] for place in range(count[0]))
        ]
        found = [one for one in found if not one.name.startswith(_SILENT)]
    finally:
        lib.ma_context_uninit(context)
    if not found:
        raise no_device("record")
    return tuple(sorted(found, key=lambda one: not one.is_default))


def no_device(kind: Literal["play", "record"]) -> Unavailable:
    """What is said where there is nothing to play or to record with."""
    if kind == "play":
        return Unavailable(
            "No sound device was found. The animatic plays without sound.",
            remedy="Connect loudspeakers or headphones, and play again.",
        )
    return Unavailable(
        "No microphone was found.",
        remedy="Connect one, allow the program to use it in the system's privacy settings, and look again.",
    )


# internals


def _context(backend: str | None) -> Any:
    ffi, lib = _bound()
    _quiet()
    context = ffi.new("ma_context*")
    config = lib.ma_context_config_init()
    wanted = [lib.ma_backend_null] if backend == NULL else _backends()
    kinds = ffi.new("ma_backend[]", wanted)
    if lib.ma_context_init(kinds, len(wanted), ffi.addressof(config), context) != 0:
        raise no_device("play")
    return context


@functools.cache
def _backends() -> list[int]:
    _ffi, lib = _bound()
    names = [name for name in dir(lib) if name.startswith("ma_backend_") and name not in _NOT_TRIED]
    # In miniaudio's own order, the best first.
    return sorted(getattr(lib, name) for name in names)


@functools.cache
def _bound() -> tuple[Any, Any]:
    """miniaudio's C part, with our callbacks in it."""
    part = importlib.import_module("_miniaudio")
    ffi: Any = part.ffi
    ffi.def_extern(name="_internal_data_callback", onerror=_failed)(_on_data)
    ffi.def_extern(name="_internal_stop_callback", onerror=_failed)(_on_stop)
    return ffi, part.lib


def _on_data(device: Any, output: Any, heard: Any, frames: int) -> None:
    ffi, _lib = _bound()
    if device.pUserData != ffi.NULL:
        ffi.from_handle(device.pUserData).carried(output, heard, frames)


def _on_stop(device: Any) -> None:
    ffi, _lib = _bound()
    if device.pUserData != ffi.NULL:
        ffi.from_handle(device.pUserData).stopped()


def _failed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.error("A sound device's callback failed", exc_info=(kind, error, trace))


#: ALSA's handler of messages: file, line, function, error, format.
_SAYS: Final = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)


@_SAYS
def _say_nothing(*_message: object) -> None:
    return


@functools.cache
def _quiet() -> None:
    """Keep ALSA from writing to the terminal what it tries and does not find."""
    if not sys.platform.startswith("linux"):
        return
    try:
        alsa = ctypes.CDLL("libasound.so.2")
    except OSError:
        return
    alsa.snd_lib_error_set_handler(_say_nothing)
