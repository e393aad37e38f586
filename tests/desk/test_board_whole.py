"""The Board desk through the window with the broker behind it: from a scene to a temp board to a drawn one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from studio_assist.desk.board.proposals import ProposalsSheet
from studio_assist.domain.record import DecisionMade, PanelReplaced
from studio_assist.ledger import verify
from studio_assist.storage.lock import ProjectLock
from tests.desk.artist import ARTIST, LEFT, NONE, Artist, project
from tests.desk.studio_driver import CTRL, SHIFT
from tests.desk.test_record import part, words_of
from tests.faults.processes import kill

ALT = Qt.KeyboardModifier.AltModifier
Start = Callable[[], Artist]


@pytest.fixture(scope="module")
def framed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scene 2 in three shots: three frames wait for the first, and one for the second."""
    return project(tmp_path_factory.mktemp("framed") / "Ferry.studio", frames=3)


@pytest.fixture
def framed(framed_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(framed_once, tmp_path / "Ferry.studio"))


@pytest.fixture
def artist(qapp: QApplication, home: Path) -> Iterator[Artist]:
    made = Artist(home, ARTIST)
    yield made
    made.close()


@pytest.fixture
def at_work(artist: Artist, framed: Path) -> Artist:
    """At the board, on the shot whose frames wait."""
    artist.begin(framed)
    artist.to_board().choose("2A")
    return artist


def confirm_replaced(artist: Artist) -> None:
    artist.key(Qt.Key.Key_Return, CTRL | SHIFT)
    sheet = artist.shown("replace_sheet")
    # Enter, still held, signs nothing.
    artist.key(Qt.Key.Key_Return)
    assert sheet.isVisible()
    artist.press("confirm_replaced")


def accept(artist: Artist, number: str = "2A") -> None:
    artist.looked()
    artist.key(Qt.Key.Key_A)
    artist.wait(lambda: artist.shot(number).panel.state == "temp", "the frame to be accepted")


def test_shots_are_taken_one_by_one_from_what_rules_propose_and_a_scene_is_boarded(
    artist: Artist, tmp_path: Path
) -> None:
    artist.make(tmp_path / "Ferry.studio")
    artist.to_board()
    assert artist.part("empty_board") is not None
    artist.press("empty_propose")
    sheet = artist.shown("proposals_sheet")
    assert isinstance(sheet, ProposalsSheet)
    artist.wait(lambda: len(sheet.rows.shots) == 8, "the proposals")
    assert artist.book.shots == ()
    # Enter takes nothing, and no button takes more than one.
    artist.key(Qt.Key.Key_Return)
    words = [one.text() for one in sheet.findChildren(QPushButton)]
    assert not any("all" in one.lower().split() for one in words), words
    artist.key(Qt.Key.Key_T)
    assert artist.numbers() == ["1A"]
    artist.key(Qt.Key.Key_Delete)
    artist.key(Qt.Key.Key_T)
    assert len(artist.book.shots) == 2
    for _ in range(2):
        artist.key(Qt.Key.Key_Down)
    artist.key(Qt.Key.Key_T)
    assert len(artist.book.shots) == 3
    artist.key(Qt.Key.Key_Escape)
    artist.wait(lambda: artist.part("proposals_sheet") is None, "the sheet to go")
    assert artist.said_of("status_debt") == "No temp debt"

    first = artist.numbers()[0]
    artist.choose(first)
    shots = [shot for shot in artist.book.shots if shot.scene == "1"]
    artist.pick("Board this scene")
    artist.wait(lambda: artist.part("status_queue") is not None, "the queue in the status bar")
    artist.wait(
        lambda: (
            "Board 1"
            in (artist.shown("status_queue").accessibleName() if artist.part("status_queue") else "")
        ),
        "the job in the status bar",
    )
    artist.drawn_out()
    assert artist.part("status_queue") is None
    for shot in shots:
        assert len(artist.book.variants(shot.id)) == 4
        assert artist.book.state(shot.id) == "proposed"
    # Frames that came in wait: nobody has decided on one, nor seen one, but the one in the inspector.
    assert artist.outcomes() == []
    assert artist.said_of("status_debt") == "No temp debt"
    for name in ("shot_list", "panel_grid", "variant_strip", "accept_button", "edit_button", "reject_button"):
        assert artist.part(name) is not None, name
    card = artist.shown("candidate_card")
    assert card.property("candidate_id") == artist.variants(first)[0].candidate
    assert card.property("state") == "ready"


