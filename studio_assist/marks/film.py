"""Marks on films, MP4 and GIF: the band in their frames, metadata, and the manifest.

Of a film of hours a few frames are decoded, spread over its length. Files come from anywhere: the reader is
told what kind of file it is and tries no other, opens nothing that the file names, and stops by the clock.
"""

from __future__ import annotations

import io
import math
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from types import TracebackType
from typing import BinaryIO, Final, Self

import numpy as np
from numpy.typing import NDArray

from studio_assist.domain.errors import BadInput
from studio_assist.domain.marking import InvisibleMark
from studio_assist.domain.values import EntryNumber
from studio_assist.marks import invisible
from studio_assist.marks.band_reading import has_band
from studio_assist.marks.containers import FilmKind
from studio_assist.marks.decoding import MOST_PIXELS, decode

#: So many frames are looked at, and for no longer than this, in seconds.
_LOOKED_AT: Final = 12
_LONGEST_S: Final = 10.0
#: A frame is found by decoding from the key frame before it; a film with too few of them is not decoded.
_MOST_DECODED: Final = 600
#: Whole pictures of a GIF that are noted, and its blocks that are passed over on the way.
_MOST_WHOLE: Final = 20_000
_MOST_BLOCKS: Final = 4_000_000
#: Rows and columns at a frame's edges that differ by less than this are the ground beside its picture.
_FLAT: Final = 14

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class FilmMarks:
    """What was found in a film's frames.

    Attributes:
        looked_at: how many frames were decoded.
        band: how many of them wear the band.
        invisible: what the first invisible mark says that could be read; None: none, or no key was given.
    """

    looked_at: int
    band: int
    invisible: InvisibleMark | None


def wears_band(frame: Pixels) -> bool:
    """Whether a frame wears the band, at its foot or at that of a picture with ground on both sides."""
    if has_band(frame):
        return True
    inner = _inside(frame)
    return inner.shape != frame.shape and has_band(inner)


def read_frames(
    data: bytes,
    kind: FilmKind,
    name: str,
    keys: Sequence[bytes] = (),
    cancelled: Callable[[], bool] | None = None,
    times: Sequence[tuple[int, int]] = (),
) -> FilmMarks:
    """Look at a few frames of a film.

    Args:
        name: of the file, for errors.
        times: stretches of it to look at, from and to, in hundredths of a second; all of it without any.
        keys: mark keys of the projects that it may come from.
        cancelled: asked between frames.

    Raises:
        BadInput: there is no frame in it that can be shown.
    """
    end = time.monotonic() + _LONGEST_S
    looked_at = band = 0
    hidden: InvisibleMark | None = None
    middles = [(times[place][0] + times[place][1]) / 2 for place in _spread(len(times))]
    frames = _gif_spread(data, name, middles) if kind == "gif" else _mp4_spread(data, name, middles)
    for frame in frames:
        looked_at += 1
        band += wears_band(frame)
        if keys and hidden is None and min(frame.shape[:2]) >= 64:
            found = invisible.read(_inside(frame), keys, search=False)
            if found is not None:
                entry, tag = invisible.unpack_payload(found.payload)
                hidden = InvisibleMark(
                    present=True, entry=EntryNumber(entry), bits_corrected=found.bits_corrected, tag=tag
                )
        if time.monotonic() > end or (cancelled is not None and cancelled()):
            break
    if not looked_at and times:
        # Where the marks should be nothing can be shown; elsewhere it may.
        return read_frames(data, kind, name, keys, cancelled)
    if not looked_at:
        raise _unreadable(name)
    return FilmMarks(looked_at, band, hidden)


