"""OpenTimelineIO: pictures, sounds, markers and what every clip is, for any editing system.

Pictures are whole frames at the exact rate. Sounds are counted at that rate too, in parts of a frame, exact
to the sample: a rate of 48,000 is right in OTIO, and the adapters to other formats give up on it. OTIO ends a
text at its first NUL, so texts go out without signs that nobody can see.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from studio_assist.domain.timebase import SAMPLE_RATE, FrameRate
from studio_assist.interchange.editorial.cutting_list import (
    KEY,
    CuttingList,
    OutClip,
    OutFile,
    OutSound,
    OutTrack,
    described,
    marker_of,
    plain,
    still_frames,
    whole,
)

_VERSION = 1


def write_otio(cut: CuttingList) -> bytes:
    """The edit as an .otio file."""
    return otio.core.serialize_json_to_string(timeline_of(cut), {}, 2).encode()


def wrong_otio(data: bytes, cut: CuttingList) -> str | None:
    """What is not right about a file when OTIO's own library reads it back, or None."""
    read = otio.core.deserialize_json_from_string(data.decode())
    if not isinstance(read, otio.schema.Timeline):
        return "it is no timeline"
    if not read.is_equivalent_to(timeline_of(cut)):
        return "it does not say what was written"
    found = [
        (item.name, int(item.duration().value)) for item in read.video_tracks()[0] if item.duration().value
    ]
    if found != [(plain(clip.shot.number), clip.frames) for clip in cut.clips]:
        return "its clips are not the shots, or not as long"
    marked = sum(
        bool(clip.metadata[KEY].get("temp"))
        for track in read.tracks
        for clip in track
        if isinstance(clip, otio.schema.Clip)
    )
    if marked != cut.temp_count:
        return "not everything temp is marked"
    return None


def timeline_of(cut: CuttingList) -> otio.schema.Timeline:
    """The edit as OTIO's objects."""
    rate = float(cut.rate.fps)
    timeline = otio.schema.Timeline(name=plain(cut.title), global_start_time=RationalTime(0, rate))
    timeline.metadata[KEY] = {
        "version": _VERSION,
        "title": plain(cut.title),
        "rate": rate_text(cut.rate),
        "record": cut.tag,
        "entry": cut.entry,
        "temp": cut.temp_count,
        "said": cut.said,
        "shots": [str(clip.shot.id) for clip in cut.clips],
    }
    pictures = otio.schema.Track(name="Boards", kind=otio.schema.TrackKind.Video)
    # Lists are filled before they are given away: OTIO looks every child over whenever one is added.
    pictures.extend([_clip_of(clip, cut) for clip in cut.clips])
    for scene in cut.scenes:
        start = TimeRange(RationalTime(scene.frame, rate), RationalTime(1, rate))
        pictures.markers.append(
            otio.schema.Marker(
                name=plain(marker_of(scene)),
                marked_range=start,
                color=otio.schema.MarkerColor.CYAN,
                metadata={KEY: {"kind": "scene", "scene": plain(scene.number)}},
            )
        )
    timeline.tracks.append(pictures)
    for track in cut.tracks:
        timeline.tracks.append(_track_of(track, cut))
    return timeline


def rate_text(rate: FrameRate) -> str:
    """A rate as "24000/1001", with what timecode counts it."""
    return f"{rate.num}/{rate.den}{' DF' if rate.drop else ''}"


def marker(words: str, start: RationalTime, kind: str, colour: str, comment: str = "") -> otio.schema.Marker:
    """A marker of one frame, or sample."""
    made = otio.schema.Marker(
        name=words,
        marked_range=TimeRange(start, RationalTime(1, start.rate)),
        color=colour,
        metadata={KEY: {"kind": kind}},
    )
    made.comment = whole(comment)
    return made


