"""The mix of an animatic of 40 minutes: how many times faster than it is heard.

Run it by itself: `python -m tests.bench.bench_mixdown`. 500 clips, a quarter of them in stereo, with fades, over
a room tone and music that go on throughout, from files on the disk. The target is well over 100 times.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from studio_assist.domain.animatic import FIRST_TRACKS, Animatic, Clip, ClipId
from studio_assist.domain.timebase import SAMPLE_RATE
from studio_assist.domain.timeline import Placed
from studio_assist.domain.values import Sha256
from studio_assist.interchange.mixdown import Mixer
from studio_assist.interchange.sound_wav import Pcm, WavWriter, open_pcm, peaks

MINUTES: Final = 40
CLIPS: Final = 500
BLOCK: Final = SAMPLE_RATE // 20


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        noise = np.random.default_rng(1).integers(-6_000, 6_000, (SAMPLE_RATE * 10, 2), np.int16)
        for number in range(8):
            channels = 2 if number % 4 == 0 else 1
            with WavWriter(folder / f"{number}.wav", channels) as writer:
                writer.write(noise[:, :channels].tobytes())
        with WavWriter(folder / "long.wav", 2) as writer:
            for _ in range(MINUTES * 6):
                writer.write(noise.tobytes())
        _mixed(folder)
        began = time.perf_counter()
        found = peaks(folder / "long.wav")
        passed = time.perf_counter() - began
        print(f"peaks of {MINUTES} min stereo: {passed:.2f} s, {len(found):,} pairs")


def _mixed(folder: Path) -> None:
    length = MINUTES * 60 * SAMPLE_RATE
    dialogue, tone, music = (track.id for track in FIRST_TRACKS)
    step = length // CLIPS
    clips = [
        Placed(
            Clip(
                id=ClipId(str(number)),
                track=dialogue,
                sound=f"{number % 8:064x}",
                length=min(step + SAMPLE_RATE, SAMPLE_RATE * 10),
                fade_in=2_400,
                fade_out=4_800,
            ),
            number * step,
        )
        for number in range(CLIPS)
    ]
    clips += [
        Placed(Clip(id=ClipId(track), track=track, sound="f" * 64, length=length), 0)
        for track in (tone, music)
    ]
    animatic = Animatic(tracks=FIRST_TRACKS, clips=tuple(one.clip for one in clips))
    began = time.perf_counter()
    mixer = Mixer(tuple(clips), animatic, _opener(folder))
    made = time.perf_counter() - began
    mixer.block(length // 2, BLOCK)
    first = time.perf_counter() - began
    began = time.perf_counter()
    for start in range(0, length, BLOCK):
        mixer.block(start, BLOCK)
    passed = time.perf_counter() - began
    times = MINUTES * 60 / passed
    print(f"{CLIPS + 2} clips sorted in {made * 1000:.1f} ms, first block after {first * 1000:.1f} ms")
    print(f"{MINUTES} min mixed in {passed:.1f} s: {times:.0f} times real time (target: well over 100)")


def _opener(folder: Path) -> Callable[[Sha256], Pcm]:
    """Sounds by number; all f is the long one."""
    return lambda sound: open_pcm(folder / ("long.wav" if sound[0] == "f" else f"{int(sound, 16)}.wav"))


if __name__ == "__main__":
    main()
