"""The sheet for a disclosure report: for whom, which days, to whom; progress, result and errors inside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from studio_assist.desk.kit import ChoiceCard, Combo
from studio_assist.desk.review.report_sheet import ReportSheet, ReportWanted
from studio_assist.desk.theme import Theme
from studio_assist.domain.values import EntryNumber
from studio_assist.protocol import ReportMade

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "propagateSizeHints")
CTRL = Qt.KeyboardModifier.ControlModifier


class Sheets:
    """A sheet that is open, and what it asked for."""

    def __init__(self, theme: Theme, window: QWidget, altered: str = "") -> None:
        folder = Path("/home/pa")
        self.sheet = ReportSheet(
            theme, window, "P. Adeyemi", folder, "Larkspur", date(2026, 11, 22), altered=altered
        )
        self.wanted: list[ReportWanted] = []
        self.stops = 0
        self.sheet.wanted.connect(self.wanted.append)
        self.sheet.stop_wanted.connect(self._stopped)
        self.sheet.open()
        QApplication.processEvents()

    def _stopped(self) -> None:
        self.stops += 1

    def field(self, name: str) -> QLineEdit:
        found = self.sheet.findChild(QLineEdit, f"report_{name}")
        assert isinstance(found, QLineEdit)
        return found

    def export(self) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.sheet, Qt.Key.Key_Return, CTRL)


def test_everything_for_all_days_as_a_signed_pdf_is_what_is_offered_first(
    theme: Theme, window: QWidget
) -> None:
    made = Sheets(theme, window)
    made.export()
    (wanted,) = made.wanted
    assert wanted == ReportWanted(
        "full", str(Path("/home/pa/Larkspur disclosure 2026-11-22.pdf")), None, None, ""
    )
    made.export()
    assert len(made.wanted) == 1, "one at a time"
    made.sheet.dismiss()
    assert made.stops == 1


def test_the_arrows_choose_for_whom_and_the_name_of_the_file_follows(theme: Theme, window: QWidget) -> None:
    made = Sheets(theme, window)
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Down)
    assert made.sheet.kind == "contact"
    formats = made.sheet.findChild(Combo, "report_format")
    assert isinstance(formats, Combo)
    formats.setCurrentIndex(1)
    assert made.field("path").text().endswith("Larkspur for the studio 2026-11-22.html")
    made.field("path").setText("/home/pa/mine.html")
    formats.setCurrentIndex(2)
    assert made.field("path").text() == str(Path("/home/pa/mine.csv")), "a name of one's own stays"
    made.sheet.dismiss()


def test_a_guild_sheet_waits_for_its_recipient(theme: Theme, window: QWidget) -> None:
    made = Sheets(theme, window)
    choice = made.sheet.findChild(ChoiceCard, "report_guild")
    assert isinstance(choice, ChoiceCard)
    choice.click()
    made.export()
    assert not made.wanted
    assert "names to whom it goes" in made.sheet.outcome.words
    assert QApplication.focusWidget() is made.field("recipient")
    QTest.keyClicks(made.field("recipient"), " B.  Reader ")
    made.export()
    assert made.wanted[0].recipient == "B. Reader"
    made.sheet.dismiss()


def test_days_are_read_as_people_write_them(theme: Theme, window: QWidget) -> None:
    made = Sheets(theme, window)
    made.field("since").setText("soon")
    made.export()
    assert "3 Feb 2027" in made.sheet.outcome.words
    made.field("since").setText("16 Nov 2026")
    made.field("until").setText("2026-11-02")
    made.export()
    assert made.sheet.outcome.words == "The last day is before the first."
    made.field("until").setText("2026-11-22")
    made.export()
    assert made.wanted[0][2:4] == (date(2026, 11, 16), date(2026, 11, 22))
    made.sheet.dismiss()


def test_it_says_how_far_it_is_what_came_of_it_and_what_went_wrong(theme: Theme, window: QWidget) -> None:
    made = Sheets(theme, window)
    made.export()
    made.sheet.show_progress(0.4)
    QTest.mouseClick(made.sheet.cancel, Qt.MouseButton.LeftButton)
    assert made.stops == 1
    assert made.sheet.isVisible()
    made.sheet.show_error("Making the report was stopped.", "Make it again.")
    assert made.sheet.outcome.words == "Making the report was stopped. Make it again."
    made.export()
    done = ReportMade(path="/home/pa/r.pdf", sha256="ab" * 32, entries=1284, entry=EntryNumber(1285))
    made.sheet.show_done(done)
    words = made.sheet.outcome.words
    assert "1,284 entries of the record. Ledger entry 1,285." in words
    assert "ab" * 32 in words
    assert made.sheet.outcome.link.text() == "Show in folder"
    assert QApplication.focusWidget() is made.sheet.cancel
    QTest.keyClick(made.sheet.cancel, Qt.Key.Key_Return)
    assert not made.sheet.isVisible()
    assert made.stops == 1


def test_nothing_is_exported_out_of_a_record_that_does_not_hold(theme: Theme, window: QWidget) -> None:
    made = Sheets(theme, window, altered="Entry 1,197 was changed.")
    made.export()
    assert not made.wanted
    assert made.sheet.outcome.words == "Export opens when the ledger verifies. Entry 1,197 was changed."
    assert not made.sheet.go.isEnabled()
    made.sheet.dismiss()
