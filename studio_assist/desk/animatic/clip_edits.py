"""What a person does to one clip, as the clip that comes of it. All of it is pure."""

from __future__ import annotations

from typing import Final

from studio_assist.domain.animatic import Clip, ClipId, Sound, TrackId
from studio_assist.domain.storyboard import ShotId

#: A clip is never trimmed shorter than this: 10 ms.
SHORTEST: Final = 480
_LEAST_DB: Final = -60.0
_MOST_DB: Final = 12.0


def moved(clip: Clip, by: int, track: TrackId | None = None) -> Clip:
    """Earlier or later by samples, and onto another lane."""
    return clip.model_copy(update={"at": clip.at + by, "track": track or clip.track})


def trimmed_start(clip: Clip, by: int) -> Clip:
    """Its beginning moved, and what is heard at any moment stays the same."""
    by = max(-clip.start, min(by, clip.length - SHORTEST))
    return _lasting(clip, clip.at + by, clip.start + by, clip.length - by)


def trimmed_end(clip: Clip, by: int, sound: Sound) -> Clip:
    """Its end moved, as far as the sound goes."""
    length = max(SHORTEST, min(clip.length + by, sound.samples - clip.start))
    return _lasting(clip, clip.at, clip.start, max(1, min(length, sound.samples - clip.start)))


def split(clip: Clip, at: int, new: ClipId) -> tuple[Clip, Clip] | None:
    """Two clips that play what one did. `at`: samples into it; None where one of them would be too short."""
    if not SHORTEST <= at <= clip.length - SHORTEST:
        return None
    first = _lasting(clip, clip.at, clip.start, at).model_copy(update={"fade_out": 0})
    second = _lasting(clip, clip.at + at, clip.start + at, clip.length - at)
    return first, second.model_copy(update={"id": new, "fade_in": 0})


def with_gain(clip: Clip, gain_db: float) -> Clip:
    """Louder or softer, within what a clip can have."""
    return clip.model_copy(update={"gain_db": max(_LEAST_DB, min(_MOST_DB, gain_db))})


def with_fades(clip: Clip, fade_in: int | None = None, fade_out: int | None = None) -> Clip:
    """Coming and going as long as asked for; one never takes what the other has."""
    coming = clip.fade_in if fade_in is None else max(0, min(fade_in, clip.length - clip.fade_out))
    going = clip.fade_out if fade_out is None else max(0, min(fade_out, clip.length - coming))
    return clip.model_copy(update={"fade_in": coming, "fade_out": going})


def hung(clip: Clip, shot: ShotId, starts: int, at: int) -> Clip:
    """Hanging on a shot that starts at a sample, and heard when it was, at `at`."""
    return clip.model_copy(update={"shot": shot, "at": at - starts})


def standing(clip: Clip, at: int) -> Clip:
    """At a time of its own."""
    return clip.model_copy(update={"shot": None, "at": at})


def gain_text(gain_db: float) -> str:
    """As people read it: "+3 dB", "0 dB", "−4.5 dB"."""
    number = f"{abs(gain_db):.1f}".removesuffix(".0")
    sign = "+" if gain_db > 0 else "−" if gain_db < 0 else ""
    return f"{sign}{number} dB"


def _lasting(clip: Clip, at: int, start: int, length: int) -> Clip:
    fade_in = min(clip.fade_in, length)
    fade_out = min(clip.fade_out, length - fade_in)
    placed = {"at": at, "start": start, "length": length}
    return clip.model_copy(update={**placed, "fade_in": fade_in, "fade_out": fade_out})
