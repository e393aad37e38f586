"""The camera moved by mouse and keys on the preview, while the stage is open."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from studio_assist.blockout import moves
from studio_assist.desk.board.stage_model import StageModel
from studio_assist.domain.staging import Camera

#: Degrees for a px of dragging.
_ORBIT_DEG: Final = 0.45
_TURN_DEG: Final = 0.12
#: The share of the distance that a step of the wheel goes, and that a px of moving does.
_DOLLY_SHARE: Final = 0.1
_MOVE_SHARE: Final = 0.0035
#: A step of the wheel, in the eighths of a degree that Qt counts.
_STEP: Final = 120
#: What a lens is multiplied by at a step.
_LENS_STEP: Final = 1.08
#: A key stroke is as much as so many px of dragging.
_KEY_PX: Final = 12.0

_ARROWS: Final = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}
HELP: Final = (
    "Drag orbits, Shift drag moves, Ctrl drag turns, the wheel dollies, Alt wheel changes the lens. "
    "Arrow keys do the same; + and - dolly."
)


class StageHand:
    """Turns what a person does over the preview into moves of the camera. One gesture is one edit."""

    def __init__(self, model: StageModel) -> None:
        self._model: Final = model
        self._from: QPointF | None = None

    # methods

    def pressed(self, event: QMouseEvent) -> bool:
        """A drag begins."""
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._from = event.position()
        return True

    def dragged(self, event: QMouseEvent) -> bool:
        """Go as far as the mouse went."""
        if self._from is None:
            return False
        gone = event.position() - self._from
        self._from = event.position()
        camera = self._moved(gone.x(), gone.y(), event.modifiers())
        self._model.aim(camera, gesture=True)
        return True

    def let_go(self, event: QMouseEvent) -> bool:
        """The drag ended."""
        if self._from is None:
            return False
        self._from = None
        self._model.end()
        return True

    def wheeled(self, event: QWheelEvent) -> bool:
        """Dolly, or change the lens with Alt. Qt turns the wheel to the side while Alt is held."""
        delta = event.angleDelta().y() or event.angleDelta().x()
        if not delta:
            return False
        lens = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self._model.aim(self._nearer(delta / _STEP, lens=lens), later=True)
        return True

    def key(self, event: QKeyEvent) -> bool:
        """Arrows, plus and minus, with the same modifiers as the mouse."""
        key = Qt.Key(event.key())
        lens = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if key in _ARROWS:
            across, down = _ARROWS[key]
            # A key says where the camera goes.
            self._model.aim(self._moved(-across * _KEY_PX, -down * _KEY_PX, event.modifiers()), later=True)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._model.aim(self._nearer(1.0, lens=lens), later=True)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self._model.aim(self._nearer(-1.0, lens=lens), later=True)
        else:
            return False
        return True

    # internals

    def _moved(self, across: float, down: float, held: Qt.KeyboardModifier) -> Camera:
        # The set follows the hand: the camera goes the other way.
        camera = self._model.staging.camera
        if held & Qt.KeyboardModifier.ShiftModifier:
            share = moves.reach(camera) * _MOVE_SHARE
            return moves.moved(camera, -across * share, down * share)
        if held & Qt.KeyboardModifier.ControlModifier:
            return moves.turned(camera, -across * _TURN_DEG, down * _TURN_DEG)
        return moves.orbit(camera, -across * _ORBIT_DEG, down * _ORBIT_DEG)

    def _nearer(self, steps: float, *, lens: bool) -> Camera:
        camera = self._model.staging.camera
        if lens:
            wanted = min(600.0, max(8.0, camera.lens_mm * _LENS_STEP**steps))
            return moves.with_lens(camera, wanted, keep=moves.reach(camera))
        return moves.dollied(camera, moves.reach(camera) * (1 - (1 - _DOLLY_SHARE) ** steps))
