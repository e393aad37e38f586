from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLineEdit, QListView

from studio_assist.desk.theme import Theme
from studio_assist.desk.write.outline import Outline
from studio_assist.desk.write.outline_model import OutlineModel, SceneRow, SectionRow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

SCENES = [
    SceneRow(0, "1", "EXT. HARBOUR WALL - DUSK", 10),
    SceneRow(1, "2", "INT. KITCHEN - NIGHT", 17, 1),
    SceneRow(2, "2A", "INT. RADIO ROOM - NIGHT", 14, 2),
    SceneRow(3, "3", "EXT. CAUSEWAY - NIGHT", 7),
    SceneRow(4, "4", "INT. RADIO ROOM - LATER", 8),
]


@pytest.fixture
def outline(qtbot):
    theme = Theme("dark")
    theme.apply(QApplication.instance())
    outline = Outline(theme)
    qtbot.addWidget(outline)
    outline.set_scenes(SCENES)
    outline.resize(248, 700)
    outline.show()
    qtbot.waitExposed(outline)
    outline.activateWindow()
    return outline


def rows(outline: Outline) -> QListView:
    return outline.findChild(QListView, "outline")


@pytest.mark.parametrize(
    ("eighths", "said"),
    [(1, "1/8 pages"), (8, "1 page"), (14, "1 6/8 pages"), (16, "2 pages"), (0, "1/8 pages")],
)
def test_a_scenes_length_is_said_as_production_offices_write_it(eighths, said):
    assert SceneRow(0, "1", "INT. A - DAY", eighths).length == said


def test_a_click_on_a_row_chooses_its_scene(outline, qtbot):
    view = rows(outline)
    spot = view.visualRect(view.model().index(3, 0)).center()
    with qtbot.waitSignal(outline.scene_chosen) as told:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert told.args == [3]


def test_the_keyboard_walks_from_the_carets_scene_and_enter_chooses(outline, qtbot):
    outline.set_current(1)
    view = rows(outline)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(outline.scene_chosen) as told:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [2]


@pytest.mark.parametrize(("typed", "scene"), [("2A", 2), ("cause", 3), ("4", 4), ("radio", 2)])
def test_typing_finds_a_scene_by_number_or_heading(outline, typed, scene):
    view = rows(outline)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(view, typed)
    assert outline.model.row(view.currentIndex()).index == scene


def test_the_filter_shows_scenes_by_text_or_only_those_with_temp_lines(outline):
    outline.findChild(QAbstractButton, "outline_filter_button").click()
    QTest.keyClicks(outline.findChild(QLineEdit, "outline_filter"), "radio")
    assert [outline.model.row(outline.model.index(at)).index for at in range(2)] == [2, 4]
    outline.findChild(QCheckBox, "outline_only_temp").setChecked(True)
    assert outline.model.rowCount() == 1
    outline.findChild(QAbstractButton, "outline_filter_button").click()
    assert outline.model.rowCount() == 5


def test_the_footer_counts_temp_lines_and_walks_to_the_next(outline, qtbot):
    button = outline.findChild(QAbstractButton, "outline_next_button")
    outline.set_debt(0)
    assert not button.isEnabled()
    outline.set_debt(7)
    assert outline.findChild(type(outline._debt), "outline_debt").plain == "7 temp lines"
    with qtbot.waitSignal(outline.next_temp_wanted):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_plus_asks_for_a_scene_after_the_one_the_caret_is_in(outline, qtbot):
    outline.set_current(2)
    with qtbot.waitSignal(outline.new_scene_wanted) as told:
        QTest.mouseClick(outline.findChild(QAbstractButton, "outline_add_button"), Qt.MouseButton.LeftButton)
    assert told.args == [2]


def test_a_keystroke_redraws_the_scene_it_changed_and_no_other(qapp):
    model = OutlineModel()
    model.set_rows(SCENES)
    reset, changed, put = (
        QSignalSpy(signal) for signal in (model.modelReset, model.dataChanged, model.rowsInserted)
    )
    longer = [*SCENES[:2], SceneRow(2, "2A", "INT. RADIO ROOM - NIGHT", 15, 2), *SCENES[3:]]
    model.set_rows(longer)
    assert (reset.count(), put.count(), changed.count()) == (0, 0, 1)
    assert [changed.at(0)[end].row() for end in (0, 1)] == [2, 2]


def test_a_scene_put_in_or_taken_out_leaves_the_right_rows(qapp):
    model = OutlineModel()
    wanted = [
        SCENES,
        SCENES[:1],
        [SectionRow("Act one"), *SCENES],
        [],
        [*SCENES[2:], SCENES[0]],
    ]
    for scenes in wanted:
        model.set_rows(scenes)
        assert [model.row(model.index(at)) for at in range(model.rowCount())] == list(scenes)


def test_a_screen_reader_hears_number_heading_length_and_temp_lines(qapp):
    model = OutlineModel()
    model.set_rows(SCENES)
    said = model.data(model.index(2), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Scene 2A, INT. RADIO ROOM - NIGHT, 1 6/8 pages, 2 temp lines"


def test_an_outline_without_scenes_says_how_to_make_one(outline):
    outline.set_scenes([])
    assert not rows(outline).isVisible()
    assert outline._empty.isVisible()


def test_ten_thousand_scenes_are_brought_up_to_date_with_little_work(outline):
    many = [SceneRow(at, str(at + 1), f"INT. ROOM {at} - DAY", 9) for at in range(10_000)]
    outline.set_scenes(many)
    QApplication.processEvents()
    longer = [*many[:5000], SceneRow(5000, "5001", "INT. ROOM 5000 - DAY", 12, 1), *many[5001:]]
    took = []
    for scenes in (longer, many, longer):
        began = time.thread_time()
        outline.set_scenes(scenes)
        outline.set_current(5000)
        QApplication.processEvents()
        took.append(time.thread_time() - began)
    # Of this thread's own work, whatever else the machine does: 20 ms here, and the house allows 50.
    assert min(took) < 0.05


def test_a_press_between_rows_of_a_section_chooses_nothing(outline):
    outline.set_scenes([SectionRow("Act one"), *SCENES])
    spy = QSignalSpy(outline.scene_chosen)
    QTest.mouseClick(rows(outline).viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    assert spy.count() == 0
