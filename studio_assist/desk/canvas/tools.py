"""What goes from tools, pen, colours and keys to the drawing that is open."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QWidget

from studio_assist.desk.canvas.document import NOTE_PENCIL
from studio_assist.desk.canvas.drawing import Drawing
from studio_assist.desk.canvas.hand import is_tool
from studio_assist.desk.canvas.rail import ToolRail
from studio_assist.desk.canvas.selection import Piece
from studio_assist.desk.canvas.sheets import ColourPopover
from studio_assist.desk.canvas.side import SidePanel
from studio_assist.desk.canvas.toolbar import CanvasBar
from studio_assist.desk.theme import Theme


class Tools(QObject):
    """The tools of the canvas, whichever drawing is open. What was copied outlives it.

    Signals:
        step: to the shot so many further on.
        replace: the panel is to be marked as replaced.
        back: nothing is under way any more, and the person goes back.
    """

    step = Signal(int)
    replace = Signal()
    back = Signal()

    def __init__(
        self, theme: Theme, rail: ToolRail, bar: CanvasBar, side: SidePanel, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._rail: Final = rail
        self._bar: Final = bar
        self._side: Final = side
        self._view: Final = parent
        self._drawing: Drawing | None = None
        self._piece: Piece | None = None
        # Until somebody wants it, the page shows this panel alone.
        self._onion_on = False
        rail.chosen.connect(self.choose_tool)
        rail.onion.connect(self._turn_onion)
        rail.colour_wanted.connect(self._show_colours)
        rail.undo.connect(lambda: self.do("undo"))
        rail.redo.connect(lambda: self.do("redo"))
        bar.zoom_wanted.connect(self._zoom)
        bar.onion_changed.connect(self._choose_onion)
        side.pen.nib_changed.connect(self._nib_changed)
        side.pen.rubber_changed.connect(self._rubber_changed)
        side.pen.colour_chosen.connect(self.choose_colour)
        side.pen.lasso.connect(self._lasso)
        side.pen.acted.connect(self._select)

    # methods

    def take(self, drawing: Drawing | None) -> None:
        """Work on another drawing; the pen, its colour and the onion skin stay as they were."""
        before, self._drawing = self._drawing, drawing
        if drawing is None:
            return
        area, document = drawing.area, drawing.document
        area.hand.nib = self._side.pen.nib
        area.hand.picked.connect(self.choose_colour)
        area.zoomed.connect(self._bar.show_zoom)
        document.history.changed.connect(self._show_steps)
        document.layers_changed.connect(self._show_colour)
        self._bar.show_zoom(area.zoom_percent)
        self._rail.set_read_only(document.read_only)
        self.choose_tool("pen")
        self._show_steps()
        self._show_colour()
        if before is not None:
            was = before.onion
            self._set_onion(was.back, was.ahead, was.opacity)
        else:
            self._turn_onion(self._onion_on)

    def choose_tool(self, tool: str) -> None:
        """Take a tool into the hand. To take the selection twice turns rectangle into lasso."""
        if self._drawing is None or not is_tool(tool):
            return
        area = self._drawing.area
        if tool == "select" and area.hand.tool == "select":
            self._side.pen.turn_lasso()
        area.set_tool(tool)
        self._rail.show_tool(tool)
        self._side.pen.show_tool(tool)

    def choose_colour(self, colour: str) -> None:
        """Draw in a colour. The note pencil is for notes alone, and notes are for it alone."""
        if self._drawing is None:
            return
        document = self._drawing.document
        active = document.active
        if colour.upper() == NOTE_PENCIL:
            if not document.choose_kind("notes"):
                document.add_layer("notes")
            return
        if active is not None and active.kind == "notes":
            document.choose_kind("ink")
        self._side.pen.set_colour(colour)

    def do(self, act: str) -> None:
        """Do what a key asks for; see `keys`."""
        drawing = self._drawing
        kind, _, what = act.partition(":")
        if kind == "back" and drawing is None:
            self.back.emit()
        if drawing is None:
            return
        area, document = drawing.area, drawing.document
        if kind == "tool":
            if not document.read_only:
                self.choose_tool(what)
        elif kind == "select":
            self._select(what)
        elif kind == "go":
            self.step.emit(int(what))
        elif kind == "zoom":
            now = area.zoom_percent
            self._zoom({"fit": 0.0, "full": 100.0, "in": now * 1.25, "out": now / 1.25}[what])
        elif kind in ("undo", "redo"):
            # What is under way is taken back first.
            if not area.hand.cancel():
                (document.undo if kind == "undo" else document.redo)()
        elif kind in ("smaller", "larger"):
            self._side.pen.step_size(-1 if kind == "smaller" else 1)
        elif kind == "onion":
            self._turn_onion(not self._onion_on)
        elif kind == "replace":
            self.replace.emit()
        elif kind == "hand":
            area.hold_space(True)
        elif not area.hand.cancel():
            # Esc: what is under way first, then what is chosen, then the canvas.
            if area.selection.path is not None:
                area.selection.clear()
            else:
                self.back.emit()

    # slots

    def _show_steps(self) -> None:
        if self._drawing is not None:
            document = self._drawing.document
            free, history = not document.read_only, document.history
            self._rail.set_steps(undo=free and bool(history.done), redo=free and bool(history.undone))

    def _show_colour(self) -> None:
        if self._drawing is None:
            return
        active = self._drawing.document.active
        notes = active is not None and active.kind == "notes"
        self._side.pen.show_notes(notes)
        self._rail.disc.set_colour(NOTE_PENCIL if notes else self._side.pen.nib.colour)

    def _nib_changed(self) -> None:
        if self._drawing is not None:
            self._drawing.area.hand.nib = self._side.pen.nib
            self._drawing.area.update()
        self._show_colour()

    def _rubber_changed(self, size: float) -> None:
        if self._drawing is not None:
            self._drawing.area.hand.rubber_px = size
            self._drawing.area.update()

    def _lasso(self, on: bool) -> None:
        if self._drawing is not None:
            self._drawing.area.hand.lasso = on

    def _show_colours(self) -> None:
        window, disc = self._view.window(), self._rail.disc
        popover = ColourPopover(self._theme, window, self._side.pen.nib.colour)
        popover.chosen.connect(self.choose_colour)
        anchor = QRect(disc.mapTo(window, QPoint(46, -30)), disc.size())
        popover.drop(anchor)
        popover.show_at(anchor)
        popover.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _zoom(self, percent: float) -> None:
        """Zoom in percent; 0 shows the whole page."""
        if self._drawing is None:
            return
        if percent:
            self._drawing.area.set_zoom(percent)
        else:
            self._drawing.area.fit()

    def _turn_onion(self, on: bool) -> None:
        self._onion_on = on
        if self._drawing is not None:
            onion = self._drawing.onion
            self._set_onion(onion.back, onion.ahead, onion.opacity)

    def _choose_onion(self, back: int, ahead: int, opacity: float) -> None:
        """Whoever says how many are to shine through wants to see them."""
        self._onion_on = True
        self._set_onion(back, ahead, opacity)

    def _set_onion(self, back: int, ahead: int, opacity: float) -> None:
        self._rail.show_onion(self._onion_on)
        self._bar.show_onion(self._onion_on)
        if self._drawing is not None:
            self._drawing.onion.show(on=self._onion_on, back=back, ahead=ahead, opacity=opacity)

    def _select(self, act: str) -> None:
        """Something was asked of the selection."""
        if self._drawing is None:
            return
        area = self._drawing.area
        area.hand.finish()
        selection = area.selection
        if act in ("copy", "cut"):
            self._piece = selection.copy() or self._piece
        if act in ("cut", "delete"):
            selection.delete()
        elif act == "paste" and self._piece is not None and selection.paste(self._piece):
            self.choose_tool("move")
        elif act == "all":
            selection.choose_all()
        elif act == "none":
            selection.clear()
