"""What an edit is made of on its way to editorial, the same for every format; and the words of its marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from studio_assist.domain.burnin import BLANK_WORDS
from studio_assist.domain.storyboard import Media, Shot
from studio_assist.domain.timebase import SAMPLE_RATE, FrameRate, frame_at_sample
from studio_assist.domain.timeline import Playing
from studio_assist.domain.values import EntryNumber, Sha256

#: A still can be held for as long as a shot can last: what editors may pull a clip out to.
STILL_MS: Final = 600_000
#: What our own comments begin with; a reader takes none of them for an editor's note.
SIGN: Final = "STUDIO ASSIST"
#: The key of what is ours in OTIO's metadata.
KEY: Final = "studio_assist"
#: How `shot_line` names a shot.
SHOT: Final = re.compile(rf"{SIGN} SHOT ([0-9a-f]{{12}})(?![0-9a-z])", re.IGNORECASE)
#: What markers with a shot's own words are called.
LABELS: Final = ("Action", "Dialogue", "Notes")
_SOUND_GONE: Final = "SOUND IS MISSING:"
_ALONE: Final = frozenset(words.upper() for words in (*BLANK_WORDS.values(), *LABELS))
_SCENE: Final = re.compile(r"SCENE \S{1,12}")
_TEMP: Final = ("TEMP AI", "TEMP PREVIS", "TEMP SOUND")


@dataclass(frozen=True, slots=True)
class OutFile:
    """A file that a clip plays.

    Attributes:
        relative: where it is in the project, with slashes.
        path: where it is on this machine.
    """

    sha256: Sha256
    relative: str
    path: Path


@dataclass(frozen=True, slots=True)
class OutClip:
    """A shot on the picture track, from frame `start` on.

    Attributes:
        picture, file: what plays; None for a blank.
        temp: what the marks say of it, a line each; none where nothing of it is temp.
    """

    shot: Shot
    start: int
    frames: int
    shows: Playing
    picture: Media | None
    file: OutFile | None
    temp: tuple[str, ...] = ()

    @property
    def blank(self) -> str:
        """What stands there instead of a picture, in words; "" where there is one."""
        return "" if self.file is not None else BLANK_WORDS.get(self.shows, "Picture missing")


@dataclass(frozen=True, slots=True)
class OutSound:
    """A part of a sound: samples at `SAMPLE_RATE`, within the edit.

    Attributes:
        at: where it begins. start, length: which part of the sound. whole: how long the sound is.
        file: None where it is missing.
        temp: what the marks say of it, or "".
    """

    name: str
    at: int
    start: int
    length: int
    whole: int
    channels: int
    gain_db: float
    file: OutFile | None
    temp: str = ""
    entry: EntryNumber | None = None
    lost: bool = False

    def frames(self, rate: FrameRate) -> tuple[int, int, int]:
        """Where it begins, which frame of the sound, and how many: for formats that count frames alone."""
        begin, start = frame_at_sample(self.at, rate), frame_at_sample(self.start, rate)
        return begin, start, max(1, frame_at_sample(self.at + self.length, rate) - begin)


@dataclass(frozen=True, slots=True)
class OutTrack:
    """Sounds one behind the other: no two at once.

    `kind`: as `animatic.TrackKind`. `heard`: it is not muted, and none other is soloed.
    """

    name: str
    kind: str
    gain_db: float
    heard: bool
    sounds: tuple[OutSound, ...]


@dataclass(frozen=True, slots=True)
class OutScene:
    """Where a scene begins."""

    number: str
    frame: int


@dataclass(frozen=True, slots=True)
class CuttingList:
    """An edit on its way out. Its timecode begins at zero, as the one on its slates does.

    Attributes:
        title: the production's. tag: names the project's record. entry: its last entry then.
        width, height: of a frame.
        absolute: files are named with their whole path where a format leaves a choice.
    """

    title: str
    rate: FrameRate
    width: int
    height: int
    clips: tuple[OutClip, ...]
    tracks: tuple[OutTrack, ...]
    scenes: tuple[OutScene, ...]
    tag: str
    entry: EntryNumber
    absolute: bool = False

    @property
    def frames(self) -> int:
        return self.clips[-1].start + self.clips[-1].frames if self.clips else 0

    @property
    def sounds(self) -> Iterator[OutSound]:
        return (sound for track in self.tracks for sound in track.sounds)

    @property
    def temp_count(self) -> int:
        """How many clips and sounds are marked as temp."""
        return sum(bool(clip.temp) for clip in self.clips) + sum(bool(sound.temp) for sound in self.sounds)

    @property
    def said(self) -> str:
        """Where it is from and what is temp in it, in a sentence."""
        count = self.temp_count
        temp = "no temp material" if not count else f"{count} temp, not for delivery"
        return f"{SIGN} {self.tag} ENTRY {self.entry}: {temp}"


def rational(rate: FrameRate) -> Fraction:
    """How long a frame is, in seconds."""
    return Fraction(rate.den, rate.num)


def seconds_of(samples: int) -> Fraction:
    return Fraction(samples, SAMPLE_RATE)


def shot_line(shot: Shot) -> str:
    """A line by which a reader finds the shot again where a format has no place for metadata."""
    return f"{SIGN} SHOT {shot.id}"


def ours(line: str) -> bool:
    """Whether a line of a comment or a marker was written by an export, and not by an editor."""
    text = " ".join(line.split()).upper()
    return (
        text.startswith((SIGN, f"{_SOUND_GONE} "))
        or (text.startswith(_TEMP) and "NOT FOR DELIVERY" in text)
        or text in _ALONE
        or _SCENE.fullmatch(text) is not None
    )


def sound_gone(sound: OutSound) -> str:
    """What marks the place of a sound whose file is missing."""
    return f"{_SOUND_GONE.capitalize()} {sound.name}"


def marker_of(scene: OutScene) -> str:
    return f"Scene {scene.number}"


def still_frames(clip: OutClip, rate: FrameRate) -> int:
    """How many frames of a clip's still there are to play."""
    longest = int(STILL_MS * rate.fps / 1000)
    return max(clip.frames, longest)


def described(shot: Shot) -> tuple[tuple[str, str], ...]:
    """What a shot says of itself, by name; what is empty is left out."""
    said = zip(LABELS, (shot.action, shot.dialogue, shot.notes), strict=True)
    return tuple((name, words) for name, words in said if words.strip())


def plain(text: str) -> str:
    """Text on one line, without signs that XML and edit lists cannot hold."""
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(text.split())


def whole(text: str) -> str:
    """Text with its lines, without signs that XML cannot hold."""
    return "\n".join(plain(line) for line in text.splitlines())
