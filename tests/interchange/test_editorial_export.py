"""What the broker hands to editorial: every panel as it may go out, every mark, every sound in its place."""

from __future__ import annotations

from pathlib import Path

import opentimelineio as otio
import pytest

from studio_assist import protocol
from studio_assist.broker.export_editorial import (
    cutting_list,
    make_edl,
    make_fcp7xml,
    make_fcpxml,
    make_otio,
)
from studio_assist.broker.export_files import Made, Stopped
from studio_assist.broker.export_source import Source
from studio_assist.domain.animatic import FIRST_TRACKS, Animatic, Clip, ClipId, Sound, TrackId
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.values import EntryNumber
from studio_assist.interchange.editorial.reading import read
from tests.broker.film_work import a_shot, project, source_of

MAKERS = (make_otio, make_edl, make_fcp7xml, make_fcpxml)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """Five shots of 12 frames, one of each kind; a take on the second, and music under and beyond them all."""
    folder = project(tmp_path)
    kinds = ("temp", "empty", "empty", "drawn", "drawn")
    shots = [a_shot(folder, place, kind) for place, kind in enumerate(kinds)]
    gone = shots[4].panel.shown
    assert gone is not None
    file = folder.media(gone.sha256)
    assert file is not None
    # The two drawings differ, so that the other one's file stays.
    file.unlink()
    wave = folder.put_media(b"RIFF", ".wav")
    music = Sound(sha256=wave, name="Piano", samples=480_000, how="imported", temp=True, entry=EntryNumber(7))
    take = Sound(sha256="e" * 64, name="Take 1", samples=48_000, how="recorded", temp=False)
    track = TrackId("music")
    clips = (
        Clip(id=ClipId("a"), track=track, sound=wave, at=-24_000, length=480_000),
        Clip(id=ClipId("b"), track=track, sound=wave, at=48_000, length=24_000),
        Clip(
            id=ClipId("c"),
            track=TrackId("dialogue"),
            sound="e" * 64,
            shot=shots[1].id,
            at=4_800,
            length=24_000,
        ),
    )
    return source_of(
        folder,
        *shots,
        undecided=frozenset({shots[2].id}),
        temp_words=frozenset({shots[3].id}),
        animatic=Animatic(tracks=FIRST_TRACKS, clips=clips, sounds=(music, take)),
    )


def made_of(maker, source: Source) -> Made:
    shares: list[float] = []
    made = maker(source, shares.append)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    return made


def test_blanks_marks_and_sounds_are_what_the_project_has(source: Source):
    cut = cutting_list(source, lambda _share: None)
    assert [(clip.shows, clip.blank) for clip in cut.clips] == [
        ("temp", ""),
        ("empty", "Empty"),
        ("undecided", "Undecided"),
        ("drawn", ""),
        ("missing", "Picture missing"),
    ]
    assert cut.clips[0].file is not None
    assert cut.clips[0].shot.panel.shown is not None
    # What goes out has the band in its pixels.
    assert cut.clips[0].file.sha256 == cut.clips[0].shot.panel.shown.sha256
    assert [clip.temp for clip in cut.clips] == [
        ("TEMP AI, not for delivery, entry 100",),
        (),
        (),
        ("TEMP AI text, not for delivery, entry 1281",),
        (),
    ]
    # Sounds that overlap are on two tracks; what lies outside the pictures is cut off.
    assert [(track.name, len(track.sounds)) for track in cut.tracks] == [
        ("Scratch dialogue", 1),
        ("Music", 1),
        ("Music 2", 1),
    ]
    voice, music, second = (track.sounds[0] for track in cut.tracks)
    assert (music.at, music.start, music.length) == (0, 24_000, 120_000)
    assert (voice.at, voice.file, voice.temp) == (28_800, None, "")
    assert (second.at, second.temp) == (48_000, "TEMP SOUND, not for delivery, entry 7")


@pytest.mark.parametrize("maker", MAKERS)
def test_every_format_is_right_when_it_is_read_back_and_says_what_is_temp(
    source: Source, maker, tmp_path: Path
):
    made = made_of(maker, source)
    assert made.wrong(made.data) is None
    assert made.wrong(made.data.replace(b"TEMP", b"GOOD")) is not None
    assert any("Files are missing: 1 pictures and 1 sounds" in said for said in made.warnings)
    file = tmp_path / "back"
    file.write_bytes(made.data)
    back = read(file)
    assert [(clip.shot, clip.frames) for clip in back.clips] == [
        (ShotId(f"{place:012x}"), 12) for place in range(5)
    ]
    # No mark of ours comes back as a note of an editor's.
    assert {clip.note for clip in back.clips} == {""}


def test_otio_names_files_by_their_place_in_the_project_unless_told_to_name_all_of_it(source: Source):
    def urls(made: Made) -> list[str]:
        timeline = otio.core.deserialize_json_from_string(made.data.decode())
        references = (clip.media_reference for clip in timeline.video_tracks()[0])
        return [one.target_url for one in references if isinstance(one, otio.schema.ExternalReference)]

    assert all(url.startswith("media/") for url in urls(made_of(make_otio, source)))
    options = source.options.model_copy(update={"absolute_paths": True})
    whole = urls(made_of(make_otio, Source(**{**vars(source), "options": options})))
    assert len(whole) == 2
    assert all(url.startswith("file:///") and url.endswith(".png") for url in whole)
    assert isinstance(options, protocol.ExportOptions)


@pytest.mark.parametrize("maker", MAKERS)
def test_an_export_that_is_stopped_stops(source: Source, maker):
    def stop(share: float) -> None:
        if share >= 0.5:
            raise Stopped

    with pytest.raises(Stopped):
        maker(source, stop)
