"""Films, read back by programs of other hands: every frame at its time, sound in step, colours as tagged."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image, ImageSequence

from studio_assist.domain.captions import Caption
from studio_assist.domain.storyboard import Shot, ShotId
from studio_assist.domain.timebase import RATES, FrameRate, rate_named, sample_of
from studio_assist.domain.timeline import Cut, Playing, Timeline
from studio_assist.interchange.film.frames import Drawer, looks_like
from studio_assist.interchange.film.gif import write_gif
from studio_assist.interchange.film.lettering import BOX, Lettering
from studio_assist.interchange.film.plan import FilmPlan, Pixels, Still, frame_size
from studio_assist.interchange.film.planes import planes_of
from studio_assist.interchange.film.stills import names_of, safe_name
from studio_assist.interchange.film.video import Mix, write_mp4
from studio_assist.paths import resource

AMBER = (0xF2, 0xB7, 0x05)
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
FONTS = resource("fonts")


def plain(colour: tuple[int, int, int], width: int = 64, height: int = 36) -> Callable[[], Pixels]:
    return lambda: np.full((height, width, 3), colour, np.uint8)


def film(
    *colours: tuple[int, int, int] | None,
    rate: FrameRate | str = "24",
    frames: int = 6,
    size: tuple[int, int] = (128, 72),
    **more: Any,
) -> FilmPlan:
    """Shots of one colour each; None is a blank."""
    rate = rate_named(rate) if isinstance(rate, str) else rate
    stills: list[Still] = []
    for place, colour in enumerate(colours):
        shot = Shot(id=ShotId(f"{place:012x}"), number=f"14{chr(65 + place)}", scene="14")
        shows: Playing = "drawn" if colour else "empty"
        cut = Cut(shot, place * frames, frames)
        load = plain(colour) if colour else None
        stills.append(Still(cut, shows, load, **{"slate": False, **more}))
    return FilmPlan("Larkspur", *size, rate, tuple(stills), FONTS)


def written(plan: FilmPlan, path: Path, mix: Mix | None = None) -> Path:
    write_mp4(plan, path, {"title": "Larkspur", "comment": "TEMP. Not for delivery."}, mix, lambda _: None)
    return path


def ffmpeg(path: Path, *arguments: str) -> bytes:
    """What a build of FFmpeg that is not ours reads."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), *arguments, "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def boxes(path: Path) -> list[bytes]:
    data, at, found = path.read_bytes(), 0, list[bytes]()
    while at + 8 <= len(data):
        found.append(data[at + 4 : at + 8])
        at += int.from_bytes(data[at : at + 4], "big")
    return found


