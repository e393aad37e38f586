"""The script on the screen: pages as on paper, markup out of the way, and every caret place reachable."""

from __future__ import annotations

import pytest
from editor_desk import EditorDesk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_assist.desk.theme import Theme
from studio_assist.domain.screenplay import ElementType

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

SPEECH = "\n".join(f"Line {number} of a long speech." for number in range(30))
LONG = (
    "Title: Larkspur\nAuthor: Nobody\n\nINT. HALL - DAY #4#\n\n"
    + "Rain.\n\n" * 20
    + f"MAYA\n{SPEECH}\n\nThe end.\n"
)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> EditorDesk:
    theme = Theme("dark", parent=qapp)
    theme.apply(qapp)
    return EditorDesk(qtbot, theme)


def test_the_title_page_has_a_sheet_of_its_own_and_pages_are_the_paginations(desk: EditorDesk) -> None:
    desk.load(LONG)
    sheets = desk.editor.script_document.sheets
    assert sheets.sheet_count == desk.editor.script_document.pagination.pages + 1
    first, second = (desk.editor.script_document.findBlockByNumber(line) for line in (0, 3))
    assert sheets.sheet_at(sheets.blockBoundingRect(first).center().y()) == 0
    assert sheets.sheet_at(sheets.blockBoundingRect(second).center().y()) == 1


def test_a_speech_that_breaks_shows_more_and_contd(desk: EditorDesk) -> None:
    desk.load(LONG)
    sheets = desk.editor.script_document.sheets
    added = [piece.text for index in range(sheets.sheet_count) for piece in sheets.sheet_rows(index).added]
    assert added == ["(MORE)", "MAYA (CONT'D)"]
    numbers = [
        piece.number for index in range(sheets.sheet_count) for piece in sheets.sheet_rows(index).numbers
    ]
    assert numbers == ["4"]


def test_every_row_on_the_screen_holds_what_it_holds_on_paper(desk: EditorDesk) -> None:
    desk.load(
        "INT. HALL - DAY\n\nA *very* long paragraph of action with **bold words in it**, a hyphen-ated word, and a "
        "supercalifragilisticexpialidocious-and-then-some-more-letters-so-that-it-cannot-fit one. Élan — naïve “quotes” "
        "Привет мир 😀 e\u0301 end [[a note]] of it.\n\nMAYA\n(softly, so that it takes more than one row)\n"
        "It is not static. Somebody out there is counting.  Two spaces. _Under_.\n"
    )
    document = desk.editor.script_document
    desk.to_end()
    for line in range(document.line_count):
        block = document.findBlockByNumber(line)
        document.sheets.lay_out(block)
        layout = block.layout()
        shown = [
            block.text()
            .encode("utf-16-le")[
                2 * layout.lineAt(row).textStart() : 2
                * (layout.lineAt(row).textStart() + layout.lineAt(row).textLength())
            ]
            .decode("utf-16-le")
            for row in range(layout.lineCount())
        ]
        assert shown == [document.line_text(line)[start:end] for start, end in document.pagination.rows(line)]


def test_markup_takes_no_room_until_the_caret_is_in_its_line(desk: EditorDesk) -> None:
    desk.load("!Rain\n\nA **bold** word.\n\nEnd.\n")
    document = desk.editor.script_document
    block = document.findBlockByNumber(2)

    def x(column: int) -> float:
        document.sheets.lay_out(block)
        found = block.layout().lineAt(0).cursorToX(column)
        return found[0] if isinstance(found, tuple) else found

    desk.go("End")
    assert x(4) == pytest.approx(x(2))
    desk.go("A **")
    assert x(4) == pytest.approx(x(2) + 2 * document.sheets.sheet.column)


def test_a_click_puts_the_caret_where_it_points_and_the_arrows_walk_rows(desk: EditorDesk) -> None:
    desk.load(LONG)
    desk.go("Line 3 of")
    desk.editor.show_range(desk.caret(), desk.caret() + 1)
    point = desk.editor.cursorRect().center()
    column = desk.editor.script_document.sheets.sheet.column
    desk.click(point + QPoint(round(5 * column), 0))
    assert desk.text[desk.caret() :].startswith("3 of a long speech.\nLine 4")
    desk.press("Down")
    assert desk.text[desk.caret() :].startswith("4 of")
    desk.press("Up", "Up")
    assert desk.text[desk.caret() :].startswith("2 of")
    desk.press("Home")
    assert desk.text[desk.caret() :].startswith("Line 2 of")