def test_variants_are_chosen_and_decided_one_by_one_by_keys_and_siblings_survive(at_work: Artist) -> None:
    artist = at_work
    card = artist.desk.inspector.card
    one, two, three = artist.variants("2A")
    # Pressed before it was looked at, a key decides nothing.
    artist.key(Qt.Key.Key_3)
    assert card.variant is not None
    assert card.variant.candidate == three.candidate
    assert not artist.shown("accept_button").isEnabled()
    artist.key(Qt.Key.Key_A)
    artist.settle(60)
    assert artist.outcomes() == []
    assert not [entry for entry in artist.entries("presented") if three.candidate in str(entry.body)]

    artist.key(Qt.Key.Key_1)
    artist.looked()
    # A double click shows it large, and Enter goes back.
    artist.desk.grid.doubleClicked.emit(artist.desk.centre.shown.place_of(artist.shot("2A").id))
    artist.wait(lambda: artist.part("lightbox") is not None, "the large view")
    artist.key(Qt.Key.Key_Return)
    artist.wait(lambda: artist.part("lightbox") is None, "the large view to go")
    assert artist.outcomes() == []

    for number, variant in ((3, three), (1, one), (2, two)):
        artist.key(getattr(Qt.Key, f"Key_{number}"))
        assert artist.shown("candidate_card").property("candidate_id") == variant.candidate
    artist.key(Qt.Key.Key_2)
    assert artist.looked().candidate == two.candidate
    artist.key(Qt.Key.Key_R)
    artist.wait(lambda: len(artist.variants("2A")) == 2, "the rejection")
    assert artist.outcomes() == [(two.candidate, "rejected")]
    # What comes up next has been seen by nobody, and is not decided by the same key.
    artist.key(Qt.Key.Key_R)
    artist.settle(60)
    assert len(artist.outcomes()) == 1
    artist.key(Qt.Key.Key_1)
    assert artist.looked().candidate == one.candidate
    artist.key(Qt.Key.Key_A)
    artist.wait(lambda: artist.shot("2A").panel.state == "temp", "the frame to be accepted")
    assert [left.candidate for left in artist.variants("2A")] == [three.candidate]
    assert artist.outcomes() == [(two.candidate, "rejected"), (one.candidate, "accepted")]
    panel = artist.shot("2A").panel
    (entry,) = [entry for entry in artist.entries("decision") if entry.number == panel.entry]
    assert isinstance(entry.body, DecisionMade)
    assert (entry.person, panel.by, panel.picture) == (ARTIST.id, ARTIST.name, one.picture)
    shown = [entry for entry in artist.entries("presented") if one.candidate in str(entry.body)]
    assert shown
    assert shown[0].number < entry.number
    artist.wait(lambda: artist.said_of("status_debt") == "Temp debt 1 board", "the debt")

    # Taken back by the notice's Undo, the offer waits again.
    artist.press("notice_board_undo")
    artist.wait(lambda: artist.shot("2A").panel.state == "empty", "the undo")
    assert {left.candidate for left in artist.variants("2A")} == {one.candidate, three.candidate}
    artist.wait(lambda: artist.said_of("status_debt") == "No temp debt", "the debt")
    assert verify(artist.folder).ok


