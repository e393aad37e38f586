"""OpenTimelineIO read as plain JSON.

OTIO's own reader is not for strangers' files: it follows the nesting of a file with its stack, and builds
whatever schema a plugin has registered. What an edit needs of the format is little, and is looked up here.
Source: OpenTimelineIO, "Serialized Data Documentation" (Timeline.1, Stack.1, Track.1, Clip.1 and .2, Gap.1,
Transition.1, Marker.2, RationalTime.1, TimeRange.1).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any, Final

from studio_assist.domain.incoming import IncomingEdit
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.timebase import FrameRate
from studio_assist.interchange.editorial.cutting_list import KEY, LABELS, ours
from studio_assist.interchange.editorial.gathering import (
    DEEPEST,
    MOST_CLIPS,
    MOST_NOTES,
    Found,
    Gathered,
    media_in,
)
from studio_assist.interchange.editorial.safe_files import (
    checked_rate,
    json_of,
    not_an_edit,
    whole_number,
)

_ID: Final = re.compile(r"[0-9a-f]{12}")
_RATE: Final = re.compile(r"(\d{1,6})/(\d{1,4})( DF)?")
Node = dict[str, Any]  # an object of a stranger's JSON


def read_otio(data: bytes, name: str) -> IncomingEdit:
    """An .otio file as an edit."""
    root = json_of(data, name)
    return _Reading(_timeline_in(root, name), name).edit()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A clip or a gap (`node` None) in the time of what holds it. Seconds."""

    node: Node | None
    start: Fraction
    length: Fraction
    skipped: Fraction


