"""The left side of the Board desk: scenes with their temp counts, and their shots with how each stands."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.choosing import Choosing
from studio_assist.desk.board.tree_delegate import TreeDelegate
from studio_assist.desk.board.tree_model import TreeModel
from studio_assist.desk.kit import Divider, Field, IconButton, Label, Panel
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import ShotId

#: From so many rows on all have one height, so that none has to be asked for its own.
_MANY: Final = 1500
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

_Index = QModelIndex | QPersistentModelIndex


class ShotList(QTreeView):
    """The rows. A click on a scene opens or closes it; a double click shows that scene alone.

    Signals:
        scene_chosen: a scene's number, clicked or gone to.
        scene_alone: a scene's number, to be the only one in the grid.
        menu_wanted: the scene under the pointer or "", and where, in global coordinates.
    """

    scene_chosen = Signal(str)
    scene_alone = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, theme: Theme, book: BoardBook, rows: TreeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._book: Final = book
        self._rows: Final = rows
        self._closed: set[str] = set()
        self._opened: set[str] = set()
        self._laying = False
        self._at = 0
        self.setObjectName("shot_list")
        self.setAccessibleName("Shots")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setItemsExpandable(True)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setModel(rows)
        self.setItemDelegate(TreeDelegate(theme, book, rows, self))
        self.choosing: Final = Choosing(self, book, rows.shot_at, rows.spot_of, rows.place_of, rows=True)
        self.expanded.connect(self._was_opened)
        self.collapsed.connect(self._was_closed)
        rows.modelAboutToBeReset.connect(self._hold)
        rows.laid.connect(self._laid)
        book.current_changed.connect(self._follow)
        book.selection_changed.connect(self.viewport().update)
        theme.changed.connect(self.viewport().update)

    # slots

    def _was_opened(self, index: QModelIndex) -> None:
        self._remember(index, opened=True)

    def _was_closed(self, index: QModelIndex) -> None:
        self._remember(index, opened=False)

    def _hold(self) -> None:
        """Rows that are made anew stand where they stood."""
        self._at = self.verticalScrollBar().value()

    def _laid(self) -> None:
        many = self._rows.shots > _MANY
        self.setUniformRowHeights(many)
        self._laying = True
        self.setUpdatesEnabled(False)
        current = self._book.current
        here = self._book.shot(current).scene if current is not None else ""
        for scene in self._rows.scenes:
            # Thousands of rows stand closed until they are wanted.
            wanted = scene.number in self._opened or scene.number == here if many else True
            if scene.shots and wanted and scene.number not in self._closed:
                self.expand(self._rows.place_of_scene(scene.number))
        self.setUpdatesEnabled(True)
        self._laying = False
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(self._at)
        self.choosing.show()

    def _follow(self, shot: str) -> None:
        place = self._rows.place_of(ShotId(shot)) if shot else QModelIndex()
        if place.isValid():
            self.scrollTo(place, QAbstractItemView.ScrollHint.EnsureVisible)

    # events

    def drawBranches(self, painter: QPainter, rect: object, index: _Index) -> None:
        return

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        scene = self._rows.scene_at(index)
        if scene is None:
            super().mousePressEvent(event)
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.LeftButton:
            self.setExpanded(index, not self.isExpanded(index))
            self.scene_chosen.emit(scene.number)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        scene = self._rows.scene_at(self.indexAt(event.position().toPoint()))
        if scene is not None:
            self.scene_alone.emit(scene.number)
            event.accept()
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        scene = self._rows.scene_at(self.currentIndex())
        plain = not event.modifiers() & Qt.KeyboardModifier.AltModifier
        if scene is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.setExpanded(self.currentIndex(), not self.isExpanded(self.currentIndex()))
            event.accept()
        elif event.key() in _MOVES and plain:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyed = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyed else self.indexAt(event.pos())
        spot = event.globalPos()
        if keyed:
            spot = self.viewport().mapToGlobal(self.visualRect(index).center())
        scene = self._rows.scene_at(index)
        self.menu_wanted.emit(scene.number if scene else "", spot)
        event.accept()

    # internals

    def _remember(self, index: QModelIndex, *, opened: bool) -> None:
        scene = self._rows.scene_at(index)
        if scene is None or self._laying:
            return
        (self._opened if opened else self._closed).add(scene.number)
        (self._closed if opened else self._opened).discard(scene.number)


class ShotTree(Panel):
    """Header, filter and rows.

    Signals:
        new_wanted: a new shot after the current one.
        words_changed: what a person looks for.
        back: Esc was pressed where nothing else takes it.
    """

    new_wanted = Signal()
    words_changed = Signal(str)

    def __init__(self, theme: Theme, book: BoardBook, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface1", "", parent)
        self._book: Final = book
        self.rows: Final = TreeModel(book, self)
        self.list: Final = ShotList(theme, book, self.rows)
        self.setObjectName("shots_panel")
        self.setAccessibleName("Shots")
        self.setMinimumWidth(200)
        self._wait: Final = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(120)
        self._wait.timeout.connect(self._look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_header())
        column.addWidget(Divider(theme))
        column.addWidget(self._build_filter())
        column.addWidget(self.list, 1)
        self._empty: Final = Label(theme, "No shot matches the filter.", "caption", "text3", wrap=True)
        self._empty.setContentsMargins(12, 16, 12, 0)
        column.addWidget(self._empty, 1, Qt.AlignmentFlag.AlignTop)
        self.rows.laid.connect(self._count)
        book.reset.connect(self._count)
        book.order_changed.connect(self._count)
        book.loaded.connect(self._count)
        self._count()

    # slots

    def _count(self) -> None:
        if self.rows.filtered:
            self._counted.set_text(f"{self.rows.shots} of {self._book.total}")
        else:
            self._counted.set_text(f"{self._book.total:,}" if self._book.total else "")
        nothing = self.rows.filtered and not self.rows.shots
        self._empty.setVisible(nothing)
        self.list.setVisible(not nothing)

    def _filter_toggled(self, shown: bool) -> None:
        self._filter.setVisible(shown)
        if shown:
            self._wanted.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._wanted.clear()
            self._look()

    def _look(self) -> None:
        self._wait.stop()
        self.rows.set_words(self._wanted.text())
        self._count()
        self.words_changed.emit(self._wanted.text())

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._filter_button.isChecked():
            self._filter_button.setChecked(False)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            event.accept()
        else:
            super().keyPressEvent(event)

    # internals

    def _build_header(self) -> QWidget:
        theme = self._theme
        header = QWidget()
        header.setFixedHeight(40)
        self._counted = Label(theme, "", "caption", "text3")
        self._counted.setObjectName("shots_count")
        self._filter_button = IconButton(theme, "filter", "Filter shots")
        self._filter_button.setObjectName("shots_filter_button")
        self._filter_button.setCheckable(True)
        self._filter_button.toggled.connect(self._filter_toggled)
        self.add = IconButton(theme, "plus", "New shot after this one (N)")
        self.add.setObjectName("shots_add_button")
        self.add.clicked.connect(self.new_wanted)
        row = QHBoxLayout(header)
        row.setContentsMargins(12, 1, 5, 0)
        row.setSpacing(0)
        row.addWidget(Label(theme, "Shots", "strong"))
        row.addSpacing(8)
        row.addWidget(self._counted)
        row.addStretch(1)
        row.addWidget(self._filter_button)
        row.addWidget(self.add)
        return header

    def _build_filter(self) -> QWidget:
        theme = self._theme
        self._wanted = Field(theme, "Filter shots by number or words", placeholder="Number or words")
        self._wanted.setObjectName("shots_filter")
        self._wanted.textChanged.connect(lambda _text: self._wait.start())
        self._filter = QWidget()
        column = QVBoxLayout(self._filter)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self._wanted)
        self._filter.hide()
        return self._filter
