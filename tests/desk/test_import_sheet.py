"""A file in the sheet before it is taken in: what it holds, what would come of it, what came, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio_assist import protocol
from studio_assist.desk.importing.conform_sheet import ConformSheet
from studio_assist.desk.importing.control import ImportControl
from studio_assist.desk.importing.import_sheet import ImportSheet
from studio_assist.desk.importing.merge_view import MergeView
from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import ReportLine
from studio_assist.domain.script_merge import merge
from studio_assist.domain.values import sha256_of
from studio_assist.protocol.importing import BoardLine
from tests.desk.record_fakes import INTACT, FakeStudio
from tests.desk.studio_driver import SCRIPT

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

DIGEST = sha256_of("file")
REPORT = (
    ReportLine(
        where="board 2 (1B)",
        what="Layer ink (board-2-BBBBB-ink.png): The picture is missing.",
        remedy="Put it back, then import again.",
    ),
    ReportLine(where="Larkspur.storyboarder", what="3 boards of 2 shots: here each board is a shot."),
)


@pytest.fixture
def window(qapp: QApplication, home: Path) -> Iterator[FakeStudio]:
    made = FakeStudio(home, INTACT)
    made.shell.resize(1440, 900)
    yield made
    made.close()


def control_of(window: FakeStudio) -> ImportControl:
    found = window.studio.findChild(ImportControl)
    return found or ImportControl(window.theme, window.studio)


def sheet_of(window: FakeStudio, file: Path, seen: object) -> ImportSheet:
    window.broker.answers["look_at_file"] = seen
    control = control_of(window)
    control.look_at(file)
    sheet = control.sheet
    assert sheet is not None
    window.wait(lambda: not sheet.busy, "the look")
    return sheet


def boards(folder: Path) -> protocol.FileSeen:
    lines: list[BoardLine] = []
    for place, (name, shot, lacks) in enumerate(
        (
            ("1A", "", ""),
            ("1B", "", "Missing: ink"),
            ("2A", "14C", "Its panel was changed here since, and stays."),
        )
    ):
        file = folder / f"{place}.png"
        Image.linear_gradient("L").resize((160, 90)).rotate(90 * place).resize((160, 90)).save(file)
        lines.append(
            BoardLine(
                name=name, shot=shot, picture=str(file) if place != 1 else None, duration_ms=1500, lacks=lacks
            )
        )
    return protocol.FileSeen(
        format="storyboarder",
        name="Larkspur.storyboarder",
        digest=DIGEST,
        scenes=1,
        panels=2,
        boards=tuple(lines),
        report=REPORT,
    )


def test_boards_are_shown_with_what_they_lack_and_taken_in_where_the_person_says(
    window: FakeStudio, tmp_path: Path
) -> None:
    before = QApplication.focusWidget()
    sheet = sheet_of(window, tmp_path / "Larkspur.storyboarder", boards(tmp_path))
    assert "2 new shots and 1 shot brought up to date" in sheet.said
    assert sheet.boards is not None
    pictures = sheet.boards.pictures
    window.wait(lambda: not pictures.busy, "the pictures")
    texts = [str(sheet.lines.index(row).data()) for row in range(3)]
    assert [text.split(". ")[1] for text in texts] == [
        "New shot in scene 2",
        "New shot in scene 2",
        "Into 14C",
    ]
    assert sheet.scenes is not None
    sheet.scenes.setCurrentIndex(1)
    assert "New shot in scene 1" in str(sheet.lines.index(0).data())
    sheet.report.copy_text()
    assert QGuiApplication.clipboard().text().splitlines()[0].split("\t")[0] == "board 2 (1B)"

    taken = protocol.TakenIn(panels=2, offered=1, report=REPORT[:1])
    QTest.keyClick(sheet.go, Qt.Key.Key_Space)
    (params,) = window.broker.params_of(protocol.TAKE_IN)
    assert (params.digest, params.scene, params.choices) == (DIGEST, "1", ())
    assert sheet.busy
    control_of(window).take(protocol.Progress(job="import", label="Board 2 of 3", share=0.4))
    assert sheet.said == "Board 2 of 3."
    # Esc stops what runs, and the sheet stays to tell what came of it.
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert window.broker.params_of(protocol.STOP_TAKING_IN)
    assert sheet.isVisible()
    sheet.show_result(taken)
    assert sheet.said == "Only a part of it was taken in."
    assert sheet.outcome.words == "2 shots came in. 1 picture waits for a decision."
    assert len(sheet.report.report) == 1
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    window.wait(lambda: control_of(window).sheet is None, "the sheet to go")
    assert QApplication.focusWidget() is before


def test_a_bad_file_is_told_with_its_place_and_what_to_do(window: FakeStudio, tmp_path: Path) -> None:
    error = BadInput(
        "The script is not encoded in UTF-8.", remedy="Save it as UTF-8.", place="a.fountain, line 3"
    )
    sheet = sheet_of(window, tmp_path / "a.fountain", error)
    assert sheet.outcome.words == "The script is not encoded in UTF-8. (a.fountain, line 3) Save it as UTF-8."
    assert not sheet.go.isEnabled()
    QTest.keyClick(QApplication.focusWidget() or sheet, Qt.Key.Key_Escape)
    assert not window.broker.params_of(protocol.TAKE_IN)


def test_conflicts_of_a_script_are_chosen_before_it_comes_in(window: FakeStudio, tmp_path: Path) -> None:
    ours = SCRIPT.replace("The lamp dims.", "The lamp dies.")
    theirs = SCRIPT.replace("The lamp dims.", "The lamp flickers.").replace(
        "The sea is flat", "The sea is high"
    )
    seen = protocol.FileSeen(
        format="fdx", name="Ferry.fdx", digest=DIGEST, scenes=2, merge=merge(SCRIPT, ours, theirs)
    )
    sheet = sheet_of(window, tmp_path / "Ferry.fdx", seen)
    view = sheet.findChild(MergeView)
    assert view is not None
    assert view.conflicts == 1
    # A quick Enter takes nothing in: the keyboard is where it is decided.
    rows = view.findChild(QWidget, "merge_rows")
    assert rows is not None
    assert rows.hasFocus()
    QTest.keyClick(rows, Qt.Key.Key_2)
    assert view.choices == ("theirs",)
    told: list[object] = []
    control_of(window).script_taken.connect(told.append)
    state = window.broker.answers["open_project"].model_copy(
        update={"warnings": ("The script before is kept.",)}
    )
    window.broker.answers["take_in"] = protocol.TakenIn(state=state)
    QTest.keyClick(sheet.go, Qt.Key.Key_Space)
    window.wait(lambda: bool(told), "the script")
    (params,) = window.broker.params_of(protocol.TAKE_IN)
    assert params.choices == ("theirs",)
    assert "kept" in sheet.outcome.words
    sheet.dismiss()


def test_a_file_that_is_dropped_on_the_window_is_looked_at_and_an_edit_has_a_sheet_of_its_own(
    window: FakeStudio, tmp_path: Path
) -> None:
    control_of(window)
    window.broker.answers["list_shots"] = protocol.ShotPage(offset=0, total=0, version=1, shots=())
    window.broker.answers["look_at_file"] = protocol.FileSeen(format="otio", name="Cut 3", digest=DIGEST)
    file = tmp_path / "Cut 3.otio"
    file.write_text("{}", encoding="utf-8")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    common = (
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(5, 5), *common)
    QApplication.sendEvent(window.shell, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window.shell, QDropEvent(QPointF(5, 5), *common))
    window.wait(lambda: window.shell.findChild(ConformSheet) is not None, "the changes from editorial")
    sheet = window.shell.findChild(ConformSheet)
    assert sheet is not None
    sheet.dismiss()
