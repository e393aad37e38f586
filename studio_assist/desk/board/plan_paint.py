"""The plan of a set from above: its measures, and how it is painted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from studio_assist.blockout.view import GATE_MM
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.staging import Piece, Staging

FIGURE_PX: Final = 8.0
#: How far from a figure the handle is that turns it, px.
HANDLE_PX: Final = 19.0
_PAD_PX: Final = 16
#: A piece that says nothing of its size, metres.
_USUAL_M: Final = (0.9, 0.5)
#: Nothing farther from the figures than this widens the plan, metres.
_FAR_M: Final = 25.0
_INDOORS: Final = ("room", "hall", "corridor", "stairwell", "cellar")
Kind = Literal["figure", "turn", "camera", "aim", "piece", ""]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A thing on the plan."""

    kind: Kind = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class PlanView:
    """Which part of the floor, in metres, is shown on how many px."""

    bounds: QRectF
    width: int
    height: int

    # methods

    def scale(self) -> float:
        """Pixels that a metre is."""
        room = self.width - 2 * _PAD_PX, self.height - 2 * _PAD_PX
        return min(room[0] / self.bounds.width(), room[1] / self.bounds.height())

    def px(self, x: float, y: float) -> QPointF:
        """A spot of the floor, px."""
        scale, middle = self.scale(), self.bounds.center()
        return QPointF(self.width / 2 + (x - middle.x()) * scale, self.height / 2 - (y - middle.y()) * scale)

    def metres(self, spot: QPointF) -> tuple[float, float]:
        """A spot of the widget, metres."""
        scale, middle = self.scale(), self.bounds.center()
        x = middle.x() + (spot.x() - self.width / 2) / scale
        y = middle.y() - (spot.y() - self.height / 2) / scale
        return round(x, 3), round(y, 3)

    def outline(self, piece: Piece) -> QPolygonF:
        """A piece as it lies, px."""
        wide, deep = piece.size[:2] if piece.size is not None else _USUAL_M
        turn = math.radians(piece.turn)
        corners = ((-wide, -deep), (wide, -deep), (wide, deep), (-wide, deep))
        spots = []
        for x, y in corners:
            across = x / 2 * math.cos(turn) + y / 2 * math.sin(turn)
            away = -x / 2 * math.sin(turn) + y / 2 * math.cos(turn)
            spots.append(self.px(piece.at[0] + across, piece.at[1] + away))
        return QPolygonF(spots)


