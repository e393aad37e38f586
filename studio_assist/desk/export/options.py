"""What can be chosen for a format: scenes, the page of a book, what stands under a panel, a film's frame."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Final, get_args

from pydantic import ValidationError
from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.export.formats import SCRIPTS
from studio_assist.desk.export.parts import PagePreview
from studio_assist.desk.kit import CheckBox, Combo, Label
from studio_assist.desk.theme import Theme
from studio_assist.domain.export_formats import FILMS, SEQUENCES, BoardField
from studio_assist.protocol import ExportOptions

_KEY: Final = "export/options"
_PANELS: Final = (1, 2, 3, 4, 6, 9)
_PAPERS: Final = (("a4", "A4"), ("letter", "Letter"))
_WAYS: Final = ((True, "Landscape"), (False, "Portrait"))
_HEIGHTS: Final = (360, 540, 720, 1080, 2160)
_EACH: Final = ((False, "One a shot"), (True, "Every frame"))
_FIELDS: Final[dict[BoardField, str]] = {
    "number": "Number",
    "camera": "Size, lens, movement",
    "action": "Action",
    "dialogue": "Dialogue",
    "notes": "Notes",
    "duration": "Duration",
    "made-by": "Who made it",
}
_COMBO_PX: Final = 30


def remembered(layout: QSettings | None) -> ExportOptions:
    """The options that were chosen last; scenes are of one project and are not kept."""
    kept = layout.value(_KEY) if layout is not None else None
    if not isinstance(kept, str):
        return ExportOptions()
    try:
        return ExportOptions.model_validate_json(kept).model_copy(update={"scenes": ()})
    except ValidationError:
        # Of another version, or spoiled: begin anew.
        return ExportOptions()


def remember(layout: QSettings | None, options: ExportOptions) -> None:
    """Keep them for the next time."""
    if layout is not None:
        plain = options.model_copy(update={"scenes": ()}).model_dump(mode="json")
        layout.setValue(_KEY, json.dumps(plain))


class OptionsPane(QWidget):
    """The options of the format that is chosen; the others are not shown.

    Signals:
        changed: another option was chosen.

    Args:
        scenes: number and heading of each, in the script's order.
        aspect: width to height of the frame, for the page's preview.
    """

    changed = Signal()

    def __init__(
        self, theme: Theme, scenes: Sequence[tuple[str, str]], options: ExportOptions, aspect: float
    ) -> None:
        super().__init__()
        self._theme: Final = theme
        self._numbers: Final = tuple(dict.fromkeys(number for number, _ in scenes))
        self._before: Final = options
        headings: dict[str, str] = {}
        for number, heading in scenes:
            headings.setdefault(number, heading)
        self._scenes: Final = self._scene_rows(headings)
        self._page: Final = self._page_rows(options, aspect)
        self._film: Final = self._film_rows(options)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._absolute: Final = self._tick(
            "Full paths of pictures and sounds, for this machine", "absolute", on=options.absolute_paths
        )
        for part in (self._scenes, self._page, self._film, self._absolute):
            column.addWidget(part)
        self._preview.show_options(self.options)

    # properties

    @property
    def options(self) -> ExportOptions:
        """What is chosen."""
        return self._before.model_copy(
            update={
                "scenes": self.scenes,
                "panels": _PANELS[self._panels.currentIndex()],
                "paper": _PAPERS[self._paper.currentIndex()][0],
                "landscape": _WAYS[self._way.currentIndex()][0],
                "fields": tuple(name for name, tick in self._fields.items() if tick.isChecked()),
                "empty": self._empty.isChecked(),
                "every_frame": _EACH[self._each.currentIndex()][0],
                "height": _HEIGHTS[self._height.currentIndex()],
                "captions": self._captions.isChecked(),
                "slate": self._slate.isChecked(),
                "absolute_paths": self._absolute.isChecked(),
            }
        )

    @property
    def scenes(self) -> tuple[str, ...]:
        """Numbers of the scenes that go out; none named: all."""
        first, last = self._from.currentIndex(), self._to.currentIndex()
        if not self._numbers or (first == 0 and last == len(self._numbers) - 1):
            return ()
        return self._numbers[first : last + 1]

    # methods

    def choose_scenes(self, numbers: Collection[str]) -> None:
        """Begin with these scenes, from the first of them to the last."""
        places = [at for at, number in enumerate(self._numbers) if number in numbers]
        if places:
            self._from.setCurrentIndex(min(places))
            self._to.setCurrentIndex(max(places))

    def show_format(self, format: str) -> None:
        """Show what can be chosen for a format."""
        self._scenes.setVisible(format not in SCRIPTS and len(self._numbers) > 1)
        self._page.setVisible(format == "boards-pdf")
        self._film.setVisible(format in FILMS)
        self._pictures.setVisible(format in SEQUENCES)
        # By itself a layout within a layout hears of it later than the sheet asks how high this is.
        self._left.invalidate()
        self._film.updateGeometry()
        # Both XMLs have full paths always; an edit list has none.
        self._absolute.setVisible(format == "otio")
        self.setVisible(format not in SCRIPTS)

    # slots

    def _ranged(self, which: Combo, other: Combo, *, is_first: bool) -> None:
        """The first scene is never after the last: the other one comes along."""
        backwards = (
            which.currentIndex() > other.currentIndex()
            if is_first
            else which.currentIndex() < other.currentIndex()
        )
        if backwards:
            other.setCurrentIndex(which.currentIndex())
        self.changed.emit()

    def _redraw(self) -> None:
        self._preview.show_options(self.options)
        self.changed.emit()

    # internals

    def _scene_rows(self, headings: dict[str, str]) -> QWidget:
        theme, whole = self._theme, QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self._from, self._to = (
            Combo(theme, name, height_px=_COMBO_PX, width_px=210) for name in ("From scene", "To scene")
        )
        for combo, name, title in ((self._from, "from", "From scene"), (self._to, "to", "To scene")):
            combo.setObjectName(f"export_{name}")
            combo.addItems([f"{number}  {heading}".strip() for number, heading in headings.items()])
            row.addLayout(_under(theme, title, combo))
        row.addStretch(1)
        self._to.setCurrentIndex(self._to.count() - 1)
        self._from.currentIndexChanged.connect(lambda _at: self._ranged(self._from, self._to, is_first=True))
        self._to.currentIndexChanged.connect(lambda _at: self._ranged(self._to, self._from, is_first=False))
        return whole

    def _page_rows(self, options: ExportOptions, aspect: float) -> QWidget:
        theme, whole = self._theme, QWidget()
        self._preview = PagePreview(theme, aspect)
        self._panels = self._combo("Panels a page", "panels", [str(one) for one in _PANELS])
        self._panels.setCurrentIndex(_PANELS.index(options.panels))
        self._paper = self._combo("Paper", "paper", [name for _, name in _PAPERS])
        self._paper.setCurrentIndex([one for one, _ in _PAPERS].index(options.paper))
        self._way = self._combo("Orientation", "way", [name for _, name in _WAYS])
        self._way.setCurrentIndex([one for one, _ in _WAYS].index(options.landscape))
        combos = QHBoxLayout()
        combos.setSpacing(8)
        for combo in (self._panels, self._paper, self._way):
            combo.currentIndexChanged.connect(lambda _at: self._redraw())
            combos.addLayout(_under(theme, combo.accessibleName(), combo))
        combos.addStretch(1)
        self._fields: dict[BoardField, CheckBox] = {}
        ticks = QGridLayout()
        ticks.setContentsMargins(0, 0, 0, 0)
        ticks.setHorizontalSpacing(10)
        ticks.setVerticalSpacing(0)
        for place, name in enumerate(get_args(BoardField)):
            tick = self._tick(_FIELDS[name], f"field_{name}", on=name in options.fields)
            self._fields[name] = tick
            ticks.addWidget(tick, place // 2, place % 2)
        self._empty = self._tick("Panels without a picture, as blanks", "empty", on=options.empty)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addLayout(combos)
        right.addLayout(ticks)
        right.addWidget(self._empty)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        column = QVBoxLayout()
        column.addWidget(self._preview)
        column.addStretch(1)
        row.addLayout(column)
        row.addLayout(right, 1)
        return whole

    def _film_rows(self, options: ExportOptions) -> QWidget:
        theme, whole = self._theme, QWidget()
        self._height = self._combo("Height", "height", [f"{one} px" for one in _HEIGHTS])
        self._height.setCurrentIndex(_HEIGHTS.index(options.height))
        self._height.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self._captions = self._tick("Dialogue as captions", "captions", on=options.captions)
        self._slate = self._tick("Slate also on frames without temp material", "slate", on=options.slate)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self._each = self._combo("Pictures", "every_frame", [name for _, name in _EACH])
        self._each.setCurrentIndex([one for one, _ in _EACH].index(options.every_frame))
        self._each.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self._pictures = QWidget()
        pictures = _under(theme, "Pictures", self._each)
        pictures.setContentsMargins(0, 0, 0, 0)
        self._pictures.setLayout(pictures)
        left = self._left = QVBoxLayout()
        left.setSpacing(10)
        left.addLayout(_under(theme, "Height", self._height))
        left.addWidget(self._pictures)
        left.addStretch(1)
        row.addLayout(left)
        ticks = QVBoxLayout()
        ticks.setSpacing(2)
        ticks.addWidget(self._captions)
        ticks.addWidget(self._slate)
        said = "On temp frames slate and band cannot be turned off."
        ticks.addWidget(Label(theme, said, "caption", "text3"))
        ticks.addStretch(1)
        row.addLayout(ticks, 1)
        return whole

    def _combo(self, name: str, word: str, items: list[str]) -> Combo:
        combo = Combo(self._theme, name, height_px=_COMBO_PX)
        combo.setObjectName(f"export_{word}")
        combo.addItems(items)
        return combo

    def _tick(self, words: str, name: str, *, on: bool) -> CheckBox:
        tick = CheckBox(self._theme, words)
        tick.setObjectName(f"export_{name}")
        tick.setChecked(on)
        tick.toggled.connect(lambda _on: self._redraw())
        return tick


def _under(theme: Theme, title: str, widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(Label(theme, title, "captionMedium", "text2"))
    column.addWidget(widget)
    return column
