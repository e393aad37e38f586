"""Changes from editorial in the window: one by one, by keyboard, and taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from studio_assist import protocol
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.importing.conform_sheet import ConformSheet
from studio_assist.desk.theme import Theme
from studio_assist.domain.boards import Board
from studio_assist.domain.conform import changes
from studio_assist.domain.incoming import IncomingClip, IncomingEdit, ReportLine
from studio_assist.domain.storyboard import RemoveShots
from studio_assist.domain.timebase import rate_named
from studio_assist.domain.timeline import Timeline
from tests.desk.board_fakes import LINDQVIST, FakeBoards, drawn, painted, project, shot, shot_id, store, temp

FILM = rate_named("24")
CTRL = Qt.KeyboardModifier.ControlModifier
REPORT = (
    ReportLine(where="clip 7", what="14C plays again; the first time counts.", remedy="Give it a shot."),
)


def board_in(media) -> Board:
    pictures = [store(media, painted(90 + 30 * grey, band=grey == 1)) for grey in range(3)]
    return Board(
        (
            shot(1, "14A", duration_ms=2000, panel=drawn(pictures[0])),
            shot(2, "14B", duration_ms=2000, panel=temp(pictures[1])),
            shot(3, "14C", duration_ms=2000),
            shot(4, "15A", "15", duration_ms=2000, panel=drawn(pictures[2])),
            shot(5, "15B", "15", duration_ms=2000),
        )
    )


def edit_of_all_kinds() -> IncomingEdit:
    """14C is longer, 14B gone, 15A comes before 14C, an insert is new, and 15B has a note."""
    clips = (
        IncomingClip(name="14A", frames=48),
        IncomingClip(name="15A", frames=48),
        IncomingClip(name="14C", frames=60),
        IncomingClip(name="GFX 01", frames=24),
        IncomingClip(name="15B", frames=48, note="Is this needed?"),
    )
    return IncomingEdit(format="otio", rate=FILM, clips=clips)


@pytest.fixture
def opened(qtbot, tmp_path):
    """The sheet over a window, its book and its broker."""

    def make(report: tuple[ReportLine, ...] = (), size=(1440, 900), scheme: str = "dark"):
        board = board_in(tmp_path / "media")
        client = FakeBoards(board, tmp_path / "media")
        book = BoardBook(client)
        client.told.connect(book.take)
        with qtbot.waitSignal(book.loaded):
            book.load(project(tmp_path), LINDQVIST)
        window = QWidget()
        qtbot.addWidget(window)
        window.resize(*size)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        found = changes(board.shots, Timeline.of(board.shots, FILM), edit_of_all_kinds())
        seen = protocol.FileSeen(
            format="otio", name="Ferry v3.otio", digest="0" * 64, changes=found, report=report
        )
        sheet = ConformSheet(Theme(scheme), window, book, seen)  # pyright: ignore[reportArgumentType]
        sheet.open()
        return sheet, book, client

    return make


def titles(sheet: ConformSheet) -> list[str]:
    return [row.said.title for row in sheet.rows.rows]


def key(
    sheet: ConformSheet, which: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(sheet.list, which, held)


def test_each_change_is_taken_or_left_by_itself_and_each_answer_is_taken_back(opened, qtbot):
    sheet, book, client = opened(REPORT)
    assert titles(sheet) == [
        "14B is not in the edit",
        "15A moves behind 14A",
        "14C plays 12 frames longer: 48 to 60",
        "GFX 01 is new, behind 14C",
        "Editorial wrote to 15B",
    ]
    assert "Its TEMP picture goes with it." in sheet.rows.rows[0].said.more
    assert sheet.said == "5 to decide"
    assert sheet.list.hasFocus()
    # Nothing takes more than one, and Enter takes none.
    key(sheet, Qt.Key.Key_Return)
    assert book.pile.undo_words == ""
    before = book.board
    key(sheet, Qt.Key.Key_L)
    key(sheet, Qt.Key.Key_Down)
    key(sheet, Qt.Key.Key_T)
    assert book.shot(shot_id(3)).duration_ms == 2500
    assert sheet.said == "3 to decide · 1 taken · 1 left as it was"
    assert book.current == shot_id(3)
    key(sheet, Qt.Key.Key_Z, CTRL)
    key(sheet, Qt.Key.Key_Z, CTRL)
    assert sheet.said == "5 to decide"
    assert titles(sheet)[0] == "14B is not in the edit"
    assert book.board.shots == before.shots
    while sheet.rows.rows:
        key(sheet, Qt.Key.Key_T)
    assert [one.number for one in book.shots] == ["14A", "15A", "14C", "14D", "15B"]
    assert book.shot(shot_id(5)).notes == "Is this needed?"
    assert sheet.said == "All are decided · 5 taken"
    assert sheet.isVisible()
    qtbot.waitUntil(lambda: client.board.shots == book.shots)
    # The shot with the temp panel comes back whole.
    done = sheet.findChild(QPushButton, "conform_done")
    assert done.hasFocus()
    QTest.keyClick(done, Qt.Key.Key_Z, CTRL)
    assert sheet.list.hasFocus()
    for _ in range(4):
        key(sheet, Qt.Key.Key_Z, CTRL)
    assert book.board.shots == before.shots
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isHidden()


def test_what_was_changed_by_hand_meanwhile_is_not_changed_again(opened, qtbot):
    sheet, book, _client = opened(size=(1100, 700))
    book.edit(RemoveShots(ids=(shot_id(3),)), "Remove 14C")
    # The last edit of the board is not this sheet's, so its Undo leaves it alone.
    assert not sheet.findChild(QPushButton, "conform_undo").isEnabled()
    sheet.take(2)
    assert sheet.said.startswith("There is nothing left to change for it: 14C plays")
    assert [one.number for one in book.shots] == ["14A", "14B", "15A", "15B"]
    sheet.undo()
    assert len(sheet.rows.rows) == 5
    # The pointer does what the keys do.
    index = sheet.rows.index(1)
    take, leave = sheet.list.cells.buttons(QRectF(sheet.list.visualRect(index)))
    for box in (take, leave):
        spot: QPoint = box.center().toPoint()
        QTest.mouseClick(sheet.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert sheet.said == "3 to decide · 1 taken · 1 left as it was"
    assert [one.number for one in book.shots] == ["14A", "15A", "14B", "15B"]
    with qtbot.waitSignal(sheet.closed):
        QTest.mouseClick(sheet.findChild(QPushButton, "conform_done"), Qt.MouseButton.LeftButton)
