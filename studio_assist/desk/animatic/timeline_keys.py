"""Which key does what on the timeline. Those that play are the page's, in `keys`; none is in both."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from studio_assist.desk.kit.acts import ALT, CTRL, NONE, SHIFT, Acts, act_in

_KEY = Qt.Key

ACTS: Final[Acts] = {
    (NONE, _KEY.Key_T): "trim-mode",
    (NONE, _KEY.Key_D): "duration",
    (NONE, _KEY.Key_N): "snap",
    (NONE, _KEY.Key_S): "split",
    (NONE, _KEY.Key_Delete): "delete",
    (NONE, _KEY.Key_Backspace): "delete",
    (NONE, _KEY.Key_BracketLeft): "trim:-1",
    (NONE, _KEY.Key_BracketRight): "trim:1",
    (SHIFT, _KEY.Key_BracketLeft): "trim:-10",
    (SHIFT, _KEY.Key_BracketRight): "trim:10",
    # What Shift makes of the brackets on an English keyboard.
    (SHIFT, _KEY.Key_BraceLeft): "trim:-10",
    (SHIFT, _KEY.Key_BraceRight): "trim:10",
    (ALT, _KEY.Key_BracketLeft): "roll:-1",
    (ALT, _KEY.Key_BracketRight): "roll:1",
    (ALT | SHIFT, _KEY.Key_BracketLeft): "roll:-10",
    (ALT | SHIFT, _KEY.Key_BracketRight): "roll:10",
    (ALT | SHIFT, _KEY.Key_BraceLeft): "roll:-10",
    (ALT | SHIFT, _KEY.Key_BraceRight): "roll:10",
    (CTRL, _KEY.Key_Up): "gain:1",
    (CTRL, _KEY.Key_Down): "gain:-1",
    (ALT, _KEY.Key_Left): "nudge:-1",
    (ALT, _KEY.Key_Right): "nudge:1",
    (ALT | SHIFT, _KEY.Key_Left): "nudge:-10",
    (ALT | SHIFT, _KEY.Key_Right): "nudge:10",
    (ALT, _KEY.Key_Up): "lane:-1",
    (ALT, _KEY.Key_Down): "lane:1",
    (NONE, _KEY.Key_Left): "walk:-1",
    (NONE, _KEY.Key_Right): "walk:1",
    (NONE, _KEY.Key_PageUp): "walk-lane:-1",
    (NONE, _KEY.Key_PageDown): "walk-lane:1",
    (NONE, _KEY.Key_Plus): "zoom:1",
    (SHIFT, _KEY.Key_Plus): "zoom:1",
    # Plus without Shift, where it has none of its own.
    (NONE, _KEY.Key_Equal): "zoom:1",
    (NONE, _KEY.Key_Minus): "zoom:-1",
    (NONE, _KEY.Key_0): "zoom:0",
    (NONE, _KEY.Key_Menu): "menu",
    (SHIFT, _KEY.Key_F10): "menu",
}


def act_of(event: QKeyEvent) -> str:
    """What a key asks for, as `what` or `what:way`; "" where it is none of the timeline's."""
    return act_in(ACTS, event)
