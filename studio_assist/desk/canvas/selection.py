"""A part of a layer that is chosen, moved, deleted, copied and pasted. Never of the underlay: of ink only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath

from studio_assist.desk.canvas.document import CanvasDocument, Edit
from studio_assist.desk.canvas.tiles import FORMAT

_Mode = QPainter.CompositionMode


@dataclass(frozen=True, slots=True)
class Piece:
    """Pixels that were copied, and where they lay."""

    image: QImage
    at: QPoint


@dataclass(slots=True)
class _Held:
    edit: Edit
    image: QImage
    at: QPoint
    offset: QPoint
    path: QPainterPath | None


class Selection(QObject):
    """What is chosen on the active layer.

    Signals:
        changed: its outline, or what is held in the air.
    """

    changed = Signal(QRect)

    def __init__(self, document: CanvasDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document: Final = document
        self._held: _Held | None = None
        #: Outline in the page's coordinates; None where nothing is chosen.
        self.path: QPainterPath | None = None

    # properties

    @property
    def holding(self) -> bool:
        """Whether a piece is in the air, off its layer."""
        return self._held is not None

    @property
    def layer(self) -> str:
        """The layer that the piece in the air belongs to."""
        return self._held.edit.layer if self._held is not None else ""

    # methods: choosing

    def choose_rect(self, start: QPointF, end: QPointF) -> None:
        path = QPainterPath()
        path.addRect(QRectF(start, end).normalized())
        self._choose(path)

    def choose_lasso(self, points: list[QPointF]) -> None:
        path = QPainterPath()
        if len(points) > 2:
            path.moveTo(points[0])
            for point in points[1:]:
                path.lineTo(point)
            path.closeSubpath()
        self._choose(path)

    def choose_all(self) -> None:
        path = QPainterPath()
        path.addRect(QRectF(self._document.page))
        self._choose(path)

    def clear(self) -> None:
        """Choose nothing."""
        if self.path is not None:
            before = self._outer(self.path)
            self.path = None
            self.changed.emit(before)

    # methods: moving

    def lift(self) -> bool:
        """Take what is chosen, or the whole layer, into the air; False where there is nothing to take."""
        face = self._document.active
        if face is None or self._document.why_not():
            return False
        area = self._area(face.id)
        if area.isEmpty():
            return False
        image = self._cut_out(face.id, area)
        edit = self._document.edit(face.id)
        self._held = _Held(edit, image, area.topLeft(), QPoint(0, 0), self.path)
        edit.paint(area, self._rubber)
        return True

    def move(self, offset: QPoint) -> None:
        """Hold it elsewhere, `offset` from where it came."""
        held = self._held
        if held is None or offset == held.offset:
            return
        before = self._place(held)
        held.offset = QPoint(offset)
        if held.path is not None:
            self.path = held.path.translated(QPointF(offset))
        self.changed.emit(before.united(self._place(held)))

    def drop(self) -> None:
        """Put it down where it is; one step for undo."""
        held, self._held = self._held, None
        if held is None:
            return
        place = self._place(held)
        held.edit.paint(place, lambda painter: painter.drawImage(place.topLeft(), held.image))
        held.edit.commit("move")
        self.changed.emit(place)

    def put_back(self) -> None:
        """As if it had not been taken."""
        held, self._held = self._held, None
        if held is None:
            return
        place = self._place(held)
        self.path = held.path
        held.edit.cancel()
        self.changed.emit(place)

    def draw(self, painter: QPainter) -> None:
        """Draw what is in the air, in the page's coordinates."""
        if self._held is not None:
            painter.drawImage(self._place(self._held).topLeft(), self._held.image)

    # methods: copying

    def copy(self) -> Piece | None:
        """What is chosen, or the whole layer."""
        face = self._document.active
        if face is None or face.kind == "temp":
            return None
        area = self._area(face.id)
        return None if area.isEmpty() else Piece(self._cut_out(face.id, area), area.topLeft())

    def delete(self) -> bool:
        """Take what is chosen off the layer; False where nothing is."""
        face = self._document.active
        if self.path is None or face is None or self._document.why_not():
            return False
        area = self._area(face.id)
        if not area.isEmpty():
            edit = self._document.edit(face.id)
            edit.paint(area, self._rubber)
            edit.commit("delete")
        return True

    def paste(self, piece: Piece) -> bool:
        """Put a copied piece onto the active layer, where it was; it is chosen then."""
        face = self._document.active
        if face is None or self._document.why_not():
            return False
        place = QRect(piece.at, piece.image.size())
        edit = self._document.edit(face.id)
        edit.paint(place, lambda painter: painter.drawImage(piece.at, piece.image))
        edit.commit("paste")
        self.choose_rect(QPointF(place.topLeft()), QPointF(place.right() + 1, place.bottom() + 1))
        return True

    # internals

    def _choose(self, path: QPainterPath) -> None:
        before = self._outer(self.path)
        page = QPainterPath()
        page.addRect(QRectF(self._document.page))
        kept = path.intersected(page)
        rect = kept.boundingRect()
        self.path = kept if rect.width() >= 1 and rect.height() >= 1 else None
        self.changed.emit(before.united(self._outer(self.path)))

    def _area(self, layer: str) -> QRect:
        """The part of the page that is chosen and may hold pixels."""
        bounds = self._document.tiles(layer).bounds()
        return bounds if self.path is None else self._outer(self.path).intersected(bounds)

    def _cut_out(self, layer: str, area: QRect) -> QImage:
        image = self._document.tiles(layer).image(area)
        if self.path is None:
            return image
        shape = QImage(image.size(), FORMAT)
        shape.fill(0)
        painter = QPainter(shape)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not _is_rect(self.path))
        painter.translate(-area.topLeft())
        painter.fillPath(self.path, Qt.GlobalColor.black)
        painter.end()
        painter = QPainter(image)
        painter.setCompositionMode(_Mode.CompositionMode_DestinationIn)
        painter.drawImage(0, 0, shape)
        painter.end()
        return image

    def _rubber(self, painter: QPainter) -> None:
        """Clear what is chosen, or all."""
        painter.setCompositionMode(_Mode.CompositionMode_DestinationOut)
        if self.path is None:
            painter.fillRect(painter.clipBoundingRect(), Qt.GlobalColor.black)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not _is_rect(self.path))
            painter.fillPath(self.path, Qt.GlobalColor.black)

    @staticmethod
    def _outer(path: QPainterPath | None) -> QRect:
        return QRect() if path is None else path.boundingRect().toAlignedRect()

    @staticmethod
    def _place(held: _Held) -> QRect:
        return QRect(held.at + held.offset, held.image.size())


def _is_rect(path: QPainterPath) -> bool:
    return path.elementCount() == 5 and path.boundingRect().toAlignedRect() == path.boundingRect().toRect()