class _Reading:
    """One timeline while it is read."""

    def __init__(self, timeline: Node, name: str) -> None:
        self._timeline: Final = timeline
        self._name: Final = name
        self._rates: Final[Counter[Fraction]] = Counter()
        self._pieces = 0
        self._out: Final = Gathered("otio", title=_text(timeline.get("name")))

    # methods

    def edit(self) -> IncomingEdit:
        ours_of = _mine(self._timeline)
        covers = (shot for shot in _list(ours_of.get("shots")) if isinstance(shot, str))
        self._out.covers = tuple(ShotId(shot) for shot in covers if _ID.fullmatch(shot))
        stack = self._timeline.get("tracks")
        track = self._main(stack) if isinstance(stack, dict) else None
        if not isinstance(stack, dict) or track is None:
            raise not_an_edit(self._name, "There is no picture track in this timeline.")
        for count, piece in enumerate(self._within(track, 0), 1):
            self._take(piece, count)
        for holder in (stack, track):
            self._beside(holder)
        rate = self._rate()
        if len({fps for fps in self._rates if fps <= 240}) > 1:
            self._out.tell("the edit", f"Clips have different frame rates; all are counted at {rate.name}.")
        return self._out.edit(rate)

    # internals

    def _main(self, stack: Node) -> Node | None:
        """The lowest picture track that has clips; what lies over it is told of."""
        tracks = [
            track
            for track in _nodes(stack.get("children"))
            if _schema(track) in ("Track", "Sequence") and track.get("kind") == "Video"
        ]
        on = [track for track in tracks if track.get("enabled", True) is not False]
        full = [track for track in on if any(_schema(one) != "Gap" for one in _nodes(track.get("children")))]
        for track in full[1:]:
            count = sum(_schema(one) != "Gap" for one in _nodes(track.get("children")))
            what = f"{count} clips lie over the lowest picture track; they were not compared."
            self._out.tell(f"track {_text(track.get('name')) or 'without a name'}", what)
        return full[0] if full else None

    def _take(self, piece: _Piece, count: int) -> None:
        node = piece.node
        if node is None:
            return
        own = _mine(node)
        reference = _reference(node)
        named = own.get("shot")
        shot = ShotId(named) if isinstance(named, str) and _ID.fullmatch(named) else None
        name = _text(node.get("name"))
        where = f"clip {count}"
        self._timing(node, name or where, where)
        file = media_in(_text(reference.get("target_url")), _text(reference.get("name")))
        markers = islice(_nodes(node.get("markers")), MOST_NOTES)
        notes = tuple(words for marker in markers if (words := _words(marker)))
        self._out.add(
            Found(name or where, piece.start, piece.length, where, piece.skipped, shot, file, notes)
        )

    def _timing(self, node: Node, name: str, where: str) -> None:
        for effect in _nodes(node.get("effects")):
            if _schema(effect) in ("LinearTimeWarp", "FreezeFrame", "TimeEffect"):
                self._out.tell(where, f"{name} plays at another speed; its length in the edit was taken.")

    def _beside(self, holder: Node) -> None:
        """Markers of a track or of the whole."""
        for marker in islice(_nodes(holder.get("markers")), MOST_CLIPS):
            words = _words(marker)
            if words and isinstance(marker.get("marked_range"), dict):
                start, _length, _fps = _range(marker["marked_range"], "a marker")
                self._out.markers.append((start, words))

    def _rate(self) -> FrameRate:
        said = _RATE.fullmatch(_text(_mine(self._timeline).get("rate")))
        if not self._rates:
            raise not_an_edit(self._name, "There is no picture clip in this timeline.")
        fps = self._rates.most_common(1)[0][0]
        if said and int(said[2]) and abs(Fraction(int(said[1]), int(said[2])) - fps) < Fraction(1, 1000):
            return checked_rate(fps, "the timeline", drop=bool(said[3]))
        return checked_rate(fps, "the timeline")

    def _within(self, holder: Node, depth: int) -> Iterator[_Piece]:
        """The clips and gaps of a track one after the other, those of nested ones in their place."""
        if depth > DEEPEST:
            raise not_an_edit(self._name, f"Sequences lie in one another deeper than {DEEPEST} times.")
        at = Fraction(0)
        for place, node in enumerate(_nodes(holder.get("children")), 1):
            self._pieces += 1
            if self._pieces > 4 * MOST_CLIPS:
                raise not_an_edit(self._name, "There are more pieces than an edit has.")
            where = f"clip {place}"
            kind = _schema(node)
            if kind == "Transition":
                said = _text(node.get("name")) or "A transition"
                self._out.tell(where, f"{said} is not kept; the cut is where it would be without.")
                continue
            start, length = self._ranged(node, kind, where, depth)
            if node.get("enabled", True) is False and kind != "Gap":
                self._out.tell(where, f"{_text(node.get('name')) or where} is switched off; it was left out.")
                kind = "Gap"
            if kind in ("Stack", "Track", "Timeline", "Sequence"):
                name = _text(node.get("name")) or "A sequence"
                self._out.tell(where, f"{name} holds an edit of its own; its clips were taken one by one.")
                for piece in self._inner(node, kind, depth):
                    yield from _trimmed(piece, start, length, at)
            else:
                if kind not in ("Clip", "Gap"):
                    self._out.tell(where, f"{kind or 'Something'} is unknown here; it was taken as a gap.")
                yield _Piece(node if kind == "Clip" else None, at, length, start)
            at += length

    def _inner(self, node: Node, kind: str, depth: int) -> Iterator[_Piece]:
        if kind in ("Track", "Sequence"):
            return self._within(node, depth + 1)
        stack = node.get("tracks") if kind == "Timeline" else node
        pictures = self._main(stack) if isinstance(stack, dict) else None
        if pictures is None and isinstance(stack, dict):
            # A stack of clips, as a compound of one layer is written.
            lowest = next((one for one in _nodes(stack.get("children")) if _schema(one) == "Clip"), None)
            pictures = {"children": [lowest]} if lowest is not None else None
        return self._within(pictures, depth + 1) if pictures is not None else iter(())

    def _ranged(self, node: Node, kind: str, where: str, depth: int) -> tuple[Fraction, Fraction]:
        """How much of its media a clip leaves out at its beginning, and how long it plays."""
        own = node.get("source_range")
        available = _reference(node).get("available_range")
        first = _range(available, where) if isinstance(available, dict) else None
        if isinstance(own, dict):
            start, length, fps = _range(own, where)
            if kind == "Clip":
                self._rates[fps] += 1
            begin = first[0] if first is not None else Fraction(0)
            return (max(Fraction(0), start - begin) if kind == "Clip" else start), length
        if first is not None:
            self._rates[first[2]] += kind == "Clip"
            return Fraction(0), first[1]
        if kind in ("Stack", "Track", "Timeline", "Sequence"):
            inner = list(self._inner(node, kind, depth))
            return Fraction(0), max((piece.start + piece.length for piece in inner), default=Fraction(0))
        if kind == "Clip":
            self._out.tell(where, f"{_text(node.get('name')) or where} says nothing of its length.")
        return Fraction(0), Fraction(0)


