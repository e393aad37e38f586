from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QWidget

from studio_assist import protocol
from studio_assist.desk.board.desk import BoardDesk
from studio_assist.desk.board.frames import presses
from studio_assist.desk.board.grid import PanelGrid
from studio_assist.desk.board.shot_tree import ShotList
from studio_assist.desk.theme import Theme
from studio_assist.domain.boards import Board
from studio_assist.domain.storyboard import Live
from tests.desk.board_fakes import (
    LINDQVIST,
    FakeBoards,
    drawn,
    many,
    painted,
    project,
    shot,
    shot_id,
    store,
    temp,
    variant,
)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

SCRIPT = """INT. RADIO ROOM - NIGHT #14#

Maya stands at the set. She turns the dial.

MAYA
It's not static. Somebody out there is counting.

EXT. CAUSEWAY - NIGHT #15#

A figure runs at the camera.
"""
LEFT = Qt.MouseButton.LeftButton
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class Driver:
    """The desk over a strict broker, and hands on it."""

    def __init__(self, qtbot, tmp_path, board: Board, **state: object) -> None:
        self.theme = Theme("dark")
        self.theme.apply(QApplication.instance())
        self.media = tmp_path / "media"
        self.client = FakeBoards(board, self.media)
        self.layout = QSettings(str(tmp_path / "layout.ini"), QSettings.Format.IniFormat)
        self.desk = BoardDesk(self.theme, self.client, self.layout)
        self.window = QWidget()
        self.window.resize(1440, 824)
        self.desk.setParent(self.window)
        self.desk.resize(1440, 824)
        qtbot.addWidget(self.window)
        self.client.told.connect(self.desk.take)
        self.errors: list[object] = []
        self.notices: list[str] = []
        self.undos: list[tuple[str, object]] = []
        self.debts: list[int] = []
        self.working: list[object] = []
        self.desk.error.connect(self.errors.append)
        self.desk.notice.connect(self.notices.append)
        self.desk.undoable.connect(lambda words, undo: self.undos.append((words, undo)))
        self.desk.debt_changed.connect(self.debts.append)
        self.desk.working.connect(self.working.append)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        with qtbot.waitSignal(self.desk.book.loaded):
            self.desk.load(project(tmp_path, **state), LINDQVIST)
        qtbot.waitUntil(lambda: bool(self.desk.book.headings) or not state.get("script"))
        QApplication.processEvents()
        self.grid.setFocus()

    @property
    def book(self):
        return self.desk.book

    @property
    def grid(self) -> PanelGrid:
        return self.desk.findChild(PanelGrid, "panel_grid")

    @property
    def tree(self) -> ShotList:
        return self.desk.findChild(ShotList, "shot_list")

    def numbers(self) -> list[str]:
        return [one.number for one in self.book.shots]

    def chosen(self) -> list[str]:
        return [self.book.shot(one).number for one in self.book.selection]

    def key(self, key: Qt.Key, how: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.grid, key, how)

    def spot(self, number: int) -> QPoint:
        place = self.desk.centre.shown.place_of(shot_id(number))
        return self.grid.cards.frame_of(QRectF(self.grid.visualRect(place))).center().toPoint()

    def click(self, number: int, how: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.grid.viewport(), LEFT, how, self.spot(number))

    def drag(self, number: int, to: QPoint) -> None:
        port = self.grid.viewport()
        QTest.mousePress(port, LEFT, pos=self.spot(number))
        QTest.mouseMove(port, self.spot(number) + QPoint(30, 0))
        QTest.mouseMove(port, to)
        QTest.mouseRelease(port, LEFT, pos=to)

    def button(self, name: str) -> QAbstractButton:
        return self.desk.findChild(QAbstractButton, name)


SIX = Board(
    (
        *(shot(at, f"14{'ABCD'[at - 1]}", title=f"Title {at}") for at in range(1, 5)),
        *(shot(at, f"15{'AB'[at - 5]}", "15", title=f"Title {at}") for at in range(5, 7)),
    )
)


@pytest.fixture
def desk(qtbot, tmp_path):
    return Driver(qtbot, tmp_path, SIX, script=SCRIPT)


def test_a_click_a_shift_click_and_a_ctrl_click_choose_shots_in_grid_and_tree(desk):
    desk.click(2)
    assert desk.book.current == shot_id(2)
    desk.click(4, SHIFT)
    assert desk.chosen() == ["14B", "14C", "14D"]
    desk.click(3, CTRL)
    assert desk.chosen() == ["14B", "14D"]
    rows = {desk.desk.tree.rows.shot_at(index) for index in desk.tree.selectedIndexes()}
    assert rows == {shot_id(2), shot_id(4)}


