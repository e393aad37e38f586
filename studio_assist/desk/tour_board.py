"""The tour's way over the board: a scene's frames, a decision, a drawing over one, and its replacement."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from studio_assist.desk.kit import Sheet
from studio_assist.desk.studio import Studio
from studio_assist.domain.errors import Unavailable
from studio_assist.domain.storyboard import Shot, ShotId

#: Parts of the page, from its upper left corner, that a curve over a figure goes through.
_CURVES: Final = (
    (0.40, 0.30, 0.10, 0.20, 0.0),
    (0.58, 0.28, 0.06, 0.22, 0.8),
    (0.48, 0.62, 0.20, 0.10, 1.6),
    (0.30, 0.55, 0.04, 0.30, 2.4),
)


class Steps(Protocol):
    """What the tour lends."""

    def grab(self, window: QWidget, name: str) -> None: ...
    def settle(self, ms: int = 400) -> None: ...
    def wait(self, until: Callable[[], bool], what: str) -> None: ...


def walk_board(tour: Steps, studio: Studio) -> None:
    """From the board with its proposals to a panel that a person has drawn."""
    shell, board = studio.shell, studio.board
    desk, book = board.desk, board.desk.book
    QTest.keyClick(shell, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    tour.wait(lambda: bool(book.shots) and not book.loading, "the board")
    offered = _first(studio, lambda shot: len(book.variants(shot.id)) > 2)
    _choose(studio, offered)
    tour.settle(800)
    tour.grab(shell, "board")
    QTest.keyClick(desk, Qt.Key.Key_2)
    tour.settle(1200)
    accepted = len(book.variants(offered))
    QTest.keyClick(desk, Qt.Key.Key_A)
    tour.wait(lambda: book.shot(offered).panel.state == "temp", "the frame to be accepted")
    if len(book.variants(offered)) != accepted - 1:
        raise Unavailable("Accepting one frame touched its siblings.", remedy="Tell us.")
    tour.settle()
    tour.grab(shell, "board-accepted")

    QTest.keyClick(desk, Qt.Key.Key_D)
    tour.wait(lambda: board.canvas.area is not None, "the canvas")
    tour.settle(600)
    _draw(tour, studio)
    tour.settle(800)
    tour.grab(shell, "canvas")
    area = board.canvas.area
    assert area is not None
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(area, Qt.Key.Key_Return, both)
    tour.wait(lambda: shell.findChild(Sheet, "replace_sheet") is not None, "what replacing means")
    tour.settle(200)
    tour.grab(shell, "canvas-replace")
    confirm = shell.findChild(QPushButton, "confirm_replaced")
    assert confirm is not None
    QTest.mouseClick(confirm, Qt.MouseButton.LeftButton)
    tour.wait(lambda: book.shot(offered).panel.state == "drawn", "the panel to be replaced")
    tour.settle()
    QTest.keyClick(area, Qt.Key.Key_Escape)
    tour.wait(lambda: not board.is_drawing, "the board")
    tour.settle(1200)
    tour.grab(shell, "board-replaced")
    shell.set_theme("light")
    tour.settle(600)
    tour.grab(shell, "board-light")
    shell.set_theme("dark")


def _first(studio: Studio, fits: Callable[[Shot], bool]) -> ShotId:
    for shot in studio.board.desk.book.shots:
        if fits(shot):
            return shot.id
    raise Unavailable("The sample has no frames to decide on.", remedy="Install Studio Assist again.")


def _choose(studio: Studio, shot: ShotId) -> None:
    desk = studio.board.desk
    desk.centre.reveal(shot)
    desk.book.set_selection((shot,), shot)
    desk.centre.view_widget.setFocus()


def _draw(tour: Steps, studio: Studio) -> None:
    """A few strokes with the mouse, as a person would over the figure in the middle."""
    area = studio.board.canvas.area
    assert area is not None
    width, height = area.width(), area.height()
    for across, down, wide, high, turn in _CURVES:
        points = [
            QPoint(
                round(width * (across + wide * math.cos(turn + step / 6))),
                round(height * (down + high * math.sin(turn + step / 6))),
            )
            for step in range(24)
        ]
        QTest.mousePress(area, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, points[0])
        for point in points[1:]:
            QTest.mouseMove(area, point)
            tour.settle(4)
        QTest.mouseRelease(area, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, points[-1])
        tour.settle(30)
