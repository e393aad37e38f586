"""A value that a thread is to bring, once, and not too late."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Settled once: by what the thread brings in time, or by what is made instead.

    It can be waited for in a thread and in any event loop. What comes too late is ignored, so that what was
    told once stays true.

    Args:
        late: makes the value when the time is over.
        limit_s: how long the thread has, from now on.
    """

    def __init__(self, late: Callable[[], T], limit_s: float) -> None:
        self._late: Final = late
        self._end: Final = time.monotonic() + limit_s
        self._turn: Final = threading.Lock()
        self._settled: Final = threading.Event()
        self._values: Final[list[T]] = []
        self._waiting: Final[set[Callable[[], object]]] = set()

    # methods

    def settle(self, value: T) -> None:
        """Bring the value. After the end of the time, or a second time, nothing happens."""
        if not self.is_late():
            self._keep(lambda: value)

    def peek(self) -> T | None:
        """The value, where it is settled."""
        return self._values[0] if self._values else None

    def is_late(self) -> bool:
        """Whether what is brought now would be ignored."""
        return self._settled.is_set() or time.monotonic() >= self._end

    def wait(self) -> T:
        """The value; waits here, to the end of the time at most."""
        self._settled.wait(max(0.0, self._end - time.monotonic()))
        return self._value()

    async def result(self) -> T:
        """The value; lets the loop go on meanwhile. At once where it is settled."""
        if not self._settled.is_set():
            loop = asyncio.get_running_loop()
            here = asyncio.Event()

            def wake() -> None:
                # A loop that has ended waits for nothing.
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(here.set)

            with self._turn:
                if self._settled.is_set():
                    here.set()
                self._waiting.add(wake)
            try:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(max(0.0, self._end - time.monotonic())):
                        await here.wait()
            finally:
                self._waiting.discard(wake)
        return self._value()

    # internals

    def _value(self) -> T:
        if not self._settled.is_set():
            self._keep(self._late)
        return self._values[0]

    def _keep(self, make: Callable[[], T]) -> None:
        with self._turn:
            if self._settled.is_set():
                return
            self._values.append(make())
            self._settled.set()
            waiting = list(self._waiting)
        for wake in waiting:
            wake()
