"""The middle of the Write desk: tool bar, find bar, what stands in the way, and the script."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import IconLabel, Label, TempTag
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.document import ScriptDocument
from studio_assist.desk.write.editor import ScriptEditor
from studio_assist.desk.write.find_bar import FindBar
from studio_assist.desk.write.toolbar import EditorToolbar


class EditorPane(QWidget):
    """The script editor with its bars."""

    def __init__(
        self, theme: Theme, document: ScriptDocument | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("editor_pane")
        self.editor = ScriptEditor(theme, document, self)
        self.toolbar = EditorToolbar(theme, self.editor, self)
        self.find_bar = FindBar(theme, self.editor, self)
        self._lost = _Strip(theme, TempTag(theme, solid=False), self)
        self._lost.setObjectName("lost_spans")
        self._reason = _Strip(theme, IconLabel(theme, "lock", "text2", 14), self)
        self._reason.setObjectName("read_only_reason")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.toolbar, self.find_bar, self._reason, self._lost):
            layout.addWidget(widget)
        layout.addWidget(self.editor, 1)
        self.setFocusProxy(self.editor)
        self.editor.read_only_changed.connect(self._reason.set_text)
        self.editor.lost_spans_changed.connect(self._lost_changed)

    # methods

    # QWidget's own `find` looks a window up by its system id, which nothing here does.
    def find(self) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Open the find bar."""
        self.find_bar.open_find()

    def replace(self) -> None:
        """Open the find bar with its replace row."""
        self.find_bar.open_replace()

    def find_next(self) -> None:
        self.find_bar.find_next()

    def find_previous(self) -> None:
        self.find_bar.find_previous()

    # slots

    def _lost_changed(self) -> None:
        lost = self.editor.lost_spans
        if not lost:
            self._lost.set_text("")
            return
        count = len(lost)
        head = (
            "A temp passage has lost its place"
            if count == 1
            else f"{count} temp passages have lost their place"
        )
        self._lost.set_text(f"{head}: {'; '.join(lost.values())}")

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        # Seen behind the scroll bar, which is see-through.
        QPainter(self).fillRect(self.rect(), self._theme.colour("win"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_F:
            self.find()
        elif control and event.key() == Qt.Key.Key_H:
            self.replace()
        elif event.key() == Qt.Key.Key_F3:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.find_previous()
            else:
                self.find_next()
        elif event.key() == Qt.Key.Key_Escape and self.find_bar.isVisible():
            self.find_bar.shut()
        else:
            super().keyPressEvent(event)


class _Strip(QWidget):
    """One line of plain words over the script; hidden while it has nothing to say."""

    def __init__(self, theme: Theme, mark: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._label = Label(theme, "", "caption", "text2", parent=self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 7)
        layout.setSpacing(8)
        layout.addWidget(mark)
        layout.addWidget(self._label, 1)
        theme.changed.connect(self.update)
        self.hide()

    # methods

    def set_text(self, text: str) -> None:
        """Say this; hide if it is empty."""
        self._label.set_text(text)
        self.setVisible(bool(text))

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("surface1"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.colour("line"))
