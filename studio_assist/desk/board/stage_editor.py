"""The stage section: the plan, what the chosen figure does and looks like, and asking for the frame."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final, get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.board.form_parts import FormCombo, Labelled
from studio_assist.desk.board.people_rows import AddField
from studio_assist.desk.board.plan_paint import Chosen
from studio_assist.desk.board.stage_hand import HELP
from studio_assist.desk.board.stage_model import StageModel
from studio_assist.desk.board.stage_plan import StagePlan
from studio_assist.desk.kit import Button, Label
from studio_assist.desk.theme import Theme
from studio_assist.domain.staging import (
    PIECES,
    Clothes,
    Daytime,
    Figure,
    Gesture,
    Hair,
    Hat,
    Mood,
    Pose,
    Weather,
)

#: Names of what can be chosen for a figure: the field, its label, its words.
_DOES: Final[tuple[tuple[str, str, type[StrEnum]], ...]] = (
    ("pose", "Pose", Pose),
    ("gesture", "Gesture", Gesture),
    ("mood", "Mood", Mood),
)
_LOOKS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("hair", "Hair", get_args(Hair)),
    ("hat", "Headgear", get_args(Hat)),
    ("clothes", "Clothes", get_args(Clothes)),
)
_LIGHTS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("time", "Time of day", get_args(Daytime)),
    ("weather", "Weather", get_args(Weather)),
)
_MOST: Final = 4


class StageEditor(QWidget):
    """What an artist sets on the stage, but for the camera, which is moved on the preview.

    Signals:
        ask_wanted: how many drawings of this stage.
    """

    ask_wanted = Signal(int)

    def __init__(self, theme: Theme, model: StageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._model: Final = model
        self.setObjectName("stage_editor")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.plan: Final = StagePlan(theme, model)
        self.plan.chosen.connect(self._show_chosen)
        self.combos: Final[dict[str, FormCombo]] = {}
        self._build()
        model.moved.connect(self._moved)
        self._show_chosen(Chosen())

    # methods

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return [
            self.plan,
            *self.combos.values(),
            self.remove_button,
            self.add_figure,
            self.add_piece,
            self.reset_button,
            self.count_combo,
            self.ask_button,
        ]

    # slots

    def _moved(self, _rough: bool) -> None:
        self._show_chosen(self.plan.thing)

    def _show_chosen(self, thing: Chosen) -> None:
        staging = self._model.staging
        figure = staging.figures[thing.at] if thing.kind == "figure" else None
        self._figure_box.setVisible(figure is not None)
        self.remove_button.setVisible(thing.kind in ("figure", "piece"))
        match thing.kind:
            case "figure" if figure is not None:
                said = figure.name
                for field, _name, _words in _DOES:
                    self.combos[field].choose(str(getattr(figure, field)))
                for field, _name, _words in _LOOKS:
                    self.combos[field].choose(str(getattr(figure.look, field)))
            case "piece":
                said = staging.pieces[thing.at].kind.capitalize()
            case "camera" | "aim":
                said = f"Camera, {round(staging.camera.lens_mm)}mm"
            case _:
                said = "Press a figure, a piece or the camera"
        self._said.set_text(said)
        for field, _name, _words in _LIGHTS:
            self.combos[field].choose(str(getattr(staging.light, field)))
        by_hand = self._model.by_hand
        self._hand_said.set_text(
            "Set by hand; the fields no longer move it" if by_hand else "As the rules set it"
        )
        self.reset_button.setEnabled(by_hand)

    def _do(self, field: str, value: str) -> None:
        figure = self._figure()
        if figure is not None:
            kind = next(one for name, _label, one in _DOES if name == field)
            self._put(figure.model_copy(update={field: kind(value)}))

    def _wear(self, field: str, value: str) -> None:
        figure = self._figure()
        if figure is not None:
            self._put(figure.model_copy(update={"look": figure.look.model_copy(update={field: value})}))

    def _light(self, field: str, value: str) -> None:
        staging = self._model.staging
        light = staging.light.model_copy(update={field: value})
        self._model.change(staging.model_copy(update={"light": light}), "Light the stage")

    def _add_figure(self, words: str) -> None:
        self._model.add_figure(" ".join(words.split()).upper())
        self.plan.choose(Chosen("figure", len(self._model.staging.figures) - 1))

    def _add_piece(self, words: str) -> None:
        self._model.add_piece(" ".join(words.split()).lower())
        self.plan.choose(Chosen("piece", len(self._model.staging.pieces) - 1))

    def _remove(self) -> None:
        self._model.remove(self.plan.thing.kind, self.plan.thing.at)

    # internals

    def _figure(self) -> Figure | None:
        thing, figures = self.plan.thing, self._model.staging.figures
        return figures[thing.at] if thing.kind == "figure" and thing.at < len(figures) else None

    def _put(self, figure: Figure) -> None:
        self._model.put_figure(self.plan.thing.at, figure)

    def _build(self) -> None:
        theme = self._theme
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 2, 12, 14)
        column.setSpacing(8)
        column.addWidget(Label(theme, HELP, "meta", "text3", wrap=True))
        column.addWidget(self.plan)
        head = QHBoxLayout()
        self._said = Label(theme, "", "captionMedium", "text")
        self.remove_button = Button(theme, "Remove", icon="cross", height_px=26, role="captionMedium")
        self.remove_button.setObjectName("remove_thing_button")
        self.remove_button.clicked.connect(self._remove)
        head.addWidget(self._said, 1)
        head.addWidget(self.remove_button)
        self._said.setMinimumHeight(26)
        column.addLayout(head)
        self._figure_box = QWidget()
        grid = QGridLayout(self._figure_box)
        grid.setContentsMargins(0, 0, 0, 0)
        for at, (field, name, words) in enumerate(_DOES):
            self._combo(field, name, [one.value for one in words], self._do)
            grid.addWidget(Labelled(theme, name, self.combos[field]), 0, at)
        for at, (field, name, words) in enumerate(_LOOKS):
            self._combo(field, name, words, self._wear)
            grid.addWidget(Labelled(theme, name, self.combos[field]), 1, at)
        column.addWidget(self._figure_box)
        lights = QGridLayout()
        for at, (field, name, words) in enumerate(_LIGHTS):
            self._combo(field, name, words, self._light)
            lights.addWidget(Labelled(theme, name, self.combos[field]), 0, at)
        self.add_figure = AddField(theme, "Add a figure")
        self.add_figure.added.connect(self._add_figure)
        self.add_piece = AddField(theme, "Add a piece")
        self.add_piece.offer(PIECES)
        self.add_piece.added.connect(self._add_piece)
        lights.addWidget(self.add_figure, 1, 0)
        lights.addWidget(self.add_piece, 1, 1)
        for one in (grid, lights):
            one.setHorizontalSpacing(8)
            one.setVerticalSpacing(8)
            for side in range(one.columnCount()):
                one.setColumnStretch(side, 1)
        column.addLayout(lights)
        self._build_foot(column)

    def _build_foot(self, column: QVBoxLayout) -> None:
        theme = self._theme
        self._hand_said = Label(theme, "", "caption", "text3", wrap=True)
        self.reset_button = Button(theme, "Reset to rules", icon="undo", height_px=26, role="captionMedium")
        self.reset_button.setObjectName("reset_stage_button")
        self.reset_button.clicked.connect(self._model.reset)
        reset = QHBoxLayout()
        reset.setSpacing(8)
        reset.addWidget(self._hand_said, 1)
        reset.addWidget(self.reset_button)
        column.addLayout(reset)
        self.count_combo = FormCombo(theme, "How many")
        self.count_combo.setObjectName("stage_count_combo")
        for count in range(1, _MOST + 1):
            self.count_combo.addItem(f"{count} {'variant' if count == 1 else 'variants'}", count)
        self.ask_button = Button(theme, "Ask for this frame", name="Ask for this frame as a drawing")
        self.ask_button.setObjectName("ask_frame_button")
        self.ask_button.clicked.connect(self._ask)
        ask = QHBoxLayout()
        ask.setSpacing(8)
        ask.addWidget(self.count_combo, 1)
        ask.addWidget(self.ask_button)
        column.addLayout(ask)

    def _ask(self) -> None:
        self._model.end()
        self.ask_wanted.emit(self.count_combo.currentIndex() + 1)

    def _combo(self, field: str, name: str, words: Sequence[str], does: Any) -> None:
        combo = FormCombo(self._theme, name)
        combo.setObjectName(f"stage_{field}_combo")
        combo.fill([(one.replace("-", " ").capitalize(), one, "") for one in words])
        combo.activated.connect(lambda _at, field=field, combo=combo: does(field, str(combo.currentData())))
        self.combos[field] = combo
