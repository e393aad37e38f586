"""A screen that is all frame: the viewer moves there, and back."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_assist.desk.animatic.viewer import AnimaticViewer


class FullScreen(QWidget):
    """A window of its own; its keys are the page's.

    Signals:
        closed: the system's own way to close a window was taken.
    """

    closed = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self._page: Final = page
        self._viewer: AnimaticViewer | None = None
        self.setObjectName("animatic_full_screen_window")
        self.setWindowTitle("Animatic")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._column: Final = column

    # properties

    @property
    def is_on(self) -> bool:
        """Whether the viewer is here."""
        return self._viewer is not None

    # methods

    def take(self, viewer: AnimaticViewer) -> None:
        """Show the viewer on the screen on which the page is."""
        self._viewer = viewer
        viewer.set_margin(False)
        self._column.addWidget(viewer)
        self.setScreen(self._page.screen())
        self.setGeometry(self._page.screen().geometry())
        self.showFullScreen()
        self.activateWindow()
        viewer.setFocus(Qt.FocusReason.OtherFocusReason)

    def give(self) -> AnimaticViewer | None:
        """The viewer, to be put back; None where it is not here."""
        viewer, self._viewer = self._viewer, None
        if viewer is not None:
            self._column.removeWidget(viewer)
            viewer.set_margin(True)
            viewer.setParent(self._page)
        self.hide()
        return viewer

    # events

    def event(self, event: QEvent) -> bool:
        # What the viewer leaves alone comes here, and would end at this window.
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._page.event(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._page.keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._page.keyReleaseEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        super().closeEvent(event)
