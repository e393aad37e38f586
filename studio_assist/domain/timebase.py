"""Frame rates and timecode: every time of the animatic is a whole number of frames.

A rate is a fraction, for 23.976 is 24000/1001 and a float drifts. Drop-frame timecode counts as SMPTE ST 12-1
says: of every minute but each tenth the first two numbers (four at 59.94) are left out, so that the clock on
the slate keeps to the clock on the wall; no picture is dropped.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Final

from pydantic import Field

from .errors import BadInput
from .values import Value

#: Sound is kept and mixed at this rate, samples a second.
SAMPLE_RATE: Final = 48_000
_TIMECODE: Final = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)([:;.])(\d{2})")


class FrameRate(Value):
    """Frames a second.

    Attributes:
        num, den: the rate is num/den.
        drop: its timecode is drop-frame; only 30000/1001 and 60000/1001 have one.
    """

    num: Annotated[int, Field(gt=0)]
    den: Annotated[int, Field(gt=0)] = 1
    drop: bool = False

    @property
    def fps(self) -> Fraction:
        return Fraction(self.num, self.den)

    @property
    def nominal(self) -> int:
        """Frames that a second of its timecode counts: 24 at 23.976, 30 at 29.97."""
        return round(self.fps)

    @property
    def name(self) -> str:
        """As people write it: "24", "23.976", "29.97 DF"."""
        if self.den == 1:
            return str(self.num)
        # 23.976 has three places by custom, 29.97 and 59.94 two.
        plain = f"{float(self.fps):.3f}".rstrip("0").rstrip(".")
        return f"{plain} DF" if self.drop else plain


def _ntsc(nominal: int, *, drop: bool = False) -> FrameRate:
    return FrameRate(num=nominal * 1000, den=1001, drop=drop)


#: What a project can run at, in the order of a menu.
RATES: Final = (
    _ntsc(24),
    FrameRate(num=24),
    FrameRate(num=25),
    _ntsc(30, drop=True),
    _ntsc(30),
    FrameRate(num=30),
    FrameRate(num=48),
    FrameRate(num=50),
    _ntsc(60, drop=True),
    _ntsc(60),
    FrameRate(num=60),
)


def rate_named(name: str) -> FrameRate:
    """A rate by its name. "29.97" alone is non-drop; "29.97 NDF" is the same.

    Raises:
        BadInput: it is none of `RATES`.
    """
    wanted = " ".join(name.upper().replace("NDF", "").split())
    for rate in RATES:
        if rate.name == wanted:
            return rate
    listed = ", ".join(rate.name for rate in RATES)
    raise BadInput(f"There is no frame rate {name!r} here.", remedy=f"Choose one of {listed}.", place=name)


def rate_of(fps: float, *, drop: bool = False) -> FrameRate:
    """The rate that a number means, as project files write it: 23.976 and 23.98 are 24000/1001.

    A number that is near none of `RATES` is taken as it is, to a thousandth.
    """
    for rate in RATES:
        if rate.drop == (drop and rate.den != 1) and abs(float(rate.fps) - fps) < 0.006:
            return rate
    exact = Fraction(fps).limit_denominator(1001)
    return FrameRate(num=exact.numerator, den=exact.denominator)


# Frames and time ----------------------------------------------------------------------------------------


def frames_of(ms: int, rate: FrameRate) -> int:
    """How many frames a duration in milliseconds is: the nearest, and never none.

    The inverse of `ms_of`: at any rate up to 240 a millisecond is less than half a frame.
    """
    return max(1, _nearest(Fraction(ms, 1000) * rate.fps))


def ms_of(frames: int, rate: FrameRate) -> int:
    """A duration in frames as the milliseconds that `frames_of` gives back as those frames."""
    return _nearest(frames * 1000 / rate.fps)


def sample_of(frame: int, rate: FrameRate) -> int:
    """The first sample of a frame, at `SAMPLE_RATE`; the nearest one where they do not meet."""
    return _nearest(frame * SAMPLE_RATE / rate.fps)


def frame_at_sample(sample: int, rate: FrameRate) -> int:
    """The frame that is shown while a sample sounds."""
    frame = int(sample * rate.fps / SAMPLE_RATE)
    # `sample_of` takes the nearest sample, which may lie just before the exact moment.
    return frame + 1 if sample_of(frame + 1, rate) <= sample else frame


def _nearest(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


# Timecode -----------------------------------------------------------------------------------------------


def timecode(frame: int, rate: FrameRate) -> str:
    """A frame's timecode, "01:02:03:04"; a semicolon before the frames of drop-frame timecode."""
    number = _counted(frame, rate) if rate.drop else frame
    nominal = rate.nominal
    seconds, frames = divmod(number, nominal)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    # A day is all that timecode has.
    return f"{hours % 24:02}:{minute:02}:{second:02}{';' if rate.drop else ':'}{frames:02}"


def frame_of_timecode(text: str, rate: FrameRate) -> int:
    """The frame that a timecode names; colon, semicolon and point are taken alike.

    Raises:
        BadInput: it is no timecode, or one that this rate leaves out.
    """
    found = _TIMECODE.fullmatch(text.strip())
    if found is None or int(found[5]) >= rate.nominal:
        raise BadInput(
            f"{text!r} is no timecode at {rate.name}.", remedy="Write it as 01:02:03:04.", place=text
        )
    hours, minutes, seconds, frames = (int(found[part]) for part in (1, 2, 3, 5))
    total = hours * 60 + minutes
    number = (total * 60 + seconds) * rate.nominal + frames
    if not rate.drop:
        return number
    left_out = _left_out(rate)
    if frames < left_out and seconds == 0 and minutes % 10:
        raise BadInput(
            f"Drop-frame timecode has no {text}.", remedy=f"The next one is at frame {left_out}.", place=text
        )
    return number - left_out * (total - total // 10)


def _left_out(rate: FrameRate) -> int:
    """How many numbers drop-frame timecode leaves out of a minute."""
    return rate.nominal // 15


def _counted(frame: int, rate: FrameRate) -> int:
    """The number under which drop-frame timecode counts a frame."""
    left_out = _left_out(rate)
    ten = rate.nominal * 600 - 9 * left_out
    tens, rest = divmod(frame, ten)
    first = rate.nominal * 60
    # The first minute of ten is whole; the other nine are short.
    minutes = 0 if rest < first else 1 + (rest - first) // (first - left_out)
    return frame + left_out * (9 * tens + minutes)
