"""Films on their way out: marks that no choice takes off, read back from what was written."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
import subprocess
import wave
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import av
import imageio_ffmpeg
import numpy as np
import pytest
from film_work import ENTRY, SECRET, TAG, a_shot, drawing, identity, project, put, source_of
from PIL import Image

from studio_assist import protocol
from studio_assist.broker import export_film
from studio_assist.broker.export_files import Progress, Stopped, Writing, stage_written
from studio_assist.broker.export_film import make_frames, make_gif, make_mp4
from studio_assist.broker.export_film_plan import film_of
from studio_assist.broker.export_source import Source
from studio_assist.domain import captions
from studio_assist.domain.animatic import FIRST_TRACKS, Animatic, Clip, ClipId, Sound, TrackId
from studio_assist.domain.errors import BadInput, Damaged, Unavailable
from studio_assist.domain.marking import MarkReport, SourceType
from studio_assist.domain.timebase import timecode
from studio_assist.domain.values import sha256_of
from studio_assist.interchange.film.frames import Drawer
from studio_assist.interchange.film.sequence import jpeg_in_parts, png_in_parts
from studio_assist.interchange.film.video import write_mp4
from studio_assist.marks.film import FilmFile, wears_band
from studio_assist.marks.invisible import mark_key
from studio_assist.marks.reading import read_marks_of
from studio_assist.storage.project import ProjectFolder

MAKERS: Final[dict[protocol.ExportFormat, Callable[[Source, Progress], Writing]]] = {
    "mp4": make_mp4,
    "gif": make_gif,
    "frames-png": make_frames,
    "frames-jpeg": make_frames,
}
SUFFIX: Final = {"mp4": ".mp4", "gif": ".gif", "frames-png": "", "frames-jpeg": ""}


@pytest.fixture
def folder(tmp_path: Path) -> ProjectFolder:
    return project(tmp_path)


def quiet(_share: float) -> None:
    """Nobody listens."""


def mixed(folder: ProjectFolder, **changes: Any) -> Source:
    """A temp shot, a person's, and an empty one."""
    shots = [a_shot(folder, place, kind) for place, kind in enumerate(("temp", "drawn", "empty"))]
    return source_of(folder, *shots, **changes)


def exported(source: Source, tmp_path: Path) -> tuple[Path, Writing]:
    """Written as the core does it."""
    writing = MAKERS[source.format](source, quiet)
    path = tmp_path / f"out{SUFFIX[source.format]}"
    stage_written(path, path, writing, quiet)
    return path, writing


def report(path: Path) -> MarkReport:
    return read_marks_of(path.read_bytes(), path.name, [mark_key(SECRET)], [identity().root_pem])


def second_opinion(data: bytes, format: str) -> tuple[str, str]:
    """What a verifier of other hands says, given the project's root alone."""
    import encypher_c2pa

    kind = {"mp4": "video/mp4", "gif": "image/gif"}[format]
    root = identity().root_pem.decode()
    found = encypher_c2pa.verify(
        data, kind, trust_pem=root, no_default_trust=True, telemetry=False, online=False
    )
    return found["integrity"], found["trust"]["status"]


