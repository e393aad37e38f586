"""Keep an exception inside one of Qt's virtual functions from ending the process.

Qt calls these from C++, where a Python exception has nowhere to go: on Python 3.11 PySide 6.11 ends with a
segmentation fault (`PepException_GetArgs`). A guarded function reports through `sys.excepthook`, so the error
dialog and the tests see it, and gives Qt a value it can live with.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any, Final, ParamSpec, TypeVar

from PySide6.QtCore import QObject

P = ParamSpec("P")
T = TypeVar("T")

_GUARDED: Final = "_guarded"
#: Classes of ours; those of libraries look after themselves.
_OURS: Final = "studio_assist."


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

        setattr(call, _GUARDED, True)
        return call

    return decorate


def guard_overrides() -> int:
    """Guard every override of a Qt method in every class of ours that is loaded; how many were new.

    Called once, before the first widget is made: no class has to remember it. A failed event handler is left
    at what it did; a failed question is answered by Qt's own implementation, where there is one.
    """
    return sum(_guard_class(kind) for kind in _classes())


def unguarded() -> list[str]:
    """Overrides that an exception could leave through; for the test that there are none."""
    return [
        f"{kind.__name__}.{name}"
        for kind in _classes()
        for name, function in _overrides(kind)
        if not getattr(function, _GUARDED, False)
    ]


def _classes() -> Iterator[type[QObject]]:
    seen: set[type[QObject]] = set()
    waiting: list[type[QObject]] = [QObject]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind not in seen:
                seen.add(kind)
                waiting.append(kind)
                if kind.__module__.startswith(_OURS):
                    yield kind


def _overrides(kind: type[QObject]) -> Iterator[tuple[str, FunctionType]]:
    qt = [base for base in kind.__mro__[1:] if base.__module__.startswith("PySide6.")]
    for name, function in list(vars(kind).items()):
        # What stands in Python's own object is no method of Qt's.
        if (
            isinstance(function, FunctionType)
            and any(name in vars(base) for base in qt)
            and name != "__init__"
        ):
            yield name, function


def _guard_class(kind: type[QObject]) -> int:
    count = 0
    for name, function in _overrides(kind):
        if not getattr(function, _GUARDED, False):
            setattr(kind, name, _watched(kind, name, function))
            count += 1
    return count


def _watched(kind: type[QObject], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(self: QObject, *args: Any, **kwargs: Any) -> Any:
        try:
            return function(self, *args, **kwargs)
        except Exception as error:  # noqa: BLE001  Whatever it is, it must not reach C++.
            sys.excepthook(type(error), error, error.__traceback__)
            if name.endswith("Event"):
                return None
            try:
                return getattr(super(kind, self), name)(*args, **kwargs)
            except Exception:  # noqa: BLE001  Qt has no answer of its own either; the first error was told.
                return None

    setattr(call, _GUARDED, True)
    return call
