"""The film export: how many times faster than real time, beside the bare loop that anyone would write.

Run it by itself: `python -m tests.bench.bench_film`. The bare loop gets every frame drawn already, hands it to
PyAV as RGB, and encodes it with the same settings and without sound, marks or manifest. The sample project is
made first (about a minute with the built-in model); `STUDIO_ASSIST_SAMPLE` names one that is there.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from studio_assist.broker.export_film import make_frames, make_gif, make_mp4
from studio_assist.broker.export_film_plan import film_of
from studio_assist.broker.export_source import Source
from studio_assist.interchange.film import video
from studio_assist.interchange.film.frames import Drawer
from tests.broker.film_work import a_shot, project, source_of, source_of_sample

_SHOTS: Final = 500


def main() -> None:
    """Print seconds and ratios; nothing passes or fails by the clock."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = source_of_sample(_sample(folder), rate="24", height=1080)
        _told("sample, 1080p24, MP4", source, _exported(source, folder / "sample.mp4"))
        _told("sample, bare PyAV loop, no sound", source, _bare(source, folder / "bare.mp4"))
        for format, make in (("gif", make_gif), ("frames-png", make_frames)):
            other = replace(source, format=format)
            took = time.perf_counter()
            make(other, _quiet).write(folder / format, _quiet)
            _told(f"sample, {format}", source, time.perf_counter() - took)
        for format in ("frames-png", "frames-jpeg"):
            options = source.options.model_copy(update={"every_frame": True})
            other = replace(source, format=format, options=options)
            took = time.perf_counter()
            make_frames(other, _quiet).write(folder / f"{format}-every", _quiet)
            _told(f"sample, {format}, every frame", source, time.perf_counter() - took)
        _many(folder)


def _many(folder: Path) -> None:
    """Shots of every kind, small frames: what a long film costs beside its pixels, and in memory."""
    made = project(folder)
    kinds = ("temp", "drawn", "empty", "temp")
    some = [a_shot(made, place, kinds[place % 4], duration_ms=2400) for place in range(24)]
    shots = [
        some[place % 24].model_copy(update={"id": f"{place:012x}", "number": f"{place}A"})
        for place in range(_SHOTS)
    ]
    source = source_of(made, *shots, rate="23.976")
    took = _exported(source, folder / "many.mp4")
    _told(f"{_SHOTS} shots, 360p, MP4", source, took)
    took = time.perf_counter()
    wrong = make_mp4(source, _quiet).wrong(folder / "many.mp4")
    print(f"{'':34} looked at once more: {time.perf_counter() - took:.1f} s, {wrong or 'nothing wrong'}")
    print(f"{'':34} most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _exported(source: Source, path: Path) -> float:
    start = time.perf_counter()
    make_mp4(source, _quiet).write(path, _quiet)
    return time.perf_counter() - start


def _bare(source: Source, path: Path) -> float:
    import av

    plan = film_of(source, source.options.height).plan
    drawer, took = Drawer(plan), 0.0
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=plan.rate.fps, options=dict(video.H264))
        stream.width, stream.height, stream.pix_fmt = plan.width, plan.height, "yuv420p"
        for number in range(plan.frames):
            pixels = drawer.frame(number)
            start = time.perf_counter()
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            file.mux(stream.encode(frame))
            took += time.perf_counter() - start
        file.mux(stream.encode(None))
    return took


def _told(what: str, source: Source, took: float) -> None:
    timeline = source.timeline
    seconds = float(timeline.total / timeline.rate.fps)
    print(
        f"{what:34} {seconds:7.1f} s of film in {took:6.1f} s: "
        f"{seconds / took:5.1f} times real time, {timeline.total / took:5.0f} frames a second"
    )


def _sample(folder: Path) -> Path:
    given = os.environ.get("STUDIO_ASSIST_SAMPLE")
    if given:
        return Path(given)
    made = folder / "sample"
    subprocess.run(
        [sys.executable, "-m", "studio_assist", "sample", str(made)], check=True, capture_output=True
    )
    return made


def _quiet(_share: float) -> None:
    """Nobody listens."""


if __name__ == "__main__":
    main()
