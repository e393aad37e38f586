"""The three columns of a desk, with sides that keep their width."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QSplitter, QWidget

SIDE_MIN_PX: Final = 200
SIDE_MAX_PX: Final = 420


class DeskSplitter(QSplitter):
    """Left, centre and right of a desk. The sides are 200 to 420 px wide and remembered for each desk.

    Args:
        desk: id of the desk, part of the settings' key.
        left, right: None where the desk has no such side.
        left_px, right_px: widths of a first start.
    """

    def __init__(
        self,
        settings: QSettings,
        desk: str,
        left: QWidget | None,
        centre: QWidget,
        right: QWidget | None,
        *,
        left_px: int = 248,
        right_px: int = 384,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._settings: Final = settings
        self._key: Final = f"splitter/{desk}"
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        for side in (left, centre, right):
            if side is None:
                continue
            if side is not centre:
                side.setMinimumWidth(SIDE_MIN_PX)
                side.setMaximumWidth(SIDE_MAX_PX)
            self.addWidget(side)
            self.setStretchFactor(self.count() - 1, 1 if side is centre else 0)
        remembered = self._remembered()
        wanted: list[int] = []
        if left is not None:
            wanted.append(_side(remembered[0]) if remembered else left_px)
        wanted.append(4000)
        if right is not None:
            wanted.append(_side(remembered[-1]) if remembered else right_px)
        self.setSizes(wanted)
        self.splitterMoved.connect(self._remember)

    # slots

    def _remember(self) -> None:
        self._settings.setValue(self._key, ",".join(str(size) for size in self.sizes()))

    # internals

    def _remembered(self) -> list[int] | None:
        """The kept widths; None where there are none, or where they are not what we wrote."""
        kept = self._settings.value(self._key)
        parts = kept.split(",") if isinstance(kept, str) else []
        if len(parts) != self.count() or not all(part.isdigit() for part in parts):
            return None
        return [int(part) for part in parts]


def _side(width_px: int) -> int:
    return min(SIDE_MAX_PX, max(SIDE_MIN_PX, width_px))
