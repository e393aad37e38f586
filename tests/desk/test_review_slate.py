"""Several projects together: compared in a table, read-only, and remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studio_assist import protocol
from studio_assist.domain.errors import Damaged
from studio_assist.domain.review import ReviewRow
from studio_assist.protocol import SlateParams, SlateProject
from tests.desk.record_fakes import ALTERED, INTACT
from tests.desk.review_fakes import DeskWindow, FakeIndex, afternoon, ready, use_fake

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

Open = Callable[..., DeskWindow]


def answer(params: SlateParams) -> SlateProject | Damaged:
    """Another project, as the broker looks at it."""
    folder = Path(params.path)
    if folder.stem == "Lost Film":
        return Damaged("The record cannot be read.", remedy="Put it back from a backup.")
    return SlateProject(
        path=params.path,
        title=folder.stem,
        policy="house",
        review=ready(folder, folder / "index"),
        ledger_state=ALTERED if folder.stem == "Gull Island" else INTACT,
        temp_lines=3,
        temp_boards=1,
        contact_told=folder.stem == "Salt Road",
        open_clearances=2,
    )


@pytest.fixture
def opened(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    held: dict[Path, list[ReviewRow]] = use_fake(monkeypatch)
    held[tmp_path / "index"] = afternoon()
    for name, rows in (("Salt Road", afternoon(10)), ("Gull Island", afternoon(0)), ("Lost Film", [])):
        folder = tmp_path / f"{name}.studio"
        folder.mkdir()
        (folder / "ledger.sqlite").touch()
        held[folder / "index"] = rows
    made: list[DeskWindow] = []

    def make() -> DeskWindow:
        window = DeskWindow(tmp_path / "Larkspur.studio", tmp_path / "index")
        made.append(window)
        window.broker.answers["look_at_slate"] = answer
        window.broker.answers["leave_slate"] = protocol.Nothing()
        window.desk.set_recent([(str(tmp_path / "Salt Road.studio"), "Salt Road")])
        window.filters.slate_wanted.emit()
        window.settle()
        return window

    yield make
    for one in made:
        one.close()


def add(window: DeskWindow, tmp_path: Path, name: str) -> None:
    window.desk.slate.add_folder(tmp_path / f"{name}.studio")
    lines = window.desk.slate.model
    window.until(lambda: lines.lines[-1].trouble or lines.lines[-1].totals is not None)


def line(window: DeskWindow, row: int) -> list[str]:
    model = window.desk.slate.model
    return [model.index(row, column).data() for column in range(13)]


def test_a_project_of_late_is_added_and_compared_with_this_one(opened: Open) -> None:
    window = opened()
    assert window.desk.tiles.isHidden()
    window.click_row(3)
    menu = window.desk.slate.open_menu()
    menu.actions()[0].trigger()
    menu.close()
    window.until(lambda: line(window, 1)[4] == "17" and line(window, 0)[4] == "47")
    assert line(window, 1) == [
        "Salt Road", "Intact", "1,284", "17 accepted, 4 edited, 7 rejected", "17", "4", "7", "0 B", "1", "4",
        "Yes", "2", "house",
    ]  # fmt: skip
    together = line(window, 2)
    assert (together[0], together[2], together[4], together[10]) == ("Together", "2,568", "64", "1 of 2")
    # What is chosen here stays as long as these rows do.
    assert window.desk.story.entry == 1276
    window.desk.set_clearance(True, 1)
    assert (line(window, 0)[10:12], line(window, 2)[10]) == (["Yes", "1"], "2 of 2")


def test_another_projects_rows_are_shown_read_only_and_these_again(opened: Open, tmp_path: Path) -> None:
    window = opened()
    add(window, tmp_path, "Gull Island")
    table = window.desk.slate.table
    window.click(table.viewport(), table.visualRect(window.desk.slate.model.index(1, 0)).center())
    window.until(lambda: window.filters.counted.plain == "20 entries")
    # Its record does not hold, whatever is true of this one.
    assert window.filters.unverified.text() == "Unverified 88"
    assert window.desk.banner.words.startswith("Ledger intact")
    assert line(window, 1)[1] == "Broken at 1,197"
    window.click("slate_off")
    window.until(lambda: window.filters.counted.plain == "60 entries")
    assert window.filters.unverified.isHidden()
    assert window.desk.tiles.isVisible()


def test_a_slate_is_remembered_and_a_project_can_be_taken_off_it(opened: Open, tmp_path: Path) -> None:
    window = opened()
    add(window, tmp_path, "Salt Road")
    add(window, tmp_path, "Gull Island")
    again = opened()
    again.until(lambda: again.desk.slate.model.lines[-1].totals is not None)
    assert [one.title for one in again.desk.slate.model.lines] == [
        "Project Larkspur",
        "Salt Road",
        "Gull Island",
    ]
    assert not again.desk.slate.drop.isEnabled()
    again.desk.slate.table.choose(str(tmp_path / "Salt Road.studio"))
    again.desk.slate.table.setFocus()
    again.press(Qt.Key.Key_Delete)
    again.settle(50)
    assert [params.path for params in again.broker.params_of(protocol.LEAVE_SLATE)] == [
        str(tmp_path / "Salt Road.studio")
    ]
    assert again.desk.slate.current is None
    third = opened()
    assert [one.title for one in third.desk.slate.model.lines] == ["Project Larkspur", "Gull Island"]


def test_a_project_that_cannot_be_read_stays_on_the_slate_and_says_why(opened: Open, tmp_path: Path) -> None:
    window = opened()
    add(window, tmp_path, "Lost Film")
    assert line(window, 1)[:3] == ["Lost Film", "Cannot be read", "–"]
    index = window.desk.slate.model.index(1, 1)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "The record cannot be read. Put it back from a backup."
    told: list[object] = []
    window.desk.error.connect(told.append)
    window.desk.slate.add_folder(tmp_path)
    assert len(told) == 1


def test_the_index_of_another_project_may_grow(opened: Open, tmp_path: Path) -> None:
    window = opened()
    add(window, tmp_path, "Salt Road")
    folder = tmp_path / "Salt Road.studio"
    FakeIndex.held[folder / "index"] = afternoon()
    window.desk.take(protocol.ReviewChanged(state=ready(folder, folder / "index", 1285)))
    window.until(lambda: line(window, 1)[4] == "47")


def test_a_broker_that_was_started_again_looks_at_the_others_again(opened: Open, tmp_path: Path) -> None:
    window = opened()
    add(window, tmp_path, "Salt Road")
    window.desk.slate.table.choose(str(tmp_path / "Salt Road.studio"))
    window.desk.rejoin()
    assert len(window.broker.params_of(protocol.LOOK_AT_SLATE)) == 2
    assert window.desk.slate.current is None
    window.until(lambda: line(window, 1)[1] == "Intact")
