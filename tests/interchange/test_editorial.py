"""Boards to editorial and back, at every rate and in every format; and the traps of the adapters on the way."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.conform import changes
from studio_assist.domain.errors import BadInput
from studio_assist.domain.storyboard import Shot
from studio_assist.domain.timebase import RATES, FrameRate, ms_of, rate_named, timecode
from studio_assist.domain.timeline import Timeline
from studio_assist.interchange.editorial.adapters import edl, fcp
from studio_assist.interchange.editorial.cutting_list import KEY, CuttingList, OutSound, OutTrack
from studio_assist.interchange.editorial.edl_out import edl_rate, reels_of, write_edl, wrong_edl
from studio_assist.interchange.editorial.fcp7_out import write_fcp7, wrong_fcp7
from studio_assist.interchange.editorial.fcpxml_out import time_of, write_fcpxml, wrong_fcpxml
from studio_assist.interchange.editorial.otio_out import timeline_of, write_otio, wrong_otio
from studio_assist.interchange.editorial.reading import read
from tests.interchange.editorial_samples import cut_of, file_of, shot

WRITERS = {
    "otio": (write_otio, wrong_otio),
    "edl": (write_edl, wrong_edl),
    "fcp7xml": (write_fcp7, wrong_fcp7),
    "fcpxml": (write_fcpxml, wrong_fcpxml),
}
NAMED = pytest.mark.parametrize("format", WRITERS)
AT_ALL = pytest.mark.parametrize("rate", RATES, ids=lambda rate: rate.name)
WORDS = "Übel & <Föhre>\n[Взгляд] “q”\x0b 日本"


def six(rate: FrameRate, **more: object) -> CuttingList:
    return cut_of(tuple(shot(count, ms=1500 + 411 * count, **more) for count in range(6)), rate)


@st.composite
def boards(draw: st.DrawFn) -> tuple[tuple[Shot, ...], FrameRate]:
    rate = draw(st.sampled_from(RATES))
    lengths = draw(st.lists(st.integers(1, 4000), min_size=1, max_size=6))
    words = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
    made = [
        shot(count, ms=ms_of(min(frames, int(rate.fps * 600)), rate), notes=draw(words), action=draw(words))
        for count, frames in enumerate(lengths)
    ]
    return tuple(made), rate


@NAMED
def test_a_board_that_goes_out_and_comes_back_is_the_same_board(format: str, tmp_path: Path):
    write, wrong = WRITERS[format]
    file = tmp_path / "edit"

    @given(boards())
    @settings(max_examples=15, deadline=None)
    def there_and_back(made: tuple[tuple[Shot, ...], FrameRate]) -> None:
        shots, rate = made
        cut = cut_of(shots, rate)
        data = write(cut)
        assert wrong(data, cut) is None
        file.write_bytes(data)
        back = read(file)
        assert (back.format, back.rate) == (format, rate)
        assert [(one.shot, one.frames, one.skipped) for one in back.clips] == [
            (one.shot.id, one.frames, 0) for one in cut.clips
        ]
        assert back.report == ()
        assert changes(shots, Timeline.of(shots, rate), back) == ()

    there_and_back()


@NAMED
def test_what_was_tampered_with_between_writing_and_reading_back_is_noticed(format: str):
    write, wrong = WRITERS[format]
    cut = six(rate_named("24"), notes=WORDS)
    data = write(cut)
    assert wrong(data, cut) is None
    assert b"TEMP AI" in data
    assert wrong(data.replace(b"TEMP AI", b"FINAL  "), cut) is not None
    assert wrong(data.replace(b"14C", b"14X"), cut) is not None


def test_otio_holds_what_a_shot_is_where_its_picture_is_and_every_mark():
    cut = six(rate_named("23.976"), notes="Look.", action="Runs.")
    read_back = otio.core.deserialize_json_from_string(write_otio(cut).decode())
    assert read_back.is_equivalent_to(timeline_of(cut))
    first, blank = read_back.video_tracks()[0][0], read_back.video_tracks()[0][1]
    assert first.source_range.duration.rate == 24_000 / 1001
    own = first.metadata[KEY]
    assert (own["shot"], own["scene"], own["size"], own["lens_mm"]) == ("000000000000", "14", "MS", 35)
    assert (own["state"], own["entry"], own["record"]) == ("temp", 100, "a1b2c3d4e5f60718")
    assert own["temp"] == "TEMP AI, not for delivery, entry 100"
    assert (first.markers[0].name, first.markers[0].color) == (own["temp"], "YELLOW")
    assert [one.comment for one in first.markers if one.color == "GREEN"] == ["Runs.", "Look."]
    assert first.media_reference.target_url == f"media/00/{0:064x}.png"
    assert isinstance(blank.media_reference, otio.schema.MissingReference)
    assert blank.media_reference.name == "14B Empty"
    assert [one.name for one in read_back.video_tracks()[0].markers] == ["Scene 14", "Scene 15"]
    voice, music = read_back.audio_tracks()
    # To the sample, though counted in frames: other adapters cannot do with a rate of 48,000.
    assert round(voice[0].duration().to_seconds() * 48_000, 3) == 24_000
    assert round(voice[1].source_range.start_time.to_seconds() * 48_000, 3) == 480
    assert "<xmeml" in fcp().write_to_string(read_back)
    assert not music.enabled
    assert [one.markers[0].name for one in music if isinstance(one, otio.schema.Clip)] == [
        "TEMP SOUND, not for delivery, entry 77"
    ] * 2
    # The whole of it ends where the pictures do, to the sample.
    assert abs(music.duration().to_seconds() - read_back.video_tracks()[0].duration().to_seconds()) < 1e-4


# Edit lists ---------------------------------------------------------------------------------------------


@AT_ALL
def test_a_list_counts_as_its_timecode_does_and_says_how(rate: FrameRate):
    text = write_edl(six(rate)).decode("ascii")
    # The adapter counts every 29.97 as drop-frame, and writes no FCM line.
    assert f"\r\nFCM: {'DROP FRAME' if rate.drop else 'NON-DROP FRAME'}\r\n" in text
    marks = re.findall(r"^\d{3} .* (\S+) (\S+) *\r?$", text, re.MULTILINE)
    timeline = six(rate).clips
    assert marks == [
        (timecode(clip.start, rate), timecode(clip.start + clip.frames, rate)) for clip in timeline
    ]
    # The adapter of OTIO reads it at the rate that is meant, with every marker, the last one too.
    body = text.partition("\r\n\r\n")[2]
    track = edl().read_from_string(body, rate=edl_rate(rate)).tracks[0]
    assert [round(clip.duration().value) for clip in track] == [clip.frames for clip in timeline]
    assert text.count("* LOC: ") == 2 + 2
    if not rate.drop:
        assert sum(len(clip.markers) for clip in track) == 2 + 2


def test_names_that_a_list_cannot_hold_are_written_so_that_it_can(tmp_path: Path):
    numbers = (
        "14A\r\n002  EVIL V C 00:00:00:00",
        "Ünter dem sehr langen Namen einer Einstellung A",
        "Ünter dem sehr langen Namen einer Einstellung B",
        "Взгляд",
        "AX",
    )
    shots = tuple(shot(count, number) for count, number in enumerate(numbers))
    cut = cut_of(shots, rate_named("25"), sounds=False, title="Ферри\nTITLE: x")
    data = write_edl(cut)
    text = data.decode("ascii")
    assert wrong_edl(data, cut) is None
    events = re.findall(r"^(\d{3})  (.{8}) V     C", text, re.MULTILINE)
    assert [number for number, _reel in events] == ["001", "002", "003", "004", "005"]
    reels = [reel.strip() for _number, reel in events]
    assert len(set(reels)) == 5
    assert all(re.fullmatch(r"[A-Z0-9]{1,8}", reel) and reel not in ("AX", "BL") for reel in reels)
    names = re.findall(r"^\* FROM CLIP NAME:  (.*)\r$", text, re.MULTILINE)
    assert len(names) == 5
    assert all(len(name) <= 32 for name in names)
    assert max(map(len, text.splitlines())) < 100
    # Though two names are cut to one, the shots are found by what is said of each.
    file = tmp_path / "x.edl"
    file.write_bytes(data)
    assert [one.shot for one in read(file).clips] == [one.id for one in shots]


def test_more_events_than_the_format_counts_are_numbered_on_and_the_head_says_so():
    cut = cut_of(tuple(shot(count, f"S{count}") for count in range(1001)), rate_named("24"), sounds=False)
    text = write_edl(cut).decode("ascii")
    assert "1001 events; systems that count to 999 stop there." in text
    assert re.search(r"^1001  S1000", text, re.MULTILINE)
    assert len(set(reels_of(cut))) == 1001
    long = cut_of(tuple(shot(count, ms=600_000) for count in range(145)), rate_named("24"), sounds=False)
    with pytest.raises(BadInput, match="longer than 24 hours"):
        write_edl(long)


# XML ----------------------------------------------------------------------------------------------------


@AT_ALL
def test_final_cut_pro_7_gets_the_rate_the_marks_and_the_sizes_that_the_adapter_does_not_write(
    rate: FrameRate,
):
    cut = six(rate, notes=WORDS)
    root = ET.fromstring(write_fcp7(cut))
    sequence = root.find("project/children/sequence")
    assert sequence is not None
    ntsc = "FALSE" if rate.den == 1 else "TRUE"
    rates = {(one.findtext("timebase"), one.findtext("ntsc")) for one in root.iter("rate")}
    assert rates == {(str(rate.nominal), ntsc)}
    # It takes every 29.97 for drop-frame.
    shown = "DF" if rate.drop else "NDF"
    assert {one.findtext("displayformat") for one in root.iter("timecode")} == {shown}
    assert {one.findtext("string") for one in root.iter("timecode")} == {timecode(0, rate)}
    assert sequence.findtext("media/video/format/samplecharacteristics/width") == "1920"
    assert sequence.findtext("duration") == str(cut.frames)
    assert [one.findtext("name") for one in sequence.findall("marker")] == ["Scene 14", "Scene 15"]
    pictures = sequence.findall("media/video/track/clipitem")
    assert all(len(one.findall("rate")) == 1 for one in root.iter("clipitem"))
    assert not root.findall(".//video/track/clipitem/file/media/audio")
    assert not root.findall(".//audio/track/clipitem/file/media/video")
    labels = [one.findtext("labels/label2") for one in pictures]
    assert labels == ["Mango", None, None] * 2
    assert pictures[0].findtext("comments/mastercomment2") == "TEMP AI, not for delivery, entry 100"
    assert (pictures[0].findtext("file/pathurl") or "").startswith(
        "file://localhost/films/Ferry%20%C3%A9.studio/media/"
    )
    assert pictures[1].find("file/pathurl") is None
    # The adapter reads all of it back.
    back = fcp().read_from_string(write_fcp7(cut).decode())
    assert len(back.tracks.markers) == 2


def test_a_sound_that_comes_twice_is_there_twice():
    cut = six(rate_named("24"))
    tone = OutSound("Tone", 0, 0, 20_000, 48_000, 1, 0.0, file_of("d" * 64, ".wav"))
    again = replace(tone, at=60_000)
    cut = replace(cut, tracks=(OutTrack("Tone", "tone", 0.0, True, (tone, again)),))
    assert wrong_fcp7(write_fcp7(cut), cut) is None
    root = ET.fromstring(write_fcp7(cut))
    heard = root.findall(".//audio/track/clipitem")
    # The adapter writes nothing but the first one's id for the second.
    assert [(one.findtext("start"), one.findtext("end")) for one in heard] == [("0", "10"), ("30", "40")]
    assert len({one.get("id") for one in root.iter("clipitem")}) == 8
    tones = ET.fromstring(write_fcpxml(cut)).findall(".//asset-clip")
    assert len(tones) == 2


@AT_ALL
def test_fcpxml_counts_in_whole_frames_of_the_exact_rate(rate: FrameRate):
    cut = six(rate, notes=WORDS)
    root = ET.fromstring(write_fcpxml(cut))
    frame = Fraction(rate.den, rate.num)
    form = root.find("resources/format")
    assert form is not None
    assert time_of(form.get("frameDuration")) == frame
    assert rate.name != "23.976" or form.get("frameDuration") == "1001/24000s"
    for item in root.iterfind(".//spine//*"):
        for name in ("offset", "duration", "start"):
            assert (time_of(item.get(name)) / frame).denominator == 1
    spine = root.find(".//spine")
    assert spine is not None
    assert [item.tag for item in spine] == ["video", "gap", "video"] * 2
    assert [item.find("title") is not None for item in spine] == [True, False, False] * 2
    # What is asked for by the DTD: note, then what hangs on the clip, then markers.
    assert [part.tag for part in spine[0]] == [
        "note",
        "title",
        "asset-clip",
        "asset-clip",
        "marker",
        "marker",
    ]
    stills = [one for one in root.iterfind("resources/asset") if one.get("hasVideo")]
    assert {one.get("duration") for one in stills} == {"0s"}


def test_no_plugin_hook_or_manifest_of_the_machine_is_ever_loaded(tmp_path: Path, monkeypatch):
    evil = tmp_path / "evil.py"
    evil.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n", encoding="utf-8")
    named = {"name": "otio_json", "filepath": str(evil), "suffixes": ["otio", "edl", "xml"]}
    hook = {"OTIO_SCHEMA": "HookScript.1", "name": "evil", "filepath": str(evil)}
    manifest = {
        "OTIO_SCHEMA": "PluginManifest.1",
        "adapters": [
            {"OTIO_SCHEMA": "Adapter.1", **named},
            {"OTIO_SCHEMA": "Adapter.1", **named, "name": "cmx_3600"},
        ],
        "schemadefs": [{"OTIO_SCHEMA": "SchemaDef.1", "name": "evil", "filepath": str(evil)}],
        "hook_scripts": [hook],
        "hooks": {"post_adapter_read": ["evil"], "pre_adapter_write": ["evil"]},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    monkeypatch.setenv("OTIO_PLUGIN_MANIFEST_PATH", str(tmp_path / "manifest.json"))
    monkeypatch.setenv("OTIO_DEFAULT_MEDIA_LINKER", "evil")
    monkeypatch.setenv("OTIO_DEFAULT_TARGET_VERSION_FAMILY_LABEL", "evil:1")
    monkeypatch.setattr(otio.plugins.manifest, "_MANIFEST", None)
    cut = six(rate_named("24"))
    for write, wrong in WRITERS.values():
        file = tmp_path / "edit"
        data = write(cut)
        file.write_bytes(data)
        assert wrong(data, cut) is None
        assert len(read(file).clips) == 6
    assert not (tmp_path / "ran").exists()
    assert otio.plugins.manifest._MANIFEST is None