def test_a_temp_panel_is_drawn_over_replaced_and_taken_back(at_work: Artist) -> None:
    artist = at_work
    accept(artist)
    artist.open_canvas()
    assert artist.shown("draw_canvas") is artist.area
    document = artist.room.canvas.document
    assert document is not None
    assert document.has_underlay
    artist.stroke()
    artist.stroke(0.6)
    artist.back()
    artist.kept("2A")
    panel = artist.shot("2A").panel
    assert (panel.state, panel.entry) == ("temp", artist.entries("decision")[-1].number)
    assert panel.shown is not None
    assert artist.book.media_file(panel.shown).is_file()
    assert panel.shown != panel.picture
    assert artist.state_of("2A") == "temp" or artist.variants("2A")
    assert not list((artist.folder / "recovery").glob("*.ora"))
    assert artist.said_of("status_debt") == "Temp debt 1 board"

    artist.open_canvas()
    artist.stroke(0.35)
    confirm_replaced(artist)
    artist.wait(lambda: artist.shot("2A").panel.state == "drawn", "the panel to be replaced")
    artist.wait(lambda: artist.said_of("status_debt") == "No temp debt", "the debt to be paid")
    (replaced,) = artist.entries("panel_replaced")
    assert isinstance(replaced.body, PanelReplaced)
    assert (replaced.person, replaced.body.decision) == (ARTIST.id, panel.entry)
    assert 0 < replaced.body.human_permille < 1000
    document = artist.room.canvas.document
    assert document is not None
    artist.wait(lambda: not document.has_underlay, "the underlay to leave")
    artist.settle(100)

    # Ctrl Z on the canvas brings underlay, band and debt back.
    artist.key(Qt.Key.Key_Z, CTRL)
    artist.wait(lambda: artist.shot("2A").panel.state == "temp", "the replacement to be taken back")
    artist.wait(lambda: document.has_underlay, "the underlay")
    artist.wait(lambda: artist.said_of("status_debt") == "Temp debt 1 board", "the debt")
    assert len(artist.entries("panel_restored")) == 1

    confirm_replaced(artist)
    artist.wait(lambda: artist.shot("2A").panel.state == "drawn", "the panel to be replaced again")
    artist.settle(100)
    artist.back()
    artist.settle(300)
    panel = artist.shot("2A").panel
    assert (panel.state, panel.by) == ("drawn", ARTIST.name)
    assert artist.said_of("status_debt") == "No temp debt"
    assert verify(artist.folder).ok


def test_a_frame_is_edited_on_the_canvas_and_then_accepted_or_left(at_work: Artist) -> None:
    artist = at_work
    variant = artist.looked()
    artist.open_canvas(Qt.Key.Key_E)
    artist.stroke()
    artist.back()
    artist.shown("edited_frame_sheet")
    # Enter does neither; Esc leaves it undecided, and the drawing is there again.
    artist.key(Qt.Key.Key_Return)
    artist.settle(30)
    artist.key(Qt.Key.Key_Escape)
    artist.wait(lambda: artist.part("edited_frame_sheet") is None, "the sheet to go")
    assert artist.outcomes() == []
    artist.looked()
    artist.open_canvas(Qt.Key.Key_E)
    document = artist.room.canvas.document
    assert document is not None
    assert any(face.kind == "ink" and document.tiles(face.id).keys() for face in document.faces)
    artist.back()
    artist.shown("edited_frame_sheet")
    artist.press("accept_edited")
    artist.kept("2A")
    assert artist.outcomes() == [(variant.candidate, "edited")]
    panel = artist.shot("2A").panel
    assert panel.state == "temp"
    assert 0 < panel.human_permille < 1000
    assert len(artist.variants("2A")) == 2
    assert artist.said_of("status_debt") == "Temp debt 1 board"
    assert verify(artist.folder).ok


def test_shots_go_come_back_and_move_by_keys_and_by_dragging(at_work: Artist) -> None:
    artist = at_work
    accept(artist)
    decision = artist.shot("2A").panel.entry
    artist.wait(lambda: artist.said_of("status_debt") == "Temp debt 1 board", "the debt")
    artist.key(Qt.Key.Key_Delete)
    artist.wait(lambda: artist.numbers() == ["2B", "2C"], "the shot to go")
    artist.wait(lambda: artist.said_of("status_debt") == "No temp debt", "the debt to go")
    assert "1 shot" in artist.desk.toast.words
    artist.key(Qt.Key.Key_Z, CTRL)
    artist.wait(lambda: artist.numbers() == ["2A", "2B", "2C"], "the shot to come back")
    artist.wait(lambda: artist.said_of("status_debt") == "Temp debt 1 board", "the debt to come back")
    panel = artist.shot("2A").panel
    assert (panel.state, panel.entry) == ("temp", decision)
    assert len(artist.variants("2A")) == 2
    artist.wait(lambda: len(artist.entries("panel_cleared", "panel_restored")) == 2, "the record")
    assert [one.body.type for one in artist.entries("panel_cleared", "panel_restored")] == [
        "panel_cleared",
        "panel_restored",
    ]

    artist.choose("2A")
    artist.key(Qt.Key.Key_Right, ALT)
    assert artist.numbers() == ["2B", "2A", "2C"]
    artist.key(Qt.Key.Key_Z, CTRL)
    assert artist.numbers() == ["2A", "2B", "2C"]
    # Two of them, dragged behind the last.
    artist.choose("2A")
    artist.choose("2B", CTRL)
    assert len(artist.book.selection) == 2
    port, grid = artist.desk.grid.viewport(), artist.desk.grid
    start = artist.place_of(artist.shot("2A").id)
    box = grid.visualRect(artist.desk.centre.shown.place_of(artist.shot("2C").id))
    end = QPoint(box.right() - 4, box.center().y())
    QTest.mousePress(port, LEFT, NONE, start)
    for step in range(1, 11):
        QTest.mouseMove(port, start + (end - start) * step / 10)
        artist.settle(5)
    QTest.mouseRelease(port, LEFT, NONE, end)
    artist.wait(lambda: artist.numbers() == ["2C", "2A", "2B"], "the drop")
    folder = artist.folder
    artist.studio.close_project()
    artist.wait(lambda: artist.studio.state is None, "the project to close")
    artist.studio.open_project(folder)
    artist.wait_open()
    artist.to_board()
    assert artist.numbers() == ["2C", "2A", "2B"]
    assert artist.shot("2A").panel.entry == decision


