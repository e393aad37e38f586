"""The drawing area: shows the page at any zoom, and hands pen and mouse to the tool in the hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QEnterEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_assist.desk.canvas.document import NOTE_PENCIL, CanvasDocument
from studio_assist.desk.canvas.flat import Flat
from studio_assist.desk.canvas.hand import Hand, Tool, Touch
from studio_assist.desk.canvas.overlay import paint_band, paint_guides
from studio_assist.desk.canvas.selection import Selection
from studio_assist.desk.theme import Theme

#: Zoom in percent.
ZOOMS: Final = (10, 800)
#: Around the page when it fits, as the design has it.
MARGIN_PX: Final = 27
#: Strips in which the onion skin comes and goes.
SWEEPS: Final = 12


class DrawArea(QWidget):
    """The page and what lies around it.

    Signals:
        zoomed: the zoom in percent.
    """

    zoomed = Signal(float)

    def __init__(self, theme: Theme, document: CanvasDocument, flat: Flat | None = None) -> None:
        super().__init__()
        self._theme: Final = theme
        self._document: Final = document
        self._flat: Final = flat or Flat(document.size, self._compose)
        self._flat.compose_with(self._compose)
        self._onion: QImage | None = None
        self._zoom = 1.0
        self._fits = True
        self._origin = QPointF(0, 0)
        self._pan: QPointF | None = None
        self._space = False
        self._cursor: QPointF | None = None
        self._sweep = 0
        self._sweeper: Final = QTimer(self)
        self._sweeper.setInterval(8)
        self._sweeper.timeout.connect(self._sweep_on)
        self.selection: Final = Selection(document, self)
        self.hand: Final = Hand(document, self.selection, self._colour_at, self)
        self.setObjectName("draw_canvas")
        self.setAccessibleName("Drawing area")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TabletTracking)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        document.painted.connect(self._painted)
        self.selection.changed.connect(self._painted)
        self.hand.guided.connect(self._show_part)
        theme.changed.connect(self.update)
        self._point()

    # properties

    @property
    def zoom_percent(self) -> float:
        return self._zoom * 100

    @property
    def page_rect(self) -> QRectF:
        """Where the page is in the widget."""
        size = self._document.size
        return QRectF(
            self._origin.x(), self._origin.y(), size.width() * self._zoom, size.height() * self._zoom
        )

    # methods

    def fit(self) -> None:
        """Show the whole page, now and when the window changes."""
        self._fits = True
        size = self._document.size
        room = QSize(max(16, self.width() - 2 * MARGIN_PX), max(16, self.height() - 2 * MARGIN_PX + 2))
        zoom = min(room.width() / size.width(), room.height() / size.height())
        self._zoom = min(ZOOMS[1] / 100, max(ZOOMS[0] / 100, zoom))
        self._origin = QPointF(
            round((self.width() - size.width() * self._zoom) / 2),
            round((self.height() - size.height() * self._zoom) / 2),
        )
        self.zoomed.emit(self.zoom_percent)
        self.update()

    def set_zoom(self, percent: float, around: QPointF | None = None) -> None:
        """Show the page at a zoom; what is at `around` of the widget (its middle) stays there."""
        zoom = min(ZOOMS[1], max(ZOOMS[0], percent)) / 100
        around = around or QPointF(self.width() / 2, self.height() / 2)
        spot = self.to_page(around)
        self._fits = False
        self._zoom = zoom
        self._origin = QPointF(around.x() - spot.x() * zoom, around.y() - spot.y() * zoom)
        self._hold_in_sight()
        self.zoomed.emit(self.zoom_percent)
        self.update()

    def set_onion(self, skin: QImage | None) -> None:
        """Show neighbours through the paper: one picture at the page's size, or none."""
        if skin is None and self._onion is None:
            return
        self._onion = skin
        self._sweep = 0
        self._sweeper.start()

    def set_tool(self, tool: Tool) -> None:
        """Take another tool into the hand."""
        self.hand.finish()
        self.hand.tool = tool
        self._point()
        self.update()

    def to_page(self, at: QPointF) -> QPointF:
        return QPointF((at.x() - self._origin.x()) / self._zoom, (at.y() - self._origin.y()) / self._zoom)

    def from_page(self, at: QPointF) -> QPointF:
        return QPointF(self._origin.x() + at.x() * self._zoom, self._origin.y() + at.y() * self._zoom)

    def hold_space(self, down: bool) -> None:
        """While the space bar is down, a drag moves the page."""
        self._space = down
        self._point()

    # slots

    def _painted(self, rect: QRect) -> None:
        self._flat.invalidate(rect)
        self._show_part(rect)

    def _sweep_on(self) -> None:
        """Make the page anew strip by strip: all of it at once would hold up the pen at 4K."""
        page = self._document.page
        height = -(-page.height() // SWEEPS)
        self._painted(QRect(0, self._sweep * height, page.width(), height).intersected(page))
        self._sweep += 1
        if self._sweep >= SWEEPS:
            self._sweeper.stop()

    def _show_part(self, rect: QRect) -> None:
        """Paint a part of the page again."""
        if rect == self._document.page:
            self.update()
            return
        corner = self.from_page(QPointF(rect.topLeft()))
        size = QPointF(rect.width() * self._zoom, rect.height() * self._zoom)
        around = QRectF(corner.x(), corner.y(), size.x(), size.y()).toAlignedRect()
        # What is smoothed reaches over its edge, by a pixel of the level that is shown.
        self.update(around.adjusted(-3, -3, 3, 3))

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.fit()
        else:
            self._hold_in_sight()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        exposed = event.rect()
        page = self.page_rect
        painter.fillRect(exposed, self._theme.colour("win"))
        inner = QRectF(exposed).intersected(page)
        if not inner.isEmpty():
            self._paint_page(painter, inner)
        if self._document.has_underlay:
            paint_band(painter, self._theme, page, previs=self._document.previs)
        lines = [[self.from_page(point) for point in self.hand.guide]] if len(self.hand.guide) > 1 else []
        paint_guides(painter, lines, self.selection.path, self._origin, self._zoom)
        self._paint_cursor(painter)

    def tabletEvent(self, event: QTabletEvent) -> None:
        rubber = event.pointerType() == QPointingDevice.PointerType.Eraser
        touch = replace(self._touch(event.position(), event.modifiers()), pressure=event.pressure())
        touch = replace(touch, rubber=rubber)
        kind = event.type()
        if kind == QEvent.Type.TabletPress:
            if event.button() == Qt.MouseButton.LeftButton and not self._space:
                self.setFocus(Qt.FocusReason.MouseFocusReason)
                self.hand.press(touch)
            else:
                self._pan = event.position()
        elif kind == QEvent.Type.TabletMove:
            self._moved(touch, event.position())
        elif kind == QEvent.Type.TabletRelease:
            self._released(touch)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._pan = event.position()
            self._point()
        elif left:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.hand.press(self._touch(event.position(), event.modifiers()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._moved(self._touch(event.position(), event.modifiers()), event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._released(self._touch(event.position(), event.modifiers()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            steps = event.angleDelta().y() / 120
            self.set_zoom(self.zoom_percent * 1.2**steps, event.position())
        else:
            across = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and not turn.x()
            self._shift(QPointF(turn.y(), 0) if across else QPointF(turn))
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.set_zoom(self.zoom_percent * (1 + event.value()), event.position())
                return True
            if event.gestureType() == Qt.NativeGestureType.SmartZoomNativeGesture:
                self.fit()
                return True
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._track(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._track(None)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.hold_space(False)
        else:
            super().keyReleaseEvent(event)

    # internals: painting

    def _compose(self, painter: QPainter, rect: QRect) -> None:
        """Everything on the page, within `rect`: paper, underlay, neighbours, a person's layers."""
        painter.fillRect(rect, self._theme.colour("paper"))
        document, shown_onion = self._document, False
        for face in document.faces:
            if face.kind != "temp" and not shown_onion:
                self._compose_onion(painter, rect)
                shown_onion = True
            if not face.visible:
                continue
            painter.setOpacity(face.opacity)
            document.tiles(face.id).draw(painter, rect)
            if face.id == self.selection.layer:
                self.selection.draw(painter)
            painter.setOpacity(1.0)
        if not shown_onion:
            self._compose_onion(painter, rect)

    def _compose_onion(self, painter: QPainter, rect: QRect) -> None:
        if self._onion is not None:
            painter.drawImage(rect.topLeft(), self._onion, rect)

    def _paint_page(self, painter: QPainter, inner: QRectF) -> None:
        ratio = self.devicePixelRatioF()
        level = self._flat.level_for(self._zoom * ratio)
        corner, far = self.to_page(inner.topLeft()), self.to_page(inner.bottomRight())
        part = QRectF(corner, far).toAlignedRect().adjusted(-2, -2, 2, 2).intersected(self._document.page)
        image = self._flat.image(level, part)
        scale = self._zoom * (1 << level)
        painter.save()
        painter.setClipRect(inner)
        painter.translate(self._origin)
        painter.scale(scale, scale)
        # From three screen pixels to one of the page on, it helps to see the page's own.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._zoom * ratio < 3)
        painter.drawImage(0, 0, image)
        painter.restore()

    def _paint_cursor(self, painter: QPainter) -> None:
        """The nib's own outline, with a cross in the middle."""
        if self._cursor is None or not self.hand.size_px or self._space or self._document.read_only:
            return
        radius = max(3.0, self.hand.size_px * self._zoom / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in (("#FFFFFF", 3.0), (self._cursor_colour(), 1.4)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(self._cursor, radius, radius)
        reach = min(4.0, radius)
        painter.drawLine(self._cursor - QPointF(reach, 0), self._cursor + QPointF(reach, 0))
        painter.drawLine(self._cursor - QPointF(0, reach), self._cursor + QPointF(0, reach))

    def _cursor_colour(self) -> str:
        active = self._document.active
        return NOTE_PENCIL if active is not None and active.kind == "notes" else "#15181C"

    # internals: pen and mouse

    def _touch(self, at: QPointF, keys: Qt.KeyboardModifier) -> Touch:
        return Touch(
            self.to_page(at),
            grain=1 / self._zoom,
            shift=bool(keys & Qt.KeyboardModifier.ShiftModifier),
            alt=bool(keys & Qt.KeyboardModifier.AltModifier),
        )

    def _moved(self, touch: Touch, at: QPointF) -> None:
        self._track(at)
        if self._pan is not None:
            way, self._pan = at - self._pan, at
            self._shift(way)
        else:
            self.hand.move(touch)

    def _released(self, touch: Touch) -> None:
        if self._pan is not None:
            self._pan = None
            self._point()
        else:
            self.hand.release(touch)

    def _track(self, at: QPointF | None) -> None:
        """Move the nib's outline."""
        reach = round(max(3.0, self.hand.size_px * self._zoom / 2)) + 4
        for spot in (self._cursor, at):
            if spot is not None and self.hand.size_px:
                centre = spot.toPoint()
                self.update(QRect(centre - QPoint(reach, reach), centre + QPoint(reach, reach)))
        self._cursor = at

    def _shift(self, way: QPointF) -> None:
        self._fits = False
        self._origin += way
        self._hold_in_sight()
        self.update()

    def _hold_in_sight(self) -> None:
        """Some of the page is always in the widget."""
        size, least = self._document.size, 48
        wide, high = size.width() * self._zoom, size.height() * self._zoom
        self._origin = QPointF(
            min(self.width() - least, max(least - wide, self._origin.x())),
            min(self.height() - least, max(least - high, self._origin.y())),
        )

    def _point(self) -> None:
        shape = Qt.CursorShape.CrossCursor
        if self._pan is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._space:
            shape = Qt.CursorShape.OpenHandCursor
        elif self._document.read_only:
            shape = Qt.CursorShape.ArrowCursor
        elif self.hand.tool == "move":
            shape = Qt.CursorShape.SizeAllCursor
        elif self.hand.size_px:
            # The outline is the pointer.
            shape = Qt.CursorShape.BlankCursor
        self.setCursor(QCursor(shape))

    def _colour_at(self, at: QPoint) -> QColor:
        if not self._document.page.contains(at):
            return self._theme.colour("paper")
        return self._flat.image(0, QRect(at, QSize(1, 1))).pixelColor(at)
