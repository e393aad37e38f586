"""A file that can be stopped while a library reads or writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, TypeVar

_T = TypeVar("_T")


class Watched:
    """A file that asks, whenever it is read or written, whether to go on."""

    def __init__(self, file: BinaryIO, watch: Callable[[], None]) -> None:
        self._file = file
        self._watch = watch
        self.raised: Exception | None = None
        self.seek, self.tell, self.flush = file.seek, file.tell, file.flush

    def read(self, length: int = -1) -> bytes:
        self._look()
        return self._try(lambda: self._file.read(length))

    def write(self, data: bytes) -> int:
        self._look()
        return self._try(lambda: self._file.write(data))

    def _look(self) -> None:
        self._try(self._watch)

    def _try(self, work: Callable[[], _T]) -> _T:
        try:
            return work()
        except Exception as error:
            # The library turns any into one without words; it is raised again behind it.
            self.raised = error
            raise
