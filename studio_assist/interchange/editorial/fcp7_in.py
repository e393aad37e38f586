"""Final Cut Pro 7 XML (xmeml 4 and 5), as Premiere, Resolve and Avid write it too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from studio_assist.interchange.editorial.safe_files import checked_rate, not_an_edit, number_in
from studio_assist.interchange.editorial.xml_parts import flag_of, text_of

_ITEMS: Final = ("clipitem", "generatoritem")
_COMMENTS: Final = (
    *(f"comments/mastercomment{count}" for count in range(1, 5)),
    "comments/clipcommenta",
    "comments/clipcommentb",
)
#: Effects that change how fast a clip plays.
_SPEED: Final = frozenset(("timeremap",))


def read_fcp7(root: ET.Element, name: str) -> IncomingEdit:
    """The first sequence of an xmeml file as an edit."""
    return _Reading(root, name).edit()


class _Reading:
    """One file while it is read. Whatever has an id is written out once, and meant by its id from then on."""

    def __init__(self, root: ET.Element, name: str) -> None:
        self._root: Final = root
        self._name: Final = name
        self._out: Final = Gathered("fcp7xml")
        self._pieces = 0
        self._whole: Final[dict[tuple[str, str], ET.Element]] = {}
        for element in root.iter():
            named = element.get("id")
            if named and len(element):
                self._whole.setdefault((element.tag, named), element)

    # methods

    def edit(self) -> IncomingEdit:
        sequences = [one for one in self._top(self._root, 0) if one.find("media/video/track") is not None]
        if not sequences:
            raise not_an_edit(self._name, "There is no sequence with pictures in this file.")
        first = sequences[0]
        self._out.title = text_of(first, "name")
        if len(sequences) > 1:
            others = ", ".join(text_of(one, "name") or "one without a name" for one in sequences[1:9])
            self._out.tell(
                "the file", f"It has {len(sequences)} sequences; the first was read, not {others}."
            )
        rate = self._rate(first)
        for found in self._within(first, rate, 0):
            self._out.add(found)
        for marker in first.findall("marker")[:MOST_CLIPS]:
            words = _words(marker)
            at = number_in(text_of(marker, "in"), "a marker of the sequence")
            self._out.markers.append((at / rate.fps, words))
        return self._out.edit(rate)

    # internals

    def _top(self, element: ET.Element, depth: int) -> Iterator[ET.Element]:
        """Sequences that are no clip of another one."""
        for child in element:
            if child.tag == "sequence":
                yield child
            elif child.tag in ("project", "children", "bin", "xmeml") and depth < DEEPEST:
                yield from self._top(child, depth + 1)

    def _rate(self, element: ET.Element, default: FrameRate | None = None) -> FrameRate:
        where = text_of(element, "name") or "the sequence"
        timebase = text_of(element, "rate/timebase")
        if not timebase and default is not None:
            return default
        whole = number_in(timebase, where)
        drop = text_of(element, "timecode/displayformat").upper() == "DF"
        fps = whole * 1000 / 1001 if flag_of(element, "rate/ntsc") else whole
        return checked_rate(fps, where, drop=drop)

    def _meant(self, element: ET.Element) -> ET.Element:
        """The element that one with nothing in it but its id stands for."""
        named = element.get("id")
        return self._whole.get((element.tag, named), element) if named and not len(element) else element

    def _within(self, sequence: ET.Element, rate: FrameRate, depth: int) -> Iterator[Found]:
        if depth > DEEPEST:
            raise not_an_edit(self._name, f"Sequences lie in one another deeper than {DEEPEST} times.")
        tracks = [
            track
            for track in sequence.findall("media/video/track")
            if flag_of(track, "enabled", default=True)
        ]
        full = [track for track in tracks if any(item.tag in _ITEMS for item in track)]
        for number, track in enumerate(full[1:], 2):
            count = sum(item.tag in _ITEMS for item in track)
            what = f"{count} clips lie over the lowest picture track; they were not compared."
            self._out.tell(f"track V{number}", what)
        items = list(full[0]) if full else []
        for place, item in enumerate(items):
            where = f"clip {self._pieces + 1}"
            if item.tag == "transitionitem":
                said = text_of(item, "effect/name") or "A transition"
                self._out.tell(where, f"{said} is not kept; the cut is in its middle.")
            elif item.tag in _ITEMS:
                self._pieces += 1
                if self._pieces > MOST_CLIPS:
                    raise not_an_edit(self._name, f"There are more than {MOST_CLIPS:,} clips in it.")
                yield from self._item(item, items, place, rate, depth, where)

    def _item(
        self,
        item: ET.Element,
        track: Sequence[ET.Element],
        place: int,
        rate: FrameRate,
        depth: int,
        where: str,
    ) -> Iterator[Found]:
        name = text_of(item, "name") or where
        if not flag_of(item, "enabled", default=True):
            self._out.tell(where, f"{name} is switched off; it was left out.")
            return
        begin = self._edge(item, "start", track[place - 1] if place else None, where)
        end = self._edge(item, "end", track[place + 1] if place + 1 < len(track) else None, where)
        if end < begin or begin < 0:
            raise not_an_edit(where, "A clip ends before it begins.")
        start, length = begin / rate.fps, (end - begin) / rate.fps
        own = self._rate(item, rate)
        skipped = max(Fraction(0), number_in(text_of(item, "in") or "0", where)) / own.fps
        nested = item.find("sequence")
        if nested is not None:
            self._out.tell(where, f"{name} holds an edit of its own; its clips were taken one by one.")
            inner = self._meant(nested)
            for found in self._within(inner, self._rate(inner, rate), depth + 1):
                yield from _trimmed(found, skipped, length, start)
            return
        for effect in item.iterfind("filter/effect"):
            if text_of(effect, "effectid") in _SPEED:
                self._out.tell(where, f"{name} plays at another speed; its length in the edit was taken.")
        comments = [text_of(item, path) for path in _COMMENTS]
        file = item.find("file")
        held = self._meant(file) if file is not None else None
        place_of = text_of(held, "pathurl") if held is not None else ""
        yield Found(
            name=name,
            start=start,
            length=length,
            where=where,
            skipped=skipped,
            shot=shot_in(*comments),
            media=media_in(place_of, text_of(held, "name") if held is not None else ""),
            notes=tuple(
                words for words in (*comments, *map(_words, item.findall("marker")[:MOST_NOTES])) if words
            ),
        )

    def _edge(self, item: ET.Element, edge: str, beside: ET.Element | None, where: str) -> Fraction:
        """Where a clip begins or ends; -1 says that it does so within the transition beside it."""
        at = number_in(text_of(item, edge), where)
        if at != -1:
            return at
        if beside is None or beside.tag != "transitionitem":
            raise not_an_edit(where, "A clip does not say where it stands.")
        begin, end = (number_in(text_of(beside, part), where) for part in ("start", "end"))
        alignment = text_of(beside, "alignment")
        if alignment.startswith("start"):
            return begin
        return end if alignment.startswith("end") else Fraction((begin + end) // 2)


def _trimmed(found: Found, start: Fraction, length: Fraction, at: Fraction) -> Iterator[Found]:
    """What of a nested clip is within the part of its sequence that plays."""
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


def _words(marker: ET.Element) -> str:
    name, comment = text_of(marker, "name"), text_of(marker, "comment")
    return name if not comment or comment == name else comment if not name else f"{name}: {comment}"
