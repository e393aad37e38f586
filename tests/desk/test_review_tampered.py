"""A broken record on the Review desk: no more is claimed than is known, and what can be done is done."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from studio_assist import protocol
from studio_assist.desk.kit import Label
from studio_assist.desk.record.table import DifferenceTable
from studio_assist.desk.review.story import StoryPanel
from studio_assist.desk.review.tampered import TamperedView
from studio_assist.desk.review.tampered_contact import ContactSheet, contact_text
from studio_assist.desk.review.tampered_doing import TamperedDoing
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import BadInput
from studio_assist.domain.values import EntryNumber
from studio_assist.protocol import FieldDiffers, ProjectState, Stamp
from tests.desk.record_fakes import ALTERED, NOW, OKAFOR, FakeBroker

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

FOUND = protocol.Compared(
    relation="different",
    first_different=EntryNumber(1197),
    here=1284,
    there=1259,
    there_holds=True,
    there_at=NOW,
    says=("Entry 1,197 is another one here and in the copy.",),
    fields=(
        FieldDiffers(name="Decision", there="Rejected", here="Accepted"),
        FieldDiffers(name="Person", there="R. Okafor", here="R. Okafor"),
    ),
)


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Theme:
    made = Theme("dark")
    made.apply(qapp)
    return made


@pytest.fixture
def broker(qapp: QApplication) -> Iterator[FakeBroker]:
    made = FakeBroker()
    yield made
    made.close()


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, broker: FakeBroker, tmp_path: Path) -> StoryPanel:
    """In a window of its own, for a project in this folder."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 800)
    made = StoryPanel(theme, window)
    made.resize(408, 800)
    state = ProjectState(
        path=str(tmp_path), session="s", title="Project Larkspur", draft="", policy="netflix-2025",
        script="", stamp=Stamp(sha256="0" * 64, size=0, mtime_ns=1), spans=(), boards_temp=0, read_only=None,
        ledger=ALTERED, open_requests=(), recovery=(), warnings=(), backend=None,
    )  # fmt: skip
    TamperedDoing(theme, made, broker, window, lambda: (state, OKAFOR))
    window.show()
    made.show_tampered(ALTERED)
    return made


def words(widget: QWidget) -> str:
    return "\n".join(label.plain for label in widget.findChildren(Label) if label.isVisibleTo(widget))


def press(panel: QWidget, name: str) -> None:
    button = panel.findChild(QAbstractButton, name)
    assert isinstance(button, QAbstractButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def view_of(panel: StoryPanel) -> TamperedView:
    assert panel.tampered is not None
    return panel.tampered


def test_what_is_known_is_told_and_what_is_not_is_said_to_be_unknown(panel: StoryPanel) -> None:
    said = words(panel)
    assert "Entry 1,197" in said
    assert panel.entry == 1197
    assert "The record on disk is not the one that was signed." in said
    assert (
        "Everything up to 1,196 still checks out. This entry and the 87 after it cannot be relied on" in said
    )
    assert "What stood there before is not known" in said
    assert not panel.findChildren(DifferenceTable)
    assert said.count("the entries here do not fit it") == 2
    assert said.count("the entries here fit it") == 1
    assert "Found now" not in said


def test_without_a_signed_head_nothing_is_said_of_what_was_signed(panel: StoryPanel) -> None:
    unknown = ALTERED.model_copy(update={"held": (), "first_bad": None, "why": "The head is gone."})
    panel.show_tampered(unknown)
    said = words(panel)
    assert "The record on disk does not hold." in said
    assert "Which entries this concerns is not known." in said
    assert "was signed" not in said
    assert "First broken entry" not in said


def test_a_copy_shows_field_by_field_what_stood_there(
    panel: StoryPanel, broker: FakeBroker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    copy = tmp_path / "Witness copy" / "project.toml"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(copy), ""))
    broker.answers["compare_ledger"] = FOUND
    press(panel, "tampered_compare")
    qtbot.waitUntil(lambda: bool(panel.findChildren(DifferenceTable)), timeout=5000)
    assert [one.copy_path for one in broker.params_of(protocol.COMPARE_LEDGER)] == [str(copy.parent)]
    said = words(panel)
    assert "Entry 1,197 is another one here and in the copy." in said
    assert "Copy that holds" in said
    assert "Witness copy passes a check by itself." in said
    assert "What stood there before is not known" not in said
    # The same finding again keeps it; a break elsewhere does not.
    panel.set_ledger(ALTERED.model_copy(update={"size": 1285}))
    assert panel.findChildren(DifferenceTable)
    panel.set_ledger(ALTERED.model_copy(update={"first_bad": 1100}))
    qtbot.waitUntil(lambda: not panel.findChildren(DifferenceTable), timeout=5000)


def test_a_copy_that_does_not_hold_either_is_not_called_the_signed_one(panel: StoryPanel) -> None:
    view_of(panel).show_comparison(FOUND.model_copy(update={"there_holds": False}), "Old copy")
    assert "Copy that holds" not in words(panel)
    assert "Old copy does not pass a check either." in words(panel)


def test_a_comparison_that_fails_says_what_to_do(
    panel: StoryPanel, broker: FakeBroker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(tmp_path / "x.sqlite"), ""))
    broker.answers["compare_ledger"] = BadInput("This file is not a ledger.", remedy="Choose another.")
    press(panel, "tampered_compare")
    outcome = view_of(panel).outcome
    qtbot.waitUntil(lambda: outcome.words == "This file is not a ledger. Choose another.", timeout=5000)
    assert view_of(panel).compare.isEnabled()


def test_evidence_is_kept_and_its_hash_goes_into_the_words_for_the_contact(
    panel: StoryPanel, broker: FakeBroker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "evidence.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(out), ""))
    press(panel, "tampered_evidence")
    qtbot.waitUntil(lambda: "SHA-256" in view_of(panel).outcome.words, timeout=5000)
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    assert digest in view_of(panel).outcome.words
    with zipfile.ZipFile(out) as archive:
        assert "check.json" in archive.namelist()
    press(panel, "tampered_contact")
    sheet = panel.window().findChild(ContactSheet)
    assert isinstance(sheet, ContactSheet)
    press(sheet, "contact_copy")
    text = QGuiApplication.clipboard().text()
    assert digest in text
    assert "Project Larkspur" in text
    assert "Copied." in words(sheet)
    sheet.dismiss()


def test_the_words_for_the_contact_say_what_was_found_and_claim_nothing_more() -> None:
    text = contact_text(ALTERED, "Larkspur", "R. Okafor", NOW)
    assert text.startswith("Subject: Larkspur: the record of AI use does not hold\n")
    assert "Ledger broken at entry 1,197. Entry 1,197 was changed after it was written." in text
    assert "What stood there before is not known from this record alone." in text
    assert text.count("the entries here do not fit it") == 2
    assert "evidence" not in text
    assert text.endswith("R. Okafor")