def test_the_arrows_walk_the_grid_across_its_rows(desk):
    desk.click(1)
    assert desk.grid.columns == 3
    for key, where in (
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Right, 3),
        (Qt.Key.Key_Right, 4),
        (Qt.Key.Key_Up, 1),
        (Qt.Key.Key_Down, 4),
        (Qt.Key.Key_End, 6),
        (Qt.Key.Key_Home, 1),
        (Qt.Key.Key_PageDown, 6),
    ):
        desk.key(key)
        assert desk.book.current == shot_id(where)
    assert desk.chosen() == ["15B"]


def test_a_choice_in_the_tree_is_the_grids(desk):
    place = desk.desk.tree.rows.place_of(shot_id(5))
    QTest.mouseClick(desk.tree.viewport(), LEFT, pos=desk.tree.visualRect(place).center())
    assert desk.book.current == shot_id(5)
    assert desk.grid.currentIndex().row() == 4


def test_chosen_shots_are_dragged_behind_another_and_come_back_by_undo(desk, qtbot):
    desk.click(1)
    desk.click(2, SHIFT)
    card = desk.grid.cards.card_of(QRectF(desk.grid.visualRect(desk.desk.centre.shown.index(2, 0))))
    desk.drag(1, card.center().toPoint() + QPoint(100, 0))
    assert desk.numbers() == ["14C", "14A", "14B", "14D", "15A", "15B"]
    assert desk.chosen() == ["14A", "14B"]
    desk.key(Qt.Key.Key_Z, CTRL)
    assert desk.numbers() == ["14A", "14B", "14C", "14D", "15A", "15B"]
    desk.key(Qt.Key.Key_Z, CTRL | SHIFT)
    assert desk.numbers()[0] == "14C"
    qtbot.waitUntil(lambda: desk.client.board.shots == desk.book.shots)


def test_a_click_on_one_of_several_chooses_that_one_when_nothing_was_dragged(desk):
    desk.click(1)
    desk.click(3, SHIFT)
    desk.click(2)
    assert desk.chosen() == ["14B"]


def test_escape_ends_a_drag_and_moves_nothing(desk):
    port = desk.grid.viewport()
    QTest.mousePress(port, LEFT, pos=desk.spot(1))
    QTest.mouseMove(port, desk.spot(1) + QPoint(30, 0))
    QTest.mouseMove(port, desk.spot(6))
    desk.key(Qt.Key.Key_Escape)
    QTest.mouseRelease(port, LEFT, pos=desk.spot(6))
    assert desk.numbers() == [one.number for one in SIX]


def test_a_drag_near_the_lower_edge_scrolls_the_grid(qtbot, tmp_path):
    desk = Driver(qtbot, tmp_path, many(60))
    port = desk.grid.viewport()
    edge = QPoint(desk.spot(1).x(), port.height() - 4)
    QTest.mousePress(port, LEFT, pos=desk.spot(1))
    QTest.mouseMove(port, desk.spot(1) + QPoint(30, 0))
    QTest.mouseMove(port, edge)
    bar = desk.grid.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    QTest.mouseRelease(port, LEFT, pos=edge)
    assert desk.book.board.place(shot_id(1)) > 50
    assert desk.book.shot(shot_id(1)).scene == "3"


def test_a_narrow_list_leaves_columns_away_before_what_happens(desk):
    desk.button("board_view_list").click()
    table = desk.desk.centre.table
    table.resize(528, 600)
    hidden = [table.isColumnHidden(column) for column in range(8)]
    assert hidden == [False, False, True, True, True, False, False, False]


def test_alt_and_an_arrow_move_shots_and_change_their_scene_at_its_edge(desk):
    desk.click(4)
    desk.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert desk.numbers()[:4] == ["14A", "14B", "14D", "14C"]
    desk.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    desk.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert desk.book.shot(shot_id(4)).scene == "15"
    assert desk.numbers()[3:] == ["15A", "15A1", "15B"]


def test_n_makes_a_shot_behind_the_current_one_and_delete_removes_it(desk):
    desk.click(2)
    desk.key(Qt.Key.Key_N)
    assert desk.numbers()[:4] == ["14A", "14B", "14B1", "14C"]
    assert desk.chosen() == ["14B1"]
    desk.key(Qt.Key.Key_Delete)
    assert desk.numbers() == [one.number for one in SIX]
    assert desk.undos[-1][0] == "Removed 1 shot."
    desk.undos[-1][1]()
    assert "14B1" in desk.numbers()


