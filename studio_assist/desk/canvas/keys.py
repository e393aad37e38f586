"""Which key does what on the canvas."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from studio_assist.desk.kit.acts import ALT, CTRL, NONE, SHIFT, Acts, act_in

_KEY = Qt.Key

_ACTS: Final[Acts] = {
    (NONE, _KEY.Key_B): "tool:pen",
    (NONE, _KEY.Key_X): "tool:eraser",
    (NONE, _KEY.Key_V): "tool:move",
    (NONE, _KEY.Key_M): "tool:select",
    (NONE, _KEY.Key_C): "tool:pick",
    (NONE, _KEY.Key_O): "onion",
    (NONE, _KEY.Key_BracketLeft): "smaller",
    (NONE, _KEY.Key_BracketRight): "larger",
    (NONE, _KEY.Key_0): "zoom:fit",
    (NONE, _KEY.Key_1): "zoom:full",
    (NONE, _KEY.Key_Plus): "zoom:in",
    (SHIFT, _KEY.Key_Plus): "zoom:in",
    (NONE, _KEY.Key_Minus): "zoom:out",
    (CTRL, _KEY.Key_Z): "undo",
    (CTRL | SHIFT, _KEY.Key_Z): "redo",
    (CTRL, _KEY.Key_Y): "redo",
    (CTRL, _KEY.Key_C): "select:copy",
    (CTRL, _KEY.Key_X): "select:cut",
    (CTRL, _KEY.Key_V): "select:paste",
    (CTRL, _KEY.Key_A): "select:all",
    (CTRL | SHIFT, _KEY.Key_A): "select:none",
    (NONE, _KEY.Key_Delete): "select:delete",
    (NONE, _KEY.Key_Backspace): "select:delete",
    (ALT, _KEY.Key_Left): "go:-1",
    (ALT, _KEY.Key_Right): "go:1",
    (CTRL | SHIFT, _KEY.Key_Return): "replace",
    (CTRL | SHIFT, _KEY.Key_Enter): "replace",
    (NONE, _KEY.Key_Space): "hand",
    (NONE, _KEY.Key_Escape): "back",
}


def act_of(event: QKeyEvent) -> str:
    """What a key asks for, as `what` or `what:how`; "" where it is none of the canvas's."""
    return act_in(_ACTS, event)
