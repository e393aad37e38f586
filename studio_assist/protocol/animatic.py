"""What desk and broker say about the animatic: its tracks and sounds. Its pictures are the board's."""

from __future__ import annotations

from typing import Literal

from studio_assist.domain.animatic import Animatic, AnimaticEdit, Sound
from studio_assist.domain.people import Person
from studio_assist.domain.timebase import FrameRate
from studio_assist.domain.values import EntryNumber, Sha256, Value


class AnimaticState(Value):
    """The animatic as the broker holds it.

    Attributes:
        version: changes with every change.
        missing: sounds whose files are not there.
    """

    animatic: Animatic
    version: int
    rate: FrameRate
    missing: tuple[Sha256, ...] = ()


class EditAnimaticParams(Value):
    edit: AnimaticEdit
    person: Person


class AnimaticEdited(Value):
    version: int


class AddSoundParams(Value):
    """A sound comes in: a file, or what was just recorded (a WAV file in the project's `recovery` folder).

    Attributes:
        name: as people call it; "" takes the file's.
        temp: it stands in for another one. What a person recorded here is not; what is brought in is, unless
            the person says that it is cleared for delivery.
    """

    file: str
    how: Literal["recorded", "imported"]
    name: str = ""
    temp: bool
    person: Person


class SoundTakenIn(Value):
    """The sound, which no clip plays yet, and the entry that says that it came in."""

    sound: Sound
    version: int


class MarkSoundParams(Value):
    """A person says that a sound is temp, or is so no more. Both stay in the record."""

    sound: Sha256
    temp: bool
    person: Person


class SoundNowMarked(Value):
    sound: Sound
    entry: EntryNumber
    version: int


class SetFrameRateParams(Value):
    """The project's frame rate, by its name ("29.97 DF"); durations stay, to the nearest frame."""

    rate: str
    person: Person


class FrameRateSet(Value):
    rate: FrameRate


class AnimaticChanged(Value):
    """The animatic was changed otherwise than by this window's own edit."""

    event: Literal["animatic"] = "animatic"
    state: AnimaticState
