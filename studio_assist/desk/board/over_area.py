"""A scroll area whose bar lies over its margin, so that what is in it keeps its width."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar, QWidget

#: The bar's width, px; less than the margin that it lies over.
_BAR_PX: Final = 11


class OverArea(QScrollArea):
    """Scrolls up and down. The bar is there while there is anything to scroll to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self._over: Final = QScrollBar(Qt.Orientation.Vertical, self)
        self._over.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._over.hide()
        inner = self.verticalScrollBar()
        inner.rangeChanged.connect(self._range)
        inner.valueChanged.connect(self._over.setValue)
        self._over.valueChanged.connect(inner.setValue)

    # slots

    def _range(self, least: int, most: int) -> None:
        inner = self.verticalScrollBar()
        self._over.setRange(least, most)
        self._over.setPageStep(inner.pageStep())
        self._over.setSingleStep(inner.singleStep())
        self._over.setValue(inner.value())
        self._over.setVisible(most > least)
        self._over.raise_()

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._over.setGeometry(self.width() - _BAR_PX, 0, _BAR_PX, self.height())
