"""Python's garbage collection while long work runs in the broker.

A collection of everything holds Python's lock from its beginning to its end, in whatever thread it falls due:
with a script's trees there, for two tenths of a second in which the loop hears nobody.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

#: Collections of younger objects between two of everything, meanwhile: a few million new objects.
_SELDOM: Final = 500


class _Seldom:
    """How many pieces of long work run, and what the thresholds were before the first."""

    def __init__(self) -> None:
        self.works = 0
        self.before = gc.get_threshold()


_seldom: Final = _Seldom()


@contextmanager
def seldom_collected() -> Generator[None]:
    """Young objects are collected as ever, all of them only where millions are new. In the loop's thread.

    Not by `gc.freeze`, of which nothing but all can be taken back: also what was frozen at the start.
    """
    if not _seldom.works:
        _seldom.before = gc.get_threshold()
        gc.set_threshold(*_seldom.before[:2], _SELDOM)
    _seldom.works += 1
    try:
        yield
    finally:
        _seldom.works -= 1
        if not _seldom.works:
            gc.set_threshold(*_seldom.before)
