"""The animatic's sound: tracks, the clips on them, and the sounds that those play.

The pictures are the board's shots and their durations; nothing of them is kept twice. A clip hangs on a shot,
and goes where the shot goes, or stands at a time of its own.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, NewType

from pydantic import Field

from .errors import BadInput
from .storyboard import ShotId
from .timebase import SAMPLE_RATE
from .values import EntryNumber, Sha256, UtcTime, Value

ClipId = NewType("ClipId", str)
TrackId = NewType("TrackId", str)

TrackKind = Literal["dialogue", "music", "effects", "tone"]
#: Louder or softer than as it was recorded, in decibels.
Gain = Annotated[float, Field(ge=-60, le=12)]
#: Samples at `SAMPLE_RATE`.
Samples = Annotated[int, Field(ge=0)]
_REMEDY: Final = "Read the animatic again and repeat the change."


class Sound(Value):
    """A sound among the project's media, as a WAV file of 16 bits at `SAMPLE_RATE`.

    Attributes:
        sha256: of that WAV file: `media/<two digits>/<sha256>.wav`.
        name: as people call it.
        samples, channels: how long it is, and whether mono (1) or stereo (2).
        how: recorded here by a person, or brought in as a file.
        temp: it stands in for another one and is not for delivery: temp music, or a voice that a program
            made. Only a person's word takes that off.
        original, original_suffix: the file as it came, also among the media, where it was another.
        by, at: who recorded or brought it, as people read it, and when.
        entry: what the record says of it last.
    """

    sha256: Sha256
    name: str
    samples: Samples
    channels: Literal[1, 2] = 1
    how: Literal["recorded", "imported"]
    temp: bool
    original: Sha256 | None = None
    original_suffix: str = ""
    by: str = ""
    at: UtcTime | None = None
    entry: EntryNumber | None = None

    @property
    def seconds(self) -> float:
        return self.samples / SAMPLE_RATE


class Track(Value):
    id: TrackId
    name: str
    kind: TrackKind = "dialogue"
    gain_db: Gain = 0.0
    muted: bool = False
    solo: bool = False


class Clip(Value):
    """A part of a sound, somewhere in time. Times are samples.

    Attributes:
        shot: the shot that it hangs on; None: it stands at a time of the whole animatic.
        at: where it begins, from the shot's start or the animatic's.
        start, length: which part of the sound it plays.
        fade_in, fade_out: how long it comes and goes, within its length.
    """

    id: ClipId
    track: TrackId
    sound: Sha256
    shot: ShotId | None = None
    at: int = 0
    start: Samples = 0
    length: Annotated[int, Field(gt=0)]
    gain_db: Gain = 0.0
    fade_in: Samples = 0
    fade_out: Samples = 0


class Animatic(Value):
    """What animatic.json holds.

    Attributes:
        captions: dialogue is shown as captions.
    """

    version: Literal[1] = 1
    tracks: tuple[Track, ...] = ()
    clips: tuple[Clip, ...] = ()
    sounds: tuple[Sound, ...] = ()
    captions: bool = True

    def sound(self, sha256: Sha256) -> Sound | None:
        """The sound that a clip plays, or None where the file does not list it."""
        return next((sound for sound in self.sounds if sound.sha256 == sha256), None)

    def on(self, track: TrackId) -> tuple[Clip, ...]:
        """A track's clips."""
        return tuple(clip for clip in self.clips if clip.track == track)

    @property
    def temp_sounds(self) -> tuple[Sound, ...]:
        """Temp sounds that a clip plays: what does not play keeps no final export shut."""
        used = {clip.sound for clip in self.clips}
        return tuple(sound for sound in self.sounds if sound.temp and sound.sha256 in used)


#: What a new animatic begins with.
FIRST_TRACKS: Final = (
    Track(id=TrackId("dialogue"), name="Scratch dialogue", kind="dialogue"),
    Track(id=TrackId("tone"), name="Room tone", kind="tone"),
    Track(id=TrackId("music"), name="Music", kind="music"),
)


# What a person changes ----------------------------------------------------------------------------------


