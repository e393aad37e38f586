"""F6 walks the regions of the screen and returns to where one was in each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget


class Regions(QObject):
    """The regions in their order, and the last focus in each."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._regions: list[QWidget] = []
        self._last: dict[int, QWidget] = {}

    # methods

    def set(self, regions: Sequence[QWidget]) -> None:
        """The regions of this screen, in reading order."""
        self._regions = list(regions)
        self._last.clear()

    def walk(self, step: int) -> QWidget | None:
        """Go `step` regions on (-1: back), past those where nothing can take the focus.

        Returns:
            the widget that has the focus now, or None where no region has any.
        """
        focus = QApplication.focusWidget()
        at = next((n for n, region in enumerate(self._regions) if _within(region, focus)), None)
        if at is not None and focus is not None:
            self._last[at] = focus
        count = len(self._regions)
        start = at if at is not None else (-1 if step > 0 else 0)
        for hop in range(1, count + 1):
            there = (start + hop * step) % count
            target = self._target(there)
            if target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                return target
        return None

    # internals

    def _target(self, at: int) -> QWidget | None:
        region = self._regions[at]
        if not region.isVisible():
            return None
        last = self._last.get(at)
        if last is not None and _within(region, last) and _takes_focus(last):
            return last
        if _takes_focus(region):
            return region
        one: QWidget | None = region.nextInFocusChain()
        while one is not None and one is not region:
            if region.isAncestorOf(one) and _takes_focus(one):
                return one
            one = one.nextInFocusChain()
        return None


def _within(region: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (widget is region or region.isAncestorOf(widget))


def _takes_focus(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
