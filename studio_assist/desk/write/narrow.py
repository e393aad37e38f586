"""In a small window the page gets smaller, so that no word of it is cut."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject

from studio_assist.desk.write.editor import ScriptEditor
from studio_assist.desk.write.sheet import DESIGN_ZOOM

#: What has to be in sight of a page that is 765 px wide at the design's zoom: scene numbers and what is
#: between them, px.
_WORDS_PX: Final = 668
#: Room for the scroll bar, px.
_BAR_PX: Final = 14
#: Smaller letters than these are worse than a page that has to be scrolled, percent.
_LEAST: Final = 70


class NarrowPage(QObject):
    """Keeps the words of a page in sight while the person has chosen no zoom of their own.

    A zoom that the person chooses stays as it is, however narrow the window becomes; back at the design's
    zoom the page fits itself again.
    """

    def __init__(self, editor: ScriptEditor) -> None:
        super().__init__(editor)
        self._editor: Final = editor
        self._own = False
        self._at = DESIGN_ZOOM
        editor.installEventFilter(self)
        editor.zoom_changed.connect(self._zoomed)

    # slots

    def _zoomed(self, percent: int) -> None:
        if not self._own:
            self._at = percent

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._editor and event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    # internals

    def _fit(self) -> None:
        if self._own or self._at != DESIGN_ZOOM:
            return
        room = self._editor.width() - _BAR_PX
        wanted = DESIGN_ZOOM if room >= _WORDS_PX else max(_LEAST, int(room / _WORDS_PX * DESIGN_ZOOM))
        self._own = True
        self._editor.set_zoom(wanted)
        self._own = False
        bar = self._editor.horizontalScrollBar()
        # The words stand in the middle of the page; what is cut are its margins.
        bar.setValue((bar.minimum() + bar.maximum()) // 2)
