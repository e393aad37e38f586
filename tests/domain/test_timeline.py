"""Cuts and clips in time: what a trim moves, what it leaves, and that every edit has its way back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.animatic import (
    FIRST_TRACKS,
    Animatic,
    AnimaticEdit,
    Clip,
    ClipId,
    PutClips,
    PutTracks,
    SeveralSounds,
    ShowCaptions,
    Sound,
    TakeClips,
    Track,
    TrackId,
    edited,
)
from studio_assist.domain.boards import Board
from studio_assist.domain.boards import edited as board_edited
from studio_assist.domain.errors import BadInput
from studio_assist.domain.storyboard import Shot, ShotId
from studio_assist.domain.timebase import RATES, FrameRate, frames_of, rate_named, sample_of
from studio_assist.domain.timeline import Timeline, placed, ripple, roll
from studio_assist.domain.values import Sha256

FILM = FrameRate(num=24)
rates = st.sampled_from(RATES)
quick = settings(max_examples=60, deadline=None)
lengths = st.lists(st.integers(1, 600_000), min_size=1, max_size=12)


def board_of(durations: list[int]) -> Board:
    shots = [
        Shot(id=ShotId(f"{at:012x}"), number=f"1{chr(65 + at)}", scene=str(1 + at // 4), duration_ms=ms)
        for at, ms in enumerate(durations)
    ]
    return Board(tuple(shots))


@quick
@given(lengths, rates)
def test_shots_stand_one_after_the_other_without_a_gap(durations, rate):
    timeline = Timeline.of(board_of(durations), rate)
    assert [cut.frames for cut in timeline.cuts] == [frames_of(ms, rate) for ms in durations]
    assert [cut.start for cut in timeline.cuts[1:]] == [cut.end for cut in timeline.cuts[:-1]]
    for place, cut in enumerate(timeline.cuts):
        assert timeline.at(cut.start) == timeline.at(cut.end - 1) == place == timeline.place(cut.shot.id)
    assert timeline.at(timeline.total) == len(durations) - 1


@quick
@given(lengths, rates, st.data())
def test_a_ripple_moves_all_that_follows_and_undo_gives_the_board_back(durations, rate, data):
    board = board_of(durations)
    timeline = Timeline.of(board, rate)
    place = data.draw(st.integers(0, len(durations) - 1))
    frames = data.draw(st.integers(-5, int(599 * rate.fps)))
    after, back = board_edited(board, ripple(timeline, place, frames))
    new = Timeline.of(after, rate)
    assert new.cuts[place].frames == max(1, frames)
    others = [cut.frames for at, cut in enumerate(timeline.cuts) if at != place]
    assert [cut.frames for at, cut in enumerate(new.cuts) if at != place] == others
    assert [cut.shot.id for cut in new.cuts] == [cut.shot.id for cut in timeline.cuts]
    assert board_edited(after, back)[0] == board


@quick
@given(st.lists(st.integers(1, 300_000), min_size=2, max_size=12), rates, st.data())
def test_a_roll_moves_one_cut_and_nothing_else(durations, rate, data):
    board = board_of(durations)
    timeline = Timeline.of(board, rate)
    place = data.draw(st.integers(0, len(durations) - 2))
    by = data.draw(st.integers(-8000, 8000))
    after, back = board_edited(board, roll(timeline, place, by))
    new = Timeline.of(after, rate)
    assert new.total == timeline.total
    moved = [at for at, cut in enumerate(new.cuts) if cut.start != timeline.cuts[at].start]
    assert moved in ([], [place + 1])
    assert min(cut.frames for cut in new.cuts) >= 1
    assert board_edited(after, back)[0] == board


def test_a_part_of_the_board_starts_at_its_own_beginning():
    timeline = Timeline.of(board_of([1000] * 8), FILM, ("2",))
    assert (len(timeline.cuts), timeline.total, timeline.cuts[0].start) == (4, 96, 0)
    with pytest.raises(BadInput, match="no panels"):
        Timeline.of((), FILM).at(0)


# sounds

TONE = Sound(sha256=Sha256("a" * 64), name="Tone", samples=480_000, how="imported", temp=True)
TRACKS = (*FIRST_TRACKS, Track(id=TrackId("fx"), name="Effects", kind="effects"))

clips = st.builds(
    Clip,
    id=st.sampled_from([ClipId(name) for name in "abcdef"]),
    track=st.sampled_from([track.id for track in FIRST_TRACKS]),
    sound=st.just(TONE.sha256),
    shot=st.none() | st.sampled_from([ShotId(f"{at:012x}") for at in range(4)]),
    at=st.integers(0, 1_000_000),
    start=st.integers(0, 240_000),
    length=st.integers(1, 240_000),
    gain_db=st.sampled_from([-6.0, 0.0, 3.0]),
)
some_clips = st.lists(clips, max_size=4, unique_by=lambda clip: clip.id).map(tuple)
plain_edits: st.SearchStrategy[AnimaticEdit] = st.one_of(
    some_clips.map(lambda some: PutClips(clips=some)),
    st.lists(st.sampled_from([ClipId(name) for name in "abcdef"]), max_size=3, unique=True).map(
        lambda ids: TakeClips(ids=tuple(ids))
    ),
    st.lists(st.sampled_from(TRACKS), unique_by=lambda track: track.id).map(
        lambda tracks: PutTracks(tracks=tuple(tracks))
    ),
    st.booleans().map(lambda on: ShowCaptions(on=on)),
)
edits = plain_edits | st.lists(plain_edits, max_size=3).map(lambda some: SeveralSounds(edits=tuple(some)))


def as_sets(animatic: Animatic) -> tuple[object, ...]:
    """Clips have no order among themselves."""
    return animatic.tracks, animatic.sounds, animatic.captions, sorted(animatic.clips, key=lambda one: one.id)


@quick
@given(some_clips, st.lists(edits, max_size=8))
def test_any_run_of_edits_is_undone_and_done_again_exactly(first, run):
    animatic = Animatic(tracks=TRACKS, clips=first, sounds=(TONE,))
    states, backs = [animatic], list[AnimaticEdit]()
    for edit in run:
        try:
            animatic, back = edited(animatic, edit)
        except BadInput:
            # A refused edit leaves everything as it was.
            continue
        states.append(animatic)
        backs.append(back)
    forth = list[AnimaticEdit]()
    for state, back in zip(reversed(states[:-1]), reversed(backs), strict=True):
        animatic, again = edited(animatic, back)
        assert as_sets(animatic) == as_sets(state)
        forth.append(again)
    for state, again in zip(states[1:], reversed(forth), strict=True):
        animatic, _back = edited(animatic, again)
        assert as_sets(animatic) == as_sets(state)


def test_a_clip_goes_where_its_shot_goes_and_one_of_its_own_time_stays():
    board = board_of([1000, 2000, 1000])
    hangs = Clip(
        id=ClipId("h"), track=FIRST_TRACKS[0].id, sound=TONE.sha256, shot=board.shots[1].id, at=480, length=10
    )
    stands = hangs.model_copy(update={"id": ClipId("s"), "shot": None, "at": 60_000})
    lost = hangs.model_copy(update={"id": ClipId("l"), "shot": ShotId("f" * 12)})
    animatic = Animatic(tracks=TRACKS, clips=(hangs, stands, lost), sounds=(TONE,))
    for rate in (FILM, rate_named("23.976")):
        timeline = Timeline.of(board, rate)
        longer, _back = board_edited(board, ripple(timeline, 0, 48))
        after = Timeline.of(longer, rate)
        found = {one.clip.id: one for one in placed(animatic, after)}
        assert found[hangs.id].at == sample_of(48, rate) + 480
        assert found[stands.id].at == 60_000
        assert found[lost.id].lost
        part = Timeline.of(board, rate, ("9",))
        assert [one.clip for one in placed(animatic, part, {lost.shot, hangs.shot})] == [stands]
