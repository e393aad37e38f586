"""Final Cut Pro 7 XML, which Premiere, Resolve and Avid read as well.

The adapter of OTIO writes it; its traps are met here:

- It takes every 29.97 for drop-frame, in the timecode of the sequence and of each file.
- A clip has two `rate` elements where the format has one.
- It says that every file has sound, and a file that is missing pictures; a still then comes in with an empty
  sound track beside it. Which of a sound's channels a clip plays, it does not say.
- Markers of a track are lost, so ours hang on the sequence; a marker's comment is lost, a clip's comments and
  label have no place in OTIO: they are put in afterwards.
- The sequence has no frame size, and a relative path is not found: both are filled in.
- Two clips that are equal in everything but their place are written once, and the second is nothing but the
  first one's id: a sound that comes twice is then heard once. Each clip has an id of its own here.
- Sounds are laid by frames here, so each is put to the nearest one, with a gap that is as long as it says.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import PurePosixPath
from typing import Final
from xml.etree import ElementTree as ET

import opentimelineio as otio
from defusedxml.ElementTree import fromstring
from opentimelineio.opentime import RationalTime, TimeRange

from studio_assist.domain.timebase import FrameRate, frame_at_sample, timecode
from studio_assist.interchange.editorial.adapters import fcp
from studio_assist.interchange.editorial.cutting_list import (
    CuttingList,
    OutClip,
    OutFile,
    OutSound,
    OutTrack,
    described,
    marker_of,
    plain,
    shot_line,
    still_frames,
    whole,
)

#: Premiere's orange, the nearest that label colours have to amber.
_AMBER: Final = "Mango"


def write_fcp7(cut: CuttingList) -> bytes:
    """The edit as an xmeml file."""
    root = fromstring(fcp().write_to_string(_timeline_of(cut)))
    _mend(root, cut)
    ET.indent(root, " ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n' + ET.tostring(root, "utf-8") + b"\n"


def wrong_fcp7(data: bytes, cut: CuttingList) -> str | None:
    """What is not right about a file when the adapter reads it back, or None."""
    read = fcp().read_from_string(data.decode())
    if not isinstance(read, otio.schema.Timeline):
        return "it has no sequence"
    clips = [item for item in read.video_tracks()[0] if isinstance(item, otio.schema.Clip)]
    if [(clip.name, round(clip.duration().value)) for clip in clips] != [
        (plain(clip.shot.number), clip.frames) for clip in cut.clips
    ]:
        return "its clips are not the shots, or not as long"
    if len(read.tracks.markers) != len(cut.scenes):
        return "not every marker is there"
    marked = sum(
        any(marker.name.startswith("TEMP") for marker in clip.markers)
        for track in read.tracks
        for clip in track
        if isinstance(clip, otio.schema.Clip)
    )
    if marked != cut.temp_count:
        return "not everything temp is marked"
    timebase = data.partition(b"<timebase>")[2].partition(b"</timebase>")[0]
    if timebase != str(cut.rate.nominal).encode():
        return "it is at another rate"
    return None


def _timeline_of(cut: CuttingList) -> otio.schema.Timeline:
    rate = float(cut.rate.fps)
    timeline = otio.schema.Timeline(name=plain(cut.title), global_start_time=RationalTime(0, rate))
    pictures = otio.schema.Track(name="Boards", kind=otio.schema.TrackKind.Video)
    pictures.extend([_clip_of(clip, number, cut) for number, clip in enumerate(cut.clips, 1)])
    timeline.tracks.append(pictures)
    number = len(cut.clips) + 1
    for track in cut.tracks:
        timeline.tracks.append(_track_of(track, number, cut.rate))
        number += len(track.sounds)
    for scene in cut.scenes:
        at = TimeRange(RationalTime(scene.frame, rate), RationalTime(0, rate))
        timeline.tracks.markers.append(otio.schema.Marker(name=plain(marker_of(scene)), marked_range=at))
    return timeline


def _clip_of(clip: OutClip, number: int, cut: CuttingList) -> otio.schema.Clip:
    rate = float(cut.rate.fps)
    available = TimeRange(RationalTime(0, rate), RationalTime(still_frames(clip, cut.rate), rate))
    return otio.schema.Clip(
        name=plain(clip.shot.number),
        media_reference=_reference(clip.file, f"{clip.shot.number} {clip.blank}", available),
        source_range=TimeRange(RationalTime(0, rate), RationalTime(clip.frames, rate)),
        markers=[_marker(words, 0, cut.rate) for words in clip.temp],
        metadata={"fcp_xml": {"@id": f"clipitem-{number}", **_said(clip, cut)}},
    )


def _said(clip: OutClip, cut: CuttingList) -> dict[str, object]:
    """What the adapter copies into the clip: label, comments, and what its log says of the shot."""
    shot = clip.shot
    lines = [words for _name, words in described(shot)]
    comments = {"mastercomment1": shot_line(shot), "mastercomment2": "; ".join(clip.temp)}
    comments["mastercomment3"] = whole(shot.notes)
    comments["clipcommenta"] = plain(cut.said)
    said: dict[str, object] = {
        "stillframe": "TRUE",
        "comments": {name: words for name, words in comments.items() if words},
        "logginginfo": {
            "scene": plain(shot.scene),
            "shottake": plain(shot.number),
            "description": whole("\n".join(lines)),
            "lognote": clip.blank or f"{shot.size.value} {shot.lens_mm}mm",
        },
    }
    if clip.temp:
        said["labels"] = {"label2": _AMBER}
    return said


def _track_of(track: OutTrack, number: int, rate: FrameRate) -> otio.schema.Track:
    fps = float(rate.fps)
    made = otio.schema.Track(name=plain(track.name), kind=otio.schema.TrackKind.Audio)
    at = 0
    items: list[otio.core.Item] = []
    for count, sound in enumerate(track.sounds, number):
        begin, start, frames = sound.frames(rate)
        # Two sounds that meet within a frame: the second begins with the next.
        late = max(0, at - begin)
        begin, start, frames = begin + late, start + late, max(1, frames - late)
        if begin > at:
            items.append(otio.schema.Gap(duration=RationalTime(begin - at, fps)))
        items.append(_sound_of(sound, count, start, frames, rate))
        at = begin + frames
    made.extend(items)
    if not track.heard:
        made.metadata["fcp_xml"] = {"enabled": "FALSE"}
    return made


def _sound_of(sound: OutSound, number: int, start: int, frames: int, rate: FrameRate) -> otio.schema.Clip:
    fps = float(rate.fps)
    longest = max(start + frames, frame_at_sample(sound.whole, rate))
    available = TimeRange(RationalTime(0, fps), RationalTime(longest, fps))
    said: dict[str, object] = {"@id": f"clipitem-{number}"}
    if sound.temp:
        said["comments"] = {"mastercomment2": sound.temp}
        said["labels"] = {"label2": _AMBER}
    return otio.schema.Clip(
        name=plain(sound.name),
        media_reference=_reference(sound.file, sound.name, available),
        source_range=TimeRange(RationalTime(start, fps), RationalTime(frames, fps)),
        markers=[_marker(sound.temp, start, rate)] if sound.temp else [],
        metadata={"fcp_xml": said},
    )


def _marker(words: str, frame: int, rate: FrameRate) -> otio.schema.Marker:
    fps = float(rate.fps)
    at = TimeRange(RationalTime(frame, fps), RationalTime(0, fps))
    return otio.schema.Marker(name=plain(words), marked_range=at)


def _reference(file: OutFile | None, name: str, available: TimeRange) -> otio.core.MediaReference:
    if file is None:
        missing = otio.schema.MissingReference(available_range=available)
        missing.name = plain(name)
        return missing
    url = file.path.as_uri().replace("file:///", "file://localhost/", 1)
    reference = otio.schema.ExternalReference(target_url=url, available_range=available)
    reference.name = PurePosixPath(file.relative).name
    return reference


# What the adapter leaves undone -------------------------------------------------------------------------


def _mend(root: ET.Element, cut: CuttingList) -> None:
    counts = "DF" if cut.rate.drop else "NDF"
    for code in root.iter("timecode"):
        frame = code.find("frame")
        shown = timecode(int((frame.text if frame is not None else "") or 0), cut.rate)
        _put(code, "string", shown)
        _put(code, "displayformat", counts)
    for item in root.iter("clipitem"):
        for extra in item.findall("rate")[1:]:
            item.remove(extra)
    for kind, other in (("video", "audio"), ("audio", "video")):
        for item in root.iterfind(f".//{kind}/track/clipitem"):
            _plays(item, kind, other)
    for marker in root.iter("marker"):
        # What stands at a point of time has no end in this format.
        _put(marker, "out", "-1")
    for sequence in root.iter("sequence"):
        _size(sequence, cut)
        said = ET.SubElement(sequence, "comments")
        ET.SubElement(said, "mastercomment1").text = plain(cut.said)


def _plays(item: ET.Element, kind: str, other: str) -> None:
    """Say that a clip's file has pictures alone, or sound alone."""
    held = item.find("file/media")
    if held is not None:
        for wrong in held.findall(other):
            held.remove(wrong)
        if held.find(kind) is None:
            ET.SubElement(held, kind)
    if kind == "audio":
        source = ET.SubElement(item, "sourcetrack")
        ET.SubElement(source, "mediatype").text = kind
        ET.SubElement(source, "trackindex").text = "1"


def _size(sequence: ET.Element, cut: CuttingList) -> None:
    form = sequence.find("media/video/format")
    rate = sequence.find("rate")
    if form is None or rate is None:
        return
    marks = ET.SubElement(form, "samplecharacteristics")
    marks.append(deepcopy(rate))
    ET.SubElement(marks, "width").text = str(cut.width)
    ET.SubElement(marks, "height").text = str(cut.height)
    ET.SubElement(marks, "pixelaspectratio").text = "square"
    ET.SubElement(marks, "fielddominance").text = "none"


def _put(parent: ET.Element, tag: str, text: str) -> None:
    found = parent.find(tag)
    (ET.SubElement(parent, tag) if found is None else found).text = text
