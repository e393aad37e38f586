"""CMX 3600 edit lists: one picture track, plain ASCII, timecode and no rate.

The adapter of OTIO writes the events; its traps are met here:

- It counts every 29.97 and 59.94 as drop-frame. Non-drop lists are made at the whole rate that their timecode
  counts (24 for 23.976, 30 for 29.97), where frames and numbers are the same.
- It writes no FCM line, so a reader does not learn which of the two it is.
- Its markers stand at the source's timecode, and one whose timecode it does not read is dropped without a
  word. Ours are comments with the record's timecode, as Avid writes locators.
- Reels are cut to eight characters, so two shots may end on one reel. Ours are made to differ.
- Names may hold anything there, line breaks too; a list is ASCII, and a name has 32 characters.

What a list cannot hold is left out, and its head says so: sound (two tracks of it could stand there, a mix
needs more), notes, sizes and lenses.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Final

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from studio_assist.domain.errors import BadInput
from studio_assist.domain.timebase import FrameRate, timecode
from studio_assist.interchange.editorial.adapters import edl
from studio_assist.interchange.editorial.cutting_list import (
    SIGN,
    CuttingList,
    OutClip,
    marker_of,
    shot_line,
    still_frames,
)
from studio_assist.interchange.editorial.otio_out import rate_text

#: What CMX 3600 numbers its events to; readers of today count on with four digits.
MOST_EVENTS: Final = 999
_NAME: Final = 32
_REEL: Final = 8
_TITLE: Final = 70


def write_edl(cut: CuttingList) -> bytes:
    """The picture track as a CMX 3600 edit list, with CR LF as the format has it.

    Raises:
        BadInput: it is longer than the day that timecode has.
    """
    if cut.frames * cut.rate.den > 86_400 * cut.rate.num:
        raise BadInput(
            "The edit is longer than 24 hours, and timecode has no more.",
            remedy="Export it of fewer scenes at a time, or as OTIO.",
        )
    rate = edl_rate(cut.rate)
    track = otio.schema.Track(name="V", kind=otio.schema.TrackKind.Video)
    reels = reels_of(cut)
    scenes = {scene.frame: marker_of(scene) for scene in cut.scenes}
    clips = [
        _clip_of(clip, reel, cut, scenes.get(clip.start, ""))
        for clip, reel in zip(cut.clips, reels, strict=True)
    ]
    texts: list[str] = []
    # An event at a time: the adapter looks over the whole track for each.
    for clip, out in zip(clips, cut.clips, strict=True):
        track.append(otio.schema.Gap(duration=RationalTime(out.start, rate)))
        track.append(clip)
        timeline = otio.schema.Timeline(name="")
        timeline.tracks.append(track)
        texts.append(edl().write_to_string(timeline, rate=rate))
        timeline.tracks.clear()
        track.clear()
    lines = [_head(cut)]
    lines += [_numbered(text, number) for number, text in enumerate(texts, 1)]
    return "\n".join(lines).replace("\n", "\r\n").encode("ascii")


def wrong_edl(data: bytes, cut: CuttingList) -> str | None:
    """What is not right about a list when the adapter reads it back at its rate, or None."""
    text = data.decode("ascii")
    # The adapter takes comments for part of an event, and the head's stand before the first.
    head, _sep, events = text.partition("\r\n\r\n")
    if ("FCM: DROP FRAME" in head) != cut.rate.drop:
        return "it does not say how its timecode counts"
    rate = edl_rate(cut.rate)
    if not cut.clips:
        return None
    track = edl().read_from_string(events, rate=rate).tracks[0]
    found = [
        (item.name, round(item.duration().value)) for item in track if isinstance(item, otio.schema.Clip)
    ]
    if found != [(ascii_name(clip.shot.number), clip.frames) for clip in cut.clips]:
        return "its events are not the shots, or not as long"
    if round(track[-1].range_in_parent().start_time.value) != cut.clips[-1].start:
        return "its events do not follow one another"
    if events.count("* TEMP ") != sum(len(clip.temp) for clip in cut.clips):
        return "not everything temp is marked"
    return None


def edl_rate(rate: FrameRate) -> float:
    """The rate at which OTIO counts timecode as this one does."""
    return float(rate.fps) if rate.drop else float(rate.nominal)


def reels_of(cut: CuttingList) -> tuple[str, ...]:
    """A reel for each clip: eight letters and digits, and no two shots of different pictures on one."""
    taken: dict[str, str] = {}
    found: list[str] = []
    for clip in cut.clips:
        stem = re.sub(r"[^A-Z0-9]", "", ascii_of(clip.shot.number).upper()) or "SHOT"
        reel, count = stem[:_REEL], 1
        # AX and BL say "some source" and "black" in every list.
        while taken.get(reel, clip.shot.id) != clip.shot.id or reel in ("AX", "BL"):
            count += 1
            tail = str(count)
            reel = f"{stem[: _REEL - len(tail) - 1]}X{tail}"
        taken[reel] = clip.shot.id
        found.append(reel)
    return tuple(found)


def ascii_of(text: str) -> str:
    """Text on one line in ASCII: accents go, and what has no letter there is an underscore."""
    spread = unicodedata.normalize("NFKD", text)
    kept = "".join(sign for sign in spread if not unicodedata.combining(sign))
    shown = "".join(
        " " if sign.isspace() else sign if sign.isascii() and sign.isprintable() else "_" for sign in kept
    )
    return " ".join(shown.split())


def ascii_name(number: str) -> str:
    return ascii_of(number)[:_NAME].strip() or "SHOT"


def _clip_of(clip: OutClip, reel: str, cut: CuttingList, scene: str) -> otio.schema.Clip:
    rate = edl_rate(cut.rate)
    at = timecode(clip.start, cut.rate)
    comments = [shot_line(clip.shot)]
    if clip.blank:
        comments.append(f"BLANK: {clip.blank.upper()}")
    if scene:
        comments.append(f"LOC: {at} CYAN    {ascii_of(scene).upper()}")
    for words in clip.temp:
        said = ascii_of(words).replace(",", "").upper()
        comments += [said, f"LOC: {at} YELLOW  {said}"]
    frames = RationalTime(still_frames(clip, cut.rate), rate)
    reference: otio.core.MediaReference = otio.schema.MissingReference()
    if clip.file is not None:
        reference = otio.schema.ExternalReference(
            target_url=clip.file.relative, available_range=TimeRange(RationalTime(0, rate), frames)
        )
    return otio.schema.Clip(
        name=ascii_name(clip.shot.number),
        media_reference=reference,
        source_range=TimeRange(RationalTime(0, rate), RationalTime(clip.frames, rate)),
        metadata={"cmx_3600": {"reel": reel, "comments": comments}},
    )


def _numbered(text: str, number: int) -> str:
    return re.sub(r"^\d+", f"{number:03d}", text)


def _head(cut: CuttingList) -> str:
    lines = [
        f"TITLE: {ascii_of(cut.title)[:_TITLE]}",
        f"FCM: {'DROP FRAME' if cut.rate.drop else 'NON-DROP FRAME'}",
        f"* {SIGN} RATE {rate_text(cut.rate)}",
        f"* {ascii_of(replace(cut, tracks=()).said)}",
    ]
    sounds = sum(1 for _sound in cut.sounds)
    if sounds:
        lines.append(f"* {SIGN}: {sounds} sounds are not in this list, which holds pictures alone.")
    if len(cut.clips) > MOST_EVENTS:
        lines.append(f"* {SIGN}: {len(cut.clips)} events; systems that count to {MOST_EVENTS} stop there.")
    return "\n".join([*lines, "", ""])