def frame(path: Path, number: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    with FilmFile(str(path), path.name) as film:
        found = film.at(number)
    assert found is not None
    return found


@pytest.mark.parametrize("format", ["mp4", "gif"])
def test_a_film_says_where_it_comes_from(
    folder: ProjectFolder, tmp_path: Path, format: protocol.ExportFormat
) -> None:
    path, writing = exported(mixed(folder, format=format), tmp_path)
    assert writing.wrong(path) is None
    read = report(path)
    assert (read.band, read.manifest.state, read.agree) == (True, "trusted", True)
    assert (read.manifest.entry, read.manifest.tag) == (ENTRY, TAG)
    assert read.source_type == SourceType.COMPOSITE.word
    data = path.read_bytes()
    assert second_opinion(data, format) == ("valid", "valid_for_supplied_material")
    # A changed byte shows.
    changed = bytearray(data)
    changed[len(data) * 2 // 3] ^= 1
    path.write_bytes(changed)
    assert writing.wrong(path)
    assert report(path).manifest.state == "invalid"
    assert [file.name for file in tmp_path.iterdir() if file.name.endswith(".partial")] == []


@pytest.mark.parametrize("format", ["mp4", "gif"])
def test_one_temp_shot_among_very_many_is_found(
    folder: ProjectFolder, tmp_path: Path, format: protocol.ExportFormat
) -> None:
    shots = [
        a_shot(folder, place, "temp" if place == 17 else "empty", duration_ms=250) for place in range(40)
    ]
    path, _ = exported(source_of(folder, *shots, format=format, height=360), tmp_path)
    read = report(path)
    assert (read.band, read.agree) == (True, True)


def test_slate_and_band_are_on_temp_frames_whatever_was_chosen(folder: ProjectFolder, tmp_path: Path) -> None:
    source = mixed(folder, slate=False, captions=False)
    path, _ = exported(source, tmp_path)
    plan = film_of(source, 360).plan
    drawer = Drawer(plan)
    with_slate, without = frame(path, 5)[:18], frame(path, 17)[:18]
    strip = drawer.strip(plan.stills[0], 5)
    assert np.abs(with_slate.astype(int) - strip).mean() < 8
    assert wears_band(frame(path, 5))
    assert np.abs(without.astype(int) - drawer.strip(plan.stills[1], 17)).mean() > 50
    assert not wears_band(frame(path, 17))


def test_a_film_whose_temp_frames_lack_a_mark_is_not_passed(folder: ProjectFolder, tmp_path: Path) -> None:
    source = mixed(folder)
    film = film_of(source, 360)
    path, writing = exported(source, tmp_path)

    def wrong_of(**changes: Any) -> str:
        stills = tuple(
            replace(still, **changes) if still.cut.start == 0 else still for still in film.plan.stills
        )
        write_mp4(replace(film.plan, stills=stills), path, {}, None, quiet)
        return writing.wrong(path) or ""

    assert "band is missing on frame 1 (14A" in wrong_of(load=lambda: drawing(320, 180, 0))
    assert "slate is missing on frame 1 (14A" in wrong_of(slate=False)
    assert "manifest" in wrong_of()
    write_mp4(replace(film.plan, stills=film.plan.stills[:2]), path, {}, None, quiet)
    assert "24 frames" in (writing.wrong(path) or "")


def test_temp_words_of_a_caption_bring_a_band_to_a_persons_picture(
    folder: ProjectFolder, tmp_path: Path
) -> None:
    shot = a_shot(folder, 0, "drawn", dialogue="MARA: They wait until it is quiet.", duration_ms=1000)
    words = frozenset({shot.id})
    source = source_of(folder, shot, slate=False, temp_words=words)
    path, _ = exported(source, tmp_path)
    assert wears_band(frame(path, 3))
    film = film_of(source, 360)
    assert (film.temp_count, film.temp_times) == (1, ((0, 100),))
    assert "1 of 1 shots" in film.comment
    # Without the caption the words are not in the film, and it does not call itself temp.
    plain = film_of(source_of(folder, shot, captions=False, temp_words=words), 360)
    assert (plain.temp_count, plain.vouching.facts.is_temp) == (0, False)


@pytest.mark.parametrize("format", ["frames-png", "frames-jpeg"])
def test_each_shot_is_a_picture_that_says_where_it_comes_from(
    folder: ProjectFolder, tmp_path: Path, format: protocol.ExportFormat
) -> None:
    path, _ = exported(mixed(folder, format=format), tmp_path)
    end = ".png" if format == "frames-png" else ".jpg"
    names = sorted(file.name for file in path.iterdir())
    assert names == [
        *(f"000{place}_14{letter}{end}" for place, letter in ((1, "A"), (2, "B"), (3, "C"))),
        "SHA256SUMS",
    ]
    listed = dict(line.split("  ")[::-1] for line in (path / "SHA256SUMS").read_text().splitlines())
    assert listed[names[0]] == hashlib.sha256((path / names[0]).read_bytes()).hexdigest()
    temp, drawn = report(path / names[0]), report(path / names[1])
    assert (temp.band, temp.manifest.state, temp.manifest.entry) == (True, "trusted", 100)
    assert (drawn.band, drawn.manifest.state, drawn.source_type) == (False, "trusted", "humanEdits")
    with Image.open(path / names[2]) as blank:
        assert blank.size == (640, 360)


@pytest.mark.parametrize(("format", "rate"), [("frames-png", "29.97 DF"), ("frames-jpeg", "24")])
def test_a_sequence_has_a_file_for_every_frame_that_other_programs_read(
    folder: ProjectFolder,
    tmp_path: Path,
    format: protocol.ExportFormat,
    rate: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(captions, "_LONGEST_SECONDS", 0.2)
    said = a_shot(folder, 2, "drawn", dialogue="MARA: It listens.\nIDA: Does it?", duration_ms=700)
    shots = (a_shot(folder, 0, "temp", duration_ms=300), a_shot(folder, 1, "empty", duration_ms=200), said)
    source = source_of(
        folder, *shots, format=format, rate=rate, every_frame=True, temp_words=frozenset({said.id})
    )
    film = film_of(source, 360)
    plan, drawer = film.plan, Drawer(film.plan)
    path, writing = exported(source, tmp_path)
    end = ".png" if format == "frames-png" else ".jpg"
    names = sorted(file.name for file in path.iterdir() if file.name != "SHA256SUMS")
    assert names == [f"Larkspur.{place:04}{end}" for place in range(1, plan.frames + 1)]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", f"Larkspur.%04d{end}"]
    command += ["-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
    told = subprocess.run(command, cwd=path, capture_output=True, check=True)
    assert told.stderr == b""
    read = np.frombuffer(told.stdout, np.uint8).reshape(plan.frames, 360, 640, 3)
    for number, seen in enumerate(read):
        still, wanted = plan.at(number), drawer.frame(number)
        assert np.abs(seen.astype(int) - wanted).mean() < (0.01 if end == ".png" else 3)
        assert drawer.timecode_on(still, seen) == timecode(number, plan.rate)
        assert wears_band(seen) == still.banded_at(number)
    spoken, answer = plan.stills[2].captions
    assert spoken.end < answer.start < answer.end < plan.frames
    looks = [read[one, 180:] for one in (spoken.start, spoken.end, answer.start)]
    assert all(np.abs(one.astype(int) - other).mean() > 1 for one, other in pairwise(looks))
    temp, drawn, words, after = (
        report(path / names[number]) for number in (4, plan.stills[1].cut.start, spoken.start, spoken.end)
    )
    assert (temp.band, temp.manifest.state, temp.manifest.entry, temp.agree) == (True, "trusted", 100, True)
    assert temp.source_type == SourceType.GENERATED.word
    assert (drawn.band, drawn.manifest.state, drawn.agree) == (False, "trusted", True)
    # Words that are temp make temp frames of a person's picture, for as long as they are said.
    assert (words.band, words.source_type, words.agree) == (True, SourceType.COMPOSITE.word, True)
    assert (after.band, after.source_type, after.agree) == (False, "humanEdits", True)
    # A frame that stands in another's place, or is missing, is found.
    shutil.copy(path / names[3], path / names[0])
    assert "the slate says 00:00:00" in (writing.wrong(path) or "")
    (path / names[0]).unlink()
    assert f"holds {plan.frames - 1} pictures" in (writing.wrong(path) or "")


def test_frames_in_parts_are_what_they_are_as_a_whole() -> None:
    pixels = drawing(75, 61, 1).copy()
    for changing in (0, 13, 61):
        png, jpeg = png_in_parts(pixels, changing), jpeg_in_parts(pixels, changing)
        pixels[:changing, 20:40] ^= 0x5F
        with Image.open(io.BytesIO(png())) as image:
            image.verify()
        with Image.open(io.BytesIO(png())) as image:
            assert np.array_equal(np.asarray(image), pixels)
        with Image.open(io.BytesIO(jpeg())) as image:
            whole = Image.open(io.BytesIO(jpeg_in_parts(pixels, 0)()))
            assert np.array_equal(np.asarray(image), np.asarray(whole))


def test_a_sequence_for_which_there_is_no_room_is_not_begun(
    folder: ProjectFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = mixed(folder, format="frames-png", every_frame=True)
    free = [64_000_000 + 1_000_000]
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free[0]))
    with pytest.raises(
        Unavailable, match=r"room for 36 pictures: they take about 2 MB, and 1 MB are free"
    ) as no:
        exported(source, tmp_path)
    assert "JPEG, fewer scenes" in no.value.remedy
    assert not (tmp_path / "out").exists()
    # What might not fit as it is drawn does, compressed.
    free[0] += 2_000_000
    exported(source, tmp_path)


def test_a_disk_that_is_full_leaves_nothing_of_a_sequence(
    folder: ProjectFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="disk is full"):
        exported(mixed(folder, format="frames-jpeg", every_frame=True), tmp_path)
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
@pytest.mark.parametrize("format", ["mp4", "gif", "frames-jpeg"])
def test_exiftool_reads_source_type_and_ledger_entry(
    folder: ProjectFolder, tmp_path: Path, format: protocol.ExportFormat
) -> None:
    path, _ = exported(source_of(folder, a_shot(folder, 0, "temp"), format=format), tmp_path)
    file = path / "0001_14A.jpg" if path.is_dir() else path
    told = subprocess.run(["exiftool", "-j", "-n", str(file)], capture_output=True, check=True)
    found = json.loads(told.stdout)[0]
    assert "algorithmicmedia" in found["DigitalSourceType"].casefold()
    assert found["Entry"] == (100 if path.is_dir() else ENTRY)
    if format != "frames-jpeg":
        assert found["Comment"].startswith("TEMP. Not for delivery. 1 of 1 shots")


@pytest.mark.parametrize(
    ("format", "every_frame"), [*((one, False) for one in MAKERS), ("frames-jpeg", True)]
)
@pytest.mark.parametrize("share", [0.0, 0.5, 0.95])
def test_a_stopped_export_leaves_nothing(
    folder: ProjectFolder, tmp_path: Path, format: protocol.ExportFormat, every_frame: bool, share: float
) -> None:
    source = mixed(folder, format=format, every_frame=every_frame)
    told: list[float] = []

    def stop(done: float) -> None:
        told.append(done)
        if done >= share:
            raise Stopped

    writing = MAKERS[format](source, quiet)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(Stopped):
        stage_written(out / "film", out / "film", writing, stop)
    assert list(out.iterdir()) == []
    assert told == sorted(told)


def test_a_missing_picture_is_a_blank_and_a_damaged_one_is_named(
    folder: ProjectFolder, tmp_path: Path
) -> None:
    source = mixed(folder)
    shown = source.timeline.cuts[0].shot.panel.shown
    assert shown is not None
    file = folder.media(shown.sha256)
    assert file is not None
    whole = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Damaged, match="panel 14A cannot be read"):
        exported(source, tmp_path)
    # A picture in its place that wears no band is no temp picture that may leave.
    bare = folder.media(put(folder, drawing(320, 180, 0)).sha256)
    assert bare is not None
    file.write_bytes(bare.read_bytes())
    with pytest.raises(Damaged, match="panel 14A is temp, and the band"):
        exported(source, tmp_path)
    file.unlink()
    path, writing = exported(source, tmp_path)
    assert writing.warnings == (
        "The picture of panel 14A is missing from the project's media; a labelled blank is shown.",
    )
    assert not wears_band(frame(path, 3))


@pytest.mark.parametrize(
    ("aspect", "size"), [("2.39:1", (320, 180)), ("16:9", (180, 320)), ("9:16", (320, 180))]
)
def test_the_band_is_read_in_every_shape_of_picture_and_frame(
    aspect: str, size: tuple[int, int], tmp_path: Path
) -> None:
    folder = project(tmp_path, aspect)
    shot = a_shot(folder, 0, "temp", size_px=size, dialogue="MARA: Who is there?")
    path, _ = exported(source_of(folder, shot, format="mp4" if aspect == "16:9" else "gif"), tmp_path)
    assert report(path).band


def test_what_is_heard_goes_along_and_what_is_missing_is_said(folder: ProjectFolder, tmp_path: Path) -> None:
    source = mixed(folder)
    file = tmp_path / "tone.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 48_000, 0, "NONE", ""))
        sound.writeframes((np.sin(np.arange(96_000) / 20) * 9000).astype("<i2").tobytes())
    sha256 = folder.put_media(file.read_bytes(), ".wav")
    gone = sha256_of(b"gone")
    sounds = [
        Sound(sha256=one, name=name, samples=96_000, how="imported", temp=True)
        for one, name in ((sha256, "Tone"), (gone, "Rain"))
    ]
    clips = [
        Clip(id=ClipId(one.name), track=TrackId("tone"), sound=one.sha256, at=0, length=96_000)
        for one in sounds
    ]
    animatic = Animatic(tracks=FIRST_TRACKS, sounds=tuple(sounds), clips=tuple(clips))
    path, writing = exported(replace(source, animatic=animatic), tmp_path)
    assert writing.warnings == ("Sounds are missing from the project's media, and are silent: Rain.",)
    with av.open(str(path)) as film:
        heard = np.concatenate([one.to_ndarray() for one in film.decode(audio=0)], axis=1)
        assert "2 temp sounds are heard" in film.metadata["comment"]
    assert np.abs(heard).max() == pytest.approx(9000 / 32768, abs=0.03)
    # A film in which nothing is heard has no sound track.
    silent, _ = exported(replace(source, format="mp4"), tmp_path / "..")
    with av.open(str(silent)) as film:
        assert not film.streams.audio
    silent.unlink()


@pytest.mark.parametrize("name", ["film.mp4", "film.gif"])
def test_films_that_hold_no_frame_are_refused(name: str) -> None:
    heads = {
        "film.mp4": b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\xff\xff\xff\xffmoov" * 50,
        "film.gif": b"GIF89a\xff\xff\xff\xff\xf7\x00\x00" + b"\x2c\xff" * 500,
    }
    with pytest.raises(BadInput, match=r"no frame of it|damaged|larger than"):
        read_marks_of(heads[name], name, [], [])


def test_there_is_no_film_of_no_panels(folder: ProjectFolder) -> None:
    with pytest.raises(BadInput, match="no panels"):
        export_film.make_mp4(source_of(folder), quiet)