def _trimmed(piece: _Piece, start: Fraction, length: Fraction, at: Fraction) -> Iterator[_Piece]:
    """What of a nested piece is within the part of its sequence that plays."""
    begin, end = max(piece.start, start), min(piece.start + piece.length, start + length)
    if end > begin:
        skipped = piece.skipped + begin - piece.start
        yield _Piece(piece.node, at + begin - start, end - begin, skipped)


# JSON of strangers --------------------------------------------------------------------------------------


def _timeline_in(root: object, name: str) -> Node:
    if isinstance(root, dict):
        if _schema(root) == "Timeline":
            return root
        if _schema(root) == "SerializableCollection":
            for one in _nodes(root.get("children")):
                if _schema(one) == "Timeline":
                    return one
    raise not_an_edit(name, "There is no timeline in this file.")


def _schema(node: Node) -> str:
    return _text(node.get("OTIO_SCHEMA")).partition(".")[0]


def _text(value: object) -> str:
    return value[:4000] if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _nodes(value: object) -> Iterator[Node]:
    return (one for one in _list(value) if isinstance(one, dict))


def _mine(node: Node) -> Node:
    metadata = node.get("metadata")
    own = metadata.get(KEY) if isinstance(metadata, dict) else None
    return own if isinstance(own, dict) else {}


def _reference(node: Node) -> Node:
    """A clip's media reference: the one of Clip.1, or the active one of Clip.2."""
    held = node.get("media_references")
    if isinstance(held, dict):
        active = held.get(_text(node.get("active_media_reference_key")) or "DEFAULT_MEDIA")
    else:
        active = node.get("media_reference")
    return active if isinstance(active, dict) else {}


def _words(marker: Node) -> str:
    """What an editor wrote into a marker; "" for a mark of ours."""
    name, comment = _text(marker.get("name")), _text(marker.get("comment"))
    if _mine(marker).get("kind") == "note" or name in LABELS:
        # The shot's own words go out in markers: unless somebody wrote into one, the board has them.
        return comment
    if _mine(marker) or ours(name):
        return ""
    return name if not comment or comment == name else comment if not name else f"{name}: {comment}"


def _range(node: Node, where: str) -> tuple[Fraction, Fraction, Fraction]:
    """Start and length in seconds, and the length's rate."""
    start, _fps = _time(node.get("start_time"), where)
    length, fps = _time(node.get("duration"), where)
    if length < 0:
        raise not_an_edit(where, "A clip ends before it begins.")
    return start, length, fps


def _time(node: object, where: str) -> tuple[Fraction, Fraction]:
    if not isinstance(node, dict):
        raise not_an_edit(where, "A clip says nothing of its time.")
    value = whole_number(node.get("value"), where)
    stated = whole_number(node.get("rate"), where)
    # Sound is counted in samples, so a rate may be high; none is endless.
    if not 0 < stated <= 400_000:
        raise not_an_edit(where, "There is a frame rate that is none.")
    fps = checked_rate(stated, where).fps if 1 <= stated <= 240 else stated
    return value / fps, fps