class PlanPainter:
    """Paints one staging."""

    def __init__(self, theme: Theme, view: PlanView, staging: Staging, chosen: Chosen) -> None:
        self._theme: Final = theme
        self._view: Final = view
        self._staging: Final = staging
        self._chosen: Final = chosen

    # methods

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Everything but the focus ring."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.colour
        paint.draw_box(painter, box, 5, colour("input"), colour("lineStrong"))
        painter.save()
        painter.setClipRect(box.adjusted(2, 2, -2, -2))
        staging = self._staging
        self._paint_ground(painter, staging)
        for at, piece in enumerate(staging.pieces):
            self._paint_piece(painter, piece, chosen=self._chosen == Chosen("piece", at))
        self._paint_camera(painter, staging)
        for at in range(len(staging.figures)):
            self._paint_figure(painter, staging, at)
        self._paint_names(painter, staging)
        painter.restore()

    # internals

    def _paint_ground(self, painter: QPainter, staging: Staging) -> None:
        colour = self._theme.colour
        if staging.place in _INDOORS:
            wide, deep = staging.room[:2]
            one, other = self._view.px(-wide / 2, deep), self._view.px(wide / 2, 0)
            painter.setPen(QPen(colour("lineStrong"), 1.5))
            painter.setBrush(colour("surface1"))
            painter.drawRect(QRectF(one, other))
        # The line of action: a camera that stays on its side keeps everybody on theirs.
        if len(staging.figures) > 1:
            pen = QPen(colour("lineStrong"), 1, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            level = sum(one.at[1] for one in staging.figures) / len(staging.figures)
            y = self._view.px(0, level).y()
            painter.drawLine(QPointF(0, y), QPointF(self._view.width, y))

    def _paint_piece(self, painter: QPainter, piece: Piece, *, chosen: bool) -> None:
        colour = self._theme.colour
        painter.setPen(QPen(colour("blue" if chosen else "text3"), 2 if chosen else 1))
        painter.setBrush(colour("surface3"))
        painter.drawPolygon(self._view.outline(piece))

    def _paint_camera(self, painter: QPainter, staging: Staging) -> None:
        colour = self._theme.colour
        camera = staging.camera
        at, aim = self._view.px(*camera.at[:2]), self._view.px(*camera.aim[:2])
        ahead = aim - at
        angle = math.atan2(ahead.x(), -ahead.y())
        half = math.atan(GATE_MM / 2 / camera.lens_mm)
        far = float(max(self._view.width, self._view.height))
        sides = [
            at + QPointF(math.sin(angle + side), -math.cos(angle + side)) * far for side in (-half, half)
        ]
        view = QColor(colour("blue"))
        view.setAlpha(26)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(view)
        painter.drawPolygon(QPolygonF([at, *sides]))
        painter.setPen(QPen(colour("blueText"), 1))
        for side in sides:
            painter.drawLine(at, side)
        chosen = self._chosen.kind == "camera"
        painter.save()
        painter.translate(at)
        painter.rotate(math.degrees(angle))
        painter.setPen(QPen(colour("blue" if chosen else "text"), 2 if chosen else 1.4))
        painter.setBrush(colour("surface2"))
        painter.drawPolygon(QPolygonF([QPointF(-3, -5), QPointF(3, -5), QPointF(5, -11), QPointF(-5, -11)]))
        painter.drawRoundedRect(QRectF(-6, -5, 12, 13), 2, 2)
        painter.restore()
        token = "blue" if self._chosen.kind == "aim" else "blueText"
        painter.setPen(QPen(colour(token), 2 if token == "blue" else 1.2))
        painter.drawLine(aim - QPointF(5, 0), aim + QPointF(5, 0))
        painter.drawLine(aim - QPointF(0, 5), aim + QPointF(0, 5))

    def _paint_figure(self, painter: QPainter, staging: Staging, at: int) -> None:
        colour = self._theme.colour
        figure = staging.figures[at]
        chosen = self._chosen == Chosen("figure", at)
        spot = self._view.px(*figure.at)
        ahead = direction(figure.facing)
        painter.setPen(QPen(colour("blue" if chosen else "text"), 2 if chosen else 1.4))
        painter.setBrush(colour("blueGround" if chosen else "surface2"))
        nose = QPointF(-ahead.y(), ahead.x())
        painter.drawPolygon(
            QPolygonF([spot + ahead * 14, spot + nose * 6 + ahead * 4, spot - nose * 6 + ahead * 4])
        )
        painter.drawEllipse(spot, FIGURE_PX, FIGURE_PX)
        if chosen:
            painter.setBrush(colour("blue"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(spot + ahead * HANDLE_PX, 4, 4)
        font = self._theme.font("metaMedium")
        letter = figure.name[:1].upper()
        left = spot.x() - paint.text_width(font, letter) / 2
        paint.draw_text(painter, QRectF(left, spot.y() - 8, 20, 16), font, colour("text"), letter)

    def _paint_names(self, painter: QPainter, staging: Staging) -> None:
        """What is chosen first, then figures, then pieces; a name that has no room is left out."""
        font = self._theme.font("meta")
        taken: list[QRectF] = []
        figures = [Chosen("figure", at) for at in range(len(staging.figures))]
        pieces = [Chosen("piece", at) for at in range(len(staging.pieces))]
        things = sorted((*figures, *pieces), key=lambda one: one != self._chosen)
        for at in range(len(staging.figures)):
            spot = self._view.px(*staging.figures[at].at)
            taken.append(QRectF(spot.x() - FIGURE_PX, spot.y() - FIGURE_PX, 2 * FIGURE_PX, 2 * FIGURE_PX))
        for thing in things:
            one = staging.figures[thing.at] if thing.kind == "figure" else staging.pieces[thing.at]
            spot = self._view.px(*one.at)
            if thing.kind == "figure":
                figure = staging.figures[thing.at]
                name = figure.name.title()
                # On the side that it does not face, where the handle is not.
                middle = spot.y() - 16 if direction(figure.facing).y() > 0 else spot.y() + 16
            else:
                piece = staging.pieces[thing.at]
                name, middle = piece.name or piece.kind, spot.y()
            wide = paint.text_width(font, name)
            box = QRectF(spot.x() - wide / 2, middle - 7, wide, 14)
            if thing != self._chosen and any(box.intersects(one) for one in taken):
                continue
            taken.append(box)
            paint.draw_text(painter, box, font, self._theme.colour("text2"), name)


def bounds_of(staging: Staging) -> QRectF:
    """What the plan has to show, metres; far things do not make it tiny."""
    spots = [one.at for one in staging.figures] or [(0.0, 2.0)]
    middle = sum(x for x, _y in spots) / len(spots), sum(y for _x, y in spots) / len(spots)
    spots += [one.at for one in staging.pieces]
    spots += [staging.camera.at[:2], staging.camera.aim[:2]]
    if staging.place in _INDOORS:
        wide, deep = staging.room[:2]
        spots += [(-wide / 2, 0.0), (wide / 2, deep)]
    near = [one for one in spots if math.dist(one, middle) <= _FAR_M] or spots
    xs, ys = [x for x, _y in near], [y for _x, y in near]
    wide, deep = max(3.0, max(xs) - min(xs) + 1.0), max(3.0, max(ys) - min(ys) + 1.0)
    return QRectF((min(xs) + max(xs) - wide) / 2, (min(ys) + max(ys) - deep) / 2, wide, deep)


def direction(facing: float) -> QPointF:
    """A facing as a direction on the widget."""
    return QPointF(math.sin(math.radians(facing)), -math.cos(math.radians(facing)))


def apart(one: QPointF, other: QPointF) -> float:
    """Px between two spots."""
    return math.hypot(one.x() - other.x(), one.y() - other.y())
