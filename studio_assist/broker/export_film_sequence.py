"""The animatic as a folder with a picture for every frame, each marked as the one picture of a shot is.

Frames are drawn and encoded in their order, marked and written in a few threads (to sign lets others work, to
encode a JPEG does not). So many wait at most as keep those threads busy: a film of any length takes no more
memory than a short one. Blocking; called in threads.
"""

from __future__ import annotations

import os
import shutil
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, Literal

from studio_assist.broker.export_files import Progress, Writing
from studio_assist.broker.export_film_check import SUFFIXES, wrong_sequence
from studio_assist.broker.export_film_plan import FilmSource, facts_of, shown_of
from studio_assist.domain.errors import Unavailable
from studio_assist.interchange.film.plan import FilmPlan, Still
from studio_assist.interchange.film.sequence import (
    Encoder,
    frames_in_turn,
    jpeg_in_parts,
    likely_bytes,
    png_in_parts,
    sequence_names,
)

Format = Literal["png", "jpeg"]
#: Makes a frame's file of a frame that is encoded.
_Mark = Callable[[bytes], bytes]

_ENCODERS: Final[dict[Format, Encoder]] = {"png": png_in_parts, "jpeg": jpeg_in_parts}
_THREADS: Final = min(4, os.cpu_count() or 1)
_WAITING: Final = 2 * _THREADS
#: What metadata, manifest and its parent's add to a picture, and what the disk keeps for other things.
_MARKS: Final = 36_000
_SPARE: Final = 64_000_000


def make_sequence(film: FilmSource, format: Format, progress: Progress) -> Writing:
    """A folder with a picture for every frame of a film.

    Args:
        progress: raises where the export was stopped; asked while the pictures are looked at once more, too.
    """
    return Writing(
        partial(_write, film, format),
        lambda path: wrong_sequence(path, film, format, lambda: progress(0.0)),
        is_folder=True,
        warnings=film.warnings,
    )


def _write(film: FilmSource, format: Format, folder: Path, progress: Progress) -> None:
    plan, encoder = film.plan, _ENCODERS[format]
    _has_room(plan, encoder, format, folder.parent, progress)
    folder.mkdir()
    names = sequence_names(plan)
    marks = _Marks(film, format)
    waiting: deque[Future[None]] = deque()
    pool = ThreadPoolExecutor(_THREADS, "frames")
    try:
        for frame in frames_in_turn(plan, encoder):
            progress(frame.number / plan.frames)
            if len(waiting) == _WAITING:
                waiting.popleft().result()
            path = folder / f"{names[frame.number]}{SUFFIXES[format]}"
            mark = marks.of(frame.still, banded=frame.banded)
            waiting.append(pool.submit(_write_one, path, mark, frame.data))
        for one in waiting:
            one.result()
    finally:
        pool.shutdown(cancel_futures=True)
    progress(1.0)


def _write_one(path: Path, mark: _Mark, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(mark(data))
        file.flush()
        # Here, in a few threads: one after the other, thousands of files would take minutes to be flushed.
        os.fsync(file.fileno())


class _Marks:
    """Marks frames; what is the same for all of a shot is looked up once."""

    def __init__(self, film: FilmSource, format: Format) -> None:
        self._film: Final = film
        self._format: Final[Format] = format
        self._last: tuple[Still, bool] | None = None
        self._mark: _Mark = bytes

    def of(self, still: Still, *, banded: bool) -> _Mark:
        """What marks the frames of a shot that do, or do not, wear a band."""
        if self._last is None or self._last[0] is not still or self._last[1] != banded:
            self._last, self._mark = (still, banded), self._made(still, banded=banded)
        return self._mark

    def _made(self, still: Still, *, banded: bool) -> _Mark:
        from studio_assist.marks.manifest import usable_parent
        from studio_assist.marks.stills import mark_encoded

        source, vouching = self._film.source, self._film.vouching
        shown = shown_of(source, still)
        roots = (vouching.identity.root_pem, *vouching.roots)
        return partial(
            mark_encoded,
            facts=facts_of(source, still, banded=banded),
            identity=vouching.identity,
            at=vouching.at,
            format=self._format,
            parent=usable_parent(shown, roots)[0] if shown is not None else None,
            roots=vouching.roots,
        )


def _has_room(plan: FilmPlan, encoder: Encoder, format: Format, folder: Path, progress: Progress) -> None:
    """Raise `Unavailable` where the disk is too small for all frames.

    They are estimated only where they might not fit: no picture is larger than its pixels.
    """
    free = shutil.disk_usage(folder).free - _SPARE
    pixels = plan.width * plan.height * 3 + plan.height
    if plan.frames * (pixels + _MARKS) <= free:
        return
    likely = likely_bytes(plan, encoder, lambda: progress(0.0)) + plan.frames * _MARKS
    if likely <= free:
        return
    ways = ["fewer scenes", "a smaller height", "the film as MP4"]
    if format == "png":
        ways.insert(0, "JPEG")
    raise Unavailable(
        f"There is not enough room for {plan.frames:,} pictures: they take about {_size(likely)}, and "
        f"{_size(max(0, free))} are free.",
        remedy=f"Free some space, or choose {', '.join(ways[:-1])} or {ways[-1]}.",
        place=str(folder),
    )


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"
