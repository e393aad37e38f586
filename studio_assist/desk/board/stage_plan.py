"""The set from above: figures, pieces and the camera, to be dragged and turned."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_assist.desk.board.plan_paint import (
    HANDLE_PX,
    Chosen,
    PlanPainter,
    PlanView,
    apart,
    bounds_of,
    direction,
)
from studio_assist.desk.board.stage_model import StageModel
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme

_HIGH_PX: Final = 190
#: How near a press has to be, px.
_NEAR_PX: Final = 9.0
#: What a key stroke moves, metres, and turns, degrees.
_KEY_M, _KEY_DEG = 0.1, 10.0


class StagePlan(QWidget):
    """Drag moves, the small handle turns. Keys: comma and period walk the things, arrows move, [ ] turn.

    Signals:
        chosen: another thing is chosen, a `Chosen`.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, model: StageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._model: Final = model
        self._chosen = Chosen()
        self._drag: Chosen | None = None
        self._off = QPointF()
        self._view = PlanView(QRectF(-3, -1, 6, 6), 316, _HIGH_PX)
        self.setObjectName("stage_plan")
        self.setFixedHeight(_HIGH_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Plan of the set from above")
        self.setAccessibleDescription(
            "Comma and period choose a figure, piece or the camera. Arrow keys move it, [ and ] turn it, "
            "Delete takes it away."
        )
        model.moved.connect(self._moved)
        theme.changed.connect(self.update)

    # properties

    @property
    def thing(self) -> Chosen:
        """What is chosen."""
        return self._chosen

    # methods

    def choose(self, thing: Chosen) -> None:
        """Choose a figure, piece, or the camera."""
        if thing != self._chosen:
            self._chosen = thing
            self.chosen.emit(thing)
            self._say()
            self.update()

    def spot(self, thing: Chosen) -> QPointF:
        """Where it stands on the widget, px."""
        staging = self._model.staging
        match thing.kind:
            case "figure":
                return self._view.px(*staging.figures[thing.at].at)
            case "turn":
                figure = staging.figures[thing.at]
                return self._view.px(*figure.at) + direction(figure.facing) * HANDLE_PX
            case "piece":
                return self._view.px(*staging.pieces[thing.at].at)
            case "aim":
                return self._view.px(*staging.camera.aim[:2])
            case _:
                return self._view.px(*staging.camera.at[:2])

    # slots

    def _moved(self, _rough: bool) -> None:
        staging = self._model.staging
        counts = {"figure": len(staging.figures), "piece": len(staging.pieces)}
        if self._chosen.kind in counts and self._chosen.at >= counts[self._chosen.kind]:
            self.choose(Chosen())
        if self._drag is None:
            self._fit()
        self.update()

    # events

    def sizeHint(self) -> QSize:
        return QSize(316, _HIGH_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, _HIGH_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        thing = self._under(event.position())
        self.choose(Chosen("figure", thing.at) if thing.kind == "turn" else thing)
        if thing.kind:
            self._drag = thing
            self._off = self.spot(thing) - event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            over = self._under(event.position()).kind
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
            return
        x, y = self._view.metres(event.position() + self._off)
        if self._drag.kind == "turn":
            figure = self._model.staging.figures[self._drag.at]
            facing = math.degrees(math.atan2(x - figure.at[0], y - figure.at[1]))
            turned = figure.model_copy(update={"facing": round(facing, 1)})
            self._model.put_figure(self._drag.at, turned, gesture=True)
        else:
            self._put(self._drag, x, y, gesture=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None and event.button() == Qt.MouseButton.LeftButton:
            self._drag = None
            self._model.end()
            self._fit()
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrows = {
            Qt.Key.Key_Left: (-_KEY_M, 0.0),
            Qt.Key.Key_Right: (_KEY_M, 0.0),
            Qt.Key.Key_Up: (0.0, _KEY_M),
            Qt.Key.Key_Down: (0.0, -_KEY_M),
        }
        key = Qt.Key(event.key())
        thing = self._chosen
        if key in (Qt.Key.Key_Comma, Qt.Key.Key_Period):
            things = list(self._things())
            here = things.index(thing) if thing in things else -1
            self.choose(things[(here + (1 if key == Qt.Key.Key_Period else -1)) % len(things)])
        elif key in arrows and thing.kind:
            at = self._view.metres(self.spot(thing))
            self._put(thing, at[0] + arrows[key][0], at[1] + arrows[key][1], later=True)
        elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight) and thing.kind in ("figure", "piece"):
            self._turn(thing, _KEY_DEG if key == Qt.Key.Key_BracketRight else -_KEY_DEG)
        elif key == Qt.Key.Key_Delete and thing.kind in ("figure", "piece"):
            self._model.remove(thing.kind, thing.at)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        PlanPainter(self._theme, self._view, self._model.staging, self._chosen).paint(painter, box)
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 5)

    # internals

    def _fit(self) -> None:
        self._view = PlanView(bounds_of(self._model.staging), self.width(), self.height())

    def _things(self) -> Iterator[Chosen]:
        for at in range(len(self._model.staging.figures)):
            yield Chosen("figure", at)
        yield Chosen("camera")
        yield Chosen("aim")
        for at in range(len(self._model.staging.pieces)):
            yield Chosen("piece", at)

    def _under(self, spot: QPointF) -> Chosen:
        staging = self._model.staging
        if self._chosen.kind == "figure":
            handle = Chosen("turn", self._chosen.at)
            if apart(self.spot(handle), spot) <= _NEAR_PX - 2:
                return handle
        near = [(apart(self.spot(one), spot), order, one) for order, one in enumerate(self._things())]
        found = min((one for one in near if one[2].kind != "piece" and one[0] <= _NEAR_PX), default=None)
        if found is not None:
            return found[2]
        for at in reversed(range(len(staging.pieces))):
            if self._view.outline(staging.pieces[at]).containsPoint(spot, Qt.FillRule.OddEvenFill):
                return Chosen("piece", at)
        return Chosen()

    # internals: editing

    def _put(self, thing: Chosen, x: float, y: float, *, gesture: bool = False, later: bool = False) -> None:
        staging = self._model.staging
        match thing.kind:
            case "figure":
                figure = staging.figures[thing.at].model_copy(update={"at": (x, y)})
                self._model.put_figure(thing.at, figure, gesture=gesture, later=later)
            case "piece":
                piece = staging.pieces[thing.at].model_copy(update={"at": (x, y)})
                self._model.put_piece(thing.at, piece, gesture=gesture, later=later)
            case "camera":
                camera = staging.camera.model_copy(update={"at": (x, y, staging.camera.at[2])})
                self._model.aim(camera, gesture=gesture, later=later)
            case "aim":
                camera = staging.camera.model_copy(update={"aim": (x, y, staging.camera.aim[2])})
                self._model.aim(camera, gesture=gesture, later=later)
            case _:
                pass

    def _turn(self, thing: Chosen, degrees: float) -> None:
        staging = self._model.staging
        if thing.kind == "figure":
            figure = staging.figures[thing.at]
            turned = figure.model_copy(update={"facing": _round_angle(figure.facing + degrees)})
            self._model.put_figure(thing.at, turned, later=True)
        else:
            piece = staging.pieces[thing.at]
            spun = piece.model_copy(update={"turn": _round_angle(piece.turn + degrees)})
            self._model.put_piece(thing.at, spun, later=True)

    def _say(self) -> None:
        staging, thing = self._model.staging, self._chosen
        names = {
            "figure": lambda: staging.figures[thing.at].name,
            "piece": lambda: staging.pieces[thing.at].kind,
            "camera": lambda: "the camera",
            "aim": lambda: "what the camera looks at",
        }
        said = names[thing.kind]() if thing.kind in names else "nothing"
        self.setAccessibleName(f"Plan of the set from above, {said} is chosen")


def _round_angle(degrees: float) -> float:
    return round((degrees + 180.0) % 360.0 - 180.0, 1)
