"""The Review desk over a real record: its index, its stories, and the words that are searched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studio_assist.desk.review.story_source import StorySource
from studio_assist.domain.review import Filter, Sort
from studio_assist.ledger.review import ReviewIndex, update
from tests.bench.many_entries import make_project
from tests.desk.record_fakes import INTACT
from tests.desk.review_fakes import DeskWindow, ready

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

ENTRIES = 600


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    folder = tmp_path_factory.mktemp("real") / "Larkspur.studio"
    make_project(folder, ENTRIES)
    return folder, update(folder / "ledger.sqlite", folder / "recovery" / "review.sqlite").entries


@pytest.fixture
def window(qapp: QApplication, record: tuple[Path, int]) -> Iterator[DeskWindow]:
    folder, entries = record
    ledger = INTACT.model_copy(update={"size": entries})
    index = folder / "recovery" / "review.sqlite"
    opened = DeskWindow(folder, index, ledger, review=ready(folder, index, entries))
    yield opened
    opened.close()


def test_every_row_of_a_record_is_there_once_in_every_order(window: DeskWindow) -> None:
    model = window.desk.view.model
    everything: list[set[int]] = []
    for column in (0, 2, 8):
        head = window.table.head
        window.click("filter_every") if column == 0 else None
        head.sectionClicked.emit(column)
        window.settle(60)
        for page in range(0, model.rowCount(), 256):
            model.row_at(page)
            window.settle()
        numbers = [model.row_at(at)[0].number for at in range(model.rowCount())]
        assert len(numbers) == len(set(numbers))
        everything.append(set(numbers))
    assert everything[0] == everything[1] == everything[2]
    assert len(everything[0]) >= ENTRIES


def test_the_tiles_and_the_rows_say_the_same(window: DeskWindow) -> None:
    model = window.desk.view.model
    outcomes = [model.row_at(at)[0].outcome for at in range(model.rowCount())]
    said = window.desk.tiles.decisions.accessibleName()
    for words, outcome in (("Accepted", "accepted"), ("Edited", "edited"), ("Rejected", "rejected")):
        assert f"{words} {outcomes.count(outcome)}" in said
    assert window.desk.tiles.chart.days


def test_words_that_were_offered_are_found_and_their_story_told(
    window: DeskWindow, record: tuple[Path, int]
) -> None:
    model = window.desk.view.model
    shown = enumerate(map(model.row_at, range(model.rowCount())))
    place, row = next((at, row) for at, (row, _) in shown if (row.outcome, row.desk) == ("accepted", "Write"))
    before = range(model.rowCount())
    window.table.go_to_place(place)
    window.settle()
    source = StorySource(record[0] / "ledger.sqlite", own=True)
    quote = next(step.quote for step in source.story(row.number).steps if step.quote)
    source.close()
    window.filters.search.setFocus()
    window.type(" ".join(quote.rstrip(".").split()[:2]))
    assert window.table.number == row.number
    assert model.rowCount() < len(before)
    window.press(Qt.Key.Key_Escape)
    window.settle()
    assert window.desk.story.entry == row.number


def test_it_goes_from_a_candidate_to_the_row_of_its_decision(window: DeskWindow) -> None:
    model = window.desk.view.model
    decided = next(row for row, _ in map(model.row_at, range(model.rowCount())) if row.outcome == "accepted")
    index = ReviewIndex(window.desk.view.index or Path())
    every = index.rows(Filter(everything=True), Sort(), 0, 2000)
    index.close()
    offered = next(one for one in every if one.candidate == decided.candidate and one.type == "candidate")
    assert offered.number != decided.number
    window.desk.show_entry(offered.number)
    window.settle(50)
    assert window.table.number == decided.number
    assert window.desk.story.entry == decided.number
