"""The filter bar, the search, the days: which rows are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from studio_assist.desk.review.choice_menu import ChoiceList, DaysCard
from studio_assist.desk.review.period import Period, read_day
from studio_assist.domain.review import Filter, ReviewRow
from tests.desk.record_fakes import ALTERED
from tests.desk.review_fakes import DeskWindow, afternoon, use_fake

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


def people(window: DeskWindow) -> set[str]:
    model = window.desk.view.model
    return {model.row_at(at)[0].person for at in range(model.rowCount())}


def action(menu: QMenu, words: str) -> None:
    next(one for one in menu.actions() if one.text().startswith(words)).trigger()
    menu.close()


def test_slash_searches_and_esc_clears_first_and_leaves_then(opened: Open) -> None:
    window = opened()
    window.table.setFocus()
    window.type("/")
    assert window.filters.search.hasFocus()
    assert window.filters.search.text() == ""
    window.type("causeway")
    assert window.filters.counted.plain.startswith("3 entr")
    window.press(Qt.Key.Key_Escape)
    window.settle()
    window.until(lambda: window.filters.counted.plain == "60 entries")
    assert window.filters.search.hasFocus()
    window.press(Qt.Key.Key_Escape)
    assert window.table.hasFocus()


def test_several_people_can_be_ticked_and_all_let_go_again(opened: Open) -> None:
    window = opened()
    window.click("filter_people")
    card = window.part(ChoiceList, "choice_list")
    assert [row.text() for row in card.rows] == ["R. Okafor", "J. Lindqvist", "S. Tanaka"]
    assert card.rows[0].accessibleName() == "R. Okafor, 27"
    window.press(Qt.Key.Key_Space)
    window.settle()
    assert people(window) == {"R. Okafor"}
    assert window.filters.names["people"].text() == "R. Okafor"
    window.press(Qt.Key.Key_Down)
    window.press(Qt.Key.Key_Return)
    window.settle()
    assert people(window) == {"R. Okafor", "J. Lindqvist"}
    assert window.filters.names["people"].text() == "Person 2"
    assert card.isVisible()
    window.click(card.any)
    assert people(window) == {"R. Okafor", "J. Lindqvist", "S. Tanaka"}
    window.press(Qt.Key.Key_Escape)
    assert not card.isVisible()


def test_a_chosen_row_survives_a_filter_that_lets_it_through_and_comes_back_after_one_that_does_not(
    opened: Open,
) -> None:
    window = opened()
    window.click_row(5)
    window.filters.search.setFocus()
    window.type("continue")
    assert window.table.number == 1271
    window.filters.search.selectAll()
    window.type("eyes")
    assert window.table.number is None
    window.filters.clear()
    window.settle()
    assert window.table.number == 1271


def test_the_chips_show_what_left_what_was_blocked_and_every_entry(
    opened: Open, rows: list[ReviewRow]
) -> None:
    rows[3] = rows[3]._replace(left=5120)
    rows.append(rows[-1]._replace(number=2, main=False, outcome="done"))
    window = opened()
    assert window.filters.blocked.text() == "Blocked 1"
    window.click("filter_blocked")
    assert window.numbers() == [1279]
    assert window.desk.tiles.sent.words.endswith("1 attempt blocked")
    window.click("filter_blocked")
    window.click("filter_left")
    assert window.numbers() == [1276]
    window.click("clear_filters")
    window.until(lambda: window.filters.counted.plain == "60 entries")
    window.click("filter_every")
    window.until(lambda: window.filters.counted.plain == "61 entries")


def test_a_press_on_a_day_shows_that_day_and_another_press_all_of_them(opened: Open) -> None:
    window = opened()
    chart = window.desk.tiles.chart
    assert len(chart.days) == 7
    assert "accepted" in chart.accessibleDescription()
    window.click(chart, chart.spot_of(5).toPoint())
    days = {window.desk.view.model.row_at(at)[0].at.astimezone().date() for at in range(3)}
    assert days == {chart.days[5].day}
    assert len(chart.days) == 7
    chart.setFocus()
    window.press(Qt.Key.Key_Right)
    window.click(chart, chart.spot_of(5).toPoint())
    window.until(lambda: window.filters.counted.plain == "60 entries")


def test_days_are_chosen_from_the_menu_or_typed(opened: Open) -> None:
    window = opened()
    window.click("filter_days")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action(menu, "Today")
    window.settle()
    assert window.filters.days.text() == "Today"
    window.until(lambda: window.filters.counted.plain == "20 entries")
    window.filters._open_days_card()
    card = window.part(DaysCard, "days_card")
    card.first.setText("yesterday")
    window.click(card.show_days)
    assert card.isVisible()
    card.first.setText(date.today().isoformat())
    card.last.setText("2001-01-01")
    window.click(card.show_days)
    assert card.isVisible()
    card.last.setText("")
    window.click(card.show_days)
    assert not card.isVisible()
    window.until(lambda: window.filters.counted.plain == "20 entries")
    assert window.filters.days.text().startswith("From ")


def test_where_nothing_fits_it_says_so_and_clears(opened: Open) -> None:
    window = opened()
    window.filters.search.setFocus()
    window.type("zeppelin")
    assert window.desk.view.no_rows.words.startswith("No entry fits these filters")
    window.click("review_empty_does")
    window.until(lambda: window.filters.counted.plain == "60 entries")
    assert window.table.isVisible()


def test_a_broken_record_offers_what_cannot_be_relied_on(opened: Open) -> None:
    window = opened(ledger=ALTERED)
    assert window.filters.unverified.text() == "Unverified 88"
    assert window.filters.blocked.isHidden()
    window.click("filter_unverified")
    assert min(window.numbers()) == 1197


def test_what_a_narrow_bar_leaves_away_is_in_its_menu(opened: Open) -> None:
    window = opened(size=(1100, 624))
    assert window.desk.width() == 1100
    assert window.filters.every.isHidden()
    assert window.filters.names["tools"].isHidden()
    menu = window.filters.open_menu()
    words = [one.text() for one in menu.actions()]
    assert {"Every entry", "Tool…", "Decision…"} <= set(words)
    action(menu, "Tool…")
    card = window.part(ChoiceList, "choice_list")
    window.click(next(row for row in card.rows if row.text() == "OpenAI"))
    assert not window.filters.names["tools"].isHidden()
    assert window.filters.wanted.tools == {"OpenAI"}
    card.dismiss()


def test_periods_are_days_of_the_reader() -> None:
    today = date(2026, 11, 22)
    since, until = Period("week").moments(today)
    assert since == datetime(2026, 11, 16).astimezone(UTC)
    assert until == datetime(2026, 11, 23).astimezone(UTC)
    assert Period("week").words(today, None, None) == "16 to 22 Nov"
    assert Period("month").words(today, None, None) == "1 to 22 Nov"
    assert Period("all").words(
        today, datetime(2025, 12, 30, 12, tzinfo=UTC), datetime(2026, 1, 2, 12, tzinfo=UTC)
    ) == ("30 Dec 2025 to 2 Jan")
    assert Period().moments(today) == (None, None)
    assert [read_day(words) for words in ("2026-11-16", "16.11.2026", "16 Nov 2026", "soon")] == [
        *(date(2026, 11, 16),) * 3,
        None,
    ]
    assert Filter() == Filter(since=None)