@pytest.mark.parametrize("name", ["23.976", "25", "29.97 DF", "60"])
def test_every_frame_is_at_its_exact_time(name: str, tmp_path: Path) -> None:
    rate = rate_named(name)
    path = written(film(WHITE, BLACK, None, rate=rate, slate=True), tmp_path / "a.mp4")
    lines = ffmpeg(path, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5").decode().splitlines()
    base = next(line.split()[-1] for line in lines if line.startswith("#tb 0"))
    stamps = [int(line.split(",")[2]) for line in lines if not line.startswith("#")]
    assert [stamp * Fraction(base) for stamp in stamps] == [number / rate.fps for number in range(18)]


def test_other_programs_read_rate_length_colours_and_words(tmp_path: Path) -> None:
    from pymediainfo import MediaInfo

    for rate in RATES:
        path = tmp_path / f"{rate.num}-{rate.drop}.mp4"
        plan = film(AMBER, rate=rate, frames=7, slate=True)
        written(plan, path, lambda _start, length: np.zeros((length, 2), np.float32))
        general, video, sound, other = MediaInfo.parse(path).tracks
        assert float(video.frame_rate) == pytest.approx(float(rate.fps), abs=0.0006)
        assert (video.frame_count, video.format, video.format_profile.split("@")[0]) == ("7", "AVC", "High")
        assert {video.color_primaries, video.transfer_characteristics, video.matrix_coefficients} == {
            "BT.709"
        }
        assert (video.color_range, video.chroma_subsampling) == ("Limited", "4:2:0")
        assert (sound.format, sound.sampling_rate, sound.channel_s) == ("AAC", 48_000, 2)
        assert (general.title, general.comment) == ("Larkspur", "TEMP. Not for delivery.")
        assert other.time_code_of_first_frame == ("00:00:00;00" if rate.drop else "00:00:00:00")
        # Faststart: what a player needs first comes first.
        assert boxes(path).index(b"moov") < boxes(path).index(b"mdat")


@pytest.mark.parametrize("name", ["23.976", "24", "29.97", "59.94 DF"])
def test_sound_is_as_long_as_the_pictures_and_in_step_with_them(name: str, tmp_path: Path) -> None:
    rate = rate_named(name)
    plan = film(BLACK, WHITE, BLACK, rate=rate, frames=25)
    flash = sample_of(25, rate)

    def mix(start: int, length: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        sound = np.zeros((length, 2), np.float32)
        sound[
            (np.arange(start, start + length) >= flash) & (np.arange(start, start + length) < flash + 96)
        ] = 0.8
        return sound

    path = written(plan, tmp_path / "a.mp4", mix)
    heard = np.frombuffer(ffmpeg(path, "-map", "0:a", "-f", "s16le"), np.int16).reshape(-1, 2)
    assert len(heard) == sample_of(75, rate)
    loud = np.flatnonzero(np.abs(heard[:, 0].astype(int)) > 12_000)
    # An encoder rings before a click; by a tenth of a frame at the most.
    assert abs(int(loud[0]) - flash) < 48_000 / rate.fps / 10
    seen = np.frombuffer(ffmpeg(path, "-map", "0:v", "-pix_fmt", "gray", "-f", "rawvideo"), np.uint8)
    light = seen.reshape(-1, 72 * 128).mean(axis=1)
    assert np.flatnonzero(light > 128).tolist() == list(range(25, 50))


def test_colours_are_those_of_bt709(tmp_path: Path) -> None:
    planes = planes_of(np.full((4, 4, 3), AMBER, np.uint8))
    # Y = 0.7164, Cb = (B - Y) / 1.8556 and Cr = (R - Y) / 1.5748, in limited range.
    assert [int(plane[1, 1]) for plane in planes] == [173, 44, 161]
    path = written(film(AMBER), tmp_path / "a.mp4")
    raw = np.frombuffer(ffmpeg(path, "-frames:v", "1", "-pix_fmt", "yuv420p", "-f", "rawvideo"), np.uint8)
    whole = 128 * 72
    parts = (raw[:whole], raw[whole : whole * 5 // 4], raw[whole * 5 // 4 :])
    assert [round(float(part.mean())) for part in parts] == pytest.approx([173, 44, 161], abs=1)


def test_a_held_picture_stays_as_it_is(tmp_path: Path) -> None:
    path = written(film(AMBER, None, frames=24), tmp_path / "a.mp4")
    seen = np.frombuffer(ffmpeg(path, "-map", "0:v", "-pix_fmt", "gray", "-f", "rawvideo"), np.uint8)
    held = seen.reshape(2, 24, -1).astype(int)
    assert np.abs(held - held[:, :1]).max() <= 4


def test_a_timecode_changes_nothing_but_its_own_box(tmp_path: Path) -> None:
    plan = film(WHITE, slate=True, frames=30, size=(640, 360))
    drawer = Drawer(plan)
    box = drawer.timecode_box(plan.stills[0])
    one, other = drawer.frame(3), drawer.frame(28)
    rows, columns = np.nonzero((one != other).any(axis=2))
    assert box.x <= columns.min() <= columns.max() < box.x + box.width
    assert rows.max() < box.height
    # Drawn whole and patched are the same planes.
    whole, patch = planes_of(other), planes_of(drawer.timecode(plan.stills[0], 28))
    for plane, part, half in zip(whole, patch, (1, 2, 2), strict=True):
        place = plane[: part.shape[0], box.x // half : box.x // half + part.shape[1]]
        assert np.array_equal(place, part)
    assert looks_like(other[:18], drawer.strip(plan.stills[0], 28))
    assert not looks_like(np.full((18, 640, 3), 255, np.uint8), drawer.strip(plan.stills[0], 28))


def test_a_caption_stays_clear_of_the_band(tmp_path: Path) -> None:
    caption = Caption(start=2, end=6, name="MARA", text="And what do they do\nwhen they get to ten?")
    for band in (0.0, 0.3):
        drawer = Drawer(film(WHITE, size=(640, 360), captions=(caption,), band=band))
        rows = np.flatnonzero((drawer.frame(1) != drawer.frame(3)).any(axis=(1, 2)))
        assert rows.max() < 360 - 360 * max(band, 0.09)
        assert rows.max() > 360 - 360 * max(band, 0.09) - 12


def test_signs_that_no_face_has_show_as_boxes_and_joiners_as_nothing() -> None:
    lettering = Lettering(FONTS, "Inter-Medium.ttf", 20)
    assert lettering.width("a\u200db") == lettering.width("ab")
    assert lettering.width("\U0001f3ac") == lettering.width(BOX) > 0
    assert lettering.lacks("Ünder 漢 the\u200d sea, 漢 🎬") == ["漢", "🎬"]
    assert lettering.fitted("Larkspur " * 20, 100).endswith("…")
    assert lettering.width(lettering.fitted("Larkspur " * 20, 100)) <= 100


def test_names_of_pictures_are_safe_and_never_the_same() -> None:
    assert [safe_name(words) for words in ("14A", "../é 1", "CON:*?", "漢")] == ["14A", "e-1", "CON", "shot"]
    plan = film(WHITE, WHITE, WHITE)
    names = names_of(plan)
    assert names == ["0001_14A", "0002_14B", "0003_14C"]


def test_frames_are_even_in_every_shape() -> None:
    assert frame_size("16:9", 1080) == (1920, 1080)
    assert frame_size("2.39:1", 1080) == (2582, 1080)
    assert frame_size("9:16", 540) == (304, 540)


@pytest.mark.parametrize("slate", [True, False])
def test_a_gif_lasts_as_long_and_keeps_amber(slate: bool, tmp_path: Path) -> None:
    plan = film(AMBER, (200, 30, 40), None, rate="23.976", frames=24, slate=slate)
    path = tmp_path / "a.gif"
    count = write_gif(plan, path, (AMBER,), "TEMP", lambda _: None)
    with Image.open(path) as gif:
        assert (gif.n_frames, gif.info["loop"], gif.info["comment"]) == (count, 0, b"TEMP")
        lasts = [frame.info["duration"] for frame in ImageSequence.Iterator(gif)]
        assert sum(lasts) == round(72 * 1001 / 24) // 10 * 10
        assert min(lasts[:-1]) >= 80
        gif.seek(0)
        pixels = np.asarray(gif.convert("RGB"))
        assert tuple(pixels[60, 60]) == AMBER
        gif.seek(count - 1)
        drawn = Drawer(plan).frame(71)
        assert np.abs(np.asarray(gif.convert("RGB")).astype(int) - drawn).mean() < 8
    # Without a timecode there is one picture a shot.
    assert count == 3 or slate
    seen = ffmpeg(path, "-fps_mode", "passthrough", "-f", "framemd5").decode()
    assert len(re.findall(r"^\d", seen, re.MULTILINE)) == count


def test_a_timeline_of_all_rates_is_as_many_frames_in_the_film() -> None:
    for rate in RATES:
        shots = [
            Shot(id=ShotId(f"{place:012x}"), number="1", scene="1", duration_ms=417) for place in range(3)
        ]
        timeline = Timeline.of(shots, rate)
        stills = tuple(Still(cut, "empty", None) for cut in timeline.cuts)
        plan = FilmPlan("Larkspur", 64, 36, rate, stills, FONTS)
        assert plan.frames == timeline.total
        assert [plan.at(frame).cut.start for frame in (0, timeline.total - 1)] == [0, timeline.cuts[-1].start]