def test_removing_a_shot_with_temp_material_says_so(qtbot, tmp_path):
    media = store(tmp_path / "media", painted(120, band=True))
    board = Board((SIX.shots[0].model_copy(update={"panel": temp(media)}), *SIX.shots[1:]))
    desk = Driver(qtbot, tmp_path, board)
    assert desk.debts == [0, 1] or desk.debts[-1] == 1
    desk.key(Qt.Key.Key_A, CTRL)
    assert len(desk.chosen()) == 6
    desk.key(Qt.Key.Key_Delete)
    assert desk.undos[-1][0] == "Removed 6 shots. 1 of them hold temp material, which stays in the record."
    assert desk.debts[-1] == 0
    desk.key(Qt.Key.Key_Z, CTRL)
    assert desk.debts[-1] == 1


def test_f2_names_a_shot_and_escape_leaves_its_name(desk):
    desk.click(3)
    desk.key(Qt.Key.Key_F2)
    QTest.keyClicks(QApplication.focusWidget(), "Maya hears the gap")
    desk.key(Qt.Key.Key_Return)
    assert desk.book.shot(shot_id(3)).title == "Maya hears the gap"
    desk.key(Qt.Key.Key_F2)
    QTest.keyClicks(QApplication.focusWidget(), "No")
    desk.key(Qt.Key.Key_Escape)
    assert desk.book.shot(shot_id(3)).title == "Maya hears the gap"


def test_enter_plays_the_panel_and_decides_nothing(qtbot, tmp_path):
    desk = Driver(qtbot, tmp_path, SIX)
    media = store(tmp_path / "media", painted(120, band=True))
    desk.client.variants[shot_id(2)] = (variant(shot_id(2), media), variant(shot_id(2), media, 1))
    desk.client.tell(shot_id(2))
    desk.click(2)
    with qtbot.waitSignal(desk.desk.play_wanted) as told:
        desk.key(Qt.Key.Key_Return)
    assert told.args == [shot_id(2)]
    desk.key(Qt.Key.Key_Escape)
    assert not desk.client.params_of(protocol.DECIDE_PICTURE)


def test_a_decides_on_the_variant_in_the_inspector_alone(qtbot, tmp_path):
    desk = Driver(qtbot, tmp_path, SIX)
    media, other = (store(tmp_path / "media", painted(grey, band=True)) for grey in (120, 90))
    desk.client.variants[shot_id(2)] = (variant(shot_id(2), media), variant(shot_id(2), other, 1))
    desk.client.tell(shot_id(2))
    desk.click(2)
    card = desk.desk.inspector.card
    qtbot.waitUntil(lambda: card.may_decide)
    desk.key(Qt.Key.Key_2)
    qtbot.waitUntil(lambda: card.may_decide and card.variant is not None and card.variant.index == 1)
    desk.grid.setFocus()
    desk.key(Qt.Key.Key_A)
    qtbot.waitUntil(lambda: desk.book.shot(shot_id(2)).panel.state == "temp")
    assert [one.candidate for one in desk.client.params_of(protocol.DECIDE_PICTURE)] == [f"c-{shot_id(2)}-1"]
    assert len(desk.book.variants(shot_id(2))) == 1
    assert desk.undos[-1][0] == "Accepted as temp: 14B."
    # Where something of the shot has the focus, R is not "Reject".
    qtbot.waitUntil(lambda: card.may_decide)
    desk.desk.inspector.stage_section.head.setFocus()
    desk.key(Qt.Key.Key_R)
    assert len(desk.client.params_of(protocol.DECIDE_PICTURE)) == 1
    desk.grid.setFocus()
    # The picture was scrolled away: the first key brings it into sight.
    desk.key(Qt.Key.Key_R)
    assert len(desk.client.params_of(protocol.DECIDE_PICTURE)) == 1
    desk.key(Qt.Key.Key_R)
    qtbot.waitUntil(lambda: len(desk.client.params_of(protocol.DECIDE_PICTURE)) == 2)


