"""Keys and what they ask for on a page: one table a page, looked up in one way."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

#: What is asked for, as `what` or `what:how`, by modifiers and key.
Acts = dict[tuple[Qt.KeyboardModifier, Qt.Key], str]

NONE: Final = Qt.KeyboardModifier.NoModifier
CTRL: Final = Qt.KeyboardModifier.ControlModifier
SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
ALT: Final = Qt.KeyboardModifier.AltModifier


def act_in(acts: Acts, event: QKeyEvent) -> str:
    """What a key asks for; "" where it is none of this page's."""
    # The number pad and the arrows say that they are so; it changes nothing here.
    keys = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    try:
        return acts.get((keys, Qt.Key(event.key())), "")
    except ValueError:
        return ""
