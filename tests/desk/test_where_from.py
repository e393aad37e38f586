"""Where does this come from: files are dropped or chosen, and no mark is made to say more than it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPlainTextEdit, QWidget

from studio_assist import protocol
from studio_assist.desk.where_from.findings import layers, verdict
from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.domain.marking import InvisibleMark, ManifestFound
from tests.desk.record_fakes import INTACT, MADE_HERE, NOTHING, TAMPERED, FakeStudio
from tests.desk.studio_driver import SCRIPT
from tests.desk.test_record import button, click, part, sheet_of, words_of

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def window(qapp: QApplication, home: Path) -> Iterator[FakeStudio]:
    made = FakeStudio(home, INTACT)
    yield made
    made.close()


def drag(target: QWidget, *paths: str, text: str = "", drop: bool = True) -> bool:
    """Drag files (or text) over a widget and let go. Says whether somebody there took them."""
    mime = QMimeData()
    if paths:
        mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    if text:
        mime.setText(text)
    at = target.rect().center()
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(at), copy, mime, left, none)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    last = QDropEvent(QPointF(at), copy, mime, left, none) if drop else QDragLeaveEvent()
    QApplication.sendEvent(target, last)
    QApplication.processEvents()
    return True


# what is said ------------------------------------------------------------------------------------------


def test_a_file_that_was_made_here_says_so_with_its_entry_and_person() -> None:
    assert verdict(MADE_HERE, "board.png").title == (
        "Made here: TEMP AI, ledger entry 52, accepted by R. Okafor on 22 Nov, scene 14"
    )
    said = {layer.name: (layer.state, layer.words) for layer in layers(MADE_HERE, "board.png")}
    assert list(said) == ["Visible band", "Invisible mark", "Metadata", "Manifest (C2PA)", "Ledger"]
    assert said["Invisible mark"] == ("found", "Names ledger entry 52, 2 bits put right.")
    assert said["Manifest (C2PA)"][0] == "holds"
    assert "exported in entry 61" in said["Ledger"][1]


def test_a_document_is_known_by_its_export_and_not_by_the_entry_before_it() -> None:
    assert verdict(MADE_HERE, "draft.pdf").title == (
        "Made here: TEMP AI, exported as ledger entry 61, byte for byte"
    )
    unknown = MADE_HERE.model_copy(update={"exported": None})
    assert verdict(unknown, "draft.pdf").state == "found"
    assert "no export of exactly these bytes" in verdict(unknown, "draft.pdf").detail


def test_no_mark_proves_nothing_and_says_so() -> None:
    assert verdict(NOTHING, "a.png").title == "No mark found: that proves nothing"
    assert verdict(NOTHING, "a.png").state == "unknown"


def _no_story(read: protocol.MarksRead) -> protocol.MarksRead:
    return read.model_copy(update={"story": None, "exported": None, "project": None, "folder": None})


STRIPPED = MADE_HERE.model_copy(
    update={
        "report": MADE_HERE.report.model_copy(
            update={"agree": False, "manifest": ManifestFound(state="missing"), "source_type": None}
        ),
        "exported": None,
    }
)


@pytest.mark.parametrize(
    ("read", "state", "title"),
    [
        (TAMPERED, "broken", "The marks disagree"),
        (
            STRIPPED,
            "found",
            "Points to ledger entry 52: TEMP AI, accepted by R. Okafor on 22 Nov, scene 14",
        ),
        (
            MADE_HERE.model_copy(update={"altered": "Entry 12 was changed."}),
            "broken",
            "The record that it points to does not hold",
        ),
        (_no_story(MADE_HERE), "unknown", "It carries marks, and no project here knows them"),
    ],
)
def test_nothing_is_green_but_what_a_record_confirms(
    read: protocol.MarksRead, state: str, title: str
) -> None:
    assert (verdict(read, "a.png").state, verdict(read, "a.png").title) == (state, title)


def test_a_strangers_manifest_and_a_mark_without_its_key_are_not_held_to_be_ours() -> None:
    report = MADE_HERE.report.model_copy(
        update={
            "invisible": InvisibleMark(present=None),
            "manifest": ManifestFound(state="valid", signer="Somebody"),
        }
    )
    said = {layer.name: layer for layer in layers(MADE_HERE.model_copy(update={"report": report}), "a.jpg")}
    assert said["Manifest (C2PA)"].state == "unknown"
    assert "no one this project knows" in said["Manifest (C2PA)"].words
    assert said["Invisible mark"].state == "unknown"


# dropping ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["editor", "outline", "tray", "ask_field"])
def test_a_file_dropped_anywhere_is_asked_about_and_never_becomes_text(
    window: FakeStudio, where: str
) -> None:
    write = window.studio.write
    targets: dict[str, Callable[[], QWidget]] = {
        "editor": write.editor.viewport,
        "outline": lambda: write.outline,
        "tray": lambda: write.tray,
        "ask_field": lambda: _field(write.tray).viewport(),
    }
    window.broker.answers["read_marks"] = MADE_HERE
    assert drag(targets[where](), "/pictures/board 14C.png")
    sheet = sheet_of(window, "where_from_sheet")
    window.wait(lambda: "Made here" in words_of(sheet), "the findings")
    assert window.broker.params_of(protocol.READ_MARKS)[0].file == "/pictures/board 14C.png"
    assert write.document.text() == SCRIPT
    assert _field(write.tray).toPlainText() == ""
    sheet.dismiss()


def _field(tray: QWidget) -> QPlainTextEdit:
    found = tray.findChild(QPlainTextEdit, "ask_field")
    assert found is not None
    return found


def test_text_dropped_on_the_page_is_the_pages_still(window: FakeStudio) -> None:
    assert drag(window.studio.write.editor.viewport(), text="Slowly. ")
    assert "Slowly. " in window.studio.write.document.text()
    assert window.shell.sheet() is None


def test_the_window_says_what_a_drop_would_do_and_takes_the_words_away_again(window: FakeStudio) -> None:
    drag(window.shell, "/pictures/a.png", drop=False)
    hint = window.shell.findChild(QWidget, "drop_hint")
    assert hint is not None
    assert not hint.isVisible()
    assert not drag(window.shell, "/a.png", "/b.png")
    assert window.shell.sheet() is None


def test_a_sheet_that_waits_for_an_answer_takes_no_file(window: FakeStudio) -> None:
    window.shell.show_about()
    assert not drag(window.shell, "/pictures/a.png")
    sheet_of(window, "about_sheet").dismiss()


# the sheet ---------------------------------------------------------------------------------------------


def test_the_sheet_asks_for_a_file_and_looks_in_another_project(
    window: FakeStudio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args, **_more: ("/x/still.webp", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args, **_more: str(tmp_path))
    window.shell.commands.run("marks.where_from")
    sheet = sheet_of(window, "where_from_sheet")
    assert "Drop a picture or a document here, or choose a file" in words_of(sheet)
    assert not button(sheet, "where_from_other").isEnabled()
    window.broker.answers["read_marks"] = _no_story(MADE_HERE)
    click(sheet, "where_from_choose")
    window.wait(lambda: "no project here knows them" in words_of(sheet), "the findings")
    assert not button(sheet, "where_from_entry").isVisible()
    window.broker.answers["read_marks"] = MADE_HERE.model_copy(update={"folder": str(tmp_path)})
    click(sheet, "where_from_other")
    window.wait(lambda: "Made here" in words_of(sheet), "the findings")
    asked = window.broker.params_of(protocol.READ_MARKS)
    assert [params.project for params in asked] == [None, str(tmp_path)]
    # Another project's entry cannot be opened in this one.
    assert not button(sheet, "where_from_entry").isVisible()
    sheet.dismiss()


def test_reading_can_be_stopped_and_what_comes_late_is_not_shown(window: FakeStudio) -> None:
    window.studio.where_from.ask(Path("/x/huge.png"))
    sheet = sheet_of(window, "where_from_sheet")
    stop = button(sheet, "where_from_stop")
    assert stop.hasFocus()
    QTest.keyClick(stop, Qt.Key.Key_Return)
    assert window.broker.params_of(protocol.STOP_READING_MARKS)
    assert "Stopped. Nothing was found out." in words_of(sheet)
    # The next file's answer is shown, and the stopped one's error never comes.
    window.broker.answers["read_marks"] = lambda params: (
        Unavailable("It was stopped.", remedy="") if "huge" in params.file else NOTHING
    )
    assert drag(window.shell, "/x/small.jpg")
    window.wait(lambda: "No mark found" in words_of(sheet), "the findings")
    sheet.dismiss()


def test_a_file_that_cannot_be_read_is_told_with_what_to_do(window: FakeStudio) -> None:
    window.broker.answers["read_marks"] = BadInput(
        "This file is no picture that can be read.", remedy="Choose a PNG."
    )
    window.studio.where_from.ask(Path("/x/garbage.png"))
    sheet = sheet_of(window, "where_from_sheet")
    window.wait(lambda: "Choose a PNG." in words_of(sheet), "the error")
    assert not part(sheet, "where_from_stop").isVisible()
    assert button(sheet, "where_from_another").hasFocus()
    sheet.dismiss()


def test_a_file_can_be_asked_about_with_no_project_open(window: FakeStudio) -> None:
    window.broker.answers["close_project"] = protocol.Nothing()
    window.studio.close_project()
    window.wait(lambda: window.studio.state is None, "the project to close")
    window.broker.answers["read_marks"] = NOTHING
    assert drag(window.studio.start_page.page, "/x/a.png")
    sheet = sheet_of(window, "where_from_sheet")
    window.wait(lambda: "No mark found" in words_of(sheet), "the findings")
    sheet.dismiss()


def test_the_entry_opens_from_the_findings(window: FakeStudio) -> None:
    assert window.studio.state is not None
    window.broker.answers["read_marks"] = MADE_HERE.model_copy(update={"folder": window.studio.state.path})
    window.broker.answers["provenance"] = BadInput("That entry is not a decision.", remedy="")
    window.studio.where_from.ask(Path("/x/board.png"))
    sheet = sheet_of(window, "where_from_sheet")
    window.wait(lambda: button(sheet, "where_from_entry").isVisible(), "the findings")
    click(sheet, "where_from_entry")
    window.wait(lambda: bool(window.broker.params_of(protocol.PROVENANCE)), "the entry")
    assert window.broker.params_of(protocol.PROVENANCE)[-1].entry == 52
    window.wait(lambda: window.shell.sheet() is not None, "the answer")
    sheet_of(window, "error_sheet").dismiss()
