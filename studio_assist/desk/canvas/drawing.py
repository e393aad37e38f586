"""A drawing that is open, with all that works for it; closed as a whole."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject

from studio_assist.desk.canvas.area import DrawArea
from studio_assist.desk.canvas.document import CanvasDocument
from studio_assist.desk.canvas.job import CanvasJob, Save
from studio_assist.desk.canvas.loading import Opened
from studio_assist.desk.canvas.measuring import Measurer
from studio_assist.desk.canvas.onion import Onion
from studio_assist.desk.canvas.saver import CanvasSaver
from studio_assist.desk.theme import Theme


class Drawing(QObject):
    """The document, the area that shows it, and what saves it, measures it and reads its neighbours."""

    def __init__(self, theme: Theme, job: CanvasJob, found: Opened, save: Save, parent: QObject) -> None:
        super().__init__(parent)
        document = CanvasDocument(found.size, self)
        document.person = job.person.name
        document.temp = found.temp
        document.previs = job.previs
        document.fill(found.faces, found.tiles, found.kept)
        document.read_only = job.read_only or (found.problem.message if found.problem else "")
        self.document: Final = document
        self.area: Final = DrawArea(theme, document, found.flat)
        selection = self.area.selection
        self.saver: Final = CanvasSaver(job, save, document.sheets, lambda: not selection.holding, self)
        self.measurer: Final = Measurer(document.sheets, theme.colour("paper"), self)
        self.onion: Final = Onion(job, found.size, self)
        document.touched.connect(self.saver.touch)
        document.touched.connect(self.measurer.touch)
        document.layers_changed.connect(self.measurer.touch)
        self.onion.ready.connect(self.area.set_onion)

    # methods

    def close(self) -> None:
        """Nothing more comes of it."""
        self.saver.stop()
        self.measurer.stop()
        self.area.hide()
        self.area.deleteLater()
        self.deleteLater()
