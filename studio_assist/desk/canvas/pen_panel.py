"""How the pen draws: size, opacity, smoothing, tip and colour; and what can be done with a selection."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.canvas.controls import SliderRow, SwatchButton, TipButton
from studio_assist.desk.canvas.document import NOTE_PENCIL
from studio_assist.desk.canvas.hand import Tool
from studio_assist.desk.canvas.stroke import SIZES, Nib
from studio_assist.desk.kit import Button, Chip, Label, Panel
from studio_assist.desk.theme import Theme


@dataclass(frozen=True, slots=True)
class Tip:
    """A tip: how wide it is at first, and how it answers to the hand."""

    name: str
    size_px: float
    dot_px: float
    hardness: float
    least: float


TIPS: Final = (
    Tip("Hairline, 2 px, one width", 2, 2, 1.0, 1.0),
    Tip("Fine pen, 4 px", 4, 4, 1.0, 0.5),
    Tip("Pen, 6 px", 6, 6, 1.0, 0.25),
    Tip("Brush, 14 px", 14, 10, 0.95, 0.05),
    Tip("Marker, 32 px, one width", 32, 16, 0.9, 1.0),
    Tip("Soft tone, 80 px", 80, 22, 0.15, 0.4),
)
#: Board paper, greys, ink, and the note pencil.
SWATCHES: Final = (
    ("Ink", "#15181C"),
    ("Dark grey", "#3B4047"),
    ("Grey", "#666C75"),
    ("Middle grey", "#979DA6"),
    ("Light grey", "#BDC1C7"),
    ("Paper white", "#FCFBF8"),
    ("Note pencil, draws on the Notes layer", NOTE_PENCIL),
)
_TITLES: Final[dict[Tool, str]] = {
    "pen": "Pen",
    "eraser": "Eraser",
    "move": "Move",
    "select": "Select",
    "pick": "Colour picker",
}


class PenPanel(Panel):
    """The controls of the tool in the hand.

    Signals:
        nib_changed: the `Nib` that a person set up.
        rubber_changed: how wide the eraser is.
        colour_chosen: "#RRGGBB" of a swatch.
        lasso: whether a selection is drawn freely.
        acted: "copy", "paste", "delete", "all" or "none": what is to be done with the selection.
    """

    nib_changed = Signal(object)
    rubber_changed = Signal(float)
    colour_chosen = Signal(str)
    lasso = Signal(bool)
    acted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface1")
        self.setAccessibleName("Pen")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._nib = Nib()
        self._rubber = 24.0
        self._tool: Tool = "pen"
        self._notes = False
        self._title: Final = Label(theme, "Pen", "strong", "text")
        self._pressure: Final = Label(theme, "Pressure: size", "caption", "text3")
        self._size: Final = SliderRow(theme, "Size", "px", SIZES[0], SIZES[1], bent=True)
        self._opacity: Final = SliderRow(theme, "Opacity", "%", 1, 100)
        self._smoothing: Final = SliderRow(theme, "Smoothing", "%", 0, 95)
        self._size.moved.connect(self.set_size)
        self._opacity.moved.connect(lambda value: self._set(replace(self._nib, opacity=value / 100)))
        self._smoothing.moved.connect(lambda value: self._set(replace(self._nib, smoothing=value / 100)))
        self._tips: Final = [TipButton(theme, tip.name, tip.dot_px, soft=tip.hardness < 0.5) for tip in TIPS]
        self._swatches: Final = [SwatchButton(theme, name, colour) for name, colour in SWATCHES]
        self._build(theme)
        self._show()

    # properties

    @property
    def nib(self) -> Nib:
        return self._nib

    # methods

    def show_tool(self, tool: Tool) -> None:
        """Show the controls of a tool."""
        self._tool = tool
        self._title.set_text(_TITLES[tool])
        drawing = tool in ("pen", "eraser")
        for one in (self._size, self._opacity, self._smoothing, self._pressure):
            one.setVisible(drawing)
        self._tip_row.setVisible(tool == "pen")
        self._select.setVisible(tool in ("select", "move"))
        self._pick.setVisible(tool == "pick")
        self._show()

    def set_size(self, size: float) -> None:
        """Another size for the tool in the hand, between 1 and 200 px."""
        size = min(float(SIZES[1]), max(float(SIZES[0]), size))
        if self._tool == "eraser":
            self._rubber = size
            self._show()
            self.rubber_changed.emit(size)
        else:
            self._set(replace(self._nib, size_px=size))

    def step_size(self, step: int) -> None:
        """A step smaller or larger, as [ and ] make it."""
        size = self._rubber if self._tool == "eraser" else self._nib.size_px
        by = 1 if size < 10 or (size == 10 and step < 0) else 2 if size < 20 else 5 if size < 50 else 10
        self.set_size(round(size) + step * by)

    def set_colour(self, colour: str) -> None:
        """Draw with another colour."""
        self._set(replace(self._nib, colour=colour))

    def show_notes(self, on: bool) -> None:
        """On a notes layer the note pencil draws, whatever the pen's colour is."""
        self._notes = on
        self._show()

    # internals

    def _set(self, nib: Nib) -> None:
        self._nib = nib
        self._show()
        self.nib_changed.emit(nib)

    def _take_tip(self, tip: Tip) -> None:
        self._set(replace(self._nib, size_px=tip.size_px, hardness=tip.hardness, least=tip.least))

    def _show(self) -> None:
        nib = self._nib
        self._size.set(self._rubber if self._tool == "eraser" else nib.size_px)
        self._opacity.set(nib.opacity * 100)
        self._smoothing.set(nib.smoothing * 100)
        self._pressure.set_text("Pressure: size" if nib.least < 1 else "One width")
        for tip, button in zip(TIPS, self._tips, strict=True):
            button.setChecked((tip.hardness, tip.least) == (nib.hardness, nib.least))
        for swatch in self._swatches:
            colour = NOTE_PENCIL if self._notes else nib.colour
            swatch.setChecked(swatch.colour.upper() == colour.upper())

    def _build(self, theme: Theme) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._pressure)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addSpacing(1)
        for row in (self._size, self._opacity, self._smoothing):
            column.addWidget(row)
        self._tip_row = QWidget()
        tips = QHBoxLayout(self._tip_row)
        tips.setContentsMargins(0, 7, 0, 0)
        tips.setSpacing(8)
        for tip, button in zip(TIPS, self._tips, strict=True):
            button.clicked.connect(lambda _checked=False, one=tip: self._take_tip(one))
            tips.addWidget(button)
        tips.addStretch(1)
        column.addWidget(self._tip_row)
        self._select = self._selecting(theme)
        column.addWidget(self._select)
        self._pick = Label(
            theme, "Press on the page to pick up the colour there.", "caption", "text3", wrap=True
        )
        column.addWidget(self._pick)
        column.addSpacing(8)
        column.addWidget(Label(theme, "Colour", "strong", "text"))
        column.addSpacing(1)
        row = QHBoxLayout()
        row.setSpacing(5)
        for swatch in self._swatches:
            swatch.clicked.connect(lambda _checked=False, one=swatch.colour: self.colour_chosen.emit(one))
            row.addWidget(swatch)
        column.addLayout(row)
        self._select.hide()
        self._pick.hide()

    def _selecting(self, theme: Theme) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        shapes = QHBoxLayout()
        rectangle, lasso = Chip(theme, "Rectangle"), Chip(theme, "Lasso")
        rectangle.setToolTip("Rectangle (M)")
        lasso.setToolTip("Lasso (M again, or Alt while dragging)")
        rectangle.setChecked(True)
        rectangle.setAutoExclusive(True)
        lasso.setAutoExclusive(True)
        self.lasso_chip = lasso
        self._rectangle_chip = rectangle
        lasso.toggled.connect(self.lasso.emit)
        for chip in (rectangle, lasso):
            shapes.addWidget(chip)
        shapes.addStretch(1)
        acts = QHBoxLayout()
        acts.setSpacing(6)
        for act, word, keys in (
            ("copy", "Copy", "Ctrl+C"),
            ("paste", "Paste", "Ctrl+V"),
            ("delete", "Delete", "Del"),
            ("none", "Deselect", "Ctrl+Shift+A"),
        ):
            button = Button(theme, word, height_px=26, role="caption")
            button.setObjectName(f"selection_{act}")
            button.setToolTip(f"{word} ({keys})")
            button.clicked.connect(lambda _checked=False, one=act: self.acted.emit(one))
            acts.addWidget(button)
        acts.addStretch(1)
        column.addLayout(shapes)
        column.addLayout(acts)
        return box

    def turn_lasso(self) -> None:
        """The other of rectangle and lasso."""
        (self._rectangle_chip if self.lasso_chip.isChecked() else self.lasso_chip).setChecked(True)
