"""The panel grid: cards in rows, chosen and moved by mouse and keys."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QItemSelectionModel,
    QMargins,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSettings,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QScrollBar, QWidget

from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.choosing import Choosing
from studio_assist.desk.board.delegate import CARD_PX, GAP_PX, INSET_X, INSET_Y, CardDelegate, cell_size
from studio_assist.desk.board.grid_model import ShotsModel
from studio_assist.desk.board.reordering import Reordering
from studio_assist.desk.board.states import open_variants, shown_media
from studio_assist.desk.board.thumbnails import Thumbnails
from studio_assist.desk.kit import paint
from studio_assist.desk.kit.files import files_in
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import ShotId

MARGIN_PX: Final = 16
_BAR_PX: Final = 12
#: How large the cards can be, in percent of the usual.
ZOOMS: Final = (50, 60, 75, 100, 125, 150, 200, 300)
_ZOOM_KEY: Final = "board/zoom"
_PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif", ".bmp"})
_PLAIN: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_MOVES: Final = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)
_ACTION = QAbstractItemView.CursorAction


class PanelGrid(QListView):
    """Cards as wide as their columns allow. It shows the book, and says what a person wants done.

    Signals:
        moved: the chosen shots go behind this one ("" for the beginning).
        pressed_in: a shot, and which button inside its frame.
        file_dropped: a shot, and the picture file that was dropped on its card.
        menu_wanted: where a menu was asked for, in global coordinates.
        zoomed: percent.
    """

    moved = Signal(str)
    pressed_in = Signal(str, str)
    file_dropped = Signal(str, object)
    menu_wanted = Signal(QPoint)
    zoomed = Signal(int)

    def __init__(
        self,
        theme: Theme,
        book: BoardBook,
        shown: ShotsModel,
        layout: QSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._book: Final = book
        self._shown: Final = shown
        self._layout: Final = layout
        self._columns = 1
        self._zoom = self._kept_zoom()
        self._held: QModelIndex | None = None
        self._over: ShotId | None = None
        self.thumbnails: Final = Thumbnails(self)
        self.cards: Final = CardDelegate(theme, book, self.thumbnails, self)
        self._dragging: Final = Reordering(self, self._gap_at, self._line_of)
        self._dress()
        self.setModel(shown)
        self.setItemDelegate(self.cards)
        self.choosing: Final = Choosing(self, book, shown.shot_at, shown.spot_of, shown.place_of)
        # Qt's own bar would take its width from the cards; this one stands in the margin beside them.
        self._bar: Final = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.setAccessibleName("Panels")
        self._follow(self.verticalScrollBar())
        self._trim: Final = QTimer(self)
        self._trim.setSingleShot(True)
        self._trim.setInterval(0)
        self._trim.timeout.connect(self._let_go)
        self.thumbnails.came.connect(self._picture_came)
        shown.shown_changed.connect(self.choosing.show)
        shown.modelReset.connect(self.choosing.show)
        theme.changed.connect(self.viewport().update)
        book.current_changed.connect(self.viewport().update)

    # properties

    @property
    def columns(self) -> int:
        """How many cards stand side by side."""
        return self._columns

    @property
    def zoom_percent(self) -> int:
        return self._zoom

    # methods

    def set_zoom(self, percent: int) -> None:
        """Make the cards about this large; it is remembered."""
        percent = min(ZOOMS[-1], max(ZOOMS[0], percent))
        if percent == self._zoom:
            return
        keep = self.currentIndex()
        self._zoom = percent
        self._layout.setValue(_ZOOM_KEY, percent)
        self._fit()
        if keep.isValid():
            self.scrollTo(keep, QAbstractItemView.ScrollHint.EnsureVisible)
        self.zoomed.emit(percent)

    def zoom_by(self, steps: int) -> None:
        """Larger or smaller by so many of the usual steps."""
        at = min(range(len(ZOOMS)), key=lambda place: abs(ZOOMS[place] - self._zoom))
        self.set_zoom(ZOOMS[min(len(ZOOMS) - 1, max(0, at + steps))])

    def in_sight(self) -> range:
        """The rows that can be seen."""
        count = self._shown.rowCount()
        pitch = self.gridSize().height()
        if not count or pitch <= 0:
            return range(0)
        top = self.verticalScrollBar().value()
        first = top // pitch * self._columns
        last = ((top + self.viewport().height()) // pitch + 1) * self._columns
        return range(max(0, first), min(count, last))

    def show_shot(self, shot: ShotId) -> None:
        """Bring a card into sight, its row at the top where there is room."""
        place = self._shown.place_of(shot)
        if place.isValid():
            self.scrollTo(place, QAbstractItemView.ScrollHint.PositionAtTop)

    # slots

    def _picture_came(self, name: str) -> None:
        for row in self.in_sight():
            shot = self._shown.shown[row]
            live = self._book.live(shot)
            if name in self._names(shot) or (live is not None and name.startswith(f"{live.preview}\n")):
                self.update(self._shown.index(row, 0))

    def _let_go(self) -> None:
        """Pictures of cards that were scrolled away need not be read any more."""
        if self.thumbnails.waiting:
            shown = self._shown.shown
            self.thumbnails.keep_only(name for row in self.in_sight() for name in self._names(shown[row]))

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)
        self._bar.setGeometry(self.width() - _BAR_PX - 2, 0, _BAR_PX, self.height())
        self._bar.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        line = self._dragging.line
        painter = QPainter(self.viewport())
        if line is not None:
            paint.draw_box(painter, QRectF(line), 1.5, self._theme.colour("blue"))
        if self._over is not None:
            place = self._shown.place_of(self._over)
            card = self.cards.card_of(QRectF(self.visualRect(place)))
            paint.draw_box(painter, card.adjusted(-1, -1, 1, 1), 5, None, self._theme.colour("blue"), 2.0)
        self._trim.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._dragging.under_way and event.key() == Qt.Key.Key_Escape:
            self._dragging.cancel()
            event.accept()
            return
        plain = not event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier)
        if event.key() in _MOVES and plain:
            super().keyPressEvent(event)
        else:
            # Letters are the desk's keys here; nothing is found by typing.
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = None
        index = self.indexAt(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        shot = self._shown.shot_at(index) if index.isValid() else None
        if left and shot is not None:
            press = self.cards.press_at(QRectF(self.visualRect(index)), event.position(), shot)
            if press:
                self._book.set_current(shot)
                self.pressed_in.emit(shot, press)
                event.accept()
                return
        already = index.isValid() and self.selectionModel().isSelected(index)
        if already and event.modifiers() in _PLAIN and event.button() != Qt.MouseButton.MiddleButton:
            # One of several: they may be about to be dragged, and stay chosen until the button goes up.
            self._held = index
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            event.accept()
        else:
            super().mousePressEvent(event)
        if left and shot is not None and event.modifiers() in _PLAIN and not self._book.read_only:
            self._dragging.pressed(event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._dragging.moved(event.position().toPoint()):
            event.accept()
            return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self._dragging.dropped()
        held, self._held = self._held, None
        if row is not None:
            self.moved.emit(self._shown.shown[row - 1] if row else "")
            event.accept()
        elif held is not None and event.button() == Qt.MouseButton.LeftButton:
            self.setCurrentIndex(held)
            self.selectionModel().select(held, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            super().mouseReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        spot = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            spot = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        self.menu_wanted.emit(spot)
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drag_over(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drag_over(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_over(None)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        shot, file = self._over, _picture_in(event)
        self._set_over(None)
        if shot is None or file is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self.file_dropped.emit(shot, file)

    def moveCursor(
        self,
        cursorAction: QAbstractItemView.CursorAction,  # noqa: N803  # as Qt calls it
        modifiers: Qt.KeyboardModifier,
    ) -> QModelIndex:
        count = self._shown.rowCount()
        if not count:
            return QModelIndex()
        here = self.currentIndex()
        if not here.isValid():
            return self._shown.index(0, 0)
        rows = max(1, self.viewport().height() // max(1, self.gridSize().height()))
        step = {
            _ACTION.MoveLeft: -1,
            _ACTION.MovePrevious: -1,
            _ACTION.MoveRight: 1,
            _ACTION.MoveNext: 1,
            _ACTION.MoveUp: -self._columns,
            _ACTION.MoveDown: self._columns,
            _ACTION.MovePageUp: -self._columns * rows,
            _ACTION.MovePageDown: self._columns * rows,
            _ACTION.MoveHome: -count,
            _ACTION.MoveEnd: count,
        }.get(cursorAction, 0)
        wanted = here.row() + step
        if step == -self._columns and wanted < 0:
            wanted = here.row()
        return self._shown.index(min(count - 1, max(0, wanted)), 0)

    # internals

    def _dress(self) -> None:
        self.setObjectName("panel_grid")
        self.setAccessibleName("Panels")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setWrapping(True)
        self.setSpacing(0)
        self.setMouseTracking(True)
        self.setDragEnabled(False)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(QMargins(MARGIN_PX - INSET_X, MARGIN_PX - INSET_Y, 0, 0))
        self.viewport().setAutoFillBackground(False)

    def _kept_zoom(self) -> int:
        kept = self._layout.value(_ZOOM_KEY)
        percent = int(kept) if isinstance(kept, int | str) and str(kept).isdigit() else 100
        return min(ZOOMS[-1], max(ZOOMS[0], percent))

    def _follow(self, own: QScrollBar) -> None:
        bar = self._bar
        # A method, not a closure: while the window is taken down Qt tells of ranges of a bar that is gone.
        own.rangeChanged.connect(self._measure)
        own.valueChanged.connect(bar.setValue)
        bar.valueChanged.connect(own.setValue)
        self._measure(own.minimum(), own.maximum())

    def _measure(self, least: int, most: int) -> None:
        """The bar in the margin reaches as far as Qt's own."""
        own, bar = self.verticalScrollBar(), self._bar
        own.setSingleStep(48)
        bar.setRange(least, most)
        bar.setPageStep(own.pageStep())
        bar.setSingleStep(own.singleStep())
        bar.setVisible(most > least)

    def _fit(self) -> None:
        """As many columns as fit at this zoom; what is left over makes the cards wider."""
        room = max(120, self.width() - 2 * MARGIN_PX) + GAP_PX
        wanted = CARD_PX * self._zoom / 100 + GAP_PX
        self._columns = max(1, round(room / wanted - 0.12))
        card = room // self._columns - GAP_PX
        if card != self.cards.card_px or self.gridSize() != cell_size(card):
            self.cards.set_card_px(card)
            self.setGridSize(QSize(cell_size(card)))
            self.scheduleDelayedItemsLayout()

    def _names(self, shot: ShotId) -> tuple[str, ...]:
        """The pictures that a card shows, or could."""
        book = self._book
        variants = book.variants(shot)
        media = shown_media(book.shot(shot), variants, book.state(shot))
        waiting = open_variants(variants)
        names = [media.sha256] if media is not None else []
        if waiting and waiting[0].shown is not None:
            names.append(waiting[0].shown.sha256)
        return tuple(names)

    def _gap_at(self, spot: QPoint) -> int:
        """The row before which a drop at a spot puts the shots."""
        count = self._shown.rowCount()
        cell = self.gridSize()
        top = spot.y() + self.verticalScrollBar().value()
        line = max(0, top // max(1, cell.height()))
        column = (spot.x() + cell.width() // 2) // max(1, cell.width())
        return min(count, line * self._columns + min(self._columns, max(0, column)))

    def _line_of(self, row: int) -> QRect:
        """Where the line before a row is drawn: at the end of the line above where the pointer is there."""
        count = self._shown.rowCount()
        behind = row >= count
        cell = QRectF(self.visualRect(self._shown.index(count - 1 if behind else row, 0)))
        card = self.cards.card_of(cell)
        x = card.right() + GAP_PX / 2 if behind else card.left() - GAP_PX / 2
        return QRect(max(0, round(x) - 2), round(card.top()), 3, round(card.height()))

    def _drag_over(self, event: QDropEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        takes = _picture_in(event) is not None and not self._book.read_only
        self._set_over(self._shown.shot_at(index) if takes and index.isValid() else None)
        if self._over is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def _set_over(self, shot: ShotId | None) -> None:
        if shot != self._over:
            self._over = shot
            self.viewport().update()


def _picture_in(event: QDropEvent) -> Path | None:
    """The one picture file of a drag; None where it holds anything else."""
    files = files_in(event.mimeData())
    return files[0] if len(files) == 1 and files[0].suffix.lower() in _PICTURES else None
