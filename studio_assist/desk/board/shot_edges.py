"""The inspector's head, which names the shot, and its foot, which says what made the picture."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_assist.desk.board.panel_story import origin_of, references_words, story_of
from studio_assist.desk.kit import ElidedLabel, IconLabel, Label, Panel, TempTag
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import Shot, Variant

#: What is said of the live drawing of the stage.
STAGE_WORDS: Final = "Previs drawing, not AI · not kept until it is asked for"
_HEAD_PX: Final = 40
_FOOT_PX: Final = 34


class ShotHead(Panel):
    """Number, title and the TEMP tag: dashed while undecided, solid once accepted, none on a person's own."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface1", "b", parent)
        self._number: Final = Label(theme, "", "strong", "text")
        self._number.setObjectName("shot_number")
        self._title: Final = ElidedLabel(theme, "", "body", "text2")
        self.tag: Final = TempTag(theme, solid=False)
        self.setFixedHeight(_HEAD_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(13, 0, 12, 1)
        row.setSpacing(8)
        row.addWidget(self._number)
        row.addWidget(self._title, 1)
        row.addWidget(self.tag)

    # methods

    def show_shot(self, shot: Shot | None, variant: Variant | None) -> None:
        """Name a shot; `variant` is the one that is shown large, if one is."""
        self._number.set_text(shot.number if shot is not None else "")
        self._title.set_text(shot.title if shot is not None else "")
        temp = shot is not None and variant is None and shot.panel.state == "temp"
        self.tag.setVisible(shot is not None and (variant is not None or temp))
        self.tag.set_solid(temp)


class ShotFoot(Panel):
    """What made the picture that is shown, with its seed and how many references went along."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface1", "t", parent)
        self._icon: Final = IconLabel(theme, "chip", "text3", 14)
        self._made: Final = ElidedLabel(theme, "", "meta", "text3")
        self._made.setObjectName("made_by")
        self.setFixedHeight(_FOOT_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 1, 12, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._made, 1)

    # methods

    def show_stage(self) -> None:
        """Say it of the live drawing of the stage."""
        self._made.set_text(STAGE_WORDS)
        self._icon.set_icon("chip", "text3")

    def show_shot(self, shot: Shot | None, variant: Variant | None) -> None:
        """Say it of the variant that is shown large, or of what stands in the panel."""
        self.setVisible(shot is not None)
        if shot is None:
            return
        drawn = variant is None and shot.panel.state == "drawn"
        if variant is not None:
            said = f"{origin_of(variant.made_by, variant.seed)} · {references_words(variant.references)}"
        elif drawn:
            said = story_of(shot.panel)
        else:
            said = origin_of(shot.panel.made_by, shot.panel.seed)
        self._made.set_text(said or "Nothing stands in this panel yet")
        self._icon.set_icon("brush" if drawn else "chip", "text3")
