from __future__ import annotations

import time

import pytest

from studio_assist import protocol
from studio_assist.desk.board import edits
from studio_assist.desk.board.book import BoardBook
from studio_assist.domain.boards import Board
from studio_assist.domain.candidate import State
from studio_assist.domain.errors import Refusal
from studio_assist.domain.storyboard import Live, PutShot, RemoveShots
from studio_assist.domain.values import RequestId
from tests.desk.board_fakes import (
    LINDQVIST,
    FakeBoards,
    many,
    painted,
    project,
    shot,
    shot_id,
    store,
    temp,
    variant,
)

THREE = Board((shot(1, "14A"), shot(2, "14B"), shot(3, "15A", "15")))


@pytest.fixture
def made(qtbot, tmp_path):
    """A book over a strict broker, with its board read."""

    def make(board: Board = THREE, **state: object):
        client = FakeBoards(board, tmp_path / "media")
        book = BoardBook(client)
        client.told.connect(book.take)
        errors: list[object] = []
        book.failed.connect(errors.append)
        with qtbot.waitSignal(book.loaded):
            book.load(project(tmp_path, **state), LINDQVIST)
        return client, book, errors

    return make


def same(client: FakeBoards, book: BoardBook) -> bool:
    return client.board.shots == book.shots


def test_a_long_board_comes_in_pages_and_no_page_holds_the_window_up(qtbot, tmp_path):
    client = FakeBoards(many(2_000))
    book = BoardBook(client)
    took: list[float] = []
    sizes: list[int] = []

    def page() -> None:
        sizes.append(len(book.shots))
        took.append(time.perf_counter())

    book.reset.connect(page)
    book.order_changed.connect(page)
    with qtbot.waitSignal(book.loaded):
        book.load(project(tmp_path), LINDQVIST)
    assert sizes[0] == 0
    assert sizes[1:] == [250 * count for count in range(1, 9)]
    assert same(client, book)


def test_an_edit_is_seen_at_once_and_the_broker_makes_the_same(made, qtbot):
    client, book, errors = made()
    wanted = edits.new_shot(book.board, shot_id(1), "14")
    book.edit(wanted.edit, wanted.words)
    assert [one.number for one in book.shots] == ["14A", "14A1", "14B", "15A"]
    qtbot.waitUntil(lambda: same(client, book))
    assert not errors


def test_two_hundred_edits_are_undone_and_done_again(made, qtbot):
    client, book, _errors = made()
    first = book.shots
    for count in range(220):
        known = book.shot(shot_id(1))
        book.edit(PutShot(shot=known.model_copy(update={"title": f"Title {count}"})), "Rename 14A")
    last = book.shots
    for _ in range(220):
        book.undo()
    assert book.shots == first
    for _ in range(220):
        book.redo()
    assert book.shots == last
    qtbot.waitUntil(lambda: len(client.params_of(protocol.EDIT_BOARD)) == 660)
    qtbot.waitUntil(lambda: same(client, book))


def test_a_refused_edit_brings_the_brokers_board_back_and_is_told_once(made, qtbot):
    client, book, errors = made()
    client.refuse["edit_board"] = Refusal("The board is checked out.", remedy="Ask for it.")
    book.edit(RemoveShots(ids=(shot_id(1),)), "Remove 1 shot")
    assert len(book.shots) == 2
    qtbot.waitUntil(lambda: len(book.shots) == 3)
    assert [error.message for error in errors] == ["The board is checked out."]
    assert book.pile.undo_words == ""


def test_a_board_that_is_read_again_keeps_the_choice_and_what_was_told_meanwhile(qtbot, tmp_path):
    client = FakeBoards(many(600), tmp_path / "media")
    book = BoardBook(client)
    client.told.connect(book.take)
    with qtbot.waitSignal(book.loaded):
        book.load(project(tmp_path), LINDQVIST)
    book.set_selection((shot_id(400), shot_id(500)), shot_id(500))
    sizes: list[int] = []
    book.reset.connect(lambda: sizes.append(len(book.shots)))
    media = store(tmp_path / "media", painted(120))
    told = client.seen(shot_id(1))
    panel = told.shot.model_copy(update={"panel": temp(media)})
    event = protocol.BoardChanged(version=2, shots=(told.model_copy(update={"shot": panel}),))
    # The first page was read before this is told.
    book._pages.came.connect(lambda page: book.take(event) if page.offset == 250 else None)
    with qtbot.waitSignal(book.loaded):
        book.reload()
    assert sizes == [600]
    assert book.selection == (shot_id(400), shot_id(500))
    assert book.current == shot_id(500)
    assert book.shot(shot_id(1)).panel.state == "temp"


def test_what_a_person_is_typing_is_newer_than_what_the_broker_tells(made, qtbot, tmp_path):
    client, book, _errors = made()
    media = store(tmp_path / "media", painted(120))
    stale = client.seen(shot_id(1))
    client.hold()
    book.edit(PutShot(shot=book.shot(shot_id(1)).model_copy(update={"title": "New"})), "Rename 14A")
    panel = stale.model_copy(update={"shot": stale.shot.model_copy(update={"panel": temp(media)})})
    book.take(protocol.BoardChanged(version=2, shots=(panel,)))
    assert book.shot(shot_id(1)).title == "New"
    assert book.shot(shot_id(1)).panel.state == "temp"
    client.release()


