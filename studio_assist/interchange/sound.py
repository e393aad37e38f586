"""Any sound file as the project keeps sounds: decoded, resampled and written in a stream, in bounded memory.

What comes in is a stranger's file: of a known container and no playlist, from the disk alone, looked at
briefly before anything is decoded, and never longer than four hours.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NoReturn

import numpy as np

from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.timebase import SAMPLE_RATE
from studio_assist.interchange.sound_look import look_at, refuse
from studio_assist.interchange.sound_wav import (
    LONGEST,
    Pcm,
    Peaks,
    WavWriter,
    cut,
    is_ready,
    mend,
    open_pcm,
    peaks,
    unreadable,
)

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

__all__ = [
    "LONGEST",
    "SUFFIXES",
    "Converted",
    "Pcm",
    "Peaks",
    "WavWriter",
    "convert",
    "cut",
    "is_ready",
    "mend",
    "open_pcm",
    "peaks",
]

#: What a dialog for sound files offers.
SUFFIXES: Final = (
    ".wav", ".aif", ".aiff", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".oga", ".opus", ".caf", ".w64",
    ".mov", ".mp4", ".m4v",
)  # fmt: skip
#: Containers that are read, as FFmpeg calls them. No playlist among them, which could name other files.
_CONTAINERS: Final = "wav,w64,aiff,mp3,mov,mp4,m4a,3gp,3g2,mj2,flac,ogg,aac,caf"
_OPTIONS: Final = {
    "format_whitelist": _CONTAINERS,
    "protocol_whitelist": "file",
    "max_streams": "64",
    "probesize": "4000000",
    "analyzeduration": "4000000",
}
#: Seconds that the look at a file may take.
_LOOK_S: Final = 1.5
#: Samples a second that a sound can have; others are a mistake or a trap.
_RATES: Final = range(1_000, 768_001)
_MOST_CHANNELS: Final = 32
#: A file whose claim of a length is broken by this share and these seconds is not what it says.
_OVER: Final = 1.5
_OVER_S: Final = 60
_STEP_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Converted:
    """What a conversion wrote. `samples`: of each channel."""

    samples: int
    channels: Literal[1, 2]


def convert(path: Path, out: Path, told: Callable[[float], None]) -> Converted:
    """Write a file's sound to `out` as a WAV file of 48 kHz and 16 bits, mono or stereo.

    Where it has several sounds, the one that a player would take. More than two channels become two. Sound
    that begins later than its picture begins with silence.

    Args:
        told: how far it is, 0 to 1, at least every 100 ms; what it raises stops the work.

    Raises:
        BadInput: no sound in it that can be read, locked, damaged, or longer than four hours.
        Unavailable: the disk does not give or take it.
    """
    look_at(path)
    if out.exists():
        raise ValueError(f"{out.name} is there already, and would be written over")
    try:
        with _opened(path) as container:
            stream = _chosen(container, path)
            return _written(container, stream, path, out, told)
    except BaseException:
        out.unlink(missing_ok=True)
        raise


# opening


@contextmanager
def _opened(path: Path) -> Generator[InputContainer]:
    import av
    from av.container import InputContainer
    from av.error import FFmpegError

    try:
        container = av.open(
            str(path), "r", options=_OPTIONS, timeout=(_LOOK_S, None), metadata_errors="replace"
        )
    except FFmpegError as error:
        raise _explained(path, error) from error
    with container:
        assert isinstance(container, InputContainer)
        yield container


def _chosen(container: InputContainer, path: Path) -> AudioStream:
    """The sound to take, once what it says of itself can be."""
    if not container.streams.audio:
        what = "holds pictures and no sound." if container.streams.video else "holds no sound."
        refuse(path, what)
    stream = container.streams.best("audio") or container.streams.audio[0]
    assert stream.type == "audio"
    found = next(one for one in container.streams.audio if one.index == stream.index)
    if found.codec_context is None:  # pyright: ignore[reportUnnecessaryComparison]  # so where FFmpeg lacks a decoder
        refuse(path, "holds sound of a kind that is not known here, or is locked.")
    if found.rate not in _RATES or not 0 < found.channels <= _MOST_CHANNELS:
        refuse(path, f"says that it has {found.channels} channels at {found.rate} Hz, which no sound has.")
    seconds = _seconds(container, found)
    if seconds is not None and seconds * SAMPLE_RATE > LONGEST:
        _too_long(path)
    return found


def _seconds(container: InputContainer, stream: AudioStream) -> float | None:
    """How long the file says that its sound is, or None where it does not say."""
    if stream.duration is not None and stream.duration > 0 and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration else None


# writing


def _written(
    container: InputContainer, stream: AudioStream, path: Path, out: Path, told: Callable[[float], None]
) -> Converted:
    from av.error import FFmpegError, InvalidDataError

    channels: Literal[1, 2] = 1 if stream.channels == 1 else 2
    seconds = _seconds(container, stream)
    # MP3 and AAC without a container guess their length from the first bits; the others know it.
    is_sure = container.format.name not in ("mp3", "aac")
    most = LONGEST
    if seconds is not None and is_sure:
        most = min(LONGEST, int((seconds * _OVER + _OVER_S) * SAMPLE_RATE))
    resampling = _Resampling(channels)
    due = time.monotonic() + _STEP_S
    bad = good = 0
    with WavWriter(out, channels) as writer:
        try:
            for packet in container.demux(stream):
                if time.monotonic() >= due:
                    due = time.monotonic() + _STEP_S
                    total = seconds * SAMPLE_RATE if seconds else 0
                    told(min(0.999, writer.samples / total) if total else 0.0)
                try:
                    frames = packet.decode()
                except InvalidDataError:
                    # Players skip a piece that is damaged; a file of such pieces is refused below.
                    bad += 1
                    continue
                good += 1
                for frame in frames:
                    if writer.samples == 0 and frame.time:
                        _begin_late(writer, channels, container, frame.time)
                    for data in resampling.of(frame):
                        writer.write(data)
                if writer.samples > most:
                    if most == LONGEST:
                        _too_long(path)
                    refuse(path, "holds far more sound than it says.")
        except FFmpegError as error:
            raise _explained(path, error) from error
        for data in resampling.rest():
            writer.write(data)
        samples = writer.samples
    if samples == 0 or bad > 2 + good // 100:
        refuse(path, "is damaged, or its sound is locked.")
    told(1.0)
    return Converted(samples, channels)


class _Resampling:
    """Turns frames of any kind into 16 bits at the project's rate; a stream may change its kind midway."""

    def __init__(self, channels: Literal[1, 2]) -> None:
        from av import AudioResampler

        self._new: Final = lambda: AudioResampler(
            format="s16", layout="mono" if channels == 1 else "stereo", rate=SAMPLE_RATE
        )
        self._channels: Final = channels
        self._now = self._new()
        self._kind: tuple[str, str, int] | None = None

    def of(self, frame: AudioFrame) -> Iterator[bytes]:
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._kind is not None and kind != self._kind:
            yield from self.rest()
            self._now = self._new()
        self._kind = kind
        # Times within a stream may jump; every sample is taken one after the other.
        frame.pts = None
        for made in self._now.resample(frame):
            yield self._bytes(made)

    def rest(self) -> Iterator[bytes]:
        if self._kind is not None:
            for made in self._now.resample(None):
                yield self._bytes(made)

    def _bytes(self, frame: AudioFrame) -> bytes:
        # The plane may be longer than the sound in it.
        return bytes(memoryview(frame.planes[0])[: frame.samples * self._channels * 2])


def _begin_late(writer: WavWriter, channels: int, container: InputContainer, at: float) -> None:
    """Silence up to where the sound begins, where that is after its picture."""
    late = at - (container.start_time or 0) / 1_000_000
    if len(container.streams) > 1 and 0.001 < late < 600:
        writer.write(np.zeros(round(late * SAMPLE_RATE) * channels, "<i2").tobytes())


# refusing


def _explained(path: Path, error: Exception) -> StudioError:
    if isinstance(error, OSError) and isinstance(error, (PermissionError, FileNotFoundError)):
        return unreadable(path, error)
    return BadInput(
        f"{path.name} could not be read as sound: it is of a kind that is not read here, or damaged.",
        remedy="Save it as a WAV, AIFF, MP3, M4A, FLAC or Ogg file in a sound editor, and bring that in.",
        place=str(path),
    )


def _too_long(path: Path) -> NoReturn:
    raise BadInput(
        f"{path.name} is longer than four hours.",
        remedy="Cut it into parts in a sound editor, and bring in those that you need.",
        place=str(path),
    )
