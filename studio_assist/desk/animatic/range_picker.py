"""Which scenes are played, and at which frame rate: what opens under the words of the head that say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from studio_assist.desk.kit import Button, Combo, Dropdown, Label
from studio_assist.desk.theme import Theme
from studio_assist.domain.timebase import RATES, FrameRate

_COMBO_PX: Final = 280


class RangePicker(Dropdown):
    """First and last scene. What is chosen plays at once; the card stays, so that both can be chosen.

    Signals:
        chosen: the numbers of the scenes; none of them for all.

    Args:
        scenes: number and heading of each that has shots, as they follow each other on the board.
        shown: the numbers that are played now; none for all.
    """

    chosen = Signal(tuple)

    def __init__(
        self, theme: Theme, window: QWidget, scenes: Sequence[tuple[str, str]], shown: Sequence[str]
    ) -> None:
        super().__init__(theme, window, name="Scenes to play")
        self.setObjectName("animatic_scenes")
        self._numbers: Final = [number for number, _heading in scenes]
        self._first: Final = Combo(theme, "From scene", height_px=30, width_px=_COMBO_PX)
        self._last: Final = Combo(theme, "To scene", height_px=30, width_px=_COMBO_PX)
        places = [self._numbers.index(number) for number in shown if number in self._numbers]
        ends = (min(places), max(places)) if places else (0, len(scenes) - 1)
        for combo, title, name, at in (
            (self._first, "From scene", "animatic_from", ends[0]),
            (self._last, "To scene", "animatic_to", ends[1]),
        ):
            combo.setObjectName(name)
            combo.addItems([f"{number}  {heading}".strip() for number, heading in scenes])
            combo.setCurrentIndex(at)
            self.body.addWidget(Label(theme, title, "captionMedium", "text2"))
            self.body.addWidget(combo)
            combo.currentIndexChanged.connect(self._choose)
        self._all: Final = Button(theme, "All scenes", height_px=26, role="caption")
        self._all.setObjectName("animatic_all_scenes")
        self._all.clicked.connect(self._choose_all)
        self.body.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_all()

    # methods

    def open_under(self, anchor: QRect) -> None:
        """Show it under what was pressed, with the keyboard in it."""
        self.drop(anchor)
        self.show_at(anchor)
        self._first.setFocus(Qt.FocusReason.PopupFocusReason)

    # slots

    def _choose(self, _at: int) -> None:
        first, last = self._first.currentIndex(), self._last.currentIndex()
        if first > last:
            # The first is never after the last: the other one comes along.
            other = self._last if self.sender() is self._first else self._first
            other.setCurrentIndex(first if other is self._last else last)
            return
        self._show_all()
        whole = first == 0 and last == len(self._numbers) - 1
        self.chosen.emit(() if whole else tuple(self._numbers[first : last + 1]))

    def _choose_all(self) -> None:
        self._first.blockSignals(True)
        self._first.setCurrentIndex(0)
        self._first.blockSignals(False)
        self._last.blockSignals(True)
        self._last.setCurrentIndex(len(self._numbers) - 1)
        self._last.blockSignals(False)
        self._choose(0)

    def _show_all(self) -> None:
        whole = self._first.currentIndex() == 0 and self._last.currentIndex() == len(self._numbers) - 1
        if whole and self._all.hasFocus():
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._all.setEnabled(not whole)

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The lists of the two combos are windows of their own: what is pressed there is pressed in here.
        at: QObject | None = watched
        while at is not None:
            if at is self._first or at is self._last:
                return False
            at = at.parent()
        return super().eventFilter(watched, event)


def rate_menu(theme: Theme, parent: QWidget, now: FrameRate, choose: Callable[[str], None]) -> QMenu:
    """The frame rates, with the one that is on ticked."""
    menu = QMenu(parent)
    menu.setObjectName("animatic_rates")
    menu.setAccessibleName("Frame rate of the project")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for rate in RATES:
        action = menu.addAction(rate_words(rate))
        action.setCheckable(True)
        action.setChecked(rate == now)
        action.triggered.connect(lambda _checked=False, name=rate.name: choose(name))
        if rate == now:
            menu.setActiveAction(action)
    return menu


def rate_words(rate: FrameRate) -> str:
    """A rate as it is named in the window: "29.97 fps drop frame"."""
    plain = rate.name.removesuffix(" DF")
    return f"{plain} fps{' drop frame' if rate.drop else ''}"
