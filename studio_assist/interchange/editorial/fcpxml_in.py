"""FCPXML (1.5 to 1.13), as Final Cut Pro and DaVinci Resolve write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final
from xml.etree import ElementTree as ET

from studio_assist.domain.incoming import IncomingEdit
from studio_assist.domain.timebase import FrameRate
from studio_assist.interchange.editorial.gathering import (
    DEEPEST,
    MOST_CLIPS,
    MOST_NOTES,
    Found,
    Gathered,
    media_in,
    shot_in,
)
from studio_assist.interchange.editorial.safe_files import checked_rate, not_an_edit, whole_number
from studio_assist.interchange.editorial.xml_parts import text_of

_TIME: Final = re.compile(r"(-?\d{1,15})(?:\.(\d{1,9}))?(?:/(\d{1,12}))?s")
#: Formats of Final Cut's own are named, and say no more: FFVideoFormat1080p2398.
_NAMED: Final = re.compile(r"[ip](\d{2,4})$")
_CLIPS: Final = frozenset(("clip", "asset-clip", "video", "ref-clip", "sync-clip", "mc-clip", "title"))
_MARKERS: Final = ("marker", "chapter-marker")
#: What a slate says: a gap that is called so was a blank panel of ours.
_SLATE: Final = re.compile(r"\d+[A-Za-z]{1,3}\d{0,3}")


def read_fcpxml(root: ET.Element, name: str) -> IncomingEdit:
    """The first project of an FCPXML file as an edit."""
    return _Reading(root, name).edit()


class _Reading:
    """One file while it is read."""

    def __init__(self, root: ET.Element, name: str) -> None:
        self._root: Final = root
        self._name: Final = name
        self._out: Final = Gathered("fcpxml")
        self._pieces = 0
        self._resources: Final = {
            named: one for one in root.iterfind("resources/*") if (named := one.get("id"))
        }

    # methods

    def edit(self) -> IncomingEdit:
        projects = [
            (project.get("name", ""), sequence)
            for project in self._root.iter("project")
            if (sequence := project.find("sequence")) is not None
        ]
        if not projects:
            raise not_an_edit(self._name, "There is no project with a sequence in this file.")
        self._out.title, sequence = projects[0]
        if len(projects) > 1:
            self._out.tell("the file", f"It has {len(projects)} projects; the first was read.")
        rate = self._rate(sequence)
        spine = sequence.find("spine")
        if spine is None:
            raise not_an_edit(self._name, "The project has no storyline.")
        for found in self._within(spine, 0):
            self._out.add(found)
        return self._out.edit(rate)

    # internals

    def _rate(self, sequence: ET.Element) -> FrameRate:
        form = self._resources.get(sequence.get("format", ""))
        if form is None:
            raise not_an_edit(self._name, "The sequence names a format that is not in the file.")
        drop = sequence.get("tcFormat") == "DF"
        if form.get("frameDuration"):
            frame = _time(form.get("frameDuration"), "the format")
            if frame <= 0:
                raise not_an_edit("the format", "A frame lasts no time.")
            return checked_rate(1 / frame, "the format", drop=drop)
        named = _NAMED.search(form.get("name", "")[:100])
        if named is None:
            raise not_an_edit("the format", "The format does not say its frame rate.")
        digits = int(named[1])
        # 2398 is hundredths, 24 is whole.
        return checked_rate(Fraction(digits, 100) if digits > 240 else digits, "the format", drop=drop)

    def _within(self, spine: ET.Element, depth: int) -> Iterator[Found]:
        if depth > DEEPEST:
            raise not_an_edit(self._name, f"Storylines lie in one another deeper than {DEEPEST} times.")
        at = Fraction(0)
        first: Fraction | None = None
        for item in spine:
            where = f"clip {self._pieces + 1}"
            if item.tag == "transition":
                said = item.get("name") or "A transition"
                self._out.tell(where, f"{said} is not kept; the cut is where it would be without.")
                continue
            if item.tag == "audition":
                # The first of an audition is the one that plays.
                item = next((one for one in item if one.tag in _CLIPS), item)
            if item.tag != "gap" and item.tag not in _CLIPS:
                continue
            self._pieces += 1
            if self._pieces > MOST_CLIPS:
                raise not_an_edit(self._name, f"There are more than {MOST_CLIPS:,} clips in it.")
            length = _time(item.get("duration"), where)
            if length < 0:
                raise not_an_edit(where, "A clip ends before it begins.")
            offset = _time(item.get("offset"), where) if item.get("offset") else None
            # Offsets count from where the storyline's own time begins, which need not be zero.
            first = offset if first is None and offset is not None else first
            start = offset - (first or 0) if offset is not None else at
            yield from self._item(item, start, length, where, depth)
            at = start + length

    def _item(
        self, item: ET.Element, start: Fraction, length: Fraction, where: str, depth: int
    ) -> Iterator[Found]:
        name = item.get("name") or where
        note = text_of(item, "note")
        if item.tag == "gap" and shot_in(note) is None and not _SLATE.fullmatch(name):
            return
        if item.get("enabled") == "0":
            self._out.tell(where, f"{name} is switched off; it was left out.")
            return
        resource = self._resources.get(item.get("ref", ""))
        begin = _time(item.get("start") or "0s", where)
        inner = resource.find("sequence/spine") if resource is not None and item.tag == "ref-clip" else None
        if inner is not None:
            self._out.tell(where, f"{name} is a compound clip; its clips were taken one by one.")
            for found in self._within(inner, depth + 1):
                yield from _trimmed(found, begin, length, start)
            return
        if item.find("timeMap") is not None:
            self._out.tell(where, f"{name} plays at another speed; its length in the edit was taken.")
        over = [
            one for one in item if one.tag in _CLIPS - {"title"} and not one.get("lane", "1").startswith("-")
        ]
        if item.tag in ("gap", "video", "asset-clip", "ref-clip") and over:
            self._out.tell(where, f"{len(over)} clips lie over {name}; they were not compared.")
        if resource is None:
            held = item.find("video")
            resource = self._resources.get(held.get("ref", "")) if held is not None else None
        media_start = _time(resource.get("start") or "0s", where) if resource is not None else Fraction(0)
        yield Found(
            name=name,
            start=start,
            length=length,
            where=where,
            skipped=max(Fraction(0), begin - media_start),
            shot=shot_in(note),
            media=media_in(*_files(resource)) if resource is not None else None,
            notes=(note, *(_words(marker) for tag in _MARKERS for marker in item.findall(tag)[:MOST_NOTES])),
        )


def _trimmed(found: Found, start: Fraction, length: Fraction, at: Fraction) -> Iterator[Found]:
    """What of a compound's clip is within the part of it that plays."""
    begin, end = max(found.start, start), min(found.start + found.length, start + length)
    if end > begin:
        yield Found(
            name=found.name,
            start=at + begin - start,
            length=end - begin,
            where=found.where,
            skipped=found.skipped + begin - found.start,
            shot=found.shot,
            media=found.media,
            notes=found.notes,
        )


def _files(resource: ET.Element) -> Iterator[str]:
    yield resource.get("src", "")
    for one in resource.findall("media-rep"):
        yield one.get("src", "")


def _words(marker: ET.Element) -> str:
    value, note = marker.get("value", "").strip(), marker.get("note", "").strip()
    return value if not note or note == value else f"{value}: {note}" if value else note


def _time(text: str | None, where: str) -> Fraction:
    """A time, "1001/24000s", "5s", "2.5s"."""
    found = _TIME.fullmatch((text or "").strip())
    if found is None or (found[3] and not int(found[3])):
        raise not_an_edit(where, "There is a time that is no time.")
    whole = Fraction(f"{found[1]}.{found[2]}") if found[2] else Fraction(int(found[1]))
    return whole_number(whole / int(found[3] or 1), where)
