"""CMX 3600 edit lists, as editing systems of today write them.

A list names no frame rate: ours say it in a comment, for others the caller's is taken where it fits. What is
read: events and their comments (clip names, files, locators, comments), drop-frame and not, dissolves and
wipes (told), speed changes (told), sound (told).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import IncomingEdit
from studio_assist.domain.timebase import FrameRate, frame_of_timecode
from studio_assist.interchange.editorial.cutting_list import SIGN
from studio_assist.interchange.editorial.gathering import (
    MOST_CLIPS,
    MOST_NOTES,
    Found,
    Gathered,
    lines_of,
    media_in,
    shot_in,
)
from studio_assist.interchange.editorial.safe_files import checked_rate, not_an_edit

_TIMECODE: Final = re.compile(r"\d{2}:\d{2}:\d{2}[:;.]\d{2}")
_RATE: Final = re.compile(rf"\* {SIGN} RATE (\d{{1,6}})/(\d{{1,4}})( DF)?", re.IGNORECASE)
_NAMED: Final = re.compile(r"\*?\s*(FROM|TO) CLIP NAME\s*:\s*(.*)", re.IGNORECASE)
_LOCATOR: Final = re.compile(r"\*\s*LOC:\s*(\S+)\s+([A-Z]+)\s*(.*)", re.IGNORECASE)
_COMMENT: Final = re.compile(r"\*\s*COMMENTS?:\s*(.*)", re.IGNORECASE)
#: Locators are coloured by name; a word that is none of these belongs to what is said.
_COLOURS: Final = frozenset(
    ("RED", "GREEN", "BLUE", "CYAN", "MAGENTA", "YELLOW", "BLACK", "WHITE", "ORANGE", "PINK", "PURPLE")
)
#: A line of a list; a longer one is no list.
_LINE: Final = 4000
_MOST_LINES: Final = 400_000


@dataclass(slots=True)
class _Event:
    """An event: its record and source times as they are written, and what is said below it."""

    number: str
    line: int
    reel: str
    channels: str
    kind: str
    times: tuple[str, str, str, str]
    name: str = ""
    from_name: str = ""
    comments: list[str] = field(default_factory=list[str])
    speed: bool = False

    @property
    def pictured(self) -> bool:
        """Whether it is on the first picture track."""
        parts = self.channels.upper().replace(",", "/").split("/")
        return any(part in ("V", "V1", "B", "AV", "VA1", "VA2", "VA1A2") for part in parts)


def read_edl(data: bytes, name: str, rate: FrameRate | None = None) -> IncomingEdit:
    """An edit list. `rate`: what it is counted at where it does not say so and that can be."""
    lines = _lines(data, name)
    events = _events(lines)
    if not events:
        raise not_an_edit(name, "There is no event in this list.")
    out = Gathered("edl", title=next((line[6:].strip() for line in lines if line.startswith("TITLE:")), ""))
    counted, own = _rate_of(lines, events, rate, out)
    heard = 0
    overlaid = 0
    for event in events:
        if event.pictured:
            _take(event, counted, out, own=own)
        elif event.channels.upper().startswith("V"):
            overlaid += 1
        else:
            heard += 1
    if heard:
        out.tell("the list", f"{heard} events are of sound alone; pictures were compared.")
    if overlaid:
        out.tell("the list", f"{overlaid} events are on higher picture tracks; they were not compared.")
    return out.edit(counted)


def _lines(data: bytes, name: str) -> list[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Older systems write a code page of their own; names may come out otherwise, times do not.
        text = data.decode("latin-1")
    if "\0" in text:
        raise not_an_edit(name, "This is no text, so it is no edit list.")
    if text.count("\n") + text.count("\r") > _MOST_LINES:
        raise not_an_edit(name, "It has more lines than an edit list has.")
    lines = text.splitlines()
    if any(len(line) > _LINE for line in lines):
        raise not_an_edit(name, "There are lines in it that no edit list has.")
    return lines


def _events(lines: list[str]) -> list[_Event]:
    events: list[_Event] = []
    for count, line in enumerate(lines, 1):
        event = _event_in(line, count)
        if event is not None:
            if events and events[-1].number == event.number and event.kind != "C":
                # A dissolve is two lines of one number: the end of the one clip, then the whole of the other.
                event.comments = events[-1].comments
            events.append(event)
            if len(events) > 2 * MOST_CLIPS:
                raise not_an_edit("the list", f"There are more than {2 * MOST_CLIPS:,} events in it.")
        elif events:
            _comment(events[-1], line.strip())
    return events


def _event_in(line: str, count: int) -> _Event | None:
    parts = line.split()
    if len(parts) < 7 or not (parts[0].isascii() and parts[0].isdigit()):
        return None
    times = parts[-4:]
    if not all(_TIMECODE.fullmatch(time) for time in times):
        return None
    head = parts[1:-4]
    # A wipe or dissolve has its length behind it.
    if len(head) > 2 and head[-1].isdigit():
        head.pop()
    if len(head) < 2:
        return None
    reel = " ".join(head[:-2]) if len(head) > 2 else ""
    return _Event(parts[0], count, reel, head[-2], head[-1].upper(), (times[0], times[1], times[2], times[3]))


def _comment(event: _Event, line: str) -> None:
    named = _NAMED.match(line)
    if named and named[1].upper() == "TO":
        event.name = named[2].strip()
    elif named:
        event.from_name = named[2].strip()
    elif line.upper().startswith("M2 "):
        event.speed = True
    elif line and len(event.comments) < MOST_NOTES:
        event.comments.append(line)


def _take(event: _Event, rate: FrameRate, out: Gathered, *, own: bool) -> None:
    where = f"line {event.line}"
    crossed = event.kind != "C"
    name = (event.name or event.from_name) if crossed else (event.from_name or event.name)
    source, begin, end = (_frame(event.times[at], rate, where) for at in (0, 2, 3))
    if begin == end:
        # The first line of a dissolve: where the outgoing clip ends.
        return
    if end < begin:
        raise not_an_edit(where, "An event ends before it begins.")
    shot = shot_in(*event.comments)
    if event.reel.upper() == "BL" and not name and shot is None:
        return
    if crossed:
        out.tell(where, f"The transition to {name or event.reel} is not kept; the cut is at its beginning.")
    if event.speed:
        out.tell(where, f"{name or event.reel} plays at another speed; its length in the edit was taken.")
    frame = 1 / rate.fps
    out.add(
        Found(
            name=name or event.reel,
            start=begin * frame,
            length=(end - begin) * frame,
            where=where,
            # Only of our own lists is it known where the source begins.
            skipped=source * frame if own else Fraction(0),
            shot=shot,
            media=media_in(name, *event.comments),
            notes=tuple(_notes(event)),
        )
    )


def _notes(event: _Event) -> list[str]:
    found: list[str] = []
    for line in event.comments:
        located, said = _LOCATOR.match(line), _COMMENT.match(line)
        if located:
            colour = located[2] if located[2].upper() not in _COLOURS else ""
            found += lines_of(f"{colour} {located[3]}")
        elif said:
            found += lines_of(said[1])
    return found


def _frame(text: str, rate: FrameRate, where: str) -> int:
    try:
        return frame_of_timecode(text, rate)
    except BadInput as error:
        raise BadInput(
            error.message, remedy="Export the list again at its sequence's rate.", place=where
        ) from error


def _rate_of(
    lines: list[str], events: list[_Event], given: FrameRate | None, out: Gathered
) -> tuple[FrameRate, bool]:
    """The rate that the list is counted at, and whether it says so itself."""
    for line in lines:
        said = _RATE.match(line.strip())
        if said and int(said[2]):
            return checked_rate(Fraction(int(said[1]), int(said[2])), "the list", drop=bool(said[3])), True
    times = [time for event in events for time in event.times]
    drop = any(time[8] == ";" for time in times) or _first_fcm(lines)
    most = max(int(time[9:]) for time in times)
    if given is not None and given.drop == drop and most < given.nominal:
        return given, False
    rate = _guessed(most, drop=drop)
    out.tell(
        "the list",
        f"It does not say its frame rate; it was counted at {rate.name}.",
        "Look whether lengths come out right, or export OTIO or XML, which say it.",
    )
    return rate, False


def _guessed(most: int, *, drop: bool) -> FrameRate:
    if drop:
        return FrameRate(num=60_000 if most >= 30 else 30_000, den=1001, drop=True)
    return FrameRate(num=next(whole for whole in (24, 25, 30, 48, 50, 60, 120) if most < whole))


def _first_fcm(lines: list[str]) -> bool:
    said = next((line.upper() for line in lines if line.upper().startswith("FCM:")), "")
    return "DROP FRAME" in said and "NON-DROP" not in said and "NON DROP" not in said