def test_the_caret_walks_down_the_whole_script_and_is_always_in_view(desk: EditorDesk) -> None:
    desk.load(LONG)
    last = -1
    for _ in range(140):
        desk.press("Down")
        if desk.caret() == last:
            break
        last = desk.caret()
        assert desk.editor.viewport().rect().intersects(desk.editor.cursorRect())
    assert desk.editor.textCursor().blockNumber() == desk.editor.script_document.line_count - 1


def test_two_speeches_at_once_stand_side_by_side(desk: EditorDesk) -> None:
    desk.load("MAYA\nNo, wait.\n\nILSE ^\nGo on.\n\nEnd.\n")
    document = desk.editor.script_document
    left, right = (document.sheets.blockBoundingRect(document.findBlockByNumber(line)) for line in (1, 4))
    assert left.top() == right.top()
    edges = [document.findBlockByNumber(line).layout().lineAt(0).x() for line in (1, 4)]
    assert edges[0] < edges[1]
    desk.click(QPoint(round(document.sheets.page_left + edges[1]) + 3, round(right.center().y())))
    assert desk.editor.textCursor().blockNumber() == 4


def test_lines_that_do_not_print_push_the_page_down_and_take_no_row_of_it(desk: EditorDesk) -> None:
    desk.load("Rain.\n\n= A synopsis.\n\nSnow.\n")
    document = desk.editor.script_document
    sheets = document.sheets
    plain = sheets.sheet_height(0)
    desk.load("Rain.\n\n= A synopsis.\n\n[[a note]]\n\nSnow.\n")
    assert sheets.sheet_height(0) == pytest.approx(plain + 2 * sheets.sheet.row)
    assert document.pagination.pages == 1


