"""What is wrong with a film that was written, or nothing: its frames are decoded and looked at.

A film of hours is not decoded whole: one frame of each temp shot up to a bound, and always the first and the
last. Whether every picture wears its band is looked at as well when it is read for the film.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from studio_assist.broker.export_film_plan import FilmSource, facts_of, wears_band
from studio_assist.broker.vouching import wrong_film, wrong_still
from studio_assist.domain.errors import BadInput
from studio_assist.domain.timebase import timecode
from studio_assist.interchange.film.frames import Drawer, looks_like
from studio_assist.interchange.film.gif import TICK, ticks
from studio_assist.interchange.film.plan import Pixels, Still
from studio_assist.interchange.film.sequence import sequence_names
from studio_assist.interchange.film.stills import frame_of, names_of
from studio_assist.marks import film as film_marks
from studio_assist.marks.decoding import decode
from studio_assist.storage.atomic import read_bytes

SUFFIXES: Final[dict[Literal["png", "jpeg"], str]] = {"png": ".png", "jpeg": ".jpg"}
#: Temp shots of which a frame is decoded; of more, so many spread over the film.
_MOST: Final = 40
#: A frame into a shot at most: frames are found by decoding from the shot's first one.
_INTO: Final = 8


def wrong_mp4(path: Path, film: FilmSource) -> str | None:
    """What is wrong with an MP4 file, or None."""
    plan, drawer = film.plan, Drawer(film.plan)
    try:
        with film_marks.FilmFile(str(path), path.name) as file:
            if (file.frames, file.rate) != (plan.frames, plan.rate.fps):
                wanted = f"{plan.frames} at {plan.rate.fps}"
                return f"it has {file.frames} frames at {file.rate} a second, not {wanted}"
            looked_at = {0, plan.frames - 1, *(_frame_in(still) for still in _sampled(plan.stills))}
            for number in sorted(looked_at):
                frame = file.at(number)
                if frame is None:
                    return f"frame {number + 1} cannot be read"
                if wrong := _wrong_frame(frame, film, drawer, number):
                    return wrong
    except BadInput as error:
        return f"it cannot be read ({error.message})"
    return wrong_film(path, "mp4", film.vouching)


def wrong_gif(path: Path, film: FilmSource) -> str | None:
    """What is wrong with a GIF, or None. Each shot begins with a whole picture; those are looked at."""
    plan, drawer = film.plan, Drawer(film.plan)
    data = read_bytes(path)
    whole, length = film_marks.whole_frames(data)
    if not whole or abs(length - plan.frames * 100 / plan.rate.fps) > 2:
        return f"it lasts {length / 100} seconds, not {float(plan.frames / plan.rate.fps):.2f}"
    shown = dict(ticks(plan))
    ends = (plan.stills[0], plan.stills[-1])
    wanted = {
        _frame_in(still) if still.captions else still.cut.start for still in (*ends, *_sampled(plan.stills))
    }
    # A picture is drawn at the first tick of what it shows.
    times = [float(frame * 100 / plan.rate.fps) + TICK for frame in wanted]
    looked_at = {film_marks.frame_on(whole, at) for at in times}
    for place in sorted(looked_at):
        number = shown.get(whole[place].at)
        if number is None:
            return f"a picture of it stands at {whole[place].at / 100} seconds, where none should"
        try:
            frame = film_marks.gif_frame(data, whole[place], path.name)
        except BadInput as error:
            return f"it cannot be read ({error.message})"
        if wrong := _wrong_frame(frame, film, drawer, number):
            return wrong
    return wrong_film(path, "gif", film.vouching)


def wrong_frames(folder: Path, film: FilmSource, format: Literal["png", "jpeg"]) -> str | None:
    """What is wrong with a folder of pictures, or None. Each one's manifest is read, and some are decoded."""
    plan, drawer = film.plan, Drawer(film.plan)
    sampled = {still.cut.start for still in (plan.stills[0], plan.stills[-1], *_sampled(plan.stills))}
    wanted = [f"{name}{SUFFIXES[format]}" for name in names_of(plan)]
    found = {file.name for file in folder.iterdir()} - {"SHA256SUMS"}
    if found != set(wanted):
        return f"it holds {len(found)} pictures, not the {len(wanted)} that it should"
    for name, still in zip(wanted, plan.stills, strict=True):
        data = read_bytes(folder / name)
        vouching = replace(film.vouching, facts=facts_of(film.source, still))
        wrong = wrong_still(data, format, vouching)
        if wrong is None and still.cut.start in sampled:
            wrong = _wrong_frame(decode(data, name).pixels, film, drawer, frame_of(still))
        if wrong:
            return f"in {name}, {wrong}"
    return None


def wrong_sequence(
    folder: Path, film: FilmSource, format: Literal["png", "jpeg"], watch: Callable[[], None]
) -> str | None:
    """What is wrong with a folder that has a picture for every frame, or None.

    All names are looked at. The first and the last picture and one of each temp shot, of forty shots at most,
    are decoded and their manifests read; thousands of the others differ from them in their timecode alone.

    Args:
        watch: called before each; what it raises ends the work.
    """
    plan, drawer = film.plan, Drawer(film.plan)
    wanted = [f"{name}{SUFFIXES[format]}" for name in sequence_names(plan)]
    found = {file.name for file in folder.iterdir()} - {"SHA256SUMS"}
    if found != set(wanted):
        return f"it holds {len(found):,} pictures, not the {len(wanted):,} that it should"
    for number in sorted({0, plan.frames - 1, *(_frame_in(still) for still in _sampled(plan.stills))}):
        watch()
        name, still = wanted[number], plan.at(number)
        data = read_bytes(folder / name)
        facts = facts_of(film.source, still, banded=still.banded_at(number))
        wrong = wrong_still(data, format, replace(film.vouching, facts=facts))
        if wrong is None:
            pixels = decode(data, name).pixels
            wrong = _wrong_frame(pixels, film, drawer, number)
            if wrong is None and still.slate:
                right = timecode(number, plan.rate)
                read = drawer.timecode_on(still, pixels)
                if not right.startswith(read):
                    wrong = f"the slate says {read} and not {right}"
        if wrong:
            return f"in {name}, {wrong}"
    return None


def _sampled(stills: Sequence[Still]) -> list[Still]:
    """Shots that wear a band; of very many, some from all over the film."""
    temp = [still for still in stills if wears_band(still)]
    step = max(1.0, len(temp) / _MOST)
    return [temp[int(place * step)] for place in range(min(_MOST, len(temp)))]


def _frame_in(still: Still) -> int:
    """A frame of a shot that has all that the shot's frames have."""
    if still.captions:
        return still.captions[0].start
    return still.cut.start + min(_INTO, still.cut.frames - 1)


def _wrong_frame(frame: Pixels, film: FilmSource, drawer: Drawer, number: int) -> str | None:
    plan = film.plan
    if frame.shape[:2] != (plan.height, plan.width):
        return f"its frames are {frame.shape[1]} × {frame.shape[0]} pixels, not {plan.width} × {plan.height}"
    still = plan.at(number)
    where = f"frame {number + 1} ({still.cut.shot.number}, {timecode(number, plan.rate)})"
    if still.slate:
        strip = drawer.strip(still, number)
        if not looks_like(frame[: strip.shape[0]], strip):
            return f"the slate is missing on {where}"
    if still.banded_at(number) and not film_marks.wears_band(frame):
        return f"the band is missing on {where}, which shows temp material"
    return None
