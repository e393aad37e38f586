"""The Review desk as a whole: the banner, the tiles, the keys, a record that does not hold, an index being made."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studio_assist import protocol
from studio_assist.domain.errors import Unavailable
from studio_assist.domain.review import ReviewRow
from studio_assist.protocol import ReviewState
from tests.desk.record_fakes import ALTERED, CHECKING, INTACT, SESSION_KEY
from tests.desk.review_fakes import DeskWindow, FakeIndex, afternoon, ready, use_fake

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
    held[tmp_path / "index"] = rows
    made: list[DeskWindow] = []

    def make(**how: object) -> DeskWindow:
        made.append(DeskWindow(tmp_path / "Larkspur.studio", tmp_path / "index", **how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_the_desk_is_not_loaded_with_the_window() -> None:
    listed = "import sys, studio_assist.app; print(*(n for n in sys.modules if 'desk.review' in n))"
    loaded = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True).stdout
    assert "desk.review.desk" not in loaded
    assert "ledger_view" not in loaded


def test_an_intact_record_says_who_signed_and_who_witnessed(opened: Open) -> None:
    window = opened()
    banner = window.desk.banner
    assert banner.words.startswith("Ledger intact, signed checkpoint ")
    assert "witnessed" in banner.words
    window.desk.set_ledger(INTACT.model_copy(update={"key": "session", "key_note": SESSION_KEY}))
    assert banner.words.endswith("Your signing key lasts for this session only")
    banner.show_trouble("The witness cannot be reached")
    assert "witnessed" in banner.words
    assert banner.words.endswith("The witness cannot be reached")


def test_a_check_under_way_is_said_and_cannot_be_started_twice(opened: Open) -> None:
    window = opened()
    window.desk.take(protocol.LedgerChanged(ledger=CHECKING))
    assert window.desk.banner.words.startswith("Checking 640 of 1,284.")
    assert not window.desk.banner.check.isEnabled()
    window.desk.take(protocol.LedgerChanged(ledger=INTACT))
    wanted: list[str] = []
    window.desk.check_wanted.connect(lambda: wanted.append("check"))
    window.desk.report_wanted.connect(lambda: wanted.append("report"))
    window.click("check_again")
    window.table.setFocus()
    window.press(Qt.Key.Key_F9)
    window.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert wanted == ["check", "check", "report"]


def test_the_tiles_say_what_the_filter_lets_through(opened: Open) -> None:
    window = opened()
    tiles = window.desk.tiles
    assert tiles.debt.words == "Temp debt 12. 0 lines, 12 boards"
    window.desk.set_debt(7, 12)
    assert tiles.debt.words == "Temp debt 19. 7 lines, 12 boards"
    assert "Accepted 47, Edited 4, Rejected 7" in tiles.decisions.accessibleName()
    window.filters.search.setFocus()
    window.type("tanaka")
    assert "Edited 0, Rejected 3" in tiles.decisions.accessibleName()


def test_a_broken_record_is_shown_from_its_first_broken_entry(opened: Open) -> None:
    window = opened()
    asked: list[str] = []
    window.desk.report_wanted.connect(lambda: asked.append("report"))
    window.filters.search.setFocus()
    window.type("causeway")
    window.desk.take(protocol.LedgerChanged(ledger=ALTERED))
    desk = window.desk
    assert desk.banner.words.startswith("Ledger broken at entry 1,197. ")
    assert desk.story.tampered is not None
    assert desk.tiles.sent.words.endswith("Not verified")
    assert not desk.banner.report.isEnabled()
    window.click("show_broken")
    window.settle(50)
    # Its row was held back by the search.
    assert window.table.number == 1197
    assert window.filters.search.text() == ""
    assert desk.story.tampered is not None
    window.click_row(window.table.currentIndex().row() + 1)
    assert (desk.story.tampered, desk.story.entry) == (None, 1192)
    window.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert asked == []


def test_a_project_in_which_nothing_was_asked_says_what_to_do(opened: Open, rows: list[ReviewRow]) -> None:
    rows.clear()
    window = opened()
    assert window.desk.view.no_rows.isVisible()
    assert window.desk.view.no_rows.words.startswith("Nothing asked yet. Ask for lines in Write")


def test_rows_come_as_the_list_is_made(opened: Open, rows: list[ReviewRow], tmp_path: Path) -> None:
    later = rows[:]
    del rows[:50]
    part = ready(tmp_path / "Larkspur.studio", tmp_path / "index", 700)
    window = opened(review=part.model_copy(update={"state": "building", "size": 1284, "share": 0.5}))
    assert window.desk.view.making.accessibleName() == "Reading the record: 700 of 1,284"
    window.until(lambda: window.filters.counted.plain == "10 entries")
    rows[:] = later
    window.grow(1284)
    window.desk.take(protocol.ReviewChanged(state=window.review.model_copy(update={"state": "ready"})))
    window.until(lambda: window.filters.counted.plain == "60 entries")
    assert window.desk.view.making.isHidden()


def test_a_list_that_cannot_be_read_says_so_and_is_read_again(opened: Open) -> None:
    window = opened()
    FakeIndex.fails = Unavailable("The list is locked.", remedy="Wait a moment.")
    window.filters.search.setFocus()
    window.type("beats")
    # For a moment that may be so because a new one is put in its place; nothing is said until it lasts.
    empty = window.desk.view.no_rows
    window.until(empty.isVisible)
    assert "The list is locked." in empty.words
    window.click("review_empty_does")
    window.until(lambda: empty.button.text() == "Make the list anew")
    FakeIndex.fails = None
    window.click("review_empty_does")
    window.until(lambda: window.filters.counted.plain == "9 entries")
    assert window.broker.params_of(protocol.OPEN_REVIEW)[-1].anew


def test_a_list_that_could_not_be_made_can_be_made_anew(opened: Open) -> None:
    window = opened(review=ReviewState(state="failed", why="The disk is full."))
    assert "The disk is full." in window.desk.view.no_rows.words
    window.click("review_empty_does")
    assert [one.anew for one in window.broker.params_of(protocol.OPEN_REVIEW)] == [False, True]


def test_a_broker_that_was_started_again_keeps_the_list_and_what_is_chosen(opened: Open) -> None:
    window = opened()
    window.click_row(3)
    window.desk.rejoin()
    window.settle(50)
    assert len(window.broker.params_of(protocol.OPEN_REVIEW)) == 2
    assert (window.table.number, window.desk.story.entry) == (1276, 1276)


def test_it_goes_to_an_entry_by_the_row_that_stands_for_it(opened: Open) -> None:
    window = opened()
    window.filters.names["people"].setFocus()
    window.desk.show_entry(1240)
    window.settle(50)
    assert (window.table.number, window.desk.story.entry) == (1240, 1240)
    places: list[object] = []
    window.desk.go_to_script.connect(places.append)
    window.desk.go_to_board.connect(places.append)
    window.desk.story.go_to.emit("script", "410")
    window.desk.story.go_to.emit("board", "s7")
    assert places == [410, "s7"]


def test_another_project_begins_without_the_filters_of_the_last(
    opened: Open, rows: list[ReviewRow], tmp_path: Path
) -> None:
    from tests.desk.review_fakes import project_state

    window = opened()
    window.click_row(3)
    window.filters.search.setFocus()
    window.type("beats")
    FakeIndex.held[tmp_path / "other"] = rows[:9]
    window.review = ready(tmp_path / "Other.studio", tmp_path / "other")
    window.desk.set_project(project_state(tmp_path / "Other.studio", INTACT))
    window.settle(50)
    window.until(lambda: window.filters.counted.plain == "9 entries")
    assert (window.filters.search.text(), window.table.number, window.desk.story.entry) == ("", None, None)
    assert [region.objectName() for region in window.desk.regions][-1] == "entry_story"


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_it_fits_a_small_window(opened: Open, mode: str) -> None:
    window = opened(mode=mode, size=(1100, 624), ledger=ALTERED)
    assert (window.desk.width(), window.desk.height()) == (1100, 624)
    for name in ("show_broken", "export_report", "ledger_search", "review_more"):
        one = window.part(type(window.desk).__mro__[1], name)
        assert one.isVisible()
        assert window.desk.rect().contains(one.mapTo(window.desk, one.rect().bottomRight()))
