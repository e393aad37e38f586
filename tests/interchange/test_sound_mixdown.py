"""The mix of all clips: sample by sample what a plain sum says, however it is asked for."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.animatic import Animatic, Clip, ClipId, Track, TrackId
from studio_assist.domain.timeline import Placed
from studio_assist.interchange import mixdown
from studio_assist.interchange.mixdown import CEILING, Mixer

SOUNDS = {
    "a" * 64: np.random.default_rng(1).integers(-32768, 32768, (900, 1), np.int16),
    "b" * 64: np.random.default_rng(2).integers(-32768, 32768, (1_300, 2), np.int16),
    "c" * 64: None,
}
TRACKS = ("dialogue", "music", "tone")


def naive(clips: tuple[Placed, ...], animatic: Animatic, start: int, length: int) -> np.ndarray:
    """The mix, one sample after the other."""
    tracks = {track.id: track for track in animatic.tracks}
    solo = any(track.solo for track in animatic.tracks)
    mix = np.zeros((length, 2))
    for one in clips:
        track, pcm, clip = tracks[one.clip.track], SOUNDS[one.clip.sound], one.clip
        if track.muted or (solo and not track.solo) or pcm is None:
            continue
        for n in range(clip.length):
            at, source = one.at + n - start, clip.start + n
            if 0 <= at < length and source < len(pcm):
                gain = 10 ** ((clip.gain_db + track.gain_db) / 20)
                fade_in, fade_out = min(clip.fade_in, clip.length), min(clip.fade_out, clip.length)
                if n < fade_in:
                    gain *= n / fade_in
                if n >= clip.length - fade_out:
                    gain *= (clip.length - 1 - n) / fade_out
                mix[at] += pcm[source].astype(float) / 32768 * gain
    over = np.abs(mix) > CEILING
    bent = CEILING + (1 - CEILING) * np.tanh((np.abs(mix) - CEILING) / (1 - CEILING))
    return np.where(over, np.sign(mix) * bent, mix)


tracks = st.tuples(
    *(
        st.builds(
            Track,
            id=st.just(TrackId(name)),
            name=st.just(name),
            gain_db=st.floats(-20, 6),
            muted=st.booleans(),
            solo=st.booleans(),
        )
        for name in TRACKS
    )
)
placed = st.builds(
    lambda number, track, sound, at, start, length, gain, fade_in, fade_out: Placed(
        Clip(
            id=ClipId(str(number)),
            track=TrackId(track),
            sound=sound,
            start=start,
            length=length,
            gain_db=gain,
            fade_in=fade_in,
            fade_out=fade_out,
        ),
        at,
    ),
    st.integers(),
    st.sampled_from(TRACKS),
    st.sampled_from(sorted(SOUNDS)),
    st.integers(-300, 1_500),
    st.integers(0, 800),
    st.integers(1, 600),
    st.floats(-30, 12),
    st.integers(0, 700),
    st.integers(0, 700),
)


@settings(max_examples=40, deadline=None)
@given(
    tracks,
    st.lists(placed, max_size=6),
    st.permutations(range(5)),
    st.lists(st.integers(1, 700), min_size=5, max_size=5),
)
def test_blocks_of_any_size_in_any_order_are_the_plain_sum(
    tracks: tuple[Track, ...], clips: list[Placed], order: list[int], sizes: list[int]
) -> None:
    animatic = Animatic(tracks=tracks, clips=tuple(one.clip for one in clips))
    mixer = Mixer(tuple(clips), animatic, SOUNDS.__getitem__)
    starts = [sum(sizes[:place]) for place in range(5)]
    made = {place: mixer.block(starts[place], sizes[place]) for place in order}
    whole = np.concatenate([made[place] for place in range(5)])
    wanted = naive(tuple(clips), animatic, 0, sum(sizes))
    assert whole.dtype == np.float32
    assert np.abs(whole - wanted).max(initial=0) < 2e-6
    assert np.abs(whole).max(initial=0) <= 1


def test_a_block_asks_for_what_sounds_in_it_alone() -> None:
    asked: list[str] = []

    def give(sound: str) -> np.ndarray:
        asked.append(sound)
        return np.ones((48_000 * 60, 1), np.int16)

    clips = tuple(
        Placed(Clip(id=ClipId(f"{n}"), track=TrackId("tone"), sound=f"{n:064x}", length=48_000), n * 96_000)
        for n in range(400)
    )
    animatic = Animatic(tracks=(Track(id=TrackId("tone"), name="Tone"),))
    mixer = Mixer(clips, animatic, give)
    assert asked == []
    mixer.block(200 * 96_000 - 100, 200)
    assert asked == [f"{200:064x}"]
    assert not mixer.block(96_000 * 500, 4_800).any()


def test_clips_go_on_over_the_stretches_that_they_are_sorted_by() -> None:
    """A long clip under everything: every sample of it once."""
    edge = mixdown._STRETCH
    clip = Clip(id=ClipId("a"), track=TrackId("tone"), sound="d" * 64, length=3 * edge)
    animatic = Animatic(tracks=(Track(id=TrackId("tone"), name="Tone"),))
    level = np.full((3 * edge, 1), 8_192, np.int16)
    mixer = Mixer((Placed(clip, 50),), animatic, lambda _sound: level)
    block = mixer.block(edge - 20, edge + 40)
    assert np.all(block == np.float32(0.25))
