"""A film as MP4: H.264 and AAC, every frame at its exact time, sound in step to a sample.

No frame refers to a later one, so that a frame's time is its number divided by the rate and nothing has to be
put right by an edit list. The sound's encoder begins 1,024 samples early; the file says so, and players skip
them. All times in the file are exact: every frame rate and 48 kHz are whole parts of its clock's rate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import numpy.typing as npt

from studio_assist.domain.errors import Unavailable
from studio_assist.domain.timebase import SAMPLE_RATE, sample_of, timecode
from studio_assist.interchange.film.frames import Drawer
from studio_assist.interchange.film.plan import FilmPlan, Pixels, Progress, Still
from studio_assist.interchange.film.planes import Planes, planes_of

if TYPE_CHECKING:
    from av import AudioStream, VideoFrame, VideoStream
    from av.container import OutputContainer

#: Gives a stretch of the sound: from which sample, how many; (samples, 2) from -1 to 1.
Mix = Callable[[int, int], npt.NDArray[np.float32]]

#: A frame of every rate that there is, and a sample, last a whole number of these a second.
_CLOCK: Final = 240_000
_SOUND_BITS: Final = 192_000
_SOUND_FRAME: Final = 1024
#: Good enough to draw over; boards are mostly flat. `tests/bench/bench_film.py` prints how fast it is.
H264: Final = {"preset": "veryfast", "crf": "20", "profile": "high", "bf": "0"}
#: A key frame at least so often, in seconds; each shot begins with one.
_KEY_SECONDS: Final = 5
#: BT.709 in the tables of H.264 (ITU-T H.273), and limited range as FFmpeg counts it.
_BT709: Final = 1
_LIMITED: Final = 1


def write_mp4(
    plan: FilmPlan, path: Path, tags: Mapping[str, str], mix: Mix | None, progress: Progress
) -> None:
    """Encode a film.

    Args:
        path: written anew.
        tags: what the file says of itself to any player, such as `title` and `comment`.
        mix: None: the film has no sound track.
        progress: told the share of frames that are done, at each of them.

    Raises:
        Unavailable: the encoder does not work here, or the disk is full.
        StudioError: a picture cannot be read.
    """
    import av
    from av.error import FFmpegError

    try:
        with av.open(
            str(path),
            "w",
            format="mp4",
            options={"movflags": "+faststart", "movie_timescale": str(_CLOCK)},
        ) as file:
            file.metadata.update(tags)
            _Encoding(plan, file, mix).run(progress)
    except FFmpegError as error:
        raise Unavailable(
            f"The film could not be encoded: {error.strerror or error}.",
            remedy="Look whether the disk has room, then try again; or export the frames as pictures.",
            place=str(path),
        ) from error


class _Encoding:
    """One film on its way into a file."""

    def __init__(self, plan: FilmPlan, file: OutputContainer, mix: Mix | None) -> None:
        self._plan: Final = plan
        self._file: Final = file
        self._drawer: Final = Drawer(plan)
        self._video: Final = self._video_stream()
        self._mix: Final = mix
        self._sound: Final = self._sound_stream() if mix is not None else None
        self._mixed = 0

    def run(self, progress: Progress) -> None:
        from av import VideoFrame
        from av.video.frame import PictureType

        plan = self._plan
        frame = VideoFrame(plan.width, plan.height, "yuv420p")
        frame.color_range, frame.colorspace = _LIMITED, _BT709
        frame.time_base = 1 / plan.rate.fps
        for still in plan.stills:
            shown: object = None
            for number in range(still.cut.start, still.cut.end):
                progress(number / plan.frames)
                # The encoder may still look at the one before.
                frame.make_writable()
                caption = still.caption_at(number)
                if number == still.cut.start or caption is not shown:
                    _put(frame, planes_of(self._drawer.ground(still, caption)))
                    shown = caption
                if still.slate:
                    self._put_timecode(frame, still, number)
                frame.pts = number
                frame.pict_type = PictureType.I if number == still.cut.start else PictureType.NONE
                self._file.mux(self._video.encode(frame))
                self._sound_until(sample_of(number + 1, plan.rate))
        self._file.mux(self._video.encode(None))
        if self._sound is not None:
            self._file.mux(self._sound.encode(None))

    # internals

    def _video_stream(self) -> VideoStream:
        plan = self._plan
        stream = self._file.add_stream("libx264", rate=plan.rate.fps, options=dict(H264))
        stream.width, stream.height, stream.pix_fmt = plan.width, plan.height, "yuv420p"
        stream.time_base = 1 / plan.rate.fps
        context = stream.codec_context
        context.time_base = 1 / plan.rate.fps
        context.sample_aspect_ratio = Fraction(1)
        context.gop_size = _KEY_SECONDS * plan.rate.nominal
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED
        # Makes a timecode track beside the pictures.
        stream.metadata["timecode"] = timecode(0, plan.rate)
        return stream

    def _sound_stream(self) -> AudioStream:
        stream = self._file.add_stream("aac", rate=SAMPLE_RATE, layout="stereo", format="fltp")
        stream.bit_rate = _SOUND_BITS
        stream.time_base = Fraction(1, SAMPLE_RATE)
        return stream

    def _put_timecode(self, frame: VideoFrame, still: Still, number: int) -> None:
        box = self._drawer.timecode_box(still)
        _put(frame, planes_of(self._drawer.timecode(still, number)), box.x, box.y)

    def _sound_until(self, end: int) -> None:
        """Encode what sounds before a sample, in whole blocks; the last one may be shorter."""
        from av import AudioFrame

        if self._sound is None or self._mix is None:
            return
        last = sample_of(self._plan.frames, self._plan.rate)
        while self._mixed < end and (self._mixed + _SOUND_FRAME <= end or end == last):
            length = min(_SOUND_FRAME, last - self._mixed)
            mixed = np.ascontiguousarray(self._mix(self._mixed, length).T)
            frame = AudioFrame.from_ndarray(mixed, "fltp", "stereo")
            frame.sample_rate, frame.pts = SAMPLE_RATE, self._mixed
            frame.time_base = Fraction(1, SAMPLE_RATE)
            self._file.mux(self._sound.encode(frame))
            self._mixed += length


def _put(frame: VideoFrame, planes: Planes, x: int = 0, y: int = 0) -> None:
    """Put planes into a frame's own memory, at an even place."""
    for place, (part, plane) in enumerate(zip(planes, frame.planes, strict=True)):
        # Its stubs know of buffers from Python 3.12 on.
        whole: Pixels = np.frombuffer(cast("Any", plane), np.uint8).reshape(-1, plane.line_size)
        left, top = (x // 2, y // 2) if place else (x, y)
        whole[top : top + part.shape[0], left : left + part.shape[1]] = part