LINES = st.sampled_from(
    [
        *["", "", "", "MAYA", "ILSE ^", "Rain falls. " * 9, "(beat)", "INT. A - DAY #7#", "CUT TO:", "> x <"],
        *["# Act", "= Synopsis", "/*", "*/", "===", "Title: X", "~la", "  ", "!x " * 40, "[[a note]]"],
        "word [[note]] **bold** " * 6,
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(LINES, max_size=160).map("\n".join),
    at=st.floats(0, 1),
    words=st.sampled_from(["\n", "X", "MAYA\nHi.\n"]),
)
def test_every_row_of_every_line_stands_on_its_sheet(
    desk: EditorDesk, text: str, at: float, words: str
) -> None:
    document, sheets = desk.editor.script_document, desk.editor.script_document.sheets
    document.load(text)
    position = round(at * len(text))
    document.insert(document.select(position, position), words)
    desk.go("")
    for line in range(document.line_count):
        for row, top in enumerate(sheets.row_tops(line)):
            index = sheets.sheet_at(top)
            assert sheets.sheet_rows(index).row_of(line - sheets.first_line(index), row) is not None
            assert top + sheets.sheet.row <= sheets.sheet_top(index) + sheets.sheet_height(index)
        assert sheets.blockBoundingRect(document.findBlockByNumber(line)).isValid()
    assert desk.editor.viewport().grab().width() > 0


def test_zoom_keeps_ten_characters_to_the_inch_and_what_is_seen(desk: EditorDesk) -> None:
    desk.load(LONG)
    desk.go("The end.")
    desk.editor.ensureCursorVisible()
    line = desk.editor.cursorForPosition(QPoint(300, 10)).blockNumber()
    for percent in (75, 100, 150, 200):
        desk.editor.set_zoom(percent)
        sheet = desk.editor.script_document.sheets.sheet
        assert sheet.column * 85 == pytest.approx(sheet.width)
        block = desk.editor.script_document.findBlockByNumber(3)
        desk.editor.script_document.sheets.lay_out(block)
        assert block.layout().lineAt(0).naturalTextWidth() == pytest.approx(15 * sheet.column, abs=1)
    desk.editor.set_zoom(94)
    assert abs(desk.editor.cursorForPosition(QPoint(300, 10)).blockNumber() - line) <= 2
    spy = QSignalSpy(desk.editor.zoom_changed)
    desk.press("Ctrl+Plus", "Ctrl+Minus", "Ctrl+0")
    assert spy.count() >= 2
    assert desk.editor.zoom_percent == 94


def test_the_toolbar_says_where_the_caret_is(desk: EditorDesk) -> None:
    desk.load(LONG)
    desk.go("Line 29 of")
    assert desk.pane.toolbar.page.plain == "Page 2 of 2"
    assert desk.pane.toolbar.element.currentText() == "Dialogue"
    desk.go("Author")
    assert desk.pane.toolbar.element.currentText() == "Title page"
    desk.go("INT. HALL")
    assert desk.pane.toolbar.element.currentText() == "Scene heading"
    combo = desk.pane.toolbar.element
    desk.go("The end.")
    combo.setCurrentIndex(combo.findData(ElementType.CENTERED))
    combo.activated.emit(combo.currentIndex())
    assert "> The end. <" in desk.text


def test_find_walks_the_matches_and_esc_goes_back_to_the_script(desk: EditorDesk) -> None:
    desk.load("Rain and rain.\n\nTerrain.\n")
    desk.press("Ctrl+F")
    bar = desk.pane.find_bar
    assert bar.isVisible()
    for key in "rain":
        desk.press(key)
    assert len(bar.matches) == 3
    assert bar._count.plain == "1 of 3"
    desk.press("F3")
    assert desk.editor.selection()[:2] == (9, 13)
    desk.press("Shift+F3", "Shift+F3")
    assert bar._count.plain == "3 of 3"
    bar._whole.setChecked(True)
    assert len(bar.matches) == 2
    bar._case.setChecked(True)
    assert len(bar.matches) == 1
    desk.press("Esc")
    assert not bar.isVisible()
    assert desk.editor.hasFocus()


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_the_page_is_drawn_in_the_themes_colours(qtbot: QtBot, qapp: QApplication, mode: str) -> None:
    theme = Theme("dark" if mode == "dark" else "light", parent=qapp)
    theme.apply(qapp)
    desk = EditorDesk(qtbot, theme, "Rain falls on the sea.\n")
    desk.place_temp("Rain falls on the sea.", "Snow falls.")
    picture = desk.editor.viewport().grab().toImage()
    rect = desk.editor.span_rect("s1")
    assert picture.pixelColor(rect.left() + 1, rect.center().y()) == theme.colour("amber")
    assert picture.pixelColor(rect.right() - 4, rect.center().y()) == theme.colour("amberGround")
    assert picture.pixelColor(rect.left() - 3, rect.center().y()) == theme.colour("amber")
    assert picture.pixelColor(3, 200) == theme.colour("win")
    assert picture.pixelColor(rect.left(), rect.bottom() + 40) == theme.colour("page")


def test_a_long_script_comes_in_slices_and_is_whole_all_the_while(desk: EditorDesk, qtbot: QtBot) -> None:
    text = "INT. HALL - DAY\r\n\r\nRain falls.\n\n" * 4000
    document = desk.editor.script_document
    with qtbot.waitSignal(document.loaded, timeout=20000):
        document.load(text)
        assert document.is_loading
        assert document.text() == text
        desk.type("x")
    assert document.text() == text
    assert document.line_count == 16001
    desk.type("x")
    assert document.text() == "X" + text


def test_an_empty_page_shows_the_keys(desk: EditorDesk) -> None:
    empty = desk.editor.viewport().grab().toImage()
    desk.type(" ")
    full = desk.editor.viewport().grab().toImage()
    assert empty != full
    ink = QColor(desk.editor.script_document.sheets.painter.colour("text3"))
    assert any(empty.pixelColor(x, y) == ink for y in range(100, 200) for x in range(100, 600))


def test_a_drag_is_not_disturbed_by_markup_that_opens(desk: EditorDesk, qtbot: QtBot) -> None:
    desk.load("Rain *falls* here.\n\nEnd.\n")
    desk.go("End")
    viewport = desk.editor.viewport()
    sheets = desk.editor.script_document.sheets
    rect = sheets.blockBoundingRect(desk.editor.script_document.findBlockByNumber(0))
    left = round(sheets.page_left + 15 * sheets.sheet.column)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(left, round(rect.center().y())))
    assert sheets.open_line == 2
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(left, round(rect.center().y())))
    assert sheets.open_line == 0
    desk.editor.moveCursor(QTextCursor.MoveOperation.End)
    assert sheets.open_line == 3
