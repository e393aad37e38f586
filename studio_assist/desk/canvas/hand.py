"""What the pen does on the page, by the tool that is in the hand. Points are the page's, in pixels."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeGuard, get_args

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, Signal
from PySide6.QtGui import QColor

from studio_assist.desk.canvas.document import CanvasDocument
from studio_assist.desk.canvas.selection import Selection
from studio_assist.desk.canvas.stroke import Nib

Tool = Literal["pen", "eraser", "move", "select", "pick"]

#: A press that moves less than this many screen pixels is a click.
CLICK_PX: Final = 4.0


@dataclass(frozen=True, slots=True)
class Touch:
    """Where the pen or the mouse is.

    Attributes:
        grain: page pixels to one pixel of the screen.
        rubber: the other end of the pen is down.
    """

    at: QPointF
    pressure: float = 1.0
    grain: float = 1.0
    shift: bool = False
    alt: bool = False
    rubber: bool = False


class Hand(QObject):
    """Turns touches into strokes, selections and moves.

    Signals:
        guided: the lines that only guide look different, within this part of the page.
        picked: a colour was picked up, as "#RRGGBB".
    """

    guided = Signal(QRect)
    picked = Signal(str)

    def __init__(
        self,
        document: CanvasDocument,
        selection: Selection,
        colour_at: Callable[[QPoint], QColor],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document: Final = document
        self._selection: Final = selection
        self._colour_at: Final = colour_at
        self._down: QPointF | None = None
        self._last_end: QPointF | None = None
        self._doing: Literal["", "draw", "line", "move", "rect", "lasso", "pick"] = ""
        self.tool: Tool = "pen"
        self.lasso = False
        self.nib = Nib()
        self.rubber_px = 24.0
        #: A line or a lasso on its way, to be drawn over the page.
        self.guide: list[QPointF] = []

    # properties

    @property
    def size_px(self) -> float:
        """How wide the tool in the hand is; 0 where it has no width."""
        return {"pen": self.nib.size_px, "eraser": self.rubber_px}.get(self.tool, 0.0)

    # methods

    def press(self, touch: Touch) -> None:
        """The pen goes down."""
        self._down = touch.at
        drawing = self.tool in ("pen", "eraser")
        if self.tool == "pick" or (drawing and touch.alt and not touch.rubber):
            self._doing = "pick"
            self._pick(touch)
        elif drawing and touch.shift:
            self._doing = "line"
            self.guide = [touch.at, touch.at]
        elif drawing:
            if self._document.begin(self._nib(touch), touch.at, touch.pressure):
                self._doing = "draw"
        elif self.tool == "move":
            why = self._document.why_not()
            if why:
                self._document.refused.emit(why)
            elif self._selection.lift():
                self._doing = "move"
        else:
            inside = self._selection.path is not None and self._selection.path.contains(touch.at)
            if inside and self._selection.lift():
                self._doing = "move"
            elif self.lasso or touch.alt:
                self._doing = "lasso"
                self.guide = [touch.at]
            else:
                self._doing = "rect"

    def move(self, touch: Touch) -> None:
        """The pen moves while it is down."""
        down = self._down
        if down is None:
            return
        if self._doing == "draw":
            self._document.extend(touch.at, touch.pressure)
        elif self._doing == "line":
            before = _around(self.guide)
            self.guide = [down, _level(down, touch.at) if touch.alt else touch.at]
            self.guided.emit(before.united(_around(self.guide)))
        elif self._doing == "move":
            self._selection.move((touch.at - down).toPoint())
        elif self._doing == "lasso":
            self.guide.append(touch.at)
            self.guided.emit(_around(self.guide))
        elif self._doing == "rect" and not self._is_click(down, touch):
            self._selection.choose_rect(_whole(down), _whole(touch.at))
        elif self._doing == "pick":
            self._pick(touch)

    def release(self, touch: Touch) -> None:
        """The pen is lifted."""
        down, doing = self._down, self._doing
        self._down, self._doing = None, ""
        if down is None:
            return
        if doing == "draw":
            self._document.extend(touch.at, touch.pressure)
            self._document.end()
            self._last_end = touch.at
        elif doing == "line":
            self._draw_line(down, touch)
        elif doing == "move":
            self._selection.drop()
        elif doing in ("rect", "lasso"):
            if self._is_click(down, touch) and len(self.guide) < 8:
                self._selection.clear()
            elif doing == "lasso":
                self._selection.choose_lasso(self.guide)
        self._no_guide()

    def finish(self) -> None:
        """What is under way counts as it is: the window closes, or another thing is done."""
        doing, self._doing, self._down = self._doing, "", None
        if doing == "draw":
            self._document.end()
        elif doing == "move":
            self._selection.drop()
        self._no_guide()

    def cancel(self) -> bool:
        """Take back what is under way; False where nothing is."""
        doing, self._doing, self._down = self._doing, "", None
        if doing == "draw":
            self._document.cancel()
        elif doing == "move":
            self._selection.put_back()
        self._no_guide()
        return bool(doing)

    # internals

    def _nib(self, touch: Touch) -> Nib:
        if self.tool == "eraser" or touch.rubber:
            return replace(self.nib, erase=True, size_px=self.rubber_px)
        return self.nib

    def _draw_line(self, down: QPointF, touch: Touch) -> None:
        """A drag is a straight line; a click goes on from where the last stroke ended."""
        if self._is_click(down, touch):
            start, end = self._last_end or touch.at, touch.at
        else:
            start, end = self.guide if len(self.guide) == 2 else (down, touch.at)
        self._document.line(self._nib(touch), start, end)
        self._last_end = end

    def _pick(self, touch: Touch) -> None:
        self.picked.emit(self._colour_at(QPoint(math.floor(touch.at.x()), math.floor(touch.at.y()))).name())

    def _no_guide(self) -> None:
        if self.guide:
            before, self.guide = _around(self.guide), []
            self.guided.emit(before)

    @staticmethod
    def _is_click(down: QPointF, touch: Touch) -> bool:
        way = touch.at - down
        return math.hypot(way.x(), way.y()) < CLICK_PX * touch.grain


def is_tool(name: str) -> TypeGuard[Tool]:
    """Whether a word names a tool."""
    return name in get_args(Tool)


def _around(points: list[QPointF]) -> QRect:
    if not points:
        return QRect()
    left, right = min(p.x() for p in points), max(p.x() for p in points)
    top, bottom = min(p.y() for p in points), max(p.y() for p in points)
    return QRect(QPointF(left, top).toPoint(), QPointF(right, bottom).toPoint()).adjusted(-4, -4, 4, 4)


def _whole(point: QPointF) -> QPointF:
    return QPointF(round(point.x()), round(point.y()))


def _level(start: QPointF, end: QPointF) -> QPointF:
    """The end of a line that is turned to the nearest 15 degrees."""
    way = end - start
    length = math.hypot(way.x(), way.y())
    angle = round(math.atan2(way.y(), way.x()) / (math.pi / 12)) * math.pi / 12
    return QPointF(start.x() + length * math.cos(angle), start.y() + length * math.sin(angle))