def test_ties_follow_the_script_and_a_deleted_line_is_told_as_lost(artist: Artist, framed: Path) -> None:
    artist.begin(framed)
    before = {shot.number: shot.tie for shot in artist.to_board().book.shots}
    artist.key(Qt.Key.Key_1, CTRL)
    artist.caret_on("INT. FERRY CABIN")
    QTest.keyClicks(artist.editor, "A gull.")
    artist.key(Qt.Key.Key_Return)
    artist.key(Qt.Key.Key_Return)
    artist.key(Qt.Key.Key_S, CTRL)
    artist.saved()
    text = artist.text()

    def follow() -> bool:
        return all(
            shot.tie is not None and text[shot.tie.start : shot.tie.end] == shot.tie.words
            for shot in artist.book.shots
        )

    artist.wait(follow, "the ties to follow")
    moved = {shot.number: shot.tie for shot in artist.book.shots}
    assert all(moved[number].start > tie.start for number, tie in before.items())
    assert {tie.state for tie in moved.values() if tie} == {"tied"}

    words = moved["2A"].words
    start = text.index(words)
    artist.editor.select_range(start, start + len(words))
    artist.editor.setFocus()
    artist.key(Qt.Key.Key_Delete)
    artist.key(Qt.Key.Key_S, CTRL)
    artist.saved()
    artist.wait(lambda: artist.shot("2A").tie.state == "lost", "the tie to be lost")
    assert artist.shot("2B").tie.state == "tied"
    artist.to_board().choose("2A")
    assert "The line it was made from is gone" in words_of(part(artist.desk.inspector, "tie_line"))


def test_f8_goes_to_the_panel_that_is_still_temp(at_work: Artist) -> None:
    artist = at_work
    accept(artist)
    artist.choose("2C")
    artist.key(Qt.Key.Key_F8)
    artist.wait(lambda: artist.book.current == artist.shot("2A").id, "the temp panel")


def test_a_broker_that_is_killed_while_frames_are_drawn_goes_on_with_the_queue(at_work: Artist) -> None:
    artist = at_work
    accept(artist)
    entry = artist.shot("2A").panel.entry
    artist.choose("2B")
    artist.pick("Board this scene")
    artist.wait(lambda: artist.state_of("2B") == "generating", "the drawing")
    artist.wait(lambda: len(artist.variants("2B")) >= 1, "a first frame")
    pid = artist.window.client.pid
    kill(pid)
    artist.wait(lambda: artist.window.client.pid not in (0, pid), "the new broker")
    artist.wait(lambda: "broker" in artist.studio.shell.notices.ids, "the notice")
    # What it was at and what waited is drawn; what there was already stays.
    artist.wait(lambda: len(artist.variants("2C")) == 4, "the queue to go on")
    artist.drawn_out()
    assert artist.studio.shell.sheet() is None
    assert artist.numbers() == ["2A", "2B", "2C"]
    panel = artist.shot("2A").panel
    assert (panel.state, panel.entry) == ("temp", entry)
    assert len(artist.variants("2A")) == 2
    assert len(artist.variants("2B")) > 4
    assert artist.said_of("status_debt") == "Temp debt 1 board"
    # And it is decided as before.
    artist.choose("2C")
    accept(artist, "2C")
    assert verify(artist.folder).ok


