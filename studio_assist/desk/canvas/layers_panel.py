"""The layers, uppermost first: choose, show, rename, order, add and delete."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from studio_assist.desk.canvas.controls import SliderRow
from studio_assist.desk.canvas.document import CanvasDocument
from studio_assist.desk.canvas.faces import Face
from studio_assist.desk.canvas.thumbs import LAYER_SIZE
from studio_assist.desk.kit import Field, IconButton, Label, LinkButton, Panel, Popover, TempTag, paint
from studio_assist.desk.theme import Theme

ROW_PX: Final = 48
#: Rows that are always in sight; the others are, too, where the window is high enough.
LEAST: Final = 2


class LayerRow(QWidget):
    """One layer.

    Signals:
        chosen, opacity_wanted, rename_wanted, menu_wanted: pressed on it; the menu with a global place.
        shown: whether it is to be seen.
        renamed: its new name.
        dragged: it was dropped so many rows lower (negative: higher).
        stepped: the row above or below is to have the focus.
        delete_wanted: the Delete key.
    """

    chosen = Signal()
    shown = Signal(bool)
    opacity_wanted = Signal()
    renamed = Signal(str)
    menu_wanted = Signal(QPoint)
    dragged = Signal(int)
    stepped = Signal(int)
    delete_wanted = Signal()

    def __init__(self, theme: Theme, face: Face) -> None:
        super().__init__()
        self._theme: Final = theme
        self._face = face
        self._active = False
        self._image: QImage | None = None
        self._pressed: QPointF | None = None
        self._drag = 0
        self.setFixedHeight(ROW_PX)
        self.setObjectName(f"layer_{face.id}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._eye: Final = IconButton(theme, "eye", "Hide", size_px=24, icon_px=16)
        self._eye.setParent(self)
        self._eye.setObjectName(f"eye_{face.id}")
        self._eye.move(8, 12)
        self._eye.clicked.connect(lambda: self.shown.emit(not self._face.visible))
        self._opacity: Final = LinkButton(theme, "100 %", token="text3", name="Opacity")
        self._opacity.setParent(self)
        self._opacity.setObjectName(f"opacity_{face.id}")
        self._opacity.clicked.connect(self.opacity_wanted)
        self._tag: Final = TempTag(theme, solid=True, parent=self)
        self._tag.setVisible(face.kind == "temp")
        self._field: Field | None = None
        theme.changed.connect(self.update)
        self.show_face(face, active=False)

    # methods

    def show_face(self, face: Face, *, active: bool) -> None:
        """Show what the layer is now."""
        self._face, self._active = face, active
        self._eye.set_icon("eye" if face.visible else "eye-off", "Hide" if face.visible else "Show")
        self._eye.setAccessibleName(f"{'Hide' if face.visible else 'Show'} {face.name}")
        self._opacity.setText(f"{round(face.opacity * 100)} %")
        self._opacity.setAccessibleName(f"Opacity of {face.name}, {round(face.opacity * 100)} percent")
        self._opacity.resize(self._opacity.sizeHint())
        kind = "TEMP, " if face.kind == "temp" else ""
        self.setAccessibleName(f"{face.name}, {kind}{face.detail}{', active' if active else ''}")
        self._place()
        self.update()

    def set_image(self, image: QImage) -> None:
        """Show its picture."""
        self._image = image
        self.update()

    def rename(self) -> None:
        """Let its name be typed, where it is."""
        if self._face.locked or self._field is not None:
            return
        field = Field(self._theme, f"New name of {self._face.name}", text=self._face.name, parent=self)
        field.setObjectName("layer_name")
        field.setGeometry(88, 9, self.width() - 88 - 10, 30)
        field.selectAll()
        field.show()
        field.setFocus()
        field.editingFinished.connect(self._named)
        self._field = field

    # slots

    def _named(self) -> None:
        field, self._field = self._field, None
        if field is not None:
            name = field.text()
            field.hide()
            field.deleteLater()
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.renamed.emit(name)

    # events

    def resizeEvent(self, event: object) -> None:
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            self.chosen.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and not self._face.locked:
            self._drag = round((event.position().y() - self._pressed.y()) / ROW_PX)
            self.setCursor(Qt.CursorShape.ClosedHandCursor if self._drag else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag, self._pressed = self._drag, 0, None
        self.unsetCursor()
        if drag:
            self.dragged.emit(drag)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        self.rename()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.chosen.emit()
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, keys = event.key(), event.modifiers()
        up_down = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key))
        if self._field is not None and key == Qt.Key.Key_Escape:
            field, self._field = self._field, None
            field.deleteLater()
            self.setFocus()
        elif up_down and keys & Qt.KeyboardModifier.ControlModifier:
            self.dragged.emit(up_down)
        elif up_down:
            self.stepped.emit(up_down)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        elif key == Qt.Key.Key_F2:
            self.rename()
        elif key == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour, face = self._theme.colour, self._face
        box = QRectF(self.rect())
        if self._active:
            painter.fillRect(box, colour("selection"))
        elif self.underMouse():
            painter.fillRect(box, colour("surface2"))
        painter.fillRect(QRectF(0, box.height() - 1, box.width(), 1), colour("line"))
        if face.kind == "temp":
            painter.fillRect(QRectF(0, 0, 4, box.height() - 1), colour("amber"))
        picture = QRectF(40, 11, LAYER_SIZE.width(), LAYER_SIZE.height())
        if self._image is not None:
            painter.drawImage(picture, self._image)
        else:
            painter.fillRect(picture, colour("paper"))
        paint.draw_box(painter, picture, 1, None, colour("lineStrong"))
        room = self._opacity.x() - 92 - 6 - (self._tag.width() + 6 if face.kind == "temp" else 0)
        font = self._theme.font("control")
        token = "text" if face.visible else "text3"
        name = self.fontMetrics().elidedText(face.name, Qt.TextElideMode.ElideRight, max(20, room))
        paint.draw_text(painter, QRectF(92, 6, room, 18), font, colour(token), name)
        left = 92.0
        quiet = "text2" if self._active else "text3"
        if face.locked:
            pixmap = self._theme.pixmap("lock", quiet, 12, self.devicePixelRatioF())
            painter.drawPixmap(92, 27, pixmap)
            left += 16
        small = self._theme.font("meta")
        painter.setFont(small)
        room = round(box.width() - left - 52)
        detail = painter.fontMetrics().elidedText(face.detail, Qt.TextElideMode.ElideRight, room)
        paint.draw_text(painter, QRectF(left, 25, room, 16), small, colour(quiet), detail)
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 0)

    # internals

    def _place(self) -> None:
        self._opacity.move(self.width() - self._opacity.width() - 9, (ROW_PX - self._opacity.height()) // 2)
        name = paint.text_width(self._theme.font("control"), self._face.name)
        self._tag.move(round(92 + name + 6), 8)


class _Rows(QScrollArea):
    """The list: as high as its rows where there is room."""

    def sizeHint(self) -> QSize:
        inner = self.widget()
        return QSize(200, inner.minimumHeight() if inner is not None else ROW_PX)


class LayersPanel(Panel):
    """The list of layers over a drawing. It changes the drawing itself: every change is a step for undo."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface1", "b")
        self._theme: Final = theme
        self._document: CanvasDocument | None = None
        self._rows: Final[dict[str, LayerRow]] = {}
        self.setAccessibleName("Layers")
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 8, 0)
        head.setSpacing(0)
        head.addWidget(Label(theme, "Layers", "strong", "text"))
        head.addStretch(1)
        self._add: Final = IconButton(theme, "plus", "Add a layer")
        self._add.setObjectName("add_layer")
        self._add.clicked.connect(self._show_add)
        self._more: Final = IconButton(theme, "dots", "More for this layer")
        self._more.setObjectName("layer_menu")
        self._more.clicked.connect(lambda: self._show_menu(self._more.mapToGlobal(QPoint(0, 28))))
        head.addWidget(self._add)
        head.addWidget(self._more)
        bar = Panel(theme, "surface1", "b")
        bar.setFixedHeight(40)
        bar.setLayout(head)
        self._list: Final = QWidget()
        self._column: Final = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._scroll: Final = _Rows()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        self._list.setAutoFillBackground(False)
        self._scroll.setWidget(self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self._scroll)

    # methods

    def show_document(self, document: CanvasDocument) -> None:
        """Show another drawing's layers."""
        self._document = document
        document.layers_changed.connect(self.refresh)
        self.refresh()

    def set_images(self, images: dict[str, QImage]) -> None:
        """Show what is on the layers."""
        for layer, image in images.items():
            if layer in self._rows:
                self._rows[layer].set_image(image)

    def refresh(self) -> None:
        """Show the layers as they are."""
        document = self._document
        if document is None:
            return
        order = [face.id for face in reversed(document.faces)]
        for layer in [one for one in self._rows if one not in order]:
            row = self._rows.pop(layer)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        active = document.active
        for at, face in enumerate(reversed(document.faces)):
            row = self._rows.get(face.id) or self._new_row(face)
            if self._column.indexOf(row) != at:
                self._column.removeWidget(row)
                self._column.insertWidget(at, row)
            row.show_face(face, active=active is not None and face.id == active.id)
        # All of them where there is room, and never fewer than fit into `LEAST`.
        self._scroll.setMinimumHeight(ROW_PX * min(LEAST, max(1, len(order))))
        self._scroll.setMaximumHeight(ROW_PX * max(1, len(order)))
        self._list.setMinimumHeight(ROW_PX * len(order))
        self._scroll.updateGeometry()
        self._add.setEnabled(not document.read_only)
        self._more.setEnabled(not document.read_only and active is not None)

    # slots

    def _show_add(self) -> None:
        menu = QMenu(self)
        document = self._document
        if document is None:
            return
        menu.addAction("Ink layer", lambda: document.add_layer("ink"))
        menu.addAction("Tone layer", lambda: document.add_layer("tone"))
        notes = menu.addAction("Notes layer, never exported", lambda: document.add_layer("notes"))
        notes.setEnabled(not any(face.kind == "notes" for face in document.faces))
        menu.popup(self._add.mapToGlobal(QPoint(0, 28)))
        menu.aboutToHide.connect(menu.deleteLater)

    def _show_menu(self, at: QPoint) -> None:
        document = self._document
        active = document.active if document else None
        if document is None or active is None:
            return
        menu = QMenu(self)
        row = self._rows[active.id]
        rename = menu.addAction("Rename…", row.rename)
        opacity = menu.addAction("Opacity…", lambda: self._show_opacity(active.id))
        menu.addSeparator()
        up = menu.addAction("Move up", lambda: self._move(active.id, -1))
        down = menu.addAction("Move down", lambda: self._move(active.id, 1))
        menu.addSeparator()
        delete = menu.addAction("Delete layer", lambda: document.remove_layer(active.id))
        for action in (rename, up, down):
            action.setEnabled(not active.locked and not document.read_only)
        opacity.setEnabled(not document.read_only)
        delete.setEnabled(active.kind != "temp" and not document.read_only)
        menu.popup(at)
        menu.aboutToHide.connect(menu.deleteLater)

    # internals

    def _new_row(self, face: Face) -> LayerRow:
        row = LayerRow(self._theme, face)
        document = self._document
        assert document is not None
        layer = face.id
        row.chosen.connect(lambda: document.choose(layer))
        row.shown.connect(lambda shown: document.set_visible(layer, shown))
        row.opacity_wanted.connect(lambda: self._show_opacity(layer))
        row.renamed.connect(lambda name: document.rename(layer, name))
        row.menu_wanted.connect(self._show_menu)
        row.dragged.connect(lambda rows: self._move(layer, rows))
        row.stepped.connect(lambda step: self._step(layer, step))
        row.delete_wanted.connect(lambda: document.remove_layer(layer))
        self._rows[layer] = row
        return row

    def _move(self, layer: str, rows: int) -> None:
        """Put a layer so many rows lower in the list, which is lower on the page."""
        document = self._document
        if document is None:
            return
        at = next((n for n, face in enumerate(document.faces) if face.id == layer), None)
        if at is not None:
            document.move_layer(layer, max(0, at - rows))

    def _step(self, layer: str, step: int) -> None:
        order = [face.id for face in reversed(self._document.faces)] if self._document else []
        at = order.index(layer) + step
        if self._document and 0 <= at < len(order):
            self._rows[order[at]].setFocus(Qt.FocusReason.TabFocusReason)
            self._document.choose(order[at])

    def _show_opacity(self, layer: str) -> None:
        document = self._document
        face = document.face(layer) if document else None
        if document is None or face is None or document.read_only:
            return
        popover = Popover(self._theme, self.window(), name=f"Opacity of {face.name}")
        row = SliderRow(self._theme, "Opacity", "%", 0, 100, label_px=52)
        row.slider.setObjectName("layer_opacity")
        row.setFixedWidth(230)
        row.set(face.opacity * 100)
        row.moved.connect(lambda value: document.set_opacity(layer, value / 100))
        popover.body.addWidget(row)
        popover.closed.connect(document.history.stop_merging)
        popover.closed.connect(popover.deleteLater)
        place = self._rows[layer]
        corner = place.mapTo(self.window(), QPoint(30, 0))
        popover.show_at(place.rect().translated(corner))
        row.slider.setFocus(Qt.FocusReason.PopupFocusReason)