def _clip_of(clip: OutClip, cut: CuttingList) -> otio.schema.Clip:
    rate = float(cut.rate.fps)
    start = RationalTime(0, rate)
    shot, panel = clip.shot, clip.shot.panel
    markers = [marker(words, start, "temp", otio.schema.MarkerColor.YELLOW) for words in clip.temp]
    if clip.blank:
        markers.append(marker(clip.blank, start, "blank", otio.schema.MarkerColor.WHITE))
    for name, words in described(shot):
        markers.append(marker(name, start, "note", otio.schema.MarkerColor.GREEN, words))
    return otio.schema.Clip(
        name=plain(shot.number),
        media_reference=_picture_of(clip, cut),
        source_range=TimeRange(start, RationalTime(clip.frames, rate)),
        markers=markers,
        metadata={
            KEY: {
                "shot": str(shot.id),
                "scene": plain(shot.scene),
                "title": plain(shot.title),
                "size": shot.size.value,
                "angle": shot.angle.value,
                "lens_mm": shot.lens_mm,
                "movement": shot.movement.value,
                "duration_ms": shot.duration_ms,
                "state": panel.state,
                "shows": clip.shows,
                "temp": "; ".join(clip.temp),
                "entry": panel.entry or 0,
                "made_by": plain(panel.made_by),
                "action": whole(shot.action),
                "dialogue": whole(shot.dialogue),
                "notes": whole(shot.notes),
                "project": plain(cut.title),
                "record": cut.tag,
            }
        },
    )


def _picture_of(clip: OutClip, cut: CuttingList) -> otio.core.MediaReference:
    rate = float(cut.rate.fps)
    frames = RationalTime(still_frames(clip, cut.rate), rate)
    available = TimeRange(RationalTime(0, rate), frames)
    if clip.file is None or clip.picture is None:
        missing = otio.schema.MissingReference(available_range=available)
        missing.name = plain(f"{clip.shot.number} {clip.blank}")
        return missing
    reference = otio.schema.ExternalReference(
        target_url=url_of(clip.file, absolute=cut.absolute),
        available_range=available,
        metadata={
            KEY: {
                "sha256": clip.file.sha256,
                "width": clip.picture.width,
                "height": clip.picture.height,
                "temp": "; ".join(clip.temp),
            }
        },
    )
    reference.name = PurePosixPath(clip.file.relative).name
    return reference


def _track_of(track: OutTrack, cut: CuttingList) -> otio.schema.Track:
    made = otio.schema.Track(
        name=plain(track.name),
        kind=otio.schema.TrackKind.Audio,
        metadata={KEY: {"kind": track.kind, "gain_db": track.gain_db}},
    )
    made.enabled = track.heard
    made.extend(list(_with_gaps(track, cut)))
    return made


def _with_gaps(track: OutTrack, cut: CuttingList) -> Iterator[otio.core.Item]:
    at = 0
    for sound in track.sounds:
        if sound.at > at:
            yield otio.schema.Gap(duration=_sounding(sound.at - at, cut.rate))
        at = sound.at + sound.length
        yield _sound_of(sound, cut)


def _sound_of(sound: OutSound, cut: CuttingList) -> otio.schema.Clip:
    start = _sounding(sound.start, cut.rate)
    available = TimeRange(_sounding(0, cut.rate), _sounding(sound.whole, cut.rate))
    said = {
        "kind": "sound",
        "gain_db": sound.gain_db,
        "temp": sound.temp,
        "entry": sound.entry or 0,
        "lost": sound.lost,
    }
    if sound.file is None:
        reference: otio.core.MediaReference = otio.schema.MissingReference(available_range=available)
        reference.name = plain(f"{sound.name} is missing")
    else:
        reference = otio.schema.ExternalReference(
            target_url=url_of(sound.file, absolute=cut.absolute),
            available_range=available,
            metadata={KEY: {"sha256": sound.file.sha256, "channels": sound.channels, "temp": sound.temp}},
        )
        reference.name = plain(sound.name)
    markers = [marker(sound.temp, start, "temp", otio.schema.MarkerColor.YELLOW)] if sound.temp else []
    return otio.schema.Clip(
        name=plain(sound.name),
        media_reference=reference,
        source_range=TimeRange(start, _sounding(sound.length, cut.rate)),
        markers=markers,
        metadata={KEY: said},
    )


def _sounding(samples: int, rate: FrameRate) -> RationalTime:
    """Samples in frames of the edit."""
    return RationalTime(float(samples * rate.fps / SAMPLE_RATE), float(rate.fps))


def url_of(file: OutFile, *, absolute: bool) -> str:
    """How a file is named: out of the project's folder, or as a file URL with its whole path."""
    return file.path.as_uri() if absolute else file.relative