@pytest.mark.parametrize("left", ["in the middle of a stroke", "after it was kept", "by closing the project"])
def test_what_was_drawn_is_in_the_panel_however_the_canvas_was_left(
    artist: Artist, home: Path, framed: Path, left: str
) -> None:
    first = Artist(home, ARTIST)
    try:
        first.begin(framed)
        first.to_board().choose("2A")
        accept(first)
        first.open_canvas()
        first.stroke(release=left != "in the middle of a stroke")
        if left == "after it was kept":
            saver = first.room.canvas.saver
            assert saver is not None
            saver.save()
            first.wait(lambda: not saver.dirty, "the drawing to be kept")
        elif left == "by closing the project":
            first.studio.close_project()
            first.wait(lambda: first.studio.state is None, "the project to close")
            first.settle(200)
            assert first.studio.shell.sheet() is None
    finally:
        first.close()

    artist.begin(framed)
    artist.to_board().choose("2A")
    artist.kept("2A")
    panel = artist.shot("2A").panel
    assert panel.state == "temp"
    assert panel.human_permille > 0
    artist.settle(200)
    assert not list((framed / "recovery").glob("canvas-*.ora"))
    assert "crash" not in words_of(artist.studio.shell.notices.strip), "closing a window is no crash"


def test_a_broker_that_is_killed_while_a_person_draws_costs_no_stroke(at_work: Artist) -> None:
    artist = at_work
    accept(artist)
    artist.open_canvas()
    artist.stroke()
    pid = artist.window.client.pid
    kill(pid)
    artist.stroke(0.6)
    artist.back()
    artist.wait(lambda: artist.window.client.pid not in (0, pid), "the new broker")
    artist.kept("2A")
    artist.settle(100)
    panel = artist.shot("2A").panel
    assert panel.state == "temp"
    assert panel.human_permille > 0
    assert artist.studio.shell.sheet() is None
    assert not list((artist.folder / "recovery").glob("canvas-*.ora"))


def test_pictures_that_are_missing_are_shown_as_missing_with_where_they_were(
    artist: Artist, framed: Path
) -> None:
    (framed / "media").rename(framed / "elsewhere")
    artist.begin(framed)
    artist.to_board().choose("2A")
    card = artist.desk.inspector.card
    place = card.preview.framed.place
    assert card.variant is not None
    media = card.variant.shown or card.variant.picture
    assert place == f"media/{media.sha256[:2]}/{media.sha256}.png"
    artist.settle(400)
    gone = card.preview.grab().toImage()
    # Nobody has seen it, so nobody decides on it.
    for key in (Qt.Key.Key_A, Qt.Key.Key_E, Qt.Key.Key_R):
        artist.key(key)
        artist.settle(50)
    assert not artist.room.is_drawing
    assert artist.outcomes() == []

    # Put back, it is shown without opening the project again.
    (framed / "elsewhere").rename(framed / "media")
    artist.choose("2B")
    artist.choose("2A")
    artist.looked()
    assert card.preview.grab().toImage() != gone


def test_a_read_only_project_shows_its_board_and_edits_nothing(artist: Artist, framed: Path) -> None:
    lock = ProjectLock.acquire(framed, what="window")
    assert isinstance(lock, ProjectLock)
    before = (framed / "boards.json").read_bytes()
    with lock:
        artist.begin(framed)
        artist.to_board().choose("2A")
        assert artist.numbers() == ["2A", "2B", "2C"]
        assert len(artist.variants("2A")) == 3
        artist.settle(400)
        for key, modifier in (
            (Qt.Key.Key_A, NONE),
            (Qt.Key.Key_R, NONE),
            (Qt.Key.Key_N, NONE),
            (Qt.Key.Key_Delete, NONE),
            (Qt.Key.Key_Right, ALT),
        ):
            artist.key(key, modifier)
            artist.settle(30)
            while artist.studio.shell.sheet() is not None:
                artist.key(Qt.Key.Key_Escape)
                artist.settle(30)
        artist.settle(100)
        assert artist.numbers() == ["2A", "2B", "2C"]
        assert artist.outcomes() == []
    assert (framed / "boards.json").read_bytes() == before