def test_a_variant_is_presented_once_and_before_it_is_decided_on(made, qtbot, tmp_path):
    client, book, errors = made()
    media = store(tmp_path / "media", painted(120, band=True))
    client.variants[shot_id(2)] = (variant(shot_id(2), media), variant(shot_id(2), media, 1))
    client.tell(shot_id(2))
    one, other = book.variants(shot_id(2))
    book.present(one)
    with qtbot.waitSignal(book.decided):
        book.decide(one, State.ACCEPTED)
    assert [name for name, _params in client.asked if name in ("presented", "decide_picture")] == [
        "presented",
        "decide_picture",
    ]
    assert book.shot(shot_id(2)).panel.state == "temp"
    # The sibling of an accepted variant is still there to decide on.
    assert book.variants(shot_id(2)) == (other,)
    assert (book.tally.all.temp, book.tally.all.open) == (1, 1)
    book.undo_decision(shot_id(2))
    qtbot.waitUntil(lambda: book.shot(shot_id(2)).panel.state == "empty")
    assert len(book.variants(shot_id(2))) == 2
    assert not errors


def test_undo_takes_back_edits_and_never_a_decision(made, qtbot, tmp_path):
    client, book, _errors = made()
    media = store(tmp_path / "media", painted(120, band=True))
    client.variants[shot_id(2)] = (variant(shot_id(2), media),)
    client.tell(shot_id(2))
    with qtbot.waitSignal(book.decided):
        book.decide(book.variants(shot_id(2))[0], State.ACCEPTED)
    book.undo()
    assert book.shot(shot_id(2)).panel.state == "temp"


def test_a_removed_shot_comes_back_with_its_temp_panel(made, qtbot, tmp_path):
    media = store(tmp_path / "media", painted(120, band=True))
    board = Board((THREE.shots[0].model_copy(update={"panel": temp(media)}), *THREE.shots[1:]))
    _client, book, _errors = made(board)
    book.set_current(shot_id(1))
    book.edit(RemoveShots(ids=(shot_id(1),)), "Remove 1 shot")
    assert book.tally.all.temp == 0
    assert book.current == shot_id(2)
    book.undo()
    assert book.shot(shot_id(1)).panel.state == "temp"
    assert book.tally.all.temp == 1


def test_the_queue_gives_shots_their_place_and_takes_it_away_when_they_are_through(made, qtbot):
    client, book, _errors = made()
    book.ask(protocol.BoardAskParams(shots=(shot_id(1), shot_id(3)), person=LINDQVIST))
    qtbot.waitUntil(lambda: book.queue.total == 2)
    assert book.state(shot_id(1)) == "queued"
    live = Live(state="generating", variant=3, of=4, step="step 12 of 20", share=0.6)
    client.items[0] = client.items[0].model_copy(update={"live": live})
    client.tell_queue()
    assert book.state(shot_id(1)) == "generating"
    assert (book.queue.shown.label, book.queue.shown.waiting) == ("Board 14A, variant 3 of 4", 1)
    client.items.clear()
    client.tell_queue()
    assert book.state(shot_id(1)) == "empty"
    assert book.queue.shown is None


def test_a_job_far_back_in_a_long_line_stays_queued_though_it_is_not_told_of(made):
    _client, book, _errors = made()
    item = protocol.QueueItem(
        request=RequestId("r1"),
        shot=shot_id(1),
        label="Board 14A",
        drawer="SD-Turbo",
        person_name="J. Lindqvist",
        live=Live(state="queued", place=200),
    )
    book.take(protocol.QueueChanged(paused=False, total=1, items=(item,)))
    book.take(protocol.QueueChanged(paused=False, total=900, items=()))
    assert book.state(shot_id(1)) == "queued"


def test_a_board_that_may_only_be_read_says_why_and_sends_nothing(made):
    client, book, errors = made(read_only="M. Lind has the project open.")
    book.edit(RemoveShots(ids=(shot_id(1),)), "Remove 1 shot")
    assert len(book.shots) == 3
    assert not client.params_of(protocol.EDIT_BOARD)
    assert errors[0].message == "M. Lind has the project open."


@pytest.mark.parametrize(
    ("ids", "after", "numbers", "scenes"),
    [
        ((2,), None, ["14B", "14A", "15A"], ["14", "14", "15"]),
        ((1,), 3, ["14B", "15A", "15B"], ["14", "15", "15"]),
        ((3,), 1, ["14A", "14A1", "14B"], ["14", "14", "14"]),
        ((1,), 2, ["14B", "14A", "15A"], ["14", "14", "15"]),
    ],
)
def test_a_moved_shot_takes_a_number_of_its_new_scene_and_renames_nobody(ids, after, numbers, scenes):
    from studio_assist.domain.boards import edited

    chosen = [shot_id(one) for one in ids]
    wanted = edits.moved(THREE, chosen, shot_id(after) if after else None)
    board, _back = edited(THREE, wanted.edit)
    assert [one.number for one in board] == numbers
    assert [one.scene for one in board] == scenes


def test_a_shot_dropped_where_it_stands_moves_nothing():
    assert edits.moved(THREE, [shot_id(2)], shot_id(1)) is None
    assert edits.stepped(THREE, [shot_id(1)], -1) is None
    assert edits.stepped(THREE, [shot_id(3)], 1) is None
