"""WAV files as the project keeps them: 16 bits at 48 kHz, mono or stereo, and nothing that is not looked at.

A header is believed only as far as the file goes: what it claims beyond that is refused.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Literal, Self

import numpy as np
import numpy.typing as npt

from studio_assist.domain.errors import BadInput, StudioError, Unavailable
from studio_assist.domain.timebase import SAMPLE_RATE

Pcm = npt.NDArray[np.int16]
Peaks = npt.NDArray[np.int8]

#: No sound of an animatic is longer than this, in samples: four hours.
LONGEST: Final = 4 * 3600 * SAMPLE_RATE
#: The header that is written here: RIFF, fmt and data, one after the other.
_HEADER: Final = struct.Struct("<4sI4s4sIHHIIHH4sI")
_CHUNK: Final = struct.Struct("<4sI")
_FORMAT: Final = struct.Struct("<HHIIHH")
#: Notes of other programs before the sound; a file with more of them is none that plays.
_MOST_CHUNKS: Final = 64
#: How much is looked through at once for peaks, in samples.
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class WavForm:
    """Where the sound of a WAV file is, and of what kind.

    Attributes:
        code: 1 is whole numbers; anything else is some other coding.
        offset, length: where the sound stands in the file, in bytes.
    """

    code: int
    channels: int
    rate: int
    bits: int
    offset: int
    length: int

    @property
    def samples(self) -> int:
        return self.length // (2 * self.channels)

    @property
    def is_ours(self) -> bool:
        return (self.code, self.rate, self.bits) == (1, SAMPLE_RATE, 16) and self.channels in (1, 2)


def read_form(path: Path) -> WavForm:
    """What a WAV file's header says, checked against the file.

    Raises:
        BadInput: no WAV file, one that was cut short, or one of a kind for files over 4 GB.
        Unavailable: the disk does not give it.
    """
    try:
        with path.open("rb") as file:
            return _form_in(file, os.fstat(file.fileno()).st_size, path)
    except OSError as error:
        raise unreadable(path, error) from error


def is_ready(path: Path) -> bool:
    """Whether a file is a WAV file exactly as the project keeps them."""
    try:
        form = read_form(path)
    except StudioError:
        return False
    return form.is_ours and 0 < form.samples <= LONGEST


def open_pcm(path: Path) -> np.memmap[tuple[int, int], np.dtype[np.int16]]:
    """The samples of one of the project's sounds, (samples, channels); each is read when it is asked for.

    Raises:
        BadInput: it is no such file, or was cut short.
        Unavailable: the disk does not give it.
    """
    form = read_form(path)
    if not form.is_ours:
        raise BadInput(
            f"{path.name} is not kept as 16 bits at 48 kHz.",
            remedy="Bring the sound in again, so that it is converted.",
            place=str(path),
        )
    if form.samples == 0:
        raise BadInput(f"{path.name} holds no sound.", remedy="Choose another file.", place=str(path))
    try:
        return np.memmap(path, dtype="<i2", mode="r", offset=form.offset, shape=(form.samples, form.channels))
    except OSError as error:
        raise unreadable(path, error) from error


def peaks(path: Path, per_second: int = 100) -> Peaks:
    """The lowest and highest value of every part of a second, as a waveform is drawn: (n, 2), -127 to 127.

    Both channels count. Read in blocks; errors as `open_pcm`.
    """
    pcm = open_pcm(path)
    step = max(1, SAMPLE_RATE // per_second)
    whole = len(pcm) // step
    made = np.empty((-(-len(pcm) // step), 2), np.int8)
    at_once = max(1, _BLOCK // step)
    for first in range(0, whole, at_once):
        last = min(whole, first + at_once)
        block = np.asarray(pcm[first * step : last * step]).reshape(last - first, -1)
        made[first:last, 0] = _as_peaks(block.min(axis=1))
        made[first:last, 1] = _as_peaks(block.max(axis=1))
    if len(made) > whole:
        rest = np.asarray(pcm[whole * step :])
        made[whole] = _as_peaks(np.array((rest.min(), rest.max())))
    return made


class WavWriter:
    """Writes a WAV file as it grows. Its header is true once a second: a crash leaves a file that plays.

    Args:
        synced: brought to the disk itself every second, for what cannot be had again.
    """

    def __init__(self, path: Path, channels: Literal[1, 2] = 1, *, synced: bool = False) -> None:
        self._path: Final = path
        self._channels: Final = channels
        self._synced: Final = synced
        self._bytes = 0
        self._since = 0
        try:
            self._file: Final[BinaryIO] = path.open("xb")
            self._file.write(_header(channels, 0))
        except OSError as error:
            raise unwritable(path, error) from error

    @property
    def samples(self) -> int:
        """How many samples of each channel were written."""
        return self._bytes // (2 * self._channels)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Put samples at the end: 16 bits, little-endian, channel by channel.

        Raises `Unavailable` where the disk does not take them.
        """
        try:
            self._file.write(data)
            self._bytes += len(data)
            self._since += len(data)
            if self._since >= SAMPLE_RATE * 2 * self._channels:
                self._tell_header()
        except OSError as error:
            raise unwritable(self._path, error) from error

    def close(self, *, on_disk: bool = False) -> None:
        """Finish the file. `on_disk`: it is to outlast a power cut."""
        if self._file.closed:
            return
        try:
            with self._file:
                self._tell_header()
                if on_disk or self._synced:
                    os.fsync(self._file.fileno())
        except OSError as error:
            raise unwritable(self._path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _tell_header(self) -> None:
        self._since = 0
        end = self._file.tell()
        self._file.seek(0)
        self._file.write(_header(self._channels, self._bytes))
        self._file.seek(end)
        self._file.flush()
        if self._synced:
            os.fsync(self._file.fileno())


def mend(path: Path) -> int:
    """Make the header of a recording say all that a crash left of it; gives its samples.

    Raises:
        BadInput: it is no recording of ours, or nothing was recorded yet.
        Unavailable: the disk does not give or take it.
    """
    none = BadInput(f"{path.name} holds no recording.", remedy="Record again.", place=str(path))
    try:
        with path.open("r+b") as file:
            head = file.read(_HEADER.size)
            if len(head) < _HEADER.size:
                raise none
            fields = _HEADER.unpack(head)
            channels = fields[6]
            if channels not in (1, 2) or head != _header(channels, fields[-1]):
                raise none
            width = 2 * channels
            length = (os.fstat(file.fileno()).st_size - _HEADER.size) // width * width
            if length == 0:
                raise none
            file.truncate(_HEADER.size + length)
            file.seek(0)
            file.write(_header(channels, length))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise unreadable(path, error) from error
    return length // width


def cut(path: Path, out: Path, first: int, last: int | None = None) -> int:
    """Write a part of a recording as a file of its own; gives its samples. Errors as `open_pcm`."""
    pcm = open_pcm(path)
    part = pcm[max(0, first) : last]
    if not len(part):
        raise BadInput("Nothing was recorded.", remedy="Record again.", place=str(path))
    with WavWriter(out, 2 if pcm.shape[1] == 2 else 1) as writer:
        for block in _blocks(part):
            writer.write(block.tobytes())
        writer.close(on_disk=True)
    return len(part)


def unreadable(path: Path, error: OSError) -> StudioError:
    """What a fault of the disk means where a sound is read."""
    if isinstance(error, (FileNotFoundError, NotADirectoryError, IsADirectoryError)):
        return BadInput(
            f"{path.name} could not be read: there is no such file.",
            remedy="Check the path, and that its disk is connected.",
            place=str(path),
        )
    return Unavailable(
        f"{path.name} could not be read ({error.strerror or error}).",
        remedy="Check that the disk is connected and that you may read the file.",
        place=str(path),
    )


def unwritable(path: Path, error: OSError) -> Unavailable:
    """What a fault of the disk means where a sound is written."""
    return Unavailable(
        f"The sound could not be written ({error.strerror or error}).",
        remedy="Free some space on the disk, then try again.",
        place=str(path),
    )


# internals


def _header(channels: int, length: int) -> bytes:
    width = 2 * channels
    return _HEADER.pack(
        b"RIFF",
        length + _HEADER.size - 8,
        b"WAVE",
        b"fmt ",
        _FORMAT.size,
        1,
        channels,
        SAMPLE_RATE,
        SAMPLE_RATE * width,
        width,
        16,
        b"data",
        length,
    )


def _form_in(file: BinaryIO, size: int, path: Path) -> WavForm:
    head = file.read(12)
    if head[:4] in (b"RF64", b"BW64"):
        raise BadInput(
            f"{path.name} is a WAV file of the kind for more than 4 GB (RF64).",
            remedy="Save it as an ordinary WAV file, or in parts.",
            place=str(path),
        )
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise BadInput(f"{path.name} is no WAV file.", remedy="Choose another file.", place=str(path))
    if int.from_bytes(head[4:8], "little") + 8 > size + 1:
        raise _cut_short(path)
    at, form = 12, None
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        chunk = file.read(_CHUNK.size)
        if len(chunk) < _CHUNK.size:
            break
        name, length = _CHUNK.unpack(chunk)
        at += _CHUNK.size
        if at + length > size:
            raise _cut_short(path)
        if name == b"fmt " and length >= _FORMAT.size:
            form = _FORMAT.unpack(file.read(_FORMAT.size))
        elif name == b"data" and form is not None:
            code, channels, rate, _, _, bits = form
            return WavForm(code, channels, rate, bits, at, length)
        at += length + length % 2
    raise BadInput(
        f"{path.name} is a WAV file without sound.", remedy="Choose another file.", place=str(path)
    )


def _cut_short(path: Path) -> BadInput:
    return BadInput(
        f"{path.name} says that it holds more than there is: it was cut short.",
        remedy="Copy it again from where it came, or save it anew in a sound editor.",
        place=str(path),
    )


def _as_peaks(values: npt.NDArray[np.int16]) -> Peaks:
    return np.clip(np.rint(values / 258.0), -127, 127).astype(np.int8)


def _blocks(pcm: Pcm) -> Iterator[Pcm]:
    for first in range(0, len(pcm), _BLOCK):
        yield pcm[first : first + _BLOCK]