class PutClips(Value):
    """Clips that are new, or stand in place of those of the same ids."""

    kind: Literal["clips"] = "clips"
    clips: tuple[Clip, ...]


class TakeClips(Value):
    """Clips off the animatic; their sounds stay among the media."""

    kind: Literal["take-clips"] = "take-clips"
    ids: tuple[ClipId, ...]


class PutTracks(Value):
    """All tracks, in order: a new one, one less, another name or gain. Clips of a track that goes, go too."""

    kind: Literal["tracks"] = "tracks"
    tracks: tuple[Track, ...]


class ShowCaptions(Value):
    kind: Literal["captions"] = "captions"
    on: bool


class SeveralSounds(Value):
    """Edits that are one to a person, and are undone as one."""

    kind: Literal["several"] = "several"
    edits: tuple[AnimaticEdit, ...]


AnimaticEdit = Annotated[
    PutClips | TakeClips | PutTracks | ShowCaptions | SeveralSounds, Field(discriminator="kind")
]
SeveralSounds.model_rebuild()


def edited(animatic: Animatic, edit: AnimaticEdit) -> tuple[Animatic, AnimaticEdit]:
    """The animatic after an edit, and the edit that gives this one back.

    Raises:
        BadInput: it names a clip, track or sound that is not there.
    """
    match edit:
        case PutClips():
            return _put(animatic, edit)
        case TakeClips():
            return _take(animatic, edit)
        case PutTracks():
            return _tracks(animatic, edit)
        case ShowCaptions():
            return animatic.model_copy(update={"captions": edit.on}), ShowCaptions(on=animatic.captions)
        case SeveralSounds():
            backs: list[AnimaticEdit] = []
            for one in edit.edits:
                animatic, back = edited(animatic, one)
                backs.append(back)
            return animatic, SeveralSounds(edits=tuple(reversed(backs)))


def _put(animatic: Animatic, edit: PutClips) -> tuple[Animatic, AnimaticEdit]:
    tracks = {track.id for track in animatic.tracks}
    sounds = {sound.sha256: sound for sound in animatic.sounds}
    new = {clip.id: clip for clip in edit.clips}
    if len(new) != len(edit.clips):
        raise BadInput("The change names a clip twice.", remedy=_REMEDY)
    for clip in edit.clips:
        sound = sounds.get(clip.sound)
        if clip.track not in tracks or sound is None or clip.start + clip.length > sound.samples:
            raise BadInput(
                "The clip names a track or a part of a sound that the animatic does not have.",
                remedy=_REMEDY,
                place=f"clip {clip.id}",
            )
    was = tuple(clip for clip in animatic.clips if clip.id in new)
    kept = tuple(new.pop(clip.id, clip) for clip in animatic.clips)
    back: list[AnimaticEdit] = []
    if new:
        back.append(TakeClips(ids=tuple(new)))
    if was:
        back.append(PutClips(clips=was))
    return animatic.model_copy(update={"clips": (*kept, *new.values())}), SeveralSounds(edits=tuple(back))


def _take(animatic: Animatic, edit: TakeClips) -> tuple[Animatic, AnimaticEdit]:
    gone = set(edit.ids)
    was = tuple(clip for clip in animatic.clips if clip.id in gone)
    if len(was) != len(gone):
        raise BadInput("The animatic has no such clip.", remedy=_REMEDY, place=f"clip {min(gone)}")
    kept = tuple(clip for clip in animatic.clips if clip.id not in gone)
    return animatic.model_copy(update={"clips": kept}), PutClips(clips=was)


def _tracks(animatic: Animatic, edit: PutTracks) -> tuple[Animatic, AnimaticEdit]:
    ids = {track.id for track in edit.tracks}
    if len(ids) != len(edit.tracks):
        raise BadInput("The change names a track twice.", remedy=_REMEDY)
    gone = tuple(clip for clip in animatic.clips if clip.track not in ids)
    kept = tuple(clip for clip in animatic.clips if clip.track in ids)
    back: AnimaticEdit = PutTracks(tracks=animatic.tracks)
    if gone:
        back = SeveralSounds(edits=(back, PutClips(clips=gone)))
    return animatic.model_copy(update={"tracks": edit.tracks, "clips": kept}), back
