"""Which frame is due: read off a clock whenever it is asked, and never counted.

While sound plays at its own speed, what is heard says where we are; at every other speed, and without a
sound device, the machine's steady clock does. A tick that comes late shows the frame that is due then, so
that picture and sound cannot part.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Protocol

from studio_assist.domain.timebase import SAMPLE_RATE, FrameRate, frame_at_sample, sample_of

_NS: Final = 1_000_000_000
#: How far the steady clock may be from what is heard, in samples: less than a frame at 24.
_LEASH: Final = SAMPLE_RATE * 4 // 100


class Heard(Protocol):
    """The sound's side of a clock; `AudioOut` is one."""

    @property
    def has_device(self) -> bool: ...

    @property
    def is_running(self) -> bool: ...

    def start(self, sample: int) -> None: ...

    def stop(self) -> None: ...

    def position(self) -> int: ...


class PlayClock:
    """Runs from a frame at a speed; negative ones go backwards.

    Args:
        heard: None: there is never a sound.
        now: nanoseconds of a clock that never goes back.
    """

    def __init__(self, heard: Heard | None = None, now: Callable[[], int] = time.monotonic_ns) -> None:
        self._heard: Final = heard
        self._now: Final = now
        self._rate: FrameRate = FrameRate(num=24)
        self._speed = 0
        self._frame = 0
        self._since = 0
        #: The furthest sample that was due; None: the steady clock runs alone.
        self._sample: int | None = None
        #: The first one of this run, and when the furthest was due.
        self._first = self._at = 0

    # properties

    @property
    def speed(self) -> int:
        """0: it stands."""
        return self._speed

    @property
    def follows_sound(self) -> bool:
        """Whether what is heard says which frame is due."""
        return self._sample is not None

    # methods

    def start(self, frame: int, speed: int, rate: FrameRate) -> None:
        """Run from the beginning of a frame."""
        self.stop()
        self._rate, self._speed, self._frame, self._since = rate, speed, frame, self._now()
        if speed == 1 and self._heard is not None and self._heard.has_device:
            first = sample_of(frame, rate)
            self._heard.start(first)
            self._sample = self._first = first
            self._at = self._since

    def stop(self) -> None:
        """Stand still, and be silent."""
        self._speed = 0
        if self._sample is not None:
            self._sample = None
            if self._heard is not None:
                self._heard.stop()

    def frame(self) -> int:
        """The frame that is due now. It knows of no beginning and no end."""
        if self._speed == 0:
            return self._frame
        sample = self._sounding()
        if sample is not None:
            return frame_at_sample(sample, self._rate)
        passed = self._passed()
        return self._frame + passed if self._speed > 0 else self._frame - passed

    def sample(self) -> int:
        """The sample that is due now; within the frame, too."""
        sounding = self._sounding()
        if sounding is not None:
            return sounding
        begun = sample_of(self._frame, self._rate)
        if self._speed == 0:
            return begun
        return begun + (self._now() - self._since) * self._speed * SAMPLE_RATE // _NS

    def wait_ms(self) -> int:
        """How long until another frame is due, in whole milliseconds, at least one."""
        sample = self._sounding()
        if sample is not None:
            left = sample_of(frame_at_sample(sample, self._rate) + 1, self._rate) - sample
            return max(1, -(-left * 1000 // SAMPLE_RATE))
        pace = abs(self._speed) or 1
        due = -(-(self._passed() + 1) * _NS * self._rate.den // (pace * self._rate.num))
        return max(1, -(-(due - (self._now() - self._since)) // 1_000_000))

    # internals

    def _sounding(self) -> int | None:
        """The sample that is heard; None where the steady clock runs, or runs on from now."""
        if self._sample is None or self._heard is None:
            return None
        if self._heard.is_running:
            return self._led(self._heard.position())
        # The device was pulled out: go on in silence from the sample that was heard last.
        behind = self._sample - sample_of(frame_at_sample(self._sample, self._rate), self._rate)
        self._frame = frame_at_sample(self._sample, self._rate)
        self._since = self._now() - behind * _NS // SAMPLE_RATE
        self._sample = None
        return None

    def _led(self, heard: int) -> int:
        """The sample that is due, where one is heard.

        A device tells of its position in steps, and now and then two at once, which would leave out a frame
        at 60 a second. So the steady clock carries from one to the next and is led after what is heard, by an
        eighth of what is between them at a time. It never goes back, nor further away than `_LEASH`.
        """
        assert self._sample is not None
        now = self._now()
        expected = self._sample + (now - self._at) * SAMPLE_RATE // _NS
        self._at = now
        off = heard - expected
        # Before its first sample sounds the device tells of the start, or of a moment before.
        free = heard > self._first and abs(off) <= _LEASH
        self._sample = max(self._sample, expected + off // 8 if free else heard)
        return self._sample

    def _passed(self) -> int:
        """Frames since the start by the steady clock."""
        elapsed = (self._now() - self._since) * abs(self._speed)
        return elapsed * self._rate.num // (_NS * self._rate.den)
