"""The mouse resting on temp text, which asks for its provenance."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QPointF, QTimer, Signal

from studio_assist.desk.write.layout import ScriptLayout

#: How long the mouse rests on temp text before its provenance is shown.
_REST_MS: Final = 350
#: Width of the TEMP tag beside the bar, in px of the design.
_TAG_PX: Final = 36


class SpanHover(QObject):
    """Says which temp span the mouse rests on."""

    rested = Signal(str)
    left = Signal()

    def __init__(self, sheets: ScriptLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._sheets = sheets
        self._over: str | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self._rested)

    # methods

    def move(self, point: QPointF) -> None:
        """The mouse is at a point of the document."""
        if not self._sheets.script_document.has_spans:
            return
        sheet = self._sheets.sheet
        x = point.x() - self._sheets.page_left
        over = sheet.bar_left - _TAG_PX * sheet.scale <= x <= sheet.ground_right
        self._set(self._sheets.span_at(point) if over else None)

    def leave(self) -> None:
        """The mouse is gone."""
        self._set(None)

    # slots

    def _rested(self) -> None:
        if self._over is not None:
            self.rested.emit(self._over)

    # internals

    def _set(self, span_id: str | None) -> None:
        if span_id == self._over:
            return
        if self._over is not None:
            self.left.emit()
        self._over = span_id
        if span_id is None:
            self._timer.stop()
        else:
            self._timer.start()
