"""The rows of the ledger: pages that come when they are seen, order, growth, and what is copied."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from studio_assist.domain.review import ReviewRow
from tests.desk.record_fakes import ALTERED, INTACT
from tests.desk.review_fakes import DeskWindow, afternoon, ready, use_fake

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

Open = Callable[..., DeskWindow]


@pytest.fixture
def rows() -> list[ReviewRow]:
    return afternoon()


@pytest.fixture
def opened(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[ReviewRow]
) -> Iterator[Open]:
    held = use_fake(monkeypatch)
    folder = tmp_path / "Larkspur.studio"
    held[tmp_path / "index"] = rows
    made: list[DeskWindow] = []

    def make(**how: object) -> DeskWindow:
        made.append(DeskWindow(folder, tmp_path / "index", **how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()


def many(rows: list[ReviewRow], count: int) -> None:
    """A long record, its newest entry the one with the highest number."""
    base = rows[5]
    rows[:] = [
        base._replace(number=n, at=base.at - timedelta(minutes=count - n)) for n in range(count, 0, -1)
    ]


def head(window: DeskWindow, column: int) -> None:
    bar = window.table.head
    spot = QPoint(bar.sectionViewportPosition(column) + 20, 14)
    window.click(bar.viewport(), spot)


def test_a_row_says_who_asked_what_of_which_tool_and_what_became_of_it(opened: Open) -> None:
    window = opened()
    model = window.table.model()
    cells = [model.index(5, column).data() for column in range(10)]
    assert cells[0] == "1,271"
    assert cells[2:] == [
        "R. Okafor", "Write", "Local · SmolLM2", "Continue, sc 14", "Confidential", "0 B", "Edited", "38 %",
    ]  # fmt: skip
    said = model.index(5, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Entry 1,271")
    assert said.endswith("0 B left, Edited, 38 % edited")
    window.until(lambda: window.filters.counted.plain == "60 entries")


def test_a_press_on_a_row_and_the_arrow_keys_ask_for_its_story(opened: Open) -> None:
    window = opened()
    window.click_row(2)
    assert window.desk.story.entry == 1279
    window.table.setFocus()
    window.press(Qt.Key.Key_Down)
    window.press(Qt.Key.Key_Down)
    assert window.desk.story.entry == 1274
    window.press(Qt.Key.Key_Return)
    assert (
        window.desk.story.isAncestorOf(QApplication.focusWidget() or window.desk) or window.table.hasFocus()
    )


def test_a_long_record_is_fetched_where_it_is_looked_at(opened: Open, rows: list[ReviewRow]) -> None:
    many(rows, 3000)
    window = opened()
    assert window.desk.view.model.loaded(2999) is None
    window.table.setFocus()
    window.press(Qt.Key.Key_End)
    window.settle(50)
    assert window.numbers()[-1] == 1
    assert window.desk.story.entry == 1
    window.table.verticalScrollBar().setValue(1400 * 29)
    assert window.table.grab().toImage().height() > 0
    window.settle(50)
    assert window.numbers()[0] == 1600


def test_a_press_on_a_title_sorts_and_keeps_the_chosen_row(opened: Open) -> None:
    window = opened()
    window.click_row(5)
    head(window, 2)
    assert window.desk.view.model.row_at(0)[0].person == "J. Lindqvist"
    assert window.table.number == 1271
    assert "Person" in window.table.head.accessibleDescription()
    head(window, 2)
    assert window.desk.view.model.row_at(0)[0].person == "S. Tanaka"
    head(window, 9)
    assert [window.desk.view.model.row_at(at)[0].edit for at in range(3)] == [1000, 540, 381]


def test_new_entries_come_in_at_the_top_and_nowhere_else(opened: Open, rows: list[ReviewRow]) -> None:
    window = opened()
    window.click_row(1)
    rows.insert(0, rows[0]._replace(number=1285))
    window.grow(1285)
    assert window.numbers()[:2] == [1285, 1284]
    assert (window.table.number, window.desk.view.fresh.isHidden()) == (1283, True)
    bar = window.table.verticalScrollBar()
    # A chosen row that is out of sight is not brought into it by what is new.
    window.table.go_to_place(50)
    bar.setValue(0)
    rows.insert(0, rows[0]._replace(number=1286))
    window.grow(1286)
    assert (bar.value(), window.numbers()[0]) == (0, 1286)
    bar.setValue(210)
    before = window.numbers()
    rows[:0] = [rows[0]._replace(number=number) for number in range(1298, 1286, -1)]
    window.grow(1298)
    assert window.numbers() == before
    assert bar.value() == 210 + 12 * 29
    assert window.desk.view.fresh.text() == "12 new"
    window.click("new_entries")
    assert window.numbers()[0] == 1298
    assert window.desk.view.fresh.isHidden()


def test_a_row_is_copied_as_text_between_tabs(opened: Open) -> None:
    window = opened(size=(1100, 624))
    assert window.table.isColumnHidden(6)
    window.click_row(5)
    window.table.setFocus()
    window.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QApplication.clipboard().text().split("\t")
    assert (copied[0], copied[6], copied[8], len(copied)) == ("1,271", "Confidential", "Edited", 10)


def test_the_rows_that_are_shown_go_into_a_file_for_a_spreadsheet(
    opened: Open, rows: list[ReviewRow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows[0] = rows[0]._replace(purpose='=HYPERLINK("x")')
    window = opened()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "rows"), ""))
    told: list[str] = []
    window.desk.notice.connect(told.append)
    window.desk.save_csv()
    window.until(lambda: told)
    with (tmp_path / "rows.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert told == ["60 rows written to rows.csv."]
    assert (len(lines), lines[0][0], lines[1][0]) == (61, "Entry", "1284")
    assert lines[1][5] == '\'=HYPERLINK("x")'
    assert sorted(path.name for path in tmp_path.glob("*rows*")) == ["rows.csv"]


def test_a_width_that_was_pulled_is_kept(opened: Open) -> None:
    window = opened()
    window.table.head.is_pulled = True
    window.table.setColumnWidth(2, 150)
    again = DeskWindow(Path(window.review.ledger).parent, window.desk.view.index or Path())
    assert again.table.columnWidth(2) == 150
    again.close()


def test_what_follows_a_broken_entry_is_grey_and_said_to_be_unverified(opened: Open) -> None:
    window = opened(ledger=ALTERED)
    model = window.table.model()
    broken = next(at for at in range(60) if window.desk.view.model.row_at(at)[0].number == 1197)
    assert model.index(broken, 8).data() == "Altered"
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole).endswith("Not verified")
    assert "verified" not in model.index(broken + 1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    window.desk.set_ledger(INTACT)
    assert model.index(broken, 8).data() == "Accepted"


def test_a_list_that_was_made_anew_in_the_same_place_is_read_again(
    opened: Open, rows: list[ReviewRow]
) -> None:
    window = opened()
    state = ready(Path(window.review.ledger).parent, window.desk.view.index or Path())
    window.desk.view.take(state.model_copy(update={"state": "building", "entries": 0, "share": 0.0}))
    assert not window.desk.view.making.isHidden()
    del rows[30:]
    window.desk.view.take(state)
    window.settle(230)
    assert (window.table.model().rowCount(), window.desk.view.making.isHidden()) == (30, True)