def test_chips_filter_and_count(qtbot, tmp_path):
    media = store(tmp_path / "media", painted(120, band=True))
    shots = list(SIX.shots)
    shots[0] = shots[0].model_copy(update={"panel": temp(media)})
    shots[4] = shots[4].model_copy(update={"panel": drawn(media)})
    desk = Driver(qtbot, tmp_path, Board(tuple(shots)))
    assert desk.button("board_chip_temp").text() == "Temp 1"
    desk.button("board_chip_temp").click()
    assert list(desk.desk.centre.shown.shown) == [shot_id(1)]
    desk.button("board_chip_human").click()
    assert list(desk.desk.centre.shown.shown) == [shot_id(5)]
    desk.button("board_chip_open").click()
    QApplication.processEvents()
    assert desk.desk.centre.view_widget.objectName() == "empty_board"
    desk.button("empty_all").click()
    assert len(desk.desk.centre.shown.shown) == 6


def test_a_filter_that_hides_the_current_shot_gives_it_back(desk):
    desk.click(3)
    desk.button("board_chip_human").click()
    QApplication.processEvents()
    assert desk.desk.centre.view_widget.objectName() == "empty_board"
    desk.button("board_chip_all").click()
    QApplication.processEvents()
    assert (desk.book.current, desk.chosen()) == (shot_id(3), ["14C"])


def test_tab_comes_to_the_shots_and_the_chips_and_escape_goes_back_to_the_panels(desk):
    desk.click(2)
    stops = []
    for _ in range(60):
        desk.key(Qt.Key.Key_Tab)
        stops.append(QApplication.focusWidget().objectName())
    assert {"shot_list", "board_chip_all", "board_menu", "panel_grid"} <= set(stops)
    desk.desk.inspector.fields.title_field.setFocus()
    desk.key(Qt.Key.Key_Return)
    assert desk.window.findChild(QWidget, "lightbox") is None
    desk.key(Qt.Key.Key_Escape)
    assert desk.grid.hasFocus()
    desk.tree.setFocus()
    desk.desk.setFocus()
    assert desk.grid.hasFocus()


def test_what_was_removed_is_told_over_the_panels_and_goes_by_itself(desk, qtbot):
    toast = desk.desk.toast
    desk.desk.undoable.connect(toast.show_words)
    desk.click(2)
    box = desk.grid.geometry()
    desk.key(Qt.Key.Key_Delete)
    assert toast.words == "Removed 1 shot."
    assert desk.grid.geometry() == box
    assert desk.grid.hasFocus()
    QTest.mouseClick(desk.button("notice_board_undo"), LEFT)
    assert (toast.words, len(desk.book.shots)) == ("", 6)
    desk.key(Qt.Key.Key_Delete)
    desk.key(Qt.Key.Key_Delete)
    assert len(desk.desk.centre.findChildren(QWidget, "board_toast")) == 1
    desk.key(Qt.Key.Key_N)
    # The Undo would take the new shot back, not the removal.
    assert toast.words == ""
    toast.findChild(QTimer).setInterval(1)
    toast.show_words("Removed 1 shot.", desk.desk.undo)
    qtbot.waitUntil(lambda: not toast.words)


def test_after_shots_were_taken_on_an_empty_board_the_keyboard_is_on_them(qtbot, tmp_path):
    desk = Driver(qtbot, tmp_path, Board(), script=SCRIPT)
    desk.desk.setFocus()
    assert QApplication.focusWidget().objectName() == "empty_new"
    desk.button("empty_propose").click()
    sheet = desk.window.findChild(QWidget, "proposals_sheet")
    qtbot.waitUntil(lambda: sheet.list.model().rowCount() > 1)
    QTest.keyClick(sheet.list, Qt.Key.Key_T)
    assert len(desk.book.shots) == 1
    desk.key(Qt.Key.Key_Escape)
    qtbot.waitUntil(desk.grid.hasFocus)


def test_words_filter_tree_and_grid(desk, qtbot):
    desk.button("shots_filter_button").click()
    QTest.keyClicks(desk.desk.findChild(QLineEdit, "shots_filter"), "title 5")
    qtbot.waitUntil(lambda: list(desk.desk.centre.shown.shown) == [shot_id(5)])
    assert desk.desk.tree.rows.shots == 1
    desk.key(Qt.Key.Key_Escape)
    assert desk.desk.tree.rows.shots == 6


def test_a_scene_is_closed_by_a_click_and_stays_closed(desk):
    scene = desk.desk.tree.rows.place_of_scene("14")
    QTest.mouseClick(desk.tree.viewport(), LEFT, pos=desk.tree.visualRect(scene).center())
    assert not desk.tree.isExpanded(scene)
    desk.click(5)
    desk.key(Qt.Key.Key_N)
    assert not desk.tree.isExpanded(desk.desk.tree.rows.place_of_scene("14"))


