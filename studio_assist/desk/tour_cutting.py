"""The tour through the animatic: it plays, a shot is trimmed and put back, and what can go out is shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio_assist.desk.studio import Studio
from studio_assist.desk.tour_board import Steps
from studio_assist.domain.errors import Unavailable

#: How long it plays, ms.
_PLAYS_MS: Final = 1500


def walk_animatic(tour: Steps, studio: Studio) -> None:
    """From the board into the animatic and back."""
    shell, board = studio.shell, studio.board
    shell.show_desk("board")
    tour.settle()
    first = next((shot.id for shot in board.desk.book.shots if shot.panel.state != "empty"), None)
    if first is None:
        raise Unavailable("The sample has no frames to play.", remedy="Install Studio Assist again.")
    board.desk.book.set_selection((first,), first)
    board.desk.centre.view_widget.setFocus()
    QTest.keyClick(board.desk.centre.view_widget, Qt.Key.Key_Return)
    tour.wait(lambda: shell.desk == "animatic", "the animatic")
    desk = studio.cutting.desk
    tour.wait(lambda: desk.player.timeline.total > 0, "the animatic's shots")
    tour.settle(800)
    before = desk.player.frame
    # It plays by itself from the panel on.
    tour.settle(_PLAYS_MS)
    _press(desk, Qt.Key.Key_Space)
    tour.settle()
    if desk.player.frame <= before:
        raise Unavailable("The animatic did not play.", remedy="Tell us.")
    tour.grab(shell, "animatic")
    total = desk.player.timeline.total
    _press(desk, Qt.Key.Key_BracketRight)
    tour.settle(300)
    if desk.player.timeline.total != total + 1:
        raise Unavailable("Trimming a shot by a frame did not move what comes after.", remedy="Tell us.")
    QTest.keyClick(shell, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    tour.settle(300)
    QTest.keyClick(shell, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    tour.settle(500)
    tour.grab(shell, "animatic-export")
    popup = QApplication.focusWidget()
    if popup is not None:
        QTest.keyClick(popup, Qt.Key.Key_Escape)
    tour.settle(300)
    shell.set_theme("light")
    tour.settle(600)
    tour.grab(shell, "animatic-light")
    shell.set_theme("dark")
    _press(desk, Qt.Key.Key_Escape)
    tour.wait(lambda: shell.desk == "board", "the board")


def _press(desk: QWidget, key: Qt.Key) -> None:
    QTest.keyClick(desk, key)
