"""A person at the Board desk of the real window: its own broker process, real keys, a real mouse."""

from __future__ import annotations

import asyncio
import math
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.desk import BoardDesk
from studio_assist.desk.board_room import BoardRoom
from studio_assist.desk.canvas.area import DrawArea
from studio_assist.domain.breakdown import breakdown
from studio_assist.domain.people import Person
from studio_assist.domain.record import DecisionMade, Entry
from studio_assist.domain.storyboard import InsertShots, Shot, ShotId, Variant
from studio_assist.domain.values import CandidateId, PersonId
from studio_assist.interchange.fountain import parse
from studio_assist.ledger import Ledger
from tests.desk.studio_driver import SCRIPT, Driver

ARTIST: Final = Person(id=PersonId("okafor-1"), name="R. Okafor")
NONE: Final = Qt.KeyboardModifier.NoModifier
LEFT: Final = Qt.MouseButton.LeftButton


class Artist(Driver):
    """A driver that also boards, decides and draws."""

    # where things are

    @property
    def room(self) -> BoardRoom:
        return self.studio.board

    @property
    def desk(self) -> BoardDesk:
        return self.room.desk

    @property
    def book(self) -> BoardBook:
        return self.desk.book

    @property
    def folder(self) -> Path:
        assert self.studio.state is not None
        return Path(self.studio.state.path)

    @property
    def area(self) -> DrawArea:
        area = self.room.canvas.area
        assert area is not None
        return area

    def part(self, name: str) -> QWidget | None:
        found = [one for one in self.studio.shell.findChildren(QWidget, name) if one.isVisible()]
        return found[0] if found else None

    def shown(self, name: str) -> QWidget:
        self.wait(lambda: self.part(name) is not None, name)
        found = self.part(name)
        assert found is not None
        return found

    def said_of(self, name: str) -> str:
        """What a button of the status bar says."""
        return str(self.shown(name).property("text"))

    # shots

    def shot(self, number: str) -> Shot:
        return next(shot for shot in self.book.shots if shot.number == number)

    def numbers(self) -> list[str]:
        return [shot.number for shot in self.book.shots]

    def variants(self, number: str) -> tuple[Variant, ...]:
        return self.book.variants(self.shot(number).id)

    def state_of(self, number: str) -> str:
        return self.book.state(self.shot(number).id)

    # keys and mouse

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.studio.shell, key, modifier)

    def to_board(self) -> Artist:
        """Ctrl 2, and the board is read."""
        self.key(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        self.wait(lambda: self.room.isVisible() and not self.book.loading, "the board")
        self.settle(30)
        return self

    def choose(self, number: str, modifier: Qt.KeyboardModifier = NONE) -> ShotId:
        """Click on a panel in the grid."""
        shot = self.shot(number).id
        grid = self.desk.grid
        grid.show_shot(shot)
        self.settle(20)
        QTest.mouseClick(grid.viewport(), LEFT, modifier, self.place_of(shot))
        self.wait(lambda: self.book.current == shot, f"{number} to be chosen")
        return shot

    def place_of(self, shot: ShotId) -> QPoint:
        """The middle of a card's picture, in the grid."""
        box = self.desk.grid.visualRect(self.desk.centre.shown.place_of(shot))
        return QPoint(box.center().x(), box.top() + box.height() // 3)

    def press(self, name: str) -> None:
        QTest.mouseClick(self.shown(name), LEFT)

    def pick(self, words: str) -> None:
        """Choose a line of the board's menu with the mouse."""
        self.press("board_menu")
        self.wait(lambda: QApplication.activePopupWidget() is not None, "the menu")
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        action = next(one for one in menu.actions() if one.text().startswith(words))
        assert action.isEnabled(), action.text()
        QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(action).center())
        # The offscreen platform makes no window active again where a menu was.
        self.studio.shell.activateWindow()
        self.settle(20)

    def looked(self) -> Variant:
        """Wait until the variant that is shown large has been looked at."""
        card = self.desk.inspector.card
        self.wait(lambda: card.may_decide, "the picture to be looked at")
        assert card.variant is not None
        return card.variant

    def drawn_out(self) -> None:
        """Wait until nothing is drawn, and every frame has its marks."""
        self.wait(lambda: not self.book.queue.total, "the queue to end")
        self.wait(
            lambda: all(one.shown for shot in self.book.shots for one in self.book.variants(shot.id)),
            "the marks",
        )

    # the canvas

    def open_canvas(self, key: Qt.Key = Qt.Key.Key_D) -> None:
        self.key(key)
        self.wait(lambda: self.room.is_drawing and self.room.canvas.area is not None, "the canvas")
        self.settle(50)

    def stroke(self, across: float = 0.45, *, release: bool = True) -> None:
        """A curve with the mouse over the middle of the page."""
        area = self.area
        page = area.page_rect
        points = [
            QPoint(
                round(page.left() + page.width() * (across + 0.12 * math.cos(step / 5))),
                round(page.top() + page.height() * (0.45 + 0.2 * math.sin(step / 5))),
            )
            for step in range(20)
        ]
        QTest.mousePress(area, LEFT, NONE, points[0])
        for point in points[1:]:
            QTest.mouseMove(area, point)
        self.settle(10)
        if release:
            QTest.mouseRelease(area, LEFT, NONE, points[-1])
            self.settle(10)

    def back(self) -> None:
        """Esc: to the board."""
        self.key(Qt.Key.Key_Escape)
        self.wait(lambda: not self.room.is_drawing, "the board")
        self.settle(30)

    def kept(self, number: str) -> None:
        """The panel shows a drawing."""
        self.wait(lambda: self.shot(number).panel.canvas is not None, "the drawing in its panel")

    # the record

    def entries(self, *types: str) -> list[Entry]:
        return entries_of(self.folder, *types)

    def outcomes(self) -> list[tuple[CandidateId, str]]:
        """Decisions on pictures, in order."""
        return outcomes_of(self.folder)


def entries_of(folder: Path, *types: str) -> list[Entry]:
    with Ledger.open(folder / "ledger.sqlite", read_only=True) as ledger:
        return [one for one in ledger.entries(limit=10_000) if not types or one.body.type in types]


def outcomes_of(folder: Path) -> list[tuple[CandidateId, str]]:
    return [
        (one.body.candidate, one.body.outcome)
        for one in entries_of(folder, "decision")
        if isinstance(one.body, DecisionMade)
    ]


async def make_project(
    folder: Path, *, script: str = SCRIPT, scene: int | None = 1, frames: int = 0, boarded: int = 1
) -> None:
    """A project with the shots that rules propose of a scene, and frames for the first ones of them."""
    source = folder.with_suffix(".txt")
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(script, encoding="utf-8")
    broker = Broker(lambda _event: None)
    try:
        making = protocol.CreateProjectParams(
            path=str(folder), title="The Ferry", script_file=str(source), person=ARTIST
        )
        await broker.handle(protocol.CREATE_PROJECT, making)
        shots = breakdown(parse(script).screenplay, scene)
        edit = InsertShots(shots=shots, after=None)
        await broker.handle(protocol.EDIT_BOARD, protocol.EditBoardParams(edit=edit, person=ARTIST))
        if frames:
            wanted = tuple(shot.id for shot in shots[:boarded])
            asked = await broker.handle(
                protocol.ASK_BOARD,
                protocol.BoardAskParams(shots=wanted, count=frames, seed=7, person=ARTIST),
            )
            await broker.boards.queue.finished(asked.requests)
    finally:
        await broker.close()


def project(folder: Path, *, scene: int | None = 1, frames: int = 0, boarded: int = 1) -> Path:
    asyncio.run(make_project(folder, scene=scene, frames=frames, boarded=boarded))
    return folder
