"""The sample's room tone, made of noise. It is temp, as every sound from outside is at first."""

from __future__ import annotations

import io
import wave
from typing import Final

import numpy as np
import numpy.typing as npt

from studio_assist.domain.timebase import SAMPLE_RATE

#: Waves come in about this often, seconds.
_SWELL_S: Final = 5.0
_SEED: Final = 14


def room_tone(seconds: float) -> bytes:
    """A WAV file of 16 bits, mono, at `SAMPLE_RATE`; the same one each time."""
    count = round(seconds * SAMPLE_RATE)
    noise = np.random.default_rng(_SEED).standard_normal(count)
    # Brown noise is a far sea; what is left of the higher tones is wind.
    spectrum = np.fft.rfft(noise)
    pitch = np.fft.rfftfreq(count, 1 / SAMPLE_RATE)
    spectrum *= 1 / np.maximum(pitch, 40) + np.where((pitch > 300) & (pitch < 1200), 1 / 9000, 0)
    tone = np.fft.irfft(spectrum, count)
    at = np.arange(count) / SAMPLE_RATE
    # Whole swells, so that it can follow on itself.
    swells = max(1, round(seconds / _SWELL_S))
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * swells * at / seconds - np.pi / 2) ** 2
    return _wav(tone * swell)


def _wav(tone: npt.NDArray[np.float64]) -> bytes:
    loud = tone / np.abs(tone).max() * 0.5
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((loud * 32767).astype("<i2").tobytes())
    return data.getvalue()
