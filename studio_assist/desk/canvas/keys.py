"""Which key does what on the canvas."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_NONE: Final = Qt.KeyboardModifier.NoModifier
_CTRL: Final = Qt.KeyboardModifier.ControlModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_ALT: Final = Qt.KeyboardModifier.AltModifier
_KEY = Qt.Key

_ACTS: Final[dict[tuple[Qt.KeyboardModifier, Qt.Key], str]] = {
    (_NONE, _KEY.Key_B): "tool:pen",
    (_NONE, _KEY.Key_X): "tool:eraser",
    (_NONE, _KEY.Key_V): "tool:move",
    (_NONE, _KEY.Key_M): "tool:select",
    (_NONE, _KEY.Key_C): "tool:pick",
    (_NONE, _KEY.Key_O): "onion",
    (_NONE, _KEY.Key_BracketLeft): "smaller",
    (_NONE, _KEY.Key_BracketRight): "larger",
    (_NONE, _KEY.Key_0): "zoom:fit",
    (_NONE, _KEY.Key_1): "zoom:full",
    (_NONE, _KEY.Key_Plus): "zoom:in",
    (_SHIFT, _KEY.Key_Plus): "zoom:in",
    (_NONE, _KEY.Key_Minus): "zoom:out",
    (_CTRL, _KEY.Key_Z): "undo",
    (_CTRL | _SHIFT, _KEY.Key_Z): "redo",
    (_CTRL, _KEY.Key_Y): "redo",
    (_CTRL, _KEY.Key_C): "select:copy",
    (_CTRL, _KEY.Key_X): "select:cut",
    (_CTRL, _KEY.Key_V): "select:paste",
    (_CTRL, _KEY.Key_A): "select:all",
    (_CTRL | _SHIFT, _KEY.Key_A): "select:none",
    (_NONE, _KEY.Key_Delete): "select:delete",
    (_NONE, _KEY.Key_Backspace): "select:delete",
    (_ALT, _KEY.Key_Left): "go:-1",
    (_ALT, _KEY.Key_Right): "go:1",
    (_CTRL | _SHIFT, _KEY.Key_Return): "replace",
    (_CTRL | _SHIFT, _KEY.Key_Enter): "replace",
    (_NONE, _KEY.Key_Space): "hand",
    (_NONE, _KEY.Key_Escape): "back",
}


def act_of(event: QKeyEvent) -> str:
    """What a key asks for, as `what` or `what:how`; "" where it is none of the canvas's."""
    # The number pad and the arrows say that they are so; it changes nothing here.
    keys = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier)
    try:
        return _ACTS.get((keys, Qt.Key(event.key())), "")
    except ValueError:
        return ""
