"""The tool bar above the script: element, undo and redo, page, temp marks, zoom."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio_assist.desk.kit import Combo, IconButton, IconLabel, Label
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.editor import ScriptEditor
from studio_assist.desk.write.elements import NAMES, SHOWN_NAMES
from studio_assist.desk.write.sheet import ZOOMS
from studio_assist.domain.screenplay import ElementType

_HEIGHT_PX: Final = 40
_FIT: Final = "Fit width"


class EditorToolbar(QWidget):
    """Shows where the caret is, and offers what the keyboard does too."""

    def __init__(self, theme: Theme, editor: ScriptEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._editor = editor
        self.setObjectName("editor_toolbar")
        self.setFixedHeight(_HEIGHT_PX)
        self.element = Combo(theme, "Element (Tab changes it)", width_px=124, parent=self)
        self.element.setObjectName("element_combo")
        for kind, name in NAMES.items():
            self.element.addItem(name, kind)
        self.undo = IconButton(theme, "undo", "Undo (Ctrl Z)", parent=self)
        self.redo = IconButton(theme, "redo", "Redo (Ctrl Shift Z)", parent=self)
        self.page = Label(theme, "Page 1 of 1", "caption", "text3", parent=self)
        self.page.setObjectName("page_label")
        self.page.setToolTip("An estimate by the industry's page: other programs count a little differently")
        self._eye = IconLabel(theme, "eye", "text2", 14, parent=self)
        self._marks = Label(theme, "Temp marks always on", "caption", "text2", parent=self)
        self._marks.setToolTip("Text from a model stays marked until a person replaces it")
        self.zoom = Combo(theme, "Zoom", width_px=78, parent=self)
        self.zoom.setObjectName("zoom_combo")
        for percent in ZOOMS:
            self.zoom.addItem(f"{percent} %", percent)
        self.zoom.addItem(_FIT, 0)
        self.zoom.setMaxVisibleItems(len(ZOOMS) + 1)
        self._lay_out()
        self.element.activated.connect(self._element_chosen)
        self.zoom.activated.connect(self._zoom_chosen)
        self.undo.clicked.connect(editor.undo)
        self.redo.clicked.connect(editor.redo)
        editor.caret_moved.connect(self._caret_moved)
        editor.page_changed.connect(self._page_changed)
        editor.zoom_changed.connect(self._zoom_changed)
        editor.read_only_changed.connect(self._enable)
        editor.undoAvailable.connect(self._enable)
        editor.redoAvailable.connect(self._enable)
        theme.changed.connect(self.update)
        self._zoom_changed(editor.zoom_percent)
        self._enable()

    # slots

    def _caret_moved(self, _line: int, kind: str, _page: int, _scene: int) -> None:
        shown = ElementType(kind)
        while self.element.count() > len(NAMES):
            self.element.removeItem(self.element.count() - 1)
        at = self.element.findData(ElementType.ACTION if shown is ElementType.BLANK else shown)
        if at < 0:
            # What the combo cannot make it can still name.
            at = self.element.count()
            self.element.addItem(SHOWN_NAMES[shown], None)
        self.element.setCurrentIndex(at)

    def _page_changed(self, page: int, pages: int) -> None:
        self.page.set_text(f"Page {page} of {pages}")

    def _zoom_changed(self, percent: int) -> None:
        for at in range(self.zoom.count() - 1, -1, -1):
            if self.zoom.itemData(at) not in (*ZOOMS, 0):
                self.zoom.removeItem(at)
        at = self.zoom.findData(percent)
        if at < 0:
            at = sum(zoom < percent for zoom in ZOOMS)
            self.zoom.insertItem(at, f"{percent} %", percent)
        self.zoom.setCurrentIndex(at)

    def _element_chosen(self) -> None:
        kind = self.element.currentData()
        if isinstance(kind, str) and kind in NAMES and not self._editor.set_element(ElementType(kind)):
            place = self._editor.current_place()
            self._caret_moved(place.line, place.kind, place.page, -1)
        self._editor.setFocus()

    def _zoom_chosen(self) -> None:
        percent = self.zoom.currentData()
        if percent:
            self._editor.set_zoom(int(percent))
        else:
            self._editor.zoom_fit()
        self._zoom_changed(self._editor.zoom_percent)
        self._editor.setFocus()

    def _enable(self) -> None:
        document = self._editor.script_document
        can = not self._editor.isReadOnly()
        self.element.setEnabled(can)
        self.undo.setEnabled(can and document.isUndoAvailable())
        self.redo.setEnabled(can and document.isRedoAvailable())

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("surface0"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.colour("line"))

    # internals

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 1)
        layout.setSpacing(8)
        left = QWidget(self)
        row = QHBoxLayout(left)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.element)
        row.addSpacing(8)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        row.addStretch(1)
        right = QWidget(self)
        row = QHBoxLayout(right)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addStretch(1)
        row.addWidget(self._eye)
        row.addWidget(self._marks)
        row.addSpacing(2)
        row.addWidget(self.zoom)
        for side in (left, right):
            side.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout.addWidget(left, 1)
        layout.addWidget(self.page)
        layout.addWidget(right, 1)
