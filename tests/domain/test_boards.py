"""Edits of a board, their undo, and the numbers of shots."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.boards import Board, edited, new_shot_id
from studio_assist.domain.errors import BadInput
from studio_assist.domain.shot_numbers import number_of, numbers_for, renumbered, sort_key
from studio_assist.domain.storyboard import (
    BoardEdit,
    InsertShots,
    MoveShots,
    NumberShots,
    Panel,
    PutShot,
    RemoveShots,
    Several,
    Shot,
    ShotId,
)


def _shot(name: str, scene: str = "14", **fields: object) -> Shot:
    return Shot.model_validate(
        {"id": ShotId(name), "number": f"{scene}{name.upper()}", "scene": scene, **fields}
    )


def _board(names: str = "abcdef", scene: str = "14") -> Board:
    return Board(tuple(_shot(name, scene) for name in names))


def _names(board: Board) -> str:
    return "".join(shot.id for shot in board)


def test_a_put_shot_keeps_what_stands_in_its_panel():
    kept = Panel(state="drawn", by="J. Lindqvist")
    board = Board((_shot("a", panel=kept), _shot("b")))
    new, undo = edited(board, PutShot(shot=_shot("a", title="Maya hears the gap")))
    assert new.shot(ShotId("a")).title == "Maya hears the gap"
    assert new.shot(ShotId("a")).panel == kept
    assert edited(new, undo)[0] == board


def test_many_move_together_in_the_order_they_have_and_go_back_to_their_scenes():
    board = Board((*_board("abc").shots, *_board("def", "15").shots))
    ids = (ShotId("e"), ShotId("a"), ShotId("c"))
    new, undo = edited(board, MoveShots(ids=ids, after=ShotId("d"), scene="15"))
    assert _names(new) == "bdacef"
    assert {shot.scene for shot in new if shot.id in ids} == {"15"}
    assert edited(new, undo)[0] == board


def test_shots_dropped_on_one_of_themselves_close_up_there():
    new, undo = edited(_board(), MoveShots(ids=(ShotId("b"), ShotId("d")), after=ShotId("d")))
    assert _names(new) == "acbdef"
    assert edited(new, undo)[0] == _board()


@pytest.mark.parametrize(
    "edit",
    [
        PutShot(shot=_shot("x")),
        RemoveShots(ids=(ShotId("x"),)),
        RemoveShots(ids=(ShotId("a"), ShotId("a"))),
        MoveShots(ids=(ShotId("a"),), after=ShotId("x")),
        InsertShots(shots=(_shot("a"),), after=None),
        InsertShots(shots=(_shot("x"), _shot("x")), after=None),
        NumberShots(numbers=((ShotId("x"), "1A"),)),
        Several(edits=(RemoveShots(ids=(ShotId("a"),)), PutShot(shot=_shot("a")))),
    ],
)
def test_an_edit_of_what_is_not_there_or_there_twice_says_so(edit: BoardEdit):
    with pytest.raises(BadInput) as told:
        edited(_board(), edit)
    assert told.value.remedy


@st.composite
def _edits(draw: st.DrawFn) -> tuple[Board, BoardEdit]:
    names = [f"{place:02}" for place in range(draw(st.integers(1, 12)))]
    scenes = draw(st.lists(st.sampled_from("123"), min_size=len(names), max_size=len(names)))
    board = Board(tuple(_shot(name, scene) for name, scene in zip(names, scenes, strict=True)))
    present, fresh = list(names), 100
    edits: list[BoardEdit] = []
    for _ in range(draw(st.integers(1, 5))):
        some = draw(st.lists(st.sampled_from(present), unique=True)) if present else []
        after = draw(st.sampled_from([None, *present]))
        match draw(st.sampled_from(["insert", "remove", "move", "number", "put"])):
            case "insert":
                new = [f"n{fresh + place}" for place in range(draw(st.integers(1, 3)))]
                fresh += 10
                edits.append(InsertShots(shots=tuple(_shot(name, "2") for name in new), after=after))
                present += new
            case "remove":
                edits.append(RemoveShots(ids=tuple(ShotId(name) for name in some)))
                present = [name for name in present if name not in some]
            case "move":
                scene = draw(st.sampled_from([None, "1", "9"]))
                edits.append(MoveShots(ids=tuple(ShotId(name) for name in some), after=after, scene=scene))
            case "number":
                edits.append(NumberShots(numbers=tuple((ShotId(name), f"7{name}") for name in some)))
            case _:
                edits += [PutShot(shot=_shot(name, "3", title="new")) for name in some]
    return board, Several(edits=tuple(edits))


@settings(max_examples=150, deadline=None)
@given(_edits())
def test_an_edit_and_its_undo_give_the_same_board_and_its_redo_the_new_one(case: tuple[Board, BoardEdit]):
    board, edit = case
    new, undo = edited(board, edit)
    back, redo = edited(new, undo)
    assert back.shots == board.shots
    assert edited(back, redo)[0].shots == new.shots
    assert len({shot.id for shot in new}) == len(new)


def test_letters_leave_out_i_and_o_and_go_on_after_z():
    assert [number_of("14", count) for count in (1, 8, 9, 14, 24, 25, 26)] == [
        "14A", "14H", "14J", "14P", "14Z", "14AA", "14AB",
    ]  # fmt: skip
    assert number_of("14A", 1) == "14A-A"


def test_a_shot_between_two_gets_a_number_between_theirs_and_renames_nobody():
    board = _board("abc")

    def insert(after: str | None) -> str:
        nonlocal board
        place = next((shot.id for shot in board if shot.number == after), None)
        (number,) = numbers_for(board, "14", place, 1)
        shot = _shot(number.lower()).model_copy(update={"number": number})
        board, _undo = edited(board, InsertShots(shots=(shot,), after=place))
        return number

    places = ["14A", "14A1", "14A1", "14A", "14C", None]
    assert [insert(after) for after in places] == ["14A1", "14A2", "14A1A", "14A01", "14D", "14.1"]
    keys = [sort_key(shot.number) for shot in board]
    assert keys == sorted(keys)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 4)), max_size=25),
    st.sampled_from(["14", "14A", ""]),
)
def test_new_numbers_are_unique_wherever_shots_come_in(places: list[tuple[int, int]], scene: str):
    board = Board()
    for place, count in places:
        after = board.shots[place % len(board)].id if len(board) else None
        numbers = numbers_for(board, scene, after, count)
        shots = tuple(Shot(id=new_shot_id(), number=number, scene=scene) for number in numbers)
        board, _undo = edited(board, InsertShots(shots=shots, after=after))
    assert len({shot.number for shot in board}) == len(board)
    again, _undo = edited(board, renumbered(board))
    assert [shot.number for shot in again] == [number_of(scene, place + 1) for place in range(len(again))]


def test_renumbering_a_scene_leaves_the_others_and_is_undone():
    board = Board((*_board("cab").shots, *_board("zy", "15").shots))
    new, undo = edited(board, renumbered(board, "14"))
    assert [shot.number for shot in new] == ["14A", "14B", "14C", "15Z", "15Y"]
    assert edited(new, undo)[0] == board


def test_ids_of_a_text_are_always_the_same_and_others_never():
    assert new_shot_id("14 Maya listens.") == new_shot_id("14 Maya listens.")
    assert new_shot_id() != new_shot_id()
    assert len(new_shot_id()) == 12


def test_ten_thousand_shots_are_edited_in_a_few_milliseconds():
    board = Board(tuple(_shot(f"{place:012x}", str(place // 12)) for place in range(10_000)))
    ids = tuple(shot.id for shot in board)
    edits: list[BoardEdit] = [
        PutShot(shot=board.shots[5000].model_copy(update={"title": "new"})),
        MoveShots(ids=ids[9000:9005], after=ids[3], scene="1"),
        RemoveShots(ids=ids[::2]),
        MoveShots(ids=ids[1::3], after=None),
    ]
    for edit in edits:
        taken: list[float] = []
        for _ in range(3):
            begun = time.perf_counter()
            new, undo = edited(board, edit)
            taken.append(time.perf_counter() - begun)
        assert edited(new, undo)[0] == board
        # Ten milliseconds on the desk; a tenfold allowance for a machine that does other things.
        assert min(taken) < 0.1
