"""An edit from editorial as changes of the board: as few as there are, and none that can do harm."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.boards import Board, edited
from studio_assist.domain.conform import (
    Change,
    LeftOut,
    NewInEdit,
    NewLength,
    NewNote,
    NewPlace,
    changes,
    edit_of,
    is_nothing,
)
from studio_assist.domain.incoming import IncomingClip, IncomingEdit
from studio_assist.domain.storyboard import Media, Panel, Shot, ShotId
from studio_assist.domain.timebase import RATES, FrameRate, frames_of, ms_of, rate_named
from studio_assist.domain.timeline import Timeline

FILM = rate_named("24")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def shot(count: int, scene: str = "14", ms: int = 2000, **more: object) -> Shot:
    number = f"{scene}{LETTERS[count % len(LETTERS)]}"
    values = {"id": ShotId(f"{count:012x}"), "number": number, "scene": scene, "duration_ms": ms}
    return Shot.model_validate({**values, **more})


def clip(of: Shot, frames: int | None = None, rate: FrameRate = FILM, note: str = "") -> IncomingClip:
    length = frames if frames is not None else frames_of(of.duration_ms, rate)
    return IncomingClip(name=of.number, shot=of.id, frames=length, note=note)


def edit(clips: Sequence[IncomingClip], rate: FrameRate = FILM, covers: Sequence[Shot] = ()) -> IncomingEdit:
    return IncomingEdit(format="otio", rate=rate, clips=tuple(clips), covers=tuple(one.id for one in covers))


def compared(board: Sequence[Shot], incoming: IncomingEdit, rate: FrameRate = FILM) -> tuple[Change, ...]:
    return changes(board, Timeline.of(board, rate), incoming)


def taken(board: Sequence[Shot], wanted: Sequence[Change]) -> Board:
    made = Board(tuple(board))
    for change in wanted:
        made, _back = edited(made, edit_of(made, change))
    return made


FIVE = tuple(shot(count) for count in range(5))


@given(
    st.lists(st.integers(1, 30_000), min_size=1, max_size=30), st.sampled_from(RATES), st.sampled_from(RATES)
)
@settings(max_examples=60, deadline=None)
def test_the_same_edit_changes_nothing_at_its_own_rate_and_at_any_other(lengths, own, other):
    board = [shot(count, ms=ms_of(frames_of(ms, own), own)) for count, ms in enumerate(lengths)]
    # Another system counts the same seconds in its own frames, each cut to its nearest one.
    for rate in (own, other):
        if rate.fps >= own.fps:
            assert compared(board, edit([clip(one, rate=rate) for one in board], rate), own) == ()


def test_a_shot_that_moves_is_one_change_and_those_that_it_passes_are_none():
    a, b, c, d, e = FIVE
    assert compared(FIVE, edit([clip(one) for one in (b, c, d, e, a)])) == (
        NewPlace(shot=a.id, after=e.id, or_after=e.id, was_after=None),
    )
    assert compared(FIVE, edit([clip(one) for one in (e, a, b, c, d)])) == (
        NewPlace(shot=e.id, after=None, or_after=None, was_after=d.id),
    )


def test_a_length_is_told_in_frames_of_the_edit_and_kept_in_those_of_the_project():
    (change,) = compared(FIVE, edit([clip(FIVE[0], 60), *map(clip, FIVE[1:])]))
    assert change == NewLength(shot=FIVE[0].id, frames_before=48, frames_after=60, duration_ms=2500)
    fast = rate_named("60")
    lengths = [clip(one, 120, fast) for one in FIVE[1:]]
    # 121 frames of 60 are 48.4 of 24: nothing that the board could keep.
    assert compared(FIVE, edit([clip(FIVE[0], 121, fast), *lengths], fast)) == ()
    (change,) = compared(FIVE, edit([clip(FIVE[0], 124, fast), *lengths], fast))
    assert isinstance(change, NewLength)
    assert (change.frames_before, change.frames_after, change.duration_ms) == (120, 124, 2083)


def test_shots_are_found_by_our_mark_then_by_their_number_then_by_their_picture():
    media = Media(sha256="c" * 64, width=1280, height=536)
    board = (shot(0), shot(1), shot(2, panel=Panel(state="drawn", picture=media, shown=media)))
    found = [
        IncomingClip(name="renamed", shot=board[0].id, frames=48),
        IncomingClip(name="14b.PNG", frames=48),
        IncomingClip(name="still 3", media="c" * 64, frames=48),
    ]
    assert compared(board, edit(found)) == ()
    # A number that two shots have names neither.
    twins = (shot(0), shot(1, number="14A"))
    kinds = [change.kind for change in compared(twins, edit([IncomingClip(name="14A", frames=48)]))]
    assert kinds == ["new"]


def test_what_an_edit_of_some_scenes_does_not_cover_is_not_left_out_and_stays_where_it_is():
    board = (shot(0, "13"), shot(1, "14"), shot(2, "14"), shot(3, "14"), shot(4, "15"))
    _before, a, b, c, _behind = board
    assert compared(board, edit([clip(a), clip(c)])) == (LeftOut(shot=b.id),)
    # Moved to the front of the edit is not moved to the front of the film.
    (moved,) = compared(board, edit([clip(c), clip(a), clip(b)]))
    assert [one.id for one in taken(board, [moved])] == [one.id for one in (board[0], c, a, b, board[4])]
    # What it was exported with is told by the file, so a scene that is wholly gone is noticed, and a shot that
    # was made since is not.
    covered = edit([clip(a), clip(b)], covers=[a, b, board[4]])
    assert compared(board, covered) == (LeftOut(shot=board[4].id),)


def test_a_clip_that_is_no_shot_becomes_an_empty_one_once_however_often_the_edit_is_compared():
    a, b = FIVE[:2]
    incoming = edit([clip(a), *(IncomingClip(name="GFX ÄB 01 of many", frames=24) for _ in "xy"), clip(b)])
    first = compared((a, b), incoming)
    assert [change.kind for change in first] == ["new", "new"]
    board = taken((a, b), first)
    assert [one.number for one in board] == ["14A", "14A1", "14A2", "14B"]
    assert [one.duration_ms for one in board] == [2000, 1000, 1000, 2000]
    assert compared(board.shots, incoming) == ()
    assert is_nothing(edit_of(board, first[0]))


def test_a_note_is_added_once_and_our_own_words_that_come_back_are_no_note():
    a = shot(0, action="The ferry leaves.", notes="Low angle.\nHold.")
    own = clip(a, note="hold.\nThe ferry  leaves.")
    assert compared((a,), edit([own])) == ()
    (change,) = compared((a,), edit([clip(a, note="Low angle.\nToo long?")]))
    assert change == NewNote(shot=a.id, note="Too long?")
    board = taken((a,), [change])
    assert board.shots[0].notes == "Low angle.\nHold.\nToo long?"
    assert is_nothing(edit_of(board, change))


@st.composite
def boards_and_edits(draw: st.DrawFn) -> tuple[tuple[Shot, ...], IncomingEdit]:
    count = draw(st.integers(1, 9))
    lengths = draw(st.lists(st.integers(1, 500), min_size=count, max_size=count))
    board = tuple(shot(place, ms=ms_of(frames, FILM)) for place, frames in enumerate(lengths))
    kept = draw(st.permutations(board))[: draw(st.integers(1, count))]
    clips = [clip(one, draw(st.integers(1, 500)), note=draw(st.sampled_from(("", "Trim?")))) for one in kept]
    for place in draw(st.lists(st.integers(0, len(kept)), max_size=3)):
        clips.insert(place, IncomingClip(name=draw(st.sampled_from(("GFX", "Bars", "14Q"))), frames=12))
    return board, edit(clips, covers=board)


@given(boards_and_edits())
@settings(max_examples=150, deadline=None)
def test_all_changes_taken_in_order_give_the_edit_and_leave_nothing_to_change(made):
    board, incoming = made
    # The first of a name that comes twice counts, where that is a shot of the board.
    wanted = compared(board, incoming)
    after = taken(board, wanted)
    numbers = {one.id: one.number for one in board}
    named = [numbers[one.shot] if one.shot else one.name for one in incoming.clips]
    new = {change.id: change.name for change in wanted if isinstance(change, NewInEdit)}
    assert [new.get(one.id, one.number) for one in after] == named
    assert [frames_of(one.duration_ms, FILM) for one in after] == [one.frames for one in incoming.clips]
    assert sum(isinstance(change, NewPlace) for change in wanted) <= max(0, len(board) - 1)


@given(boards_and_edits(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_any_changes_taken_in_any_order_raise_nothing_and_lose_no_shot(made, chance):
    board, incoming = made
    wanted = list(compared(board, incoming))
    chance.shuffle(wanted)
    some = wanted[: chance.randint(0, len(wanted))]
    # The board may have been changed by hand meanwhile.
    by_hand = tuple(one for one in board if chance.random() < 0.9)
    here = Board(by_hand)
    backs = []
    for change in some + some[:2]:
        here, back = edited(here, edit_of(here, change))
        backs.append(back)
    out = {change.shot for change in some if isinstance(change, LeftOut)}
    new = {change.id for change in some if isinstance(change, NewInEdit)}
    assert {one.id for one in here} == ({one.id for one in by_hand} - out) | new
    for back in reversed(backs):
        here, _again = edited(here, back)
    assert here.shots == by_hand


def test_a_thousand_shots_turned_round_are_compared_at_once():
    board = [shot(count, str(count), ms=1000) for count in range(1000)]
    wanted = compared(board, edit([clip(one) for one in reversed(board)]))
    assert len(wanted) == 999
    assert [one.id for one in taken(board[:1], wanted[:1])] == [board[0].id]