def _inside(frame: Pixels) -> Pixels:
    """A frame without the even ground to the left and right of its picture, if there is any.

    The slate lies over that ground as over the picture, so the frame's upper tenth does not count.
    """
    height, width = frame.shape[:2]
    lower = frame[height // 10 :].astype(np.int16)
    flat = (np.abs(lower - lower[-1, 0]).max(axis=2) < _FLAT).all(axis=0)
    filled = np.flatnonzero(~flat)
    if not len(filled) or filled[-1] - filled[0] + 1 == width:
        return _above(frame)
    return _above(np.ascontiguousarray(frame[:, filled[0] : filled[-1] + 1]))


def _above(frame: Pixels) -> Pixels:
    """A frame without the even ground below its picture."""
    flat = (np.abs(frame.astype(np.int16) - frame[-1, 0]).max(axis=2) < _FLAT).all(axis=1)
    filled = np.flatnonzero(~flat)
    return frame[: filled[-1] + 1] if len(filled) else frame


# MP4 ----------------------------------------------------------------------------------------------------


class FilmFile:
    """An MP4 file whose frames are asked for by their numbers. Close it, or use it in a `with`.

    Attributes:
        rate: frames a second.
        frames: how many there are, as the file says.

    Args:
        name: of the file, for errors.
        seconds: for how long frames are given.

    Raises:
        BadInput: it cannot be opened, has no pictures, or larger ones than anything is drawn.
    """

    def __init__(self, file: BinaryIO | str, name: str, *, seconds: float = math.inf) -> None:
        import av
        from av.error import FFmpegError

        self._name: Final = name
        self._end: Final = time.monotonic() + seconds
        try:
            # The kind is stated, so that no playlist in disguise is followed to other files.
            self._file = av.open(file, "r", format="mov", options={"enable_drefs": "0"})
        except (FFmpegError, OSError, ValueError) as error:
            raise _unreadable(name) from error
        try:
            streams = self._file.streams.video
            # Without a decoder for it, a stream has no context, whatever the library's stubs say.
            context: object = streams[0].codec_context if streams else None
            if context is None:
                raise _unreadable(name)
            self._stream = streams[0]
            if self._stream.width * self._stream.height > MOST_PIXELS:
                raise BadInput(
                    f"The film's frames are larger than {MOST_PIXELS // 1_000_000} million pixels.",
                    remedy="Make it smaller, to 8K at most.",
                    place=name,
                )
        except BaseException:
            self._file.close()
            raise
        self.rate: Final = Fraction(self._stream.average_rate or self._stream.base_rate or 25)
        self.frames: Final = int(self._stream.frames)

    def at(self, number: int) -> Pixels | None:
        """A frame in RGB; None where there is none of that number."""
        from av.error import FFmpegError

        base = self._stream.time_base or Fraction(1, 90_000)
        wanted = round(number / self.rate / base)
        try:
            self._file.seek(max(0, wanted), stream=self._stream, backward=True)
            for _, frame in zip(range(_MOST_DECODED), self._file.decode(self._stream), strict=False):
                if time.monotonic() > self._end:
                    return None
                # Half a frame less: what stands there was rounded to the file's own clock.
                if frame.pts is not None and frame.pts >= wanted - round(0.5 / self.rate / base):
                    return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
        except (FFmpegError, OSError, ValueError) as error:
            raise _unreadable(self._name) from error
        return None

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _mp4_spread(data: bytes, name: str, times: Sequence[float]) -> Iterator[Pixels]:
    with FilmFile(io.BytesIO(data), name, seconds=_LONGEST_S) as film:
        for place in [int(at * film.rate / 100) for at in times] or _spread(max(1, film.frames)):
            # One frame that is damaged says nothing of the others.
            with suppress(BadInput):
                frame = film.at(place)
                if frame is not None:
                    yield frame


def _spread(count: int) -> list[int]:
    """Places all over a length, the first and the last among them."""
    if count < 1:
        return []
    return sorted({round(step * (count - 1) / (_LOOKED_AT - 1)) for step in range(_LOOKED_AT)})


# GIF ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WholeFrame:
    """A picture of a GIF that covers all of it, and so can be shown by itself.

    Attributes:
        at: when it is shown, in hundredths of a second.
        start, end: where its blocks are in the file.
    """

    at: int
    start: int
    end: int


def whole_frames(data: bytes) -> tuple[tuple[WholeFrame, ...], int]:
    """The pictures of a GIF that cover all of it, and how long it lasts, in hundredths of a second.

    What cannot be read ends the list; nothing is decoded.
    """
    found: list[WholeFrame] = []
    at = _gif_head(data)
    size, time_cs, lasts, start = data[6:10], 0, 0, at
    for _ in range(_MOST_BLOCKS):
        kind = data[at : at + 1]
        if kind == b"\x21":
            if data[at + 1 : at + 2] == b"\xf9" and at + 6 <= len(data):
                lasts, start = int.from_bytes(data[at + 4 : at + 6], "little"), at
            at = _past(data, at + 2)
        elif kind == b"\x2c" and at + 10 <= len(data):
            place, flags = data[at + 1 : at + 9], data[at + 9]
            at = _past(data, at + 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0) + 1)
            if place == bytes(4) + size and len(found) < _MOST_WHOLE:
                found.append(WholeFrame(time_cs, start, at))
            time_cs, lasts, start = time_cs + lasts, 0, at
        else:
            break
    return tuple(found), time_cs


def gif_frame(data: bytes, frame: WholeFrame, name: str) -> Pixels:
    """One picture of a GIF in RGB. Raises `BadInput` where it is damaged."""
    return decode(data[: _gif_head(data)] + data[frame.start : frame.end] + b";", name).pixels


def _gif_spread(data: bytes, name: str, times: Sequence[float]) -> Iterator[Pixels]:
    found, _ = whole_frames(data)
    if not found:
        return
    for place in [frame_on(found, at) for at in times] or _spread(len(found)):
        with suppress(BadInput):
            yield gif_frame(data, found[place], name)


def frame_on(frames: Sequence[WholeFrame], at: float) -> int:
    """Which of a GIF's whole pictures was drawn last at a time, in hundredths of a second."""
    return max(0, bisect_right(frames, at, key=lambda frame: frame.at) - 1)


def _gif_head(data: bytes) -> int:
    """How long the header is, with the palette of the whole file."""
    flags = data[10] if len(data) > 10 else 0
    return 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)


def _past(data: bytes, at: int) -> int:
    """Where a row of sub-blocks ends."""
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1


def _unreadable(name: str) -> BadInput:
    return BadInput(
        "The film is damaged or cut short, and no frame of it can be shown.",
        remedy="Get the file once more from where it comes from.",
        place=name,
    )
