"""What the window says of the record: in the status bar, on its card, in the banner and on the sheets."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QPushButton, QWidget

from studio_assist import protocol
from studio_assist.desk.kit import Label, Sheet
from studio_assist.domain.errors import Refusal
from studio_assist.protocol import FieldDiffers, Holding, LedgerState, PackLook, PackText
from tests.desk.record_fakes import ALTERED, CHECKING, CLAIM, INTACT, NOW, ROOT, SESSION_KEY, FakeStudio

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

Open = Callable[..., FakeStudio]


@pytest.fixture
def opened(qapp: QApplication, home: Path) -> Iterator[Open]:
    made: list[FakeStudio] = []

    def make(ledger: LedgerState = INTACT) -> FakeStudio:
        made.append(FakeStudio(home, ledger))
        return made[-1]

    yield make
    for one in made:
        one.close()


def part(window: QWidget, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert isinstance(found, QWidget), name
    return found


def button(window: QWidget, name: str) -> QAbstractButton:
    found = window.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton), name
    return found


def click(window: QWidget, name: str) -> None:
    QTest.mouseClick(button(window, name), Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def words_of(widget: QWidget) -> str:
    return "\n".join(label.plain for label in widget.findChildren(Label) if label.isVisibleTo(widget))


def sheet_of(window: FakeStudio, name: str) -> Sheet:
    found = window.shell.sheet()
    assert found is not None
    assert found.objectName() == name
    return found


# the status bar and its card ---------------------------------------------------------------------------


def test_a_window_that_starts_loads_no_sheet_of_the_record() -> None:
    listed = "import sys, studio_assist.app; print(*(name for name in sys.modules if 'studio_assist.desk' in name))"
    loaded = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True).stdout
    late = ("record.card", "differs_sheet", "witness_sheet", "pack_sheet", "forget_sheet", "where_from.sheet")
    assert "desk.record.control" in loaded
    assert not [name for name in (*late, "ledger_banner", "evidence") if name in loaded]


def test_an_intact_record_has_no_banner(opened: Open) -> None:
    window = opened()
    assert window.shell.findChild(QWidget, "ledger_banner") is None
    assert button(window.shell, "status_ledger").text() == "Ledger intact · 1,284 entries"
    assert button(window.shell, "status_ledger").toolTip() == CLAIM


def test_a_check_says_how_far_it_has_come(opened: Open) -> None:
    window = opened()
    window.tell(CHECKING)
    assert button(window.shell, "status_ledger").text() == "Checking 640 of 1,284"
    window.tell(INTACT)
    assert button(window.shell, "status_ledger").text() == "Ledger intact · 1,284 entries"


def test_the_card_over_the_status_bar_is_the_keyboards_too(opened: Open) -> None:
    window = opened()
    window.studio.write.editor.setFocus()
    window.shell.commands.run("ledger.state")
    card = part(window.shell, "ledger_card")
    assert card.isVisible()
    assert CLAIM in words_of(card)
    seen: list[str] = []
    for _ in range(4):
        focus = QApplication.focusWidget()
        assert isinstance(focus, QPushButton)
        seen.append(focus.objectName())
        QTest.keyClick(focus, Qt.Key.Key_Down)
    assert seen == [
        "card_ledger_check",
        "card_ledger_witness",
        "card_ledger_pack",
        "card_marks_where_from",
    ]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not card.isVisible()
    assert QApplication.focusWidget() is window.studio.write.editor
    # What opens it closes it.
    window.shell.commands.run("ledger.state")
    assert card.isVisible()
    window.shell.commands.run("ledger.state")
    assert not card.isVisible()
    QTest.keyClick(window.studio.write.editor, Qt.Key.Key_F9)
    assert window.broker.params_of(protocol.VERIFY_LEDGER)


def test_a_key_of_this_session_is_told_once_and_always_on_the_card(opened: Open) -> None:
    window = opened()
    window.tell(INTACT.model_copy(update={"key": "session", "key_note": SESSION_KEY}))
    assert "key" in window.shell.notices.ids
    window.shell.notices.dismiss("key")
    window.tell(INTACT.model_copy(update={"key": "session", "key_note": SESSION_KEY, "size": 1285}))
    assert "key" not in window.shell.notices.ids
    window.shell.commands.run("ledger.state")
    assert SESSION_KEY in words_of(part(window.shell, "ledger_card"))


# an altered record -------------------------------------------------------------------------------------


def test_an_altered_record_is_told_across_the_desk_until_it_checks_out(opened: Open) -> None:
    window = opened(ALTERED)
    banner = part(window.shell, "ledger_banner")
    assert banner.isVisible()
    assert banner.accessibleName() == (
        "Ledger broken at entry 1,197. Entry 1,197 was changed after it was written. "
        "AI tools are paused on this project."
    )
    assert button(window.shell, "status_ledger").text() == "Ledger broken at 1,197"
    assert button(window.shell, "status_sent").text() == "Sent off machine: not verified"
    assert part(window.shell, "status_paused").isVisible()
    # Between the top bar and everything else.
    top = window.shell.top_bar.mapTo(window.shell, window.shell.top_bar.rect().bottomLeft()).y()
    assert banner.mapTo(window.shell, banner.rect().topLeft()).y() == top + 1
    # While it is checked again, what was found still stands.
    window.tell(ALTERED.model_copy(update={"progress": 0.5}))
    assert part(window.shell, "ledger_banner").isVisible()
    window.tell(INTACT)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.shell.findChild(QWidget, "ledger_banner") is None
    assert not part(window.shell, "status_paused").isVisible()


def test_f6_walks_through_the_banner(opened: Open) -> None:
    window = opened(ALTERED)
    seen: list[str] = []
    for _ in range(6):
        QTest.keyClick(QApplication.focusWidget() or window.shell, Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(focus.objectName())
    assert "ledger_differs" in seen


def test_what_would_be_signed_is_off_while_the_record_is_broken_and_says_why(opened: Open) -> None:
    window = opened(ALTERED)
    for name in ("ledger.witness", "ledger.pack", "ledger.forget"):
        assert not window.shell.commands.enabled(name)
        assert "while the ledger is broken" in window.shell.commands.why(name)
    window.shell.commands.run("ledger.state")
    card = part(window.shell, "ledger_card")
    assert not button(card, "card_ledger_witness").isEnabled()
    assert "while the ledger is broken" in words_of(card)
    assert button(card, "card_ledger_differs").isVisible()
    window.studio.record.forget(1271)
    assert window.shell.sheet() is None
    assert "record" in window.shell.notices.ids


def test_what_differs_is_never_guessed_and_a_copy_shows_it(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = opened(ALTERED)
    click(window.shell, "ledger_differs")
    sheet = sheet_of(window, "differs_sheet")
    said = words_of(sheet)
    assert "Everything up to 1,196 still checks out." in said
    assert "This entry and the 87 after it cannot be relied on" in said
    assert "What stood there before is not known from this record alone." in said
    assert "Checkpoint signed by J. Lindqvist" in said
    assert "Accepted" not in said
    window.broker.answers["compare_ledger"] = protocol.Compared(
        relation="different",
        first_different=1197,
        here=1284,
        there=1259,
        fields=(
            FieldDiffers(name="Decision", there="rejected", here="accepted"),
            FieldDiffers(name="Hash", there="b8" * 32, here="e0" * 32),
        ),
        there_holds=True,
        there_at=NOW,
        says=("Up to entry 1,196 both hold the same.",),
    )
    copy = tmp_path / "Copy.studio" / "project.toml"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args, **_more: (str(copy), ""))
    click(sheet, "compare_copy")
    window.wait(lambda: sheet.findChild(QWidget, "difference_table") is not None, "the comparison")
    assert window.broker.params_of(protocol.COMPARE_LEDGER)[0].copy_path == str(copy.parent)
    table = words_of(part(sheet, "difference_table"))
    assert "rejected" in table
    assert "accepted" in table
    assert "e0e0 e0e0 … e0e0" in table
    assert "The copy by itself passes a check." in words_of(sheet)
    sheet.dismiss()


def test_a_fault_that_no_entry_is_known_for_is_not_pinned_to_one(opened: Open) -> None:
    window = opened(ALTERED.model_copy(update={"first_bad": None, "why": "The file is damaged.", "held": ()}))
    assert part(window.shell, "ledger_banner").accessibleName().startswith("The ledger was altered. The file")
    assert button(window.shell, "status_ledger").text() == "Ledger altered · 1,284 entries"
    click(window.shell, "ledger_differs")
    sheet = sheet_of(window, "differs_sheet")
    assert "Which entries this concerns is not known." in words_of(sheet)
    assert "is not the one that was signed" not in words_of(sheet)
    sheet.dismiss()


def test_an_evidence_file_holds_the_check_and_the_ledger_byte_for_byte(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = opened(ALTERED)
    assert window.studio.state is not None
    ledger = Path(window.studio.state.path) / "ledger.sqlite"
    ledger.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 5000)
    out = tmp_path / "evidence.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(out), ""))
    click(window.shell, "ledger_differs")
    sheet = sheet_of(window, "differs_sheet")
    click(sheet, "save_evidence")
    window.wait(lambda: "SHA-256" in words_of(part(sheet, "differs_outcome")), "the file")
    assert hashlib.sha256(out.read_bytes()).hexdigest() in words_of(sheet)
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert archive.read("ledger.sqlite") == ledger.read_bytes()
        told = json.loads(archive.read("check.json"))
        sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
        for name, digest in sums.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    assert told["check"]["first_bad"] == 1197
    assert told["saved_by"] == "R. Okafor"
    # A place that cannot be written is said, and leaves nothing behind.
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(tmp_path / "no" / "e.zip"), "")
    )
    click(sheet, "save_evidence")
    window.wait(lambda: "could not be written" in words_of(sheet), "the error")
    sheet.dismiss()


def test_f9_checks_again_from_the_sheet_and_the_sheet_goes_with_the_fault(opened: Open) -> None:
    window = opened(ALTERED)
    click(window.shell, "ledger_differs")
    window.broker.answers["verify_ledger"] = INTACT
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F9)
    window.wait(lambda: window.shell.sheet() is None, "the sheet to close")
    assert window.studio.model.ledger == "intact"


def test_the_export_sheet_says_that_it_makes_a_copy_that_says_so(opened: Open) -> None:
    window = opened(ALTERED)
    window.studio.cutting.export()
    sheet = sheet_of(window, "export_sheet")
    assert "is a copy that says so. Nothing is recorded." in words_of(part(sheet, "export_altered"))
    assert not button(sheet, "export_final").isEnabled()
    window.broker.answers["export"] = protocol.Exported(
        files=(protocol.ExportedFile(path="/x/Larkspur.pdf", sha256=ROOT, entry=None),),
        altered="Entry 1,197 was changed after it was written.",
    )
    click(sheet, "export_go")
    window.wait(lambda: "No ledger entry" in words_of(part(sheet, "export_result")), "the export")
    sheet.dismiss()


# witnesses, packs, forgetting ---------------------------------------------------------------------------


def test_a_witness_is_only_claimed_once_the_answer_is_taken_in(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = opened()
    window.shell.commands.run("ledger.witness")
    sheet = sheet_of(window, "witness_sheet")
    offer = str(tmp_path / "offer.json")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (offer, ""))
    window.broker.answers["witness_out"] = protocol.WitnessOut(path=offer, size=1284)
    click(sheet, "witness_out")
    window.wait(lambda: "nothing is witnessed before" in words_of(sheet), "the offer")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args, **_more: (offer, ""))
    window.broker.answers["cosign"] = protocol.Cosigned(path=offer, size=9, compared=False, session_only=True)
    click(sheet, "witness_cosign")
    window.wait(lambda: "you signed that you saw it, not that it is right" in words_of(sheet), "the answer")
    window.broker.answers["witness_in"] = Refusal(
        "This answer is of another record.", remedy="Take it to its own project."
    )
    click(sheet, "witness_in")
    window.wait(lambda: "of another record" in words_of(sheet), "the refusal")
    asked = window.broker.params_of(protocol.WITNESS_IN)[0]
    assert asked.person.name == "R. Okafor"
    sheet.dismiss()


def test_no_text_goes_with_a_pack_unless_it_is_ticked(opened: Open, tmp_path: Path) -> None:
    window = opened()
    window.broker.answers["pack_look"] = PackLook(
        entries=1284,
        checkpoints=3,
        witnesses=1,
        certificates=0,
        discloses=("The names of 6 people.",),
        exported=(),
        texts=(
            PackText(entry=12, what="accepted words", words="Then we wait."),
            PackText(entry=14, what="the note", words="Colder."),
        ),
    )
    window.shell.commands.run("ledger.pack")
    sheet = sheet_of(window, "pack_sheet")
    window.wait(lambda: "1 witness, proofs" in words_of(sheet), "the look")
    assert "1,284 entries, 3 checkpoints, 1 witness, proofs" in words_of(sheet)
    assert "The names of 6 people." in words_of(sheet)
    ticks = [button(sheet, "pack_text_12"), button(sheet, "pack_text_14")]
    assert not any(tick.isChecked() for tick in ticks)
    click(sheet, "pack_go")
    QTest.mouseClick(ticks[1], Qt.MouseButton.LeftButton, pos=QPoint(8, 11))
    click(sheet, "pack_cancel")
    window.broker.answers["pack"] = protocol.Packed(
        path=str(tmp_path / "Pack"), manifest=ROOT, entry=1285, size=1285, root=ROOT, files=40, discloses=()
    )
    sheet.show_error("It was stopped.", "Make it again.")  # type: ignore[attr-defined]
    click(sheet, "pack_go")
    window.wait(lambda: str(ROOT) in words_of(sheet), "the pack")
    asked = window.broker.params_of(protocol.PACK)
    assert [params.disclose for params in asked] == [(), (14,)]
    assert window.broker.params_of(protocol.STOP_PACK)
    sheet.dismiss()


def test_forgetting_asks_for_a_reason_and_once_more_and_no_enter_decides_it(opened: Open) -> None:
    window = opened()
    look = protocol.Forgot(
        entry=None,
        texts=2,
        named_by=(1268, 1271),
        still_in=(Holding(file="script.fountain", where="scene 14, Maya's 2nd speech"),),
    )
    window.broker.answers["forget"] = lambda params: (
        look if params.look_only else look.model_copy(update={"entry": 1285})
    )
    window.shell.commands.run("ledger.forget")
    sheet = sheet_of(window, "forget_sheet")
    QTest.keyClicks(part(sheet, "forget_entry"), "1271")
    window.wait(lambda: "scene 14, Maya's 2nd speech" in words_of(sheet), "what it would do")
    go = button(sheet, "forget_go")
    assert not go.isEnabled()
    QTest.keyClicks(part(sheet, "forget_why"), "Asked for by the writer")
    QTest.keyClick(part(sheet, "forget_why"), Qt.Key.Key_Return)
    assert window.shell.sheet() is sheet
    click(sheet, "forget_go")
    last = sheet_of(window, "forget_confirm")
    assert "2 texts leave the record." in words_of(last)
    assert not any(isinstance(one, QPushButton) and one.isDefault() for one in last.findChildren(QPushButton))
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not [params for params in window.broker.params_of(protocol.FORGET) if not params.look_only]
    click(sheet, "forget_go")
    click(sheet_of(window, "forget_confirm"), "forget_confirm_go")
    window.wait(lambda: "Ledger entry 1,285 says so." in words_of(sheet), "the end")
    done = [params for params in window.broker.params_of(protocol.FORGET) if not params.look_only]
    assert [(params.entry, params.why, params.person.name) for params in done] == [
        (1271, "Asked for by the writer", "R. Okafor")
    ]
    sheet.dismiss()