def test_the_list_shows_the_same_shots_and_the_view_is_remembered(desk):
    desk.click(2)
    desk.button("board_view_list").click()
    table = desk.desk.centre.table
    assert desk.desk.centre.view_widget is table
    assert table.currentIndex().row() == 1
    cells = [table.model().index(1, column).data() for column in range(8)]
    assert cells == ["14B", "MS", "Eye level", "35 mm", "Static", "2.5 s", "Title 2", "Empty"]
    desk.key(Qt.Key.Key_Down)
    assert desk.book.current == shot_id(3)
    again = BoardDesk(desk.theme, desk.client, desk.layout)
    assert again.centre.view == "list"
    again.deleteLater()


def test_zoom_by_wheel_and_keys_is_remembered(desk):
    wheel = QWheelEvent(
        QPointF(300, 300),
        QPointF(300, 300),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        CTRL,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(desk.grid.viewport(), wheel)
    assert desk.grid.zoom_percent == 125
    desk.key(Qt.Key.Key_Minus, CTRL)
    desk.key(Qt.Key.Key_Minus, CTRL)
    assert (desk.grid.zoom_percent, desk.grid.columns) == (75, 4)
    assert desk.layout.value("board/zoom") == 75
    desk.key(Qt.Key.Key_0, CTRL)
    assert desk.grid.columns == 3


def test_a_picture_file_dropped_on_a_panel_goes_into_it(desk, qtbot, tmp_path):
    file = tmp_path / "drawing.png"
    file.write_bytes(painted(200))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    spot = desk.spot(3)
    copy = Qt.DropAction.CopyAction
    port = desk.grid.viewport()
    enter = QDragEnterEvent(spot, copy, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(port, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(port, QDropEvent(QPointF(spot), copy, mime, LEFT, Qt.KeyboardModifier.NoModifier))
    qtbot.waitUntil(lambda: desk.book.shot(shot_id(3)).panel.state == "drawn")


def test_boarding_a_scene_asks_for_the_shots_that_have_nothing(qtbot, tmp_path):
    media = store(tmp_path / "media", painted(120, band=True))
    board = Board((SIX.shots[0].model_copy(update={"panel": temp(media)}), *SIX.shots[1:]))
    desk = Driver(qtbot, tmp_path, board)
    desk.desk.doing.board_scene("14")
    qtbot.waitUntil(lambda: desk.book.queue.total == 3)
    assert desk.client.params_of(protocol.ASK_BOARD)[0].shots == (shot_id(2), shot_id(3), shot_id(4))
    assert desk.working[-1].waiting == 3
    desk.key(Qt.Key.Key_Period, CTRL)
    qtbot.waitUntil(lambda: desk.book.queue.total == 2)
    desk.desk.doing.board_script()
    qtbot.waitUntil(lambda: desk.book.queue.total == 5)


def test_the_queue_card_pauses_moves_and_cancels(desk, qtbot):
    desk.desk.doing.board_script()
    qtbot.waitUntil(lambda: desk.book.queue.total == 6)
    desk.desk.show_queue()
    card = desk.window.findChild(QWidget, "queue_popover")
    qtbot.waitUntil(lambda: len(card.findChildren(QAbstractButton, "queue_cancel_one")) == 6)
    card.findChild(QAbstractButton, "queue_pause").click()
    qtbot.waitUntil(lambda: desk.book.queue.paused)
    assert card.findChild(QAbstractButton, "queue_pause").text() == "Go on"
    card.findChildren(QAbstractButton, "queue_first")[3].click()
    qtbot.waitUntil(lambda: desk.book.queue.items[0].label == "Board 14D")
    card.findChild(QAbstractButton, "queue_cancel_mine").click()
    qtbot.waitUntil(lambda: desk.book.queue.total == 0)
    desk.key(Qt.Key.Key_Escape)
    assert card.isHidden()


def test_a_failed_frame_says_why_and_its_retry_asks_again_as_it_was_asked(desk, qtbot):
    params = protocol.BoardAskParams(shots=(shot_id(2),), drawer="sd", count=2, person=LINDQVIST)
    desk.book.ask(params)
    qtbot.waitUntil(lambda: desk.book.queue.total == 1)
    desk.client.items.clear()
    desk.client.lives[shot_id(2)] = Live(state="failed", why="The model stopped: out of memory.")
    desk.client.tell_queue()
    desk.client.tell(shot_id(2))
    place = desk.desk.centre.shown.place_of(shot_id(2))
    assert "Failed: The model stopped" in place.data(Qt.ItemDataRole.AccessibleTextRole)
    frame = desk.grid.cards.frame_of(QRectF(desk.grid.visualRect(place)))
    retry = next(box for press, _words, box in presses(desk.theme, frame, "failed") if press == "retry")
    QTest.mouseClick(desk.grid.viewport(), LEFT, pos=retry.center().toPoint())
    qtbot.waitUntil(lambda: len(desk.client.params_of(protocol.ASK_BOARD)) == 2)
    assert desk.client.params_of(protocol.ASK_BOARD)[1] == params


def test_f8_goes_from_temp_panel_to_temp_panel_and_round(qtbot, tmp_path):
    media = store(tmp_path / "media", painted(120, band=True))
    shots = list(SIX.shots)
    for at in (1, 4):
        shots[at] = shots[at].model_copy(update={"panel": temp(media)})
    desk = Driver(qtbot, tmp_path, Board(tuple(shots)))
    walked = []
    for _ in range(3):
        desk.desk.next_temp()
        walked.append(desk.book.shot(desk.book.current).number)
    assert walked == ["14B", "15A", "14B"]


def test_an_empty_board_says_what_to_do_and_shots_are_taken_one_by_one(qtbot, tmp_path):
    desk = Driver(qtbot, tmp_path, Board(), script=SCRIPT)
    assert desk.desk.centre.view_widget.objectName() == "empty_board"
    desk.button("empty_propose").click()
    sheet = desk.window.findChild(QWidget, "proposals_sheet")
    qtbot.waitUntil(lambda: len(sheet.rows.shots) >= 3)
    first = sheet.rows.shots[0].number
    before = len(sheet.rows.shots)
    desk.key(Qt.Key.Key_Return)
    assert not desk.book.shots
    desk.key(Qt.Key.Key_T)
    assert desk.numbers() == [first]
    assert len(sheet.rows.shots) == before - 1
    desk.key(Qt.Key.Key_Delete)
    assert len(sheet.rows.shots) == before - 2
    take, _dismiss = sheet.list.cells.buttons(QRectF(sheet.list.visualRect(sheet.rows.index(0))))
    QTest.mouseClick(sheet.list.viewport(), LEFT, pos=take.center().toPoint())
    assert len(desk.numbers()) == 2
    desk.key(Qt.Key.Key_Escape)
    desk.desk.undo()
    assert desk.numbers() == [first]


def test_the_menu_moves_duplicates_and_renumbers(desk):
    desk.click(2)
    menu: QMenu = desk.desk.menus.of_shots(QPoint(0, 0))
    actions = {action.text().split("\t")[0]: action for action in menu.actions()}
    actions["Duplicate"].trigger()
    assert desk.numbers()[:3] == ["14A", "14B", "14B1"]
    into = actions["Move to scene"].menu()
    assert [action.text() for action in into.actions()] == ["15  EXT. CAUSEWAY - NIGHT"]
    into.actions()[0].trigger()
    assert desk.numbers() == ["14A", "14B", "14C", "14D", "15A", "15B", "15C"]
    desk.desk.doing.renumber("14")
    assert desk.notices[-1] == "The numbers are in order already."
    menu.close()


def test_play_animatic_begins_at_the_chosen_panel(qtbot, desk):
    desk.click(2)
    with qtbot.waitSignal(desk.desk.play_wanted) as told:
        QTest.mouseClick(desk.button("play_animatic"), Qt.MouseButton.LeftButton)
    assert told.args == [shot_id(2)]


def test_a_long_board_is_walked_to_its_end_while_the_tree_follows(qtbot, tmp_path):
    desk = Driver(qtbot, tmp_path, many(2_000))
    desk.click(1)
    desk.key(Qt.Key.Key_End)
    assert desk.book.current == shot_id(2_000)
    assert desk.grid.verticalScrollBar().value() == desk.grid.verticalScrollBar().maximum()
    desk.desk.select_all()
    assert len(desk.book.selection) == 2_000


def test_nothing_is_changed_on_a_board_that_may_only_be_read(qtbot, tmp_path):
    desk = Driver(qtbot, tmp_path, SIX, read_only="M. Lind has the project open.")
    desk.click(2)
    desk.key(Qt.Key.Key_N)
    desk.key(Qt.Key.Key_Delete)
    assert desk.numbers() == [one.number for one in SIX]
    assert {error.message for error in desk.errors} == {"M. Lind has the project open."}
