"""All clips of an animatic as one stereo sound, in blocks of any size and in any order.

A block costs what sounds in it: the clips are sorted into stretches of time, and a block looks at its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from studio_assist.domain.animatic import Animatic, Clip
from studio_assist.domain.timebase import SAMPLE_RATE
from studio_assist.domain.timeline import Placed
from studio_assist.domain.values import Sha256

Mixed = npt.NDArray[np.float32]

#: Up to here, one decibel under the top, the mix is left as it is; above it bends, and never passes the top.
CEILING: Final = 10 ** (-1 / 20)
#: How long a stretch is, in samples: ten seconds.
_STRETCH: Final = 10 * SAMPLE_RATE
_FULL: Final = 32768.0


class Mixer:
    """Mixes clips.

    A track that is muted is silent; where any track plays solo, only those that do are heard, and of those
    the ones that are not muted. A clip whose sound is missing is silent.

    Args:
        open: gives a sound's samples, (samples, channels) of 16 bits, or None where it is not there. Asked
            once for each sound, when it is first heard.
    """

    def __init__(
        self,
        clips: tuple[Placed, ...],
        animatic: Animatic,
        open: Callable[[Sha256], npt.NDArray[np.int16] | None],
    ) -> None:
        self._open: Final = open
        self._sounds: Final[dict[Sha256, npt.NDArray[np.int16] | None]] = {}
        gains = _gains_of(animatic)
        self._stretches: Final[dict[int, list[tuple[Placed, float]]]] = {}
        for one in clips:
            gain = gains.get(one.clip.track, 0.0) * _factor(one.clip.gain_db)
            if gain == 0.0 or one.end <= 0:
                continue
            for stretch in range(max(0, one.at) // _STRETCH, (one.end - 1) // _STRETCH + 1):
                self._stretches.setdefault(stretch, []).append((one, gain))

    def block(self, start: int, length: int) -> Mixed:
        """`length` samples from `start` on, left and right, from -1 to 1."""
        mix = np.zeros((length, 2), np.float32)
        end = start + length
        for stretch in range(start // _STRETCH, (end - 1) // _STRETCH + 1):
            first, last = max(start, stretch * _STRETCH), min(end, (stretch + 1) * _STRETCH)
            for one, gain in self._stretches.get(stretch, ()):
                if one.at < last and one.end > first:
                    self._add(mix, start, one, gain, max(first, one.at), min(last, one.end))
        return _limited(mix)

    def _add(self, mix: Mixed, start: int, one: Placed, gain: float, first: int, last: int) -> None:
        """Add what a clip plays from sample `first` of the animatic to before `last`."""
        pcm = self._sound(one.clip.sound)
        if pcm is None:
            return
        source = one.clip.start + first - one.at
        part = pcm[source : source + last - first]
        if not len(part):
            return
        sound = np.asarray(part, np.float32)
        sound *= np.float32(gain / _FULL)
        faded = _fade(one.clip, first - one.at, len(part))
        if faded is not None:
            sound *= faded
        # Mono, one column, goes to both sides.
        mix[first - start : first - start + len(part)] += sound

    def _sound(self, sha256: Sha256) -> npt.NDArray[np.int16] | None:
        if sha256 not in self._sounds:
            self._sounds[sha256] = self._open(sha256)
        return self._sounds[sha256]


def _gains_of(animatic: Animatic) -> dict[str, float]:
    has_solo = any(track.solo for track in animatic.tracks)
    return {
        track.id: 0.0 if track.muted or (has_solo and not track.solo) else _factor(track.gain_db)
        for track in animatic.tracks
    }


def _factor(gain_db: float) -> float:
    return 10 ** (gain_db / 20)


def _fade(clip: Clip, first: int, length: int) -> npt.NDArray[np.float32] | None:
    """By how much a part of a clip is softer for its fades, as a column; None where they do not reach it.

    A fade goes straight up or down. The clip's first sample of a fade in is silent, as is its last of a fade
    out.
    """
    fade_in = min(clip.fade_in, clip.length)
    fade_out = min(clip.fade_out, clip.length)
    comes, goes = first < fade_in, first + length > clip.length - fade_out
    if not comes and not goes:
        return None
    place = np.arange(first, first + length, dtype=np.float64)
    made = np.ones(length)
    if comes:
        made = np.minimum(made, place / fade_in)
    if goes:
        made *= np.minimum(1.0, (clip.length - 1 - place) / fade_out)
    return made.astype(np.float32)[:, None]


def _limited(mix: Mixed) -> Mixed:
    """The same, bent where it would pass the top. It knows one sample at a time, so that no block matters."""
    loud = np.abs(mix)
    over = loud > CEILING
    if over.any():
        room = 1.0 - CEILING
        mix[over] = np.sign(mix[over]) * (CEILING + room * np.tanh((loud[over] - CEILING) / room))
    return mix
