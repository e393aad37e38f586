"""The board drawer: what a rich frame takes, from the staging to the pixels, on one core.

Run it by itself: `python -m tests.bench.bench_blockout`. The bare baseline is Pillow drawing the same outlines with the
same number of points, fourfold oversampled: the plain way to smooth polygons in Python, without pen, light or hatching.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from typing import Final

from PIL import Image, ImageDraw

from studio_assist.blockout import figures, passes
from studio_assist.blockout.drawer import draw, picture
from studio_assist.blockout.drawing import Drawing
from studio_assist.blockout.ink import inked
from studio_assist.blockout.raster import level, rasterised
from studio_assist.blockout.svg import svg
from studio_assist.domain.staging import (
    Arrow,
    Camera,
    Figure,
    Gesture,
    Light,
    Look,
    Mood,
    Piece,
    Pose,
    Staging,
)

_MAYA: Final = Look(hat="headphones", hair="bob")
_ILSE: Final = Look(hair="long", hat="brim", clothes="coat", shade=0.4, height_m=1.66)
_TOM: Final = Look(hair="curly", clothes="jacket", shade=0.6, build=1.2)

SCENES: Final = {
    "three in a furnished room": Staging(
        figures=(
            Figure(
                name="MAYA", at=(-0.9, 2.0), facing=120, gesture=Gesture.POINT, mood=Mood.ANGRY, look=_MAYA
            ),
            Figure(name="ILSE", at=(0.8, 2.2), facing=235, gesture=Gesture.HIPS, look=_ILSE),
            Figure(name="TOM", at=(1.6, 3.2), facing=210, pose=Pose.SIT, mood=Mood.TIRED, look=_TOM),
        ),
        pieces=(
            Piece(kind="table", at=(0.1, 2.8)),
            Piece(kind="chair", at=(1.6, 3.2)),
            Piece(kind="radio", at=(0.1, 2.8), z=0.75),
            Piece(kind="window", at=(0.0, 4.95), z=0.9),
            Piece(kind="lamp", at=(-2.2, 4.0), state="lit"),
            Piece(kind="shelf", at=(2.4, 4.7)),
            Piece(kind="door", at=(-1.8, 4.95), state="open"),
        ),
        camera=Camera(at=(0.0, -1.6, 1.5), aim=(0.1, 2.5, 1.2), lens_mm=32),
        light=Light(time="night"),
        arrows=(Arrow(move="slow-push-in"),),
    ),
    "a face at 85 mm": Staging(
        figures=(Figure(name="MAYA", at=(0, 1.8), facing=195, mood=Mood.AFRAID, look=_MAYA),),
        pieces=(Piece(kind="window", at=(0.8, 4.95), z=0.9),),
        camera=Camera(at=(0.0, 0.2, 1.6), aim=(0.05, 1.8, 1.58), lens_mm=85),
    ),
    "a run through a street in the rain": Staging(
        place="street",
        figures=(
            Figure(name="ILSE", at=(-0.5, 3.0), facing=150, pose=Pose.RUN, look=_ILSE),
            Figure(name="TOM", at=(1.0, 6.0), facing=170, pose=Pose.RUN, look=_TOM),
        ),
        pieces=(
            Piece(kind="car", at=(2.6, 5.0), turn=80),
            Piece(kind="streetlamp", at=(-2.4, 6.0), state="lit"),
            Piece(kind="tree", at=(-4.0, 9.0)),
        ),
        camera=Camera(at=(0.0, -1.5, 1.1), aim=(0.0, 4.0, 1.2), lens_mm=24),
        light=Light(time="night", weather="rain"),
        arrows=(Arrow(move="runs toward", who="ILSE"),),
    ),
}


def milliseconds(work: Callable[[], object], runs: int = 9) -> tuple[float, float]:
    """The best and the middle of several runs, in time of the processor: what others do beside it does not count."""
    times: list[float] = []
    for _ in range(runs):
        # What is kept of the last run would be measured as nothing.
        figures.forget()
        began = time.process_time()
        work()
        times.append((time.process_time() - began) * 1000)
    times.sort()
    return times[0], times[len(times) // 2]


def oversampled(drawing: Drawing) -> Image.Image:
    """The baseline: the frame's marks as plain polygons, four times as large and made small again."""
    width, height = drawing.width * 4, drawing.height * 4
    image = Image.new("L", (width, height), 251)
    pen = ImageDraw.Draw(image)
    for mark in inked(drawing):
        if len(mark.points) > 1:
            pen.polygon((mark.points * 4).ravel().tolist(), fill=level(mark.tone))
    return image.resize((drawing.width, drawing.height), Image.Resampling.BOX)


@contextlib.contextmanager
def one_core() -> Iterator[None]:
    """Only one core for this process, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def main() -> None:
    """All scenes at two sizes, and what else is made of a drawing."""
    with one_core():
        _all_scenes()


def _all_scenes() -> None:
    for name, staging in SCENES.items():
        began = time.perf_counter()
        rasterised(draw(staging))
        first = (time.perf_counter() - began) * 1000
        print(f"{name} (the first frame ever: {first:.0f} ms)")
        for width, height, most in ((1280, 720, 150), (640, 360, 40)):

            def whole(width: int = width, height: int = height, staging: Staging = staging) -> object:
                return rasterised(draw(staging, width, height))

            best, middle = milliseconds(whole)
            drawing = draw(staging, width, height)
            staged, _ = milliseconds(
                lambda width=width, height=height, staging=staging: draw(staging, width, height)
            )
            shapes = sum(len(group.shapes) for group in drawing.groups)
            print(
                f"  {width}×{height}: {best:.0f} ms best, {middle:.0f} ms middle of {most} "
                f"({staged:.0f} staging, {best - staged:.0f} ink and paint; {shapes} shapes)"
            )
        drawing = draw(staging)
        ours, _ = milliseconds(lambda drawing=drawing: rasterised(drawing), 5)
        theirs, _ = milliseconds(lambda drawing=drawing: oversampled(drawing), 3)
        print(f"  painting against Pillow fourfold oversampled: {theirs / ours:.1f} times as fast")
        for label, work in (
            ("PNG", lambda staging=staging: picture(staging)),
            ("SVG", lambda drawing=drawing: svg(drawing, "frame")),
            ("line picture", lambda drawing=drawing: passes.line(drawing)),
            ("depth picture", lambda drawing=drawing: passes.depth(drawing)),
        ):
            best, _ = milliseconds(work, 3)
            print(f"  {label}: {best:.0f} ms")


if __name__ == "__main__":
    main()
