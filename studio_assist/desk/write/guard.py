"""Keep an exception inside one of Qt's virtual functions from ending the process.

Qt calls these from C++, where a Python exception has nowhere to go: PySide aborts. A guarded function reports
through `sys.excepthook`, so the error dialog and the tests see it, and gives Qt a value it can live with.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def guarded(safe: Callable[[], T]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Decorate an override of a Qt virtual; `safe` makes the value for when it failed."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return function(*args, **kwargs)
            except Exception as error:  # noqa: BLE001  Whatever it is, it must not reach C++.
                sys.excepthook(type(error), error, error.__traceback__)
                return safe()

        return call

    return decorate
