"""The right side of the canvas: meter, layers, pen and colour, and where the underlay came from."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from studio_assist.desk.canvas.document import CanvasDocument
from studio_assist.desk.canvas.job import CanvasJob
from studio_assist.desk.canvas.layers_panel import LayersPanel
from studio_assist.desk.canvas.meter_card import MeterCard
from studio_assist.desk.canvas.pen_panel import PenPanel
from studio_assist.desk.kit import ElidedLabel, IconLabel, Panel
from studio_assist.desk.theme import Theme

WIDTH_PX: Final = 292


class SidePanel(Panel):
    """Meter, layers and pen, one below the other."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface1", "l")
        self.setFixedWidth(WIDTH_PX)
        self.setAccessibleName("Meter, layers and pen")
        self.meter: Final = MeterCard(theme)
        self.layers: Final = LayersPanel(theme)
        self.pen: Final = PenPanel(theme)
        self._made_by: Final = ElidedLabel(theme, "", "meta", "text3")
        self._foot: Final = Panel(theme, "surface1", "t")
        self._foot.setFixedHeight(34)
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel(theme, "chip", "text3", 14))
        row.addWidget(self._made_by, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.meter)
        column.addWidget(self.layers)
        column.addWidget(self.pen)
        column.addStretch(1)
        column.addWidget(self._foot)

    # methods

    def show_job(self, job: CanvasJob) -> None:
        """Say where the underlay came from."""
        self._made_by.set_text(job.made_by)
        self._foot.setVisible(bool(job.made_by))

    def show_document(self, document: CanvasDocument) -> None:
        """Show another drawing's layers."""
        self.layers.show_document(document)
        self.pen.setEnabled(not document.read_only)
