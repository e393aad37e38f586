"""FCPXML 1.9, which Final Cut Pro (10.4.9 and later) and DaVinci Resolve read.

Its times are fractions of a second, and every one here is a whole number of frames: Final Cut puts what is
not on the nearest frame itself, with a warning for each. Sources: Apple, "FCPXML Reference" and its DTD 1.9
(order of elements; `note` before what hangs on a clip, markers after it; stills are `video` of an asset whose
duration is 0s and whose format has no rate).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final
from xml.etree import ElementTree as ET

from defusedxml.ElementTree import fromstring

from studio_assist.interchange.editorial.cutting_list import (
    CuttingList,
    OutClip,
    OutSound,
    OutTrack,
    described,
    marker_of,
    plain,
    rational,
    seconds_of,
    shot_line,
    sound_gone,
    whole,
)

VERSION: Final = "1.9"
_TITLE_UID: Final = ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti"
_AMBER: Final = "0.961 0.725 0.259 1"
_ROLES: Final = {"dialogue": "dialogue", "music": "music"}


def write_fcpxml(cut: CuttingList) -> bytes:
    """The edit as an .fcpxml file."""
    root = _Writing(cut).root()
    ET.indent(root, " ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n' + ET.tostring(root, "utf-8") + b"\n"


def wrong_fcpxml(data: bytes, cut: CuttingList) -> str | None:
    """What is not right about a file when it is read back, or None."""
    root = fromstring(data)
    spine = root.find("library/event/project/sequence/spine")
    if spine is None:
        return "it has no sequence"
    frame = rational(cut.rate)
    found = [(item.get("name"), time_of(item.get("offset")), time_of(item.get("duration"))) for item in spine]
    if found != [(plain(clip.shot.number), clip.start * frame, clip.frames * frame) for clip in cut.clips]:
        return "its clips are not the shots, or not as long"
    marked = sum(marker.get("value", "").startswith("TEMP") for marker in root.iter("marker"))
    wanted = sum(len(clip.temp) for clip in cut.clips) + sum(bool(sound.temp) for sound in cut.sounds)
    if marked != wanted:
        return "not everything temp is marked"
    known = {resource.get("id") for resource in root.iterfind("resources/*")}
    if not {item.get("ref") for item in root.iter() if item.get("ref") and item.tag != "text-style"} <= known:
        return "a clip names a file that is not listed"
    return None


def time_text(seconds: Fraction) -> str:
    """A time as FCPXML writes it: "0s", "1001/24000s"."""
    if seconds.denominator == 1:
        return f"{seconds.numerator}s"
    return f"{seconds.numerator}/{seconds.denominator}s"


def time_of(text: str | None) -> Fraction:
    """A time of a file that was written here."""
    return Fraction((text or "0s").removesuffix("s"))


class _Writing:
    """One file while it is put together: resources are numbered as they are first needed."""

    def __init__(self, cut: CuttingList) -> None:
        self._cut: Final = cut
        self._frame: Final = rational(cut.rate)
        self._resources: Final = ET.Element("resources")
        self._known: Final[dict[str, str]] = {}
        self._titles = 0

    # methods

    def root(self) -> ET.Element:
        cut = self._cut
        root = ET.Element("fcpxml", version=VERSION)
        root.append(self._resources)
        size = {"width": str(cut.width), "height": str(cut.height)}
        form = self._resource("format", "sequence", frameDuration=time_text(self._frame), **size)
        event = ET.SubElement(ET.SubElement(root, "library"), "event", name=plain(cut.title))
        project = ET.SubElement(event, "project", name=plain(cut.title))
        sequence = ET.SubElement(
            project,
            "sequence",
            format=form,
            duration=self._time(cut.frames),
            tcStart="0s",
            tcFormat="DF" if cut.rate.drop else "NDF",
            audioLayout="stereo",
            audioRate="48k",
        )
        ET.SubElement(sequence, "note").text = plain(cut.said)
        spine = ET.SubElement(sequence, "spine")
        scenes = {scene.frame: marker_of(scene) for scene in cut.scenes}
        heard = self._heard()
        for place, clip in enumerate(cut.clips):
            spine.append(self._clip(clip, scenes.get(clip.start, ""), heard[place]))
        return root

    # internals

    def _time(self, frames: int) -> str:
        return time_text(frames * self._frame)

    def _resource(self, tag: str, key: str, **attributes: str) -> str:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = f"r{len(self._known) + 1}"
            ET.SubElement(self._resources, tag, {"id": found, **attributes})
        return found

    def _clip(self, clip: OutClip, scene: str, heard: list[tuple[int, OutTrack, OutSound]]) -> ET.Element:
        place = {
            "name": plain(clip.shot.number),
            "offset": self._time(clip.start),
            "start": "0s",
            "duration": self._time(clip.frames),
        }
        made = ET.Element("gap", place) if clip.file is None else self._video(clip, place)
        lines = [
            shot_line(clip.shot),
            *clip.temp,
            clip.blank,
            *(words for _name, words in described(clip.shot)),
        ]
        ET.SubElement(made, "note").text = whole("\n".join(line for line in lines if line))
        for words in clip.temp:
            made.append(self._title(words, clip))
        missing: list[OutSound] = []
        for lane, track, sound in heard:
            if sound.file is None:
                missing.append(sound)
            else:
                made.append(self._sound(clip, lane, track, sound))
        for words in (scene, clip.blank, *clip.temp):
            if words:
                self._marker(made, words)
        for sound in missing:
            self._marker(made, sound_gone(sound))
            if sound.temp:
                self._marker(made, sound.temp)
        return made

    def _video(self, clip: OutClip, place: dict[str, str]) -> ET.Element:
        file, picture = clip.file, clip.picture
        assert file is not None
        size = (picture.width, picture.height) if picture else (self._cut.width, self._cut.height)
        form = self._resource(
            "format",
            f"still {size}",
            name="FFVideoFormatRateUndefined",
            width=str(size[0]),
            height=str(size[1]),
        )
        asset = self._asset(
            file.sha256,
            file.path.as_uri(),
            name=plain(clip.shot.number),
            start="0s",
            duration="0s",
            hasVideo="1",
            videoSources="1",
            format=form,
        )
        return ET.Element("video", {"ref": asset, **place})

    def _asset(self, sha256: str, url: str, **attributes: str) -> str:
        new = sha256 not in self._known
        found = self._resource("asset", sha256, uid=sha256[:32].upper(), **attributes)
        if new:
            ET.SubElement(self._resources[-1], "media-rep", kind="original-media", src=url)
        return found

    def _title(self, words: str, clip: OutClip) -> ET.Element:
        """The words over the picture for as long as it lasts: a band that is cut off is still said."""
        effect = self._resource("effect", "title", name="Basic Title", uid=_TITLE_UID)
        self._titles += 1
        style = f"ts{self._titles}"
        made = ET.Element(
            "title",
            ref=effect,
            lane=str(1 + clip.temp.index(words)),
            name=plain(words),
            offset="0s",
            start="0s",
            duration=self._time(clip.frames),
        )
        text = ET.SubElement(made, "text")
        ET.SubElement(text, "text-style", ref=style).text = plain(words)
        ET.SubElement(
            ET.SubElement(made, "text-style-def", id=style),
            "text-style",
            font="Helvetica",
            fontSize=str(max(12, self._cut.height // 24)),
            fontColor=_AMBER,
            alignment="center",
        )
        ET.SubElement(made, "adjust-transform", position=f"0 {-36 - 6 * clip.temp.index(words)}")
        return made

    def _sound(self, clip: OutClip, lane: int, track: OutTrack, sound: OutSound) -> ET.Element:
        assert sound.file is not None
        asset = self._asset(
            sound.file.sha256,
            sound.file.path.as_uri(),
            name=plain(sound.name),
            start="0s",
            duration=time_text(seconds_of(sound.whole)),
            hasAudio="1",
            audioSources="1",
            audioChannels=str(sound.channels),
            audioRate="48000",
        )
        begin, start, frames = sound.frames(self._cut.rate)
        made = ET.Element(
            "asset-clip",
            ref=asset,
            lane=str(lane),
            offset=self._time(begin - clip.start),
            name=plain(sound.name),
            start=self._time(start),
            duration=self._time(frames),
            audioRole=_ROLES.get(track.kind, "effects"),
        )
        if not track.heard:
            made.set("enabled", "0")
        gain = sound.gain_db + track.gain_db
        if sound.temp:
            ET.SubElement(made, "note").text = plain(sound.temp)
        if gain:
            ET.SubElement(made, "adjust-volume", amount=f"{gain:+.1f}dB")
        if sound.temp:
            self._marker(made, sound.temp, self._time(start))
        return made

    def _marker(self, parent: ET.Element, words: str, start: str = "0s") -> None:
        ET.SubElement(parent, "marker", start=start, duration=self._time(1), value=plain(words))

    def _heard(self) -> list[list[tuple[int, OutTrack, OutSound]]]:
        """The sounds that hang on each clip: those that begin while it is on. A track is a lane."""
        found: list[list[tuple[int, OutTrack, OutSound]]] = [[] for _clip in self._cut.clips]
        for lane, track in enumerate(self._cut.tracks, 1):
            place = 0
            for sound in track.sounds:
                begin, _start, _frames = sound.frames(self._cut.rate)
                while place + 1 < len(found) and self._cut.clips[place + 1].start <= begin:
                    place += 1
                if found:
                    found[place].append((-lane, track, sound))
        return found
