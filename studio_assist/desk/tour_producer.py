"""The tour over the producer's desks: a use put to its questions, and what the record says of it all."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from studio_assist import protocol
from studio_assist.desk.clear.switch import QuestionRow
from studio_assist.desk.studio import Studio
from studio_assist.desk.tour_board import Steps
from studio_assist.domain.errors import Unavailable

#: Answers to the policy's questions, by their keys; the last one escalates.
_ANSWERS: Final = (Qt.Key.Key_N, Qt.Key.Key_N, Qt.Key.Key_Y, Qt.Key.Key_Y, Qt.Key.Key_U)
_USE: Final = "temp-voice"
_CONTROL: Final = Qt.KeyboardModifier.ControlModifier


def walk_producer(tour: Steps, studio: Studio) -> None:
    """A request for a temp voice, left as a draft; then the record with the story of a decision."""
    shell, person = studio.shell, studio.person
    if person is None:
        raise Unavailable("Nobody is at the keyboard.", remedy="Run the tour again.")
    studio.producers.start(protocol.SaveClearanceParams(use=_USE, person=person))
    clear = studio.producers.clear
    tour.wait(lambda: len(_questions(clear)) >= len(_ANSWERS), "the questions of the Clear desk")
    for row, key in zip(_questions(clear), _ANSWERS, strict=False):
        row.setFocus()
        QTest.keyClick(QApplication.focusWidget() or row, key)
    tour.settle(1500)
    tour.grab(shell, "clear")

    QTest.keyClick(shell, Qt.Key.Key_4, _CONTROL)
    table = shell.findChild(QTableView, "ledger_table")
    if table is None:
        raise Unavailable(
            "The window has no ledger_table.", remedy="Run the tour again; if it stays, tell us."
        )
    tour.wait(lambda: table.model().rowCount() > 0, "the rows of the record")
    edited = _row_of(table, "Edited")
    table.setFocus()
    table.setCurrentIndex(table.model().index(edited, 0))
    tour.settle(1500)
    tour.grab(shell, "review")


def _questions(clear: QWidget) -> list[QuestionRow]:
    return [row for row in clear.findChildren(QuestionRow) if row.isVisible()]


def _row_of(table: QTableView, word: str) -> int:
    """The first row with this word in it; the first of all where there is none."""
    model = table.model()
    for row in range(min(model.rowCount(), 200)):
        for column in range(model.columnCount()):
            if model.index(row, column).data() == word:
                return row
    return 0
