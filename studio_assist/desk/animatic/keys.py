"""Which key does what on the animatic's page."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from studio_assist.desk.kit.acts import NONE, SHIFT, Acts, act_in

_KEY = Qt.Key

_ACTS: Final[Acts] = {
    (NONE, _KEY.Key_Space): "toggle",
    (NONE, _KEY.Key_J): "shuttle:-1",
    (NONE, _KEY.Key_K): "hold",
    (NONE, _KEY.Key_L): "shuttle:1",
    (SHIFT, _KEY.Key_L): "loop",
    (NONE, _KEY.Key_Comma): "step:-1",
    (NONE, _KEY.Key_Period): "step:1",
    (SHIFT, _KEY.Key_Comma): "second:-1",
    (SHIFT, _KEY.Key_Period): "second:1",
    # What Shift makes of comma and period: on an English keyboard, and on most others of Europe.
    (SHIFT, _KEY.Key_Less): "second:-1",
    (SHIFT, _KEY.Key_Greater): "second:1",
    (SHIFT, _KEY.Key_Semicolon): "second:-1",
    (SHIFT, _KEY.Key_Colon): "second:1",
    (NONE, _KEY.Key_Home): "end:-1",
    (NONE, _KEY.Key_End): "end:1",
    (NONE, _KEY.Key_Up): "cut:-1",
    (NONE, _KEY.Key_Down): "cut:1",
    (NONE, _KEY.Key_F): "full-screen",
    (NONE, _KEY.Key_M): "mute",
    (NONE, _KEY.Key_Escape): "back",
}
#: A key that is held down asks for these again and again.
_AGAIN: Final = ("step", "second", "cut")


def act_of(event: QKeyEvent) -> str:
    """What a key asks for, as `what` or `what:way`; "" where it is none of the animatic's."""
    return act_in(_ACTS, event)


def repeats(act: str) -> bool:
    """Whether holding its key down asks for it again."""
    return act.partition(":")[0] in _AGAIN
